//! D01: teachers and rooms in two places at once, or in none; days too long for a teacher; more heads than seats.

use super::super::calendar::{self, DAY, Day};
use super::super::courses::HOUSEKEEPER_5;
use super::super::learning::Presence;
use super::{Group, H, Host, NONE, Planter, S, Verdict};

const CITY: usize = 9;

pub fn plant(planter: &mut Planter) {
    teachers(planter);
    rooms(planter);
    long_days(planter);
    missing(planter);
    heads(planter);
}

/// An offline class of `learners` who are there all the time; nobody is tested or paid.
fn seated(planter: &mut Planter, host: &Host, start: Day, learners: usize) -> Group {
    let mut group = planter.open_hosted(host, CITY, HOUSEKEEPER_5, start);
    for _ in 0..learners {
        let mut training = planter.train_newcomer(&group.class);
        training.uncertified();
        group.trainings.push(training);
    }
    group
}

/// A school of its own, so that a case is its school's only one.
fn host(planter: &mut Planter) -> Host {
    planter.school_for(CITY, HOUSEKEEPER_5)
}

/// All signatures of one half day of a class.
fn half_day<'a>(
    group: &'a mut Group,
    day: Day,
    slot: &'static str,
) -> impl Iterator<Item = &'a mut Presence> {
    let presences = group
        .trainings
        .iter_mut()
        .flat_map(|training| &mut training.presences);
    presences.filter(move |presence| presence.day == day && presence.slot == slot)
}

fn slot_text(day: Day, slot: &str) -> String {
    format!("{}|{slot}", calendar::date_text(day))
}

/// The teacher of one class teaches another one in one of its half days.
fn teachers(planter: &mut Planter) {
    let start = planter.window().at(26);
    let own = host(planter);
    let mut first = seated(planter, &own, start, 4);
    let mut second = seated(planter, &own, start, 4);
    let teacher = first.class.teacher.clone();
    let (monday, tuesday, wednesday) = (start, start + 1, start + 2);
    // In both rooms.
    for (day, slot) in [(monday, "am"), (tuesday, "pm")] {
        for presence in half_day(&mut second, day, slot) {
            presence.teacher = Some(teacher.clone());
        }
        let note = "one teacher in two rooms";
        planter.case(H, ("teacher", &teacher), slot_text(day, slot), note);
    }
    // Two learners of one class signed in another room than the others.
    for presence in half_day(&mut first, wednesday, "am").take(2) {
        presence.room = Some("R-annex".to_owned());
    }
    let period = slot_text(wednesday, "am");
    let note = "one teacher and one class in two rooms";
    planter.case(H, ("teacher", &teacher), period, note);
    // Two teachers share a class.
    let helper = format!("{teacher}-2");
    for presence in half_day(&mut first, start + 3, "am").take(2) {
        presence.teacher = Some(helper.clone());
    }
    let note = "two teachers share a class";
    for teacher in [&teacher, &helper] {
        planter.case(NONE, ("teacher", teacher), slot_text(start + 3, "am"), note);
    }
    // The morning here, the afternoon there.
    let other = second.class.teacher.clone();
    for presence in half_day(&mut second, start + 3, "pm") {
        presence.teacher = Some(format!("{other}-2"));
    }
    for presence in half_day(&mut first, start + 3, "pm") {
        presence.teacher = Some(other.clone());
    }
    for (slot, note) in [
        ("am", "in one room in the morning"),
        ("pm", "in another one in the afternoon"),
    ] {
        planter.case(NONE, ("teacher", &other), slot_text(start + 3, slot), note);
    }
    planter.add(first);
    planter.add(second);
}

/// Two classes in one room.
fn rooms(planter: &mut Planter) {
    let start = planter.window().at(31);
    let own = host(planter);
    let mut first = seated(planter, &own, start, 4);
    let mut second = seated(planter, &own, start, 4);
    let (room, teacher) = (first.class.room.clone(), first.class.teacher.clone());
    for (day, slot) in [(start, "am"), (start + 2, "pm")] {
        for presence in half_day(&mut second, day, slot) {
            presence.room = Some(room.clone());
        }
        let note = "two classes in one room";
        planter.case(H, ("room", &room), slot_text(day, slot), note);
    }
    // Taught together: the teacher is in one place, the room holds two classes.
    for presence in half_day(&mut second, start + 3, "am") {
        presence.room = Some(room.clone());
        presence.teacher = Some(teacher.clone());
    }
    let period = slot_text(start + 3, "am");
    let note = "two classes taught together in one room";
    planter.case(H, ("room", &room), &*period, note);
    let note = "one teacher teaches two classes together in one room";
    planter.case(NONE, ("teacher", &teacher), period, note);
    // One class after the other.
    let annex = format!("{room}-2");
    for presence in half_day(&mut first, start + 1, "am") {
        presence.room = Some(annex.clone());
    }
    for presence in half_day(&mut second, start + 1, "pm") {
        presence.room = Some(annex.clone());
    }
    for (slot, note) in [
        ("am", "one class in the morning"),
        ("pm", "another one in the afternoon"),
    ] {
        planter.case(NONE, ("room", &annex), slot_text(start + 1, slot), note);
    }
    planter.add(first);
    planter.add(second);
}

/// Morning, afternoon and evening: days around ten hours of 45 minutes.
fn long_days(planter: &mut Planter) {
    let start = planter.window().at(36);
    let own = host(planter);
    let mut group = seated(planter, &own, start, 5);
    let teacher = group.class.teacher.clone();
    // Begin and end of the three sessions in seconds of the day.
    #[rustfmt::skip]
    let days = [
        (S, [(29_700, 40_500), (48_600, 59_400), (64_800, 70_201)], "27,001 s, one second over 10 hrs"),
        (S, [(29_700, 41_700), (48_600, 60_600), (64_800, 75_600)], "34,800 s, 12.9 hrs"),
        (NONE, [(29_700, 40_500), (48_600, 59_400), (64_800, 70_200)], "exactly 10 hrs"),
        (NONE, [(29_700, 40_500), (39_600, 50_400), (64_800, 70_201)], "10 hrs and a second, of which 15 minutes twice"),
    ];
    for training in &mut group.trainings {
        let model = training.presences.first().cloned();
        training.presences.clear();
        for (day, (_, sessions, _)) in (start..).zip(&days) {
            for (slot, (begin, end)) in ["am", "pm", "evening"].into_iter().zip(sessions) {
                training
                    .presences
                    .extend(model.clone().map(|model| Presence {
                        day,
                        slot,
                        signed_in: day * DAY + begin,
                        signed_out: day * DAY + end,
                        ..model
                    }));
            }
        }
    }
    // Everybody is a little late and leaves a little earlier than the first one.
    for (late, training) in (0..).zip(&mut group.trainings) {
        for presence in &mut training.presences {
            presence.signed_in += late * 37;
            presence.signed_out -= late * 23;
        }
    }
    for (day, (verdict, _, note)) in (start..).zip(days) {
        planter.case(
            verdict,
            ("teacher", &teacher),
            calendar::date_text(day),
            note,
        );
    }
    // Four days are enough for the hours that are recorded.
    group.class.end = start + 3;
    for training in &mut group.trainings {
        training.completed_on = Some(group.class.end);
        training.offline = 3_200;
    }
    group.class.offline = 3_200;
    planter.add(group);
}

/// Schools some of whose half days name no teacher.
fn missing(planter: &mut Planter) {
    // The first day of a month, so that all of it is in one month.
    let (year, month, _) = calendar::civil(planter.window().at(38));
    let start = calendar::day(year, month, 3);
    let period = calendar::month_text(start);
    // Half days of each class and those without a teacher, among all classes of the school.
    #[rustfmt::skip]
    let cases: [(Verdict, &[usize], usize, &str, &str); 6] = [
        (S, &[10], 1, "", "1 of 10 sessions without a teacher"),
        (S, &[10, 9], 1, "", "1 of 19 sessions without a teacher, 5.3 %"),
        (S, &[10], 10, "", "no teacher at all"),
        (S, &[10], 2, "无", "2 of 10 sessions with a word for none as the teacher"),
        (NONE, &[10, 10], 1, "", "1 of 20 sessions without a teacher, exactly 5 %"),
        (NONE, &[10], 0, "", "a teacher in each session"),
    ];
    for (verdict, classes, missing, word, note) in cases {
        let own = host(planter);
        for (place, half_days) in classes.iter().enumerate() {
            let mut group = seated(planter, &own, start, 3);
            for training in &mut group.trainings {
                training.presences.truncate(*half_days);
                training.offline = *half_days as i64 * 400;
                if place == 0 {
                    for presence in training.presences.iter_mut().take(missing) {
                        presence.teacher = Some(word.to_owned());
                    }
                }
            }
            group.class.offline = *half_days as i64 * 400;
            group.class.end = start + 4;
            for training in &mut group.trainings {
                training.completed_on = Some(group.class.end);
            }
            planter.add(group);
        }
        planter.case(verdict, ("org", &own.id), "", note);
        if missing > 0 && verdict == S {
            let note = "teachers missing, where there are peers";
            planter.collateral("F05", ("org", &own.id), &*period, note);
        } else if missing > 0 {
            let note = "5 % of the teachers missing, where there are peers";
            planter.collateral("F05", ("org", &own.id), &*period, note);
        }
    }
}

/// Half days around the capacity of a class.
fn heads(planter: &mut Planter) {
    let start = planter.window().at(33);
    let own = host(planter);
    let mut over = seated(planter, &own, start, 13);
    over.class.capacity = Some(12);
    let class = over.class.id();
    // Full house on the first afternoon and the whole second day; else someone is missing.
    let days: Vec<(Day, &str)> = over
        .trainings
        .first()
        .map(|training| {
            let presences = training.presences.iter();
            presences
                .map(|presence| (presence.day, presence.slot))
                .collect()
        })
        .unwrap_or_default();
    for (number, (day, slot)) in days.into_iter().enumerate() {
        let is_full = (1..4).contains(&number);
        let is_crowded = if is_full { S } else { NONE };
        let note = if is_full {
            "13 heads in a class of 12"
        } else {
            "12 heads in a class of 12, one of 13 learners is missing"
        };
        if !is_full && let Some(training) = over.trainings.get_mut(number % 13) {
            training
                .presences
                .retain(|presence| (presence.day, presence.slot) != (day, slot));
        }
        planter.case(is_crowded, ("class", &class), slot_text(day, slot), note);
    }
    let note = "13 learners in a class of 12";
    planter.collateral("D04", ("class", &class), "", note);
    planter.add(over);
    let mut full = seated(planter, &own, start, 12);
    full.class.capacity = Some(12);
    let class = full.class.id();
    for slot in ["am", "pm"] {
        let note = "12 heads in a class of 12";
        planter.case(NONE, ("class", &class), slot_text(start, slot), note);
    }
    planter.add(full);
}
