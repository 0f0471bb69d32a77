//! Published indices run through the engine: it must give the published numbers.
//!
//! `cargo test published_cases -- --nocapture` prints a line a case: numbers compared, largest difference, what is
//! allowed; docs/METHODS.md holds them. Data that may not be carried in the repository is looked for beside it, and a case
//! without its data says so.

mod correlations_and_factors;
mod human_development;
mod methods;
mod sensitivity;
mod technology;
mod voting;
mod weights;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::table::{Sheet, SheetRow, evaluate_sheet, parse_table_framework};
use super::{Evaluation, Framework};

/// One row of a CSV file, by column name.
type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn data(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/data").join(name)
}

/// A file beside the repository; says that the case is skipped where it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../shared/refs").join(name);
    if !path.exists() {
        eprintln!("skipped: {name} is not on this machine");
        return None;
    }
    Some(path)
}

fn sheet(path: &Path) -> Sheet {
    let content = std::fs::read(path).unwrap();
    Sheet::from_csv(&path.display().to_string(), &content).unwrap()
}

/// A framework of tests/data/index.
fn framework(name: &str) -> Framework {
    let text = std::fs::read_to_string(data("index").join(name)).unwrap();
    parse_table_framework(name, &text).unwrap()
}

fn parsed(text: &str) -> Framework {
    Framework::parse_with_defaults("case.toml", text).unwrap()
}

/// A matrix as a table: units 0, 1, …; columns c0, c1, …
fn matrix_sheet(matrix: &[Vec<f64>]) -> Sheet {
    let width = matrix.first().map_or(0, Vec::len);
    let unit = std::iter::once("unit".to_owned());
    let columns = unit.chain((0..width).map(|place| format!("c{place}")));
    let row = |(place, values): (usize, &Vec<f64>)| SheetRow {
        line: place + 2,
        cells: std::iter::once(place.to_string())
            .chain(values.iter().map(f64::to_string))
            .collect(),
    };
    Sheet {
        file: "matrix".to_owned(),
        columns: columns.collect(),
        rows: matrix.iter().enumerate().map(row).collect(),
    }
}

fn evaluated(framework: &Framework, sheet: &Sheet) -> Evaluation {
    evaluate_sheet(framework, sheet, &[]).unwrap()
}

/// Numbers of one case compared with the published ones.
struct Case {
    name: &'static str,
    allowed: f64,
    largest: f64,
    compared: usize,
}

impl Case {
    fn new(name: &'static str, allowed: f64) -> Self {
        Self {
            name,
            allowed,
            largest: 0.0,
            compared: 0,
        }
    }

    fn compare(&mut self, found: f64, published: f64, what: &str) {
        let difference = (found - published).abs();
        assert!(
            difference <= self.allowed,
            "{}, {what}: {found}, published {published}",
            self.name
        );
        self.largest = self.largest.max(difference);
        self.compared += 1;
    }

    fn tell(self) {
        assert!(self.compared > 0, "{}", self.name);
        eprintln!(
            "| {} | {} | {:.2e} | {:.1e} |",
            self.name, self.compared, self.largest, self.allowed
        );
    }
}

/// Half a unit of the last of so many decimals, and the noise of sums.
fn half_a_digit(decimals: i32) -> f64 {
    0.5 * 10f64.powi(-decimals) + 1e-9
}
