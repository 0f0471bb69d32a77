//! How the workbook's cells and pages look, and what may stand in a cell.

use std::borrow::Cow;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use crate::ingest::receipt::Receipt;

/// A font that has both scripts and that offices have; others are put in its place where it is lacking.
const FONT: &str = "Microsoft YaHei";
const A4: u8 = 9;
/// Points of a line of text, and of the air around a cell's lines.
const LINE_HEIGHT: f64 = 14.0;
const PADDING: f64 = 4.0;
/// The highest row that a spreadsheet knows, in points.
const HIGHEST_ROW: f64 = 409.0;
/// Page headers hold 255 characters in all.
const LONGEST_PAGE_HEADER: usize = 90;

pub(super) const GREEN: Color = Color::RGB(0x00E2_EFDA);
pub(super) const AMBER: Color = Color::RGB(0x00FF_F2CC);
pub(super) const RED: Color = Color::RGB(0x00F8_CBAD);
const HEAD: Color = Color::RGB(0x001F_4E78);
const SECTION: Color = Color::RGB(0x00DD_EBF7);
const GREY: Color = Color::RGB(0x0070_7070);
const BORDER: Color = Color::RGB(0x00BF_BFBF);

pub(super) struct Styles {
    pub(super) title: Format,
    pub(super) section: Format,
    pub(super) label: Format,
    pub(super) text: Format,
    pub(super) muted: Format,
    pub(super) raw: Format,
    pub(super) count: Format,
    pub(super) line: Format,
    pub(super) head: Format,
    /// Without border and wrapping: it runs over the empty cells beside it.
    pub(super) note: Format,
}

impl Styles {
    pub(super) fn new() -> Styles {
        let base = Format::new()
            .set_font_name(FONT)
            .set_font_size(10)
            .set_align(FormatAlign::VerticalCenter);
        let cell = base
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(BORDER);
        let text = cell.clone().set_text_wrap();
        Styles {
            title: base.clone().set_bold().set_font_size(16),
            section: base
                .clone()
                .set_bold()
                .set_font_size(11)
                .set_background_color(SECTION),
            label: text.clone().set_bold(),
            muted: text.clone().set_italic().set_font_color(GREY),
            // Marked as text, so that it stays text when somebody edits it.
            raw: text.clone().set_num_format("@"),
            count: cell
                .clone()
                .set_num_format("#,##0")
                .set_align(FormatAlign::Left),
            line: cell.clone().set_align(FormatAlign::Center),
            head: text
                .clone()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(HEAD)
                .set_align(FormatAlign::Center),
            note: base.set_italic().set_font_color(GREY),
            text,
        }
    }

    pub(super) fn filled(&self, color: Color) -> Format {
        self.label.clone().set_background_color(color)
    }
}

/// Text as a cell takes it, cut after `longest` characters: never a formula (it is written as a string) and never markup.
pub(super) fn cell_text(text: &str, longest: usize) -> Cow<'_, str> {
    let kept: Cow<'_, str> = match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…（已截断 cut）", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    };
    // The writer takes a text that begins and ends so for ready-made markup and would pass it on unescaped.
    if kept.starts_with("<r>") && kept.ends_with("</r>") {
        return format!("{kept} ").into();
    }
    kept
}

/// Counts are far below 2^53, up to which a cell's number is exact.
pub(super) fn number(count: i64) -> f64 {
    count as f64
}

/// The height, in points, of a row whose wrapped cells hold the texts given, each with the width of its column. Programs
/// that show a workbook do not all find it out by themselves.
pub(super) fn row_height<'c>(cells: impl IntoIterator<Item = (&'c str, f64)>) -> f64 {
    let lines = cells.into_iter().map(|(text, width)| lines(text, width));
    let lines = lines.max().unwrap_or(1);
    (PADDING + LINE_HEIGHT * number(lines)).min(HIGHEST_ROW)
}

fn lines(text: &str, width: f64) -> i64 {
    let mut lines = 0;
    for line in text.split('\n') {
        // Chinese letters are twice as wide as others; words that do not fit leave some of the line empty.
        let length: i64 = line
            .chars()
            .map(|letter| if letter.is_ascii() { 1 } else { 2 })
            .sum();
        let usable = width.max(1.0);
        lines += ((number(length) / usable).ceil() as i64).max(1);
    }
    lines
}

/// A4 across, as wide as the paper, with the file's path above and the page below.
pub(super) fn set_page(sheet: &mut Worksheet, receipt: &Receipt) {
    // The end of a path tells more than its beginning; `&` begins a code in page headers.
    let skipped = receipt
        .object
        .chars()
        .count()
        .saturating_sub(LONGEST_PAGE_HEADER);
    let object: String = receipt.object.chars().skip(skipped).collect();
    let object = object.replace('&', "&&");
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.5, 0.5, 0.7, 0.6, 0.3, 0.3)
        .set_header(format!("&L{object}&R{}", receipt.as_of))
        .set_footer("&C&A　第 &P 页，共 &N 页");
}
