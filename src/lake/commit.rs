//! Committing changes to tables.

use std::collections::{BTreeMap, HashMap, HashSet};

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, MetadataExt, StructType, new_metadata};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use serde::{Deserialize, Serialize};

use super::table::{DataFile, Lake, TableError, delta};
use crate::clock;

/// Tries of a commit that conflicts with another writer's.
const COMMIT_TRIES: u32 = 5;

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

impl Lake {
    /// Commits one change to a table, creating it when it is not there: files in `add` that are already live are
    /// left alone, so the call may be repeated after a crash. Returns the version that holds the change.
    ///
    /// # Errors
    /// [`TableError::Conflict`] when other writers were first each time, [`TableError::Delta`] when the log cannot be
    /// written.
    pub fn commit(&self, change: &TableChange) -> Result<u64, TableError> {
        for _ in 1..COMMIT_TRIES {
            match self.commit_once(change) {
                // Of the changes that cannot stand together one won; what is left of the other is found afresh.
                Err(TableError::Delta { source, .. }) if is_conflict(&source) => {}
                outcome => return outcome,
            }
        }
        self.commit_once(change).map_err(|error| match error {
            TableError::Delta { source, .. } if is_conflict(&source) => TableError::Conflict {
                table: change.table.clone(),
            },
            other => other,
        })
    }

    fn commit_once(&self, change: &TableChange) -> Result<u64, TableError> {
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
        self.store().runtime().block_on(async {
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
        let created = self.store().runtime().block_on(async {
            CreateBuilder::new()
                .with_log_store(log_store)
                .with_table_name(name)
                .with_comment(change.description.clone())
                .with_columns(change.schema.fields().cloned())
                .with_configuration(
                    table_properties().map(|(key, value)| (key.to_owned(), Some(value.to_owned()))),
                )
                .with_save_mode(SaveMode::Ignore)
                // Else, when another writer makes it first, the library would make it again as the next version.
                .with_commit_properties(CommitProperties::default().with_max_retries(0))
                .await
                .map_err(delta(table, "creating"))
        });
        match created {
            // Another writer may have made it at the same moment.
            Err(error) => self.load(table)?.ok_or(error),
            made => made,
        }
    }
}

fn table_properties() -> impl Iterator<Item = (&'static str, &'static str)> {
    // History is kept: older versions of rows and figures stay readable until somebody decides otherwise.
    [("delta.enableExpiredLogCleanup", "false")].into_iter()
}

fn is_conflict(error: &DeltaTableError) -> bool {
    match error {
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => matches!(
            source,
            TransactionError::CommitConflict(_) | TransactionError::MaxCommitAttempts(_)
        ),
        _ => false,
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
