//! B01: a platform share above 20 % of the standard at class start.

use super::super::courses::{CARER_4_FALLING, CARER_5, COOK_4_RISING};
use super::super::places::LAIWU;
use super::{Group, Planter, Scheme, Verdict};

const CITY: usize = 10;
const H: Verdict = Verdict::Planted("H");
const NONE: Verdict = Verdict::LookAlike("");

pub fn plant(planter: &mut Planter) {
    let change_day = planter.planted.world.change_day;
    let start = change_day - 10;
    let mut falling = planter.open_blended(CITY, CARER_4_FALLING, 2, start);
    let standard = planter.standard(&falling.class);
    let fifth = standard / 5;
    for (fen, status, verdict, note) in [
        (fifth + 1, "", H, "one fen over"),
        (fifth + 100, "", H, "one yuan over"),
        (standard / 4, "", H, "25 %"),
        (standard / 2, "", H, "50 %"),
        (
            standard / 4,
            "refunded",
            H,
            "25 %, refunded: nothing at risk",
        ),
        (standard / 4, "rejected", NONE, "25 %, but rejected"),
        (
            fifth,
            "",
            NONE,
            "exactly 20 % of the standard at class start; it fell before the claim",
        ),
        (
            fifth,
            "",
            NONE,
            "exactly 20 % of the standard at class start; it fell before the claim",
        ),
        (fifth - 1, "", NONE, "one fen under"),
    ] {
        share(planter, &mut falling, fen, status, verdict, note);
    }
    planter.add(falling);

    let mut rising = planter.open_blended(CITY, COOK_4_RISING, 2, start);
    let risen = COOK_4_RISING.standard_fen(CITY, change_day, change_day);
    share(
        planter,
        &mut rising,
        risen / 5,
        "",
        H,
        "20 % of the standard that rose after class start",
    );
    let before = planter.standard(&rising.class) / 5;
    share(
        planter,
        &mut rising,
        before,
        "",
        NONE,
        "20 % of the standard at class start; it rose before the claim",
    );
    planter.add(rising);

    let mut laiwu = planter.open_blended(0, CARER_5, 0, start);
    laiwu.class.city_code = LAIWU;
    let fifth = planter.standard(&laiwu.class) / 5;
    share(
        planter,
        &mut laiwu,
        fifth + 1,
        "",
        H,
        "one fen over, under the code of old Laiwu",
    );
    share(
        planter,
        &mut laiwu,
        fifth,
        "",
        NONE,
        "exactly 20 %, under the code of old Laiwu",
    );
    planter.add(laiwu);
}

/// A training whose platform share is `fen`; the offline share, if there is one, takes the rest of the standard.
fn share(
    planter: &mut Planter,
    group: &mut Group,
    fen: i64,
    status: &'static str,
    verdict: Verdict,
    note: &str,
) {
    let standard = planter.standard(&group.class);
    let platform = planter.planted.world.platform(&group.class);
    let payee = platform.map(|platform| (platform.id.clone(), platform.account.clone()));
    let mut training = planter.train_newcomer(&group.class);
    if let Some(claim) = training.claims.first_mut() {
        claim.kind = "platform_share";
        claim.fen = fen;
        if let Some((id, account)) = payee {
            (claim.payee, claim.account) = (Some(id), account);
        }
        claim.agreement = Some(format!("AG{:08}", group.class.number));
        if !status.is_empty() {
            claim.decide(status);
        }
        let note = format!("{fen} fen of standard {standard}: {note}");
        planter.case(
            Scheme::B01,
            verdict,
            ("claim", &claim.id),
            String::new(),
            note,
        );
    }
    for claim in training.claims.iter_mut().skip(1) {
        claim.fen = (standard - fen).min(standard / 5 * 4);
    }
    group.trainings.push(training);
}
