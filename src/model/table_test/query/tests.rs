use std::collections::BTreeMap;

use super::*;
use crate::engine::{Cell, ColumnData, Frame, run_sql};
use crate::model::Severity;

fn texts(values: &[Option<&str>]) -> ColumnData {
    ColumnData::Text(
        values
            .iter()
            .map(|value| value.map(str::to_owned))
            .collect(),
    )
}

fn ints(values: &[Option<i64>]) -> ColumnData {
    ColumnData::Int(values.to_vec())
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Month, city, count and share.
type Row<'a> = (&'a str, Option<&'a str>, Option<i64>, Option<f64>);

fn table(rows: &[Row<'_>]) -> Frame {
    Frame::from_columns(
        "one",
        vec![
            (
                "month",
                texts(&rows.iter().map(|row| Some(row.0)).collect::<Vec<_>>()),
            ),
            (
                "city",
                texts(&rows.iter().map(|row| row.1).collect::<Vec<_>>()),
            ),
            (
                "count",
                ints(&rows.iter().map(|row| row.2).collect::<Vec<_>>()),
            ),
            (
                "share",
                ColumnData::Float(rows.iter().map(|row| row.3).collect()),
            ),
        ],
    )
    .unwrap()
}

fn now() -> Frame {
    table(&[
        ("2020-02", Some("b"), Some(7), Some(1.5)),
        ("2020-01", Some("a"), Some(100), Some(0.5)),
        ("2020-01", None, None, None),
        ("2020-03", Some("c"), Some(7), Some(f64::NAN)),
    ])
}

/// Failing rows as text, one a line.
#[track_caller]
fn failing(rule: TestRule, before: Option<Frame>) -> Vec<String> {
    let test = TableTest {
        name: "x".to_owned(),
        severity: Severity::Warn,
        title: None,
        rule,
        line: 1,
    };
    let query = test.query("one", &strings(&["month", "city"]));
    let cities =
        Frame::from_columns("cities", vec![("code", texts(&[Some("a"), Some("b")]))]).unwrap();
    let mut frames = BTreeMap::from([("one".to_owned(), now()), ("cities".to_owned(), cities)]);
    if let Some(before) = before {
        frames.insert(PREVIOUS.to_owned(), before);
    }
    let rows = run_sql("test", &query.sql, &frames)
        .unwrap_or_else(|error| panic!("{}: {error}", query.sql));
    assert_eq!(rows.names().get(..query.key.len()).unwrap(), query.key);
    let text = |cell: &Cell| match cell {
        Cell::Null => "-".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let lines = rows.cells();
    lines
        .iter()
        .map(|row| row.iter().map(text).collect::<Vec<_>>().join(" "))
        .collect()
}

fn column(name: &str) -> String {
    name.to_owned()
}

#[test]
fn not_null_finds_empty_values() {
    assert_eq!(
        failing(
            TestRule::NotNull {
                column: column("count")
            },
            None
        ),
        ["2020-01 - -"]
    );
    // The column may be one of the grain.
    assert_eq!(
        failing(
            TestRule::NotNull {
                column: column("city")
            },
            None
        ),
        ["2020-01 - -"]
    );
    assert!(
        failing(
            TestRule::NotNull {
                column: column("month")
            },
            None
        )
        .is_empty()
    );
}

#[test]
fn unique_finds_every_row_of_a_repeated_value() {
    let rule = |names: &[&str]| TestRule::Unique {
        columns: strings(names),
    };
    assert_eq!(
        failing(rule(&["count"]), None),
        ["2020-02 b 7 2", "2020-03 c 7 2"]
    );
    assert!(failing(rule(&["count", "city"]), None).is_empty());
    assert_eq!(
        failing(rule(&["month"]), None),
        ["2020-01 a 2020-01 2", "2020-01 - 2020-01 2"]
    );
}

#[test]
fn accepted_values_finds_others_but_not_empty_ones() {
    let rule = |values: &[&str]| TestRule::AcceptedValues {
        column: column("city"),
        values: strings(values),
    };
    assert_eq!(
        failing(rule(&["a", "it's"]), None),
        ["2020-02 b b", "2020-03 c c"]
    );
    assert!(failing(rule(&["a", "b", "c"]), None).is_empty());
}

#[test]
fn relation_finds_values_that_the_other_table_lacks() {
    let rule = |column: &str| TestRule::Relation {
        column: column.to_owned(),
        table: "cities".to_owned(),
        to: "code".to_owned(),
    };
    assert_eq!(failing(rule("city"), None), ["2020-03 c c"]);
    assert_eq!(failing(rule("month"), None).len(), 4);
}

#[test]
fn range_finds_values_outside_and_no_number() {
    let rule = |name: &str, least, most| TestRule::Range {
        column: column(name),
        bounds: Bounds { least, most },
    };
    assert_eq!(
        failing(rule("share", Some(0.0), Some(1.0)), None),
        ["2020-02 b 1.5", "2020-03 c NaN"]
    );
    assert_eq!(
        failing(rule("count", Some(7.5), None), None),
        ["2020-02 b 7", "2020-03 c 7"]
    );
    assert!(failing(rule("count", Some(7.0), Some(100.0)), None).is_empty());
}

#[test]
fn change_compares_groups_that_both_releases_have() {
    let before = || {
        table(&[
            ("2020-01", Some("a"), Some(200), None),
            ("2020-02", Some("b"), Some(5), None),
            ("2019-12", Some("b"), Some(900), None),
        ])
    };
    let rule = |by: &[&str], least, most, ignore_below| TestRule::Change {
        measure: Measure::Sum("count".to_owned()),
        by: strings(by),
        bounds: Bounds { least, most },
        ignore_below,
    };
    let months = &["month"];
    // 100 of 200; 7 of 5; March is new and December is gone.
    assert_eq!(
        failing(rule(months, Some(-0.2), Some(0.3), 1), Some(before())),
        ["2020-01 200 100 -0.5", "2020-02 5 7 0.4"]
    );
    assert_eq!(
        failing(rule(months, Some(-0.2), Some(0.3), 100), Some(before())),
        ["2020-01 200 100 -0.5"]
    );
    assert!(failing(rule(months, Some(-0.5), Some(0.4), 1), Some(before())).is_empty());
    assert_eq!(
        failing(rule(&[], Some(-0.5), None, 1), Some(before())),
        ["1105 114 -0.8968"]
    );
    assert_eq!(
        failing(rule(&["month", "city"], None, Some(0.3), 1), Some(before())),
        ["2020-02 b 5 7 0.4"]
    );
}

#[test]
fn change_counts_rows() {
    let before = || table(&[("2020-01", Some("a"), None, None)]);
    let rule = |by: &[&str], most| TestRule::Change {
        measure: Measure::Rows,
        by: strings(by),
        bounds: Bounds {
            least: None,
            most: Some(most),
        },
        ignore_below: 1,
    };
    assert_eq!(failing(rule(&[], 2.0), Some(before())), ["1 4 3"]);
    assert!(failing(rule(&[], 3.0), Some(before())).is_empty());
    assert_eq!(
        failing(rule(&["month"], 0.5), Some(before())),
        ["2020-01 1 2 1"]
    );
}

#[test]
fn no_rows_before_or_now_are_no_failure() {
    let rule = TestRule::Change {
        measure: Measure::Sum("count".to_owned()),
        by: Vec::new(),
        bounds: Bounds {
            least: Some(0.0),
            most: None,
        },
        ignore_below: 1,
    };
    assert!(failing(rule, Some(table(&[]))).is_empty());
}
