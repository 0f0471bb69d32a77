//! `schedule`.

use chrono::{DateTime, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};

use super::Global;
use super::context::{CommandError, Exit, open, open_to_run, report, stop_flag};
use super::output::print_line;
use super::run::run_night;
use crate::clock;
use crate::lake::Store;
use crate::project::ProjectError;
use crate::run::NightOptions;
use crate::schedule::{Schedule, run_daemon};

/// Where the daemon keeps which due time it has seen to.
const STATE: &str = "system/schedule.json";

/// Options of `schedule`.
#[derive(Debug, Args)]
pub(super) struct ScheduleArgs {
    /// Only print the next due times
    #[arg(long)]
    next: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct State {
    last: DateTime<Utc>,
}

pub(super) fn schedule(global: &Global, args: &ScheduleArgs) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let schedule = Schedule::new(&opened.project.nightly).map_err(|message| {
        let problem = crate::problem::Problem::new("pipelines/nightly.toml", None, message);
        ProjectError::Problems {
            problems: vec![problem],
        }
    })?;
    if let Some(count) = args.next {
        let mut moment = clock::now();
        for _ in 0..count {
            let Some(next) = schedule.next_after(moment) else {
                break;
            };
            print_line(&next.with_timezone(&chrono_tz::Asia::Shanghai).to_rfc3339());
            moment = next;
        }
        return Ok(Exit::Done);
    }
    let (opened, secret) = open_to_run(global)?;
    let store = opened.storage.lake.clone();
    let last = read_state(&store)?.unwrap_or_else(clock::now);
    let stop = stop_flag();
    let next = schedule.next_after(last).map(|next| next.to_rfc3339());
    tracing::info!(
        next = next.as_deref().unwrap_or("never"),
        "waiting for the next night"
    );
    run_daemon(&schedule, last, &stop, |due| {
        let options = NightOptions {
            as_of: due.with_timezone(&chrono_tz::Asia::Shanghai).date_naive(),
            select: Vec::new(),
            full_refresh: false,
            ingest_only: false,
            replay: false,
        };
        tracing::info!(%due, as_of = %options.as_of, "the night begins");
        // One failed night must not end the daemon: the next one has another chance.
        match run_night(&opened, &secret, &options, stop.clone()) {
            Ok((exit, _)) => tracing::info!(code = exit.code(), "the night is over"),
            Err(error) => report(&error),
        }
        let state = serde_json::to_vec(&State { last: due }).unwrap_or_default();
        if let Err(error) = store.write(STATE, state) {
            tracing::warn!(%error, "the schedule's state could not be written; a restart may run this night again");
        }
    });
    Ok(Exit::Interrupted)
}

fn read_state(store: &Store) -> Result<Option<DateTime<Utc>>, CommandError> {
    let bytes = store.read_if_there(STATE)?;
    Ok(bytes
        .and_then(|bytes| serde_json::from_slice::<State>(&bytes).ok())
        .map(|state| state.last))
}
