//! A05: more than three entitlements in a calendar year.

use super::super::calendar::{self, Day};
use super::super::courses::{BRICKLAYER_5, CARER_5, COOK_5, HOUSEKEEPER_5, NANNY_5, WELDER_5};
use super::{Group, H, NONE, Planter};

pub fn plant(planter: &mut Planter) {
    let year = planter.window().fullest_year();
    let mut groups = offline_classes(planter, [2, 13, 24, 35, 46].map(|percent| year.at(percent)));
    #[rustfmt::skip]
    let cases = [
        (H, 4, "", "4 entitlements, several cities"),
        (H, 4, "", "4 entitlements, several cities"),
        (H, 5, "", "5 entitlements, several cities"),
        (H, 5, "rejected", "5 entitlements, one of them rejected"),
        (NONE, 3, "", "exactly three"),
        (NONE, 3, "", "exactly three"),
        (NONE, 4, "rejected", "the fourth was rejected"),
        (NONE, 4, "refunded", "the fourth was refunded"),
    ];
    for (verdict, count, last_status, note) in cases {
        let number = attend(planter, &mut groups[..count], last_status);
        let period = calendar::civil(year.first).0.to_string();
        planter.case(verdict, ("person", &number), period, note);
    }
    groups.into_iter().for_each(|group| planter.add(group));
    pairs(planter);
    turn_of_the_year(planter);
}

/// Three blended trainings, each claimed as 20 % and 80 %.
fn pairs(planter: &mut Planter) {
    let Some(window) = planter.split_window() else {
        return;
    };
    let mut groups = [
        planter.open_blended(0, CARER_5, 0, window.at(3)),
        planter.open_blended(2, WELDER_5, 1, window.at(24)),
        planter.open_blended(8, COOK_5, 2, window.at(45)),
    ];
    let period = calendar::civil(window.at(24)).0.to_string();
    for _ in 0..2 {
        let number = attend(planter, &mut groups, "");
        let note = "three 20/80 pairs: six claims, three entitlements";
        planter.case(NONE, ("person", &number), &*period, note);
    }
    groups.into_iter().for_each(|group| planter.add(group));
}

/// Two trainings late in one year and three early in the next, if the sample has such a winter.
fn turn_of_the_year(planter: &mut Planter) {
    let window = planter.window();
    let day = calendar::day;
    let has_winter =
        |year: &i64| window.first <= day(*year, 9, 20) && window.last >= day(year + 1, 4, 15);
    let years = calendar::civil(window.first).0..=calendar::civil(window.last).0;
    let Some(year) = years.into_iter().find(has_winter) else {
        return;
    };
    let (autumn, winter) = ([day(year, 9, 25), day(year, 10, 20)], year + 1);
    let starts = [
        autumn[0],
        autumn[1],
        day(winter, 1, 10),
        day(winter, 2, 1),
        day(winter, 2, 25),
    ];
    let mut groups = offline_classes(planter, starts);
    let number = attend(planter, &mut groups, "");
    let note = "five within 12 months, but two before the turn of the year and three after it";
    for period in [year, winter] {
        planter.case(NONE, ("person", &number), period.to_string(), note);
    }
    groups.into_iter().for_each(|group| planter.add(group));
}

fn offline_classes(planter: &mut Planter, starts: [Day; 5]) -> Vec<Group> {
    let cities = [0, 1, 6, 11, 13];
    let trades = [NANNY_5, COOK_5, WELDER_5, HOUSEKEEPER_5, BRICKLAYER_5];
    let classes = starts.into_iter().zip(cities).zip(trades);
    classes
        .map(|((start, city), trade)| planter.open_offline(city, trade, start))
        .collect()
}

/// Sends a newcomer of the first city through all groups; the last claim gets `last_status`, if any. Gives the
/// person's number.
fn attend(planter: &mut Planter, groups: &mut [Group], last_status: &'static str) -> String {
    let person = planter.newcomer(0);
    let count = groups.len();
    for (place, group) in groups.iter_mut().enumerate() {
        let mut training = planter.train(&group.class, &person, place == 0);
        if place + 1 == count && !last_status.is_empty() {
            training.decide(last_status);
        }
        group.trainings.push(training);
    }
    person.number
}
