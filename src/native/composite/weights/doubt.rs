//! Benefit of the doubt (Melyn & Moesen 1991; Cherchye, Moesen, Rogge & Van Puyenbroeck 2007; OECD/JRC Handbook,
//! section 6.2): each unit is weighed by the weights that are best for it among all that give no unit more than 1.

use std::panic::{AssertUnwindSafe, catch_unwind};

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};

use super::compare_rows;

/// Limits of what one part may hold, so that no unit is judged by its best part alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoubtBounds {
    /// Smallest and largest share (0 to 1) of each part.
    pub minimum: f64,
    pub maximum: f64,
    /// Whether the shares are of the unit's score (weight times score) and not of its weights.
    pub of_score: bool,
}

/// The best weights of one unit: no unit that is compared has Σ weight·score above 1.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::native::composite) struct DoubtWeights {
    pub weights: Vec<f64>,
    /// Σ weight·score of the unit, 0 to 1.
    pub score: f64,
}

/// The best weights for `own` against `others`; all scores are at least 0. `None` where the bounds leave no weights.
pub(in crate::native::composite) fn frontier_weights(
    own: &[f64],
    others: &[Vec<f64>],
    bounds: DoubtBounds,
) -> Option<DoubtWeights> {
    let mut rows: Vec<&[f64]> = others.iter().map(Vec::as_slice).chain([own]).collect();
    rows.sort_by(|a, b| compare_rows(a, b));
    rows.dedup();
    let largest = rows.iter().copied().flatten().copied().fold(0.0, f64::max);
    if largest <= 0.0 {
        return None;
    }
    if own.iter().all(|score| *score <= 0.0) {
        // Nothing can be said for the unit; any weights will do.
        return scaled(&vec![1.0; own.len()], own, &rows);
    }
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let variables: Vec<Variable> = own
        .iter()
        .map(|score| problem.add_var(score / largest, (0.0, f64::INFINITY)))
        .collect();
    for row in &rows {
        let terms = variables.iter().zip(*row);
        let terms: Vec<(Variable, f64)> = terms
            .map(|(variable, score)| (*variable, score / largest))
            .collect();
        problem.add_constraint(terms, ComparisonOp::Le, 1.0);
    }
    add_bounds(&mut problem, &variables, own, largest, bounds);
    let weights = solve(&problem, &variables)?;
    scaled(&weights, own, &rows)
}

/// share · Σ part ≤ part (or ≥) for each part that is a weight, or a weight times the unit's score.
fn add_bounds(
    problem: &mut Problem,
    variables: &[Variable],
    own: &[f64],
    largest: f64,
    bounds: DoubtBounds,
) {
    let parts = || {
        let pairs = variables.iter().zip(own);
        pairs.map(|(variable, score)| {
            let factor = if bounds.of_score {
                score / largest
            } else {
                1.0
            };
            (*variable, factor)
        })
    };
    let limits = [
        (bounds.minimum, bounds.minimum > 0.0, ComparisonOp::Ge),
        (bounds.maximum, bounds.maximum < 1.0, ComparisonOp::Le),
    ];
    for (share, _, comparison) in limits.into_iter().filter(|(_, is_set, _)| *is_set) {
        for (place, _) in variables.iter().enumerate() {
            let terms: Vec<(Variable, f64)> = parts()
                .enumerate()
                .map(|(other, (variable, factor))| {
                    let kept = if other == place { 1.0 - share } else { -share };
                    (variable, kept * factor)
                })
                .collect();
            problem.add_constraint(terms, comparison, 0.0);
        }
    }
}

/// A panic inside the solver is one more way to fail.
fn solve(problem: &Problem, variables: &[Variable]) -> Option<Vec<f64>> {
    let outcome = catch_unwind(AssertUnwindSafe(|| problem.solve())).ok()?;
    let Ok(SolveOutcome::Solution(solution)) = outcome else {
        return None;
    };
    let weights = variables
        .iter()
        .map(|variable| solution.var_value(*variable));
    Some(weights.map(|weight| weight.max(0.0)).collect())
}

/// The weights scaled so that the best of the rows has exactly 1.
fn scaled(weights: &[f64], own: &[f64], rows: &[&[f64]]) -> Option<DoubtWeights> {
    let sum = |row: &[f64]| -> f64 {
        let pairs = weights.iter().zip(row);
        pairs.map(|(weight, score)| weight * score).sum()
    };
    let best = rows.iter().map(|row| sum(row)).fold(0.0, f64::max);
    (best > 0.0).then(|| DoubtWeights {
        weights: weights.iter().map(|weight| weight / best).collect(),
        score: sum(own) / best,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: DoubtBounds = DoubtBounds {
        minimum: 0.0,
        maximum: 1.0,
        of_score: false,
    };

    fn score(own: &[f64], others: &[Vec<f64>], bounds: DoubtBounds) -> f64 {
        frontier_weights(own, others, bounds).unwrap().score
    }

    #[test]
    fn the_best_in_one_part_is_on_the_frontier() {
        let others = vec![vec![1.0, 0.2], vec![0.5, 1.0], vec![0.4, 0.3]];
        assert!((score(&others[0], &others, FREE) - 1.0).abs() < 1e-9);
        assert!((score(&others[1], &others, FREE) - 1.0).abs() < 1e-9);
        // 0.4/0.3 lies on the ray to the edge between the two others: (1, 0.2) + t (−0.5, 0.8) = k (0.4, 0.3).
        let k = 0.9 / 0.47;
        assert!((score(&others[2], &others, FREE) - 1.0 / k).abs() < 1e-9);
        assert_eq!(score(&[0.0, 0.0], &others, FREE), 0.0);
    }

    #[test]
    fn bounds_hold() {
        let others = vec![vec![1.0, 0.2], vec![0.2, 1.0]];
        let half = DoubtBounds {
            minimum: 0.5,
            maximum: 0.5,
            of_score: false,
        };
        let found = frontier_weights(&[0.9, 0.1], &others, half).unwrap();
        assert!((found.weights[0] - found.weights[1]).abs() < 1e-9);
        assert!((found.score - 1.0 / 1.2).abs() < 1e-9);
        let of_score = DoubtBounds {
            minimum: 0.4,
            maximum: 1.0,
            of_score: true,
        };
        let found = frontier_weights(&[0.9, 0.1], &others, of_score).unwrap();
        assert!(found.weights[1] * 0.1 >= 0.4 * found.score - 1e-9);
        let impossible = DoubtBounds {
            minimum: 0.6,
            maximum: 1.0,
            of_score: false,
        };
        assert_eq!(frontier_weights(&[0.9, 0.1], &others, impossible), None);
    }
}
