//! What the sample knows about itself: planted cases, look-alikes, and the account of every file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use serde::Serialize;

use super::calendar;
use super::places::CITIES;
use super::{SampleError, SampleOptions, SampleSummary, Scheme};

/// Whether a case was planted as a scheme or as something harmless that looks like one; with the strength, H, S or W,
/// of the hit that is right by the definition. A look-alike without a strength must not be hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Planted(&'static str),
    LookAlike(&'static str),
}

/// One entity that an indicator should or should not hit.
pub struct Case {
    pub indicator: Scheme,
    pub verdict: Verdict,
    pub kind: &'static str,
    pub entity: String,
    pub period: String,
    pub note: String,
}

/// A hit that follows from a case of another scheme.
pub struct Collateral {
    pub indicator: &'static str,
    pub kind: &'static str,
    pub entity: String,
    pub period: String,
    pub source: &'static str,
    pub note: &'static str,
}

/// A broken row: where it begins and why it is refused.
pub struct DirtyLine {
    pub file: String,
    pub line: u64,
    pub reason: &'static str,
    pub column: &'static str,
    pub note: &'static str,
}

/// The rows of one file: `good` are in the current view of the file, the others are not.
#[derive(Clone, Debug, Serialize)]
pub struct FileCount {
    /// Path below the output folder.
    pub file: String,
    pub feed: &'static str,
    pub city: i64,
    pub format: &'static str,
    pub encoding: &'static str,
    pub good: u64,
    pub broken: u64,
    pub superseded: u64,
    pub duplicate: u64,
    /// Good rows that revise a row of the first delivery.
    pub revision: u64,
}

impl FileCount {
    /// The account of an empty file.
    pub fn new(file: String, feed: &'static str, city: i64, encoding: &'static str) -> Self {
        let (good, broken, superseded, duplicate, revision) = (0, 0, 0, 0, 0);
        Self {
            file,
            feed,
            city,
            format: "csv",
            encoding,
            good,
            broken,
            superseded,
            duplicate,
            revision,
        }
    }
}

/// Counts of one month and city in the first delivery.
#[derive(Clone, Copy, Default)]
pub struct Month {
    pub completions: i64,
    pub certificates: i64,
    pub paid_claims: i64,
    pub paid_fen: i64,
}

/// Everything to be written into `truth/`.
#[derive(Default)]
pub struct Truth {
    pub cases: Vec<Case>,
    pub collateral: Vec<Collateral>,
    pub files: Vec<FileCount>,
    pub second_files: Vec<FileCount>,
    pub dirty: Vec<DirtyLine>,
    /// By `YYYY-MM` and city.
    pub months: BTreeMap<(String, usize), Month>,
}

#[derive(Serialize)]
struct Arguments {
    seed: u64,
    persons: u64,
    logs_per_enrolment: f64,
    months: String,
    dirty: bool,
    encoding: &'static str,
    schemes: String,
}

#[derive(Default, Serialize)]
struct SchemeCount {
    planted: u64,
    lookalikes: u64,
    /// Hits that are right by the definition, by strength.
    hits: BTreeMap<&'static str, u64>,
}

#[derive(Default, Serialize)]
struct FeedCount {
    good: u64,
    broken: u64,
    superseded: u64,
    duplicate: u64,
    revision: u64,
}

#[derive(Serialize)]
struct Summary<'a> {
    as_of: String,
    first_day: String,
    arguments: Arguments,
    #[serde(flatten)]
    counts: &'a SampleSummary,
    schemes: BTreeMap<&'static str, SchemeCount>,
    feeds: BTreeMap<&'static str, BTreeMap<&'static str, FeedCount>>,
    files: Vec<&'a FileCount>,
}

impl Truth {
    /// Writes the folder.
    pub fn write(
        &self,
        out: &Path,
        options: &SampleOptions,
        counts: &SampleSummary,
    ) -> Result<(), SampleError> {
        let folder = out.join("truth");
        fs::create_dir_all(&folder).map_err(|source| SampleError::write(&folder, source))?;
        self.write_summary(&folder.join("summary.json"), options, counts)?;
        for scheme in &options.schemes {
            self.write_cases(&folder, *scheme)?;
        }
        let header = [
            "indicator",
            "entity_kind",
            "entity_id",
            "period",
            "source",
            "note",
        ];
        let rows = self.collateral.iter().map(|hit| {
            [
                hit.indicator,
                hit.kind,
                &hit.entity,
                &hit.period,
                hit.source,
                hit.note,
            ]
            .map(str::to_owned)
        });
        table(&folder.join("collateral.csv"), header, rows)?;
        let header = ["file", "line", "reason", "column", "note"];
        let rows = self.dirty.iter().map(|line| {
            [
                &*line.file,
                &line.line.to_string(),
                line.reason,
                line.column,
                line.note,
            ]
            .map(str::to_owned)
        });
        table(&folder.join("dirty.csv"), header, rows)?;
        let header = [
            "month",
            "city_code",
            "completions",
            "certificate_rows",
            "paid_claims",
            "paid_fen",
        ];
        let rows = self.months.iter().map(|((month, city), sum)| {
            let code = CITIES.get(*city).map_or(0, |city| city.code);
            let [code, completions, certificates, paid_claims, paid_fen] = [
                code,
                sum.completions,
                sum.certificates,
                sum.paid_claims,
                sum.paid_fen,
            ]
            .map(|n| n.to_string());
            [
                month.clone(),
                code,
                completions,
                certificates,
                paid_claims,
                paid_fen,
            ]
        });
        table(&folder.join("stats_city_month.csv"), header, rows)
    }

    fn write_cases(&self, folder: &Path, scheme: Scheme) -> Result<(), SampleError> {
        let header = [
            "entity_kind",
            "entity_id",
            "period",
            "planted",
            "note",
            "strength",
        ];
        let cases = self.cases.iter().filter(|case| case.indicator == scheme);
        let rows = cases.map(|case| {
            let (planted, strength) = match case.verdict {
                Verdict::Planted(strength) => ("1", strength),
                Verdict::LookAlike(strength) => ("0", strength),
            };
            [
                case.kind,
                &case.entity,
                &case.period,
                planted,
                &case.note,
                strength,
            ]
            .map(str::to_owned)
        });
        table(&folder.join(format!("{}.csv", scheme.id())), header, rows)
    }

    fn write_summary(
        &self,
        path: &Path,
        options: &SampleOptions,
        counts: &SampleSummary,
    ) -> Result<(), SampleError> {
        let mut schemes: BTreeMap<&str, SchemeCount> = BTreeMap::new();
        for scheme in &options.schemes {
            let count = schemes.entry(scheme.id()).or_default();
            for case in self.cases.iter().filter(|case| case.indicator == *scheme) {
                let (counter, strength) = match case.verdict {
                    Verdict::Planted(strength) => (&mut count.planted, strength),
                    Verdict::LookAlike(strength) => (&mut count.lookalikes, strength),
                };
                *counter += 1;
                if !strength.is_empty() {
                    *count.hits.entry(strength).or_default() += 1;
                }
            }
        }
        let ids: Vec<&str> = options.schemes.iter().map(|scheme| scheme.id()).collect();
        let window = calendar::Window::of(options.months);
        let summary = Summary {
            as_of: calendar::date_text(window.last),
            first_day: calendar::date_text(window.first),
            arguments: Arguments {
                seed: options.seed,
                persons: options.persons,
                logs_per_enrolment: options.logs_per_enrolment,
                months: options.months.to_string(),
                dirty: options.dirty,
                encoding: options.encoding.word(),
                schemes: ids.join(","),
            },
            counts,
            schemes,
            feeds: BTreeMap::from([
                ("raw", by_feed(&self.files)),
                ("raw_day2", by_feed(&self.second_files)),
            ]),
            files: self.files.iter().chain(&self.second_files).collect(),
        };
        let failed = |source| SampleError::write(path, source);
        let text = serde_json::to_string_pretty(&summary).map_err(|error| failed(error.into()))?;
        fs::write(path, text + "\n").map_err(failed)
    }
}

fn by_feed(files: &[FileCount]) -> BTreeMap<&'static str, FeedCount> {
    let mut feeds: BTreeMap<&str, FeedCount> = BTreeMap::new();
    for file in files {
        let count = feeds.entry(file.feed).or_default();
        count.good += file.good;
        count.broken += file.broken;
        count.superseded += file.superseded;
        count.duplicate += file.duplicate;
        count.revision += file.revision;
    }
    feeds
}

fn table<const N: usize>(
    path: &Path,
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), SampleError> {
    let failed = |source| SampleError::write(path, source);
    let mut writer = csv::Writer::from_writer(File::create(path).map_err(failed)?);
    writer
        .write_record(header)
        .map_err(|error| failed(error.into()))?;
    for row in rows {
        writer
            .write_record(row)
            .map_err(|error| failed(error.into()))?;
    }
    writer.flush().map_err(failed)
}
