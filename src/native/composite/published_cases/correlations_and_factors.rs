//! Correlations, principal components and rotated factors of the Technology Achievement Index (OECD/JRC Handbook, tables
//! 6, 8, 9, 16, 17, 18). The Handbook's inputs had more decimals than those it prints, so two hundredths may be missing.

use super::technology::countries;
use super::*;
use crate::native::composite::{FactorAnalysis, FactorKeep, FactorRule, factor_analysis};

const ROUNDED: f64 = 0.02;
const INDICATORS: [&str; 8] = [
    "patents",
    "royalties",
    "internet",
    "exports",
    "telephones",
    "electricity",
    "schooling",
    "university",
];

fn columns() -> Vec<Vec<f64>> {
    let table = countries();
    let column = |place: usize| {
        table
            .rows
            .iter()
            .map(move |row| row.cells[place].parse().unwrap())
    };
    (1..=8).map(|place| column(place).collect()).collect()
}

fn analysis() -> FactorAnalysis {
    let rule = FactorRule {
        keep: FactorKeep::Share(0.1),
        varimax: true,
    };
    factor_analysis(&columns(), rule).unwrap()
}

fn table(file: &str) -> Vec<Row> {
    rows(&data("tai").join(file))
}

fn cell(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// Compares loadings of one factor, whose sign means nothing, with a printed column.
fn compare_loadings(case: &mut Case, found: &[f64], printed: &[f64], what: &str) {
    let product: f64 = found.iter().zip(printed).map(|(a, b)| a * b).sum();
    for (loading, published) in found.iter().zip(printed) {
        case.compare(loading * product.signum(), *published, what);
    }
}

#[test]
fn correlations_of_table_6() {
    let matrix = crate::native::composite::linear::correlations(&columns());
    let mut case = Case::new("TAI table 6, correlations", ROUNDED);
    for (place, row) in table("tai_table6_correlation.csv").iter().enumerate() {
        for (column, name) in INDICATORS.into_iter().enumerate() {
            case.compare(matrix.get(place, column), cell(row, name), name);
        }
    }
    case.tell();
}

#[test]
fn eigenvalues_of_table_16() {
    let mut case = Case::new("TAI table 16, eigenvalues", 0.06);
    let mut shares = Case::new("TAI table 16, explained variance, % of all", 0.3);
    for (found, row) in analysis()
        .eigenvalues
        .iter()
        .zip(table("tai_table16_eigenvalues.csv"))
    {
        case.compare(*found, cell(&row, "eigenvalue"), "eigenvalue");
        shares.compare(found / 8.0 * 100.0, cell(&row, "variance_pct"), "share");
    }
    case.tell();
    shares.tell();
}

#[test]
fn component_loadings_and_communalities_of_tables_8_and_9() {
    let analysis = analysis();
    let printed = table("tai_table8_component_loadings.csv");
    let mut case = Case::new("TAI table 8, loadings of components", ROUNDED);
    for (place, loadings) in analysis.components.iter().enumerate() {
        let name = format!("PC{}", place + 1);
        let printed: Vec<f64> = printed.iter().map(|row| cell(row, &name)).collect();
        compare_loadings(&mut case, loadings, &printed, &name);
    }
    case.tell();
    let mut case = Case::new("TAI table 9, communalities of four factors", ROUNDED);
    assert_eq!(analysis.factors.len(), 4);
    for (found, row) in analysis
        .communalities
        .iter()
        .zip(table("tai_table9_communality.csv"))
    {
        case.compare(*found, cell(&row, "communality"), &row["indicator"]);
    }
    case.tell();
}

#[test]
fn rotated_loadings_of_table_17() {
    let analysis = analysis();
    let printed = table("tai_table17_rotated_loadings.csv");
    let mut case = Case::new("TAI table 17, loadings rotated by varimax", ROUNDED);
    let mut explained = Case::new("TAI table 17, variance explained by each factor", 0.03);
    for place in 1..=4 {
        let name = format!("F{place}");
        let column: Vec<f64> = printed.iter().take(8).map(|row| cell(row, &name)).collect();
        // The order of rotated factors means nothing: the one meant agrees most.
        let agreement = |factor: &&Vec<f64>| -> f64 {
            let product: f64 = factor.iter().zip(&column).map(|(a, b)| a * b).sum();
            product.abs()
        };
        let factors = analysis.factors.iter();
        let factor = factors
            .max_by(|a, b| agreement(a).total_cmp(&agreement(b)))
            .unwrap();
        compare_loadings(&mut case, factor, &column, &name);
        let sum: f64 = factor.iter().map(|loading| loading * loading).sum();
        explained.compare(sum, cell(&printed[8], &name), &name);
    }
    case.tell();
    explained.tell();
}

#[test]
fn weights_of_table_18() {
    let evaluation = evaluated(&framework("tai_factors.toml"), &countries());
    let mut case = Case::new("TAI table 18, weights by principal components", ROUNDED);
    let printed = table("tai_table18_weights.csv");
    for (found, row) in evaluation.weights[0].shares.iter().zip(&printed) {
        case.compare(*found, cell(row, "weight_PC"), &row["indicator"]);
    }
    case.tell();
}
