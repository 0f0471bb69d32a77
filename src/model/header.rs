//! A model file: a TOML header in the leading comment, then one SELECT.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use sqlparser::ast::{Query, SetExpr, Statement, TableFactor, Visit, Visitor};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use super::table_test::{TableTest, parse_tests};
use crate::problem::Problem;

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
    fn placeholders(&self) -> impl Iterator<Item = &str> {
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

/// A parsed model file.
#[derive(Debug, Clone)]
pub struct Model {
    /// Table name: the file's stem in lower case.
    pub name: String,
    /// Path of the file below the project.
    pub file: String,
    /// Header.
    pub header: ModelHeader,
    /// The SELECT.
    pub sql: String,
    /// Line of the file on which the SELECT starts.
    pub sql_line: usize,
    /// Tables the SELECT and the native operator read, without its own CTEs.
    pub reads: BTreeSet<String>,
}

/// Columns of an indicator model.
fn indicator_columns(entry: &IndicatorEntry) -> Vec<ModelColumn> {
    use ColumnKind::{Float, Int, Text, TextList};
    [
        ("entity_kind", Text),
        ("entity_id", Text),
        ("period", Text),
        ("city_code", Text),
        ("org_id", Text),
        ("platform_id", Text),
        ("value", Float),
        ("threshold", Float),
        ("population", Int),
        ("amount_at_risk_fen", Int),
        ("strength", Text),
        ("evidence", TextList),
        ("evidence_count", Int),
        ("rule_ref", Text),
    ]
    .into_iter()
    .chain(entry.optional_columns(true))
    .map(|(name, kind)| ModelColumn {
        name: name.to_owned(),
        kind,
        unit: String::new(),
        zh: String::new(),
        en: String::new(),
    })
    .collect()
}

impl Model {
    /// Parses the text of a model file.
    ///
    /// # Errors
    /// Every mistake found, with its line.
    pub fn parse(file: &str, text: &str) -> Result<Model, Vec<Problem>> {
        let at = |line: Option<usize>, message: String| vec![Problem::new(file, line, message)];
        let name = Path::new(file)
            .file_stem()
            .map(|stem| stem.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        let (header_text, sql) = split(text).ok_or_else(|| {
            at(
                Some(1),
                "a model starts with a /* … */ comment that holds its TOML header".to_owned(),
            )
        })?;
        let mut header: ModelHeader = toml::from_str(header_text).map_err(|error| {
            // The header starts on the comment's own line, so its first line is line 1 of the file.
            let line = error
                .span()
                .map(|span| 1 + header_text.get(..span.start).map_or(0, count_lines));
            at(line, error.message().to_owned())
        })?;
        if let Some(entry) = &header.indicator {
            header.columns = indicator_columns(entry);
            header.grain = ["entity_kind", "entity_id", "period"]
                .map(str::to_owned)
                .to_vec();
        }
        header.tests = parse_tests(file, header_text, &header.columns)?;
        let first_sql_line =
            1 + count_lines(text.get(..text.len() - sql.len()).unwrap_or_default());
        let mut reads = tables_of(sql).map_err(|message| {
            at(
                Some(first_sql_line),
                format!("the SQL does not parse: {message}"),
            )
        })?;
        reads.extend(header.inputs.iter().cloned());
        if !header.policy.is_empty() {
            reads.insert("policy".to_owned());
        }
        let model = Model {
            name,
            file: file.to_owned(),
            header,
            sql: sql.trim().trim_end_matches(';').to_owned(),
            sql_line: first_sql_line
                + count_lines(
                    sql.get(..sql.len() - sql.trim_start().len())
                        .unwrap_or_default(),
                ),
            reads,
        };
        let problems = model.inconsistencies();
        if problems.is_empty() {
            Ok(model)
        } else {
            Err(problems)
        }
    }

    /// Columns by which rows are ordered.
    pub fn order(&self) -> &[String] {
        if self.header.order.is_empty() {
            &self.header.grain
        } else {
            &self.header.order
        }
    }

    fn inconsistencies(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut complain =
            |message: String| problems.push(Problem::new(&self.file, Some(1), message));
        let names: Vec<&str> = self
            .header
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        for (index, name) in names.iter().enumerate() {
            if names.iter().take(index).any(|earlier| earlier == name) {
                complain(format!("column `{name}` is declared twice"));
            }
        }
        let lists = [("grain", &self.header.grain), ("order", &self.header.order)];
        for (key, list) in lists {
            for name in list.iter().filter(|name| !names.contains(&name.as_str())) {
                complain(format!(
                    "`{key}` names `{name}`, which is not among the columns"
                ));
            }
        }
        if let Some(rule) = &self.header.trace {
            for name in rule
                .columns
                .keys()
                .filter(|name| !names.contains(&name.as_str()))
            {
                complain(format!(
                    "`trace.columns` names `{name}`, which is not among the columns"
                ));
            }
            for rule in rule.columns.values().chain([rule]) {
                let known = |name: &&str| {
                    *name == "as_of" || self.header.grain.iter().any(|own| own == name)
                };
                if let Some(name) = rule.placeholders().find(|name| !known(name)) {
                    complain(format!(
                        "`trace` names `{{{name}}}`, which is neither of the grain nor `{{as_of}}`"
                    ));
                }
            }
        }
        if let Some(entry) = &self.header.indicator {
            for (name, _) in entry
                .texts()
                .iter()
                .filter(|(_, text)| text.trim().is_empty())
            {
                complain(format!("`{name}` of the indicator is empty"));
            }
        }
        if self.header.grain.is_empty() {
            complain("`grain` is empty: say which columns make a row unique".to_owned());
        }
        if self.header.partition.is_some() && !self.header.tests.is_empty() {
            complain(
                "a table stored by day is not tested: that would read all of its days every night; test what is made of it"
                    .to_owned(),
            );
        }
        match &self.header.partition {
            Some(column) if !names.contains(&column.as_str()) => {
                complain(format!(
                    "`partition` names `{column}`, which is not among the columns"
                ));
            }
            Some(column) if self.order().first() != Some(column) => {
                complain(format!(
                    "rows of a table stored by day are ordered by `{column}` first"
                ));
            }
            None if self.header.incremental => {
                complain("`incremental` needs `partition`".to_owned());
            }
            _ => {}
        }
        if self.header.split_by.is_some()
            && (self.header.incremental || self.header.native.is_some())
        {
            complain(
                "`split_by` is for queries computed as a whole, without a native operator"
                    .to_owned(),
            );
        }
        for name in self.header.split_joins.keys() {
            if self.header.split_by.is_none() || !self.reads.contains(name) {
                complain(format!(
                    "`split_joins` names `{name}`: it is for tables that a query with `split_by` reads"
                ));
            }
        }
        if self.reads.contains("policy") && self.header.policy.is_empty() {
            complain(
                "the SQL reads `policy`, but the header's `policy` names no parameter".to_owned(),
            );
        }
        for parameter in &self.header.policy {
            if !self.sql.contains(&format!("'{parameter}'")) && self.header.native.is_none() {
                complain(format!(
                    "policy parameter `{parameter}` is declared but not used in the SQL"
                ));
            }
        }
        problems
    }
}

fn count_lines(text: &str) -> usize {
    text.matches('\n').count()
}

fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start_matches('\u{feff}').strip_prefix("/*")?;
    rest.split_once("*/")
}

/// The tables a query reads: every relation name that is not one of its own common table expressions.
///
/// # Errors
/// What keeps the text from being one SELECT.
pub fn tables_of(sql: &str) -> Result<BTreeSet<String>, String> {
    let statements =
        Parser::parse_sql(&GenericDialect {}, sql).map_err(|error| error.to_string())?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return Err("a model holds exactly one SELECT".to_owned());
    };
    let mut collector = TableCollector::default();
    let _ = query.visit(&mut collector);
    Ok(collector
        .tables
        .difference(&collector.own)
        .cloned()
        .collect())
}

#[derive(Default)]
struct TableCollector {
    tables: BTreeSet<String>,
    own: BTreeSet<String>,
}

impl Visitor for TableCollector {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let Some(with) = &query.with {
            for table in &with.cte_tables {
                self.own.insert(table.alias.name.value.clone());
            }
        }
        if let SetExpr::Table(table) = query.body.as_ref() {
            self.tables.extend(table.table_name.clone());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, .. } = factor {
            self.tables.insert(name.to_string());
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "/*\ntitle_zh = \"一\"\ntitle_en = \"one\"\naudience = \"public\"\ngrain = [\"a\"]\n[[columns]]\nname = \"a\"\ntype = \"int\"\n*/\nWITH x AS (SELECT a FROM claims) SELECT x.a FROM x JOIN cities ON TRUE\n";

    #[test]
    fn finds_tables_but_not_own_expressions() {
        let model = Model::parse("sql/one.sql", GOOD).unwrap();
        assert_eq!(model.name, "one");
        assert_eq!(
            model.reads.iter().map(String::as_str).collect::<Vec<_>>(),
            ["cities", "claims"]
        );
    }

    #[test]
    fn a_header_mistake_has_its_line() {
        let bad = GOOD.replace("audience = \"public\"", "audience = \"everyone\"");
        let problems = Model::parse("sql/one.sql", &bad).unwrap_err();
        assert_eq!(problems.first().unwrap().line, Some(4));
    }

    #[test]
    fn broken_sql_is_refused_with_its_place() {
        let bad = GOOD.replace("SELECT x.a FROM x", "SELEC x.a FROM x");
        let problems = Model::parse("sql/one.sql", &bad).unwrap_err();
        assert!(problems.first().unwrap().message.contains("does not parse"));
    }

    #[test]
    fn undeclared_policy_and_grain_are_refused() {
        let bad = GOOD
            .replace("FROM claims", "FROM policy")
            .replace("[\"a\"]", "[\"b\"]");
        let messages: Vec<String> = Model::parse("sql/one.sql", &bad)
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.message)
            .collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
    }
}
