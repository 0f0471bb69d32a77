//! Native operators as models use them: from a query's rows to a table.

mod evaluation;
mod statistics;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::RunError;
use crate::engine::{Cell, EngineError, Frame, Table};
use crate::native::composite::{Framework, VERSION};

/// Runs a named operator on a query's rows and its further inputs.
///
/// # Errors
/// An unknown operator, or rows that it refuses.
pub fn apply(
    place: &str,
    operator: &str,
    rows: &Table,
    inputs: &BTreeMap<String, Frame>,
    framework: &Framework,
) -> Result<Table, RunError> {
    match operator {
        "composite_index" => evaluation::scores(place, rows, inputs, framework),
        "composite_index_scores" => evaluation::scores_alone(place, rows, inputs, framework),
        "composite_index_details" => evaluation::details(place, rows, inputs, framework),
        "robust_z" => statistics::robust_z(place, rows),
        "benjamini_hochberg" => statistics::multiple_tests(place, rows),
        "connected_components" => statistics::components(place, rows),
        "outlier_scores" => statistics::outlier_scores(place, rows),
        other => Err(refuse(
            place,
            format!("there is no native operator `{other}`"),
        )),
    }
}

/// What the result of an operator depends on beside its inputs and the code.
pub fn version_of(operator: &str, framework: &Framework) -> String {
    if operator.starts_with("composite_index") {
        format!("{operator} {VERSION} {}", framework.config_hash)
    } else {
        operator.to_owned()
    }
}

fn refuse(place: &str, reason: String) -> RunError {
    RunError::Engine(EngineError::Query {
        place: place.to_owned(),
        reason,
    })
}

/// One named column of a table, value by value.
struct Reader<'a> {
    table: &'a Table,
}

impl Reader<'_> {
    fn texts(&self, name: &str) -> Result<Vec<Option<String>>, RunError> {
        self.map(name, |cell| match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        })
    }

    fn ints(&self, name: &str) -> Result<Vec<Option<i64>>, RunError> {
        self.map(name, |cell| match cell {
            Cell::Int(value) => Some(value),
            _ => None,
        })
    }

    fn floats(&self, name: &str) -> Result<Vec<Option<f64>>, RunError> {
        self.map(name, |cell| match cell {
            Cell::Float(value) => Some(value),
            Cell::Int(value) => Some(value as f64),
            _ => None,
        })
    }

    fn dates(&self, name: &str) -> Result<Vec<NaiveDate>, RunError> {
        self.map(name, |cell| match cell {
            Cell::Date(day) => day,
            _ => NaiveDate::default(),
        })
    }

    fn map<T>(&self, name: &str, read: impl Fn(Cell) -> T) -> Result<Vec<T>, RunError> {
        Ok(self
            .table
            .column("native operator", name)?
            .into_iter()
            .map(read)
            .collect())
    }
}
