//! Loads of which no run has told: the run that made them was killed before it could.

use super::record::read_records;
use crate::ingest::ledger::read_loads;
use crate::ingest::{Account, LoadRow};
use crate::lake::{Lake, TableError};

/// What stands in the books though no run has told of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Untold {
    /// Loads.
    pub loads: usize,
    /// The account of their rows.
    pub account: Account,
}

/// What no run has told yet, and the order of the newest load of which one has. Nothing may be pending in the lake, and no other
/// run may be loading.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn untold(lake: &Lake) -> Result<(Untold, Option<i64>), TableError> {
    let loads = read_loads(lake)?;
    let told = match read_records(lake, 1)?.first() {
        // Earlier versions did not write down how far they told.
        Some(record) => record.told_sequence.unwrap_or_else(|| newest_of(&loads)),
        None => 0,
    };
    let mut untold = Untold::default();
    for load in loads.iter().filter(|load| load.sequence > told) {
        untold.loads += 1;
        untold.account.add(&load.account);
    }
    Ok((untold, Some(told)))
}

/// The order of the newest load; 0 where there is none.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn newest_sequence(lake: &Lake) -> Result<i64, TableError> {
    Ok(newest_of(&read_loads(lake)?))
}

fn newest_of(loads: &[LoadRow]) -> i64 {
    loads.iter().map(|load| load.sequence).max().unwrap_or(0)
}
