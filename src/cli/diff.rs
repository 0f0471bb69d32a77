//! `diff`.

use std::collections::BTreeSet;

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{Form, print, text};
use crate::engine::{Cell, ColumnData, Table};
use crate::lake::Lake;
use crate::release::{Moved, Reasons, Releases, RowChange, compare};
use crate::run::Sources;

/// Options of `diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// Id of the earlier release
    before: String,
    /// Id of the later release (default: the current one)
    after: Option<String>,
    /// Only these tables (comma-separated)
    #[arg(long, value_delimiter = ',')]
    tables: Vec<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

/// One line of the output.
struct Line {
    table: String,
    cell: String,
    figure: String,
    change: &'static str,
    before: Cell,
    after: Cell,
    reasons: String,
}

pub(super) fn diff(global: &Global, args: &DiffArgs) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let before = releases.find(Some(&args.before))?;
    let after = releases.find(args.after.as_deref())?;
    for name in &args.tables {
        after.table(name)?;
    }
    let lake = Lake::new(opened.storage.lake.clone());
    let sources = Sources::open(&opened.project, &lake, after.as_of)?;
    let reasons = Reasons::between(&before, after.last_load, sources.loads());
    let models = &opened.project.models;
    let mut lines = Vec::new();
    for difference in compare(&releases, models, &before.tables, &after.tables)? {
        if !args.tables.is_empty() && !args.tables.contains(&difference.table) {
            continue;
        }
        let new = after.table(&difference.table)?;
        let old = before.table(&difference.table).ok();
        for moved in difference.moved {
            let city = moved.key.iter().find(|(name, _)| name == "city_code");
            let why: BTreeSet<String> = reasons
                .of(old, new, city.map(|(_, code)| text(code)).as_deref())
                .iter()
                .map(ToString::to_string)
                .collect();
            lines.push(line(&difference.table, moved, why));
        }
    }
    print(&table(&lines)?, args.format, None)?;
    Ok(Exit::Done)
}

fn line(table: &str, moved: Moved, reasons: BTreeSet<String>) -> Line {
    let cell: Vec<String> = moved
        .key
        .iter()
        .map(|(name, value)| format!("{name}={}", text(value)))
        .collect();
    Line {
        table: table.to_owned(),
        cell: cell.join(", "),
        figure: moved.column,
        change: match moved.change {
            RowChange::Revised => "revised",
            RowChange::New => "new",
            RowChange::Gone => "gone",
        },
        before: moved.before,
        after: moved.after,
        reasons: reasons.into_iter().collect::<Vec<_>>().join("; "),
    }
}

fn table(lines: &[Line]) -> Result<Table, CommandError> {
    let texts = |get: &dyn Fn(&Line) -> String| {
        ColumnData::Text(lines.iter().map(|line| Some(get(line))).collect())
    };
    Ok(Table::from_columns(
        "diff",
        vec![
            ("table_name", texts(&|line| line.table.clone())),
            ("cell", texts(&|line| line.cell.clone())),
            ("figure", texts(&|line| line.figure.clone())),
            ("change", texts(&|line| line.change.to_owned())),
            ("before", texts(&|line| text(&line.before))),
            ("after", texts(&|line| text(&line.after))),
            ("reason", texts(&|line| line.reasons.clone())),
        ],
    )?)
}
