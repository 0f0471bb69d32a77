use chrono::NaiveDate;

use super::*;

const FEEDS: [&str; 4] = ["attendance", "claims", "person_status", "study_logs"];
const FILE: &str = "pipelines/arrivals.toml";

fn cities() -> Vec<String> {
    let codes = [
        "370100", "370200", "370300", "370400", "370500", "370600", "370700", "370800", "370900",
        "371000", "371100", "371300", "371400", "371500", "371600", "371700",
    ];
    codes.map(str::to_owned).to_vec()
}

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn january(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 1, day).unwrap()
}

fn parse(text: &str) -> Result<Calendar, Vec<String>> {
    Calendar::parse(FILE, text, &FEEDS, &cities()).map_err(|problems| {
        let lines = problems.iter().map(|problem| {
            assert_eq!(problem.file, FILE);
            format!("{}: {}", problem.line.unwrap(), problem.message)
        });
        lines.collect()
    })
}

/// A calendar of 2021 with the lines given as the one entry, for claims of Jinan.
fn claims(lines: &str) -> Calendar {
    parse(&format!(
        "starts_on = 2021-01-01\n[[expected]]\nfeed = \"claims\"\ncities = [\"370100\"]\n{lines}"
    ))
    .unwrap()
}

fn weekly() -> Calendar {
    claims("every = \"week\"\nweekday = \"monday\"\ngrace_days = 2")
}

fn daily() -> Calendar {
    claims("every = \"day\"\ngrace_days = 1")
}

fn arrival(city_code: &str, feed: &str, day: NaiveDate, outcome: ArrivalOutcome) -> Arrival {
    Arrival {
        feed: feed.to_owned(),
        city_code: city_code.to_owned(),
        on: day,
        object: format!("{feed}/city={city_code}/{day}.csv"),
        outcome,
    }
}

fn rows(day: u32, rows: i64) -> Arrival {
    let outcome = ArrivalOutcome::Accepted { rows };
    arrival("370100", "claims", january(day), outcome)
}

fn empty(day: u32) -> Arrival {
    arrival("370100", "claims", january(day), ArrivalOutcome::Empty)
}

fn refused(day: u32) -> Arrival {
    let reason = "a required column is missing".to_owned();
    let outcome = ArrivalOutcome::Refused { reason };
    arrival("370100", "claims", january(day), outcome)
}

/// The board in short: `day status days_late files/rows`.
fn short(calendar: &Calendar, arrivals: &[Arrival], as_of: u32) -> Vec<String> {
    let board = board(calendar, arrivals, january(as_of));
    let line = |row: &BoardRow| {
        let late = row
            .days_late
            .map_or("-".to_owned(), |days| days.to_string());
        let mark = if row.expected { "" } else { " unexpected" };
        let day = row.day.format("%m-%d");
        let status = row.status.code();
        format!("{day} {status} {late} {}/{}{mark}", row.files, row.rows)
    };
    board.iter().map(line).collect()
}

#[test]
fn the_shipped_calendar_reads_and_leaves_the_samples_alone() {
    let text = include_str!("../../pipelines/arrivals.toml");
    let feeds = [
        "assessments",
        "attendance",
        "certificates",
        "claims",
        "classes",
        "courseware",
        "eligibility_certificates",
        "enrolments",
        "feedback",
        "organizations",
        "person_status",
        "study_logs",
    ];
    let calendar = Calendar::parse(FILE, text, &feeds, &cities()).unwrap();
    assert_eq!(calendar.expected().len(), feeds.len());
    assert_eq!(calendar.release(), None);
    let as_of = on("2020-12-31");
    let sample = Arrival {
        on: as_of,
        ..rows(1, 5)
    };
    let board = board(&calendar, &[sample], as_of);
    assert!(board.iter().all(|row| !row.expected) && board.len() == 1);
    assert_eq!(late_cities(&calendar, &board, as_of), [""; 0]);
    assert_eq!(hold(&calendar, &board, as_of), None);

    // The rule that is shipped as a comment is one that may be switched on.
    let rule = "# [release]\n# not_before_cities = 14\n# give_up_after_days = 2\n";
    assert!(text.contains(rule));
    let held = text.replace(rule, &rule.replace("# ", ""));
    let calendar = Calendar::parse(FILE, &held, &feeds, &cities()).unwrap();
    let expected = ReleaseRule {
        not_before_cities: 14,
        give_up_after_days: Some(2),
    };
    assert_eq!(calendar.release(), Some(expected));
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = r#"
starts_on = 2021-01-01
frequency = "day"

[release]
not_before_cities = 17
give_up_after_days = 0
wait = true

[[expected]]
feed = "study_log"
every = "day"
weekday = "monday"
cities = ["all", "370100"]

[[expected]]
feed = "claims"
every = "week"
day = 3
cities = ["371200", "370200", "370200"]
grace_days = -1

[[expected]]
feed = "claims"
every = "month"
day = 32
cities = ["370100", "370200"]
holds_release = "yes"
starts_on = 2020-12-31

[[expected]]
every = "hour"
cities = []
grace_days = 1.5
"#;
    let cities = cities().join("`, `");
    let expected = [
        "3: unknown key `frequency` in the calendar; known here: `starts_on`, `release`, `expected`",
        "6: `not_before_cities` of `[release]` must be a whole number from 1 to 16",
        "7: `give_up_after_days` of `[release]` must be a whole number from 1 to 366",
        "8: unknown key `wait` in `[release]`; known here: `not_before_cities`, `give_up_after_days`",
        "11: unknown feed `study_log`; known are `attendance`, `claims`, `person_status`, `study_logs`",
        "13: `weekday` goes with every = \"week\" only",
        "14: \"all\" stands alone or not at all",
        "16: the expectation of `claims` lacks `weekday`",
        "19: `day` goes with every = \"month\" only",
        &format!("20: unknown city `371200`; known are `{cities}` and \"all\""),
        "20: `370200` stands twice in `cities`",
        "21: `grace_days` of the expectation of `claims` must be a whole number from 0 to 366",
        "24: `claims` is expected from `370200` already by the entry on line 17",
        "26: `day` of the expectation of `claims` must be a whole number from 1 to 31",
        "28: `holds_release` of the expectation of `claims` must be true or false",
        "29: `starts_on` lies before the calendar's own, 2021-01-01",
        "31: entry 4 of `expected` lacks `feed`",
        "32: `every` of entry 4 of `expected` must be one of \"day\", \"week\", \"month\"",
        "33: `cities` of entry 4 of `expected` must be a list of texts, with one at least",
        "34: `grace_days` of entry 4 of `expected` must be a whole number from 0 to 366",
    ];
    assert_eq!(parse(text).unwrap_err(), expected);
}

#[test]
fn mistakes_of_the_whole_file() {
    assert_eq!(
        parse("").unwrap_err(),
        ["1: the calendar lacks `starts_on`"]
    );
    assert_eq!(
        parse("starts_on = 2021-01-01T00:00:00").unwrap_err(),
        ["1: `starts_on` of the calendar must be a day such as 2021-01-31"]
    );
    assert!(parse("starts_on = \"2021-01-01\"").is_ok());
    let broken = parse("starts_on = 2021-01-01\n[[expected]\nfeed = \"claims\"").unwrap_err();
    assert!(broken[0].starts_with("2: is no TOML"), "{broken:?}");
    let twice = parse("starts_on = 2021-01-01\nstarts_on = 2021-01-02").unwrap_err();
    assert!(twice[0].starts_with("2: is no TOML"), "{twice:?}");
    assert!(parse("starts_on = 2021-01-01\nexpected = 1").is_err());
    assert!(parse("starts_on = 2021-01-01\nexpected = [1]").is_err());
    assert!(parse("starts_on = 2021-01-01\nrelease = 1").is_err());
}

#[test]
fn a_hold_without_effect_is_a_mistake() {
    let entry = "[[expected]]\nfeed = \"claims\"\nevery = \"day\"\ncities = [\"all\"]\n";
    let idle = format!("starts_on = 2021-01-01\n[release]\nnot_before_cities = 14\n{entry}");
    let message = "3: `not_before_cities` holds nothing back: no entry has holds_release = true";
    assert_eq!(parse(&idle).unwrap_err(), [message]);
    assert!(parse(&format!("{idle}holds_release = true")).is_ok());
    let lone = "starts_on = 2021-01-01\n[release]\ngive_up_after_days = 2";
    assert_eq!(
        parse(lone).unwrap_err(),
        ["2: `[release]` lacks `not_before_cities`"]
    );
    assert_eq!(
        parse("starts_on = 2021-01-01\n[release]")
            .unwrap()
            .release(),
        None
    );
}

#[test]
fn due_days() {
    let monday = Rhythm::Weekly(chrono::Weekday::Mon);
    assert!(monday.is_due(on("2021-01-04")));
    assert!(!monday.is_due(on("2021-01-05")));
    assert!(Rhythm::Monthly(5).is_due(on("2021-02-05")));
    assert!(!Rhythm::Monthly(5).is_due(on("2021-02-28")));
    assert!(Rhythm::Monthly(31).is_due(on("2021-02-28")));
    assert!(!Rhythm::Monthly(29).is_due(on("2024-02-28")));
    assert!(Rhythm::Monthly(29).is_due(on("2024-02-29")));
    assert!(!Rhythm::Monthly(30).is_due(on("2021-01-31")));
}

#[test]
fn weekly_windows() {
    let calendar = weekly();
    // Mondays: 4, 11, 18 January; grace to the Wednesday after.
    let cases: [(&[Arrival], u32, &[&str]); 12] = [
        (&[], 3, &[]),
        (&[], 4, &["01-04 pending - 0/0"]),
        (&[], 6, &["01-04 pending - 0/0"]),
        (&[], 7, &["01-04 missing - 0/0"]),
        (&[rows(4, 9)], 4, &["01-04 received 0 1/9"]),
        (&[rows(5, 9)], 6, &["01-04 late 1 1/9"]),
        (&[rows(6, 9)], 6, &["01-04 late 2 1/9"]),
        // After grace: late for the day before, if that lacks a file …
        (&[rows(7, 9)], 7, &["01-04 late 3 1/9"]),
        (&[rows(10, 9)], 10, &["01-04 late 6 1/9"]),
        // … but on the next due day it serves that one.
        (
            &[rows(11, 9)],
            11,
            &["01-04 missing - 0/0", "01-11 received 0 1/9"],
        ),
        // Within grace and served: one file more. After grace and served: early for the next due day.
        (&[rows(4, 9), rows(6, 1)], 7, &["01-04 received 0 2/10"]),
        (
            &[rows(4, 9), rows(7, 1)],
            7,
            &["01-04 received 0 1/9", "01-11 received 0 1/1"],
        ),
    ];
    for (arrivals, as_of, expected) in cases {
        assert_eq!(short(&calendar, arrivals, as_of), expected, "{arrivals:?}");
    }
}

#[test]
fn one_day_left_out_stays_one_gap() {
    let calendar = daily();
    let arrivals = [rows(1, 1), rows(3, 1), rows(4, 1)];
    assert_eq!(
        short(&calendar, &arrivals, 4),
        [
            "01-01 received 0 1/1",
            "01-02 missing - 0/0",
            "01-03 received 0 1/1",
            "01-04 received 0 1/1"
        ]
    );
    // Two files on one day: the second makes up for the day before, within grace.
    let mended = [rows(1, 1), rows(3, 1), rows(3, 2), rows(4, 1)];
    assert_eq!(short(&calendar, &mended, 4)[1], "01-02 late 1 1/1");
    let too_late = [rows(1, 1), rows(3, 1), rows(4, 1), rows(4, 2)];
    assert_eq!(short(&calendar, &too_late, 4)[1], "01-02 missing - 0/0");
    assert_eq!(short(&calendar, &too_late, 4)[3], "01-04 received 0 2/3");
}

#[test]
fn pending_ends_with_grace() {
    let statuses = |as_of| short(&daily(), &[], as_of);
    assert_eq!(statuses(1), ["01-01 pending - 0/0"]);
    assert_eq!(statuses(2), ["01-01 pending - 0/0", "01-02 pending - 0/0"]);
    assert_eq!(statuses(3)[0], "01-01 missing - 0/0");
}

#[test]
fn empty_and_refused_files() {
    let calendar = weekly();
    let cases: [(&[Arrival], &[&str]); 6] = [
        (&[empty(4)], &["01-04 empty 0 1/0"]),
        (&[empty(6)], &["01-04 empty 2 1/0"]),
        // Every row quarantined is not the same as no row.
        (&[rows(4, 0)], &["01-04 received 0 1/0"]),
        (&[refused(4)], &["01-04 refused - 1/0"]),
        // The corrected file is what counts.
        (&[refused(4), rows(5, 7)], &["01-04 late 1 2/7"]),
        (&[rows(4, 7), refused(5)], &["01-04 received 0 2/7"]),
    ];
    for (arrivals, expected) in cases {
        assert_eq!(short(&calendar, arrivals, 7), expected, "{arrivals:?}");
    }
}

#[test]
fn a_file_refused_and_mended_on_one_day_counts_with_that_day() {
    let board = short(&daily(), &[rows(2, 3), refused(2)], 2);
    assert_eq!(board, ["01-01 pending - 0/0", "01-02 received 0 2/3"]);
}

#[test]
fn what_is_not_expected_is_shown_as_such() {
    let before = Arrival {
        on: on("2020-12-31"),
        ..rows(1, 4)
    };
    let twice = [
        before.clone(),
        Arrival {
            outcome: ArrivalOutcome::Empty,
            ..before
        },
    ];
    assert_eq!(
        short(&weekly(), &twice, 3),
        ["12-31 received - 2/4 unexpected"]
    );
    let other_city = arrival("370200", "claims", january(4), ArrivalOutcome::Empty);
    let other_feed = refused(4);
    let other_feed = Arrival {
        feed: "findings".to_owned(),
        ..other_feed
    };
    assert_eq!(
        short(&weekly(), &[other_city, other_feed], 4),
        [
            "01-04 pending - 0/0",
            "01-04 refused - 1/0 unexpected",
            "01-04 empty - 1/0 unexpected"
        ]
    );
}

#[test]
fn an_entry_may_start_later() {
    let calendar = claims("every = \"day\"\nstarts_on = 2021-01-03");
    assert_eq!(short(&calendar, &[], 2), [""; 0]);
    assert_eq!(short(&calendar, &[], 3), ["01-03 pending - 0/0"]);
    assert_eq!(
        short(&calendar, &[rows(2, 1)], 3),
        ["01-02 received - 1/1 unexpected", "01-03 pending - 0/0"]
    );
}

#[test]
fn rows_stand_in_the_order_of_day_city_and_feed() {
    let text = r#"
starts_on = 2021-01-01
[[expected]]
feed = "study_logs"
every = "day"
cities = ["370200", "370100"]
[[expected]]
feed = "attendance"
every = "day"
cities = ["370100"]
"#;
    let calendar = parse(text).unwrap();
    let stranger = arrival("379999", "claims", january(1), ArrivalOutcome::Empty);
    let board = board(&calendar, &[stranger], january(2));
    let keys: Vec<String> = board
        .iter()
        .map(|row| format!("{} {} {}", row.day.format("%d"), row.city_code, row.feed))
        .collect();
    assert_eq!(
        keys,
        [
            "01 370100 attendance",
            "01 370100 study_logs",
            "01 370200 study_logs",
            "01 379999 claims",
            "02 370100 attendance",
            "02 370100 study_logs",
            "02 370200 study_logs",
        ]
    );
}

fn late(calendar: &Calendar, arrivals: &[Arrival], as_of: u32) -> bool {
    let board = board(calendar, arrivals, january(as_of));
    let cities = late_cities(calendar, &board, january(as_of));
    assert!(cities.is_empty() || cities == ["370100"]);
    !cities.is_empty()
}

#[test]
fn late_cities_of_a_weekly_feed() {
    let calendar = weekly();
    assert!(!late(&calendar, &[], 4));
    assert!(!late(&calendar, &[], 6), "within grace");
    assert!(late(&calendar, &[], 7), "grace is over");
    assert!(!late(&calendar, &[rows(4, 1)], 7));
    assert!(late(&calendar, &[rows(5, 1)], 5), "late, within grace");
    assert!(
        late(&calendar, &[rows(5, 1)], 11),
        "until the next due day is served"
    );
    assert!(!late(&calendar, &[rows(5, 1), rows(11, 1)], 11));
    assert!(!late(&calendar, &[empty(4)], 7));
    assert!(
        !late(&calendar, &[refused(4)], 6),
        "there is time to mend it"
    );
    assert!(late(&calendar, &[refused(4)], 7));
}

#[test]
fn a_missing_day_of_a_daily_feed_is_told_once() {
    let calendar = daily();
    let arrivals = [rows(1, 1), rows(3, 1), rows(4, 1), rows(5, 1)];
    let nights: Vec<bool> = (1..=5).map(|day| late(&calendar, &arrivals, day)).collect();
    assert_eq!(nights, [false, false, false, true, false]);
}

fn held(rule: &str) -> Calendar {
    let text = format!(
        r#"
starts_on = 2021-01-01
[release]
not_before_cities = 15
{rule}
[[expected]]
feed = "claims"
every = "day"
cities = ["all"]
holds_release = true
[[expected]]
feed = "attendance"
every = "week"
weekday = "friday"   # 1, 8, 15 January 2021
cities = ["370200"]
holds_release = true
[[expected]]
feed = "study_logs"
every = "day"
cities = ["all"]
"#
    );
    parse(&text).unwrap()
}

/// Claims of every city but those given, on the days given.
fn all_but(without: &[&str], days: std::ops::RangeInclusive<u32>) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for city in cities() {
        for day in days.clone() {
            if !without.contains(&city.as_str()) {
                let outcome = ArrivalOutcome::Accepted { rows: 1 };
                arrivals.push(arrival(&city, "claims", january(day), outcome));
            }
        }
    }
    arrivals
}

fn hold_on(calendar: &Calendar, arrivals: &[Arrival], as_of: u32) -> Option<Hold> {
    let board = board(calendar, arrivals, january(as_of));
    hold(calendar, &board, january(as_of))
}

#[test]
fn a_release_waits_for_the_cities_needed() {
    let calendar = held("");
    let attendance = |outcome| arrival("370200", "attendance", january(1), outcome);
    // All claims, but one city's attendance is outstanding: 15 of 16 suffice.
    assert_eq!(hold_on(&calendar, &all_but(&[], 1..=1), 1), None);
    let mut arrivals = all_but(&["370300"], 1..=1);
    let expected = Hold {
        arrived: 14,
        needed: 15,
        missing: vec![
            ("370200".to_owned(), "attendance".to_owned()),
            ("370300".to_owned(), "claims".to_owned()),
        ],
    };
    assert_eq!(hold_on(&calendar, &arrivals, 1), Some(expected.clone()));
    // A refused file has not arrived, an empty one has.
    let reason = "not a table".to_owned();
    arrivals.push(attendance(ArrivalOutcome::Refused { reason }));
    assert_eq!(hold_on(&calendar, &arrivals, 1), Some(expected));
    arrivals.push(attendance(ArrivalOutcome::Empty));
    assert_eq!(hold_on(&calendar, &arrivals, 1), None);
    // Nothing is due before the calendar starts.
    let before = on("2020-12-31");
    assert_eq!(
        hold(&calendar, &board(&calendar, &[], before), before),
        None
    );
}

#[test]
fn a_late_file_ends_the_wait() {
    let calendar = claims("every = \"week\"\nweekday = \"monday\"\nholds_release = true");
    let calendar = Calendar {
        release: Some(ReleaseRule {
            not_before_cities: 16,
            give_up_after_days: None,
        }),
        ..calendar
    };
    assert!(hold_on(&calendar, &[], 3).is_none());
    assert!(hold_on(&calendar, &[], 4).is_some());
    assert!(hold_on(&calendar, &[], 10).is_some());
    assert!(hold_on(&calendar, &[rows(9, 1)], 10).is_none());
    assert!(hold_on(&calendar, &[rows(9, 1)], 11).is_some());
}

#[test]
fn silent_cities_are_given_up() {
    let calendar = held("give_up_after_days = 2");
    let silent = ["370300", "370400"];
    let mut arrivals = all_but(&silent, 1..=4);
    let outcome = ArrivalOutcome::Accepted { rows: 1 };
    arrivals.push(arrival("370200", "attendance", january(1), outcome.clone()));
    assert!(hold_on(&calendar, &arrivals, 1).is_some());
    assert!(hold_on(&calendar, &arrivals, 2).is_some(), "one day late");
    assert_eq!(hold_on(&calendar, &arrivals, 3), None, "two days late");
    // Given up for good: a silent city holds up no later night.
    assert_eq!(hold_on(&calendar, &arrivals, 4), None);
    // Once it has sent again it is waited for again: both cities are late by one day, two are one too many.
    for city in silent {
        arrivals.push(arrival(city, "claims", january(3), outcome.clone()));
    }
    assert!(hold_on(&calendar, &arrivals, 4).is_some());
    // Without the rule the wait has no end.
    let endless = held("");
    assert!(hold_on(&endless, &all_but(&silent, 1..=20), 20).is_some());
}

#[test]
fn summary_counts_the_newest_due_day() {
    let text = r#"
starts_on = 2021-01-01
[[expected]]
feed = "claims"
every = "week"
weekday = "monday"
cities = ["370100", "370200", "370300", "370400", "370500", "370600"]
grace_days = 2
[[expected]]
feed = "person_status"
every = "month"
day = 31
cities = ["all"]
"#;
    let calendar = parse(text).unwrap();
    let accepted = ArrivalOutcome::Accepted { rows: 1 };
    let reason = "not a table".to_owned();
    let arrivals = [
        arrival("370200", "claims", january(6), accepted.clone()),
        arrival("370100", "claims", january(4), accepted.clone()),
        arrival("370300", "claims", january(4), ArrivalOutcome::Empty),
        arrival(
            "370400",
            "claims",
            january(4),
            ArrivalOutcome::Refused { reason },
        ),
        arrival("370600", "claims", january(8), accepted),
    ];
    let summary = |as_of| {
        let board = board(&calendar, &arrivals, january(as_of));
        summary(&calendar, &board, january(as_of))
    };
    assert_eq!(summary(3), []);
    let expected = FeedSummary {
        feed: "claims".to_owned(),
        due_on: january(4),
        counts: StatusCounts {
            received: 1,
            late: 2,
            empty: 1,
            refused: 1,
            missing: 1,
            pending: 0,
        },
        late: vec!["370200".to_owned(), "370600".to_owned()],
        missing: vec!["370400".to_owned(), "370500".to_owned()],
    };
    assert_eq!(summary(9), [expected]);
    let fresh = summary(11).remove(0);
    assert_eq!(fresh.due_on, january(11));
    assert_eq!(fresh.counts.pending, 6);
    assert_eq!(fresh.missing, ["370400", "370500"]);
}
