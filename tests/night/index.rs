//! The command `index` on published indices: scores, weights, mistakes with their line.

use std::process::Command;

use crate::workspace::{Outcome, repository};

const TABLE: &str = "tests/data/tai/tai_input_tableA2_23.csv";

fn index(arguments: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skillwatch"));
    command.arg("index").args(arguments);
    Outcome::of(&command.current_dir(repository()).output().unwrap())
}

fn lines(outcome: &Outcome) -> Vec<String> {
    let text = outcome.stdout.trim_start_matches('\u{feff}');
    text.lines().map(str::to_owned).collect()
}

#[test]
fn scores_and_ranks_of_the_technology_achievement_index() {
    let outcome = index(&["tests/data/index/tai.toml", TABLE, "--format", "csv"]).expect(0);
    let lines = lines(&outcome);
    assert_eq!(lines.len(), 24);
    assert_eq!(
        lines[0],
        "unit,score,rank,creation,recent_innovations,old_innovations,human_skills,coverage"
    );
    let finland: Vec<&str> = lines[1].split(',').collect();
    assert_eq!((finland[0], finland[2]), ("Finland", "1"));
    let score: f64 = finland[1].parse().unwrap();
    assert!((score - 0.744).abs() < 0.001);
}

#[test]
fn weights_add_up() {
    let framework = "tests/data/index/tai_factors.toml";
    let outcome = index(&[framework, TABLE, "--weights", "--format", "csv"]).expect(0);
    let lines = lines(&outcome);
    assert_eq!(lines[0], "node,part,method,weight,index_weight");
    let weights = lines[1..].iter().map(|line| {
        let weight = line.rsplit(',').next().unwrap();
        weight.parse::<f64>().unwrap()
    });
    assert!((weights.sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn mistakes_have_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let framework = folder.path().join("f.toml");
    std::fs::write(&framework, "normalisation = 'best'\n[[items]]\nid = 'a'\n").unwrap();
    let outcome = index(&[framework.to_str().unwrap(), TABLE]).expect(3);
    assert!(outcome.stderr.contains("f.toml:1: "), "{}", outcome.stderr);
    std::fs::write(&framework, "normalisation = 'rank'\n[[items]]\nid = 'a'\n").unwrap();
    let table = folder.path().join("t.csv");
    std::fs::write(&table, "unit,a\nx,1\ny,one\n").unwrap();
    let paths = [framework.to_str().unwrap(), table.to_str().unwrap()];
    let outcome = index(&paths).expect(3);
    assert!(outcome.stderr.contains("t.csv:3: "), "{}", outcome.stderr);
}
