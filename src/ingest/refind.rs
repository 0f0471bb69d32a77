//! Where rows of an earlier load stand in an object that was uploaded again since.

use std::collections::{BTreeMap, BTreeSet};

use super::IngestError;
use super::convert::{Converter, FileContext};
use crate::contract::Contract;
use crate::identity::{Divisions, Pseudonymiser};
use crate::raw::{RawError, RecordReader};

/// Why rows could not be looked for.
#[derive(Debug, thiserror::Error)]
pub enum RefindError {
    /// The object cannot be read.
    #[error(transparent)]
    Raw(#[from] RawError),
    /// Its rows cannot be converted.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

/// The line of each row whose content has a wanted hash, by hash. Rows are compared by what the loader makes of them, so
/// neither their place nor their spelling matters. The whole object is read, up to the last wanted row.
///
/// # Errors
/// [`RefindError`].
pub fn refind_rows(
    reader: &mut dyn RecordReader,
    contract: &Contract,
    pseudonymiser: &Pseudonymiser,
    divisions: &Divisions,
    mut wanted: BTreeSet<i64>,
) -> Result<BTreeMap<i64, i64>, RefindError> {
    let converter = Converter::new(contract, pseudonymiser, divisions);
    let context = FileContext {
        header: contract.match_header(reader.header().unwrap_or_default()),
        load_sequence: 0,
        is_held: false,
        lines: None,
    };
    let mut lines = BTreeMap::new();
    while !wanted.is_empty()
        && let Some(block) = reader.next_block()?
    {
        let converted = converter
            .convert(&context, block)
            .map_err(|source| IngestError::Scratch { source })?;
        for key in converted.keys {
            if wanted.remove(&key.content) {
                lines.insert(key.content, key.line);
            }
        }
    }
    Ok(lines)
}
