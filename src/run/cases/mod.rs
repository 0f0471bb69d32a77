//! Case files: small hand-made data sets with every hit that an indicator must find in them, or every row of other
//! tables, on both sides of thresholds. They go the way of a night: raw files, loader, models.

mod compare;
mod form;
mod policy;
mod raw;
mod repeat;
mod scratch;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime::Runtime;
use toml::Table;

use self::compare::differences;
use self::form::{CaseFile, DataSet, Release, RowsByFeed};
use self::policy::replace_policy;
use self::repeat::repeated;
use self::scratch::Scratch;
use super::RunError;
use crate::engine::Cell;
use crate::identity::Pseudonymiser;
use crate::lake::StoreError;
use crate::native::composite::Framework;
use crate::project::Project;

/// Pseudonyms of case files need no secret: their identities are invented.
const SECRET: &[u8] = b"case files: not a secret";
/// What a case file came to.
#[derive(Debug)]
pub struct CaseReport {
    /// The indicator, or the file's name where it is of other tables.
    pub subject: String,
    /// Data sets computed.
    pub data_sets: usize,
    /// Rows of hits and other tables looked at.
    pub rows: usize,
    /// What is otherwise than the file says, with its data set.
    pub differences: Vec<String>,
}

/// Why a case file cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The file does not hold what a case file holds.
    #[error("{file}: {message}")]
    Form {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// A scratch folder failed.
    #[error("the scratch folder of a case: {0}")]
    Io(#[from] std::io::Error),
    /// The scratch folder failed as a store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The loader or a model failed.
    #[error("{file}, data set `{title}`")]
    Run {
        /// The file.
        file: String,
        /// The data set.
        title: String,
        /// Why.
        #[source]
        source: Box<RunError>,
    },
}

/// Runs a case file's data sets one by one.
///
/// # Errors
/// [`CaseError`]; rows that differ are no error but part of the report.
pub fn run_case_file(
    project: &mut Project,
    framework: &Framework,
    runtime: &Arc<Runtime>,
    file: &str,
    content: &str,
) -> Result<CaseReport, CaseError> {
    let refuse = |message: String| CaseError::Form {
        file: file.to_owned(),
        message,
    };
    let form: CaseFile = toml::from_str(content).map_err(|error| refuse(error.to_string()))?;
    let hits = match &form.indicator {
        Some(id) => Some(table_of(project, id).map_err(refuse)?),
        None => None,
    };
    let mut report = CaseReport {
        subject: form.indicator.clone().unwrap_or_else(|| file.to_owned()),
        data_sets: 0,
        rows: 0,
        differences: Vec::new(),
    };
    for spanned in &form.dataset {
        let data_set = spanned.get_ref();
        let releases = releases(project, &form, hits.as_deref(), data_set).map_err(refuse)?;
        let feeds = rows_of(&form, data_set).map_err(refuse)?;
        let own_policy = project.policy.clone();
        replace_policy(&mut project.policy, data_set).map_err(refuse)?;
        let outcome = Scratch::new(project, framework, runtime)
            .and_then(|mut scratch| run_data_set(&mut scratch, &releases, &feeds, &mut report));
        project.policy = own_policy;
        let told = match outcome? {
            Outcome::Compared(told) => told,
            Outcome::Refused(rows) => vec![format!("rows were refused: {}", rows.join(", "))],
            Outcome::Wrong(message) => {
                return Err(refuse(format!("`{}`: {message}", data_set.title)));
            }
            Outcome::Failed(source) => {
                return Err(CaseError::Run {
                    file: file.to_owned(),
                    title: data_set.title.clone(),
                    source: Box::new(source),
                });
            }
        };
        let told = told.into_iter();
        report
            .differences
            .extend(told.map(|what| format!("`{}`: {what}", data_set.title)));
        report.data_sets += 1;
    }
    Ok(report)
}

/// One row of a computed table, by column.
type Row = BTreeMap<String, Cell>;

enum Outcome {
    /// What is otherwise than expected.
    Compared(Vec<String>),
    /// Rows that the loader put into quarantine.
    Refused(Vec<String>),
    /// The data set says something that cannot be.
    Wrong(String),
    Failed(RunError),
}

/// One as-of day of a data set and what must be found then.
struct Expected {
    release: Release,
    /// The columns that tell rows of each table apart.
    grains: BTreeMap<String, Vec<String>>,
}

/// The table of an indicator.
fn table_of(project: &Project, id: &str) -> Result<String, String> {
    let models = project.models.indicators();
    let found = models.into_iter().find(|model| {
        let entry = model.header.indicator.as_ref();
        entry.is_some_and(|entry| entry.id == id)
    });
    found
        .map(|model| model.name.clone())
        .ok_or_else(|| format!("there is no indicator `{id}`"))
}

fn releases(
    project: &Project,
    form: &CaseFile,
    hits: Option<&str>,
    data_set: &DataSet,
) -> Result<Vec<Expected>, String> {
    let title = &data_set.title;
    let releases = match (hits, data_set.as_of) {
        (Some(table), Some(as_of)) if data_set.release.is_empty() => vec![Release {
            as_of,
            tables: BTreeMap::from([(table.to_owned(), data_set.hits.clone())]),
        }],
        (None, None) if !data_set.release.is_empty() && data_set.hits.is_empty() => {
            data_set.release.clone()
        }
        (Some(_), _) => return Err(format!("`{title}` of an indicator has `as_of` and `hits`")),
        (None, _) => return Err(format!("`{title}` of tables has `[[dataset.release]]`")),
    };
    let expected = releases.into_iter().map(|mut release| {
        for rows in release.tables.values_mut() {
            let repeated: Result<Vec<_>, String> =
                rows.iter().map(|row| repeated(row, &form.lists)).collect();
            *rows = repeated?.concat();
        }
        let grain = |table: &String| match project.models.get(table) {
            Some(model) => Ok((table.clone(), model.header.grain.clone())),
            None => Err(format!("`{title}`: there is no table `{table}`")),
        };
        let grains: Result<_, String> = release.tables.keys().map(grain).collect();
        Ok(Expected {
            grains: grains?,
            release,
        })
    });
    expected.collect()
}

/// The rows of a data set with those of the whole file, every column given.
fn rows_of(form: &CaseFile, data_set: &DataSet) -> Result<RowsByFeed, String> {
    let mut feeds = RowsByFeed::new();
    for (feed, rows) in form.rows.iter().chain(&data_set.rows) {
        for row in rows {
            let mut whole = Table::new();
            for defaults in [&form.defaults, &data_set.defaults] {
                whole.extend(defaults.get(feed).cloned().unwrap_or_default());
            }
            whole.extend(row.clone());
            let repeated = repeated(&whole, &form.lists)?;
            feeds.entry(feed.clone()).or_default().extend(repeated);
        }
    }
    Ok(feeds)
}

fn run_data_set(
    scratch: &mut Scratch<'_>,
    releases: &[Expected],
    feeds: &RowsByFeed,
    report: &mut CaseReport,
) -> Result<Outcome, CaseError> {
    let Some(first) = releases.iter().map(|one| one.release.as_of).min() else {
        return Ok(Outcome::Compared(Vec::new()));
    };
    let mut deliveries = match raw::by_day(feeds, first) {
        Ok(deliveries) => deliveries,
        Err(message) => return Ok(Outcome::Wrong(message)),
    };
    let mut told = Vec::new();
    for expected in releases {
        let Release { as_of, tables } = &expected.release;
        while let Some(delivery) = deliveries.first_entry()
            && delivery.key() <= as_of
        {
            let (day, rows) = delivery.remove_entry();
            scratch.deliver(day, &rows)?;
            match scratch.load(day) {
                Ok(refused) if refused.is_empty() => {}
                Ok(refused) => return Ok(Outcome::Refused(refused)),
                Err(error) => return Ok(Outcome::Failed(error)),
            }
        }
        let names: Vec<String> = tables.keys().cloned().collect();
        let found = match scratch.release(*as_of, &names) {
            Ok(found) => found,
            Err(error) => return Ok(Outcome::Failed(error)),
        };
        for (table, rows) in tables {
            let grain = expected.grains.get(table).map_or(&[][..], Vec::as_slice);
            let found = found.get(table).map_or(&[][..], Vec::as_slice);
            let pseudonymiser = Pseudonymiser::new(SECRET);
            let differing = differences(table, grain, rows, found, &pseudonymiser).into_iter();
            told.extend(differing.map(|what| format!("{as_of}: {what}")));
            report.rows += found.len();
        }
    }
    if let Some(day) = deliveries.keys().next() {
        return Ok(Outcome::Wrong(format!(
            "rows are loaded on {day}, after the last release"
        )));
    }
    Ok(Outcome::Compared(told))
}
