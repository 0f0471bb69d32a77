//! A published count is traced to as many raw records as it counts.

use crate::workspace::Workspace;

/// Tables with their grain, and the columns that count raw records.
const COUNTS: [(&str, &[&str], &[&str]); 10] = [
    (
        "learner_archive",
        &["person_key", "enrolment_id"],
        &[
            "log_sessions",
            "attendance_slots",
            "assessments",
            "certificates",
            "claims",
        ],
    ),
    (
        "city_progress_monthly",
        &["month", "city_code"],
        &["completions", "completions_ytd"],
    ),
    (
        "city_category_monthly",
        &["month", "city_code", "category"],
        &["completions"],
    ),
    (
        "city_group_monthly",
        &["month", "city_code", "learner_group"],
        &["completions"],
    ),
    (
        "city_hours_monthly",
        &["month", "city_code"],
        &["completions", "blended_completions", "over_cap_completions"],
    ),
    (
        "city_assessment_monthly",
        &["month", "city_code"],
        &["assessed", "passed", "completions", "certified_completions"],
    ),
    (
        "city_fund_monthly",
        &["month", "city_code", "fund", "kind"],
        &["claims_submitted", "claims_paid"],
    ),
    (
        "city_occupation_monthly",
        &["month", "city_code", "occupation_code", "skill_level"],
        &["completions", "certificates"],
    ),
    (
        "platform_monthly",
        &["month", "platform_id"],
        &["enrolments", "completions"],
    ),
    (
        "archive_coverage_monthly",
        &["month", "city_code"],
        &[
            "completions",
            "with_valid_identity",
            "with_assessment",
            "with_certificate",
            "with_process_record",
            "complete_archives",
        ],
    ),
];

/// The cell of a column with the largest figure: its key and the figure.
fn largest(workspace: &Workspace, table: &str, grain: &[&str], column: &str) -> (String, String) {
    let names = grain.join(", ");
    // An area of less than the province, where the grain has one.
    let area = if grain.contains(&"city_code") {
        "WHERE city_code <> '370000'"
    } else {
        ""
    };
    let sql = format!(
        "SELECT {names}, {column} FROM {table} {area} ORDER BY {column} DESC, {names} LIMIT 1"
    );
    let row = workspace.ask(&sql).remove(0);
    let cells: Vec<&str> = row.split(',').collect();
    let (figure, values) = cells.split_last().unwrap();
    let key: Vec<String> = grain
        .iter()
        .zip(values)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    (key.join(","), (*figure).to_owned())
}

fn traced(workspace: &Workspace, table: &str, key: &str, column: &str) -> String {
    let arguments = ["trace", table, "--key", key, "--column", column];
    let limit = ["--limit", "1"];
    let told = workspace.run(&[&arguments[..], &limit].concat()).expect(0);
    let count = told
        .stdout
        .lines()
        .find_map(|line| line.strip_suffix(" raw records"));
    count.unwrap().to_owned()
}

#[test]
fn a_count_is_traced_to_as_many_records() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    for (table, grain, columns) in COUNTS {
        for column in columns {
            let (key, figure) = largest(&workspace, table, grain, column);
            assert_ne!(figure, "0", "{table} {column} shows nothing");
            let records = traced(&workspace, table, &key, column);
            assert_eq!(records, figure, "{table} {key} {column}");
        }
    }
}

/// Columns whose figures are no counts of records are traced to the records that they rest on.
#[test]
fn other_figures_are_traced_to_what_they_rest_on() {
    let workspace = Workspace::shipped_with(&[
        "risk_cases",
        "indicator_summary_city",
        "linked_groups",
        "linked_group_members",
    ]);
    workspace.night().expect(1);
    for (table, grain, column, feed) in [
        (
            "city_progress_monthly",
            &["month", "city_code"][..],
            "target_completions",
            "targets/",
        ),
        (
            "city_group_monthly",
            &["month", "city_code", "learner_group"],
            "female_persons",
            "enrolments/",
        ),
        (
            "city_group_monthly",
            &["month", "city_code", "learner_group"],
            "age_25_44",
            "enrolments/",
        ),
        (
            "city_fund_monthly",
            &["month", "city_code", "fund", "kind"],
            "paid_fen",
            "claims/",
        ),
        (
            "platform_monthly",
            &["month", "platform_id"],
            "logged_hours",
            "study_logs/",
        ),
        ("risk_cases", &["org_id", "quarter"], "score", ""),
        (
            "indicator_summary_city",
            &["city_code", "indicator_id"],
            "hits",
            "",
        ),
        ("linked_groups", &["group_id"], "shared_keys", ""),
        (
            "linked_group_members",
            &["group_id", "member_kind", "member_id"],
            "shared_keys",
            "",
        ),
    ] {
        let names = grain.join(", ");
        let sql = format!("SELECT {names} FROM {table} ORDER BY {column} DESC, {names} LIMIT 1");
        let row = workspace.ask(&sql).remove(0);
        let key: Vec<String> = grain
            .iter()
            .zip(row.split(','))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let arguments = ["trace", table, "--key", &key.join(","), "--column", column];
        let told = workspace.run(&arguments).expect(0).stdout;
        let place = told.lines().find(|line| line.contains(" line "));
        let place = place.unwrap_or_else(|| panic!("{table} {column}: no record in {told}"));
        assert!(place.starts_with(feed), "{table} {column}: {place}");
    }
}

/// A line of a file that was uploaded again is the line of another record, of another person perhaps: a record is found
/// again by its content, and where it is left out, nothing else stands for it.
#[test]
fn records_of_a_replaced_file_are_found_again_by_their_content() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let sql = "SELECT entity_id FROM indicator_hits WHERE indicator_id = 'B01' ORDER BY entity_id";
    let claim = workspace.ask(sql).remove(0);
    let key = format!("indicator_id=B01,entity_id={claim}");
    let trace = || {
        let told = workspace.run(&["trace", "indicator_hits", "--key", &key]);
        told.expect(0).stdout
    };
    let before = trace();
    let shown = format!("claim_id={claim}");
    assert!(before.contains(&shown), "{before}");
    let place = before.lines().find(|line| line.starts_with("claims/"));
    let object = place.unwrap().split_once(" line ").unwrap().0;
    let path = workspace.path("raw").join(object);
    let bytes = std::fs::read(&path).unwrap();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let own = |line: &&[u8]| line.starts_with(claim.as_bytes());
    // Another record goes to the end, and the claim moves up by a line.
    let other = (1..lines.len())
        .find(|number| !own(&lines[*number]))
        .unwrap();
    let mut moved = lines.clone();
    let other = moved.remove(other);
    moved.push(other);
    std::fs::write(&path, moved.concat()).unwrap();
    assert!(workspace.night().code <= 1);
    let after = trace();
    assert_eq!(
        after.matches("claim_id=").count(),
        before.matches("claim_id=").count()
    );
    assert!(after.contains(&shown), "{after}");
    // Its own record is left out.
    moved.retain(|line| !own(line));
    std::fs::write(&path, moved.concat()).unwrap();
    assert!(workspace.night().code <= 1);
    let left = trace();
    assert!(!left.contains(&shown), "{left}");
    assert!(left.contains("the file was replaced"), "{left}");
}
