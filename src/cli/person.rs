//! `person`.

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{Form, note_leads, print};
use crate::desk::query::Desk;
use crate::identity::parse_hex;
use crate::lake::Lake;
use crate::release::Releases;
use crate::run::Sources;

pub(super) fn person(global: &Global, key: &str) -> Result<Exit, CommandError> {
    let number = parse_hex(key).ok_or_else(|| {
        CommandError::Usage("a key is 16 hex digits; `skillwatch vault key` gives it".to_owned())
    })?;
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.current()?;
    let lake = Lake::new(opened.storage.lake.clone());
    let sources = Sources::open(&opened.project, &lake, manifest.as_of)?;
    let desk = Desk {
        releases: &releases,
        manifest: Some(&manifest),
        is_pinned: true,
        sources: &sources,
        feeds: &[],
    };
    let sql = format!("SELECT * FROM learner_archive WHERE person_key = {number}");
    let found = desk.run(&sql)?;
    if found.height() == 0 {
        return Err(CommandError::Usage(format!(
            "release {} knows no training of {key}",
            manifest.id
        )));
    }
    note_leads(&sql);
    print(&found, Form::Json)?;
    Ok(Exit::Done)
}
