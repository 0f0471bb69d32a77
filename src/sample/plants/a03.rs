//! A03: too young, older than usual, or with a living allowance of others.

use super::super::calendar::{self, Day};
use super::super::courses::NANNY_5;
use super::super::places::CITIES;
use super::super::training::Claim;
use super::{H, NONE, Planter, W};

const CITY: usize = 2;
const FEMALE: i64 = 996;
const MALE: i64 = 997;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(22);
    let mut group = planter.open_blended(CITY, NANNY_5, 1, start);
    // Years before class start, and days more.
    #[rustfmt::skip]
    let ages = [
        (H, 16, 1, MALE, "16 on the day after class start"),
        (H, 16, 1, FEMALE, "16 on the day after class start"),
        (H, 15, 0, FEMALE, "15 on the first day"),
        (H, 12, 40, MALE, "a child of eleven"),
        (NONE, 16, 0, MALE, "16 on the first day"),
        (NONE, 16, -1, FEMALE, "16 since yesterday"),
        (W, 61, 0, MALE, "a man of 61 on the first day"),
        (W, 66, 100, MALE, "a man of 65"),
        (NONE, 61, 1, MALE, "a man of 60, 61 on the day after"),
        (W, 56, 0, FEMALE, "a woman of 56 on the first day"),
        (W, 62, -5, FEMALE, "a woman of 62"),
        (NONE, 56, 1, FEMALE, "a woman of 55, 56 on the day after"),
        (NONE, 58, 0, MALE, "a man of 58"),
    ];
    for (verdict, years, days, sequence, note) in ages {
        let birth = years_before(group.class.start, years) + days;
        let person = planter.born(CITY, CITIES[CITY].divisions[0], birth, sequence);
        let training = planter.train(&group.class, &person, true);
        planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
        group.trainings.push(training);
    }
    #[rustfmt::skip]
    let groups = [
        (H, "migrant", "", "living allowance of a migrant"),
        (H, "veteran", "", "living allowance of a veteran"),
        (H, "disabled", "", "living allowance of a disabled person"),
        (H, "graduate", "refunded", "living allowance of a graduate, refunded"),
        (NONE, "unemployed", "rejected", "living allowance of an unemployed person, rejected"),
        (NONE, "registered_poor", "", "living allowance of the registered poor"),
        (NONE, "hard_to_employ", "", "living allowance of someone hard to employ"),
        (NONE, "zero_employment_family", "", "living allowance of a zero-employment family"),
        (NONE, "rural_school_leaver", "", "living allowance of a rural school leaver"),
        (NONE, "urban_allowance_leaver", "", "living allowance of an urban school leaver on allowance"),
    ];
    for (verdict, learner_group, status, note) in groups {
        let mut person = planter.newcomer(CITY);
        person.group = learner_group;
        let mut training = planter.train(&group.class, &person, true);
        let is_entitled = training
            .claims
            .iter()
            .any(|claim| claim.kind == "living_allowance");
        if let (false, Some(model)) = (is_entitled, training.claims.last().cloned()) {
            let mut claim = Claim {
                id: planter.ids(CITY).next_claim(),
                kind: "living_allowance",
                fund: "employment",
                fen: 5 * training.online,
                payee: None,
                account: person.account.clone(),
                agreement: None,
                ..model
            };
            if !status.is_empty() {
                claim.decide(status);
            }
            if verdict == H {
                let note = "allowance of a group outside the five";
                planter.collateral("B03", ("claim", &claim.id), "", note);
            }
            training.claims.push(claim);
        }
        planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
}

/// The same day so many years earlier; of a leap day, the day before it.
fn years_before(day: Day, years: i64) -> Day {
    let (year, month, day_of_month) = calendar::civil(day);
    let is_leap_day = (month, day_of_month) == (2, 29);
    calendar::day(year - years, month, day_of_month - i64::from(is_leap_day))
}
