//! A04: people whom the registers of deaths, pensions, schools, payrolls, prisons or insurance exclude.

use super::super::calendar::{self, Day};
use super::super::courses::HOUSEKEEPER_5;
use super::super::training::Status;
use super::{H, NONE, Planter, Verdict};

const CITY: usize = 14;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(27);
    let mut group = planter.open_offline(CITY, HOUSEKEEPER_5, start);
    let (year, month, day) = calendar::civil(start);
    let month_start = start - (day - 1);
    let next_month = match month {
        12 => calendar::day(year + 1, 1, 1),
        _ => calendar::day(year, month + 1, 1),
    };
    let (long_ago, year_end) = (start - 700, calendar::day(year, 12, 31));
    type Case = (
        Verdict,
        &'static str,
        &'static str,
        (Day, Option<Day>),
        &'static str,
    );
    #[rustfmt::skip]
    let cases: [Case; 28] = [
        (H, "migrant", "deceased", (start, None), "died on the day the class began"),
        (H, "migrant", "deceased", (start - 300, None), "died long before the class"),
        (H, "migrant", "deceased", (start - 30, Some(start - 30)), "died before the class; the row ends on the day of death"),
        (NONE, "migrant", "deceased", (start + 40, None), "died after the class"),
        (NONE, "migrant", "deceased", (start + 1, None), "died on its second day"),
        (H, "migrant", "pension", (start, None), "pension from class start on"),
        (H, "other", "pension", (long_ago, None), "draws a pension"),
        (H, "other", "pension", (long_ago, Some(start)), "pension until the day of class start"),
        (NONE, "other", "pension", (long_ago, Some(start - 1)), "pension until the day before"),
        (NONE, "other", "pension", (start + 1, None), "pension from the day after class start on"),
        (H, "migrant", "student", (long_ago, None), "student, enrolled as a migrant"),
        (H, "rural_school_leaver", "student", (long_ago, Some(start + 400)), "still at school"),
        (H, "graduate", "student", (long_ago, Some(year_end + 1)), "graduates only in the year after"),
        (H, "graduate", "student", (long_ago, None), "student without an end"),
        (NONE, "graduate", "student", (long_ago, Some(year_end)), "in the year of graduation"),
        (NONE, "graduate", "student", (long_ago, Some(start)), "in the year of graduation"),
        (NONE, "migrant", "student", (long_ago, Some(start - 1)), "left school on the day before"),
        (H, "migrant", "public_payroll", (long_ago, None), "on the public payroll"),
        (NONE, "migrant", "public_payroll", (long_ago, Some(start - 1)), "left the public payroll on the day before"),
        (H, "migrant", "in_custody", (start - 90, Some(start + 90)), "in custody"),
        (NONE, "migrant", "in_custody", (start - 900, Some(start - 90)), "released before the class"),
        (H, "unemployed", "insured", (long_ago, None), "unemployed, but insured"),
        (H, "unemployed", "insured", (next_month - 1, None), "insured from the last day of the start month on"),
        (H, "unemployed", "insured", (long_ago, Some(month_start)), "insured until the first day of the start month"),
        (NONE, "unemployed", "insured", (next_month, None), "insured from the month after on: found work"),
        (NONE, "unemployed", "insured", (long_ago, Some(month_start - 1)), "insured until the month before"),
        (NONE, "migrant", "insured", (long_ago, None), "insured, and not enrolled as unemployed"),
        (NONE, "hard_to_employ", "insured", (long_ago, None), "insured, and not enrolled as unemployed"),
    ];
    for (verdict, learner_group, status, (from, until), note) in cases {
        let mut person = planter.newcomer(CITY);
        person.group = learner_group;
        let mut training = planter.train(&group.class, &person, true);
        let employers = &planter.planted.world.organisations.local[CITY].employers;
        let employer = employers.last().map(|employer| employer.id.clone());
        training.statuses.push(Status {
            status,
            from,
            until,
            employer: employer.filter(|_| status == "insured"),
        });
        planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
}
