//! C08: many end one lesson at once.

use super::super::calendar::minute_text;
use super::super::learning::Session;
use super::kit::at;
use super::{NONE, Planter, S, Verdict};

const CITY: usize = 8;
const PLATFORM: usize = 5;
const VIDEO: i64 = 1_800;
/// The item that is short and played again and again.
const QUIZ: i64 = 60;
/// Learners of the class.
const PERSONS: usize = 26;
/// 19:30, when things happen.
const MINUTE: i64 = 70_200;
/// Hit by its definition, though a live lesson ends like that.
const LIVE: Verdict = Verdict::LookAlike("S");

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(25);
    let mut lengths = [VIDEO; 9];
    lengths[8] = QUIZ;
    let mut group = planter.open_videos(CITY, PLATFORM, start, &lengths);
    group.class.end = start + 10;
    group.class.classroom_from = group.class.end + 1;
    // Of the learners so many end the item of the day in one second, or in one minute and different seconds.
    #[rustfmt::skip]
    let cases = [
        (S, 5, 0, "5 persons in one second"),
        (S, 14, 0, "14 persons in one second"),
        (NONE, 4, 0, "4 persons in one second"),
        (S, 0, 20, "20 persons in one minute"),
        (NONE, 0, 19, "19 persons in one minute"),
        (LIVE, 0, 26, "a live lesson that ends for 26 persons in one minute"),
        (NONE, 2, 0, "a couple in one second"),
        (NONE, 0, 12, "12 persons in one minute"),
    ];
    let mut logs: Vec<Vec<Session>> = vec![Vec::new(); PERSONS];
    let course = group.class.course.unwrap_or_default();
    for (item, (verdict, in_second, in_minute, note)) in cases.into_iter().enumerate() {
        let minute = at(start + 1 + item as i64, MINUTE);
        for (place, log) in logs.iter_mut().enumerate() {
            let ended = match place {
                _ if place < in_second => minute + 17,
                // At most three in a second.
                _ if place < in_minute => minute + 2 + place as i64 % 10 * 5,
                // The others in minutes of their own, over three hours.
                _ => minute + 1_260 + place as i64 * 300 + place as i64 * 7 % 60,
            };
            log.push(planter.view(item, ended - VIDEO, VIDEO));
        }
        let id = planter.planted.world.courses[course].items[item].id.clone();
        planter.case(verdict, ("item", &id), minute_text(minute), note);
    }
    quiz(
        planter,
        &mut logs,
        at(start + 1 + cases.len() as i64, MINUTE),
    );
    let minute = minute_text(at(start + 1 + cases.len() as i64, MINUTE));
    let id = planter.planted.world.courses[course].items[cases.len()]
        .id
        .clone();
    let note = "20 persons in one minute, of an item that is played 600 times an hour";
    planter.case(NONE, ("item", &id), minute, note);
    for log in logs {
        let mut training = planter.train_newcomer(&group.class);
        training.sessions = log;
        group.trainings.push(training);
    }
    planter.add(group);
}

/// Everybody plays the short item about 24 times between 19:00 and 20:00, twenty of them to an end in one minute.
fn quiz(planter: &mut Planter, logs: &mut [Vec<Session>], minute: i64) {
    let hour = minute - MINUTE % 3_600;
    for (place, log) in logs.iter_mut().enumerate() {
        let place = place as i64;
        for round in 0..24 {
            // Rounds of 148 seconds, begun at different seconds; the twelfth is to end in the minute.
            let ended = hour + 62 + round * 148 + place * 5 % 120;
            let ended = match round {
                11 if place < 20 => minute - 60 + place % 10 * 5,
                12 if place < 20 => minute + 5 + place % 10 * 5,
                13 if place < 20 => ended.max(minute + 130 + place),
                _ => ended,
            };
            log.push(planter.view(8, ended - QUIZ, QUIZ));
        }
    }
}
