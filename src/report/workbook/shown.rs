//! A value as it is written into a cell.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Timelike};
use rust_xlsxwriter::ExcelDateTime;

use super::data::{Cell, Release};
use super::figure::{MOST_DIGITS, figure};
use super::view::{ViewColumn, labelled};

/// Items of a list that a cell shows, unless the layout says otherwise.
const MOST_ITEMS: usize = 10;
/// Seconds by which Beijing is ahead of UTC, the whole year.
const BEIJING_SECONDS: i64 = 8 * 3_600;

/// A cell as it is written.
pub(super) enum Shown {
    Missing,
    Suppressed,
    /// A number and the characters it takes.
    Number(f64, usize),
    Moment(ExcelDateTime),
    Text(String),
}

pub(super) fn shown(cell: &Cell, column: &ViewColumn, release: &Release<'_>) -> Shown {
    let labels = column.labels.as_deref();
    match cell {
        Cell::Null => Shown::Missing,
        Cell::Suppressed => Shown::Suppressed,
        Cell::Text(text) if text.is_empty() => Shown::Missing,
        Cell::Text(text) => Shown::Text(labelled(labels, text)),
        Cell::Bool(yes) => Shown::Text(if *yes { "是" } else { "否" }.to_owned()),
        Cell::Int(number) if !column.format.is_number() => {
            Shown::Text(labelled(labels, &number.to_string()))
        }
        Cell::Int(_) | Cell::Float(_) => {
            let number = figure(cell, column.format, release.rounding);
            number.map_or(Shown::Missing, |number| {
                if number.digits.unsigned_abs() > MOST_DIGITS {
                    Shown::Text(number.text())
                } else {
                    Shown::Number(number.as_f64(), number.width())
                }
            })
        }
        Cell::Date(day) => match moment(*day, NaiveTime::MIN) {
            Some(moment) => Shown::Moment(moment),
            None => Shown::Text(day.to_string()),
        },
        Cell::Time(micros) => time(*micros),
        Cell::List(items) if items.is_empty() => Shown::Missing,
        Cell::List(items) => Shown::Text(list(items, column)),
    }
}

/// The first items, and how many there are in all where they are more.
fn list(items: &[String], column: &ViewColumn) -> String {
    let most = column.most.unwrap_or(MOST_ITEMS);
    let words: Vec<String> = items
        .iter()
        .take(most)
        .map(|item| labelled(column.labels.as_deref(), item))
        .collect();
    let text = words.join("、");
    if items.len() > most {
        format!("{text} 等{}项", items.len())
    } else {
        text
    }
}

fn time(micros: i64) -> Shown {
    let beijing = micros
        .checked_add(BEIJING_SECONDS * 1_000_000)
        .and_then(DateTime::from_timestamp_micros);
    let Some(beijing) = beijing.map(|moment| moment.naive_utc()) else {
        return Shown::Missing;
    };
    match moment(beijing.date(), beijing.time()) {
        Some(moment) => Shown::Moment(moment),
        None => Shown::Text(beijing.to_string()),
    }
}

/// A moment as a spreadsheet counts it; nothing before its first day, 1 March 1900, when it counts right.
pub(super) fn moment(day: NaiveDate, time: NaiveTime) -> Option<ExcelDateTime> {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1)?.checked_add_days(Days::new(59))?;
    if day < first {
        return None;
    }
    let date = ExcelDateTime::from_ymd(
        u16::try_from(day.year()).ok()?,
        u8::try_from(day.month()).ok()?,
        u8::try_from(day.day()).ok()?,
    );
    date.ok()?
        .and_hms(
            u16::try_from(time.hour()).ok()?,
            u8::try_from(time.minute()).ok()?,
            f64::from(time.second()),
        )
        .ok()
}
