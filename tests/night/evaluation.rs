//! Grades, grounds of exit and its stages on hand-made cases.

use crate::workspace::{Workspace, repository};

#[test]
fn both_sides_of_every_threshold_and_every_stage() {
    let folder = repository().join("tests/evaluation");
    let workspace = Workspace::complete();
    let outcome = workspace
        .run(&["check", "--cases", folder.to_str().unwrap()])
        .expect(0);
    let files = std::fs::read_dir(&folder).unwrap().count();
    let lines: Vec<&str> = outcome.stdout.lines().skip(1).collect();
    assert_eq!(lines.len(), files);
    for line in lines {
        assert!(line.ends_with(" 0 differences"), "{line}");
    }
}
