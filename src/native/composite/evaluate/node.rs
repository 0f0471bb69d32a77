//! One node for all units: weights, scores, coverage, and what each part has to do with the score.

use super::super::aggregate::{Aggregation, Part, by_position};
use super::super::framework::{Framework, MissingRule};
use super::super::weights::{Complete, Weighting, shared_weights};
use super::column::{Column, Piece, available_share};
use super::tree::Node;
use super::{EvaluationError, NodeWeights, Unit};

/// A node's result for all units.
#[derive(Debug, Clone)]
pub(in crate::native::composite) struct NodeResult {
    pub column: Column,
    /// By unit, then by part.
    pub pieces: Vec<Vec<Piece>>,
    pub weights: NodeWeights,
}

/// A unit's score in a node, with the piece of each part.
pub(super) type Scored = Option<(f64, Vec<Piece>)>;

/// The same for all units, with the shares of weight of each.
pub(super) type ByUnit = (Vec<Scored>, Vec<Option<Vec<f64>>>);

impl Node<'_> {
    /// # Errors
    /// Parts that the aggregation cannot take, or scores that give no weights.
    pub fn evaluate(
        &self,
        framework: &Framework,
        units: &[Unit],
        children: &[&Column],
    ) -> Result<NodeResult, EvaluationError> {
        self.refuse_negative(units, children)?;
        let peers: Vec<bool> = units.iter().map(|unit| unit.sample_ok).collect();
        let scores: Vec<&[Option<f64>]> = children.iter().map(|child| &*child.scores).collect();
        let given: Vec<f64> = self.children.iter().map(|child| child.weight).collect();
        let data = Complete::new(&scores, &peers);
        let weights = shared_weights(self.weighting, &given, &data)
            .map_err(|reason| self.no_weights(reason))?;
        let mut used = NodeWeights {
            node: self.id.to_owned(),
            method: self.weighting.name(),
            parts: self
                .children
                .iter()
                .map(|child| child.id.to_owned())
                .collect(),
            shares: shares(&weights),
            by_unit: Vec::new(),
        };
        let scored: Vec<Scored> = if let Weighting::BenefitOfTheDoubt(bounds) = self.weighting {
            let (scored, by_unit) =
                self.best_by_unit(framework, &peers, children, bounds, framework.scale)?;
            used.by_unit = by_unit;
            scored
        } else if self.aggregation.compares_units() {
            self.compared(framework, &peers, children, &weights)
        } else {
            (0..units.len())
                .map(|unit| self.mean_of_unit(framework.missing, &weights, children, unit))
                .collect()
        };
        let share = |of: fn(&Column) -> &Vec<f64>, unit: usize| {
            let parts = children.iter().map(|child| of(child).get(unit).copied());
            available_share(&weights, parts.map(Option::unwrap_or_default))
        };
        let column = Column {
            scores: scored
                .iter()
                .map(|one| one.as_ref().map(|(score, _)| *score))
                .collect(),
            coverage: (0..units.len())
                .map(|unit| share(|child| &child.coverage, unit))
                .collect(),
            carried: (0..units.len())
                .map(|unit| share(|child| &child.carried, unit))
                .collect(),
        };
        let nothing = || vec![Piece::default(); children.len()];
        let pieces = scored
            .into_iter()
            .map(|one| one.map_or_else(nothing, |(_, pieces)| pieces));
        Ok(NodeResult {
            column,
            pieces: pieces.collect(),
            weights: used,
        })
    }

    /// Whether a unit has no score in this node, for want of parts.
    pub(super) fn is_unscored(
        &self,
        missing: MissingRule,
        children: &[&Column],
        unit: usize,
    ) -> bool {
        let present = children
            .iter()
            .filter(|child| child.score(unit).is_some())
            .count();
        present == 0 || (present < children.len() && missing == MissingRule::Complete)
    }

    /// The mean of a unit's own parts.
    pub(super) fn mean_of_unit(
        &self,
        missing: MissingRule,
        weights: &[f64],
        children: &[&Column],
        unit: usize,
    ) -> Scored {
        if self.is_unscored(missing, children, unit) {
            return None;
        }
        let part = |(child, weight): (&&Column, &f64)| {
            child.score(unit).map(|score| Part {
                weight: weight * child.carried.get(unit).copied().unwrap_or(0.0),
                score,
            })
        };
        let available: Vec<Option<Part>> = children.iter().zip(weights).map(part).collect();
        let mut parts: Vec<Part> = available.iter().flatten().copied().collect();
        if self.aggregation == Aggregation::OrderedWeighted {
            parts = by_position(&parts, self.ordered_weights);
        }
        let mean = self.aggregation.mean(&parts)?;
        let mut slopes = self.aggregation.gradient(&parts).into_iter();
        let pieces = available.iter().map(|part| Piece {
            slope: part.and_then(|_| slopes.next()).unwrap_or(0.0),
            points: None,
        });
        Some((mean, pieces.collect()))
    }

    fn refuse_negative(&self, units: &[Unit], children: &[&Column]) -> Result<(), EvaluationError> {
        let takes_none = self.aggregation.needs_non_negative()
            || matches!(self.weighting, Weighting::BenefitOfTheDoubt(_));
        if !takes_none {
            return Ok(());
        }
        for (place, unit) in units.iter().enumerate() {
            for (child, column) in self.children.iter().zip(children) {
                if column.score(place).is_some_and(|score| score < 0.0) {
                    return Err(EvaluationError::NegativeScore {
                        unit: unit.id.clone(),
                        item: child.id.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    pub(super) fn no_weights(&self, reason: impl Into<String>) -> EvaluationError {
        EvaluationError::NoWeights {
            node: self.id.to_owned(),
            method: self.weighting.name(),
            reason: reason.into(),
        }
    }
}

fn shares(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}
