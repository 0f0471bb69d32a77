//! F04: employers that train more people than they have.

use super::super::calendar;
use super::super::courses::HELP_DESK;
use super::{H, NONE, Planter, S, Verdict};

const CITY: usize = 15;
/// Labour dispatch: hit by its definition, though legal.
const AGENCY: Verdict = Verdict::LookAlike("S");

pub fn plant(planter: &mut Planter) {
    let school = planter.honest_school(CITY);
    let first = planter.window().first_of_month(1);
    // Insured staff, learners of one month and of the next one, and how many of each were never insured there.
    #[rustfmt::skip]
    let cases: [(Verdict, i64, [usize; 2], usize, &str); 10] = [
        (H, 20, [23, 0], 0, "23 trained of 20 insured: just over 110 %"),
        (H, 10, [40, 0], 0, "40 trained of 10 insured"),
        (H, 0, [4, 0], 0, "4 trained of 0 insured"),
        (S, 100, [20, 0], 4, "4 of 20 never insured there: exactly 20 %"),
        (S, 100, [12, 0], 9, "9 of 12 never insured there"),
        (NONE, 20, [22, 0], 0, "22 trained of 20 insured: exactly 110 %"),
        (NONE, 20, [18, 18], 0, "36 trained of 20 insured, but in two months"),
        (NONE, 100, [21, 0], 4, "4 of 21 never insured there: just under 20 %"),
        (NONE, 30, [30, 0], 0, "all of 30 insured trained"),
        (AGENCY, 60, [10, 0], 10, "labour dispatch: all insured by the agency"),
    ];
    for (verdict, staff, learners, uninsured, note) in cases {
        let employer = planter.found("employer", CITY, |found| found.insured_staff = Some(staff));
        for (month, learners) in [first, planter.window().first_of_month(2)]
            .into_iter()
            .zip(learners)
        {
            if learners == 0 {
                continue;
            }
            let mut group = planter.open_day(&school, CITY, HELP_DESK, month + 9);
            group.class.employer = Some(employer.id.clone());
            group.class.category = "upskilling";
            for place in 0..learners {
                let mut training = planter.train_newcomer(&group.class);
                training.is_insured = place >= uninsured;
                group.trainings.push(training);
            }
            let period = calendar::month_text(month);
            planter.case(verdict, ("employer", &employer.id), period, note);
            planter.add(group);
        }
    }
}
