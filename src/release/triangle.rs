//! How headline figures of the province settled: their value in every month in which they were published, and measures
//! of their revision.
//!
//! The triangle is the usual picture of revision analysis (Eurostat and OECD guidelines on revisions policy, 2012):
//! reference months down, publication months across. It is read off the history, so no earlier release is opened.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::revisions::Revision;
use super::{Pointer, ReleaseError};
use crate::engine::{ColumnData, Table};

/// Name of the published triangle.
pub const REVISION_TRIANGLE: &str = "revision_triangle";
/// Name of the published measures.
pub const REVISION_SUMMARY: &str = "revision_summary";

/// A figure of the province today, by reference month.
pub struct Headline {
    /// Table.
    pub table: String,
    /// Column.
    pub figure: String,
    /// The row in the history's words, and today's value, by reference month.
    pub months: BTreeMap<String, (String, Option<f64>)>,
}

/// The days of publication: of each month the last release, and that being made.
pub fn vintages(pointers: &[&Pointer], as_of: NaiveDate) -> Vec<NaiveDate> {
    let mut by_month: BTreeMap<String, NaiveDate> = BTreeMap::new();
    let earlier = pointers
        .iter()
        .map(|pointer| pointer.as_of)
        .filter(|day| *day <= as_of);
    for day in earlier.chain(std::iter::once(as_of)) {
        let newest = by_month
            .entry(day.format("%Y-%m").to_string())
            .or_insert(day);
        *newest = day.max(*newest);
    }
    by_month.into_values().collect()
}

/// The value that a release of a day showed: today's, taken back by every change since.
fn value_on(day: NaiveDate, today: Option<f64>, changes: &[&Revision]) -> Option<f64> {
    let later = changes.iter().find(|change| change.published_on > day);
    later.map_or(today, |change| change.previous_value)
}

/// One cell of the triangle.
struct Cell<'a> {
    headline: &'a Headline,
    month: &'a str,
    vintage: String,
    day: NaiveDate,
    value: Option<f64>,
}

/// The triangle: one row a headline, reference month and month of publication from then on.
///
/// # Errors
/// Only when columns differ in length, which would be a fault of this program.
pub fn triangle(
    headlines: &[Headline],
    history: &[Revision],
    vintages: &[NaiveDate],
) -> Result<Table, ReleaseError> {
    let mut rows = Vec::new();
    for headline in headlines {
        for (month, (cell, today)) in &headline.months {
            let changes = changes_of(history, headline, cell);
            for day in vintages {
                let vintage = day.format("%Y-%m").to_string();
                if vintage >= *month {
                    rows.push(Cell {
                        headline,
                        month,
                        vintage,
                        day: *day,
                        value: value_on(*day, *today, &changes),
                    });
                }
            }
        }
    }
    let texts = |get: &dyn Fn(&Cell<'_>) -> String| {
        ColumnData::Text(rows.iter().map(|row| Some(get(row))).collect())
    };
    Ok(Table::from_columns(
        REVISION_TRIANGLE,
        vec![
            ("table_name", texts(&|row| row.headline.table.clone())),
            ("figure", texts(&|row| row.headline.figure.clone())),
            ("reference_period", texts(&|row| row.month.to_owned())),
            ("publication_month", texts(&|row| row.vintage.clone())),
            (
                "published_on",
                ColumnData::Date(rows.iter().map(|row| Some(row.day)).collect()),
            ),
            (
                "value",
                ColumnData::Float(rows.iter().map(|row| row.value).collect()),
            ),
        ],
    )?)
}

fn changes_of<'a>(history: &'a [Revision], headline: &Headline, cell: &str) -> Vec<&'a Revision> {
    let mut changes: Vec<&Revision> = history
        .iter()
        .filter(|change| {
            change.table == headline.table
                && change.figure == headline.figure
                && change.cell == cell
        })
        .collect();
    changes.sort_by_key(|change| change.number);
    changes
}

/// Measures of revision, one row a headline and reference month: first and latest value, number of changes after the month
/// was over, and their mean size without sign.
///
/// # Errors
/// Only when columns differ in length, which would be a fault of this program.
pub fn summary(headlines: &[Headline], history: &[Revision]) -> Result<Table, ReleaseError> {
    let mut keys: Vec<(&Headline, &String)> = Vec::new();
    let (mut first, mut latest, mut counts, mut means) = (vec![], vec![], vec![], vec![]);
    for headline in headlines {
        for (month, (cell, today)) in &headline.months {
            let all = changes_of(history, headline, cell);
            let settled: Vec<&&Revision> = all.iter().filter(|change| !change.is_running).collect();
            let sizes: Vec<f64> = settled
                .iter()
                .filter_map(|change| Some((change.value? - change.previous_value?).abs()))
                .collect();
            keys.push((headline, month));
            first.push(
                settled
                    .first()
                    .map_or(*today, |change| change.previous_value),
            );
            latest.push(*today);
            counts.push(i64::try_from(settled.len()).ok());
            means.push((!sizes.is_empty()).then(|| sizes.iter().sum::<f64>() / sizes.len() as f64));
        }
    }
    let texts = |get: &dyn Fn(&(&Headline, &String)) -> String| {
        ColumnData::Text(keys.iter().map(|key| Some(get(key))).collect())
    };
    Ok(Table::from_columns(
        REVISION_SUMMARY,
        vec![
            ("table_name", texts(&|key| key.0.table.clone())),
            ("figure", texts(&|key| key.0.figure.clone())),
            ("reference_period", texts(&|key| key.1.clone())),
            ("first_value", ColumnData::Float(first)),
            ("latest_value", ColumnData::Float(latest)),
            ("revisions", ColumnData::Int(counts)),
            ("mean_absolute_revision", ColumnData::Float(means)),
        ],
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Cell;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn change(number: i64, on: &str, previous: f64, value: f64, is_running: bool) -> Revision {
        Revision {
            table: "t".to_owned(),
            cell: "month=2020-06".to_owned(),
            figure: "completions".to_owned(),
            reference_period: "2020-06".to_owned(),
            number,
            published_on: day(on),
            value: Some(value),
            previous_value: Some(previous),
            is_running,
            reason: String::new(),
        }
    }

    fn headline() -> Headline {
        Headline {
            table: "t".to_owned(),
            figure: "completions".to_owned(),
            months: BTreeMap::from([(
                "2020-06".to_owned(),
                ("month=2020-06".to_owned(), Some(9.0)),
            )]),
        }
    }

    #[test]
    fn values_are_read_off_the_history() {
        let history = [
            change(1, "2020-06-30", 4.0, 6.0, true),
            change(2, "2020-08-15", 6.0, 10.0, false),
            change(3, "2020-09-30", 10.0, 9.0, false),
        ];
        let days = [
            "2020-05-31",
            "2020-06-30",
            "2020-07-31",
            "2020-08-31",
            "2020-09-30",
        ]
        .map(day);
        let rows = triangle(&[headline()], &history, &days).unwrap().cells();
        let told: Vec<(Cell, Cell)> = rows
            .iter()
            .map(|row| (row[3].clone(), row[5].clone()))
            .collect();
        let expected = [
            ("2020-06", 6.0),
            ("2020-07", 6.0),
            ("2020-08", 10.0),
            ("2020-09", 9.0),
        ];
        let expected =
            expected.map(|(month, value)| (Cell::Text(month.to_owned()), Cell::Float(value)));
        assert_eq!(told, expected, "nothing was known of June in May");
        let measures = summary(&[headline()], &history).unwrap().cells();
        assert_eq!(
            measures[0][3..],
            [
                Cell::Float(6.0),
                Cell::Float(9.0),
                Cell::Int(2),
                Cell::Float(2.5)
            ]
        );
        let never = summary(&[headline()], &[]).unwrap().cells();
        assert_eq!(
            never[0][3..],
            [Cell::Float(9.0), Cell::Float(9.0), Cell::Int(0), Cell::Null]
        );
    }

    #[test]
    fn a_month_of_publication_is_that_of_its_last_release() {
        let pointer = |text: &str| Pointer {
            number: 1,
            release: String::new(),
            as_of: day(text),
            kind: "release".to_owned(),
            at: String::new(),
            reason: String::new(),
        };
        let pointers = ["2020-06-10", "2020-06-30", "2020-08-01"].map(pointer);
        let pointers: Vec<&Pointer> = pointers.iter().collect();
        let found = vintages(&pointers, day("2020-07-15"));
        assert_eq!(
            found,
            [day("2020-06-30"), day("2020-07-15")],
            "later ones are left out"
        );
    }
}
