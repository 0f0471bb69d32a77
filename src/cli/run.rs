//! `run`, `plan`, `ingest`.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDate;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Global;
use super::context::{
    CommandError, Exit, Opened, exit_of, open_for, open_to_run, stop_flag, today,
};
use super::output::print_line;
use super::tell::tell;
use crate::contract::DriftClass;
use crate::identity::Pseudonymiser;
use crate::ingest::{Ingest, IngestSummary};
use crate::lake::Lake;
use crate::model::Policy;
use crate::project::{Access, ProjectError};
use crate::release::Releases;
use crate::run::{
    Builder, LeadRecord, Night, NightOptions, NightReport, Observer, RunError, Untold, check_models,
};
use crate::vault::Vault;

/// The as-of day.
#[derive(Debug, Args)]
pub(super) struct AsOfArgs {
    /// As-of day, YYYY-MM-DD (default: today in Shandong); events after it are left out
    #[arg(long)]
    as_of: Option<NaiveDate>,
}

impl AsOfArgs {
    /// The day that was given. Records of days to come are not there yet, and a day before every rule is mistyped: a release of
    /// either would show figures that look real.
    pub(super) fn given(&self, policy: &Policy) -> Result<Option<NaiveDate>, CommandError> {
        let Some(day) = self.as_of else {
            return Ok(None);
        };
        let today = today();
        if day > today {
            let told = format!("as-of day {day} lies in the future: today is {today} in Shandong");
            return Err(CommandError::Usage(told));
        }
        let first = policy.rows.iter().map(|row| row.valid_from).min();
        if let Some(first) = first.filter(|first| day < *first) {
            let told = format!("no rule was in force on as-of day {day}: the first is of {first}");
            return Err(CommandError::Usage(told));
        }
        Ok(Some(day))
    }

    fn day(&self, policy: &Policy) -> Result<NaiveDate, CommandError> {
        Ok(self.given(policy)?.unwrap_or_else(today))
    }
}

/// Options of `run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Job name; there is one
    #[arg(default_value = "nightly", value_parser = ["nightly"])]
    job: String,
    #[command(flatten)]
    as_of: AsOfArgs,
    /// Compute only these tables and what they read (comma-separated); nothing is released then
    #[arg(long, value_delimiter = ',')]
    select: Vec<String>,
    /// Compute everything again, whatever is there
    #[arg(long)]
    full_refresh: bool,
}

/// Options of `plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    as_of: AsOfArgs,
    /// Plan as for a full refresh
    #[arg(long)]
    full_refresh: bool,
}

/// Progress on stderr.
struct Progress {
    bar: ProgressBar,
    bytes: u64,
    stop: Arc<AtomicBool>,
}

impl Progress {
    fn new(stop: Arc<AtomicBool>) -> Progress {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {msg}") {
            bar.set_style(style);
        }
        Progress {
            bar,
            bytes: 0,
            stop,
        }
    }
}

impl Observer for Progress {
    fn read(&mut self, feed: &str, bytes: u64) {
        self.bytes += bytes;
        self.bar.tick();
        self.bar.set_message(format!(
            "loading {feed}: {} MB read",
            self.bytes / 1_000_000
        ));
    }

    fn loaded(&mut self, summary: &IngestSummary) {
        self.bar.suspend(|| summarise_loading(summary));
    }

    fn model(&mut self, name: &str) {
        self.bar.tick();
        self.bar.set_message(format!("computing {name}"));
    }

    fn is_interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// The exit code of a night.
fn exit_of_night(outcome: &Result<NightReport, RunError>) -> Exit {
    match outcome {
        Ok(report) if report.is_clean() => Exit::Done,
        Ok(_) => Exit::DoneWithFindings,
        Err(error) => exit_of(error),
    }
}

/// Runs one night of an open project and says on stderr what it came to.
pub(super) fn run_night(
    opened: &Opened,
    secret: &[u8],
    options: &NightOptions,
    stop: Arc<AtomicBool>,
) -> Result<(Exit, NightReport), CommandError> {
    let night = Night {
        project: &opened.project,
        storage: &opened.storage,
        secret,
        framework: &opened.framework,
    };
    let mut progress = Progress::new(stop);
    let outcome = night.run(options, &mut progress, |outcome| {
        i64::from(exit_of_night(outcome).code())
    });
    progress.bar.finish_and_clear();
    let exit = exit_of_night(&outcome);
    let report = outcome?;
    summarise(&report);
    Ok((exit, report))
}

fn summarise_loading(summary: &IngestSummary) {
    let total = summary.total();
    tell(&format!(
        "loaded {} objects ({} known, {} refused): {} rows read = {} accepted + {} quarantined + {} superseded + {} duplicate; {} revised earlier rows",
        summary.loaded,
        summary.known,
        summary.refused.len(),
        total.read,
        total.accepted,
        total.quarantined,
        total.superseded,
        total.duplicate,
        total.revisions,
    ));
    for refused in &summary.refused {
        tell(&format!("refused {}: {}", refused.object, refused.reason));
    }
    for row in &summary.drift {
        // Columns that are simply not sent are told by `status` and receipts; nightly they would drown the rest.
        if row.drift.class != DriftClass::Missing {
            let drift = &row.drift;
            tracing::warn!(
                object = %row.object, class = drift.class.word(), header = %drift.header, column = %drift.column,
                nearest = drift.suggestion.as_deref().unwrap_or("none"), policy = drift.policy.word(),
                "the file's columns differ from the contract"
            );
        }
    }
}

/// Hits by indicator; statistical ones beside what chance alone would give among so many tests.
fn summarise_leads(leads: &[LeadRecord]) {
    if leads.is_empty() {
        return;
    }
    let hits: i64 = leads.iter().map(|lead| lead.hits).sum();
    tell(&format!(
        "leads to be checked, not findings: {hits} of {} indicators",
        leads.len()
    ));
    for lead in leads {
        if let Some(expected) = lead.expected_false_alarms {
            tell(&format!(
                "  {}: {} hits by a test among {} tested; chance alone would give {expected:.2}",
                lead.indicator, lead.statistical_hits, lead.population
            ));
        }
    }
}

fn summarise(report: &NightReport) {
    if report.untold.loads > 0 {
        let Untold { loads, account } = report.untold;
        tell(&format!(
            "a run before this one was cut off: it loaded {loads} objects without telling, {} rows read = {} accepted + {} quarantined + {} superseded + {} duplicate",
            account.read,
            account.accepted,
            account.quarantined,
            account.superseded,
            account.duplicate,
        ));
    }
    let computed = report
        .models
        .iter()
        .filter(|model| model.staleness.is_stale())
        .count();
    if !report.models.is_empty() {
        tell(&format!(
            "computed {computed} of {} tables",
            report.models.len()
        ));
    }
    for audit in report.audits.iter().filter(|audit| audit.findings > 0) {
        tell(&format!(
            "audit {} ({}): {} findings: {}",
            audit.name, audit.severity, audit.findings, audit.title
        ));
    }
    summarise_leads(&report.leads);
    let late = &report.punctuality.late_cities;
    if !late.is_empty() {
        tell(&format!(
            "late cities: {}; `skillwatch status` shows the feeds",
            late.join(" ")
        ));
    }
    if let Some(release) = &report.release {
        let verb = if report.released {
            "released"
        } else {
            "unchanged, current release is"
        };
        tell(&format!(
            "{verb} {} with {} tables",
            release.id,
            release.tables.len()
        ));
        if let Some(later) = report.later_release.filter(|_| report.released) {
            tell(&format!(
                "note: readers saw figures as of {later} before and see those of {} now; `skillwatch rollback` undoes it",
                release.as_of,
            ));
        }
        if let Some(account) = &release.disclosure {
            tell(&format!(
                "public: {} of {} figures hidden ({} small, {} to protect them, {} computed from them), {:.1} % of the information; {} attacked, none can be worked out",
                account.primary + account.complementary + account.derived,
                account.figures,
                account.primary,
                account.complementary,
                account.derived,
                100.0 * account.share_lost,
                account.attacked,
            ));
            if account.already_public > 0 {
                tell(&format!(
                    "public: {} small figures follow from what is public in any case (zeros, earlier releases) and cannot be hidden",
                    account.already_public
                ));
            }
        }
    }
}

pub(super) fn run(global: &Global, args: &RunArgs) -> Result<Exit, CommandError> {
    let (opened, secret) = open_to_run(global)?;
    // A mistake in a query is found before anything is loaded, not in the middle of the night.
    check_models(&opened.project).map_err(|problems| ProjectError::Problems { problems })?;
    if let Some(unknown) = args
        .select
        .iter()
        .find(|name| opened.project.models.get(name).is_none())
    {
        return Err(CommandError::Usage(format!(
            "--select names `{unknown}`, which no model makes; `skillwatch plan` lists them"
        )));
    }
    let options = NightOptions {
        as_of: args.as_of.day(&opened.project.policy)?,
        select: args.select.clone(),
        full_refresh: args.full_refresh,
        ingest_only: false,
        replay: false,
    };
    Ok(run_night(&opened, &secret, &options, stop_flag())?.0)
}

pub(super) fn ingest(global: &Global, args: &AsOfArgs) -> Result<Exit, CommandError> {
    let (opened, secret) = open_to_run(global)?;
    let options = NightOptions {
        as_of: args.day(&opened.project.policy)?,
        select: Vec::new(),
        full_refresh: false,
        ingest_only: true,
        replay: false,
    };
    Ok(run_night(&opened, &secret, &options, stop_flag())?.0)
}

pub(super) fn plan(global: &Global, args: &PlanArgs) -> Result<Exit, CommandError> {
    let opened = open_for(global, Access::Plan)?;
    let as_of = args.as_of.day(&opened.project.policy)?;
    let lake = Lake::new(opened.storage.lake.clone());
    // Planning reads no identity, so any secret will do.
    let vault = Vault::open(&lake, b"");
    let pseudonymiser = Pseudonymiser::new(b"");
    let ingest = Ingest {
        raw: &opened.storage.raw,
        lake: &lake,
        contracts: &opened.project.contracts,
        divisions: &opened.project.divisions,
        pseudonymiser: &pseudonymiser,
        vault: &vault,
        receipts: &opened.storage.published,
        as_of,
    };
    let discovery = ingest.discover()?;
    print_line(&format!("as of {as_of}"));
    print_line(&format!(
        "load {} new objects ({} known)",
        discovery.new_objects(),
        discovery.known
    ));
    for (feed, objects) in &discovery.new {
        let bytes: u64 = objects.iter().map(|object| object.entry.size).sum();
        print_line(&format!(
            "  {feed}: {} objects, {bytes} bytes",
            objects.len()
        ));
    }
    for refused in &discovery.unreadable {
        print_line(&format!("  refuse {}: {}", refused.object, refused.reason));
    }
    let night = Night {
        project: &opened.project,
        storage: &opened.storage,
        secret: b"",
        framework: &opened.framework,
    };
    let releases = Releases::new(opened.storage.published.clone());
    let sources = night.sources(&lake, &releases, as_of)?;
    let builder = Builder::new(
        &lake,
        &sources,
        &opened.project.models,
        &opened.framework,
        as_of,
        args.full_refresh,
    )?;
    let plan = builder.plan(&discovery.new.keys().cloned().collect());
    let stale: Vec<_> = plan
        .iter()
        .filter(|(_, staleness)| staleness.is_stale())
        .collect();
    print_line(&format!("compute {} of {} tables", stale.len(), plan.len()));
    for (name, staleness) in stale {
        print_line(&format!("  {name}: {}", staleness.words()));
    }
    Ok(Exit::Done)
}
