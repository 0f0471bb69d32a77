//! A framework applied to units: item scores, dimension scores, coverage, score, total, grade, rank and contributions.

mod column;
mod error;
mod input;
mod items;
mod node;
mod relative;
mod results;
mod tree;
mod verdict;

use std::collections::BTreeMap;

use super::framework::Framework;
use super::peers::Peers;
use super::ranking::rank_descending;
use super::treat::Treated;
pub(super) use column::Column;
pub use error::EvaluationError;
pub(super) use items::prepare;
pub(super) use tree::{Node, Source, Tree};
pub(super) use verdict::earned_place;

/// Grade of a unit whose available items hold too little of the weight.
pub const NOT_GRADED: &str = "not_graded";
/// Grade of a unit too small or too young to be judged.
pub const INSUFFICIENT_SAMPLE: &str = "insufficient_sample";

/// One unit to be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    pub id: String,
    /// Whether the unit is large and old enough to be graded; only such units are peers of each other.
    pub sample_ok: bool,
    /// Points of integrity that people have confirmed against the unit; at least 0.
    pub deduction: f64,
    /// Confirmed reasons that make the unit the lowest grade, whatever its score.
    pub vetoes: Vec<String>,
}

/// The value of one item for one unit, in the item's own units; absent rows and `None` are both missing.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemValue {
    pub unit: String,
    pub item: String,
    pub value: Option<f64>,
}

/// What an evaluation gives, units in the order they were handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    pub units: Vec<UnitResult>,
    /// What was done to the values of each item and what they were compared with, in the order of [`Framework::items`].
    pub items: Vec<ItemReport>,
    /// The weights used in each node: dimensions, branches, index.
    pub weights: Vec<NodeWeights>,
}

/// What was done to one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemReport {
    pub treated: Treated,
    /// The peers' treated values.
    pub(super) peers: Peers,
    /// Number of units for which a median stands in, and of those without any value.
    pub imputed: usize,
    pub missing: usize,
}

/// The weights used in one node, as shares that add up to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeWeights {
    pub node: String,
    /// Name of the method they come from.
    pub method: &'static str,
    pub parts: Vec<String>,
    pub shares: Vec<f64>,
    /// With the benefit of the doubt: the shares of each unit, in the order of units; else empty.
    pub by_unit: Vec<Option<Vec<f64>>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct UnitResult {
    pub id: String,
    /// In the order of [`Framework::items`].
    pub items: Vec<ItemResult>,
    /// In the framework's order.
    pub dimensions: Vec<DimensionResult>,
    /// In the framework's order; empty for two levels.
    pub branches: Vec<DimensionResult>,
    /// Share of the framework's weight that available items hold, 0 to 1.
    pub coverage: f64,
    pub score: Option<f64>,
    /// 100 less confirmed deductions; `None` without an integrity rule.
    pub integrity: Option<f64>,
    /// Score after integrity.
    pub total: Option<f64>,
    /// A grade of the framework, [`NOT_GRADED`] or [`INSUFFICIENT_SAMPLE`]; `None` for a framework without grades.
    pub grade: Option<String>,
    /// By total, among the units with a sufficient sample and coverage; 1 is the best, ties share (1, 2, 2, 4).
    pub rank: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ItemResult {
    /// As handed in, before any treatment or cap.
    pub value: Option<f64>,
    /// Whether a median stands in for the value.
    pub imputed: bool,
    pub normalised: Option<f64>,
    /// Points of the score that stand on this item; the contributions of a unit add up to its score.
    pub contribution: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DimensionResult {
    pub score: Option<f64>,
    /// Share of the dimension's weight that available items hold, 0 to 1.
    pub coverage: f64,
}

/// Evaluates units by a framework.
///
/// Normalisations, weights and rules that compare (and `peer_cap`) take the units with `sample_ok` as peers; the others
/// are scored on the same scale but neither graded nor ranked. Results do not depend on the order of `values`, and the
/// result of a unit does not depend on the order of `units`.
///
/// # Errors
/// [`EvaluationError`] for values the framework cannot use; nothing is dropped silently.
pub fn evaluate(
    framework: &Framework,
    units: &[Unit],
    values: &[ItemValue],
) -> Result<Evaluation, EvaluationError> {
    evaluate_in_groups(framework, units, &BTreeMap::new(), values)
}

/// [`evaluate`] for units of which some belong to a group (unit to group), for [`MissingRule::GroupMedian`].
///
/// # Errors
/// Those of [`evaluate`].
///
/// [`MissingRule::GroupMedian`]: super::MissingRule::GroupMedian
pub fn evaluate_in_groups(
    framework: &Framework,
    units: &[Unit],
    groups: &BTreeMap<String, String>,
    values: &[ItemValue],
) -> Result<Evaluation, EvaluationError> {
    let columns = input::value_columns(framework, units, values)?;
    let prepared: Vec<items::Prepared> = framework
        .items()
        .zip(&columns)
        .map(|((_, item), column)| items::prepare(framework, item, column, units, groups))
        .collect();
    items::refuse_negative(framework, units, &prepared)?;
    let tree = Tree::of(framework);
    let nodes = tree.evaluate(framework, units, &prepared)?;
    let mut results = results::unit_results(framework, units, &columns, &prepared, &tree, &nodes)?;

    let ranked: Vec<Option<f64>> = units
        .iter()
        .zip(&results)
        .map(|(unit, result)| {
            let total = result.total;
            total.filter(|_| verdict::is_ranked(framework, unit, result))
        })
        .collect();
    let ranks = rank_descending(&ranked, framework.rank_decimals);
    for (result, rank) in results.iter_mut().zip(ranks) {
        result.rank = rank;
    }
    Ok(Evaluation {
        units: results,
        items: prepared.into_iter().map(items::Prepared::report).collect(),
        weights: nodes.into_iter().map(|node| node.weights).collect(),
    })
}

#[cfg(test)]
mod method_tests;
#[cfg(test)]
mod tests;
