//! C03: more study on one local day than a day can hold.

use super::super::calendar::{self, DAY};
use super::super::courses::HELP_DESK;
use super::super::learning;
use super::super::world::Mode;
use super::{Planter, Scheme, Verdict, prompt};

const CITY: usize = 13;
const HOUR: i64 = 3_600;
/// Six in the morning.
const EARLY: i64 = 6 * HOUR;

pub fn plant(planter: &mut Planter) {
    let course = planter.course(HELP_DESK, 0, &[HOUR; 36]);
    let start = planter.window().at(12);
    let mut group = planter.open(CITY, HELP_DESK, Mode::Online, start, Some(course));
    let long_day = start + 2;
    let none = Verdict::LookAlike("");
    let (h, s, w) = (
        Verdict::Planted("H"),
        Verdict::Planted("S"),
        Verdict::Planted("W"),
    );
    // Sessions of an hour, one begun every `step` seconds; the first is longer by `extra`. Verdicts of the day and of
    // the day after it, if that is long too.
    let night = Some(Verdict::LookAlike("W"));
    for (count, first_second, step, extra, verdict, next_day, note) in [
        (
            24,
            EARLY,
            2_000,
            1,
            h,
            None,
            "24 overlapping sessions, 86,401 s",
        ),
        (
            25,
            EARLY,
            2_000,
            0,
            h,
            None,
            "25 overlapping sessions of an hour",
        ),
        (
            36,
            EARLY,
            1_500,
            0,
            h,
            None,
            "36 overlapping sessions of an hour",
        ),
        (
            24,
            EARLY,
            2_000,
            0,
            s,
            None,
            "24 overlapping sessions, exactly 86,400 s; their union is over 16 hrs",
        ),
        (
            12,
            EARLY,
            3_630,
            1,
            s,
            None,
            "43,201 s, one second over 16 hrs",
        ),
        (14, EARLY, 3_630, 0, s, None, "14 hours on one day"),
        (12, EARLY, 3_630, 0, w, None, "exactly 16 hrs"),
        (
            6,
            EARLY,
            3_630,
            1,
            w,
            None,
            "21,601 s, one second over 8 hrs",
        ),
        (10, EARLY, 3_630, 0, w, None, "10 hours on one day"),
        (6, EARLY, 3_630, 0, none, None, "exactly 8 hrs"),
        (
            10,
            DAY - 5 * HOUR,
            3_605,
            0,
            none,
            Some(none),
            "night shift: 5 h each side of midnight",
        ),
        (
            10,
            DAY - 5 * HOUR,
            3_605,
            0,
            none,
            Some(none),
            "night shift: 5 h each side of midnight",
        ),
        (
            14,
            DAY - 7 * HOUR,
            3_605,
            0,
            Verdict::LookAlike("W"),
            night,
            "night shift: 7 h each side of midnight",
        ),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        let mut sessions = Vec::new();
        for item in 0..count {
            let started = long_day * DAY + first_second + item as i64 * step;
            let length = HOUR + if item == 0 { extra } else { 0 };
            // The extra second is played before the next begins.
            let started = if item == 0 { started - extra } else { started };
            sessions.push(prompt(learning::session(
                item,
                started,
                HOUR,
                length,
                &mut planter.prng,
            )));
        }
        let rest: Vec<_> = (count..36).map(|item| (item, HOUR, HOUR)).collect();
        sessions.extend(planter.two_a_day(long_day + 3, 66_600, &rest));
        training.sessions = sessions;
        let person = ("person", training.person.number.as_str());
        let day = calendar::date_text(long_day);
        planter.case(Scheme::C03, verdict, person, day.clone(), note);
        if let Some(verdict) = next_day {
            planter.case(
                Scheme::C03,
                verdict,
                person,
                calendar::date_text(long_day + 1),
                note,
            );
        }
        if step < HOUR {
            planter.collateral("C04", person, day, Scheme::C03, "sessions overlap");
            let enrolment = ("enrolment", training.enrolment_id.as_str());
            let note = "more watched than time passed, and too little time for the hours";
            planter.collateral("C05", enrolment, String::new(), Scheme::C03, note);
        }
        group.trainings.push(training);
    }
    planter.add(group);
}
