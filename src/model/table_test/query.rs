//! The query of a test: its rows are the failing ones.

use super::{Bounds, Measure, TableTest, TestRule};

/// The name under which a query reads the table of the previous release.
pub const PREVIOUS: &str = "previous_release";

/// The query of a test and how its rows are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestQuery {
    /// One SELECT: first the columns of the key, then what failed, each of these with `_` in front of its name.
    pub sql: String,
    /// Columns of the key: the grain, or the groups of a change.
    pub key: Vec<String>,
    /// Tables that it reads beside the one tested.
    pub reads: Option<String>,
}

impl TableTest {
    /// The query over `table`, whose rows are told apart by `grain`.
    pub fn query(&self, table: &str, grain: &[String]) -> TestQuery {
        let key = match &self.rule {
            TestRule::Change { by, .. } => by.clone(),
            _ => grain.to_vec(),
        };
        let (sql, reads) = match &self.rule {
            TestRule::NotNull { column } => (
                rows_where(
                    table,
                    grain,
                    column,
                    &format!("t.{} IS NULL", quoted(column)),
                ),
                None,
            ),
            TestRule::AcceptedValues { column, values } => {
                let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
                let condition = format!("t.{} NOT IN ({})", quoted(column), values.join(", "));
                (rows_where(table, grain, column, &condition), None)
            }
            TestRule::Range { column, bounds } => {
                let condition = outside(&format!("t.{}", quoted(column)), "", *bounds);
                (rows_where(table, grain, column, &condition), None)
            }
            TestRule::Relation {
                column,
                table: other,
                to,
            } => (
                relation(table, grain, column, other, to),
                Some(other.clone()),
            ),
            TestRule::Unique { columns } => (unique(table, grain, columns), None),
            TestRule::Change {
                measure,
                by,
                bounds,
                ignore_below,
            } => (
                change(table, measure, by, *bounds, *ignore_below),
                Some(PREVIOUS.to_owned()),
            ),
        };
        TestQuery { sql, key, reads }
    }
}

/// A name as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL writes it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Columns of a relation, each in full.
fn list(relation: &str, columns: &[String]) -> Vec<String> {
    let columns = columns.iter();
    columns
        .map(|column| format!("{relation}.{}", quoted(column)))
        .collect()
}

/// `ORDER BY` of the key; nothing without one.
fn ordered(key: &[String]) -> String {
    match key {
        [] => String::new(),
        key => {
            let names: Vec<String> = key.iter().map(|column| quoted(column)).collect();
            format!(" ORDER BY {}", names.join(", "))
        }
    }
}

/// A failing value under its name in the result.
fn shown(expression: &str, name: &str) -> String {
    format!("{expression} AS {}", quoted(&format!("_{name}")))
}

fn rows_where(table: &str, grain: &[String], column: &str, condition: &str) -> String {
    let mut select = list("t", grain);
    select.push(shown(&format!("t.{}", quoted(column)), column));
    format!(
        "SELECT {} FROM {} AS t WHERE {condition}{}",
        select.join(", "),
        quoted(table),
        ordered(grain)
    )
}

fn relation(table: &str, grain: &[String], column: &str, other: &str, to: &str) -> String {
    let mut select = list("t", grain);
    let tested = format!("t.{}", quoted(column));
    select.push(shown(&tested, column));
    format!(
        "SELECT {} FROM {} AS t LEFT ANTI JOIN {} AS o ON {tested} = o.{} WHERE {tested} IS NOT NULL{}",
        select.join(", "),
        quoted(table),
        quoted(other),
        quoted(to),
        ordered(grain)
    )
}

fn unique(table: &str, grain: &[String], columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let filled: Vec<String> = names
        .iter()
        .map(|name| format!("{name} IS NOT NULL"))
        .collect();
    let matched: Vec<String> = names
        .iter()
        .map(|name| format!("t.{name} = r.{name}"))
        .collect();
    let mut select = list("t", grain);
    for column in columns {
        select.push(shown(&format!("t.{}", quoted(column)), column));
    }
    select.push(shown("r.repeated_rows", "rows"));
    format!(
        "WITH r AS (SELECT {names}, COUNT(*) AS repeated_rows FROM {table} WHERE {} GROUP BY {names} HAVING COUNT(*) > 1) \
         SELECT {} FROM {table} AS t INNER JOIN r ON {}{}",
        filled.join(" AND "),
        select.join(", "),
        matched.join(" AND "),
        ordered(grain),
        names = names.join(", "),
        table = quoted(table),
    )
}

fn change(
    table: &str,
    measure: &Measure,
    by: &[String],
    bounds: Bounds,
    ignore_below: u32,
) -> String {
    let figure = match measure {
        Measure::Rows => "COUNT(*)".to_owned(),
        Measure::Sum(column) => format!("SUM({})", quoted(column)),
    };
    // Signed and wide, so that a difference below zero is one.
    let figure = format!("CAST({figure} AS BIGINT) AS figure");
    let names: Vec<String> = by.iter().map(|column| quoted(column)).collect();
    let figures = |source: &str| match names.as_slice() {
        [] => format!("SELECT {figure} FROM {}", quoted(source)),
        names => format!(
            "SELECT {names}, {figure} FROM {} GROUP BY {names}",
            quoted(source),
            names = names.join(", ")
        ),
    };
    let join = match names.as_slice() {
        [] => "CROSS JOIN b".to_owned(),
        names => {
            let matched: Vec<String> = names
                .iter()
                .map(|name| format!("n.{name} = b.{name}"))
                .collect();
            format!("INNER JOIN b ON {}", matched.join(" AND "))
        }
    };
    let moved = "CAST(n.figure - b.figure AS DOUBLE)";
    let mut select = list("n", by);
    select.push(shown("b.figure", "before"));
    select.push(shown("n.figure", "now"));
    select.push(shown(&format!("ROUND({moved} / b.figure, 4)"), "change"));
    format!(
        "WITH n AS ({}), b AS ({}) SELECT {} FROM n {join} WHERE b.figure >= {ignore_below} AND ({}){}",
        figures(table),
        figures(PREVIOUS),
        select.join(", "),
        outside(moved, " * b.figure", bounds),
        ordered(by)
    )
}

/// The condition that a value lies outside bounds, each of which is `scaled`.
fn outside(value: &str, scaled: &str, bounds: Bounds) -> String {
    let below = bounds
        .least
        .map(|bound| format!("{value} < {bound}{scaled}"));
    let above = bounds
        .most
        .map(|bound| format!("{value} > {bound}{scaled}"));
    let conditions: Vec<String> = [below, above].into_iter().flatten().collect();
    conditions.join(" OR ")
}

#[cfg(test)]
mod tests;
