//! Models: what is computed, from which tables, and in which order.

mod catalogue;
mod file;
mod header;
mod policy;
mod policy_list;
mod reads;
mod table_test;

pub use catalogue::{ALL_INDICATOR_HITS, BUILT_IN, Catalogue, PREVIOUS_TABLES};
pub use file::Model;
pub use header::{
    Audience, AuditEntry, ColumnKind, IndicatorEntry, ModelColumn, ModelHeader, Severity, TraceRule,
};
pub use policy::{OPEN_END, PROVINCE, Policy, PolicyParameter, PolicyRow};
pub use policy_list::{PolicyList, PolicyListRow};
pub use reads::{QueryShape, shape_of, tables_of};
pub use table_test::{Bounds, Measure, PREVIOUS, TableTest, TestQuery, TestRule};
