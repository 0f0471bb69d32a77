//! Rows of a query by column name.

use chrono::{DateTime, NaiveDate, SecondsFormat};
use chrono_tz::Asia::Shanghai;

use super::trace::RawPlace;
use crate::engine::{Cell, Table};
use crate::ingest::{BYTE, LINE, LOAD_SEQUENCE, OBJECT, ROW_HASH};

/// Rows of a query.
#[derive(Default)]
pub(super) struct Rows {
    names: Vec<String>,
    cells: Vec<Vec<Cell>>,
}

/// One row. A column that the table does not have reads as empty: releases of earlier versions lack some.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    names: &'a [String],
    cells: &'a [Cell],
}

impl Rows {
    pub fn of(table: &Table) -> Rows {
        Rows {
            names: table.names(),
            cells: table.cells(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.cells.iter().map(|cells| Row {
            names: &self.names,
            cells,
        })
    }
}

impl Row<'_> {
    pub fn cell(&self, name: &str) -> Option<&Cell> {
        let index = self.names.iter().position(|own| own == name)?;
        self.cells.get(index)
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match self.cell(name) {
            Some(Cell::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// Text that must be there; empty where it is not.
    pub fn word(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        match self.cell(name) {
            Some(Cell::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// Integer that must be there; 0 where it is not.
    pub fn count(&self, name: &str) -> i64 {
        self.int(name).unwrap_or_default()
    }

    pub fn float(&self, name: &str) -> Option<f64> {
        match self.cell(name) {
            Some(Cell::Float(value)) => Some(*value),
            _ => None,
        }
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.cell(name) {
            Some(Cell::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    pub fn day(&self, name: &str) -> Option<NaiveDate> {
        match self.cell(name) {
            Some(Cell::Date(day)) => Some(*day),
            _ => None,
        }
    }

    /// A moment as local time with its offset, RFC 3339.
    pub fn moment(&self, name: &str) -> Option<String> {
        match self.cell(name) {
            Some(Cell::Time(microseconds)) => {
                DateTime::from_timestamp_micros(*microseconds).map(|moment| {
                    let local = moment.with_timezone(&Shanghai);
                    local.to_rfc3339_opts(SecondsFormat::AutoSi, false)
                })
            }
            _ => None,
        }
    }

    pub fn list(&self, name: &str) -> Vec<String> {
        match self.cell(name) {
            Some(Cell::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// Where the row of a feed was read.
    pub fn place(&self, feed: &str) -> RawPlace {
        RawPlace {
            feed: feed.to_owned(),
            object: self.word(OBJECT),
            line: self.count(LINE),
            byte: self.int(BYTE),
            load: self.count(LOAD_SEQUENCE),
            row_hash: self.count(ROW_HASH),
        }
    }
}

/// Texts as a list of SQL literals.
pub(super) fn literals<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let quoted: Vec<String> = texts
        .into_iter()
        .map(|text| format!("'{}'", text.replace('\'', "''")))
        .collect();
    quoted.join(", ")
}
