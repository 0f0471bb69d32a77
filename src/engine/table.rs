//! Rows in memory.

use chrono::NaiveDate;
use polars::prelude::{
    AnyValue, BooleanChunked, ChunkCompareEq, ChunkFull, Column, DataFrame, DataType, IntoLazy,
    ParquetCompression, ParquetWriter, PlSmallStr, PolarsResult, SortMultipleOptions,
    UniqueKeepStrategy, col,
};

use super::columns::{self, ColumnData, data_type};
use super::{EngineError, refused};
use crate::model::{ColumnKind, ModelColumn};

/// Rows of a row group in files of computed tables.
const ROW_GROUP_ROWS: usize = 256 * 1024;

/// Rows in memory.
#[derive(Debug, Clone)]
pub struct Table {
    rows: DataFrame,
}

/// One value, for printing and for native operators.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// Text.
    Text(String),
    /// Integer.
    Int(i64),
    /// Float.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// Date.
    Date(NaiveDate),
    /// Moment in UTC microseconds.
    Time(i64),
    /// List of texts.
    List(Vec<String>),
}

impl Cell {
    /// The value as text; nothing for null.
    pub fn text(&self) -> String {
        match self {
            Cell::Null => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Int(value) => value.to_string(),
            Cell::Float(value) => value.to_string(),
            Cell::Bool(value) => value.to_string(),
            Cell::Date(day) => day.to_string(),
            Cell::Time(microseconds) => chrono::DateTime::from_timestamp_micros(*microseconds)
                .map(|moment| moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
                .unwrap_or_default(),
            Cell::List(items) => items.join("; "),
        }
    }
}

impl Table {
    pub(super) fn new(rows: DataFrame) -> Table {
        Table { rows }
    }

    pub(super) fn into_rows(self) -> DataFrame {
        self.rows
    }

    /// A table of the declared columns without a row.
    ///
    /// # Errors
    /// When two columns have the same name.
    pub fn empty(place: &str, columns: &[ModelColumn]) -> Result<Table, EngineError> {
        let fail = |error| refused(place, &error);
        let columns = columns
            .iter()
            .map(|column| columns::empty(&column.name, column.kind))
            .collect::<PolarsResult<Vec<Column>>>()
            .map_err(fail)?;
        DataFrame::new_infer_height(columns)
            .map(Table::new)
            .map_err(fail)
    }

    /// A table made in Rust.
    ///
    /// # Errors
    /// When columns differ in length.
    pub fn from_columns(
        place: &str,
        columns: Vec<(&str, ColumnData)>,
    ) -> Result<Table, EngineError> {
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|(name, data)| data.into_column(name))
            .collect();
        DataFrame::new_infer_height(columns)
            .map(Table::new)
            .map_err(|error| refused(place, &error))
    }

    /// These rows and then those of another table with the same columns.
    ///
    /// # Errors
    /// When the columns differ.
    pub fn stack(self, place: &str, other: &Table) -> Result<Table, EngineError> {
        let stacked = self.rows.vstack(&other.rows);
        stacked
            .map(Table::new)
            .map_err(|error| refused(place, &error))
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.rows.height()
    }

    /// Column names in order.
    pub fn names(&self) -> Vec<String> {
        self.rows
            .get_column_names()
            .into_iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Gives the table exactly the declared columns and types, sorts it by `order` and checks that `key` is unique.
    ///
    /// # Errors
    /// [`EngineError::Shape`] for missing or surplus columns or values that do not fit; [`EngineError::Duplicate`].
    pub fn conform(
        self,
        place: &str,
        columns: &[ModelColumn],
        key: &[String],
        order: &[String],
    ) -> Result<Table, EngineError> {
        let fail = |error| refused(place, &error);
        let have = self.names();
        let missing: Vec<&str> = columns
            .iter()
            .map(|column| column.name.as_str())
            .filter(|name| !have.iter().any(|own| own == name))
            .collect();
        let surplus: Vec<&str> = have
            .iter()
            .map(String::as_str)
            .filter(|name| !columns.iter().any(|column| column.name == *name))
            .collect();
        if !missing.is_empty() || !surplus.is_empty() {
            return Err(EngineError::Shape {
                place: place.to_owned(),
                reason: format!(
                    "the query and the header's columns differ: missing [{}], not declared [{}]",
                    missing.join(", "),
                    surplus.join(", ")
                ),
            });
        }
        let casts: Vec<_> = columns
            .iter()
            .map(|column| col(column.name.as_str()).strict_cast(data_type(column.kind)))
            .collect();
        let options = SortMultipleOptions::default()
            .with_maintain_order(true)
            .with_nulls_last(false);
        let rows = self
            .rows
            .lazy()
            .select(casts)
            .sort(order.iter().map(|name| PlSmallStr::from_str(name)), options);
        let rows = super::collect(place, rows)?;
        let repeated = repeated_keys(&rows, key, order).map_err(fail)?;
        if repeated > 0 {
            return Err(EngineError::Duplicate {
                place: place.to_owned(),
                key: key.join(", "),
                rows: repeated,
            });
        }
        Ok(Table::new(rows))
    }

    /// The table as Parquet bytes; the same rows give the same bytes.
    ///
    /// # Errors
    /// When a column has a type that Parquet cannot hold.
    pub fn encode(&self, place: &str) -> Result<Vec<u8>, EngineError> {
        let mut rows = self.rows.clone();
        rows.rechunk_mut_par();
        let mut content = Vec::new();
        ParquetWriter::new(&mut content)
            .with_compression(ParquetCompression::Zstd(None))
            .with_row_group_size(Some(ROW_GROUP_ROWS))
            .finish(&mut rows)
            .map_err(|error| refused(place, &error))?;
        Ok(content)
    }

    /// Splits a table that is sorted by a date column first: each day that occurs with its rows, in day order.
    ///
    /// # Errors
    /// When the column is not there.
    pub fn by_day(
        &self,
        place: &str,
        column: &str,
    ) -> Result<Vec<(NaiveDate, Table)>, EngineError> {
        let days = self.column(place, column)?;
        let mut parts: Vec<(NaiveDate, Table)> = Vec::new();
        let mut start = 0;
        while let Some(first) = days.get(start) {
            let length = days
                .iter()
                .skip(start)
                .take_while(|day| *day == first)
                .count();
            if let Cell::Date(day) = first {
                let offset = i64::try_from(start).unwrap_or(i64::MAX);
                parts.push((*day, Table::new(self.rows.slice(offset, length))));
            }
            start += length;
        }
        Ok(parts)
    }

    /// Rows for which `keep` holds on the date column.
    ///
    /// # Errors
    /// When the column is not there.
    pub fn keep_days(
        self,
        place: &str,
        column: &str,
        keep: impl Fn(NaiveDate) -> bool,
    ) -> Result<Table, EngineError> {
        let fail = |error| refused(place, &error);
        let days = self.rows.column(column).map_err(fail)?;
        let mask: BooleanChunked = (0..days.len())
            .map(|index| Some(matches!(cell(days, index), Cell::Date(day) if keep(day))))
            .collect();
        self.rows.filter(&mask).map(Table::new).map_err(fail)
    }

    /// One column's values.
    ///
    /// # Errors
    /// When the column is not there.
    pub fn column(&self, place: &str, name: &str) -> Result<Vec<Cell>, EngineError> {
        let column = self
            .rows
            .column(name)
            .map_err(|error| refused(place, &error))?;
        Ok((0..column.len()).map(|index| cell(column, index)).collect())
    }

    /// All rows as values, in column order.
    pub fn cells(&self) -> Vec<Vec<Cell>> {
        (0..self.height())
            .map(|index| {
                self.rows
                    .columns()
                    .iter()
                    .map(|column| cell(column, index))
                    .collect()
            })
            .collect()
    }

    /// The same columns with other values, row by row; a value that does not fit its column's kind becomes null.
    ///
    /// # Errors
    /// Only when columns differ in length, which would be a fault of this program.
    pub fn with_cells(&self, cells: &[Vec<Cell>]) -> Result<Table, EngineError> {
        let kinds = self.kinds();
        let columns = kinds.iter().enumerate().map(|(place, (name, kind))| {
            let values = cells
                .iter()
                .map(|row| row.get(place).cloned().unwrap_or(Cell::Null));
            (name.as_str(), ColumnData::of(*kind, values))
        });
        Table::from_columns("rows", columns.collect())
    }

    /// The rows with further columns, one value a row.
    ///
    /// # Errors
    /// When a column has another length or a name that is there already.
    pub fn with_columns(
        &self,
        place: &str,
        columns: Vec<(&str, ColumnData)>,
    ) -> Result<Table, EngineError> {
        let columns: Vec<Column> = columns
            .into_iter()
            .map(|(name, data)| data.into_column(name))
            .collect();
        self.rows
            .hstack(&columns)
            .map(Table::new)
            .map_err(|error| refused(place, &error))
    }

    /// Column names with their kinds.
    pub fn kinds(&self) -> Vec<(String, ColumnKind)> {
        self.rows
            .columns()
            .iter()
            .map(|column| (column.name().to_string(), kind_of(column.dtype())))
            .collect()
    }

    /// The first `count` rows.
    #[must_use]
    pub fn head(&self, count: usize) -> Table {
        Table::new(self.rows.head(Some(count)))
    }
}

/// How many rows of a table sorted by `order` have the key of an earlier one. Where the order begins with the key, rows of
/// the same key are neighbours, and looking at neighbours takes far less time and memory than hashing all keys.
fn repeated_keys(rows: &DataFrame, key: &[String], order: &[String]) -> PolarsResult<usize> {
    let first = order.get(..key.len()).unwrap_or_default();
    let keys = rows.select(key.iter().map(String::as_str))?;
    let height = keys.height();
    if !key.iter().all(|column| first.contains(column)) {
        let distinct = keys.unique_stable(None, UniqueKeepStrategy::Any, None)?;
        return Ok(height - distinct.height());
    }
    let pairs = height.saturating_sub(1);
    let mut is_same = BooleanChunked::full(PlSmallStr::EMPTY, true, pairs);
    for column in keys.columns() {
        let column = column.as_materialized_series();
        let (earlier, later) = (column.slice(0, pairs), column.slice(1, pairs));
        is_same = is_same & earlier.equal_missing(&later)?;
    }
    Ok(is_same.sum().unwrap_or_default() as usize)
}

fn kind_of(data_type: &DataType) -> ColumnKind {
    match data_type {
        DataType::Float32 | DataType::Float64 => ColumnKind::Float,
        DataType::Boolean => ColumnKind::Bool,
        DataType::Date => ColumnKind::Date,
        DataType::Datetime(_, _) => ColumnKind::Time,
        DataType::List(_) => ColumnKind::TextList,
        kind if kind.is_integer() => ColumnKind::Int,
        _ => ColumnKind::Text,
    }
}

fn cell(column: &Column, index: usize) -> Cell {
    let Ok(value) = column.get(index) else {
        return Cell::Null;
    };
    match value {
        AnyValue::Null => Cell::Null,
        AnyValue::String(text) => Cell::Text(text.to_owned()),
        AnyValue::StringOwned(text) => Cell::Text(text.to_string()),
        AnyValue::Boolean(value) => Cell::Bool(value),
        AnyValue::Float64(value) => Cell::Float(value),
        AnyValue::Float32(value) => Cell::Float(f64::from(value)),
        AnyValue::Date(days) => NaiveDate::from_epoch_days(days).map_or(Cell::Null, Cell::Date),
        AnyValue::Datetime(micros, _, _) => Cell::Time(micros),
        AnyValue::DatetimeOwned(micros, _, _) => Cell::Time(micros),
        AnyValue::List(items) => Cell::List(
            items
                .iter()
                .map(|item| {
                    item.get_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect(),
        ),
        other => other
            .extract::<i64>()
            .map_or_else(|| Cell::Text(other.to_string()), Cell::Int),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(key: &[&str], order: &[&str], rows: &[(&str, Option<i64>)]) -> Option<usize> {
        let names: Vec<Option<String>> = rows.iter().map(|row| Some(row.0.to_owned())).collect();
        let numbers = rows.iter().map(|row| row.1).collect();
        let columns = vec![
            ("name", ColumnData::Text(names)),
            ("number", ColumnData::Int(numbers)),
        ];
        let declared = [("name", ColumnKind::Text), ("number", ColumnKind::Int)];
        let declared = declared.map(|(name, kind)| ModelColumn {
            name: name.to_owned(),
            kind,
            unit: String::new(),
            zh: String::new(),
            en: String::new(),
        });
        let owned = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let table = Table::from_columns("test", columns).unwrap();
        match table.conform("test", &declared, &owned(key), &owned(order)) {
            Ok(_) => None,
            Err(EngineError::Duplicate { rows, .. }) => Some(rows),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn rows_of_a_repeated_key_are_counted_whatever_the_order() {
        let rows = [
            ("a", Some(1)),
            ("b", None),
            ("a", Some(2)),
            ("b", None),
            ("a", Some(1)),
            ("b", Some(1)),
        ];
        let orders: [&[&str]; 3] = [&["name", "number"], &["number", "name"], &["number"]];
        for order in orders {
            assert_eq!(
                repeated(&["name", "number"], order, &rows),
                Some(2),
                "{order:?}"
            );
            assert_eq!(repeated(&["name"], order, &rows), Some(4), "{order:?}");
            assert_eq!(
                repeated(&["name", "number"], order, &rows[..3]),
                None,
                "{order:?}"
            );
            assert_eq!(
                repeated(&["name", "number"], order, &rows[..1]),
                None,
                "{order:?}"
            );
            assert_eq!(repeated(&["name", "number"], order, &[]), None, "{order:?}");
        }
    }
}
