//! Loading: raw objects → accepted rows, quarantine and vault, balanced and committed once per feed.
//!
//! A feed's new objects are read block by block ([`convert`]), rows wait on the scratch disk ([`spill`]) until it is known
//! which of them stand ([`resolve`]), then the files of all tables are written and one transaction makes them visible.
//! A killed run leaves either nothing or a pending transaction, which the next run finishes.

mod columns;
mod complete;
mod convert;
mod days;
mod discover;
mod drift;
mod feed;
mod history;
pub mod ledger;
pub mod notices;
pub mod receipt;
mod receipts;
mod refind;
mod refusal;
mod replay;
mod resolve;
mod spill;
mod write;

use std::time::Instant;

use arrow::error::ArrowError;

pub use columns::{BYTE, LINE, LOAD_SEQUENCE, OBJECT, ROW_HASH, feed_columns};
pub use convert::Identity;
pub use discover::{Discovery, KnownContents, city_of_path, judge_header};
use feed::{FeedLoad, Incoming};
pub use ledger::{Account, LoadRow};
use notices::DriftRow;
pub use refind::{RefindError, refind_rows};
pub use refusal::RefusedObject;
pub use replay::ReplaySummary;

use crate::contract::{Contract, Contracts};
use crate::identity::{Divisions, Pseudonymiser};
use crate::lake::{Lake, Store, StoreError, TableError, delta_schema};
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
    /// A contract gives a column another type than the lake holds it with.
    #[error(
        "column `{column}` of {feed} is stored as {stored} in this lake, and its contract now makes it {wanted}; nothing of the \
         feed was loaded: give the column another name, or load the raw files into a new lake"
    )]
    Retyped {
        /// Feed.
        feed: String,
        /// Lake column.
        column: String,
        /// Type in the lake.
        stored: String,
        /// Type by the contract.
        wanted: String,
    },
    /// A receipt could not be put together.
    #[error("the receipt of `{object}` could not be written")]
    Receipt {
        /// Path below the raw root.
        object: String,
        /// The cause.
        #[source]
        source: receipt::ReceiptError,
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

/// What a run of the loader did.
#[derive(Debug, Default)]
pub struct IngestSummary {
    /// Objects loaded by this run.
    pub loaded: usize,
    /// Objects that were there already, unchanged.
    pub known: usize,
    /// Objects refused as a whole.
    pub refused: Vec<RefusedObject>,
    /// There is no object at all in the raw root, though some were loaded before.
    pub raw_is_empty: bool,
    /// The account of the rows of this run, by feed.
    pub feeds: Vec<(String, Account)>,
    /// Bytes read.
    pub bytes: u64,
    /// Files whose columns differ from their contract.
    pub drift: Vec<DriftRow>,
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

/// The feed of an object: its first folder.
fn feed_of(path: &str) -> &str {
    path.split_once('/').map_or("", |(feed, _)| feed)
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
    /// Where receipts for the senders go: the published root.
    pub receipts: &'a Store,
    /// As-of day of the run.
    pub as_of: NaiveDate,
}

impl Ingest<'_> {
    /// Lists what is new, changing nothing.
    ///
    /// # Errors
    /// When the raw root or the lake cannot be read.
    pub fn discover(&self) -> Result<Discovery, IngestError> {
        let loads = ledger::read_loads(self.lake)?;
        discover::discover(self.raw, self.lake, self.contracts, &loads, false)
    }

    /// Loads every new object; `progress` is told bytes read and the feed.
    ///
    /// # Errors
    /// [`IngestError`]; feeds finished before the error stay loaded.
    pub fn run(&self, progress: &mut dyn FnMut(&str, u64)) -> Result<IngestSummary, IngestError> {
        let loads = ledger::read_loads(self.lake)?;
        let discovery = discover::discover(self.raw, self.lake, self.contracts, &loads, true)?;
        let mut next_sequence = loads.iter().map(|row| row.sequence).max().unwrap_or(0) + 1;
        let mut summary = IngestSummary {
            known: discovery.known,
            ..IngestSummary::default()
        };
        if discovery.is_empty() && !loads.is_empty() {
            tracing::warn!(
                loads = loads.len(),
                "the raw root holds no object at all, though some were loaded before: is it mounted?"
            );
            summary.raw_is_empty = true;
        }
        summary.refused.extend(discovery.unreadable);
        for (feed, objects) in &discovery.new {
            let Some(contract) = self.contracts.get(feed) else {
                continue;
            };
            self.check_types(contract)?;
            let started = Instant::now();
            let (load, withdrawn) = FeedLoad::of_readable(
                self,
                contract,
                &|_| format!("{feed}-{next_sequence:08}"),
                next_sequence,
                objects.iter().map(Incoming::new).collect(),
                progress,
            )?;
            summary.refused.extend(withdrawn);
            let reading = started.elapsed().as_secs_f64();
            let outcome = load.commit()?;
            tracing::debug!(
                %feed,
                bytes = outcome.bytes,
                seconds_reading = reading,
                seconds_writing = started.elapsed().as_secs_f64() - reading,
                "loaded"
            );
            next_sequence = outcome.next_sequence;
            summary.loaded += outcome.loaded;
            summary.bytes += outcome.bytes;
            summary.refused.extend(outcome.refused);
            summary.drift.extend(outcome.drift);
            summary.feeds.push((feed.clone(), outcome.account));
        }
        self.record_refusals(&summary.refused)?;
        Ok(summary)
    }

    /// Makes sure that new rows of a feed fit its table.
    fn check_types(&self, contract: &Contract) -> Result<(), IngestError> {
        let table = feed::table_path(&contract.feed);
        let schema = delta_schema(&table, &columns::feed_schema(contract))?;
        let retyped = self.lake.retyped_columns(&table, &schema)?;
        match retyped.into_iter().next() {
            None => Ok(()),
            Some((column, stored, wanted)) => Err(IngestError::Retyped {
                feed: contract.feed.clone(),
                column,
                stored,
                wanted,
            }),
        }
    }
}
