//! Relations between figures, as the description says them for whole tables.

use std::collections::{BTreeMap, HashMap};

use super::super::problem::{Cell, Relation, Sense, Term, Visibility};
use super::super::rules::Rules;
use super::TablesError;
use super::cells::{Figure, Ground};
use super::data::Rows;
use super::description::{Complement, Ladder, RelationKind, Side, TableRelation};

/// How often a described relation was used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RelationUse {
    /// What it says.
    pub what: String,
    /// Relations between cells made of it.
    pub used: usize,
    /// Not used since an empty figure is part of it.
    pub incomplete: usize,
    /// Not used since the figures contradict it.
    pub contradicted: usize,
    /// Not certain, so a contradiction is no mistake.
    pub assumed: bool,
    /// The first contradiction, by cells.
    pub example: Option<String>,
}

/// The relations found.
pub(super) struct Relations {
    pub relations: Vec<Relation>,
    pub uses: Vec<RelationUse>,
}

/// A sum under way: terms by cell, or nothing any more when an empty figure is part of it.
#[derive(Debug, Clone, Default)]
struct Sum {
    terms: Vec<Term>,
    has_empty: bool,
}

impl Sum {
    fn add(&mut self, figure: Figure, factor: i64) {
        match figure {
            Figure::Empty => self.has_empty = true,
            Figure::Zero => {}
            Figure::Cell(cell) => self.terms.push(Term { cell, factor }),
        }
    }

    fn less(mut self, other: &Sum) -> Sum {
        let minus = other.terms.iter().map(|term| Term {
            cell: term.cell,
            factor: -term.factor,
        });
        self.terms.extend(minus);
        self.has_empty |= other.has_empty;
        self
    }
}

impl Relations {
    /// Relates the cells of all tables; complements add hidden cells.
    ///
    /// # Errors
    /// [`TablesError`] when a column is missing.
    pub fn new(ground: &mut Ground<'_>, rules: &Rules) -> Result<Relations, TablesError> {
        let mut all = Relations {
            relations: Vec::new(),
            uses: Vec::new(),
        };
        let description = ground.description;
        for relation in &description.relations {
            all.table_relation(ground, relation);
        }
        for ladder in &description.ladders {
            all.ladder(ground, ladder);
        }
        for complement in &description.complements {
            all.complement(ground, complement, rules);
        }
        Ok(all)
    }

    fn start(&mut self, what: &str, assumed: bool) {
        self.uses.push(RelationUse {
            what: what.to_owned(),
            assumed,
            ..RelationUse::default()
        });
    }

    /// Adds `sum` = or ≤ 0 if the figures agree.
    fn push(&mut self, cells: &[Cell], sum: Sum, sense: Sense) {
        let Some(count) = self.uses.last_mut() else {
            return;
        };
        if sum.has_empty {
            count.incomplete += 1;
            return;
        }
        let mut terms = sum.terms;
        terms.sort_unstable();
        let mut merged: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms {
            match merged.last_mut() {
                Some(last) if last.cell == term.cell => last.factor += term.factor,
                _ => merged.push(term),
            }
        }
        merged.retain(|term| term.factor != 0);
        if merged.is_empty() {
            return;
        }
        let relation = Relation {
            terms: merged,
            sense,
            bound: 0,
        };
        if relation.holds(|cell| cells[cell].value) {
            count.used += 1;
            self.relations.push(relation);
            return;
        }
        count.contradicted += 1;
        if count.example.is_none() {
            let name = |term: &Term| {
                format!(
                    "{} × {} ({})",
                    term.factor, cells[term.cell].id, cells[term.cell].value
                )
            };
            let shown: Vec<String> = relation.terms.iter().take(8).map(name).collect();
            count.example = Some(shown.join(", "));
        }
    }

    fn table_relation(&mut self, ground: &Ground<'_>, relation: &TableRelation) {
        self.start(&relation.what, relation.assumed);
        let one = vec![String::new()];
        let columns = if relation.columns.is_empty() {
            &one
        } else {
            &relation.columns
        };
        for column in columns {
            let sums = sums(ground, &relation.left, column, &relation.by, &relation.each)
                .zip(sums(ground, &relation.right, column, &relation.by, &[]));
            let Some((left, right)) = sums else {
                continue;
            };
            for ((key, _), sum) in left {
                // Where nothing stands on the right, nothing is said.
                if let Some(other) = right.get(&(key, Vec::new())) {
                    let sense = match relation.kind {
                        RelationKind::Equal => Sense::Equal,
                        RelationKind::AtMost => Sense::AtMost,
                    };
                    self.push(&ground.cells, sum.less(other), sense);
                }
            }
        }
    }

    fn ladder(&mut self, ground: &Ground<'_>, ladder: &Ladder) {
        let what = format!("{} of {} from January", ladder.to_date, ladder.table);
        self.start(&what, false);
        let Some(rows) = ground.rows.get(ladder.table.as_str()) else {
            return;
        };
        let monthly = ground.figures(&ladder.table, &ladder.monthly);
        let Some((monthly, to_date)) = monthly.zip(ground.figures(&ladder.table, &ladder.to_date))
        else {
            return;
        };
        let sum = |terms: &[(Figure, i64)]| {
            let mut sum = Sum::default();
            for (figure, factor) in terms {
                sum.add(*figure, *factor);
            }
            sum
        };
        for row in 0..rows.keys.len() {
            let before = if rows.is_january(row, &ground.names) {
                None
            } else {
                rows.months_later(row, -1, &ground.names)
            };
            let before = before.map_or(Figure::Zero, |earlier| to_date[earlier]);
            let (month, now) = (monthly[row], to_date[row]);
            let rise = sum(&[(now, 1), (before, -1), (month, -1)]);
            if !ladder.distinct {
                self.push(&ground.cells, rise, Sense::Equal);
                continue;
            }
            self.push(&ground.cells, rise, Sense::AtMost);
            self.push(&ground.cells, sum(&[(before, 1), (now, -1)]), Sense::AtMost);
            self.push(&ground.cells, sum(&[(month, 1), (now, -1)]), Sense::AtMost);
        }
    }

    fn complement(&mut self, ground: &mut Ground<'_>, complement: &Complement, rules: &Rules) {
        let what = format!(
            "{} = {} - {} of {}",
            complement.name, complement.whole, complement.part, complement.table
        );
        self.start(&what, false);
        let Some(table) = ground.description.table(&complement.table) else {
            return;
        };
        let whole = ground
            .figures(&complement.table, &complement.whole)
            .map(<[Figure]>::to_vec);
        let part = ground
            .figures(&complement.table, &complement.part)
            .map(<[Figure]>::to_vec);
        let Some((whole, part)) = whole.zip(part) else {
            return;
        };
        for row in 0..whole.len() {
            let mut sum = Sum::default();
            sum.add(whole[row], 1);
            sum.add(part[row], -1);
            let difference: i64 = sum
                .terms
                .iter()
                .map(|term| term.factor * ground.cells[term.cell].value)
                .sum();
            if whole[row] == Figure::Zero || sum.has_empty || difference < 0 {
                self.push(&ground.cells, sum, Sense::Equal);
                continue;
            }
            sum.add(Figure::Cell(ground.cells.len()), -1);
            let id = ground.id(table, &complement.name, row);
            ground.cells.push(Cell {
                id,
                value: difference,
                weight: 1,
                floor: 0,
                visibility: Visibility::Hidden,
                need: rules.count(difference),
            });
            self.push(&ground.cells, sum, Sense::Equal);
        }
    }
}

/// Sums by the values of `by` and `each`.
type Sums = BTreeMap<(Vec<u32>, Vec<u32>), Sum>;

/// Sums of a side; `None` when its table or column is not given.
fn sums(
    ground: &Ground<'_>,
    side: &Side,
    column: &str,
    by: &[String],
    each: &[String],
) -> Option<Sums> {
    let rows = ground.rows.get(side.table.as_str())?;
    let own = [column.to_owned()];
    let columns = if side.columns.is_empty() {
        own.as_slice()
    } else {
        side.columns.as_slice()
    };
    let mut sums = Sums::new();
    let by = places(rows, by)?;
    let each = places(rows, each)?;
    let is_wanted = filter(ground, rows, side)?;
    for name in columns {
        let figures = ground.figures(&side.table, name)?;
        for (row, figure) in figures.iter().enumerate() {
            if !is_wanted(row) {
                continue;
            }
            let part =
                |places: &[usize]| places.iter().map(|place| rows.keys[row][*place]).collect();
            let sum = sums.entry((part(&by), part(&each))).or_default();
            sum.add(*figure, 1);
        }
    }
    Some(sums)
}

fn places(rows: &Rows<'_>, columns: &[String]) -> Option<Vec<usize>> {
    let place = |column: &String| rows.grain.iter().position(|own| own == column);
    columns.iter().map(place).collect()
}

/// Tells the rows a side sums.
fn filter<'r>(
    ground: &Ground<'_>,
    rows: &'r Rows<'_>,
    side: &Side,
) -> Option<impl Fn(usize) -> bool + 'r> {
    let mut wanted: HashMap<usize, (Vec<u32>, bool)> = HashMap::new();
    let filters = side
        .only
        .iter()
        .map(|filter| (filter, true))
        .chain(side.except.iter().map(|filter| (filter, false)));
    for ((column, values), is_only) in filters {
        let place = rows.grain.iter().position(|own| own == column)?;
        let numbers = values
            .iter()
            .filter_map(|text| ground.names.find(text))
            .collect();
        wanted.insert(place, (numbers, is_only));
    }
    Some(move |row: usize| {
        wanted.iter().all(|(place, (numbers, is_only))| {
            numbers.contains(&rows.keys[row][*place]) == *is_only
        })
    })
}
