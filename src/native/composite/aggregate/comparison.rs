//! Units compared part by part: what Borda, Copeland and TOPSIS start from.

use super::Aggregation;

/// The parts of a node for all units; more is better in every part.
pub(in crate::native::composite) struct Comparison<'a> {
    /// One list a part, one entry a unit.
    pub columns: &'a [&'a [Option<f64>]],
    /// At least 0 each.
    pub weights: &'a [f64],
    /// Which units the others are compared with.
    pub candidates: &'a [bool],
    /// Whether a part is in its own units still, so that TOPSIS divides it by the length of its vector.
    pub raw: &'a [bool],
}

/// A unit's score and what each part has to do with it; the points add up to the score.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::native::composite) struct Compared {
    pub score: f64,
    pub points: Vec<f64>,
}

impl Comparison<'_> {
    /// One entry a unit; `None` for a unit without parts that weigh.
    pub fn apply(&self, aggregation: Aggregation) -> Vec<Option<Compared>> {
        let units = self.candidates.len();
        let scores: Vec<Option<Compared>> = match aggregation {
            Aggregation::Copeland => (0..units).map(|unit| self.copeland(unit)).collect(),
            Aggregation::Topsis => self.topsis(),
            _ => self.borda(),
        };
        let weighs = |unit: usize| self.available_weight(unit) > 0.0;
        let entries = scores.into_iter().enumerate();
        entries
            .map(|(unit, score)| score.filter(|_| weighs(unit)))
            .collect()
    }

    pub(super) fn cell(&self, part: usize, unit: usize) -> Option<f64> {
        let column = self.columns.get(part)?;
        column.get(unit).copied().flatten()
    }

    pub(super) fn is_candidate(&self, unit: usize) -> bool {
        self.candidates.get(unit).copied().unwrap_or(false)
    }

    /// Each part with its weight.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, f64)> {
        self.weights.iter().copied().enumerate()
    }

    pub(super) fn full_weight(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// Weight of the parts that a unit has.
    pub(super) fn available_weight(&self, unit: usize) -> f64 {
        let available = self
            .parts()
            .filter(|(part, _)| self.cell(*part, unit).is_some());
        available.map(|(_, weight)| weight).sum()
    }

    /// The candidates' values of a part in ascending order.
    pub(super) fn ascending(&self, part: usize) -> Vec<f64> {
        let units = 0..self.candidates.len();
        let mut values: Vec<f64> = units
            .filter(|unit| self.is_candidate(*unit))
            .filter_map(|unit| self.cell(part, unit))
            .collect();
        values.sort_by(f64::total_cmp);
        values
    }
}
