//! The sheets that list things: quarantined rows, columns that differ, replaced lines.

use rust_xlsxwriter::{Format, IgnoreError, Worksheet, XlsxError};

use super::style::{Styles, cell_text, number, row_height, set_page};
use crate::ingest::receipt::{Outcome, Receipt};

const WITHHELD: &str = "（涉及个人信息，请按行号核对）withheld: see the line in your file";
const WHOLE_RECORD: &str = "（整行）whole row";
const NOT_IN_FILE: &str = "（文件中没有）not in the file";
const BLANK: &str = "（空）empty";
const NONE: &str = "—";
/// Longer values are cut: enough to find them by.
const LONGEST_CELL: usize = 200;

/// One column of a list: its heading and its width in characters.
type Heading = (&'static str, f64);

enum Cell<'c> {
    Text(&'c str, &'c Format),
    Number(i64, &'c Format),
}

/// A sheet with one row for each item: headings that stay in sight, are repeated on paper and filter the rows.
struct List<'s> {
    sheet: &'s mut Worksheet,
    styles: &'s Styles,
    headings: &'s [Heading],
    /// Items written.
    items: u32,
}

impl<'s> List<'s> {
    fn begin(
        sheet: &'s mut Worksheet,
        name: &str,
        headings: &'s [Heading],
        receipt: &Receipt,
        styles: &'s Styles,
    ) -> Result<List<'s>, XlsxError> {
        sheet
            .set_name(name)?
            .set_freeze_panes(1, 0)?
            .set_repeat_rows(0, 0)?
            .set_row_height(0, 34)?;
        for (column, (heading, width)) in (0_u16..).zip(headings) {
            sheet
                .set_column_width(column, *width)?
                .write_string_with_format(0, column, *heading, &styles.head)?;
        }
        set_page(sheet, receipt);
        Ok(List {
            sheet,
            styles,
            headings,
            items: 0,
        })
    }

    fn item(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        self.items += 1;
        let row = self.items;
        let mut texts = Vec::with_capacity(cells.len());
        for ((column, cell), (_, width)) in (0_u16..).zip(cells).zip(self.headings) {
            match cell {
                Cell::Number(count, style) => {
                    let count = number(*count);
                    self.sheet
                        .write_number_with_format(row, column, count, style)?;
                }
                Cell::Text(text, style) => {
                    let text = cell_text(text, LONGEST_CELL);
                    self.sheet
                        .write_string_with_format(row, column, &*text, style)?;
                    texts.push((text, *width));
                }
            }
        }
        let height = row_height(texts.iter().map(|(text, width)| (&**text, *width)));
        self.sheet.set_row_height(row, height)?;
        Ok(())
    }

    /// Adds the filter, and says below the list that it is empty or not the whole.
    fn end(self, left_off: i64, when_empty: &str) -> Result<&'s mut Worksheet, XlsxError> {
        let last_column = u16::try_from(self.headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.sheet.autofilter(0, 0, self.items, last_column)?;
        let row = self.items + 1;
        let note = &self.styles.note;
        if left_off > 0 {
            let text = format!("另有 {left_off} 行未列出 {left_off} more not listed");
            self.sheet.write_string_with_format(row, 0, text, note)?;
        } else if self.items == 0 {
            self.sheet
                .write_string_with_format(row, 0, when_empty, note)?;
        }
        Ok(self.sheet)
    }
}

/// The heading of lines: a workbook has rows instead.
fn line_heading(receipt: &Receipt) -> Heading {
    match receipt.sheet {
        Some(_) => ("表格行\nSheet row", 11.0),
        None => ("行号\nLine", 11.0),
    }
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { NONE } else { text }
}

/// The sheet of quarantined rows.
pub(super) fn write_quarantined(
    sheet: &mut Worksheet,
    receipt: &Receipt,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let headings = [
        line_heading(receipt),
        ("列（贵市表头）\nColumn, your heading", 22.0),
        ("列（标准名）\nColumn, contract name", 22.0),
        ("原值\nValue as submitted", 36.0),
        ("原因代码\nReason code", 20.0),
        ("说明\nMeaning, Chinese", 32.0),
        ("说明（英文）\nMeaning, English", 44.0),
    ];
    let mut list = List::begin(sheet, "隔离行 Quarantined", &headings, receipt, styles)?;
    for row in &receipt.rows {
        let column = match row.column.as_str() {
            "" => Cell::Text(WHOLE_RECORD, &styles.muted),
            column => Cell::Text(column, &styles.raw),
        };
        let value = match row.value.as_deref() {
            None => Cell::Text(WITHHELD, &styles.muted),
            Some("") => Cell::Text(BLANK, &styles.muted),
            Some(value) => Cell::Text(value, &styles.raw),
        };
        list.item(&[
            Cell::Number(row.line, &styles.line),
            column,
            Cell::Text(or_none(&row.column_name), &styles.text),
            value,
            Cell::Text(&row.reason, &styles.text),
            Cell::Text(&row.message_zh, &styles.text),
            Cell::Text(&row.message_en, &styles.text),
        ])?;
    }
    let last = list.items;
    let when_empty = "没有隔离行 No rows were quarantined";
    let sheet = list.end(receipt.rows_left_off, when_empty)?;
    if last > 0 {
        // Numbers kept as text are meant so; no green corners.
        sheet.ignore_error_range(1, 3, last, 3, IgnoreError::NumberStoredAsText)?;
    }
    Ok(())
}

/// The sheet of columns that differ from the contract.
pub(super) fn write_columns(
    sheet: &mut Worksheet,
    receipt: &Receipt,
    styles: &Styles,
) -> Result<(), XlsxError> {
    const HEADINGS: [Heading; 6] = [
        ("情况\nWhat differs", 22.0),
        ("列（贵市表头）\nColumn, your heading", 30.0),
        ("列（标准名）\nColumn, contract name", 26.0),
        ("可能是\nPerhaps meant", 26.0),
        ("处理方式\nPolicy applied", 34.0),
        ("涉及行数\nRows concerned", 18.0),
    ];
    let mut list = List::begin(sheet, "列 Columns", &HEADINGS, receipt, styles)?;
    for line in &receipt.drift {
        let class = match line.class.as_str() {
            "new" => "新增列 new",
            "missing" => "缺少列 missing",
            "renamed" => "列名改变 renamed",
            "retyped" => "类型改变 retyped",
            other => other,
        };
        let header = match line.header.as_str() {
            "" => Cell::Text(NOT_IN_FILE, &styles.muted),
            header => Cell::Text(header, &styles.raw),
        };
        let suggestion = line.suggestion.as_deref().unwrap_or_default();
        list.item(&[
            Cell::Text(class, &styles.text),
            header,
            Cell::Text(or_none(&line.column), &styles.text),
            Cell::Text(or_none(suggestion), &styles.text),
            Cell::Text(&line.policy, &styles.text),
            Cell::Number(line.rows, &styles.count),
        ])?;
    }
    let none = match receipt.outcome {
        Outcome::Loaded => "各列均与标准一致 All columns are as the contract has them",
        Outcome::Refused { .. } => {
            "文件整份退回，见首页的退回原因 Refused as a whole; the reason stands on the first sheet"
        }
    };
    list.end(0, none)?;
    Ok(())
}

/// The sheet of lines that a later line of the same file replaced.
pub(super) fn write_superseded(
    sheet: &mut Worksheet,
    receipt: &Receipt,
    styles: &Styles,
) -> Result<(), XlsxError> {
    const MEANING: &str = "同一文件中编号相同的后行取代了本行 a later line of the same file has the same key and stands instead";
    let headings = [line_heading(receipt), ("说明\nMeaning", 110.0)];
    let mut list = List::begin(sheet, "被取代 Superseded", &headings, receipt, styles)?;
    for line in &receipt.superseded_lines {
        list.item(&[
            Cell::Number(*line, &styles.line),
            Cell::Text(MEANING, &styles.text),
        ])?;
    }
    list.end(receipt.superseded_left_off, "")?;
    Ok(())
}
