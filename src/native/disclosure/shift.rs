//! Another table that would look the same to an attacker, told as its difference from the true one.

use super::problem::{Problem, Sense, Visibility};

/// Changes by variable, in the order of variables, none of them 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shift {
    pub moves: Vec<(u32, i64)>,
}

impl Shift {
    /// A shift of the given changes, which may come in any order.
    pub fn new(mut moves: Vec<(u32, i64)>) -> Shift {
        moves.retain(|(_, change)| *change != 0);
        moves.sort_unstable();
        Shift { moves }
    }

    /// By how much it moves a variable.
    pub fn change_of(&self, variable: u32) -> i64 {
        let found = self.moves.binary_search_by_key(&variable, |(at, _)| *at);
        found.map_or(0, |place| self.moves[place].1)
    }

    /// Both shifts together.
    pub fn and(mut self, other: &Shift) -> Shift {
        self.moves.extend(&other.moves);
        self.moves.sort_unstable();
        self.moves.dedup_by(|later, first| {
            let is_same = later.0 == first.0;
            first.1 += if is_same { later.1 } else { 0 };
            is_same
        });
        Shift::new(self.moves)
    }

    /// The shift the other way.
    pub fn reversed(&self) -> Shift {
        let moves = self
            .moves
            .iter()
            .map(|(variable, change)| (*variable, -change));
        Shift {
            moves: moves.collect(),
        }
    }
}

/// Proof that a table can be other than it is: new values of suppressed cells that contradict nothing that is
/// published and nothing that everybody knows. It is checked against the problem itself, so it proves what it claims
/// whatever search or solver found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Cells with their other values, in the order of cells.
    pub values: Vec<(usize, i64)>,
}

/// Where each cell stands, and what the relations come to for the true figures.
pub(super) struct Incidence {
    starts: Vec<usize>,
    /// Relation and factor.
    places: Vec<(u32, i64)>,
    /// Bound less sum, by relation.
    room: Vec<i128>,
}

impl Incidence {
    pub fn new(problem: &Problem) -> Incidence {
        let mut starts = vec![0usize; problem.cells().len() + 1];
        for term in problem
            .relations()
            .iter()
            .flat_map(|relation| &relation.terms)
        {
            starts[term.cell + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![(0u32, 0i64); starts.last().copied().unwrap_or(0)];
        let mut room = Vec::with_capacity(problem.relations().len());
        for (index, relation) in problem.relations().iter().enumerate() {
            let mut sum = 0i128;
            for term in &relation.terms {
                places[next[term.cell]] = (index as u32, term.factor);
                next[term.cell] += 1;
                sum += i128::from(term.factor) * i128::from(problem.cells()[term.cell].value);
            }
            room.push(i128::from(relation.bound) - sum);
        }
        Incidence {
            starts,
            places,
            room,
        }
    }

    fn of(&self, cell: usize) -> &[(u32, i64)] {
        &self.places[self.starts[cell]..self.starts[cell + 1]]
    }
}

impl Witness {
    /// Whether the other table is possible: only unseen cells differ, no cell falls below its floor, every relation of
    /// a changed cell holds. Integer arithmetic throughout.
    pub(super) fn holds(
        &self,
        problem: &Problem,
        suppressed: &[bool],
        incidence: &Incidence,
    ) -> bool {
        let is_possible = |(cell, value): &(usize, i64)| {
            let figure = &problem.cells()[*cell];
            let is_unseen = match figure.visibility {
                Visibility::Publishable => suppressed.get(*cell).copied().unwrap_or(false),
                Visibility::Known => false,
                Visibility::Hidden => true,
            };
            is_unseen && *value >= figure.floor
        };
        let is_ordered = self.values.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if !is_ordered || !self.values.iter().all(is_possible) {
            return false;
        }
        let mut changes: Vec<(u32, i128)> = Vec::new();
        for (cell, value) in &self.values {
            let change = i128::from(*value) - i128::from(problem.cells()[*cell].value);
            let of_cell = incidence.of(*cell).iter();
            changes.extend(
                of_cell.map(|(relation, factor)| (*relation, i128::from(*factor) * change)),
            );
        }
        changes.sort_unstable();
        changes
            .chunk_by(|left, right| left.0 == right.0)
            .all(|same| {
                let relation = same[0].0 as usize;
                let change: i128 = same.iter().map(|(_, change)| *change).sum();
                match problem.relations()[relation].sense {
                    Sense::Equal => change == incidence.room[relation],
                    Sense::AtMost => change <= incidence.room[relation],
                }
            })
    }
}
