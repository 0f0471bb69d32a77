use super::*;
use crate::model::table_test::Bounds;

fn columns() -> Vec<ModelColumn> {
    use ColumnKind::{Float, Int, Text, TextList};
    let column = |(name, kind): (&str, ColumnKind)| ModelColumn {
        name: name.to_owned(),
        kind,
        unit: String::new(),
        zh: String::new(),
        en: String::new(),
    };
    [
        ("month", Text),
        ("city_code", Text),
        ("completions", Int),
        ("share", Float),
        ("notes", TextList),
    ]
    .map(column)
    .to_vec()
}

fn parse(entry: &str) -> Result<Vec<TableTest>, Vec<Problem>> {
    let header = format!("\ntitle_en = \"one\"\n\n[[tests]]\n{entry}\n");
    parse_tests("sql/one.sql", &header, &columns())
}

#[track_caller]
fn one(entry: &str) -> TableTest {
    let mut tests = parse(entry).unwrap();
    assert_eq!(tests.len(), 1, "{tests:?}");
    tests.remove(0)
}

/// The mistakes of an entry whose first key stands on line 5.
#[track_caller]
fn mistakes(entry: &str) -> Vec<String> {
    let problems = parse(entry).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_test_for_each_column_of_an_entry() {
    let tests =
        parse("kind = \"not_null\"\ncolumns = [\"month\", \"completions\"]\nseverity = \"error\"")
            .unwrap();
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["month.not_null", "completions.not_null"]);
    assert!(
        tests
            .iter()
            .all(|test| test.severity == Severity::Error && test.line == 4)
    );
    let tests = parse(
        "kind = \"range\"\ncolumns = [\"completions\", \"share\"]\nleast = 0\nseverity = \"warn\"",
    )
    .unwrap();
    assert_eq!(tests.len(), 2);
}

#[test]
fn columns_together_are_one_test() {
    let test = one(
        "kind = \"unique\"\ncolumns = [\"month\", \"share\"]\nseverity = \"warn\"\ntitle = \"once\"",
    );
    assert_eq!(
        (test.name.as_str(), test.title().as_str()),
        ("month+share.unique", "once")
    );
}

#[test]
fn every_kind_is_read() {
    let test = one(
        "kind = \"accepted_values\"\ncolumn = \"month\"\nvalues = [\"a\", \"b\"]\nseverity = \"warn\"",
    );
    let values = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(
        test.rule,
        TestRule::AcceptedValues {
            column: "month".to_owned(),
            values
        }
    );
    let test =
        one("kind = \"relation\"\ncolumn = \"city_code\"\ntable = \"cities\"\nseverity = \"warn\"");
    assert_eq!(test.rule.words_en(), "city_code is a city_code of cities");
    let change = "kind = \"change\"\nmeasure = \"sum\"\ncolumn = \"completions\"\nby = [\"month\", \"city_code\"]\n\
                  least = -0.2\nmost = 0.5\nignore_below = 100\nseverity = \"warn\"";
    let test = one(change);
    assert_eq!(test.name, "completions.change_by_month+city_code");
    assert_eq!(
        test.rule,
        TestRule::Change {
            measure: Measure::Sum("completions".to_owned()),
            by: vec!["month".to_owned(), "city_code".to_owned()],
            bounds: Bounds {
                least: Some(-0.2),
                most: Some(0.5)
            },
            ignore_below: 100,
        }
    );
    let test = one("kind = \"change\"\nmeasure = \"rows\"\nleast = -0.1\nseverity = \"error\"");
    assert_eq!(test.name, "rows.change");
}

#[test]
fn a_header_without_tests_has_none() {
    assert!(
        parse_tests("sql/one.sql", "title_en = \"one\"\n", &columns())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let found = mistakes(
        "kind = \"not_null\"\ncolumns = [\"month\", \"year\"]\nseverity = \"bad\"\nvalue = 1",
    );
    assert_eq!(
        found,
        [
            "sql/one.sql:6: test of `year`, which is not among the columns",
            "sql/one.sql:7: `severity` of test 1 must be one of \"error\", \"warn\"",
            "sql/one.sql:8: unknown key `value` in test 1; known here: `kind`, `severity`, `title`, `columns`",
        ]
    );
    let found = mistakes("kind = \"rnage\"");
    assert!(
        found
            .iter()
            .any(|text| text.starts_with("sql/one.sql:5: `kind` of test 1 must be one of")),
        "{found:?}"
    );
}

#[test]
fn what_a_kind_cannot_test_is_a_mistake() {
    for (entry, told) in [
        (
            "kind = \"not_null\"\ncolumns = []\nseverity = \"warn\"",
            "sql/one.sql:6: `columns` of test 1 is empty",
        ),
        (
            "kind = \"not_null\"\nseverity = \"warn\"",
            "sql/one.sql:4: test 1 lacks `columns`",
        ),
        (
            "kind = \"not_null\"\ncolumns = [\"month\", \"month\"]\nseverity = \"warn\"",
            "sql/one.sql:6: `month` stands twice in `columns`",
        ),
        (
            "kind = \"unique\"\ncolumns = [\"notes\"]\nseverity = \"warn\"",
            "sql/one.sql:6: `notes` is a list, which no row can share",
        ),
        (
            "kind = \"accepted_values\"\ncolumn = \"completions\"\nvalues = [\"1\"]\nseverity = \"warn\"",
            "sql/one.sql:6: `accepted_values` are texts",
        ),
        (
            "kind = \"accepted_values\"\ncolumn = \"month\"\nvalues = [1]\nseverity = \"warn\"",
            "sql/one.sql:7: `values` of test 1 must be a list of texts",
        ),
        (
            "kind = \"accepted_values\"\ncolumn = \"month\"\nvalues = [\"a\", \"a\"]\nseverity = \"warn\"",
            "sql/one.sql:7: `a` stands twice in `values`",
        ),
        (
            "kind = \"relation\"\ncolumn = \"city_code\"\nseverity = \"warn\"",
            "sql/one.sql:4: test 1 lacks `table`",
        ),
        (
            "kind = \"range\"\ncolumns = [\"month\"]\nleast = 0\nseverity = \"warn\"",
            "sql/one.sql:6: `month` is no number",
        ),
        (
            "kind = \"range\"\ncolumns = [\"share\"]\nseverity = \"warn\"",
            "sql/one.sql:4: a test of bounds needs `least` or `most`",
        ),
        (
            "kind = \"range\"\ncolumns = [\"share\"]\nleast = 1\nmost = 0\nseverity = \"warn\"",
            "sql/one.sql:8: `most` is below `least`",
        ),
        (
            "kind = \"change\"\nmeasure = \"sum\"\ncolumn = \"share\"\nmost = 1\nseverity = \"warn\"",
            "sql/one.sql:7: `share` is no integer",
        ),
        (
            "kind = \"change\"\nmeasure = \"rows\"\ncolumn = \"share\"\nmost = 1\nseverity = \"warn\"",
            "sql/one.sql:7: unknown key `column`",
        ),
        (
            "kind = \"change\"\nmeasure = \"rows\"\nseverity = \"warn\"",
            "sql/one.sql:4: a test of bounds needs `least` or `most`",
        ),
        (
            "kind = \"change\"\nleast = 1\nseverity = \"warn\"",
            "sql/one.sql:4: test 1 lacks `measure`",
        ),
    ] {
        let found = mistakes(entry);
        assert!(
            found.len() == 1 && found.iter().all(|text| text.starts_with(told)),
            "{entry}: {found:?}"
        );
    }
}

#[test]
fn two_tests_of_one_name_are_a_mistake() {
    let entry = "kind = \"not_null\"\ncolumns = [\"month\"]\nseverity = \"warn\"";
    let found = mistakes(&format!("{entry}\n[[tests]]\n{entry}"));
    assert_eq!(
        found,
        ["sql/one.sql:8: test `month.not_null` stands on line 4 too"]
    );
}
