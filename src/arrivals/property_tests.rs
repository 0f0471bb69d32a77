use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, Weekday};
use proptest::prelude::*;

use super::*;

const CITIES: [&str; 2] = ["370100", "370200"];
const START: NaiveDate = NaiveDate::from_epoch_days(18_628).unwrap(); // 2021-01-01

fn day(offset: i64) -> NaiveDate {
    START + chrono::TimeDelta::days(offset)
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let rhythm = prop_oneof![
        Just(Rhythm::Daily),
        Just(Rhythm::Weekly(Weekday::Mon)),
        (1_u32..=31).prop_map(Rhythm::Monthly),
    ];
    (rhythm, 0_u32..10, 0_u64..5).prop_map(|(rhythm, grace_days, later)| Calendar {
        cities: CITIES.map(str::to_owned).to_vec(),
        expected: vec![Expected {
            feed: "claims".to_owned(),
            rhythm,
            cities: vec![CITIES[0].to_owned()],
            grace_days,
            holds_release: true,
            starts_on: START + Days::new(later),
        }],
        release: Some(ReleaseRule {
            not_before_cities: 2,
            give_up_after_days: None,
        }),
    })
}

fn an_arrival() -> impl Strategy<Value = Arrival> {
    let outcome = prop_oneof![
        4 => (0_i64..5).prop_map(|rows| ArrivalOutcome::Accepted { rows }),
        1 => Just(ArrivalOutcome::Empty),
        1 => Just(ArrivalOutcome::Refused { reason: "broken".to_owned() }),
    ];
    let feed = prop_oneof![8 => Just("claims"), 1 => Just("classes")];
    let city = prop_oneof![8 => Just(CITIES[0]), 1 => Just(CITIES[1]), 1 => Just("379999")];
    (feed, city, -3_i64..45, 0..4, outcome).prop_map(|(feed, city_code, offset, name, outcome)| {
        Arrival {
            feed: feed.to_owned(),
            city_code: city_code.to_owned(),
            on: day(offset),
            object: format!("{feed}/{name}.csv"),
            outcome,
        }
    })
}

fn arrivals() -> impl Strategy<Value = Vec<Arrival>> {
    prop::collection::vec(an_arrival(), 0..30)
}

fn by_key(rows: &[BoardRow]) -> BTreeMap<(NaiveDate, &str, &str), &BoardRow> {
    let key = |row| -> ((NaiveDate, &str, &str), &BoardRow) {
        let row: &BoardRow = row;
        ((row.day, row.city_code.as_str(), row.feed.as_str()), row)
    };
    rows.iter().map(key).collect()
}

/// How well a row is served: arrived, only refused files, nothing.
fn rank(row: &BoardRow) -> u8 {
    match row.status {
        status if status.has_arrived() => 2,
        ArrivalStatus::Refused => 1,
        _ => 0,
    }
}

fn accepted(arrival: &Arrival) -> i64 {
    match arrival.outcome {
        ArrivalOutcome::Accepted { rows } => rows,
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_arrival_is_counted_once(
        calendar in calendars(), arrivals in arrivals(), as_of in -3_i64..45,
    ) {
        let as_of = day(as_of);
        let rows = board(&calendar, &arrivals, as_of);
        prop_assert_eq!(by_key(&rows).len(), rows.len(), "a key stands twice");
        let came: Vec<&Arrival> = arrivals.iter().filter(|arrival| arrival.on <= as_of).collect();
        let expected = &calendar.expected[0];
        let is_expected = |arrival: &&&Arrival| {
            arrival.feed == expected.feed
                && expected.cities.contains(&arrival.city_code)
                && arrival.on >= expected.starts_on
        };
        for wanted in [true, false] {
            let matching = || came.iter().filter(|arrival| is_expected(arrival) == wanted);
            let rows = || rows.iter().filter(|row| row.expected == wanted);
            prop_assert_eq!(rows().map(|row| row.files).sum::<i64>(), matching().count() as i64);
            let accepted: i64 = matching().map(|arrival| accepted(arrival)).sum();
            prop_assert_eq!(rows().map(|row| row.rows).sum::<i64>(), accepted);
        }
        for row in &rows {
            prop_assert_eq!(row.status.has_arrived(), row.received_on.is_some());
            if row.expected {
                prop_assert!(expected.rhythm.is_due(row.day) && row.day >= expected.starts_on);
                prop_assert!(row.day <= as_of || row.files > 0);
                prop_assert_eq!(row.days_late.is_some(), row.received_on.is_some());
            }
        }
        let due = expected.starts_on.iter_days().take_while(|day| *day <= as_of);
        let due = due.filter(|day| expected.rhythm.is_due(*day)).count();
        let shown = rows.iter().filter(|row| row.expected && row.day <= as_of).count();
        prop_assert_eq!(shown, due, "each due day has its row");
    }

    #[test]
    fn one_more_arrival_never_takes_anything_away(
        calendar in calendars(), arrivals in arrivals(), more in an_arrival(), as_of in 0_i64..45,
    ) {
        let as_of = day(as_of);
        let before = board(&calendar, &arrivals, as_of);
        let mut increased = arrivals.clone();
        increased.push(more);
        let after = board(&calendar, &increased, as_of);
        let after_by_key = by_key(&after);
        for (key, row) in by_key(&before) {
            let now = after_by_key.get(&key).copied();
            prop_assert!(now.is_some(), "{:?} is gone", row);
            let Some(now) = now else { continue };
            prop_assert!(rank(now) >= rank(row), "{:?} became {:?}", row, now);
            if let (Some(was), Some(is)) = (row.days_late, now.days_late) {
                prop_assert!(is <= was, "{:?} became {:?}", row, now);
            }
        }
        if hold(&calendar, &before, as_of).is_none() {
            prop_assert_eq!(hold(&calendar, &after, as_of), None);
        }
    }

    #[test]
    fn order_does_not_matter(
        calendar in calendars(),
        (arrivals, shuffled) in arrivals().prop_flat_map(|list| {
            (Just(list.clone()), Just(list).prop_shuffle())
        }),
        as_of in 0_i64..45,
    ) {
        let as_of = day(as_of);
        prop_assert_eq!(board(&calendar, &arrivals, as_of), board(&calendar, &shuffled, as_of));
    }

    #[test]
    fn the_past_does_not_know_the_future(
        calendar in calendars(), arrivals in arrivals(), as_of in 0_i64..45,
    ) {
        let as_of = day(as_of);
        let mut known = arrivals.clone();
        known.retain(|arrival| arrival.on <= as_of);
        prop_assert_eq!(board(&calendar, &arrivals, as_of), board(&calendar, &known, as_of));
        // What has been served on time stays so, whatever comes later.
        let later = board(&calendar, &arrivals, day(45));
        let later = by_key(&later);
        for (key, row) in by_key(&board(&calendar, &known, as_of)) {
            let then = later.get(&key).copied();
            if row.received_on.is_some() {
                prop_assert_eq!(then.and_then(|then| then.received_on), row.received_on);
            }
        }
    }
}
