//! Only what changed is computed, and it comes to the same as computing everything.

use crate::workspace::{Workspace, copy_folder, data_files, repository};

/// The tables a plan would compute.
fn planned(plan: &str) -> Vec<&str> {
    let rest = plan
        .split_once(" tables\n")
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    rest.lines()
        .filter_map(|line| line.trim().split_once(':'))
        .map(|(name, _)| name)
        .collect()
}

/// Why a run computed a table, by its record.
fn why_of<'a>(record: &'a serde_json::Value, table: &str) -> &'a str {
    let models = record["models"].as_array().unwrap();
    let model = models.iter().find(|model| model["name"] == table).unwrap();
    model["why"].as_str().unwrap()
}

#[test]
fn a_later_delivery_recomputes_its_days_and_equals_a_full_refresh() {
    let workspace = Workspace::complete();
    workspace.night().expect(1);
    copy_folder(
        &repository().join("data-samples/raw_day2"),
        &workspace.path("raw/day2"),
    );
    // Folders below a feed are free, so the delivery is laid beside the first under names of its own.
    for feed in std::fs::read_dir(workspace.path("raw/day2")).unwrap() {
        let feed = feed.unwrap();
        let target = workspace.path("raw").join(feed.file_name()).join("day2");
        std::fs::rename(feed.path(), target).unwrap();
    }
    std::fs::remove_dir(workspace.path("raw/day2")).unwrap();
    let plan = workspace
        .run(&["plan", "--as-of", "2020-12-31"])
        .expect(0)
        .stdout;
    let names = planned(&plan);
    assert!(
        names.contains(&"city_fund_monthly") && names.contains(&"log_person_day"),
        "{plan}"
    );
    assert!(
        !names.contains(&"city_hours_monthly"),
        "hours read no claims or logs: {plan}"
    );
    workspace.night().expect(0);
    let record = workspace.record();
    assert_eq!(
        record["feeds"]["claims"]["revised"],
        record["feeds"]["claims"]["accepted"]
    );
    let why = why_of(&record, "log_person_day");
    let stale: usize = why.split(' ').next().unwrap().parse().unwrap();
    assert!((1..10).contains(&stale), "{why}");
    let release = workspace.release();
    workspace
        .run(&["run", "--as-of", "2020-12-31", "--full-refresh"])
        .expect(0);
    assert_eq!(
        workspace.release(),
        release,
        "a full refresh gives other bytes"
    );
}

#[test]
fn a_changed_policy_row_recomputes_what_reads_it_and_a_title_nothing() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    workspace.edit(
        "sql/statistics/city_hours_monthly.sql",
        "title_en = \"",
        "title_en = \"Mended: ",
    );
    let plan = workspace
        .run(&["plan", "--as-of", "2020-12-31"])
        .expect(0)
        .stdout;
    assert!(plan.contains("compute 0 of"), "{plan}");
    workspace.edit(
        "pipelines/policy/indicators.toml",
        "value = \"120\"",
        "value = \"100\"",
    );
    let plan = workspace
        .run(&["plan", "--as-of", "2020-12-31"])
        .expect(0)
        .stdout;
    let names = planned(&plan);
    assert_eq!(
        names[..2],
        ["log_overlap_day", "c04_time_conflict"],
        "{plan}"
    );
    for follows in ["indicator_hits", "learner_archive"] {
        assert!(names.contains(&follows), "{plan}");
    }
    // Hits, cases and what reads them may follow; no statistics, no other logs, no other indicator.
    let mut others = names[2..].iter();
    let other = others.find(|name| {
        let is_indicator = name.as_bytes()[1].is_ascii_digit() && name.as_bytes()[3] == b'_';
        is_indicator || name.starts_with("city_") || name.starts_with("log_")
    });
    assert_eq!(other, None, "{plan}");
    assert!(
        plan.contains("c04_time_conflict: changed: policy"),
        "{plan}"
    );
}

#[test]
fn an_earlier_as_of_day_drops_the_days_after_it_and_equals_a_full_refresh() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let earlier = ["run", "--as-of", "2020-10-31"];
    workspace.run(&earlier).expect(0);
    let record = workspace.record();
    let why = why_of(&record, "log_person_day");
    assert!(
        why.starts_with("0 of") && why.ends_with(" fall away"),
        "{why}"
    );
    let plan = workspace
        .run(&["plan", "--as-of", "2020-10-31"])
        .expect(0)
        .stdout;
    assert!(plan.contains("compute 0 of"), "{plan}");
    let tables = released_tables(&workspace);
    workspace
        .run(&[earlier.as_slice(), &["--full-refresh"]].concat())
        .expect(0);
    assert_eq!(
        released_tables(&workspace),
        tables,
        "a full refresh gives other bytes"
    );
}

/// Tables whose query is split, with the column that says which of their rows a night computes.
const SPLIT: [(&str, &str); 6] = [
    ("c09_face_logs", "face_image_hash"),
    ("c10_log_times", "enrolment_id"),
    ("enrolment_log_checks", "enrolment_id"),
    ("enrolment_log_support", "enrolment_id"),
    ("person_log_total", "person_key"),
    ("player_log_total", "person_key"),
];

#[test]
fn rows_that_no_new_or_dropped_day_concerns_are_carried_over_and_equal_a_full_refresh() {
    let workspace = Workspace::shipped_with(&SPLIT.map(|(table, _)| table));
    workspace.run(&["run", "--as-of", "2020-10-20"]).expect(1);
    let nights = [("2020-10-21", "(rows of 8 "), ("2020-10-19", "(rows of 9 ")];
    for (as_of, persons) in nights {
        workspace.run(&["run", "--as-of", as_of]).expect(0);
        let record = workspace.record();
        for (table, column) in SPLIT {
            let why = why_of(&record, table);
            assert!(why.ends_with(&format!(" values of {column})")), "{why}");
            assert!(
                table != "person_log_total" || why.contains(persons),
                "{why}"
            );
        }
    }
    // The names of files are hashes of what they hold.
    let files_of = |table: &str| data_files(&workspace.path(&format!("lake/models/{table}")));
    let before = SPLIT.map(|(table, _)| files_of(table));
    assert!(before.iter().all(|files| files.len() == 3), "{before:?}");
    workspace
        .run(&["run", "--as-of", "2020-10-19", "--full-refresh"])
        .expect(0);
    assert_eq!(SPLIT.map(|(table, _)| files_of(table)), before);
}

#[test]
fn a_changed_course_concerns_those_who_have_opened_it() {
    let workspace = Workspace::shipped();
    workspace.run(&["run", "--as-of", "2020-10-20"]).expect(1);
    let courseware = workspace.path("raw/courseware/city=3708/courseware-3708.csv");
    let text = std::fs::read_to_string(courseware).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let row = lines.find(|line| line.starts_with("I000930004,")).unwrap();
    // Nobody has opened the second.
    let shorter = row.replace(",5317,", ",60,");
    let new = row.replace("I000930004", "I000939999");
    workspace.write(
        "raw/courseware/city=3708/later.csv",
        &format!("{header}\n{shorter}\n{new}\n"),
    );
    workspace.run(&["run", "--as-of", "2020-10-20"]).expect(0);
    let why = why_of(&workspace.record(), "enrolment_log_support").to_owned();
    let expected = "changed: courseware_length (rows of 10 values of enrolment_id)";
    assert_eq!(why, expected);
    let folder = workspace.path("lake/models/enrolment_log_support");
    let files = data_files(&folder);
    assert_eq!(files.len(), 2, "{files:?}");
    workspace
        .run(&["run", "--as-of", "2020-10-20", "--full-refresh"])
        .expect(0);
    assert_eq!(data_files(&folder), files);
}

#[test]
fn a_record_whose_table_was_never_committed_is_not_believed() {
    let workspace = Workspace::shipped();
    let record = "lake/cache/fingerprints/enrolment_log_support.json";
    workspace.run(&["run", "--as-of", "2020-10-20"]).expect(1);
    let folders = ["lake", "published"];
    for folder in folders {
        copy_folder(
            &workspace.path(folder),
            &workspace.path(&format!("before/{folder}")),
        );
    }
    workspace.run(&["run", "--as-of", "2020-10-21"]).expect(0);
    let kept = std::fs::read(workspace.path(record)).unwrap();
    // As a night leaves it that is killed between the two.
    for folder in folders {
        std::fs::remove_dir_all(workspace.path(folder)).unwrap();
        std::fs::rename(
            workspace.path(&format!("before/{folder}")),
            workspace.path(folder),
        )
        .unwrap();
    }
    std::fs::write(workspace.path(record), kept).unwrap();
    workspace.run(&["run", "--as-of", "2020-10-21"]).expect(0);
    let record = workspace.record();
    let why = why_of(&record, "enrolment_log_support");
    assert!(
        why.starts_with("changed:") && !why.contains("rows of"),
        "{why}"
    );
}

#[test]
fn a_table_is_computed_whole_where_a_dropped_file_is_gone() {
    let workspace = Workspace::shipped();
    workspace.run(&["run", "--as-of", "2020-10-20"]).expect(1);
    let select = "log_item_day,log_enrolment_day";
    workspace
        .run(&["run", "--as-of", "2020-10-19", "--select", select])
        .expect(0);
    let dropped = workspace.path("lake/models/log_item_day/day=2020-10-20");
    std::fs::remove_dir_all(dropped).unwrap();
    workspace.run(&["run", "--as-of", "2020-10-19"]).expect(0);
    let record = workspace.record();
    let why = why_of(&record, "enrolment_log_support");
    assert_eq!(why, "changed: log_enrolment_day, log_item_day");
}

#[test]
fn check_finds_columns_that_a_query_cannot_be_split_or_joined_by() {
    let workspace = Workspace::complete();
    workspace.edit(
        "sql/logs/person_log_total.sql",
        "split_by = \"person_key\"",
        "split_by = \"person\"",
    );
    let support = "sql/logs/enrolment_log_support.sql";
    workspace.edit(support, "= \"item_id\" }", "= \"lesson\" }");
    let told = workspace.run(&["check"]).expect(3).stdout;
    for mistake in [
        "person_log_total.sql:1: `split_by` names `person`, which no table stored by day has",
        "enrolment_log_support.sql:1: `split_joins` names `lesson` of `courseware_length`",
    ] {
        assert!(told.contains(mistake), "{told}");
    }
    workspace.edit(support, "= \"lesson\" }", "= \"video_seconds\" }");
    let told = workspace.run(&["check"]).expect(3).stdout;
    let mistake = "`split_joins` joins by `video_seconds`, which no table has";
    assert!(told.contains(mistake), "{told}");
}

#[test]
fn a_method_is_compared_on_the_days_of_the_release_whatever_was_computed_since() {
    let workspace = Workspace::shipped();
    workspace.run(&["run", "--as-of", "2020-08-15"]).expect(1);
    let definition = workspace.path("sql/indicators/C04_time_conflict.sql");
    let compare = [
        "compare-method",
        "--indicator",
        "C04",
        "--with",
        definition.to_str().unwrap(),
    ];
    let compared = workspace.run(&compare).expect(0).stderr;
    assert!(compared.contains("4 hits before, 4 after"), "{compared}");
    let later = ["--as-of", "2020-12-31", "--select", "log_overlap_day"];
    workspace
        .run(&[&["run"], later.as_slice()].concat())
        .expect(0);
    assert_eq!(workspace.run(&compare).expect(0).stderr, compared);
}

/// Name and hash of the tables of the current release, but of those that look back at the release before it.
fn released_tables(workspace: &Workspace) -> Vec<(String, String)> {
    let path = format!("published/releases/{}.json", workspace.release());
    let text = std::fs::read_to_string(workspace.path(&path)).unwrap();
    let release: serde_json::Value = serde_json::from_str(&text).unwrap();
    let tables = release["tables"].as_array().unwrap();
    let text_of = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let named: Vec<(String, String)> = tables
        .iter()
        .map(|table| (text_of(&table["name"]), text_of(&table["hash"])))
        .filter(|(name, _)| name != "indicator_hits" && name != "exit_proposals")
        .collect();
    assert!(named.len() > 15, "{named:?}");
    named
}

/// A tool that sets the time of a file back hides nothing.
#[test]
fn a_change_that_keeps_size_and_time_is_seen() {
    use std::io::Write;
    let workspace = Workspace::small_project();
    workspace.night().expect(1);
    let plan = || {
        workspace
            .run(&["plan", "--as-of", workspace.as_of])
            .expect(0)
            .stdout
    };
    assert!(plan().contains("load 0 new objects"));
    let path = workspace.path("raw/enrolments").read_dir().unwrap().next();
    let path = path.unwrap().unwrap().path();
    let file = if path.is_dir() {
        path.read_dir().unwrap().next().unwrap().unwrap().path()
    } else {
        path
    };
    let before = std::fs::read(&file).unwrap();
    let modified = std::fs::metadata(&file).unwrap().modified().unwrap();
    let mut lines: Vec<&[u8]> = before.split_inclusive(|byte| *byte == b'\n').collect();
    lines.swap(1, 2);
    let mut open = std::fs::OpenOptions::new().write(true).open(&file).unwrap();
    open.write_all(&lines.concat()).unwrap();
    open.set_modified(modified).unwrap();
    drop(open);
    assert_eq!(
        std::fs::metadata(&file).unwrap().modified().unwrap(),
        modified
    );
    let told = plan();
    assert!(told.contains("load 1 new objects"), "{told}");
}
