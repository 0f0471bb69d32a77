//! Borda, Condorcet and Copeland on the profiles of the OECD/JRC Handbook, tables 25 to 33.

use super::*;
use serde_json::Value;

/// A profile as a table: a unit a candidate, a column a group of indicators, cells the candidate's place.
struct Profile {
    sheet: Sheet,
    voters: Vec<f64>,
    expected: Value,
}

fn profile(table: &str, without: &str) -> Profile {
    let profile = rows(&data("voting").join(format!("oecd_{table}_profile.csv")));
    let text = std::fs::read_to_string(data("voting").join(format!("oecd_{table}_expected.json")))
        .unwrap();
    let order = |row: &Row| -> Vec<String> {
        let places = row.iter().filter(|(column, _)| column.starts_with("rank"));
        places
            .map(|(_, candidate)| candidate.clone())
            .filter(|name| name != without)
            .collect()
    };
    let mut candidates = order(&profile[0]);
    candidates.sort();
    let cells = |candidate: &String| {
        let place = |row: &Row| order(row).iter().position(|one| one == candidate).unwrap() + 1;
        let places = profile.iter().map(|row| place(row).to_string());
        std::iter::once(candidate.clone()).chain(places).collect()
    };
    let columns = (0..profile.len()).map(|group| format!("g{group}"));
    Profile {
        sheet: Sheet {
            file: table.to_owned(),
            columns: std::iter::once("candidate".to_owned())
                .chain(columns)
                .collect(),
            rows: candidates
                .iter()
                .enumerate()
                .map(|(place, candidate)| SheetRow {
                    line: place + 2,
                    cells: cells(candidate),
                })
                .collect(),
        },
        voters: profile
            .iter()
            .map(|row| row["n_indicators"].parse().unwrap())
            .collect(),
        expected: serde_json::from_str(&text).unwrap(),
    }
}

fn framework_of(profile: &Profile, aggregation: &str) -> Framework {
    let mut text = format!("aggregation = '{aggregation}'\n");
    for (group, voters) in profile.voters.iter().enumerate() {
        text.push_str(&format!(
            "[[items]]\nid = 'g{group}'\nweight = {voters}\ndirection = 'lower'\n"
        ));
    }
    parsed(&text)
}

fn scores(profile: &Profile, aggregation: &str) -> BTreeMap<String, f64> {
    let evaluation = evaluated(&framework_of(profile, aggregation), &profile.sheet);
    let units = evaluation.units.into_iter();
    units.map(|unit| (unit.id, unit.score.unwrap())).collect()
}

fn compare_borda(case: &mut Case, profile: &Profile, key: &str) {
    let found = scores(profile, "borda");
    for (candidate, points) in profile.expected[key].as_object().unwrap() {
        case.compare(found[candidate], points.as_f64().unwrap(), candidate);
    }
}

#[test]
fn borda_counts() {
    let mut case = Case::new("Handbook tables 25–33, Borda counts", 0.0);
    for table in ["table25", "table28", "table31"] {
        compare_borda(&mut case, &profile(table, ""), "borda");
    }
    // Without the candidate that nobody would choose the order turns round.
    compare_borda(&mut case, &profile("table31", "d"), "borda_without_d");
    case.tell();
}

#[test]
fn outranking_matrices() {
    let mut case = Case::new("Handbook tables 26 and 29, outranking matrices", 0.0);
    for table in ["table25", "table28"] {
        let profile = profile(table, "");
        let evaluation = evaluated(&framework_of(&profile, "copeland"), &profile.sheet);
        let columns: Vec<Vec<Option<f64>>> = (0..profile.voters.len())
            .map(|group| {
                evaluation
                    .units
                    .iter()
                    .map(|unit| unit.items[group].normalised)
                    .collect()
            })
            .collect();
        let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
        let matrix = crate::native::composite::outranking(&columns, &profile.voters);
        for (row, unit) in evaluation.units.iter().enumerate() {
            for (column, other) in evaluation.units.iter().enumerate() {
                if let Some(published) = profile.expected["outranking"][&unit.id].get(&other.id) {
                    case.compare(matrix[row][column], published.as_f64().unwrap(), &unit.id);
                }
            }
        }
    }
    case.tell();
}

#[test]
fn copeland_finds_condorcets_order_and_his_cycle() {
    let profile25 = profile("table25", "");
    let found = scores(&profile25, "copeland");
    let mut case = Case::new("Handbook tables 25 and 28, Copeland: order and cycle", 0.0);
    let order = profile25.expected["condorcet_ranking"].as_array().unwrap();
    for (place, candidate) in order.iter().enumerate() {
        // The first beats three, the second two, and so on.
        let expected = 3.0 - 2.0 * place as f64;
        case.compare(found[candidate.as_str().unwrap()], expected, "order");
    }
    // In a cycle of three everybody beats one and is beaten by one.
    for (candidate, score) in scores(&profile("table28", ""), "copeland") {
        case.compare(score, 0.0, &candidate);
    }
    case.tell();
}

/// Table 36: outranking of five countries by eight equal indicators.
#[test]
fn outranking_of_five_countries() {
    let countries = sheet(&data("tai/tai_table35_impact5.csv"));
    let columns: Vec<Vec<Option<f64>>> = (1..=8)
        .map(|place| {
            countries
                .rows
                .iter()
                .map(|row| row.cells[place].parse().ok())
                .collect()
        })
        .collect();
    let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
    let matrix = crate::native::composite::outranking(&columns, &[0.125; 8]);
    let printed = sheet(&data("tai/tai_table36_outranking5.csv"));
    let mut case = Case::new("TAI table 36, outranking of five countries", 0.0);
    for (found, row) in matrix.iter().zip(&printed.rows) {
        for (found, published) in found.iter().zip(&row.cells[1..]) {
            case.compare(*found, published.parse().unwrap(), &row.cells[0]);
        }
    }
    case.tell();
}
