//! A05: more than three entitlements in a calendar year.

use super::super::calendar::{self, Day};
use super::super::courses::{
    BRICKLAYER_5, CARER_5, COOK_5, HOUSEKEEPER_5, NANNY_5, Trade, WELDER_5,
};
use super::super::world::Mode;
use super::{Group, Planter, Scheme, Verdict};

pub fn plant(planter: &mut Planter) {
    let year = planter.window().fullest_year();
    let mut groups = offline_classes(planter, [2, 13, 24, 35, 46].map(|percent| year.at(percent)));
    let in_year = calendar::civil(year.first).0.to_string();
    let cases = [
        (
            4,
            "",
            Verdict::Planted("H"),
            "4 entitlements, several cities",
        ),
        (
            4,
            "",
            Verdict::Planted("H"),
            "4 entitlements, several cities",
        ),
        (
            5,
            "",
            Verdict::Planted("H"),
            "5 entitlements, several cities",
        ),
        (
            5,
            "rejected",
            Verdict::Planted("H"),
            "5 entitlements, one of them rejected",
        ),
        (3, "", Verdict::LookAlike(""), "exactly three"),
        (3, "", Verdict::LookAlike(""), "exactly three"),
        (
            4,
            "rejected",
            Verdict::LookAlike(""),
            "the fourth was rejected",
        ),
        (
            4,
            "refunded",
            Verdict::LookAlike(""),
            "the fourth was refunded",
        ),
    ];
    for (count, last_status, verdict, note) in cases {
        let number = attend(planter, &mut groups[..count], last_status);
        planter.case(
            Scheme::A05,
            verdict,
            ("person", &number),
            in_year.clone(),
            note,
        );
    }
    groups.into_iter().for_each(|group| planter.add(group));
    if let Some(window) = planter.split_window() {
        let starts = [3, 24, 45].map(|percent| window.at(percent));
        let [first, second, third] = starts;
        let mut groups = [
            planter.open_blended(0, CARER_5, 0, first),
            planter.open_blended(2, WELDER_5, 1, second),
            planter.open_blended(8, COOK_5, 2, third),
        ];
        let note = "three 20/80 pairs: six claims, three entitlements";
        for _ in 0..2 {
            let number = attend(planter, &mut groups, "");
            let period = calendar::civil(first + 24).0.to_string();
            planter.case(
                Scheme::A05,
                Verdict::LookAlike(""),
                ("person", &number),
                period,
                note,
            );
        }
        groups.into_iter().for_each(|group| planter.add(group));
    }
    turn_of_the_year(planter);
}

/// Two trainings late in one year and three early in the next, if the sample has such a winter.
fn turn_of_the_year(planter: &mut Planter) {
    let window = planter.window();
    let (first_year, last_year) = (
        calendar::civil(window.first).0,
        calendar::civil(window.last).0,
    );
    let has_winter = |year: &i64| {
        window.first <= calendar::day(*year, 9, 20) && window.last >= calendar::day(year + 1, 4, 15)
    };
    let Some(year) = (first_year..=last_year).find(has_winter) else {
        return;
    };
    let next = year + 1;
    let starts = [
        (year, 9, 25),
        (year, 10, 20),
        (next, 1, 10),
        (next, 2, 1),
        (next, 2, 25),
    ];
    let mut groups = offline_classes(
        planter,
        starts.map(|(year, month, day)| calendar::day(year, month, day)),
    );
    for _ in 0..2 {
        let number = attend(planter, &mut groups, "");
        for period in [year, next] {
            let note = format!("five within 12 months, but two in {year} and three in {next}");
            planter.case(
                Scheme::A05,
                Verdict::LookAlike(""),
                ("person", &number),
                period.to_string(),
                note,
            );
        }
    }
    groups.into_iter().for_each(|group| planter.add(group));
}

fn offline_classes(planter: &mut Planter, starts: [Day; 5]) -> Vec<Group> {
    let trades: [(usize, &'static Trade); 5] = [
        (0, NANNY_5),
        (1, COOK_5),
        (6, WELDER_5),
        (11, HOUSEKEEPER_5),
        (13, BRICKLAYER_5),
    ];
    let classes = starts.into_iter().zip(trades);
    classes
        .map(|(start, (city, trade))| planter.open(city, trade, Mode::Offline, start, None))
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
            training
                .claims
                .iter_mut()
                .for_each(|claim| claim.decide(last_status));
        }
        group.trainings.push(training);
    }
    person.number
}
