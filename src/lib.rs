//! skillwatch (技培监测): loads the raw training records of sixteen cities, computes statistics, fraud indicators and
//! platform evaluation scores, and releases them as one unit.
//!
//! Data goes one way, room by room, as `ARCHITECTURE.md` shows; a later room may use earlier ones, never the reverse.

pub mod arrivals;
pub mod cli;
pub mod clock;
pub mod contract;
pub mod desk;
pub mod engine;
mod form;
pub mod identity;
pub mod ingest;
pub mod lake;
pub mod model;
pub mod native;
pub mod problem;
pub mod project;
pub mod raw;
pub mod release;
pub mod report;
pub mod run;
pub mod sample;
pub mod schedule;
mod splitmix;
pub mod vault;
