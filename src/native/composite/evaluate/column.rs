//! The scores of one part for all units, and how much of the weight they stand on.

use super::items::Prepared;

/// The scores of one part or node for all units.
#[derive(Debug, Clone, Default)]
pub(in crate::native::composite) struct Column {
    pub scores: Vec<Option<f64>>,
    /// Share of the weight that was there when values were handed in, 0 to 1.
    pub coverage: Vec<f64>,
    /// Share of the weight that the scores stand on, medians included.
    pub carried: Vec<f64>,
}

impl Column {
    pub fn of_item(item: &Prepared) -> Self {
        let there = |is_so: bool| if is_so { 1.0 } else { 0.0 };
        let carried = item.scores.iter().map(|score| there(score.is_some()));
        let entries = item.scores.iter().zip(&item.imputed);
        Self {
            scores: item.scores.clone(),
            coverage: entries
                .map(|(score, imputed)| there(score.is_some() && !imputed))
                .collect(),
            carried: carried.collect(),
        }
    }

    /// The column of one unit alone.
    pub fn of_one(score: Option<f64>, carried: f64) -> Self {
        Self {
            scores: vec![score],
            coverage: vec![carried],
            carried: vec![carried],
        }
    }

    pub fn score(&self, unit: usize) -> Option<f64> {
        self.scores.get(unit).copied().flatten()
    }
}

/// What one part has to do with a unit's score.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::native::composite) struct Piece {
    /// What a point of the part is worth in the node.
    pub slope: f64,
    /// Points of the node that stand on the part, where they are not slope × score.
    pub points: Option<f64>,
}

/// Share of the weight that the first unit's scores stand on.
pub(super) fn carried_share(weights: &[f64], children: &[&Column]) -> f64 {
    let carried = children.iter().map(|child| child.carried.first().copied());
    available_share(weights, carried.map(Option::unwrap_or_default))
}

/// Share of the weight that is there; exactly 1 where all is.
pub(super) fn available_share(weights: &[f64], parts: impl Iterator<Item = f64>) -> f64 {
    let full: f64 = weights.iter().sum();
    let available: f64 = weights
        .iter()
        .zip(parts)
        .map(|(weight, part)| weight * part)
        .sum();
    if available == full {
        1.0
    } else {
        available / full
    }
}
