//! Published sets with known outliers (ODDS/UCI): scores as PyOD 3.6.7 gives them, accuracy as published.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Features, ForestOptions, ecod, isolation_forest};

const SETS: [&str; 4] = ["lympho", "wbc", "pima", "cardio"];
const SEEDS: u64 = 12;

/// The folder of the sets, which are not ours to keep in the project.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/refs/odds");
    if !folder.is_dir() {
        eprintln!("skipped: the outlier sets are not on this machine");
        return None;
    }
    Some(folder)
}

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn column(rows: &[Row], name: &str) -> Vec<f64> {
    rows.iter().map(|row| row[name].parse().unwrap()).collect()
}

fn features(rows: &[Row]) -> Features {
    let count = rows[0].len() - 1;
    let columns = (1..=count).map(|at| column(rows, &format!("x{at}")));
    Features::new(columns.collect()).unwrap()
}

/// Share of pairs of an outlier and another row in which the outlier scores more; ties count half.
fn area_under_curve(scores: &[f64], outliers: &[f64]) -> f64 {
    let of = |label: f64| {
        scores
            .iter()
            .zip(outliers)
            .filter(move |(_, other)| **other == label)
    };
    let (mut won, mut pairs) = (0.0, 0.0);
    for (outlier, _) in of(1.0) {
        for (other, _) in of(0.0) {
            pairs += 1.0;
            won += match outlier.total_cmp(other) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    won / pairs
}

fn expected<'a>(all: &'a [Row], set: &str, detector: &str) -> &'a Row {
    let wanted = |row: &&Row| row["data"] == set && row["detector"].starts_with(detector);
    all.iter().find(wanted).unwrap()
}

#[test]
fn ecod_gives_the_scores_of_pyod() {
    let Some(folder) = folder() else { return };
    let areas = rows(&folder.join("expected_auc_full_data.csv"));
    for set in SETS {
        let data = rows(&folder.join(format!("{set}.csv")));
        let found = ecod(&features(&data));
        let scores = column(&rows(&folder.join(format!("scores_{set}.csv"))), "ecod");
        assert_eq!(found.scores.len(), scores.len());
        for (row, (found, expected)) in found.scores.iter().zip(scores).enumerate() {
            assert!(
                (found - expected).abs() <= 1e-12,
                "{set}, row {row}: {found} for {expected}"
            );
        }
        let area = area_under_curve(&found.scores, &column(&data, "outlier"));
        let expected: f64 = expected(&areas, set, "ecod")["auc"].parse().unwrap();
        assert!(
            (area - expected).abs() < 1e-4,
            "{set}: {area} for {expected}"
        );
    }
}

#[test]
fn the_forest_finds_as_many_outliers_as_published() {
    let Some(folder) = folder() else { return };
    let areas = rows(&folder.join("expected_auc_full_data.csv"));
    for set in SETS {
        let data = rows(&folder.join(format!("{set}.csv")));
        let (features, outliers) = (features(&data), column(&data, "outlier"));
        let area = |seed: u64| {
            let options = ForestOptions {
                seed,
                ..ForestOptions::default()
            };
            area_under_curve(&isolation_forest(&features, options), &outliers)
        };
        let mean = (0..SEEDS).map(area).sum::<f64>() / SEEDS as f64;
        let published = expected(&areas, set, "iforest");
        let [auc, sd] = ["auc", "auc_sd"].map(|name| published[name].parse::<f64>().unwrap());
        assert!(
            (mean - auc).abs() <= 3.0 * sd,
            "{set}: {mean} for {auc} ± {sd}"
        );
        eprintln!("{set}: {mean:.4} for {auc:.4} ± {sd:.4}");
    }
}
