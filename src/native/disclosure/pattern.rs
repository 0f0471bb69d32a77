//! Attacks on suppression patterns of a small problem or group, and the cuts that failed patterns give.

use std::collections::BTreeMap;

use super::network::Network;
use super::rules::Need;
use super::search::Search;
use super::secondary::FREE;
use super::shift::Shift;
use super::solver::{self, Answer, Movable};

/// A problem, or a part of one with everything around it as it is.
pub(super) struct Group {
    /// Figures that must be protected.
    pub goals: Vec<u32>,
    /// Figures that are unseen whatever is decided, the goals among them.
    pub unseen: Vec<u32>,
    /// Figures suppressed only to protect others, as it stands.
    pub extras: Vec<u32>,
    /// Figures that could be suppressed, the extras among them, the cheapest first.
    pub candidates: Vec<u32>,
}

/// The candidates picked.
pub(super) fn picks(group: &Group, picked: &[bool]) -> Vec<u32> {
    let both = group.candidates.iter().zip(picked);
    both.filter(|(_, is_picked)| **is_picked)
        .map(|(at, _)| *at)
        .collect()
}

/// Attacks patterns of one group.
pub(super) struct PatternAttack<'g> {
    network: &'g Network,
    search: Search<'g>,
    group: &'g Group,
    /// What the goals need.
    needs: BTreeMap<u32, Need>,
    /// Which candidates are suppressed.
    pub picked: Vec<bool>,
    /// The solver failed somewhere, so a pattern may have been taken for worse than it is.
    pub has_doubt: bool,
}

/// What comes of attacking a pattern.
pub(super) enum Outcome {
    /// Every goal is protected, as these tables prove.
    Withstands(Vec<Shift>),
    /// This goal is not protected.
    Gives(u32),
}

impl<'g> PatternAttack<'g> {
    /// Attacks on a group's patterns; `needs` are the goals'.
    pub fn new(
        network: &'g Network,
        group: &'g Group,
        needs: BTreeMap<u32, Need>,
    ) -> PatternAttack<'g> {
        PatternAttack {
            network,
            search: Search::new(network),
            group,
            needs,
            picked: vec![false; group.candidates.len()],
            has_doubt: false,
        }
    }

    /// Attacks the pattern, goal by goal, until one gives.
    pub fn attack(&mut self) -> Outcome {
        let mut proofs = Vec::new();
        for goal in &self.group.goals {
            match self.tables(*goal) {
                Some(tables) => proofs.extend(tables),
                None => return Outcome::Gives(*goal),
            }
        }
        Outcome::Withstands(proofs)
    }

    /// Tables that prove the goal protected by the pattern; `None` where it is not.
    fn tables(&mut self, goal: u32) -> Option<Vec<Shift>> {
        let movable = self.movable();
        let need = self.needs[&goal];
        let value = self.network.variable(goal).value;
        let mut tables = Vec::new();
        let (mut low, mut high) = (value, value);
        for direction in [1, -1] {
            let wanted = match direction {
                1 => (need.high - value).max(0),
                _ => (value - need.low).max(need.width - (high - value)).max(0),
            };
            let limit = if direction == 1 {
                wanted.max(need.width)
            } else {
                wanted
            };
            if limit == 0 {
                continue;
            }
            let shift = self.farthest(&movable, goal, direction, limit);
            let reached = shift.as_ref().map_or(0, |shift| shift.change_of(goal));
            low = low.min(value + reached);
            high = high.max(value + reached);
            if reached.abs() < wanted && !is_later_met(&need, direction, low, high) {
                return None;
            }
            tables.extend(shift);
        }
        need.is_met_by(low, high).then_some(tables)
    }

    fn farthest(
        &mut self,
        movable: &Movable,
        goal: u32,
        direction: i64,
        limit: i64,
    ) -> Option<Shift> {
        let cost = |at: u32| movable.contains_key(&at).then_some(0);
        if let Some(shift) = self.search.find(goal, direction * limit, cost, FREE) {
            return Some(shift);
        }
        match solver::farthest_shift(self.network, movable, goal, direction, limit) {
            Answer::Found { shift, .. } => Some(shift),
            Answer::Impossible | Answer::Unknown => {
                self.has_doubt = true;
                None
            }
        }
    }

    fn movable(&self) -> Movable {
        let chosen = picks(self.group, &self.picked).into_iter();
        chosen
            .chain(self.group.unseen.iter().copied())
            .map(|at| (at, 0.0))
            .collect()
    }

    /// Candidates of which every pattern that protects the goal must have one: what is left when the pattern has been
    /// enlarged, the cheapest first, as far as the goal stays unprotected.
    pub fn cut(&mut self, goal: u32) -> Vec<usize> {
        let open = (0..self.picked.len()).filter(|index| !self.picked[*index]);
        let mut blocks: Vec<Vec<usize>> = vec![open.collect()];
        let mut left: Vec<usize> = Vec::new();
        while let Some(block) = blocks.pop() {
            for index in &block {
                self.picked[*index] = true;
            }
            if self.tables(goal).is_none() {
                continue;
            }
            for index in &block {
                self.picked[*index] = false;
            }
            if let [single] = block.as_slice() {
                left.push(*single);
            } else {
                let (cheaper, dearer) = block.split_at(block.len() / 2);
                blocks.push(dearer.to_vec());
                blocks.push(cheaper.to_vec());
            }
        }
        left.sort_unstable();
        left
    }
}

/// Whether an interval that falls short upwards may still be wide enough once it is known how far it reaches down.
fn is_later_met(need: &Need, direction: i64, low: i64, high: i64) -> bool {
    match direction {
        1 => high >= need.high,
        _ => need.is_met_by(low, high),
    }
}
