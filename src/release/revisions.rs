//! The history of published figures: every change of a figure that an earlier release had.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::compare::{Moved, RowChange, compare, read_table};
use super::reasons::{Reason, Reasons};
use super::{Manifest, PublishedTable, ReleaseError, Releases};
use crate::engine::{Cell, ColumnData, Table};
use crate::ingest::LoadRow;
use crate::model::{Audience, Catalogue};

/// Name of the published table.
pub const REVISION_HISTORY: &str = "revision_history";

/// Grain column that makes a table one of reference periods.
const PERIOD: &str = "month";

/// One change of a published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Table.
    pub table: String,
    /// The figure's row: `column=value` of each grain column, joined by `, `.
    pub cell: String,
    /// Column of the figure.
    pub figure: String,
    /// Month that the figure is of.
    pub reference_period: String,
    /// How many changes of the figure there were, this one included.
    pub number: i64,
    /// As-of day of the release that changed it.
    pub published_on: NaiveDate,
    /// The figure since then; none where it is empty or its row gone.
    pub value: Option<f64>,
    /// The figure before.
    pub previous_value: Option<f64>,
    /// The month was still running on the as-of day of the release before. Such changes of a figure are one row, from the
    /// value that was first published to the newest: a month that runs changes every night.
    pub is_running: bool,
    /// Why, joined by `; `.
    pub reason: String,
}

/// Finds the changes that a release makes.
pub struct Revisions<'a> {
    /// All releases.
    pub releases: &'a Releases,
    /// Models, for the grain of tables.
    pub models: &'a Catalogue,
    /// The release before.
    pub previous: &'a Manifest,
    /// All loads, for reasons.
    pub loads: &'a [LoadRow],
    /// As-of day of the release being made.
    pub as_of: NaiveDate,
}

impl Revisions<'_> {
    /// The changes that the tables of the release being made bring to figures of the release before. Only tables of
    /// reference months count; a row that is new is no change.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn new_ones(&self, tables: &[PublishedTable]) -> Result<Vec<Revision>, ReleaseError> {
        let statistics: Vec<PublishedTable> = tables
            .iter()
            .filter(|table| table.audience == Audience::Public)
            .filter(|table| {
                let model = self.models.get(&table.name);
                model.is_some_and(|model| model.header.grain.iter().any(|name| name == PERIOD))
            })
            .cloned()
            .collect();
        let reasons = Reasons::between(self.previous, None, self.loads);
        let mut found = Vec::new();
        for difference in compare(
            self.releases,
            self.models,
            &self.previous.tables,
            &statistics,
        )? {
            let named = |tables: &[PublishedTable]| {
                tables
                    .iter()
                    .find(|table| table.name == difference.table)
                    .cloned()
            };
            let (before, Some(after)) = (named(&self.previous.tables), named(&statistics)) else {
                continue;
            };
            for moved in difference.moved {
                let why = |city: Option<&str>| reasons.of(before.as_ref(), &after, city);
                found.extend(self.revision(&difference.table, &moved, &why));
            }
        }
        Ok(found)
    }

    fn revision(
        &self,
        table: &str,
        moved: &Moved,
        why: &dyn Fn(Option<&str>) -> BTreeSet<Reason>,
    ) -> Option<Revision> {
        if moved.change == RowChange::New {
            return None;
        }
        let is_figure = |cell: &Cell| matches!(cell, Cell::Int(_) | Cell::Float(_) | Cell::Null);
        if !is_figure(&moved.before) || !is_figure(&moved.after) {
            return None;
        }
        let part = |name: &str| {
            let found = moved.key.iter().find(|(column, _)| column == name);
            found.map(|(_, value)| value.text())
        };
        let reasons: Vec<String> = why(part("city_code").as_deref())
            .iter()
            .map(ToString::to_string)
            .collect();
        Some(Revision {
            table: table.to_owned(),
            cell: key_text(
                moved
                    .key
                    .iter()
                    .map(|(column, value)| (column.as_str(), value)),
            ),
            figure: moved.column.clone(),
            reference_period: part(PERIOD)?,
            number: 1,
            published_on: self.as_of,
            value: number(&moved.after),
            previous_value: number(&moved.before),
            is_running: is_running(&part(PERIOD)?, self.previous.as_of),
            reason: reasons.join("; "),
        })
    }
}

fn key_text<'a>(key: impl Iterator<Item = (&'a str, &'a Cell)>) -> String {
    let parts: Vec<String> = key
        .map(|(column, value)| format!("{column}={}", value.text()))
        .collect();
    parts.join(", ")
}

/// The text by which a history names a row: `column=value` of each grain column.
pub fn cell_key(names: &[String], row: &[Cell], grain: &[String]) -> String {
    let value = |column: &str| {
        let place = names.iter().position(|name| name == column);
        place
            .and_then(|place| row.get(place))
            .unwrap_or(&Cell::Null)
    };
    key_text(grain.iter().map(|column| (column.as_str(), value(column))))
}

/// Whether a month (`YYYY-MM`) was not over on a day.
fn is_running(month: &str, day: NaiveDate) -> bool {
    let tomorrow = day.succ_opt().unwrap_or(day);
    tomorrow.format("%Y-%m").to_string().as_str() <= month
}

/// Adds new changes to a history, numbered on for each figure, and puts it in order.
pub fn extend(history: Vec<Revision>, new: Vec<Revision>) -> Vec<Revision> {
    let mut by_figure: BTreeMap<(String, String, String), Vec<Revision>> = BTreeMap::new();
    for mut revision in history.into_iter().chain(new) {
        let key = (
            revision.table.clone(),
            revision.cell.clone(),
            revision.figure.clone(),
        );
        let rows = by_figure.entry(key).or_default();
        match rows.last_mut() {
            Some(last) if last.is_running && revision.is_running => {
                revision.previous_value = last.previous_value;
                revision.number = last.number;
                *last = revision;
            }
            _ => {
                revision.number = 1 + i64::try_from(rows.len()).unwrap_or(i64::MAX - 1);
                rows.push(revision);
            }
        }
    }
    by_figure.into_values().flatten().collect()
}

/// The history that a release has; empty when it has none.
///
/// # Errors
/// When its file cannot be read.
pub fn read_history(
    releases: &Releases,
    manifest: &Manifest,
) -> Result<Vec<Revision>, ReleaseError> {
    let Ok(table) = manifest.table(REVISION_HISTORY) else {
        return Ok(Vec::new());
    };
    Ok(history_rows(&read_table(releases, table)?))
}

/// The changes that a table of them holds.
pub fn history_rows(rows: &Table) -> Vec<Revision> {
    let names = rows.names();
    let place = |name: &str| names.iter().position(|known| known == name);
    let places = COLUMNS.map(place);
    let mut history = Vec::with_capacity(rows.height());
    for row in rows.cells() {
        let at = |index: usize| {
            let place = places.get(index).copied().flatten();
            place
                .and_then(|place| row.get(place))
                .cloned()
                .unwrap_or(Cell::Null)
        };
        history.push(Revision {
            table: at(0).text(),
            cell: at(1).text(),
            figure: at(2).text(),
            reference_period: at(3).text(),
            number: match at(4) {
                Cell::Int(number) => number,
                _ => 0,
            },
            published_on: match at(5) {
                Cell::Date(day) => day,
                _ => NaiveDate::default(),
            },
            value: number(&at(6)),
            previous_value: number(&at(7)),
            is_running: at(9) == Cell::Bool(true),
            reason: at(10).text(),
        });
    }
    history
}

const COLUMNS: [&str; 11] = [
    "table_name",
    "cell",
    "figure",
    "reference_period",
    "revision_number",
    "published_on",
    "value",
    "previous_value",
    "revision",
    "month_running",
    "reason",
];

/// The history as a table.
///
/// # Errors
/// Only when columns differed in length, which would be a fault of this program.
pub fn history_table(history: &[Revision]) -> Result<Table, ReleaseError> {
    let texts = |get: &dyn Fn(&Revision) -> &String| {
        ColumnData::Text(history.iter().map(|row| Some(get(row).clone())).collect())
    };
    let floats = |get: &dyn Fn(&Revision) -> Option<f64>| {
        ColumnData::Float(history.iter().map(get).collect())
    };
    let [
        table,
        cell,
        figure,
        period,
        number,
        published,
        value,
        previous,
        revision,
        running,
        reason,
    ] = COLUMNS;
    Ok(Table::from_columns(
        REVISION_HISTORY,
        vec![
            (table, texts(&|row| &row.table)),
            (cell, texts(&|row| &row.cell)),
            (figure, texts(&|row| &row.figure)),
            (period, texts(&|row| &row.reference_period)),
            (
                number,
                ColumnData::Int(history.iter().map(|row| Some(row.number)).collect()),
            ),
            (
                published,
                ColumnData::Date(history.iter().map(|row| Some(row.published_on)).collect()),
            ),
            (value, floats(&|row| row.value)),
            (previous, floats(&|row| row.previous_value)),
            (
                revision,
                floats(&|row| {
                    row.value
                        .zip(row.previous_value)
                        .map(|(new, old)| new - old)
                }),
            ),
            (
                running,
                ColumnData::Bool(history.iter().map(|row| Some(row.is_running)).collect()),
            ),
            (reason, texts(&|row| &row.reason)),
        ],
    )?)
}

/// Counts and fen are far below 2^53, so a float holds them exactly.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Int(value) => Some(*value as f64),
        Cell::Float(value) => Some(*value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn revision(cell: &str, previous: f64, value: f64, is_running: bool) -> Revision {
        Revision {
            table: "t".to_owned(),
            cell: cell.to_owned(),
            figure: "completions".to_owned(),
            reference_period: "2020-06".to_owned(),
            number: 1,
            published_on: day("2020-07-01"),
            value: Some(value),
            previous_value: Some(previous),
            is_running,
            reason: String::new(),
        }
    }

    #[test]
    fn a_month_runs_until_its_last_day_is_the_as_of_day() {
        assert!(is_running("2020-06", day("2020-06-29")));
        assert!(!is_running("2020-06", day("2020-06-30")));
        assert!(!is_running("2020-06", day("2020-07-01")));
        assert!(is_running("2020-07", day("2020-06-30")));
    }

    #[test]
    fn changes_are_numbered_and_those_of_a_running_month_drawn_together() {
        let history = extend(
            Vec::new(),
            vec![
                revision("a", 1.0, 2.0, true),
                revision("b", 5.0, 6.0, false),
            ],
        );
        let history = extend(history, vec![revision("a", 2.0, 4.0, true)]);
        let history = extend(
            history,
            vec![
                revision("a", 4.0, 3.0, false),
                revision("b", 6.0, 7.0, false),
            ],
        );
        let told: Vec<_> = history
            .iter()
            .map(|row| (row.cell.as_str(), row.number, row.previous_value, row.value))
            .collect();
        assert_eq!(
            told,
            [
                ("a", 1, Some(1.0), Some(4.0)),
                ("a", 2, Some(4.0), Some(3.0)),
                ("b", 1, Some(5.0), Some(6.0)),
                ("b", 2, Some(6.0), Some(7.0)),
            ]
        );
        assert_eq!(extend(history.clone(), Vec::new()), history);
    }
}
