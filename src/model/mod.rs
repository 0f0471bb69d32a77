//! Models: what is computed, from which tables, and what must be computed again.

mod header;
mod policy;

pub use header::{Audience, ColumnKind, IndicatorEntry, Model, ModelColumn, ModelHeader, TraceRule};
pub use policy::{Policy, PolicyParameter, PolicyRow, PROVINCE};
