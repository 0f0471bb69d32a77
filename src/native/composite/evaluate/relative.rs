//! Nodes in which a unit's score depends on the other units: voting rules, TOPSIS, benefit of the doubt.

use super::super::aggregate::{Aggregation, Comparison};
use super::super::framework::Framework;
use super::super::weights::{DoubtBounds, frontier_weights};
use super::EvaluationError;
use super::column::{Column, Piece};
use super::node::{ByUnit, Scored};
use super::tree::Node;

impl Node<'_> {
    pub(super) fn compared(
        &self,
        framework: &Framework,
        peers: &[bool],
        children: &[&Column],
        weights: &[f64],
    ) -> Vec<Scored> {
        let columns: Vec<&[Option<f64>]> = children.iter().map(|child| &*child.scores).collect();
        let raw: Vec<bool> = self.children.iter().map(|child| child.raw).collect();
        let is_scored = |unit| !self.is_unscored(framework.missing, children, unit);
        let candidates: Vec<bool> = peers
            .iter()
            .enumerate()
            .map(|(unit, is_peer)| *is_peer && is_scored(unit))
            .collect();
        let comparison = Comparison {
            columns: &columns,
            weights,
            candidates: &candidates,
            raw: &raw,
        };
        let scale = if self.aggregation == Aggregation::Topsis {
            framework.scale
        } else {
            1.0
        };
        let compared = comparison.apply(self.aggregation).into_iter().enumerate();
        compared
            .map(|(unit, compared)| {
                let compared = compared.filter(|_| is_scored(unit))?;
                let pieces = compared.points.iter().zip(children).map(|(points, child)| {
                    let points = points * scale;
                    let score = child.score(unit).filter(|score| *score != 0.0);
                    Piece {
                        slope: score.map_or(0.0, |score| points / score),
                        points: Some(points),
                    }
                });
                Some((compared.score * scale, pieces.collect()))
            })
            .collect()
    }

    /// Each unit with the weights that are best for it; a unit with missing parts is measured by the others, against the
    /// peers that have them, with bounds widened by as much as parts are fewer.
    pub(super) fn best_by_unit(
        &self,
        framework: &Framework,
        peers: &[bool],
        children: &[&Column],
        bounds: DoubtBounds,
        scale: f64,
    ) -> Result<ByUnit, EvaluationError> {
        let (mut scored, mut shares) = (Vec::new(), Vec::new());
        for unit in 0..peers.len() {
            let available: Vec<&Column> = children
                .iter()
                .copied()
                .filter(|child| child.score(unit).is_some())
                .collect();
            if self.is_unscored(framework.missing, children, unit) {
                scored.push(None);
                shares.push(None);
                continue;
            }
            let row = |unit: usize| -> Option<Vec<f64>> {
                available.iter().map(|child| child.score(unit)).collect()
            };
            let others: Vec<Vec<f64>> = peers
                .iter()
                .enumerate()
                .filter(|(_, is_peer)| **is_peer)
                .filter_map(|(other, _)| row(other))
                .collect();
            let own = row(unit).unwrap_or_default();
            let fewer = children.len() as f64 / available.len() as f64;
            let widened = DoubtBounds {
                minimum: (bounds.minimum * fewer).min(1.0 / available.len() as f64),
                maximum: (bounds.maximum * fewer).min(1.0),
                ..bounds
            };
            let found = frontier_weights(&own, &others, widened)
                .ok_or_else(|| self.no_weights("the scores and bounds leave no weights"))?;
            let mut weights = found.weights.iter();
            let all: Vec<f64> = children
                .iter()
                .map(|child| {
                    let weight = child.score(unit).and_then(|_| weights.next());
                    weight.copied().unwrap_or(0.0)
                })
                .collect();
            let pieces = all.iter().zip(children).map(|(weight, child)| {
                let points = weight * child.score(unit).unwrap_or(0.0) * scale;
                Piece {
                    slope: weight * scale,
                    points: Some(points),
                }
            });
            scored.push(Some((found.score * scale, pieces.collect())));
            let sum: f64 = all.iter().sum();
            shares.push(Some(all.iter().map(|weight| weight / sum).collect()));
        }
        Ok((scored, shares))
    }
}
