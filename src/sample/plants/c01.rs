//! C01: more than 40 % of the hours online.

use super::super::courses::BRICKLAYER_5;
use super::super::world::Mode;
use super::{Planter, Scheme, Verdict};

const CITY: usize = 5;
const H: Verdict = Verdict::Planted("H");
const NONE: Verdict = Verdict::LookAlike("");

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(15);
    let course = planter.course(BRICKLAYER_5, 2, &[2_700; 22]);
    let mut group = planter.open(CITY, BRICKLAYER_5, Mode::Blended, start, Some(course));
    // Hours in hundredths; everybody watched the 22 hours of the course, so fewer are supported too.
    for (online, offline, completes, verdict, note) in [
        (2_200, 3_299, true, H, "just over 40 %"),
        (2_200, 3_250, true, H, "just over 40 %"),
        (2_200, 3_000, true, H, "over 40 %"),
        (2_200, 2_000, true, H, "over 40 %"),
        (1_610, 2_414, true, H, "just over 40 %, not whole numbers"),
        (2_200, 3_300, true, NONE, "exactly 40 %"),
        (2_200, 3_300, true, NONE, "exactly 40 %"),
        (1_610, 2_415, true, NONE, "exactly 40 %, not whole numbers"),
        (2_200, 3_301, true, NONE, "just under 40 %"),
        (
            2_200,
            1_200,
            false,
            NONE,
            "over 40 % so far, but not completed",
        ),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        training.online = online;
        training.offline = offline;
        if !completes {
            training.presences.truncate(3);
            training.give_up();
        }
        let total = online + offline;
        let note = format!(
            "online {}.{:02} of {}.{:02} hours: {note}",
            online / 100,
            online % 100,
            total / 100,
            total % 100
        );
        let entity = ("enrolment", training.enrolment_id.as_str());
        planter.case(Scheme::C01, verdict, entity, String::new(), note);
        group.trainings.push(training);
    }
    planter.add(group);
    let mut group = planter.open_online(CITY, 1, start);
    for _ in 0..2 {
        let training = planter.train_newcomer(&group.class);
        let entity = ("enrolment", training.enrolment_id.as_str());
        planter.case(
            Scheme::C01,
            Verdict::LookAlike("W"),
            entity,
            String::new(),
            "online only",
        );
        group.trainings.push(training);
    }
    planter.add(group);
}
