//! What a night's indicators came to, for the run report: hits beside the number tested and what chance would give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::RunError;
use super::build::Builder;
use crate::engine::{Cell, run_sql};

const HITS: &str = "indicator_hits";

/// The hits of one indicator in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadRecord {
    /// Indicator.
    pub indicator: String,
    /// Hits that stand tonight and that no reviewer has cleared.
    pub hits: i64,
    /// Entities tested, of all kinds that it hits; of a kind the most of its tests where it has several.
    pub population: i64,
    /// Hits that rest on a test of chance, not on a rule.
    #[serde(default)]
    pub statistical_hits: i64,
    /// Hits that chance alone would give; `None` for rules.
    pub expected_false_alarms: Option<f64>,
}

/// Counts the hits by indicator; none when the project has no table of hits.
///
/// # Errors
/// When the table cannot be read.
pub fn leads(builder: &Builder<'_>) -> Result<Vec<LeadRecord>, RunError> {
    if builder.models.get(HITS).is_none() {
        return Ok(Vec::new());
    }
    let frame = builder.model_frame(HITS, None)?;
    let inputs = BTreeMap::from([(HITS.to_owned(), frame)]);
    let sql = "WITH kind AS ( \
               SELECT indicator_id, entity_kind, COUNT(*) AS hits, MAX(population) AS population, \
               SUM(CASE WHEN expected_false_alarms IS NOT NULL THEN 1 ELSE 0 END) AS statistical_hits, \
               MAX(expected_false_alarms) AS expected_false_alarms \
               FROM indicator_hits WHERE status <> 'cleared' AND NOT suppressed GROUP BY indicator_id, entity_kind) \
               SELECT indicator_id, CAST(SUM(hits) AS BIGINT) AS hits, CAST(SUM(population) AS BIGINT) AS population, \
               CAST(SUM(statistical_hits) AS BIGINT) AS statistical_hits, MAX(expected_false_alarms) AS expected_false_alarms \
               FROM kind GROUP BY indicator_id ORDER BY indicator_id";
    let rows = run_sql("leads of the run", sql, &inputs)?.cells();
    let int = |cell: Option<&Cell>| match cell {
        Some(Cell::Int(value)) => *value,
        _ => 0,
    };
    Ok(rows
        .iter()
        .map(|row| LeadRecord {
            indicator: row.first().map(Cell::text).unwrap_or_default(),
            hits: int(row.get(1)),
            population: int(row.get(2)),
            statistical_hits: int(row.get(3)),
            expected_false_alarms: match row.get(4) {
                Some(Cell::Float(value)) => Some(*value),
                _ => None,
            },
        })
        .collect())
}
