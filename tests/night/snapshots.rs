//! A snapshot replaces all rows of its city; one that takes most of them away is told on its day.

use crate::workspace::Workspace;

#[test]
fn a_snapshot_that_lost_most_rows_of_a_city_is_told_once() {
    let workspace = Workspace::small_project();
    let deliver = |name: &str, years: &[i32]| {
        let lines: Vec<String> = years
            .iter()
            .map(|year| format!("{year},370200,100\n"))
            .collect();
        let text = format!("year,city_code,target_completions\n{}", lines.concat());
        workspace.write(&format!("raw/targets/{name}.csv"), &text);
    };
    let night = |day: &str| workspace.run(&["run", "--as-of", day]);
    std::fs::remove_dir_all(workspace.path("raw/targets")).unwrap();
    let all: Vec<i32> = (2001..=2020).collect();
    deliver("a", &all);
    // Other feeds of this project hold rows that wait in quarantine.
    night("2020-12-29").expect(1);
    // As a county would send it under the city's code.
    deliver("b", &[2020]);
    let told = night("2020-12-30").expect(1).stderr;
    let line = told
        .lines()
        .find(|line| line.starts_with("audit snapshots"));
    let line = line.unwrap();
    assert!(
        line.contains("(warn): 1 findings") && line.ends_with(": targets 370200: 20 rows, then 1"),
        "{line}"
    );
    night("2020-12-31").expect(0);
    assert_eq!(workspace.ask("SELECT year FROM targets"), ["2020"]);
}
