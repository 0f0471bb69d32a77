//! What can be wrong with models before a night: every query is planned over empty tables of the right columns.

use std::collections::BTreeMap;

use super::check_split::check_split;
use super::check_tests::check_tests;
use super::sources::feed_column_kinds;
use crate::engine::{Frame, check_sql};
use crate::ingest::ledger::{self, LOADS, QUARANTINE};
use crate::model::{ALL_INDICATOR_HITS, Audience, ColumnKind, Model, PREVIOUS_TABLES};
use crate::native::disclosure::tables::TableColumn;
use crate::problem::Problem;
use crate::project::Project;
use crate::report::shapes;

/// Plans every model's query and compares its columns with the header's.
///
/// # Errors
/// Every mistake, with its file.
pub fn check_models(project: &Project) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut frames = sources(project, &mut problems);
    for model in project.models.in_order() {
        let inputs: BTreeMap<String, Frame> = model
            .reads
            .iter()
            .filter_map(|name| frames.get(name).map(|frame| (name.clone(), frame.clone())))
            .collect();
        let line = Some(model.sql_line);
        match check_sql(&model.file, &model.sql, &inputs) {
            // The error names the file already.
            Err(error) => problems.push(Problem::new(
                &model.file,
                line,
                reason(&model.file, &error.to_string()),
            )),
            Ok(columns) => check_columns(model, &columns, &mut problems),
        }
        let columns = kinds(model);
        add(&mut frames, &model.name, &columns, &mut problems);
        if let Some(entry) = &model.header.indicator
            && !frames.contains_key(ALL_INDICATOR_HITS)
        {
            let mut columns = columns;
            for (name, kind) in entry.optional_columns(false) {
                columns.push((name.to_owned(), kind));
            }
            for name in ["indicator_id", "method_version", "policy_hash"] {
                columns.push((name.to_owned(), ColumnKind::Text));
            }
            add(&mut frames, ALL_INDICATOR_HITS, &columns, &mut problems);
        }
    }
    // Once every table is known: a test may look into one that is made later.
    for model in project.models.in_order() {
        check_tests(model, &frames, &mut problems);
        check_split(project, model, &mut problems);
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Compares what readers get with the models: layouts of workbooks, the Chinese descriptions of tables, and the description
/// that disclosure control rests on. A figure that is not described would go to the public unseen.
pub fn check_published(project: &Project) -> Vec<Problem> {
    let mut problems = project.layouts.check(&shapes(&project.models));
    problems.extend(undescribed(project.models.published()));
    let Some(description) = &project.disclosure else {
        return problems;
    };
    let mut tell = |message: String| {
        problems.push(Problem::new("pipelines/disclosure.toml", None, message));
    };
    for model in project.models.published() {
        if model.header.audience != Audience::Public {
            continue;
        }
        let name = &model.name;
        let Some(table) = description.tables.iter().find(|table| table.name == *name) else {
            tell(format!(
                "public table `{name}` is not described: describe its columns, or give it another audience"
            ));
            continue;
        };
        let is_described = |column: &str| {
            table.grain.iter().any(|key| key == column)
                || table
                    .columns
                    .iter()
                    .any(|described| described.name == column)
        };
        let columns = &model.header.columns;
        let figures = columns
            .iter()
            .filter(|column| matches!(column.kind, ColumnKind::Int | ColumnKind::Float));
        for column in figures.filter(|column| !is_described(&column.name)) {
            tell(format!(
                "column `{}` of public table `{name}` is not described: say its role",
                column.name
            ));
        }
        for described in &table.columns {
            if columns.iter().all(|column| column.name != described.name) {
                tell(format!("table `{name}` has no column `{}`", described.name));
            }
        }
    }
    // A described table that no model makes is left out of the release, and so is what it says of others; but who stands
    // behind an amount must be told.
    for side in description.tables.iter().filter(|table| table.side) {
        let prefix = format!("{}.", side.name);
        let is_asked = description.tables.iter().any(|table| {
            let asks = |column: &TableColumn| {
                let contributors = column.contributors.as_deref();
                contributors.is_some_and(|name| name.starts_with(&prefix))
            };
            project.models.get(&table.name).is_some() && table.columns.iter().any(asks)
        });
        if is_asked && project.models.get(&side.name).is_none() {
            tell(format!("no model makes table `{}`", side.name));
        }
    }
    problems
}

/// Published tables whose header does not say in Chinese what they hold.
fn undescribed<'m>(models: impl Iterator<Item = &'m Model>) -> Vec<Problem> {
    models
        .filter(|model| model.header.description_zh.trim().is_empty())
        .map(|model| {
            let message = format!(
                "published table `{}` has no `description_zh`: say in Chinese what it holds and how it must not be read",
                model.name
            );
            Problem::new(&model.file, Some(1), message)
        })
        .collect()
}

fn reason(file: &str, text: &str) -> String {
    text.strip_prefix(&format!("{file}: "))
        .unwrap_or(text)
        .to_owned()
}

fn kinds(model: &Model) -> Vec<(String, ColumnKind)> {
    let columns = model.header.columns.iter();
    columns
        .map(|column| (column.name.clone(), column.kind))
        .collect()
}

fn check_columns(model: &Model, columns: &[String], problems: &mut Vec<Problem>) {
    if model.header.native.is_some() {
        return;
    }
    let declared: Vec<&str> = model
        .header
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    for column in columns
        .iter()
        .filter(|column| !declared.contains(&column.as_str()))
    {
        let message =
            format!("the query gives column `{column}`, which the header does not declare");
        problems.push(Problem::new(&model.file, Some(model.sql_line), message));
    }
    for column in declared
        .iter()
        .filter(|column| !columns.iter().any(|own| own == *column))
    {
        let message =
            format!("the header declares column `{column}`, which the query does not give");
        problems.push(Problem::new(&model.file, Some(1), message));
    }
}

fn add(
    frames: &mut BTreeMap<String, Frame>,
    name: &str,
    columns: &[(String, ColumnKind)],
    problems: &mut Vec<Problem>,
) {
    match Frame::scan(name, &[], columns) {
        Ok(frame) => {
            frames.insert(name.to_owned(), frame);
        }
        Err(error) => problems.push(Problem::new(name, None, error.to_string())),
    }
}

/// Empty tables for every feed and built-in table.
fn sources(project: &Project, problems: &mut Vec<Problem>) -> BTreeMap<String, Frame> {
    use ColumnKind::{Bool, Date, Float, Int, Text};
    let mut frames = BTreeMap::new();
    for contract in project.contracts.iter() {
        let columns = feed_column_kinds(contract);
        add(&mut frames, &contract.feed, &columns, problems);
        let versions = format!("{}_versions", contract.feed);
        add(&mut frames, &versions, &columns, problems);
    }
    let named = |columns: &[(&str, ColumnKind)]| -> Vec<(String, ColumnKind)> {
        columns
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), *kind))
            .collect()
    };
    let built_in = [
        (
            "policy_list",
            named(&[
                ("list", Text),
                ("value", Text),
                ("city_code", Text),
                ("valid_from", Date),
                ("valid_until", Date),
                ("basis", Text),
                ("citation", Text),
            ]),
        ),
        (
            "revisions",
            named(&[
                ("feed", Text),
                ("load_seq", Int),
                ("line", Int),
                ("by_load_seq", Int),
                ("by_line", Int),
            ]),
        ),
        (
            "cities",
            named(&[
                ("city_code", Text),
                ("city_name", Text),
                ("city_order", Int),
            ]),
        ),
        (
            "divisions",
            named(&[
                ("code", Text),
                ("city_code", Text),
                ("name", Text),
                ("valid", Bool),
            ]),
        ),
        (
            "months",
            named(&[
                ("month", Text),
                ("year", Int),
                ("month_of_year", Int),
                ("month_index", Int),
                ("first_day", Date),
                ("last_day", Date),
            ]),
        ),
        (
            "days",
            named(&[
                ("day", Date),
                ("start_us", Int),
                ("end_us", Int),
                ("month", Text),
            ]),
        ),
        (
            "run_context",
            named(&[
                ("as_of", Date),
                ("as_of_month", Text),
                ("as_of_end_us", Int),
            ]),
        ),
        (
            "policy",
            named(&[
                ("parameter", Text),
                ("city_code", Text),
                ("valid_from", Date),
                ("valid_until", Date),
                ("value", Float),
                ("value_e6", Int),
                ("value_text", Text),
                ("basis", Text),
                ("citation", Text),
            ]),
        ),
        ("loads", ledger::column_kinds(LOADS)),
        ("quarantine", ledger::column_kinds(QUARANTINE)),
    ];
    for (name, columns) in built_in {
        add(&mut frames, name, &columns, problems);
    }
    for (previous, table) in PREVIOUS_TABLES {
        if let Some(model) = project.models.get(table) {
            add(&mut frames, previous, &kinds(model), problems);
        }
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_tables_need_a_chinese_description() {
        let model = |audience: &str, description: &str| {
            let text = format!(
                "/*\ntitle_zh = \"一\"\ntitle_en = \"one\"\ndescription_zh = \"{description}\"\naudience = \"{audience}\"\n\
                 grain = [\"a\"]\n[[columns]]\nname = \"a\"\ntype = \"int\"\n*/\nSELECT a FROM claims\n"
            );
            Model::parse("sql/one.sql", &text).unwrap()
        };
        for audience in ["public", "internal", "restricted"] {
            assert!(undescribed([model(audience, "甲。")].iter()).is_empty());
            let problems = undescribed([model(audience, " ")].iter());
            let [problem] = problems.as_slice() else {
                panic!("{problems:?}");
            };
            assert_eq!(problem.file, "sql/one.sql");
            assert!(problem.message.contains("`description_zh`"));
        }
    }
}
