//! The platform evaluation on the rows of queries.

use std::collections::BTreeMap;

use super::{Reader, refuse};
use crate::engine::{Cell, ColumnData, EngineError, Frame, Table, run_sql};
use crate::native::composite::platform::{
    PlatformEvaluation, PlatformItem, PlatformScore, PlatformScoreDetail, PlatformUnit,
    evaluate_platforms, score_platforms,
};
use crate::native::composite::{EvaluationError, Framework};
use crate::run::RunError;

/// Platform scores from the rows of items and table `platform_units`.
pub(super) fn scores(
    place: &str,
    rows: &Table,
    inputs: &BTreeMap<String, Frame>,
    framework: &Framework,
) -> Result<Table, RunError> {
    let evaluation = evaluate(place, rows, inputs, framework, evaluate_platforms)?;
    Ok(scores_table(place, &evaluation.scores)?)
}

/// The same without the uncertainty analysis, whose columns stay empty.
pub(super) fn scores_alone(
    place: &str,
    rows: &Table,
    inputs: &BTreeMap<String, Frame>,
    framework: &Framework,
) -> Result<Table, RunError> {
    let evaluation = evaluate(place, rows, inputs, framework, score_platforms)?;
    Ok(scores_table(place, &evaluation.scores)?)
}

/// How each item contributes to the scores.
pub(super) fn details(
    place: &str,
    rows: &Table,
    inputs: &BTreeMap<String, Frame>,
    framework: &Framework,
) -> Result<Table, RunError> {
    let evaluation = evaluate(place, rows, inputs, framework, score_platforms)?;
    Ok(details_table(place, &evaluation.details)?)
}

/// [`evaluate_platforms`] or [`score_platforms`].
type Method =
    fn(&Framework, &[PlatformUnit], &[PlatformItem]) -> Result<PlatformEvaluation, EvaluationError>;

fn evaluate(
    place: &str,
    rows: &Table,
    inputs: &BTreeMap<String, Frame>,
    framework: &Framework,
    method: Method,
) -> Result<PlatformEvaluation, RunError> {
    let units = run_sql(place, "SELECT * FROM platform_units", inputs)?;
    method(framework, &units_of(&units)?, &items_of(rows)?)
        .map_err(|error| refuse(place, error.to_string()))
}

fn units_of(table: &Table) -> Result<Vec<PlatformUnit>, RunError> {
    let reader = Reader { table };
    let (as_of, ids) = (reader.dates("as_of")?, reader.texts("platform_id")?);
    let (names, learners) = (reader.texts("platform_name")?, reader.ints("learners")?);
    let sample_ok = reader.map("sample_ok", |cell| cell == Cell::Bool(true))?;
    let deductions = reader.floats("integrity_deduction")?;
    let vetoes = reader.texts("vetoes")?;
    let rows = as_of
        .into_iter()
        .zip(ids)
        .zip(names)
        .zip(learners)
        .zip(sample_ok)
        .zip(deductions)
        .zip(vetoes);
    Ok(rows
        .map(
            |((((((as_of, id), name), learners), sample_ok), deduction), vetoes)| PlatformUnit {
                as_of,
                platform_id: id.unwrap_or_default(),
                platform_name: name,
                learners: learners.unwrap_or_default(),
                sample_ok,
                integrity_deduction: deduction.unwrap_or_default(),
                vetoes: vetoes
                    .iter()
                    .flat_map(|kinds| kinds.split(','))
                    .map(str::to_owned)
                    .collect(),
            },
        )
        .collect())
}

fn items_of(table: &Table) -> Result<Vec<PlatformItem>, RunError> {
    let reader = Reader { table };
    let (as_of, ids) = (reader.dates("as_of")?, reader.texts("platform_id")?);
    let (items, values) = (reader.texts("item")?, reader.floats("value")?);
    let (numerators, denominators) = (reader.ints("numerator")?, reader.ints("denominator")?);
    let rows = as_of
        .into_iter()
        .zip(ids)
        .zip(items)
        .zip(values)
        .zip(numerators)
        .zip(denominators);
    Ok(rows
        .map(
            |(((((as_of, id), item), value), numerator), denominator)| PlatformItem {
                as_of,
                platform_id: id.unwrap_or_default(),
                item: item.unwrap_or_default(),
                value,
                numerator,
                denominator,
            },
        )
        .collect())
}

fn scores_table(place: &str, rows: &[PlatformScore]) -> Result<Table, EngineError> {
    let float =
        |get: fn(&PlatformScore) -> Option<f64>| ColumnData::Float(rows.iter().map(get).collect());
    let text = |get: fn(&PlatformScore) -> Option<String>| {
        ColumnData::Text(rows.iter().map(get).collect())
    };
    Table::from_columns(
        place,
        vec![
            (
                "as_of",
                ColumnData::Date(rows.iter().map(|row| Some(row.as_of)).collect()),
            ),
            ("platform_id", text(|row| Some(row.platform_id.clone()))),
            ("platform_name", text(|row| row.platform_name.clone())),
            ("usage", float(|row| row.usage)),
            ("resources", float(|row| row.resources)),
            ("process", float(|row| row.process)),
            ("outcome", float(|row| row.outcome)),
            ("service", float(|row| row.service)),
            ("compliance", float(|row| row.compliance)),
            ("coverage", float(|row| Some(row.coverage))),
            ("score", float(|row| row.score)),
            ("integrity", float(|row| row.integrity)),
            ("total", float(|row| row.total)),
            ("grade", text(|row| row.grade.clone())),
            ("grade_zh", text(|row| row.grade_zh.clone())),
            ("grade_agreement", float(|row| row.grade_agreement)),
            (
                "borderline",
                ColumnData::Bool(rows.iter().map(|row| row.borderline).collect()),
            ),
            (
                "rank",
                ColumnData::Int(rows.iter().map(|row| row.rank.map(i64::from)).collect()),
            ),
            ("rank_p05", float(|row| row.rank_p05.map(f64::from))),
            ("rank_p50", float(|row| row.rank_p50.map(f64::from))),
            ("rank_p95", float(|row| row.rank_p95.map(f64::from))),
            ("veto", text(|row| row.veto.clone())),
            (
                "sample_ok",
                ColumnData::Bool(rows.iter().map(|row| Some(row.sample_ok)).collect()),
            ),
            (
                "learners",
                ColumnData::Int(rows.iter().map(|row| Some(row.learners)).collect()),
            ),
            ("config_hash", text(|row| Some(row.config_hash.clone()))),
        ],
    )
}

fn details_table(place: &str, rows: &[PlatformScoreDetail]) -> Result<Table, EngineError> {
    let float = |get: fn(&PlatformScoreDetail) -> Option<f64>| {
        ColumnData::Float(rows.iter().map(get).collect())
    };
    let text = |get: fn(&PlatformScoreDetail) -> Option<String>| {
        ColumnData::Text(rows.iter().map(get).collect())
    };
    let int = |get: fn(&PlatformScoreDetail) -> Option<i64>| {
        ColumnData::Int(rows.iter().map(get).collect())
    };
    Table::from_columns(
        place,
        vec![
            (
                "as_of",
                ColumnData::Date(rows.iter().map(|row| Some(row.as_of)).collect()),
            ),
            ("platform_id", text(|row| Some(row.platform_id.clone()))),
            ("item", text(|row| Some(row.item.clone()))),
            ("dimension", text(|row| Some(row.dimension.clone()))),
            ("raw_value", float(|row| row.raw_value)),
            ("numerator", int(|row| row.numerator)),
            ("denominator", int(|row| row.denominator)),
            ("normalised", float(|row| row.normalised)),
            ("weight", float(|row| Some(row.weight))),
            ("contribution", float(|row| row.contribution)),
            ("source_table", text(|row| row.source_table.clone())),
        ],
    )
}
