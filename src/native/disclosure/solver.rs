//! The door to the LP/MIP solver (microlp). Nothing it says is believed: a table it finds is checked in whole numbers,
//! and where it finds none, or fails, the figure counts as not protected.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use microlp::{
    ComparisonOp, OptimizationDirection, Problem, Solution, SolutionStatus, SolveOptions,
    SolveOutcome, Variable,
};

use super::network::Network;
use super::shift::Shift;

/// Branch-and-bound nodes of one small problem: a limit that, unlike time, is the same everywhere.
const NODES: u64 = 2_000;

/// Integer variables of the solver are 32 bits wide.
const INTEGER_REACH: i64 = 1 << 30;

/// What the solver said of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// A possible table, checked.
    Found {
        /// The table.
        shift: Shift,
        /// Whether the solver says that no table does better.
        is_best: bool,
    },
    /// The solver proved that there is none.
    Impossible,
    /// It failed, ran out of nodes, or gave a table that does not stand the check.
    Unknown,
}

/// Variables that may move, each with what moving it by one unit costs.
pub(super) type Movable = BTreeMap<u32, f64>;

/// A possible table in which `variable` has changed by exactly `change` and only movable variables differ, with the
/// least Σ cost · |change|.
pub(super) fn cheapest_shift(
    network: &Network,
    movable: &Movable,
    variable: u32,
    change: i64,
) -> Answer {
    match solve_shift(network, movable, variable, change, false) {
        Answer::Unknown => solve_shift(network, movable, variable, change, true),
        answer => answer,
    }
}

/// How far a variable can move up (`direction` 1) or down (-1) while only movable variables differ, as the solver sees
/// it without regard to whole numbers, and a table that comes as near to it as whole numbers allow. Stops at `limit`.
pub(super) fn farthest_shift(
    network: &Network,
    movable: &Movable,
    variable: u32,
    direction: i64,
    limit: i64,
) -> Answer {
    let mut best = Answer::Impossible;
    for is_integer in [false, true] {
        let mut model = Model::new(network, movable, is_integer);
        let figure = network.variable(variable);
        let down = figure.value - figure.floor;
        let reach = if direction > 0 {
            limit
        } else {
            limit.min(down)
        };
        for at in movable.keys() {
            let price = if *at == variable { -1.0 } else { 0.0 };
            let bounds = if *at != variable {
                (
                    -(network.variable(*at).value - network.variable(*at).floor),
                    i64::MAX,
                )
            } else if direction > 0 {
                (0, reach)
            } else {
                (-reach, 0)
            };
            model.add(*at, price * direction as f64, bounds);
        }
        best = model.solve();
        if best != Answer::Unknown {
            break;
        }
    }
    best
}

/// Linear programs over the changes of variables.
struct Model<'n> {
    network: &'n Network,
    problem: Problem,
    is_integer: bool,
    /// The solver's variables: one change each.
    changes: BTreeMap<u32, Vec<(Variable, f64)>>,
    movable: &'n Movable,
    /// Bounds beyond the reach of integer variables were cut, so the optimum may lie outside.
    is_cut_off: bool,
}

impl<'n> Model<'n> {
    fn new(network: &'n Network, movable: &'n Movable, is_integer: bool) -> Model<'n> {
        Model {
            network,
            problem: Problem::new(OptimizationDirection::Minimize),
            is_integer,
            changes: BTreeMap::new(),
            movable,
            is_cut_off: false,
        }
    }

    /// A part of the change of a variable, counted with `price` in the objective.
    fn add_part(&mut self, variable: u32, price: f64, sign: f64, (low, high): (i64, i64)) {
        let part = if self.is_integer {
            let reach = -INTEGER_REACH..=INTEGER_REACH;
            self.is_cut_off |= !reach.contains(&low) || !reach.contains(&high);
            let low = low.clamp(-INTEGER_REACH, INTEGER_REACH) as i32;
            let high = high.clamp(-INTEGER_REACH, INTEGER_REACH) as i32;
            self.problem.add_integer_var(price, (low, high))
        } else {
            let high = if high == i64::MAX {
                f64::INFINITY
            } else {
                high as f64
            };
            self.problem.add_var(price, (low as f64, high))
        };
        self.changes.entry(variable).or_default().push((part, sign));
    }

    fn add(&mut self, variable: u32, price: f64, bounds: (i64, i64)) {
        self.add_part(variable, price, 1.0, bounds);
    }

    fn solve(mut self) -> Answer {
        let mut rows: Vec<u32> = Vec::new();
        for variable in self.movable.keys() {
            rows.extend(self.network.rows_of(*variable).iter().map(|entry| entry.at));
        }
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let mut terms: Vec<(Variable, f64)> = Vec::new();
            for entry in self.network.row(row) {
                if let Some(parts) = self.changes.get(&entry.at) {
                    let factor = entry.factor as f64;
                    terms.extend(parts.iter().map(|(part, sign)| (*part, sign * factor)));
                }
            }
            let bounds = &self.network.rows[row as usize];
            let comparison = if bounds.equal {
                ComparisonOp::Eq
            } else {
                ComparisonOp::Le
            };
            self.problem
                .add_constraint(terms, comparison, bounds.slack as f64);
        }
        match run(&self.problem) {
            Ok(solution) => self.check(&solution),
            Err(Failure::Infeasible) => Answer::Impossible,
            Err(Failure::Other) => Answer::Unknown,
        }
    }

    fn check(&self, solution: &Solution) -> Answer {
        let mut moves = Vec::new();
        for (variable, parts) in &self.changes {
            let change: f64 = parts
                .iter()
                .map(|(part, sign)| sign * solution.var_value(*part))
                .sum();
            let rounded = change.round();
            if (change - rounded).abs() > 1e-4 {
                return Answer::Unknown;
            }
            moves.push((*variable, rounded as i64));
        }
        let shift = Shift::new(moves);
        if self.network.admits(&shift) {
            let is_optimal = solution.status() == SolutionStatus::Optimal;
            Answer::Found {
                shift,
                is_best: is_optimal && !self.is_cut_off,
            }
        } else {
            Answer::Unknown
        }
    }
}

fn solve_shift(
    network: &Network,
    movable: &Movable,
    variable: u32,
    change: i64,
    is_integer: bool,
) -> Answer {
    let mut model = Model::new(network, movable, is_integer);
    let scale = change.abs() as f64;
    for (at, cost) in movable {
        if *at == variable {
            model.add_part(*at, 0.0, 1.0, (change, change));
            continue;
        }
        let figure = network.variable(*at);
        model.add_part(*at, cost / scale, 1.0, (0, i64::MAX));
        model.add_part(*at, cost / scale, -1.0, (0, figure.value - figure.floor));
    }
    let answer = model.solve();
    match &answer {
        Answer::Found { shift, .. } if !shift.moves.contains(&(variable, change)) => {
            Answer::Unknown
        }
        _ => answer,
    }
}

/// A multiplier for each row such that their sum bounds how far `variable` moves up (`direction` 1) or down (-1) as
/// closely as these rows can: the dual of the linear program without regard to whole numbers. `None` when they do not
/// bound it, or the solver fails.
pub(super) fn multipliers(
    network: &Network,
    rows: &BTreeSet<u32>,
    variable: u32,
    direction: i64,
) -> Option<Vec<f64>> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut columns: BTreeMap<u32, Vec<(Variable, f64)>> = BTreeMap::new();
    let mut picks = Vec::with_capacity(rows.len());
    for row in rows {
        let bounds = &network.rows[*row as usize];
        // The room down to the floors is what a row leaves beside its slack.
        let mut room = bounds.slack as f64;
        for entry in network.row(*row) {
            let figure = network.variable(entry.at);
            room += entry.factor as f64 * (figure.value - figure.floor) as f64;
        }
        let least = if bounds.equal { f64::NEG_INFINITY } else { 0.0 };
        let pick = problem.add_var(room, (least, f64::INFINITY));
        picks.push(pick);
        for entry in network.row(*row) {
            let column = columns.entry(entry.at).or_default();
            column.push((pick, entry.factor as f64));
        }
    }
    for (at, terms) in columns {
        let least = if at == variable {
            direction as f64
        } else {
            0.0
        };
        problem.add_constraint(terms, ComparisonOp::Ge, least);
    }
    let solution = run(&problem).ok()?;
    Some(picks.iter().map(|pick| solution.var_value(*pick)).collect())
}

/// Picks the cheapest set of items such that every cut has at least one of its items: a set cover of 0-1 variables.
/// `None` when the solver fails or runs out of nodes.
pub(super) fn cheapest_cover(weights: &[u64], cuts: &[Vec<usize>]) -> Option<Vec<bool>> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let largest = weights.iter().copied().max().unwrap_or(1).max(1) as f64;
    let picks: Vec<Variable> = weights
        .iter()
        .map(|weight| problem.add_binary_var(*weight as f64 / largest))
        .collect();
    for cut in cuts {
        let terms: Vec<(Variable, f64)> = cut.iter().map(|item| (picks[*item], 1.0)).collect();
        problem.add_constraint(terms, ComparisonOp::Ge, 1.0);
    }
    let solution = run(&problem).ok()?;
    if solution.status() != SolutionStatus::Optimal {
        return None;
    }
    let picked: Vec<bool> = picks
        .iter()
        .map(|pick| solution.var_value(*pick) > 0.5)
        .collect();
    let covers = cuts.iter().all(|cut| cut.iter().any(|item| picked[*item]));
    covers.then_some(picked)
}

enum Failure {
    Infeasible,
    Other,
}

/// Runs the solver; a panic inside it is one more way to fail.
fn run(problem: &Problem) -> Result<Solution, Failure> {
    let mut options = SolveOptions::default();
    options.node_limit = Some(NODES);
    let outcome = catch_unwind(AssertUnwindSafe(|| problem.solve_with(options)));
    match outcome {
        Ok(Ok(SolveOutcome::Solution(solution))) => Ok(solution),
        Ok(Err(microlp::Error::Infeasible)) => Err(Failure::Infeasible),
        Ok(Ok(SolveOutcome::Interrupted(_)) | Err(_)) | Err(_) => Err(Failure::Other),
    }
}
