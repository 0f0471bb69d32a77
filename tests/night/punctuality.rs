//! What was due, what came, and what follows: `status`, table `arrivals`, exit codes, a release that waits.

use crate::province::{ENROLMENTS, enrolment, file, province};
use crate::workspace::{Outcome, Workspace, files};

/// Enrolments are due on Tuesday, 29 December 2020.
const CALENDAR: &str = "starts_on = 2020-12-29

[[expected]]
feed = \"enrolments\"
every = \"week\"
weekday = \"tuesday\"
cities = [\"370100\", \"370200\", \"370300\", \"370400\", \"370500\"]
grace_days = 1
";

fn workspace(calendar: &str) -> Workspace {
    let workspace = province();
    workspace.write("pipelines/arrivals.toml", calendar);
    workspace
}

fn send(workspace: &Workspace, city: &str, number: u32) {
    let line =
        enrolment(number, "employee", "2020-08-01").replace(",370100,", &format!(",{city}00,"));
    workspace.write(
        &format!("raw/enrolments/city={city}/{number}.csv"),
        &file(ENROLMENTS, &[line]),
    );
}

fn night(workspace: &Workspace, as_of: &str) -> Outcome {
    workspace.run(&["run", "--as-of", as_of])
}

fn board(workspace: &Workspace) -> Vec<String> {
    workspace.ask(
        "SELECT day, city_code, expected, status, received_on, days_late, files, \"rows\" FROM arrivals \
         WHERE feed = 'enrolments' ORDER BY day, city_code",
    )
}

/// The cells of the first line of `status` that holds `word`.
fn status_line(workspace: &Workspace, word: &str) -> Vec<String> {
    let status = workspace.run(&["status", "--lang", "en"]).expect(0).stdout;
    let board = status
        .split_once("late or missing cities")
        .map(|(_, board)| board);
    let line = board.and_then(|board| board.lines().find(|line| line.contains(word)));
    let line = line.unwrap_or_else(|| panic!("{word}: {status}"));
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_board_tells_how_each_city_stands() {
    let workspace = workspace(CALENDAR);
    send(&workspace, "3701", 1);
    workspace.write(
        "raw/enrolments/city=3704/empty.csv",
        &format!("{ENROLMENTS}\n"),
    );
    workspace.write("raw/enrolments/city=3705/refused.csv", "enrolment_id\nE1\n");
    send(&workspace, "3717", 9);
    night(&workspace, "2020-12-29").expect(1);
    assert_eq!(
        board(&workspace),
        [
            "2020-12-29,370100,true,received,2020-12-29,0,1,1",
            "2020-12-29,370200,true,pending,,,0,0",
            "2020-12-29,370300,true,pending,,,0,0",
            "2020-12-29,370400,true,empty,2020-12-29,0,1,0",
            "2020-12-29,370500,true,refused,,,1,0",
            "2020-12-29,371700,false,received,2020-12-29,,1,1",
        ]
    );
    let first = ["enrolments", "2020-12-29", "1", "0", "1", "1", "0", "2"];
    assert_eq!(status_line(&workspace, "enrolments"), first);

    send(&workspace, "3702", 2);
    night(&workspace, "2020-12-30").expect(1);
    let last = night(&workspace, "2020-12-31").expect(1);
    assert!(
        last.stderr.contains("late cities: 370200 370300 370500"),
        "{}",
        last.stderr
    );
    assert_eq!(
        board(&workspace),
        [
            "2020-12-29,370100,true,received,2020-12-29,0,1,1",
            "2020-12-29,370200,true,late,2020-12-30,1,1,1",
            "2020-12-29,370300,true,missing,,,0,0",
            "2020-12-29,370400,true,empty,2020-12-29,0,1,0",
            "2020-12-29,370500,true,refused,,,1,0",
            "2020-12-29,371700,false,received,2020-12-29,,1,1",
        ]
    );
    let line = status_line(&workspace, "enrolments");
    let counts = ["enrolments", "2020-12-29", "1", "1", "1", "1", "1", "0"];
    assert_eq!(line[..8], counts);
    assert_eq!(line[8..], ["370200", "370300", "370500"]);
}

#[test]
fn late_cities_alone_end_a_night_with_1_every_night() {
    let workspace = workspace(CALENDAR);
    for (city, number) in [("3701", 1), ("3702", 2), ("3703", 3), ("3704", 4)] {
        send(&workspace, city, number);
    }
    // The last day of grace: nobody is late yet.
    night(&workspace, "2020-12-29").expect(0);
    night(&workspace, "2020-12-30").expect(0);
    for _ in 0..2 {
        let late = night(&workspace, "2020-12-31").expect(1);
        assert!(
            late.stderr.contains("late cities: 370500"),
            "{}",
            late.stderr
        );
        assert!(late.stderr.contains("loaded 0 objects"), "{}", late.stderr);
    }
    send(&workspace, "3705", 5);
    let late = night(&workspace, "2020-12-31").expect(1);
    assert!(
        late.stderr.contains("late cities: 370500"),
        "what came late is told: {}",
        late.stderr
    );
    assert!(board(&workspace).contains(&"2020-12-29,370500,true,late,2020-12-31,2,1,1".to_owned()));
}

#[test]
fn nothing_is_due_before_the_calendar_starts() {
    let workspace = workspace(&CALENDAR.replace("2020-12-29", "2021-01-01"));
    send(&workspace, "3701", 1);
    night(&workspace, "2020-12-31").expect(0);
    assert_eq!(
        board(&workspace),
        ["2020-12-31,370100,false,received,2020-12-31,,1,1"]
    );
    let status = workspace.run(&["status", "--lang", "en"]).expect(0).stdout;
    assert!(!status.contains("late or missing"), "{status}");
}

/// A replay reads rows of files that came long before; it makes nobody late and nothing arrive twice.
#[test]
fn a_replay_is_no_arrival() {
    let workspace = workspace(&CALENDAR.replace(
        "[\"370100\", \"370200\", \"370300\", \"370400\", \"370500\"]",
        "[\"370100\"]",
    ));
    let lines = [
        enrolment(1, "灵活就业", "2020-08-01"),
        enrolment(2, "employee", "2020-08-01"),
    ];
    workspace.write("raw/enrolments/city=3701/a.csv", &file(ENROLMENTS, &lines));
    night(&workspace, "2020-12-29").expect(1);
    assert_eq!(
        board(&workspace),
        ["2020-12-29,370100,true,received,2020-12-29,0,1,1"]
    );
    night(&workspace, "2020-12-31").expect(0);
    workspace.edit(
        "pipelines/feeds/enrolments.toml",
        "\"其他\", \"其它\"",
        "\"其他\", \"其它\", \"灵活就业\"",
    );
    workspace.run(&["replay"]).expect(0);
    assert_eq!(
        board(&workspace),
        ["2020-12-29,370100,true,received,2020-12-29,0,1,2"]
    );
}

/// A file that waited for its contract to be mended is one file.
#[test]
fn a_refused_file_that_loads_later_is_counted_once() {
    let workspace = workspace(&CALENDAR.replace(
        "[\"370100\", \"370200\", \"370300\", \"370400\", \"370500\"]",
        "[\"370100\"]",
    ));
    let header = ENROLMENTS.replace("class_id", "所在班");
    workspace.write(
        "raw/enrolments/city=3701/a.csv",
        &file(&header, &[enrolment(1, "employee", "2020-08-01")]),
    );
    night(&workspace, "2020-12-29").expect(1);
    assert_eq!(board(&workspace), ["2020-12-29,370100,true,refused,,,1,0"]);
    workspace.edit(
        "pipelines/feeds/enrolments.toml",
        "zh = [\"班级编号\"]",
        "zh = [\"班级编号\", \"所在班\"]",
    );
    let loaded = night(&workspace, "2020-12-30").expect(1);
    assert!(
        loaded.stderr.contains("loaded 1 objects"),
        "{}",
        loaded.stderr
    );
    assert_eq!(
        board(&workspace),
        ["2020-12-29,370100,true,late,2020-12-30,1,1,1"]
    );
}

const HOLDING: &str = "starts_on = 2020-12-29

[release]
not_before_cities = 16

[[expected]]
feed = \"enrolments\"
every = \"day\"
cities = [\"370100\", \"370200\"]
grace_days = 0
holds_release = true
";

/// Everything published but receipts.
fn published(workspace: &Workspace) -> Vec<String> {
    let root = workspace.path("published");
    files(&root)
        .iter()
        .map(|path| {
            path.strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| !name.starts_with("receipts/"))
        .collect()
}

#[test]
fn a_release_waits_for_the_cities_that_hold_it() {
    let workspace = workspace(HOLDING);
    night(&workspace, "2020-12-28").expect(0);
    let release = workspace.release();
    let before = published(&workspace);
    send(&workspace, "3701", 1);
    let held = night(&workspace, "2020-12-29").expect(2);
    for told in [
        "not released, the old release stands",
        "15 cities",
        "16 are needed",
        "370200 enrolments",
    ] {
        assert!(held.stderr.contains(told), "{told}: {}", held.stderr);
    }
    assert_eq!(workspace.release(), release);
    assert_eq!(published(&workspace), before);
    let record = workspace.record();
    assert_eq!(record["exit_code"], 2);
    assert!(
        record["error"].as_str().unwrap().contains("370200"),
        "{record}"
    );
    // What was loaded stays loaded; the night is held again until the file comes.
    assert_eq!(
        workspace.ask("SELECT enrolment_id FROM enrolments"),
        ["E0001"]
    );
    night(&workspace, "2020-12-29").expect(2);
    send(&workspace, "3702", 2);
    let released = night(&workspace, "2020-12-29").expect(0);
    assert!(
        released.stderr.contains("released 2020-12-29-"),
        "{}",
        released.stderr
    );
    assert_ne!(workspace.release(), release);
}

#[test]
fn a_city_is_not_waited_for_without_end() {
    let workspace = workspace(&HOLDING.replace(
        "not_before_cities = 16",
        "not_before_cities = 16\ngive_up_after_days = 1",
    ));
    send(&workspace, "3701", 1);
    night(&workspace, "2020-12-29").expect(2);
    send(&workspace, "3701", 2);
    let released = night(&workspace, "2020-12-30").expect(1);
    assert!(
        released.stderr.contains("late cities: 370200"),
        "{}",
        released.stderr
    );
    assert!(
        released.stderr.contains("released 2020-12-30-"),
        "{}",
        released.stderr
    );
}

/// An operator whose night was held asks `status` which city to call.
#[test]
fn status_of_a_held_night_shows_who_is_missing() {
    let workspace = workspace(HOLDING);
    night(&workspace, "2020-12-28").expect(0);
    send(&workspace, "3701", 1);
    night(&workspace, "2020-12-29").expect(2);
    let line = status_line(&workspace, "enrolments");
    assert_eq!(line[..3], ["enrolments", "2020-12-29", "1"]);
}

#[test]
fn a_mistake_in_the_calendar_is_told_with_its_line() {
    let calendar = CALENDAR
        .replace("every = \"week\"", "every = \"fortnight\"")
        .replace("\"370500\"", "\"379900\"")
        .replace("grace_days = 1", "grace_day = 1\n\n[[expected]]\nfeed = \"enrolment\"\nevery = \"day\"\ncities = [\"all\"]");
    let workspace = workspace(&calendar);
    let found = workspace.run(&["check"]).expect(3).stdout;
    for (line, told) in [
        (5, "\"week\""),
        (7, "379900"),
        (8, "grace_day"),
        (11, "unknown feed `enrolment`"),
    ] {
        let start = format!("pipelines/arrivals.toml:{line}: ");
        let is_told = found
            .lines()
            .any(|text| text.starts_with(&start) && text.contains(told));
        assert!(is_told, "{start}{told}: {found}");
    }
    night(&workspace, "2020-12-31").expect(3);
    assert!(!workspace.path("lake/feeds").exists());
}
