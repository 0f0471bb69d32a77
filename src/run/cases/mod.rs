//! Case files: small hand-made data sets with every hit that an indicator must find in them, on both sides of its
//! thresholds. They go the way of a night: raw files, loader, models.

mod compare;
mod form;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use tokio::runtime::Runtime;
use toml::{Table, Value};

use self::compare::differences;
use self::form::{CaseFile, DataSet, RowsByFeed, text};
use super::RunError;
use super::build::Builder;
use super::sources::Sources;
use crate::engine::{Cell, run_sql};
use crate::identity::Pseudonymiser;
use crate::ingest::Ingest;
use crate::ingest::ledger::QUARANTINE;
use crate::lake::{Lake, Store, StoreError};
use crate::model::{OPEN_END, Policy, PolicyListRow, PolicyRow};
use crate::native::composite::Framework;
use crate::project::Project;
use crate::vault::Vault;

/// Pseudonyms of case files need no secret: their identities are invented.
const SECRET: &[u8] = b"case files: not a secret";
/// Key of a row that says which file it comes in, from 1; files are loaded in this order.
const FILE: &str = "_file";

/// What a case file came to.
#[derive(Debug)]
pub struct CaseReport {
    /// The indicator.
    pub indicator: String,
    /// Data sets computed.
    pub data_sets: usize,
    /// Hits found as they had to be.
    pub hits: usize,
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
/// [`CaseError`]; hits that differ are no error but part of the report.
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
    let model = project
        .models
        .indicators()
        .into_iter()
        .find(|model| {
            let entry = model.header.indicator.as_ref();
            entry.is_some_and(|entry| entry.id == form.indicator)
        })
        .map(|model| model.name.clone())
        .ok_or_else(|| refuse(format!("there is no indicator `{}`", form.indicator)))?;
    let mut report = CaseReport {
        indicator: form.indicator.clone(),
        data_sets: 0,
        hits: 0,
        differences: Vec::new(),
    };
    for spanned in &form.dataset {
        let data_set = spanned.get_ref();
        let own_policy = project.policy.clone();
        replace_policy(&mut project.policy, data_set).map_err(&refuse)?;
        let feeds = rows_of(&form, data_set);
        let outcome = run_data_set(project, framework, runtime, &model, &feeds, data_set.as_of);
        project.policy = own_policy;
        let found = match outcome? {
            Outcome::Hits(found) => found,
            Outcome::Refused(rows) => {
                let told = rows.join(", ");
                let message = format!("`{}`: rows were refused: {told}", data_set.title);
                report.differences.push(message);
                continue;
            }
            Outcome::Failed(source) => {
                return Err(CaseError::Run {
                    file: file.to_owned(),
                    title: data_set.title.clone(),
                    source: Box::new(source),
                });
            }
        };
        let told = differences(&data_set.hits, &found, &Pseudonymiser::new(SECRET));
        let told = told.into_iter();
        report
            .differences
            .extend(told.map(|what| format!("`{}`: {what}", data_set.title)));
        report.data_sets += 1;
        report.hits += found.len();
    }
    Ok(report)
}

/// One hit, by column.
type Hit = BTreeMap<String, Cell>;

enum Outcome {
    Hits(Vec<Hit>),
    /// Rows that the loader put into quarantine.
    Refused(Vec<String>),
    Failed(RunError),
}

fn replace_policy(policy: &mut Policy, data_set: &DataSet) -> Result<(), String> {
    let replaced: BTreeSet<&str> = data_set
        .policy
        .iter()
        .map(|value| value.parameter.as_str())
        .collect();
    let areas: BTreeSet<String> = policy
        .rows
        .iter()
        .map(|row| row.city_code.clone())
        .collect();
    let mut rows = Vec::new();
    for value in &data_set.policy {
        let own = policy
            .rows
            .iter()
            .find(|row| row.parameter == value.parameter)
            .ok_or_else(|| format!("there is no policy parameter `{}`", value.parameter))?;
        let changed = own
            .with_value(&value.value)
            .ok_or_else(|| format!("`{}` is not a decimal", value.value))?;
        let in_province = value.city_code == crate::model::PROVINCE;
        let holds = |area: &&String| {
            **area == value.city_code
                || in_province
                    && !data_set.policy.iter().any(|other| {
                        other.parameter == value.parameter && other.city_code == **area
                    })
        };
        for area in areas.iter().filter(holds) {
            rows.push(PolicyRow {
                city_code: area.clone(),
                valid_from: value.valid_from.unwrap_or(NaiveDate::MIN),
                valid_until: value.valid_until.unwrap_or(OPEN_END),
                ..changed.clone()
            });
        }
    }
    policy
        .rows
        .retain(|row| !replaced.contains(row.parameter.as_str()));
    policy.rows.extend(rows);
    for list in &data_set.list {
        if !policy.lists.contains_key(&list.list) {
            return Err(format!("there is no policy list `{}`", list.list));
        }
        policy.list_rows.retain(|row| row.list != list.list);
        for value in &list.values {
            policy
                .list_rows
                .extend(areas.iter().map(|area| PolicyListRow {
                    list: list.list.clone(),
                    city_code: area.clone(),
                    value: value.clone(),
                    valid_from: NaiveDate::MIN,
                    valid_until: OPEN_END,
                    basis: "default".to_owned(),
                    citation: "case file".to_owned(),
                }));
        }
    }
    Ok(())
}

/// The rows of a data set with those of the whole file, every column given.
fn rows_of(form: &CaseFile, data_set: &DataSet) -> RowsByFeed {
    let mut feeds = RowsByFeed::new();
    for (feed, rows) in form.rows.iter().chain(&data_set.rows) {
        for row in rows {
            let mut whole = Table::new();
            for defaults in [&form.defaults, &data_set.defaults] {
                whole.extend(defaults.get(feed).cloned().unwrap_or_default());
            }
            whole.extend(row.clone());
            feeds.entry(feed.clone()).or_default().push(whole);
        }
    }
    feeds
}

fn run_data_set(
    project: &Project,
    framework: &Framework,
    runtime: &Arc<Runtime>,
    model: &str,
    feeds: &RowsByFeed,
    as_of: NaiveDate,
) -> Result<Outcome, CaseError> {
    let folder = tempfile::tempdir()?;
    write_raw(&folder.path().join("raw"), feeds)?;
    let open = |name: &str| Store::open(runtime, name, folder.path(), true);
    let (raw, published) = (open("raw")?, open("published")?);
    let lake = Lake::new(open("lake")?);
    let steps = || -> Result<Outcome, RunError> {
        let pseudonymiser = Pseudonymiser::new(SECRET);
        let vault = Vault::open(&lake, SECRET);
        let ingest = Ingest {
            raw: &raw,
            lake: &lake,
            contracts: &project.contracts,
            divisions: &project.divisions,
            pseudonymiser: &pseudonymiser,
            vault: &vault,
            receipts: &published,
            as_of,
        };
        let summary = ingest.run(&mut |_, _| {})?;
        let refused_objects = summary.refused.iter();
        let mut refused: Vec<String> = refused_objects
            .map(|object| format!("{}: {}", object.object, object.reason))
            .collect();
        let sources = Sources::open(project, &lake, as_of)?;
        if summary.total().quarantined > 0
            && let Some(quarantine) = sources.frame("quarantine", &[], None)?
        {
            let inputs = BTreeMap::from([("quarantine".to_owned(), quarantine)]);
            let sql = "SELECT object, line, \"column\", reason FROM quarantine";
            let rows = run_sql(QUARANTINE, sql, &inputs)?.cells();
            refused.extend(rows.iter().map(|row| {
                let cells: Vec<String> = row.iter().map(Cell::text).collect();
                cells.join(" ")
            }));
        }
        if !refused.is_empty() {
            return Ok(Outcome::Refused(refused));
        }
        let models = &project.models;
        let mut builder = Builder::new(&lake, &sources, models, framework, as_of, false)?;
        let wanted = models.closure(&[model.to_owned()]);
        for needed in models
            .in_order()
            .filter(|needed| wanted.contains(&needed.name))
        {
            builder.build(needed)?;
        }
        let frame = builder.model_frame(model, None)?;
        let inputs = BTreeMap::from([("hits".to_owned(), frame)]);
        let rows = run_sql(model, "SELECT * FROM hits", &inputs)?;
        let names = rows.names();
        let hits = rows
            .cells()
            .into_iter()
            .map(|row| names.iter().cloned().zip(row).collect());
        Ok(Outcome::Hits(hits.collect()))
    };
    Ok(steps().unwrap_or_else(Outcome::Failed))
}

/// Writes rows as CSV, a file for each `_file` of a feed.
fn write_raw(folder: &Path, feeds: &RowsByFeed) -> Result<(), std::io::Error> {
    std::fs::create_dir_all(folder)?;
    for (feed, rows) in feeds {
        let mut files: BTreeMap<i64, Vec<&Table>> = BTreeMap::new();
        for row in rows {
            let file = row.get(FILE).and_then(Value::as_integer).unwrap_or(1);
            files.entry(file).or_default().push(row);
        }
        std::fs::create_dir_all(folder.join(feed))?;
        for (file, rows) in files {
            let columns: BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
            let columns: Vec<&String> = columns.into_iter().filter(|name| *name != FILE).collect();
            let path = folder.join(feed).join(format!("{file:03}.csv"));
            let mut writer = csv::Writer::from_path(path)?;
            writer.write_record(&columns)?;
            for row in rows {
                let cells = columns.iter().map(|name| row.get(*name).map(text));
                writer.write_record(cells.map(Option::unwrap_or_default))?;
            }
            writer.flush()?;
        }
    }
    Ok(())
}
