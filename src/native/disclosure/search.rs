//! Looks for another possible table in which one figure has moved by a given amount, at the least information lost.
//!
//! The search moves the figure, then repairs one broken relation after the other by moving a further figure of it, and
//! keeps the most promising partial repairs first (best-first, by information lost so far plus a guess for what is
//! still broken). In a two-way table it finds the cheapest short cycles through a cell, as network heuristics do
//! (Kelly, Golden and Assad 1992; Castro 2007); but it goes through linked tables, ladders and inequalities alike, and
//! in whole numbers. It may miss a solution, never invent one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::network::Network;
use super::shift::Shift;

/// How long to look, and how to guess what is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Effort {
    /// Partial repairs looked at before giving up.
    pub expansions: usize,
    /// Figures tried for one broken relation, the most promising first.
    pub breadth: usize,
    /// What each further figure moved is taken to cost, so that short repairs come first.
    pub step: u64,
    /// What a relation broken by the whole change is taken to cost.
    pub hole: u64,
}

/// Figures moved at most in one repair.
const LONGEST: u32 = 48;

/// Largest change of one figure.
const LARGEST_CHANGE: i64 = 1 << 53;

const NO_PARENT: u32 = u32::MAX;

/// A partial repair: one more move than its parent.
#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    variable: u32,
    change: i64,
    cost: u64,
    moves: u32,
    /// How much is still broken, see [`badness`].
    broken: u32,
}

/// A move that would mend a row, before it is made.
struct Candidate {
    rank: u64,
    variable: u32,
    change: i64,
    cost: u64,
    broken: u32,
}

/// Reusable memory of searches over one network.
pub(super) struct Search<'n> {
    network: &'n Network,
    /// Number of the loaded repair; marks below it are stale.
    load: u32,
    row_mark: Vec<u32>,
    row_change: Vec<i64>,
    /// The table that the search starts from, told by its change of each variable and of each row's sum.
    start: Vec<i64>,
    row_start: Vec<i64>,
    moved_mark: Vec<u32>,
    touched: Vec<u32>,
    nodes: Vec<Node>,
    /// Size of the change looked for.
    size: i64,
    /// (priority, badness, node): smallest first, of equals the newest.
    queue: BinaryHeap<(Reverse<(u64, u32)>, u32)>,
    /// How often each variable was part of a shift found. Figures that gave way before are tried first.
    used: Vec<u32>,
    /// Partial repairs looked at so far.
    pub expansions: u64,
}

impl<'n> Search<'n> {
    pub fn new(network: &'n Network) -> Search<'n> {
        Search {
            network,
            load: 0,
            row_mark: vec![0; network.rows.len()],
            row_change: vec![0; network.rows.len()],
            start: vec![0; network.variables.len()],
            row_start: vec![0; network.rows.len()],
            moved_mark: vec![0; network.variables.len()],
            touched: Vec::new(),
            nodes: Vec::new(),
            size: 1,
            queue: BinaryHeap::new(),
            used: vec![0; network.variables.len()],
            expansions: 0,
        }
    }

    /// A possible table in which `variable` has changed by exactly `change`. `cost` gives what it costs to move a
    /// figure, `None` where it must not move.
    pub fn find(
        &mut self,
        variable: u32,
        change: i64,
        cost: impl Fn(u32) -> Option<u64>,
        effort: Effort,
    ) -> Option<Shift> {
        let figure = self.network.variable(variable);
        let change = change - self.start[variable as usize];
        if change == 0 || self.value(variable).saturating_add(change) < figure.floor {
            return None;
        }
        self.nodes.clear();
        self.queue.clear();
        self.load += 1;
        self.touched.clear();
        self.size = change.abs();
        let (broken, _) = self.effect(variable, change, u32::MAX);
        self.push(
            Node {
                parent: NO_PARENT,
                variable,
                change,
                cost: cost(variable)?,
                moves: 1,
                broken: u32::try_from(broken).unwrap_or(0),
            },
            effort,
        );
        for _ in 0..effort.expansions {
            let (_, at) = self.queue.pop()?;
            self.expansions += 1;
            let node = self.nodes[at as usize];
            if !self.load(at) {
                continue;
            }
            let Some(row) = self.row_to_mend() else {
                let shift = self.shift(at);
                for (moved, _) in &shift.moves {
                    self.used[*moved as usize] += 1;
                }
                return Some(shift);
            };
            if node.moves >= LONGEST {
                continue;
            }
            for candidate in self.candidates(row, &node, &cost, effort).into_iter().rev() {
                let next = Node {
                    parent: at,
                    variable: candidate.variable,
                    change: candidate.change,
                    cost: candidate.cost,
                    moves: node.moves + 1,
                    broken: candidate.broken,
                };
                self.push(next, effort);
            }
        }
        None
    }

    /// Like [`Search::find`], but sets out from another table that is possible instead of the true one: what moved on
    /// the way there has been mended already, and may move on.
    pub fn find_from(
        &mut self,
        start: &Shift,
        variable: u32,
        change: i64,
        cost: impl Fn(u32) -> Option<u64>,
        effort: Effort,
    ) -> Option<Shift> {
        self.set_out(start, 1);
        let found = self.find(variable, change, cost, effort);
        self.set_out(start, -1);
        Some(found?.and(start))
    }

    /// Moves the table that searches set out from.
    fn set_out(&mut self, start: &Shift, direction: i64) {
        for (variable, change) in &start.moves {
            self.start[*variable as usize] += direction * change;
            for entry in self.network.rows_of(*variable) {
                self.row_start[entry.at as usize] += direction * entry.factor * change;
            }
        }
    }

    /// What a variable is in the table that the search sets out from.
    fn value(&self, variable: u32) -> i64 {
        self.network.variable(variable).value + self.start[variable as usize]
    }

    /// How often a variable was part of a shift found.
    pub fn times_moved(&self, variable: u32) -> u32 {
        self.used[variable as usize]
    }

    fn push(&mut self, node: Node, effort: Effort) {
        let priority = rank(node.cost, node.moves, node.broken, effort);
        let at = self.nodes.len() as u32;
        self.queue.push((Reverse((priority, node.broken)), at));
        self.nodes.push(node);
    }

    /// Brings the sums of all rows to what they are after a partial repair; `false` when a sum leaves all bounds.
    fn load(&mut self, mut at: u32) -> bool {
        self.load += 1;
        self.touched.clear();
        while at != NO_PARENT {
            let node = self.nodes[at as usize];
            self.moved_mark[node.variable as usize] = self.load;
            for entry in self.network.rows_of(node.variable) {
                let row = entry.at as usize;
                if self.row_mark[row] != self.load {
                    self.row_mark[row] = self.load;
                    self.row_change[row] = self.row_start[row];
                    self.touched.push(entry.at);
                }
                let change = entry.factor.checked_mul(node.change);
                let Some(sum) = change.and_then(|change| self.row_change[row].checked_add(change))
                else {
                    return false;
                };
                self.row_change[row] = sum;
            }
            at = node.parent;
        }
        true
    }

    /// The broken row with the fewest ways to mend it.
    fn row_to_mend(&self) -> Option<u32> {
        let touched = self.touched.iter().copied();
        let broken =
            touched.filter(|row| self.network.violation(*row, self.row_change[*row as usize]) != 0);
        broken.min_by_key(|row| (self.network.row(*row).len(), *row))
    }

    fn shift(&self, mut at: u32) -> Shift {
        let mut moves = Vec::new();
        while at != NO_PARENT {
            let node = self.nodes[at as usize];
            moves.push((node.variable, node.change));
            at = node.parent;
        }
        Shift::new(moves)
    }

    /// The most promising moves that mend a row, or bring it nearer to being mended; the best first.
    fn candidates(
        &self,
        row: u32,
        node: &Node,
        cost: &impl Fn(u32) -> Option<u64>,
        effort: Effort,
    ) -> Vec<Candidate> {
        let excess = self.network.violation(row, self.row_change[row as usize]);
        let is_equal = self.network.rows[row as usize].equal;
        let mut found: Vec<Candidate> = Vec::new();
        for entry in self.network.row(row) {
            if self.moved_mark[entry.at as usize] == self.load {
                continue;
            }
            let Some(price) = cost(entry.at) else {
                continue;
            };
            let wanted = wanted_change(excess, entry.factor, is_equal);
            let figure = self.network.variable(entry.at);
            let change = wanted.max(figure.floor - self.value(entry.at));
            if change == 0 || change.abs() > LARGEST_CHANGE {
                continue;
            }
            let (difference, mends) = self.effect(entry.at, change, row);
            let Ok(broken) = u32::try_from(i64::from(node.broken) + difference) else {
                continue;
            };
            let total = node.cost.saturating_add(price);
            let rank = rank(total, node.moves + 1, broken, effort);
            found.push(Candidate {
                // Among equals, a move that mends the row altogether comes first.
                rank: rank.saturating_mul(2).saturating_add(u64::from(!mends)),
                variable: entry.at,
                change,
                cost: total,
                broken,
            });
        }
        let order = |candidate: &Candidate| {
            let used = self.used[candidate.variable as usize];
            (candidate.rank, Reverse(used), candidate.variable)
        };
        if found.len() > effort.breadth {
            found.select_nth_unstable_by_key(effort.breadth, order);
            found.truncate(effort.breadth);
        }
        found.sort_unstable_by_key(order);
        found
    }

    /// How much more (or less) is broken when a variable moves, and whether `row` is whole then.
    fn effect(&self, variable: u32, change: i64, row: u32) -> (i64, bool) {
        let mut difference = 0;
        let mut mends = false;
        for entry in self.network.rows_of(variable) {
            let is_loaded = self.row_mark[entry.at as usize] == self.load;
            let before = if is_loaded {
                self.row_change[entry.at as usize]
            } else {
                self.row_start[entry.at as usize]
            };
            let after = before.saturating_add(entry.factor.saturating_mul(change));
            let remains = self.network.violation(entry.at, after);
            difference += badness(remains, self.size)
                - badness(self.network.violation(entry.at, before), self.size);
            mends |= entry.at == row && remains == 0;
        }
        (difference, mends)
    }
}

fn rank(cost: u64, moves: u32, broken: u32, effort: Effort) -> u64 {
    cost.saturating_add(effort.step * u64::from(moves))
        .saturating_add(effort.hole * u64::from(broken) / BROKEN)
}

/// Badness of a relation broken by as much as the change looked for.
const BROKEN: u64 = 12;

/// How bad a broken relation is: something for being broken at all, and more the more is missing.
fn badness(violation: i64, size: i64) -> i64 {
    if violation == 0 {
        return 0;
    }
    let missing = violation.unsigned_abs().min(2 * size.unsigned_abs());
    4 + (8 * missing / size.unsigned_abs()) as i64
}

/// The change of a variable with this factor that takes `excess` off the row; where the factor does not divide it, as
/// much as it can of an equality and a little more than needed of an inequality.
fn wanted_change(excess: i64, factor: i64, is_equal: bool) -> i64 {
    let quotient = -(excess / factor);
    if is_equal || excess % factor == 0 {
        quotient
    } else {
        quotient - factor.signum()
    }
}
