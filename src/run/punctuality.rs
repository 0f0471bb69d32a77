//! What the books say of expected arrivals: the board of a night, its table, and what follows from it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::RunError;
use crate::arrivals::{
    Arrival, ArrivalOutcome, BoardRow, Calendar, Hold, board, hold, late_cities,
};
use crate::engine::{ColumnData, Table};
use crate::identity::Divisions;
use crate::ingest::notices::RefusalRow;
use crate::ingest::{LoadRow, city_of_path};

/// How the cities stand with what was expected of them.
#[derive(Debug, Clone, Default)]
pub struct Punctuality {
    /// One row for each due day, city and feed.
    pub board: Vec<BoardRow>,
    /// Cities that are late.
    pub late_cities: Vec<String>,
    /// What holds a release back.
    pub hold: Option<Hold>,
}

impl Punctuality {
    /// Compares the calendar with the books.
    pub fn of(
        calendar: &Calendar,
        divisions: &Divisions,
        loads: &[LoadRow],
        refusals: &[RefusalRow],
        as_of: NaiveDate,
    ) -> Punctuality {
        let board = board(calendar, &arrivals(divisions, loads, refusals), as_of);
        Punctuality {
            late_cities: late_cities(calendar, &board, as_of),
            hold: hold(calendar, &board, as_of),
            board,
        }
    }

    /// The published table `arrivals`.
    ///
    /// # Errors
    /// Only when columns differ in length.
    pub fn table(&self) -> Result<Table, RunError> {
        let rows = &self.board;
        let text = |get: fn(&BoardRow) -> &str| {
            ColumnData::Text(rows.iter().map(|row| Some(get(row).to_owned())).collect())
        };
        Ok(Table::from_columns(
            "arrivals",
            vec![
                (
                    "day",
                    ColumnData::Date(rows.iter().map(|row| Some(row.day)).collect()),
                ),
                ("city_code", text(|row| &row.city_code)),
                ("feed", text(|row| &row.feed)),
                (
                    "expected",
                    ColumnData::Bool(rows.iter().map(|row| Some(row.expected)).collect()),
                ),
                ("status", text(|row| row.status.code())),
                (
                    "received_on",
                    ColumnData::Date(rows.iter().map(|row| row.received_on).collect()),
                ),
                (
                    "days_late",
                    ColumnData::Int(rows.iter().map(|row| row.days_late).collect()),
                ),
                (
                    "files",
                    ColumnData::Int(rows.iter().map(|row| Some(row.files)).collect()),
                ),
                (
                    "rows",
                    ColumnData::Int(rows.iter().map(|row| Some(row.rows)).collect()),
                ),
            ],
        )?)
    }
}

/// Each object and content once for its sender, loaded or refused. The sender is the city that its path names; a file whose
/// path names none (a platform's) speaks for every city of its rows.
fn arrivals(divisions: &Divisions, loads: &[LoadRow], refusals: &[RefusalRow]) -> Vec<Arrival> {
    let mut found: BTreeMap<(&str, &str, String), Arrival> = BTreeMap::new();
    for load in loads {
        let sender = city_of_path(&load.object, divisions);
        let Some(city) = sender.or_else(|| load.city_code.clone()) else {
            continue;
        };
        let key = (
            load.object.as_str(),
            load.content_hash.as_str(),
            city.clone(),
        );
        let arrival = found.entry(key).or_insert_with(|| Arrival {
            feed: load.feed.clone(),
            city_code: city,
            on: load.load_on,
            object: load.object.clone(),
            outcome: ArrivalOutcome::Empty,
        });
        // A replay reads rows of an object again; the object came when it came first.
        arrival.on = arrival.on.min(load.load_on);
        if load.account.read > 0 {
            let earlier = match arrival.outcome {
                ArrivalOutcome::Accepted { rows } => rows,
                _ => 0,
            };
            arrival.outcome = ArrivalOutcome::Accepted {
                rows: earlier + load.account.accepted,
            };
        }
    }
    let loaded_later = |refusal: &RefusalRow| {
        loads
            .iter()
            .any(|load| load.object == refusal.object && load.load_on >= refusal.load_on)
    };
    // A file that was refused at first and loads after it or its contract was mended is one file.
    for refusal in refusals.iter().filter(|refusal| !loaded_later(refusal)) {
        let Some(city) = refusal.city_code.as_deref() else {
            continue;
        };
        // Whatever the reason is on which night: it is one file.
        let key = (refusal.object.as_str(), "refused", city.to_owned());
        found.entry(key).or_insert_with(|| Arrival {
            feed: refusal.feed.clone(),
            city_code: city.to_owned(),
            on: refusal.load_on,
            object: refusal.object.clone(),
            outcome: ArrivalOutcome::Refused {
                reason: refusal.reason.clone(),
            },
        });
    }
    found.into_values().collect()
}
