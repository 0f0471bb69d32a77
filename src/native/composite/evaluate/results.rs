//! The results of nodes put together by unit.

use super::super::framework::Framework;
use super::column::Piece;
use super::items::Prepared;
use super::node::NodeResult;
use super::tree::{Source, Tree};
use super::{DimensionResult, EvaluationError, ItemResult, Unit, UnitResult, verdict};

pub(super) fn unit_results(
    framework: &Framework,
    units: &[Unit],
    columns: &[Vec<Option<f64>>],
    items: &[Prepared],
    tree: &Tree<'_>,
    nodes: &[NodeResult],
) -> Result<Vec<UnitResult>, EvaluationError> {
    let mut results = Vec::with_capacity(units.len());
    for (place, unit) in units.iter().enumerate() {
        if !(unit.deduction >= 0.0 && unit.deduction.is_finite()) {
            return Err(EvaluationError::BadDeduction {
                unit: unit.id.clone(),
            });
        }
        let scores: Vec<Option<f64>> = items.iter().map(|item| cell(&item.scores, place)).collect();
        let told: Vec<DimensionResult> = nodes
            .iter()
            .map(|node| DimensionResult {
                score: node.column.score(place),
                coverage: node.column.coverage.get(place).copied().unwrap_or(0.0),
            })
            .collect();
        let contributions = contributions(tree, nodes, &scores, place);
        let item_results = columns
            .iter()
            .zip(items)
            .zip(contributions)
            .map(|((column, item), contribution)| ItemResult {
                value: cell(column, place),
                imputed: item.imputed.get(place).copied().unwrap_or(false),
                normalised: cell(&item.scores, place),
                contribution,
            })
            .collect();
        results.push(unit_result(framework, unit, item_results, told));
    }
    Ok(results)
}

fn cell(column: &[Option<f64>], place: usize) -> Option<f64> {
    column.get(place).copied().flatten()
}

/// The chain rule: a point of an item is worth its slope in the dimension times the dimension's slope in what is above.
fn contributions(
    tree: &Tree<'_>,
    nodes: &[NodeResult],
    scores: &[Option<f64>],
    unit: usize,
) -> Vec<Option<f64>> {
    let mut contributions = vec![None; scores.len()];
    let mut worths = vec![1.0; nodes.len()];
    let is_scored = nodes
        .last()
        .is_some_and(|index| index.column.score(unit).is_some());
    for (place, (node, result)) in tree.nodes.iter().zip(nodes).enumerate().rev() {
        let worth = worths.get(place).copied().unwrap_or(0.0);
        let pieces: &[Piece] = result.pieces.get(unit).map_or(&[], Vec::as_slice);
        for (child, piece) in node.children.iter().zip(pieces) {
            match child.source {
                Source::Node(below) => {
                    if let Some(below) = worths.get_mut(below) {
                        *below = piece.slope * worth;
                    }
                }
                Source::Item(item) => {
                    let points = |score: f64| match piece.points {
                        Some(points) => points * worth,
                        None => score * (piece.slope * worth),
                    };
                    let score = scores.get(item).copied().flatten();
                    if let Some(contribution) = contributions.get_mut(item) {
                        *contribution = score.filter(|_| is_scored).map(points);
                    }
                }
            }
        }
    }
    contributions
}

fn unit_result(
    framework: &Framework,
    unit: &Unit,
    items: Vec<ItemResult>,
    mut nodes: Vec<DimensionResult>,
) -> UnitResult {
    let index = nodes.pop();
    let branches = nodes.split_off(framework.dimensions.len().min(nodes.len()));
    let score = index.as_ref().and_then(|index| index.score);
    let rule = framework.integrity;
    let integrity = rule.map(|rule| rule.integrity(unit.deduction));
    let total = match (rule, integrity, score) {
        (Some(rule), Some(integrity), Some(score)) => Some(rule.total(score, integrity)),
        (_, _, score) => score,
    };
    let mut result = UnitResult {
        id: unit.id.clone(),
        items,
        dimensions: nodes,
        branches,
        coverage: index.map_or(0.0, |index| index.coverage),
        score,
        integrity,
        total,
        grade: None,
        rank: None,
    };
    result.grade = verdict::grade(framework, unit, &result);
    result
}
