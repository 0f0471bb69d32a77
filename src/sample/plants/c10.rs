//! C10: logs written afterwards.

use super::super::learning::Session;
use super::kit::at;
use super::{NONE, Planter, S, Verdict};

const CITY: usize = 12;
const PLATFORM: usize = 5;
const VIDEO: i64 = 1_800;
const EVENING: i64 = 66_600;
const DAY_AND_NIGHT: i64 = 86_400;
/// Hit by its definition, though nobody meant harm.
const HARMLESS: Verdict = Verdict::LookAlike("S");

pub fn plant(planter: &mut Planter) {
    uploads(planter);
    whole_minutes(planter);
    revisions(planter);
    filings(planter);
}

/// Puts a class of so many sessions in all, five a learner, through `change`, which gets the number of each session.
fn class_of(
    planter: &mut Planter,
    sessions: usize,
    verdict: Verdict,
    note: &str,
    change: impl Fn(usize, &mut Session),
) {
    let start = planter.window().at(40);
    let mut group = planter.open_videos(CITY, PLATFORM, start, &[VIDEO; 5]);
    let mut number = 0;
    while number < sessions {
        let mut training = planter.train_newcomer(&group.class);
        training.sessions.clear();
        for item in 0..5.min(sessions - number) {
            let day = start + 1 + item as i64 / 3;
            let apart = 240 * (number as i64 / 5);
            let second = EVENING + apart + item as i64 % 3 * 2_000 + planter.prng.between(0, 150);
            // Odd seconds, so that none is 00.
            let started = at(day, second) / 60 * 60 + 1 + 2 * planter.prng.between(0, 28);
            let mut session = planter.view(item, started, VIDEO);
            change(number, &mut session);
            training.sessions.push(session);
            number += 1;
        }
        training.online = training.sessions.len() as i64 * VIDEO / 27;
        group.trainings.push(training);
    }
    let id = group.class.id();
    planter.case(verdict, ("class", &id), "", note);
    planter.add(group);
}

fn uploads(planter: &mut Planter) {
    for (verdict, sessions, late, delay, note) in [
        (
            S,
            25,
            6,
            1,
            "6 of 25 sessions uploaded one second after 24 h",
        ),
        (
            S,
            30,
            30,
            200_000,
            "all of 30 sessions uploaded after three days",
        ),
        (
            S,
            20,
            5,
            3_600,
            "5 of the fewest sessions that count uploaded after 25 h",
        ),
        (
            NONE,
            25,
            5,
            3_600,
            "exactly 20 % of 25 sessions uploaded after 25 h",
        ),
        (
            NONE,
            19,
            19,
            3_600,
            "all of 19 sessions uploaded after 25 h: too few",
        ),
        (
            NONE,
            25,
            25,
            0,
            "all of 25 sessions uploaded after exactly 24 h",
        ),
        (
            HARMLESS,
            25,
            25,
            90_000,
            "village outreach class: uploaded after two days, when there was a network",
        ),
    ] {
        class_of(planter, sessions, verdict, note, |number, session| {
            if number < late {
                session.uploaded = session.ended + DAY_AND_NIGHT + delay;
            }
        });
    }
}

/// Sessions of which starts and ends fall on second 00.
fn whole_minutes(planter: &mut Planter) {
    for (verdict, sessions, starts, ends, note) in [
        (S, 25, 25, 1, "26 of 50 times on second 00"),
        (S, 30, 30, 30, "60 of 60 times on second 00"),
        (NONE, 25, 25, 0, "25 of 50 times on second 00: exactly half"),
        (NONE, 24, 24, 24, "48 of 48 times on second 00: too few"),
    ] {
        class_of(planter, sessions, verdict, note, |number, session| {
            if number < starts {
                session.started = session.started / 60 * 60;
            }
            if number < ends {
                session.ended = session.ended / 60 * 60;
            } else if session.ended % 60 == 0 {
                session.ended += 7;
            }
            // Seconds watched stay within the time passed.
            session.watched = VIDEO.min(session.ended - session.started);
            session.uploaded = session.ended + 301;
        });
    }
}

fn revisions(planter: &mut Planter) {
    for (verdict, revised, seconds, note) in [
        (S, 1, 900, "one row with other content in a later file"),
        (S, 25, 600, "25 rows with other content in a later file"),
        (
            NONE,
            3,
            0,
            "three rows once more in a later file, unchanged",
        ),
    ] {
        class_of(planter, 25, verdict, note, |number, session| {
            if number < revised {
                session.twist().first_watched = Some(session.watched - seconds);
            }
        });
    }
}

/// Platforms that were filed so many days after the first session; no class begins before its filing.
fn filings(planter: &mut Planter) {
    for (verdict, days, note) in [
        (S, 1, "sessions on the day before the platform's filing"),
        (S, 20, "sessions 20 days before the platform's filing"),
        (NONE, 0, "first session on the day of the platform's filing"),
    ] {
        let start = planter.window().at(40) + 5;
        let filed_on = start;
        let platform = planter.found_platform(CITY, |found| found.filed_on = Some(filed_on));
        let mut group = planter.open_videos(CITY, platform, start, &[VIDEO; 5]);
        for place in 0..6 {
            let mut training = planter.train_newcomer(&group.class);
            training.sessions.clear();
            for item in 0..5 {
                let second = EVENING + item as i64 % 3 * 2_000 + planter.prng.between(0, 150);
                let mut day = start + item as i64 / 3;
                if place == 0 && item == 0 {
                    day = start - days;
                }
                let session = planter.view(item, at(day, second), VIDEO);
                training.sessions.push(session);
            }
            training.enrolled_on = training.enrolled_on.min(start - days);
            group.trainings.push(training);
        }
        let id = planter.platform_id(platform);
        planter.case(verdict, ("platform", &id), "", note);
        planter.add(group);
    }
}
