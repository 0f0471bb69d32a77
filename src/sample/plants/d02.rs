//! D02: classes in which everybody is always there, at the same second or in the same order.

use super::super::calendar::DAY;
use super::super::courses::ELECTRICIAN_5;
use super::super::people::Person;
use super::super::training::Training;
use super::{Group, NONE, Planter, S, Verdict};

const CITY: usize = 1;
/// By its definition the indicator hits a class that marches in too.
const MARCHING: Verdict = Verdict::LookAlike("S");

/// How a class signs in.
#[derive(Clone, Copy)]
struct Habit {
    learners: usize,
    days: i64,
    /// Seconds from one sign-in to the next one.
    step: i64,
    /// Days on which the order is another one, the first ones left out.
    shuffled: i64,
    /// Half days that someone misses.
    missed: usize,
}

pub fn plant(planter: &mut Planter) {
    const FROZEN: Habit = Habit {
        learners: 20,
        days: 5,
        step: 10,
        shuffled: 4,
        missed: 0,
    };
    const ORDERED: Habit = Habit {
        step: 30,
        shuffled: 0,
        ..FROZEN
    };
    // The sample standard deviation of twenty sign-ins is 5.916 times the seconds between two of them.
    #[rustfmt::skip]
    let cases = [
        (S, Habit { step: 0, ..FROZEN }, "all of 20 sign in at one second"),
        (S, FROZEN, "sd of the sign-in times 59.2 s"),
        (S, ORDERED, "same order on each of 5 days"),
        (S, Habit { shuffled: 1, ..ORDERED }, "same order on 4 of 5 days"),
        (MARCHING, Habit { step: 2, shuffled: 4, ..FROZEN }, "a factory class marches in within 40 s"),
        (NONE, Habit { step: 11, ..FROZEN }, "sd of the sign-in times 65 s, order changing"),
        (NONE, Habit { shuffled: 2, ..ORDERED }, "same order on 3 of 5 days"),
        (NONE, Habit { learners: 19, step: 0, ..FROZEN }, "at one second, but 19 persons"),
        (NONE, Habit { days: 4, step: 0, ..FROZEN }, "at one second, but 4 days"),
        (NONE, Habit { missed: 1, step: 0, ..FROZEN }, "at one second, but one half day missed by one person"),
        (NONE, Habit { step: 45, ..FROZEN }, "everybody always there, at times and in orders of life"),
    ];
    // One school and one crowd, a third of it in each class; only the first class is tested and paid.
    let host = planter.school_for(CITY, ELECTRICIAN_5);
    let crowd: Vec<Person> = (0..60).map(|_| planter.newcomer(CITY)).collect();
    for (place, (verdict, habit, note)) in cases.into_iter().enumerate() {
        let start = planter.window().at(4 + 4 * place as i64);
        let mut group = planter.open_hosted(&host, CITY, ELECTRICIAN_5, start);
        for learner in 0..habit.learners {
            let person = &crowd[place % 3 * 20 + learner];
            let mut training = planter.train(&group.class, person, place < 3);
            if place > 0 {
                training.uncertified();
            }
            sign_in(&mut training, habit, learner as i64, start);
            group.trainings.push(training);
        }
        shorten(&mut group, habit.days);
        if habit.missed > 0
            && let Some(training) = group.trainings.last_mut()
        {
            training.presences.remove(3);
        }
        planter.case(verdict, ("class", &group.class.id()), "", note);
        planter.add(group);
    }
}

/// Signs a learner in by the habit of the class.
fn sign_in(training: &mut Training, habit: Habit, learner: i64, start: i64) {
    let count = habit.learners as i64;
    training
        .presences
        .retain(|presence| presence.day < start + habit.days);
    for presence in &mut training.presences {
        let day = presence.day - start;
        // Seven shares no factor with 19 or 20: each such day has an order of its own.
        let is_shuffled = day >= habit.days - habit.shuffled;
        let place = if is_shuffled {
            (learner * 7 + day * 3) % count
        } else {
            learner
        };
        let opens = if presence.slot == "am" {
            29_700
        } else {
            49_500
        };
        presence.signed_in = presence.day * DAY + opens + place * habit.step;
    }
}

/// Hours that fit the days of the class.
fn shorten(group: &mut Group, days: i64) {
    let hours = 800 * days;
    group.class.offline = hours.min(group.class.offline);
    group.class.end = group.class.start + days - 1;
    for training in &mut group.trainings {
        training.offline = hours.min(training.offline);
        training.completed_on = Some(group.class.end);
    }
}
