//! The attack: what somebody who knows every published figure and every relation can work out of the suppressed ones.
//!
//! For each suppressed or hidden figure two intervals are found. The *possible* interval holds every value that cannot
//! be excluded by bounds consistency (and, where asked for, by linear programming); the true answer lies within. The
//! *proved* interval is spanned by whole tables that agree with all that is published; the true answer spans at least
//! that. A figure is safe only when the proved interval covers what it needs; so no doubt ever counts as protection.

use super::bounds::{Attainable, UNBOUNDED, attainable, propagate};
use super::network::Network;
use super::problem::{Problem, Visibility};
use super::rules::Need;
use super::search::Search;
use super::secondary::FREE;
use super::shift::{Incidence, Shift, Witness};
use super::solver::{self, Answer, Movable};

/// Smallest and largest value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Smallest value.
    pub low: i64,
    /// Largest value; `None` where nothing bounds it.
    pub high: Option<i64>,
}

/// How a figure came out of the attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Tables prove that the interval covers what the figure needs.
    Safe,
    /// The value follows from what was public before, whatever is suppressed now. To be reported, not to be cured.
    AlreadyPublic,
    /// The possible interval is too narrow: the figure is disclosed.
    Exposed,
    /// Neither could be shown; to be treated as exposed.
    Unproven,
}

/// What the attack found of one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Place of the cell in the problem.
    pub cell: usize,
    /// What its interval must cover, as far as any pattern can give it.
    pub need: Need,
    /// The need had to be cut: shown zeros or earlier figures exclude a part of it whatever is suppressed.
    pub is_limited: bool,
    /// Whether it is sensitive itself, not only suppressed to protect others.
    pub is_sensitive: bool,
    /// Spanned by tables that are at hand.
    pub proved: Interval,
    /// Holds every value that could not be excluded.
    pub possible: Interval,
    /// The outcome.
    pub verdict: Verdict,
}

/// What the attack found.
#[derive(Debug, Clone)]
pub struct Attack {
    /// A finding for each suppressed cell and each hidden sensitive one, in the order of cells.
    pub findings: Vec<Finding>,
    /// Tables handed in as proofs that did not stand the check. Not 0 means that the search is wrong somewhere.
    pub false_witnesses: usize,
}

impl Attack {
    /// Findings that forbid publication.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        let fails =
            |finding: &&Finding| matches!(finding.verdict, Verdict::Exposed | Verdict::Unproven);
        self.findings.iter().filter(fails)
    }
}

/// How thoroughly to attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// Check the proofs handed in; search only for figures they leave open, and solve linear programs only for those.
    #[default]
    Proofs,
    /// Besides, find every figure's smallest and largest value by linear and integer programming over everything that
    /// is connected with it. Exact, and dear: for small problems and tests.
    Exact,
}

/// Attacks a pattern. `suppressed` is by cell; `witnesses` may be empty.
pub fn attack(
    problem: &Problem,
    suppressed: &[bool],
    witnesses: &[Witness],
    depth: Depth,
) -> Attack {
    let is_suppressed = |cell: usize| suppressed.get(cell).copied().unwrap_or(false);
    let is_unseen = |cell: usize| match problem.cells()[cell].visibility {
        Visibility::Publishable => is_suppressed(cell),
        Visibility::Known => false,
        Visibility::Hidden => true,
    };
    let network = Network::new(problem, is_unseen);
    let possible = propagate(&network);
    let mut proved: Vec<(i64, i64)> = problem
        .cells()
        .iter()
        .map(|cell| (cell.value, cell.value))
        .collect();
    let false_witnesses = check_witnesses(problem, suppressed, witnesses, &mut proved);
    let mut attacker = Attacker::new(&network, possible);
    let mut findings = Vec::new();
    for (index, attainable) in attainable(problem).into_iter().enumerate() {
        let cell = &problem.cells()[index];
        let is_checked = match cell.visibility {
            Visibility::Publishable => is_suppressed(index),
            Visibility::Known => false,
            Visibility::Hidden => cell.need.is_some(),
        };
        if !is_checked {
            continue;
        }
        let itself = (cell.value, cell.value);
        let (need, is_limited) = match attainable {
            Some(Attainable::Public) => (Need::not_derivable(cell.value), true),
            Some(Attainable::Need { need, is_limited }) => (need, is_limited),
            None => (Need::not_derivable(cell.value), false),
        };
        let (proved, possible, verdict) = if attainable == Some(Attainable::Public) {
            (itself, itself, Verdict::AlreadyPublic)
        } else {
            let (proved, possible) =
                attacker.intervals(index, &need, proved[index], cell.value, depth);
            (proved, possible, verdict(&need, proved, possible))
        };
        findings.push(Finding {
            cell: index,
            need,
            is_limited,
            is_sensitive: cell.need.is_some(),
            proved: interval(proved),
            possible: interval(possible),
            verdict,
        });
    }
    Attack {
        findings,
        false_witnesses,
    }
}

fn interval((low, high): (i64, i64)) -> Interval {
    Interval {
        low,
        high: (high < UNBOUNDED).then_some(high),
    }
}

fn verdict(need: &Need, proved: (i64, i64), possible: (i64, i64)) -> Verdict {
    if need.is_met_by(proved.0, proved.1) {
        Verdict::Safe
    } else if need.is_met_by(possible.0, possible.1) {
        Verdict::Unproven
    } else {
        Verdict::Exposed
    }
}

/// Widens the proved intervals by every witness that stands the check; gives the number of those that do not.
fn check_witnesses(
    problem: &Problem,
    suppressed: &[bool],
    witnesses: &[Witness],
    proved: &mut [(i64, i64)],
) -> usize {
    let incidence = Incidence::new(problem);
    let mut failed = 0;
    for witness in witnesses {
        if !witness.holds(problem, suppressed, &incidence) {
            failed += 1;
            continue;
        }
        for (cell, value) in &witness.values {
            let (low, high) = &mut proved[*cell];
            *low = (*low).min(*value);
            *high = (*high).max(*value);
        }
    }
    failed
}

/// Searches among unseen figures only.
struct Attacker<'n> {
    network: &'n Network,
    search: Search<'n>,
    possible: Vec<(i64, i64)>,
    /// Variables connected with each other through relations, by the first of them.
    parts: Vec<u32>,
}

impl<'n> Attacker<'n> {
    fn new(network: &'n Network, possible: Vec<(i64, i64)>) -> Attacker<'n> {
        Attacker {
            network,
            search: Search::new(network),
            possible,
            parts: parts(network),
        }
    }

    /// The proved and the possible interval of a cell.
    fn intervals(
        &mut self,
        cell: usize,
        need: &Need,
        mut proved: (i64, i64),
        value: i64,
        depth: Depth,
    ) -> ((i64, i64), (i64, i64)) {
        let Some(variable) = self.network.of_cell[cell] else {
            // It follows from what is published.
            return ((value, value), (value, value));
        };
        let possible = self.possible[variable as usize];
        let is_exposed = !need.is_met_by(possible.0, possible.1);
        match depth {
            Depth::Exact => {
                let low = self.extreme(variable, -1, value - possible.0);
                let high = self.extreme(variable, 1, possible.1 - value);
                let exact = (value - low.unwrap_or(0), value + high.unwrap_or(0));
                let known = (
                    low.map_or(possible.0, |_| exact.0),
                    high.map_or(possible.1, |_| exact.1),
                );
                ((proved.0.min(exact.0), proved.1.max(exact.1)), known)
            }
            Depth::Proofs if is_exposed || need.is_met_by(proved.0, proved.1) => (proved, possible),
            Depth::Proofs => {
                eprintln!("ATTACK {cell} {need:?} {proved:?} {possible:?}");
                for change in [
                    need.high.max(proved.0 + need.width) - value,
                    need.low - value,
                ] {
                    if let Some(reached) = self.reach(variable, change) {
                        proved = (proved.0.min(value + reached), proved.1.max(value + reached));
                    }
                }
                if !need.is_met_by(proved.0, proved.1)
                    && let Some(reached) = self.reach(variable, proved.1 - need.width - value)
                {
                    proved.0 = proved.0.min(value + reached);
                }
                (proved, possible)
            }
        }
    }

    /// Moves a variable by `change`, or towards it as far as the solver finds; gives how far it got.
    fn reach(&mut self, variable: u32, change: i64) -> Option<i64> {
        if change == 0 {
            return None;
        }
        if self
            .search
            .find(variable, change, |_| Some(0), FREE)
            .is_some()
        {
            return Some(change);
        }
        let movable = self.part_of(variable);
        let answer = solver::farthest_shift(
            self.network,
            &movable,
            variable,
            change.signum(),
            change.abs(),
        );
        match answer {
            Answer::Found(shift) => Some(moved(&shift, variable)),
            Answer::Impossible | Answer::Unknown => None,
        }
    }

    /// The exact distance a variable can move in a direction; `None` where nothing bounds it within reach of the
    /// solver, or the solver fails.
    fn extreme(&mut self, variable: u32, direction: i64, limit: i64) -> Option<i64> {
        let movable = self.part_of(variable);
        let limit = limit.min(LARGEST_EXTREME);
        match solver::farthest_shift(self.network, &movable, variable, direction, limit) {
            Answer::Found(shift) => Some(moved(&shift, variable).abs()),
            Answer::Impossible | Answer::Unknown => None,
        }
    }

    fn part_of(&self, variable: u32) -> Movable {
        let part = self.parts[variable as usize];
        let members = self
            .network
            .indexes()
            .filter(|at| self.parts[*at as usize] == part);
        members.map(|at| (at, 0.0)).collect()
    }
}

/// Farthest that an exact attack looks; a figure that can move so far is as good as unbounded.
const LARGEST_EXTREME: i64 = 1 << 40;

fn moved(shift: &Shift, variable: u32) -> i64 {
    let found = shift.moves.binary_search_by_key(&variable, |(at, _)| *at);
    found.map_or(0, |place| shift.moves[place].1)
}

/// For each variable the first one that relations connect it with.
fn parts(network: &Network) -> Vec<u32> {
    let mut part = vec![u32::MAX; network.variables.len()];
    for start in network.indexes() {
        if part[start as usize] != u32::MAX {
            continue;
        }
        part[start as usize] = start;
        let mut pending = vec![start];
        while let Some(at) = pending.pop() {
            for entry in network.rows_of(at) {
                for other in network.row(entry.at) {
                    if part[other.at as usize] == u32::MAX {
                        part[other.at as usize] = start;
                        pending.push(other.at);
                    }
                }
            }
        }
    }
    part
}
