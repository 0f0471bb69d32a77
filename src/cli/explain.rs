//! `explain`.

use super::context::{CommandError, Exit, language, open};
use super::output::{grid, print_line};
use super::{Global, Language};
use crate::desk::query::REFERENCE;
use crate::model::{Model, PROVINCE, PolicyListRow};
use crate::project::Project;
use crate::run::{MADE_TABLES, MadeTable};

pub(super) fn explain(global: &Global, id: &str) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let project = &opened.project;
    let zh = language(global) == Language::Zh;
    let by_indicator = || {
        project.models.in_order().find(|model| {
            let entry = model.header.indicator.as_ref();
            entry.is_some_and(|entry| entry.id.eq_ignore_ascii_case(id) || entry.key == id)
        })
    };
    if let Some(model) = project.models.get(id).or_else(by_indicator) {
        explain_model(&opened.project, model, zh);
    } else if let Some(parameter) = project.policy.parameters.get(id) {
        print_line(&format!(
            "{id}: {} / {} ({})",
            parameter.title_zh, parameter.title_en, parameter.unit
        ));
        print_policy(project, &[id.to_owned()], false);
    } else if let Some(list) = project.policy.lists.get(id) {
        print_line(&format!("{id}: {} / {}", list.title_zh, list.title_en));
        print_lists(project, &[id.to_owned()]);
    } else if let Some(contract) = project.contracts.get(id) {
        print_line(&format!(
            "{id}: {} / {}",
            contract.title_zh, contract.title_en
        ));
        print_line(&contract.description_en);
        let rows: Vec<Vec<String>> = contract
            .columns
            .iter()
            .map(|column| {
                vec![
                    column.name.clone(),
                    column.zh.join(" "),
                    column.required.to_string(),
                    column.en.clone(),
                ]
            })
            .collect();
        grid(
            &["column", "表头", "required", "meaning"].map(str::to_owned),
            &rows,
        );
    } else if let Some(made) = MADE_TABLES.iter().find(|made| made.name == id) {
        explain_made(made, zh);
    } else if let Some((name, zh, en)) = REFERENCE.iter().find(|(name, ..)| *name == id) {
        print_line(&format!("{name}: {zh} / {en}"));
        print_line(&format!(
            "skillwatch query \"SELECT * FROM {name} LIMIT 5\""
        ));
    } else {
        return Err(CommandError::Usage(format!(
            "`{id}` is no indicator, table, feed, policy parameter or list of this project"
        )));
    }
    Ok(Exit::Done)
}

fn explain_made(made: &MadeTable, zh: bool) {
    print_line(&format!(
        "{}: {} / {}",
        made.name, made.title_zh, made.title_en
    ));
    let description = if zh {
        made.description_zh
    } else {
        made.description_en
    };
    print_line(description);
    let columns = made.columns.iter();
    let rows: Vec<Vec<String>> = columns
        .map(|column| {
            let meaning = if zh { column.zh } else { column.en };
            [column.name, column.unit, meaning]
                .map(str::to_owned)
                .to_vec()
        })
        .collect();
    grid(&["column", "unit", "meaning"].map(str::to_owned), &rows);
    print_line(&format!("-- {}", made.file));
}

fn explain_model(project: &Project, model: &Model, zh: bool) {
    let header = &model.header;
    print_line(&format!(
        "{}: {} / {}",
        model.name, header.title_zh, header.title_en
    ));
    if let Some(entry) = &header.indicator {
        let told = |zh_text: &str, en_text: &str| if zh { zh_text } else { en_text }.to_owned();
        for (name, value) in [
            (
                "indicator",
                format!("{} {} / {}", entry.id, entry.title_zh, entry.title_en),
            ),
            ("scheme", told(&entry.scheme_zh, &entry.scheme)),
            ("strength", entry.strength.clone()),
            ("grain", told(&entry.grain_zh, &entry.grain)),
            ("threshold", told(&entry.threshold_zh, &entry.threshold)),
            ("policy", entry.policy_reference.clone()),
            (
                "false positives",
                told(&entry.false_positives_zh, &entry.false_positives),
            ),
            ("ask for", told(&entry.ask_for_zh, &entry.ask_for)),
        ] {
            print_line(&format!("{name}: {value}"));
        }
        print_line("疑点线索，需核查，非认定结论 / a lead to be checked, not a finding");
    }
    // A step on the way may have no Chinese description.
    let description = if zh && !header.description_zh.is_empty() {
        &header.description_zh
    } else {
        &header.description_en
    };
    if !description.is_empty() {
        print_line(description);
    }
    print_line(&format!("grain: {}", header.grain.join(", ")));
    print_line(&format!("sources: {}", header.sources.join("; ")));
    let reads: Vec<&str> = model.reads.iter().map(String::as_str).collect();
    print_line(&format!("reads: {}", reads.join(", ")));
    if header.indicator.is_none() {
        let rows: Vec<Vec<String>> = header
            .columns
            .iter()
            .map(|column| {
                let meaning = if zh { &column.zh } else { &column.en };
                vec![
                    column.name.clone(),
                    format!("{:?}", column.kind).to_lowercase(),
                    column.unit.clone(),
                    meaning.clone(),
                ]
            })
            .collect();
        grid(
            &["column", "type", "unit", "meaning"].map(str::to_owned),
            &rows,
        );
    }
    for test in &header.tests {
        let words = if zh {
            test.rule.words_zh()
        } else {
            test.title()
        };
        print_line(&format!(
            "test {} ({}): {words}",
            test.name,
            test.severity.word()
        ));
    }
    let parameters = project.models.parameters(model);
    if !parameters.is_empty() {
        print_policy(project, &parameters, true);
        print_lists(project, &parameters);
    }
    print_line(&format!("-- {}", model.file));
    print_line(&model.sql);
}

/// Entries of lists, each once where it holds in the whole province.
fn print_lists(project: &Project, lists: &[String]) {
    let holds_everywhere = |row: &PolicyListRow| {
        let mut others = project.policy.list_rows.iter();
        others.any(|other| {
            other.city_code == PROVINCE
                && (&other.list, &other.value, other.valid_from)
                    == (&row.list, &row.value, row.valid_from)
        })
    };
    let rows: Vec<Vec<String>> = project
        .policy
        .select_lists(lists)
        .into_iter()
        .filter(|row| row.city_code == PROVINCE || !holds_everywhere(row))
        .map(|row| {
            vec![
                row.list.clone(),
                row.city_code.clone(),
                row.value.clone(),
                row.valid_from.to_string(),
                row.valid_until.to_string(),
                row.basis.clone(),
                row.citation.clone(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let headings = [
            "list", "area", "entry", "from", "until", "basis", "citation",
        ];
        grid(&headings.map(str::to_owned), &rows);
    }
}

/// Values in force; `differing_only` leaves out cities that have the province's value.
fn print_policy(project: &Project, parameters: &[String], differing_only: bool) {
    let rows: Vec<Vec<String>> = project
        .policy
        .select(parameters)
        .into_iter()
        .filter(|row| {
            row.city_code == PROVINCE
                || !differing_only
                || !project.policy.rows.iter().any(|other| {
                    other.city_code == PROVINCE
                        && other.parameter == row.parameter
                        && other.valid_from == row.valid_from
                        && other.value_e6 == row.value_e6
                })
        })
        .map(|row| {
            vec![
                row.parameter.clone(),
                row.city_code.clone(),
                row.value_text.clone(),
                row.valid_from.to_string(),
                row.valid_until.to_string(),
                row.basis.clone(),
                row.citation.clone(),
            ]
        })
        .collect();
    let headings = [
        "parameter",
        "area",
        "value",
        "from",
        "until",
        "basis",
        "citation",
    ]
    .map(str::to_owned);
    grid(&headings, &rows);
}
