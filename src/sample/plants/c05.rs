//! C05: online hours that no log supports.

use super::super::courses::WELDER_5;
use super::super::world::Mode;
use super::{Planter, Scheme, Verdict};

const CITY: usize = 6;
const EVENING: i64 = 66_600;
/// Length of each of the sixteen videos.
const VIDEO: i64 = 2_700;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(45);
    let mut group = planter.open_online(CITY, 2, start);
    // A live lesson that no courseware lists, beside the sixteen videos.
    let course = group
        .class
        .course
        .and_then(|course| planter.planted.world.courses.get_mut(course));
    let live = course.map_or(0, |course| course.add_live_lesson(VIDEO));
    let none = Verdict::LookAlike("");
    let (h, s) = (Verdict::Planted("H"), Verdict::Planted("S"));
    let videos = |count| {
        (0..count)
            .map(|item| (item, VIDEO, VIDEO))
            .collect::<Vec<_>>()
    };
    let of_length = |length| {
        (0..16)
            .map(|item| (item, VIDEO, length))
            .collect::<Vec<_>>()
    };
    let with = |mut parts: Vec<_>, more: &[(usize, i64, i64)]| {
        parts.extend_from_slice(more);
        parts
    };
    let cases = [
        (h, Vec::new(), "hours claimed, no log at all"),
        (h, Vec::new(), "hours claimed, no log at all"),
        (h, Vec::new(), "hours claimed, no log at all, not completed"),
        (
            s,
            with(videos(14), &[(14, 1_079, 1_079)]),
            "38,879 of 43,200 s: one second under 90 %",
        ),
        (
            none,
            with(videos(14), &[(14, 1_080, 1_080)]),
            "38,880 of 43,200 s: exactly 90 %",
        ),
        (none, videos(15), "logs support 94 % of the hours"),
        (s, videos(13), "logs support 81 % of the hours"),
        (s, videos(3), "logs support 19 % of the hours"),
        (
            s,
            with(videos(8), &videos(8)),
            "eight of sixteen videos, each watched twice",
        ),
        (
            none,
            with(videos(12), &[(live, VIDEO, VIDEO); 4]),
            "twelve videos and four hours of live lessons outside courseware",
        ),
        (
            s,
            of_length(2_454),
            "1.1002 times as much watched as time passed",
        ),
        (
            none,
            of_length(2_455),
            "1.0998 times as much watched as time passed",
        ),
        (s, of_length(1_800), "played at exactly 1.5"),
        (h, of_length(1_799), "played at just over 1.5"),
        (h, of_length(900), "played at 3.0"),
        (none, of_length(3_300), "pauses inside sessions"),
    ];
    for (verdict, parts, note) in cases {
        let mut training = planter.train_newcomer(&group.class);
        training.sessions = planter.two_a_day(start, EVENING, &parts);
        for session in &mut training.sessions {
            session.rate = (session.watched * 100 / (session.ended - session.started)).max(100);
        }
        if note.ends_with("not completed") {
            training.give_up();
        }
        let enrolment = ("enrolment", training.enrolment_id.as_str());
        planter.case(Scheme::C05, verdict, enrolment, String::new(), note);
        group.trainings.push(training);
    }
    planter.add(group);
    let mut group = planter.open(CITY, WELDER_5, Mode::Offline, start, None);
    for _ in 0..2 {
        let training = planter.train_newcomer(&group.class);
        let enrolment = ("enrolment", training.enrolment_id.as_str());
        planter.case(
            Scheme::C05,
            none,
            enrolment,
            String::new(),
            "offline only, no logs expected",
        );
        group.trainings.push(training);
    }
    planter.add(group);
}
