//! F02: learners who go from class to class in a body.

use super::super::courses::{HELP_DESK, KNOWLEDGE, ONLINE_TRADER, Trade};
use super::super::people::Person;
use super::{NONE, Planter, S, Verdict};

const CITY: usize = 6;
/// By its definition the indicator hits a company that trains its people twice.
const COMPANY: Verdict = Verdict::LookAlike("S");

/// Learners of the first class and of the second one, those of both, the days between them, and the trades.
type Case = (
    Verdict,
    usize,
    usize,
    usize,
    i64,
    [&'static Trade; 2],
    &'static str,
);

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(3);
    #[rustfmt::skip]
    let cases: [Case; 9] = [
        (S, 20, 20, 15, 40, [HELP_DESK, ONLINE_TRADER], "15 of 25 in both: exactly 60 %"),
        (S, 30, 30, 30, 40, [HELP_DESK, ONLINE_TRADER], "all of 30 in both"),
        (S, 16, 18, 15, 40, [HELP_DESK, HELP_DESK], "15 of 19 in both, of another school"),
        (NONE, 20, 21, 15, 40, [HELP_DESK, ONLINE_TRADER], "15 of 26 in both: just under 60 %"),
        (NONE, 14, 14, 14, 40, [HELP_DESK, ONLINE_TRADER], "all of 14 in both: too few"),
        (NONE, 30, 30, 8, 40, [HELP_DESK, ONLINE_TRADER], "8 of 52 in both"),
        (NONE, 20, 20, 20, 30, [KNOWLEDGE[3], KNOWLEDGE[3]], "all of 20 in two parts of one course at one school"),
        (COMPANY, 25, 25, 24, 45, [HELP_DESK, ONLINE_TRADER], "whole-company plan: 24 of 26 in both"),
        (NONE, 20, 20, 20, 367, [HELP_DESK, ONLINE_TRADER], "all of 20 in both, more than 12 months later"),
    ];
    for (verdict, first_size, second_size, common, days, trades, note) in cases {
        // The last claim comes three weeks after the class.
        if start + days + 21 > planter.window().last {
            continue;
        }
        let school = planter.honest_school(CITY);
        let other = if note.contains("another school") {
            planter.honest_school(CITY)
        } else {
            school.clone()
        };
        let mut first = planter.open_day(&school, CITY, trades[0], start);
        let mut second = planter.open_day(&other, CITY, trades[1], start + days);
        if verdict == COMPANY {
            let employer = planter.found("employer", CITY, |_| {}).id;
            first.class.employer = Some(employer.clone());
            second.class.employer = Some(employer);
        }
        let people: Vec<Person> = (0..first_size).map(|_| planter.newcomer(CITY)).collect();
        for person in &people {
            let mut training = planter.train(&first.class, person, true);
            training.exams.clear();
            first.trainings.push(training);
        }
        for place in 0..second_size {
            let person = people.get(place).filter(|_| place < common);
            let person = person.cloned();
            let is_known = person.is_some();
            let person = person.unwrap_or_else(|| planter.newcomer(CITY));
            let mut training = planter.train(&second.class, &person, !is_known);
            if trades[0] == trades[1] {
                // One subsidy for one occupation.
                training.claims.clear();
            }
            training.exams.clear();
            // Insured since the first training.
            training.is_insured = !is_known;
            second.trainings.push(training);
        }
        let mut pair = [first.class.id(), second.class.id()];
        pair.sort();
        planter.case(verdict, ("class_pair", &pair.join("|")), "", note);
        planter.add(first);
        planter.add(second);
    }
}
