//! SQL over a release's tables and the current lake views.

use std::collections::BTreeMap;

use crate::engine::{Frame, Table, run_sql};
use crate::model::tables_of;
use crate::release::{Manifest, Releases};
use crate::run::{RunError, Sources};

/// Reference tables that a person may name, with what they hold.
pub const REFERENCE: [(&str, &str, &str); 10] = [
    (
        "cities",
        "全省各市，另有全省一行",
        "the cities, and the province as a row of its own",
    ),
    ("divisions", "行政区划", "administrative divisions"),
    ("months", "月历", "months of the calendar"),
    ("days", "日历", "days of the calendar"),
    (
        "loads",
        "每次装载的文件与行数",
        "what was loaded: a row for each file and city, with its account",
    ),
    ("quarantine", "被隔离的行", "refused rows"),
    (
        "schema_drift",
        "与约定不符的列",
        "columns that differ from their contract",
    ),
    (
        "policy",
        "政策参数，按市和有效期",
        "policy parameters by city and days of validity",
    ),
    (
        "policy_list",
        "政策清单，按市和有效期",
        "policy lists by city and days of validity",
    ),
    (TEST_FAILURES, "未通过检验的行", "rows that failed a test"),
];

/// Failing rows also of nights that were not released for them.
const TEST_FAILURES: &str = "test_failures";

/// What a person may ask: the tables of a release, then the feeds' current views and reference tables.
pub struct Desk<'a> {
    /// Where releases lie.
    pub releases: &'a Releases,
    /// The release in question; `None` before the first.
    pub manifest: Option<&'a Manifest>,
    /// Whether the asker named the release: then nothing newer than it is shown.
    pub is_pinned: bool,
    /// The lake.
    pub sources: &'a Sources<'a>,
    /// Names of all feeds.
    pub feeds: &'a [String],
}

impl Desk<'_> {
    /// Runs a query. Only the tables that it names are fetched, which matters where storage is far away.
    ///
    /// # Errors
    /// When the SQL names something unknown or cannot be run, or files cannot be read.
    pub fn run(&self, sql: &str) -> Result<Table, RunError> {
        let sql = sql.trim().trim_end_matches(';');
        // The engine says best what it does not understand, so it gets that with every table.
        let named = tables_of(sql).ok();
        let is_wanted = |name: &str| named.as_ref().is_none_or(|named| named.contains(name));
        let published = |name: &str| {
            let tables = self
                .manifest
                .into_iter()
                .flat_map(|manifest| &manifest.tables);
            tables.into_iter().find(|table| table.name == name)
        };
        let mut frames = BTreeMap::new();
        let policy = &self.sources.project().policy;
        let names = policy.parameters.keys().chain(policy.lists.keys());
        let rules: Vec<String> = names.cloned().collect();
        let feeds = self.feeds.iter().map(String::as_str);
        let reference = REFERENCE.iter().map(|(name, ..)| *name);
        for name in feeds.chain(reference).filter(|name| is_wanted(name)) {
            let is_live = name == TEST_FAILURES && !self.is_pinned;
            if (is_live || published(name).is_none())
                && let Some(frame) = self.sources.frame(name, &rules, None)?
            {
                frames.insert(name.to_owned(), frame);
            }
        }
        let tables = self
            .manifest
            .into_iter()
            .flat_map(|manifest| &manifest.tables);
        for table in tables.filter(|table| is_wanted(&table.name)) {
            if frames.contains_key(&table.name) {
                continue;
            }
            let path = self.releases.store().local_copy(&table.file)?;
            frames.insert(table.name.clone(), Frame::scan(&table.name, &[path], &[])?);
        }
        Ok(run_sql("query", sql, &frames)?)
    }
}
