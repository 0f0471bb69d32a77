//! One row of `platform_scores`.

use crate::desk::rows::Row;

/// What `platform_scores` says of a platform.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Score {
    /// Unified social credit code.
    pub platform_id: String,
    /// Name.
    pub platform_name: Option<String>,
    /// Share of the weight whose items have a value.
    pub coverage: Option<f64>,
    /// Score before integrity.
    pub score: Option<f64>,
    /// Integrity points.
    pub integrity: Option<f64>,
    /// Score × integrity factor.
    pub total: Option<f64>,
    /// Grade, `not_graded` or `insufficient_sample`.
    pub grade: String,
    /// Share of the draws that agree on the grade.
    pub grade_agreement: Option<f64>,
    /// Place among the ranked platforms.
    pub rank: Option<i64>,
    /// 5th percentile of the place over the draws.
    pub rank_p05: Option<f64>,
    /// Median of the place.
    pub rank_p50: Option<f64>,
    /// 95th percentile of the place.
    pub rank_p95: Option<f64>,
    /// Kinds of the confirmed findings that veto.
    pub vetoes: Vec<String>,
    /// Whether it is old and large enough to be graded.
    pub sample_ok: bool,
    /// Learners of the twelve months.
    pub learners: i64,
    /// Which framework made it.
    pub config_hash: String,
}

impl Score {
    pub(super) fn of(row: Row<'_>) -> Score {
        let vetoes = row.word("veto");
        Score {
            platform_id: row.word("platform_id"),
            platform_name: row.text("platform_name"),
            coverage: row.float("coverage"),
            score: row.float("score"),
            integrity: row.float("integrity"),
            total: row.float("total"),
            grade: row.word("grade"),
            grade_agreement: row.float("grade_agreement"),
            rank: row.int("rank"),
            rank_p05: row.float("rank_p05"),
            rank_p50: row.float("rank_p50"),
            rank_p95: row.float("rank_p95"),
            vetoes: vetoes
                .split(',')
                .filter(|kind| !kind.is_empty())
                .map(str::to_owned)
                .collect(),
            sample_ok: row.flag("sample_ok").unwrap_or_default(),
            learners: row.count("learners"),
            config_hash: row.word("config_hash"),
        }
    }
}
