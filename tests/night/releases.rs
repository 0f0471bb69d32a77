//! A release is a unit: audits can hold it back, and an earlier one can be made current again.

use crate::workspace::Workspace;

const AUDIT: &str = "/*\ntitle_zh = \"测试\"\ntitle_en = \"an audit that never holds\"\naudience = \"intermediate\"\ngrain = [\"as_of\"]\n\n[audit]\nseverity = \"error\"\n\n[[columns]]\nname = \"as_of\"\ntype = \"date\"\n*/\nSELECT as_of FROM run_context\n";

#[test]
fn a_failed_audit_publishes_nothing_and_a_warning_does() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let release = workspace.release();
    workspace.write("sql/audits/audit_test.sql", AUDIT);
    workspace.edit(
        "pipelines/policy/indicators.toml",
        "value = \"120\"",
        "value = \"1\"",
    );
    let refused = workspace.night().expect(2);
    assert!(
        refused.stderr.contains("audit_test (1 findings)"),
        "{}",
        refused.stderr
    );
    assert_eq!(workspace.release(), release, "the old release must stand");
    let record = workspace.record();
    assert_eq!(record["exit_code"], 2);
    assert!(record["error"].as_str().unwrap().contains("audit_test"));
    workspace.edit("sql/audits/audit_test.sql", "\"error\"", "\"warn\"");
    workspace.night().expect(1);
    let second = workspace.release();
    assert_ne!(second, release);
    workspace
        .run(&["rollback", &release, "--reason", "test"])
        .expect(0);
    assert_eq!(workspace.release(), release);
    let history = workspace.run(&["releases"]).expect(0).stdout;
    assert!(
        history.contains("rollback") && history.contains(&second),
        "{history}"
    );
    workspace
        .run(&["rollback", "2020-12-31-00000000"])
        .expect(3);
}

#[test]
fn export_gives_each_audience_its_tables() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let out = workspace.path("out");
    let out_text = out.to_string_lossy();
    workspace
        .run(&["export", "--out", &out_text, "--format", "csv"])
        .expect(0);
    let progress = std::fs::read(out.join("city_progress_monthly.csv")).unwrap();
    assert!(
        progress.starts_with("\u{feff}month,city_code".as_bytes()),
        "spreadsheets need the mark"
    );
    assert!(!out.join("indicator_hits.csv").exists());
    workspace
        .run(&["export", "--out", &out_text, "--audience", "restricted"])
        .expect(0);
    assert!(out.join("indicator_hits.parquet").exists() && out.join("quarantine.parquet").exists());
    workspace
        .run(&["export", "--out", &out_text, "--tables", "indicator_hits"])
        .expect(3);
}

#[test]
fn a_cell_and_a_hit_are_traced_to_their_raw_lines() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let sql = "SELECT entity_id FROM indicator_hits WHERE indicator_id = 'B01' ORDER BY entity_id LIMIT 1";
    let claim = workspace
        .run(&["query", sql, "--format", "csv"])
        .expect(0)
        .stdout;
    let claim = claim.lines().nth(1).unwrap();
    let key = format!("indicator_id=B01,entity_id={claim}");
    let trace = workspace
        .run(&["trace", "indicator_hits", "--key", &key])
        .expect(0)
        .stdout;
    let place = trace
        .lines()
        .find(|line| line.starts_with("claims/"))
        .unwrap();
    let (object, rest) = place.split_once(" line ").unwrap();
    let line: usize = rest.split(' ').next().unwrap().parse().unwrap();
    let raw = std::fs::read(workspace.path("raw").join(object)).unwrap();
    let raw_line = raw.split(|byte| *byte == b'\n').nth(line - 1).unwrap();
    assert!(
        raw_line.starts_with(claim.as_bytes()),
        "{place} is not the claim's line"
    );
    assert!(
        trace.contains(&format!("claim_id={claim}")) || trace.contains(claim),
        "{trace}"
    );
    let sql = "SELECT month, city_code, completions FROM city_progress_monthly WHERE completions > 3 AND city_code <> '370000' LIMIT 1";
    let cell = workspace
        .run(&["query", sql, "--format", "csv"])
        .expect(0)
        .stdout;
    let cell: Vec<&str> = cell.lines().nth(1).unwrap().split(',').collect();
    let key = format!("month={},city_code={}", cell[0], cell[1]);
    let trace = workspace
        .run(&[
            "trace",
            "city_progress_monthly",
            "--key",
            &key,
            "--limit",
            "1",
        ])
        .expect(0);
    assert!(
        trace
            .stdout
            .contains(&format!("\n{} raw records\n", cell[2])),
        "{}",
        trace.stdout
    );
}
