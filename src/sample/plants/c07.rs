//! C07: devices, addresses and answers of many.

use super::super::calendar::Day;
use super::super::truth::Venue;
use super::kit::{at, each};
use super::{Group, NONE, Planter, S, Verdict, W};

const CITY: usize = 9;
const PLATFORM: usize = 4;
const VIDEO: i64 = 2_700;
/// Seven in the evening.
const EVENING: i64 = 68_400;
const DAY_AND_NIGHT: i64 = 86_400;
/// Weak by its definition, though harmless.
const HARMLESS: Verdict = Verdict::LookAlike("W");

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(5);
    devices(planter, start);
    addresses(planter, start);
    answers(planter, start);
}

/// Devices, with the moments, in seconds after the first one, at which somebody begins to use them for a lesson.
fn devices(planter: &mut Planter, start: Day) {
    let mut group = planter.open_videos(CITY, PLATFORM, start, &[VIDEO; 4]);
    group.class.end = start + 33;
    group.class.classroom_from = group.class.end + 1;
    let days = |days: &[i64]| -> Vec<i64> { days.iter().map(|day| day * DAY_AND_NIGHT).collect() };
    #[rustfmt::skip]
    let cases = [
        (S, days(&[0, 7, 14, 21, 29]), "5 persons in 29 days"),
        (S, days(&[0, 1, 2, 3, 4, 5, 6, 7, 8]), "9 persons in 9 days"),
        (S, vec![0, 1_200, 3_540], "3 persons in 59 minutes"),
        (S, vec![0, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 660], "12 persons in 11 minutes"),
        (NONE, days(&[0, 7, 14, 21]), "4 persons in 21 days"),
        (NONE, days(&[0, 8, 16, 24, 31]), "5 persons in 31 days"),
        (NONE, vec![0, 1_800, 3_720], "3 persons in 62 minutes"),
        (NONE, vec![0, 600], "a couple in one evening"),
        (NONE, days(&[0, 1, 2, 3]), "village outreach class: one tablet for a family of four"),
    ];
    for (number, (verdict, moments, note)) in cases.into_iter().enumerate() {
        let device = format!("SHARED-{CITY}-{number:02}");
        for after in &moments {
            let mut training = planter.train_newcomer(&group.class);
            // Nobody else's seconds (C08).
            let first = at(start, EVENING) + 67 * number as i64 + after;
            let mut sessions = vec![planter.view(0, first, VIDEO)];
            each(&mut sessions, |session| {
                session.twist().device = Some(device.clone());
            });
            // The other lessons on the learner's own device.
            for item in 1..4 {
                let started = first + (VIDEO + 300) * item as i64 + planter.prng.between(0, 200);
                sessions.push(planter.view(item, started, VIDEO));
            }
            training.sessions = sessions;
            group.trainings.push(training);
            if group.trainings.len() == 45 {
                let next = next_class(planter, &group, &[VIDEO; 4]);
                planter.add(std::mem::replace(&mut group, next));
            }
        }
        planter.case(verdict, ("device", &device), "", note);
    }
    planter.add(group);
}

/// One more class like a full one.
fn next_class(planter: &mut Planter, full: &Group, lengths: &[i64]) -> Group {
    let mut next = planter.open_videos(CITY, PLATFORM, full.class.start, lengths);
    next.class.end = full.class.end;
    next.class.classroom_from = full.class.classroom_from;
    next
}

/// Addresses that so many persons use on one day.
fn addresses(planter: &mut Planter, start: Day) {
    for (number, (verdict, persons, venue, note)) in [
        (W, 20, None, "20 persons on one day"),
        (W, 40, None, "40 persons on one day"),
        (NONE, 19, None, "19 persons on one day"),
        (
            HARMLESS,
            30,
            None,
            "enterprise computer room that no list has",
        ),
        (
            HARMLESS,
            22,
            None,
            "village outreach class on the committee's network",
        ),
        (
            NONE,
            30,
            Some("enterprise computer room"),
            "enterprise computer room, listed",
        ),
        (NONE, 35, Some("county library"), "public venue, listed"),
    ]
    .into_iter()
    .enumerate()
    {
        let ip = format!("172.16.{CITY}.{}", number + 1);
        let mut group = planter.open_videos(CITY, PLATFORM, start, &[VIDEO]);
        for _ in 0..persons {
            let mut training = planter.train_newcomer(&group.class);
            let started = at(start + 1, 54_000) + planter.prng.between(0, 3_600);
            let mut session = planter.view(0, started, VIDEO);
            session.twist().ip = Some(ip.clone());
            training.sessions = vec![session];
            group.trainings.push(training);
        }
        if let Some(note) = venue {
            let ip = ip.clone();
            planter.truth.venues.push(Venue { ip, note });
        }
        planter.case(verdict, ("ip", &ip), "", note);
        planter.add(group);
    }
}

/// Answers that so many persons hand in.
fn answers(planter: &mut Planter, start: Day) {
    let mut group = planter.open_videos(CITY, PLATFORM, start, &[VIDEO]);
    for (verdict, persons, answers, note) in [
        (
            S,
            3,
            0xC07A_0000_0000_0001_u64,
            "3 persons with the same answers",
        ),
        (
            S,
            12,
            0xC07A_0000_0000_0002,
            "12 persons with the same answers",
        ),
        (
            NONE,
            2,
            0xC07A_0000_0000_0003,
            "2 persons with the same answers",
        ),
        (
            NONE,
            1,
            0xC07A_0000_0000_0004,
            "one person with the same answers twice",
        ),
    ] {
        for _ in 0..persons {
            let mut training = planter.train_newcomer(&group.class);
            if persons == 1 {
                let again = training.exams.last().cloned();
                training.exams.extend(again.map(|mut exam| {
                    exam.started += DAY_AND_NIGHT;
                    exam.ended += DAY_AND_NIGHT;
                    exam
                }));
            }
            for exam in &mut training.exams {
                exam.answers = Some(answers);
            }
            group.trainings.push(training);
        }
        let entity = format!("{answers:016x}");
        planter.case(verdict, ("answers_hash", &entity), "", note);
    }
    planter.add(group);
}
