//! Identities stay in the vault.

use std::collections::BTreeSet;

use crate::workspace::{Workspace, files, repository};

/// Citizen numbers and accounts of the shipped sample's enrolments and claims (UTF-8 files).
fn raw_identities() -> BTreeSet<Vec<u8>> {
    let mut found = BTreeSet::new();
    for (feed, columns) in [
        ("enrolments", vec!["person_id"]),
        ("claims", vec!["person_id", "account_no"]),
    ] {
        for path in files(&repository().join("data-samples/raw").join(feed)) {
            let mut reader = csv::ReaderBuilder::new()
                .flexible(true)
                .from_path(path)
                .unwrap();
            let Ok(headers) = reader.headers().cloned() else {
                continue;
            };
            for record in reader.byte_records().flatten() {
                for column in &columns {
                    let index = headers.iter().position(|header| header == *column);
                    let value = index
                        .and_then(|index| record.get(index))
                        .unwrap_or_default();
                    if value.len() >= 15 && value.iter().all(|byte| byte.is_ascii_alphanumeric()) {
                        found.insert(value.to_vec());
                    }
                }
            }
        }
    }
    found
}

fn assert_none(identities: &BTreeSet<Vec<u8>>, bytes: &[u8], place: &str) {
    // Runs of letters and digits are what a number in plain text would be part of.
    for word in bytes
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| word.len() >= 15)
    {
        for length in [15, 16, 17, 18, 19] {
            for window in word.windows(length) {
                assert!(!identities.contains(window), "{place} holds a raw identity");
            }
        }
    }
}

#[test]
fn no_raw_number_leaves_the_vault() {
    let workspace = Workspace::complete();
    let identities = raw_identities();
    assert!(
        identities.len() > 300,
        "only {} identities",
        identities.len()
    );
    let night = workspace.night().expect(1);
    assert_none(&identities, night.stderr.as_bytes(), "stderr");
    for root in ["lake", "published"] {
        for path in files(&workspace.path(root)) {
            assert_none(
                &identities,
                &std::fs::read(&path).unwrap(),
                &path.display().to_string(),
            );
        }
    }
    for table in [
        "enrolments",
        "claims",
        "certificates",
        "eligibility_certificates",
        "quarantine",
        "learner_archive",
        "indicator_hits",
    ] {
        let sql = format!("SELECT * FROM {table}");
        let rows = workspace.run(&["query", &sql, "--format", "csv"]).expect(0);
        assert!(rows.stdout.lines().count() > 1, "{table} is empty");
        assert_none(&identities, rows.stdout.as_bytes(), table);
    }
}

#[test]
fn the_vault_opens_for_the_secret_alone_and_writes_each_use_down() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let identities = raw_identities();
    let number = identities.iter().find(|number| number.len() == 18).unwrap();
    let number = String::from_utf8_lossy(number);
    let key = workspace.run(&["vault", "key", &number]).expect(0).stdout;
    let shown = workspace
        .run(&["vault", "reveal", key.trim(), "--reason", "test"])
        .expect(0)
        .stdout;
    assert_eq!(shown.trim(), format!("person {number}"));
    assert_eq!(files(&workspace.path("lake/system/vault_audit")).len(), 2);
    let wrong = workspace
        .command(&["vault", "reveal", key.trim(), "--reason", "test"])
        .env("SKILLWATCH_SECRET", "another")
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(3));
    assert!(wrong.stdout.is_empty());
    workspace
        .run(&["vault", "reveal", "0000000000000000", "--reason", "test"])
        .expect(3);
}

#[test]
fn numbers_in_wrong_columns_stay_out_of_sight() {
    let workspace = Workspace::small_project();
    let heading = "enrolment_id,class_id,person_id,person_name,phone,learner_group,employer_id,city_code,hukou_code,\
                   enrolled_on,completed_on,online_hours,offline_hours,紧急联系电话,银行卡13900001111,备注";
    let row = |id: &str, employer: &str, hukou: &str| {
        format!(
            "{id},C1,370102198506159974,甲,13811112222,employee,{employer},370100,{hukou},2020-08-03,2020-09-03,1,2,\
             139-0000-1111,6217000123456789012,李四"
        )
    };
    let rows = [
        row("E1", "370102198506159971", "370102"),
        row("E2", "13911112222", ""),
        row("E3", "", "370102198506159966"),
    ];
    workspace.write(
        "raw/enrolments/wrong.csv",
        &format!("{heading}\n{}\n", rows.join("\n")),
    );
    workspace.night().expect(1);
    let reasons = "SELECT \"column\", reason FROM quarantine WHERE object = 'enrolments/wrong.csv'";
    assert_eq!(workspace.ask(reasons), ["hukou_code,bad_enum"]);
    let employers = workspace.ask(
        "SELECT employer_id FROM enrolments WHERE enrolment_id IN ('E1', 'E2') ORDER BY enrolment_id",
    );
    let is_key = |text: &String| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    assert!(
        employers.len() == 2 && employers.iter().all(is_key),
        "{employers:?}"
    );
    let key = "month=2020-09,city_code=370100";
    let traced = workspace
        .run(&["trace", "city_progress_monthly", "--key", key])
        .expect(0)
        .stdout;
    assert!(traced.contains("紧急联系电话=***"), "{traced}");
    for raw in [
        "139-0000-1111",
        "13900001111",
        "6217000123456789012",
        "李四",
        "37010219850615997",
        "13911112222",
    ] {
        assert!(!traced.contains(raw), "{raw} in {traced}");
    }
    let unknown = ["trace", "city_progress_monthly", "--key", "nosuch=1"];
    let told = workspace.run(&unknown).expect(3).stderr;
    assert!(told.contains("no column `nosuch`"), "{told}");
}
