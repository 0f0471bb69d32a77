//! `judge`: how well the indicators find what was planted in a synthetic province.

use std::path::PathBuf;

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{Form, LEADS, print, print_line};
use super::tell::tell;
use crate::desk::judge::{FoundHit, Judgement, Truth, TruthError, unlisted_venues};
use crate::engine::{Cell, ColumnData, Table};
use crate::identity::Pseudonymiser;
use crate::release::{Manifest, Releases, read_table};

/// Options of `judge`.
#[derive(Debug, Args)]
pub(super) struct JudgeArgs {
    /// Truth folder of the sample (its `truth/`)
    truth: PathBuf,
    /// Release id (default: the current one)
    #[arg(long)]
    release: Option<String>,
    /// Name the planted entities that were missed and the look-alikes that were hit
    #[arg(long)]
    named: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

pub(super) fn judge(global: &Global, args: &JudgeArgs) -> Result<Exit, CommandError> {
    if !args.truth.is_dir() {
        return Err(CommandError::Usage(format!(
            "{} is no folder; `skillwatch sample` writes a truth folder",
            args.truth.display()
        )));
    }
    let is_truth = |entry: &std::fs::DirEntry| {
        entry
            .path()
            .extension()
            .is_some_and(|suffix| suffix == "csv")
    };
    let has_truth = std::fs::read_dir(&args.truth)
        .is_ok_and(|files| files.flatten().any(|file| is_truth(&file)));
    if !has_truth {
        return Err(CommandError::Usage(format!(
            "{} holds no truth: it is the folder `truth` that `skillwatch sample` writes",
            args.truth.display()
        )));
    }
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    let pseudonymiser = Pseudonymiser::new(&opened.secret(global)?);
    let indicators = opened.project.models.indicators();
    let ids = indicators
        .iter()
        .filter_map(|model| model.header.indicator.as_ref())
        .map(|entry| entry.id.as_str());
    let unreadable = |error: TruthError| CommandError::Usage(format!("{error}: {}", error.source));
    let unlisted = unlisted_venues(&args.truth, &opened.project.policy).map_err(unreadable)?;
    if !unlisted.is_empty() {
        tell(&format!(
            "{} venues of the truth are not in the policy list venue_addresses: {}; C07 may hit their learners",
            unlisted.len(),
            unlisted.join(" ")
        ));
    }
    let truth = Truth::read(&args.truth, ids, &pseudonymiser).map_err(unreadable)?;
    let judgements = truth.judge(&hits(&releases, &manifest)?);
    print(&table(&judgements)?, args.format, Some(LEADS))?;
    let mut is_met = judgements.iter().all(|judgement| judgement.goal_met);
    if let Some(cases) = truth.judge_cases(&ranked_cases(&releases, &manifest)?) {
        tell(&format!(
            "case list: {} of {} planted organisations among the first {}: precision {:.3}",
            cases.among_first, cases.planted, cases.planted, cases.precision_at_planted
        ));
        is_met &= cases.goal_met;
    }
    if args.named {
        for judgement in &judgements {
            for (what, entities) in [("missed", &judgement.missed), ("wrong", &judgement.wrong)] {
                for (entity, period) in entities {
                    print_line(&format!("{} {what} {entity} {period}", judgement.indicator));
                }
            }
        }
    }
    Ok(if is_met {
        Exit::Done
    } else {
        Exit::DoneWithFindings
    })
}

fn hits(releases: &Releases, manifest: &Manifest) -> Result<Vec<FoundHit>, CommandError> {
    let rows = read_table(releases, manifest.table("indicator_hits")?)?;
    let column = |name: &str| rows.column("indicator_hits", name);
    let texts = |name: &str| -> Result<Vec<String>, CommandError> {
        Ok(column(name)?.iter().map(Cell::text).collect())
    };
    let (indicators, entities) = (texts("indicator_id")?, texts("entity_id")?);
    let (periods, strengths) = (texts("period")?, texts("strength")?);
    let (states, amounts) = (texts("status")?, column("amount_at_risk_fen")?);
    let mut hits = Vec::new();
    for (place, indicator) in indicators.into_iter().enumerate() {
        let text = |column: &[String]| column.get(place).cloned().unwrap_or_default();
        if text(&states) != "cleared" {
            hits.push(FoundHit {
                indicator,
                entity_id: text(&entities),
                period: text(&periods),
                strength: text(&strengths),
                amount_at_risk_fen: match amounts.get(place) {
                    Some(Cell::Int(amount)) => *amount,
                    _ => 0,
                },
            });
        }
    }
    Ok(hits)
}

/// Organisation and quarter of each case, by rank; the table is sorted by it.
fn ranked_cases(
    releases: &Releases,
    manifest: &Manifest,
) -> Result<Vec<(String, String)>, CommandError> {
    let Ok(published) = manifest.table("risk_cases") else {
        return Ok(Vec::new());
    };
    let rows = read_table(releases, published)?;
    let texts = |name: &str| -> Result<Vec<String>, CommandError> {
        let cells = rows.column("risk_cases", name)?;
        Ok(cells.iter().map(Cell::text).collect())
    };
    let ranks = rows.column("risk_cases", "rank")?;
    let rank_of = |place: usize| match ranks.get(place) {
        Some(Cell::Int(rank)) => *rank,
        _ => i64::MAX,
    };
    let cases = texts("org_id")?.into_iter().zip(texts("quarter")?);
    let mut ranked: Vec<(i64, (String, String))> = cases
        .enumerate()
        .map(|(place, case)| (rank_of(place), case))
        .collect();
    ranked.sort();
    Ok(ranked.into_iter().map(|(_, case)| case).collect())
}

fn table(judgements: &[Judgement]) -> Result<Table, CommandError> {
    let count = |get: fn(&Judgement) -> u64| {
        let values = judgements.iter().map(|one| i64::try_from(get(one)).ok());
        ColumnData::Int(values.collect())
    };
    let ratio = |get: fn(&Judgement) -> Option<f64>| {
        ColumnData::Float(judgements.iter().map(get).collect())
    };
    let ids = judgements.iter().map(|one| Some(one.indicator.clone()));
    let goals = judgements.iter().map(|one| Some(one.goal_met));
    Ok(Table::from_columns(
        "judge",
        vec![
            ("indicator", ColumnData::Text(ids.collect())),
            ("planted", count(|one| one.planted)),
            ("found", count(|one| one.found)),
            ("recall", ratio(|one| one.recall)),
            ("other_strength", count(|one| one.other_strength)),
            ("look_alikes", count(|one| one.look_alikes)),
            ("look_alike_hits", count(|one| one.look_alike_hits)),
            ("unexplained", count(|one| one.unexplained)),
            (
                "precision_at_planted",
                ratio(|one| one.precision_at_planted),
            ),
            ("goal_met", ColumnData::Bool(goals.collect())),
        ],
    )?)
}
