//! The problem in the form the algorithms work on: figures that are always equal are one variable, what everybody
//! knows is a constant, and both rows and variables know their neighbours.

use super::bounds::Attainable;
use super::problem::{Problem, Sense, Visibility};
use super::rules::Need;
use super::shift::Shift;

/// A figure that is not known to everybody, or several that are always equal.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    /// The true value.
    pub value: i64,
    /// Least value an attacker reckons with.
    pub floor: i64,
    /// Information lost when it is suppressed; 0 when it is never shown anyway.
    pub weight: u64,
    /// Never shown, whatever is decided.
    pub hidden: bool,
    /// What its interval must cover when it is sensitive.
    pub need: Option<Need>,
    /// The cells that are this figure, in the order of the problem.
    pub cells: Vec<usize>,
}

/// One relation between variables, as a range of `row_entries`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    start: u32,
    end: u32,
    /// Whether the sum may not change at all.
    pub equal: bool,
    /// How much the sum may grow; 0 for equalities.
    pub slack: i64,
}

/// A factor with the variable (in a row) or the row (of a variable) it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub at: u32,
    pub factor: i64,
}

/// Variables and rows with their neighbours.
#[derive(Debug)]
pub(super) struct Network {
    pub variables: Vec<Variable>,
    pub rows: Vec<Row>,
    row_entries: Vec<Entry>,
    variable_starts: Vec<u32>,
    variable_entries: Vec<Entry>,
    /// The variable of each cell; `None` for constants.
    pub of_cell: Vec<Option<u32>>,
    /// Cells that are not known by themselves but follow from what is.
    pub forced: Vec<usize>,
}

impl Network {
    /// The network of the cells that `is_unknown` picks; all others are constants.
    pub fn new(problem: &Problem, is_unknown: impl Fn(usize) -> bool) -> Network {
        let mut merging = Merging::new(problem, is_unknown);
        merging.settle();
        merging.into_network()
    }

    /// Replaces the needs by what can be attained, by cell.
    pub fn set_needs(&mut self, needs: &[Option<Attainable>]) {
        for figure in &mut self.variables {
            let of_cells = figure.cells.iter().filter_map(|cell| match needs[*cell] {
                Some(Attainable::Need { need, .. }) => Some(need),
                Some(Attainable::Public) | None => None,
            });
            figure.need = of_cells.reduce(Need::and);
        }
    }

    /// The terms of a row.
    pub fn row(&self, row: u32) -> &[Entry] {
        let bounds = self.rows[row as usize];
        &self.row_entries[bounds.start as usize..bounds.end as usize]
    }

    /// The rows a variable stands in.
    pub fn rows_of(&self, variable: u32) -> &[Entry] {
        let start = self.variable_starts[variable as usize] as usize;
        let end = self.variable_starts[variable as usize + 1] as usize;
        &self.variable_entries[start..end]
    }

    /// The variable at an index.
    pub fn variable(&self, variable: u32) -> &Variable {
        &self.variables[variable as usize]
    }

    /// All variables by index.
    pub fn indexes(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.variables.len()).unwrap_or(u32::MAX)
    }

    /// By how much a row is violated when its sum has changed by `change`.
    pub fn violation(&self, row: u32, change: i64) -> i64 {
        let row = &self.rows[row as usize];
        if row.equal {
            change
        } else {
            change.saturating_sub(row.slack).max(0)
        }
    }

    /// Whether the table is still one that could be when the shift is applied to it: floors and rows hold.
    pub fn admits(&self, shift: &Shift) -> bool {
        let above_floor = |(variable, change): &(u32, i64)| {
            let figure = self.variable(*variable);
            figure.value.saturating_add(*change) >= figure.floor
        };
        if !shift.moves.iter().all(above_floor) {
            return false;
        }
        let mut changes: Vec<(u32, i128)> = Vec::new();
        for (variable, change) in &shift.moves {
            for entry in self.rows_of(*variable) {
                changes.push((entry.at, i128::from(entry.factor) * i128::from(*change)));
            }
        }
        changes.sort_unstable();
        changes
            .chunk_by(|left, right| left.0 == right.0)
            .all(|same_row| {
                let total: i128 = same_row.iter().map(|(_, change)| *change).sum();
                let row = &self.rows[same_row[0].0 as usize];
                if row.equal {
                    total == 0
                } else {
                    total <= i128::from(row.slack)
                }
            })
    }
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
        Network::connect(variables, rows, of_cell, forced)
    }

    /// Rows as (terms by variable, equality, slack), each once.
    fn rows(&mut self, of_leader: &[Option<u32>]) -> Vec<(Vec<(u32, i64)>, bool, i64)> {
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
            rows.push((by_variable, equal, source.bound - sum));
        }
        rows.sort_unstable();
        // Of rows with the same terms only the tightest counts, and it stands first.
        rows.dedup_by(|later, first| later.0 == first.0 && later.1 == first.1);
        rows
    }
}

impl Variable {
    fn empty(value: i64) -> Variable {
        Variable {
            value,
            floor: 0,
            weight: 0,
            hidden: true,
            need: None,
            cells: Vec::new(),
        }
    }

    fn take_in(&mut self, problem: &Problem, index: usize) {
        let cell = &problem.cells()[index];
        self.floor = self.floor.max(cell.floor);
        if cell.visibility == Visibility::Publishable {
            self.hidden = false;
            self.weight = self.weight.saturating_add(cell.weight.max(1));
        }
        self.need = match (self.need, cell.need) {
            (Some(mine), Some(other)) => Some(mine.and(other)),
            (mine, other) => mine.or(other),
        };
        self.cells.push(index);
    }
}

impl Network {
    fn connect(
        variables: Vec<Variable>,
        source: Vec<(Vec<(u32, i64)>, bool, i64)>,
        of_cell: Vec<Option<u32>>,
        forced: Vec<usize>,
    ) -> Network {
        let mut rows = Vec::with_capacity(source.len());
        let mut row_entries: Vec<Entry> = Vec::new();
        let mut variable_starts = vec![0u32; variables.len() + 1];
        for (terms, equal, slack) in &source {
            let start = row_entries.len() as u32;
            for (variable, factor) in terms {
                variable_starts[*variable as usize + 1] += 1;
                row_entries.push(Entry {
                    at: *variable,
                    factor: *factor,
                });
            }
            rows.push(Row {
                start,
                end: row_entries.len() as u32,
                equal: *equal,
                slack: if *equal { 0 } else { *slack },
            });
        }
        for index in 1..variable_starts.len() {
            variable_starts[index] += variable_starts[index - 1];
        }
        let mut next = variable_starts.clone();
        let mut variable_entries = vec![Entry { at: 0, factor: 0 }; row_entries.len()];
        for (row, (terms, _, _)) in source.iter().enumerate() {
            for (variable, factor) in terms {
                let place = &mut next[*variable as usize];
                variable_entries[*place as usize] = Entry {
                    at: row as u32,
                    factor: *factor,
                };
                *place += 1;
            }
        }
        Network {
            variables,
            rows,
            row_entries,
            variable_starts,
            variable_entries,
            of_cell,
            forced,
        }
    }
}
