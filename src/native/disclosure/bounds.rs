//! The quick attack: intervals by bounds consistency, relation by relation, in whole numbers.
//!
//! Every relation bounds each of its figures by what the others can be. Applied until nothing changes, this finds what
//! can be worked out by subtracting along single rows and columns, whatever the order of subtractions. It never gives
//! an interval too narrow, so a cell whose interval it finds too narrow is exposed without doubt.

use super::network::Network;
use super::problem::{Problem, Visibility};
use super::rules::Need;

/// Beyond every value: nothing bounds the figure from above.
pub(super) const UNBOUNDED: i64 = 1 << 60;

/// Sweeps over the rows; later ones would only creep.
const SWEEPS: usize = 24;

/// Smallest and largest value of every variable that bounds consistency leaves.
pub(super) fn propagate(network: &Network) -> Vec<(i64, i64)> {
    let mut bounds: Vec<(i64, i64)> = network
        .variables
        .iter()
        .map(|figure| (figure.floor, UNBOUNDED))
        .collect();
    let mut is_due = vec![true; network.rows.len()];
    for _ in 0..SWEEPS {
        let mut has_changed = false;
        for row in 0..network.rows.len() {
            if std::mem::replace(&mut is_due[row], false) {
                has_changed |= tighten(network, row as u32, &mut bounds, &mut is_due);
            }
        }
        if !has_changed {
            break;
        }
    }
    bounds
}

/// What a cell needs, as far as any pattern can give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attainable {
    /// The need, cut to what is left open when every cell that can be suppressed is.
    Need {
        /// What the interval must cover.
        need: Need,
        /// Whether anything had to be cut.
        is_limited: bool,
    },
    /// The value follows from what is public already.
    Public,
}

/// For every cell with a need that can be suppressed or is hidden: what suppression can give it at best.
///
/// Shown zeros already tell that a total of three other parts is at least 3; figures published earlier bound others.
/// To ask for more than that would make every pattern fail, so the need ends there. In the order of cells.
pub(super) fn attainable(problem: &Problem) -> Vec<Option<Attainable>> {
    let cells = problem.cells();
    let network = Network::new(problem, |cell| cells[cell].visibility != Visibility::Known);
    let bounds = propagate(&network);
    let of_cell = |index: usize| {
        let cell = &cells[index];
        let need = match cell.visibility {
            Visibility::Known => return None,
            Visibility::Publishable | Visibility::Hidden => cell.need?,
        };
        let Some(variable) = network.of_cell[index] else {
            return Some(Attainable::Public);
        };
        let (low, high) = bounds[variable as usize];
        if low == high {
            return Some(Attainable::Public);
        }
        let cut = Need {
            low: need.low.max(low),
            high: need.high.min(high),
            width: need.width.min(high - low),
        };
        Some(Attainable::Need {
            need: cut,
            is_limited: cut != need,
        })
    };
    (0..cells.len()).map(of_cell).collect()
}

/// Tightens the bounds of a row's variables; every row of a variable that changed is due again.
fn tighten(network: &Network, row: u32, bounds: &mut [(i64, i64)], is_due: &mut [bool]) -> bool {
    let is_equal = network.rows[row as usize].equal;
    let terms = network.row(row);
    let sum = terms
        .iter()
        .map(|entry| i128::from(entry.factor) * i128::from(network.variable(entry.at).value));
    let most = sum.sum::<i128>() + i128::from(network.rows[row as usize].slack);
    let mut least_side = Side::default();
    let mut most_side = Side::default();
    for entry in terms {
        let (low, high) = bounds[entry.at as usize];
        least_side.add(entry.factor, if entry.factor > 0 { low } else { high });
        most_side.add(entry.factor, if entry.factor > 0 { high } else { low });
    }
    let mut has_changed = false;
    for entry in terms {
        let (low, high) = bounds[entry.at as usize];
        let (mut new_low, mut new_high) = (low, high);
        let (at_least, at_most) = if entry.factor > 0 {
            (low, high)
        } else {
            (high, low)
        };
        // factor · x ≤ most - the least the others can be.
        if let Some(others) = least_side.without(entry.factor, at_least) {
            bound(entry.factor, most - others, &mut new_low, &mut new_high);
        }
        // For equalities also factor · x ≥ sum - the most the others can be.
        if is_equal && let Some(others) = most_side.without(entry.factor, at_most) {
            bound(-entry.factor, others - most, &mut new_low, &mut new_high);
        }
        if (new_low, new_high) != (low, high) {
            bounds[entry.at as usize] = (new_low, new_high);
            has_changed = true;
            for other in network.rows_of(entry.at) {
                is_due[other.at as usize] = true;
            }
        }
    }
    has_changed
}

/// Applies factor · x ≤ most to the bounds of x.
fn bound(factor: i64, most: i128, low: &mut i64, high: &mut i64) {
    let factor = i128::from(factor);
    if factor > 0 {
        let limit = most.div_euclid(factor);
        *high = (*high).min(i64::try_from(limit).unwrap_or(*high));
    } else {
        // x ≥ most / factor, rounded up.
        let limit = -(most.div_euclid(-factor));
        *low = (*low).max(i64::try_from(limit).unwrap_or(*low));
    }
}

/// One side of a row's sum: the finite part, and how many terms are unbounded.
#[derive(Default)]
struct Side {
    sum: i128,
    unbounded: usize,
}

impl Side {
    fn add(&mut self, factor: i64, value: i64) {
        if value == UNBOUNDED {
            self.unbounded += 1;
        } else {
            self.sum += i128::from(factor) * i128::from(value);
        }
    }

    /// The sum without one term; `None` where another is unbounded.
    fn without(&self, factor: i64, value: i64) -> Option<i128> {
        match (self.unbounded, value == UNBOUNDED) {
            (0, _) => Some(self.sum - i128::from(factor) * i128::from(value)),
            (1, true) => Some(self.sum),
            _ => None,
        }
    }
}
