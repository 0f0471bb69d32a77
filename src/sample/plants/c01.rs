//! C01: more than 40 % of the hours online.

use super::super::courses::BRICKLAYER_5;
use super::super::world::{Mode, Plan};
use super::{H, NONE, Planter, Verdict};

const CITY: usize = 5;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(15);
    let course = planter.course(BRICKLAYER_5, 2, &[2_700; 22]);
    let mut group = planter.open(Plan {
        city: CITY,
        trade: BRICKLAYER_5,
        mode: Mode::Blended,
        start,
        course,
    });
    // Hours in hundredths; everybody watched the 22 hours of the course, so fewer are supported too.
    for (verdict, online, offline, note) in [
        (H, 2_200, 3_299, "just over 40 %"),
        (H, 2_200, 3_250, "just over 40 %"),
        (H, 2_200, 3_000, "over 40 %"),
        (H, 2_200, 2_000, "over 40 %"),
        (H, 1_610, 2_414, "just over 40 %, not whole numbers"),
        (NONE, 2_200, 3_300, "exactly 40 %"),
        (NONE, 2_200, 3_300, "exactly 40 %"),
        (NONE, 1_610, 2_415, "exactly 40 %, not whole numbers"),
        (NONE, 2_200, 3_301, "just under 40 %"),
        (NONE, 2_200, 1_200, "over 40 % so far, but not completed"),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        (training.online, training.offline) = (online, offline);
        if note.ends_with("not completed") {
            training.presences.truncate(3);
            training.give_up();
        }
        let text = |hundredths| format!("{}.{:02}", hundredths / 100, hundredths % 100);
        let note = format!(
            "online {} of {} hours: {note}",
            text(online),
            text(online + offline)
        );
        planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
    let mut group = planter.open_online(CITY, 1, start);
    for _ in 0..2 {
        let training = planter.train_newcomer(&group.class);
        let enrolment = ("enrolment", training.enrolment_id.as_str());
        planter.case(Verdict::LookAlike("W"), enrolment, "", "online only");
        group.trainings.push(training);
    }
    planter.add(group);
}
