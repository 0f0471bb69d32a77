//! What is asked of complementary suppression, and what it gives.

use super::problem::{Problem, Visibility};
use super::secondary::Protector;
use super::shift::{Shift, Witness};

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

/// How many figures were worked on in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Ends of intervals proved without a further suppression.
    pub free: u64,
    /// Ends of intervals proved by the search with further suppressions.
    pub searched: u64,
    /// Ends of intervals proved by linear programming.
    pub programmed: u64,
    /// Ends of intervals proved by going on from a table that proves another figure.
    pub continued: u64,
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

impl Protector<'_> {
    /// What was decided, by cell.
    pub fn decision(self, problem: &Problem, is_optimal: bool) -> Protection {
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
            is_optimal: is_optimal && self.is_fully_protected(),
            work: self.work,
        }
    }
}
