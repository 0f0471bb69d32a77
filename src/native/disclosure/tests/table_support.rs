//! Small published tables to test with.

use std::collections::BTreeMap;

use super::super::tables::*;
use super::super::{Options, Rules};

/// The project's own description.
pub fn description() -> Description {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/pipelines/disclosure.toml"
    ));
    Description::parse(text).unwrap()
}

/// A table from rows: texts of the grain first, then whole numbers.
pub fn table(grain: &[&str], columns: &[&str], rows: &[(Vec<String>, Vec<i64>)]) -> TableData {
    let mut data = TableData::default();
    for (place, name) in grain.iter().enumerate() {
        let values = rows
            .iter()
            .map(|(key, _)| Some(key[place].clone()))
            .collect();
        data.columns
            .insert((*name).to_owned(), Column::Text(values));
    }
    for (place, name) in columns.iter().enumerate() {
        let values = rows.iter().map(|(_, values)| Some(values[place])).collect();
        data.columns.insert((*name).to_owned(), Column::Int(values));
    }
    data
}

/// Adds a column of fractions.
pub fn with_fractions(mut data: TableData, name: &str, values: Vec<Option<f64>>) -> TableData {
    data.columns.insert(name.to_owned(), Column::Float(values));
    data
}

pub const PROVINCE: &str = "370000";

pub fn month(index: usize) -> String {
    format!("{}-{:02}", 2020 + index / 12, index % 12 + 1)
}

pub fn city(index: usize) -> String {
    format!("37{:02}00", index + 1)
}

/// Completions of each person: (month, city, category, person).
pub type Events = Vec<Event>;

/// Month, city, category, person.
pub type Event = (usize, usize, usize, u32);

/// `city_progress_monthly` and `city_category_monthly` of events, dense over months, cities and categories, with the
/// province; `columns` that the tests look at.
pub fn province(events: &Events, months: usize, cities: usize, categories: usize) -> Tables {
    let count = |keep: &dyn Fn(&Event) -> bool| {
        let kept: Vec<u32> = events
            .iter()
            .filter(|event| keep(event))
            .map(|event| event.3)
            .collect();
        let mut persons = kept.clone();
        persons.sort_unstable();
        persons.dedup();
        (kept.len() as i64, persons.len() as i64)
    };
    let mut progress = Vec::new();
    let mut by_category = Vec::new();
    for at in 0..months {
        for area in 0..=cities {
            let code = if area == cities {
                PROVINCE.to_owned()
            } else {
                city(area)
            };
            let here = |event: &Event| area == cities || event.1 == area;
            let (completions, persons) = count(&|event| event.0 == at && here(event));
            let january = at - at % 12;
            let (to_date, persons_to_date) =
                count(&|event| (january..=at).contains(&event.0) && here(event));
            progress.push((
                vec![month(at), code.clone()],
                vec![completions, persons, to_date, persons_to_date],
            ));
            for category in 0..categories {
                let (completions, persons) =
                    count(&|event| event.0 == at && here(event) && event.2 == category);
                let key = vec![month(at), code.clone(), format!("c{category}")];
                by_category.push((key, vec![completions, persons]));
            }
        }
    }
    let grain = ["month", "city_code"];
    let columns = ["completions", "persons", "completions_ytd", "persons_ytd"];
    let mut data = table(&grain, &columns, &progress);
    data.columns.insert(
        "target_completions".to_owned(),
        Column::Int(vec![None; progress.len()]),
    );
    let by_category = table(
        &["month", "city_code", "category"],
        &["completions", "persons"],
        &by_category,
    );
    BTreeMap::from([
        ("city_progress_monthly".to_owned(), data),
        ("city_category_monthly".to_owned(), by_category),
    ])
}

/// Runs the control with the default rules; it must pass.
pub fn controlled(tables: &Tables, earlier: &[Tables]) -> Outcome {
    let outcome = control(
        &description(),
        &Rules::default(),
        tables,
        earlier,
        &Options::default(),
    )
    .unwrap();
    assert!(outcome.report.passes(), "{:#?}", outcome.report);
    outcome
}

/// The tables as the public sees them: hidden figures empty.
pub fn published(tables: &Tables, outcome: &Outcome) -> Tables {
    let mut shown = tables.clone();
    for (name, table) in &outcome.tables {
        let Some(data) = shown.get_mut(name) else {
            continue;
        };
        for (column, rows) in &table.hidden {
            for row in rows.keys() {
                match data.columns.get_mut(column) {
                    Some(Column::Int(values)) => values[*row] = None,
                    Some(Column::Float(values)) => values[*row] = None,
                    Some(Column::Text(_)) | None => {}
                }
            }
        }
    }
    shown
}

/// Hidden figures as table, column and grain.
pub fn hidden(tables: &Tables, outcome: &Outcome) -> Vec<String> {
    let mut found = Vec::new();
    for (name, table) in &outcome.tables {
        for (column, rows) in &table.hidden {
            for row in rows.keys() {
                let keys = description().table(name).unwrap().grain.clone();
                let texts = keys.iter().map(|key| match &tables[name].columns[key] {
                    Column::Text(values) => values[*row].clone().unwrap(),
                    _ => String::new(),
                });
                let texts: Vec<String> = texts.collect();
                found.push(format!("{name}.{column} {}", texts.join(" ")));
            }
        }
    }
    found.sort();
    found
}
