//! What people ask of a release and the lake: queries, traces, comparisons. Nothing here writes to the lake.

pub mod query;
pub mod trace;
