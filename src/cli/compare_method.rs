//! `compare-method`: what another definition of an indicator would change, on the same data.

use std::path::PathBuf;

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{Form, LEADS, note_leads, print};
use super::tell::tell;
use crate::desk::methods::{MethodDifference, MethodEffect, method_differences};
use crate::engine::{Cell, ColumnData, Table};
use crate::lake::Lake;
use crate::model::{ColumnKind, Model};
use crate::project::ProjectError;
use crate::release::Releases;
use crate::run::{Builder, Night};

/// Options of `compare-method`.
#[derive(Debug, Args)]
pub(super) struct CompareMethodArgs {
    /// Indicator, such as C01
    #[arg(long)]
    indicator: String,
    /// The other definition: a file like those in sql/indicators
    #[arg(long, value_name = "FILE")]
    with: PathBuf,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

pub(super) fn compare_method(
    global: &Global,
    args: &CompareMethodArgs,
) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let project = &opened.project;
    let old = project
        .models
        .indicators()
        .into_iter()
        .find(|model| {
            let entry = model.header.indicator.as_ref();
            entry.is_some_and(|entry| entry.id == args.indicator)
        })
        .ok_or_else(|| {
            let told = format!("`{}` is no indicator of this project", args.indicator);
            CommandError::Usage(told)
        })?;
    let file = args.with.display().to_string();
    let text = std::fs::read_to_string(&args.with)
        .map_err(|error| CommandError::Usage(format!("--with {file} cannot be read: {error}")))?;
    let new = Model::parse(&file, &text)
        .map_err(|problems| CommandError::Project(ProjectError::Problems { problems }))?;
    check(project, &new, &args.indicator)?;
    let secret = opened.secret(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let as_of = releases.find(None)?.as_of;
    let lake = Lake::new(opened.storage.lake.clone());
    let night = Night {
        project,
        storage: &opened.storage,
        secret: &secret,
        framework: &opened.framework,
    };
    let sources = night.sources(&lake, &releases, as_of)?;
    let models = &project.models;
    let builder = Builder::new(&lake, &sources, models, &opened.framework, as_of, false)?;
    let (before, after) = (builder.evaluate(old)?, builder.evaluate(&new)?);
    let differences = method_differences(&before, &after)?;
    note_leads("indicator_hits");
    print(&table(&differences)?, args.format, Some(LEADS))?;
    let count = |effect| {
        differences
            .iter()
            .filter(|one| one.effect == effect)
            .count()
    };
    tell(&format!(
        "{} as of {as_of}: {} hits before, {} after; {} gone, {} new, {} changed",
        args.indicator,
        before.height(),
        after.height(),
        count(MethodEffect::Gone),
        count(MethodEffect::New),
        count(MethodEffect::Changed)
    ));
    Ok(Exit::Done)
}

/// The other definition must be of the same indicator and read only what there is.
fn check(
    project: &crate::project::Project,
    new: &Model,
    indicator: &str,
) -> Result<(), CommandError> {
    let id = new.header.indicator.as_ref().map(|entry| entry.id.as_str());
    if id != Some(indicator) {
        return Err(CommandError::Usage(format!(
            "{} defines {}, not {indicator}",
            new.file,
            id.unwrap_or("no indicator")
        )));
    }
    let unknown: Vec<&String> = new
        .header
        .policy
        .iter()
        .filter(|name| !project.policy.is_known(name))
        .collect();
    if let Some(name) = unknown.first() {
        return Err(CommandError::Usage(format!(
            "policy parameter or list `{name}` stands in no file of pipelines/policy"
        )));
    }
    Ok(())
}

fn table(differences: &[MethodDifference]) -> Result<Table, CommandError> {
    let text = |get: &dyn Fn(&MethodDifference) -> Option<String>| {
        ColumnData::Text(differences.iter().map(get).collect())
    };
    let figure = |place: usize, kind: ColumnKind, is_after: bool| {
        let cells = differences.iter().map(|one| {
            let figures = if is_after { &one.after } else { &one.before };
            let cell = figures.as_ref().and_then(|figures| figures.get(place));
            cell.cloned().unwrap_or(Cell::Null)
        });
        ColumnData::of(kind, cells)
    };
    let identity = |place: usize| {
        let texts = differences.iter().map(|one| one.hit.get(place).cloned());
        ColumnData::Text(texts.collect())
    };
    Ok(Table::from_columns(
        "compare-method",
        vec![
            ("change", text(&|one| Some(one.effect.word().to_owned()))),
            ("entity_kind", identity(0)),
            ("entity_id", identity(1)),
            ("period", identity(2)),
            ("strength_before", figure(0, ColumnKind::Text, false)),
            ("strength_after", figure(0, ColumnKind::Text, true)),
            ("value_before", figure(1, ColumnKind::Float, false)),
            ("value_after", figure(1, ColumnKind::Float, true)),
            ("threshold_before", figure(2, ColumnKind::Float, false)),
            ("threshold_after", figure(2, ColumnKind::Float, true)),
            ("at_risk_fen_before", figure(3, ColumnKind::Int, false)),
            ("at_risk_fen_after", figure(3, ColumnKind::Int, true)),
        ],
    )?)
}
