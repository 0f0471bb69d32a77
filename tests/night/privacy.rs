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
    assert_eq!(wrong.status.code(), Some(4));
    assert!(wrong.stdout.is_empty());
    workspace
        .run(&["vault", "reveal", "0000000000000000", "--reason", "test"])
        .expect(3);
}
