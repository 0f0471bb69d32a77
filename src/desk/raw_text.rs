//! The text of raw records, identities replaced by their pseudonyms.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Cursor, Read};

use super::trace::RawPlace;
use crate::contract::{ColumnType, Contract, clean, told_heading};
use crate::identity::{KeyKind, Pseudonymiser, Wanted, has_long_number, hex, without_numbers};
use crate::ingest::{KnownContents, LoadRow, RefindError, judge_header, refind_rows};
use crate::lake::{Lake, ObjectEntry, Store, StoreError};
use crate::project::Project;
use crate::raw::{
    self, Compression, FileKind, Format, Limits, RawError, RecordReader, RecordTexts,
};

/// Bytes read of a plain text object at once to find records; neighbours come with one another.
const WINDOW_BYTES: u64 = 64 * 1024;

/// Bytes read for a record that does not end within a window.
const RECORD_BYTES: u64 = 1024 * 1024;

/// Why the text of a record cannot be had whose file was uploaded again.
const REPLACED: &str =
    "文件在该行装载后已被替换 / the file was replaced after this record was loaded";

/// Why the text of a record cannot be had that is not where it was.
const GONE: &str = "the object no longer holds the record";

/// Stands for a value that may say who somebody is.
const WITHHELD: &str = "***";

/// Header and text of a record, field by field; a message when it cannot be had.
pub type RawFields = Result<RecordTexts, String>;

/// Reads raw records.
pub struct RawTexts<'a> {
    /// Contracts.
    pub project: &'a Project,
    /// The raw root.
    pub raw: &'a Store,
    /// Gives the pseudonyms.
    pub pseudonymiser: &'a Pseudonymiser,
    /// Keys whose values may be shown, because the vault has been opened for them.
    pub revealed: BTreeSet<i64>,
    /// The lake, which knows what its objects held when they were read.
    pub lake: &'a Lake,
    /// Every load.
    pub loads: &'a [LoadRow],
}

/// What objects held when they were read.
struct Held<'a> {
    /// At last.
    contents: KnownContents,
    /// The hash of what each load read.
    by_load: HashMap<i64, &'a str>,
}

impl RawTexts<'_> {
    /// The texts at all places. An object is opened once, however many of its records are wanted.
    pub fn read<'p>(
        &self,
        places: impl IntoIterator<Item = &'p RawPlace>,
    ) -> BTreeMap<RawPlace, RawFields> {
        let mut objects: BTreeMap<(&str, &str), Vec<&RawPlace>> = BTreeMap::new();
        for place in places {
            let key = (place.feed.as_str(), place.object.as_str());
            objects.entry(key).or_default().push(place);
        }
        let known = KnownContents::read(self.lake).map(|contents| Held {
            contents,
            by_load: self
                .loads
                .iter()
                .map(|load| (load.sequence, load.content_hash.as_str()))
                .collect(),
        });
        let known = known.map_err(|error| error.to_string());
        let mut texts = BTreeMap::new();
        for ((feed, object), places) in objects {
            let found = known
                .as_ref()
                .map_err(String::clone)
                .and_then(|known| self.of_object(feed, object, &places, known));
            let asked = places.into_iter().cloned();
            match found {
                Ok(found) => texts.extend(asked.zip(found)),
                Err(reason) => texts.extend(asked.map(|place| (place, Err(reason.clone())))),
            }
        }
        texts
    }

    /// The texts at places of one object, in their order.
    fn of_object(
        &self,
        feed: &str,
        object: &str,
        places: &[&RawPlace],
        known: &Held<'_>,
    ) -> Result<Vec<RawFields>, String> {
        let entry = self.entry(object)?;
        let contract = self.project.contracts.get(feed);
        let source = Source {
            raw: self.raw,
            entry: &entry,
            kind: FileKind::from_name(object)
                .ok_or("this version cannot read the object's format")?,
            contract: contract.ok_or_else(|| format!("there is no contract for feed {feed}"))?,
        };
        let now = self.places_now(&source, places, known)?;
        let wanted: Vec<&RawPlace> = now.iter().flatten().collect();
        let found = self.records(&source, &wanted)?;
        let text = |place: &Option<RawPlace>| match place {
            Some(place) => found.get(&place.line).cloned().ok_or(GONE.to_owned()),
            None => Err(REPLACED.to_owned()),
        };
        Ok(now.iter().map(text).collect())
    }

    /// Where the records stand now. Where the object was uploaded again since a record was loaded, its line may be that of
    /// another record, of another person perhaps; so the record is looked for by its content.
    fn places_now(
        &self,
        source: &Source<'_>,
        places: &[&RawPlace],
        known: &Held<'_>,
    ) -> Result<Vec<Option<RawPlace>>, String> {
        let content = known
            .contents
            .hash_of(self.raw, source.entry)
            .map_err(|error| error.to_string())?;
        let is_replaced = |place: &RawPlace| {
            let read = known.by_load.get(&place.load);
            read.is_some_and(|read| *read != content)
        };
        let replaced: BTreeSet<i64> = places
            .iter()
            .filter(|place| is_replaced(place))
            .map(|place| place.row_hash)
            .collect();
        let lines = if replaced.is_empty() {
            BTreeMap::new()
        } else {
            self.refind(source, replaced)
                .map_err(|error| error.to_string())?
        };
        let now = places.iter().map(|place| {
            if !is_replaced(place) {
                return Some((*place).clone());
            }
            let line = lines.get(&place.row_hash)?;
            Some(RawPlace {
                line: *line,
                byte: None,
                ..(*place).clone()
            })
        });
        Ok(now.collect())
    }

    fn refind(
        &self,
        source: &Source<'_>,
        rows: BTreeSet<i64>,
    ) -> Result<BTreeMap<i64, i64>, SourceError> {
        let mut reader = source.open(self.raw.reader_of(source.entry))?;
        let Project { divisions, .. } = self.project;
        let found = refind_rows(
            reader.as_mut(),
            source.contract,
            self.pseudonymiser,
            divisions,
            rows,
        );
        Ok(found?)
    }

    fn entry(&self, object: &str) -> Result<ObjectEntry, String> {
        let found = self.raw.find(object).map_err(|error| error.to_string())?;
        found.ok_or_else(|| "the object is no longer in the raw root".to_owned())
    }

    /// Records of one object by line, as they may be shown.
    fn records(
        &self,
        source: &Source<'_>,
        places: &[&RawPlace],
    ) -> Result<BTreeMap<i64, RecordTexts>, String> {
        let contract = source.contract;
        let mut found = source.records(places).map_err(|error| error.to_string())?;
        for (name, value) in found.values_mut().flatten() {
            let column = contract
                .column_of_header(name)
                .and_then(|column| contract.columns.get(column));
            if let Some(column) = column {
                *value = self.masked(&column.kind, value);
                continue;
            }
            // Nobody knows what a column without contract holds: a name, an account.
            *name = told_heading(name);
            if !value.is_ascii() || has_long_number(value) {
                *value = WITHHELD.to_owned();
            }
        }
        Ok(found)
    }

    fn masked(&self, kind: &ColumnType, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        let identity = match kind {
            ColumnType::Person { .. } => KeyKind::Person,
            ColumnType::Name => KeyKind::Name,
            ColumnType::Phone => KeyKind::Phone,
            ColumnType::Account => KeyKind::Account,
            ColumnType::Text(wanted) => return self.without_numbers(value, *wanted),
            _ => return self.without_numbers(value, Wanted::CitizenNumbers),
        };
        match self.hidden_key(identity, value) {
            Some(key) => format!("{}:{}", identity.word(), hex(key)),
            None => value.to_owned(),
        }
    }

    /// The key that stands for a value; `None` where the value may be shown.
    fn hidden_key(&self, kind: KeyKind, value: &str) -> Option<i64> {
        let key = self.pseudonymiser.key(kind, &kind.normalise(value));
        (!self.revealed.contains(&key)).then_some(key)
    }

    /// Free text with the numbers of people in it replaced.
    fn without_numbers(&self, value: &str, wanted: Wanted) -> String {
        let cleaned = clean(value);
        let masked = without_numbers(Cow::Borrowed(&cleaned), wanted, |kind, number| {
            self.hidden_key(kind, number)
                .map_or_else(|| number.to_owned(), hex)
        });
        if masked == cleaned {
            value.to_owned()
        } else {
            masked.into_owned()
        }
    }
}

/// An object that holds wanted records.
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

    /// The records as the loader reads them, by line. Of a plain text file only its header and the surroundings of
    /// the records are fetched.
    fn records(&self, places: &[&RawPlace]) -> Result<BTreeMap<i64, RecordTexts>, SourceError> {
        let is_plain = self.kind.compression == Compression::None
            && matches!(self.kind.format, Format::Csv | Format::Tsv);
        let mut by_byte = BTreeMap::new();
        let mut lines = BTreeSet::new();
        for place in places {
            match place.byte.and_then(|byte| u64::try_from(byte).ok()) {
                Some(byte) if is_plain => by_byte.insert(byte, place.line).is_none(),
                _ => lines.insert(place.line),
            };
        }
        let mut found = BTreeMap::new();
        if !lines.is_empty() {
            let mut reader = self.open(self.raw.reader_of(self.entry))?;
            let line = |line: u64| i64::try_from(line).unwrap_or(i64::MAX);
            let wanted = |position: raw::Position| lines.contains(&line(position.line));
            let records = raw::records_where(reader.as_mut(), wanted, lines.len())?;
            for (position, fields) in records {
                found.extend(fields.map(|fields| (line(position.line), fields)));
            }
        }
        if !by_byte.is_empty() {
            self.records_by_byte(by_byte, &mut found)?;
        }
        Ok(found)
    }

    fn records_by_byte(
        &self,
        mut wanted: BTreeMap<u64, i64>,
        found: &mut BTreeMap<i64, RecordTexts>,
    ) -> Result<(), SourceError> {
        let size = self.entry.size;
        let head = self
            .raw
            .read_range(&self.entry.path, 0, size.min(RECORD_BYTES))?;
        let head = first_line(&head);
        let offset = u64::try_from(head.len()).unwrap_or_default();
        let mut length = WINDOW_BYTES;
        while let Some((&start, &line)) = wanted.first_key_value() {
            let end = size.min(start.saturating_add(length));
            let mut bytes = head.clone();
            if start < end {
                bytes.extend_from_slice(&self.raw.read_range(&self.entry.path, start, end)?);
            }
            let mut reader = self.open(Box::new(Cursor::new(bytes)))?;
            let place = |position: raw::Position| {
                let byte = position.byte.and_then(|byte| byte.checked_sub(offset));
                byte.map(|byte| byte.saturating_add(start))
            };
            let mut last = None;
            let is_wanted = |position: raw::Position| {
                last = place(position);
                last.is_some_and(|byte| wanted.contains_key(&byte))
            };
            let records = raw::records_where(reader.as_mut(), is_wanted, usize::MAX)?;
            // The window may cut its last record; the whole file's last one is whole.
            let is_whole = |byte: u64| last != Some(byte) || end == size || length == RECORD_BYTES;
            let mut any = false;
            for (position, fields) in records {
                let Some(byte) = place(position).filter(|byte| is_whole(*byte)) else {
                    continue;
                };
                let Some(line) = wanted.remove(&byte) else {
                    continue;
                };
                any = true;
                found.extend(fields.map(|fields| (line, fields)));
            }
            if any {
                length = WINDOW_BYTES;
            } else if length < RECORD_BYTES {
                length = RECORD_BYTES;
            } else {
                tracing::debug!(object = %self.entry.path, line, "no record begins at its byte any more");
                wanted.remove(&start);
                length = WINDOW_BYTES;
            }
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
enum SourceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Raw(#[from] RawError),
    #[error(transparent)]
    Refind(#[from] RefindError),
}

/// The header record with its line end.
fn first_line(bytes: &[u8]) -> Vec<u8> {
    let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
    bytes.get(..end).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contracts;

    /// Rows of feedback: short ones, one longer than a window, one longer than what is read of a record.
    fn csv() -> (String, Vec<RawPlace>) {
        let mut text = "feedback_id,org_id,kind,occurred_on,value\n".to_owned();
        let mut places = Vec::new();
        for number in 0..3000 {
            places.push(RawPlace {
                feed: "feedback".to_owned(),
                object: "feedback/a.csv".to_owned(),
                line: number + 2,
                byte: i64::try_from(text.len()).ok(),
                load: 1,
                row_hash: 0,
            });
            let filling = if number == 1500 {
                "长".repeat(40_000)
            } else {
                "好".to_owned()
            };
            text.push_str(&format!(
                "F{number},\"{filling}\",rating,2020-01-01,{number}\n"
            ));
        }
        (text, places)
    }

    fn read(name: &str, bytes: &[u8], places: &[&RawPlace]) -> BTreeMap<i64, RecordTexts> {
        let folder = tempfile::tempdir().unwrap();
        let runtime = crate::lake::start_runtime().unwrap();
        let raw = Store::open(
            &runtime,
            folder.path().to_str().unwrap(),
            folder.path(),
            crate::lake::WhenMissing::Make,
        )
        .unwrap();
        raw.write(name, bytes.to_vec()).unwrap();
        let feeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/feeds");
        let contracts = Contracts::load_dir(&feeds).unwrap();
        let source = Source {
            raw: &raw,
            entry: &raw.find(name).unwrap().unwrap(),
            kind: FileKind::from_name(name).unwrap(),
            contract: contracts.get("feedback").unwrap(),
        };
        source.records(places).unwrap()
    }

    #[test]
    fn records_are_found_by_byte_and_by_line_whatever_their_length() {
        let (text, places) = csv();
        let mut wanted: Vec<&RawPlace> = places.iter().step_by(250).collect();
        wanted.push(places.last().unwrap());
        wanted.extend(&places[1499..1502]);
        let by_byte = read("feedback/a.csv", text.as_bytes(), &wanted);
        assert_eq!(by_byte.len(), 15);
        for (line, fields) in &by_byte {
            assert_eq!(fields[0].1, format!("F{}", line - 2));
            assert_eq!(fields[4], ("value".to_owned(), (line - 2).to_string()));
        }
        assert_eq!(by_byte[&1502][1].1.chars().count(), 40_000);
        let packed = zstd::encode_all(text.as_bytes(), 1).unwrap();
        assert_eq!(read("feedback/a.csv.zst", &packed, &wanted), by_byte);
        // A file that has changed since.
        let shorter = text.get(..200).unwrap();
        let left = read("feedback/a.csv", shorter.as_bytes(), &wanted);
        assert_eq!(left.into_keys().collect::<Vec<_>>(), [2]);
    }
}
