//! The writing pass: rows that stand go to the feed's table, everything else to its account; one transaction ends it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use arrow::array::{Array, AsArray, BooleanArray, Date32Array, TimestampMicrosecondArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Date32Type, Int64Type, SchemaRef, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::columns::{LINE, LOAD_SEQUENCE, feed_schema, moving_schema};
use super::complete::Completion;
use super::convert::{Identity, date_of};
use super::days::DayLayout;
use super::feed::{FeedLoad, LoadedFile, table_path};
use super::ledger::{
    self, Account, LOADS, LoadRow, QUARANTINE, QuarantineRow, REVISIONS, RevisionRow, adding,
};
use super::notices::DriftRow;
use super::replay::mark_replayed;
use super::resolve::{RowState, Settlement, Verdict};
use super::spill::{DayBuckets, Spill, SpilledRows};
use super::{IngestError, RefusedObject};
use crate::contract::{LakeKind, shanghai_day};
use crate::lake::{DataFile, FileSink, TableChange, Transaction, delta_schema};
use crate::vault::RawText;

/// Refused rows held in memory before they are written.
const REFUSALS_HELD: usize = 50_000;
/// Bytes of their raw text held in memory.
const REFUSED_BYTES_HELD: usize = 64 * 1024 * 1024;

/// What a feed's load came to.
pub(super) struct Outcome {
    pub loaded: usize,
    pub bytes: u64,
    pub refused: Vec<RefusedObject>,
    pub drift: Vec<DriftRow>,
    pub account: Account,
    pub next_sequence: i64,
}

type Accounts = BTreeMap<(i64, Option<String>), Account>;

fn scratch(source: arrow::error::ArrowError) -> IngestError {
    IngestError::Scratch { source }
}

impl FeedLoad<'_> {
    /// Decides which rows stand, writes all files and makes them visible at once.
    pub fn commit(mut self) -> Result<Outcome, IngestError> {
        self.flush_refusals()?;
        if self.files.is_empty() {
            return Ok(Outcome {
                loaded: 0,
                bytes: 0,
                refused: self.refused,
                drift: Vec::new(),
                account: Account::default(),
                next_sequence: self.next_sequence,
            });
        }
        let schema = moving_schema(self.contract);
        let empty = Spill::new(SchemaRef::clone(&schema), DayBuckets::new(None, 1));
        let spill = std::mem::replace(&mut self.spill, empty);
        let resolver = std::mem::replace(&mut self.resolver, super::resolve::Resolver::new(0));
        let settlement = resolver.settle()?;
        let mut accounts = Accounts::new();
        let files = self.write_rows(&schema, spill, &settlement, &mut accounts)?;
        self.account_refusals(&mut accounts);
        let by_file = self.check_conservation(&accounts)?;
        self.write_receipts(&by_file, &settlement)?;
        let identities: Vec<Identity> = std::mem::take(&mut self.identities)
            .into_iter()
            .map(|((kind, key), value)| Identity { kind, key, value })
            .collect();
        let name = self.name.clone();
        self.changes
            .extend(self.ingest.vault.add_identities(&name, &identities)?);
        self.changes.extend(self.revisions_change(&settlement)?);
        if !files.is_empty() {
            let table = table_path(&self.contract.feed);
            self.changes.push(TableChange {
                schema: delta_schema(&table, &feed_schema(self.contract))?,
                description: format!("{} {}", self.contract.title_zh, self.contract.title_en),
                table,
                add: files,
                remove: Vec::new(),
                note: BTreeMap::new(),
            });
        }
        self.changes.push(self.loads_change(&accounts)?);
        self.changes.extend(self.replayed_change()?);
        let drift = self.drift_rows();
        self.changes.extend(self.ingest.drift_change(&drift)?);
        let transaction = Transaction {
            changes: std::mem::take(&mut self.changes),
        };
        self.ingest.lake.commit_all(&name, &transaction)?;
        let mut account = Account::default();
        for part in accounts.values() {
            account.add(part);
        }
        Ok(Outcome {
            loaded: self.files.len(),
            bytes: self.bytes,
            refused: self.refused,
            drift,
            account,
            next_sequence: self.next_sequence,
        })
    }

    fn write_rows(
        &self,
        schema: &SchemaRef,
        spill: Spill,
        settlement: &Settlement,
        accounts: &mut Accounts,
    ) -> Result<Vec<DataFile>, IngestError> {
        let books = Books::new(self, schema, settlement);
        let name = |file: &LoadedFile| (file.load_id().to_owned(), file.object.entry.path.clone());
        let loads = self.files.iter().map(|file| (file.sequence, name(file)));
        let completion = Completion::new(self.contract, loads.collect());
        // Parts are written side by side; two of them are in memory on two threads.
        let written: Vec<(Vec<DataFile>, Accounts)> = spill
            .finish()?
            .into_par_iter()
            .map(|rows| self.write_part(rows, &books, &completion))
            .collect::<Result<_, _>>()?;
        let mut files = Vec::new();
        for (part, part_accounts) in written {
            files.extend(part);
            for (key, account) in part_accounts {
                accounts.entry(key).or_default().add(&account);
            }
        }
        files.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(files)
    }

    fn write_part(
        &self,
        part: SpilledRows,
        books: &Books<'_>,
        completion: &Completion,
    ) -> Result<(Vec<DataFile>, Accounts), IngestError> {
        let table = table_path(&self.contract.feed);
        let mut accounts = Accounts::new();
        if let Some(layout) = DayLayout::of(self.contract) {
            let mut standing = Vec::new();
            for batch in part.batches()? {
                standing.push(books.enter(&batch?, &mut accounts)?);
            }
            let files = layout.write(self.ingest.lake, &table, standing, completion)?;
            return Ok((files, accounts));
        }
        let mut sink: Option<FileSink> = None;
        for batch in part.batches()? {
            let rows = books.enter(&batch?, &mut accounts)?;
            if rows.num_rows() == 0 {
                continue;
            }
            let mut open = match sink.take() {
                Some(open) => open,
                None => FileSink::start(&table, "", completion.schema())?,
            };
            open.write(&completion.complete(&rows).map_err(scratch)?)?;
            sink = Some(open);
        }
        let file = sink.map(|sink| sink.finish(self.ingest.lake)).transpose()?;
        Ok((file.into_iter().collect(), accounts))
    }

    /// Writes refused rows when many are held.
    pub fn flush_refusals_when_many(&mut self) -> Result<(), IngestError> {
        let bytes: usize = self
            .refusals
            .iter()
            .map(|(_, refusal)| refusal.raw.len())
            .sum();
        if self.refusals.len() >= REFUSALS_HELD || bytes >= REFUSED_BYTES_HELD {
            self.flush_refusals()?;
        }
        Ok(())
    }

    fn flush_refusals(&mut self) -> Result<(), IngestError> {
        if self.refusals.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(self.refusals.len());
        let mut texts = Vec::with_capacity(self.refusals.len());
        for (index, refusal) in std::mem::take(&mut self.refusals) {
            let Some(file) = self.files.get(index) else {
                continue;
            };
            let line = i64::try_from(refusal.line).unwrap_or(i64::MAX);
            rows.push(QuarantineRow {
                load_on: self.ingest.as_of,
                load_id: file.object.load_id.clone(),
                sequence: file.sequence,
                feed: self.contract.feed.clone(),
                city_code: refusal.city.or_else(|| file.city(self.ingest)),
                object: file.object.entry.path.clone(),
                line,
                byte: refusal.byte.and_then(|byte| i64::try_from(byte).ok()),
                sheet: file.sheet.clone(),
                column: refusal.column,
                reason: refusal.reason.code().to_owned(),
                message: format!(
                    "{} {}",
                    refusal.reason.message_zh(),
                    refusal.reason.message_en()
                ),
            });
            texts.push(RawText {
                load_id: file.object.load_id.clone(),
                line,
                text: refusal.raw,
            });
        }
        let name = format!("{}-{:04}", self.name, self.changes.len());
        self.changes
            .push(self.ingest.vault.add_raw_text(&name, &texts)?);
        let batch = ledger::quarantine_batch(&rows).map_err(scratch)?;
        let file = self.ingest.lake.write_rows(QUARANTINE, "", "", &batch)?;
        let description = "Quarantined rows, without their text";
        self.changes
            .push(adding(QUARANTINE, description, &batch.schema(), file)?);
        Ok(())
    }

    fn account_refusals(&self, accounts: &mut Accounts) {
        for file in &self.files {
            let mut enter = |city: Option<String>, rows: i64| {
                let account = accounts.entry((file.sequence, city)).or_default();
                account.read += rows;
                account.quarantined += rows;
            };
            let mut others = file.quarantined;
            for (city, rows) in &file.quarantined_of {
                enter(Some(city.clone()), *rows);
                others -= rows;
            }
            if others > 0 || file.quarantined_of.is_empty() {
                enter(file.city(self.ingest), others);
            }
        }
    }

    /// The conservation law, per file: what the reader gave is what the books hold. Gives each file's account.
    fn check_conservation(
        &self,
        accounts: &Accounts,
    ) -> Result<BTreeMap<i64, Account>, IngestError> {
        let mut by_file = BTreeMap::new();
        for file in &self.files {
            let mut whole = Account::default();
            for ((sequence, _), account) in accounts {
                if *sequence == file.sequence {
                    whole.add(account);
                }
            }
            if !whole.balances() || whole.read != file.read {
                return Err(IngestError::Unbalanced {
                    object: file.object.entry.path.clone(),
                    account: Box::new(whole),
                });
            }
            by_file.insert(file.sequence, whole);
        }
        Ok(by_file)
    }

    fn revisions_change(
        &self,
        settlement: &Settlement,
    ) -> Result<Option<TableChange>, IngestError> {
        if settlement.revisions.is_empty() {
            return Ok(None);
        }
        let rows: Vec<RevisionRow> = settlement
            .revisions
            .iter()
            .map(|revision| RevisionRow {
                feed: self.contract.feed.clone(),
                load_sequence: revision.old.load,
                line: revision.old.line,
                day: date_of(revision.old.day),
                last: date_of(revision.old.last),
                by_load_sequence: revision.new.load,
                by_line: revision.new.line,
            })
            .collect();
        let batch = ledger::revisions_batch(&rows).map_err(scratch)?;
        let folder = format!("{}/", self.contract.feed);
        let file = self
            .ingest
            .lake
            .write_rows(REVISIONS, &folder, "", &batch)?;
        let description = "Rows that a later load replaced in the current view";
        Ok(Some(adding(REVISIONS, description, &batch.schema(), file)?))
    }

    fn replayed_change(&self) -> Result<Option<TableChange>, IngestError> {
        let mut replayed = HashSet::new();
        for file in &self.files {
            let load_id = &file.object.load_id;
            replayed.extend(file.replayed.iter().map(|line| (load_id.clone(), *line)));
        }
        if replayed.is_empty() {
            return Ok(None);
        }
        mark_replayed(self.ingest.lake, &replayed, self.ingest.as_of)
    }

    fn drift_rows(&self) -> Vec<DriftRow> {
        let mut rows = Vec::new();
        for file in self.files.iter().filter(|file| file.replay.is_none()) {
            rows.extend(file.drift.iter().map(|drift| DriftRow {
                load_on: self.ingest.as_of,
                sequence: file.sequence,
                feed: self.contract.feed.clone(),
                city_code: file.city(self.ingest),
                object: file.object.entry.path.clone(),
                drift: drift.clone(),
            }));
        }
        rows
    }

    fn loads_change(&self, accounts: &Accounts) -> Result<TableChange, IngestError> {
        let row_of = |file: &LoadedFile, city: &Option<String>, account: &Account| LoadRow {
            load_on: self.ingest.as_of,
            sequence: file.sequence,
            load_id: file.load_id().to_owned(),
            feed: self.contract.feed.clone(),
            object: file.object.entry.path.clone(),
            content_hash: file.object.content_hash.clone(),
            size: i64::try_from(file.object.entry.size).unwrap_or(i64::MAX),
            encoding: file.encoding.clone(),
            unknown_columns: join(&file.unknown),
            city_code: city.clone(),
            account: *account,
        };
        let mut rows = Vec::new();
        for file in &self.files {
            let mine = accounts
                .iter()
                .filter(|((sequence, _), _)| *sequence == file.sequence);
            rows.extend(mine.map(|((_, city), account)| row_of(file, city, account)));
        }
        let batch = ledger::loads_batch(&rows).map_err(scratch)?;
        let file = self.ingest.lake.write_rows(LOADS, "", "", &batch)?;
        let description = "The account of every loaded object, by city";
        Ok(adding(LOADS, description, &batch.schema(), file)?)
    }
}

fn join(names: &BTreeSet<String>) -> String {
    names
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("|")
}

/// Enters each converted row into the accounts and lets those pass that stand.
struct Books<'a> {
    settlement: &'a Settlement,
    /// (load, line) of rows that replace an earlier one.
    revising: Vec<(i64, i64)>,
    city: Option<String>,
    main_date: Option<(String, LakeKind)>,
    /// As-of day of the run.
    as_of: i32,
    file_city: BTreeMap<i64, Option<String>>,
}

impl<'a> Books<'a> {
    fn new(load: &FeedLoad<'_>, schema: &SchemaRef, settlement: &'a Settlement) -> Books<'a> {
        let mut revising: Vec<(i64, i64)> = settlement
            .revisions
            .iter()
            .filter(|revision| revision.new.state == RowState::New)
            .map(|revision| (revision.new.load, revision.new.line))
            .collect();
        revising.sort_unstable();
        let column =
            |index: Option<usize>| index.and_then(|index| load.contract.columns.get(index));
        let main_date = column(load.contract.main_date).and_then(|column| {
            let lake = load.contract.lake_columns();
            lake.into_iter()
                .find(|lake| lake.name == column.name)
                .map(|lake| (lake.name, lake.kind))
                .filter(|(name, _)| schema.index_of(name).is_ok())
        });
        Books {
            settlement,
            revising,
            city: column(load.contract.city).map(|column| column.name.clone()),
            main_date,
            as_of: load.ingest.as_of.to_epoch_days(),
            file_city: load
                .files
                .iter()
                .map(|file| (file.sequence, file.city(load.ingest)))
                .collect(),
        }
    }

    fn enter(
        &self,
        batch: &RecordBatch,
        accounts: &mut Accounts,
    ) -> Result<RecordBatch, IngestError> {
        let int = |name: &str| {
            batch
                .column_by_name(name)
                .and_then(|column| column.as_primitive_opt::<Int64Type>())
        };
        let (Some(loads), Some(lines)) = (int(LOAD_SEQUENCE), int(LINE)) else {
            return Ok(batch.clone());
        };
        let cities = self
            .city
            .as_ref()
            .and_then(|name| batch.column_by_name(name))
            .and_then(|column| column.as_string_view_opt());
        let dates = self.main_dates(batch);
        let mut stands = Vec::with_capacity(batch.num_rows());
        // Rows of a file mostly share a city: the account in hand is looked up only when it changes.
        let mut in_hand: Option<(i64, Option<&str>)> = None;
        let mut account = Account::default();
        let mut key: (i64, Option<String>) = (0, None);
        for row in 0..batch.num_rows() {
            let load = loads.value(row);
            let city = cities.and_then(|cities| cities.is_valid(row).then(|| cities.value(row)));
            if in_hand != Some((load, city)) {
                if in_hand.is_some() {
                    accounts.entry(key.clone()).or_default().add(&account);
                }
                account = Account::default();
                in_hand = Some((load, city));
                let file_city = || self.file_city.get(&load).cloned().flatten();
                key = (load, city.map(str::to_owned).or_else(file_city));
            }
            account.read += 1;
            let place = (load, lines.value(row));
            let verdict = self.settlement.verdict(place.0, place.1);
            match verdict {
                Some(Verdict::Duplicate) => account.duplicate += 1,
                Some(Verdict::Superseded) => account.superseded += 1,
                None => {
                    account.accepted += 1;
                    account.revisions += i64::from(self.revising.binary_search(&place).is_ok());
                    // A day to come says nothing about how fresh the records are.
                    let day = dates.day(row).filter(|day| *day <= self.as_of);
                    account.newest = account.newest.max(day);
                }
            }
            stands.push(verdict.is_none());
        }
        if in_hand.is_some() {
            accounts.entry(key).or_default().add(&account);
        }
        if stands.iter().all(|stands| *stands) {
            return Ok(batch.clone());
        }
        filter_record_batch(batch, &BooleanArray::from(stands)).map_err(scratch)
    }

    /// The column by which freshness is told.
    fn main_dates<'b>(&self, batch: &'b RecordBatch) -> MainDates<'b> {
        let column = self
            .main_date
            .as_ref()
            .and_then(|(name, _)| batch.column_by_name(name));
        let Some(column) = column else {
            return MainDates::None;
        };
        if let Some(days) = column.as_primitive_opt::<Date32Type>() {
            return MainDates::Days(days);
        }
        column
            .as_primitive_opt::<TimestampMicrosecondType>()
            .map_or(MainDates::None, MainDates::Moments)
    }
}

enum MainDates<'b> {
    None,
    Days(&'b Date32Array),
    Moments(&'b TimestampMicrosecondArray),
}

impl MainDates<'_> {
    fn day(&self, row: usize) -> Option<i32> {
        match self {
            MainDates::Days(days) if days.is_valid(row) => Some(days.value(row)),
            MainDates::Moments(moments) if moments.is_valid(row) => {
                Some(shanghai_day(moments.value(row)))
            }
            _ => None,
        }
    }
}
