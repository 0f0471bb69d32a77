//! Tests in headers: what fails is kept, and an error holds the release back.

use crate::province::{ENROLMENTS, enrolment, file, province};
use crate::workspace::{Workspace, data_files};

const TABLE: &str = "sql/statistics/city_progress_monthly.sql";
const FAILURES: &str = "SELECT test, severity, \"column\", key, value, status, first_seen_on, last_seen_on FROM test_failures ORDER BY key, value";

/// A province in which four persons of Jinan have completed a training in July.
fn july() -> Workspace {
    let workspace = province();
    let lines: Vec<String> = (1..=4)
        .map(|number| enrolment(number, "employee", "2020-07-20"))
        .collect();
    workspace.write(
        "raw/enrolments/city=3701/enrolments.csv",
        &file(ENROLMENTS, &lines),
    );
    workspace
}

/// Adds a test to the header of the monthly completions; returns the line on which it stands.
fn declare(workspace: &Workspace, entry: &str) -> usize {
    let text = std::fs::read_to_string(workspace.path(TABLE)).unwrap();
    let (header, sql) = text.split_once("*/").unwrap();
    workspace.write(TABLE, &format!("{header}\n[[tests]]\n{entry}\n*/{sql}"));
    header.matches('\n').count() + 2
}

fn findings(workspace: &Workspace, test: &str) -> u64 {
    let record = workspace.record();
    let audits = record["audits"].as_array().unwrap();
    let audit = audits.iter().find(|audit| audit["name"] == test).unwrap();
    audit["findings"].as_u64().unwrap()
}

#[test]
fn a_warning_is_released_and_its_rows_are_kept_until_they_are_mended() {
    let mut workspace = july();
    workspace.night().expect(0);
    let first = workspace.release();
    assert!(workspace.ask(FAILURES).is_empty());
    declare(
        &workspace,
        "kind = \"range\"\ncolumns = [\"completions_ytd\"]\nmost = 3\nseverity = \"warn\"\ntitle = \"three at most\"",
    );
    // The header had a test of that name; this one is about the same column.
    workspace.run(&["check"]).expect(3);
    workspace.edit(
        TABLE,
        "\"completions_ytd\", \"persons_ytd\", \"target_completions\"",
        "\"persons_ytd\", \"target_completions\"",
    );
    let warned = workspace.night().expect(1);
    let told =
        "audit test:city_progress_monthly.completions_ytd.range (warn): 12 findings: three at most";
    assert!(warned.stderr.contains(told), "{}", warned.stderr);
    assert!(
        warned.stderr.contains("computed 0 of"),
        "a test makes no table stale: {}",
        warned.stderr
    );
    let second = workspace.release();
    assert_ne!(first, second);
    assert_eq!(
        findings(
            &workspace,
            "test:city_progress_monthly.completions_ytd.range"
        ),
        12
    );
    let rows = workspace.ask(FAILURES);
    assert_eq!(rows.len(), 12);
    assert_eq!(
        rows[0],
        "completions_ytd.range,warn,completions_ytd,\"month=2020-07, city_code=370000\",4,failing,2020-12-31,2020-12-31"
    );
    // The same night once more adds nothing.
    let files = data_files(&workspace.path("lake"));
    workspace.night().expect(1);
    assert_eq!(workspace.release(), second);
    assert_eq!(data_files(&workspace.path("lake")), files);
    // Nor does one that has forgotten what the tests came to.
    std::fs::remove_file(workspace.path("lake/cache/table_tests.json")).unwrap();
    workspace.night().expect(1);
    assert_eq!(data_files(&workspace.path("lake")), files);
    // The next finds the same rows, and those of a new month.
    workspace.as_of = "2021-01-01";
    workspace.night().expect(1);
    let rows = workspace.ask(FAILURES);
    assert_eq!(rows.len(), 12);
    assert!(
        rows.iter()
            .all(|row| row.ends_with("failing,2020-12-31,2021-01-01")),
        "{rows:?}"
    );
    workspace.edit(TABLE, "most = 3", "most = 4");
    workspace.night().expect(0);
    let rows = workspace.ask(FAILURES);
    assert!(
        rows.iter()
            .all(|row| row.ends_with("mended,2020-12-31,2021-01-01")),
        "{rows:?}"
    );
    // The earlier release says what was known then.
    let pinned = workspace
        .run(&["query", FAILURES, "--format", "csv", "--release", &second])
        .expect(0)
        .stdout;
    assert_eq!(pinned.matches("failing,2020-12-31,2020-12-31").count(), 12);
}

#[test]
fn an_error_publishes_nothing_and_its_rows_are_kept() {
    let workspace = july();
    declare(
        &workspace,
        "kind = \"accepted_values\"\ncolumn = \"month\"\nvalues = [\"2020-08\", \"2020-09\", \"2020-10\", \"2020-11\", \"2020-12\"]\nseverity = \"error\"",
    );
    let refused = workspace.night().expect(2);
    assert!(
        refused
            .stderr
            .contains("test:city_progress_monthly.month.accepted_values (17 findings)"),
        "{}",
        refused.stderr
    );
    assert!(
        workspace.record()["error"]
            .as_str()
            .unwrap()
            .contains("month is one of 2020-08")
    );
    // Nothing was ever released, and the rows can be asked for.
    workspace
        .run(&["query", "SELECT * FROM test_failures", "--release", "none"])
        .expect(3);
    assert_eq!(workspace.ask(FAILURES).len(), 17);
    workspace.edit(TABLE, "[\"2020-08\"", "[\"2020-07\", \"2020-08\"");
    workspace.night().expect(0);
    let release = workspace.release();
    assert!(
        workspace
            .ask(FAILURES)
            .iter()
            .all(|row| row.contains(",mended,"))
    );
    // A later failure leaves the release as it is, and is seen beside it.
    workspace.edit(TABLE, "[\"2020-07\", ", "[");
    workspace.night().expect(2);
    assert_eq!(workspace.release(), release);
    assert!(
        workspace
            .ask(FAILURES)
            .iter()
            .all(|row| row.contains(",failing,"))
    );
}

#[test]
fn a_figure_that_moves_is_told_against_the_release_before() {
    let mut workspace = july();
    let change = "kind = \"change\"\nmeasure = \"sum\"\ncolumn = \"persons\"\nby = [\"month\", \"city_code\"]\nleast = -0.2\nmost = 0.5\nseverity = \"warn\"";
    declare(&workspace, change);
    workspace.as_of = "2020-12-30";
    workspace.night().expect(0);
    let before = workspace.release();
    // Three of the four completions move to August, which had none to compare with.
    let lines: Vec<String> = (1..=3)
        .map(|number| enrolment(number, "employee", "2020-08-20"))
        .collect();
    workspace.write(
        "raw/enrolments/city=3701/revised.csv",
        &file(ENROLMENTS, &lines),
    );
    workspace.as_of = "2020-12-31";
    workspace.night().expect(1);
    let after = workspace.release();
    let test = "persons.change_by_month+city_code";
    let row = |city: &str| {
        format!(
            "{test},warn,persons,\"month=2020-07, city_code={city}\",\"before=4, now=1, change=-0.75\",failing,2020-12-31,2020-12-31"
        )
    };
    assert_eq!(workspace.ask(FAILURES), [row("370000"), row("370100")]);
    // The night itself is no release before.
    workspace.night().expect(1);
    assert_eq!(workspace.release(), after);
    workspace.edit(
        TABLE,
        "most = 0.5\nseverity = \"warn\"",
        "most = 0.5\nseverity = \"error\"",
    );
    workspace.night().expect(2);
    assert_eq!(workspace.release(), after);
    assert_ne!(before, after);
    // The next night compares with the figures as they now are.
    workspace.as_of = "2021-01-01";
    workspace.night().expect(0);
}

#[test]
fn check_finds_tests_that_cannot_be_run() {
    let workspace = july();
    let line = declare(
        &workspace,
        "kind = \"relation\"\ncolumn = \"city_name\"\ntable = \"cities\"\nto = \"name\"\nseverity = \"warn\"",
    );
    let told = workspace.run(&["check"]).expect(3).stdout;
    assert!(
        told.contains(&format!(
            "{TABLE}:{line}: test `city_name.relation` looks for `name` in `cities`"
        )),
        "{told}"
    );
    workspace.edit(
        TABLE,
        "table = \"cities\"\nto = \"name\"",
        "table = \"towns\"",
    );
    let told = workspace.run(&["check"]).expect(3).stdout;
    assert!(
        told.contains(&format!(
            "{TABLE}:{line}: test `city_name.relation` looks into table `towns`"
        )),
        "{told}"
    );
    workspace.edit(
        TABLE,
        "table = \"towns\"",
        "table = \"cities\"\nto = \"city_order\"",
    );
    let told = workspace.run(&["check"]).expect(3).stdout;
    assert!(
        told.contains(&format!(
            "{TABLE}:{line}: test `city_name.relation` cannot be run"
        )),
        "{told}"
    );
    workspace.edit(TABLE, "\"city_order\"", "\"city_name\"");
    workspace.run(&["check"]).expect(0);
    let told = workspace
        .run(&["explain", "city_progress_monthly", "--lang", "en"])
        .expect(0)
        .stdout;
    assert!(
        told.contains("test city_name.relation (warn): city_name is a city_name of cities"),
        "{told}"
    );
}
