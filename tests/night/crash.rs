//! Killed at any moment, the next run gives what an undisturbed one gives; one run at a time.

use std::time::{Duration, Instant};

use crate::workspace::{Workspace, data_files};

#[test]
fn a_killed_night_is_finished_by_the_next_with_the_same_bytes() {
    let undisturbed = Workspace::shipped();
    let started = Instant::now();
    undisturbed.night().expect(1);
    let length = started.elapsed();
    let lake = data_files(&undisturbed.path("lake"));
    let published = data_files(&undisturbed.path("published"));
    assert!(lake.len() > 100 && published.len() >= 10);
    for part in [3, 15, 30, 45, 60, 80, 95] {
        let workspace = Workspace::shipped();
        let mut child = workspace
            .command(&["run", "--as-of", workspace.as_of])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(length * part / 100);
        child.kill().unwrap();
        child.wait().unwrap();
        let was_told = workspace.path("lake/system/run_records").is_dir();
        let again = workspace.night();
        // Quarantined rows are told once, by the run that lived long enough.
        let expected = if was_told { 0 } else { 1 };
        assert_eq!(again.code, expected, "after {part} %: {}", again.stderr);
        assert_eq!(
            data_files(&workspace.path("lake")),
            lake,
            "lake after {part} %"
        );
        assert_eq!(
            data_files(&workspace.path("published")),
            published,
            "release after {part} %"
        );
        let pending = workspace.path("lake/system/pending");
        assert!(!pending.is_dir() || std::fs::read_dir(pending).unwrap().next().is_none());
    }
}

#[test]
fn a_second_run_is_refused_while_the_first_works() {
    let workspace = Workspace::shipped();
    let mut first = workspace
        .command(&["run", "--as-of", workspace.as_of])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let lease = workspace.path("lake/system/lease");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !lease.is_dir() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = workspace.night().expect(5);
    assert!(
        second.stderr.contains("another run holds the lock"),
        "{}",
        second.stderr
    );
    assert_eq!(first.wait().unwrap().code(), Some(1));
    workspace.night().expect(0);
}
