//! `releases`, `rollback`.

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{grid, print_line};
use crate::lake::Lake;
use crate::release::Releases;
use crate::run::Lease;

pub(super) fn releases(global: &Global) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let history = releases.history()?;
    let current = history.last().map(|pointer| pointer.number);
    let rows: Vec<Vec<String>> = history
        .iter()
        .rev()
        .map(|pointer| {
            let mark = if Some(pointer.number) == current {
                "*"
            } else {
                ""
            };
            vec![
                mark.to_owned(),
                pointer.number.to_string(),
                pointer.release.clone(),
                pointer.as_of.to_string(),
                pointer.kind.clone(),
                pointer.at.clone(),
                pointer.reason.clone(),
            ]
        })
        .collect();
    let headings = ["", "number", "release", "as of", "kind", "at", "reason"].map(str::to_owned);
    grid(&headings, &rows);
    Ok(Exit::Done)
}

pub(super) fn rollback(global: &Global, release: &str, reason: &str) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let lake = Lake::new(opened.storage.lake.clone());
    // A rollback and a night must not interleave.
    let _lease = Lease::acquire(lake.store(), opened.project.nightly.run.lease_minutes)?;
    let pointer = Releases::new(opened.storage.published.clone()).rollback(release, reason)?;
    print_line(&format!(
        "current release is {} again (as of {})",
        pointer.release, pointer.as_of
    ));
    Ok(Exit::Done)
}
