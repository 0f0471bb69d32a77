//! Rows of earlier loads, as the resolver sees them.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;

use super::IngestError;
use super::columns::{LINE, LOAD_SEQUENCE, ROW_HASH};
use super::convert::{canonical_int, canonical_null, canonical_text, key_hash};
use super::feed::day_columns;
use super::resolve::{KeyRecord, Resolver, RowState};
use crate::contract::{Contract, LakePart, Mode};

/// How rows of a feed's table are read for their keys.
pub(super) struct History {
    keys: Vec<String>,
    days: Option<(String, Option<String>)>,
    is_snapshot: bool,
}

impl History {
    /// What of a feed's table has to be read.
    pub fn of(contract: &Contract) -> History {
        History {
            keys: key_columns(contract),
            days: day_columns(contract),
            is_snapshot: matches!(contract.mode, Mode::Snapshot { .. }),
        }
    }

    /// The columns that [`History::add`] reads.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        columns.extend([ROW_HASH, LOAD_SEQUENCE, LINE]);
        if let Some((day, reach)) = &self.days {
            columns.push(day);
            columns.extend(reach.as_deref());
        }
        columns
    }

    /// Adds a batch of stored rows.
    pub fn add(&self, resolver: &mut Resolver, batch: &RecordBatch) -> Result<(), IngestError> {
        let int = |name: &str, row: usize| {
            batch
                .column_by_name(name)
                .and_then(|column| column.as_primitive_opt::<Int64Type>())
                .map(|column| column.value(row))
                .unwrap_or_default()
        };
        let day = |name: Option<&str>, row: usize| {
            name.and_then(|name| batch.column_by_name(name))
                .and_then(|column| column.as_primitive_opt::<Date32Type>())
                .map(|column| column.value(row))
                .unwrap_or_default()
        };
        let mut bytes = Vec::new();
        for row in 0..batch.num_rows() {
            bytes.clear();
            if self.is_snapshot {
                bytes.extend_from_slice(&int(LOAD_SEQUENCE, row).to_le_bytes());
            }
            for key in &self.keys {
                if let Some(column) = batch.column_by_name(key) {
                    canonical_cell(column.as_ref(), row, &mut bytes);
                }
            }
            let stored = day(self.days.as_ref().map(|(day, _)| day.as_str()), row);
            let last = day(
                self.days.as_ref().and_then(|(_, reach)| reach.as_deref()),
                row,
            )
            .max(stored);
            resolver.add_history(KeyRecord {
                key: key_hash(&bytes),
                content: int(ROW_HASH, row),
                load: int(LOAD_SEQUENCE, row),
                line: int(LINE, row),
                day: stored,
                last,
                state: RowState::Stored,
            })?;
        }
        Ok(())
    }
}

/// The canonical bytes of a stored key value: the same as when it was loaded.
fn canonical_cell(column: &dyn Array, row: usize, bytes: &mut Vec<u8>) {
    if column.is_null(row) {
        return canonical_null(bytes);
    }
    if let Some(column) = column.as_string_opt::<i32>() {
        return canonical_text(column.value(row), bytes);
    }
    if let Some(column) = column.as_primitive_opt::<Date32Type>() {
        return canonical_int(i64::from(column.value(row)), bytes);
    }
    if let Some(column) = column.as_primitive_opt::<Int64Type>() {
        canonical_int(column.value(row), bytes);
    }
}

/// Lake columns that hold the feed's key.
fn key_columns(contract: &Contract) -> Vec<String> {
    let lake = contract.lake_columns();
    contract
        .key
        .iter()
        .filter_map(|index| {
            lake.iter()
                .find(|column| {
                    column.source == *index
                        && matches!(column.part, LakePart::Value | LakePart::Fen | LakePart::Key)
                })
                .map(|column| column.name.clone())
        })
        .collect()
}
