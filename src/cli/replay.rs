//! `replay`.

use super::Global;
use super::context::{CommandError, Exit, open, stop_flag, today};
use super::output::{print_line, text};
use super::run::{AsOfArgs, run_night};
use crate::ingest::ReplaySummary;
use crate::ingest::ledger::read_loads;
use crate::lake::Lake;
use crate::project::ProjectError;
use crate::release::{ReleaseError, Releases, TableDifference, compare};
use crate::run::{NightOptions, check_models};

/// Figures shown of a table; the rest is counted.
const SHOWN: usize = 20;

pub(super) fn replay(global: &Global, args: &AsOfArgs) -> Result<Exit, CommandError> {
    // Where nothing was loaded, there is nothing to replay, and a release of it would show zeros.
    let opened = open(global)?;
    if read_loads(&Lake::new(opened.storage.lake.clone()))?.is_empty() {
        let told = "nothing has been loaded into this lake yet; `skillwatch run` loads";
        return Err(CommandError::Usage(told.to_owned()));
    }
    check_models(&opened.project).map_err(|problems| ProjectError::Problems { problems })?;
    let secret = opened.secret(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let before = match releases.current() {
        Ok(manifest) => Some(manifest),
        Err(ReleaseError::None) => None,
        Err(error) => return Err(error.into()),
    };
    // A replay mends an earlier night, so it speaks of the day of that night unless told otherwise.
    let as_of = args
        .given(&opened.project.policy)?
        .or(before.as_ref().map(|manifest| manifest.as_of))
        .unwrap_or_else(today);
    let options = NightOptions {
        as_of,
        select: Vec::new(),
        full_refresh: false,
        ingest_only: false,
        replay: true,
    };
    let (exit, report) = run_night(&opened, &secret, &options, stop_flag())?;
    summarise(&report.replay);
    let Some((before, after)) = before.zip(report.release) else {
        return Ok(exit);
    };
    let differences = compare(
        &releases,
        &opened.project.models,
        &before.tables,
        &after.tables,
    )?;
    if differences.is_empty() {
        print_line("no figure moved");
    }
    differences.iter().for_each(show);
    Ok(exit)
}

fn summarise(summary: &ReplaySummary) {
    for (feed, account) in &summary.feeds {
        print_line(&format!(
            "{feed}: {} rows left the quarantine = {} accepted + {} superseded + {} duplicate",
            account.read, account.accepted, account.superseded, account.duplicate
        ));
    }
    for ((feed, reason), rows) in &summary.refused {
        print_line(&format!("{feed}: {rows} rows are refused still ({reason})"));
    }
    for refused in &summary.unreadable {
        print_line(&format!("{}: {}", refused.object, refused.reason));
    }
    if summary.feeds.is_empty() {
        print_line("no row left the quarantine");
    }
}

fn show(difference: &TableDifference) {
    print_line(&format!(
        "{}: {} figures moved",
        difference.table,
        difference.moved.len()
    ));
    for moved in difference.moved.iter().take(SHOWN) {
        let key: Vec<String> = moved
            .key
            .iter()
            .map(|(name, value)| format!("{name}={}", text(value)))
            .collect();
        let or_none = |value: String| {
            if value.is_empty() {
                "—".to_owned()
            } else {
                value
            }
        };
        print_line(&format!(
            "  {}: {} {} → {}",
            key.join(","),
            moved.column,
            or_none(text(&moved.before)),
            or_none(text(&moved.after))
        ));
    }
    if difference.moved.len() > SHOWN {
        print_line(&format!("  and {} more", difference.moved.len() - SHOWN));
    }
}
