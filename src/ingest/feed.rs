//! The reading pass over one feed's new objects.

use std::collections::{BTreeMap, HashMap, VecDeque};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::columns::{LINE, LOAD_SEQUENCE, ROW_HASH, feed_schema};
use super::convert::{
    Converted, Converter, FileContext, Identity, Refusal, canonical_int, canonical_null,
    canonical_text, key_hash,
};
use super::discover::{HashHandle, HashingReader, NewObject};
use super::resolve::{KeyRecord, Resolver};
use super::spill::Spill;
use super::{Ingest, IngestError, RefusedObject, refusal_of};
use crate::contract::{Contract, HeaderMatch, LakePart, Mode};
use crate::lake::TableChange;
use crate::raw::{self, Limits, RawBlock, RawError, RecordReader};

/// Bytes of raw objects that one bucket of the spill should stand for.
const BUCKET_BYTES: u64 = 32 * 1024 * 1024;
const MOST_BUCKETS: u64 = 256;
/// A raw record is seldom shorter; gives the guess of rows for the key filter.
const LEAST_RECORD_BYTES: u64 = 64;

/// One object being loaded.
pub(super) struct LoadedFile {
    pub object: NewObject,
    pub sequence: i64,
    pub header: HeaderMatch,
    pub unknown: Vec<String>,
    pub encoding: String,
    /// Records that the reader gave.
    pub read: i64,
    pub quarantined: i64,
    /// Accepted rows by city, to name the city of a file whose path does not.
    pub cities: BTreeMap<String, i64>,
}

impl LoadedFile {
    /// The city that sent the file: by its folder (`city=3702`), else the city of most of its rows.
    pub fn city(&self, ingest: &Ingest<'_>) -> Option<String> {
        let hinted = self
            .object
            .entry
            .path
            .split('/')
            .find_map(|folder| folder.strip_prefix("city="))
            .map(|code| format!("{code:0<6}"))
            .and_then(|code| ingest.divisions.city_of(&code).code())
            .map(|code| code.as_str().to_owned());
        hinted.or_else(|| {
            self.cities
                .iter()
                .max_by_key(|(_, rows)| **rows)
                .map(|(city, _)| city.clone())
        })
    }
}

/// A feed's load: reading pass, then [`FeedLoad::commit`].
pub(super) struct FeedLoad<'a> {
    pub ingest: &'a Ingest<'a>,
    pub contract: &'a Contract,
    pub files: Vec<LoadedFile>,
    pub refused: Vec<RefusedObject>,
    pub first_sequence: i64,
    pub bytes: u64,
    pub changes: Vec<TableChange>,
    pub refusals: Vec<(usize, Refusal)>,
    pub identities: HashMap<(&'static str, i64), String>,
    pub spill: Spill,
    pub resolver: Resolver,
    waiting: VecDeque<NewObject>,
}

/// A block and the index of its file.
type FileBlock = (usize, Box<dyn RawBlock>);

struct OpenFile {
    index: usize,
    reader: Box<dyn RecordReader>,
    hash: HashHandle,
}

impl<'a> FeedLoad<'a> {
    pub fn new(
        ingest: &'a Ingest<'a>,
        contract: &'a Contract,
        first_sequence: i64,
        objects: &[NewObject],
    ) -> FeedLoad<'a> {
        let size: u64 = objects.iter().map(|object| object.entry.size).sum();
        let schema = feed_schema(contract);
        let buckets = (size / BUCKET_BYTES + 1).min(MOST_BUCKETS);
        let day = day_columns(contract).and_then(|(day, _)| schema.index_of(&day).ok());
        FeedLoad {
            ingest,
            contract,
            files: Vec::new(),
            refused: Vec::new(),
            first_sequence,
            bytes: 0,
            changes: Vec::new(),
            refusals: Vec::new(),
            identities: HashMap::new(),
            spill: Spill::new(schema, day, usize::try_from(buckets).unwrap_or(1)),
            resolver: Resolver::new(first_sequence, size / LEAST_RECORD_BYTES),
            waiting: objects.iter().cloned().collect(),
        }
    }

    /// Reads every new object, in path order; blocks are converted on all threads, their results taken in order.
    pub fn read(&mut self, progress: &mut dyn FnMut(&str, u64)) -> Result<(), IngestError> {
        let converter = Converter::new(
            self.contract,
            self.ingest.pseudonymiser,
            self.ingest.divisions,
        );
        let at_once = rayon::current_num_threads() * 2;
        let mut open: Option<OpenFile> = None;
        loop {
            let mut blocks: Vec<FileBlock> = Vec::with_capacity(at_once);
            while blocks.len() < at_once {
                match self.next_block(&mut open)? {
                    Some(block) => blocks.push(block),
                    None => break,
                }
            }
            if blocks.is_empty() {
                break;
            }
            let files = &self.files;
            let converted: Vec<(usize, Converted)> = blocks
                .into_par_iter()
                .filter_map(|(index, block)| files.get(index).map(|file| (index, file, block)))
                .map(|(index, file, block)| {
                    let context = FileContext {
                        header: &file.header,
                        load_id: &file.object.load_id,
                        load_sequence: file.sequence,
                        object: &file.object.entry.path,
                    };
                    converter
                        .convert(&context, &block.parse(), block.byte_len())
                        .map(|converted| (index, converted))
                        .map_err(|source| IngestError::Scratch { source })
                })
                .collect::<Result<_, _>>()?;
            for (index, converted) in converted {
                progress(&self.contract.feed, converted.bytes as u64);
                self.take(index, converted)?;
            }
        }
        self.add_history()
    }

    /// The next block of the file in hand or of the next readable one.
    fn next_block(
        &mut self,
        open: &mut Option<OpenFile>,
    ) -> Result<Option<FileBlock>, IngestError> {
        loop {
            if open.is_none() {
                let Some(object) = self.waiting.pop_front() else {
                    return Ok(None);
                };
                *open = self.open(object)?;
                continue;
            }
            let Some(file) = open.as_mut() else {
                continue;
            };
            let block = file
                .reader
                .next_block()
                .map_err(|error| self.reading_error(file.index, error))?;
            if let Some(block) = block {
                return Ok(Some((file.index, block)));
            }
            if let Some(loaded) = self.files.get_mut(file.index) {
                loaded.encoding = file.reader.encoding().to_string();
                if file.hash.hash() != loaded.object.content_hash {
                    return Err(IngestError::Changed {
                        object: loaded.object.entry.path.clone(),
                    });
                }
            }
            *open = None;
        }
    }

    fn reading_error(&self, index: usize, error: RawError) -> IngestError {
        IngestError::Reading {
            object: self
                .files
                .get(index)
                .map(|file| file.object.entry.path.clone())
                .unwrap_or_default(),
            source: std::io::Error::other(error),
        }
    }

    /// Opens an object and matches its header; an unusable one is refused as a whole.
    fn open(&mut self, object: NewObject) -> Result<Option<OpenFile>, IngestError> {
        let source = HashingReader::new(
            self.ingest
                .raw
                .reader(&object.entry.path, object.entry.size),
        );
        let hash = source.handle();
        let reader = match raw::open(Box::new(source), object.format, Limits::default()) {
            Ok(reader) => reader,
            Err(RawError::Read { source, .. }) => {
                return Err(IngestError::Reading {
                    object: object.entry.path,
                    source,
                });
            }
            Err(error) => {
                self.refuse(&object, refusal_of(&error));
                return Ok(None);
            }
        };
        let header = self.contract.match_header(reader.header());
        if !header.is_usable() {
            let mut reasons = Vec::new();
            if !header.missing_required.is_empty() {
                let missing = header.missing_required.join("`, `");
                reasons.push(format!(
                    "required column `{missing}` is missing from the header"
                ));
            }
            if !header.duplicated.is_empty() {
                let twice = header.duplicated.join("`, `");
                reasons.push(format!("two headers name the column `{twice}`"));
            }
            self.refuse(&object, reasons.join("; "));
            return Ok(None);
        }
        self.bytes += object.entry.size;
        let index = self.files.len();
        let sequence = self.first_sequence + i64::try_from(index).unwrap_or_default();
        self.files.push(LoadedFile {
            object,
            sequence,
            unknown: header
                .unknown
                .iter()
                .map(|(_, name)| name.clone())
                .collect(),
            header,
            encoding: String::new(),
            read: 0,
            quarantined: 0,
            cities: BTreeMap::new(),
        });
        Ok(Some(OpenFile {
            index,
            reader,
            hash,
        }))
    }

    fn refuse(&mut self, object: &NewObject, reason: String) {
        self.refused.push(RefusedObject {
            object: object.entry.path.clone(),
            reason,
        });
    }

    fn take(&mut self, index: usize, converted: Converted) -> Result<(), IngestError> {
        let Some(file) = self.files.get_mut(index) else {
            return Ok(());
        };
        let refused = converted.refusals.len();
        let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        file.read += count(converted.batch.num_rows() + refused);
        file.quarantined += count(refused);
        if let Some(city) = self
            .contract
            .city
            .and_then(|city| self.contract.columns.get(city))
            && let Some(column) = converted.batch.column_by_name(&city.name)
        {
            for city in column.as_string::<i32>().iter().flatten() {
                match file.cities.get_mut(city) {
                    Some(rows) => *rows += 1,
                    None => {
                        file.cities.insert(city.to_owned(), 1);
                    }
                }
            }
        }
        for Identity { kind, key, value } in converted.identities {
            match self.identities.get(&(kind, key)) {
                Some(known) if *known != value => {
                    return Err(crate::vault::VaultError::collision(kind, key).into());
                }
                Some(_) => {}
                None => {
                    self.identities.insert((kind, key), value);
                }
            }
        }
        for key in converted.keys {
            self.resolver.add(key)?;
        }
        self.refusals.extend(
            converted
                .refusals
                .into_iter()
                .map(|refusal| (index, refusal)),
        );
        self.flush_refusals_when_many()?;
        if converted.batch.num_rows() > 0 {
            self.spill.write(converted.batch)?;
        }
        Ok(())
    }

    /// Adds the earlier rows whose keys may meet new ones.
    fn add_history(&mut self) -> Result<(), IngestError> {
        if matches!(self.contract.mode, Mode::Snapshot { .. }) || self.files.is_empty() {
            return Ok(());
        }
        let table = table_path(&self.contract.feed);
        let Some(snapshot) = self.ingest.lake.snapshot(&table)? else {
            return Ok(());
        };
        let keys = key_columns(self.contract);
        let days = day_columns(self.contract);
        let mut columns: Vec<&str> = keys.iter().map(String::as_str).collect();
        columns.extend([ROW_HASH, LOAD_SEQUENCE, LINE]);
        if let Some((day, reach)) = &days {
            columns.push(day);
            columns.extend(reach.as_deref());
        }
        for file in &snapshot.files {
            for batch in self.ingest.lake.read_rows(&table, file, &columns, None)? {
                add_history_batch(&mut self.resolver, &batch?, &keys, days.as_ref())?;
            }
        }
        Ok(())
    }
}

/// Path of a feed's table below the lake's root.
pub(super) fn table_path(feed: &str) -> String {
    format!("feeds/{feed}")
}

/// Lake columns that hold the feed's key.
fn key_columns(contract: &Contract) -> Vec<String> {
    let lake = contract.lake_columns();
    contract
        .key
        .iter()
        .filter_map(|index| {
            lake.iter()
                .find(|column| {
                    column.source == *index
                        && matches!(column.part, LakePart::Value | LakePart::Fen | LakePart::Key)
                })
                .map(|column| column.name.clone())
        })
        .collect()
}

/// Lake columns of the day and the last day of a table stored by day.
pub(super) fn day_columns(contract: &Contract) -> Option<(String, Option<String>)> {
    let partition = contract.partition.as_ref()?;
    let name = |index: usize| {
        contract
            .columns
            .get(index)
            .map(|column| format!("{}_day", column.stem))
    };
    Some((name(partition.day)?, partition.reach.and_then(name)))
}

fn add_history_batch(
    resolver: &mut Resolver,
    batch: &RecordBatch,
    keys: &[String],
    days: Option<&(String, Option<String>)>,
) -> Result<(), IngestError> {
    let int = |name: &str, row: usize| {
        batch
            .column_by_name(name)
            .and_then(|column| column.as_primitive_opt::<Int64Type>())
            .map(|column| column.value(row))
            .unwrap_or_default()
    };
    let day = |name: Option<&str>, row: usize| {
        name.and_then(|name| batch.column_by_name(name))
            .and_then(|column| column.as_primitive_opt::<Date32Type>())
            .map(|column| column.value(row))
            .unwrap_or_default()
    };
    let mut bytes = Vec::new();
    for row in 0..batch.num_rows() {
        bytes.clear();
        for key in keys {
            if let Some(column) = batch.column_by_name(key) {
                canonical_cell(column.as_ref(), row, &mut bytes);
            }
        }
        let stored = day(days.map(|(day, _)| day.as_str()), row);
        let last = day(days.and_then(|(_, reach)| reach.as_deref()), row).max(stored);
        resolver.add_history(KeyRecord {
            key: key_hash(&bytes),
            content: int(ROW_HASH, row),
            load: int(LOAD_SEQUENCE, row),
            line: int(LINE, row),
            day: stored,
            last,
        })?;
    }
    Ok(())
}

/// The canonical bytes of a stored key value: the same as when it was loaded.
fn canonical_cell(column: &dyn Array, row: usize, bytes: &mut Vec<u8>) {
    if column.is_null(row) {
        return canonical_null(bytes);
    }
    if let Some(column) = column.as_string_opt::<i32>() {
        return canonical_text(column.value(row), bytes);
    }
    if let Some(column) = column.as_primitive_opt::<Date32Type>() {
        return canonical_int(i64::from(column.value(row)), bytes);
    }
    if let Some(column) = column.as_primitive_opt::<Int64Type>() {
        canonical_int(column.value(row), bytes);
    }
}
