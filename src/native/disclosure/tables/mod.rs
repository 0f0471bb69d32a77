//! Disclosure control of whole published tables: from a description of what is published to what must be hidden.

mod cells;
mod check;
mod data;
mod description;
mod reference;
mod relate;
mod report;

use std::collections::BTreeMap;

use thiserror::Error;

use super::attack::{Depth, Verdict, attack};
use super::problem::{Problem, ProblemError, Visibility};
use super::protection::Options;
use super::rules::Rules;
use super::secondary::protect;
use cells::{Figure, Ground};
use relate::Relations;
use report::attack_report;

pub use data::{Column, TableData, Tables};
pub use description::{
    Complement, Description, DescriptionError, Ladder, RelationKind, Role, Side, Table,
    TableColumn, TableRelation,
};
pub use relate::RelationUse;
pub use report::{AttackReport, ColumnReport, Exposure, Reason, Report};

/// Why tables cannot be controlled. Nothing may be published then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TablesError {
    /// A described column is not there.
    #[error("table `{table}` has no column `{column}`")]
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Columns of one table differ in length.
    #[error("column `{column}` of `{table}` is shorter or longer than others")]
    Length {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Two rows have one key.
    #[error("table `{table}` has two rows {key}")]
    DuplicateRow {
        /// The table.
        table: String,
        /// The key's values, joined by `|`.
        key: String,
    },
    /// Nobody says who is behind an amount.
    #[error("nothing tells who contributes to {cell}")]
    Contributors {
        /// Table, column and grain.
        cell: String,
    },
    /// The figures are no problem to be solved.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

/// What to hide of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableOutcome {
    /// By column: rows whose figure is hidden, with the reason.
    pub hidden: BTreeMap<String, BTreeMap<usize, Reason>>,
}

impl TableOutcome {
    /// Whether a figure is hidden.
    pub fn is_hidden(&self, column: &str, row: usize) -> bool {
        self.hidden
            .get(column)
            .is_some_and(|rows| rows.contains_key(&row))
    }

    /// The hidden columns of a row, in alphabetical order.
    pub fn hidden_columns(&self, row: usize) -> Vec<&str> {
        let columns = self
            .hidden
            .iter()
            .filter(|(_, rows)| rows.contains_key(&row));
        columns.map(|(column, _)| column.as_str()).collect()
    }
}

/// What to hide, and the account of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// By table, every described published table that was given.
    pub tables: BTreeMap<String, TableOutcome>,
    /// The account. Publish only if [`Report::passes`].
    pub report: Report,
}

/// Decides what to hide in the tables, proves it by attack, and reports.
///
/// `earlier` are releases already public, with hidden figures empty: what they show of today's figures cannot be hidden
/// any more. Tables that are described but not given are left out, with every relation they are part of.
///
/// # Errors
/// [`TablesError`] where the tables are not what the description says.
pub fn control(
    description: &Description,
    rules: &Rules,
    tables: &Tables,
    earlier: &[Tables],
    options: &Options,
) -> Result<Outcome, TablesError> {
    let mut ground = Ground::new(description, rules, tables, earlier)?;
    let related = Relations::new(&mut ground, rules)?;
    let cells = std::mem::take(&mut ground.cells);
    let problem = Problem::new(cells, related.relations)?;
    let protection = protect(&problem, options);
    let result = attack(
        &problem,
        &protection.suppressed,
        &protection.witnesses,
        Depth::Proofs,
    );
    let mut public = vec![false; problem.cells().len()];
    for finding in &result.findings {
        public[finding.cell] = finding.verdict == Verdict::AlreadyPublic;
    }
    let mut outcome = Outcome {
        tables: BTreeMap::new(),
        report: Report {
            attack: attack_report(&problem, &result),
            relations: related.uses,
            is_optimal: protection.is_optimal,
            work: protection.work,
            columns: BTreeMap::new(),
        },
    };
    let decided = Decided {
        problem: &problem,
        suppressed: &protection.suppressed,
        public: &public,
    };
    for (table, columns) in &ground.figures {
        for (column, figures) in columns {
            decided.note_column(&mut outcome, table, column, figures);
        }
    }
    note_derived(&ground, tables, &mut outcome);
    Ok(outcome)
}

/// The decision on cells, to be told by table.
struct Decided<'p> {
    problem: &'p Problem,
    suppressed: &'p [bool],
    /// Suppressed, yet following from what was public before.
    public: &'p [bool],
}

impl Decided<'_> {
    fn note_column(&self, outcome: &mut Outcome, table: &str, column: &str, figures: &[Figure]) {
        let mut report = ColumnReport::default();
        let mut hidden = BTreeMap::new();
        for (row, figure) in figures.iter().enumerate() {
            report.figures += usize::from(*figure != Figure::Empty);
            report.zeros += usize::from(*figure == Figure::Zero);
            let Figure::Cell(given) = figure else {
                continue;
            };
            let Some(place) = self.problem.place(*given) else {
                continue;
            };
            let cell = &self.problem.cells()[place];
            report.weight += cell.weight;
            let is_known = cell.visibility == Visibility::Known;
            report.already_public +=
                usize::from(cell.need.is_some() && (is_known || self.public[place]));
            if !self.suppressed[place] {
                continue;
            }
            report.weight_lost += cell.weight;
            let reason = if cell.need.is_some() {
                Reason::Primary
            } else {
                Reason::Complementary
            };
            match reason {
                Reason::Primary => report.primary += 1,
                Reason::Complementary | Reason::Derived => report.complementary += 1,
            }
            hidden.insert(row, reason);
        }
        let columns = outcome.report.columns.entry(table.to_owned()).or_default();
        columns.insert(column.to_owned(), report);
        let of_table = outcome.tables.entry(table.to_owned()).or_default();
        of_table.hidden.insert(column.to_owned(), hidden);
    }
}

/// Hides what is computed from hidden figures; of a share also what it is a share of counts.
fn note_derived(ground: &Ground<'_>, tables: &Tables, outcome: &mut Outcome) {
    for table in ground.description.tables.iter().filter(|table| !table.side) {
        let Some(data) = tables.get(&table.name) else {
            continue;
        };
        for column in &table.columns {
            let sources: Vec<&str> = match column.role {
                Role::Derived => column.from.iter().map(String::as_str).collect(),
                Role::Share => column.of.as_deref().into_iter().collect(),
                Role::Count | Role::Amount | Role::Public => continue,
            };
            let mut derived = Vec::new();
            let mut figures = 0;
            for row in 0..data.rows() {
                let values = data.columns.get(&column.name);
                if values.is_none_or(|values| values.is_null(row)) {
                    continue;
                }
                figures += 1;
                let is_hidden = sources.iter().any(|source| {
                    let place = ground.follow(table, row, source);
                    place.is_some_and(|(name, column, row)| {
                        outcome
                            .tables
                            .get(name)
                            .is_some_and(|other| other.is_hidden(&column, row))
                    })
                });
                if is_hidden {
                    derived.push(row);
                }
            }
            let columns = outcome
                .report
                .columns
                .entry(table.name.clone())
                .or_default();
            let report = columns.entry(column.name.clone()).or_default();
            report.figures = figures;
            let of_table = outcome.tables.entry(table.name.clone()).or_default();
            let hidden = of_table.hidden.entry(column.name.clone()).or_default();
            for row in derived {
                hidden.entry(row).or_insert_with(|| {
                    report.derived += 1;
                    Reason::Derived
                });
            }
        }
    }
}
