//! The lake: Delta tables over object storage, and the only door to storage.

mod cloud;
mod commit;
mod error;
mod fault_plan;
mod faults;
mod files;
mod local_copy;
mod location;
mod odd_names;
mod reader;
mod steady;
mod store;
mod table;
mod transaction;
mod upload;

pub use commit::TableChange;
pub use error::StoreError;
pub use fault_plan::{FaultPlan, OperationCounts};
pub use faults::FaultyStore;
pub use files::{FileSink, content_name, schema_of};
pub use location::WhenMissing;
pub use odd_names::OddFile;
pub use store::{ObjectEntry, Store, start_runtime};
pub use table::{DataFile, DayReach, Lake, Snapshot, TableError, delta_schema};
pub use transaction::Transaction;
