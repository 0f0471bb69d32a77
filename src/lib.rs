//! skillwatch (技培监测).

pub mod clock;
pub mod contract;
pub mod engine;
pub mod identity;
pub mod ingest;
pub mod lake;
pub mod model;
pub mod problem;
pub mod raw;
pub mod vault;
