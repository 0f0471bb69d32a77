//! A paper as a workbook, one sheet a part; its notice stands in head and foot of every sheet.

use chrono::NaiveDate;

use crate::report::workbook::{
    BookLayout, Cell, Column, Kind, PlainChart, Release, Rounding, Table, TableShape,
    WorkbookError, write,
};

/// What a sheet is made of.
pub struct Sheet {
    /// Name of the table, in words of the alphabet.
    pub name: &'static str,
    /// Chinese and English title.
    pub titles: (&'static str, &'static str),
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

/// What all sheets share.
pub struct Book {
    /// Title of the contents.
    pub title: String,
    /// What a reader must know of every sheet.
    pub notice: String,
    /// Release that it is made from.
    pub release: String,
    /// Its as-of day.
    pub as_of: NaiveDate,
    /// How figures are rounded.
    pub rounding: Rounding,
    /// Charts below the sheets that they name.
    pub charts: Vec<PlainChart>,
}

impl Book {
    /// Writes the workbook and gives its bytes; the same sheets give the same ones.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn write(self, sheets: impl IntoIterator<Item = Sheet>) -> Result<Vec<u8>, WorkbookError> {
        let tables = sheets.into_iter();
        let tables: Vec<Table<'_>> = tables.map(|sheet| table(sheet, &self.notice)).collect();
        let notes = vec![self.notice];
        let layout = BookLayout::of_tables(&self.title, notes, &tables, &self.charts);
        let release = Release {
            id: self.release,
            as_of: self.as_of,
            rounding: self.rounding,
            tables,
        };
        Ok(write(&layout, &release)?.bytes)
    }
}

fn table(sheet: Sheet, notice: &str) -> Table<'static> {
    Table {
        shape: TableShape {
            name: sheet.name.to_owned(),
            columns: sheet.columns,
            grain: Vec::new(),
        },
        title_zh: sheet.titles.0.to_owned(),
        title_en: sheet.titles.1.to_owned(),
        // It stands below the rows.
        description_zh: String::new(),
        description_en: notice.to_owned(),
        sources: Vec::new(),
        rows: Box::new(sheet.rows),
    }
}

/// A column by name, kind and heading.
pub fn column(name: &str, kind: Kind, zh: &str) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        unit: String::new(),
        zh: zh.to_owned(),
        en: String::new(),
    }
}

/// Columns by name, kind and heading.
pub fn of_kinds(columns: &[(&str, Kind, &str)]) -> Vec<Column> {
    let columns = columns.iter();
    columns
        .map(|(name, kind, zh)| column(name, *kind, zh))
        .collect()
}

/// Columns of text.
pub fn texts(columns: &[(&str, &str)]) -> Vec<Column> {
    let columns = columns.iter();
    columns
        .map(|(name, zh)| column(name, Kind::Text, zh))
        .collect()
}

/// A cell of text.
pub fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

/// A cell of text that may be missing.
pub fn optional(value: Option<&String>) -> Cell {
    value.map_or(Cell::Null, |value| text(value.as_str()))
}

/// A cell of a day that may be missing.
pub fn date(day: Option<NaiveDate>) -> Cell {
    day.map_or(Cell::Null, Cell::Date)
}

/// A cell of a number that may be missing.
pub fn float(value: Option<f64>) -> Cell {
    value.map_or(Cell::Null, Cell::Float)
}

/// A cell of a count.
pub fn number(count: usize) -> Cell {
    Cell::Int(i64::try_from(count).unwrap_or(i64::MAX))
}
