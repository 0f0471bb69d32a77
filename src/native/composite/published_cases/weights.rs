//! Weights printed in the literature: CRITIC and entropy.

use super::methods::{examples, matrix, numbers};
use super::technology::countries;
use super::*;

fn shares(weights: &str, normalisation: &str, sheet: &Sheet, columns: usize) -> Vec<f64> {
    let mut text = format!("weights = '{weights}'\nnormalisation = '{normalisation}'\n");
    for column in sheet.columns.iter().skip(1).take(columns) {
        text.push_str(&format!("[[items]]\nid = '{column}'\n"));
    }
    evaluated(&parsed(&text), sheet).weights[0].shares.clone()
}

fn compare_examples(name: &'static str, method: &str, weights: &str) {
    for example in examples(method) {
        let decimals = i32::try_from(example["decimals"].as_i64().unwrap()).unwrap();
        let matrix = matrix(&example);
        let found = shares(weights, "none", &matrix_sheet(&matrix), matrix[0].len());
        let mut case = Case::new(name, half_a_digit(decimals));
        let id = example["id"].as_str().unwrap();
        for (found, published) in found.iter().zip(numbers(&example["expected"]["weights"])) {
            case.compare(*found, published, id);
        }
        case.tell();
    }
}

#[test]
fn critic_and_entropy_of_the_literature() {
    compare_examples(
        "CRITIC, literature examples, as printed",
        "CRITIC",
        "critic",
    );
    compare_examples(
        "Entropy weights, literature example, as printed",
        "entropy",
        "entropy",
    );
}

#[test]
fn critic_and_entropy_of_the_technology_achievement_index() {
    let printed = rows(&data("mcdm/tai_peer_weights.csv"));
    let cases = [
        (
            "TAI, entropy weights of the raw table (other program)",
            "entropy",
            "none",
            "entropy_on_raw",
        ),
        (
            "TAI, entropy weights of min–max scores (other program)",
            "entropy",
            "min_max",
            "entropy_on_minmax_sum",
        ),
        (
            "TAI, CRITIC weights (other program)",
            "critic",
            "none",
            "critic",
        ),
    ];
    for (name, weights, normalisation, column) in cases {
        let mut case = Case::new(name, 1e-12);
        let found = shares(weights, normalisation, &countries(), 8);
        for (found, row) in found.iter().zip(&printed) {
            case.compare(*found, row[column].parse().unwrap(), &row["indicator"]);
        }
        case.tell();
    }
}
