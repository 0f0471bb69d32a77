//! What commands share: exit codes, errors, logs, opening a project.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDate;
use chrono_tz::Asia::Shanghai;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

use super::tell::{set_form, tell_error};
use super::{Global, Language, LogForm};
use crate::clock;
use crate::engine::{EngineError, log_warnings};
use crate::ingest::IngestError;
use crate::lake::{Lake, StoreError, TableError, start_runtime};
use crate::native::composite::Framework;
use crate::native::composite::platform::parse_platform_framework;
use crate::problem::Problem;
use crate::project::{Access, Project, ProjectError, Storage, StorageOverrides};
use crate::release::ReleaseError;
use crate::report::ReportError;
use crate::run::RunError;
use crate::vault::{Vault, VaultError};

/// Exit codes, part of the program's interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: done, with quarantined rows, refused objects or warnings.
    DoneWithFindings,
    /// 2: not done: an audit failed, nothing was published.
    AuditFailed,
    /// 3: wrong usage or configuration.
    Usage,
    /// 4: storage or engine failure; worth another try.
    Failed,
    /// 5: another run holds the lock.
    Locked,
    /// 130: interrupted.
    Interrupted,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::DoneWithFindings => 1,
            Exit::AuditFailed => 2,
            Exit::Usage => 3,
            Exit::Failed => 4,
            Exit::Locked => 5,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// What ends a command early.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The project or its configuration is wrong.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A run ended early.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Releases failed.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Wrong usage: what is expected instead.
    #[error("{0}")]
    Usage(String),
    /// Something could not be written or read.
    #[error("{context}")]
    Io {
        /// What was being done.
        context: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

impl From<ReportError> for CommandError {
    fn from(error: ReportError) -> CommandError {
        match error {
            ReportError::Release(error) => error.into(),
            error => CommandError::Run(error.into()),
        }
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> CommandError {
        CommandError::Run(error.into())
    }
}

impl From<TableError> for CommandError {
    fn from(error: TableError) -> CommandError {
        CommandError::Run(error.into())
    }
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> CommandError {
        CommandError::Run(error.into())
    }
}

impl From<IngestError> for CommandError {
    fn from(error: IngestError) -> CommandError {
        CommandError::Run(error.into())
    }
}

impl CommandError {
    /// The exit code it leads to.
    pub fn exit(&self) -> Exit {
        match self {
            CommandError::Project(ProjectError::Storage {
                source: StoreError::Unreachable { .. },
                ..
            }) => Exit::Failed,
            CommandError::Project(_) | CommandError::Usage(_) => Exit::Usage,
            CommandError::Run(error) => exit_of(error),
            CommandError::Release(
                ReleaseError::Unknown { .. }
                | ReleaseError::None
                | ReleaseError::NoTable { .. }
                | ReleaseError::NotPublic { .. },
            )
            | CommandError::Vault(VaultError::Unknown { .. } | VaultError::WrongSecret) => {
                Exit::Usage
            }
            CommandError::Release(_) | CommandError::Vault(_) | CommandError::Io { .. } => {
                Exit::Failed
            }
        }
    }
}

/// The exit code of an early end of a run.
pub fn exit_of(error: &RunError) -> Exit {
    match error {
        RunError::Audit { .. } | RunError::Held { .. } => Exit::AuditFailed,
        RunError::Ingest(
            IngestError::Unbalanced { .. } | IngestError::Vault(VaultError::Collision { .. }),
        ) => Exit::AuditFailed,
        RunError::Locked { .. } | RunError::Release(ReleaseError::Raced) => Exit::Locked,
        RunError::Problems(_) | RunError::Ingest(IngestError::Retyped { .. }) => Exit::Usage,
        RunError::Engine(EngineError::Duplicate { .. }) => Exit::AuditFailed,
        RunError::Interrupted => Exit::Interrupted,
        _ => Exit::Failed,
    }
}

/// Prints an error and its causes once, on stderr.
pub fn report(error: &CommandError) {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(&format!("\n  caused by: {words}"));
        }
        source = cause.source();
    }
    tell_error(&text);
}

/// Starts log lines on stderr; `RUST_LOG` refines what is said.
pub(super) fn start_log(form: LogForm) {
    set_form(form);
    log_warnings();
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,skillwatch=info"));
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colour)
        // A log that cannot be written, to a full disk perhaps, must not end a night.
        .log_internal_errors(false)
        .with_target(false);
    // A second start in one process changes nothing.
    let _ = match form {
        LogForm::Text => builder.compact().try_init(),
        LogForm::Json => builder.json().flatten_event(true).try_init(),
    };
}

/// A project with open storage.
pub(super) struct Opened {
    pub project: Project,
    pub storage: Storage,
    pub framework: Framework,
    // Stores hold handles of their own; this keeps the runtime from ending before them.
    runtime: Arc<Runtime>,
}

/// Opens the project for a command that reads what runs have made.
pub(super) fn open(global: &Global) -> Result<Opened, CommandError> {
    open_for(global, Access::Read)
}

/// Opens the project for a run, with the secret. Where there is none, nothing is made.
pub(super) fn open_to_run(global: &Global) -> Result<(Opened, Vec<u8>), CommandError> {
    let mut opened = open_for(global, Access::Plan)?;
    let secret = opened.secret(global)?;
    let Opened {
        project, runtime, ..
    } = &opened;
    opened.storage = project.storage(runtime, &overrides(global), Access::Run)?;
    Ok((opened, secret))
}

pub(super) fn open_for(global: &Global, access: Access) -> Result<Opened, CommandError> {
    let project = Project::open(&global.project)?;
    let framework = framework(&global.project)?;
    let runtime = start_runtime()?;
    let storage = project.storage(&runtime, &overrides(global), access)?;
    Ok(Opened {
        project,
        storage,
        framework,
        runtime,
    })
}

fn overrides(global: &Global) -> StorageOverrides {
    StorageOverrides {
        raw: global.raw.clone(),
        lake: global.lake.clone(),
        published: global.published.clone(),
    }
}

/// The framework of the platform evaluation.
pub(super) fn framework(project: &std::path::Path) -> Result<Framework, CommandError> {
    const FILE: &str = "pipelines/evaluation.toml";
    let text = std::fs::read_to_string(project.join(FILE)).map_err(|error| {
        let problem = Problem::new(FILE, None, format!("cannot be read: {error}"));
        ProjectError::Problems {
            problems: vec![problem],
        }
    })?;
    parse_platform_framework(FILE, &text)
        .map_err(|problems| ProjectError::Problems { problems }.into())
}

impl Opened {
    /// The secret, which must be that of the lake's vault: another one would give other pseudonyms. Says so when it is the
    /// public one of the shipped samples.
    pub fn secret(&self, global: &Global) -> Result<Vec<u8>, CommandError> {
        let (secret, is_public) = self
            .project
            .secret(global.secret_file.as_deref(), &self.storage.raw)?;
        if is_public {
            tracing::warn!(
                "no secret given: the shipped samples are run with a public one; never use it for real records"
            );
        }
        Vault::open(&Lake::new(self.storage.lake.clone()), &secret).check_secret()?;
        Ok(secret)
    }
}

/// Today in Shandong.
pub(super) fn today() -> NaiveDate {
    clock::now().with_timezone(&Shanghai).date_naive()
}

/// The language of headings.
pub(super) fn language(global: &Global) -> Language {
    global.lang.unwrap_or_else(|| {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .unwrap_or_default();
        if locale.starts_with("zh") {
            Language::Zh
        } else {
            Language::En
        }
    })
}

/// A flag that is raised when somebody asks to stop (Ctrl-C or SIGTERM); a second request ends the process.
pub(super) fn stop_flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let listener = std::thread::Builder::new().name("skillwatch-signals".to_owned());
    let spawned = listener.spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        else {
            return;
        };
        runtime.block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let (Ok(mut interrupt), Ok(mut terminate)) = (
                signal(SignalKind::interrupt()),
                signal(SignalKind::terminate()),
            ) else {
                return;
            };
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {},
                    _ = terminate.recv() => {},
                }
                if raised.swap(true, Ordering::Relaxed) {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
                tracing::warn!(
                    "asked to stop: finishing the step in hand (ask again to stop at once)"
                );
            }
        });
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "no thread for signals: a request to stop ends the process at once");
    }
    flag
}
