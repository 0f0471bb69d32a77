//! The command line: one file per command, thin.

mod bench;
mod case;
mod check;
mod compare_method;
mod context;
mod diff;
mod explain;
mod export;
mod index;
mod judge;
mod output;
mod paper;
mod person;
mod platform;
mod query;
mod reference;
mod releases;
mod replay;
mod run;
mod sample;
mod schedule;
mod status;
mod tell;
mod trace;
mod vault;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use context::{CommandError, Exit};

/// Loads subsidised training records, computes statistics, fraud indicators and platform scores, and releases them.
#[derive(Debug, Parser)]
#[command(name = "skillwatch", version, about, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
struct Global {
    /// Project folder, with pipelines/ and sql/
    #[arg(long, global = true, default_value = ".", env = "SKILLWATCH_PROJECT")]
    project: PathBuf,
    /// Raw root, instead of that in pipelines/storage.toml
    #[arg(long, global = true, env = "SKILLWATCH_RAW")]
    raw: Option<String>,
    /// Lake root
    #[arg(long, global = true, env = "SKILLWATCH_LAKE")]
    lake: Option<String>,
    /// Published root
    #[arg(long, global = true, env = "SKILLWATCH_PUBLISHED")]
    published: Option<String>,
    /// File that holds the pseudonym and vault secret, instead of SKILLWATCH_SECRET
    #[arg(long, global = true)]
    secret_file: Option<PathBuf>,
    /// Form of log lines on stderr
    #[arg(long, global = true, value_enum, default_value_t = LogForm::Text)]
    log: LogForm,
    /// Language of headings (default: by locale)
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogForm {
    Text,
    Json,
}

/// Language of headings and explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The main job: load, compute, audit, release
    Run(run::RunArgs),
    /// What `run` would do and why, touching nothing
    Plan(run::PlanArgs),
    /// Only the loading
    Ingest(run::AsOfArgs),
    /// Quarantined rows once more after a contract was mended, and which figures moved by it
    Replay(run::AsOfArgs),
    /// Everything that can be wrong before a night, with file and line
    Check(check::CheckArgs),
    /// Freshness by city and feed, last runs, current release
    Status,
    /// The last runs
    Runs {
        /// How many
        #[arg(long, default_value_t = 10)]
        last: usize,
    },
    /// SQL over a release's tables and the current lake views
    Query(query::QueryArgs),
    /// Writes a release's tables as plain files
    Export(export::ExportArgs),
    /// The history of releases
    Releases,
    /// Whether every file of the releases is still what was released (exit code 2 if not)
    Verify {
        /// Release id (default: all of the history)
        release: Option<String>,
    },
    /// Which figures differ between two releases, and why
    Diff(diff::DiffArgs),
    /// How well the indicators find what was planted: a release against the truth of a synthetic province
    Judge(judge::JudgeArgs),
    /// A composite index over any table, by a framework file: scores, ranks, weights, what lifts a unit
    Index(index::IndexArgs),
    /// What another definition of an indicator would change, on the same data
    CompareMethod(compare_method::CompareMethodArgs),
    /// Makes an earlier release current again
    Rollback {
        /// Release id
        release: String,
        /// Why; kept in the history
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// An indicator, table or policy parameter: meaning, source, SQL, thresholds in force
    Explain {
        /// Indicator id, table or parameter name
        id: String,
    },
    /// A published cell or hit down to raw object, line and text
    Trace(trace::TraceArgs),
    /// One worker's electronic archive, by key or by citizen number
    Person(person::PersonArgs),
    /// One organisation's case file: its leads, the rules and the records behind them
    Case(case::CaseArgs),
    /// One online platform's own sheet: its score, items, rank and grounds of exit, without other platforms' names
    Platform(platform::PlatformArgs),
    /// The nightly daemon
    Schedule(schedule::ScheduleArgs),
    /// Writes raw feeds with planted schemes and their truth
    Sample(sample::SampleArgs),
    /// Writes the generated pages of docs/reference
    #[command(hide = true)]
    Reference(reference::ReferenceArgs),
    /// The performance suite, on data of its own
    Bench(bench::BenchArgs),
    /// Identities, by those who may, each use audited
    #[command(subcommand)]
    Vault(vault::VaultCommand),
}

/// Runs the command line and turns its outcome into the exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with code 0; wrong usage to stderr.
            let is_help = !error.use_stderr();
            let told = error.render().to_string();
            if !is_help && asks_for_json() {
                context::start_log(LogForm::Json);
                tell::tell_error(told.trim_end());
                return Exit::Usage.into();
            }
            let safe = tell::without_numbers(&told);
            if safe == told {
                // Printing fails only when the terminal is gone.
                let _ = error.print();
            } else {
                tell::tell(safe.trim_end());
            }
            return if is_help {
                Exit::Done.into()
            } else {
                Exit::Usage.into()
            };
        }
    };
    context::start_log(cli.global.log);
    match on_deep_stack(|| dispatch(&cli)) {
        Ok(exit) => match output::lost_lines() {
            None => exit.into(),
            Some(reason) => {
                tell::tell_error(&format!(
                    "not everything could be written to stdout: {reason}"
                ));
                Exit::Failed.into()
            }
        },
        Err(error) => {
            context::report(&error);
            error.exit().into()
        }
    }
}

/// Whether a command line that cannot be read asks for JSON all the same.
fn asks_for_json() -> bool {
    let told = std::env::args_os().map(|one| one.to_string_lossy().into_owned());
    let arguments: Vec<String> = told.collect();
    let is_pair =
        |pair: &[String]| matches!(pair, [name, form] if name == "--log" && form == "json");
    arguments.windows(2).any(is_pair) || arguments.iter().any(|one| one == "--log=json")
}

/// Bytes of stack: a query of ten thousand conditions is as many calls deep in the parser, before it can be refused.
const STACK: usize = 256 << 20;

/// Does `work` where it may go deep. Memory is taken only as deep as it goes.
fn on_deep_stack(
    work: impl FnOnce() -> Result<Exit, CommandError> + Send,
) -> Result<Exit, CommandError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("skillwatch".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|source| CommandError::Io {
                context: "starting a thread".to_owned(),
                source,
            })?;
        match thread.join() {
            Ok(outcome) => outcome,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn dispatch(cli: &Cli) -> Result<Exit, CommandError> {
    let global = &cli.global;
    match &cli.command {
        Command::Run(args) => run::run(global, args),
        Command::Plan(args) => run::plan(global, args),
        Command::Ingest(args) => run::ingest(global, args),
        Command::Replay(args) => replay::replay(global, args),
        Command::Check(args) => check::check(global, args),
        Command::Status => status::status(global),
        Command::Runs { last } => status::runs(global, *last),
        Command::Query(args) => query::query(global, args),
        Command::Export(args) => export::export(global, args),
        Command::Releases => releases::releases(global),
        Command::Verify { release } => releases::verify(global, release.as_deref()),
        Command::Diff(args) => diff::diff(global, args),
        Command::Judge(args) => judge::judge(global, args),
        Command::Index(args) => index::index(args),
        Command::CompareMethod(args) => compare_method::compare_method(global, args),
        Command::Rollback { release, reason } => releases::rollback(global, release, reason),
        Command::Explain { id } => explain::explain(global, id),
        Command::Trace(args) => trace::trace(global, args),
        Command::Person(args) => person::person(global, args),
        Command::Case(args) => case::case(global, args),
        Command::Platform(args) => platform::platform(global, args),
        Command::Schedule(args) => schedule::schedule(global, args),
        Command::Sample(args) => sample::sample(args),
        Command::Reference(args) => reference::reference(global, args),
        Command::Bench(args) => bench::bench(global, args),
        Command::Vault(command) => vault::vault(global, command),
    }
}
