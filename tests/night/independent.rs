//! Another program reads the same raw files and comes to the same cells; other readers open the lake.

use std::path::Path;
use std::process::Command;

use crate::python::{environment, run};
use crate::workspace::{Workspace, repository, shared_sample};

fn script(name: &str) -> Command {
    let folder = repository().join("tests/independent");
    let mut command = Command::new(environment(&folder.join("requirements.txt")).join("python"));
    command.arg(folder.join(name));
    command
}

fn agrees(raw: &Path, as_of: &'static str) {
    let workspace = Workspace::new(raw, as_of);
    workspace.night().expect(1);
    let (views, export) = (workspace.path("views"), workspace.path("export"));
    let out = export.to_string_lossy();
    workspace
        .run(&["export", "--out", &out, "--audience", "restricted"])
        .expect(0);
    run(script("load.py")
        .arg(raw)
        .args(["--secret", "test-secret", "--as-of", as_of, "--out"])
        .arg(&views));
    run(script("compare.py").arg(&views).arg(&export));
    let tables = run(script("read_lake.py").arg(workspace.path("lake")));
    assert!(
        tables.contains("feeds/study_logs") && tables.contains("system/runs"),
        "{tables}"
    );
    run(script("scan_raw.py")
        .arg(raw)
        .args([workspace.path("lake"), workspace.path("published"), export])
        .args(["--except", "*vault*"]));
}

#[test]
fn the_shipped_sample_agrees_cell_by_cell() {
    agrees(&repository().join("data-samples/raw"), "2020-12-31");
}

#[test]
fn raw_feeds_made_by_others_agree_cell_by_cell() {
    if let Some(sample) = shared_sample() {
        agrees(&sample.join("raw"), "2021-12-31");
    }
}
