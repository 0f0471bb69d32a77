//! One worker's archive: the same figures as the release, every record with its place, and no identity unless asked for.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::workspace::{Outcome, Workspace, files, repository};

/// The columns of `learner_archive` that an archive sums.
const FIGURES: [&str; 15] = [
    "online_seconds",
    "offline_seconds",
    "supported_seconds",
    "watched_seconds",
    "log_sessions",
    "attendance_slots",
    "attended_seconds",
    "assessments",
    "assessments_passed",
    "certificates",
    "claims",
    "claimed_fen",
    "paid_fen",
    "refunded_fen",
    "hits",
];

fn after_a_night() -> Workspace {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    workspace
}

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap()
}

fn audits(workspace: &Workspace) -> Vec<Value> {
    let folder = workspace.path("lake/system/vault_audit");
    if !folder.is_dir() {
        return Vec::new();
    }
    let read = |path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    files(&folder).into_iter().map(read).collect()
}

/// A number and name of the shipped sample whose training is on record.
fn someone() -> (String, String) {
    let path = repository().join("data-samples/raw/enrolments/city=3713/enrolments-3713.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (number, name) = (at("person_id"), at("person_name"));
    let mut rows = reader.records().flatten();
    let row = rows
        .find(|row| row[number].len() == 18 && !row[name].is_empty())
        .unwrap();
    (row[number].to_owned(), row[name].to_owned())
}

/// Runs `person` with the number on stdin.
fn by_number(workspace: &Workspace, number: &str, more: &[&str]) -> Outcome {
    let mut arguments = vec!["person", "--number-file", "-"];
    arguments.extend(more);
    let mut child = workspace
        .command(&arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(number.as_bytes()).unwrap();
    drop(stdin);
    Outcome::of(&child.wait_with_output().unwrap())
}

#[test]
fn an_archive_has_the_figures_of_the_release_and_every_record_behind_them() {
    let workspace = after_a_night();
    let sums = FIGURES
        .map(|name| format!("SUM({name}) AS {name}"))
        .join(", ");
    // Most leads, most sessions, most trainings, and somebody with nothing special.
    let mut keys = Vec::new();
    for most in [
        "SUM(hits)",
        "SUM(log_sessions)",
        "COUNT(*)",
        "0 - SUM(claims)",
    ] {
        keys.extend(workspace.ask(&format!(
            "SELECT person_hex FROM (SELECT person_hex, {most} AS most FROM learner_archive GROUP BY person_hex) \
             ORDER BY most DESC, person_hex LIMIT 2"
        )));
    }
    keys.sort();
    keys.dedup();
    let mut sessions = 0;
    for key in &keys {
        let shown = workspace
            .run(&["person", key, "--format", "json"])
            .expect(0);
        assert!(shown.stderr.contains("疑点线索，需核查，非认定结论"));
        let archive = json(&shown);
        assert_eq!(archive["person"]["key"], key.as_str());
        assert_eq!(archive["release"], workspace.release().as_str());
        // What the records come to is compared with the release by the program; here with what it says.
        assert_eq!(archive["differences"], Value::Array(Vec::new()), "{key}");
        let wanted = workspace.ask(&format!(
            "SELECT {sums} FROM learner_archive WHERE person_hex = '{key}'"
        ));
        let told: Vec<String> = FIGURES
            .iter()
            .map(|name| archive["totals"][name].to_string())
            .collect();
        assert_eq!(told.join(","), wanted[0], "{key}");
        for training in archive["trainings"].as_array().unwrap() {
            let records = training["sessions"].as_array().unwrap();
            let days = training["study_days"].as_array().unwrap();
            let by_day: i64 = days
                .iter()
                .map(|day| day["sessions"].as_i64().unwrap())
                .sum();
            assert_eq!(by_day, i64::try_from(records.len()).unwrap());
            sessions += records.len();
            let claims = training["claims"].as_array().unwrap();
            for record in records.iter().chain(claims) {
                let source = &record["source"];
                assert!(source["line"].as_i64().unwrap() > 1, "{source}");
                assert!(!source["raw"].as_array().unwrap().is_empty(), "{source}");
            }
        }
        let again = workspace
            .run(&["person", key, "--format", "json"])
            .expect(0);
        assert_eq!(again.stdout, shown.stdout);
    }
    assert!(sessions > 50, "only {sessions} sessions were looked at");
    // Looks by key and without identities are not the vault's business.
    assert!(audits(&workspace).is_empty());
}

#[test]
fn an_archive_is_found_by_number_and_the_use_is_audited() {
    let workspace = after_a_night();
    let (number, name) = someone();
    let page = by_number(
        &workspace,
        &format!(" {number}\n"),
        &["--format", "html", "--reason", "case 7"],
    )
    .expect(0);
    let audited = audits(&workspace);
    assert_eq!(audited.len(), 1);
    let key = audited[0]["key"].as_str().unwrap().to_owned();
    assert_eq!(audited[0]["action"], "person");
    assert_eq!(audited[0]["reason"], "case 7");
    assert!(page.stdout.contains(&key));
    for outcome in [
        &page,
        &workspace
            .run(&["person", &key, "--format", "html"])
            .expect(0),
    ] {
        let all = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!all.contains(&number) && !all.contains(&name));
        assert!(outcome.stdout.contains("原始记录"));
    }

    let file = workspace.path("number.txt");
    std::fs::write(&file, &number).unwrap();
    let file = file.to_string_lossy().into_owned();
    let out = workspace.path("archive.json");
    let out = out.to_string_lossy().into_owned();
    let options = ["--reveal", "--reason", "case 8", "--out", &out];
    let told = workspace
        .run(&[&["person", "--number-file", &file], &options[..]].concat())
        .expect(0);
    assert_eq!(told.stdout.trim(), out);
    let archive: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    let identities = archive["person"]["identities"].as_array().unwrap();
    assert_eq!(identities[0]["value"], number.as_str());
    assert_eq!(identities[1]["value"], name.as_str());
    let source = &archive["trainings"][0]["enrolment_source"];
    assert!(source.to_string().contains(&number) && source.to_string().contains(&name));
    // Telephones and accounts were not asked for.
    let all = archive.to_string();
    assert!(
        all.contains("phone:") && !all.contains("person:"),
        "{source}"
    );
    let audited = audits(&workspace);
    let actions: Vec<&str> = audited
        .iter()
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["person", "person", "reveal", "reveal"]);
    assert!(
        audited
            .iter()
            .all(|line| !line.to_string().contains(&number))
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&out).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
}

#[test]
fn wrong_keys_and_numbers_are_told_without_being_repeated() {
    let workspace = after_a_night();
    let unknown = workspace.run(&["person", "0000000000000000"]).expect(3);
    assert!(
        unknown
            .stderr
            .contains("knows no training of 0000000000000000")
    );
    // A number where the key belongs, behind it, mistyped, and too many at once.
    let number = "370199198506159974";
    for arguments in [
        vec!["person", number],
        vec!["person", "0000000000000000", number],
        vec!["person", "--number", number, "--reason", "test"],
        vec!["person", "--number", number, "--number-file", "-"],
        vec!["person", "--number", number, "--reveal"],
        vec!["person"],
    ] {
        let refused = workspace.run(&arguments).expect(3);
        assert!(!refused.stderr.contains(number), "{}", refused.stderr);
        assert!(refused.stdout.is_empty());
    }
    let wrong = by_number(&workspace, number, &[]).expect(3);
    assert!(wrong.stderr.contains("check_digit"), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains(number));
    let two = by_number(&workspace, &format!("{number}\n{number}\n"), &[]).expect(3);
    assert!(!two.stderr.contains(number));
    by_number(&workspace, "\n", &[]).expect(3);
    workspace
        .run(&[
            "person",
            "0000000000000000",
            "--release",
            "2020-01-01-00000000",
        ])
        .expect(3);
    // Uses that find nothing are written down too: twice by number above.
    assert_eq!(audits(&workspace).len(), 2);
}

#[test]
fn late_records_are_told_as_differences_from_the_release() {
    let workspace = after_a_night();
    let row = workspace.ask(
        "SELECT person_hex, enrolment_id FROM learner_archive WHERE claims = 1 ORDER BY enrolment_id LIMIT 1",
    );
    let (key, enrolment) = row[0].split_once(',').unwrap();
    let claim = format!(
        "claim_id,enrolment_id,person_id,kind,fund,city_code,amount_yuan,claimed_on,status,payee_kind\n\
        B9900000001,{enrolment},370199198506159974,living_allowance,employment,370100,12.34,2020-12-01,submitted,person\n\
        B9900000002,{enrolment},370199198506159974,living_allowance,employment,370100,1.00,2021-01-01,submitted,person\n"
    );
    workspace.write("raw/claims/late/claims.csv", &claim);
    workspace
        .run(&["ingest", "--as-of", "2020-12-31"])
        .expect(0);
    let archive = json(
        &workspace
            .run(&["person", key, "--format", "json"])
            .expect(0),
    );
    let told: Vec<String> = archive["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {}", one["column"], one["release"], one["records"]))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], "\"claims\" 1 2");
    let training = archive["trainings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|training| training["enrolment_id"] == enrolment)
        .unwrap();
    assert_eq!(training["figures"]["claims"], 1);
    let page = workspace
        .run(&["person", key, "--format", "html"])
        .expect(0);
    assert!(page.stdout.contains("数字不一致") && page.stdout.contains("12.34"));
    assert!(!page.stdout.contains("B9900000002"));
}
