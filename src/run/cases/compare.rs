//! Found hits against those that a case file expects.

use toml::{Table, Value};

use super::Hit;
use super::form::text;
use crate::engine::Cell;
use crate::identity::{KeyKind, Pseudonymiser, hex};

/// Ratios are compared to this share of the greater: they stand in case files as decimals.
const TOLERANCE: f64 = 1e-6;

/// What is otherwise than expected, in words.
pub(super) fn differences(
    expected: &[Table],
    found: &[Hit],
    pseudonymiser: &Pseudonymiser,
) -> Vec<String> {
    let mut told = Vec::new();
    let mut left: Vec<&Hit> = found.iter().collect();
    for hit in expected {
        let hit = with_keys(hit, pseudonymiser);
        let is_same = |name: &str, other: &Hit| match (hit.get(name), other.get(name)) {
            (Some(expected), Some(found)) => agrees(expected, found),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let identity = ["entity_kind", "entity_id", "period"];
        let place = left
            .iter()
            .position(|other| identity.iter().all(|name| is_same(name, other)));
        let Some(place) = place else {
            told.push(format!("no hit {}", words(&hit)));
            continue;
        };
        let other = left.remove(place);
        for (name, value) in hit.iter().filter(|(name, _)| !is_same(name, other)) {
            let instead = other.get(name).map(Cell::text);
            told.push(format!(
                "hit {}: {name} is {} and not {}",
                words(&hit),
                instead.unwrap_or_else(|| "no column".to_owned()),
                text(value),
            ));
        }
    }
    told.extend(left.into_iter().map(|hit| {
        let shown = [
            "entity_kind",
            "entity_id",
            "period",
            "strength",
            "value",
            "threshold",
        ];
        let cells: Vec<String> = shown
            .iter()
            .filter_map(|name| hit.get(*name).map(Cell::text))
            .collect();
        format!("a hit too many: {}", cells.join(" "))
    }));
    told
}

fn words(hit: &Table) -> String {
    let identity = ["entity_kind", "entity_id", "period"];
    let cells: Vec<&str> = identity
        .iter()
        .filter_map(|name| hit.get(*name).and_then(Value::as_str))
        .collect();
    cells.join(" ")
}

/// The hit with `person:<citizen number>` and `account:<number>` as the keys that stand in tables.
fn with_keys(hit: &Table, pseudonymiser: &Pseudonymiser) -> Table {
    let mut hit = hit.clone();
    if let Some(Value::String(id)) = hit.get_mut("entity_id") {
        let parts: Vec<String> = id
            .split('|')
            .map(|part| keyed(part, pseudonymiser))
            .collect();
        *id = parts.join("|");
    }
    hit
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

    fn found(id: &str, value: f64) -> Hit {
        Hit::from([
            ("entity_kind".to_owned(), Cell::Text("claim".to_owned())),
            ("entity_id".to_owned(), Cell::Text(id.to_owned())),
            ("period".to_owned(), Cell::Text(String::new())),
            ("value".to_owned(), Cell::Float(value)),
        ])
    }

    fn compare(hits: &[Table], found: &[Hit]) -> Vec<String> {
        differences(hits, found, &Pseudonymiser::new(b"test"))
    }

    #[test]
    fn what_is_named_is_compared() {
        let hits = [expected("entity_id = \"a\"\nvalue = 2")];
        assert!(compare(&hits, &[found("a", 2.0)]).is_empty());
        assert_eq!(
            compare(&hits, &[found("a", 2.1)]),
            ["hit a: value is 2.1 and not 2"]
        );
    }

    #[test]
    fn hits_too_few_and_too_many_are_told() {
        let hits = [expected("entity_id = \"a\"")];
        assert_eq!(
            compare(&hits, &[found("b", 2.0)]),
            ["no hit a", "a hit too many: claim b  2"]
        );
    }

    #[test]
    fn identities_are_compared_by_their_keys() {
        let pseudonymiser = Pseudonymiser::new(b"test");
        let key = hex(pseudonymiser.key(KeyKind::Account, "62001"));
        let hits = [expected("entity_id = \"account:62001|x\"")];
        assert!(compare(&hits, &[found(&format!("{key}|x"), 1.0)]).is_empty());
    }
}
