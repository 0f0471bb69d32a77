//! Tables on stdout.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::OnceLock;

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table as Grid, presets};

use super::context::CommandError;
use super::tell::tell;
use crate::engine::{Cell, Table};
use crate::release::{Manifest, ReleaseError, Releases};
use crate::report::{ReportError, rows_book};

/// Form of a printed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Table,
    Csv,
    Json,
    Parquet,
    Xlsx,
}

/// Says that the records shown are those that stand today, where the release asked for is not the current one.
pub(super) fn note_records_of_today(
    releases: &Releases,
    manifest: &Manifest,
) -> Result<(), ReleaseError> {
    if releases.find(None)?.id != manifest.id {
        tell(&format!(
            "记录取自现行数据，该发布可能依据更早的版本 / records are those that stand today; release {} may rest on earlier ones",
            manifest.id
        ));
    }
    Ok(())
}

/// What every place says that shows a lead.
pub(super) const LEADS: &str = "疑点线索，需核查，非认定结论 / leads to be checked, not findings";

/// What is to be said where `text` shows that leads may be on the screen.
pub(super) fn leads_note(text: &str) -> Option<&'static str> {
    let tables = [
        "indicator_hits",
        "learner_archive",
        "risk_cases",
        "hit_organisations",
        "linked_group",
    ];
    let shows = tables.iter().any(|table| text.contains(table));
    shows.then_some(LEADS)
}

/// Says on stderr what hits are, whenever `text` shows that some may be on the screen.
pub(super) fn note_leads(text: &str) {
    if let Some(note) = leads_note(text) {
        tell(note);
    }
}

/// A value as text; nothing for null.
pub(super) fn text(cell: &Cell) -> String {
    cell.text()
}

fn json(cell: &Cell) -> serde_json::Value {
    match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Int(value) => (*value).into(),
        Cell::Float(value) => (*value).into(),
        Cell::Bool(value) => (*value).into(),
        Cell::List(items) => items.clone().into(),
        other => text(other).into(),
    }
}

/// Prints a small grid for people.
pub(super) fn grid(headings: &[String], rows: &[Vec<String>]) {
    let mut grid = Grid::new();
    grid.load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(headings);
    for row in rows {
        grid.add_row(row);
    }
    print_line(&grid.to_string());
}

/// Why lines did not reach stdout, if some did not.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints a line; a closed pipe ends the talk, not the program's duty. Another failure is told at the end.
pub(super) fn print_line(line: &str) {
    let written = writeln!(std::io::stdout().lock(), "{line}");
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        // The first reason is enough.
        let _ = LOST.set(error.to_string());
    }
}

/// Why lines did not reach stdout, to a full disk perhaps.
pub(super) fn lost_lines() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

/// CSV text with a byte order mark, so that spreadsheets see UTF-8.
pub(super) fn csv_text(table: &Table) -> Result<Vec<u8>, CommandError> {
    let fail = |error: csv::Error| CommandError::Io {
        context: "writing CSV".to_owned(),
        source: std::io::Error::other(error),
    };
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(table.names()).map_err(fail)?;
    for row in table.cells() {
        writer.write_record(row.iter().map(text)).map_err(fail)?;
    }
    writer.into_inner().map_err(|error| CommandError::Io {
        context: "writing CSV".to_owned(),
        source: error.into_error(),
    })
}

/// Prints a table in a form; a workbook has the note on a sheet of its own.
pub(super) fn print(table: &Table, form: Form, note: Option<&str>) -> Result<(), CommandError> {
    let bytes = match form {
        Form::Table => {
            let rows: Vec<Vec<String>> = table
                .cells()
                .iter()
                .map(|row| row.iter().map(text).collect())
                .collect();
            grid(&table.names(), &rows);
            return Ok(());
        }
        Form::Csv => csv_text(table)?,
        Form::Json => {
            let names = table.names();
            let mut lines = String::new();
            for row in table.cells() {
                let object: serde_json::Map<String, serde_json::Value> =
                    names.iter().cloned().zip(row.iter().map(json)).collect();
                lines.push_str(&serde_json::Value::Object(object).to_string());
                lines.push('\n');
            }
            lines.into_bytes()
        }
        Form::Parquet => table.encode("query")?,
        Form::Xlsx => rows_book(table, note).map_err(ReportError::from)?,
    };
    give(None, &bytes)
}

/// Permissions of a file that its owner alone may read and write.
const OWNER_ALONE: u32 = 0o600;

/// Writes to stdout, or to a file that is for its owner alone.
pub(super) fn give(out: Option<&Path>, content: &[u8]) -> Result<(), CommandError> {
    let fail = |context: String| move |source| CommandError::Io { context, source };
    let Some(path) = out else {
        let mut stdout = std::io::stdout().lock();
        let written = stdout.write_all(content).and_then(|()| stdout.flush());
        return match written {
            // A reader that has seen enough is no failure.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(fail("writing to stdout".to_owned())),
        };
    };
    write_private(path, content).map_err(fail(format!("writing {}", path.display())))?;
    print_line(&path.display().to_string());
    Ok(())
}

/// Writes a file that is for its owner alone, also where one stood that others might read.
fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, OWNER_ALONE);
    let mut file = options.open(path)?;
    // A device or pipe has no content that stays.
    if file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(OWNER_ALONE))?;
        file.set_len(0)?;
    }
    file.write_all(content)
}
