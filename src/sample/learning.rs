//! How an honest learner studies: sessions item by item, days in the classroom, tests.

use std::ops::RangeInclusive;

use super::calendar::{DAY, Day, Moment};
use super::courses::Course;
use super::prng::Prng;

/// One row of a study log.
#[derive(Clone)]
pub struct Session {
    /// Index of the item in its course.
    pub item: usize,
    pub started: Moment,
    pub ended: Moment,
    pub watched: i64,
    /// Playback rate in hundredths.
    pub rate: i64,
    pub uploaded: Moment,
    pub ui_events: Option<i64>,
    pub face_prompts: i64,
    pub face_passed: i64,
    /// What a scheme has changed of the rest of the row.
    pub twist: Option<Box<Twist>>,
    /// Delivered with the second day's files.
    pub second_day: bool,
}

/// What a row shows instead of the learner's own things.
#[derive(Clone, Default)]
pub struct Twist {
    pub device: Option<String>,
    pub ip: Option<String>,
    pub agent: Option<String>,
    pub face: Option<String>,
    /// Milliseconds after the start and the end.
    pub milliseconds: (i64, i64),
    /// Seconds watched as a first file has them; a later file has the row again.
    pub first_watched: Option<i64>,
}

impl Session {
    /// The things that the row shows instead of the learner's own.
    pub fn twist(&mut self) -> &mut Twist {
        self.twist.get_or_insert_default()
    }
}

/// A signed half day in the classroom.
#[derive(Clone)]
pub struct Presence {
    pub day: Day,
    pub slot: &'static str,
    pub signed_in: Moment,
    pub signed_out: Moment,
    /// Who taught, if not the teacher of the class; nobody if empty.
    pub teacher: Option<String>,
    /// Where, if not in the room of the class.
    pub room: Option<String>,
    /// Digest of the picture, if it is not one of its own.
    pub photo: Option<u64>,
}

/// A test.
#[derive(Clone)]
pub struct Exam {
    pub kind: &'static str,
    pub started: Moment,
    pub ended: Moment,
    /// Score in tenths.
    pub score: i64,
    pub passed: bool,
    /// Digest of the answers, where it is not theirs alone.
    pub answers: Option<u64>,
}

/// A session of `length` seconds, with what a platform records around it. Faces are checked about every 20 minutes
/// and pass; nearly all rows are uploaded within the hour.
pub fn session(
    item: usize,
    started: Moment,
    watched: i64,
    length: i64,
    prng: &mut Prng,
) -> Session {
    let ended = started + length;
    let delay = if prng.chance(10) {
        prng.between(90_000, 250_000)
    } else {
        prng.between(20, 2_400)
    };
    let face_prompts = length / 1_200 + i64::from(prng.chance(300));
    Session {
        item,
        started,
        ended,
        watched,
        rate: 100,
        uploaded: ended + delay,
        ui_events: Some(prng.between(0, 4) + prng.between(0, 4)),
        face_prompts,
        face_passed: face_prompts,
        twist: None,
        second_day: false,
    }
}

/// Watches a whole course between two days, in order, on one to three occasions a day and mostly in the evening.
///
/// Each item is watched to at least 98.5 %, so the hours are always supported (C05); sessions never overlap (C04),
/// and no day comes near eight hours of 45 minutes (C03).
pub fn study(course: &Course, days: RangeInclusive<Day>, prng: &mut Prng) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::with_capacity(course.items.len() + 4);
    let mut items = course.items.iter().enumerate();
    let mut left = course.seconds();
    let (first, last) = (*days.start(), *days.end());
    let (mut prompts, mut missed) = (0, 0);
    let mut free_from = first * DAY;
    for day in days {
        let days_left = last - day + 1;
        if days_left > 1 && left / (days_left - 1) <= 7_000 && prng.chance(150) {
            continue;
        }
        let wanted = match days_left {
            1 => left,
            _ => left / days_left * prng.between(80, 130) / 100,
        };
        let morning = prng.chance(250).then(|| (prng.between(23_400, 28_800), 30));
        let noon = prng.chance(200).then(|| (prng.between(44_100, 46_800), 50));
        let evening = Some((prng.between(66_000, 72_000), 100));
        let mut today = 0;
        for (second, percent) in [morning, noon, evening].into_iter().flatten() {
            let mut now = (day * DAY + second).max(free_from + 600);
            while today < wanted * percent / 100 {
                let Some((index, item)) = items.next() else {
                    break;
                };
                let watched = item.seconds - prng.below(item.seconds as u64 / 70 + 1) as i64;
                let parts = if watched > 600 && prng.chance(40) {
                    2
                } else {
                    1
                };
                for part in [watched / parts, watched - watched / parts]
                    .into_iter()
                    .take(parts as usize)
                {
                    let pauses = prng.between(2, 3 + part.min(3_000) / 60);
                    let mut session = session(index, now, part, part + pauses, prng);
                    // A prompt is missed now and then, but not more than one in ten (C09), wherever the log ends.
                    prompts += session.face_prompts;
                    if session.face_prompts > 0 && missed < prompts / 10 && prng.chance(20) {
                        session.face_passed -= 1;
                        missed += 1;
                    }
                    now = session.ended + prng.between(5, 90);
                    free_from = session.ended;
                    sessions.push(session);
                }
                today += item.seconds;
                left -= item.seconds;
            }
        }
    }
    sessions
}

/// The half days of a classroom phase: four hours each, morning and afternoon.
pub fn attend(first: Day, half_days: i64, until: Day, prng: &mut Prng) -> Vec<Presence> {
    let slots = (0..half_days).map(|number| (first + number / 2, number % 2 == 0));
    slots
        .take_while(|(day, _)| *day <= until)
        .map(|(day, is_morning)| {
            let (slot, opens, closes) = if is_morning {
                ("am", 29_700, 41_400)
            } else {
                ("pm", 49_500, 61_200)
            };
            Presence {
                day,
                slot,
                signed_in: day * DAY + opens + prng.between(0, 960),
                signed_out: day * DAY + closes + prng.between(0, 600),
                teacher: None,
                room: None,
                photo: None,
            }
        })
        .collect()
}

/// A test that begins at `second` of a day; `failing` of 1,000 do not pass.
pub fn exam(kind: &'static str, day: Day, second: i64, failing: u64, prng: &mut Prng) -> Exam {
    let started = day * DAY + second + prng.between(0, 420);
    let passed = !prng.chance(failing);
    let score = if passed {
        prng.between(600, 980)
    } else {
        prng.between(300, 594)
    };
    Exam {
        kind,
        started,
        ended: started + prng.between(2_700, 6_900),
        score,
        passed,
        answers: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::sample::courses::courses;

    #[test]
    fn honest_learners_trip_nothing() {
        for logs in [1.0, 3.0, 8.0, 60.0] {
            for (number, course) in courses(5, 5, logs).iter().enumerate() {
                let mut prng = Prng::of(5, "test", [number as u64, 0]);
                let days = course.seconds() / 4_500 + 3;
                let mut sessions = study(course, 18_000..=18_000 + days - 1, &mut prng);
                let watched: i64 = sessions.iter().map(|session| session.watched).sum();
                assert!(watched * 1_000 >= course.seconds() * 985, "{logs}");
                assert!(sessions.last().unwrap().ended < (18_000 + days) * DAY + 7_200);
                sessions.sort_by_key(|session| session.started);
                let mut by_day: HashMap<i64, i64> = HashMap::new();
                for session in &sessions {
                    assert!(session.watched <= session.ended - session.started);
                    *by_day.entry(session.started / DAY).or_default() +=
                        session.ended - session.started;
                }
                assert!(by_day.values().all(|seconds| *seconds < 20_000));
                assert!(
                    sessions
                        .windows(2)
                        .all(|pair| pair[0].ended < pair[1].started)
                );
            }
        }
    }
}
