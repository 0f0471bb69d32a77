//! The board: what was due, what came, and what is lacking.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::calendar::{Calendar, Expected};

/// One file that came; each object and content once, a refused object that is tried again night by night included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Feed.
    pub feed: String,
    /// City the file speaks of.
    pub city_code: String,
    /// As-of day of the run that met it first.
    pub on: NaiveDate,
    /// Object path below the raw root.
    pub object: String,
    /// What became of it.
    pub outcome: ArrivalOutcome,
}

/// What became of a file that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArrivalOutcome {
    /// It holds rows, be they accepted or quarantined.
    Accepted {
        /// Rows accepted.
        rows: i64,
    },
    /// It could be read and holds no row.
    Empty,
    /// It was refused as a whole.
    Refused {
        /// Why.
        reason: String,
    },
}

/// How it stands with a due day, city and feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalStatus {
    /// Rows came, on or before the due day.
    Received,
    /// Rows came after the due day.
    Late,
    /// Only files without rows came; the city has nothing to tell, and said so.
    Empty,
    /// Only files came that were refused as a whole.
    Refused,
    /// Nothing came, and the grace is over.
    Missing,
    /// Nothing came yet, and there is time left.
    Pending,
}

impl ArrivalStatus {
    /// The code in tables.
    pub fn code(self) -> &'static str {
        match self {
            ArrivalStatus::Received => "received",
            ArrivalStatus::Late => "late",
            ArrivalStatus::Empty => "empty",
            ArrivalStatus::Refused => "refused",
            ArrivalStatus::Missing => "missing",
            ArrivalStatus::Pending => "pending",
        }
    }

    /// Whether the city has done its part: an empty file says that there is nothing, a refused one says nothing.
    pub fn has_arrived(self) -> bool {
        matches!(
            self,
            ArrivalStatus::Received | ArrivalStatus::Late | ArrivalStatus::Empty
        )
    }
}

/// One due day, city and feed; or one day's files that nobody expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoardRow {
    /// Due day; of unexpected files the as-of day on which they came.
    pub day: NaiveDate,
    /// City.
    pub city_code: String,
    /// Feed.
    pub feed: String,
    /// Whether the calendar expects it.
    pub expected: bool,
    /// How it stands.
    pub status: ArrivalStatus,
    /// As-of day of the first file that was not refused.
    pub received_on: Option<NaiveDate>,
    /// Days from the due day to `received_on`, 0 when it came in time; `None` when nothing came or nothing was due.
    pub days_late: Option<i64>,
    /// Files, refused ones included.
    pub files: i64,
    /// Rows accepted.
    pub rows: i64,
}

/// The board as of a day: what came later is not known yet.
///
/// There is a row for every due day up to `as_of`, one for every later due day for which a file has come early, and one
/// for every day, city and feed with unexpected files (of another feed or city, or before the calendar starts). Every
/// arrival up to `as_of` is counted in exactly one row.
///
/// A file serves the due day on which it comes; where nothing is due then, or that day is served already, it serves
/// the earliest due day within grace that is not served, else (outside any grace) the due day before, else the next.
/// The day itself comes first so that one day left out stays one gap and does not make every later file late.
/// Refused files serve nothing. A file more than needed is counted with the due day to which its date belongs.
pub fn board(calendar: &Calendar, arrivals: &[Arrival], as_of: NaiveDate) -> Vec<BoardRow> {
    let mut by_source: BTreeMap<(&str, &str), Vec<&Arrival>> = BTreeMap::new();
    for arrival in arrivals.iter().filter(|arrival| arrival.on <= as_of) {
        let source = (arrival.feed.as_str(), arrival.city_code.as_str());
        by_source.entry(source).or_default().push(arrival);
    }
    let mut rows = Vec::new();
    for expected in &calendar.expected {
        let due_days = expected.rhythm.due_days(expected.starts_on, as_of);
        for city_code in &expected.cities {
            let source = (expected.feed.as_str(), city_code.as_str());
            let came = by_source.remove(&source).unwrap_or_default();
            let (counted, early): (Vec<&Arrival>, Vec<&Arrival>) = came
                .into_iter()
                .partition(|arrival| arrival.on >= expected.starts_on);
            rows.extend(due_rows(expected, city_code, &due_days, counted, as_of));
            rows.extend(unexpected_rows(source, early));
        }
    }
    for (source, came) in by_source {
        rows.extend(unexpected_rows(source, came));
    }
    rows.sort_by_cached_key(|row| {
        (
            row.day,
            calendar.place(&row.city_code),
            row.city_code.clone(),
            row.feed.clone(),
        )
    });
    rows
}

/// The files counted with one due day.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    served_on: Option<NaiveDate>,
    holds_rows: bool,
    files: i64,
    rows: i64,
}

impl Slot {
    fn add(&mut self, arrival: &Arrival) {
        self.files += 1;
        if let ArrivalOutcome::Accepted { rows } = arrival.outcome {
            self.holds_rows = true;
            self.rows += rows;
        }
        // Files come in the order of their days, so the first one sets the day.
        if !is_refused(arrival) && self.served_on.is_none() {
            self.served_on = Some(arrival.on);
        }
    }
}

fn is_refused(arrival: &Arrival) -> bool {
    matches!(arrival.outcome, ArrivalOutcome::Refused { .. })
}

/// A total order, so that nothing depends on the order in which arrivals are handed in. On one day refused files come
/// first, so that they are counted where the file that mends them is; files with rows come before empty ones, so that
/// they take the day itself.
fn sort(arrivals: &mut [&Arrival]) {
    arrivals.sort_by_key(|arrival| {
        let (rank, rows) = match &arrival.outcome {
            ArrivalOutcome::Refused { .. } => (0, 0),
            ArrivalOutcome::Accepted { rows } => (1, *rows),
            ArrivalOutcome::Empty => (2, 0),
        };
        (arrival.on, rank, &arrival.object, Reverse(rows))
    });
}

fn due_rows(
    expected: &Expected,
    city_code: &str,
    due_days: &[NaiveDate],
    mut came: Vec<&Arrival>,
    as_of: NaiveDate,
) -> Vec<BoardRow> {
    sort(&mut came);
    let mut slots = vec![Slot::default(); due_days.len()];
    for arrival in came {
        let choice = Choice::new(expected, due_days, arrival.on);
        let is_free = |index: &usize| {
            slots
                .get(*index)
                .is_some_and(|slot| slot.served_on.is_none())
        };
        let index = choice
            .candidates
            .into_iter()
            .find(is_free)
            .unwrap_or(choice.own);
        if let Some(slot) = slots.get_mut(index) {
            slot.add(arrival);
        }
    }
    let rows = due_days.iter().zip(&slots);
    rows.filter(|(day, slot)| **day <= as_of || slot.files > 0)
        .map(|(day, slot)| due_row(expected, city_code, *day, slot, as_of))
        .collect()
}

/// Where a file may be counted, as indices of due days.
struct Choice {
    /// Due days that it can serve, the most likely first.
    candidates: Vec<usize>,
    /// The due day to which its date belongs when all of them are served.
    own: usize,
}

impl Choice {
    /// `due_days` reach to the first due day on or after `on`.
    fn new(expected: &Expected, due_days: &[NaiveDate], on: NaiveDate) -> Choice {
        let next = due_days.partition_point(|day| *day < on);
        let first_in_grace = due_days.partition_point(|day| expected.grace_ends(*day) < on);
        let in_grace = first_in_grace..next;
        if due_days.get(next) == Some(&on) {
            return Choice {
                candidates: std::iter::once(next).chain(in_grace).collect(),
                own: next,
            };
        }
        let before = next.checked_sub(1);
        match before {
            Some(before) if !in_grace.is_empty() => Choice {
                candidates: in_grace.collect(),
                own: before,
            },
            _ => Choice {
                candidates: before.into_iter().chain([next]).collect(),
                own: next,
            },
        }
    }
}

fn due_row(
    expected: &Expected,
    city_code: &str,
    day: NaiveDate,
    slot: &Slot,
    as_of: NaiveDate,
) -> BoardRow {
    let days_late = slot.served_on.map(|on| (on - day).num_days().max(0));
    let status = match days_late {
        Some(_) if !slot.holds_rows => ArrivalStatus::Empty,
        Some(0) => ArrivalStatus::Received,
        Some(_) => ArrivalStatus::Late,
        None if slot.files > 0 => ArrivalStatus::Refused,
        None if as_of <= expected.grace_ends(day) => ArrivalStatus::Pending,
        None => ArrivalStatus::Missing,
    };
    BoardRow {
        day,
        city_code: city_code.to_owned(),
        feed: expected.feed.clone(),
        expected: true,
        status,
        received_on: slot.served_on,
        days_late,
        files: slot.files,
        rows: slot.rows,
    }
}

fn unexpected_rows((feed, city_code): (&str, &str), mut came: Vec<&Arrival>) -> Vec<BoardRow> {
    sort(&mut came);
    let mut days: BTreeMap<NaiveDate, Slot> = BTreeMap::new();
    for arrival in came {
        days.entry(arrival.on).or_default().add(arrival);
    }
    let row = |(day, slot): (NaiveDate, Slot)| BoardRow {
        day,
        city_code: city_code.to_owned(),
        feed: feed.to_owned(),
        expected: false,
        status: match slot.served_on {
            Some(_) if slot.holds_rows => ArrivalStatus::Received,
            Some(_) => ArrivalStatus::Empty,
            None => ArrivalStatus::Refused,
        },
        received_on: slot.served_on,
        days_late: None,
        files: slot.files,
        rows: slot.rows,
    };
    days.into_iter().map(row).collect()
}
