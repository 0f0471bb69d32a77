//! Several scores brought to one: means of a unit's own parts, and rules that compare it with the others.

mod comparison;
mod ordered;
mod outranking;
mod topsis;

pub(super) use comparison::Comparison;
pub(super) use ordered::by_position;
pub use outranking::outranking;

/// How the parts of a node become its score. Parts are absent or finite; weights are at least 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// Σ w·x / Σ w: a weak part is made good by a strong one.
    Arithmetic,
    /// exp(Σ w·ln x / Σ w) of parts ≥ 0: less compensation; one part at 0 makes the whole 0.
    Geometric,
    /// Σ w / Σ (w / x) of parts ≥ 0: still less compensation.
    Harmonic,
    /// Ordered weighted averaging (Yager 1988): weights go to places, the best part first; with the parts' own weights
    /// as importances (Torra 1997).
    OrderedWeighted,
    /// Σ w · (units that do worse + half of those that do as well) (Borda 1784; Handbook, section 6.4).
    Borda,
    /// Units beaten by weighted majority less units that beat it (Copeland 1951).
    Copeland,
    /// Closeness to the ideal between the ideal and its opposite (Hwang & Yoon 1981).
    Topsis,
}

/// One part of a node: its weight and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub weight: f64,
    pub score: f64,
}

impl Aggregation {
    /// Whether a negative part has no meaning here.
    pub fn needs_non_negative(self) -> bool {
        matches!(self, Self::Geometric | Self::Harmonic)
    }

    /// Whether a unit's score depends on the other units' parts.
    pub fn compares_units(self) -> bool {
        matches!(self, Self::Borda | Self::Copeland | Self::Topsis)
    }

    /// The mean of the parts, in their order; `None` without parts that weigh, and for a rule that compares units.
    /// Ordered weighting is the arithmetic mean of parts weighed [`by_position`].
    pub(super) fn mean(self, parts: &[Part]) -> Option<f64> {
        let total: f64 = parts.iter().map(|part| part.weight).sum();
        if total <= 0.0 || self.compares_units() {
            return None;
        }
        let weighted = |value: fn(f64) -> f64| -> f64 {
            let sum: f64 = parts
                .iter()
                .filter(|part| part.weight > 0.0)
                .map(|part| part.weight * value(part.score))
                .sum();
            sum / total
        };
        let has_zero = parts
            .iter()
            .any(|part| part.score <= 0.0 && part.weight > 0.0);
        Some(match self {
            Self::Geometric | Self::Harmonic if has_zero => 0.0,
            Self::Geometric => weighted(f64::ln).exp(),
            Self::Harmonic => 1.0 / weighted(f64::recip),
            _ => weighted(|score| score),
        })
    }

    /// By how much the mean moves with each part (its partial derivatives). All three means are homogeneous of degree
    /// 1, so by Euler's theorem Σ gradient·x is the mean itself: `gradient·x` is a part's contribution in points.
    pub(super) fn gradient(self, parts: &[Part]) -> Vec<f64> {
        let Some(mean) = self.mean(parts) else {
            return Vec::new();
        };
        let total: f64 = parts.iter().map(|part| part.weight).sum();
        let slope = |part: &Part| {
            let share = part.weight / total;
            match self {
                Self::Geometric | Self::Harmonic if mean <= 0.0 || share <= 0.0 => 0.0,
                Self::Geometric => share * mean / part.score,
                Self::Harmonic => share * (mean / part.score).powi(2),
                _ => share,
            }
        };
        parts.iter().map(slope).collect()
    }
}

#[cfg(test)]
mod tests;
