//! `check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit, framework};
use super::output::print_line;
use super::tell::tell;
use crate::lake::start_runtime;
use crate::project::{Project, ProjectError};
use crate::run::{CaseError, check_models, check_published, run_case_file};

/// Arguments of `check`.
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Case files, or folders of them, such as tests/indicators and tests/evaluation: their rows are loaded and computed
    /// in a scratch folder, and the hits, or rows of other tables, compared
    #[arg(long, num_args = 1..)]
    cases: Vec<PathBuf>,
}

pub(super) fn check(global: &Global, args: &CheckArgs) -> Result<Exit, CommandError> {
    let outcome = check_files(global)?;
    if args.cases.is_empty() || outcome != Exit::Done {
        return Ok(outcome);
    }
    check_cases(&global.project, &args.cases)
}

fn check_cases(folder: &Path, cases: &[PathBuf]) -> Result<Exit, CommandError> {
    let mut files = Vec::new();
    for path in cases {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(|source| unreadable(path, source))?;
            let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            found.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
            found.sort();
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    let (mut project, framework) = (Project::open(folder)?, framework(folder)?);
    let runtime = start_runtime()?;
    let mut differences = 0;
    for path in &files {
        let text = std::fs::read_to_string(path).map_err(|source| unreadable(path, source))?;
        let name = path.display().to_string();
        let report =
            run_case_file(&mut project, &framework, &runtime, &name, &text).map_err(|error| {
                match error {
                    CaseError::Run { .. } | CaseError::Form { .. } => {
                        CommandError::Usage(chain(&error))
                    }
                    CaseError::Io(source) => unreadable(path, source),
                    CaseError::Store(source) => source.into(),
                }
            })?;
        print_line(&format!(
            "{}: {} data sets, {} rows, {} differences",
            report.subject,
            report.data_sets,
            report.rows,
            report.differences.len()
        ));
        for difference in &report.differences {
            print_line(&format!("  {difference}"));
        }
        differences += report.differences.len();
    }
    if differences > 0 {
        tell(&format!("{differences} difference(s)"));
        return Ok(Exit::AuditFailed);
    }
    Ok(Exit::Done)
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn unreadable(path: &Path, source: std::io::Error) -> CommandError {
    CommandError::Usage(format!("{} cannot be read: {source}", path.display()))
}

fn check_files(global: &Global) -> Result<Exit, CommandError> {
    let opened = Project::open(&global.project);
    let evaluation = framework(&global.project);
    let mut problems = Vec::new();
    for error in [opened.as_ref().err(), project_error(&evaluation)]
        .into_iter()
        .flatten()
    {
        match error {
            ProjectError::Problems { problems: found } => problems.extend(found.clone()),
            _ => break,
        }
    }
    if let Err(error @ ProjectError::NotAProject { .. }) = opened {
        return Err(error.into());
    }
    if let Ok(project) = &opened {
        problems.extend(check_models(project).err().unwrap_or_default());
        problems.extend(check_published(project));
    }
    if problems.is_empty()
        && let Ok(project) = &opened
    {
        print_line(&format!(
            "{} feeds, {} models, {} table tests, {} policy parameters: no mistake found",
            project.contracts.iter().count(),
            project.models.in_order().count(),
            project
                .models
                .in_order()
                .map(|model| model.header.tests.len())
                .sum::<usize>(),
            project.policy.parameters.len()
        ));
        return Ok(Exit::Done);
    }
    for problem in &problems {
        print_line(&problem.to_string());
    }
    tell(&format!("{} mistake(s)", problems.len()));
    Ok(Exit::Usage)
}

fn project_error<T>(result: &Result<T, CommandError>) -> Option<&ProjectError> {
    match result {
        Err(CommandError::Project(error)) => Some(error),
        _ => None,
    }
}
