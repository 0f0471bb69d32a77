//! The composite index of training platforms: from `platform_units` and `platform_items` to the rows of
//! `platform_scores` and `platform_score_details` (evaluation page; tables page, "Supervision").

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::evaluate::{
    EvaluationError, INSUFFICIENT_SAMPLE, ItemValue, NOT_GRADED, Unit, UnitResult, evaluate,
};
use super::framework::Framework;
use super::uncertainty::{UnitUncertainty, rank_uncertainty};
use crate::problem::Problem;

/// The dimensions `platform_scores` has columns for.
const DIMENSIONS: [&str; 6] = [
    "usage",
    "resources",
    "process",
    "outcome",
    "service",
    "compliance",
];

/// What all dimension weights add up to, so that coverage reads as weight / 100.
const FULL_WEIGHT: f64 = 100.0;

/// One row of `platform_units`, with what people have decided about the platform.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformUnit {
    pub as_of: NaiveDate,
    pub platform_id: String,
    pub platform_name: Option<String>,
    pub learners: i64,
    pub sample_ok: bool,
    /// Points of integrity deducted by confirmed findings; 0 without any.
    pub integrity_deduction: f64,
    /// Kinds of confirmed findings that veto; empty without any.
    pub vetoes: Vec<String>,
}

/// One row of `platform_items`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformItem {
    pub as_of: NaiveDate,
    pub platform_id: String,
    pub item: String,
    pub value: Option<f64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
}

/// One row of `platform_scores`. Scores are 0 to 100, unrounded.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformScore {
    pub as_of: NaiveDate,
    pub platform_id: String,
    pub platform_name: Option<String>,
    pub usage: Option<f64>,
    pub resources: Option<f64>,
    pub process: Option<f64>,
    pub outcome: Option<f64>,
    pub service: Option<f64>,
    pub compliance: Option<f64>,
    /// 0 to 1.
    pub coverage: f64,
    pub score: Option<f64>,
    pub integrity: Option<f64>,
    pub total: Option<f64>,
    pub grade: Option<String>,
    /// Share of the draws of the uncertainty analysis that give the same grade; like the three ranks `None` for a
    /// platform without a rank and where the analysis is left out.
    pub grade_agreement: Option<f64>,
    /// Whether fewer draws agree on the grade than the framework asks for; `None` where no draw says anything.
    pub borderline: Option<bool>,
    /// The grade in the framework's words, a borderline one with its interval: 合格（临界，名次 3–7）.
    pub grade_zh: Option<String>,
    pub rank: Option<u32>,
    /// 5th, 50th and 95th percentile of the rank over the draws.
    pub rank_p05: Option<u32>,
    pub rank_p50: Option<u32>,
    pub rank_p95: Option<u32>,
    /// Kinds of the confirmed vetoes, joined by commas; `None` without any.
    pub veto: Option<String>,
    pub sample_ok: bool,
    pub learners: i64,
    pub config_hash: String,
}

/// One row of `platform_score_details`: every platform has every item of the framework, missing ones without values.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformScoreDetail {
    pub as_of: NaiveDate,
    pub platform_id: String,
    pub item: String,
    pub dimension: String,
    pub raw_value: Option<f64>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// 0 to 100.
    pub normalised: Option<f64>,
    /// Weight in the framework, of 100.
    pub weight: f64,
    /// Points of the platform's score.
    pub contribution: Option<f64>,
    pub source_table: Option<String>,
}

/// Both tables, rows by date, then platform, then the framework's order of items.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlatformEvaluation {
    pub scores: Vec<PlatformScore>,
    pub details: Vec<PlatformScoreDetail>,
}

/// Reads a framework for platforms: [`Framework::parse`], and what the published columns ask for besides: the
/// dimensions are the six of `platform_scores` and make up the index, item weights add up to their dimension's, dimension
/// weights to 100.
///
/// # Errors
/// Every mistake of the file, in the order of lines.
pub fn parse_platform_framework(file: &str, text: &str) -> Result<Framework, Vec<Problem>> {
    let framework = Framework::parse(file, text)?;
    let mut problems = Vec::new();
    let mut add = |line: usize, message: String| {
        problems.push(Problem::new(file, Some(line), message));
    };
    for dimension in &framework.dimensions {
        let id = &dimension.id;
        if !DIMENSIONS.contains(&id.as_str()) {
            let known = DIMENSIONS.join(", ");
            add(
                dimension.line,
                format!("dimension `{id}` has no column in platform_scores (known: {known})"),
            );
        }
        let (items, own) = (dimension.item_weight(), dimension.weight);
        if differ(items, own) {
            add(
                dimension.line,
                format!("dimension `{id}`: its items weigh {items} together, the dimension {own}"),
            );
        }
    }
    for branch in &framework.branches {
        let id = &branch.id;
        add(
            branch.line,
            format!("branch `{id}` has no column in platform_scores"),
        );
    }
    if differ(framework.scale, FULL_WEIGHT) {
        add(1, format!("platform scores are points of {FULL_WEIGHT}"));
    }
    let full: f64 = framework.dimensions.iter().map(|d| d.weight).sum();
    if differ(full, FULL_WEIGHT) {
        add(
            1,
            format!("the dimensions weigh {full} together, not {FULL_WEIGHT}"),
        );
    }
    if problems.is_empty() {
        return Ok(framework);
    }
    problems.sort_by_key(|problem| problem.line);
    Err(problems)
}

fn differ(left: f64, right: f64) -> bool {
    (left - right).abs() > 1e-9
}

/// Evaluates the platforms of each `as_of` among themselves, with the uncertainty analysis that the framework asks for.
///
/// # Errors
/// [`EvaluationError`]; an item of a platform or date that `units` does not hold is an unknown unit.
pub fn evaluate_platforms(
    framework: &Framework,
    units: &[PlatformUnit],
    items: &[PlatformItem],
) -> Result<PlatformEvaluation, EvaluationError> {
    evaluate_dates(framework, units, items, Analysis::AsAsked)
}

/// [`evaluate_platforms`] without the uncertainty analysis: its columns are empty, all else is the same.
///
/// # Errors
/// Those of [`evaluate_platforms`].
pub fn score_platforms(
    framework: &Framework,
    units: &[PlatformUnit],
    items: &[PlatformItem],
) -> Result<PlatformEvaluation, EvaluationError> {
    evaluate_dates(framework, units, items, Analysis::LeftOut)
}

/// Whether the uncertainty analysis is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Analysis {
    AsAsked,
    LeftOut,
}

fn evaluate_dates(
    framework: &Framework,
    units: &[PlatformUnit],
    items: &[PlatformItem],
    analysis: Analysis,
) -> Result<PlatformEvaluation, EvaluationError> {
    let mut dates: BTreeMap<NaiveDate, (Vec<&PlatformUnit>, Vec<&PlatformItem>)> = BTreeMap::new();
    for unit in units {
        dates.entry(unit.as_of).or_default().0.push(unit);
    }
    for item in items {
        dates.entry(item.as_of).or_default().1.push(item);
    }
    let mut all = PlatformEvaluation::default();
    for (mut units, items) in dates.into_values() {
        units.sort_by(|a, b| a.platform_id.cmp(&b.platform_id));
        evaluate_date(framework, &units, &items, analysis, &mut all)?;
    }
    Ok(all)
}

fn evaluate_date(
    framework: &Framework,
    units: &[&PlatformUnit],
    items: &[&PlatformItem],
    analysis: Analysis,
    all: &mut PlatformEvaluation,
) -> Result<(), EvaluationError> {
    let engine_units: Vec<Unit> = units
        .iter()
        .map(|unit| Unit {
            id: unit.platform_id.clone(),
            sample_ok: unit.sample_ok,
            deduction: unit.integrity_deduction,
            vetoes: unit.vetoes.clone(),
        })
        .collect();
    let values: Vec<ItemValue> = items
        .iter()
        .map(|item| ItemValue {
            unit: item.platform_id.clone(),
            item: item.item.clone(),
            value: item.value,
        })
        .collect();
    let evaluation = evaluate(framework, &engine_units, &values)?;
    let rule = framework.uncertainty;
    let uncertainty = match rule.filter(|_| analysis == Analysis::AsAsked) {
        Some(rule) => rank_uncertainty(
            framework,
            rule,
            &engine_units,
            &BTreeMap::new(),
            &evaluation,
        ),
        None => vec![None; units.len()],
    };
    let sources: BTreeMap<(&str, &str), &PlatformItem> = items
        .iter()
        .map(|item| ((item.platform_id.as_str(), item.item.as_str()), *item))
        .collect();
    for ((unit, result), found) in units.iter().zip(&evaluation.units).zip(uncertainty) {
        all.scores.push(score_row(framework, unit, result, found));
        for ((dimension, item), item_result) in framework.items().zip(&result.items) {
            let source = sources.get(&(unit.platform_id.as_str(), item.id.as_str()));
            all.details.push(PlatformScoreDetail {
                as_of: unit.as_of,
                platform_id: unit.platform_id.clone(),
                item: item.id.clone(),
                dimension: dimension.id.clone(),
                raw_value: item_result.value,
                numerator: source.and_then(|source| source.numerator),
                denominator: source.and_then(|source| source.denominator),
                normalised: item_result.normalised,
                weight: item.weight,
                contribution: item_result.contribution,
                source_table: item.source.clone(),
            });
        }
    }
    Ok(())
}

fn score_row(
    framework: &Framework,
    unit: &PlatformUnit,
    result: &UnitResult,
    uncertainty: Option<UnitUncertainty>,
) -> PlatformScore {
    let grade_agreement = uncertainty.and_then(|found| found.grade_agreement);
    let borderline = framework.uncertainty.zip(grade_agreement);
    let borderline = borderline.map(|(rule, agreement)| agreement < rule.agreement);
    let interval = uncertainty.filter(|_| borderline == Some(true));
    let grade_zh = result.grade.as_deref().map(|grade| {
        let word = grade_word(framework, grade);
        interval.map_or(word.to_owned(), |found| {
            format!("{word}（临界，名次 {}）", places(found))
        })
    });
    let dimension = |id: &str| {
        let mut pairs = framework.dimensions.iter().zip(&result.dimensions);
        pairs
            .find(|(dimension, _)| dimension.id == id)
            .and_then(|(_, result)| result.score)
    };
    PlatformScore {
        as_of: unit.as_of,
        platform_id: unit.platform_id.clone(),
        platform_name: unit.platform_name.clone(),
        usage: dimension("usage"),
        resources: dimension("resources"),
        process: dimension("process"),
        outcome: dimension("outcome"),
        service: dimension("service"),
        compliance: dimension("compliance"),
        coverage: result.coverage,
        score: result.score,
        integrity: result.integrity,
        total: result.total,
        grade: result.grade.clone(),
        grade_agreement,
        borderline,
        grade_zh,
        rank: result.rank,
        rank_p05: uncertainty.map(|found| found.rank_p05),
        rank_p50: uncertainty.map(|found| found.rank_p50),
        rank_p95: uncertainty.map(|found| found.rank_p95),
        veto: (!unit.vetoes.is_empty()).then(|| unit.vetoes.join(",")),
        sample_ok: unit.sample_ok,
        learners: unit.learners,
        config_hash: framework.config_hash.clone(),
    }
}

/// A grade of an evaluation as readers see it.
fn grade_word<'a>(framework: &'a Framework, grade: &'a str) -> &'a str {
    match grade {
        NOT_GRADED => "不评级",
        INSUFFICIENT_SAMPLE => "样本不足",
        _ => {
            let mut grades = framework.grades.iter();
            let own = grades.find(|own| own.id == grade);
            own.map_or(grade, |own| &own.title.zh)
        }
    }
}

/// The ranks between which nine draws of ten lie.
fn places(found: UnitUncertainty) -> String {
    let (best, worst) = (found.rank_p05, found.rank_p95);
    if best == worst {
        return best.to_string();
    }
    format!("{best}–{worst}")
}

#[cfg(test)]
mod tests;
