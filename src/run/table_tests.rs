//! Running the tests that headers declare: a night's tables are judged before they are released.
//!
//! What a test came to is remembered with a fingerprint of all it read, so a night with nothing new runs no test again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::RunError;
use super::build::Builder;
use super::fingerprint::Fingerprint;
use super::sources::Sources;
use crate::engine::{Cell, Frame, Table, check_sql, run_sql};
use crate::lake::Lake;
use crate::model::{Catalogue, Model, PREVIOUS, Severity, TableTest, TestQuery, TestRule};
use crate::release::{AuditResult, Releases};

/// What tests came to last time; it may be deleted.
const CACHE: &str = "cache/table_tests.json";
/// Failing rows of a test that are kept: the first in the order of their keys. Their number is told in full.
const KEPT_ROWS: usize = 1000;

/// A failing row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its grain, such as `month=2020-09, city_code=370100`; empty when the whole table fails.
    pub key: String,
    /// What failed; `None` for an empty value.
    pub value: Option<String>,
}

/// What one test came to.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// Table.
    pub table: String,
    /// Name of the test in its table.
    pub test: String,
    /// What follows from findings.
    pub severity: Severity,
    /// Columns tested.
    pub column: String,
    /// What must hold.
    pub title: String,
    /// Failing rows.
    pub findings: u64,
    /// The first of them.
    pub failures: Vec<Failure>,
}

impl TestResult {
    /// The result as it stands among the audits.
    pub fn audit(&self) -> AuditResult {
        AuditResult {
            name: format!("test:{}.{}", self.table, self.test),
            severity: self.severity.word().to_owned(),
            findings: self.findings,
            title: self.title.clone(),
        }
    }

    /// Whether failing rows were left out of `failures`.
    pub fn is_cut(&self) -> bool {
        u64::try_from(self.failures.len()).is_ok_and(|kept| kept < self.findings)
    }
}

#[derive(Clone, Serialize, Deserialize, Default, PartialEq)]
struct Remembered {
    fingerprint: String,
    findings: u64,
    failures: Vec<Failure>,
}

/// What tests can read.
pub struct Tester<'a> {
    /// Where the cache lies.
    pub lake: &'a Lake,
    /// The computed tables.
    pub builder: &'a Builder<'a>,
    /// Feeds, reference tables and the previous release.
    pub sources: &'a Sources<'a>,
    /// Where releases lie.
    pub releases: &'a Releases,
    /// All models.
    pub models: &'a Catalogue,
}

impl Tester<'_> {
    /// Runs the tests of the tables that `is_wanted` names; `anew` whether or not anything changed since.
    ///
    /// # Errors
    /// When a query or storage fails.
    pub fn run(
        &self,
        is_wanted: impl Fn(&str) -> bool,
        anew: bool,
    ) -> Result<Vec<TestResult>, RunError> {
        let store = self.lake.store();
        let bytes = store.read_if_there(CACHE)?.unwrap_or_default();
        let known: BTreeMap<String, Remembered> =
            serde_json::from_slice(&bytes).unwrap_or_default();
        let mut remembered = BTreeMap::new();
        let mut results = Vec::new();
        for model in self.models.in_order() {
            for test in &model.header.tests {
                let name = test.audit_name(&model.name);
                let query = test.query(&model.name, &model.header.grain);
                let earlier = known.get(&name);
                if !is_wanted(&model.name) || !self.can_run(test) {
                    // Another selection may find it unchanged.
                    remembered.extend(earlier.map(|earlier| (name, earlier.clone())));
                    continue;
                }
                let fingerprint = self.fingerprint(model, test, &query);
                let outcome = match earlier {
                    Some(earlier) if earlier.fingerprint == fingerprint && !anew => earlier.clone(),
                    _ => self.judge(model, test, &query, fingerprint)?,
                };
                results.push(TestResult {
                    table: model.name.clone(),
                    test: test.name.clone(),
                    severity: test.severity,
                    column: test.rule.columns(),
                    title: test.title(),
                    findings: outcome.findings,
                    failures: outcome.failures.clone(),
                });
                remembered.insert(name, outcome);
            }
        }
        if remembered != known {
            store.write(CACHE, serde_json::to_vec(&remembered).unwrap_or_default())?;
        }
        Ok(results)
    }

    /// Whether all that the test reads was ever computed; with `--select` it need not be.
    fn can_run(&self, test: &TableTest) -> bool {
        match &test.rule {
            TestRule::Relation { table, .. } => {
                self.models.get(table).is_none() || !self.builder.files(table).is_empty()
            }
            _ => true,
        }
    }

    fn fingerprint(&self, model: &Model, test: &TableTest, query: &TestQuery) -> String {
        let mut fingerprint = Fingerprint::of_code();
        fingerprint.add("sql", &query.sql);
        fingerprint.add_files(&model.name, self.builder.files(&model.name).iter());
        match &test.rule {
            TestRule::Relation { table, .. } => {
                let is_source = self.sources.add_to(&mut fingerprint, table, &[]);
                let files = if is_source {
                    &[]
                } else {
                    self.builder.files(table)
                };
                fingerprint.add_files(table, files.iter());
            }
            TestRule::Change { .. } => {
                let manifest = self.sources.previous_release.as_ref();
                let table = manifest.and_then(|manifest| manifest.table(&model.name).ok());
                fingerprint.add(PREVIOUS, table.map_or("none", |table| &table.hash));
            }
            _ => {}
        }
        fingerprint.finish()
    }

    fn judge(
        &self,
        model: &Model,
        test: &TableTest,
        query: &TestQuery,
        fingerprint: String,
    ) -> Result<Remembered, RunError> {
        let place = test.audit_name(&model.name);
        let mut frames = BTreeMap::new();
        frames.insert(
            model.name.clone(),
            self.builder.model_frame(&model.name, None)?,
        );
        let mut is_comparable = true;
        match &test.rule {
            TestRule::Relation { table, .. } if *table != model.name => {
                let frame = match self.sources.frame(table, &[], None)? {
                    Some(frame) => frame,
                    None => self.builder.model_frame(table, None)?,
                };
                frames.insert(table.clone(), frame);
            }
            TestRule::Change { .. } => match self.previous(&model.name)? {
                Some(frame) => {
                    frames.insert(PREVIOUS.to_owned(), frame);
                    // The table may have had other columns then.
                    let plan = check_sql(&place, &query.sql, &frames);
                    if let Err(error) = &plan {
                        tracing::warn!(%error, test = %place, "cannot be compared with the previous release");
                    }
                    is_comparable = plan.is_ok();
                }
                None => is_comparable = false,
            },
            _ => {}
        }
        let mut outcome = Remembered {
            fingerprint,
            ..Remembered::default()
        };
        if is_comparable {
            let rows = run_sql(&place, &query.sql, &frames)?;
            outcome.findings = rows.height() as u64;
            outcome.failures = failures(&rows.head(KEPT_ROWS), query.key.len());
        }
        Ok(outcome)
    }

    /// The table as the last release of an earlier as-of day has it.
    fn previous(&self, table: &str) -> Result<Option<Frame>, RunError> {
        let manifest = self.sources.previous_release.as_ref();
        let Some(table) = manifest.and_then(|manifest| manifest.table(table).ok()) else {
            return Ok(None);
        };
        let path = self.releases.store().local_copy(&table.file)?;
        Ok(Some(Frame::scan(PREVIOUS, &[path], &[])?))
    }
}

/// The rows of a test's query as text: the first `key` columns are the key, the others what failed.
fn failures(rows: &Table, key: usize) -> Vec<Failure> {
    let names = rows.names();
    let pairs = |names: &[String], cells: &[Cell]| {
        let pairs = names.iter().zip(cells);
        let pairs: Vec<String> = pairs
            .map(|(name, cell)| format!("{}={}", name.trim_start_matches('_'), cell.text()))
            .collect();
        pairs.join(", ")
    };
    let row = |cells: &Vec<Cell>| {
        let (key_names, value_names) = names.split_at_checked(key).unwrap_or_default();
        let (key_cells, value_cells) = cells.split_at_checked(key).unwrap_or_default();
        let value = match value_cells {
            [Cell::Null] => None,
            [single] => Some(single.text()),
            several => Some(pairs(value_names, several)),
        };
        Failure {
            key: pairs(key_names, key_cells),
            value,
        }
    };
    rows.cells().iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ColumnData;

    #[test]
    fn failing_rows_are_told_in_words() {
        let text = |value: &str| ColumnData::Text(vec![Some(value.to_owned())]);
        let rows = Table::from_columns(
            "test",
            vec![
                ("month", text("2020-09")),
                ("city_code", text("370100")),
                ("_share", ColumnData::Float(vec![Some(1.25)])),
            ],
        )
        .unwrap();
        let expected = Failure {
            key: "month=2020-09, city_code=370100".to_owned(),
            value: Some("1.25".to_owned()),
        };
        assert_eq!(failures(&rows, 2), [expected]);
        let rows = Table::from_columns(
            "test",
            vec![
                ("_before", ColumnData::Int(vec![Some(120)])),
                ("_now", ColumnData::Int(vec![Some(80)])),
            ],
        )
        .unwrap();
        let expected = Failure {
            key: String::new(),
            value: Some("before=120, now=80".to_owned()),
        };
        assert_eq!(failures(&rows, 0), [expected]);
    }
}
