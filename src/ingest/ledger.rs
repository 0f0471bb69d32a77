//! What is written down about loads: the account of every file, quarantined rows, replaced rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, Date32Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Date32Type, Field, Int64Type, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;

use super::convert::date_of;
use super::notices::{DRIFT, drift_batch};
use crate::lake::{DataFile, Lake, TableChange, TableError, delta_schema};
use crate::model::ColumnKind;

/// Table of loads: one row per file and city.
pub const LOADS: &str = "system/loads";
/// Table of quarantined rows.
pub const QUARANTINE: &str = "system/quarantine";
/// Table of rows that a later load replaced.
pub const REVISIONS: &str = "system/revisions";

/// How the rows of one file and city were accounted for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// Records found.
    pub read: i64,
    /// Records that stand.
    pub accepted: i64,
    /// Records refused.
    pub quarantined: i64,
    /// Records that a later line of the same file replaced.
    pub superseded: i64,
    /// Records equal to one that stands already.
    pub duplicate: i64,
    /// Accepted records that replace a row of an earlier load.
    pub revisions: i64,
    /// Newest record, as days since 1970-01-01.
    pub newest: Option<i32>,
}

impl Account {
    /// The conservation law: every record read is accounted for once.
    pub fn balances(&self) -> bool {
        self.read == self.accepted + self.quarantined + self.superseded + self.duplicate
    }

    /// Adds another account.
    pub fn add(&mut self, other: &Account) {
        self.read += other.read;
        self.accepted += other.accepted;
        self.quarantined += other.quarantined;
        self.superseded += other.superseded;
        self.duplicate += other.duplicate;
        self.revisions += other.revisions;
        self.newest = self.newest.max(other.newest);
    }
}

/// One row of the loads table.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadRow {
    /// As-of day of the run that loaded it.
    pub load_on: NaiveDate,
    /// Order of loads.
    pub sequence: i64,
    /// Load id: hash of path and content.
    pub load_id: String,
    /// Feed.
    pub feed: String,
    /// Object path below the raw root.
    pub object: String,
    /// BLAKE3 hash of the object's bytes.
    pub content_hash: String,
    /// Size in bytes.
    pub size: i64,
    /// Text encoding as read.
    pub encoding: String,
    /// Headers that the contract does not know, joined by `|`.
    pub unknown_columns: String,
    /// City, when it is known.
    pub city_code: Option<String>,
    /// The account.
    pub account: Account,
}

/// One quarantined row, without its raw text.
#[derive(Debug, Clone, PartialEq)]
pub struct QuarantineRow {
    /// As-of day of the run.
    pub load_on: NaiveDate,
    /// Load id.
    pub load_id: String,
    /// Load order.
    pub sequence: i64,
    /// Feed.
    pub feed: String,
    /// City of the file, when it is known.
    pub city_code: Option<String>,
    /// Object path.
    pub object: String,
    /// Physical line.
    pub line: i64,
    /// Byte offset, where the format has one.
    pub byte: Option<i64>,
    /// Sheet, in a workbook.
    pub sheet: Option<String>,
    /// Column.
    pub column: String,
    /// Reason code.
    pub reason: String,
    /// What it means, Chinese and English.
    pub message: String,
}

/// One replaced row.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionRow {
    /// Feed.
    pub feed: String,
    /// Load of the replaced row.
    pub load_sequence: i64,
    /// Line of the replaced row.
    pub line: i64,
    /// Day under which the replaced row is stored.
    pub day: NaiveDate,
    /// Last day it reaches.
    pub last: NaiveDate,
    /// Load of the replacing row.
    pub by_load_sequence: i64,
    /// Line of the replacing row.
    pub by_line: i64,
}

pub(super) type Columns = Vec<(&'static str, Arc<dyn Array>)>;

pub(super) fn texts<'a>(values: impl Iterator<Item = &'a str>) -> Arc<dyn Array> {
    Arc::new(StringArray::from_iter_values(values))
}

pub(super) fn ints(values: impl Iterator<Item = i64>) -> Arc<dyn Array> {
    Arc::new(Int64Array::from_iter_values(values))
}

pub(super) fn dates(values: impl Iterator<Item = Option<i32>>) -> Arc<dyn Array> {
    Arc::new(Date32Array::from_iter(values))
}

pub(super) fn day(date: NaiveDate) -> Option<i32> {
    Some(date.to_epoch_days())
}

pub(super) fn batch(columns: Columns) -> Result<RecordBatch, ArrowError> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, values)| Field::new(*name, values.data_type().clone(), true))
        .collect();
    let values = columns.into_iter().map(|(_, values)| values).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), values)
}

/// The loads table's rows as a batch.
///
/// # Errors
/// Only when Arrow refuses the columns.
pub fn loads_batch(rows: &[LoadRow]) -> Result<RecordBatch, ArrowError> {
    let count = |get: fn(&Account) -> i64| ints(rows.iter().map(move |row| get(&row.account)));
    batch(vec![
        ("load_on", dates(rows.iter().map(|row| day(row.load_on)))),
        ("load_seq", ints(rows.iter().map(|row| row.sequence))),
        (
            "load_id",
            texts(rows.iter().map(|row| row.load_id.as_str())),
        ),
        ("feed", texts(rows.iter().map(|row| row.feed.as_str()))),
        ("object", texts(rows.iter().map(|row| row.object.as_str()))),
        (
            "content_hash",
            texts(rows.iter().map(|row| row.content_hash.as_str())),
        ),
        ("size", ints(rows.iter().map(|row| row.size))),
        (
            "encoding",
            texts(rows.iter().map(|row| row.encoding.as_str())),
        ),
        (
            "unknown_columns",
            texts(rows.iter().map(|row| row.unknown_columns.as_str())),
        ),
        (
            "city_code",
            Arc::new(
                rows.iter()
                    .map(|row| row.city_code.as_deref())
                    .collect::<StringArray>(),
            ),
        ),
        ("rows_read", count(|account| account.read)),
        ("rows_accepted", count(|account| account.accepted)),
        ("rows_quarantined", count(|account| account.quarantined)),
        ("rows_superseded", count(|account| account.superseded)),
        ("rows_duplicate", count(|account| account.duplicate)),
        ("rows_revised", count(|account| account.revisions)),
        (
            "newest_record_on",
            dates(rows.iter().map(|row| row.account.newest)),
        ),
    ])
}

/// The quarantine table's rows as a batch.
///
/// # Errors
/// Only when Arrow refuses the columns.
pub fn quarantine_batch(rows: &[QuarantineRow]) -> Result<RecordBatch, ArrowError> {
    let optional = |get: fn(&QuarantineRow) -> Option<&str>| -> Arc<dyn Array> {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    batch(vec![
        ("load_on", dates(rows.iter().map(|row| day(row.load_on)))),
        ("load_seq", ints(rows.iter().map(|row| row.sequence))),
        (
            "load_id",
            texts(rows.iter().map(|row| row.load_id.as_str())),
        ),
        ("feed", texts(rows.iter().map(|row| row.feed.as_str()))),
        ("city_code", optional(|row| row.city_code.as_deref())),
        ("object", texts(rows.iter().map(|row| row.object.as_str()))),
        ("line", ints(rows.iter().map(|row| row.line))),
        (
            "byte",
            Arc::new(rows.iter().map(|row| row.byte).collect::<Int64Array>()),
        ),
        ("sheet", optional(|row| row.sheet.as_deref())),
        ("column", texts(rows.iter().map(|row| row.column.as_str()))),
        ("reason", texts(rows.iter().map(|row| row.reason.as_str()))),
        (
            "message",
            texts(rows.iter().map(|row| row.message.as_str())),
        ),
        ("replayed_on", dates(rows.iter().map(|_| None))),
    ])
}

/// The revisions table's rows as a batch.
///
/// # Errors
/// Only when Arrow refuses the columns.
pub fn revisions_batch(rows: &[RevisionRow]) -> Result<RecordBatch, ArrowError> {
    batch(vec![
        ("feed", texts(rows.iter().map(|row| row.feed.as_str()))),
        ("_load_seq", ints(rows.iter().map(|row| row.load_sequence))),
        ("_line", ints(rows.iter().map(|row| row.line))),
        ("day", dates(rows.iter().map(|row| day(row.day)))),
        ("last", dates(rows.iter().map(|row| day(row.last)))),
        (
            "by_load_seq",
            ints(rows.iter().map(|row| row.by_load_sequence)),
        ),
        ("by_line", ints(rows.iter().map(|row| row.by_line))),
    ])
}

/// A change that adds one already written file of a ledger table.
///
/// # Errors
/// When the schema cannot be a Delta schema.
pub fn adding(
    table: &str,
    description: &str,
    schema: &Schema,
    file: DataFile,
) -> Result<TableChange, TableError> {
    Ok(TableChange {
        table: table.to_owned(),
        schema: delta_schema(table, schema)?,
        description: description.to_owned(),
        add: vec![file],
        remove: Vec::new(),
        note: BTreeMap::new(),
    })
}

/// Every row of the loads table, in load order.
///
/// # Errors
/// When the lake cannot be read.
pub fn read_loads(lake: &Lake) -> Result<Vec<LoadRow>, TableError> {
    let mut rows = Vec::new();
    for file in lake
        .snapshot(LOADS)?
        .map(|table| table.files)
        .unwrap_or_default()
    {
        for batch in lake.read_rows(LOADS, &file, &[], None)? {
            read_load_batch(&batch?, &mut rows);
        }
    }
    rows.sort_by(|left, right| {
        (left.sequence, &left.city_code).cmp(&(right.sequence, &right.city_code))
    });
    Ok(rows)
}

fn read_load_batch(batch: &RecordBatch, rows: &mut Vec<LoadRow>) {
    let text = |name: &str, row: usize| {
        batch.column_by_name(name).and_then(|column| {
            let column = column.as_string::<i32>();
            column.is_valid(row).then(|| column.value(row).to_owned())
        })
    };
    let int = |name: &str, row: usize| {
        batch
            .column_by_name(name)
            .map(|column| column.as_primitive::<Int64Type>().value(row))
            .unwrap_or_default()
    };
    let date = |name: &str, row: usize| {
        batch.column_by_name(name).and_then(|column| {
            let column = column.as_primitive::<Date32Type>();
            column.is_valid(row).then(|| column.value(row))
        })
    };
    for row in 0..batch.num_rows() {
        rows.push(LoadRow {
            load_on: date_of(date("load_on", row).unwrap_or_default()),
            sequence: int("load_seq", row),
            load_id: text("load_id", row).unwrap_or_default(),
            feed: text("feed", row).unwrap_or_default(),
            object: text("object", row).unwrap_or_default(),
            content_hash: text("content_hash", row).unwrap_or_default(),
            size: int("size", row),
            encoding: text("encoding", row).unwrap_or_default(),
            unknown_columns: text("unknown_columns", row).unwrap_or_default(),
            city_code: text("city_code", row),
            account: Account {
                read: int("rows_read", row),
                accepted: int("rows_accepted", row),
                quarantined: int("rows_quarantined", row),
                superseded: int("rows_superseded", row),
                duplicate: int("rows_duplicate", row),
                revisions: int("rows_revised", row),
                newest: date("newest_record_on", row),
            },
        });
    }
}

/// Days of replaced rows of a feed: (stored day, last day) of each, with the replacing load, in a fixed order.
///
/// # Errors
/// When the lake cannot be read.
pub fn read_revisions(lake: &Lake, feed: &str) -> Result<Vec<RevisionRow>, TableError> {
    let mut rows = Vec::new();
    for file in revision_files(lake, feed)? {
        for batch in lake.read_rows(REVISIONS, &file, &[], None)? {
            let batch = batch?;
            let int = |index: usize, row: usize| {
                batch.column(index).as_primitive::<Int64Type>().value(row)
            };
            let date = |index: usize, row: usize| {
                date_of(batch.column(index).as_primitive::<Date32Type>().value(row))
            };
            for row in 0..batch.num_rows() {
                rows.push(RevisionRow {
                    feed: feed.to_owned(),
                    load_sequence: int(1, row),
                    line: int(2, row),
                    day: date(3, row),
                    last: date(4, row),
                    by_load_sequence: int(5, row),
                    by_line: int(6, row),
                });
            }
        }
    }
    rows.sort_by_key(|row| (row.by_load_sequence, row.by_line));
    Ok(rows)
}

/// Files of the revisions table that concern a feed.
///
/// # Errors
/// When the lake cannot be read.
pub fn revision_files(lake: &Lake, feed: &str) -> Result<Vec<DataFile>, TableError> {
    let folder = format!("{feed}/");
    let mut files = lake
        .snapshot(REVISIONS)?
        .map(|table| table.files)
        .unwrap_or_default();
    files.retain(|file| file.path.starts_with(&folder));
    Ok(files)
}

/// The columns of a ledger table, for readers of a lake where nothing has been loaded.
pub fn column_kinds(table: &str) -> Vec<(String, ColumnKind)> {
    let batch = match table {
        LOADS => loads_batch(&[]),
        QUARANTINE => quarantine_batch(&[]),
        DRIFT => drift_batch(&[]),
        _ => revisions_batch(&[]),
    };
    let kind = |data_type: &DataType| match data_type {
        DataType::Int64 => ColumnKind::Int,
        DataType::Date32 => ColumnKind::Date,
        _ => ColumnKind::Text,
    };
    batch
        .map(|batch| {
            let schema = batch.schema();
            let fields = schema.fields().iter();
            fields
                .map(|field| (field.name().clone(), kind(field.data_type())))
                .collect()
        })
        .unwrap_or_default()
}
