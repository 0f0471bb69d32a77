//! From cells to variables: figures that are always equal become one, figures that follow from what everybody knows
//! become constants.

use super::network::{Network, Variable};
use super::problem::{Problem, Sense};

/// A row before it is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowTerms {
    /// Variable and factor, in the order of variables.
    pub terms: Vec<(u32, i64)>,
    /// Whether it is an equality.
    pub equal: bool,
    /// Bound less sum.
    pub slack: i64,
}

/// The network of the cells that `is_unknown` picks; all others are constants.
pub(super) fn network(problem: &Problem, is_unknown: impl Fn(usize) -> bool) -> Network {
    let mut merging = Merging::new(problem, is_unknown);
    merging.settle();
    merging.into_network()
}

/// Cells on their way to variables: union-find over those that are always equal.
struct Merging<'p> {
    problem: &'p Problem,
    leader: Vec<u32>,
    /// Cells that everybody knows.
    known: Vec<bool>,
    /// Leaders of what everybody knows or can work out.
    constant: Vec<bool>,
    /// Relations still to be looked at.
    open: Vec<usize>,
}

impl<'p> Merging<'p> {
    fn new(problem: &'p Problem, is_unknown: impl Fn(usize) -> bool) -> Merging<'p> {
        let count = u32::try_from(problem.cells().len()).unwrap_or(u32::MAX);
        let known: Vec<bool> = (0..problem.cells().len())
            .map(|cell| !is_unknown(cell))
            .collect();
        Merging {
            problem,
            leader: (0..count).collect(),
            constant: known.clone(),
            known,
            open: (0..problem.relations().len()).collect(),
        }
    }

    fn leader(&mut self, cell: usize) -> usize {
        let mut at = cell;
        while self.leader[at] as usize != at {
            let above = self.leader[at] as usize;
            self.leader[at] = self.leader[above];
            at = above;
        }
        at
    }

    /// The terms of a relation by leader, without constants.
    fn reduced(&mut self, relation: usize) -> Vec<(usize, i64)> {
        let problem = self.problem;
        let mut terms: Vec<(usize, i64)> = Vec::new();
        for term in &problem.relations()[relation].terms {
            let leader = self.leader(term.cell);
            if !self.constant[leader] {
                terms.push((leader, term.factor));
            }
        }
        terms.sort_unstable();
        let mut merged: Vec<(usize, i64)> = Vec::with_capacity(terms.len());
        for (leader, factor) in terms {
            match merged.last_mut() {
                Some(last) if last.0 == leader => last.1 += factor,
                _ => merged.push((leader, factor)),
            }
        }
        merged.retain(|(_, factor)| *factor != 0);
        merged
    }

    /// Merges and fixes until nothing changes any more.
    fn settle(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            let open = std::mem::take(&mut self.open);
            for relation in open {
                let terms = self.reduced(relation);
                let is_equality = self.problem.relations()[relation].sense == Sense::Equal;
                match terms.as_slice() {
                    [] => {}
                    [(only, _)] if is_equality => {
                        self.constant[*only] = true;
                        changed = true;
                    }
                    [(first, one), (second, other)]
                        if is_equality
                            && *one == -*other
                            && self.value(*first) == self.value(*second) =>
                    {
                        self.leader[*second] = *first as u32;
                        changed = true;
                    }
                    _ => self.open.push(relation),
                }
            }
        }
    }

    fn value(&self, cell: usize) -> i64 {
        self.problem.cells()[cell].value
    }

    fn into_network(mut self) -> Network {
        let cells = self.problem.cells();
        let mut variables: Vec<Variable> = Vec::new();
        let mut of_leader: Vec<Option<u32>> = vec![None; cells.len()];
        let mut of_cell: Vec<Option<u32>> = vec![None; cells.len()];
        let mut forced = Vec::new();
        for cell in 0..cells.len() {
            let leader = self.leader(cell);
            if self.constant[leader] {
                if !self.known[cell] {
                    forced.push(cell);
                }
                continue;
            }
            let variable = *of_leader[leader].get_or_insert_with(|| {
                variables.push(Variable::empty(cells[cell].value));
                variables.len() as u32 - 1
            });
            of_cell[cell] = Some(variable);
            variables[variable as usize].take_in(self.problem, cell);
        }
        let rows = self.rows(&of_leader);
        Network::connect(variables, &rows, of_cell, forced)
    }

    /// The rows, each once.
    fn rows(&mut self, of_leader: &[Option<u32>]) -> Vec<RowTerms> {
        let mut rows = Vec::with_capacity(self.open.len());
        for relation in std::mem::take(&mut self.open) {
            let terms = self.reduced(relation);
            let by_variable: Vec<(u32, i64)> = terms
                .iter()
                .filter_map(|(leader, factor)| {
                    of_leader[*leader].map(|variable| (variable, *factor))
                })
                .collect();
            if by_variable.is_empty() {
                continue;
            }
            let source = &self.problem.relations()[relation];
            let sum: i64 = source
                .terms
                .iter()
                .map(|term| term.factor * self.value(term.cell))
                .sum();
            let equal = source.sense == Sense::Equal;
            rows.push(RowTerms {
                terms: by_variable,
                equal,
                slack: source.bound - sum,
            });
        }
        rows.sort_unstable();
        // Of rows with the same terms only the tightest counts, and it stands first.
        rows.dedup_by(|later, first| later.terms == first.terms && later.equal == first.equal);
        rows
    }
}
