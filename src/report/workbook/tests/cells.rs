//! What stands in the cells of a sheet.

use calamine::Data;
use chrono::NaiveDate;

use super::support::{Book, book, book_within, column, progress, release, table, text};
use crate::report::workbook::{Cell, Kind, Rounding};

const SHEET: &str = r#"
[[sheet]]
table = "progress"
name = "进度"
title = "{year}年进度表"
subtitle = "（{period}）"
period = "month"
take = "latest"
total_rows = { column = "city_code", values = ["370000"] }
freeze = 1
notes = ["说明一"]
columns = [
  { name = "city_name", heading = "地区", indent = true },
  { name = "completions", heading = "培训人次", group = "本月" },
  { name = "persons", heading = "培训人数", group = "本月" },
  { name = "paid_fen", heading = "发放金额", format = "wan_yuan" },
  { name = "target_pct", heading = "完成率" },
]
"#;

#[test]
fn a_sheet_has_title_period_units_headings_rows_notes_and_sources() {
    let mut book = book(SHEET, &release(vec![progress()]));
    assert_eq!(book.sheets(), ["目录", "进度"]);
    assert!(book.problems.is_empty());
    let expected = "\
2020年进度表||||
（2020年12月）||||
表1　数据截至：2020年12月31日|计量单位：人次、人、万元、%|||
地区|本月||发放金额\n（万元）|完成率
|培训人次|培训人数||
全省|480|479|5.93|0.286
济南市|360|359|4.44|0.286
青岛市|120|*|1.48|—
注：1．说明一||||
　　2．“*”为人数或户数过少、按统计保密规则不予公布的数值；“—”为无数据或不适用（如基数为零、不可相加）。||||
依据：鲁人社字〔2020〕72号 四。||||";
    let shown = book.text("进度");
    assert_eq!(shown, expected);
}

#[test]
fn headings_are_merged_over_their_columns_and_over_both_rows() {
    let mut book = book(SHEET, &release(vec![progress()]));
    let merged = book.merged("进度");
    for wanted in [
        (0, 0, 0, 4),
        (3, 0, 4, 0),
        (3, 1, 3, 2),
        (3, 3, 4, 3),
        (3, 4, 4, 4),
    ] {
        assert!(merged.contains(&wanted), "{wanted:?} in {merged:?}");
    }
}

#[test]
fn numbers_are_numbers_and_marks_are_text() {
    let mut book = book(SHEET, &release(vec![progress()]));
    let range = book.range("进度");
    assert_eq!(range.get_value((5, 1)), Some(&Data::Float(480.0)));
    assert_eq!(range.get_value((5, 3)), Some(&Data::Float(5.93)));
    assert_eq!(range.get_value((7, 2)), Some(&Data::String("*".to_owned())));
    assert_eq!(range.get_value((7, 4)), Some(&Data::String("—".to_owned())));
}

#[test]
fn ties_are_rounded_by_the_release_s_rule() {
    let columns = || {
        vec![
            column("name", Kind::Text, "", "项"),
            column("paid_fen", Kind::Int, "fen", "金额"),
            column("share", Kind::Float, "share", "占比"),
            column("online_seconds", Kind::Int, "seconds", "课时"),
        ]
    };
    let sheet = r#"
[[sheet]]
table = "ties"
name = "舍入"
title = "舍入"
columns = [
  { name = "name" },
  { name = "paid_fen", format = "wan_yuan" },
  { name = "share" },
  { name = "online_seconds", format = "hours" },
]
"#;
    let rows = || {
        vec![
            vec![
                text("甲"),
                Cell::Int(1_005_000),
                Cell::Float(0.2865),
                Cell::Int(135),
            ],
            vec![
                text("乙"),
                Cell::Int(1_015_000),
                Cell::Float(0.0005),
                Cell::Int(405),
            ],
            vec![
                text("丙"),
                Cell::Int(-1_005_000),
                Cell::Float(-0.2865),
                Cell::Int(0),
            ],
        ]
    };
    let shown = |rounding: Rounding| {
        let mut release = release(vec![table("ties", columns(), rows(), &["name"])]);
        release.rounding = rounding;
        let mut book = book(sheet, &release);
        ["甲", "乙", "丙"].map(|name| book.row("舍入", name).split_off(1).join(" "))
    };
    assert_eq!(
        shown(Rounding::HalfEven),
        ["1 0.286 0", "1.02 0 0.2", "-1 -0.286 0"]
    );
    assert_eq!(
        shown(Rounding::HalfUp),
        ["1.01 0.287 0.1", "1.02 0.001 0.2", "-1.01 -0.287 0"]
    );
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let columns = vec![column("name", Kind::Text, "", "项")];
    let wicked = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=HYPERLINK(\"http://x\",\"y\")",
        "<r>x</r>",
        "_x000D_",
        "\u{1}",
    ];
    let rows = wicked.iter().map(|own| vec![text(own)]).collect();
    let release = release(vec![table("wicked", columns, rows, &["name"])]);
    let mut book = book("", &release);
    let sheet = "培训进度月报";
    assert!(!book.has_formulas(sheet));
    let shown = book.text(sheet);
    for own in wicked.iter().take(5) {
        assert!(shown.contains(own), "{own} in {shown}");
    }
    // Marked as text, so that editing it does not make it a formula.
    assert!(book.part("xl/styles.xml").contains("quotePrefix=\"1\""));
    assert!(!book.part("xl/worksheets/sheet2.xml").contains("<f>"));
}

#[test]
fn rows_that_do_not_fit_are_counted_above_and_below_and_in_the_contents() {
    let columns = vec![column("name", Kind::Text, "", "项")];
    let rows = (0..500)
        .map(|number| vec![text(&number.to_string())])
        .collect();
    let release = release(vec![table("long", columns, rows, &["name"])]);
    let mut book = book_within("", &release, 270);
    let shown = book.text("培训进度月报");
    let above = "本表共500行，超出电子表格的行数上限，仅列前200行，其余300行未列出";
    assert!(shown.contains(above), "{shown}");
    assert!(shown.contains("受行数上限限制，另有300行未列出"), "{shown}");
    assert!(book.rows("培训进度月报").len() <= 270);
    assert!(book.text("目录").contains("超出行数上限，300行未列出"));
}

#[test]
fn other_kinds_are_shown_as_people_write_them() {
    let columns = vec![
        column("name", Kind::Text, "", "项"),
        column("on", Kind::Date, "", "日期"),
        column("at", Kind::Time, "", "时刻"),
        column("good", Kind::Bool, "", "是否"),
        column("items", Kind::List, "", "列表"),
        column("key", Kind::Int, "", "键"),
        column("empty", Kind::Text, "", "空"),
    ];
    let items: Vec<String> = (1..=12).map(|number| format!("e{number}")).collect();
    let rows = vec![vec![
        text("甲"),
        Cell::Date(NaiveDate::from_ymd_opt(2020, 12, 31).unwrap()),
        // 2020-12-31 16:30 UTC is half past midnight in Beijing.
        Cell::Time(1_609_432_200_000_000),
        Cell::Bool(true),
        Cell::List(items),
        Cell::Int(i64::MIN),
        text(""),
    ]];
    let release = release(vec![table("kinds", columns, rows, &["name"])]);
    let mut book: Book = book("", &release);
    let row = book.row("培训进度月报", "甲");
    // Days as a spreadsheet counts them; half an hour is a forty-eighth.
    assert_eq!(row.get(1).unwrap(), "44196");
    let moment: f64 = row.get(2).unwrap().parse().unwrap();
    assert!((moment - (44_197.0 + 1.0 / 48.0)).abs() < 1e-6, "{moment}");
    assert_eq!(row.get(3).unwrap(), "是");
    assert_eq!(
        row.get(4).unwrap(),
        "e1、e2、e3、e4、e5、e6、e7、e8、e9、e10 等12项"
    );
    // More digits than a spreadsheet's number has.
    assert_eq!(row.get(5).unwrap(), "-9223372036854775808");
    assert_eq!(row.get(6).unwrap(), "—");
}
