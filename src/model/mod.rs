//! Models: what is computed, from which tables, and in which order.

mod catalogue;
mod header;
mod policy;
mod table_test;

pub use catalogue::{ALL_INDICATOR_HITS, BUILT_IN, Catalogue};
pub use header::{
    Audience, AuditEntry, ColumnKind, IndicatorEntry, Model, ModelColumn, ModelHeader, Severity,
    TraceRule, tables_of,
};
pub use policy::{PROVINCE, Policy, PolicyParameter, PolicyRow};
pub use table_test::{Bounds, Measure, PREVIOUS, TableTest, TestQuery, TestRule};
