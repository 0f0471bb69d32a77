//! The main job: every row accounted for, the second night a no-op.

use serde_json::Value;

use crate::workspace::{Workspace, repository, shared_sample};

/// Compares the run record with the sample's own account, feed by feed.
fn assert_account(workspace: &Workspace, truth: &std::path::Path) {
    let summary: Value =
        serde_json::from_slice(&std::fs::read(truth.join("summary.json")).unwrap()).unwrap();
    let record = workspace.record();
    let expected = summary["feeds"]["raw"].as_object().unwrap();
    assert!(expected.len() >= 16);
    for (feed, account) in expected {
        let count = |name: &str| account[name].as_i64().unwrap_or_default();
        let found = &record["feeds"][feed];
        let have = |name: &str| found[name].as_i64().unwrap_or_default();
        assert_eq!(have("accepted"), count("good"), "{feed} good");
        assert_eq!(have("quarantined"), count("broken"), "{feed} broken");
        assert_eq!(have("superseded"), count("superseded"), "{feed} superseded");
        let sum = have("accepted") + have("quarantined") + have("superseded") + have("duplicate");
        assert_eq!(have("read"), sum, "{feed} does not balance");
    }
}

/// Compares the quarantine with the sample's list of broken rows: file, line, reason, column.
fn assert_quarantine(workspace: &Workspace, truth: &std::path::Path) {
    let mut expected: Vec<String> = std::fs::read_to_string(truth.join("dirty.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .filter(|line| line.starts_with("raw/"))
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            format!(
                "{},{},{},{}",
                fields[0].trim_start_matches("raw/"),
                fields[1],
                fields[2],
                fields[3]
            )
        })
        .collect();
    let sql = "SELECT object, line, reason, \"column\" FROM quarantine";
    let found = workspace
        .run(&["query", sql, "--format", "csv"])
        .expect(0)
        .stdout;
    let mut found: Vec<String> = found.lines().skip(1).map(str::to_owned).collect();
    expected.sort();
    found.sort();
    assert!(expected.len() > 100);
    assert_eq!(found, expected);
}

#[test]
fn the_shipped_samples_load_with_a_balanced_account_and_the_second_night_does_nothing() {
    let workspace = Workspace::complete();
    let first = workspace.night().expect(1);
    assert!(
        first.stderr.contains("released 2020-12-31-"),
        "{}",
        first.stderr
    );
    let truth = repository().join("data-samples/truth");
    assert_account(&workspace, &truth);
    assert_quarantine(&workspace, &truth);
    let release = workspace.release();
    let second = workspace.night().expect(0);
    assert!(
        second.stderr.contains("computed 0 of "),
        "{}",
        second.stderr
    );
    assert_eq!(workspace.release(), release);
    let plan = workspace
        .run(&["plan", "--as-of", "2020-12-31"])
        .expect(0)
        .stdout;
    assert!(
        plan.contains("load 0 new objects") && plan.contains("compute 0 of"),
        "{plan}"
    );
}

#[test]
fn raw_feeds_made_by_others_load_as_their_truth_says() {
    let Some(sample) = shared_sample() else {
        return;
    };
    let workspace = Workspace::new(&sample.join("raw"), "2021-12-31");
    workspace.night().expect(1);
    assert_account(&workspace, &sample.join("truth"));
    assert_quarantine(&workspace, &sample.join("truth"));
}

#[test]
fn planted_cases_are_hit_and_lookalikes_are_not() {
    use skillwatch::identity::{KeyKind, Pseudonymiser, hex};
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let pseudonymiser = Pseudonymiser::new(b"test-secret");
    let sql = "SELECT indicator_id, entity_id, period, strength FROM indicator_hits";
    let hits = workspace
        .run(&["query", sql, "--format", "csv"])
        .expect(0)
        .stdout;
    let strength_of = |indicator: &str, entity: &str, period: &str| {
        let start = format!("{indicator},{entity},{period},");
        hits.lines()
            .find_map(|line| line.strip_prefix(&start))
            .map(str::to_owned)
    };
    let mut planted = 0;
    for indicator in [
        "A01", "A05", "A06", "B01", "B05", "C01", "C03", "C04", "C05",
    ] {
        let truth = repository().join(format!("data-samples/truth/{indicator}.csv"));
        let mut reader = csv::Reader::from_path(truth).unwrap();
        for record in reader.records() {
            let record = record.unwrap();
            let (kind, id, period, expected) = (&record[0], &record[1], &record[2], &record[5]);
            let key = |kind, text: &str| hex(pseudonymiser.key(kind, text));
            let entity = match kind {
                "account" => key(KeyKind::Account, id),
                kind if kind.starts_with("person") => {
                    let (number, rest) = id.split_at(id.find('|').unwrap_or(id.len()));
                    format!(
                        "{}{rest}",
                        key(
                            KeyKind::Person,
                            &skillwatch::identity::citizen::normalise(number)
                        )
                    )
                }
                _ => id.to_owned(),
            };
            let found = strength_of(indicator, &entity, period).unwrap_or_default();
            assert_eq!(
                found, *expected,
                "{indicator} {kind} {entity} {period}: {}",
                &record[4]
            );
            planted += usize::from(&record[3] == "1");
        }
    }
    assert!(planted > 50, "only {planted} planted cases");
}

#[test]
fn a_correction_taken_back_under_the_same_name_counts() {
    let workspace = Workspace::small_project();
    let target =
        "SELECT target_completions FROM targets WHERE year = 2030 AND city_code = '370100'";
    for (completions, loaded) in [("100", 1), ("999", 1), ("100", 1), ("100", 0)] {
        workspace.write(
            "raw/targets/2030.csv",
            &format!("year,city_code,target_completions\n2030,370100,{completions}\n"),
        );
        workspace.run(&["ingest", "--as-of", "2020-12-31"]);
        let record = workspace.record();
        let feeds = &record["feeds"];
        let read = feeds["targets"]["read"].as_i64().unwrap_or_default();
        assert_eq!(read.min(1), loaded, "{completions}: {feeds}");
        assert_eq!(workspace.ask(target), [completions]);
    }
}
