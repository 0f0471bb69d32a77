//! What people ask of a release and the lake: queries, traces, archives, sheets of platforms. Nothing here writes to the lake.

pub mod archive;
pub mod case;
pub mod judge;
pub mod methods;
pub mod platform;
pub mod query;
pub mod raw_text;
mod rows;
pub mod trace;
