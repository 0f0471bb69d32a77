//! Complementary suppression: which further cells must go so that no suppressed one can be worked out.
//!
//! The problem is the cell suppression problem of Fischetti and Salazar (2001), with inequalities, hidden figures and
//! figures that are public already beside the additive relations. Small problems are solved to the optimum
//! ([`super::optimum`]). Larger ones figure by figure: for each sensitive figure and each end of its interval the
//! cheapest other possible table is looked for, first among figures suppressed already, then with further ones, then from
//! the tables that prove its neighbours ([`super::continued`]), in the end by linear programming in the figure's
//! neighbourhood; what that table moves is suppressed. Then superfluous suppressions are taken back, and small groups of
//! suppressed figures are solved again to the optimum.
//!
//! Whatever finds a table, only the checked table counts: a figure is protected when tables are at hand that prove it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use super::bounds::attainable;
use super::network::Network;
use super::optimum;
use super::problem::{Problem, Visibility};
use super::proofs::Proofs;
use super::protection::{Options, Protection, Work};
use super::reach::Parts;
use super::rules::Need;
use super::search::{Effort, Search};
use super::shift::Shift;

/// The search among figures that are not shown anyway.
pub(super) const FREE: Effort = Effort {
    expansions: 400,
    breadth: 10,
    step: 1,
    hole: 12,
};

/// What a sensitive or suppressed figure needs.
fn need_of(network: &Network, variable: u32) -> Need {
    let figure = network.variable(variable);
    figure
        .need
        .unwrap_or_else(|| Need::not_derivable(figure.value))
}

/// The state of the search for a pattern.
pub(super) struct Protector<'n> {
    pub network: &'n Network,
    /// Figures that are not shown.
    pub unseen: Vec<bool>,
    pub proofs: Proofs,
    pub search: Search<'n>,
    pub work: Work,
    /// Searches among all figures, at a cost: first for good solutions, then for any.
    paid: [Effort; 2],
    /// Searches that go ahead with whatever mends most, where nothing else finds a table.
    greedy: [Effort; 3],
    /// Figures that nothing was found to protect.
    hopeless: Vec<bool>,
    /// Needs of figures that cannot have what they ask for.
    needs: BTreeMap<u32, Need>,
}

/// Decides what to suppress so that every sensitive cell is protected and no suppressed one can be worked out, as far as
/// what is public already allows.
pub fn protect(problem: &Problem, options: &Options) -> Protection {
    let mut network = Network::new(problem, |cell| {
        problem.cells()[cell].visibility != Visibility::Known
    });
    network.set_needs(&attainable(problem));
    let mut protector = Protector::new(&network);
    protector.protect_all();
    protector.protect_hopeless();
    protector.retract_superfluous(options.retractions);
    let is_optimal = optimum::improve(&mut protector, options);
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
        let paid = |greed: u64| Effort {
            expansions: 1_500,
            breadth: 12,
            step: (typical * 3 / 10).max(1),
            hole: (typical * greed).max(1),
        };
        Protector {
            network,
            unseen: unseen.collect(),
            proofs: Proofs::new(network),
            search: Search::new(network),
            work: Work::default(),
            paid: [paid(1), paid(4)],
            greedy: [paid(16), paid(64), paid(256)],
            hopeless: vec![false; network.variables.len()],
            needs: BTreeMap::new(),
        }
    }

    /// Figures that must be protected: sensitive ones, and shown ones that are suppressed to protect them.
    pub fn must_be_protected(&self, variable: u32) -> bool {
        let figure = self.network.variable(variable);
        figure.need.is_some() || (self.unseen[variable as usize] && !figure.hidden)
    }

    /// Protects every figure until none asks for more; those first whose interval must reach farthest.
    pub fn protect_all(&mut self) {
        let mut order: Vec<u32> = self
            .network
            .indexes()
            .filter(|at| self.must_be_protected(*at))
            .collect();
        order.sort_by_key(|at| {
            let figure = self.network.variable(*at);
            let need = need_of(self.network, *at);
            let reach = (need.high - figure.value).max(figure.value - need.low);
            (Reverse(reach), Reverse(figure.weight), *at)
        });
        let mut queue: VecDeque<u32> = order.into();
        while let Some(variable) = queue.pop_front() {
            let added = self.protect(variable);
            queue.extend(added);
        }
    }

    /// Protects the figures that nothing was found for as far as anything can: what no pattern gives is not asked for.
    fn protect_hopeless(&mut self) {
        let hopeless: Vec<u32> = self
            .network
            .indexes()
            .filter(|at| self.hopeless[*at as usize])
            .collect();
        if hopeless.is_empty() {
            return;
        }
        let parts = Parts::new(self.network);
        for variable in hopeless {
            let need = need_of(self.network, variable);
            let Some(cut) = parts.attainable(self.network, variable, &need) else {
                continue;
            };
            self.needs.insert(variable, cut);
            self.hopeless[variable as usize] = false;
            let mut queue = VecDeque::from([variable]);
            while let Some(next) = queue.pop_front() {
                let added = self.protect(next);
                queue.extend(added);
            }
        }
    }

    /// What a figure needs, as far as it can have it.
    pub fn need_of(&self, variable: u32) -> Need {
        let cut = self.needs.get(&variable).copied();
        cut.unwrap_or_else(|| need_of(self.network, variable))
    }

    /// Protects one figure and gives what was suppressed to do so.
    fn protect(&mut self, variable: u32) -> Vec<u32> {
        let mut added = Vec::new();
        while let Some(changes) = self.next_changes(variable) {
            let Some(shift) = self.cheapest(variable, &changes) else {
                self.hopeless[variable as usize] = true;
                break;
            };
            added.extend(self.take(shift));
        }
        added
    }

    /// The changes any one of which would bring the figure's interval nearer to what it needs; `None` when it is met.
    pub fn next_changes(&self, variable: u32) -> Option<Vec<i64>> {
        let need = self.need_of(variable);
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

    /// A shift by one of the changes, found in the cheapest way that finds one.
    fn cheapest(&mut self, variable: u32, changes: &[i64]) -> Option<Shift> {
        if let Some(shift) = self.free_shift(variable, changes) {
            self.work.free += 1;
            return Some(shift);
        }
        let (paid, greedy) = (self.paid, self.greedy);
        if let Some(shift) = self.searched(variable, changes, &paid) {
            return Some(shift);
        }
        if let Some(shift) = self.programmed(variable, changes) {
            self.work.programmed += 1;
            return Some(shift);
        }
        self.searched(variable, changes, &greedy)
    }

    /// A shift by one of the changes that a search among all figures finds, from the true table or from one that proves
    /// a neighbour.
    fn searched(&mut self, variable: u32, changes: &[i64], efforts: &[Effort]) -> Option<Shift> {
        for effort in efforts {
            if let Some(shift) = self.paid_shift(variable, changes, *effort) {
                self.work.searched += 1;
                return Some(shift);
            }
        }
        let shift = self.continued(variable, changes, efforts)?;
        self.work.continued += 1;
        Some(shift)
    }

    /// The cheaper shift by one of the changes that the search finds among all figures.
    fn paid_shift(&mut self, variable: u32, changes: &[i64], effort: Effort) -> Option<Shift> {
        let nothing = Shift::new(Vec::new());
        let found: Vec<Shift> = changes
            .iter()
            .filter_map(|change| self.paid_shift_from(&nothing, variable, *change, effort))
            .collect();
        found.into_iter().min_by_key(|shift| self.price_of(shift))
    }

    /// A shift that goes on from another to a change of a variable, found among all figures.
    pub fn paid_shift_from(
        &mut self,
        start: &Shift,
        variable: u32,
        change: i64,
        effort: Effort,
    ) -> Option<Shift> {
        let (unseen, network) = (&self.unseen, self.network);
        let price = |at: u32| Some(price(network, unseen, at));
        self.search
            .find_from(start, variable, change, price, effort)
    }

    /// What suppressing everything that a shift moves costs now.
    pub fn price_of(&self, shift: &Shift) -> u64 {
        let prices = shift.moves.iter().map(|(at, _)| self.price(*at));
        prices.fold(0, u64::saturating_add)
    }

    /// What suppressing a figure costs now.
    pub fn price(&self, variable: u32) -> u64 {
        price(self.network, &self.unseen, variable)
    }

    /// Whether nothing was found that protects the figure.
    pub fn was_hopeless(&self, variable: u32) -> bool {
        self.hopeless[variable as usize]
    }

    /// Whether every figure has what it asks for.
    pub fn is_fully_protected(&self) -> bool {
        !self.hopeless.contains(&true) && self.needs.is_empty()
    }
}

/// What suppressing a figure costs where others are unseen already.
fn price(network: &Network, unseen: &[bool], variable: u32) -> u64 {
    if unseen[variable as usize] {
        0
    } else {
        network.variable(variable).weight
    }
}
