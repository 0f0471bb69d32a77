//! The attack: what somebody who knows every published figure and every relation can work out of the suppressed ones.
//!
//! For each suppressed or hidden figure two intervals are found. The *possible* interval holds every value that cannot
//! be excluded by bounds consistency (and, where asked for, by linear programming); the true answer lies within. The
//! *proved* interval is spanned by whole tables that agree with all that is published; the true answer spans at least
//! that. A figure is safe only when the proved interval covers what it needs; so no doubt ever counts as protection.

use super::bounds::{Attainable, UNBOUNDED, attainable, propagate};
use super::network::Network;
use super::problem::{Cell, Problem, Visibility};
use super::reach::Parts;
use super::rules::Need;
use super::search::Search;
use super::secondary::FREE;
use super::shift::{Incidence, Witness};

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
    let mut proved: Vec<(i64, i64)> = problem
        .cells()
        .iter()
        .map(|cell| (cell.value, cell.value))
        .collect();
    let false_witnesses = check_witnesses(problem, suppressed, witnesses, &mut proved);
    let mut attacker = Attacker::new(&network, depth);
    let mut findings = Vec::new();
    for (index, attainable) in attainable(problem).into_iter().enumerate() {
        let cell = &problem.cells()[index];
        let is_checked = match cell.visibility {
            Visibility::Publishable => is_suppressed(index),
            Visibility::Known => false,
            Visibility::Hidden => cell.need.is_some(),
        };
        if is_checked {
            findings.push(attacker.finding(index, cell, attainable, proved[index]));
        }
    }
    excuse_the_hopeless(problem, &mut findings);
    Attack {
        findings,
        false_witnesses,
    }
}

/// Figures that come out unprotected may not have what they need under any pattern. That is seen by hiding everything
/// that can be hidden, and then either they are public already, or their need ends where nothing gives more.
fn excuse_the_hopeless(problem: &Problem, findings: &mut [Finding]) {
    let failed =
        |finding: &&mut Finding| matches!(finding.verdict, Verdict::Exposed | Verdict::Unproven);
    let failures: Vec<&mut Finding> = findings.iter_mut().filter(failed).collect();
    if failures.is_empty() {
        return;
    }
    let network = Network::new(problem, |cell| {
        problem.cells()[cell].visibility != Visibility::Known
    });
    let parts = Parts::new(&network);
    for finding in failures {
        let Some(variable) = network.of_cell[finding.cell] else {
            finding.verdict = Verdict::AlreadyPublic;
            continue;
        };
        let Some(cut) = parts.attainable(&network, variable, &finding.need) else {
            continue;
        };
        finding.need = cut;
        finding.is_limited = true;
        let high = finding.proved.high.unwrap_or(UNBOUNDED);
        if cut.width == 0 {
            finding.verdict = Verdict::AlreadyPublic;
        } else if cut.is_met_by(finding.proved.low, high) {
            finding.verdict = Verdict::Safe;
        }
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
    depth: Depth,
    search: Search<'n>,
    possible: Vec<(i64, i64)>,
    parts: Parts,
}

impl<'n> Attacker<'n> {
    fn new(network: &'n Network, depth: Depth) -> Attacker<'n> {
        Attacker {
            network,
            depth,
            search: Search::new(network),
            possible: propagate(network),
            parts: Parts::new(network),
        }
    }

    fn finding(
        &mut self,
        index: usize,
        cell: &Cell,
        attainable: Option<Attainable>,
        proved: (i64, i64),
    ) -> Finding {
        let itself = Need::not_derivable(cell.value);
        let (need, is_limited) = match attainable {
            Some(Attainable::Public) => (itself, true),
            Some(Attainable::Need { need, is_limited }) => (need, is_limited),
            None => (itself, false),
        };
        let (proved, possible) = match self.network.of_cell[index] {
            Some(variable) => self.intervals(variable, &need, proved, cell.value),
            // It follows from what is published.
            None => ((cell.value, cell.value), (cell.value, cell.value)),
        };
        let verdict = match attainable {
            Some(Attainable::Public) => Verdict::AlreadyPublic,
            Some(Attainable::Need { .. }) | None => verdict(&need, proved, possible),
        };
        Finding {
            cell: index,
            need,
            is_limited,
            is_sensitive: cell.need.is_some(),
            proved: interval(proved),
            possible: interval(possible),
            verdict,
        }
    }

    /// The proved and the possible interval of a figure.
    fn intervals(
        &mut self,
        variable: u32,
        need: &Need,
        mut proved: (i64, i64),
        value: i64,
    ) -> ((i64, i64), (i64, i64)) {
        let mut possible = self.possible[variable as usize];
        if self.depth == Depth::Exact {
            let exact = |direction: i64, bound: i64| {
                let limit = (bound - value).abs().min(LARGEST_EXTREME);
                let found = self
                    .parts
                    .farthest(self.network, variable, direction, limit);
                let (distance, is_best) = found.unwrap_or((0, false));
                let reached = value + direction * distance;
                let is_final = is_best && distance < LARGEST_EXTREME;
                (reached, if is_final { reached } else { bound })
            };
            let (low, least) = exact(-1, possible.0);
            let (high, most) = exact(1, possible.1);
            possible = (least, most);
            return ((proved.0.min(low), proved.1.max(high)), possible);
        }
        let is_open = |proved: (i64, i64)| !need.is_met_by(proved.0, proved.1);
        if !need.is_met_by(possible.0, possible.1) {
            return (proved, possible);
        }
        for direction in [1, -1, 1] {
            if is_open(proved) {
                let wanted = if direction == 1 {
                    need.high.max(proved.0 + need.width)
                } else {
                    need.low.min(proved.1 - need.width)
                };
                let reached = value + self.reach(variable, wanted - value);
                proved = (proved.0.min(reached), proved.1.max(reached));
            }
        }
        (proved, possible)
    }

    /// Moves a figure by `change`, or towards it as far as the solver finds; gives how far it got.
    fn reach(&mut self, variable: u32, change: i64) -> i64 {
        if change == 0
            || self
                .search
                .find(variable, change, |_| Some(0), FREE)
                .is_some()
        {
            return change;
        }
        let direction = change.signum();
        let found = self
            .parts
            .farthest(self.network, variable, direction, change.abs());
        direction * found.map_or(0, |(distance, _)| distance)
    }
}

/// Farthest that an exact attack looks; a figure that can move so far is as good as unbounded.
const LARGEST_EXTREME: i64 = 1 << 40;
