//! C05: online hours that no log supports.

use super::super::courses::WELDER_5;
use super::{H, NONE, Planter, S};

const CITY: usize = 6;
const EVENING: i64 = 66_600;
/// Length of each of the sixteen videos.
const VIDEO: i64 = 2_700;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(45);
    let mut group = planter.open_online(CITY, 2, start);
    // A live lesson that no courseware lists, beside the sixteen videos.
    let live = group.class.course.map_or(0, |course| {
        planter.planted.world.courses[course].add_live_lesson(VIDEO)
    });
    // Items with seconds watched and seconds passed.
    let watched =
        |count, length| -> Vec<_> { (0..count).map(|item| (item, VIDEO, length)).collect() };
    let videos = |count| watched(count, VIDEO);
    let with = |count, more: &[(usize, i64, i64)]| [&videos(count), more].concat();
    #[rustfmt::skip]
    let cases = [
        (H, videos(0), "hours claimed, no log at all"),
        (H, videos(0), "hours claimed, no log at all"),
        (H, videos(0), "hours claimed, no log at all, not completed"),
        (S, with(14, &[(14, 1_079, 1_079)]), "38,879 of 43,200 s: one second under 90 %"),
        (NONE, with(14, &[(14, 1_080, 1_080)]), "38,880 of 43,200 s: exactly 90 %"),
        (NONE, videos(15), "logs support 94 % of the hours"),
        (S, videos(13), "logs support 81 % of the hours"),
        (S, videos(3), "logs support 19 % of the hours"),
        (S, with(8, &videos(8)), "eight of sixteen videos, each watched twice"),
        (NONE, with(12, &[(live, VIDEO, VIDEO); 4]), "twelve videos and four hours of live lessons outside courseware"),
        (S, watched(16, 2_454), "1.1002 times as much watched as time passed"),
        (NONE, watched(16, 2_455), "1.0998 times as much watched as time passed"),
        (S, watched(16, 1_800), "played at exactly 1.5"),
        (H, watched(16, 1_799), "played at just over 1.5"),
        (H, watched(16, 900), "played at 3.0"),
        (NONE, watched(16, 3_300), "pauses inside sessions"),
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
        planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
    let mut group = planter.open_offline(CITY, WELDER_5, start);
    for _ in 0..2 {
        let training = planter.train_newcomer(&group.class);
        let enrolment = ("enrolment", training.enrolment_id.as_str());
        planter.case(NONE, enrolment, "", "offline only, no logs expected");
        group.trainings.push(training);
    }
    planter.add(group);
}
