//! C03: more study on one local day than a day can hold.

use super::super::calendar::{self, DAY};
use super::super::courses::HELP_DESK;
use super::super::learning;
use super::super::world::{Mode, Plan};
use super::{H, NONE, Planter, S, Verdict, W, moved};

const CITY: usize = 13;
const HOUR: i64 = 3_600;
/// Six in the morning.
const EARLY: i64 = 6 * HOUR;
/// A long night by definition, though an honest one.
const NIGHT: Verdict = Verdict::LookAlike("W");

pub fn plant(planter: &mut Planter) {
    let course = planter.course(HELP_DESK, 0, &[HOUR; 36]);
    let start = planter.window().at(12);
    let mut group = planter.open(Plan {
        city: CITY,
        trade: HELP_DESK,
        mode: Mode::Online,
        start,
        course,
    });
    let long_day = start + 2;
    // Sessions of an hour, one begun every `step` seconds; the first is longer by `extra`. A night shift is noted for
    // the next day too.
    #[rustfmt::skip]
    let cases = [
        (H, 24, EARLY, 2_000, 1, "24 overlapping sessions, 86,401 s"),
        (H, 25, EARLY, 2_000, 0, "25 overlapping sessions of an hour"),
        (H, 36, EARLY, 1_500, 0, "36 overlapping sessions of an hour"),
        (S, 24, EARLY, 2_000, 0, "24 overlapping sessions, exactly 86,400 s; their union is over 16 hrs"),
        (S, 12, EARLY, 3_630, 1, "43,201 s, one second over 16 hrs"),
        (S, 14, EARLY, 3_630, 0, "14 hours on one day"),
        (W, 12, EARLY, 3_630, 0, "exactly 16 hrs"),
        (W, 6, EARLY, 3_630, 1, "21,601 s, one second over 8 hrs"),
        (W, 10, EARLY, 3_630, 0, "10 hours on one day"),
        (NONE, 6, EARLY, 3_630, 0, "exactly 8 hrs"),
        (NONE, 10, DAY - 5 * HOUR, 3_605, 0, "night shift: 5 h each side of midnight"),
        (NONE, 10, DAY - 5 * HOUR, 3_605, 0, "night shift: 5 h each side of midnight"),
        (NIGHT, 14, DAY - 7 * HOUR, 3_605, 0, "night shift: 7 h each side of midnight"),
    ];
    for (place, (verdict, count, first_second, step, extra, note)) in (0..).zip(cases) {
        // Nobody else's seconds (C08).
        let first_second = first_second + 7 * place;
        let mut training = planter.train_newcomer(&group.class);
        let mut sessions = Vec::new();
        for item in 0..count {
            let started = long_day * DAY + first_second + item as i64 * step;
            // The extra second is played before the hour.
            let extra = if item == 0 { extra } else { 0 };
            let (started, length) = (started - extra, HOUR + extra);
            let prng = &mut planter.prng;
            let mut session = learning::session(item, started, HOUR, length, prng);
            moved(&mut session, started);
            sessions.push(session);
        }
        let rest: Vec<_> = (count..36).map(|item| (item, HOUR, HOUR)).collect();
        sessions.extend(planter.two_a_day(long_day + 3, 66_600, &rest));
        training.sessions = sessions;
        let person = ("person", training.person.number.as_str());
        let day = calendar::date_text(long_day);
        planter.case(verdict, person, &*day, note);
        if note.starts_with("night") {
            planter.case(verdict, person, calendar::date_text(long_day + 1), note);
        }
        if step < HOUR {
            planter.collateral("C04", person, day, "sessions overlap");
            let note = "more watched than time passed, and too little time for the hours";
            planter.collateral("C05", ("enrolment", &training.enrolment_id), "", note);
        }
        if step < HOUR && count == 36 {
            let entity = format!("{}|{}", person.1, planter.platform_id(0));
            let note = "no gaps at all, all alike, and in order";
            planter.collateral("C06", ("person_platform", &entity), "", note);
        }
        group.trainings.push(training);
    }
    planter.add(group);
}
