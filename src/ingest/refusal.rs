//! Objects that are refused as a whole: what is noted of them, and what their senders are told.

use super::ledger::adding;
use super::notices::{DRIFT, DriftRow, REFUSALS, RefusalRow};
use super::{Ingest, IngestError, discover, feed_of, notices};
use crate::contract::Drift;
use crate::lake::{ObjectEntry, TableChange, Transaction};

/// Load order of what was never loaded, in the table of drift.
const NEVER: i64 = 0;

/// An object that was refused as a whole; it is tried again by the next run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefusedObject {
    /// Path below the raw root.
    pub object: String,
    /// Why.
    pub reason: String,
    /// Size in bytes.
    pub size: u64,
    /// Text encoding, as far as it was read; empty when it was not.
    pub encoding: String,
    /// Sheet whose header was read, in a workbook.
    pub sheet: Option<String>,
    /// How its columns differ from the contract's, when its header could be read.
    pub drift: Vec<Drift>,
}

impl RefusedObject {
    /// An object of which nothing but its place in the listing is known.
    pub fn unread(entry: &ObjectEntry, reason: impl Into<String>) -> RefusedObject {
        RefusedObject {
            object: entry.path.clone(),
            reason: reason.into(),
            size: entry.size,
            ..RefusedObject::default()
        }
    }
}

fn is_again(known: &RefusalRow, row: &RefusalRow) -> bool {
    known.object == row.object && known.reason == row.reason
}

impl Ingest<'_> {
    /// Notes each refused object once a day, with its drift when it is first refused so, and writes its receipt.
    pub(super) fn record_refusals(&self, refused: &[RefusedObject]) -> Result<(), IngestError> {
        if refused.is_empty() {
            return Ok(());
        }
        let row_of = |refused: &RefusedObject| RefusalRow {
            load_on: self.as_of,
            feed: feed_of(&refused.object).to_owned(),
            city_code: discover::city_of_path(&refused.object, self.divisions),
            object: refused.object.clone(),
            reason: refused.reason.clone(),
        };
        let found = refused.iter().map(row_of).collect();
        let known = notices::read_refusals(self.lake)?;
        let fresh = notices::new_refusals(&known, found);
        if fresh.is_empty() {
            return Ok(());
        }
        let mut drift = Vec::new();
        for row in &fresh {
            let is_of = |refused: &&RefusedObject| {
                refused.object == row.object && refused.reason == row.reason
            };
            let Some(refused) = refused.iter().find(is_of) else {
                continue;
            };
            self.write_refusal(refused, row.city_code.clone())?;
            // As long as the reason is the same, so are the columns.
            if known.iter().any(|known| is_again(known, row)) {
                continue;
            }
            drift.extend(refused.drift.iter().map(|drift| DriftRow {
                load_on: row.load_on,
                sequence: NEVER,
                feed: row.feed.clone(),
                city_code: row.city_code.clone(),
                object: row.object.clone(),
                drift: drift.clone(),
            }));
        }
        let failed = |source| IngestError::Scratch { source };
        let batch = notices::refusals_batch(&fresh).map_err(failed)?;
        let file = self.lake.write_rows(REFUSALS, "", "", &batch)?;
        let description = "Objects that were refused as a whole";
        let mut changes = vec![adding(REFUSALS, description, &batch.schema(), file)?];
        changes.extend(self.drift_change(&drift)?);
        // Both or neither: a drift without its refusal would be noted again by the next run.
        let transaction = Transaction { changes };
        self.lake.commit_all("refusals", &transaction)?;
        Ok(())
    }

    /// The change that adds rows to the table of drift, if there are any.
    pub(super) fn drift_change(
        &self,
        rows: &[DriftRow],
    ) -> Result<Option<TableChange>, IngestError> {
        if rows.is_empty() {
            return Ok(None);
        }
        let batch = notices::drift_batch(rows).map_err(|source| IngestError::Scratch { source })?;
        let file = self.lake.write_rows(DRIFT, "", "", &batch)?;
        let description = "How the columns of files differ from their contract";
        Ok(Some(adding(DRIFT, description, &batch.schema(), file)?))
    }
}
