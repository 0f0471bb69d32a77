//! Failing rows of table tests over time: the lake's table `system/test_failures`.
//!
//! A row stands for one failing row of one test and for one stretch of nights: it is made on the night that first finds
//! it, each later night that finds it still moves its last day, and the night that no longer does marks it mended. What
//! fails again later is a new row. A repeated night changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::RunError;
use super::table_tests::TestResult;
use crate::engine::{Cell, ColumnData, Frame, Table, run_sql};
use crate::lake::{Lake, TableChange, content_name, delta_schema, schema_of};
use crate::model::ColumnKind;

/// The lake's table.
pub const TEST_FAILURES: &str = "system/test_failures";

/// Its columns.
const COLUMNS: [(&str, ColumnKind); 10] = [
    ("as_of", ColumnKind::Date),
    ("table_name", ColumnKind::Text),
    ("test", ColumnKind::Text),
    ("severity", ColumnKind::Text),
    ("column", ColumnKind::Text),
    ("key", ColumnKind::Text),
    ("value", ColumnKind::Text),
    ("status", ColumnKind::Text),
    ("first_seen_on", ColumnKind::Date),
    ("last_seen_on", ColumnKind::Date),
];

/// The columns with the kinds by which queries see them.
pub fn column_kinds() -> Vec<(String, ColumnKind)> {
    let columns = COLUMNS.iter();
    columns
        .map(|(name, kind)| ((*name).to_owned(), *kind))
        .collect()
}

/// How it stands with a failing row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// The newest night that tested it found it failing.
    Failing,
    /// The newest night that tested it did not.
    Mended,
    /// Its test is no longer declared.
    Withdrawn,
}

const STATUSES: [(&str, Status); 3] = [
    ("failing", Status::Failing),
    ("mended", Status::Mended),
    ("withdrawn", Status::Withdrawn),
];

impl Status {
    fn word(self) -> &'static str {
        let named = STATUSES.iter().find(|(_, status)| *status == self);
        named.map_or("", |(word, _)| word)
    }

    fn of(word: &str) -> Option<Status> {
        let named = STATUSES.iter().find(|(name, _)| *name == word);
        named.map(|(_, status)| *status)
    }
}

/// What makes a failing row the same on two nights. Its value does: a figure that was wrong otherwise is another finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    table: String,
    test: String,
    key: String,
    value: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    identity: Identity,
    first_seen_on: NaiveDate,
    last_seen_on: NaiveDate,
    /// As-of day of the night that gave it its status.
    as_of: NaiveDate,
    status: Status,
    severity: String,
    column: String,
}

/// All failing rows on record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestLedger {
    entries: Vec<Entry>,
}

impl TestLedger {
    /// Reads the lake's table; without one nothing has ever failed.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn read(lake: &Lake) -> Result<TestLedger, RunError> {
        let files = lake.snapshot(TEST_FAILURES)?.map(|table| table.files);
        let files = files.unwrap_or_default();
        if files.is_empty() {
            return Ok(TestLedger::default());
        }
        let paths = lake.local_files(TEST_FAILURES, &files)?;
        let frame = Frame::scan(TEST_FAILURES, &paths, &column_kinds())?;
        let names: Vec<String> = COLUMNS
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let sql = format!("SELECT {} FROM t", names.join(", "));
        let rows = run_sql(
            TEST_FAILURES,
            &sql,
            &BTreeMap::from([("t".to_owned(), frame)]),
        )?;
        let mut entries: Vec<Entry> = rows
            .cells()
            .iter()
            .filter_map(|row| entry_of(row))
            .collect();
        entries.sort();
        Ok(TestLedger { entries })
    }

    /// Enters what a night's tests came to. `declared` are the tests of all headers, by table and name.
    pub fn enter(
        &mut self,
        results: &[TestResult],
        declared: &BTreeSet<(String, String)>,
        as_of: NaiveDate,
    ) {
        let mut found: BTreeSet<Identity> = BTreeSet::new();
        for result in results {
            for failure in &result.failures {
                let identity = Identity {
                    table: result.table.clone(),
                    test: result.test.clone(),
                    key: failure.key.clone(),
                    value: failure.value.clone(),
                };
                if found.insert(identity.clone()) {
                    self.see(identity, result, as_of);
                }
            }
        }
        // Rows that a test did not tell of, since there were too many, may fail still.
        let whole: BTreeSet<(&str, &str)> = results
            .iter()
            .filter(|result| !result.is_cut())
            .map(|result| (result.table.as_str(), result.test.as_str()))
            .collect();
        for entry in &mut self.entries {
            let Identity { table, test, .. } = &entry.identity;
            if entry.status != Status::Failing
                || entry.as_of > as_of
                || found.contains(&entry.identity)
            {
                continue;
            }
            if whole.contains(&(table.as_str(), test.as_str())) {
                entry.status = Status::Mended;
                entry.as_of = as_of;
            } else if !declared.contains(&(table.clone(), test.clone())) {
                entry.status = Status::Withdrawn;
                entry.as_of = as_of;
            }
        }
        self.entries.sort();
    }

    /// A row was found failing: its stretch goes on, or a new one begins.
    fn see(&mut self, identity: Identity, result: &TestResult, as_of: NaiveDate) {
        let same = self
            .entries
            .iter_mut()
            .filter(|entry| entry.identity == identity);
        for entry in same {
            let is_known = entry.first_seen_on <= as_of && as_of <= entry.last_seen_on;
            // A day on which it was found mended and then failing again was one day of failing.
            let is_undone = entry.as_of == as_of && entry.status != Status::Failing;
            let goes_on = entry.status == Status::Failing && entry.last_seen_on < as_of;
            if goes_on || (is_known && is_undone) {
                entry.status = Status::Failing;
                entry.last_seen_on = as_of;
                entry.as_of = as_of;
                entry.severity = result.severity.word().to_owned();
                return;
            }
            if is_known {
                if entry.as_of <= as_of {
                    entry.severity = result.severity.word().to_owned();
                }
                return;
            }
        }
        self.entries.push(Entry {
            identity,
            first_seen_on: as_of,
            last_seen_on: as_of,
            as_of,
            status: Status::Failing,
            severity: result.severity.word().to_owned(),
            column: result.column.clone(),
        });
    }

    /// Writes the lake's table.
    ///
    /// # Errors
    /// When the lake cannot be written.
    pub fn write(&self, lake: &Lake) -> Result<(), RunError> {
        let rows = table(self.entries.iter())?;
        let content = rows.encode(TEST_FAILURES)?;
        let arrow = schema_of(TEST_FAILURES, bytes::Bytes::from(content.clone()))?;
        let path = format!("{}.parquet", content_name(&content));
        let old = lake.snapshot(TEST_FAILURES)?.unwrap_or_default().files;
        let add = vec![lake.write_content(TEST_FAILURES, &path, content, rows.height())?];
        lake.commit(&TableChange {
            table: TEST_FAILURES.to_owned(),
            schema: delta_schema(TEST_FAILURES, &arrow)?,
            description: "Failing rows of table tests over time".to_owned(),
            add,
            remove: old
                .into_iter()
                .map(|file| file.path)
                .filter(|old| *old != path)
                .collect(),
            note: BTreeMap::new(),
        })?;
        Ok(())
    }

    /// The published table: what was known on the as-of day.
    ///
    /// # Errors
    /// Only when columns differ in length.
    pub fn published(&self, as_of: NaiveDate) -> Result<Table, RunError> {
        let known = self
            .entries
            .iter()
            .filter(|entry| entry.first_seen_on <= as_of);
        let known: Vec<Entry> = known
            .map(|entry| {
                let mut entry = entry.clone();
                if entry.as_of > as_of {
                    // What became of it later was not known yet.
                    entry.status = Status::Failing;
                    entry.last_seen_on = entry.last_seen_on.min(as_of);
                    entry.as_of = entry.last_seen_on;
                }
                entry
            })
            .collect();
        table(known.iter())
    }
}

fn entry_of(row: &[Cell]) -> Option<Entry> {
    let [
        Cell::Date(as_of),
        Cell::Text(table),
        Cell::Text(test),
        Cell::Text(severity),
        Cell::Text(column),
        Cell::Text(key),
        value,
        Cell::Text(status),
        Cell::Date(first_seen_on),
        Cell::Date(last_seen_on),
    ] = row
    else {
        return None;
    };
    let value = match value {
        Cell::Text(value) => Some(value.clone()),
        _ => None,
    };
    Some(Entry {
        identity: Identity {
            table: table.clone(),
            test: test.clone(),
            key: key.clone(),
            value,
        },
        first_seen_on: *first_seen_on,
        last_seen_on: *last_seen_on,
        as_of: *as_of,
        status: Status::of(status)?,
        severity: severity.clone(),
        column: column.clone(),
    })
}

fn table<'a>(entries: impl Iterator<Item = &'a Entry> + Clone) -> Result<Table, RunError> {
    let text = |get: fn(&Entry) -> &str| {
        ColumnData::Text(
            entries
                .clone()
                .map(|entry| Some(get(entry).to_owned()))
                .collect(),
        )
    };
    let date = |get: fn(&Entry) -> NaiveDate| {
        ColumnData::Date(entries.clone().map(|entry| Some(get(entry))).collect())
    };
    let value = entries.clone().map(|entry| entry.identity.value.clone());
    let columns = [
        date(|entry| entry.as_of),
        text(|entry| &entry.identity.table),
        text(|entry| &entry.identity.test),
        text(|entry| &entry.severity),
        text(|entry| &entry.column),
        text(|entry| &entry.identity.key),
        ColumnData::Text(value.collect()),
        text(|entry| entry.status.word()),
        date(|entry| entry.first_seen_on),
        date(|entry| entry.last_seen_on),
    ];
    let names = COLUMNS.iter().map(|(name, _)| *name);
    Ok(Table::from_columns(
        TEST_FAILURES,
        names.zip(columns).collect(),
    )?)
}

#[cfg(test)]
mod tests;
