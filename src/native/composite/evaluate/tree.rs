//! The framework as nodes in the order of computation: dimensions, branches, index.

use super::super::aggregate::Aggregation;
use super::super::framework::{Framework, MissingRule};
use super::super::normalise::Normalisation;
use super::super::weights::Weighting;
use super::column::{Column, carried_share};
use super::items::Prepared;
use super::node::NodeResult;
use super::{EvaluationError, NodeWeights, Unit};

/// Where the scores of a part come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::native::composite) enum Source {
    /// Place in [`Framework::items`].
    Item(usize),
    /// Place in [`Tree::nodes`].
    Node(usize),
}

/// One part of a node.
#[derive(Debug, Clone)]
pub(in crate::native::composite) struct Child<'f> {
    pub id: &'f str,
    pub weight: f64,
    pub source: Source,
    /// Whether scores are in units of their own still.
    pub raw: bool,
}

/// One node.
#[derive(Debug, Clone)]
pub(in crate::native::composite) struct Node<'f> {
    pub id: &'f str,
    pub aggregation: Aggregation,
    pub ordered_weights: &'f [f64],
    pub weighting: Weighting,
    pub children: Vec<Child<'f>>,
}

/// All nodes; the index is the last.
#[derive(Debug, Clone)]
pub(in crate::native::composite) struct Tree<'f> {
    pub nodes: Vec<Node<'f>>,
}

impl<'f> Tree<'f> {
    pub fn of(framework: &'f Framework) -> Self {
        let mut nodes = Vec::new();
        // Nodes that are nobody's part yet.
        let mut open: Vec<Child<'f>> = Vec::new();
        let mut next_item = 0;
        for dimension in &framework.dimensions {
            let mut children = Vec::new();
            for item in &dimension.items {
                children.push(Child {
                    id: &item.id,
                    weight: item.weight,
                    source: Source::Item(next_item),
                    raw: item.normalisation == Normalisation::None,
                });
                next_item += 1;
            }
            open.push(Child {
                id: &dimension.id,
                weight: dimension.weight,
                source: Source::Node(nodes.len()),
                raw: true,
            });
            nodes.push(Node {
                id: &dimension.id,
                aggregation: dimension.aggregation,
                ordered_weights: &dimension.ordered_weights,
                weighting: dimension.weighting,
                children,
            });
        }
        for branch in &framework.branches {
            let is_member = |child: &Child<'_>| branch.members.iter().any(|id| id == child.id);
            let (children, others) = open.into_iter().partition(is_member);
            open = others;
            open.push(Child {
                id: &branch.id,
                weight: branch.weight,
                source: Source::Node(nodes.len()),
                raw: true,
            });
            nodes.push(Node {
                id: &branch.id,
                aggregation: branch.aggregation,
                ordered_weights: &branch.ordered_weights,
                weighting: branch.weighting,
                children,
            });
        }
        nodes.push(Node {
            id: &framework.id,
            aggregation: framework.aggregation,
            ordered_weights: &framework.ordered_weights,
            weighting: framework.weighting,
            children: open,
        });
        Self { nodes }
    }

    pub(super) fn evaluate(
        &self,
        framework: &Framework,
        units: &[Unit],
        items: &[Prepared],
    ) -> Result<Vec<NodeResult>, EvaluationError> {
        let columns: Vec<Column> = items.iter().map(Column::of_item).collect();
        let mut results: Vec<NodeResult> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let column = |child: &Child<'_>| match child.source {
                Source::Item(place) => columns.get(place),
                Source::Node(place) => results.get(place).map(|result| &result.column),
            };
            let children: Vec<&Column> = node.children.iter().filter_map(column).collect();
            results.push(node.evaluate(framework, units, &children)?);
        }
        Ok(results)
    }

    /// The index of one unit with these item scores and weights of nodes; `None` without a score, and where scores
    /// depend on other units.
    pub fn score_of_row(
        &self,
        missing: MissingRule,
        weights: &[NodeWeights],
        row: &[Option<f64>],
    ) -> Option<f64> {
        let there = |score: Option<f64>| if score.is_some() { 1.0 } else { 0.0 };
        let mut columns: Vec<Column> = Vec::with_capacity(self.nodes.len());
        for (node, used) in self.nodes.iter().zip(weights) {
            if node.aggregation.compares_units() || !used.by_unit.is_empty() {
                return None;
            }
            let children: Vec<Column> = node
                .children
                .iter()
                .map(|child| match child.source {
                    Source::Item(place) => {
                        let score = row.get(place).copied().flatten();
                        Column::of_one(score, there(score))
                    }
                    Source::Node(place) => columns.get(place).cloned().unwrap_or_default(),
                })
                .collect();
            let children: Vec<&Column> = children.iter().collect();
            let scored = node.mean_of_unit(missing, &used.shares, &children, 0);
            let carried = carried_share(&used.shares, &children);
            columns.push(Column::of_one(scored.map(|(score, _)| score), carried));
        }
        columns.last().and_then(|index| index.score(0))
    }
}
