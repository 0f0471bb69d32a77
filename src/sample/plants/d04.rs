//! D04: more learners than seats, more hours than days, class after class filled to the brim.

use super::super::calendar::{DAY, Day};
use super::super::courses::{BRICKLAYER_5, HOUSEKEEPER_5, WELDER_5};
use super::super::learning::Presence;
use super::super::people::Person;
use super::super::world::CAPACITY;
use super::{Group, H, NONE, Planter, Verdict, W};

const CITY: usize = 11;

pub fn plant(planter: &mut Planter) {
    let mut crowd = Crowd {
        people: (0..CROWD).map(|_| (planter.newcomer(CITY), true)).collect(),
    };
    brims(planter, &mut crowd);
    seats(planter, &mut crowd);
    days(planter);
}

/// A prime: steps of any size visit everybody.
const CROWD: usize = 101;

/// People who fill seats again and again, and complete and claim nothing.
struct Crowd {
    /// Who they are, and whether they have not been in a class yet.
    people: Vec<(Person, bool)>,
}

impl Crowd {
    /// Fills a class of one day with some of them, each `step` places after the one before: classes of different
    /// steps have at most two learners of three in common. At most `heads` are there at a time.
    fn fill(
        &mut self,
        planter: &mut Planter,
        group: &mut Group,
        step: usize,
        learners: usize,
        heads: usize,
    ) {
        group.class.end = group.class.start;
        group.class.offline = 800;
        for place in 0..learners {
            let (person, is_new) = &mut self.people[(place + 1) * step % CROWD];
            let is_first = std::mem::take(is_new);
            let mut training = planter.train(&group.class, person, is_first);
            training.give_up();
            // Those who find no seat in the morning come in the afternoon.
            if place + heads < learners {
                training.presences.retain(|presence| presence.slot == "pm");
            } else if place >= heads {
                training.presences.retain(|presence| presence.slot == "am");
            }
            group.trainings.push(training);
        }
    }
}

/// Two schools with one crowd: ten classes of 49 and 50 in one of them, nine in the other.
fn brims(planter: &mut Planter, crowd: &mut Crowd) {
    let schools = [(10, W, 0), (9, NONE, 2)];
    for (classes, verdict, days) in schools {
        let host = planter.school_for(CITY, HOUSEKEEPER_5);
        for round in 0..classes {
            let start = planter.window().at(5 + 4 * round as i64) + days;
            let mut group = planter.open_hosted(&host, CITY, HOUSEKEEPER_5, start);
            let cap = CAPACITY as usize;
            let size = cap - round % 2;
            let step = 1 + round + 10 * usize::from(verdict == NONE);
            crowd.fill(planter, &mut group, step, size, cap);
            let note =
                format!("{size} learners, in one of {classes} classes of 49 and 50 of one school");
            planter.case(verdict, ("class", &group.class.id()), "", note);
            planter.add(group);
        }
    }
}

/// Classes around their own capacity and the city's cap.
fn seats(planter: &mut Planter, crowd: &mut Crowd) {
    let host = planter.school_for(CITY, WELDER_5);
    #[rustfmt::skip]
    let cases = [
        (H, Some(12), 13, "13 learners in a class of 12"),
        (H, Some(12), 24, "24 learners in a class of 12"),
        (H, Some(60), 51, "51 learners in a class of 60: more than the city's 50"),
        (H, None, 51, "51 learners in a class without a capacity"),
        (NONE, Some(12), 12, "12 learners in a class of 12"),
        (NONE, Some(60), 50, "50 learners in a class of 60"),
        (NONE, None, 30, "30 learners in a class without a capacity"),
    ];
    for (place, (verdict, capacity, learners, note)) in cases.into_iter().enumerate() {
        let start = planter.window().at(47 + 2 * place as i64);
        let mut group = planter.open_hosted(&host, CITY, WELDER_5, start);
        group.class.capacity = capacity;
        let heads = capacity.map_or(learners, |capacity| capacity as usize);
        crowd.fill(planter, &mut group, 21 + place, learners, heads);
        planter.case(verdict, ("class", &group.class.id()), "", note);
        planter.add(group);
    }
}

/// Classes around eight hours a day.
fn days(planter: &mut Planter) {
    let start = planter.window().at(13);
    // Hours in hundredths, and days with attendance.
    #[rustfmt::skip]
    let cases: [(Verdict, i64, Day, &str); 7] = [
        (H, 4_000, 4, "40 hours in 4 days"),
        (H, 4_001, 5, "40.01 hours in 5 days"),
        (H, 4_000, 1, "40 hours in one day"),
        (H, 4_000, 0, "40 hours without any attendance"),
        (NONE, 4_000, 5, "40 hours in 5 days"),
        (NONE, 3_600, 5, "36 hours in 5 days"),
        (NONE, 4_000, 6, "40 hours in 6 days, one of them a half day"),
    ];
    for (verdict, hours, days, note) in cases {
        let mut group = planter.open_offline(CITY, BRICKLAYER_5, start);
        group.class.offline = hours;
        group.class.end = start + 5;
        for _ in 0..3 {
            let mut training = planter.train_newcomer(&group.class);
            training.offline = hours;
            // Forty hours are ten half days; the sixth day has one more.
            if let (6, Some(last)) = (days, training.presences.last().cloned()) {
                training.presences.push(Presence {
                    day: last.day + 1,
                    signed_in: last.signed_in + DAY,
                    signed_out: last.signed_out + DAY,
                    ..last
                });
            }
            training
                .presences
                .retain(|presence| presence.day < start + days);
            group.trainings.push(training);
        }
        planter.case(verdict, ("class", &group.class.id()), "", note);
        planter.add(group);
    }
}
