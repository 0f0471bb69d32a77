//! What a workbook is made of: the tables of a release as plain data.

use chrono::NaiveDate;

use super::decimal::Rounding;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// 64-bit integer: counts, fen, seconds, keys.
    Int,
    /// 64-bit float: ratios and hours.
    Float,
    /// Yes or no.
    Bool,
    /// Calendar date.
    Date,
    /// Moment, UTC microseconds.
    Time,
    /// List of texts.
    List,
}

impl Kind {
    /// The name used in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Int => "int",
            Kind::Float => "float",
            Kind::Bool => "bool",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::List => "text_list",
        }
    }
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value: shown `—`.
    Null,
    /// Held back by disclosure control: shown `*`.
    Suppressed,
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

/// One column, as the table's model documents it.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type.
    pub kind: Kind,
    /// Unit in the stored table, such as `fen`, `hours`, `share`, `persons`; empty where there is none.
    pub unit: String,
    /// Chinese heading.
    pub zh: String,
    /// One English sentence.
    pub en: String,
}

/// The rows of a table, in their final order. They are asked for cell by cell, so that a large table is not copied.
pub trait Rows {
    /// Number of rows.
    fn height(&self) -> usize;
    /// One value; [`Cell::Null`] where there is none.
    fn cell(&self, row: usize, column: usize) -> Cell;
}

impl Rows for Vec<Vec<Cell>> {
    fn height(&self) -> usize {
        self.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        self.get(row)
            .and_then(|cells| cells.get(column))
            .cloned()
            .unwrap_or(Cell::Null)
    }
}

/// What is known of a table before it has rows: what a layout is checked against.
#[derive(Debug, Clone)]
pub struct TableShape {
    /// Name.
    pub name: String,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Unique key; empty where none is known.
    pub grain: Vec<String>,
}

impl TableShape {
    /// A column and its place.
    pub(super) fn column(&self, name: &str) -> Option<(usize, &Column)> {
        self.columns
            .iter()
            .enumerate()
            .find(|(_, column)| column.name == name)
    }
}

/// A published table with its rows.
pub struct Table<'t> {
    /// Name, columns and key.
    pub shape: TableShape,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// What it says and how it must not be read, in Chinese.
    pub description_zh: String,
    /// The same in English.
    pub description_en: String,
    /// Articles of the notice and other sources.
    pub sources: Vec<String>,
    /// The rows.
    pub rows: Box<dyn Rows + 't>,
}

/// The tables of one release that an audience may read.
pub struct Release<'t> {
    /// Release id.
    pub id: String,
    /// The day up to which events are in it.
    pub as_of: NaiveDate,
    /// How figures are rounded.
    pub rounding: Rounding,
    /// The tables, in the order in which those without a layout are shown.
    pub tables: Vec<Table<'t>>,
}
