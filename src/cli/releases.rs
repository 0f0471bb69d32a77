//! `releases`, `rollback`, `verify`.

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{grid, print_line};
use super::tell::tell;
use crate::lake::Lake;
use crate::release::{FileFault, Releases};
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

pub(super) fn verify(global: &Global, release: Option<&str>) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let verified = Releases::new(opened.storage.published.clone()).verify(release)?;
    for (file, fault) in &verified.faults {
        let told = match fault {
            FileFault::Missing => "缺失 missing",
            FileFault::Altered => "内容已变 altered",
        };
        print_line(&format!("{file}: {told}"));
    }
    tell(&format!(
        "{} releases, {} files, {} bytes: {} not as released",
        verified.releases,
        verified.files,
        verified.bytes,
        verified.faults.len()
    ));
    Ok(if verified.faults.is_empty() {
        Exit::Done
    } else {
        Exit::AuditFailed
    })
}
