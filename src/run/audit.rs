//! Audits before a release: laws of the loader's books here, laws of the figures as SQL in `sql/audits`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::RunError;
use super::build::ModelOutcome;
use super::shrunken::shrunken_snapshots;
use crate::ingest::{Account, LoadRow};
use crate::lake::Lake;
use crate::model::Catalogue;
use crate::project::Project;
use crate::release::AuditResult;

/// Checks the books of every load ever made: each balances, each feed's table holds exactly the rows accepted, and no snapshot
/// of the day has shrunk.
///
/// # Errors
/// When the lake cannot be read.
pub fn audit_books(
    project: &Project,
    lake: &Lake,
    loads: &[LoadRow],
    as_of: NaiveDate,
) -> Result<Vec<AuditResult>, RunError> {
    let unbalanced = loads.iter().filter(|row| !row.account.balances()).count();
    let mut accepted: BTreeMap<&str, Account> = BTreeMap::new();
    for row in loads {
        accepted
            .entry(row.feed.as_str())
            .or_default()
            .add(&row.account);
    }
    let mut differing = 0;
    for contract in project.contracts.iter() {
        let table = lake
            .snapshot(&format!("feeds/{}", contract.feed))?
            .unwrap_or_default();
        let stored: u64 = table.files.iter().map(|file| file.rows).sum();
        let entered = accepted
            .get(contract.feed.as_str())
            .map_or(0, |account| account.accepted);
        if i64::try_from(stored) != Ok(entered) {
            differing += 1;
        }
    }
    let shrunken = shrunken_snapshots(project, loads, as_of);
    let mut shrunken_title =
        "a snapshot holds as many rows of a city as the one before, or not far fewer".to_owned();
    if !shrunken.is_empty() {
        shrunken_title.push_str(&format!(": {}", shrunken.join("; ")));
    }
    let result = |name: &str, findings: u64, title: &str| AuditResult {
        name: name.to_owned(),
        severity: "error".to_owned(),
        findings,
        title: title.to_owned(),
    };
    Ok(vec![
        result(
            "conservation",
            unbalanced as u64,
            "rows read = accepted + quarantined + superseded + duplicates, per file and city",
        ),
        result(
            "stored_rows",
            differing,
            "each feed's table holds as many rows as its loads accepted",
        ),
        AuditResult {
            name: "snapshots".to_owned(),
            severity: "warn".to_owned(),
            findings: shrunken.len() as u64,
            title: shrunken_title,
        },
    ])
}

/// The results of the SQL audits that were computed: an audit's rows are its findings.
pub fn audit_figures(models: &Catalogue, outcomes: &[ModelOutcome]) -> Vec<AuditResult> {
    outcomes
        .iter()
        .filter_map(|outcome| {
            let model = models.get(&outcome.name)?;
            let entry = model.header.audit.as_ref()?;
            Some(AuditResult {
                name: outcome.name.clone(),
                severity: entry.severity.word().to_owned(),
                findings: outcome.rows,
                title: model.header.title_en.clone(),
            })
        })
        .collect()
}
