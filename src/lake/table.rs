//! Delta tables: read a version, commit files.
//!
//! A table is a folder of immutable Parquet files and a Delta log. Files are named by what they hold, so that
//! committing the same file twice is the same as committing it once; that is what makes a crashed night repeatable.

use std::sync::Arc;

use arrow::datatypes::Schema;
use chrono::NaiveDate;
use deltalake_core::kernel::StructType;
use deltalake_core::kernel::engine::arrow_conversion::TryFromArrow;
use deltalake_core::logstore::{LogStoreRef, ObjectStoreRef, StorageConfig, default_logstore};
use deltalake_core::{DeltaTable, DeltaTableError};
use object_store::prefix::PrefixStore;
use serde::{Deserialize, Serialize};
use url::Url;

use super::error::StoreError;
use super::store::{Store, location};

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

    /// The table's log on this lake's own object store, so that every request of the Delta library goes the same way
    /// as all others.
    ///
    /// The URL only names paths below that store; its scheme means nothing but that it is no `file`, of which the
    /// library would ask the machine's file system. Commits are written with "create only if nobody has"; when another
    /// writer was first, the library looks whether the two changes can stand together and tries the next version.
    pub(super) fn log_store(&self, table: &str) -> Result<LogStoreRef, TableError> {
        let url =
            Url::parse(&format!("memory:///{table}/")).map_err(|error| StoreError::Location {
                location: table.to_owned(),
                reason: error.to_string(),
            })?;
        let root: ObjectStoreRef = Arc::clone(self.store.inner());
        let folder: ObjectStoreRef = Arc::new(PrefixStore::new(Arc::clone(&root), location(table)));
        let options = StorageConfig::default();
        Ok(default_logstore(folder, root, &url, &options))
    }

    /// Reads the newest version of a table; `None` when there is no such table.
    ///
    /// # Errors
    /// [`TableError::Delta`] when the log cannot be read.
    pub fn snapshot(&self, table: &str) -> Result<Option<Snapshot>, TableError> {
        Ok(self.load(table)?.map(|state| files_of(&state)))
    }

    /// Columns of a table that are stored with another type than `schema` has: name, stored type, wanted type. Files of
    /// both types in one table could be read by nobody.
    ///
    /// # Errors
    /// [`TableError::Delta`] when the log cannot be read.
    pub fn retyped_columns(
        &self,
        table: &str,
        schema: &StructType,
    ) -> Result<Vec<(String, String, String)>, TableError> {
        let Some(state) = self.load(table)? else {
            return Ok(Vec::new());
        };
        let snapshot = state.snapshot().map_err(delta(table, "reading the log"))?;
        let stored_schema = snapshot.schema();
        let retyped = schema.fields().filter_map(|wanted| {
            let stored = stored_schema.field(wanted.name())?;
            let differs = stored.data_type() != wanted.data_type();
            differs.then(|| {
                let types = (
                    stored.data_type().to_string(),
                    wanted.data_type().to_string(),
                );
                (wanted.name().clone(), types.0, types.1)
            })
        });
        Ok(retyped.collect())
    }

    pub(super) fn load(&self, table: &str) -> Result<Option<DeltaTable>, TableError> {
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

pub(super) fn delta(
    table: &str,
    action: &'static str,
) -> impl FnOnce(DeltaTableError) -> TableError {
    move |source| TableError::Delta {
        table: table.to_owned(),
        action,
        source: Box::new(source),
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
