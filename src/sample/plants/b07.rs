//! B07: dates out of order, and claims too late.

use super::super::calendar::{self, DAY};
use super::super::courses::CARER_5;
use super::super::training::Training;
use super::{H, NONE, Planter, Verdict, W};

const CITY: usize = 5;
/// The training of a case from its claims on, changed.
type Change<'a> = &'a dyn Fn(&mut Training);

pub fn plant(planter: &mut Planter) {
    let mut group = planter.open_blended(CITY, CARER_5, 4, planter.window().at(29));
    let (start, end) = (group.class.start, group.class.end);
    let claimed = |training: &mut Training, day| {
        for claim in &mut training.claims {
            claim.claimed_on = day;
        }
    };
    let paid = |training: &mut Training, days: i64| {
        for claim in &mut training.claims {
            claim.paid_on = Some(claim.claimed_on + days);
        }
    };
    let certified = |day| move |training: &mut Training| training.certified_on = Some(day);
    let examined = |day: i64| {
        move |training: &mut Training| {
            if let Some(exam) = training.exams.first_mut() {
                // Late in the afternoon, when nobody studies.
                let length = exam.ended - exam.started;
                exam.started = day * DAY + 58_500;
                exam.ended = exam.started + length;
            }
        }
    };
    // The model: certificate four days after completion, claim five days later, payment eight days later.
    #[rustfmt::skip]
    let cases: [(Verdict, Change, &str, &str); 23] = [
        (H, &certified(end - 2), "", "certificate two days before completion"),
        (H, &certified(end - 10), "", "certificate ten days before completion"),
        (W, &certified(end - 1), "", "certificate on the day before completion"),
        (W, &certified(end), "", "certificate on the day of completion"),
        (W, &certified(end + 1), "", "certificate on the day after completion"),
        (NONE, &certified(end + 2), "", "certificate two days after completion"),
        (H, &|training| claimed(training, end + 3), "", "claimed on the day before the certificate"),
        (H, &|training| claimed(training, end - 5), "", "claimed before completion"),
        (NONE, &|training| claimed(training, end + 4), "", "claimed on the day of the certificate"),
        (H, &|training| paid(training, -1), "", "paid on the day before the claim"),
        (H, &|training| paid(training, -5), "", "paid on the day of the certificate, before the claim"),
        (NONE, &|training| paid(training, 0), "", "paid on the day of the claim"),
        (H, &examined(start - 1), "", "tested on the day before the class began"),
        (H, &examined(start - 12), "", "tested twelve days before the class began"),
        (NONE, &examined(start), "", "tested on the first day"),
        (H, &certified(end - 3), "refunded", "certificate three days before completion, refunded: nothing at risk"),
        (NONE, &certified(end - 3), "rejected", "certificate three days before completion, rejected"),
        (NONE, &|training| training.reissued_on = Some(end + 20), "", "certificate issued again after the claim"),
        (NONE, &|_| {}, "", "all in order"),
        (H, &|training| paid(training, -2), "allowance", "living allowance paid two days before its claim"),
        (NONE, &|training| claimed(training, end + 1), "allowance", "living allowance claimed before the certificate"),
        (H, &certified(end - 2), "", "certificate two days before completion"),
        (NONE, &certified(end + 3), "", "certificate three days after completion"),
    ];
    for (verdict, change, twist, note) in cases {
        let mut person = planter.newcomer(CITY);
        if twist == "allowance" {
            person.group = "hard_to_employ";
        }
        let mut training = planter.train(&group.class, &person, true);
        let model = training.claims.clone();
        change(&mut training);
        if matches!(twist, "refunded" | "rejected") {
            training.decide(twist);
        }
        if twist == "allowance" {
            // Nothing is wrong with the subsidy itself.
            for (claim, model) in training.claims.iter_mut().zip(model) {
                if claim.kind != "living_allowance" {
                    *claim = model;
                }
            }
        }
        cases_of(planter, &training, twist, verdict, note);
        group.trainings.push(training);
    }
    planter.add(group);
    late(planter);
}

/// Notes the claims of a training: all of them, or the living allowance alone.
fn cases_of(planter: &mut Planter, training: &Training, twist: &str, verdict: Verdict, note: &str) {
    for claim in &training.claims {
        if (claim.kind == "living_allowance") == (twist == "allowance") {
            planter.case(verdict, ("claim", &claim.id), "", note);
        }
    }
}

/// Claims around twelve months after the certificate, if the sample is long enough.
fn late(planter: &mut Planter) {
    let window = planter.window();
    let mut group = planter.open_blended(CITY, CARER_5, 4, window.at(3));
    let certified_on = group.class.end + 4;
    let (year, month, day) = calendar::civil(certified_on);
    let is_leap_day = (month, day) == (2, 29);
    let anniversary = calendar::day(year + 1, month, day - i64::from(is_leap_day));
    if anniversary + 60 > window.last {
        return;
    }
    for (verdict, claimed_on, note) in [
        (
            H,
            anniversary + 1,
            "claimed twelve months and a day after the certificate",
        ),
        (
            H,
            anniversary + 40,
            "claimed thirteen months after the certificate",
        ),
        (
            NONE,
            anniversary,
            "claimed twelve months after the certificate",
        ),
        (
            NONE,
            anniversary - 1,
            "claimed a day less than twelve months after the certificate",
        ),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        for claim in &mut training.claims {
            claim.claimed_on = claimed_on;
            claim.paid_on = Some(claimed_on + 8);
        }
        cases_of(planter, &training, "", verdict, note);
        group.trainings.push(training);
    }
    planter.add(group);
}
