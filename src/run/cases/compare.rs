//! Found rows against those that a case file expects.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::Row;
use super::form::text;
use crate::engine::Cell;
use crate::identity::{KeyKind, Pseudonymiser, hex};

/// Ratios are compared to this share of the greater: they stand in case files as decimals.
const TOLERANCE: f64 = 1e-6;

/// What is otherwise than expected in a table whose rows are told apart by the columns of `grain`, in words.
pub(super) fn differences(
    table: &str,
    grain: &[String],
    expected: &[Table],
    found: &[Row],
    pseudonymiser: &Pseudonymiser,
) -> Vec<String> {
    let mut told = Vec::new();
    let mut left: Vec<&Row> = found.iter().collect();
    for row in expected {
        let row = with_keys(row, pseudonymiser);
        let is_same = |name: &str, other: &Row| match (row.get(name), other.get(name)) {
            (Some(expected), Some(found)) => agrees(expected, found),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let place = left
            .iter()
            .position(|other| grain.iter().all(|name| is_same(name, other)));
        let Some(place) = place else {
            told.push(format!("{table} has no row {}", words(grain, &row)));
            continue;
        };
        let other = left.remove(place);
        for (name, value) in row.iter().filter(|(name, _)| !is_same(name, other)) {
            let instead = other.get(name).map(Cell::text);
            told.push(format!(
                "{table}, row {}: {name} is {} and not {}",
                words(grain, &row),
                instead.unwrap_or_else(|| "no column".to_owned()),
                text(value),
            ));
        }
    }
    let named: BTreeSet<&String> = expected.iter().flat_map(|row| row.keys()).collect();
    told.extend(left.into_iter().map(|row| {
        let others = named.iter().copied().filter(|name| !grain.contains(name));
        let cells: Vec<String> = grain
            .iter()
            .chain(others)
            .filter_map(|name| row.get(name).map(Cell::text))
            .collect();
        format!("{table} has a row too many: {}", cells.join(" "))
    }));
    told
}

/// What tells the row from others.
fn words(grain: &[String], row: &Table) -> String {
    let cells: Vec<String> = grain
        .iter()
        .filter_map(|name| row.get(name).map(text))
        .collect();
    cells.join(" ")
}

/// The row with `person:<citizen number>` and `account:<number>` in its `entity_id` as the keys that stand in tables.
fn with_keys(row: &Table, pseudonymiser: &Pseudonymiser) -> Table {
    let mut row = row.clone();
    if let Some(Value::String(id)) = row.get_mut("entity_id") {
        let parts: Vec<String> = id
            .split('|')
            .map(|part| keyed(part, pseudonymiser))
            .collect();
        *id = parts.join("|");
    }
    row
}

fn keyed(part: &str, pseudonymiser: &Pseudonymiser) -> String {
    match part.split_once(':') {
        Some(("person", number)) => hex(pseudonymiser.key(KeyKind::Person, number)),
        Some(("account", number)) => hex(pseudonymiser.key(KeyKind::Account, number)),
        _ => part.to_owned(),
    }
}

fn agrees(expected: &Value, found: &Cell) -> bool {
    match (expected, found) {
        (Value::String(expected), Cell::Null) => expected.is_empty(),
        (Value::String(expected), found) => *expected == found.text(),
        (Value::Integer(expected), Cell::Int(found)) => expected == found,
        (Value::Integer(expected), Cell::Float(found)) => close(*expected as f64, *found),
        (Value::Float(expected), Cell::Float(found)) => close(*expected, *found),
        (Value::Boolean(expected), Cell::Bool(found)) => expected == found,
        (Value::Array(expected), Cell::List(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(expected, found)| expected.as_str() == Some(found))
        }
        _ => false,
    }
}

fn close(expected: f64, found: f64) -> bool {
    (expected - found).abs() <= TOLERANCE * expected.abs().max(found.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(text: &str) -> Table {
        toml::from_str(text).unwrap()
    }

    fn found(id: &str, value: f64) -> Row {
        Row::from([
            ("entity_id".to_owned(), Cell::Text(id.to_owned())),
            ("value".to_owned(), Cell::Float(value)),
        ])
    }

    fn compare(rows: &[Table], found: &[Row]) -> Vec<String> {
        let grain = ["entity_id".to_owned()];
        differences("hits", &grain, rows, found, &Pseudonymiser::new(b"test"))
    }

    #[test]
    fn what_is_named_is_compared() {
        let rows = [expected("entity_id = \"a\"\nvalue = 2")];
        assert!(compare(&rows, &[found("a", 2.0)]).is_empty());
        assert_eq!(
            compare(&rows, &[found("a", 2.1)]),
            ["hits, row a: value is 2.1 and not 2"]
        );
    }

    #[test]
    fn rows_too_few_and_too_many_are_told() {
        let rows = [expected("entity_id = \"a\"\nvalue = 1")];
        assert_eq!(
            compare(&rows, &[found("b", 2.0)]),
            ["hits has no row a", "hits has a row too many: b 2"]
        );
    }

    #[test]
    fn days_truths_and_empty_cells_are_compared() {
        let day = chrono::NaiveDate::from_ymd_opt(2021, 3, 1).unwrap();
        let mut row = found("a", 1.0);
        row.insert("day".to_owned(), Cell::Date(day));
        row.insert("is_so".to_owned(), Cell::Bool(true));
        row.insert("nothing".to_owned(), Cell::Null);
        let same = "entity_id = \"a\"\nday = \"2021-03-01\"\nis_so = true\nnothing = \"\"";
        assert!(compare(&[expected(same)], std::slice::from_ref(&row)).is_empty());
        let other = "entity_id = \"a\"\nday = \"2021-03-02\"\nis_so = false\nnothing = 0";
        assert_eq!(compare(&[expected(other)], &[row]).len(), 3);
    }

    #[test]
    fn identities_are_compared_by_their_keys() {
        let pseudonymiser = Pseudonymiser::new(b"test");
        let key = hex(pseudonymiser.key(KeyKind::Account, "62001"));
        let rows = [expected("entity_id = \"account:62001|x\"")];
        assert!(compare(&rows, &[found(&format!("{key}|x"), 1.0)]).is_empty());
    }
}
