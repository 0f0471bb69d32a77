//! A model file: a TOML header in the leading comment, then one SELECT.

use std::collections::BTreeSet;
use std::path::Path;

use super::header::{ColumnKind, IndicatorEntry, ModelColumn, ModelHeader};
use super::reads::tables_of;
use super::table_test::parse_tests;
use crate::problem::Problem;

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
