//! Files whose columns are not the contract's are reported, and treated as the contract says.

use crate::workspace::Workspace;

const CONTRACT: &str = "feed = \"visits\"
title_zh = \"走访\"
title_en = \"Visits\"
description_en = \"Who was visited when.\"
mode = \"append\"
key = [\"visit_id\"]
city = \"city_code\"

[[columns]]
name = \"visit_id\"
zh = [\"走访编号\"]
en = \"identifier\"
type = \"text\"
required = true

[[columns]]
name = \"city_code\"
zh = [\"所在市\"]
en = \"city\"
type = \"city\"
required = true

[[columns]]
name = \"visited_on\"
zh = [\"走访日期\"]
en = \"day\"
type = \"date\"

[[columns]]
name = \"persons\"
zh = [\"走访户数\"]
en = \"households\"
type = \"integer\"
";

/// A lake that knows one feed more, with a `[drift]` table or other keys of its contract.
pub fn workspace(drift: &str) -> Workspace {
    let workspace = Workspace::small_project();
    std::fs::remove_dir_all(workspace.path("raw")).unwrap();
    let city = "city = \"city_code\"\n";
    workspace.write(
        "pipelines/feeds/visits.toml",
        &CONTRACT.replacen(city, &format!("{city}{drift}"), 1),
    );
    workspace
}

fn deliver(workspace: &Workspace, name: &str, header: &str, rows: &[String]) {
    let text = format!("{header}\n{}\n", rows.join("\n"));
    workspace.write(&format!("raw/visits/city=3702/{name}.csv"), &text);
}

fn row(name: &str, number: usize, rest: &str) -> String {
    format!("{name}-{number:02},370200,{rest}")
}

/// One file for each class of drift, and one without.
fn deliver_all(workspace: &Workspace) {
    let rows = |name: &str, rest: &str| [row(name, 1, rest), row(name, 2, rest)];
    deliver(
        workspace,
        "right",
        "走访编号,所在市,走访日期,走访户数",
        &rows("A", "2020-09-01,3"),
    );
    deliver(
        workspace,
        "new",
        "走访编号,所在市,走访日期,走访户数,备注",
        &rows("B", "2020-09-01,3,x"),
    );
    deliver(
        workspace,
        "missing",
        "走访编号,所在市,走访日期",
        &rows("C", "2020-09-01"),
    );
    deliver(
        workspace,
        "renamed",
        "走访编号,所在市,走访的日期,走访户数",
        &rows("D", "2020-09-01,3"),
    );
    let retyped: Vec<String> = (0..20)
        .map(|number| {
            row(
                "E",
                number,
                if number < 15 {
                    "2020-09-01,约三户"
                } else {
                    "2020-09-01,3"
                },
            )
        })
        .collect();
    deliver(
        workspace,
        "retyped",
        "走访编号,所在市,走访日期,走访户数",
        &retyped,
    );
}

fn drift_of(workspace: &Workspace) -> Vec<String> {
    workspace
        .ask("SELECT object, class, header, \"column\", suggestion, policy FROM schema_drift ORDER BY object, class")
        .iter()
        .map(|row| row.replace("visits/city=3702/", ""))
        .collect()
}

/// Rows and filled optional values by file, as the first letter of their identifiers.
fn loaded(workspace: &Workspace) -> Vec<String> {
    workspace.ask(
        "SELECT SUBSTR(visit_id, 1, 1) AS f, COUNT(*) AS n, COUNT(visited_on) AS d, COUNT(persons) AS p FROM visits \
         GROUP BY SUBSTR(visit_id, 1, 1) ORDER BY f",
    )
}

fn quarantined(workspace: &Workspace) -> Vec<String> {
    workspace
        .ask("SELECT object, reason, \"column\", COUNT(*) AS n FROM quarantine GROUP BY object, reason, \"column\" ORDER BY object, reason")
        .iter()
        .map(|row| row.replace("visits/city=3702/", ""))
        .collect()
}

const EVERY_CLASS: [&str; 4] = ["new", "missing", "renamed", "retyped"];

fn all(policy: &str) -> String {
    let lines = EVERY_CLASS.map(|class| format!("{class} = \"{policy}\"\n"));
    format!("\n[drift]\n{}", lines.concat())
}

fn expected_drift(policy: &str) -> [String; 4] {
    [
        format!("missing.csv,missing,,persons,,{policy}"),
        format!("new.csv,new,备注,,,{policy}"),
        format!("renamed.csv,renamed,走访的日期,visited_on,走访日期,{policy}"),
        format!("retyped.csv,retyped,,persons,,{policy}"),
    ]
}

/// The night's log line about a file, which must be there.
#[track_caller]
fn warning<'a>(stderr: &'a str, file: &str) -> &'a str {
    let is_it = |line: &&str| line.contains("WARN") && line.contains(file);
    stderr
        .lines()
        .find(is_it)
        .unwrap_or_else(|| panic!("{file}: {stderr}"))
}

#[track_caller]
fn assert_told(stderr: &str, policy: &str) {
    for (file, told) in [
        ("new.csv", ["class=\"new\"", "header=备注"]),
        ("renamed.csv", ["column=visited_on", "nearest=\"走访日期\""]),
        ("retyped.csv", ["class=\"retyped\"", "column=persons"]),
    ] {
        let line = warning(stderr, file);
        assert!(told.iter().all(|word| line.contains(word)), "{line}");
        assert!(line.contains(policy), "{line}");
    }
    assert!(!stderr.contains("right.csv"), "{stderr}");
}

#[test]
fn accept_loads_what_it_can_read() {
    let workspace = workspace(&all("accept"));
    deliver_all(&workspace);
    let night = workspace.night().expect(0);
    assert_told(&night.stderr, "accept");
    assert_eq!(drift_of(&workspace), expected_drift("accept"));
    assert_eq!(
        loaded(&workspace),
        ["A,2,2,2", "B,2,2,2", "C,2,2,0", "D,2,0,2", "E,20,20,5"]
    );
    let rows = workspace.ask("SELECT \"rows\" FROM schema_drift WHERE class = 'retyped'");
    assert_eq!(rows, ["15"]);
}

#[test]
fn quarantine_holds_the_rows_back() {
    let workspace = workspace(&all("quarantine"));
    deliver_all(&workspace);
    let night = workspace.night().expect(1);
    assert_told(&night.stderr, "quarantine");
    assert_eq!(drift_of(&workspace), expected_drift("quarantine"));
    assert_eq!(loaded(&workspace), ["A,2,2,2", "E,5,5,5"]);
    assert_eq!(
        quarantined(&workspace),
        [
            "missing.csv,wrong_field_count,visit_id,2",
            "new.csv,wrong_field_count,visit_id,2",
            "renamed.csv,wrong_field_count,visit_id,2",
            "retyped.csv,bad_number,persons,15",
        ]
    );
}

#[test]
fn refuse_takes_nothing_of_the_file() {
    let workspace = workspace(&all("refuse"));
    deliver_all(&workspace);
    let night = workspace.night().expect(1);
    for (file, told) in [
        ("new", "`备注`"),
        ("missing", "`persons`"),
        ("renamed", "looks like the missing `visited_on`"),
        ("retyped", "`persons` do not read as its type (15 rows)"),
    ] {
        let start = format!("refused visits/city=3702/{file}.csv: ");
        let lines: Vec<&str> = night
            .stderr
            .lines()
            .filter(|line| line.starts_with(&start))
            .collect();
        assert_eq!(lines.len(), 1, "{file}: {}", night.stderr);
        assert!(lines[0].contains(told), "{}", lines[0]);
    }
    assert_eq!(loaded(&workspace), ["A,2,2,2"]);
    assert_eq!(quarantined(&workspace), [""; 0]);
    assert_eq!(drift_of(&workspace), expected_drift("refuse"));
    // Files that the contract accepts by now are loaded by the next night.
    workspace.edit("pipelines/feeds/visits.toml", "\"refuse\"", "\"accept\"");
    workspace.night().expect(0);
    assert_eq!(
        loaded(&workspace),
        ["A,2,2,2", "B,2,2,2", "C,2,2,0", "D,2,0,2", "E,20,20,5"]
    );
}

#[test]
fn without_a_drift_table_only_what_does_not_read_is_held_back() {
    let workspace = workspace("");
    deliver_all(&workspace);
    workspace.night().expect(1);
    assert_eq!(
        loaded(&workspace),
        ["A,2,2,2", "B,2,2,2", "C,2,2,0", "D,2,0,2", "E,5,5,5"]
    );
    let mut expected = expected_drift("accept");
    expected[3] = expected[3].replace("accept", "quarantine");
    assert_eq!(drift_of(&workspace), expected);
}

/// One class by its own rule, the others by theirs.
#[test]
fn each_class_has_a_policy_of_its_own() {
    for class in EVERY_CLASS {
        let workspace = workspace(&all("accept").replace(
            &format!("{class} = \"accept\""),
            &format!("{class} = \"refuse\""),
        ));
        deliver_all(&workspace);
        let ingest = workspace
            .run(&["ingest", "--as-of", "2020-12-31"])
            .expect(1);
        let refused: Vec<&str> = ingest
            .stderr
            .lines()
            .filter(|line| line.starts_with("refused "))
            .collect();
        assert_eq!(refused.len(), 1, "{class}: {}", ingest.stderr);
        assert!(
            refused[0].contains(&format!("/{class}.csv")),
            "{}",
            refused[0]
        );
    }
}

#[test]
fn a_column_that_is_new_and_like_a_known_one_is_told_with_it() {
    let workspace = workspace("");
    deliver(
        &workspace,
        "a",
        "走访编号,所在市,走访日期,走访户数,走访日期2",
        &[row("A", 1, "2020-09-01,3,2020-09-02")],
    );
    let night = workspace.night().expect(0);
    let line = warning(&night.stderr, "a.csv");
    assert!(
        line.contains("nearest=\"走访日期\"") && line.contains("class=\"new\""),
        "{line}"
    );
    assert_eq!(
        drift_of(&workspace),
        ["a.csv,new,走访日期2,,走访日期,accept"]
    );
}

#[test]
fn a_missing_required_column_refuses_the_file_with_one_error() {
    for policy in ["accept", "quarantine", "refuse"] {
        let workspace = workspace(&all(policy));
        deliver(
            &workspace,
            "a",
            "走访编码,所在市,走访日期,走访户数",
            &[row("A", 1, "2020-09-01,3")],
        );
        let night = workspace.night().expect(1);
        let lines: Vec<&str> = night
            .stderr
            .lines()
            .filter(|line| line.contains("a.csv"))
            .collect();
        assert_eq!(
            lines,
            [
                "refused visits/city=3702/a.csv: 表头缺少必填列`visit_id`（走访编号）；列`走访编码`疑为`visit_id` / required column `visit_id` is missing from the header; header `走访编码` looks like `visit_id`"
            ]
        );
        let expected = ["a.csv,renamed,走访编码,visit_id,走访编号,refuse"];
        assert_eq!(drift_of(&workspace), expected, "{policy}");
        // The same again on the same day is no news.
        workspace.night().expect(1);
        assert_eq!(drift_of(&workspace), expected, "{policy}");
        let receipts = crate::workspace::files(&workspace.path("published/receipts"));
        let receipt = receipts
            .iter()
            .find(|path| path.extension().is_some_and(|suffix| suffix == "json"));
        let text = std::fs::read_to_string(receipt.unwrap()).unwrap();
        for told in [
            "\"suggestion\": \"走访编号\"",
            "\"encoding\": \"utf-8\"",
            "\"policy\": \"refuse\"",
        ] {
            assert!(text.contains(told), "{told} is not in {text}");
        }
        assert!(!text.contains("\"size\": 0"), "{text}");
    }
}

/// A few rows are enough where none reads.
#[test]
fn a_column_of_which_no_value_reads_is_retyped_in_a_small_file_too() {
    let workspace = workspace("");
    let rows: Vec<String> = (0..5)
        .map(|number| row("A", number, "2020-09-01,约三户"))
        .collect();
    deliver(&workspace, "a", "走访编号,所在市,走访日期,走访户数", &rows);
    let broken = [
        row("B", 1, "2020-09-01,约三户"),
        row("B", 2, "2020-09-01,3"),
    ];
    deliver(
        &workspace,
        "b",
        "走访编号,所在市,走访日期,走访户数",
        &broken,
    );
    workspace.night().expect(1);
    assert_eq!(drift_of(&workspace), ["a.csv,retyped,,persons,,quarantine"]);
}

/// Every table tells where its rows come from: a path must name nobody.
#[test]
fn a_file_named_by_a_citizen_number_is_refused_without_repeating_it() {
    let workspace = workspace("");
    let number = "370199199001019970";
    deliver(
        &workspace,
        number,
        "走访编号,所在市,走访日期,走访户数",
        &[row("A", 1, "2020-09-01,3")],
    );
    for command in ["plan", "run"] {
        let told = workspace.run(&[command, "--as-of", "2020-12-31"]);
        let text = format!("{}{}", told.stdout, told.stderr);
        assert!(text.contains("visits/city=3702/xxx.csv"), "{text}");
        assert!(!text.contains(number), "{text}");
    }
    assert_eq!(loaded(&workspace), [""; 0]);
    for folder in ["lake", "published"] {
        for path in crate::workspace::files(&workspace.path(folder)) {
            assert!(!path.to_string_lossy().contains(number), "{path:?}");
        }
    }
}

/// Lines of JSON name their own columns: one that shows up late in a file is as new as one in its first line.
#[test]
fn a_column_that_shows_up_late_in_json_lines_is_drift_too() {
    let workspace = workspace("\n[drift]\nnew = \"refuse\"\n");
    let mut lines: Vec<String> = (0..20_000)
        .map(|number| {
            format!("{{\"visit_id\":\"A{number}\",\"city_code\":\"370200\",\"visited_on\":\"2020-09-01\",\"persons\":3}}\n")
        })
        .collect();
    lines[19_990] = lines[19_990].replace('}', ",\"remark\":\"x\"}");
    workspace.write("raw/visits/city=3702/a.jsonl", &lines.concat());
    let night = workspace.night();
    let is_refused = night.stderr.contains("refused visits/city=3702/a.jsonl: ");
    assert!(
        is_refused && night.stderr.contains("remark"),
        "{}",
        night.stderr
    );
}

/// Who filled a sheet in may stand beside its headings; numbers stay in the vault there too.
#[test]
fn a_number_in_a_heading_is_told_nowhere() {
    for policy in ["accept", "refuse"] {
        let workspace = workspace(&all(policy));
        let header = "走访编号,所在市,走访日期,走访户数,填报人13800001234,370102199001010017";
        deliver(&workspace, "a", header, &[row("A", 1, "2020-09-01,3,x,y")]);
        let night = workspace.run(&["run", "--as-of", "2020-12-31"]);
        let mut texts = vec![("stderr".to_owned(), night.stderr)];
        for table in ["schema_drift", "loads"] {
            texts.push((
                table.to_owned(),
                workspace.ask(&format!("SELECT * FROM {table}")).concat(),
            ));
        }
        for path in crate::workspace::files(&workspace.path("published/receipts")) {
            if path.extension().is_some_and(|suffix| suffix == "json") {
                texts.push((
                    "the receipt".to_owned(),
                    std::fs::read_to_string(path).unwrap(),
                ));
            }
        }
        let told: Vec<&str> = texts
            .iter()
            .filter(|(_, text)| text.contains("13800001234") || text.contains("370102199001010017"))
            .map(|(place, _)| place.as_str())
            .collect();
        assert_eq!(told, [""; 0], "{policy}: raw numbers are told");
    }
}

#[test]
fn a_wrong_policy_is_told_with_file_and_line() {
    let workspace =
        workspace("\n[drift]\nnew = \"accept\"\nretyped = \"perhaps\"\nmoved = \"accept\"\n");
    let text = std::fs::read_to_string(workspace.path("pipelines/feeds/visits.toml")).unwrap();
    let line_of = |word: &str| 1 + text.lines().position(|line| line.contains(word)).unwrap();
    let found = workspace.run(&["check"]).expect(3).stdout;
    for (word, told) in [("perhaps", "unknown policy `perhaps`"), ("moved", "moved")] {
        let start = format!("pipelines/feeds/visits.toml:{}: ", line_of(word));
        let line = found.lines().find(|line| line.starts_with(&start));
        assert!(
            line.is_some_and(|line| line.contains(told)),
            "{start}{told}: {found}"
        );
    }
    workspace.night().expect(3);
}
