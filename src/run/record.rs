//! The record of a run: a JSON object in the lake and a row of the table `system/runs`, also when it failed.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::build::ModelOutcome;
use super::leads::LeadRecord;
use crate::ingest::Account;
use crate::lake::{Lake, TableChange, TableError, delta_schema};
use crate::release::AuditResult;

const RUNS: &str = "system/runs";
const RECORDS: &str = "system/run_records";

/// One run.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct RunRecord {
    /// Start moment and process: unique.
    pub run_id: String,
    /// As-of day.
    pub as_of: Option<NaiveDate>,
    /// When it started, RFC 3339.
    pub started_at: String,
    /// Seconds it took.
    pub seconds: f64,
    /// Exit code.
    pub exit_code: i64,
    /// What ended it early, in one line.
    pub error: Option<String>,
    /// Order of the newest load of which this record or an earlier one tells.
    #[serde(default)]
    pub told_sequence: Option<i64>,
    /// Objects loaded.
    pub objects_loaded: usize,
    /// Objects refused as a whole, with the reason.
    pub objects_refused: Vec<(String, String)>,
    /// Rows by feed.
    pub feeds: BTreeMap<String, FeedRecord>,
    /// Models computed or found fresh.
    pub models: Vec<ModelRecord>,
    /// Audits.
    pub audits: Vec<AuditResult>,
    /// Hits by indicator.
    #[serde(default)]
    pub leads: Vec<LeadRecord>,
    /// Release that is current afterwards.
    pub release: Option<String>,
    /// Whether this run made it.
    pub released: bool,
    /// Largest resident memory of the process, bytes.
    pub peak_memory_bytes: u64,
}

/// Rows of one feed in a run.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Default)]
pub struct FeedRecord {
    /// Records found.
    pub read: i64,
    /// Records that stand.
    pub accepted: i64,
    /// Records refused.
    pub quarantined: i64,
    /// Records replaced inside their file.
    pub superseded: i64,
    /// Records that were there already.
    pub duplicate: i64,
    /// Accepted records that replace earlier ones.
    pub revised: i64,
}

impl From<&Account> for FeedRecord {
    fn from(account: &Account) -> FeedRecord {
        FeedRecord {
            read: account.read,
            accepted: account.accepted,
            quarantined: account.quarantined,
            superseded: account.superseded,
            duplicate: account.duplicate,
            revised: account.revisions,
        }
    }
}

/// One model in a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelRecord {
    /// Table.
    pub name: String,
    /// Why it was computed, or `up to date`.
    pub why: String,
    /// Whether it was computed.
    pub computed: bool,
    /// Rows afterwards.
    pub rows: u64,
    /// Seconds.
    pub seconds: f64,
}

impl From<&ModelOutcome> for ModelRecord {
    fn from(outcome: &ModelOutcome) -> ModelRecord {
        ModelRecord {
            name: outcome.name.clone(),
            why: outcome.staleness.words(),
            computed: outcome.staleness.is_stale(),
            rows: outcome.rows,
            seconds: outcome.seconds,
        }
    }
}

/// Largest resident memory of this process so far, in bytes; 0 where the system does not tell.
pub fn peak_memory_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .and_then(|kilobytes| kilobytes.trim().parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes * 1024)
}

impl RunRecord {
    /// Writes the record.
    ///
    /// # Errors
    /// When the lake cannot be written.
    pub fn write(&self, lake: &Lake) -> Result<(), TableError> {
        let text = serde_json::to_vec_pretty(self).unwrap_or_default();
        lake.store()
            .write(&format!("{RECORDS}/{}.json", self.run_id), text)?;
        let text = |name: &str, value: Option<&str>| {
            let values: StringArray = std::iter::once(value).collect();
            (
                Field::new(name, DataType::Utf8, true),
                Arc::new(values) as _,
            )
        };
        let int = |name: &str, value: i64| {
            (
                Field::new(name, DataType::Int64, true),
                Arc::new(Int64Array::from(vec![value])) as _,
            )
        };
        let total = |get: fn(&FeedRecord) -> i64| self.feeds.values().map(get).sum::<i64>();
        let as_of = self.as_of.map(|day| day.to_string());
        let (fields, columns): (Vec<Field>, Vec<arrow::array::ArrayRef>) = [
            text("run_id", Some(&self.run_id)),
            text("as_of", as_of.as_deref()),
            text("started_at", Some(&self.started_at)),
            (
                Field::new("seconds", DataType::Float64, true),
                Arc::new(Float64Array::from(vec![self.seconds])) as _,
            ),
            int("exit_code", self.exit_code),
            text("error", self.error.as_deref()),
            int(
                "objects_loaded",
                i64::try_from(self.objects_loaded).unwrap_or(i64::MAX),
            ),
            int(
                "objects_refused",
                i64::try_from(self.objects_refused.len()).unwrap_or(i64::MAX),
            ),
            int("rows_read", total(|feed| feed.read)),
            int("rows_accepted", total(|feed| feed.accepted)),
            int("rows_quarantined", total(|feed| feed.quarantined)),
            int("rows_superseded", total(|feed| feed.superseded)),
            int("rows_duplicate", total(|feed| feed.duplicate)),
            int(
                "models_computed",
                i64::try_from(self.models.iter().filter(|model| model.computed).count())
                    .unwrap_or(i64::MAX),
            ),
            text("release", self.release.as_deref()),
            int(
                "peak_memory_bytes",
                i64::try_from(self.peak_memory_bytes).unwrap_or(i64::MAX),
            ),
        ]
        .into_iter()
        .unzip();
        let batch =
            RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(|error| {
                TableError::Parquet {
                    table: RUNS.to_owned(),
                    action: "building the run's row",
                    source: Box::new(error.into()),
                }
            })?;
        let file = lake.write_rows(RUNS, "", &format!("{}-", self.run_id), &batch)?;
        lake.commit(&TableChange {
            table: RUNS.to_owned(),
            schema: delta_schema(RUNS, &batch.schema())?,
            description: "Every run, also failed ones".to_owned(),
            add: vec![file],
            remove: Vec::new(),
            note: BTreeMap::new(),
        })?;
        Ok(())
    }
}

/// The newest `count` run records, newest first.
///
/// # Errors
/// When the lake cannot be read.
pub fn read_records(lake: &Lake, count: usize) -> Result<Vec<RunRecord>, TableError> {
    let mut records = Vec::new();
    for entry in lake.store().list(RECORDS)?.into_iter().rev().take(count) {
        if let Ok(record) = serde_json::from_slice(&lake.store().read(&entry.path)?) {
            records.push(record);
        }
    }
    Ok(records)
}
