//! The problem in the form the algorithms work on: figures that are always equal are one variable, what everybody
//! knows is a constant, and both rows and variables know their neighbours.

use super::bounds::Attainable;
use super::merging::{self, RowTerms};
use super::problem::{Problem, Visibility};
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
        merging::network(problem, is_unknown)
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

impl Variable {
    /// A figure that no cell is known to be yet.
    pub fn empty(value: i64) -> Variable {
        Variable {
            value,
            floor: 0,
            weight: 0,
            hidden: true,
            need: None,
            cells: Vec::new(),
        }
    }

    /// Makes a cell one more name of the figure.
    pub fn take_in(&mut self, problem: &Problem, index: usize) {
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
    /// Joins variables and rows.
    pub fn connect(
        variables: Vec<Variable>,
        source: &[RowTerms],
        of_cell: Vec<Option<u32>>,
        forced: Vec<usize>,
    ) -> Network {
        let mut rows = Vec::with_capacity(source.len());
        let mut row_entries: Vec<Entry> = Vec::new();
        let mut variable_starts = vec![0u32; variables.len() + 1];
        for RowTerms {
            terms,
            equal,
            slack,
        } in source
        {
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
        for (row, source) in source.iter().enumerate() {
            for (variable, factor) in &source.terms {
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
