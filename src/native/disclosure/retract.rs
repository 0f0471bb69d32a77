//! Taking back suppressions that later ones have made superfluous.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::secondary::Protector;

impl Protector<'_> {
    /// Shows again, the weightiest first, what can be shown while everything stays protected. At most `limit` are tried.
    pub fn retract_superfluous(&mut self, limit: usize) {
        let network = self.network;
        let is_extra = |at: &u32| {
            let figure = network.variable(*at);
            self.unseen[*at as usize] && !figure.hidden && figure.need.is_none()
        };
        let mut extras: Vec<u32> = network.indexes().filter(is_extra).collect();
        extras.sort_by_key(|at| (Reverse(network.variable(*at).weight), *at));
        for variable in extras.into_iter().take(limit) {
            if self.unseen[variable as usize] && self.try_to_show(variable) {
                self.work.retracted += 1;
            }
        }
    }

    /// Shows a suppressed figure, and further ones that were suppressed only with it, if every sensitive figure stays
    /// protected; otherwise leaves everything as it was.
    fn try_to_show(&mut self, first: u32) -> bool {
        let mut shown: Vec<u32> = Vec::new();
        let mut retracted: Vec<u32> = Vec::new();
        let mut to_show = vec![first];
        let mut to_prove: BTreeSet<u32> = BTreeSet::new();
        let mut is_possible = true;
        'all: loop {
            while let Some(variable) = to_show.pop() {
                self.unseen[variable as usize] = false;
                shown.push(variable);
                let shifts = self.proofs.retract(self.network, variable);
                to_prove.extend(self.proofs.moved_by(&shifts));
                retracted.extend(shifts);
            }
            let Some(variable) = to_prove.pop_first() else {
                break;
            };
            if !self.must_be_protected(variable) {
                continue;
            }
            while let Some(changes) = self.next_changes(variable) {
                if let Some(shift) = self.free_shift(variable, &changes) {
                    self.take(shift);
                } else if self.network.variable(variable).need.is_none() {
                    to_show.push(variable);
                    break;
                } else if self.was_hopeless(variable) {
                    break;
                } else {
                    is_possible = false;
                    break 'all;
                }
            }
        }
        if !is_possible {
            for variable in shown {
                self.unseen[variable as usize] = true;
            }
            self.proofs.restore(self.network, &retracted);
        }
        is_possible
    }
}
