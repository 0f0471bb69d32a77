//! Rows of a data set as the raw files that cities send.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use toml::{Table, Value};

use super::form::{RowsByFeed, text};

/// Key of a row that says which file of its day it comes in, from 1; files are loaded in this order.
const FILE: &str = "_file";
/// Key of a row that says on which day it is loaded; without it on the first as-of day.
const LOADED_ON: &str = "_loaded_on";

/// The rows by the day on which they are loaded.
///
/// # Errors
/// A value of `_loaded_on` that is no day.
pub(super) fn by_day(
    feeds: &RowsByFeed,
    first: NaiveDate,
) -> Result<BTreeMap<NaiveDate, RowsByFeed>, String> {
    let mut days: BTreeMap<NaiveDate, RowsByFeed> = BTreeMap::from([(first, RowsByFeed::new())]);
    for (feed, rows) in feeds {
        for row in rows {
            let day = match row.get(LOADED_ON) {
                Some(value) => text(value)
                    .parse()
                    .map_err(|_| format!("`{}` is no day of loading", text(value)))?,
                None => first,
            };
            let own = days.entry(day).or_default();
            own.entry(feed.clone()).or_default().push(row.clone());
        }
    }
    Ok(days)
}

/// Writes the rows of one day as CSV, a file for each `_file` of a feed.
pub(super) fn write(
    folder: &Path,
    day: NaiveDate,
    feeds: &RowsByFeed,
) -> Result<(), std::io::Error> {
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
            let is_cell = |name: &&String| *name != FILE && *name != LOADED_ON;
            let columns: Vec<&String> = columns.into_iter().filter(is_cell).collect();
            let path = folder.join(feed).join(format!("{day}-{file:03}.csv"));
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
