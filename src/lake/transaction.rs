//! A change of several tables that happens wholly or not at all.
//!
//! Delta commits one table at a time. The intended changes are first written as one object (all their data files are
//! already there); then each table is committed; then the object is deleted. A run that finds such an object left by a
//! killed one finishes it before doing anything else, so no reader-visible state depends on where the kill fell.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::commit::TableChange;
use super::error::StoreError;
use super::table::{Lake, TableError};

const FOLDER: &str = "system/pending";

/// Changes of several tables.
#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub struct Transaction {
    /// In the order in which they are committed.
    pub changes: Vec<TableChange>,
}

impl Lake {
    /// Commits all changes of `transaction`; `name` tells it from others that may be pending.
    ///
    /// # Errors
    /// When storage fails; the transaction then stays pending and the next [`Lake::finish_pending`] completes it.
    pub fn commit_all(&self, name: &str, transaction: &Transaction) -> Result<(), TableError> {
        let path = format!("{FOLDER}/{name}.json");
        let text = serde_json::to_vec(transaction).map_err(|error| unreadable(&path, &error))?;
        self.store().write(&path, text)?;
        self.apply(transaction)?;
        self.store().delete(&path)?;
        Ok(())
    }

    /// Finishes what a killed run had decided. Returns the names of the transactions that it finished.
    ///
    /// # Errors
    /// When storage fails or a pending object is not readable.
    pub fn finish_pending(&self) -> Result<Vec<String>, TableError> {
        let mut finished = Vec::new();
        for entry in self.store().list(FOLDER)? {
            let bytes = self.store().read(&entry.path)?;
            let transaction: Transaction =
                serde_json::from_slice(&bytes).map_err(|error| unreadable(&entry.path, &error))?;
            self.apply(&transaction)?;
            self.store().delete(&entry.path)?;
            finished.push(entry.path);
        }
        Ok(finished)
    }

    fn apply(&self, transaction: &Transaction) -> Result<(), TableError> {
        // Several changes of one table become one commit: fewer versions, and no state between them.
        let mut by_table: BTreeMap<&str, TableChange> = BTreeMap::new();
        for change in &transaction.changes {
            by_table
                .entry(change.table.as_str())
                .and_modify(|merged| {
                    merged.add.extend(change.add.iter().cloned());
                    merged.remove.extend(change.remove.iter().cloned());
                    merged.note.extend(change.note.clone());
                })
                .or_insert_with(|| change.clone());
        }
        for change in by_table.values() {
            self.commit(change)?;
        }
        Ok(())
    }
}

fn unreadable(path: &str, error: &serde_json::Error) -> TableError {
    TableError::Store(StoreError::Location {
        location: path.to_owned(),
        reason: format!("not a pending transaction: {error}"),
    })
}
