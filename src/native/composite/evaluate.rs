//! A framework applied to units: item scores, dimension scores, coverage, score, total, grade, rank and contributions.

use std::collections::{BTreeMap, BTreeSet};

use super::aggregate::{Aggregation, Part};
use super::framework::{Dimension, Framework, Item, MissingRule};
use super::peers::Peers;
use super::ranking::rank_descending;

/// Grade of a unit whose available items hold too little of the weight.
pub const NOT_GRADED: &str = "not_graded";
/// Grade of a unit too small or too young to be judged.
pub const INSUFFICIENT_SAMPLE: &str = "insufficient_sample";

/// Floating-point sums may miss a limit by less than this without missing it in truth.
const TOLERANCE: f64 = 1e-9;

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
}

#[derive(Debug, Clone, PartialEq)]
pub struct UnitResult {
    pub id: String,
    /// In the order of [`Framework::items`].
    pub items: Vec<ItemResult>,
    /// In the framework's order.
    pub dimensions: Vec<DimensionResult>,
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
    /// As handed in, before any cap.
    pub value: Option<f64>,
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
    #[error("the integrity deduction of unit {unit} is not a number of at least 0")]
    BadDeduction { unit: String },
}

/// Evaluates units by a framework.
///
/// Normalisations that compare with peers (and `peer_cap`) take the units with `sample_ok` as peers; the others are
/// scored on the same scale but neither graded nor ranked. Results do not depend on the order of `values`.
///
/// # Errors
/// [`EvaluationError`] for values the framework cannot use; nothing is dropped silently.
pub fn evaluate(
    framework: &Framework,
    units: &[Unit],
    values: &[ItemValue],
) -> Result<Evaluation, EvaluationError> {
    let columns = value_columns(framework, units, values)?;
    let scores: Vec<Vec<Option<f64>>> = framework
        .items()
        .zip(&columns)
        .map(|((_, item), column)| item_scores(item, column, units))
        .collect();

    let mut results = Vec::with_capacity(units.len());
    for (row, unit) in units.iter().enumerate() {
        let row_of = |columns: &[Vec<Option<f64>>]| -> Vec<Option<f64>> {
            columns
                .iter()
                .map(|column| column.get(row).copied().flatten())
                .collect()
        };
        results.push(unit_result(
            framework,
            unit,
            row_of(&columns),
            row_of(&scores),
        )?);
    }

    let ranked: Vec<Option<f64>> = units
        .iter()
        .zip(&results)
        .map(|(unit, result)| result.total.filter(|_| is_ranked(framework, unit, result)))
        .collect();
    let ranks = rank_descending(&ranked, framework.rank_decimals);
    for (result, rank) in results.iter_mut().zip(ranks) {
        result.rank = rank;
    }
    Ok(Evaluation { units: results })
}

/// One column of values per item of the framework, one row per unit.
fn value_columns(
    framework: &Framework,
    units: &[Unit],
    values: &[ItemValue],
) -> Result<Vec<Vec<Option<f64>>>, EvaluationError> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, unit) in units.iter().enumerate() {
        if rows.insert(&unit.id, row).is_some() {
            return Err(EvaluationError::DuplicateUnit {
                unit: unit.id.clone(),
            });
        }
    }
    let item_columns: BTreeMap<&str, usize> = framework
        .items()
        .enumerate()
        .map(|(column, (_, item))| (item.id.as_str(), column))
        .collect();
    let mut columns = vec![vec![None; units.len()]; framework.items().count()];
    let mut given = BTreeSet::new();
    for entry in values {
        let (unit, item) = (entry.unit.clone(), entry.item.clone());
        let Some(row) = rows.get(entry.unit.as_str()) else {
            return Err(EvaluationError::UnknownUnit { unit, item });
        };
        let Some(column) = item_columns.get(entry.item.as_str()) else {
            return Err(EvaluationError::UnknownItem { unit, item });
        };
        if !given.insert((*row, *column)) {
            return Err(EvaluationError::DuplicateValue { unit, item });
        }
        if entry.value.is_some_and(|value| !value.is_finite()) {
            return Err(EvaluationError::NotFinite { unit, item });
        }
        let cell = columns
            .get_mut(*column)
            .and_then(|column| column.get_mut(*row));
        if let Some(cell) = cell {
            *cell = entry.value;
        }
    }
    Ok(columns)
}

fn item_scores(item: &Item, values: &[Option<f64>], units: &[Unit]) -> Vec<Option<f64>> {
    let peer_values = units
        .iter()
        .zip(values)
        .filter(|(unit, _)| unit.sample_ok)
        .filter_map(|(_, value)| *value);
    let peers = Peers::new(peer_values);
    let ceiling = item.peer_cap.and_then(|share| peers.quantile(share));
    let Some(ceiling) = ceiling else {
        return item.normalisation.scores(values, item.direction, &peers);
    };
    let capped: Vec<Option<f64>> = values
        .iter()
        .map(|value| value.map(|value| value.min(ceiling)))
        .collect();
    item.normalisation
        .scores(&capped, item.direction, &peers.capped(ceiling))
}

/// A node's score, what each of its children's points is worth in it, and how much of its weight is available.
struct Node {
    score: Option<f64>,
    /// Slope of the score by each child; 0 for a missing one.
    gradient: Vec<f64>,
    coverage: f64,
}

/// A child of a node: its weight, how much of it is available (0 to 1) and its score.
struct Child {
    weight: f64,
    coverage: f64,
    score: Option<f64>,
}

fn node(aggregation: Aggregation, missing: MissingRule, children: &[Child]) -> Node {
    let full: f64 = children.iter().map(|child| child.weight).sum();
    let available: f64 = children
        .iter()
        .map(|child| child.weight * child.coverage)
        .sum();
    let coverage = if available == full {
        1.0
    } else {
        available / full
    };
    let part = |child: &Child| {
        child.score.map(|score| Part {
            weight: child.weight * child.coverage,
            score,
        })
    };
    let parts: Vec<Part> = children.iter().filter_map(part).collect();
    let incomplete = parts.len() < children.len();
    if parts.is_empty() || (incomplete && missing == MissingRule::Complete) {
        return Node {
            score: None,
            gradient: vec![0.0; children.len()],
            coverage,
        };
    }
    let mut slopes = aggregation.gradient(&parts).into_iter();
    let gradient = children
        .iter()
        .map(|child| child.score.and_then(|_| slopes.next()).unwrap_or(0.0))
        .collect();
    Node {
        score: aggregation.mean(&parts),
        gradient,
        coverage,
    }
}

fn unit_result(
    framework: &Framework,
    unit: &Unit,
    values: Vec<Option<f64>>,
    scores: Vec<Option<f64>>,
) -> Result<UnitResult, EvaluationError> {
    if !(unit.deduction >= 0.0 && unit.deduction.is_finite()) {
        return Err(EvaluationError::BadDeduction {
            unit: unit.id.clone(),
        });
    }
    refuse_negative(framework, unit, &scores)?;

    let mut remaining = scores.iter().copied();
    let dimension_nodes: Vec<Node> = framework
        .dimensions
        .iter()
        .map(|dimension| {
            let children: Vec<Child> = dimension
                .items
                .iter()
                .zip(remaining.by_ref())
                .map(|(item, score)| Child {
                    weight: item.weight,
                    coverage: if score.is_some() { 1.0 } else { 0.0 },
                    score,
                })
                .collect();
            node(dimension.aggregation, framework.missing, &children)
        })
        .collect();
    let children: Vec<Child> = framework
        .dimensions
        .iter()
        .zip(&dimension_nodes)
        .map(|(dimension, node)| Child {
            weight: dimension.weight,
            coverage: node.coverage,
            score: node.score,
        })
        .collect();
    let index = node(framework.aggregation, framework.missing, &children);

    // The chain rule: a point of an item is worth its slope in the dimension times the dimension's slope in the index.
    let worth = dimension_nodes
        .iter()
        .zip(&index.gradient)
        .flat_map(|(node, slope)| node.gradient.iter().map(move |own| own * slope));
    let items = values
        .into_iter()
        .zip(scores.iter().copied())
        .zip(worth)
        .map(|((value, normalised), worth)| ItemResult {
            value,
            normalised,
            contribution: index.score.and(normalised).map(|score| score * worth),
        })
        .collect();
    let dimensions = dimension_nodes
        .iter()
        .map(|node| DimensionResult {
            score: node.score,
            coverage: node.coverage,
        })
        .collect();

    let rule = framework.integrity;
    let integrity = rule.map(|rule| rule.integrity(unit.deduction));
    let total = match (rule, integrity, index.score) {
        (Some(rule), Some(integrity), Some(score)) => Some(rule.total(score, integrity)),
        (_, _, score) => score,
    };
    let mut result = UnitResult {
        id: unit.id.clone(),
        items,
        dimensions,
        coverage: index.coverage,
        score: index.score,
        integrity,
        total,
        grade: None,
        rank: None,
    };
    result.grade = grade(framework, unit, &result);
    Ok(result)
}

fn refuse_negative(
    framework: &Framework,
    unit: &Unit,
    scores: &[Option<f64>],
) -> Result<(), EvaluationError> {
    let takes_negative = |dimension: &Dimension| {
        !dimension.aggregation.needs_non_negative() && !framework.aggregation.needs_non_negative()
    };
    for ((dimension, item), score) in framework.items().zip(scores) {
        if score.is_some_and(|score| score < 0.0) && !takes_negative(dimension) {
            return Err(EvaluationError::NegativeScore {
                unit: unit.id.clone(),
                item: item.id.clone(),
            });
        }
    }
    Ok(())
}

fn is_covered(framework: &Framework, result: &UnitResult) -> bool {
    result.total.is_some() && result.coverage + TOLERANCE >= framework.minimum_coverage
}

fn is_ranked(framework: &Framework, unit: &Unit, result: &UnitResult) -> bool {
    unit.sample_ok && is_covered(framework, result)
}

/// A sample too small is never graded. A veto comes before coverage: data refused, one of the vetoes, is what makes
/// items missing, and must not shield a unit from its grade.
fn grade(framework: &Framework, unit: &Unit, result: &UnitResult) -> Option<String> {
    let lowest = framework.grades.last()?;
    if !unit.sample_ok {
        return Some(INSUFFICIENT_SAMPLE.to_owned());
    }
    if !unit.vetoes.is_empty() {
        return Some(lowest.id.clone());
    }
    let Some(total) = result.total.filter(|_| is_covered(framework, result)) else {
        return Some(NOT_GRADED.to_owned());
    };
    let earned = framework.grades.iter().find(|grade| {
        grade
            .minimum
            .is_none_or(|minimum| total + TOLERANCE >= minimum)
    });
    Some(earned.unwrap_or(lowest).id.clone())
}

#[cfg(test)]
mod tests;
