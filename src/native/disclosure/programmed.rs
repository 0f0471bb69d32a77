//! Shifts by linear programming in a figure's neighbourhood, for figures that the search does not protect.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::collections::btree_map::Entry;

use super::secondary::Protector;
use super::shift::Shift;
use super::solver::{self, Answer, Movable};

/// Sizes of the neighbourhoods: figures, and unseen figures of one relation.
const NEIGHBOURHOODS: [(usize, usize); 2] = [(600, 24), (2_000, 200)];

impl Protector<'_> {
    /// The cheapest shift by one of the changes within growing neighbourhoods of the figure, the cost of a figure
    /// counted in proportion to its move (Kelly, Golden and Assad 1992).
    pub fn programmed(&self, variable: u32, changes: &[i64]) -> Option<Shift> {
        for (size, quota) in NEIGHBOURHOODS {
            let near = self.neighbourhood(variable, size, quota);
            for change in changes {
                let answer = solver::cheapest_shift(self.network, &near, variable, *change);
                if let Answer::Found { shift, .. } = answer {
                    return Some(shift);
                }
            }
        }
        None
    }

    /// At most `size` figures around one, by number of relations between. Of each relation the unseen figures that gave
    /// way most often and the cheapest shown ones.
    fn neighbourhood(&self, variable: u32, size: usize, quota: usize) -> Movable {
        let mut near = Movable::from([(variable, 0.0)]);
        let mut queue = VecDeque::from([variable]);
        while let Some(from) = queue.pop_front() {
            for entry in self.network.rows_of(from) {
                for at in self.promising(entry.at, quota) {
                    if near.len() >= size {
                        return near;
                    }
                    if let Entry::Vacant(place) = near.entry(at) {
                        // A figure that is unseen anyway still costs a little, so that tables stay near the true one.
                        place.insert(0.01 + self.price(at) as f64);
                        queue.push_back(at);
                    }
                }
            }
        }
        near
    }

    fn promising(&self, row: u32, quota: usize) -> impl Iterator<Item = u32> {
        let figures = self.network.row(row).iter().map(|other| other.at);
        let (mut unseen, mut shown): (Vec<u32>, Vec<u32>) =
            figures.partition(|at| self.unseen[*at as usize]);
        unseen.sort_by_key(|at| {
            let value = self.network.variable(*at).value;
            (Reverse(self.search.times_moved(*at)), Reverse(value), *at)
        });
        shown.sort_by_key(|at| (self.price(*at), *at));
        unseen.truncate(quota);
        shown.truncate(quota / 2);
        unseen.into_iter().chain(shown)
    }
}
