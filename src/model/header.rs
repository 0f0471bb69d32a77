//! What the header of a model file says.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::table_test::TableTest;

/// Who may see a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Anyone, after disclosure control.
    Public,
    /// Staff of the offices.
    Internal,
    /// Investigators; may hold person-level rows.
    Restricted,
    /// Nobody: a step on the way.
    Intermediate,
}

/// The type of a model's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Text.
    Text,
    /// 64-bit integer: counts, fen, seconds, keys.
    Int,
    /// 64-bit float: ratios and hours.
    Float,
    /// Yes or no.
    Bool,
    /// Calendar date.
    Date,
    /// Moment, UTC microseconds.
    Time,
    /// List of texts.
    TextList,
}

/// One column of a model, as documented in its header.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct ModelColumn {
    /// Column name.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    /// Unit, such as 人 or fen.
    #[serde(default)]
    pub unit: String,
    /// Chinese heading.
    #[serde(default)]
    pub zh: String,
    /// One English sentence.
    #[serde(default)]
    pub en: String,
}

/// The catalogue entry of an indicator.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorEntry {
    /// Identifier such as `A01`.
    pub id: String,
    /// Key such as `invalid_identity`.
    pub key: String,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// The scheme it is meant to find, in Chinese.
    pub scheme_zh: String,
    /// The scheme it is meant to find.
    pub scheme: String,
    /// Strengths it can give: H, S, W.
    pub strength: String,
    /// What one hit is about, in Chinese.
    pub grain_zh: String,
    /// What one hit is about.
    pub grain: String,
    /// The test in words, with its default threshold, in Chinese.
    pub threshold_zh: String,
    /// The test in words, with its default threshold.
    pub threshold: String,
    /// Article or default it rests on.
    pub policy_reference: String,
    /// Honest reasons that look the same, in Chinese.
    pub false_positives_zh: String,
    /// Honest reasons that look the same.
    pub false_positives: String,
    /// What a reviewer should ask for, in Chinese.
    pub ask_for_zh: String,
    /// What a reviewer should ask for.
    pub ask_for: String,
    /// Whether its hits rest on a comparison with peers or on a probability: they then say how many peers there were and
    /// how many hits chance alone would give.
    #[serde(default)]
    pub statistical: bool,
    /// Whether the query lists, in the column `enrolments`, all enrolments that a hit concerns, for its cases: where hits do
    /// not name their enrolment or claim by themselves. It is not published.
    #[serde(default)]
    pub names_enrolments: bool,
}

impl IndicatorEntry {
    /// Columns that not every indicator has: those that this one has, or those that it has not.
    pub fn optional_columns(
        &self,
        has: bool,
    ) -> impl Iterator<Item = (&'static str, ColumnKind)> + use<> {
        let all = [
            ("enrolments", ColumnKind::TextList, self.names_enrolments),
            ("peers", ColumnKind::Int, self.statistical),
            ("expected_false_alarms", ColumnKind::Float, self.statistical),
        ];
        let wanted = move |(_, _, is_there): &(_, _, bool)| *is_there == has;
        all.into_iter()
            .filter(wanted)
            .map(|(name, kind, _)| (name, kind))
    }

    /// What people read of it, by the header's key.
    pub fn texts(&self) -> [(&'static str, &str); 15] {
        [
            ("key", &self.key),
            ("title_zh", &self.title_zh),
            ("title_en", &self.title_en),
            ("scheme_zh", &self.scheme_zh),
            ("scheme", &self.scheme),
            ("strength", &self.strength),
            ("grain_zh", &self.grain_zh),
            ("grain", &self.grain),
            ("threshold_zh", &self.threshold_zh),
            ("threshold", &self.threshold),
            ("policy_reference", &self.policy_reference),
            ("false_positives_zh", &self.false_positives_zh),
            ("false_positives", &self.false_positives),
            ("ask_for_zh", &self.ask_for_zh),
            ("ask_for", &self.ask_for),
        ]
    }
}

/// The raw rows behind a cell: rows of `table` for which `where` holds.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct TraceRule {
    /// A feed, or a published table whose evidence leads on.
    pub table: String,
    /// SQL condition with placeholders: `{grain column}`, and `{as_of}` for the release's as-of day.
    #[serde(rename = "where")]
    pub condition: String,
    /// Columns whose figures rest on other rows, each with its own rule.
    #[serde(default)]
    pub columns: BTreeMap<String, TraceRule>,
}

impl TraceRule {
    /// The rule of a column; that of the whole row where it has none of its own.
    pub fn of_column(&self, column: Option<&str>) -> &TraceRule {
        let own = column.and_then(|column| self.columns.get(column));
        own.unwrap_or(self)
    }

    /// Names of the condition's placeholders.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = &str> {
        let parts = self.condition.split('{').skip(1);
        parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
    }
}

/// What an audit's rows mean: an audit holds when its query gives no row.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// What follows when it does not hold.
    pub severity: Severity,
}

/// What follows when an audit does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is published; exit code 2.
    Error,
    /// The night is published and the finding reported; exit code 1.
    Warn,
}

impl Severity {
    /// The word in headers, manifests and tables.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warn => "warn",
        }
    }
}

/// The header of a model file.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct ModelHeader {
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// What it says and how it must not be read, in Chinese; a published table has it.
    #[serde(default)]
    pub description_zh: String,
    /// The same in English.
    #[serde(default)]
    pub description_en: String,
    /// Who may see it.
    pub audience: Audience,
    /// Unique key.
    #[serde(default)]
    pub grain: Vec<String>,
    /// Row order; the grain when empty.
    #[serde(default)]
    pub order: Vec<String>,
    /// Articles of the notice, handbook sections, papers.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Policy parameters that the query may see.
    #[serde(default)]
    pub policy: Vec<String>,
    /// The column by whose local day the table is stored.
    pub partition: Option<String>,
    /// Whether only stale days are computed.
    #[serde(default)]
    pub incremental: bool,
    /// A text or integer column of large inputs: no row of the result depends on input rows of two of its values, so it can
    /// be computed in parts, in bounded memory, and where the result has the column, rows of values in no changed file are
    /// carried over.
    pub split_by: Option<String>,
    /// Tables stored as a whole, with the one column by which the query joins them to the tables that it reads in parts: a
    /// row of the result depends on their rows only where one of those tables has the same value beside that of `split_by`.
    #[serde(default)]
    pub split_joins: BTreeMap<String, String>,
    /// Name of a native operator that turns the query's rows into the table.
    pub native: Option<String>,
    /// Further tables that the native operator reads.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Columns in order.
    #[serde(default)]
    pub columns: Vec<ModelColumn>,
    /// Catalogue entry, for indicators.
    pub indicator: Option<IndicatorEntry>,
    /// The raw rows behind a cell.
    pub trace: Option<TraceRule>,
    /// For audits: what its rows mean.
    pub audit: Option<AuditEntry>,
    /// What must hold of its rows before a release.
    #[serde(default, deserialize_with = "read_with_positions")]
    pub tests: Vec<TableTest>,
}

/// Tests are read once the columns are known, by a reader that finds all of their mistakes with their lines.
fn read_with_positions<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<TableTest>, D::Error> {
    IgnoredAny::deserialize(deserializer)?;
    Ok(Vec::new())
}
