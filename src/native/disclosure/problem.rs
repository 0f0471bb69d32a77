//! What is to be protected: cells, how they hang together, and what an attacker may take for granted.

use thiserror::Error;

use super::rules::Need;

/// Largest value of a cell: below 2^52 every integer is exact in a float, so a solver sees the figures unrounded.
pub const LARGEST_VALUE: i64 = (1 << 52) - 1;

/// Largest Σ |factor · value| of a relation, so that sums never overflow.
const LARGEST_ROW: i128 = 1 << 60;

/// Whether a cell is shown, and whether that can still be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// May be published or suppressed: the decision to be made.
    Publishable,
    /// Known to everybody whatever is decided now: published in an earlier release, or public from elsewhere.
    Known,
    /// Never published, but a figure that published ones could give away, such as assessed less passed.
    Hidden,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Name, unique in the problem. Ties are broken by it, so that the order of input never matters.
    pub id: String,
    /// The true value, in the figure's own whole unit (persons, completions, fen, seconds).
    pub value: i64,
    /// Information lost when the cell is suppressed, in any unit that all cells share; at least 1 counts.
    pub weight: u64,
    /// Least value that somebody who does not see the cell must reckon with: 1 where zeros are always shown, else 0.
    pub floor: i64,
    /// Whether the cell is shown.
    pub visibility: Visibility,
    /// What an attacker's interval must cover when the cell is sensitive; `None` when it may be published.
    pub need: Option<Need>,
}

/// A factor and the cell it stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Index of the cell.
    pub cell: usize,
    /// Whole factor, not 0.
    pub factor: i64,
}

/// How the sum of a relation compares with its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sense {
    /// Σ factor · cell = bound.
    Equal,
    /// Σ factor · cell ≤ bound.
    AtMost,
}

/// Something everybody knows of the figures: a total and its parts, a part at most its whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    /// The sum's terms, each cell once.
    pub terms: Vec<Term>,
    /// How the sum compares.
    pub sense: Sense,
    /// What it is compared with.
    pub bound: i64,
}

impl Relation {
    /// `total` = Σ `parts`.
    pub fn total(total: usize, parts: &[usize]) -> Relation {
        let part = |cell: &usize| Term {
            cell: *cell,
            factor: 1,
        };
        let mut terms: Vec<Term> = parts.iter().map(part).collect();
        terms.push(Term {
            cell: total,
            factor: -1,
        });
        Relation {
            terms,
            sense: Sense::Equal,
            bound: 0,
        }
    }

    /// `small` ≤ Σ `large`.
    pub fn at_most(small: usize, large: &[usize]) -> Relation {
        let minus = |cell: &usize| Term {
            cell: *cell,
            factor: -1,
        };
        let mut terms: Vec<Term> = large.iter().map(minus).collect();
        terms.push(Term {
            cell: small,
            factor: 1,
        });
        Relation {
            terms,
            sense: Sense::AtMost,
            bound: 0,
        }
    }

    /// Whether the relation holds for the values that `value` gives by cell.
    pub fn holds(&self, value: impl Fn(usize) -> i64) -> bool {
        let sum: i128 = self
            .terms
            .iter()
            .map(|term| i128::from(term.factor) * i128::from(value(term.cell)))
            .sum();
        match self.sense {
            Sense::Equal => sum == i128::from(self.bound),
            Sense::AtMost => sum <= i128::from(self.bound),
        }
    }
}

/// Why figures are no problem to be solved. Every variant is a mistake of the caller, to be mended there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProblemError {
    /// Two cells share a name.
    #[error("cell `{0}` is given twice")]
    DuplicateCell(String),
    /// A value is negative, too large, or below what everybody reckons with.
    #[error("cell `{id}` has the value {value}, outside {floor}..={LARGEST_VALUE}")]
    Value {
        /// The cell.
        id: String,
        /// Its value.
        value: i64,
        /// Its floor.
        floor: i64,
    },
    /// A relation names no cell, one twice, one that is not there, or a factor of 0.
    #[error("relation {0} is malformed")]
    Malformed(usize),
    /// The true figures contradict a relation.
    #[error("relation {relation} does not hold: it has {cells}")]
    Contradiction {
        /// Index of the relation.
        relation: usize,
        /// Its first cells with their values.
        cells: String,
    },
}

/// Cells in the order of their names, with relations that hold.
#[derive(Debug, Clone)]
pub struct Problem {
    cells: Vec<Cell>,
    relations: Vec<Relation>,
    places: Vec<usize>,
}

impl Problem {
    /// Puts cells and relations into their canonical order and checks them; relations refer to cells by their place
    /// in `cells` as given.
    ///
    /// # Errors
    /// [`ProblemError`] for the first mistake found.
    pub fn new(mut cells: Vec<Cell>, relations: Vec<Relation>) -> Result<Problem, ProblemError> {
        let mut order: Vec<usize> = (0..cells.len()).collect();
        order.sort_by(|left, right| cells[*left].id.cmp(&cells[*right].id));
        let mut places = vec![0; cells.len()];
        for (place, given) in order.iter().enumerate() {
            places[*given] = place;
        }
        cells.sort_by(|left, right| left.id.cmp(&right.id));
        check_cells(&cells)?;
        let mut canonical = Vec::with_capacity(relations.len());
        for (index, mut relation) in relations.into_iter().enumerate() {
            for term in &mut relation.terms {
                let place = places.get(term.cell);
                term.cell = *place.ok_or(ProblemError::Malformed(index))?;
            }
            relation.terms.sort_unstable();
            check_relation(index, &relation, &cells)?;
            canonical.push(relation);
        }
        canonical.sort_unstable();
        canonical.dedup();
        Ok(Problem {
            cells,
            relations: canonical,
            places,
        })
    }

    /// The cells in the order of their names.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The relations; their terms refer to [`Problem::cells`].
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// Where the cell stands in [`Problem::cells`] that was `given`-th in the input; `None` beyond its end.
    pub fn place(&self, given: usize) -> Option<usize> {
        self.places.get(given).copied()
    }

    /// The place of a cell by name.
    pub fn find(&self, id: &str) -> Option<usize> {
        let found = self.cells.binary_search_by(|cell| cell.id.as_str().cmp(id));
        found.ok()
    }
}

fn check_cells(cells: &[Cell]) -> Result<(), ProblemError> {
    for pair in cells.windows(2) {
        if pair[0].id == pair[1].id {
            return Err(ProblemError::DuplicateCell(pair[0].id.clone()));
        }
    }
    for cell in cells {
        let floor = match cell.visibility {
            Visibility::Known => 0,
            Visibility::Publishable | Visibility::Hidden => cell.floor,
        };
        if cell.value < floor || cell.floor < 0 || cell.value > LARGEST_VALUE {
            return Err(ProblemError::Value {
                id: cell.id.clone(),
                value: cell.value,
                floor,
            });
        }
    }
    Ok(())
}

fn check_relation(index: usize, relation: &Relation, cells: &[Cell]) -> Result<(), ProblemError> {
    let twice = relation
        .terms
        .windows(2)
        .any(|pair| pair[0].cell == pair[1].cell);
    let zero = relation.terms.iter().any(|term| term.factor == 0);
    let size: i128 = relation
        .terms
        .iter()
        .map(|term| i128::from(term.factor).abs() * i128::from(cells[term.cell].value))
        .sum();
    let bound = i128::from(relation.bound).abs();
    if relation.terms.is_empty() || twice || zero || size.max(bound) > LARGEST_ROW {
        return Err(ProblemError::Malformed(index));
    }
    if relation.holds(|cell| cells[cell].value) {
        return Ok(());
    }
    let name = |term: &Term| {
        format!(
            "{} × {} = {}",
            term.factor, cells[term.cell].id, cells[term.cell].value
        )
    };
    let shown: Vec<String> = relation.terms.iter().take(6).map(name).collect();
    Err(ProblemError::Contradiction {
        relation: index,
        cells: shown.join(", "),
    })
}
