//! The tree evaluated for all units at once, with other weights and another rule at the top: scores alone, without what
//! a reader would be told.

use super::super::aggregate::{Aggregation, Comparison, Part, by_position};
use super::super::evaluate::{Column, Node, Source, Tree};
use super::super::framework::MissingRule;

/// What holds for all draws.
pub(super) struct Evaluator<'a> {
    pub tree: &'a Tree<'a>,
    /// Place of the node whose rule a draw replaces.
    pub top: usize,
    pub missing: MissingRule,
    /// Points of TOPSIS at the ideal.
    pub scale: f64,
    /// Which units are compared with each other.
    pub peers: &'a [bool],
}

/// A part of a node with its share of the weight, above 0.
type Weighed<'a> = (f64, bool, &'a Column);

impl Evaluator<'_> {
    /// The index of each unit.
    pub fn scores(
        &self,
        items: &[Column],
        shares: &[Vec<f64>],
        at_top: Aggregation,
    ) -> Vec<Option<f64>> {
        let mut columns: Vec<Column> = Vec::with_capacity(self.tree.nodes.len());
        for (place, (node, shares)) in self.tree.nodes.iter().zip(shares).enumerate() {
            let parts: Vec<Weighed<'_>> = node
                .children
                .iter()
                .zip(shares)
                .filter(|(_, share)| **share > 0.0)
                .filter_map(|(child, share)| {
                    let column = match child.source {
                        Source::Item(item) => items.get(item),
                        Source::Node(below) => columns.get(below),
                    };
                    Some((*share, child.raw, column?))
                })
                .collect();
            let aggregation = if place == self.top {
                at_top
            } else {
                node.aggregation
            };
            let column = self.column(node, aggregation, &parts);
            columns.push(column);
        }
        columns.pop().map(|index| index.scores).unwrap_or_default()
    }

    fn column(&self, node: &Node<'_>, aggregation: Aggregation, parts: &[Weighed<'_>]) -> Column {
        let sums = match aggregation {
            Aggregation::Geometric => self.sums(parts, f64::ln),
            Aggregation::Harmonic => self.sums(parts, f64::recip),
            _ => self.sums(parts, |score| score),
        };
        let is_scored = |sum: &Sum| match self.missing {
            MissingRule::Complete => sum.present == parts.len() && sum.present > 0,
            MissingRule::AvailableWeights | MissingRule::GroupMedian => sum.present > 0,
        };
        let scores = match aggregation {
            Aggregation::Borda | Aggregation::Copeland | Aggregation::Topsis => {
                let candidates: Vec<bool> = self
                    .peers
                    .iter()
                    .zip(&sums)
                    .map(|(is_peer, sum)| *is_peer && is_scored(sum))
                    .collect();
                self.compared(aggregation, parts, &candidates)
            }
            Aggregation::OrderedWeighted => (0..sums.len())
                .map(|unit| ordered(parts, node.ordered_weights, unit))
                .collect(),
            _ => sums.iter().map(|sum| sum.mean(aggregation)).collect(),
        };
        let kept = scores.into_iter().zip(&sums);
        let full: f64 = parts.iter().map(|(share, _, _)| share).sum();
        let carried = sums.iter().map(|sum| {
            if sum.weight == full {
                1.0
            } else {
                sum.weight / full
            }
        });
        Column {
            scores: kept
                .map(|(score, sum)| score.filter(|_| is_scored(sum)))
                .collect(),
            coverage: Vec::new(),
            carried: carried.collect(),
        }
    }

    /// Part by part in the framework's order, as the sums of one unit are taken.
    fn sums(&self, parts: &[Weighed<'_>], value: impl Fn(f64) -> f64) -> Vec<Sum> {
        let mut sums = vec![Sum::default(); self.peers.len()];
        for (share, _, column) in parts {
            let cells = column.scores.iter().zip(&column.carried);
            for (sum, (score, carried)) in sums.iter_mut().zip(cells) {
                let weight = share * carried;
                if let Some(score) = score
                    && weight > 0.0
                {
                    sum.present += 1;
                    sum.weight += weight;
                    sum.has_zero |= *score <= 0.0;
                    sum.values += weight * value(*score);
                }
            }
        }
        sums
    }

    fn compared(
        &self,
        aggregation: Aggregation,
        parts: &[Weighed<'_>],
        candidates: &[bool],
    ) -> Vec<Option<f64>> {
        let columns: Vec<&[Option<f64>]> = parts
            .iter()
            .map(|(_, _, column)| column.scores.as_slice())
            .collect();
        let weights: Vec<f64> = parts.iter().map(|(share, _, _)| *share).collect();
        let raw: Vec<bool> = parts.iter().map(|(_, raw, _)| *raw).collect();
        let comparison = Comparison {
            columns: &columns,
            weights: &weights,
            candidates,
            raw: &raw,
        };
        let scale = match aggregation {
            Aggregation::Topsis => self.scale,
            _ => 1.0,
        };
        let compared = comparison.apply(aggregation).into_iter();
        compared
            .map(|one| one.map(|one| one.score * scale))
            .collect()
    }
}

/// The ordered weighted mean of one unit's parts.
fn ordered(parts: &[Weighed<'_>], places: &[f64], unit: usize) -> Option<f64> {
    let part = |(share, _, column): &Weighed<'_>| {
        let score = column.score(unit)?;
        let carried = column.carried.get(unit).copied().unwrap_or(0.0);
        Some(Part {
            weight: share * carried,
            score,
        })
    };
    let parts: Vec<Part> = parts.iter().filter_map(part).collect();
    Aggregation::OrderedWeighted.mean(&by_position(&parts, places))
}

/// What the parts of one unit add up to.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    present: usize,
    weight: f64,
    values: f64,
    has_zero: bool,
}

impl Sum {
    fn mean(&self, aggregation: Aggregation) -> Option<f64> {
        if self.weight <= 0.0 {
            return None;
        }
        let mean = self.values / self.weight;
        Some(match aggregation {
            Aggregation::Geometric | Aggregation::Harmonic if self.has_zero => 0.0,
            Aggregation::Geometric => mean.exp(),
            Aggregation::Harmonic => mean.recip(),
            _ => mean,
        })
    }
}
