//! Composite indices: many indicators of many units brought to one score, one rank and one grade.
//!
//! The engine knows no platform and no storage. A [`Framework`] (a tree index → dimensions → items, read from a TOML
//! file) says how item values are normalised, weighted and aggregated; [`evaluate`] applies it to any table of units.
//! The method follows the OECD/JRC *Handbook on Constructing Composite Indicators* (2008), so published indices can be
//! run through it: the tests reproduce the Human Development Index and the Technology Achievement Index.
//! [`platform`] is the only part that knows the columns of `platform_scores` and `platform_score_details`.
//!
//! Everything is exact to the order of its sums: values are summed in the framework's order and peers in the order of
//! their size, never in the order rows arrive, and nothing is rounded before output.

mod aggregate;
mod content_hash;
mod document;
mod evaluate;
mod framework;
mod integrity;
#[cfg(test)]
mod laws;
mod linear;
mod normalise;
mod outlook;
mod parse;
mod peers;
pub mod platform;
#[cfg(test)]
mod published_cases;
mod ranking;
pub mod table;
mod treat;
mod uncertainty;
mod weights;

pub use aggregate::{Aggregation, outranking};
pub use evaluate::{
    DimensionResult, Evaluation, EvaluationError, INSUFFICIENT_SAMPLE, ItemReport, ItemResult,
    ItemValue, NOT_GRADED, NodeWeights, Unit, UnitResult, evaluate, evaluate_in_groups,
};
pub use framework::{
    Branch, Dimension, FractionUnit, Framework, Grade, Item, MissingRule, Reading, Title, ValueUnit,
};
pub use integrity::IntegrityRule;
pub use normalise::{Direction, Measure, Normalisation, Reference};
pub use outlook::{Lift, Outlook, outlook};
pub use treat::{Power, Shape, Transform, Treated, Treatment};
pub use uncertainty::{
    Factor, FactorInfluence, SobolIndex, UncertaintyRule, UnitUncertainty, rank_influences,
    rank_uncertainty, sobol_indices,
};
pub use weights::{
    DoubtBounds, FactorAnalysis, FactorKeep, FactorRule, Weighting, factor_analysis,
};

/// Changes whenever the same framework and values would give other results; part of the fingerprint of every table
/// this engine writes.
pub const VERSION: u32 = 3;
