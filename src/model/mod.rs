//! Models: what is computed, from which tables, and in which order.

mod catalogue;
mod header;
mod policy;
mod policy_list;
mod table_test;

pub use catalogue::{ALL_INDICATOR_HITS, BUILT_IN, Catalogue, PREVIOUS_TABLES};
pub use header::{
    Audience, AuditEntry, ColumnKind, IndicatorEntry, Model, ModelColumn, ModelHeader, Severity,
    TraceRule, tables_of,
};
pub use policy::{OPEN_END, PROVINCE, Policy, PolicyParameter, PolicyRow};
pub use policy_list::{PolicyList, PolicyListRow};
pub use table_test::{Bounds, Measure, PREVIOUS, TableTest, TestQuery, TestRule};
