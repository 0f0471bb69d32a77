//! SQL over a release's tables and the current lake views.

use std::collections::BTreeMap;

use crate::engine::{Frame, Table, run_sql};
use crate::release::{Manifest, Releases};
use crate::run::{RunError, Sources};

/// Tables a person may name in a query: those of the release, then the feeds' current views and reference tables.
///
/// # Errors
/// When files cannot be read.
pub fn tables(
    releases: &Releases,
    manifest: Option<&Manifest>,
    sources: &Sources<'_>,
    feeds: &[String],
) -> Result<BTreeMap<String, Frame>, RunError> {
    let mut tables = BTreeMap::new();
    let reference = ["cities", "divisions", "months", "days", "loads"];
    for name in feeds.iter().map(String::as_str).chain(reference) {
        if let Some(frame) = sources.frame(name, &[], None)? {
            tables.insert(name.to_owned(), frame);
        }
    }
    for table in manifest.into_iter().flat_map(|manifest| &manifest.tables) {
        if let Some(path) = releases.store().local_path(&table.file) {
            tables.insert(table.name.clone(), Frame::scan(&table.name, &[path], &[])?);
        }
    }
    Ok(tables)
}

/// Runs a query.
///
/// # Errors
/// When the SQL names something unknown or cannot be run.
pub fn run(sql: &str, tables: &BTreeMap<String, Frame>) -> Result<Table, RunError> {
    Ok(run_sql("query", sql.trim().trim_end_matches(';'), tables)?)
}
