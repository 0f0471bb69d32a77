//! Whole tables through the control: what is hidden for which reason, what follows, what earlier releases fix.

use std::collections::BTreeMap;

use super::super::tables::*;
use super::super::{Options, Rules};
use super::table_support::*;

/// Four cities, each with `numbers` completions by different persons in the given months, all of one category.
fn even(numbers: &[[usize; 4]]) -> Tables {
    let mut events = Events::new();
    let mut person = 0;
    for (at, cities) in numbers.iter().enumerate() {
        for (place, number) in cities.iter().enumerate() {
            for _ in 0..*number {
                events.push((at, place, 0, person));
                person += 1;
            }
        }
    }
    province(&events, numbers.len(), 4, 1)
}

#[test]
fn the_projects_description_is_sound() {
    let description = description();
    assert_eq!(
        description
            .tables
            .iter()
            .filter(|table| !table.side)
            .count(),
        11
    );
}

#[test]
fn mistakes_in_a_description_are_told() {
    let table = "[[table]]\nname = 't'\ngrain = ['month']\n";
    let cases = [
        ("[[table]]\nname = 1", "line 2"),
        (
            "[[table]]\nname = 't'\ngrain = []\nx = 1",
            "unknown field `x`",
        ),
        (&format!("{table}{table}"), "described twice"),
        (
            &format!("{table}column = [{{ name = 'a', role = 'amount' }}]"),
            "needs `contributors`",
        ),
        (
            &format!("{table}column = [{{ name = 'a', role = 'derived', from = ['b'] }}]"),
            "`t.b` is not described",
        ),
        (
            &format!("{table}[[ladder]]\ntable = 'u'\nmonthly = 'a'\nto_date = 'b'"),
            "table `u` is not described",
        ),
        (
            &format!(
                "{table}column = [{{ name = 'a', role = 'count' }}]\n[[relation]]\nwhat = 'w'\nkind = 'equal'\ncolumns = ['a']\nleft = {{ table = 't' }}\nright = {{ table = 't' }}\nby = ['city']"
            ),
            "relation `w`: `t` has no `city` in its grain",
        ),
    ];
    for (text, expected) in cases {
        let message = Description::parse(text).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn large_figures_are_all_shown() {
    let tables = even(&[[20, 30, 40, 50], [21, 31, 41, 51]]);
    let outcome = controlled(&tables, &[]);
    assert_eq!(hidden(&tables, &outcome), Vec::<String>::new());
    assert!(outcome.report.is_optimal);
    assert_eq!(outcome.report.total(None).weight_lost, 0);
}

#[test]
fn all_zero_tables_are_all_shown() {
    let tables = even(&[[0, 0, 0, 0], [0, 0, 0, 0]]);
    assert_eq!(
        hidden(&tables, &controlled(&tables, &[])),
        Vec::<String>::new()
    );
}

#[test]
fn where_everything_is_small_only_zeros_are_shown() {
    let tables = even(&[[1, 0, 2, 1]]);
    let outcome = controlled(&tables, &[]);
    let shown = published(&tables, &outcome);
    for data in shown.values() {
        for (name, column) in &data.columns {
            if let Column::Int(values) = column {
                assert!(values.iter().flatten().all(|value| *value == 0), "{name}");
            }
        }
    }
}

#[test]
fn derived_figures_go_with_what_they_are_computed_from() {
    let mut tables = even(&[[20, 30, 40, 50], [3, 31, 41, 51], [22, 32, 42, 52]]);
    let data = tables.get_mut("city_progress_monthly").unwrap();
    let rows = data.rows();
    for name in ["target_pct", "completions_yoy", "completions_mom"] {
        data.columns
            .insert(name.to_owned(), Column::Float(vec![Some(0.5); rows]));
    }
    let outcome = controlled(&tables, &[]);
    let all = hidden(&tables, &outcome);
    let city = city(0);
    for expected in [
        format!("city_progress_monthly.completions 2020-02 {city}"),
        format!("city_progress_monthly.completions_mom 2020-02 {city}"),
        // The next month's change would tell the base.
        format!("city_progress_monthly.completions_mom 2020-03 {city}"),
    ] {
        assert!(all.contains(&expected), "{expected} not in {all:#?}");
    }
    let progress = &outcome.tables["city_progress_monthly"];
    for (row, reason) in &progress.hidden["target_pct"] {
        assert_eq!(*reason, Reason::Derived);
        assert!(progress.is_hidden("completions_ytd", *row));
    }
    assert!(outcome.report.columns["city_progress_monthly"]["completions_mom"].derived >= 2);
}

fn fund(rows: &[(&str, i64, i64, [i64; 3])]) -> Tables {
    let key = |code: &str| {
        ["2020-01", code, "employment", "full"]
            .map(str::to_owned)
            .to_vec()
    };
    let figures: Vec<(Vec<String>, Vec<i64>)> = rows
        .iter()
        .map(|(code, claims, paid, _)| {
            (
                key(code),
                vec![*claims, *claims, *paid, *claims, 0, paid / claims],
            )
        })
        .collect();
    let payees: Vec<(Vec<String>, Vec<i64>)> = rows
        .iter()
        .map(|(code, _, _, [number, largest, second])| {
            (key(code), vec![*number, *largest, *second, 0, 0, 0])
        })
        .collect();
    let grain = ["month", "city_code", "fund", "kind"];
    let columns = [
        "claims_submitted",
        "claims_paid",
        "paid_fen",
        "persons_paid",
        "refunded_fen",
        "mean_paid_fen",
    ];
    let side = [
        "paid_payees",
        "paid_largest_fen",
        "paid_second_fen",
        "refunded_payees",
        "refunded_largest_fen",
        "refunded_second_fen",
    ];
    BTreeMap::from([
        (
            "city_fund_monthly".to_owned(),
            table(&grain, &columns, &figures),
        ),
        ("city_fund_payees".to_owned(), table(&grain, &side, &payees)),
    ])
}

#[test]
fn money_of_a_dominant_payee_is_hidden() {
    let tables = fund(&[
        (PROVINCE, 90, 4_000_000, [60, 900_000, 100_000]),
        ("370100", 30, 1_000_000, [20, 850_000, 10_000]),
        ("370200", 30, 2_000_000, [20, 200_000, 100_000]),
        ("370300", 30, 1_000_000, [20, 50_000, 50_000]),
    ]);
    let outcome = controlled(&tables, &[]);
    let all = hidden(&tables, &outcome);
    let place = |column: &str, code: &str| {
        format!("city_fund_monthly.{column} 2020-01 {code} employment full")
    };
    // 85 % is enough; its complement is the smaller of the others; the mean would tell the sum.
    let expected = [
        place("mean_paid_fen", "370100"),
        place("mean_paid_fen", "370300"),
        place("paid_fen", "370100"),
        place("paid_fen", "370300"),
    ];
    assert_eq!(all, expected);
    let narrowest = outcome.report.attack.narrowest.unwrap();
    assert_eq!(narrowest.value, 1_000_000);
    assert!(
        narrowest.proved.low <= 900_000
            && narrowest.proved.high.is_none_or(|high| high >= 1_100_000)
    );
}

#[test]
fn nobody_guesses_who_is_behind_the_money() {
    let mut tables = fund(&[(PROVINCE, 90, 4_000_000, [60, 900_000, 100_000])]);
    tables.remove("city_fund_payees");
    let error = control(
        &description(),
        &Rules::default(),
        &tables,
        &[],
        &Options::default(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "nothing tells who contributes to city_fund_monthly|paid_fen|2020-01|370000|employment|full"
    );
}

const ASSESSMENT: [&str; 4] = ["assessed", "passed", "completions", "certified_completions"];

fn assessment(rows: &[(&str, i64, i64)]) -> Tables {
    let rows: Vec<(Vec<String>, Vec<i64>)> = rows
        .iter()
        .map(|(code, assessed, passed)| {
            (
                vec!["2020-01".to_owned(), (*code).to_owned()],
                vec![*assessed, *passed, 0, 0],
            )
        })
        .collect();
    let mut data = table(&["month", "city_code"], &ASSESSMENT, &rows);
    let empty = vec![None; rows.len()];
    data = with_fractions(data, "certified_rate", empty.clone());
    data = with_fractions(
        data,
        "pass_rate",
        rows.iter()
            .map(|(_, values)| Some(values[1] as f64 / values[0] as f64))
            .collect(),
    );
    BTreeMap::from([("city_assessment_monthly".to_owned(), data)])
}

/// Two of forty failed: passed cannot be shown beside assessed.
#[test]
fn few_who_failed_are_protected() {
    let tables = assessment(&[
        (PROVINCE, 100, 70),
        ("370100", 40, 38),
        ("370200", 30, 20),
        ("370300", 30, 12),
    ]);
    let outcome = controlled(&tables, &[]);
    let all = hidden(&tables, &outcome);
    assert!(
        all.iter().any(|name| name.ends_with("2020-01 370100")),
        "{all:?}"
    );
    assert_eq!(outcome.report.attack.sensitive, 1);
}

/// None of three passed: the zero is hidden, since it tells that each of them failed.
#[test]
fn a_zero_that_tells_of_few_persons_is_hidden() {
    let tables = assessment(&[
        (PROVINCE, 103, 50),
        ("370100", 3, 0),
        ("370200", 60, 30),
        ("370300", 40, 20),
    ]);
    let outcome = controlled(&tables, &[]);
    let data = &outcome.tables["city_assessment_monthly"];
    assert!(
        data.is_hidden("passed", 1)
            && data.is_hidden("assessed", 1)
            && data.is_hidden("pass_rate", 1)
    );
    assert_eq!(data.hidden_columns(1), ["assessed", "pass_rate", "passed"]);
}

/// A fraction of few is hidden with them, and with what protects them.
#[test]
fn a_share_of_few_is_hidden() {
    let mut tables = even(&[[50, 60, 40, 50]]);
    let rows = [
        (city(0), 2, 50),
        (city(1), 30, 60),
        (city(2), 20, 40),
        (city(3), 25, 50),
        (PROVINCE.to_owned(), 77, 200),
    ];
    let keys: Vec<(Vec<String>, Vec<i64>)> = rows
        .iter()
        .map(|(code, part, whole)| {
            (
                vec!["2020-01".to_owned(), code.clone()],
                vec![0, 0, *whole, *part],
            )
        })
        .collect();
    let data = table(&["month", "city_code"], &ASSESSMENT, &keys);
    let rates = rows
        .iter()
        .map(|(_, part, whole)| Some(*part as f64 / *whole as f64));
    let data = with_fractions(data, "certified_rate", rates.collect());
    let data = with_fractions(data, "pass_rate", vec![None; rows.len()]);
    tables.insert("city_assessment_monthly".to_owned(), data);
    let outcome = controlled(&tables, &[]);
    let hidden = &outcome.tables["city_assessment_monthly"].hidden;
    assert_eq!(hidden["certified_completions"][&0], Reason::Primary);
    assert_eq!(hidden["certified_rate"][&0], Reason::Derived);
    assert_eq!(hidden["certified_rate"].len(), 2, "{hidden:?}");
}

/// What an earlier release showed stays known: the pattern of the next release keeps to what was hidden then.
#[test]
fn an_earlier_release_fixes_the_pattern() {
    let first = even(&[[20, 30, 40, 50], [3, 31, 41, 51]]);
    let before = controlled(&first, &[]);
    let shown = published(&first, &before);
    let second = even(&[[20, 30, 40, 50], [3, 31, 41, 51], [22, 32, 42, 52]]);
    let after = controlled(&second, std::slice::from_ref(&shown));
    let old: Vec<String> = hidden(&first, &before);
    let new: Vec<String> = hidden(&second, &after)
        .into_iter()
        .filter(|name| !name.contains("2020-03"))
        .collect();
    assert!(
        new.iter().all(|name| old.contains(name)),
        "{new:#?} beside {old:#?}"
    );
    assert_eq!(after.report.attack.already_public, 0);
}

/// A small figure that was published before cannot be hidden; that is told, not done in silence.
#[test]
fn a_small_figure_published_before_is_reported() {
    let tables = even(&[[20, 30, 40, 50], [3, 31, 41, 51]]);
    let outcome = controlled(&tables, std::slice::from_ref(&tables));
    assert_eq!(hidden(&tables, &outcome), Vec::<String>::new());
    assert_eq!(
        outcome.report.columns["city_progress_monthly"]["completions"].already_public,
        1
    );
    assert!(outcome.report.attack.already_public >= 4);
}

/// A revised figure is another figure: the one of before gives nothing away of it.
#[test]
fn a_revised_figure_can_still_be_hidden() {
    let before = even(&[[20, 30, 40, 50], [6, 31, 41, 51]]);
    let now = even(&[[20, 30, 40, 50], [3, 31, 41, 51]]);
    let outcome = controlled(&now, std::slice::from_ref(&before));
    let name = format!("city_progress_monthly.completions 2020-02 {}", city(0));
    assert!(hidden(&now, &outcome).contains(&name));
}

#[test]
fn a_contradiction_stops_the_release() {
    let mut tables = even(&[[20, 30, 40, 50]]);
    if let Some(Column::Int(values)) = tables
        .get_mut("city_progress_monthly")
        .unwrap()
        .columns
        .get_mut("completions_ytd")
    {
        values[0] = Some(19);
    }
    let outcome = control(
        &description(),
        &Rules::default(),
        &tables,
        &[],
        &Options::default(),
    )
    .unwrap();
    assert!(!outcome.report.passes());
    let broken: Vec<&RelationUse> = outcome
        .report
        .relations
        .iter()
        .filter(|relation| relation.contradicted > 0 && !relation.assumed)
        .collect();
    assert!(
        broken[0]
            .example
            .as_deref()
            .unwrap()
            .contains("completions_ytd|2020-01|370100 (19)"),
        "{broken:?}"
    );
}

#[test]
fn two_rows_with_one_key_are_refused() {
    let mut tables = even(&[[20, 30, 40, 50]]);
    if let Some(Column::Text(values)) = tables
        .get_mut("city_progress_monthly")
        .unwrap()
        .columns
        .get_mut("city_code")
    {
        values[1] = values[0].clone();
    }
    let error = control(
        &description(),
        &Rules::default(),
        &tables,
        &[],
        &Options::default(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "table `city_progress_monthly` has two rows 2020-01|370100"
    );
}

/// Rows in another order, the same figures hidden.
#[test]
fn the_order_of_rows_does_not_matter() {
    let forwards = even(&[[20, 3, 40, 5], [3, 31, 2, 51], [7, 4, 9, 12]]);
    let mut backwards = forwards.clone();
    for data in backwards.values_mut() {
        for column in data.columns.values_mut() {
            match column {
                Column::Text(values) => values.reverse(),
                Column::Int(values) => values.reverse(),
                Column::Float(values) => values.reverse(),
            }
        }
    }
    let one = controlled(&forwards, &[]);
    let other = controlled(&backwards, &[]);
    assert_eq!(hidden(&forwards, &one), hidden(&backwards, &other));
    assert_eq!(one.report.total(None), other.report.total(None));
}
