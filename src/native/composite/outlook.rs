//! What stands between a unit and the next grade: how far it is, and which items would lift it there.

use super::evaluate::{Evaluation, ItemReport, Tree, UnitResult};
use super::framework::{Framework, Grade, Item};
use super::normalise::Normalisation;

/// The way to the next grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The next better grade; `None` for a unit with the best one, and without grades.
    pub next_grade: Option<String>,
    /// Points of the total that are wanting.
    pub distance: Option<f64>,
    /// In the framework's order of items; those that can give nothing more are left out. Empty where scores depend on
    /// other units, so that no item can be moved alone.
    pub lifts: Vec<Lift>,
}

/// What one item could do, everything else as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Lift {
    pub item: String,
    /// Points of the total at the item's best score.
    pub gain: f64,
    /// Score of the item that is enough for the next grade; `None` where even the best is not.
    pub score_needed: Option<f64>,
    /// The value that has this score, where the scale has one.
    pub value_needed: Option<f64>,
}

/// Halvings of an interval of scores: enough for the last digit.
const HALVINGS: u32 = 100;
/// Gains below this are noise.
const NOISE: f64 = 1e-9;

/// The way of one unit (its place in the evaluation) to its next grade; `None` for a unit that is not there or without a
/// total. Vetoes, a small sample and low coverage are not looked at: they are not mended by items' values.
pub fn outlook(framework: &Framework, evaluation: &Evaluation, unit: usize) -> Option<Outlook> {
    let result = evaluation.units.get(unit)?;
    let total = result.total?;
    let next = next_grade(framework, total);
    let tree = Tree::of(framework);
    let row: Vec<Option<f64>> = result.items.iter().map(|item| item.normalised).collect();
    let total_with = |place: usize, score: f64| -> Option<f64> {
        let mut row = row.clone();
        *row.get_mut(place)? = Some(score);
        let score = tree.score_of_row(framework.missing, &evaluation.weights, &row)?;
        Some(total_of(framework, result, score))
    };
    let mut lifts = Vec::new();
    for (place, ((_, item), report)) in framework.items().zip(&evaluation.items).enumerate() {
        let best = best_score(framework, item, report, evaluation, (unit, place));
        let Some((best, highest)) = best.and_then(|best| Some((best, total_with(place, best)?)))
        else {
            continue;
        };
        if highest - total <= NOISE {
            continue;
        }
        let minimum = next.and_then(|grade| grade.minimum);
        let score_needed =
            minimum
                .zip(row.get(place).copied().flatten())
                .and_then(|(minimum, current)| {
                    let reaches =
                        |score: f64| total_with(place, score).is_some_and(|total| total >= minimum);
                    reaches(best).then(|| smallest(current, best, reaches))
                });
        let value_needed = score_needed.and_then(|score| {
            let points = if item.normalisation.gives_points() {
                score * 100.0 / framework.scale
            } else {
                score
            };
            let value = item
                .normalisation
                .value_for(points, item.direction, &report.peers)?;
            match &report.treated.power {
                Some(power) => power.inverse(value),
                None => Some(value),
            }
        });
        lifts.push(Lift {
            item: item.id.clone(),
            gain: highest - total,
            score_needed,
            value_needed,
        });
    }
    Some(Outlook {
        next_grade: next.map(|grade| grade.id.clone()),
        distance: next
            .and_then(|grade| grade.minimum)
            .map(|minimum| minimum - total),
        lifts,
    })
}

fn next_grade(framework: &Framework, total: f64) -> Option<&Grade> {
    let above = |grade: &&Grade| grade.minimum.is_some_and(|minimum| minimum > total + NOISE);
    framework.grades.iter().rev().find(above)
}

fn total_of(framework: &Framework, result: &UnitResult, score: f64) -> f64 {
    match (framework.integrity, result.integrity) {
        (Some(rule), Some(integrity)) => rule.total(score, integrity),
        _ => score,
    }
}

/// The best score an item can have: the end of its scale, or that of the best unit where the scale has no end.
fn best_score(
    framework: &Framework,
    item: &Item,
    report: &ItemReport,
    evaluation: &Evaluation,
    (unit, place): (usize, usize),
) -> Option<f64> {
    let has_peers = !report.peers.ascending().is_empty();
    if !has_peers && !item.normalisation.has_fixed_values() {
        return None;
    }
    // Beyond the peers' quantile nothing is earned, and the largest of the capped values is that quantile.
    if item.peer_cap.is_some()
        && let Some(ceiling) = report.peers.largest()
    {
        let scores = item
            .normalisation
            .scores(&[Some(ceiling)], item.direction, &report.peers);
        let score = scores.into_iter().next().flatten()?;
        return Some(if item.normalisation.gives_points() {
            score * framework.scale / 100.0
        } else {
            score
        });
    }
    let bounded = !matches!(item.normalisation, Normalisation::Distance { .. });
    if item.normalisation.gives_points() && bounded {
        return Some(framework.scale);
    }
    let scores = evaluation
        .units
        .iter()
        .filter_map(|unit| unit.items.get(place)?.normalised);
    let own = evaluation.units.get(unit)?.items.get(place)?.normalised;
    scores.chain(own).max_by(f64::total_cmp)
}

/// The smallest score from which on something holds, between one for which it does not and one for which it does.
fn smallest(from: f64, to: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (from, to);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests;
