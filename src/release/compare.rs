//! Which figures differ between two releases.

use std::collections::BTreeMap;

use super::{PublishedTable, ReleaseError, Releases};
use crate::engine::{Cell, Frame, Table, run_sql};
use crate::model::{Audience, Catalogue};

/// What happened to the row of a figure that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChange {
    /// It is in both releases.
    Revised,
    /// It is in the later release only.
    New,
    /// It is in the earlier release only.
    Gone,
}

/// One figure that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// What happened to its row.
    pub change: RowChange,
    /// The cell's grain, as (column, value).
    pub key: Vec<(String, Cell)>,
    /// Column of the figure.
    pub column: String,
    /// Before; null also where the row was not there.
    pub before: Cell,
    /// After; null also where the row is gone.
    pub after: Cell,
}

/// The figures of one table that differ, in row order.
#[derive(Debug, Clone, PartialEq)]
pub struct TableDifference {
    /// Table.
    pub table: String,
    /// The figures.
    pub moved: Vec<Moved>,
}

/// Compares those public and internal tables of two releases that a model with a grain makes.
///
/// # Errors
/// When a table cannot be read.
pub fn compare(
    releases: &Releases,
    models: &Catalogue,
    before: &[PublishedTable],
    after: &[PublishedTable],
) -> Result<Vec<TableDifference>, ReleaseError> {
    let mut found = Vec::new();
    for new in after {
        let Some(model) = models.get(&new.name) else {
            continue;
        };
        let grain = &model.header.grain;
        let old = before.iter().find(|old| old.name == new.name);
        let is_same = old.is_some_and(|old| old.hash == new.hash);
        if is_same || grain.is_empty() || new.audience == Audience::Restricted {
            continue;
        }
        let old = old.map(|old| read_table(releases, old)).transpose()?;
        let new_rows = read_table(releases, new)?;
        let moved = moved(grain, old.as_ref(), &new_rows);
        if !moved.is_empty() {
            found.push(TableDifference {
                table: new.name.clone(),
                moved,
            });
        }
    }
    Ok(found)
}

/// The rows of a published table, with every figure.
///
/// # Errors
/// When its file cannot be read.
pub fn read_table(releases: &Releases, table: &PublishedTable) -> Result<Table, ReleaseError> {
    read_file(releases, &table.name, &table.file)
}

/// The rows of a Parquet file below the published root.
///
/// # Errors
/// When the file cannot be read.
pub fn read_file(releases: &Releases, name: &str, file: &str) -> Result<Table, ReleaseError> {
    let path = releases.store().local_copy(file)?;
    let frame = Frame::scan(name, &[path], &[])?;
    let tables = BTreeMap::from([("t".to_owned(), frame)]);
    Ok(run_sql(name, "SELECT * FROM t", &tables)?)
}

/// Rows by the text of their grain, in table order.
struct Rows {
    names: Vec<String>,
    cells: Vec<Vec<Cell>>,
    by_key: BTreeMap<String, usize>,
}

impl Rows {
    fn of(table: &Table, grain: &[String]) -> Rows {
        let names = table.names();
        let cells = table.cells();
        let mut rows = Rows {
            names,
            cells,
            by_key: BTreeMap::new(),
        };
        for index in 0..rows.cells.len() {
            let key = format!("{:?}", rows.key(index, grain));
            rows.by_key.insert(key, index);
        }
        rows
    }

    fn cell(&self, row: usize, name: &str) -> Cell {
        let column = self.names.iter().position(|known| known == name);
        let row = self.cells.get(row);
        column
            .and_then(|column| row.and_then(|row| row.get(column)))
            .cloned()
            .unwrap_or(Cell::Null)
    }

    fn key(&self, row: usize, grain: &[String]) -> Vec<(String, Cell)> {
        grain
            .iter()
            .map(|name| (name.clone(), self.cell(row, name)))
            .collect()
    }
}

fn moved(grain: &[String], before: Option<&Table>, after: &Table) -> Vec<Moved> {
    let after = Rows::of(after, grain);
    let before = before.map(|table| Rows::of(table, grain));
    let figures: Vec<&String> = after
        .names
        .iter()
        .filter(|name| !grain.contains(name))
        .collect();
    let mut found = Vec::new();
    let mut tell =
        |change, key: &[(String, Cell)], old: &dyn Fn(&str) -> Cell, new: &dyn Fn(&str) -> Cell| {
            for column in &figures {
                let (before, after) = (old(column), new(column));
                if before != after {
                    found.push(Moved {
                        change,
                        key: key.to_vec(),
                        column: (*column).clone(),
                        before,
                        after,
                    });
                }
            }
        };
    for row in 0..after.cells.len() {
        let key = after.key(row, grain);
        let text = format!("{key:?}");
        let old = before
            .as_ref()
            .and_then(|rows| rows.by_key.get(&text).map(|row| (rows, *row)));
        let before = |name: &str| old.map_or(Cell::Null, |(rows, row)| rows.cell(row, name));
        let change = old.map_or(RowChange::New, |_| RowChange::Revised);
        tell(change, &key, &before, &|name| after.cell(row, name));
    }
    if let Some(rows) = &before {
        for (text, row) in &rows.by_key {
            if !after.by_key.contains_key(text) {
                let key = rows.key(*row, grain);
                let before = |name: &str| rows.cell(*row, name);
                tell(RowChange::Gone, &key, &before, &|_| Cell::Null);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ColumnData;

    fn table(rows: &[(&str, i64, f64)]) -> Table {
        let columns = vec![
            (
                "city",
                ColumnData::Text(rows.iter().map(|row| Some(row.0.to_owned())).collect()),
            ),
            (
                "persons",
                ColumnData::Int(rows.iter().map(|row| Some(row.1)).collect()),
            ),
            (
                "share",
                ColumnData::Float(rows.iter().map(|row| Some(row.2)).collect()),
            ),
        ];
        Table::from_columns("t", columns).unwrap()
    }

    #[test]
    fn changed_new_and_lost_figures_are_told() {
        let grain = ["city".to_owned()];
        let before = table(&[("a", 1, 0.5), ("b", 2, 0.5), ("c", 3, 0.5)]);
        let after = table(&[("a", 1, 0.5), ("b", 4, 0.5), ("d", 5, 0.25)]);
        let told: Vec<String> = moved(&grain, Some(&before), &after)
            .iter()
            .map(|moved| {
                format!(
                    "{:?} {:?} {} {:?} {:?}",
                    moved.change, moved.key[0].1, moved.column, moved.before, moved.after
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                r#"Revised Text("b") persons Int(2) Int(4)"#,
                r#"New Text("d") persons Null Int(5)"#,
                r#"New Text("d") share Null Float(0.25)"#,
                r#"Gone Text("c") persons Int(3) Null"#,
                r#"Gone Text("c") share Float(0.5) Null"#,
            ]
        );
        assert!(moved(&grain, Some(&after), &after).is_empty());
        assert_eq!(moved(&grain, None, &after).len(), 6);
    }
}
