//! The reading pass over one feed's new objects.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::{Arc, mpsc};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::columns::{LINE, moving_schema};
use super::convert::{Converted, Converter, FileContext, Identity, Refusal};
use super::discover::{HashHandle, HashingReader, NewObject, city_of_path, judge_header};
use super::drift::{drift_refusal, header_refusal, is_held, late_names, retyped};
use super::history::History;
use super::receipts::{MOST_ROWS, RefusedLine};
use super::resolve::{KeyRecord, Resolver, RowState};
use super::spill::{BucketRows, DayBuckets, Spill};
use super::{Ingest, IngestError, RefusedObject};
use crate::contract::{
    Contract, Drift, DriftClass, DriftPolicy, HeaderMatch, MOST_TOLD, Mode, told_heading,
};
use crate::lake::{ObjectEntry, StoreError, TableChange};
use crate::raw::{self, Limits, RawBlock, RawError, RecordReader};

/// Bytes of raw objects that one bucket of the spill should stand for.
const BUCKET_BYTES: u64 = 12 * 1024 * 1024;
const MOST_BUCKETS: u64 = 256;
/// Columns of a file: every row has a field for each, so a header without end would cost memory without end.
const MOST_COLUMNS: usize = 10_000;
/// A raw record is seldom shorter; gives the guess of rows for the key filter.
const LEAST_RECORD_BYTES: u64 = 64;

/// An object to be loaded.
#[derive(Clone)]
pub(super) struct Incoming {
    pub object: NewObject,
    /// Its quarantined lines, when it was loaded before and only these are to be read again.
    pub replay: Option<ReplayedLines>,
}

impl Incoming {
    /// An object that has not been loaded yet.
    pub fn new(object: &NewObject) -> Incoming {
        Incoming {
            object: object.clone(),
            replay: None,
        }
    }
}

/// Lines of an object that are read once more.
#[derive(Clone)]
pub(super) struct ReplayedLines {
    /// Order of the load that they came in.
    pub sequence: i64,
    /// Names this reading of them.
    pub load_id: String,
    /// Their numbers.
    pub lines: HashSet<u64>,
}

/// One object being loaded.
pub(super) struct LoadedFile {
    pub object: NewObject,
    /// Order of its load.
    pub sequence: i64,
    pub replay: Option<ReplayedLines>,
    /// What converting its blocks needs.
    context: Arc<FileContext>,
    /// Headers that the contract does not know.
    pub unknown: BTreeSet<String>,
    /// The sheet read, in a workbook.
    pub sheet: Option<String>,
    /// Further sheets of a workbook that have the feed's header and are not read.
    pub unread_sheets: Vec<String>,
    pub encoding: String,
    /// How its columns differ from the contract's.
    pub drift: Vec<Drift>,
    /// Values that did not read as their column's type, by column.
    pub unreadable: BTreeMap<String, i64>,
    /// Records that the reader gave.
    pub read: i64,
    pub quarantined: i64,
    /// Of these, those that name a city themselves.
    pub quarantined_of: BTreeMap<String, i64>,
    /// The file's own headings.
    pub header_names: Vec<String>,
    /// What its receipt says of refused rows.
    pub refused_lines: Vec<RefusedLine>,
    /// Lines that left the quarantine.
    pub replayed: Vec<i64>,
    /// Replayed rows that are refused once more, by reason.
    pub still_refused: BTreeMap<&'static str, i64>,
    /// Accepted rows by city, to name the city of a file whose path does not.
    pub cities: BTreeMap<String, i64>,
}

impl LoadedFile {
    /// The city that sent the file: by its folder (`city=3702`), else the city of most of its rows, of refused ones where no other
    /// is.
    pub fn city(&self, ingest: &Ingest<'_>) -> Option<String> {
        let most = |rows: &BTreeMap<String, i64>| {
            let most = rows.iter().max_by_key(|(_, rows)| **rows);
            most.map(|(city, _)| city.clone())
        };
        city_of_path(&self.object.entry.path, ingest.divisions)
            .or_else(|| most(&self.cities))
            .or_else(|| most(&self.quarantined_of))
    }

    /// Names this reading of the object.
    pub fn load_id(&self) -> &str {
        match &self.replay {
            Some(replay) => &replay.load_id,
            None => &self.object.load_id,
        }
    }

    /// Where the contract's columns stand in the file.
    pub fn header(&self) -> &HeaderMatch {
        &self.context.header
    }

    fn shared(&self) -> Arc<FileContext> {
        Arc::clone(&self.context)
    }
}

/// A feed's load: reading pass, then [`FeedLoad::commit`].
pub(super) struct FeedLoad<'a> {
    pub ingest: &'a Ingest<'a>,
    pub contract: &'a Contract,
    /// Names the transaction and the vault's files.
    pub name: String,
    pub files: Vec<LoadedFile>,
    pub refused: Vec<RefusedObject>,
    /// Order of the next file that is not replayed.
    pub next_sequence: i64,
    pub bytes: u64,
    pub changes: Vec<TableChange>,
    pub refusals: Vec<(usize, Refusal)>,
    pub identities: HashMap<(&'static str, i64), String>,
    buckets: DayBuckets,
    pub spill: Spill,
    pub resolver: Resolver,
    waiting: VecDeque<Incoming>,
}

/// A block that is being converted, with the index of its file.
type UnderWay = (usize, mpsc::Receiver<Result<Parted, ArrowError>>);

/// A converted block, and its rows by bucket.
type Parted = (Converted, Vec<BucketRows>);

/// What the serial stage gives next.
enum Next {
    Block(usize, Box<dyn RawBlock>),
    /// The object cannot be loaded as a whole, though rows of it may have been taken.
    Withdrawn(RefusedObject),
    /// Enough is under way.
    Wait,
    End,
}

/// A reader, and the hash of what it has read.
type Opened = (Box<dyn RecordReader>, HashHandle);

struct OpenFile {
    index: usize,
    reader: Box<dyn RecordReader>,
    hash: HashHandle,
}

impl<'a> FeedLoad<'a> {
    fn new(
        ingest: &'a Ingest<'a>,
        contract: &'a Contract,
        name: String,
        next_sequence: i64,
        objects: &[Incoming],
    ) -> FeedLoad<'a> {
        let size: u64 = objects
            .iter()
            .map(|incoming| incoming.object.entry.size)
            .sum();
        let schema = moving_schema(contract);
        let buckets = (size / BUCKET_BYTES + 1).min(MOST_BUCKETS);
        let day = day_columns(contract).and_then(|(day, _)| schema.index_of(&day).ok());
        let buckets = DayBuckets::new(day, usize::try_from(buckets).unwrap_or(1));
        FeedLoad {
            ingest,
            contract,
            name,
            files: Vec::new(),
            refused: Vec::new(),
            next_sequence,
            bytes: 0,
            changes: Vec::new(),
            refusals: Vec::new(),
            identities: HashMap::new(),
            buckets,
            spill: Spill::new(schema, buckets),
            resolver: Resolver::new(size / LEAST_RECORD_BYTES),
            waiting: objects.iter().cloned().collect(),
        }
    }

    /// A load of all objects that can be read to their ends, ready to be committed, and those that cannot. `name_of` names
    /// the load by what it reads.
    pub fn of_readable(
        ingest: &'a Ingest<'a>,
        contract: &'a Contract,
        name_of: &dyn Fn(&[Incoming]) -> String,
        next_sequence: i64,
        mut objects: Vec<Incoming>,
        progress: &mut dyn FnMut(&str, u64),
    ) -> Result<(FeedLoad<'a>, Vec<RefusedObject>), IngestError> {
        let mut refused = Vec::new();
        loop {
            let name = name_of(&objects);
            let mut load = FeedLoad::new(ingest, contract, name, next_sequence, &objects);
            let withdrawn = load.read(progress)?;
            if withdrawn.is_empty() {
                return Ok((load, refused));
            }
            let is_withdrawn = |incoming: &Incoming| {
                let path = &incoming.object.entry.path;
                withdrawn.iter().any(|refused| refused.object == *path)
            };
            objects.retain(|incoming| !is_withdrawn(incoming));
            refused.extend(withdrawn);
        }
    }

    /// Reads every new object, in path order; blocks are converted on all threads, their results taken in order.
    ///
    /// Objects that prove unreadable after rows of them were taken are given back, all at once: the load is then to be
    /// thrown away and begun again without them, so that no row of them is left anywhere.
    fn read(
        &mut self,
        progress: &mut dyn FnMut(&str, u64),
    ) -> Result<Vec<RefusedObject>, IngestError> {
        let converter = Converter::new(
            self.contract,
            self.ingest.pseudonymiser,
            self.ingest.divisions,
        );
        let mut withdrawn = self.read_blocks(&converter, progress)?;
        let is_withdrawn = |refused: &RefusedObject, withdrawn: &[RefusedObject]| {
            withdrawn.iter().any(|known| known.object == refused.object)
        };
        for refused in self.find_late_drift() {
            // A file that could not be read to its end says nothing reliable of its columns.
            if !is_withdrawn(&refused, &withdrawn) {
                withdrawn.push(refused);
            }
        }
        if withdrawn.is_empty() {
            self.add_history()?;
        }
        Ok(withdrawn)
    }

    /// Cuts blocks on this thread, lets all others convert them, and takes the results in the order of the blocks. So
    /// many blocks are under way that no thread waits for this one, and no more.
    fn read_blocks(
        &mut self,
        converter: &Converter<'_>,
        progress: &mut dyn FnMut(&str, u64),
    ) -> Result<Vec<RefusedObject>, IngestError> {
        let most_under_way = rayon::current_num_threads() * 2 + 2;
        rayon::in_place_scope(|scope| {
            let mut under_way: VecDeque<UnderWay> = VecDeque::new();
            let mut open: Option<OpenFile> = None;
            let mut withdrawn = Vec::new();
            loop {
                let next = if under_way.len() < most_under_way {
                    self.next_block(&mut open)?
                } else {
                    Next::Wait
                };
                match next {
                    Next::Block(index, block) => {
                        let Some(context) = self.files.get(index).map(LoadedFile::shared) else {
                            continue;
                        };
                        let (sender, receiver) = mpsc::sync_channel(1);
                        let buckets = self.buckets;
                        scope.spawn(move |_| {
                            let converted = converter.convert(&context, block);
                            let parted = converted.and_then(|converted| {
                                let rows = buckets.part(&converted.batch)?;
                                Ok((converted, rows))
                            });
                            // Nobody waits for the result once the load has failed.
                            let _ = sender.send(parted);
                        });
                        under_way.push_back((index, receiver));
                        continue;
                    }
                    Next::Withdrawn(object) => {
                        withdrawn.push(object);
                        open = None;
                        continue;
                    }
                    Next::End if under_way.is_empty() => return Ok(withdrawn),
                    Next::End | Next::Wait => {}
                }
                let Some((index, receiver)) = under_way.pop_front() else {
                    continue;
                };
                let (converted, rows) = receiver
                    .recv()
                    .map_err(|_| ArrowError::ComputeError("a block was lost".to_owned()))
                    .and_then(|parted| parted)
                    .map_err(|source| IngestError::Scratch { source })?;
                progress(&self.contract.feed, converted.bytes as u64);
                self.take(index, converted, rows)?;
            }
        })
    }

    /// Notes what only the rows tell: columns whose values mostly do not read as their type, and new names in records
    /// that name their own fields. Gives the files that are to be refused for one.
    fn find_late_drift(&mut self) -> Vec<RefusedObject> {
        let mut refused = Vec::new();
        for file in &mut self.files {
            let mut late = late_names(self.contract, file);
            late.extend(retyped(self.contract, file));
            let mut reason = None;
            if let Some(drift) = late
                .iter()
                .find(|drift| drift.policy == DriftPolicy::Refuse)
            {
                reason = Some(drift_refusal(drift));
            }
            file.drift.extend(late);
            for drift in file
                .drift
                .iter_mut()
                .filter(|drift| drift.class != DriftClass::Retyped)
            {
                drift.rows = file.read;
            }
            refused.extend(reason.map(|reason| RefusedObject {
                encoding: file.encoding.clone(),
                sheet: file.sheet.clone(),
                drift: file.drift.clone(),
                ..RefusedObject::unread(&file.object.entry, reason)
            }));
        }
        refused
    }

    /// The next block of the file in hand or of the next readable one.
    fn next_block(&mut self, open: &mut Option<OpenFile>) -> Result<Next, IngestError> {
        loop {
            if open.is_none() {
                let Some(incoming) = self.waiting.pop_front() else {
                    return Ok(Next::End);
                };
                *open = self.open(incoming)?;
                continue;
            }
            let Some(file) = open.as_mut() else {
                continue;
            };
            let Some(loaded) = self.files.get_mut(file.index) else {
                return Ok(Next::End);
            };
            match file.reader.next_block() {
                Ok(Some(block)) => return Ok(Next::Block(file.index, block)),
                Ok(None) if file.hash.hash() != loaded.object.content_hash => {
                    return Ok(Next::Withdrawn(changed(&loaded.object.entry)));
                }
                Ok(None) => loaded.encoding = file.reader.encoding().to_string(),
                Err(error) => {
                    let entry = &loaded.object.entry;
                    return refusal_or_failure(entry, error).map(Next::Withdrawn);
                }
            }
            *open = None;
        }
    }

    fn reader(&self, object: &NewObject) -> Result<Result<Opened, RefusedObject>, IngestError> {
        let source = HashingReader::new(self.ingest.raw.reader_of(&object.entry));
        let hash = source.handle();
        let judge = |fields: &[String]| judge_header(self.contract, fields);
        let opened = raw::open(
            Box::new(source),
            object.entry.size,
            object.kind,
            Limits::default(),
            &judge,
        );
        match opened {
            Ok(reader) => Ok(Ok((reader, hash))),
            Err(error) => refusal_or_failure(&object.entry, error).map(Err),
        }
    }

    /// Tells the resolver of rows of an earlier load that the lake does not hold, since they repeated what stood.
    /// Gives the object back when it proves unreadable.
    pub fn add_repeated(&mut self, load: &Incoming) -> Result<Option<RefusedObject>, IngestError> {
        let mut reader = match self.reader(&load.object)? {
            Ok((reader, _)) => reader,
            Err(refused) => return Ok(Some(refused)),
        };
        let Some(place) = &load.replay else {
            return Ok(None);
        };
        let header = self
            .contract
            .match_header(reader.header().unwrap_or_default());
        let converter = Converter::new(
            self.contract,
            self.ingest.pseudonymiser,
            self.ingest.divisions,
        );
        let context = FileContext {
            header,
            load_sequence: place.sequence,
            is_held: false,
            lines: None,
        };
        loop {
            let block = match reader.next_block() {
                Ok(Some(block)) => block,
                Ok(None) => return Ok(None),
                Err(error) => return refusal_or_failure(&load.object.entry, error).map(Some),
            };
            let converted = converter
                .convert(&context, block)
                .map_err(|source| IngestError::Scratch { source })?;
            for key in converted.keys {
                self.resolver.add_history(KeyRecord {
                    state: RowState::Repeated,
                    ..key
                })?;
            }
        }
    }

    /// Opens an object and matches its header; an unusable one is refused as a whole.
    fn open(&mut self, incoming: Incoming) -> Result<Option<OpenFile>, IngestError> {
        let Incoming { object, replay } = incoming;
        let (reader, hash) = match self.reader(&object)? {
            Ok(opened) => opened,
            Err(refused) => {
                self.refused.push(refused);
                return Ok(None);
            }
        };
        let names = reader.header().unwrap_or_default();
        let refused = |reason: String, drift: &[Drift]| RefusedObject {
            encoding: reader.encoding().to_string(),
            sheet: reader.sheet().map(told_heading),
            drift: drift.to_vec(),
            ..RefusedObject::unread(&object.entry, reason)
        };
        if names.len() > MOST_COLUMNS {
            let reason = format!(
                "the header has {} columns, and no honest file has more than {MOST_COLUMNS}",
                names.len()
            );
            self.refused.push(refused(reason, &[]));
            return Ok(None);
        }
        let header = self.contract.match_header(names);
        // A file without any record names no field, and lacks none.
        let has_header = reader.header().is_some();
        // Two names of one column are no fault where each record has one of them.
        let is_usable = header.is_usable()
            || reader.records_name_fields() && header.missing_required.is_empty();
        let drift = if has_header {
            self.contract.header_drift(&header)
        } else {
            Vec::new()
        };
        if has_header && !is_usable {
            let reason = header_refusal(self.contract, &header, &drift);
            self.refused.push(refused(reason, &drift));
            return Ok(None);
        }
        if let Some(refusing) = drift
            .iter()
            .find(|drift| drift.policy == DriftPolicy::Refuse)
        {
            self.refused.push(refused(drift_refusal(refusing), &drift));
            return Ok(None);
        }
        let unread = reader.unread_sheets().iter();
        let unread_sheets: Vec<String> = unread.map(|sheet| told_heading(sheet)).collect();
        if !unread_sheets.is_empty() {
            tracing::warn!(
                object = %object.entry.path,
                sheets = %unread_sheets.join(", "),
                "further sheets have the header too and are not read: only the first is"
            );
        }
        self.bytes += object.entry.size;
        let index = self.files.len();
        let sequence = match &replay {
            Some(replay) => replay.sequence,
            None => {
                self.next_sequence += 1;
                self.next_sequence - 1
            }
        };
        let context = Arc::new(FileContext {
            load_sequence: sequence,
            is_held: is_held(&drift),
            lines: replay.as_ref().map(|replay| replay.lines.clone()),
            header: header.clone(),
        });
        self.files.push(LoadedFile {
            object,
            sequence,
            replay,
            unknown: header
                .unknown
                .iter()
                .take(MOST_TOLD)
                .map(|(_, name)| name.clone())
                .collect(),
            context,
            sheet: reader.sheet().map(told_heading),
            unread_sheets,
            encoding: String::new(),
            drift,
            unreadable: BTreeMap::new(),
            read: 0,
            quarantined: 0,
            quarantined_of: BTreeMap::new(),
            header_names: reader.header().unwrap_or_default().to_vec(),
            refused_lines: Vec::new(),
            replayed: Vec::new(),
            still_refused: BTreeMap::new(),
            cities: BTreeMap::new(),
        });
        Ok(Some(OpenFile {
            index,
            reader,
            hash,
        }))
    }

    fn take(
        &mut self,
        index: usize,
        converted: Converted,
        rows: Vec<BucketRows>,
    ) -> Result<(), IngestError> {
        let Some(file) = self.files.get_mut(index) else {
            return Ok(());
        };
        let mut refusals = converted.refusals;
        if file.replay.is_some() {
            // What is still refused stays in quarantine as it is.
            for refusal in refusals.drain(..) {
                *file.still_refused.entry(refusal.reason.code()).or_default() += 1;
            }
            file.replayed.extend(lines_of(&converted.batch));
        }
        let refused = refusals.len();
        let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        file.read += count(converted.batch.num_rows() + refused);
        file.quarantined += count(refused);
        let room = MOST_TOLD.saturating_sub(file.unknown.len());
        file.unknown
            .extend(converted.unknown.into_iter().take(room));
        let room = MOST_ROWS.saturating_sub(file.refused_lines.len());
        file.refused_lines
            .extend(refusals.iter().take(room).map(RefusedLine::from));
        for refusal in &refusals {
            if let Some(city) = &refusal.city {
                *file.quarantined_of.entry(city.clone()).or_default() += 1;
            }
            if refusal.reason.is_of_type() {
                *file.unreadable.entry(refusal.column.clone()).or_default() += 1;
            }
        }
        for (column, emptied) in self.contract.columns.iter().zip(&converted.emptied) {
            if *emptied > 0 {
                *file.unreadable.entry(column.name.clone()).or_default() += emptied;
            }
        }
        if let Some(city) = self
            .contract
            .city
            .and_then(|city| self.contract.columns.get(city))
            && let Some(column) = converted.batch.column_by_name(&city.name)
        {
            for city in column.as_string_view().iter().flatten() {
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
        self.refusals
            .extend(refusals.into_iter().map(|refusal| (index, refusal)));
        self.flush_refusals_when_many()?;
        self.spill
            .write(rows, converted.batch.get_array_memory_size())
    }

    /// Adds the earlier rows whose keys may meet new ones.
    fn add_history(&mut self) -> Result<(), IngestError> {
        let is_snapshot = matches!(self.contract.mode, Mode::Snapshot { .. });
        let is_replay = self.files.iter().any(|file| file.replay.is_some());
        // The keys of a snapshot feed hold their load, so new loads meet no earlier row.
        if self.files.is_empty() || is_snapshot && !is_replay {
            return Ok(());
        }
        let table = table_path(&self.contract.feed);
        let Some(snapshot) = self.ingest.lake.snapshot(&table)? else {
            return Ok(());
        };
        let history = History::of(self.contract);
        let columns = history.columns();
        for file in &snapshot.files {
            for batch in self.ingest.lake.read_rows(&table, file, &columns, None)? {
                history.add(&mut self.resolver, &batch?)?;
            }
        }
        Ok(())
    }
}

/// An object's own fault refuses it; a failure of storage ends the load, since trying again may help.
fn refusal_or_failure(entry: &ObjectEntry, error: RawError) -> Result<RefusedObject, IngestError> {
    let RawError::Read { source, .. } = error else {
        return Ok(RefusedObject::unread(entry, error.to_string()));
    };
    let is_changed = source
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<StoreError>())
        .is_some_and(|error| matches!(error, StoreError::Changed { .. }));
    if is_changed {
        return Ok(changed(entry));
    }
    Err(IngestError::Reading {
        object: entry.path.clone(),
        source,
    })
}

fn changed(entry: &ObjectEntry) -> RefusedObject {
    let reason = "it changed while it was read; the next run reads it again";
    RefusedObject::unread(entry, reason)
}

/// Path of a feed's table below the lake's root.
pub(super) fn table_path(feed: &str) -> String {
    format!("feeds/{feed}")
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

fn lines_of(batch: &RecordBatch) -> Vec<i64> {
    batch
        .column_by_name(LINE)
        .and_then(|column| column.as_primitive_opt::<Int64Type>())
        .map(|lines| lines.values().to_vec())
        .unwrap_or_default()
}
