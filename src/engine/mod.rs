//! The only door to polars.
//!
//! Outside this room a table is a [`Frame`] (something to read) or a [`Table`] (rows in memory, in their final order).
//! Queries run on the streaming engine. Same inputs and code give the same bytes: sums are of integers, quotients
//! are rounded once, rows are sorted by a unique key, and files are written with fixed settings.

mod columns;
mod dialect;
mod frame;
mod functions;
mod steps;
mod table;

use std::collections::BTreeMap;

use polars::error::{PolarsWarning, set_warning_function};
use polars::prelude::{DataFrame, Engine, IntoLazy, LazyFrame, PolarsError};
use polars::sql::SQLContext;

use steps::Step;

pub use columns::ColumnData;
pub use frame::Frame;
pub use table::{Cell, Table};

/// What went wrong in the query engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The query, a file or a cast was refused.
    #[error("{place}: {reason}")]
    Query {
        /// The model file or command.
        place: String,
        /// The engine's own words.
        reason: String,
    },
    /// A result does not have the columns its header promises.
    #[error("{place}: {reason}")]
    Shape {
        /// The model file.
        place: String,
        /// What differs.
        reason: String,
    },
    /// A table's key is not unique.
    #[error("{place}: {rows} rows share a key ({key}) that must be unique")]
    Duplicate {
        /// The model file.
        place: String,
        /// Key columns.
        key: String,
        /// Number of surplus rows.
        rows: usize,
    },
}

/// Lets the engine's warnings go where log lines go; what it will deprecate is its keepers' business, not a night's.
pub fn log_warnings() {
    set_warning_function(|text, kind| match kind {
        PolarsWarning::Deprecation => tracing::debug!("{text}"),
        _ => tracing::warn!("{text}"),
    });
}

fn refused(place: &str, error: &PolarsError) -> EngineError {
    EngineError::Query {
        place: place.to_owned(),
        reason: error.to_string(),
    }
}

/// Runs one SELECT over named tables; `place` names the query in errors.
///
/// # Errors
/// [`EngineError::Query`] when the SQL names something unknown or cannot be run.
pub fn run_sql(
    place: &str,
    sql: &str,
    tables: &BTreeMap<String, Frame>,
) -> Result<Table, EngineError> {
    let steps = steps::steps(&dialect::standard(sql), is_in(tables), false);
    by_steps(place, steps, tables, |plan| collect(place, plan)).map(Table::new)
}

fn is_in(tables: &BTreeMap<String, Frame>) -> impl Fn(&str) -> bool {
    |name| tables.contains_key(name)
}

/// The rows of a query's last step, where `rows_of` makes the rows of each.
fn by_steps(
    place: &str,
    steps: Vec<Step>,
    tables: &BTreeMap<String, Frame>,
    rows_of: impl Fn(LazyFrame) -> Result<DataFrame, EngineError>,
) -> Result<DataFrame, EngineError> {
    let mut context = SQLContext::new().with_function_registry(functions::registry());
    for (name, frame) in tables {
        context.register(name, frame.lazy());
    }
    let mut rows = DataFrame::default();
    for step in steps {
        let plan = context.execute(&step.sql);
        rows = rows_of(plan.map_err(|error| refused(place, &error))?)?;
        if let Some(name) = step.name {
            context.register(&name, rows.clone().lazy());
        }
    }
    Ok(rows)
}

/// Computes a plan on the streaming engine. What a plan reads twice is read twice: the engine would else read it once and
/// keep its rows until the slower of the two readers has come to them, which costs more memory and more time.
fn collect(place: &str, plan: LazyFrame) -> Result<DataFrame, EngineError> {
    plan.with_comm_subplan_elim(false)
        .collect_with_engine(Engine::Streaming)
        .map(|result| result.unwrap_single())
        .map_err(|error| refused(place, &error))
}

/// Checks that one SELECT can be planned over tables of the given shapes, without running it.
///
/// # Errors
/// [`EngineError::Query`] naming the unknown column, table or function.
pub fn check_sql(
    place: &str,
    sql: &str,
    tables: &BTreeMap<String, Frame>,
) -> Result<Vec<String>, EngineError> {
    let steps = steps::steps(&dialect::standard(sql), is_in(tables), true);
    let planned = by_steps(place, steps, tables, |mut plan| {
        let schema = plan.collect_schema();
        let schema = schema.map_err(|error| refused(place, &error))?;
        Ok(DataFrame::empty_with_arc_schema(schema))
    })?;
    let names = planned.get_column_names().into_iter();
    Ok(names.map(ToString::to_string).collect())
}

impl From<Table> for Frame {
    fn from(table: Table) -> Frame {
        Frame::new(table.into_rows().lazy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_counts_do_not_wrap_around() {
        let rows: Vec<Option<i64>> = (0..5_000).map(Some).collect();
        let frame = Frame::from_columns("t", vec![("a", ColumnData::Int(rows))]).unwrap();
        let tables = BTreeMap::from([("t".to_owned(), frame)]);
        let sql = "SELECT COUNT(*) * 1000000 AS counted, \
                   SUM(CASE WHEN a >= 0 THEN 1 ELSE 0 END) * 1000000 AS summed FROM t";
        let table = run_sql("test", sql, &tables).unwrap();
        let five_thousand_millions = Cell::Int(5_000_000_000);
        assert_eq!(
            table.cells(),
            [[five_thousand_millions.clone(), five_thousand_millions]]
        );
    }

    #[test]
    fn a_function_of_the_program_is_called_in_any_cte_and_on_groups() {
        let ints = |values: [i64; 5]| ColumnData::Int(values.map(Some).to_vec());
        let columns = vec![
            ("a", ints([1, 1, 1, 2, 2])),
            ("starts", ints([0, 2, 20, 5, 5])),
            ("ends", ints([4, 6, 21, 5, 9])),
        ];
        let tables = BTreeMap::from([("t".to_owned(), Frame::from_columns("t", columns).unwrap())]);
        let sql = "WITH covered AS ( \
                       SELECT a, union_length(ARRAY_AGG(starts), ARRAY_AGG(ends)) AS units FROM t GROUP BY a \
                   ) \
                   SELECT a, units FROM covered WHERE units > 4 \
                   UNION ALL SELECT a, -units AS units FROM covered ORDER BY a, units";
        assert_eq!(check_sql("test", sql, &tables).unwrap(), ["a", "units"]);
        let unnamed = "WITH wrong AS (SELECT b FROM t) SELECT a FROM t";
        assert!(check_sql("test", unnamed, &tables).is_err());
        let rows = [[1, -7], [1, 7], [2, -4]].map(|row| row.map(Cell::Int).to_vec());
        assert_eq!(run_sql("test", sql, &tables).unwrap().cells(), rows);
        let missing = "SELECT union_length(ARRAY_AGG(starts), ARRAY_AGG(NULLIF(ends, 9))) AS units FROM t GROUP BY a";
        let error = run_sql("test", missing, &tables).unwrap_err().to_string();
        assert!(
            error.contains("the ends of an interval are missing"),
            "{error}"
        );
    }

    #[test]
    fn quotients_are_the_same_however_rows_are_cut() {
        let rows: Vec<Option<i64>> = (0..5_000).map(|row| (row % 9 > 0).then_some(row)).collect();
        let frame = |rows| Frame::from_columns("t", vec![("a", ColumnData::Int(rows))]).unwrap();
        let one =
            Frame::from_columns("u", vec![("b", ColumnData::Int(vec![Some(2_700)]))]).unwrap();
        let quotients = |rows: Vec<Option<i64>>| {
            let tables =
                BTreeMap::from([("t".to_owned(), frame(rows)), ("u".to_owned(), one.clone())]);
            let sql = "SELECT a / 2700.0 AS x, (a + 1) / u.b AS y, -a / -2700 AS z FROM t CROSS JOIN u \
                       ORDER BY a NULLS FIRST";
            run_sql("test", sql, &tables).unwrap().cells()
        };
        let together = quotients(rows.clone());
        let known: Vec<i64> = rows.iter().flatten().copied().collect();
        for (cells, row) in together.iter().rev().zip(known.iter().rev()) {
            let expected = |value: i64| Cell::Float(value as f64 / 2_700.0);
            assert_eq!(cells, &[expected(*row), expected(row + 1), expected(*row)]);
            if row % 100 == 1 {
                assert_eq!(quotients(vec![Some(*row)]), std::slice::from_ref(cells));
            }
        }
        assert_eq!(together.first(), Some(&vec![Cell::Null; 3]));
    }

    #[test]
    fn parts_hold_every_row_once_and_equal_values_together() {
        let number = |row: i64| (row % 7 > 0).then_some(row % 97);
        let numbers: Vec<Option<i64>> = (0..1_000).map(number).collect();
        let text = |value: &Option<i64>| value.map(|value| format!("E{value}"));
        let texts = numbers.iter().map(text).collect();
        for values in [ColumnData::Text(texts), ColumnData::Int(numbers)] {
            let frame = Frame::from_columns("t", vec![("a", values)]).unwrap();
            assert!(frame.has_column("a").unwrap() && !frame.has_column("b").unwrap());
            let run = |frame: &Frame| {
                let tables = BTreeMap::from([("t".to_owned(), frame.clone())]);
                run_sql("test", "SELECT a, COUNT(*) AS n FROM t GROUP BY a", &tables).unwrap()
            };
            let parts = [0, 1, 2].map(|part| run(&frame.part("a", part, 3)));
            assert!(parts.iter().all(|part| part.height() > 10));
            let [first, second, third] = parts;
            let stacked = first.stack("test", &second).unwrap();
            let stacked = stacked.stack("test", &third).unwrap();
            assert_eq!(sorted(&stacked), sorted(&run(&frame)));
        }
    }

    #[test]
    fn a_missing_value_is_a_value_among_others() {
        let frame = |values: &[Option<i64>]| {
            let columns = vec![("a", ColumnData::Int(values.to_vec()))];
            Frame::from_columns("t", columns).unwrap()
        };
        let all = frame(&[Some(1), None, Some(2), None]);
        let some = frame(&[None, Some(2), Some(3)]);
        let rows = |frame: &Frame| sorted(&frame.table("test", &["a".to_owned()]).unwrap());
        assert_eq!(
            rows(&all.only(&some, &["a"])),
            rows(&frame(&[None, None, Some(2)]))
        );
        assert_eq!(rows(&all.without(&some, &["a"])), rows(&frame(&[Some(1)])));
        assert_eq!(all.count("test").unwrap(), 4);
        for frames in [&[all.clone()][..], &[all.clone(), some]] {
            let distinct = Frame::distinct("test", frames, "a").unwrap();
            assert_eq!(distinct.height(), 2 + frames.len());
        }
    }

    fn sorted(table: &Table) -> Vec<String> {
        let mut rows: Vec<String> = table.cells().iter().map(|row| format!("{row:?}")).collect();
        rows.sort();
        rows
    }
}
