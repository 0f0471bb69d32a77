//! Published figures as cells, with what makes them sensitive.

use std::collections::BTreeMap;

use super::super::problem::{Cell, Visibility};
use super::super::rules::{Contributors, Need, Rules};
use super::TablesError;
use super::data::{Column, Names, Rows, Tables};
use super::description::{Description, Role, Table, TableColumn};
use super::reference::ColumnReference;

/// A figure's cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// The input has no value there: nobody is told anything.
    Empty,
    /// A zero that is always shown.
    Zero,
    /// A cell of the problem.
    Cell(usize),
}

/// All tables with their cells.
pub(super) struct Ground<'d> {
    pub description: &'d Description,
    pub names: Names,
    pub rows: BTreeMap<&'d str, Rows<'d>>,
    /// Figures by table and column.
    pub figures: BTreeMap<&'d str, BTreeMap<&'d str, Vec<Figure>>>,
    pub cells: Vec<Cell>,
}

impl<'d> Ground<'d> {
    /// Reads the tables; those that are not given are left out.
    ///
    /// # Errors
    /// [`TablesError`] for a table that does not have what its description says.
    pub fn new(
        description: &'d Description,
        rules: &Rules,
        tables: &'d Tables,
        earlier: &[Tables],
    ) -> Result<Ground<'d>, TablesError> {
        let mut ground = Ground {
            description,
            names: Names::default(),
            rows: BTreeMap::new(),
            figures: BTreeMap::new(),
            cells: Vec::new(),
        };
        for table in &description.tables {
            if let Some(data) = tables.get(&table.name) {
                let rows = Rows::new(table, data, &mut ground.names)?;
                ground.rows.insert(&table.name, rows);
            }
        }
        for table in description.tables.iter().filter(|table| !table.side) {
            if !ground.rows.contains_key(table.name.as_str()) {
                continue;
            }
            let public = Earlier::new(table, earlier, &mut ground.names)?;
            for column in table
                .columns
                .iter()
                .filter(|column| column.role != Role::Derived)
            {
                let figures = ground.figures_of(table, column, rules, &public)?;
                let of_table = ground.figures.entry(&table.name).or_default();
                of_table.insert(&column.name, figures);
            }
        }
        Ok(ground)
    }

    /// The figures of a column; `None` when they are not given.
    pub fn figures(&self, table: &str, column: &str) -> Option<&[Figure]> {
        self.figures.get(table)?.get(column).map(Vec::as_slice)
    }

    /// The values of a column.
    ///
    /// # Errors
    /// [`TablesError::Column`] when it is not there.
    pub fn column(&self, table: &str, column: &str) -> Result<&'d Column, TablesError> {
        let rows = self.rows.get(table);
        let found = rows.and_then(|rows| rows.data.columns.get(column));
        found.ok_or_else(|| TablesError::Column {
            table: table.to_owned(),
            column: column.to_owned(),
        })
    }

    /// Where a reference of a table's column leads from a row: table, column and row.
    pub fn follow(
        &self,
        table: &'d Table,
        row: usize,
        reference: &str,
    ) -> Option<(&'d str, String, usize)> {
        let reference = ColumnReference::parse(reference)?;
        let own = self.rows.get(table.name.as_str())?;
        let (name, place) = match &reference.table {
            None => (table.name.as_str(), row),
            Some(other) => {
                let (name, rows) = self.rows.get_key_value(other.as_str())?;
                (*name, own.matching(row, rows)?)
            }
        };
        let row = self
            .rows
            .get(name)?
            .months_later(place, reference.months, &self.names)?;
        Some((name, reference.column, row))
    }

    /// The whole number a reference leads to.
    fn followed_int(&self, table: &'d Table, row: usize, reference: &str) -> Option<i64> {
        let (name, column, row) = self.follow(table, row, reference)?;
        self.rows.get(name)?.data.columns.get(&column)?.int(row)
    }

    fn figures_of(
        &mut self,
        table: &'d Table,
        column: &'d TableColumn,
        rules: &Rules,
        public: &Earlier<'_>,
    ) -> Result<Vec<Figure>, TablesError> {
        let values = self.column(&table.name, &column.name)?;
        let mut figures = Vec::with_capacity(values.len());
        for row in 0..values.len() {
            let value = match column.role {
                Role::Share => self.numerator(table, column, values, row),
                Role::Count | Role::Amount | Role::Public | Role::Derived => values.int(row),
            };
            let Some(value) = value else {
                figures.push(Figure::Empty);
                continue;
            };
            let mut visibility = match column.role {
                Role::Public => Visibility::Known,
                _ => Visibility::Publishable,
            };
            let follows = column.zero_follows.as_deref();
            let is_hidden_zero = value == 0
                && follows.is_some_and(|other| {
                    let whole = self.followed_int(table, row, other);
                    whole.is_some_and(|whole| rules.count(whole).is_some())
                });
            if value == 0 && !is_hidden_zero {
                figures.push(Figure::Zero);
                continue;
            }
            if public.has(
                self.rows[table.name.as_str()].keys[row].as_slice(),
                &column.name,
                values,
                row,
            ) {
                visibility = Visibility::Known;
            }
            let need = match column.role {
                _ if is_hidden_zero => Some(Need {
                    low: 0,
                    high: 1,
                    width: 1,
                }),
                Role::Count | Role::Share => rules.count(value),
                Role::Amount => rules.amount(value, &self.contributors(table, column, row)?),
                Role::Public | Role::Derived => None,
            };
            figures.push(Figure::Cell(self.cells.len()));
            self.cells.push(Cell {
                id: self.id(table, &column.name, row),
                value,
                weight: self.weight(table, column, row, value),
                floor: i64::from(follows.is_none()),
                visibility,
                need,
            });
        }
        Ok(figures)
    }

    /// The name of a figure: table, column and the row's grain.
    pub fn id(&self, table: &Table, column: &str, row: usize) -> String {
        let mut id = format!("{}|{column}", table.name);
        if let Some(rows) = self.rows.get(table.name.as_str()) {
            for number in &rows.keys[row] {
                id.push('|');
                id.push_str(self.names.text(*number));
            }
        }
        id
    }

    /// The count behind a fraction.
    fn numerator(
        &self,
        table: &'d Table,
        column: &TableColumn,
        values: &Column,
        row: usize,
    ) -> Option<i64> {
        let share = values.float(row)?;
        let whole = self.followed_int(table, row, column.of.as_deref()?)?;
        Some((share * whole as f64).round() as i64)
    }

    fn contributors(
        &self,
        table: &'d Table,
        column: &TableColumn,
        row: usize,
    ) -> Result<Contributors, TablesError> {
        let find = |reference: &Option<String>| {
            let text = reference.as_deref()?;
            self.followed_int(table, row, text)
        };
        let missing = || TablesError::Contributors {
            cell: self.id(table, &column.name, row),
        };
        let largest = find(&column.largest);
        if column.largest.is_some() && largest.is_none() {
            return Err(missing());
        }
        Ok(Contributors {
            count: find(&column.contributors).ok_or_else(missing)?,
            largest,
            second: find(&column.second),
        })
    }

    /// Information lost with a figure: more for larger ones, by their number of binary digits, and for emphasised rows.
    fn weight(&self, table: &Table, column: &TableColumn, row: usize, value: i64) -> u64 {
        let digits = u64::from(value.unsigned_abs().max(1).ilog2());
        let mut weight = column.weight.max(1) * (16 + 4 * digits);
        for (place, name) in table.grain.iter().enumerate() {
            let Some(factors) = self.description.emphasis.get(name) else {
                continue;
            };
            let text = self
                .names
                .text(self.rows[table.name.as_str()].keys[row][place]);
            weight = weight.saturating_mul(factors.get(text).copied().unwrap_or(1).max(1));
        }
        weight
    }
}

/// What earlier releases showed of one table.
struct Earlier<'e> {
    releases: Vec<Rows<'e>>,
}

impl<'e> Earlier<'e> {
    fn new(
        table: &Table,
        earlier: &'e [Tables],
        names: &mut Names,
    ) -> Result<Earlier<'e>, TablesError> {
        let tables = earlier
            .iter()
            .filter_map(|release| release.get(&table.name));
        let releases: Result<Vec<Rows<'e>>, TablesError> =
            tables.map(|data| Rows::new(table, data, names)).collect();
        Ok(Earlier {
            releases: releases?,
        })
    }

    /// Whether a release showed the very value that stands in the row now.
    fn has(&self, key: &[u32], column: &str, values: &Column, row: usize) -> bool {
        self.releases.iter().any(|rows| {
            let found = rows.find(key).zip(rows.data.columns.get(column));
            found.is_some_and(|(old, shown)| match shown {
                Column::Int(_) => shown.int(old).is_some() && shown.int(old) == values.int(row),
                Column::Float(_) => {
                    shown.float(old).is_some() && shown.float(old) == values.float(row)
                }
                Column::Text(_) => false,
            })
        })
    }
}
