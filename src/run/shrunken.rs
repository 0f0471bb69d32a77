//! Snapshots that hold far fewer rows of a city than the one before: the newest file of a city replaces all of its rows, so a
//! county's file under the city's name, or half a file, would take classes out of a directory and accuse them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::contract::Mode;
use crate::ingest::LoadRow;
use crate::model::{PROVINCE, Policy};
use crate::project::Project;

/// Share of the rows before below which a snapshot is told.
const LEAST_SHARE: &str = "snapshot_least_share";
/// Rows before from which on it is told: of a handful, half is soon gone.
const LEAST_ROWS: &str = "snapshot_least_rows";

/// What is told of each snapshot that a run loaded and that shrank.
pub fn shrunken_snapshots(project: &Project, loads: &[LoadRow], as_of: NaiveDate) -> Vec<String> {
    let is_snapshot = |feed: &str| {
        let contract = project.contracts.get(feed);
        contract.is_some_and(|contract| matches!(contract.mode, Mode::Snapshot { .. }))
    };
    let least = |parameter| in_force(&project.policy, parameter, as_of);
    let Some(least) = least(LEAST_SHARE).zip(least(LEAST_ROWS)) else {
        return Vec::new();
    };
    let loads = loads.iter().filter(|row| is_snapshot(&row.feed));
    shrunken(loads, as_of, least)
}

fn in_force(policy: &Policy, parameter: &str, as_of: NaiveDate) -> Option<f64> {
    let rows = policy.select(&[parameter.to_owned()]);
    let mut rows = rows.iter().filter(|row| {
        row.city_code == PROVINCE && row.valid_from <= as_of && as_of <= row.valid_until
    });
    rows.next().map(|row| row.value())
}

fn shrunken<'l>(
    loads: impl Iterator<Item = &'l LoadRow>,
    as_of: NaiveDate,
    (least_share, least_rows): (f64, f64),
) -> Vec<String> {
    /// Rows accepted of a city, in the order of loads, and whether this run had a part in it.
    type Sizes = BTreeMap<i64, (i64, bool)>;
    let mut sizes: BTreeMap<(&str, &str), Sizes> = BTreeMap::new();
    for load in loads.filter(|load| load.account.accepted > 0 && load.load_on <= as_of) {
        let Some(city) = &load.city_code else {
            continue;
        };
        let of_city = sizes.entry((&load.feed, city)).or_default();
        let (rows, is_new) = of_city.entry(load.sequence).or_default();
        *rows += load.account.accepted;
        *is_new |= load.load_on == as_of;
    }
    let mut told = Vec::new();
    for ((feed, city), sizes) in sizes {
        let each = sizes.values();
        for ((before, _), (after, is_new)) in each.clone().zip(each.skip(1)) {
            let (rows, left) = (*before as f64, *after as f64);
            if *is_new && rows >= least_rows && left < least_share * rows {
                told.push(format!("{feed} {city}: {before} rows, then {after}"));
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Account;

    fn load(city: &str, day: u32, sequence: i64, accepted: i64) -> LoadRow {
        LoadRow {
            load_on: NaiveDate::from_ymd_opt(2020, 9, day).unwrap(),
            sequence,
            load_id: String::new(),
            feed: "training_directory".to_owned(),
            object: String::new(),
            content_hash: String::new(),
            size: 1,
            encoding: String::new(),
            unknown_columns: String::new(),
            city_code: Some(city.to_owned()),
            account: Account {
                read: accepted,
                accepted,
                ..Account::default()
            },
        }
    }

    #[test]
    fn a_snapshot_of_less_than_half_is_told_on_its_day() {
        let loads = [
            load("370100", 1, 1, 100),
            load("370200", 1, 1, 100),
            load("370100", 2, 2, 49),
            load("370200", 2, 3, 50),
            load("370300", 1, 1, 19),
            load("370300", 2, 3, 1),
            // Rows that a replay let in belong to their load.
            load("370100", 3, 2, 40),
        ];
        let on = |day| {
            let day = NaiveDate::from_ymd_opt(2020, 9, day).unwrap();
            shrunken(loads.iter(), day, (0.5, 20.0))
        };
        assert_eq!(on(1), [""; 0]);
        assert_eq!(on(2), ["training_directory 370100: 100 rows, then 49"]);
        assert_eq!(on(3), [""; 0], "89 rows stand by now");
    }
}
