//! Delta tables: read a version, commit files.
//!
//! A table is a folder of immutable Parquet files and a Delta log. Files are named by what they hold, so that
//! committing the same file twice is the same as committing it once; that is what makes a crashed night repeatable.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::datatypes::Schema;
use chrono::NaiveDate;
use deltalake_core::kernel::engine::arrow_conversion::TryFromArrow;
use deltalake_core::kernel::transaction::CommitBuilder;
use deltalake_core::kernel::{Action, Add, MetadataExt, StructType, new_metadata};
use deltalake_core::logstore::{LogStoreRef, StorageConfig, logstore_for};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use serde::{Deserialize, Serialize};

use super::store::{Store, StoreError};
use crate::clock;

/// What went wrong at a lake table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Storage below the table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The Delta log could not be read or written.
    #[error("table `{table}`: {action}")]
    Delta {
        /// Table path below the lake's root.
        table: String,
        /// What was being done.
        action: &'static str,
        /// The Delta library's error.
        #[source]
        source: Box<DeltaTableError>,
    },
    /// A Parquet file of the table could not be read or written.
    #[error("table `{table}`: {action}")]
    Parquet {
        /// Table path below the lake's root.
        table: String,
        /// What was being done.
        action: &'static str,
        /// The Parquet library's error.
        #[source]
        source: Box<parquet::errors::ParquetError>,
    },
    /// Another process changed the table since this one read it.
    #[error("table `{table}` changed while this run was working; run again")]
    Conflict {
        /// Table path below the lake's root.
        table: String,
    },
}

/// One live Parquet file of a table.
///
/// The days a file touches stand in its path (`day=2020-09-03/to=2020-09-04/…`), so that planning needs no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// Path below the table's folder.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Rows in the file.
    pub rows: u64,
}

/// The days that a file of a table stored by day touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayReach {
    /// The day under which the file is stored; `None` for rows without a day.
    pub day: Option<NaiveDate>,
    /// The last day that any of its rows reaches (a session that crosses midnight).
    pub last: Option<NaiveDate>,
}

impl DayReach {
    /// The folder of a file with this reach: `day=2020-09-03/` or, when rows reach further, with `to=…/`.
    pub fn folder(&self) -> String {
        let Some(day) = self.day else {
            return "day=none/".to_owned();
        };
        match self.last.filter(|last| *last > day) {
            Some(last) => format!("day={day}/to={last}/"),
            None => format!("day={day}/"),
        }
    }

    /// Whether rows of the file may concern `day`.
    pub fn touches(&self, day: NaiveDate) -> bool {
        self.day.is_some_and(|first| first <= day) && self.last.is_some_and(|last| day <= last)
    }
}

impl DataFile {
    /// The days the file touches, or `None` when its table is not stored by day.
    pub fn reach(&self) -> Option<DayReach> {
        let rest = self.path.strip_prefix("day=")?;
        let (day, rest) = rest.split_once('/')?;
        let day = day.parse::<NaiveDate>().ok();
        let last = rest
            .strip_prefix("to=")
            .and_then(|rest| rest.split_once('/'))
            .and_then(|(last, _)| last.parse::<NaiveDate>().ok());
        Some(DayReach {
            day,
            last: last.or(day),
        })
    }
}

/// A table at one version: its live files in path order.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Delta version.
    pub version: u64,
    /// Live files, by path.
    pub files: Vec<DataFile>,
}

/// The lake: a store that holds Delta tables.
#[derive(Debug, Clone)]
pub struct Lake {
    store: Store,
}

impl Lake {
    /// A lake at the root of `store`.
    pub fn new(store: Store) -> Lake {
        Lake { store }
    }

    /// The storage below.
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn log_store(&self, table: &str) -> Result<LogStoreRef, TableError> {
        let url = self
            .store
            .url()
            .join(&format!("{table}/"))
            .map_err(|error| StoreError::Location {
                location: table.to_owned(),
                reason: error.to_string(),
            })?;
        logstore_for(&url, StorageConfig::default()).map_err(delta(table, "opening"))
    }

    /// Reads the newest version of a table; `None` when there is no such table.
    ///
    /// # Errors
    /// [`TableError::Delta`] when the log cannot be read.
    pub fn snapshot(&self, table: &str) -> Result<Option<Snapshot>, TableError> {
        Ok(self.load(table)?.map(|state| files_of(&state)))
    }

    fn load(&self, table: &str) -> Result<Option<DeltaTable>, TableError> {
        let log_store = self.log_store(table)?;
        self.store.runtime().block_on(async {
            let there = log_store
                .is_delta_table_location()
                .await
                .map_err(delta(table, "looking for the log"))?;
            if !there {
                return Ok(None);
            }
            let mut state = DeltaTable::new(log_store);
            state
                .load()
                .await
                .map_err(delta(table, "reading the log"))?;
            Ok(Some(state))
        })
    }

    /// Commits one change to a table, creating it when it is not there: files in `add` that are already live are
    /// left alone, so the call may be repeated after a crash. Returns the version that holds the change.
    ///
    /// # Errors
    /// [`TableError::Delta`] when the log cannot be written.
    pub fn commit(&self, change: &TableChange) -> Result<u64, TableError> {
        let table = change.table.as_str();
        let state = match self.load(table)? {
            Some(state) => state,
            None => self.create_table(change)?,
        };
        let snapshot = state.snapshot().map_err(delta(table, "reading the log"))?;
        let live: HashMap<String, _> = snapshot
            .log_data()
            .iter()
            .map(|view| (view.path().into_owned(), view))
            .collect();
        let added: HashSet<&str> = change.add.iter().map(|file| file.path.as_str()).collect();
        let mut actions: Vec<Action> = Vec::new();
        if snapshot.schema().as_ref() != &change.schema {
            let metadata = new_metadata(&change.schema, Vec::<String>::new(), table_properties())
                .and_then(|metadata| metadata.with_table_id(snapshot.metadata().id().to_owned()))
                .map_err(DeltaTableError::from)
                .map_err(delta(table, "changing the schema"))?;
            actions.push(Action::Metadata(metadata));
        }
        for file in &change.add {
            if !live.contains_key(&file.path) {
                actions.push(Action::Add(add_action(file)));
            }
        }
        for path in &change.remove {
            if let Some(view) = live.get(path).filter(|_| !added.contains(path.as_str())) {
                actions.push(Action::Remove(view.remove_action(true)));
            }
        }
        if actions.is_empty() {
            return Ok(snapshot.version());
        }
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: None,
            predicate: None,
        };
        let metadata = change
            .note
            .iter()
            .map(|(key, value)| (key.clone(), serde_json::Value::from(value.clone())))
            .collect();
        self.store.runtime().block_on(async {
            CommitBuilder::default()
                .with_actions(actions)
                .with_app_metadata(metadata)
                .build(Some(snapshot), state.log_store(), operation)
                .await
                .map(|commit| commit.version())
                .map_err(delta(table, "committing"))
        })
    }

    fn create_table(&self, change: &TableChange) -> Result<DeltaTable, TableError> {
        let table = change.table.as_str();
        let log_store = self.log_store(table)?;
        let name = table.rsplit('/').next().unwrap_or(table);
        self.store.runtime().block_on(async {
            CreateBuilder::new()
                .with_log_store(log_store)
                .with_table_name(name)
                .with_comment(change.description.clone())
                .with_columns(change.schema.fields().cloned())
                .with_configuration(
                    table_properties().map(|(key, value)| (key.to_owned(), Some(value.to_owned()))),
                )
                .with_save_mode(SaveMode::Ignore)
                .await
                .map_err(delta(table, "creating"))
        })
    }
}

/// One commit: files to add and paths to remove.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TableChange {
    /// Table path below the lake's root, for example `feeds/claims`.
    pub table: String,
    /// Columns after the change.
    pub schema: StructType,
    /// One sentence for other readers of the table.
    pub description: String,
    /// New files, already written.
    pub add: Vec<DataFile>,
    /// Paths of files that no longer belong to the table.
    pub remove: Vec<String>,
    /// Notes kept in the commit (fingerprints, load ids).
    pub note: BTreeMap<String, String>,
}

/// The Delta form of an Arrow schema.
///
/// # Errors
/// When a column has a type that Delta does not know.
pub fn delta_schema(table: &str, schema: &Schema) -> Result<StructType, TableError> {
    StructType::try_from_arrow(schema).map_err(|error| {
        delta(table, "mapping the schema")(DeltaTableError::generic(error.to_string()))
    })
}

fn table_properties() -> impl Iterator<Item = (&'static str, &'static str)> {
    // History is kept: older versions of rows and figures stay readable until somebody decides otherwise.
    [("delta.enableExpiredLogCleanup", "false")].into_iter()
}

fn delta(table: &str, action: &'static str) -> impl FnOnce(DeltaTableError) -> TableError {
    move |source| TableError::Delta {
        table: table.to_owned(),
        action,
        source: Box::new(source),
    }
}

/// The statistics kept with each file; other readers skip files by row count only.
#[derive(Serialize, Deserialize, Default)]
struct FileStatistics {
    #[serde(rename = "numRecords")]
    rows: u64,
}

fn add_action(file: &DataFile) -> Add {
    let statistics = FileStatistics { rows: file.rows };
    Add {
        path: file.path.clone(),
        size: i64::try_from(file.size).unwrap_or(i64::MAX),
        modification_time: clock::now().timestamp_millis(),
        data_change: true,
        stats: serde_json::to_string(&statistics).ok(),
        ..Add::default()
    }
}

fn files_of(table: &DeltaTable) -> Snapshot {
    let Ok(state) = table.snapshot() else {
        return Snapshot::default();
    };
    let mut files: Vec<DataFile> = state
        .log_data()
        .iter()
        .map(|view| DataFile {
            path: view.path().into_owned(),
            size: u64::try_from(view.size()).unwrap_or_default(),
            rows: view
                .num_records()
                .and_then(|rows| u64::try_from(rows).ok())
                .unwrap_or_default(),
        })
        .collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Snapshot {
        version: state.version(),
        files,
    }
}
