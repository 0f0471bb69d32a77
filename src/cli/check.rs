//! `check`.

use super::Global;
use super::context::{CommandError, Exit, framework};
use super::output::print_line;
use crate::project::{Project, ProjectError};
use crate::run::{check_models, check_published};

pub(super) fn check(global: &Global) -> Result<Exit, CommandError> {
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
    eprintln!("{} mistake(s)", problems.len());
    Ok(Exit::Usage)
}

fn project_error<T>(result: &Result<T, CommandError>) -> Option<&ProjectError> {
    match result {
        Err(CommandError::Project(error)) => Some(error),
        _ => None,
    }
}
