//! How far figures can move at all: the connected parts of a network, and linear programs over whole parts.

use super::limits::proved_limit;
use super::network::Network;
use super::rules::Need;
use super::solver::{self, Answer, Movable};

/// Figures of a part over which linear programs are solved; larger parts would take minutes.
const MOST_FIGURES: usize = 6_000;

/// Connected parts of a network. Nothing outside a figure's part has anything to do with it.
pub(super) struct Parts {
    of: Vec<u32>,
    members: Vec<Vec<u32>>,
}

impl Parts {
    pub fn new(network: &Network) -> Parts {
        let mut of = vec![u32::MAX; network.variables.len()];
        let mut members: Vec<Vec<u32>> = Vec::new();
        for start in network.indexes() {
            if of[start as usize] != u32::MAX {
                continue;
            }
            let part = members.len() as u32;
            of[start as usize] = part;
            let mut found = vec![start];
            let mut next = 0;
            while let Some(at) = found.get(next).copied() {
                next += 1;
                for entry in network.rows_of(at) {
                    for other in network.row(entry.at) {
                        let place = &mut of[other.at as usize];
                        if *place == u32::MAX {
                            *place = part;
                            found.push(other.at);
                        }
                    }
                }
            }
            members.push(found);
        }
        Parts { of, members }
    }

    fn movable(&self, variable: u32) -> Option<Movable> {
        let members = &self.members[self.of[variable as usize] as usize];
        (members.len() <= MOST_FIGURES).then(|| members.iter().map(|at| (*at, 0.0)).collect())
    }

    /// How far a variable moves up (`direction` 1) or down (-1), at most `limit`, when everything in its part may move:
    /// the distance of a table found, and whether the solver says that there is no farther one. `None` where the part
    /// is too large or the solver fails.
    pub fn farthest(
        &self,
        network: &Network,
        variable: u32,
        direction: i64,
        limit: i64,
    ) -> Option<(i64, bool)> {
        let movable = self.movable(variable)?;
        match solver::farthest_shift(network, &movable, variable, direction, limit) {
            Answer::Found { shift, is_best } => Some((shift.change_of(variable).abs(), is_best)),
            Answer::Impossible | Answer::Unknown => None,
        }
    }

    /// The need of a variable cut to what it can have when everything in its part may move. `None` where nothing is known
    /// to have to be cut.
    pub fn attainable(&self, network: &Network, variable: u32, need: &Need) -> Option<Need> {
        let value = network.variable(variable).value;
        let limit = |direction: i64, wanted: i64| match self
            .farthest(network, variable, direction, wanted)
        {
            Some((distance, true)) => distance,
            _ => proved_limit(network, variable, direction, wanted).unwrap_or(wanted),
        };
        let high = limit(1, (need.high - value).max(need.width));
        let low = limit(-1, (value - need.low).max(need.width));
        let cut = Need {
            low: need.low.max(value - low),
            high: need.high.min(value + high),
            width: need.width.min(low + high),
        };
        (cut != *need).then_some(cut)
    }
}
