//! A09: classes whose people are too much alike.

use std::collections::BTreeSet;

use super::super::calendar::Day;
use super::super::courses::COOK_5;
use super::{NONE, Planter, S, Verdict};

/// Counties that are gone: numbers of them live on, and no ordinary learner has one.
const OLD_COUNTIES: [i64; 6] = [LINGXIAN, CHIPING, 371_624, ZOUPING, DINGTAO, 371_081];
/// In Dezhou.
const LINGXIAN: i64 = 371_421;
/// In Liaocheng.
const CHIPING: i64 = 371_523;
/// In Binzhou.
const ZOUPING: i64 = 371_626;
/// In Heze.
const DINGTAO: i64 = 371_727;
/// Never given out: here any sequence will do.
const NO_DIVISION: i64 = 370_199;
/// Days of a year, twenty times.
const TWENTY_YEARS: i64 = 7_305;

/// A learner of a class: division, age in days and sequence; none for a newcomer of the city.
type Number = Option<(i64, i64, i64)>;

pub fn plant(planter: &mut Planter) {
    let years = |years: i64| years * TWENTY_YEARS / 20;
    let mixed = |place: i64| OLD_COUNTIES[place as usize % OLD_COUNTIES.len()];
    // People of several counties, each some days older than the one before.
    let aged = |count: i64, youngest: i64, step: i64| -> Vec<Number> {
        let number = |place| (mixed(place), youngest + place * step, 996 + place % 4);
        (0..count).map(|place| Some(number(place))).collect()
    };
    // People of one county and of any age.
    let from = |count: i64, county: i64| -> Vec<Number> {
        let number = |place: i64| (county, years(22) + place * 601, 996 + place % 4);
        (0..count).map(|place| Some(number(place))).collect()
    };
    // People born in one place and on one day.
    let row = |count: i64, step: i64, age: i64| -> Vec<Number> {
        let number = |place: i64| (NO_DIVISION, age, 101 + place * step);
        (0..count).map(|place| Some(number(place))).collect()
    };
    let strangers = |count: usize| -> Vec<Number> { vec![None; count] };
    let with = |first: Vec<Number>, second: Vec<Number>| [first, second].concat();
    // The spread of 15 ages, 122 days from one to the next, is 1.494 years; of 123 days, 1.506 years. Their mean is
    // that of the youngest and seven steps more: one day less than 20 years for the first class.
    let youngest = TWENTY_YEARS - 1 - 7 * 122;
    #[rustfmt::skip]
    let cases: [(Verdict, usize, bool, Vec<Number>, &str); 17] = [
        (S, 2, true, aged(15, youngest, 122), "15 persons, mean age just under 20, sd of ages just under 1.5 y"),
        (S, 3, false, aged(16, years(17), 40), "16 persons, mean age under 20, sd of ages 0.5 y"),
        (NONE, 2, false, aged(15, youngest - 60, 123), "mean age under 20, sd of ages just over 1.5 y"),
        (NONE, 4, false, aged(15, youngest + 1, 122), "sd of ages just under 1.5 y, mean age 20"),
        (NONE, 3, false, aged(14, years(17), 40), "sd of ages 0.5 y, but 14 persons"),
        (S, 5, false, with(aged(18, years(30), 42), aged(2, years(44), 800)), "18 of 20 born within 24 months"),
        (S, 10, true, aged(15, years(41), 9), "all 15 born within half a year"),
        (NONE, 5, false, with(aged(17, years(31), 42), aged(2, years(44), 800)), "17 of 19 born within 24 months, 89.5 %"),
        (NONE, 10, false, aged(16, years(44), 120), "born within 60 months"),
        (S, 6, false, with(from(18, LINGXIAN), strangers(2)), "18 of 20 numbers of one county of another city"),
        (S, 8, true, from(15, DINGTAO), "all 15 numbers of one county of another city"),
        (NONE, 6, false, with(from(17, CHIPING), strangers(2)), "17 of 19 numbers of one county of another city, 89.5 %"),
        (NONE, 14, false, from(16, ZOUPING), "village outreach: one county of the class's own city"),
        (S, 7, false, with(row(5, 1, years(35)), strangers(11)), "5 consecutive numbers"),
        (S, 11, false, with(row(6, 2, years(36)), strangers(12)), "6 numbers of one place and day, each two after the other"),
        (NONE, 7, false, with(row(4, 1, years(37)), strangers(12)), "4 consecutive numbers"),
        (NONE, 11, false, with(row(6, 3, years(38)), strangers(12)), "6 numbers of one place and day, each three after the other"),
    ];
    let mut taken = BTreeSet::new();
    for (place, (verdict, city, is_claimed, numbers, note)) in cases.into_iter().enumerate() {
        let start = planter.window().at(5 + 2 * place as i64);
        let mut group = planter.open_offline(city, COOK_5, start);
        for number in numbers {
            let person = match number {
                Some((division, age, sequence)) => {
                    let birth = free(&mut taken, division, start - age, sequence);
                    planter.born(city, division, birth, sequence)
                }
                None => planter.newcomer(city),
            };
            if person.division == NO_DIVISION {
                let note = "division never assigned";
                planter.collateral("A01", ("person", &person.number), "", note);
            }
            let mut training = planter.train(&group.class, &person, true);
            if !is_claimed {
                training.uncertified();
            }
            group.trainings.push(training);
        }
        planter.case(verdict, ("class", &group.class.id()), "", note);
        planter.add(group);
    }
}

/// The birth date, or the next one that no other class has a number of.
fn free(taken: &mut BTreeSet<(i64, Day, i64)>, division: i64, birth: Day, sequence: i64) -> Day {
    let mut free = birth;
    while !taken.insert((division, free, sequence)) {
        free += 1;
    }
    free
}
