//! What SQL cannot say. Native operators work on plain data and know neither storage nor the query engine.

pub mod components;
pub mod composite;
pub mod disclosure;
pub mod intervals;
pub mod outliers;
mod random;
pub mod statistics;
