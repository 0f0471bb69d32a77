//! A reader of the published tables who wants to know what is hidden: knows nothing of this program, only what the
//! tables' descriptions say (cities add up, the year to date adds up, persons are counted once), and solves for the
//! smallest and largest value of each hidden figure.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;

use super::super::tables::*;
use super::table_support::*;

/// Equations and inequalities between figures, as the reader notes them down: Σ factor · figure ≤ 0 or = 0.
type Notes = Vec<(Vec<(String, f64)>, ComparisonOp)>;

/// Every figure of the tables by name; `None` for a star.
fn figures(tables: &Tables) -> BTreeMap<String, Option<i64>> {
    let mut found = BTreeMap::new();
    for (name, data) in tables {
        let text = |column: &str, row: usize| match data.columns.get(column) {
            Some(Column::Text(values)) => values[row].clone().unwrap(),
            _ => "all".to_owned(),
        };
        for (column, values) in &data.columns {
            let Column::Int(values) = values else {
                continue;
            };
            for (row, value) in values.iter().enumerate() {
                if !column.starts_with("target") {
                    let key = [
                        column.as_str(),
                        &text("month", row),
                        &text("city_code", row),
                        &text("category", row),
                    ];
                    found.insert(format!("{name} {}", key.join(" ")), *value);
                }
            }
        }
    }
    found
}

fn notes(months: usize, cities: usize, categories: usize) -> Notes {
    let mut notes = Notes::new();
    let mut note = |left: &str, right: &[String], comparison: ComparisonOp| {
        let mut terms = vec![(left.to_owned(), 1.0)];
        terms.extend(right.iter().map(|name| (name.clone(), -1.0)));
        notes.push((terms, comparison));
    };
    let areas: Vec<String> = (0..cities).map(city).chain([PROVINCE.to_owned()]).collect();
    let progress = |column: &str, at: usize, area: &str| {
        format!("city_progress_monthly {column} {} {area} all", month(at))
    };
    let category = |column: &str, at: usize, area: &str, of: usize| {
        format!("city_category_monthly {column} {} {area} c{of}", month(at))
    };
    for at in 0..months {
        for area in &areas {
            let to_date = |column: &str| {
                let mut parts = vec![progress(column, at, area)];
                if at % 12 > 0 {
                    parts.push(progress(&format!("{column}_ytd"), at - 1, area));
                }
                parts
            };
            note(
                &progress("completions_ytd", at, area),
                &to_date("completions"),
                ComparisonOp::Eq,
            );
            note(
                &progress("persons_ytd", at, area),
                &to_date("persons"),
                ComparisonOp::Le,
            );
            for earlier in to_date("persons") {
                note(
                    &earlier,
                    &[progress("persons_ytd", at, area)],
                    ComparisonOp::Le,
                );
            }
            note(
                &progress("persons", at, area),
                &[progress("completions", at, area)],
                ComparisonOp::Le,
            );
            note(
                &progress("persons_ytd", at, area),
                &[progress("completions_ytd", at, area)],
                ComparisonOp::Le,
            );
            let parts = |column: &str| -> Vec<String> {
                (0..categories)
                    .map(|of| category(column, at, area, of))
                    .collect()
            };
            note(
                &progress("completions", at, area),
                &parts("completions"),
                ComparisonOp::Eq,
            );
            note(
                &progress("persons", at, area),
                &parts("persons"),
                ComparisonOp::Le,
            );
            for of in 0..categories {
                note(
                    &category("persons", at, area, of),
                    &[progress("persons", at, area)],
                    ComparisonOp::Le,
                );
                note(
                    &category("persons", at, area, of),
                    &[category("completions", at, area, of)],
                    ComparisonOp::Le,
                );
            }
        }
        let of_cities = |name: &dyn Fn(&str) -> String| -> Vec<String> {
            areas[..cities].iter().map(|area| name(area)).collect()
        };
        for column in ["completions", "completions_ytd"] {
            note(
                &progress(column, at, PROVINCE),
                &of_cities(&|area| progress(column, at, area)),
                ComparisonOp::Eq,
            );
        }
        for of in 0..categories {
            note(
                &category("completions", at, PROVINCE, of),
                &of_cities(&|area| category("completions", at, area, of)),
                ComparisonOp::Eq,
            );
            note(
                &category("persons", at, PROVINCE, of),
                &of_cities(&|area| category("persons", at, area, of)),
                ComparisonOp::Le,
            );
        }
        for column in ["persons", "persons_ytd"] {
            note(
                &progress(column, at, PROVINCE),
                &of_cities(&|area| progress(column, at, area)),
                ComparisonOp::Le,
            );
            for area in &areas[..cities] {
                note(
                    &progress(column, at, area),
                    &[progress(column, at, PROVINCE)],
                    ComparisonOp::Le,
                );
            }
        }
    }
    notes
}

/// Smallest and largest value of a hidden figure; zeros are always shown, so a star is at least 1.
fn interval(seen: &BTreeMap<String, Option<i64>>, notes: &Notes, wanted: &str) -> (f64, f64) {
    let solve = |direction: OptimizationDirection| {
        let mut problem = Problem::new(direction);
        let variables: BTreeMap<&String, Variable> = seen
            .iter()
            .map(|(name, value)| {
                let bounds = value.map_or((1.0, 1e6), |value| (value as f64, value as f64));
                (
                    name,
                    problem.add_var(if name == wanted { 1.0 } else { 0.0 }, bounds),
                )
            })
            .collect();
        for (terms, comparison) in notes {
            let terms: Vec<(Variable, f64)> = terms
                .iter()
                .map(|(name, factor)| (variables[name], *factor))
                .collect();
            problem.add_constraint(terms, *comparison, 0.0);
        }
        problem
            .solve()
            .unwrap()
            .into_solution()
            .unwrap()
            .objective()
    };
    (
        solve(OptimizationDirection::Minimize),
        solve(OptimizationDirection::Maximize),
    )
}

fn assert_nothing_is_learnt(events: &Events, months: usize, cities: usize, categories: usize) {
    let tables = province(events, months, cities, categories);
    let outcome = controlled(&tables, &[]);
    let truth = figures(&tables);
    let seen = figures(&published(&tables, &outcome));
    let notes = notes(months, cities, categories);
    // What even hiding everything but zeros would give away cannot be asked to be hidden.
    let darkness: BTreeMap<String, Option<i64>> = truth
        .iter()
        .map(|(name, value)| (name.clone(), value.filter(|value| *value == 0)))
        .collect();
    for (name, value) in &truth {
        let value = value.unwrap();
        let is_small = (1..5).contains(&value);
        if seen[name].is_some() {
            assert!(!is_small, "{name} = {value} is shown");
            continue;
        }
        let (low, high) = interval(&seen, &notes, name);
        assert!(
            high - low > 0.9,
            "{name} = {value} is between {low} and {high}"
        );
        if is_small {
            let (least, _) = interval(&darkness, &notes, name);
            assert!(
                low <= least.max(1.0) + 1e-6 && high >= 4.0 - 1e-6,
                "{name} = {value} is between {low} and {high}"
            );
        }
    }
}

#[test]
fn small_months_of_one_city() {
    // Two cities with many completions each month, one with 2 in the second month.
    let mut events = Events::new();
    let mut person = 0;
    for at in 0..3 {
        for (place, number) in [(0, 12), (1, 9), (2, if at == 1 { 2 } else { 8 })] {
            for index in 0..number {
                events.push((at, place, index % 2, person));
                person += 1;
            }
        }
    }
    assert_nothing_is_learnt(&events, 3, 3, 2);
}

/// The control: with nothing hidden but the small figures themselves, the reader does learn them.
#[test]
fn the_reader_finds_what_is_only_hidden_itself() {
    let mut events = Events::new();
    for person in 0..27 {
        events.push((
            0,
            if person < 3 {
                0
            } else {
                1 + person as usize % 2
            },
            person as usize % 2,
            person,
        ));
    }
    let tables = province(&events, 1, 3, 2);
    let mut seen = figures(&tables);
    for value in seen.values_mut() {
        *value = value.filter(|value| !(1..5).contains(value));
    }
    let name = format!("city_progress_monthly completions 2020-01 {} all", city(0));
    assert_eq!(seen[&name], None);
    let (low, high) = interval(&seen, &notes(1, 3, 2), &name);
    assert!(
        (low - 3.0).abs() < 1e-6 && (high - 3.0).abs() < 1e-6,
        "{low} {high}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_is_learnt_of_random_provinces(events in proptest::collection::vec((0..3usize, 0..3usize, 0..2usize, 0..40u32), 20..90)) {
        assert_nothing_is_learnt(&events, 3, 3, 2);
    }
}
