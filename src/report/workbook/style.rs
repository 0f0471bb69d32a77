//! How cells look: black on white, as an office prints it.

use rust_xlsxwriter::{Color, Format as CellFormat, FormatAlign, FormatBorder, FormatUnderline};

use super::format::Format;
use super::layout::Fonts;
use super::view::ViewColumn;

const HEAD_FILL: Color = Color::RGB(0x00E7_ECF3);
const TOTAL_FILL: Color = Color::RGB(0x00F5_F5F5);
const BORDER: Color = Color::RGB(0x0080_8080);
const RED: Color = Color::RGB(0x00C0_0000);
const LINK: Color = Color::RGB(0x001F_4E78);

/// Formats of everything but the body of a table.
pub(super) struct Styles {
    pub(super) title: CellFormat,
    pub(super) subtitle: CellFormat,
    /// What must not be overlooked.
    pub(super) warning: CellFormat,
    /// The line above a table, from the left and from the right.
    pub(super) line_left: CellFormat,
    pub(super) line_right: CellFormat,
    pub(super) head: CellFormat,
    pub(super) note: CellFormat,
    pub(super) link: CellFormat,
    pub(super) text: CellFormat,
    pub(super) centered: CellFormat,
    pub(super) count: CellFormat,
    cell: CellFormat,
}

impl Styles {
    pub(super) fn new(fonts: &Fonts) -> Styles {
        let base = CellFormat::new()
            .set_font_name(fonts.body.as_str())
            .set_font_size(10)
            .set_align(FormatAlign::VerticalCenter);
        let titled = base.clone().set_font_name(fonts.title.as_str());
        let cell = base
            .clone()
            .set_border(FormatBorder::Thin)
            .set_border_color(BORDER);
        let text = cell.clone().set_text_wrap();
        Styles {
            title: titled
                .clone()
                .set_font_size(18)
                .set_text_wrap()
                .set_align(FormatAlign::Center),
            subtitle: base
                .clone()
                .set_font_size(11)
                .set_text_wrap()
                .set_align(FormatAlign::Center),
            warning: titled
                .clone()
                .set_font_size(11)
                .set_font_color(RED)
                .set_text_wrap()
                .set_align(FormatAlign::Center),
            line_left: base.clone().set_align(FormatAlign::Left),
            line_right: base.clone().set_align(FormatAlign::Right),
            head: titled
                .set_border(FormatBorder::Thin)
                .set_border_color(BORDER)
                .set_background_color(HEAD_FILL)
                .set_text_wrap()
                .set_align(FormatAlign::Center),
            note: base
                .set_font_size(9)
                .set_text_wrap()
                .set_align(FormatAlign::Left),
            link: text
                .clone()
                .set_font_color(LINK)
                .set_underline(FormatUnderline::Single),
            centered: text.clone().set_align(FormatAlign::Center),
            count: cell
                .clone()
                .set_num_format("#,##0_ ;-#,##0_ ;#,##0_ ;@_ ")
                .set_align(FormatAlign::Right),
            text,
            cell,
        }
    }

    /// The formats of a column's cells.
    pub(super) fn column(&self, column: &ViewColumn) -> ColumnStyles {
        let align = match column.format {
            format if format.is_number() => FormatAlign::Right,
            Format::Date | Format::Time | Format::YesNo => FormatAlign::Center,
            _ if column.merge => FormatAlign::Center,
            _ => FormatAlign::Left,
        };
        let plain = self.cell.clone().set_align(align);
        let plain = match column.format.cell_format() {
            Some(shown) => plain.set_num_format(shown),
            None => plain,
        };
        let mark = match align {
            FormatAlign::Right => plain.clone(),
            _ => self.cell.clone().set_align(FormatAlign::Center),
        };
        let wraps = matches!(column.format, Format::Text | Format::List);
        let plain = if wraps { plain.set_text_wrap() } else { plain };
        let indented = if column.indent {
            plain.clone().set_indent(1)
        } else {
            plain.clone()
        };
        ColumnStyles {
            part: CellStyles::new(indented, &mark),
            total: CellStyles::new(total(plain), &total(mark)),
        }
    }
}

fn total(format: CellFormat) -> CellFormat {
    format.set_bold().set_background_color(TOTAL_FILL)
}

/// Formats of one column.
pub(super) struct ColumnStyles {
    pub(super) part: CellStyles,
    pub(super) total: CellStyles,
}

/// Formats of the cells of one column and one sort of row.
pub(super) struct CellStyles {
    pub(super) value: CellFormat,
    /// Text that looks like a formula; it stays text when somebody edits it.
    pub(super) guarded: CellFormat,
    /// `*` and `—`.
    pub(super) mark: CellFormat,
}

impl CellStyles {
    fn new(value: CellFormat, mark: &CellFormat) -> CellStyles {
        CellStyles {
            guarded: value.clone().set_num_format("@").set_quote_prefix(),
            value,
            mark: mark.clone(),
        }
    }
}
