//! What an evaluation cannot take.

/// What makes units and values no input for a framework.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    #[error("unit {unit} is given twice")]
    DuplicateUnit { unit: String },
    #[error("item {item} has a value for unit {unit}, which is not among the units")]
    UnknownUnit { unit: String, item: String },
    #[error("unit {unit} has a value for item {item}, which the framework does not have")]
    UnknownItem { unit: String, item: String },
    #[error("item {item} of unit {unit} is given twice")]
    DuplicateValue { unit: String, item: String },
    #[error("item {item} of unit {unit} is not a finite number")]
    NotFinite { unit: String, item: String },
    #[error(
        "item {item} of unit {unit} scores below 0, which a geometric or harmonic mean cannot take"
    )]
    NegativeScore { unit: String, item: String },
    #[error("{node} has no weights by {method}: {reason}")]
    NoWeights {
        node: String,
        method: &'static str,
        reason: String,
    },
    #[error("the integrity deduction of unit {unit} is not a number of at least 0")]
    BadDeduction { unit: String },
}
