//! Tables on hand-made cases: grades, grounds of exit and its stages, organisations behind leads.

use crate::workspace::{Workspace, repository};

#[test]
fn both_sides_of_every_threshold_and_every_stage() {
    let folders = ["tests/evaluation", "tests/cases"].map(|folder| repository().join(folder));
    let workspace = Workspace::complete();
    let paths = folders.iter().map(|folder| folder.to_str().unwrap());
    let arguments: Vec<&str> = ["check", "--cases"].into_iter().chain(paths).collect();
    let outcome = workspace.run(&arguments).expect(0);
    let files: usize = folders
        .iter()
        .map(|folder| std::fs::read_dir(folder).unwrap().count())
        .sum();
    let lines: Vec<&str> = outcome.stdout.lines().skip(1).collect();
    assert_eq!(lines.len(), files);
    for line in lines {
        assert!(line.ends_with(" 0 differences"), "{line}");
    }
}
