//! Complementary suppression: which further cells must go so that no suppressed one can be worked out.
//!
//! The problem is the cell suppression problem of Fischetti and Salazar (2001), with inequalities, hidden figures and
//! figures that are public already beside the additive relations. Small problems are solved to the optimum
//! ([`super::optimum`]). Larger ones figure by figure: for each sensitive figure and each end of its interval the
//! cheapest other possible table is looked for, first among figures suppressed already, then with further ones, in the
//! end by linear programming in the figure's neighbourhood; what that table moves is suppressed. Then superfluous
//! suppressions are taken back, and small groups of suppressed figures are solved again to the optimum.
//!
//! Whatever finds a table, only the checked table counts: a figure is protected when tables are at hand that prove it.

use std::collections::VecDeque;

use super::bounds::attainable;
use super::network::Network;
use super::optimum;
use super::problem::{Problem, Visibility};
use super::proofs::Proofs;
use super::rules::Need;
use super::search::{Effort, Search};
use super::shift::{Shift, Witness};
use super::solver::{self, Answer, Movable};

/// How much work may go into a solution. The limits are counts, never times, so that the result is the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Problems (and groups of suppressed figures with their neighbours) of at most this many figures that may be
    /// suppressed are solved to the optimum by 0-1 programming.
    pub exact_figures: usize,
    /// Groups of suppressed figures solved again to the optimum after the heuristic, the costliest first.
    pub exact_groups: usize,
    /// Suppressions that are tried to be taken back, the costliest first.
    pub retractions: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            exact_figures: 40,
            exact_groups: 200,
            retractions: 20_000,
        }
    }
}

/// Looks only among figures that are not shown anyway.
pub(super) const FREE: Effort = Effort {
    expansions: 400,
    breadth: 10,
    step: 1,
    hole: 12,
};

/// Looks among all figures, at a cost; the guesses depend on the weights of the problem.
const PAID: Effort = Effort {
    expansions: 3000,
    breadth: 12,
    step: 0,
    hole: 0,
};

/// What a sensitive or suppressed figure needs.
pub(super) fn need_of(network: &Network, variable: u32) -> Need {
    let figure = network.variable(variable);
    figure
        .need
        .unwrap_or_else(|| Need::not_derivable(figure.value))
}

/// How many figures were worked on in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Ends of intervals proved without a further suppression.
    pub free: u64,
    /// Ends of intervals proved by the search with further suppressions.
    pub searched: u64,
    /// Ends of intervals proved by linear programming.
    pub programmed: u64,
    /// Suppressions taken back as superfluous.
    pub retracted: u64,
    /// Problems or groups solved to the optimum.
    pub exact: u64,
    /// Partial repairs looked at by the search.
    pub expansions: u64,
}

/// A decision, with proofs.
#[derive(Debug, Clone)]
pub struct Protection {
    /// Whether each cell of the problem is suppressed; `false` for cells that are known or hidden.
    pub suppressed: Vec<bool>,
    /// Tables that prove the intervals; [`super::attack::attack`] checks them.
    pub witnesses: Vec<Witness>,
    /// Whether the information lost is proved to be the least possible.
    pub is_optimal: bool,
    /// How it was found.
    pub work: Work,
}

/// The state of the search for a pattern.
pub(super) struct Protector<'n> {
    pub network: &'n Network,
    /// Figures that are not shown.
    pub unseen: Vec<bool>,
    pub proofs: Proofs,
    pub search: Search<'n>,
    pub work: Work,
    paid: Effort,
    /// Figures that nothing protects, so that they are not tried for ever.
    hopeless: Vec<bool>,
    pub lp_time: f64,
}

/// Decides what to suppress so that every sensitive cell is protected and no suppressed one can be worked out, as far as
/// what is public already allows.
pub fn protect(problem: &Problem, options: &Options) -> Protection {
    let mut network = Network::new(problem, |cell| {
        problem.cells()[cell].visibility != Visibility::Known
    });
    network.set_needs(&attainable(problem));
    let mut protector = Protector::new(&network);
    let _ = IDS.set(
        problem
            .cells()
            .iter()
            .map(|c| format!("{}={}", c.id, c.value))
            .collect(),
    );
    let t0 = cpu();
    protector.protect_all();
    eprintln!(
        "TIMING protect_all {:?} exp {} lp {:?}",
        (cpu() - t0),
        protector.search.expansions,
        protector.lp_time
    );
    let t0 = cpu();
    protector.retract_superfluous(options.retractions);
    eprintln!(
        "TIMING retract {:?} exp {}",
        (cpu() - t0),
        protector.search.expansions
    );
    let t0 = cpu();
    let is_optimal = optimum::improve(&mut protector, options);
    eprintln!("TIMING improve {:?}", (cpu() - t0));
    protector.work.expansions = protector.search.expansions;
    protector.decision(problem, is_optimal)
}

impl<'n> Protector<'n> {
    pub fn new(network: &'n Network) -> Protector<'n> {
        let unseen = network
            .variables
            .iter()
            .map(|figure| figure.hidden || figure.need.is_some());
        let shown = network.variables.iter().filter(|figure| !figure.hidden);
        let mut weights: Vec<u64> = shown.map(|figure| figure.weight).collect();
        weights.sort_unstable();
        let typical = weights.get(weights.len() / 2).copied().unwrap_or(1);
        Protector {
            network,
            unseen: unseen.collect(),
            proofs: Proofs::new(network),
            search: Search::new(network),
            work: Work::default(),
            paid: Effort {
                step: (typical / 20).max(1),
                hole: (typical / 2).max(1),
                ..PAID
            },
            hopeless: vec![false; network.variables.len()],
            lp_time: 0.0,
        }
    }

    /// Figures that must be protected: sensitive ones, and shown ones that are suppressed to protect them.
    pub fn must_be_protected(&self, variable: u32) -> bool {
        let figure = self.network.variable(variable);
        figure.need.is_some() || (self.unseen[variable as usize] && !figure.hidden)
    }

    /// Protects every figure, the weightiest first, until none asks for more.
    pub fn protect_all(&mut self) {
        let mut order: Vec<u32> = self
            .network
            .indexes()
            .filter(|at| self.must_be_protected(*at))
            .collect();
        order.sort_by_key(|at| {
            let figure = self.network.variable(*at);
            (figure.need.is_none(), std::cmp::Reverse(figure.weight), *at)
        });
        let mut queue: VecDeque<u32> = order.into();
        while let Some(variable) = queue.pop_front() {
            let added = self.protect(variable);
            queue.extend(added);
        }
    }

    /// Protects one figure and gives what was suppressed to do so.
    fn protect(&mut self, variable: u32) -> Vec<u32> {
        let mut added = Vec::new();
        while let Some(changes) = self.next_changes(variable) {
            if self.hopeless[variable as usize] {
                break;
            }
            match self.cheapest(variable, &changes) {
                Some(shift) => added.extend(self.take(shift)),
                None => self.hopeless[variable as usize] = true,
            }
        }
        added
    }

    /// The changes any one of which would bring the figure's interval nearer to what it needs; `None` when it is met.
    pub fn next_changes(&self, variable: u32) -> Option<Vec<i64>> {
        let need = need_of(self.network, variable);
        let value = self.network.variable(variable).value;
        let (low, high) = self.proofs.interval(variable);
        if need.is_met_by(low, high) {
            return None;
        }
        if high < need.high {
            return Some(vec![need.high - value]);
        }
        if low > need.low {
            return Some(vec![need.low - value]);
        }
        Some(vec![low + need.width - value, high - need.width - value])
    }

    /// Suppresses what a shift moves, notes the shift, and gives what is newly suppressed.
    pub fn take(&mut self, shift: Shift) -> Vec<u32> {
        let mut added = Vec::new();
        for (variable, _) in &shift.moves {
            if !std::mem::replace(&mut self.unseen[*variable as usize], true) {
                added.push(*variable);
            }
        }
        self.proofs.note(self.network, shift);
        added
    }

    /// A shift by one of the changes that moves unseen figures only.
    pub fn free_shift(&mut self, variable: u32, changes: &[i64]) -> Option<Shift> {
        let unseen = &self.unseen;
        let cost = |at: u32| unseen[at as usize].then_some(0);
        let search = &mut self.search;
        changes
            .iter()
            .find_map(|change| search.find(variable, *change, cost, FREE))
    }

    fn cheapest(&mut self, variable: u32, changes: &[i64]) -> Option<Shift> {
        if let Some(shift) = self.free_shift(variable, changes) {
            self.work.free += 1;
            return Some(shift);
        }
        let unseen = &self.unseen;
        let network = self.network;
        let cost = |at: u32| {
            Some(if unseen[at as usize] {
                0
            } else {
                network.variable(at).weight
            })
        };
        let price = |shift: &Shift| -> u64 {
            let prices = shift.moves.iter().map(|(at, _)| cost(*at).unwrap_or(0));
            prices.fold(0, u64::saturating_add)
        };
        let search = &mut self.search;
        let paid = self.paid;
        let found = changes
            .iter()
            .filter_map(|change| search.find(variable, *change, cost, paid));
        if let Some(shift) = found.min_by_key(price) {
            self.work.searched += 1;
            return Some(shift);
        }
        let t0 = cpu();
        let shift = self.programmed(variable, changes);
        self.lp_time += (cpu() - t0);
        if std::env::var("SHOW").is_ok() {
            let id = &problem_ids()[network.variable(variable).cells[0]];
            eprintln!(
                "LP {id} {changes:?} {:?} {:?}",
                (cpu() - t0),
                shift.as_ref().map(|s| s.moves.len())
            );
            if let Some(s) = &shift {
                if s.moves.len() < 14 {
                    for (v, d) in &s.moves {
                        eprintln!(
                            "     {} {d} {}",
                            problem_ids()[network.variable(*v).cells[0]],
                            if self.unseen[*v as usize] { "" } else { "NEW" }
                        );
                    }
                }
            }
        }
        let shift = shift?;
        self.work.programmed += 1;
        Some(shift)
    }

    /// By linear programming in growing neighbourhoods of the figure.
    fn programmed(&self, variable: u32, changes: &[i64]) -> Option<Shift> {
        for size in [60, 240, 960] {
            let near = self.neighbourhood(variable, size);
            for change in changes {
                let answer = solver::cheapest_shift(self.network, &near, variable, *change);
                if let Answer::Found(shift) = answer {
                    return Some(shift);
                }
            }
            if near.len() < size {
                return None;
            }
        }
        None
    }

    /// At most `size` figures around one, by number of relations between, in every relation the cheapest first.
    fn neighbourhood(&self, variable: u32, size: usize) -> Movable {
        let price = |at: u32| {
            let is_unseen = self.unseen[at as usize];
            if is_unseen {
                0
            } else {
                self.network.variable(at).weight
            }
        };
        let mut near = Movable::from([(variable, 0.0)]);
        let mut queue = VecDeque::from([variable]);
        while let Some(from) = queue.pop_front() {
            for entry in self.network.rows_of(from) {
                let row = self.network.row(entry.at);
                let mut others: Vec<u32> = row.iter().map(|other| other.at).collect();
                others.sort_by_key(|at| (price(*at), *at));
                let quota = (size / 8).max(8);
                for at in others.into_iter().take(quota) {
                    if near.len() >= size {
                        return near;
                    }
                    if !near.contains_key(&at) {
                        // A figure that is unseen anyway still costs a little, so that tables stay near the true one.
                        near.insert(at, 0.01 + price(at) as f64);
                        queue.push_back(at);
                    }
                }
            }
        }
        near
    }

    /// Whether nothing was found that protects the figure.
    pub fn was_hopeless(&self, variable: u32) -> bool {
        self.hopeless[variable as usize]
    }

    fn decision(self, problem: &Problem, is_optimal: bool) -> Protection {
        let mut suppressed = vec![false; problem.cells().len()];
        let shown = |cell: usize| problem.cells()[cell].visibility == Visibility::Publishable;
        for variable in self
            .network
            .indexes()
            .filter(|at| self.unseen[*at as usize])
        {
            for cell in &self.network.variable(variable).cells {
                suppressed[*cell] = shown(*cell);
            }
        }
        // Sensitive cells that follow from what is public are suppressed all the same, and reported.
        for cell in &self.network.forced {
            suppressed[*cell] |= problem.cells()[*cell].need.is_some() && shown(*cell);
        }
        let witness = |shift: &Shift| {
            let mut values = Vec::new();
            for (variable, change) in &shift.moves {
                let figure = self.network.variable(*variable);
                values.extend(
                    figure
                        .cells
                        .iter()
                        .map(|cell| (*cell, figure.value + change)),
                );
            }
            values.sort_unstable();
            Witness { values }
        };
        Protection {
            witnesses: self.proofs.valid().map(witness).collect(),
            suppressed,
            is_optimal,
            work: self.work,
        }
    }
}

pub fn cpu() -> f64 {
    std::fs::read_to_string("/proc/self/schedstat")
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse::<f64>()
        .unwrap()
        / 1e9
}
pub static IDS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
pub fn problem_ids() -> &'static Vec<String> {
    IDS.get().unwrap()
}
