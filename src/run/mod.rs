//! Running a night: load, compute, audit, release; one at a time, always with a record.

mod audit;
mod build;
mod carry;
mod cases;
mod check;
mod check_split;
mod check_tests;
mod disclosure;
mod fingerprint;
mod leads;
mod lease;
mod made;
mod native;
mod night;
mod punctuality;
mod record;
mod shrunken;
mod sources;
mod staleness;
mod table_tests;
mod test_ledger;
mod untold;

pub use build::{Builder, ModelOutcome, definition_hash, table_path};
pub use cases::{CaseError, CaseReport, run_case_file};
pub use check::{check_models, check_published};
pub use leads::LeadRecord;
pub use lease::Lease;
pub use made::{MADE_TABLES, MadeFrom, MadeTable};
pub use night::{Night, NightOptions, NightReport, Observer, rounding};
pub use punctuality::Punctuality;
pub use record::{RunRecord, read_records};
pub use sources::{Sources, feed_column_kinds, is_elapsed};
pub use staleness::Staleness;
pub use untold::Untold;

use crate::engine::EngineError;
use crate::ingest::IngestError;
use crate::lake::{StoreError, TableError};
use crate::problem::Problem;
use crate::release::ReleaseError;
use crate::report::ReportError;

/// What ends a run early.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Loading failed.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A lake table failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A query failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Releasing failed.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Something for readers cannot be made.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Another run holds the lock.
    #[error("another run holds the lock: {holder}, until {until} at the latest")]
    Locked {
        /// Who.
        holder: String,
        /// Until when.
        until: String,
    },
    /// An audit of severity error has findings; nothing was published.
    #[error("audit failed, nothing was published and the old release stands: {}", .findings.join("; "))]
    Audit {
        /// Each failed audit with its count.
        findings: Vec<String>,
    },
    /// Too few cities have sent what a release waits for.
    #[error(
        "not released, the old release stands: {arrived} cities have sent what a release waits for, {needed} are needed; missing: {missing}"
    )]
    Held {
        /// Cities that have sent.
        arrived: usize,
        /// Cities that must have sent.
        needed: usize,
        /// City and feed of what is missing.
        missing: String,
    },
    /// Files of the project do not fit together.
    #[error("{0}")]
    Inconsistent(String),
    /// Mistakes in the project's files.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// Somebody asked to stop.
    #[error("interrupted; what was finished stays, and the next run goes on from there")]
    Interrupted,
}
