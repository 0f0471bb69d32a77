//! Tests of the engine as a whole: published examples, exhaustive attacks, ladders, linked tables, earlier releases.

mod brute_force;
mod ladder;
mod published;
mod published_tables;
mod reader;
pub(super) mod support;
mod table_support;
