//! `query`.

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit, open, today};
use super::output::{Form, leads_note, note_leads, print};
use crate::desk::query::Desk;
use crate::lake::Lake;
use crate::model::{QueryShape, shape_of};
use crate::release::{ReleaseError, Releases};
use crate::run::{RunError, Sources};

/// Options of `query`.
#[derive(Debug, Args)]
pub(super) struct QueryArgs {
    /// One SELECT over the release's tables and the feeds' current views
    sql: String,
    /// Form of the result
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
    /// Release id (default: the current one)
    #[arg(long)]
    release: Option<String>,
}

/// Expressions that may stand one in another: the engine's memory grows with the square of them.
const DEEPEST: usize = 500;

/// Statements that would change something.
const CHANGES: [&str; 7] = [
    "ALTER", "CREATE", "DELETE", "DROP", "INSERT", "TRUNCATE", "UPDATE",
];

pub(super) fn query(global: &Global, args: &QueryArgs) -> Result<Exit, CommandError> {
    let first_word = args.sql.split_whitespace().next().unwrap_or_default();
    // The engine would do some of these to its own copies and say nothing.
    if CHANGES
        .iter()
        .any(|word| first_word.eq_ignore_ascii_case(word))
    {
        return Err(CommandError::Usage(
            "query takes one SELECT; nothing can be changed by it".to_owned(),
        ));
    }
    let QueryShape {
        reads_by_function,
        depth,
    } = shape_of(&args.sql);
    if reads_by_function {
        return Err(CommandError::Usage(
            "query reads the tables of a release and the current views of the lake, no files"
                .to_owned(),
        ));
    }
    if depth > DEEPEST {
        return Err(CommandError::Usage(format!(
            "conditions stand {depth} deep in one another, and at most {DEEPEST} can be run: say `column IN (…)` instead of many ORs"
        )));
    }
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = match releases.find(args.release.as_deref()) {
        Ok(manifest) => Some(manifest),
        // Before the first release the lake can be asked all the same.
        Err(ReleaseError::None) => None,
        Err(error) => return Err(error.into()),
    };
    let lake = Lake::new(opened.storage.lake.clone());
    let as_of = manifest
        .as_ref()
        .map_or_else(today, |manifest| manifest.as_of);
    let sources = Sources::open(&opened.project, &lake, as_of)?;
    let feeds: Vec<String> = opened
        .project
        .contracts
        .iter()
        .map(|contract| contract.feed.clone())
        .collect();
    let desk = Desk {
        releases: &releases,
        manifest: manifest.as_ref(),
        is_pinned: args.release.is_some(),
        sources: &sources,
        feeds: &feeds,
    };
    let rows = desk.run(&args.sql).map_err(|error| match error {
        // A query that cannot be run is the asker's to mend.
        RunError::Engine(error) => CommandError::Usage(error.to_string()),
        other => other.into(),
    })?;
    note_leads(&args.sql);
    print(&rows, args.format, leads_note(&args.sql))?;
    Ok(Exit::Done)
}
