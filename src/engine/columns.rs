//! Columns made in Rust: reference tables, policy rows, native results.

use chrono::NaiveDate;
use polars::prelude::{
    Column, DataType, NamedFrom, PlSmallStr, PolarsResult, Series, TimeUnit, TimeZone,
};

use super::table::Cell;
use crate::model::ColumnKind;

/// Values of one column.
#[derive(Debug, Clone)]
pub enum ColumnData {
    /// Text.
    Text(Vec<Option<String>>),
    /// 64-bit integers.
    Int(Vec<Option<i64>>),
    /// 64-bit floats.
    Float(Vec<Option<f64>>),
    /// Yes or no.
    Bool(Vec<Option<bool>>),
    /// Calendar dates.
    Date(Vec<Option<NaiveDate>>),
}

impl ColumnData {
    /// Values of a kind; one that does not fit becomes null. Moments and lists become text.
    pub fn of(kind: ColumnKind, cells: impl Iterator<Item = Cell>) -> ColumnData {
        match kind {
            ColumnKind::Int => ColumnData::Int(
                cells
                    .map(|cell| match cell {
                        Cell::Int(value) => Some(value),
                        _ => None,
                    })
                    .collect(),
            ),
            ColumnKind::Float => ColumnData::Float(
                cells
                    .map(|cell| match cell {
                        Cell::Float(value) => Some(value),
                        Cell::Int(value) => Some(value as f64),
                        _ => None,
                    })
                    .collect(),
            ),
            ColumnKind::Bool => ColumnData::Bool(
                cells
                    .map(|cell| match cell {
                        Cell::Bool(value) => Some(value),
                        _ => None,
                    })
                    .collect(),
            ),
            ColumnKind::Date => ColumnData::Date(
                cells
                    .map(|cell| match cell {
                        Cell::Date(day) => Some(day),
                        _ => None,
                    })
                    .collect(),
            ),
            ColumnKind::Text | ColumnKind::Time | ColumnKind::TextList => ColumnData::Text(
                cells
                    .map(|cell| (cell != Cell::Null).then(|| cell.text()))
                    .collect(),
            ),
        }
    }

    pub(super) fn into_column(self, name: &str) -> Column {
        let name = PlSmallStr::from_str(name);
        let series = match self {
            ColumnData::Text(values) => Series::new(name, values),
            ColumnData::Int(values) => Series::new(name, values),
            ColumnData::Float(values) => Series::new(name, values),
            ColumnData::Bool(values) => Series::new(name, values),
            ColumnData::Date(values) => Series::new(name, values),
        };
        series.into()
    }
}

/// The engine's type of a column kind.
pub(super) fn data_type(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => DataType::String,
        ColumnKind::Int => DataType::Int64,
        ColumnKind::Float => DataType::Float64,
        ColumnKind::Bool => DataType::Boolean,
        ColumnKind::Date => DataType::Date,
        ColumnKind::Time => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        ColumnKind::TextList => DataType::List(Box::new(DataType::String)),
    }
}

/// An empty column of a kind.
pub(super) fn empty(name: &str, kind: ColumnKind) -> PolarsResult<Column> {
    Ok(Column::new_empty(
        PlSmallStr::from_str(name),
        &data_type(kind),
    ))
}
