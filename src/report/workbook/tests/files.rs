//! The workbook as a whole: contents, missing and unknown tables, leads, the same bytes.

use super::support::{book, column, progress, release, table, text};
use crate::report::workbook::{Cell, Kind};

const SHEET: &str = r#"
[[sheet]]
table = "progress"
name = "进度"
title = "进度表"
columns = [{ name = "city_name" }, { name = "completions" }]

[[sheet]]
table = "never_made"
name = "以后"
title = "以后的表"
columns = [{ name = "x" }]
"#;

#[test]
fn the_contents_name_what_is_there_and_what_is_not() {
    let mut book = book(SHEET, &release(vec![progress()]));
    assert_eq!(book.sheets(), ["目录", "进度"]);
    let contents = book.text("目录");
    assert!(
        contents.contains("1|进度表|Training progress||人次|9|"),
        "{contents}"
    );
    assert!(
        contents.contains("2|以后的表||||—|本期未发布"),
        "{contents}"
    );
    assert!(contents.contains("2020-12-31-abc"));
    assert!(contents.contains("四舍六入五成双"));
}

#[test]
fn a_table_without_a_layout_is_shown_with_all_its_columns() {
    let columns = vec![
        column("name", Kind::Text, "", "名称"),
        column("paid_fen", Kind::Int, "fen", "金额"),
    ];
    let extra = table(
        "extra",
        columns,
        vec![vec![text("甲"), Cell::Int(12_345)]],
        &[],
    );
    let mut book = book(SHEET, &release(vec![progress(), extra]));
    assert_eq!(book.sheets(), ["目录", "进度", "培训进度月报"]);
    assert_eq!(book.row("培训进度月报", "甲").join("|"), "甲|123.45");
    let shown = book.text("培训进度月报");
    let notes = ["指标解释。", "How it is read."].map(|note| shown.find(note));
    assert!(notes.is_sorted() && notes[0].is_some(), "{shown}");
    assert!(book.text("目录").contains("无专用版式"));
}

#[test]
fn a_table_that_does_not_fit_its_layout_is_shown_all_the_same() {
    let sheet = SHEET.replace("name = \"completions\"", "name = \"gone\"");
    let mut book = book(&sheet, &release(vec![progress()]));
    assert_eq!(book.sheets(), ["目录", "进度"]);
    let problem = book.problems.first().unwrap();
    assert!(
        problem.starts_with(
            "public.toml:9: table `progress` has no column `gone`; write one of `month`"
        ),
        "{problem}"
    );
    assert!(book.text("进度").contains("培训人次"));
    assert!(book.text("目录").contains("与版式不符"));
}

#[test]
fn leads_are_called_leads_wherever_they_are_shown() {
    const WARNING: &str = "疑点线索，需核查，非认定结论";
    let columns = vec![
        column("indicator_id", Kind::Text, "", "指标"),
        column("hits", Kind::Int, "", "线索数"),
    ];
    let rows = vec![vec![text("A01"), Cell::Int(3)]];
    let hits = table("anything", columns, rows, &["indicator_id"]);
    let sheet = r#"
[[sheet]]
table = "anything"
name = "线索"
title = "线索"
columns = [{ name = "indicator_id" }, { name = "hits" }]

[[sheet.chart]]
type = "column"
title = "线索数"
category = "indicator_id"
values = ["hits"]
"#;
    let mut book = book(sheet, &release(vec![hits]));
    for name in book.sheets() {
        assert!(book.text(&name).contains(WARNING), "{name}");
    }
    assert!(book.part("xl/charts/chart1.xml").contains(WARNING));
    for sheet in 1..=3 {
        let part = book.part(&format!("xl/worksheets/sheet{sheet}.xml"));
        let (_, header) = part.split_once("<oddHeader>").unwrap();
        assert!(header.contains(WARNING), "sheet {sheet}");
    }
    let mut none = super::support::book(SHEET, &release(vec![progress()]));
    assert!(!none.text("目录").contains(WARNING));
}

#[test]
fn pages_are_a4_across_with_headings_repeated_and_panes_frozen() {
    let book = book(SHEET, &release(vec![progress()]));
    let part = book.part("xl/worksheets/sheet2.xml");
    assert!(part.contains("paperSize=\"9\"") && part.contains("orientation=\"landscape\""));
    assert!(part.contains("fitToHeight=\"0\"") && part.contains("state=\"frozen\""));
    let names = book.part("xl/workbook.xml");
    assert!(
        names.contains("_xlnm.Print_Titles") && names.contains("进度!$4:$4"),
        "{names}"
    );
}

#[test]
fn the_same_release_gives_the_same_bytes() {
    let sheet = SHEET.to_owned()
        + r#"
[[sheet.chart]]
type = "stacked"
title = "图"
category = "month"
values = ["completions"]
add = true
"#;
    let sheet = sheet
        .replace("table = \"never_made\"", "table = \"progress\"")
        .replace("name = \"x\"", "name = \"month\"");
    let first = book(&sheet, &release(vec![progress()]));
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let second = book(&sheet, &release(vec![progress()]));
    assert!(first.problems.is_empty(), "{:?}", first.problems);
    assert!(first.bytes == second.bytes);
    assert!(
        first
            .part("docProps/core.xml")
            .contains("2020-12-31T00:00:00Z")
    );
}
