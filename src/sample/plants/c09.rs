//! C09: identity checks that fail, or are not made.

use super::super::learning::Session;
use super::kit::at;
use super::{H, NONE, Planter, S, Verdict};

const CITY: usize = 11;
const PLATFORM: usize = 3;
const VIDEO: i64 = 2_700;
const EVENING: i64 = 66_600;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(35);
    let mut group = planter.open_videos(CITY, PLATFORM, start, &[VIDEO; 8]);
    // Prompts of the whole log, and how many of them were failed or missed.
    #[rustfmt::skip]
    let cases: [(Verdict, i64, i64, &str); 9] = [
        (S, 29, 6, "just over 20 %"),
        (S, 104, 21, "just over 20 %"),
        (S, 5, 2, "40 % of the fewest prompts that count"),
        (S, 24, 24, "all of them"),
        (NONE, 25, 5, "exactly 20 %"),
        (NONE, 5, 1, "exactly 20 % of the fewest prompts that count"),
        (NONE, 4, 4, "all of too few prompts"),
        (NONE, 104, 20, "just under 20 %"),
        (NONE, 0, 0, "no prompts for one learner"),
    ];
    for (verdict, prompts, failed, note) in cases {
        let mut training = planter.train_newcomer(&group.class);
        let parts: Vec<_> = (0..8).map(|item| (item, VIDEO, VIDEO)).collect();
        training.sessions = planter.two_a_day(start, EVENING, &parts);
        prompt(&mut training.sessions, prompts, failed);
        let note = format!("{failed} of {prompts} prompts failed or missed: {note}");
        planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
        group.trainings.push(training);
    }
    for (verdict, persons, face, note) in [
        (H, 2, "c09face000000002", "one face for 2 persons"),
        (H, 5, "c09face000000005", "one face for 5 persons"),
        (
            NONE,
            1,
            "c09face000000001",
            "one image of one person all the time",
        ),
    ] {
        for _ in 0..persons {
            let mut training = planter.train_newcomer(&group.class);
            let all = persons == 1;
            let mut shown = 0;
            for session in &mut training.sessions {
                if session.face_prompts > 0 && (all || shown < 2) {
                    session.twist().face = Some(face.to_owned());
                    shown += 1;
                }
            }
            planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
            group.trainings.push(training);
        }
    }
    planter.add(group);
    platforms(planter);
}

/// Spreads prompts and failures over the sessions.
fn prompt(sessions: &mut [Session], prompts: i64, failed: i64) {
    let count = sessions.len() as i64;
    let share = |of: i64, place: i64| of * (place + 1) / count - of * place / count;
    for (place, session) in (0..).zip(sessions) {
        session.face_prompts = share(prompts, place);
        let missed = share(failed, place).min(session.face_prompts);
        session.face_passed = session.face_prompts - missed;
    }
}

/// A platform that never checks a face, and one that does so once.
fn platforms(planter: &mut Planter) {
    let start = planter.window().at(35);
    for (verdict, checked, note) in [
        (H, 0, "a platform without any prompt"),
        (NONE, 1, "a platform with one prompt in all"),
    ] {
        let platform = planter.found_platform(CITY, |_| {});
        let mut group = planter.open_videos(CITY, platform, start, &[VIDEO; 3]);
        for place in 0..6 {
            let mut training = planter.train_newcomer(&group.class);
            let mut left = if place == 0 { checked } else { 0 };
            training.sessions.clear();
            for (item, second) in [(0, 0), (1, 3_000), (2, 6_000)] {
                let started = at(start + 1, EVENING + second) + planter.prng.between(0, 200);
                let mut session = planter.view(item, started, VIDEO);
                (session.face_prompts, session.face_passed) = (left, left);
                left = 0;
                training.sessions.push(session);
            }
            group.trainings.push(training);
        }
        let id = planter.platform_id(platform);
        planter.case(verdict, ("platform", &id), "", note);
        planter.add(group);
    }
}
