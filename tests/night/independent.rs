//! Another program reads the same raw files and comes to the same cells; other readers open the lake.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::workspace::{Workspace, repository, shared_sample};

/// The Python of an environment with the pinned packages, made once below the target folder.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let requirements = repository().join("tests/independent/requirements.txt");
        let pinned = std::fs::read(&requirements).unwrap();
        let name = format!("python-{}", &blake3::hash(&pinned).to_hex()[..12]);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let python = folder.join("bin/python");
        let stamp = folder.join("complete");
        if !stamp.exists() {
            run(Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder));
            run(Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "-r"])
                .arg(&requirements));
            std::fs::write(stamp, "").unwrap();
        }
        python
    })
}

#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?} failed:\n{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

fn script(name: &str) -> Command {
    let mut command = Command::new(python());
    command.arg(repository().join("tests/independent").join(name));
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
