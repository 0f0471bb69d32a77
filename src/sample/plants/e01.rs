//! E01: assessors whose candidates nearly all pass, or all score the same. Each case is a school and an assessor of its
//! own with one class in one quarter, beside others where about one test in seven is failed.

use super::super::calendar::{self, DAY, Day};
use super::super::courses::HELP_DESK;
use super::super::learning::Exam;
use super::{Host, NONE, Planter, S, Verdict};

const CITY: usize = 5;
/// Tests that each learner takes.
const TESTS: usize = 4;
/// As many as the indicator needs to compare.
const HONEST: usize = 10;

/// The score, in tenths, of the test with a number, and whether it is passed; ordinary ones have none.
type Grading = fn(usize, i64) -> (i64, bool);

pub fn plant(planter: &mut Planter) {
    let day = planter.quarter().first + 3;
    #[rustfmt::skip]
    let cases: [(Verdict, usize, Grading, &str); 9] = [
        (S, 100, |_, spread| (spread, true), "100 of 100 pass"),
        (S, 200, |number, spread| failing(number, spread, 3), "197 of 200 pass: just over 98 %"),
        (NONE, 200, |number, spread| failing(number, spread, 4), "196 of 200 pass: exactly 98 %"),
        (NONE, 99, |_, spread| (spread, true), "99 of 99 pass: too few"),
        (S, 100, |number, _| (740 + number as i64 % 3 * 10, number % 12 != 0), "scores of 74 to 76 alone"),
        (NONE, 100, |number, _| (690 + number as i64 % 21 * 10, number % 8 != 0), "scores of 69 to 89, spread less than half as much as others"),
        (S, 100, |number, spread| narrow(number, spread, 30), "30 of 100 scores in 60 to 62"),
        (S, 100, |number, spread| narrow(number, spread, 80), "80 of 100 scores in 60 to 62"),
        (NONE, 100, |number, spread| narrow(number, spread, 29), "29 of 100 scores in 60 to 62"),
    ];
    for (verdict, tests, grading, note) in cases {
        let (school, assessor) = examined(planter, day, tests, grading);
        let quarter = calendar::quarter_text(day + 1);
        planter.case(verdict, ("org", &school.id), &*quarter, note);
        planter.case(verdict, ("assessor", &assessor), quarter, note);
    }
    for _ in 0..HONEST {
        let honest: Grading = |number, spread| failing(number, spread, 14);
        let (school, assessor) = examined(planter, day, 100, honest);
        let quarter = calendar::quarter_text(day + 1);
        let note = "86 of 100 pass, as elsewhere";
        planter.case(NONE, ("org", &school.id), &*quarter, note);
        planter.case(NONE, ("assessor", &assessor), quarter, note);
    }
}

/// Of all tests the first `failed` are failed.
fn failing(number: usize, spread: i64, failed: usize) -> (i64, bool) {
    if number < failed {
        (spread - 420, false)
    } else {
        (spread, true)
    }
}

/// Of 100 tests the last `narrow` end just above 60, and ten of the others below it.
fn narrow(number: usize, spread: i64, narrow: usize) -> (i64, bool) {
    if number + narrow >= 100 {
        (600 + number as i64 % 21, true)
    } else {
        failing(number, spread, 10)
    }
}

/// A class in which `tests` tests are taken; gives its school and its assessor.
fn examined(planter: &mut Planter, day: Day, tests: usize, grading: Grading) -> (Host, String) {
    let school = planter.honest_school(CITY);
    let assessor = planter.found("assessor", CITY, |_| {}).id;
    let mut group = planter.open_day(&school, CITY, HELP_DESK, day);
    group.class.assessor.clone_from(&assessor);
    for person in 0..tests.div_ceil(TESTS) {
        let mut training = planter.train_newcomer(&group.class);
        training.exams.clear();
        for test in 0..TESTS {
            let number = person * TESTS + test;
            if number >= tests {
                break;
            }
            // Scores of those who pass: even between 63 and 97.9, in another order than the learners.
            let spread = 630 + (number as i64 * 37 % 100) * 35 / 10;
            let (score, passed) = grading(number, spread);
            let second = [32_400, 50_400, 118_800, 136_800][test];
            let started = (day + 1) * DAY + second + planter.prng.between(0, 420);
            training.exams.push(Exam {
                kind: ["theory", "practice", "comprehensive", "theory"][test],
                started,
                ended: started + planter.prng.between(2_700, 6_900),
                score,
                passed,
                answers: None,
            });
        }
        group.trainings.push(training);
    }
    planter.add(group);
    (school, assessor)
}
