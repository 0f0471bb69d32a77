//! The first sheet: what the workbook holds, what it lacks, and how to read it.

use rust_xlsxwriter::{Url, Worksheet, XlsxError, utility};

use super::data::Release;
use super::head::{Above, Sheet};
use super::layout::BookLayout;
use super::leads::WARNING;
use super::names::CONTENTS;
use super::page::{Page, set_page};
use super::style::Styles;
use super::template::Filling;
use super::text::{lines, row_height};
use super::view::ViewColumn;

/// One line of the contents.
pub(super) struct Entry {
    pub(super) number: usize,
    pub(super) tab: String,
    pub(super) title: String,
    pub(super) title_en: String,
    pub(super) period: String,
    pub(super) unit: String,
    /// Rows shown; nothing for a table that the release lacks.
    pub(super) rows: Option<usize>,
    pub(super) remark: String,
}

const HEADINGS: [(&str, f64); 7] = [
    ("表号", 6.0),
    ("表　　名", 50.0),
    ("英文名称", 54.0),
    ("数据所属期", 24.0),
    ("计量单位", 24.0),
    ("行数", 9.0),
    ("备　　注", 24.0),
];

/// Points of a row of one line.
const ROW_HEIGHT: f64 = 22.0;

/// Writes the contents; `leads` says whether a sheet shows any.
pub(super) fn write_contents(
    sheet: &mut Worksheet,
    layout: &BookLayout,
    release: &Release<'_>,
    entries: &[Entry],
    leads: bool,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(CONTENTS)?;
    sheet.set_default_row_height(ROW_HEIGHT);
    for (column, (_, width)) in (0_u16..).zip(HEADINGS) {
        sheet.set_column_width(column, width)?;
    }
    let filling = Filling {
        period: None,
        as_of: release.as_of,
        release: &release.id,
    };
    let widths = HEADINGS.map(|(_, width)| width);
    let mut page = Sheet {
        sheet,
        styles,
        widths: &widths,
        row: 0,
    };
    let columns: Vec<ViewColumn> = HEADINGS
        .iter()
        .map(|(heading, _)| ViewColumn::plain(heading))
        .collect();
    let warnings: &[&str] = if leads { &[WARNING] } else { &[] };
    let (first, last) = page.above(&Above {
        title: filling.fill(&layout.title),
        subtitle: Some("目　　录".to_owned()),
        warnings: warnings.iter().map(|text| (*text).to_owned()).collect(),
        left: format!("{}　数据截至：{}", layout.office, filling.fill("{as_of}")),
        right: format!("发布批次：{}", release.id),
        columns: &columns,
    })?;
    let first_row = page.row;
    for entry in entries {
        write_entry(page.sheet, page.row, entry, styles)?;
        page.row += 1;
    }
    let mut notes: Vec<String> = layout.notes.iter().map(|note| filling.fill(note)).collect();
    notes.push(format!(
        "金额以分、课时以秒、比率以整数之比计算，输出时一次取舍（{}），各分项之和与合计之间可能有尾数差。",
        release.rounding.zh()
    ));
    notes.push(
        "“—”为无数据或不适用（如基数为零、不可相加），“*”为按统计保密规则不予公布。".to_owned(),
    );
    page.below(&notes, None)?;
    let end = page.row.saturating_sub(1);
    page.sheet.set_freeze_panes(first_row, 0)?;
    let print = Page {
        portrait: false,
        one_page: false,
        header_left: &layout.office,
        header_center: warnings.first().copied().unwrap_or_default(),
        header_right: &filling.fill("数据截至{as_of}"),
        footer_left: &release.id,
    };
    set_page(page.sheet, &print, Some((first, last)), (end, 6))
}

fn write_entry(
    sheet: &mut Worksheet,
    row: u32,
    entry: &Entry,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let number = entry.number.to_string();
    sheet.write_string_with_format(row, 0, number, &styles.centered)?;
    match entry.rows {
        Some(rows) => {
            let target = format!("internal:{}!A1", utility::quote_sheet_name(&entry.tab));
            let link = Url::new(target).set_text(entry.title.as_str());
            sheet.write_url_with_format(row, 1, link, &styles.link)?;
            sheet.write_number_with_format(row, 5, rows as f64, &styles.count)?;
        }
        None => {
            sheet.write_string_with_format(row, 1, &entry.title, &styles.text)?;
            sheet.write_string_with_format(row, 5, "—", &styles.count)?;
        }
    }
    let texts = [
        (2, &entry.title_en, &styles.text),
        (3, &entry.period, &styles.centered),
        (4, &entry.unit, &styles.centered),
        (6, &entry.remark, &styles.text),
    ];
    let mut most_lines = lines(&entry.title, 50.0);
    for (column, text, style) in texts {
        sheet.write_string_with_format(row, column, text, style)?;
        let width = HEADINGS
            .get(usize::from(column))
            .map_or(1.0, |(_, width)| *width);
        most_lines = most_lines.max(lines(text, width));
    }
    sheet.set_row_height(row, row_height(most_lines).max(ROW_HEIGHT))?;
    Ok(())
}
