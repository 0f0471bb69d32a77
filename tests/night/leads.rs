//! Leads: every indicator on its case file, planted provinces against their truth, reviews, and changes of method.

use std::path::Path;

use crate::workspace::{Workspace, repository};

/// A province of few ordinary learners with every scheme planted, after its night.
fn planted(seed: &str) -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let sample = folder.path().join("province");
    let maker = Workspace::shipped();
    let out = sample.to_str().unwrap();
    let options = ["sample", "--out", out, "--persons", "1200", "--seed", seed];
    maker.run(&options).expect(0);
    let workspace = Workspace::new(&sample.join("raw"), "2021-12-31");
    let venues = std::fs::read_to_string(sample.join("truth/venues.csv")).unwrap();
    workspace.list_venues(&venues);
    workspace.night().expect(1);
    (folder, workspace)
}

#[test]
fn every_indicator_finds_what_its_case_file_says_and_nothing_else() {
    let folder = repository().join("tests/indicators");
    let workspace = Workspace::shipped();
    let outcome = workspace
        .run(&["check", "--cases", folder.to_str().unwrap()])
        .expect(0);
    for line in outcome.stdout.lines().skip(1) {
        assert!(line.ends_with(" 0 differences"), "{line}");
    }
    let without: Vec<String> = sql_indicators(&repository().join("sql/indicators"))
        .into_iter()
        .filter(|id| !folder.join(format!("{id}.toml")).exists())
        .collect();
    assert!(without.is_empty(), "no case file: {without:?}");
}

fn sql_indicators(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter_map(|name| Some(name.split_once('_')?.0.to_owned()))
        .filter(|id| id.len() == 3 && id.starts_with(|letter: char| letter.is_ascii_uppercase()))
        .collect()
}

#[test]
fn planted_schemes_are_found_and_look_alikes_left_alone() {
    let (folder, workspace) = planted("21");
    let truth = folder.path().join("province/truth");
    let outcome = workspace.run(&["judge", truth.to_str().unwrap(), "--format", "csv"]);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
}
