//! From a published cell or hit down to raw object and line.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::query::Desk;
use crate::contract::{ColumnType, Contract};
use crate::engine::Cell;
use crate::ingest::{BYTE, LINE, LOAD_SEQUENCE, OBJECT, ROW_HASH};
use crate::model::TraceRule;
use crate::run::RunError;

/// Where a raw record lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RawPlace {
    /// Feed.
    pub feed: String,
    /// Object below the raw root.
    pub object: String,
    /// Physical line.
    pub line: i64,
    /// Byte offset, where the format has one.
    pub byte: Option<i64>,
    /// Order of the load that read it.
    pub load: i64,
    /// Hash of the row's content.
    pub row_hash: i64,
}

/// What is asked for: grain columns and their values.
pub type Key = BTreeMap<String, String>;

/// The query that finds the rows behind a cell, up to the as-of day: of a feed the places of the current view's rows, of
/// a published table the evidence.
///
/// # Errors
/// A message naming the grain column that the key lacks.
pub fn rows_query(
    rule: &TraceRule,
    is_feed: bool,
    key: &Key,
    as_of: NaiveDate,
) -> Result<String, String> {
    let mut condition = rule.condition.clone();
    condition = condition.replace("{as_of}", &format!("CAST('{as_of}' AS DATE)"));
    for (column, value) in key {
        condition = condition.replace(&format!("{{{column}}}"), &literal(value));
    }
    if let Some((_, rest)) = condition.split_once('{') {
        let missing = rest.split('}').next().unwrap_or(rest);
        return Err(format!("the key lacks `{missing}`"));
    }
    let columns = if is_feed {
        place_names()
    } else {
        "evidence".to_owned()
    };
    let table = &rule.table;
    Ok(format!(
        "SELECT {columns} FROM {table} WHERE {condition} ORDER BY {columns}"
    ))
}

/// The query for one record by its feed's key, values joined by `|` as evidence names it.
///
/// # Errors
/// A message when the values do not fit the key.
pub fn record_query(contract: &Contract, record: &str) -> Result<String, String> {
    let lake = contract.lake_columns();
    let names: Vec<(&str, &ColumnType)> = contract
        .key
        .iter()
        .filter_map(|index| {
            let column = contract.columns.get(*index)?;
            let lake = lake.iter().find(|lake| lake.source == *index)?;
            Some((lake.name.as_str(), &column.kind))
        })
        .collect();
    let values: Vec<&str> = record.split('|').collect();
    if values.len() != names.len() {
        return Err(format!(
            "a record of {} is named by {} key values, not {}",
            contract.feed,
            names.len(),
            values.len()
        ));
    }
    let conditions: Vec<String> = names
        .iter()
        .zip(values)
        .map(|((name, kind), value)| condition(name, kind, value))
        .collect();
    // Pseudonyms are compared as people see them, and that function works only outside of a WHERE of plain columns.
    Ok(format!(
        "SELECT {} FROM {} WHERE {} ORDER BY {OBJECT}, {LINE}",
        place_names(),
        contract.feed,
        conditions.join(" AND ")
    ))
}

/// The columns of a feed that say where its rows were read.
fn place_names() -> String {
    [OBJECT, LINE, BYTE, LOAD_SEQUENCE, ROW_HASH].join(", ")
}

/// The same with one more before them.
pub(super) fn place_columns(column: &str) -> String {
    format!("{column}, {}", place_names())
}

fn condition(name: &str, kind: &ColumnType, value: &str) -> String {
    match kind {
        ColumnType::Person { .. } | ColumnType::Name | ColumnType::Phone | ColumnType::Account => {
            let key = crate::identity::parse_hex(value).unwrap_or_default();
            format!("{name} = {key}")
        }
        // A part of a key that is empty in the record is empty in its name.
        _ if value.is_empty() => format!("{name} IS NULL"),
        ColumnType::Integer(_) | ColumnType::Level => format!("{name} = {}", integer(value)),
        ColumnType::Date(_) => format!("{name} = DATE {}", literal(value)),
        _ => format!("{name} = {}", literal(value)),
    }
}

fn integer(value: &str) -> i64 {
    value.parse().unwrap_or(i64::MIN)
}

fn literal(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Runs a query made here and gives the places it finds.
///
/// # Errors
/// When the query cannot be run.
pub fn places(feed: &str, sql: &str, desk: &Desk<'_>) -> Result<Vec<RawPlace>, RunError> {
    Ok(desk
        .run(sql)?
        .cells()
        .into_iter()
        .filter_map(|row| match row.as_slice() {
            [
                Cell::Text(object),
                Cell::Int(line),
                byte,
                Cell::Int(load),
                Cell::Int(row_hash),
            ] => Some(RawPlace {
                feed: feed.to_owned(),
                object: object.clone(),
                line: *line,
                byte: match byte {
                    Cell::Int(byte) => Some(*byte),
                    _ => None,
                },
                load: *load,
                row_hash: *row_hash,
            }),
            _ => None,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_fills_the_rule_and_quotes_are_doubled() {
        let rule = TraceRule {
            table: "enrolments".to_owned(),
            condition:
                "completed_month = {month} AND city_code = {city_code} AND completed_on <= {as_of}"
                    .to_owned(),
            columns: BTreeMap::new(),
        };
        let as_of = NaiveDate::from_ymd_opt(2021, 3, 31).unwrap();
        let key = Key::from([
            ("month".to_owned(), "2021-03".to_owned()),
            ("city_code".to_owned(), "37'01".to_owned()),
        ]);
        let sql = rows_query(&rule, true, &key, as_of).unwrap();
        let expected = "completed_month = '2021-03' AND city_code = '37''01' AND completed_on <= CAST('2021-03-31' AS DATE)";
        assert!(sql.contains(expected), "{sql}");
        let error = rows_query(&rule, true, &Key::new(), as_of).unwrap_err();
        assert!(error.contains("month"), "{error}");
    }
}
