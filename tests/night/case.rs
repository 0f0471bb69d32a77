//! One organisation's case file: every lead that names it, with rule and raw records, and no identity unless asked for.

use std::path::PathBuf;

use serde_json::Value;

use crate::workspace::{Outcome, Workspace, files, repository};

const NOTICE: &str = "疑点线索，需核查，非认定结论";

fn after_a_night() -> Workspace {
    let workspace = Workspace::complete();
    workspace.night().expect(1);
    workspace
}

fn audits(workspace: &Workspace) -> Vec<Value> {
    let folder = workspace.path("lake/system/vault_audit");
    if !folder.is_dir() {
        return Vec::new();
    }
    let read = |path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    files(&folder).into_iter().map(read).collect()
}

/// The organisation with most leads of online shares in a city, and how many leads of any kind name it.
fn busiest(workspace: &Workspace, city: &str) -> (String, usize) {
    let rows = workspace.ask(&format!(
        "SELECT org_id, COUNT(*) AS hits FROM indicator_hits \
         WHERE city_code = '{city}' AND indicator_id = 'C01' AND org_id IS NOT NULL \
         GROUP BY org_id ORDER BY hits DESC, org_id LIMIT 1"
    ));
    let org = rows[0].split(',').next().unwrap().to_owned();
    let all = workspace.ask(&format!(
        "SELECT COUNT(*) AS hits FROM indicator_hits \
         WHERE org_id = '{org}' OR platform_id = '{org}' OR entity_id = '{org}'"
    ));
    (org, all[0].parse().unwrap())
}

/// Citizen numbers of a city's enrolments in the shipped sample.
fn numbers() -> Vec<String> {
    let path = repository().join("data-samples/raw/enrolments/city=3713/enrolments-3713.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let number = headers.iter().position(|name| name == "person_id").unwrap();
    let rows = reader.records().flatten();
    rows.map(|row| row[number].to_owned())
        .filter(|number| number.len() == 18)
        .collect()
}

fn out(workspace: &Workspace, name: &str) -> (PathBuf, String) {
    let path = workspace.path(name);
    let text = path.to_string_lossy().into_owned();
    (path, text)
}

/// The number of leads that an overview tells.
fn leads_of(overview: &Outcome) -> usize {
    let line = overview
        .stdout
        .lines()
        .find(|line| line.trim_start().starts_with("leads "));
    let told = line.unwrap().split_whitespace().nth(1).unwrap();
    told.parse().unwrap()
}

#[test]
fn a_case_file_has_every_lead_with_its_rule_and_raw_records() {
    let workspace = after_a_night();
    let (org, hits) = busiest(&workspace, "371300");
    let overview = workspace.run(&["case", &org, "--lang", "en"]).expect(0);
    assert!(overview.stderr.contains(NOTICE));
    assert!(overview.stdout.contains(&workspace.release()));
    // A release with a table of organisations may assign further leads to it.
    let told = leads_of(&overview);
    assert!(
        told >= hits && hits > 0,
        "{told} < {hits}\n{}",
        overview.stdout
    );
    assert_eq!(
        overview
            .stdout
            .matches("Leads to be checked, not findings")
            .count(),
        2
    );

    let (path, text) = out(&workspace, "case.html");
    let written = workspace.run(&["case", &org, "--out", &text]).expect(0);
    assert_eq!(written.stdout.trim(), text);
    let page = std::fs::read_to_string(&path).unwrap();
    assert_eq!(page.matches(NOTICE).count(), 2);
    for told in [
        org.as_str(),
        "<svg",
        "政策参数",
        "证据记录",
        "enrolments/city=37",
        "=person:",
        "sql/indicators/",
        "skillwatch trace indicator_hits",
    ] {
        assert!(page.contains(told), "{told}");
    }
    // A project that has not moved on since the release warns of nothing.
    assert!(!page.contains("发布之后"));
    let numbers = numbers();
    assert!(numbers.iter().all(|number| !page.contains(number)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }

    let books = ["one.xlsx", "two.xlsx"].map(|name| {
        let (path, text) = out(&workspace, name);
        workspace.run(&["case", &org, "--out", &text]).expect(0);
        std::fs::read(path).unwrap()
    });
    assert!(books[0].starts_with(b"PK") && books[0] == books[1]);
    let charts = zip::ZipArchive::new(std::io::Cursor::new(&books[0])).unwrap();
    let charts = charts
        .file_names()
        .flatten()
        .filter(|name| name.starts_with("xl/charts/chart"));
    assert!(
        charts.count() > 1,
        "one of the timeline and one a comparison"
    );
    // Looks without identities are not the vault's business.
    assert!(audits(&workspace).is_empty());

    let mut by_quarter = 0;
    for quarter in ["2020-Q3", "2020-Q4"] {
        let some = workspace
            .run(&["case", &org, "--quarter", quarter, "--lang", "en"])
            .expect(0);
        assert!(some.stdout.contains(quarter));
        by_quarter += leads_of(&some);
    }
    assert!(by_quarter > 0 && leads_of(&overview) >= by_quarter / 2);
}

#[test]
fn a_changed_rule_is_told() {
    let workspace = after_a_night();
    let (org, _) = busiest(&workspace, "371300");
    let quiet = workspace
        .run(&["case", &org, "--format", "html"])
        .expect(0)
        .stdout;
    assert!(quiet.contains("C01") && !quiet.contains("政策参数已修改"));
    workspace.edit(
        "sql/indicators/C01_online_share_over_cap.sql",
        "'enrolment' AS entity_kind",
        "'enrolment' AS  entity_kind",
    );
    let page = workspace
        .run(&["case", &org, "--format", "html"])
        .expect(0)
        .stdout;
    assert!(page.contains("发布之后定义文件已修改"));
}

/// Persons and money of a case file are those of `risk_cases`, whatever the number of evidence records.
#[test]
fn a_case_file_and_the_list_of_cases_agree() {
    let workspace = after_a_night();
    let cases = workspace.ask(
        "SELECT org_id, quarter, persons, amount_at_risk_fen FROM risk_cases ORDER BY rank, org_id, quarter LIMIT 40",
    );
    assert!(cases.len() > 20, "{cases:?}");
    for case in cases {
        let cells: Vec<&str> = case.split(',').collect();
        let (org, quarter, persons) = (cells[0], cells[1], cells[2]);
        let fen: i64 = cells[3].parse().unwrap();
        let told = workspace
            .run(&["case", org, "--quarter", quarter, "--lang", "en"])
            .expect(0)
            .stdout;
        let figure = |name: &str| {
            let line = told
                .lines()
                .find(|line| line.trim_start().starts_with(name));
            let text = line.unwrap().split_whitespace().next_back().unwrap();
            text.replace(',', "")
        };
        let yuan = format!("{}.{:02}", fen / 100, fen % 100);
        assert_eq!(
            (figure("persons"), figure("at risk, yuan")),
            (persons.to_owned(), yuan),
            "{org} {quarter}"
        );
    }
}

#[test]
fn identities_are_shown_only_when_asked_for_and_each_is_audited() {
    let workspace = after_a_night();
    let (org, _) = busiest(&workspace, "371300");
    let (path, text) = out(&workspace, "case.html");
    let options = ["--reveal", "--reason", "case 9", "--out", &text];
    workspace
        .run(&[&["case", &org], &options[..]].concat())
        .expect(0);
    let page = std::fs::read_to_string(path).unwrap();
    let numbers = numbers();
    assert!(numbers.iter().any(|number| page.contains(number)));
    assert!(page.contains("身份（保密）"));
    // Telephones and accounts were not asked for.
    assert!(page.contains("phone:"));
    let audited = audits(&workspace);
    assert!(!audited.is_empty());
    for line in &audited {
        assert_eq!(line["action"], "reveal");
        assert_eq!(line["reason"], "case 9");
        let line = line.to_string();
        assert!(numbers.iter().all(|number| !line.contains(number)));
    }
}

#[test]
fn wrong_codes_and_options_are_told_without_being_repeated() {
    let workspace = after_a_night();
    let (org, _) = busiest(&workspace, "371300");
    let number = "11010519491231002X";
    for arguments in [
        vec!["case", number],
        vec!["case", "370199198506159974"],
        vec!["case", "91370000NOBODY000X"],
        vec!["case", "x' OR '1'='1"],
        vec!["case", &org, "--quarter", "2020-13"],
        vec!["case", &org, "--format", "xlsx"],
        vec!["case", &org, "--reveal"],
        vec!["case", &org, "--release", "2020-01-01-00000000"],
        vec!["case"],
    ] {
        let refused = workspace.run(&arguments).expect(3);
        assert!(refused.stdout.is_empty(), "{}", refused.stdout);
        let told = &refused.stderr;
        let repeats = [number, "370199198506159974", "NOBODY", "1'='1"];
        assert!(repeats.iter().all(|text| !told.contains(text)), "{told}");
    }
    assert!(audits(&workspace).is_empty());
}
