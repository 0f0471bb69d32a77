//! From a published cell or hit down to raw object, line and text.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use super::query::Desk;
use crate::contract::{ColumnType, Contract};
use crate::engine::Cell;
use crate::identity::account::normalise_account;
use crate::identity::mobile::normalise_phone;
use crate::identity::name::normalise_name;
use crate::identity::{KeyKind, Pseudonymiser, citizen, find_embedded, hex};
use crate::ingest::{BYTE, LINE, OBJECT, judge_header};
use crate::lake::{ObjectEntry, Store, StoreError};
use crate::model::TraceRule;
use crate::project::Project;
use crate::raw::{self, Compression, FileKind, Format, Limits, RawError, RecordReader};
use crate::run::RunError;

/// Bytes read of a raw object to find one record: its first line and some more for quoted line feeds.
const RECORD_BYTES: u64 = 1024 * 1024;

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
}

/// What is asked for: grain columns and their values.
pub type Key = BTreeMap<String, String>;

/// The query that finds the current-view rows behind a cell.
///
/// # Errors
/// A message naming the grain column that the key lacks.
pub fn rows_query(rule: &TraceRule, key: &Key) -> Result<String, String> {
    let mut condition = rule.condition.clone();
    for (column, value) in key {
        condition = condition.replace(&format!("{{{column}}}"), &literal(value));
    }
    if let Some((_, rest)) = condition.split_once('{') {
        let missing = rest.split('}').next().unwrap_or(rest);
        return Err(format!("the key lacks `{missing}`"));
    }
    Ok(format!(
        "SELECT {OBJECT}, {LINE}, {BYTE} FROM {} WHERE {condition} ORDER BY {OBJECT}, {LINE}",
        rule.table
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
        "SELECT {OBJECT}, {LINE}, {BYTE} FROM {} WHERE {} ORDER BY {OBJECT}, {LINE}",
        contract.feed,
        conditions.join(" AND ")
    ))
}

fn condition(name: &str, kind: &ColumnType, value: &str) -> String {
    match kind {
        ColumnType::Person { .. } | ColumnType::Name | ColumnType::Phone | ColumnType::Account => {
            let key = crate::identity::parse_hex(value).unwrap_or_default();
            format!("{name} = {key}")
        }
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
            [Cell::Text(object), Cell::Int(line), byte] => Some(RawPlace {
                feed: feed.to_owned(),
                object: object.clone(),
                line: *line,
                byte: match byte {
                    Cell::Int(byte) => Some(*byte),
                    _ => None,
                },
            }),
            _ => None,
        })
        .collect())
}

/// Reads the record at a place and replaces identities by their pseudonyms. Header and record, field by field.
///
/// # Errors
/// When the object cannot be read; a message when it no longer holds the record.
pub fn raw_text(
    project: &Project,
    raw: &Store,
    pseudonymiser: &Pseudonymiser,
    place: &RawPlace,
) -> Result<Vec<(String, String)>, String> {
    let contract = project
        .contracts
        .get(&place.feed)
        .ok_or_else(|| format!("there is no contract for feed {}", place.feed))?;
    let kind =
        FileKind::from_name(&place.object).ok_or("this version cannot read the object's format")?;
    let entry = raw
        .find(&place.object)
        .map_err(|error| error.to_string())?
        .ok_or("the object is no longer in the raw root")?;
    let source = Source {
        raw,
        entry: &entry,
        kind,
        contract,
    };
    let fields = source.record(place).map_err(|error| error.to_string())?;
    let fields = fields.ok_or("the object no longer holds the record")?;
    Ok(fields
        .into_iter()
        .map(|(name, value)| {
            let column = contract
                .column_of_header(&name)
                .and_then(|column| contract.columns.get(column));
            let value = masked(pseudonymiser, column.map(|column| &column.kind), &value);
            (name, value)
        })
        .collect())
}

/// An object that holds a wanted record.
struct Source<'a> {
    raw: &'a Store,
    entry: &'a ObjectEntry,
    kind: FileKind,
    contract: &'a Contract,
}

impl Source<'_> {
    fn open(&self, bytes: Box<dyn Read + Send>) -> Result<Box<dyn RecordReader>, RawError> {
        let judge = |fields: &[String]| judge_header(self.contract, fields);
        raw::open(bytes, self.entry.size, self.kind, Limits::default(), &judge)
    }

    /// The record as the loader reads it. Of a plain text file only its header and the record are fetched.
    fn record(&self, place: &RawPlace) -> Result<Option<Vec<(String, String)>>, SourceError> {
        let plain = self.kind.compression == Compression::None
            && matches!(self.kind.format, Format::Csv | Format::Tsv);
        let start = place.byte.and_then(|byte| u64::try_from(byte).ok());
        let path = &self.entry.path;
        let Some(start) = start.filter(|_| plain) else {
            let mut reader = self.open(self.raw.reader_of(self.entry))?;
            let line = u64::try_from(place.line).unwrap_or_default();
            return Ok(raw::record_at(reader.as_mut(), line)?);
        };
        let size = self.entry.size;
        let head = self.raw.read_range(path, 0, size.min(RECORD_BYTES))?;
        let mut bytes = first_line(&head);
        let end = size.min(start + RECORD_BYTES);
        bytes.extend_from_slice(&self.raw.read_range(path, start, end)?);
        let mut reader = self.open(Box::new(Cursor::new(bytes)))?;
        Ok(raw::first_record(reader.as_mut())?)
    }
}

#[derive(Debug, thiserror::Error)]
enum SourceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Raw(#[from] RawError),
}

/// The header record with its line end.
fn first_line(bytes: &[u8]) -> Vec<u8> {
    let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
    bytes.get(..end).unwrap_or_default().to_vec()
}

fn masked(pseudonymiser: &Pseudonymiser, kind: Option<&ColumnType>, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    let key = |kind: KeyKind, normalised: &str| {
        format!(
            "{}:{}",
            kind.word(),
            hex(pseudonymiser.key(kind, normalised))
        )
    };
    match kind {
        Some(ColumnType::Person { .. }) => key(KeyKind::Person, &citizen::normalise(value)),
        Some(ColumnType::Name) => key(KeyKind::Name, &normalise_name(value)),
        Some(ColumnType::Phone) => key(KeyKind::Phone, &normalise_phone(value)),
        Some(ColumnType::Account) => key(KeyKind::Account, &normalise_account(value)),
        _ => {
            let mut text = value.to_owned();
            while let Some(range) = find_embedded(&text) {
                let number = text.get(range.clone()).unwrap_or_default().to_owned();
                text.replace_range(
                    range,
                    &hex(pseudonymiser.key(KeyKind::Person, &citizen::normalise(&number))),
                );
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_fills_the_rule_and_quotes_are_doubled() {
        let rule = TraceRule {
            table: "enrolments".to_owned(),
            condition: "completed_month = {month} AND city_code = {city_code}".to_owned(),
        };
        let key = Key::from([
            ("month".to_owned(), "2021-03".to_owned()),
            ("city_code".to_owned(), "37'01".to_owned()),
        ]);
        let sql = rows_query(&rule, &key).unwrap();
        assert!(
            sql.contains("completed_month = '2021-03' AND city_code = '37''01'"),
            "{sql}"
        );
        let error = rows_query(&rule, &Key::new()).unwrap_err();
        assert!(error.contains("month"), "{error}");
    }
}
