//! Loading: raw objects → accepted rows, quarantine and vault, balanced and committed once per feed.
//!
//! A feed's new objects are read block by block ([`convert`]), rows wait on the scratch disk ([`spill`]) until it is known
//! which of them stand ([`resolve`]), then the files of all tables are written and one transaction makes them visible.
//! A killed run leaves either nothing or a pending transaction, which the next run finishes.

mod columns;
mod convert;
mod discover;
mod feed;
pub mod ledger;
mod resolve;
mod spill;
mod write;

use arrow::error::ArrowError;

pub use columns::{BYTE, LINE, LOAD_SEQUENCE, OBJECT, feed_columns};
pub use convert::Identity;
pub use discover::Discovery;
pub use ledger::{Account, LoadRow};

use crate::contract::Contracts;
use crate::identity::{Divisions, Pseudonymiser};
use crate::lake::{Lake, Store, StoreError, TableError};
use crate::raw::RawError;
use crate::vault::{Vault, VaultError};
use chrono::NaiveDate;

/// What stops a load. Nothing of the feed in hand has then become visible.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Storage failed; worth another try.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A lake table could not be read or written.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The scratch disk failed (is it full?), or rows could not be put together.
    #[error("scratch space failed; is the disk that holds the temporary folder full?")]
    Scratch {
        /// The cause.
        #[source]
        source: ArrowError,
    },
    /// An object could not be read.
    #[error("object `{object}` could not be read")]
    Reading {
        /// Path below the raw root.
        object: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// An object changed while it was read.
    #[error("object `{object}` changed while it was read; run again when its upload is finished")]
    Changed {
        /// Path below the raw root.
        object: String,
    },
    /// The books of a file do not balance: a fault of this program, nothing is published.
    #[error("the account of `{object}` does not balance: {account:?}")]
    Unbalanced {
        /// Path below the raw root.
        object: String,
        /// The account.
        account: Box<Account>,
    },
}

/// An object that was refused as a whole; it is tried again by the next run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedObject {
    /// Path below the raw root.
    pub object: String,
    /// Why.
    pub reason: String,
}

/// What a run of the loader did.
#[derive(Debug, Default)]
pub struct IngestSummary {
    /// Objects loaded by this run.
    pub loaded: usize,
    /// Objects that were there already, unchanged.
    pub known: usize,
    /// Objects refused as a whole.
    pub refused: Vec<RefusedObject>,
    /// The account of the rows of this run, by feed.
    pub feeds: Vec<(String, Account)>,
    /// Bytes read.
    pub bytes: u64,
    /// Headers that a contract does not know: object and header.
    pub unknown_columns: Vec<(String, String)>,
}

impl IngestSummary {
    /// The account of all feeds together.
    pub fn total(&self) -> Account {
        let mut total = Account::default();
        for (_, account) in &self.feeds {
            total.add(account);
        }
        total
    }
}

/// Everything the loader works with.
pub struct Ingest<'a> {
    /// Raw root.
    pub raw: &'a Store,
    /// Lake.
    pub lake: &'a Lake,
    /// Contracts of all feeds.
    pub contracts: &'a Contracts,
    /// Divisions.
    pub divisions: &'a Divisions,
    /// Pseudonymiser.
    pub pseudonymiser: &'a Pseudonymiser,
    /// Vault.
    pub vault: &'a Vault<'a>,
    /// As-of day of the run.
    pub as_of: NaiveDate,
}

impl Ingest<'_> {
    /// Lists what is new, changing nothing but the cache of change marks.
    ///
    /// # Errors
    /// When the raw root or the lake cannot be read.
    pub fn discover(&self) -> Result<Discovery, IngestError> {
        let loads = ledger::read_loads(self.lake)?;
        discover::discover(self.raw, self.lake, self.contracts, &loads)
    }

    /// Loads every new object; `progress` is told bytes read and the feed.
    ///
    /// # Errors
    /// [`IngestError`]; feeds finished before the error stay loaded.
    pub fn run(&self, progress: &mut dyn FnMut(&str, u64)) -> Result<IngestSummary, IngestError> {
        let loads = ledger::read_loads(self.lake)?;
        let discovery = discover::discover(self.raw, self.lake, self.contracts, &loads)?;
        let mut next_sequence = loads.iter().map(|row| row.sequence).max().unwrap_or(0) + 1;
        let mut summary = IngestSummary {
            known: discovery.known,
            ..IngestSummary::default()
        };
        for (object, reason) in discovery.unreadable {
            summary.refused.push(RefusedObject { object, reason });
        }
        for (feed, objects) in &discovery.new {
            let Some(contract) = self.contracts.get(feed) else {
                continue;
            };
            let mut load = feed::FeedLoad::new(self, contract, next_sequence, objects);
            load.read(progress)?;
            let outcome = load.commit()?;
            next_sequence = outcome.next_sequence;
            summary.loaded += outcome.loaded;
            summary.bytes += outcome.bytes;
            summary.refused.extend(outcome.refused);
            summary.unknown_columns.extend(outcome.unknown_columns);
            summary.feeds.push((feed.clone(), outcome.account));
        }
        Ok(summary)
    }
}

/// The raw room's refusal of a whole object, in words.
fn refusal_of(error: &RawError) -> String {
    error.to_string()
}
