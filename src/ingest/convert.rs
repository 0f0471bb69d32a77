//! One block of raw rows → one batch of lake rows, refused rows, and the identities that stay behind.
//!
//! Pure and run on several threads: the same block always gives the same result.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, Int64Builder};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, NaiveDate, Utc};

use super::columns::{ColumnBuilder, moving_columns, moving_schema};
use super::receipts::shown_value;
use super::resolve::{KeyRecord, RowState};
use crate::contract::{
    ColumnType, Contract, DriftPolicy, HeaderMatch, LakeColumn, LakePart, Reason, Value,
    is_total_word, parse, shanghai_day,
};
use crate::identity::account::{account_fault, normalise_account};
use crate::identity::citizen::{self, CitizenFacts};
use crate::identity::mobile::{normalise_phone, phone_fault};
use crate::identity::name::normalise_name;
use crate::identity::{
    Divisions, KeyKind, Place, Pseudonymiser, Wanted, hex, is_word_for_nothing, without_numbers,
};
use crate::raw::{RawBlock, Row, RowFault};

/// What a block's rows need beside the block.
pub struct Converter<'a> {
    contract: &'a Contract,
    lake: Vec<LakeColumn>,
    schema: SchemaRef,
    pseudonymiser: &'a Pseudonymiser,
    divisions: &'a Divisions,
    /// First bytes of the hash of each contract column's name, so that a later new column changes no old row's hash.
    name_marks: Vec<[u8; 3]>,
    is_snapshot: bool,
}

/// The file a block belongs to.
pub struct FileContext {
    /// Where the contract's columns stand in the file, unless a block brings its own columns.
    pub header: HeaderMatch,
    /// Load order.
    pub load_sequence: i64,
    /// The file's columns have drifted, and its contract lets all its rows wait in quarantine.
    pub is_held: bool,
    /// Only these lines are wanted.
    pub lines: Option<HashSet<u64>>,
}

/// A refused row.
pub struct Refusal {
    /// Physical line, from 1.
    pub line: u64,
    /// Byte offset, where the format has one.
    pub byte: Option<u64>,
    /// Column whose value was refused, or the first column for faults of the whole row.
    pub column: String,
    /// Why.
    pub reason: Reason,
    /// The refused value as it was written, for the sender's receipt; `None` where it may tell who somebody is, and
    /// for faults of the whole row.
    pub value: Option<String>,
    /// City that the row itself names, where that much of it reads.
    pub city: Option<String>,
    /// The record's raw text: for the vault only.
    pub raw: String,
}

/// An identity seen in a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// Kind of the key.
    pub kind: &'static str,
    /// Pseudonym.
    pub key: i64,
    /// Normalised raw value: for the vault only.
    pub value: String,
}

/// The result of converting a block.
pub struct Converted {
    /// Accepted rows.
    pub batch: RecordBatch,
    /// One key record a row of `batch`.
    pub keys: Vec<KeyRecord>,
    /// Refused rows.
    pub refusals: Vec<Refusal>,
    /// Distinct identities of the accepted rows.
    pub identities: Vec<Identity>,
    /// Names that the contract does not know, where records name their own fields.
    pub unknown: Vec<String>,
    /// By contract column, optional values that did not read and were left empty, as the contract has it.
    pub emptied: Vec<i64>,
    /// Bytes of the block, for progress.
    pub bytes: usize,
}

/// A value after identities and divisions have been judged.
enum Judged<'a> {
    Plain(Value<'a>),
    Person(i64, Option<Rc<PersonFacts>>),
    Keyed(i64, Option<&'static str>),
}

/// Key and facts by kind and normalised value, so that each identity of a block is worked out once.
#[derive(Default)]
struct Identities {
    by_kind: [HashMap<String, Known>; 4],
}

/// Facts are shared: a person of a block has many rows, and every value of a row is moved several times.
type Known = (i64, Option<Rc<PersonFacts>>);

/// What travels on of a citizen number.
struct PersonFacts {
    citizen: CitizenFacts,
    /// The key that the same person has under the number of 18 characters, for an old number of 15 digits.
    upgraded_key: Option<i64>,
    /// The keys of the numbers that follow in sequence.
    next_keys: [Option<i64>; 2],
}

impl Identities {
    const KINDS: [KeyKind; 4] = [
        KeyKind::Person,
        KeyKind::Phone,
        KeyKind::Account,
        KeyKind::Name,
    ];

    /// Every identity, in order.
    fn into_sorted(self) -> Vec<Identity> {
        let mut all: Vec<Identity> = Self::KINDS
            .iter()
            .zip(self.by_kind)
            .flat_map(|(kind, known)| {
                known.into_iter().map(|(value, (key, _))| Identity {
                    kind: kind.word(),
                    key,
                    value,
                })
            })
            .collect();
        all.sort();
        all
    }
}

struct BlockState {
    builders: Vec<ColumnBuilder>,
    identities: Identities,
    bytes: Vec<u8>,
}

impl<'a> Converter<'a> {
    /// A converter for one feed.
    pub fn new(
        contract: &'a Contract,
        pseudonymiser: &'a Pseudonymiser,
        divisions: &'a Divisions,
    ) -> Converter<'a> {
        let name_marks = contract
            .columns
            .iter()
            .map(|column| {
                let mut mark = [0_u8; 3];
                blake3::Hasher::new()
                    .update(column.name.as_bytes())
                    .finalize_xof()
                    .fill(&mut mark);
                mark
            })
            .collect();
        Converter {
            contract,
            lake: moving_columns(contract),
            schema: moving_schema(contract),
            pseudonymiser,
            divisions,
            name_marks,
            is_snapshot: matches!(contract.mode, crate::contract::Mode::Snapshot { .. }),
        }
    }

    /// Converts a block.
    ///
    /// # Errors
    /// Only when Arrow refuses the finished columns, which would be a fault of this program.
    pub fn convert(
        &self,
        file: &FileContext,
        block: Box<dyn RawBlock>,
    ) -> Result<Converted, ArrowError> {
        let bytes = block.byte_len();
        let mut block = block.parse();
        if let Some(lines) = &file.lines {
            block.retain(|position| lines.contains(&position.line));
        }
        let own_header = block
            .header
            .as_ref()
            .map(|names| self.contract.match_header(names));
        let header = own_header.as_ref().unwrap_or(&file.header);
        // A record that names its own fields may bring a new one at any time.
        let is_new = own_header
            .as_ref()
            .is_some_and(|header| !header.unknown.is_empty());
        let is_held = file.is_held || is_new && self.contract.drift.new == DriftPolicy::Quarantine;
        let rows = block.len();
        let mut state = BlockState {
            builders: self
                .lake
                .iter()
                .map(|column| ColumnBuilder::new(column.kind, rows))
                .collect(),
            identities: Identities::default(),
            bytes: Vec::with_capacity(512),
        };
        let mut lineage = Lineage::with_capacity(rows);
        let mut keys = Vec::with_capacity(rows);
        let mut refusals = Vec::new();
        let mut emptied = vec![0; self.contract.columns.len()];
        let mut values: Vec<Value<'_>> = Vec::with_capacity(self.contract.columns.len());
        let mut judged: Vec<Judged<'_>> = Vec::with_capacity(self.contract.columns.len());
        for row in block.rows() {
            values.clear();
            let read = if is_held && row.fault.is_none() {
                Err((first_column(header), Reason::WrongFieldCount))
            } else {
                self.read(header, &row, &mut values, &mut emptied)
            };
            if let Err((column, reason)) = read {
                refusals.push(self.refusal(header, &row, column, reason));
                continue;
            }
            judged.clear();
            let kinds = self.contract.columns.iter().map(|column| &column.kind);
            for (value, kind) in values.drain(..).zip(kinds) {
                judged.push(self.judge(value, kind, &mut state.identities));
            }
            let key = self.key_record(file, &row, &judged, &mut state.bytes);
            lineage.push(&row, key.content);
            keys.push(key);
            for (column, builder) in self.lake.iter().zip(&mut state.builders) {
                if let Some(value) = judged.get(column.source) {
                    append(builder, column.part, value);
                }
            }
        }
        let mut columns: Vec<_> = state
            .builders
            .iter_mut()
            .map(ColumnBuilder::finish)
            .collect();
        columns.extend(lineage.finish(file));
        Ok(Converted {
            batch: RecordBatch::try_new(SchemaRef::clone(&self.schema), columns)?,
            keys,
            refusals,
            identities: state.identities.into_sorted(),
            unknown: own_header
                .map(|header| header.unknown.into_iter().map(|(_, name)| name).collect())
                .unwrap_or_default(),
            emptied,
            bytes,
        })
    }

    fn refusal(
        &self,
        header: &HeaderMatch,
        row: &Row<'_>,
        column: usize,
        reason: Reason,
    ) -> Refusal {
        let refused = self.contract.columns.get(column);
        let value = header
            .positions
            .get(column)
            .copied()
            .flatten()
            .filter(|_| row.fault.is_none())
            .and_then(|position| row.fields.get(position))
            .and_then(|value| shown_value(refused, value));
        Refusal {
            line: row.position.line,
            byte: row.position.byte,
            column: refused
                .map(|column| column.name.clone())
                .unwrap_or_default(),
            reason,
            value,
            city: self.own_city(header, row),
            raw: row.raw.to_owned(),
        }
    }

    /// The city that a refused row names; none for faults of the whole row.
    fn own_city(&self, header: &HeaderMatch, row: &Row<'_>) -> Option<String> {
        let index = self.contract.city.filter(|_| row.fault.is_none())?;
        let position = header.positions.get(index).copied().flatten()?;
        let column = self.contract.columns.get(index)?;
        let Ok(Value::Text(text)) = parse(column, row.fields.get(position)?) else {
            return None;
        };
        let city = self.divisions.city_of(&text);
        city.code().map(|code| code.as_str().to_owned())
    }

    /// Types every field of a row, or says which column refuses it.
    fn read<'b>(
        &'b self,
        header: &HeaderMatch,
        row: &Row<'b>,
        values: &mut Vec<Value<'b>>,
        emptied: &mut [i64],
    ) -> Result<(), (usize, Reason)> {
        if let Some(fault) = row.fault {
            let reason = match fault {
                RowFault::BadQuote => Reason::BadQuote,
                RowFault::BadEncoding => Reason::BadEncoding,
                RowFault::WrongFieldCount => Reason::WrongFieldCount,
            };
            return Err((first_column(header), reason));
        }
        for (index, column) in self.contract.columns.iter().enumerate() {
            let position = header.positions.get(index).copied().flatten();
            let raw = position
                .and_then(|position| row.fields.get(position))
                .unwrap_or_default();
            let raw = field_of_names(header, row, index, raw)?;
            let value = match parse(column, raw) {
                Ok(value) => value,
                Err(_)
                    if !column.required && self.contract.drift.retyped == DriftPolicy::Accept =>
                {
                    if let Some(count) = emptied.get_mut(index) {
                        *count += 1;
                    }
                    Value::Null
                }
                Err(reason) => return Err((index, reason)),
            };
            let value = match (&column.kind, value) {
                (ColumnType::City, Value::Text(text)) => match self.divisions.city_of(&text) {
                    Place::Unknown => return Err((index, Reason::BadEnum)),
                    place => Value::Text(Cow::Owned(
                        place
                            .code()
                            .map_or(String::new(), |code| code.as_str().to_owned()),
                    )),
                },
                (_, value) => value,
            };
            values.push(value);
        }
        // A sheet's totals row is no record: its key is the word for a total.
        if let Some(key) = self.contract.key.first()
            && let Some(Value::Text(text)) = values.get(*key)
            && is_total_word(text)
        {
            return Err((*key, Reason::MissingRequired));
        }
        match self.contract.outside_range(values) {
            Some(column) => Err((column, Reason::OutOfRange)),
            None => Ok(()),
        }
    }

    fn judge<'b>(
        &self,
        value: Value<'b>,
        kind: &ColumnType,
        identities: &mut Identities,
    ) -> Judged<'b> {
        let Value::Text(text) = value else {
            return Judged::Plain(value);
        };
        match kind {
            ColumnType::Person { facts } => {
                let number = citizen::normalise(&text);
                let (key, known) = self.identity(KeyKind::Person, &number, *facts, identities);
                Judged::Person(key, known)
            }
            // A name without a letter, or a word for "not known", holds the place of one; strangers who have it share nothing.
            ColumnType::Name
                if !text.chars().any(char::is_alphabetic) || is_word_for_nothing(&text) =>
            {
                Judged::Plain(Value::Null)
            }
            ColumnType::Name => {
                let name = normalise_name(&text);
                Judged::Keyed(
                    self.identity(KeyKind::Name, &name, false, identities).0,
                    None,
                )
            }
            ColumnType::Phone => {
                let phone = normalise_phone(&text);
                let fault = phone_fault(&phone).map(|fault| fault.code());
                Judged::Keyed(
                    self.identity(KeyKind::Phone, &phone, false, identities).0,
                    fault,
                )
            }
            ColumnType::Account => {
                let account = normalise_account(&text);
                let fault = account_fault(&account).map(|fault| fault.code());
                Judged::Keyed(
                    self.identity(KeyKind::Account, &account, false, identities)
                        .0,
                    fault,
                )
            }
            ColumnType::Text(wanted) => {
                Judged::Plain(Value::Text(self.without_numbers(text, *wanted, identities)))
            }
            _ => Judged::Plain(Value::Text(text)),
        }
    }

    /// A text without numbers of people, which stay behind as identities.
    fn without_numbers<'b>(
        &self,
        text: Cow<'b, str>,
        wanted: Wanted,
        identities: &mut Identities,
    ) -> Cow<'b, str> {
        without_numbers(text, wanted, |kind, number| {
            let number = kind.normalise(number);
            hex(self.identity(kind, &number, false, identities).0)
        })
    }

    fn identity(
        &self,
        kind: KeyKind,
        normalised: &str,
        facts: bool,
        identities: &mut Identities,
    ) -> Known {
        let place = Identities::KINDS.iter().position(|known| *known == kind);
        let Some(known) = place.and_then(|place| identities.by_kind.get_mut(place)) else {
            return (self.pseudonymiser.key(kind, normalised), None);
        };
        // Most persons of a block are met again and again, and then nothing is allocated.
        if let Some(found) = known
            .get(normalised)
            .filter(|found| !facts || found.1.is_some())
        {
            return found.clone();
        }
        let found = (
            self.pseudonymiser.key(kind, normalised),
            facts.then(|| {
                Rc::new(PersonFacts {
                    citizen: citizen::examine(normalised, self.divisions),
                    upgraded_key: citizen::upgrade_15(normalised)
                        .map(|upgraded| self.pseudonymiser.key(kind, &upgraded)),
                    next_keys: [1, 2].map(|step| {
                        citizen::following(normalised, step)
                            .map(|following| self.pseudonymiser.key(kind, &following))
                    }),
                })
            }),
        );
        known.insert(normalised.to_owned(), found.clone());
        found
    }

    fn key_record(
        &self,
        file: &FileContext,
        row: &Row<'_>,
        judged: &[Judged<'_>],
        bytes: &mut Vec<u8>,
    ) -> KeyRecord {
        bytes.clear();
        for (value, mark) in judged.iter().zip(&self.name_marks) {
            if !matches!(value, Judged::Plain(Value::Null)) {
                bytes.extend_from_slice(mark);
                content(value, bytes);
            }
        }
        let content = first_i64(blake3::hash(bytes).as_bytes());
        bytes.clear();
        if self.is_snapshot {
            bytes.extend_from_slice(&file.load_sequence.to_le_bytes());
        }
        for value in self
            .contract
            .key
            .iter()
            .filter_map(|index| judged.get(*index))
        {
            canonical(value, bytes);
        }
        let day_of = |index: Option<usize>| match index.and_then(|index| judged.get(index)) {
            Some(Judged::Plain(value)) => day_of(value).unwrap_or_default(),
            _ => 0,
        };
        let partition = self.contract.partition.as_ref();
        let day = day_of(partition.map(|partition| partition.day));
        let last = day_of(partition.and_then(|partition| partition.reach)).max(day);
        KeyRecord {
            key: key_hash(bytes),
            content,
            load: file.load_sequence,
            line: i64::try_from(row.position.line).unwrap_or(i64::MAX),
            day,
            last,
            state: RowState::New,
        }
    }
}

/// The field of a column that several names stand for, as in records that name their own fields, some in English and some
/// in Chinese. A record that has two of them must say the same in both.
fn field_of_names<'b>(
    header: &HeaderMatch,
    row: &Row<'b>,
    column: usize,
    first: &'b str,
) -> Result<&'b str, (usize, Reason)> {
    let mut field = first;
    for (_, position) in header.others.iter().filter(|(of, _)| *of == column) {
        let other = row.fields.get(*position).unwrap_or_default();
        if field.is_empty() {
            field = other;
        } else if !other.is_empty() && other != field {
            return Err((column, Reason::WrongFieldCount));
        }
    }
    Ok(field)
}

/// A fault of the whole record is told at the column of the file's first header.
fn first_column(header: &HeaderMatch) -> usize {
    let is_first = |place: &Option<usize>| *place == Some(0);
    header
        .positions
        .iter()
        .position(is_first)
        .unwrap_or_default()
}

/// The hash by which keys are compared.
pub fn key_hash(canonical: &[u8]) -> u128 {
    let hash = blake3::hash(canonical);
    let mut half = [0_u8; 16];
    for (slot, byte) in half.iter_mut().zip(hash.as_bytes()) {
        *slot = *byte;
    }
    u128::from_le_bytes(half)
}

fn first_i64(bytes: &[u8; 32]) -> i64 {
    let mut half = [0_u8; 8];
    for (slot, byte) in half.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    i64::from_be_bytes(half)
}

/// Canonical bytes of text, as used in key and content hashes.
pub fn canonical_text(text: &str, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// Canonical bytes of an integer, a date or a key.
pub fn canonical_int(value: i64, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

/// Canonical bytes of a missing key part.
pub fn canonical_null(bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&u64::MAX.to_le_bytes());
}

fn canonical(value: &Judged<'_>, bytes: &mut Vec<u8>) {
    match value {
        Judged::Person(key, _) | Judged::Keyed(key, _) => canonical_int(*key, bytes),
        Judged::Plain(value) => match value {
            Value::Null => canonical_null(bytes),
            Value::Int(value) | Value::Time(value) => canonical_int(*value, bytes),
            Value::Hours { hours, .. } => bytes.extend_from_slice(&hours.to_bits().to_le_bytes()),
            Value::Float(value) => bytes.extend_from_slice(&value.to_bits().to_le_bytes()),
            Value::Bool(value) => canonical_int(i64::from(*value), bytes),
            Value::Date(value) => canonical_int(i64::from(*value), bytes),
            Value::Text(text) => canonical_text(text, bytes),
        },
    }
}

/// Canonical bytes of a value among a row's content: as short as can be, since every byte of every row is hashed.
fn content(value: &Judged<'_>, bytes: &mut Vec<u8>) {
    match value {
        Judged::Plain(Value::Text(text)) => {
            short_int(text.len() as u64, bytes);
            bytes.extend_from_slice(text.as_bytes());
        }
        Judged::Plain(Value::Int(value)) => short_int(zigzag(*value), bytes),
        Judged::Plain(Value::Date(day)) => short_int(zigzag(i64::from(*day)), bytes),
        Judged::Plain(Value::Bool(value)) => bytes.push(u8::from(*value)),
        other => canonical(other, bytes),
    }
}

/// Numbers near zero, of either sign, as small ones.
fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// Seven bits a byte, the lowest first; all bytes but the last have the highest bit set (LEB128).
fn short_int(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn append(builder: &mut ColumnBuilder, part: LakePart, value: &Judged<'_>) {
    match (part, value) {
        (LakePart::Key, Judged::Person(key, _) | Judged::Keyed(key, _)) => builder.int(Some(*key)),
        (LakePart::Fault, Judged::Keyed(_, fault)) => builder.text(*fault),
        (part, Judged::Person(_, Some(facts))) => append_fact(builder, part, facts),
        (LakePart::Calendar(_), Judged::Plain(value)) => {
            builder.int(day_of(value).map(i64::from));
        }
        (LakePart::Seconds, Judged::Plain(Value::Hours { seconds, .. })) => {
            builder.int(Some(*seconds))
        }
        (_, Judged::Plain(value)) => match value {
            Value::Null => builder.null(),
            Value::Int(value) | Value::Time(value) => builder.int(Some(*value)),
            Value::Date(value) => builder.int(Some(i64::from(*value))),
            Value::Float(value) | Value::Hours { hours: value, .. } => builder.float(Some(*value)),
            Value::Bool(value) => builder.bool(Some(*value)),
            Value::Text(text) => builder.text(Some(text)),
        },
        _ => builder.null(),
    }
}

fn append_fact(builder: &mut ColumnBuilder, part: LakePart, facts: &PersonFacts) {
    let PersonFacts {
        citizen: facts,
        upgraded_key,
        next_keys: [next_key, next_but_one_key],
    } = facts;
    match part {
        LakePart::NextKey => builder.int(*next_key),
        LakePart::NextButOneKey => builder.int(*next_but_one_key),
        LakePart::UpgradedKey => builder.int(*upgraded_key),
        LakePart::Valid => builder.bool(Some(facts.valid)),
        LakePart::Fault => builder.text(facts.fault.map(|fault| fault.code())),
        LakePart::BirthOn => builder.int(facts.birth_on.map(|day| i64::from(day.to_epoch_days()))),
        LakePart::Sex => builder.text(facts.sex.map(|sex| sex.code())),
        LakePart::Division => builder.text(facts.division.as_ref().map(|code| code.as_str())),
        _ => builder.null(),
    }
}

/// The local day of a date or moment.
fn day_of(value: &Value<'_>) -> Option<i32> {
    match value {
        Value::Date(day) => Some(*day),
        Value::Time(moment) => Some(shanghai_day(*moment)),
        _ => None,
    }
}

struct Lineage {
    lines: Vec<i64>,
    bytes: Int64Builder,
    hashes: Vec<i64>,
}

impl Lineage {
    fn with_capacity(rows: usize) -> Lineage {
        Lineage {
            lines: Vec::with_capacity(rows),
            bytes: Int64Builder::with_capacity(rows),
            hashes: Vec::with_capacity(rows),
        }
    }

    fn push(&mut self, row: &Row<'_>, hash: i64) {
        self.lines
            .push(i64::try_from(row.position.line).unwrap_or(i64::MAX));
        self.bytes
            .append_option(row.position.byte.and_then(|byte| i64::try_from(byte).ok()));
        self.hashes.push(hash);
    }

    fn finish(mut self, file: &FileContext) -> [ArrayRef; 4] {
        let rows = self.lines.len();
        [
            Arc::new(Int64Array::from(vec![file.load_sequence; rows])),
            Arc::new(Int64Array::from(self.lines)),
            Arc::new(self.bytes.finish()),
            Arc::new(Int64Array::from(self.hashes)),
        ]
    }
}

/// The date of a local day number.
pub fn date_of(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap_or_else(|| DateTime::<Utc>::UNIX_EPOCH.date_naive())
}
