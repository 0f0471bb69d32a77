//! What stands above a table: title, warnings, unit, headings.

use rust_xlsxwriter::{Format as CellFormat, Worksheet, XlsxError};

use super::body::column_number;
use super::style::Styles;
use super::text::{cell_text, display_width, lines, row_height};
use super::view::ViewColumn;

/// Points of the title's row for each of its lines, and how much wider its letters are than a cell's.
const TITLE_HEIGHT: f64 = 30.0;
const TITLE_SCALE: f64 = 1.8;

/// Texts above the table.
pub(super) struct Above<'a> {
    pub(super) title: String,
    pub(super) subtitle: Option<String>,
    pub(super) warnings: Vec<String>,
    pub(super) left: String,
    pub(super) right: String,
    pub(super) columns: &'a [ViewColumn],
}

/// A sheet on its way, with the row that is written next.
pub(super) struct Sheet<'s> {
    pub(super) sheet: &'s mut Worksheet,
    pub(super) styles: &'s Styles,
    pub(super) widths: &'s [f64],
    pub(super) row: u32,
}

impl Sheet<'_> {
    fn last_column(&self) -> u16 {
        column_number(self.widths.len().saturating_sub(1))
    }

    /// Characters of all columns together.
    pub(super) fn width(&self) -> f64 {
        self.widths.iter().sum()
    }

    /// Writes a text over all columns, as high as it needs.
    pub(super) fn across(&mut self, text: &str, format: &CellFormat) -> Result<(), XlsxError> {
        self.across_lines(text, lines(text, self.width()), format)
    }

    /// Writes a text of so many lines over all columns.
    pub(super) fn across_lines(
        &mut self,
        text: &str,
        lines: usize,
        format: &CellFormat,
    ) -> Result<(), XlsxError> {
        let text = cell_text(text);
        let height = row_height(lines);
        self.sheet.set_row_height(self.row, height)?;
        span(
            self.sheet,
            (self.row, 0),
            (self.row, self.last_column()),
            &text,
            format,
        )?;
        self.row += 1;
        Ok(())
    }

    fn title(&mut self, title: &str) -> Result<(), XlsxError> {
        let styles = self.styles;
        let row = self.row;
        self.across(title, &styles.title)?;
        let count = lines(title, self.width() / TITLE_SCALE);
        self.sheet
            .set_row_height(row, TITLE_HEIGHT * count as f64)?;
        Ok(())
    }

    /// Two texts on one line, if there is room for both, else on two.
    fn line(&mut self, left: &str, right: &str) -> Result<(), XlsxError> {
        let styles = self.styles;
        let needed = display_width(left) as f64 + 2.0;
        let mut room = 0.0;
        let mut columns = 0;
        for width in self.widths {
            if room >= needed {
                break;
            }
            room += width;
            columns += 1;
        }
        let rest = self.width() - room;
        if right.is_empty() || rest < display_width(right) as f64 + 2.0 {
            self.across(left, &styles.line_left)?;
            if !right.is_empty() {
                self.across(right, &styles.line_right)?;
            }
            return Ok(());
        }
        let first_right = column_number(columns);
        let (row, last) = (self.row, self.last_column());
        let left_end = (row, first_right.saturating_sub(1));
        span(self.sheet, (row, 0), left_end, left, &styles.line_left)?;
        span(
            self.sheet,
            (row, first_right),
            (row, last),
            right,
            &styles.line_right,
        )?;
        self.row += 1;
        Ok(())
    }

    /// Writes what stands above a table and gives the rows of the headings, first and last.
    pub(super) fn above(&mut self, above: &Above<'_>) -> Result<(u32, u32), XlsxError> {
        let styles = self.styles;
        self.title(&above.title)?;
        if let Some(subtitle) = &above.subtitle {
            self.across(subtitle, &styles.subtitle)?;
        }
        for warning in &above.warnings {
            self.across(warning, &styles.warning)?;
        }
        self.line(&above.left, &above.right)?;
        self.headings(above.columns)
    }

    /// Headings, those of groups merged over their columns, those without a group over both rows.
    fn headings(&mut self, columns: &[ViewColumn]) -> Result<(u32, u32), XlsxError> {
        let head = &self.styles.head;
        let first = self.row;
        let grouped = columns.iter().any(|column| column.group.is_some());
        let last = if grouped { first + 1 } else { first };
        let mut place = 0;
        while let Some(column) = columns.get(place) {
            let own = column_number(place);
            let Some(group) = &column.group else {
                span(self.sheet, (first, own), (last, own), &column.heading, head)?;
                place += 1;
                continue;
            };
            let members = columns
                .iter()
                .skip(place)
                .take_while(|other| other.group.as_ref() == Some(group))
                .count();
            let end = column_number(place + members - 1);
            span(self.sheet, (first, own), (first, end), group, head)?;
            for member in columns.iter().skip(place).take(members) {
                let own = column_number(place);
                self.sheet
                    .write_string_with_format(last, own, &member.heading, head)?;
                place += 1;
            }
        }
        let (above, below) = heading_lines(columns, self.widths);
        if grouped {
            self.sheet.set_row_height(first, row_height(above))?;
        }
        self.sheet.set_row_height(last, row_height(below))?;
        self.row = last + 1;
        Ok((first, last))
    }
}

/// Lines of the row of groups, none without any, and of the row of headings below; those without a group have both.
pub(super) fn heading_lines(columns: &[ViewColumn], widths: &[f64]) -> (usize, usize) {
    let (mut above, mut below, mut over) = (0, 1, 1);
    let mut group_widths: Vec<(&str, f64)> = Vec::new();
    for (column, width) in columns.iter().zip(widths) {
        let own = lines(&column.heading, *width);
        let Some(group) = column.group.as_deref() else {
            over = over.max(own);
            group_widths.push(("", *width));
            continue;
        };
        below = below.max(own);
        match group_widths.last_mut() {
            Some((last, room)) if *last == group => *room += width,
            _ => group_widths.push((group, *width)),
        }
    }
    for (group, width) in group_widths {
        if !group.is_empty() {
            above = above.max(lines(group, width));
        }
    }
    (above, below.max(over - above.min(over)))
}

/// Writes a text into a rectangle of cells; a rectangle of one cell is no merged one.
pub(super) fn span(
    sheet: &mut Worksheet,
    (first_row, first_column): (u32, u16),
    (last_row, last_column): (u32, u16),
    text: &str,
    format: &CellFormat,
) -> Result<(), XlsxError> {
    if (first_row, first_column) == (last_row, last_column) {
        sheet.write_string_with_format(first_row, first_column, text, format)?;
    } else {
        sheet.merge_range(first_row, first_column, last_row, last_column, text, format)?;
    }
    Ok(())
}
