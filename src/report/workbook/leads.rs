//! Tables whose rows are leads: what must be said wherever they are shown.

use super::data::TableShape;

/// What every place says that shows leads.
pub(super) const WARNING: &str = "疑点线索，需核查，非认定结论";

const TABLES: [&str; 6] = [
    "indicator_catalogue",
    "indicator_hits",
    "indicator_summary_city",
    "risk_cases",
    "linked_groups",
    "linked_group_members",
];
/// How the sheets of one organisation's case file are called.
const CASE_FILE: &str = "case_";
const COLUMNS: [&str; 5] = [
    "indicator_id",
    "hits",
    "hit_indicators",
    "indicators",
    "amount_at_risk_fen",
];

/// Whether a table shows leads. It is told by the table itself: no layout can leave the warning out.
pub(super) fn shows_leads(shape: &TableShape) -> bool {
    TABLES.contains(&shape.name.as_str())
        || shape.name.starts_with(CASE_FILE)
        || shape
            .columns
            .iter()
            .any(|column| COLUMNS.contains(&column.name.as_str()))
}
