//! `trace`.

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit, Opened, open};
use super::output::{note_leads, note_records_of_today, print_line, text};
use crate::desk::query::Desk;
use crate::desk::raw_text::RawTexts;
use crate::desk::trace::{self, Key, RawPlace};
use crate::engine::Cell;
use crate::identity::Pseudonymiser;
use crate::lake::Lake;
use crate::release::Releases;
use crate::run::Sources;

/// Options of `trace`.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// A published table: `city_progress_monthly`, `indicator_hits`, …
    table: String,
    /// The cell: grain columns with their values, as `month=2021-03,city_code=370100`
    #[arg(long)]
    key: String,
    /// The column asked about
    #[arg(long)]
    column: Option<String>,
    /// Release id (default: the current one)
    #[arg(long)]
    release: Option<String>,
    /// Most raw records shown
    #[arg(long, default_value_t = 100)]
    limit: usize,
}

pub(super) fn trace(global: &Global, args: &TraceArgs) -> Result<Exit, CommandError> {
    let key = parse_key(&args.key)?;
    let opened = open(global)?;
    let pseudonymiser = Pseudonymiser::new(&opened.secret(global)?);
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    manifest.table(&args.table)?;
    let lake = Lake::new(opened.storage.lake.clone());
    let sources = Sources::open(&opened.project, &lake, manifest.as_of)?;
    let contracts = &opened.project.contracts;
    let feeds: Vec<String> = contracts
        .iter()
        .map(|contract| contract.feed.clone())
        .collect();
    let desk = Desk {
        releases: &releases,
        manifest: Some(&manifest),
        is_pinned: true,
        sources: &sources,
        feeds: &feeds,
    };
    let (names, rows) = published_rows(args, &key, &desk)?;
    note_leads(&args.table);
    note_records_of_today(&releases, &manifest)?;
    print_line(&format!("release {} table {}", manifest.id, args.table));
    let mut places: Vec<RawPlace> = Vec::new();
    for row in &rows {
        for (name, value) in names.iter().zip(row) {
            let asked =
                args.column.as_ref().is_none_or(|column| column == name) || key.contains_key(name);
            if asked {
                print_line(&format!("  {name} = {}", text(value)));
            }
        }
        if let (Some(Cell::List(listed)), Some(Cell::Int(all))) = (
            cell(&names, row, "evidence"),
            cell(&names, row, "evidence_count"),
        ) && i64::try_from(listed.len()).is_ok_and(|listed| listed < *all)
        {
            print_line(&format!(
                "the first {} of {all} evidence records are listed",
                listed.len()
            ));
        }
        if let Some(evidence) = cell(&names, row, "evidence") {
            places.extend(evidence_places(&opened, evidence, &desk)?);
        }
    }
    let model = opened.project.models.get(&args.table);
    if let Some(model) = model {
        print_line(&format!(
            "computed by {} from {}",
            model.file,
            join(&model.reads)
        ));
        if let Some(rule) = &model.header.trace {
            let rule = rule.of_column(args.column.as_deref());
            let is_feed = contracts.get(&rule.table).is_some();
            let sql = trace::rows_query(rule, is_feed, &key, manifest.as_of)
                .map_err(CommandError::Usage)?;
            if is_feed {
                places.extend(trace::places(&rule.table, &sql, &desk)?);
            } else {
                for evidence in desk.run(&sql)?.cells().iter().flatten() {
                    places.extend(evidence_places(&opened, evidence, &desk)?);
                }
            }
        }
    }
    let has_rule = model.is_some_and(|model| model.header.trace.is_some());
    if !has_rule && !names.iter().any(|name| name == "evidence") {
        print_line(
            "no rule leads from this table to raw records; those it is computed from may have one",
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    places.retain(|place| seen.insert(place.clone()));
    print_line(&format!("{} raw records", places.len()));
    let texts = RawTexts {
        project: &opened.project,
        raw: &opened.storage.raw,
        pseudonymiser: &pseudonymiser,
        revealed: std::collections::BTreeSet::new(),
        lake: &lake,
        loads: sources.loads(),
    };
    let texts = texts.read(places.iter().take(args.limit));
    for place in places.iter().take(args.limit) {
        let byte = place.byte.map(|byte| format!(" (byte {byte})"));
        print_line(&format!(
            "{} line {}{}",
            place.object,
            place.line,
            byte.unwrap_or_default()
        ));
        match texts.get(place) {
            Some(Ok(fields)) => {
                let shown: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                print_line(&format!("  {}", shown.join(", ")));
            }
            Some(Err(reason)) => print_line(&format!("  text not available: {reason}")),
            None => {}
        }
    }
    if places.len() > args.limit {
        print_line(&format!(
            "… {} more; raise --limit",
            places.len() - args.limit
        ));
    }
    Ok(Exit::Done)
}

fn join(names: &std::collections::BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.join(", ")
}

fn parse_key(text: &str) -> Result<Key, CommandError> {
    text.split(',')
        .map(|part| {
            part.split_once('=')
                .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
                .ok_or_else(|| {
                    CommandError::Usage(format!(
                        "--key wants column=value pairs joined by commas, not `{part}`"
                    ))
                })
        })
        .collect()
}

fn cell<'a>(names: &[String], row: &'a [Cell], name: &str) -> Option<&'a Cell> {
    names
        .iter()
        .position(|own| own == name)
        .and_then(|index| row.get(index))
}

type Rows = (Vec<String>, Vec<Vec<Cell>>);

/// The published rows that the key names.
fn published_rows(args: &TraceArgs, key: &Key, desk: &Desk<'_>) -> Result<Rows, CommandError> {
    let table = &args.table;
    let columns = desk.run(&format!("SELECT * FROM {table} LIMIT 1"))?.names();
    let mut asked = key.keys().chain(&args.column);
    if let Some(unknown) = asked.find(|name| !columns.contains(name)) {
        return Err(CommandError::Usage(format!(
            "{table} has no column `{unknown}`; it has {}",
            columns.join(", ")
        )));
    }
    let conditions: Vec<String> = key
        .iter()
        .map(|(name, value)| format!("CAST({name} AS VARCHAR) = '{}'", value.replace('\'', "''")))
        .collect();
    let sql = format!("SELECT * FROM {table} WHERE {}", conditions.join(" AND "));
    let found = desk.run(&sql)?;
    if found.height() == 0 {
        return Err(CommandError::Usage(format!(
            "{table} has no row with this key in this release"
        )));
    }
    Ok((found.names(), found.cells()))
}

/// The raw places of evidence: records named `feed:record key`.
fn evidence_places(
    opened: &Opened,
    evidence: &Cell,
    desk: &Desk<'_>,
) -> Result<Vec<RawPlace>, CommandError> {
    let Cell::List(records) = evidence else {
        return Ok(Vec::new());
    };
    let mut places = Vec::new();
    for record in records {
        let Some((feed, record)) = record.split_once(':') else {
            continue;
        };
        let Some(contract) = opened.project.contracts.get(feed) else {
            continue;
        };
        let sql = trace::record_query(contract, record).map_err(CommandError::Usage)?;
        places.extend(trace::places(feed, &sql, desk)?);
    }
    Ok(places)
}
