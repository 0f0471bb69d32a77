//! What the sample knows about itself: planted cases, look-alikes, and the account of every file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use serde::Serialize;

use super::calendar::{self, Window};
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
#[derive(Serialize)]
pub struct Case {
    #[serde(skip)]
    pub indicator: Scheme,
    pub entity_kind: &'static str,
    pub entity_id: String,
    pub period: String,
    /// 1 or 0.
    pub planted: u8,
    pub note: String,
    pub strength: &'static str,
}

/// A hit that follows from a case of another scheme.
#[derive(Serialize)]
pub struct Collateral {
    pub indicator: &'static str,
    pub entity_kind: &'static str,
    pub entity_id: String,
    pub period: String,
    pub source: &'static str,
    pub note: &'static str,
}

/// An address that is known to be a public place: a list for the policy.
#[derive(Serialize)]
pub struct Venue {
    pub ip: String,
    pub note: &'static str,
}

/// An organisation in which several schemes meet.
#[derive(Serialize)]
pub struct BadOrganisation {
    pub org_id: String,
    pub city_code: i64,
    pub quarter: String,
    /// Ids of the hard and strong ones, with spaces between them.
    pub indicators: String,
}

/// A broken row: where it begins and why it is refused.
#[derive(Serialize)]
pub struct DirtyLine {
    pub file: String,
    pub line: u64,
    pub reason: &'static str,
    pub column: &'static str,
    pub note: &'static str,
}

/// Rows of a file or a feed: `good` ones are in the current view of their file, the others are not.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct RowCount {
    pub good: u64,
    pub broken: u64,
    pub superseded: u64,
    pub duplicate: u64,
    /// Good rows that revise a row of the first delivery; a new snapshot revises nothing, it replaces.
    pub revision: u64,
}

/// The account of one file.
#[derive(Serialize)]
pub struct FileCount {
    /// Path below the output folder.
    pub file: String,
    pub feed: &'static str,
    pub city: i64,
    pub format: &'static str,
    pub encoding: &'static str,
    #[serde(flatten)]
    pub rows: RowCount,
}

/// Counts of one month and city in the first delivery.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Month {
    pub completions: i64,
    pub certificate_rows: i64,
    pub paid_claims: i64,
    pub paid_fen: i64,
}

/// Everything to be written into `truth/`.
#[derive(Default)]
pub struct Truth {
    pub cases: Vec<Case>,
    pub collateral: Vec<Collateral>,
    pub venues: Vec<Venue>,
    pub bad_organisations: Vec<BadOrganisation>,
    /// Accounts of the files of the first and of the second delivery.
    pub files: [Vec<FileCount>; 2],
    pub dirty: Vec<DirtyLine>,
    /// By `YYYY-MM` and city.
    pub months: BTreeMap<(String, usize), Month>,
}

#[derive(Default, Serialize)]
struct SchemeCount {
    planted: u64,
    lookalikes: u64,
    /// Hits that are right by the definition, by strength.
    hits: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct Summary<'a> {
    as_of: String,
    first_day: String,
    arguments: &'a SampleOptions,
    #[serde(flatten)]
    counts: &'a SampleSummary,
    schemes: BTreeMap<&'static str, SchemeCount>,
    feeds: BTreeMap<&'static str, BTreeMap<&'static str, RowCount>>,
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
        let path = folder.join("summary.json");
        let summary = serde_json::to_string_pretty(&self.summary(options, counts));
        summary
            .map_err(std::io::Error::from)
            .and_then(|text| fs::write(&path, text + "\n"))
            .map_err(|source| SampleError::write(&path, source))?;
        let header = "entity_kind,entity_id,period,planted,note,strength";
        for scheme in &options.schemes {
            let path = folder.join(format!("{}.csv", scheme.id()));
            let cases = self.cases.iter().filter(|case| case.indicator == *scheme);
            table(&path, header, cases)?;
        }
        let header = "indicator,entity_kind,entity_id,period,source,note";
        table(&folder.join("collateral.csv"), header, &self.collateral)?;
        table(&folder.join("venues.csv"), "ip,note", &self.venues)?;
        let header = "org_id,city_code,quarter,indicators";
        table(
            &folder.join("bad_orgs.csv"),
            header,
            &self.bad_organisations,
        )?;
        let header = "file,line,reason,column,note";
        table(&folder.join("dirty.csv"), header, &self.dirty)?;
        let header = "month,city_code,completions,certificate_rows,paid_claims,paid_fen";
        let months = self.months.iter().map(|((month, city), counts)| {
            let code = CITIES[*city].code;
            (month, code, counts)
        });
        table(&folder.join("stats_city_month.csv"), header, months)
    }

    fn summary<'a>(&'a self, options: &'a SampleOptions, counts: &'a SampleSummary) -> Summary<'a> {
        let mut schemes: BTreeMap<&str, SchemeCount> = BTreeMap::new();
        for case in &self.cases {
            let count = schemes.entry(case.indicator.id()).or_default();
            match case.planted {
                1 => count.planted += 1,
                _ => count.lookalikes += 1,
            }
            if !case.strength.is_empty() {
                *count.hits.entry(case.strength).or_default() += 1;
            }
        }
        let [first, second] = &self.files;
        let window = Window::of(options.months);
        Summary {
            as_of: calendar::date_text(window.last),
            first_day: calendar::date_text(window.first),
            arguments: options,
            counts,
            schemes,
            feeds: BTreeMap::from([("raw", by_feed(first)), ("raw_day2", by_feed(second))]),
            files: first.iter().chain(second).collect(),
        }
    }
}

fn by_feed(files: &[FileCount]) -> BTreeMap<&'static str, RowCount> {
    let mut feeds: BTreeMap<&str, RowCount> = BTreeMap::new();
    for file in files {
        let count = feeds.entry(file.feed).or_default();
        count.good += file.rows.good;
        count.broken += file.rows.broken;
        count.superseded += file.rows.superseded;
        count.duplicate += file.rows.duplicate;
        count.revision += file.rows.revision;
    }
    feeds
}

/// Writes rows under a header, which stands there even if there are none.
fn table(
    path: &Path,
    header: &str,
    rows: impl IntoIterator<Item: Serialize>,
) -> Result<(), SampleError> {
    let write = || -> Result<(), csv::Error> {
        let file = File::create(path)?;
        let mut writer = csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(file);
        writer.write_record(header.split(','))?;
        rows.into_iter().try_for_each(|row| writer.serialize(row))?;
        Ok(writer.flush()?)
    };
    write().map_err(|error| SampleError::write(path, error.into()))
}
