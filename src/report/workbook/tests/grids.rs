//! Rows brought together, values spread over columns, sums, order, charts.

use super::support::{book, column, layouts, progress, release, table, text};
use crate::report::workbook::{Cell, Kind, Table};

fn funds() -> Table<'static> {
    let columns = vec![
        column("month", Kind::Text, "", "月份"),
        column("city_code", Kind::Text, "", "代码"),
        column("city_name", Kind::Text, "", "地区"),
        column("fund", Kind::Text, "", "资金"),
        column("kind", Kind::Text, "", "类型"),
        column("claims_paid", Kind::Int, "claims", "发放笔数"),
        column("persons", Kind::Int, "persons", "人数"),
    ];
    let row = |city: &str, name: &str, fund: &str, kind: &str, claims: Cell| {
        vec![
            text("2020-12"),
            text(city),
            text(name),
            text(fund),
            text(kind),
            claims,
            Cell::Int(7),
        ]
    };
    let rows = vec![
        row("370000", "全省", "a", "x", Cell::Int(10)),
        row("370000", "全省", "a", "y", Cell::Int(20)),
        row("370000", "全省", "b", "x", Cell::Int(3)),
        row("370100", "济南市", "a", "x", Cell::Int(4)),
        row("370100", "济南市", "a", "y", Cell::Suppressed),
        row("370100", "济南市", "b", "x", Cell::Int(1)),
        row("370200", "青岛市", "a", "x", Cell::Int(6)),
        row("370200", "青岛市", "b", "x", Cell::Null),
    ];
    table(
        "funds",
        columns,
        rows,
        &["month", "city_code", "fund", "kind"],
    )
}

const SPREAD: &str = r#"
[[label]]
name = "kind"
values = [{ value = "y", zh = "乙类" }, { value = "x", zh = "甲类" }]

[[sheet]]
table = "funds"
name = "资金"
title = "资金"
period = "month"
take = "latest"
by = ["city_code"]
across = { column = "kind", labels = "kind", total = "合计" }
total_rows = { column = "city_code", values = ["370000"] }
columns = [
  { name = "city_name", heading = "地区" },
  { name = "claims_paid", heading = "笔数", add = true },
]
"#;

#[test]
fn values_become_columns_in_the_order_of_their_labels_and_sums_hide_what_is_held_back() {
    let mut book = book(SPREAD, &release(vec![funds()]));
    assert!(book.problems.is_empty(), "{:?}", book.problems);
    let rows = book.rows("资金");
    let heading = rows
        .iter()
        .position(|row| row.first().unwrap() == "地区")
        .unwrap();
    assert_eq!(rows.get(heading).unwrap().get(1).unwrap(), "笔数");
    assert_eq!(rows.get(heading + 1).unwrap().join("|"), "|合计|乙类|甲类");
    assert_eq!(book.row("资金", "全省").join("|"), "全省|33|20|13");
    assert_eq!(book.row("资金", "济南市").join("|"), "济南市|*|*|5");
    // A sum of which a part is missing is missing; a cell without a row too.
    assert_eq!(book.row("资金", "青岛市").join("|"), "青岛市|—|—|—");
}

#[test]
fn months_become_columns_and_texts_are_spread_on_request() {
    let sheet = r#"
[[sheet]]
table = "progress"
name = "分月"
title = "分月"
period = "month"
last = 2
by = ["city_code"]
across = { column = "month" }
columns = [
  { name = "city_code", heading = "代码" },
  { name = "city_name", heading = "地区", spread = true },
  { name = "completions" },
]
"#;
    let mut book = book(sheet, &release(vec![progress()]));
    assert_eq!(
        book.row("分月", "370100").join("|"),
        "370100|济南市|330|济南市|360"
    );
    let text = book.text("分月");
    assert!(
        text.contains("2020-11") && !text.contains("2020-10"),
        "{text}"
    );
}

#[test]
fn a_row_of_sums_stands_first_and_leaves_out_what_does_not_add_up() {
    let sheet = r#"
[[sheet]]
table = "funds"
name = "全省"
title = "全省"
only = [{ column = "city_code", values = ["370000"] }]
sort = ["-claims_paid"]
total_row = "合计"
columns = [
  { name = "fund", merge = true },
  { name = "kind" },
  { name = "claims_paid", add = true },
  { name = "persons" },
]
"#;
    let mut book = book(sheet, &release(vec![funds()]));
    let rows = book.rows("全省");
    let first = rows
        .iter()
        .position(|row| row.first().unwrap() == "合计")
        .unwrap();
    let shown: Vec<String> = rows
        .iter()
        .skip(first)
        .take(4)
        .map(|row| row.join("|"))
        .collect();
    assert_eq!(shown, ["合计||33|—", "a|y|20|7", "|x|10|7", "b|x|3|7"]);
    let first = u32::try_from(first).unwrap();
    assert!(book.merged("全省").contains(&(first + 1, 0, first + 2, 0)));
}

#[test]
fn sorted_rows_keep_totals_first_and_blanks_last() {
    let sheet = r#"
[[sheet]]
table = "progress"
name = "排序"
title = "排序"
period = "month"
take = "latest"
total_rows = { column = "city_code", values = ["370000"] }
sort = ["persons"]
most = 2
columns = [{ name = "city_name" }, { name = "persons" }]
"#;
    let mut book = book(sheet, &release(vec![progress()]));
    let text = book.text("排序");
    let place = |name: &str| text.find(name).unwrap();
    assert!(place("全省") < place("济南市"));
    assert!(!text.contains("青岛市"));
    assert_eq!(
        text.matches("仅列前2行，另有1行未列出").count(),
        2,
        "{text}"
    );
    assert!(book.text("目录").contains("另有1行未列出"));
}

const CHART: &str = r#"
[[sheet]]
table = "progress"
name = "图"
title = "图"
period = "month"
take = "latest"
one_page = true
columns = [{ name = "city_name" }, { name = "persons" }]

[[sheet.chart]]
type = "line"
title = "走势"
category = "month"
values = ["completions"]
last = 3
only = [{ column = "city_code", values = ["370000"] }]

[[sheet.chart]]
type = "bar"
title = "各市"
category = "city_name"
values = ["persons"]
leave_out = [{ column = "city_code", values = ["370000"] }]
"#;

#[test]
fn charts_stand_on_their_own_figures_and_leave_gaps() {
    let mut book = book(CHART, &release(vec![progress()]));
    assert_eq!(book.sheets(), ["目录", "图", "图表数据"]);
    let figures = book.text("图表数据");
    assert!(
        figures.contains("2020-10|400\n2020-11|440\n2020-12|480"),
        "{figures}"
    );
    // Bars go from the bottom up; what is held back is an empty cell, not nought.
    assert!(figures.contains("青岛市|\n济南市|359"), "{figures}");
    assert!(book.text("图").contains("图中空缺处为无数据或不予公布"));
    let chart = book.part("xl/charts/chart1.xml");
    assert!(chart.contains("图表数据!$B$7:$B$9"), "{chart}");
}

#[test]
fn a_chart_whose_rows_fall_on_one_category_is_left_out_and_told_of() {
    let sheet = CHART.replace(
        "last = 3\nonly = [{ column = \"city_code\", values = [\"370000\"] }]",
        "last = 3",
    );
    let mut book = book(&sheet, &release(vec![progress()]));
    assert_eq!(book.problems.len(), 1);
    let problem = book.problems.first().unwrap();
    assert!(
        problem
            .starts_with("public.toml:14: the chart is not drawn: several rows fall on `2020-10`"),
        "{problem}"
    );
    assert!(book.text("图").contains("有1幅图因数据不足或不唯一未绘制"));
}

#[test]
fn rows_that_fall_on_one_cell_are_found_beforehand() {
    let sheet = SPREAD.replace(", add = true", "");
    let layouts = layouts(&sheet);
    let problems = layouts.check(&[funds().shape]);
    let message = problems.first().unwrap().to_string();
    assert!(
        message.contains("since `fund` is open") && message.contains("add = true"),
        "{message}"
    );
}
