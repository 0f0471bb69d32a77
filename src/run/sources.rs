//! What models read: the current view of each feed, reference tables, policy rows, earlier results.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, Months, NaiveDate};

use super::RunError;
use super::fingerprint::Fingerprint;
use super::test_ledger::{self, TEST_FAILURES};
use crate::contract::{Contract, LakeKind, Mode};
use crate::engine::{self, ColumnData, Frame};
use crate::ingest::ledger::{self, LOADS, LoadRow, QUARANTINE, RevisionRow};
use crate::ingest::notices::DRIFT;
use crate::ingest::{LINE, LOAD_SEQUENCE, feed_columns};
use crate::lake::{DataFile, Lake, Snapshot};
use crate::model::{ColumnKind, PREVIOUS_TABLES, Policy, PolicyListRow};
use crate::project::Project;
use crate::release::Manifest;

/// Calendars reach from here …
const FIRST_YEAR: i32 = 2000;
/// … to here.
const LAST_YEAR: i32 = 2050;
/// Shanghai's offset in the calendar's years, in microseconds.
const OFFSET_MICROSECONDS: i64 = 8 * 3600 * 1_000_000;

/// A table of the lake that is stored by day, as models see it.
#[derive(Debug, Clone, Default)]
pub struct DayTable {
    /// Live files.
    pub files: Vec<DataFile>,
    /// Days of rows that left the current view, with the replacing load.
    revisions: Vec<RevisionRow>,
}

impl DayTable {
    /// A computed table stored by day.
    pub fn computed(files: Vec<DataFile>) -> DayTable {
        DayTable {
            files,
            revisions: Vec::new(),
        }
    }

    /// Rows of all files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// Files that hold rows reaching any of `days`.
    pub fn files_touching(&self, days: &BTreeSet<NaiveDate>) -> Vec<DataFile> {
        self.files
            .iter()
            .filter(|file| {
                file.reach()
                    .is_some_and(|reach| match (reach.day, reach.last) {
                        (Some(first), Some(last)) => days.range(first..=last).next().is_some(),
                        _ => false,
                    })
            })
            .cloned()
            .collect()
    }

    /// Every day up to `until` that some row reaches.
    pub fn days(&self, until: NaiveDate) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        for reach in self.files.iter().filter_map(DataFile::reach) {
            if let (Some(first), Some(last)) = (reach.day, reach.last) {
                days.extend(first.iter_days().take_while(|day| *day <= last.min(until)));
            }
        }
        days
    }

    /// Adds to each day's fingerprint what the table holds for that day.
    pub fn add_days(&self, name: &str, days: &mut BTreeMap<NaiveDate, Fingerprint>) {
        for fingerprint in days.values_mut() {
            fingerprint.add("files of", name);
        }
        for file in &self.files {
            if let Some((Some(first), Some(last))) =
                file.reach().map(|reach| (reach.day, reach.last))
            {
                for (_, fingerprint) in days.range_mut(first..=last) {
                    fingerprint.add_file(file);
                }
            }
        }
        for row in &self.revisions {
            let text = format!(
                "{}:{}>{}:{}",
                row.load_sequence, row.line, row.by_load_sequence, row.by_line
            );
            for (_, fingerprint) in days.range_mut(row.day..=row.last) {
                fingerprint.add("revision", &text);
            }
        }
    }
}

/// Everything models can read at one moment.
pub struct Sources<'a> {
    project: &'a Project,
    lake: &'a Lake,
    as_of: NaiveDate,
    loads: Vec<LoadRow>,
    feeds: BTreeMap<String, Snapshot>,
    revisions: BTreeMap<String, Vec<RevisionRow>>,
    /// Tables of the last earlier night by the names of [`PREVIOUS_TABLES`], with a name for their content.
    pub previous_tables: BTreeMap<String, (Frame, String)>,
    /// The last release of an earlier as-of day, with which tests compare.
    pub previous_release: Option<Manifest>,
}

impl<'a> Sources<'a> {
    /// Reads the state of the lake.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn open(
        project: &'a Project,
        lake: &'a Lake,
        as_of: NaiveDate,
    ) -> Result<Sources<'a>, RunError> {
        let mut feeds = BTreeMap::new();
        let mut revisions = BTreeMap::new();
        for contract in project.contracts.iter() {
            let table = format!("feeds/{}", contract.feed);
            if let Some(snapshot) = lake.snapshot(&table)? {
                feeds.insert(contract.feed.clone(), snapshot);
            }
            revisions.insert(
                contract.feed.clone(),
                ledger::read_revisions(lake, &contract.feed)?,
            );
        }
        Ok(Sources {
            project,
            lake,
            as_of,
            loads: ledger::read_loads(lake)?,
            feeds,
            revisions,
            previous_tables: BTreeMap::new(),
            previous_release: None,
        })
    }

    /// The loads table's rows.
    pub fn loads(&self) -> &[LoadRow] {
        &self.loads
    }

    fn files_of(&self, feed: &str) -> &[DataFile] {
        self.feeds
            .get(feed)
            .map(|table| table.files.as_slice())
            .unwrap_or_default()
    }

    fn revisions_of(&self, feed: &str) -> &[RevisionRow] {
        self.revisions
            .get(feed)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// A feed that is stored by day.
    pub fn day_table(&self, name: &str) -> Option<DayTable> {
        let contract = self.project.contracts.get(name)?;
        contract.partition.as_ref()?;
        Some(DayTable {
            files: self.files_of(name).to_vec(),
            revisions: self.revisions_of(name).to_vec(),
        })
    }

    /// The project.
    pub fn project(&self) -> &'a Project {
        self.project
    }

    /// As-of day.
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The hash of a policy parameter's rows, as the basis of a release names it.
    pub fn policy_hash(&self, parameter: &str) -> String {
        let mut fingerprint = Fingerprint::default();
        self.add_to(&mut fingerprint, "policy", &[parameter.to_owned()]);
        fingerprint.finish()
    }

    /// Adds what a whole source holds; `false` when there is no such source.
    pub fn add_to(&self, fingerprint: &mut Fingerprint, name: &str, policy: &[String]) -> bool {
        if let Some(contract) = self.project.contracts.get(name) {
            fingerprint.add_files(name, self.files_of(name).iter());
            for row in self.revisions_of(name) {
                let text = format!(
                    "{}:{}>{}",
                    row.load_sequence, row.line, row.by_load_sequence
                );
                fingerprint.add("revision", &text);
            }
            for (city, load) in self.newest_snapshots(contract) {
                fingerprint.add("snapshot", &format!("{city}:{load}"));
            }
            return true;
        }
        if let Some(contract) = self.project.contracts.of_versions(name) {
            fingerprint.add_files(name, self.files_of(&contract.feed).iter());
            return true;
        }
        match name {
            "cities" | "divisions" => {
                for division in self.project.divisions.iter() {
                    let text = format!("{}{}{}", division.code, division.name, division.city);
                    fingerprint.add("division", &text);
                }
            }
            "months" | "days" => fingerprint.add("calendar", &format!("{FIRST_YEAR}-{LAST_YEAR}")),
            "run_context" => fingerprint.add("as of", &self.as_of.to_string()),
            "policy" => {
                for row in self.project.policy.select(policy) {
                    fingerprint.add("policy", &format!("{row:?}"));
                }
            }
            "policy_list" => {
                for row in self.project.policy.select_lists(policy) {
                    fingerprint.add("policy list", &format!("{row:?}"));
                }
            }
            "revisions" => {
                for (feed, rows) in &self.revisions {
                    for row in rows {
                        let text = format!(
                            "{feed}:{}:{}>{}:{}",
                            row.load_sequence, row.line, row.by_load_sequence, row.by_line
                        );
                        fingerprint.add("revision", &text);
                    }
                }
            }
            "loads" | "quarantine" => {
                // Both tables change only by loads, and each load is named by path and content.
                for row in &self.loads {
                    let text = format!(
                        "{}{}{:?}{:?}",
                        row.load_on, row.load_id, row.city_code, row.account
                    );
                    fingerprint.add("load", &text);
                }
            }
            _ if PREVIOUS_TABLES
                .iter()
                .any(|(previous, _)| *previous == name) =>
            {
                let content = self.previous_tables.get(name);
                fingerprint.add("previous", content.map_or("none", |(_, content)| content));
            }
            _ => return false,
        }
        true
    }

    /// A source as a query reads it; `files` restricts a feed stored by day to some of its files.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn frame(
        &self,
        name: &str,
        policy: &[String],
        files: Option<&[DataFile]>,
    ) -> Result<Option<Frame>, RunError> {
        if let Some(contract) = self.project.contracts.get(name) {
            return self.feed_view(contract, files).map(Some);
        }
        if let Some(contract) = self.project.contracts.of_versions(name) {
            let table = format!("feeds/{}", contract.feed);
            let paths = self
                .lake
                .local_files(&table, self.files_of(&contract.feed))?;
            return Ok(Some(Frame::scan(
                &table,
                &paths,
                &feed_column_kinds(contract),
            )?));
        }
        Ok(match name {
            "cities" => Some(self.cities()?),
            "divisions" => Some(self.divisions()?),
            "months" => Some(months()?),
            "days" => Some(days()?),
            "run_context" => Some(run_context(self.as_of)?),
            "policy" => Some(policy_frame(&self.project.policy, policy)?),
            "policy_list" => Some(policy_list_frame(&self.project.policy, policy)?),
            "revisions" => Some(self.revisions_frame()?),
            "loads" => Some(self.ledger_frame(LOADS, &ledger::column_kinds(LOADS))?),
            "quarantine" => Some(self.ledger_frame(QUARANTINE, &ledger::column_kinds(QUARANTINE))?),
            "schema_drift" => Some(self.ledger_frame(DRIFT, &ledger::column_kinds(DRIFT))?),
            "test_failures" => {
                Some(self.ledger_frame(TEST_FAILURES, &test_ledger::column_kinds())?)
            }
            _ => self
                .previous_tables
                .get(name)
                .map(|(frame, _)| frame.clone()),
        })
    }

    /// The current view of a feed: revised rows left out, snapshots replaced.
    fn feed_view(
        &self,
        contract: &Contract,
        files: Option<&[DataFile]>,
    ) -> Result<Frame, RunError> {
        let table = format!("feeds/{}", contract.feed);
        let files = files.unwrap_or_else(|| self.files_of(&contract.feed));
        let paths = self.lake.local_files(&table, files)?;
        let columns = feed_column_kinds(contract);
        let mut rows = Frame::scan(&table, &paths, &columns)?;
        // Rows of a snapshot are replaced too: by a replayed row of the same file.
        let replaced = self.revisions_of(&contract.feed);
        if !replaced.is_empty() {
            let keys = vec![
                (
                    LOAD_SEQUENCE,
                    ints(replaced.iter().map(|row| row.load_sequence)),
                ),
                (LINE, ints(replaced.iter().map(|row| row.line))),
            ];
            let keys = Frame::from_columns("revisions", keys)?;
            rows = rows.without(&keys, &[LOAD_SEQUENCE, LINE]);
        }
        match contract.mode {
            Mode::Append => Ok(rows),
            Mode::Snapshot { by } => {
                let Some(column) = contract.columns.get(by) else {
                    return Ok(rows);
                };
                let newest = self.newest_snapshots(contract);
                let (cities, loads): (Vec<String>, Vec<i64>) = newest.into_iter().unzip();
                let keys = vec![
                    (column.name.as_str(), texts(cities.into_iter().map(Some))),
                    (LOAD_SEQUENCE, ints(loads.into_iter())),
                ];
                let keys = Frame::from_columns("snapshots", keys)?;
                Ok(rows.only(&keys, &[&column.name, LOAD_SEQUENCE]))
            }
        }
    }

    /// For a snapshot feed, the newest load with accepted rows of each city.
    fn newest_snapshots(&self, contract: &Contract) -> BTreeMap<String, i64> {
        let mut newest = BTreeMap::new();
        if matches!(contract.mode, Mode::Snapshot { .. }) {
            for row in &self.loads {
                if let Some(city) = row.city_code.as_ref()
                    && row.feed == contract.feed
                    && row.account.accepted > 0
                {
                    newest.insert(city.clone(), row.sequence);
                }
            }
        }
        newest
    }

    fn ledger_frame(
        &self,
        table: &str,
        columns: &[(String, ColumnKind)],
    ) -> Result<Frame, RunError> {
        let files = self
            .lake
            .snapshot(table)?
            .map(|table| table.files)
            .unwrap_or_default();
        let paths = self.lake.local_files(table, &files)?;
        Ok(Frame::scan(table, &paths, columns)?)
    }

    /// Which row took the place of which, by the lineage columns of the feeds.
    fn revisions_frame(&self) -> Result<Frame, RunError> {
        let rows = || self.revisions.values().flatten();
        let number = |get: fn(&RevisionRow) -> i64| ints(rows().map(get));
        let columns = vec![
            ("feed", texts(rows().map(|row| Some(row.feed.clone())))),
            ("load_seq", number(|row| row.load_sequence)),
            ("line", number(|row| row.line)),
            ("by_load_seq", number(|row| row.by_load_sequence)),
            ("by_line", number(|row| row.by_line)),
        ];
        Ok(Frame::from_columns("revisions", columns)?)
    }

    fn cities(&self) -> Result<Frame, RunError> {
        let areas: Vec<_> = self.project.divisions.cities().collect();
        let columns = vec![
            (
                "city_code",
                texts(areas.iter().map(|area| Some(area.code.to_string()))),
            ),
            (
                "city_name",
                texts(areas.iter().map(|area| Some(area.name.to_owned()))),
            ),
            (
                "city_order",
                ints((0..).zip(&areas).map(|(order, _)| order)),
            ),
        ];
        Ok(Frame::from_columns("cities", columns)?)
    }

    fn divisions(&self) -> Result<Frame, RunError> {
        let all: Vec<_> = self.project.divisions.iter().collect();
        let columns = vec![
            (
                "code",
                texts(all.iter().map(|division| Some(division.code.to_string()))),
            ),
            (
                "city_code",
                texts(all.iter().map(|division| Some(division.city.to_string()))),
            ),
            (
                "name",
                texts(all.iter().map(|division| Some(division.name.clone()))),
            ),
            (
                "valid",
                ColumnData::Bool(all.iter().map(|division| Some(division.in_force)).collect()),
            ),
        ];
        Ok(Frame::from_columns("divisions", columns)?)
    }
}

/// Whether a day is one of `elapsed_days`, the days whose events count in a release of `as_of`.
pub fn is_elapsed(day: NaiveDate, as_of: NaiveDate) -> bool {
    day.year() >= FIRST_YEAR && day <= as_of
}

/// The columns of a feed's table with the kinds by which queries see them.
pub fn feed_column_kinds(contract: &Contract) -> Vec<(String, ColumnKind)> {
    feed_columns(contract)
        .into_iter()
        .map(|(name, kind)| {
            let kind = match kind {
                LakeKind::Text => ColumnKind::Text,
                LakeKind::Int => ColumnKind::Int,
                LakeKind::Float => ColumnKind::Float,
                LakeKind::Bool => ColumnKind::Bool,
                LakeKind::Date => ColumnKind::Date,
                LakeKind::Time => ColumnKind::Time,
            };
            (name, kind)
        })
        .collect()
}

fn texts(values: impl Iterator<Item = Option<String>>) -> ColumnData {
    ColumnData::Text(values.collect())
}

fn ints(values: impl Iterator<Item = i64>) -> ColumnData {
    ColumnData::Int(values.map(Some).collect())
}

fn dates(values: impl Iterator<Item = NaiveDate>) -> ColumnData {
    ColumnData::Date(values.map(Some).collect())
}

fn month_name(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn months() -> Result<Frame, engine::EngineError> {
    let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
    let starts: Vec<NaiveDate> = (0..)
        .map_while(|count| first.checked_add_months(Months::new(count)))
        .take_while(|day| day.year() <= LAST_YEAR)
        .collect();
    let number = |get: fn(&NaiveDate) -> i64| ints(starts.iter().map(get));
    let last_day = |day: &NaiveDate| {
        day.checked_add_months(Months::new(1))
            .and_then(|next| next.pred_opt())
            .unwrap_or(*day)
    };
    Frame::from_columns(
        "months",
        vec![
            (
                "month",
                texts(starts.iter().map(|day| Some(month_name(*day)))),
            ),
            ("year", number(|day| i64::from(day.year()))),
            ("month_of_year", number(|day| i64::from(day.month()))),
            (
                "month_index",
                number(|day| i64::from(day.year()) * 12 + i64::from(day.month())),
            ),
            ("first_day", dates(starts.iter().copied())),
            ("last_day", dates(starts.iter().map(last_day))),
        ],
    )
}

fn day_start_us(day: NaiveDate) -> i64 {
    i64::from(day.to_epoch_days()) * 86_400_000_000 - OFFSET_MICROSECONDS
}

fn days() -> Result<Frame, engine::EngineError> {
    let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
    let all: Vec<NaiveDate> = first
        .iter_days()
        .take_while(|day| day.year() <= LAST_YEAR)
        .collect();
    Frame::from_columns(
        "days",
        vec![
            ("day", dates(all.iter().copied())),
            ("start_us", ints(all.iter().map(|day| day_start_us(*day)))),
            (
                "end_us",
                ints(all.iter().map(|day| day_start_us(*day) + 86_400_000_000)),
            ),
            ("month", texts(all.iter().map(|day| Some(month_name(*day))))),
        ],
    )
}

fn run_context(as_of: NaiveDate) -> Result<Frame, engine::EngineError> {
    let end = as_of.checked_add_days(Days::new(1)).unwrap_or(as_of);
    Frame::from_columns(
        "run_context",
        vec![
            ("as_of", dates(std::iter::once(as_of))),
            (
                "as_of_month",
                texts(std::iter::once(Some(month_name(as_of)))),
            ),
            ("as_of_end_us", ints(std::iter::once(day_start_us(end)))),
        ],
    )
}

fn policy_frame(policy: &Policy, parameters: &[String]) -> Result<Frame, engine::EngineError> {
    let rows = policy.select(parameters);
    Frame::from_columns(
        "policy",
        vec![
            (
                "parameter",
                texts(rows.iter().map(|row| Some(row.parameter.clone()))),
            ),
            (
                "city_code",
                texts(rows.iter().map(|row| Some(row.city_code.clone()))),
            ),
            ("valid_from", dates(rows.iter().map(|row| row.valid_from))),
            ("valid_until", dates(rows.iter().map(|row| row.valid_until))),
            (
                "value",
                ColumnData::Float(rows.iter().map(|row| Some(row.value())).collect()),
            ),
            ("value_e6", ints(rows.iter().map(|row| row.value_e6))),
            (
                "value_text",
                texts(rows.iter().map(|row| Some(row.value_text.clone()))),
            ),
            (
                "basis",
                texts(rows.iter().map(|row| Some(row.basis.clone()))),
            ),
            (
                "citation",
                texts(rows.iter().map(|row| Some(row.citation.clone()))),
            ),
        ],
    )
}

fn policy_list_frame(policy: &Policy, lists: &[String]) -> Result<Frame, engine::EngineError> {
    let rows = policy.select_lists(lists);
    let text =
        |get: fn(&PolicyListRow) -> &String| texts(rows.iter().map(|row| Some(get(row).clone())));
    Frame::from_columns(
        "policy_list",
        vec![
            ("list", text(|row| &row.list)),
            ("value", text(|row| &row.value)),
            ("city_code", text(|row| &row.city_code)),
            ("valid_from", dates(rows.iter().map(|row| row.valid_from))),
            ("valid_until", dates(rows.iter().map(|row| row.valid_until))),
            ("basis", text(|row| &row.basis)),
            ("citation", text(|row| &row.citation)),
        ],
    )
}
