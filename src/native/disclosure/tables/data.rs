//! Rows of tables as plain columns, and how rows are found.

use std::collections::{BTreeMap, HashMap};

use super::TablesError;
use super::description::{MONTH, Table};

/// One column's values by row; `None` is an empty cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Text; months as `YYYY-MM`, dates as `YYYY-MM-DD`.
    Text(Vec<Option<String>>),
    /// Whole numbers.
    Int(Vec<Option<i64>>),
    /// Fractions.
    Float(Vec<Option<f64>>),
}

/// Columns of one table, all of the same length, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableData {
    /// Columns by name.
    pub columns: BTreeMap<String, Column>,
}

/// Tables by name.
pub type Tables = BTreeMap<String, TableData>;

impl Column {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Text(values) => values.len(),
            Column::Int(values) => values.len(),
            Column::Float(values) => values.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the cell is empty.
    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Column::Text(values) => values.get(row).is_none_or(Option::is_none),
            Column::Int(values) => values.get(row).is_none_or(Option::is_none),
            Column::Float(values) => values.get(row).is_none_or(Option::is_none),
        }
    }

    /// A whole number; `None` where the cell is empty or not whole.
    pub(super) fn int(&self, row: usize) -> Option<i64> {
        match self {
            Column::Int(values) => values.get(row).copied().flatten(),
            Column::Text(_) | Column::Float(_) => None,
        }
    }

    /// A number.
    pub(super) fn float(&self, row: usize) -> Option<f64> {
        match self {
            Column::Int(values) => values.get(row).copied().flatten().map(|value| value as f64),
            Column::Float(values) => values.get(row).copied().flatten(),
            Column::Text(_) => None,
        }
    }

    fn text(&self, row: usize) -> String {
        match self {
            Column::Text(values) => values.get(row).cloned().flatten().unwrap_or_default(),
            Column::Int(values) => values
                .get(row)
                .copied()
                .flatten()
                .map_or_else(String::new, |value| value.to_string()),
            Column::Float(values) => values
                .get(row)
                .copied()
                .flatten()
                .map_or_else(String::new, |value| value.to_string()),
        }
    }
}

impl TableData {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.values().next().map_or(0, Column::len)
    }
}

/// Texts of grain columns as small numbers; a number's size means nothing.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Names {
    fn number(&mut self, text: String) -> u32 {
        if let Some(number) = self.numbers.get(&text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    pub fn find(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

/// The rows of one table, found by their grain.
#[derive(Debug)]
pub(super) struct Rows<'d> {
    pub data: &'d TableData,
    pub grain: Vec<String>,
    /// Values of the grain by row.
    pub keys: Vec<Vec<u32>>,
    by_key: HashMap<Vec<u32>, usize>,
    month: Option<usize>,
}

impl<'d> Rows<'d> {
    /// Finds the rows of a table.
    ///
    /// # Errors
    /// [`TablesError`] when a column is missing or shorter than another, or two rows have one key.
    pub fn new(
        table: &Table,
        data: &'d TableData,
        names: &mut Names,
    ) -> Result<Rows<'d>, TablesError> {
        let rows = data.rows();
        if let Some((column, _)) = data.columns.iter().find(|(_, values)| values.len() != rows) {
            return Err(TablesError::Length {
                table: table.name.clone(),
                column: column.clone(),
            });
        }
        let mut keys = vec![Vec::with_capacity(table.grain.len()); rows];
        for column in &table.grain {
            let values = data
                .columns
                .get(column)
                .ok_or_else(|| TablesError::Column {
                    table: table.name.clone(),
                    column: column.clone(),
                })?;
            for (row, key) in keys.iter_mut().enumerate() {
                key.push(names.number(values.text(row)));
            }
        }
        let mut by_key = HashMap::with_capacity(rows);
        for (row, key) in keys.iter().enumerate() {
            if by_key.insert(key.clone(), row).is_some() {
                let texts: Vec<&str> = key.iter().map(|number| names.text(*number)).collect();
                return Err(TablesError::DuplicateRow {
                    table: table.name.clone(),
                    key: texts.join("|"),
                });
            }
        }
        Ok(Rows {
            data,
            grain: table.grain.clone(),
            keys,
            by_key,
            month: table.grain.iter().position(|column| column == MONTH),
        })
    }

    /// The row with a key in the order of this table's grain.
    pub fn find(&self, key: &[u32]) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    /// The row of `other`, whose grain is among this one's, that belongs to a row here.
    pub fn matching(&self, row: usize, other: &Rows<'_>) -> Option<usize> {
        let part = |column: &String| {
            let place = self.grain.iter().position(|mine| mine == column)?;
            Some(self.keys[row][place])
        };
        let key: Option<Vec<u32>> = other.grain.iter().map(part).collect();
        other.find(&key?)
    }

    /// The row some months later, all else equal.
    pub fn months_later(&self, row: usize, months: i32, names: &Names) -> Option<usize> {
        if months == 0 {
            return Some(row);
        }
        let place = self.month?;
        let mut key = self.keys[row].clone();
        let text = shifted(names.text(key[place]), months)?;
        key[place] = names.find(&text)?;
        self.find(&key)
    }

    /// Whether the row is of January.
    pub fn is_january(&self, row: usize, names: &Names) -> bool {
        self.month
            .is_some_and(|place| names.text(self.keys[row][place]).ends_with("-01"))
    }
}

/// `YYYY-MM` some months later.
fn shifted(month: &str, months: i32) -> Option<String> {
    let (year, of_year) = month.split_once('-')?;
    let index = year.parse::<i32>().ok()? * 12 + of_year.parse::<i32>().ok()? - 1 + months;
    Some(format!(
        "{:04}-{:02}",
        index.div_euclid(12),
        index.rem_euclid(12) + 1
    ))
}

#[cfg(test)]
mod tests {
    use super::shifted;

    #[test]
    fn months_are_counted_over_the_year() {
        assert_eq!(shifted("2020-01", -1).unwrap(), "2019-12");
        assert_eq!(shifted("2020-01", -12).unwrap(), "2019-01");
        assert_eq!(shifted("2020-12", 1).unwrap(), "2021-01");
        assert_eq!(shifted("x", 1), None);
    }
}
