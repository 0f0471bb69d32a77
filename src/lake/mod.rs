//! The lake: Delta tables over object storage, and the only door to storage.

mod files;
mod store;
mod table;
mod transaction;

pub use files::{FileSink, content_name, schema_of};
pub use store::{ObjectEntry, Store, StoreError, start_runtime};
pub use table::{DataFile, DayReach, Lake, Snapshot, TableChange, TableError, delta_schema};
pub use transaction::Transaction;
