//! Quarantined rows once more, after their contract was mended.
//!
//! A row takes the place that it would have had in the load it came in: of later rows with its key it is an older version,
//! of earlier ones the newer. Rows that are still refused stay in quarantine as they are.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array};
use arrow::datatypes::{Date32Type, Int64Type};
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;

use super::discover::{self, NewObject};
use super::feed::{FeedLoad, Incoming, LoadedFile, ReplayedLines};
use super::ledger::{self, Account, LoadRow, QUARANTINE};
use super::{Ingest, IngestError, RefusedObject};
use crate::lake::{Lake, ObjectEntry, TableChange, TableError, delta_schema};
use crate::raw::FileKind;

/// What a replay came to.
#[derive(Debug, Default)]
pub struct ReplaySummary {
    /// By feed, the account of the rows that left the quarantine.
    pub feeds: Vec<(String, Account)>,
    /// By feed and reason, rows that are refused still.
    pub refused: BTreeMap<(String, &'static str), i64>,
    /// Objects that hold quarantined rows and cannot be read again.
    pub unreadable: Vec<RefusedObject>,
}

/// What became of an object that was loaded before.
enum Reread {
    /// It is there as it was.
    Same(NewObject),
    /// Its sender has sent another content under the same name, and that is loaded: the old rows are settled.
    Mended,
    /// It cannot be read again.
    Not(RefusedObject),
}

/// Lines in quarantine by feed and load.
type Outstanding = BTreeMap<String, BTreeMap<String, BTreeSet<u64>>>;

impl Ingest<'_> {
    /// Reads every quarantined row again and loads those that its contract now accepts.
    ///
    /// # Errors
    /// [`IngestError`]; feeds finished before the error stay replayed.
    pub fn replay(
        &self,
        progress: &mut dyn FnMut(&str, u64),
    ) -> Result<ReplaySummary, IngestError> {
        let mut summary = ReplaySummary::default();
        let loads = ledger::read_loads(self.lake)?;
        let by_id: BTreeMap<&str, &LoadRow> = loads
            .iter()
            .map(|row| (row.load_id.as_str(), row))
            .collect();
        let objects: BTreeMap<String, ObjectEntry> = self
            .raw
            .list_all()?
            .0
            .into_iter()
            .map(|entry| (entry.path.clone(), entry))
            .collect();
        for (feed, by_load) in outstanding(self.lake)? {
            let Some(contract) = self.contracts.get(&feed) else {
                continue;
            };
            self.check_types(contract)?;
            let mut incoming = Vec::new();
            for (load_id, lines) in by_load {
                let Some(load) = by_id.get(load_id.as_str()) else {
                    continue;
                };
                match self.reread(load, &loads, &objects)? {
                    Reread::Same(object) => incoming.push(Incoming {
                        object,
                        replay: Some(replayed_lines(load, &lines)),
                    }),
                    Reread::Mended => {}
                    Reread::Not(refused) => summary.unreadable.push(refused),
                }
            }
            incoming.sort_by_key(|incoming| incoming.replay.as_ref().map(|replay| replay.sequence));
            let (mut load, withdrawn) = FeedLoad::of_readable(
                self,
                contract,
                &|incoming| replay_name(&feed, incoming),
                0,
                incoming,
                progress,
            )?;
            summary.unreadable.extend(withdrawn);
            summary.unreadable.append(&mut load.refused);
            for file in &load.files {
                for (reason, rows) in &file.still_refused {
                    *summary.refused.entry((feed.clone(), reason)).or_default() += rows;
                }
            }
            if load.files.iter().all(|file| file.replayed.is_empty()) {
                continue;
            }
            for later in self.later_loads(&load.files, &feed, &loads, &objects)? {
                if let Some(refused) = load.add_repeated(&later)? {
                    summary.unreadable.push(refused);
                }
            }
            let outcome = load.commit()?;
            summary.feeds.push((feed, outcome.account));
        }
        Ok(summary)
    }

    /// Looks for the object of an earlier load.
    fn reread(
        &self,
        load: &LoadRow,
        loads: &[LoadRow],
        objects: &BTreeMap<String, ObjectEntry>,
    ) -> Result<Reread, IngestError> {
        let not = |reason: &str| {
            Ok(Reread::Not(RefusedObject {
                object: load.object.clone(),
                reason: reason.to_owned(),
                ..RefusedObject::default()
            }))
        };
        let Some(entry) = objects.get(&load.object) else {
            return not("it is no longer in the raw root");
        };
        let Some(kind) = FileKind::from_name(&load.object) else {
            return not("its suffix is no longer known");
        };
        let content_hash = discover::content_hash(self.raw, entry)?;
        if content_hash != load.content_hash {
            let is_loaded = loads
                .iter()
                .any(|other| other.object == load.object && other.content_hash == content_hash);
            return if is_loaded {
                Ok(Reread::Mended)
            } else {
                not("it has other content by now, which the next run loads")
            };
        }
        Ok(Reread::Same(NewObject {
            entry: entry.clone(),
            kind,
            load_id: load.load_id.clone(),
            content_hash,
        }))
    }

    /// Loads of the feed from the first replayed one on that held rows which were not kept: what a row repeats is newer
    /// than a replayed row before it, though the lake holds no trace of it.
    fn later_loads(
        &self,
        replayed: &[LoadedFile],
        feed: &str,
        loads: &[LoadRow],
        objects: &BTreeMap<String, ObjectEntry>,
    ) -> Result<Vec<Incoming>, IngestError> {
        let Some(first) = replayed.iter().map(|file| file.sequence).min() else {
            return Ok(Vec::new());
        };
        // By object and content: a repetition may have been found by an earlier replay of the same object.
        let mut later: BTreeMap<(&str, &str), &LoadRow> = BTreeMap::new();
        for load in loads {
            if load.feed == feed && load.sequence >= first && load.account.duplicate > 0 {
                later.insert((load.object.as_str(), load.content_hash.as_str()), load);
            }
        }
        let mut found = Vec::new();
        for load in later.into_values() {
            if let Reread::Same(object) = self.reread(load, loads, objects)? {
                found.push(Incoming {
                    object,
                    replay: Some(ReplayedLines {
                        sequence: load.sequence,
                        load_id: load.load_id.clone(),
                        lines: HashSet::new(),
                    }),
                });
            }
        }
        Ok(found)
    }
}

fn replayed_lines(load: &LoadRow, lines: &BTreeSet<u64>) -> ReplayedLines {
    let mut hash = blake3::Hasher::new();
    hash.update(load.load_id.as_bytes());
    for line in lines {
        hash.update(&line.to_le_bytes());
    }
    let mut load_id = hash.finalize().to_hex().to_string();
    load_id.truncate(16);
    ReplayedLines {
        sequence: load.sequence,
        load_id,
        lines: lines.iter().copied().collect(),
    }
}

/// Names a replay by what it reads, so that a killed one and the next have the same name.
fn replay_name(feed: &str, incoming: &[Incoming]) -> String {
    let mut hash = blake3::Hasher::new();
    for replay in incoming
        .iter()
        .filter_map(|incoming| incoming.replay.as_ref())
    {
        hash.update(replay.load_id.as_bytes());
    }
    let mut name = hash.finalize().to_hex().to_string();
    name.truncate(16);
    format!("{feed}-replay-{name}")
}

/// Every quarantined row that has not been replayed.
fn outstanding(lake: &Lake) -> Result<Outstanding, TableError> {
    let mut found = Outstanding::new();
    let columns = ["feed", "load_id", "line", "replayed_on"];
    let files = lake.snapshot(QUARANTINE)?.map(|table| table.files);
    for file in files.unwrap_or_default() {
        for batch in lake.read_rows(QUARANTINE, &file, &columns, None)? {
            let batch = batch?;
            let Some(rows) = Rows::of(&batch) else {
                continue;
            };
            for row in (0..batch.num_rows()).filter(|row| rows.replayed_on.is_null(*row)) {
                let by_load = found.entry(rows.feeds.value(row).to_owned()).or_default();
                let lines = by_load
                    .entry(rows.load_ids.value(row).to_owned())
                    .or_default();
                lines.insert(u64::try_from(rows.lines.value(row)).unwrap_or_default());
            }
        }
    }
    Ok(found)
}

/// The columns of a quarantine batch that say which row it is.
struct Rows<'a> {
    feeds: &'a arrow::array::StringArray,
    load_ids: &'a arrow::array::StringArray,
    lines: &'a arrow::array::Int64Array,
    replayed_on: &'a Date32Array,
}

impl<'a> Rows<'a> {
    fn of(batch: &'a RecordBatch) -> Option<Rows<'a>> {
        Some(Rows {
            feeds: batch.column_by_name("feed")?.as_string_opt()?,
            load_ids: batch.column_by_name("load_id")?.as_string_opt()?,
            lines: batch
                .column_by_name("line")?
                .as_primitive_opt::<Int64Type>()?,
            replayed_on: batch
                .column_by_name("replayed_on")?
                .as_primitive_opt::<Date32Type>()?,
        })
    }
}

/// Marks quarantined rows as replayed: each file that holds one is written again.
///
/// # Errors
/// When the lake fails.
pub(super) fn mark_replayed(
    lake: &Lake,
    replayed: &HashSet<(String, i64)>,
    on: NaiveDate,
) -> Result<Option<TableChange>, IngestError> {
    let mut change: Option<TableChange> = None;
    for file in lake
        .snapshot(QUARANTINE)?
        .map(|table| table.files)
        .unwrap_or_default()
    {
        let mut batches = Vec::new();
        let mut is_touched = false;
        for batch in lake.read_rows(QUARANTINE, &file, &[], None)? {
            let (batch, touched) = marked(&batch?, replayed, on)?;
            is_touched |= touched;
            batches.push(batch);
        }
        let Some(schema) = batches
            .first()
            .map(RecordBatch::schema)
            .filter(|_| is_touched)
        else {
            continue;
        };
        let whole = arrow::compute::concat_batches(&schema, &batches)
            .map_err(|source| IngestError::Scratch { source })?;
        let written = lake.write_rows(QUARANTINE, "", "", &whole)?;
        let change = change.get_or_insert(TableChange {
            table: QUARANTINE.to_owned(),
            schema: delta_schema(QUARANTINE, &schema)?,
            description: "Quarantined rows, without their text".to_owned(),
            add: Vec::new(),
            remove: Vec::new(),
            note: BTreeMap::new(),
        });
        change.add.push(written);
        change.remove.push(file.path);
    }
    Ok(change)
}

fn marked(
    batch: &RecordBatch,
    replayed: &HashSet<(String, i64)>,
    on: NaiveDate,
) -> Result<(RecordBatch, bool), IngestError> {
    let Some(rows) = Rows::of(batch) else {
        return Ok((batch.clone(), false));
    };
    let mut is_touched = false;
    let days: Date32Array = (0..batch.num_rows())
        .map(|row| {
            if rows.replayed_on.is_valid(row) {
                return Some(rows.replayed_on.value(row));
            }
            let place = (rows.load_ids.value(row).to_owned(), rows.lines.value(row));
            let is_replayed = replayed.contains(&place);
            is_touched |= is_replayed;
            is_replayed.then(|| on.to_epoch_days())
        })
        .collect();
    let schema = batch.schema();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| match field.name().as_str() {
            "replayed_on" => Arc::new(days.clone()) as ArrayRef,
            _ => Arc::clone(column),
        })
        .collect();
    let batch =
        RecordBatch::try_new(schema, columns).map_err(|source| IngestError::Scratch { source })?;
    Ok((batch, is_touched))
}
