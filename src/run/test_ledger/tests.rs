use super::*;
use crate::lake::{Store, start_runtime};
use crate::model::Severity;
use crate::run::table_tests::Failure;

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 12, day).unwrap()
}

/// One test that failed for these values of one row.
fn result(values: &[&str]) -> TestResult {
    TestResult {
        table: "one".to_owned(),
        test: "share.range".to_owned(),
        severity: Severity::Warn,
        column: "share".to_owned(),
        title: String::new(),
        findings: values.len() as u64,
        failures: values
            .iter()
            .map(|value| Failure {
                key: "month=2020-09".to_owned(),
                value: Some((*value).to_owned()),
            })
            .collect(),
    }
}

fn declared() -> BTreeSet<(String, String)> {
    BTreeSet::from([("one".to_owned(), "share.range".to_owned())])
}

fn enter(ledger: &mut TestLedger, values: &[&str], on: u32) {
    ledger.enter(&[result(values)], &declared(), day(on));
}

/// Value, status, first and last day and day of the status of each row.
fn lines(ledger: &TestLedger) -> Vec<String> {
    let entries = ledger.entries.iter();
    entries
        .map(|entry| {
            let days = [entry.first_seen_on, entry.last_seen_on, entry.as_of];
            let days: Vec<String> = days
                .iter()
                .map(|day| day.format("%d").to_string())
                .collect();
            let value = entry.identity.value.clone().unwrap_or_default();
            format!("{value} {} {}", entry.status.word(), days.join(" "))
        })
        .collect()
}

#[test]
fn a_failing_row_is_kept_until_it_is_mended_and_its_return_is_another() {
    let mut ledger = TestLedger::default();
    enter(&mut ledger, &["2"], 1);
    assert_eq!(lines(&ledger), ["2 failing 01 01 01"]);
    enter(&mut ledger, &["2"], 3);
    assert_eq!(lines(&ledger), ["2 failing 01 03 03"]);
    enter(&mut ledger, &[], 4);
    enter(&mut ledger, &[], 5);
    assert_eq!(lines(&ledger), ["2 mended 01 03 04"]);
    enter(&mut ledger, &["2", "3"], 6);
    assert_eq!(
        lines(&ledger),
        [
            "2 mended 01 03 04",
            "2 failing 06 06 06",
            "3 failing 06 06 06"
        ]
    );
}

#[test]
fn a_repeated_night_changes_nothing() {
    let mut ledger = TestLedger::default();
    enter(&mut ledger, &["2"], 1);
    enter(&mut ledger, &["2"], 2);
    let before = ledger.clone();
    enter(&mut ledger, &["2"], 2);
    assert_eq!(ledger, before);
    // Nor does an earlier one, run once more.
    enter(&mut ledger, &["2"], 1);
    assert_eq!(ledger, before);
    enter(&mut ledger, &[], 1);
    assert_eq!(ledger, before);
}

#[test]
fn a_night_that_is_mended_and_broken_again_is_one_row() {
    let mut ledger = TestLedger::default();
    enter(&mut ledger, &["2"], 1);
    enter(&mut ledger, &[], 1);
    assert_eq!(lines(&ledger), ["2 mended 01 01 01"]);
    enter(&mut ledger, &["2"], 1);
    assert_eq!(lines(&ledger), ["2 failing 01 01 01"]);
}

#[test]
fn tests_that_did_not_run_or_were_cut_mend_nothing() {
    let mut ledger = TestLedger::default();
    enter(&mut ledger, &["2", "3"], 1);
    let before = ledger.clone();
    ledger.enter(&[], &declared(), day(2));
    assert_eq!(ledger, before);
    let mut cut = result(&["2"]);
    cut.findings = 5000;
    ledger.enter(&[cut], &declared(), day(2));
    assert_eq!(lines(&ledger), ["2 failing 01 02 02", "3 failing 01 01 01"]);
}

#[test]
fn a_test_that_is_no_longer_declared_is_withdrawn() {
    let mut ledger = TestLedger::default();
    enter(&mut ledger, &["2"], 1);
    ledger.enter(&[], &BTreeSet::new(), day(2));
    assert_eq!(lines(&ledger), ["2 withdrawn 01 01 02"]);
}

#[test]
fn a_release_knows_nothing_of_later_days() {
    let mut ledger = TestLedger::default();
    enter(&mut ledger, &["2"], 1);
    let first = ledger.published(day(1)).unwrap().encode("test").unwrap();
    enter(&mut ledger, &["2"], 2);
    let second = ledger.published(day(2)).unwrap().encode("test").unwrap();
    enter(&mut ledger, &[], 3);
    enter(&mut ledger, &["9"], 4);
    assert_eq!(
        ledger.published(day(1)).unwrap().encode("test").unwrap(),
        first
    );
    assert_eq!(
        ledger.published(day(2)).unwrap().encode("test").unwrap(),
        second
    );
    assert_eq!(ledger.published(day(4)).unwrap().height(), 2);
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = start_runtime().unwrap();
    let store = Store::open(
        &runtime,
        folder.path().to_str().unwrap(),
        folder.path(),
        crate::lake::WhenMissing::Make,
    )
    .unwrap();
    let lake = Lake::new(store);
    assert_eq!(TestLedger::read(&lake).unwrap(), TestLedger::default());
    let mut ledger = TestLedger::default();
    enter(&mut ledger, &["2", "3"], 1);
    let mut empty = result(&[]);
    empty.findings = 1;
    empty.failures.push(Failure {
        key: "month=2020-10".to_owned(),
        value: None,
    });
    ledger.enter(&[result(&["2", "3"]), empty], &declared(), day(1));
    ledger.write(&lake).unwrap();
    assert_eq!(TestLedger::read(&lake).unwrap(), ledger);
    enter(&mut ledger, &["3"], 2);
    ledger.write(&lake).unwrap();
    assert_eq!(TestLedger::read(&lake).unwrap(), ledger);
    assert_eq!(
        lake.snapshot(TEST_FAILURES).unwrap().unwrap().files.len(),
        1
    );
}
