//! The receipt as a workbook: Chinese first, English beside it, ready to be filtered and printed.

mod lists;
mod style;

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use self::lists::{write_columns, write_quarantined, write_superseded};
use self::style::{AMBER, GREEN, RED, Styles, cell_text, number, row_height, set_page};
use super::{Outcome, Receipt};

/// Width of the first sheet's texts, in characters.
const TEXT_WIDTH: f64 = 96.0;
/// Longer texts are cut, far below the 32 767 characters that a cell holds.
const LONGEST_TEXT: usize = 1_000;

/// Writes the workbook.
pub(super) fn write(receipt: &Receipt) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(receipt)?);
    let styles = Styles::new();
    write_front(workbook.add_worksheet(), receipt, &styles)?;
    write_quarantined(workbook.add_worksheet(), receipt, &styles)?;
    write_columns(workbook.add_worksheet(), receipt, &styles)?;
    if !receipt.superseded_lines.is_empty() || receipt.superseded_left_off > 0 {
        write_superseded(workbook.add_worksheet(), receipt, &styles)?;
    }
    workbook.save_to_buffer()
}

/// The creation day is the as-of day: the moment of writing would make every copy another file.
fn properties(receipt: &Receipt) -> Result<DocProperties, XlsxError> {
    let day = receipt.as_of;
    let out_of_range = |_| XlsxError::DateTimeRangeError(day.to_string());
    let created = ExcelDateTime::from_ymd(
        u16::try_from(day.year()).map_err(out_of_range)?,
        u8::try_from(day.month()).map_err(out_of_range)?,
        u8::try_from(day.day()).map_err(out_of_range)?,
    )?;
    Ok(DocProperties::new()
        .set_title("数据接收回执 Data receipt")
        .set_subject(receipt.object.as_str())
        .set_creation_datetime(&created))
}

/// The sheet with what was submitted, what became of it and what to do.
struct Front<'s> {
    sheet: &'s mut Worksheet,
    styles: &'s Styles,
    row: u32,
}

impl Front<'_> {
    fn section(&mut self, title: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet
            .write_string_with_format(self.row, 0, title, &self.styles.section)?
            .write_blank(self.row, 1, &self.styles.section)?;
        self.row += 1;
        Ok(())
    }

    fn styled(&mut self, label: &str, text: &str, style: &Format) -> Result<(), XlsxError> {
        let text = cell_text(text, LONGEST_TEXT);
        self.sheet
            .set_row_height(self.row, row_height([(&*text, TEXT_WIDTH)]))?
            .write_string_with_format(self.row, 0, label, &self.styles.label)?
            .write_string_with_format(self.row, 1, &*text, style)?;
        self.row += 1;
        Ok(())
    }

    fn text(&mut self, label: &str, text: &str) -> Result<(), XlsxError> {
        let styles = self.styles;
        self.styled(label, text, &styles.text)
    }

    fn count(&mut self, label: &str, count: i64) -> Result<(), XlsxError> {
        self.sheet
            .set_row_height(self.row, row_height([]))?
            .write_string_with_format(self.row, 0, label, &self.styles.label)?
            .write_number_with_format(self.row, 1, number(count), &self.styles.count)?;
        self.row += 1;
        Ok(())
    }
}

fn write_front(sheet: &mut Worksheet, receipt: &Receipt, styles: &Styles) -> Result<(), XlsxError> {
    sheet
        .set_name("回执 Receipt")?
        .set_column_width(0, 34)?
        .set_column_width(1, TEXT_WIDTH)?
        .set_row_height(0, 30)?
        .write_string_with_format(0, 0, "数据接收回执 Data receipt", &styles.title)?;
    let mut front = Front {
        sheet,
        styles,
        row: 0,
    };
    front.section("提交内容 What was submitted")?;
    let feed = format!(
        "{} {}（{}）",
        receipt.feed_title_zh, receipt.feed_title_en, receipt.feed
    );
    front.text("数据类别 Feed", &feed)?;
    front.text("文件 File", &receipt.object)?;
    if let Some(sheet) = &receipt.sheet {
        front.text("工作表 Sheet", sheet)?;
    }
    if !receipt.unread_sheets.is_empty() {
        let unread = receipt.unread_sheets.join("、");
        front.text("未读取的工作表 Sheets not read", &unread)?;
    }
    let city = receipt
        .city_code
        .as_deref()
        .unwrap_or("（多个或未知）several or unknown");
    front.text("所在市 City", city)?;
    front.count(
        "大小（字节）Size in bytes",
        i64::try_from(receipt.size).unwrap_or(i64::MAX),
    )?;
    front.text("编码 Encoding", &receipt.encoding)?;
    front.text("入库批次 Load", &receipt.load_id)?;
    front.text("数据日期 As of", &receipt.as_of.to_string())?;
    write_outcome(&mut front, receipt)?;
    front.section("下一步 What to do next")?;
    let next = receipt.next_step();
    front.text("请办理", next.zh())?;
    front.text("To do", next.en())?;
    let last = front.row.saturating_sub(1);
    front.sheet.set_print_area(0, 0, last, 1)?;
    set_page(front.sheet, receipt);
    Ok(())
}

fn write_outcome(front: &mut Front<'_>, receipt: &Receipt) -> Result<(), XlsxError> {
    front.section("处理结果 What became of it")?;
    let (verdict, color) = match &receipt.outcome {
        Outcome::Refused { .. } => ("整份退回，未入库 Refused as a whole, nothing loaded", RED),
        Outcome::Loaded if !receipt.balances() => ("行数核对不符 The counts do not add up", RED),
        Outcome::Loaded if receipt.quarantined > 0 => {
            ("已入库，有隔离行 Loaded, with quarantined rows", AMBER)
        }
        Outcome::Loaded => ("已入库 Loaded", GREEN),
    };
    let style = front.styles.filled(color);
    front.styled("结果 Outcome", verdict, &style)?;
    if let Outcome::Refused { reason } = &receipt.outcome {
        front.text("退回原因 Reason", reason)?;
        // Nothing was read from it; rows of noughts would only look like an account.
        if receipt.read == 0 {
            return Ok(());
        }
    }
    front.count("读入行数 Read", receipt.read)?;
    front.count("接收 Accepted", receipt.accepted)?;
    front.count("隔离（须改正）Quarantined", receipt.quarantined)?;
    front.count("被取代（同文件后行）Superseded", receipt.superseded)?;
    front.count("重复（此前已入库）Duplicate", receipt.duplicate)?;
    let verdict = if receipt.balances() {
        "相符 balanced"
    } else {
        "不符 NOT balanced"
    };
    let sum = format!(
        "读入 = 接收 + 隔离 + 被取代 + 重复：{} = {} + {} + {} + {}（{verdict}）",
        receipt.read, receipt.accepted, receipt.quarantined, receipt.superseded, receipt.duplicate
    );
    front.text("核对 Balance", &sum)?;
    front.count("接收中的修订 Revised, of the accepted", receipt.revised)
}
