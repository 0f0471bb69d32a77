//! What is written down about objects beside their rows: refusals of whole objects, and drift of their columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;

use super::convert::date_of;
use super::ledger::{batch, dates, day, ints, texts};
use crate::contract::Drift;
use crate::lake::{Lake, TableError};

/// Table of refused objects: one row for each as-of day on which one was refused.
pub const REFUSALS: &str = "system/refusals";
/// Table of files whose columns differ from their contract.
pub const DRIFT: &str = "system/drift";

/// An object that was refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusalRow {
    /// As-of day of the run.
    pub load_on: NaiveDate,
    /// Feed; empty when the object lies in no feed's folder.
    pub feed: String,
    /// City, when the path tells it.
    pub city_code: Option<String>,
    /// Object path.
    pub object: String,
    /// Why.
    pub reason: String,
}

/// How the columns of one loaded file differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftRow {
    /// As-of day of the run.
    pub load_on: NaiveDate,
    /// Load order.
    pub sequence: i64,
    /// Feed.
    pub feed: String,
    /// City of the file, when it is known.
    pub city_code: Option<String>,
    /// Object path.
    pub object: String,
    /// The difference.
    pub drift: Drift,
}

fn optional<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Arc<dyn Array> {
    Arc::new(values.collect::<StringArray>())
}

/// The refusals table's rows as a batch.
///
/// # Errors
/// Only when Arrow refuses the columns.
pub fn refusals_batch(rows: &[RefusalRow]) -> Result<RecordBatch, ArrowError> {
    batch(vec![
        ("load_on", dates(rows.iter().map(|row| day(row.load_on)))),
        ("feed", texts(rows.iter().map(|row| row.feed.as_str()))),
        (
            "city_code",
            optional(rows.iter().map(|row| row.city_code.as_deref())),
        ),
        ("object", texts(rows.iter().map(|row| row.object.as_str()))),
        ("reason", texts(rows.iter().map(|row| row.reason.as_str()))),
    ])
}

/// The drift table's rows as a batch.
///
/// # Errors
/// Only when Arrow refuses the columns.
pub fn drift_batch(rows: &[DriftRow]) -> Result<RecordBatch, ArrowError> {
    batch(vec![
        ("load_on", dates(rows.iter().map(|row| day(row.load_on)))),
        ("load_seq", ints(rows.iter().map(|row| row.sequence))),
        ("feed", texts(rows.iter().map(|row| row.feed.as_str()))),
        (
            "city_code",
            optional(rows.iter().map(|row| row.city_code.as_deref())),
        ),
        ("object", texts(rows.iter().map(|row| row.object.as_str()))),
        (
            "class",
            texts(rows.iter().map(|row| row.drift.class.word())),
        ),
        (
            "header",
            texts(rows.iter().map(|row| row.drift.header.as_str())),
        ),
        (
            "column",
            texts(rows.iter().map(|row| row.drift.column.as_str())),
        ),
        (
            "suggestion",
            optional(rows.iter().map(|row| row.drift.suggestion.as_deref())),
        ),
        (
            "policy",
            texts(rows.iter().map(|row| row.drift.policy.word())),
        ),
        ("rows", ints(rows.iter().map(|row| row.drift.rows))),
    ])
}

/// Every refusal on record, by day and object.
///
/// # Errors
/// When the lake cannot be read.
pub fn read_refusals(lake: &Lake) -> Result<Vec<RefusalRow>, TableError> {
    let files = lake.snapshot(REFUSALS)?.map(|table| table.files);
    let mut rows = Vec::new();
    for file in files.unwrap_or_default() {
        for batch in lake.read_rows(REFUSALS, &file, &[], None)? {
            let batch = batch?;
            let text = |index: usize, row: usize| {
                let column = batch.column(index).as_string::<i32>();
                column.is_valid(row).then(|| column.value(row).to_owned())
            };
            for row in 0..batch.num_rows() {
                rows.push(RefusalRow {
                    load_on: date_of(batch.column(0).as_primitive::<Date32Type>().value(row)),
                    feed: text(1, row).unwrap_or_default(),
                    city_code: text(2, row),
                    object: text(3, row).unwrap_or_default(),
                    reason: text(4, row).unwrap_or_default(),
                });
            }
        }
    }
    rows.sort();
    Ok(rows)
}

/// The rows of `found` that are not yet on record, in order.
pub fn new_refusals(known: &[RefusalRow], found: Vec<RefusalRow>) -> Vec<RefusalRow> {
    let mut fresh: BTreeMap<(NaiveDate, String), RefusalRow> = BTreeMap::new();
    for row in found {
        if known.binary_search(&row).is_err() {
            fresh.insert((row.load_on, row.object.clone()), row);
        }
    }
    fresh.into_values().collect()
}
