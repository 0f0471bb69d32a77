//! B01: a platform share above 20 % of the standard at class start.

use super::super::courses::{CARER_4_FALLING, CARER_5, COOK_4_RISING};
use super::super::places::LAIWU;
use super::{Group, H, NONE, Planter, Verdict};

const CITY: usize = 10;

pub fn plant(planter: &mut Planter) {
    let change_day = planter.planted.world.change_day;
    let start = change_day - 10;
    let mut falling = planter.open_blended(CITY, CARER_4_FALLING, 2, start);
    let standard = planter.planted.world.standard(&falling.class);
    let fifth = standard / 5;
    for (verdict, fen, status, note) in [
        (H, fifth + 1, "", "one fen over"),
        (H, fifth + 100, "", "one yuan over"),
        (H, standard / 4, "", "25 %"),
        (H, standard / 2, "", "50 %"),
        (
            H,
            standard / 4,
            "refunded",
            "25 %, refunded: nothing at risk",
        ),
        (NONE, standard / 4, "rejected", "25 %, but rejected"),
        (
            NONE,
            fifth,
            "",
            "exactly 20 % at class start; the standard fell before the claim",
        ),
        (
            NONE,
            fifth,
            "",
            "exactly 20 % at class start; the standard fell before the claim",
        ),
        (NONE, fifth - 1, "", "one fen under"),
    ] {
        share(planter, &mut falling, verdict, fen, status, note);
    }
    planter.add(falling);

    let mut rising = planter.open_blended(CITY, COOK_4_RISING, 2, start);
    let risen = COOK_4_RISING.standard_fen(CITY, change_day, change_day) / 5;
    share(
        planter,
        &mut rising,
        H,
        risen,
        "",
        "20 % of the standard that rose after class start",
    );
    let fifth = planter.planted.world.standard(&rising.class) / 5;
    share(
        planter,
        &mut rising,
        NONE,
        fifth,
        "",
        "20 % at class start; the standard rose later",
    );
    planter.add(rising);

    let mut laiwu = planter.open_blended(0, CARER_5, 0, start);
    laiwu.class.city_code = LAIWU;
    let fifth = planter.planted.world.standard(&laiwu.class) / 5;
    share(
        planter,
        &mut laiwu,
        H,
        fifth + 1,
        "",
        "one fen over, under the code of old Laiwu",
    );
    share(
        planter,
        &mut laiwu,
        NONE,
        fifth,
        "",
        "exactly 20 %, under the code of old Laiwu",
    );
    planter.add(laiwu);
}

/// A training whose platform share is `fen`; the offline share, if there is one, takes the rest of the standard.
fn share(
    planter: &mut Planter,
    group: &mut Group,
    verdict: Verdict,
    fen: i64,
    status: &'static str,
    note: &str,
) {
    let standard = planter.planted.world.standard(&group.class);
    let platform = planter.planted.world.platform(&group.class);
    let paid = platform.map(|platform| (platform.id.clone(), platform.account.clone()));
    let mut training = planter.train_newcomer(&group.class);
    for claim in training.claims.iter_mut().skip(1) {
        claim.fen = (standard - fen).min(standard / 5 * 4);
    }
    if let (Some(claim), Some((payee, account))) = (training.claims.first_mut(), paid) {
        (claim.kind, claim.fen) = ("platform_share", fen);
        (claim.payee, claim.account) = (Some(payee), account);
        claim.agreement = Some(group.class.agreement());
        let note = format!("{fen} fen of standard {standard}: {note}");
        planter.case(verdict, ("claim", &claim.id), "", note);
    }
    if !status.is_empty() {
        training.decide(status);
    }
    group.trainings.push(training);
}
