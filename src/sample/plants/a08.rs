//! A08: the certificate that gives a group was issued only after the training.

use super::super::courses::CARER_5;
use super::super::training::Proof;
use super::{H, NONE, Planter, Verdict};

const CITY: usize = 9;

type Case = (
    Verdict,
    &'static str,
    &'static [(&'static str, i64)],
    &'static str,
);

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(24);
    let mut group = planter.open_blended(CITY, CARER_5, 3, start);
    let end = group.class.end;
    // Groups of certificates and the days after completion on which they were issued.
    #[rustfmt::skip]
    let cases: [Case; 13] = [
        (H, "disabled", &[("disabled", 1)], "issued on the day after completion"),
        (H, "veteran", &[("veteran", 1)], "issued on the day after completion"),
        (H, "hard_to_employ", &[("hard_to_employ", 12)], "issued 12 days after completion"),
        (H, "registered_poor", &[("registered_poor", 20)], "issued 20 days after completion"),
        (H, "zero_employment_family", &[("zero_employment_family", 25), ("zero_employment_family", 8)], "first issued 8 days after completion"),
        (H, "disabled", &[("veteran", -300), ("disabled", 15)], "an earlier certificate, but of another group"),
        (NONE, "disabled", &[("disabled", 0)], "issued on the day of completion"),
        (NONE, "veteran", &[("veteran", -1)], "issued on the day before"),
        (NONE, "disabled", &[("disabled", -400), ("disabled", 10)], "issued again after completion"),
        (NONE, "registered_poor", &[("registered_poor", 5), ("registered_poor", -200)], "issued again after completion"),
        (NONE, "hard_to_employ", &[("hard_to_employ", -100), ("disabled", 10)], "a later certificate of another group"),
        (NONE, "migrant", &[("disabled", 10)], "a later certificate of a group that was not claimed"),
        (NONE, "veteran", &[("veteran", 10)], "issued after the class, which was not completed"),
    ];
    for (verdict, learner_group, proofs, note) in cases {
        let mut person = planter.newcomer(CITY);
        person.group = learner_group;
        let mut training = planter.train(&group.class, &person, true);
        let proofs = proofs.iter().map(|&(group, days)| Proof {
            group,
            issued_on: end + days,
        });
        training.proofs = Some(proofs.collect());
        if note.ends_with("not completed") {
            training.presences.truncate(2);
            training.give_up();
        }
        planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
}
