//! TOPSIS, Borda, Copeland and means: examples of the literature, and the Technology Achievement Index by other programs.

use serde_json::Value;

use super::technology::countries;
use super::*;

/// Examples whose method begins with a text.
pub(super) fn examples(method: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(data("mcdm/literature_examples.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let is_meant = |example: &Value| example["method"].as_str().unwrap().starts_with(method);
    let found: Vec<Value> = all.into_iter().filter(is_meant).collect();
    assert!(!found.is_empty(), "{method}");
    found
}

pub(super) fn numbers(list: &Value) -> Vec<f64> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_f64().unwrap())
        .collect()
}

pub(super) fn matrix(example: &Value) -> Vec<Vec<f64>> {
    example["matrix"]
        .as_array()
        .unwrap()
        .iter()
        .map(numbers)
        .collect()
}

#[test]
fn topsis_of_the_literature() {
    for (name, normalisation, method) in [
        (
            "TOPSIS, Tzeng & Huang 2011, as printed",
            "vector",
            "TOPSIS, vector",
        ),
        (
            "TOPSIS, Opricovic & Tzeng 2004, as printed",
            "min_max",
            "TOPSIS, min-max",
        ),
    ] {
        let example = &examples(method)[0];
        let mut text =
            format!("scale = 1\naggregation = 'topsis'\nnormalisation = '{normalisation}'\n");
        let weights = numbers(&example["weights"]);
        for (place, (weight, kind)) in weights.iter().zip(numbers(&example["types"])).enumerate() {
            let direction = if kind > 0.0 { "higher" } else { "lower" };
            text.push_str(&format!(
                "[[items]]\nid = 'c{place}'\nweight = {weight}\ndirection = '{direction}'\n"
            ));
        }
        let evaluation = evaluated(&parsed(&text), &matrix_sheet(&matrix(example)));
        let decimals = i32::try_from(example["decimals"].as_i64().unwrap()).unwrap();
        let mut case = Case::new(name, half_a_digit(decimals));
        let expected = numbers(&example["expected"]["similarity"]);
        for (result, published) in evaluation.units.iter().zip(expected) {
            case.compare(result.score.unwrap(), published, &result.id);
        }
        case.tell();
        if example["expected"].get("rank").is_some() {
            let ranks: Vec<f64> = evaluation
                .units
                .iter()
                .map(|one| f64::from(one.rank.unwrap()))
                .collect();
            assert_eq!(ranks, numbers(&example["expected"]["rank"]));
        }
    }
}

#[test]
fn the_technology_achievement_index_by_other_programs() {
    let cases = [
        (
            "TAI, TOPSIS, vector (other program)",
            "scale = 1\naggregation = 'topsis'",
            "none",
            "topsis_vector",
        ),
        (
            "TAI, TOPSIS, min–max (other program)",
            "scale = 1\naggregation = 'topsis'",
            "min_max",
            "topsis_minmax",
        ),
        (
            "TAI, Borda points (other program)",
            "aggregation = 'borda'",
            "none",
            "borda_points_avg_ties",
        ),
        (
            "TAI, Copeland scores (other program)",
            "aggregation = 'copeland'",
            "none",
            "copeland_sign",
        ),
        (
            "TAI, geometric mean of the raw table (other program)",
            "aggregation = 'geometric'",
            "none",
            "geomean_raw",
        ),
        (
            "TAI, mean of min–max scores (other program)",
            "scale = 1",
            "min_max",
            "amean_minmax",
        ),
    ];
    let printed = rows(&data("mcdm/tai_peer_scores.csv"));
    for (name, head, normalisation, column) in cases {
        let mut text = format!("{head}\nnormalisation = '{normalisation}'\n");
        for item in countries().columns.iter().skip(1) {
            text.push_str(&format!("[[items]]\nid = '{item}'\n"));
        }
        let evaluation = evaluated(&parsed(&text), &countries());
        let mut case = Case::new(name, 1e-12);
        for (result, row) in evaluation.units.iter().zip(&printed) {
            assert_eq!(result.id, row["country"]);
            case.compare(
                result.score.unwrap(),
                row[column].parse().unwrap(),
                &result.id,
            );
        }
        case.tell();
    }
}
