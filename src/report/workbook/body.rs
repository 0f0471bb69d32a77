//! The rows of a sheet.

use rust_xlsxwriter::{Format as CellFormat, Worksheet, XlsxError};

use super::data::{Cell, Release};
use super::shown::{Shown, shown};
use super::style::{CellStyles, ColumnStyles, Styles};
use super::text::{cell_text, lines, looks_like_formula, row_height};
use super::view::{View, labelled};

/// Held back by disclosure control, and no value.
pub(super) const SUPPRESSED: &str = "*";
pub(super) const MISSING: &str = "—";
/// Sheets of more rows are not read on paper; nothing is merged in them.
const MOST_MERGED_ROWS: usize = 10_000;

/// What was seen while the rows were written.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) suppressed: bool,
    pub(super) missing: bool,
    /// By column, characters of the longest number.
    pub(super) number_widths: Vec<usize>,
}

/// Cells of a column that are merged once the run of equal ones ends.
struct Run {
    first_row: u32,
    text: String,
}

struct Body<'b> {
    sheet: &'b mut Worksheet,
    view: &'b View<'b>,
    release: &'b Release<'b>,
    widths: &'b [f64],
    styles: &'b [ColumnStyles],
    runs: Vec<Option<Run>>,
    seen: Seen,
}

/// Writes the row of sums, if there is one, and the first `height` rows of the view from the row given.
pub(super) fn write_body(
    sheet: &mut Worksheet,
    first_row: u32,
    height: usize,
    view: &View<'_>,
    release: &Release<'_>,
    widths: &[f64],
    styles: &Styles,
) -> Result<Seen, XlsxError> {
    let styles: Vec<ColumnStyles> = view
        .columns
        .iter()
        .map(|column| styles.column(column))
        .collect();
    let mut body = Body {
        sheet,
        view,
        release,
        widths,
        styles: &styles,
        runs: view.columns.iter().map(|_| None).collect(),
        seen: Seen {
            number_widths: vec![0; view.columns.len()],
            ..Seen::default()
        },
    };
    let mut row = first_row;
    if let Some(sums) = &view.sums {
        body.sums(row, sums)?;
        row += 1;
    }
    for index in 0..height {
        body.row(row, index, height)?;
        row += 1;
    }
    for place in 0..view.columns.len() {
        body.end_run(place, row)?;
    }
    Ok(body.seen)
}

impl Body<'_> {
    fn sums(&mut self, row: u32, sums: &[Option<Cell>]) -> Result<(), XlsxError> {
        for (place, (cell, style)) in sums.iter().zip(self.styles).enumerate() {
            match cell {
                None => {
                    self.sheet
                        .write_blank(row, column_number(place), &style.total.value)?;
                }
                Some(cell) => {
                    self.cell(row, place, cell, &style.total)?;
                }
            }
        }
        Ok(())
    }

    fn row(&mut self, row: u32, index: usize, height: usize) -> Result<(), XlsxError> {
        let is_total = self.view.is_total(index);
        let may_merge = !is_total && height <= MOST_MERGED_ROWS;
        let mut most_lines = 1;
        // A run goes on only where those to its left do.
        let mut broken = !may_merge;
        for (place, style) in self.styles.iter().enumerate() {
            let style = if is_total { &style.total } else { &style.part };
            let cell = self.view.cell(index, place);
            if self.view.columns.get(place).is_some_and(|own| own.merge) {
                broken |= !self.goes_on(place, &cell);
                if broken {
                    self.end_run(place, row)?;
                }
                if may_merge && let Cell::Text(text) = cell {
                    self.begin_run(place, row, text);
                    continue;
                }
            }
            most_lines = most_lines.max(self.cell(row, place, &cell, style)?);
        }
        if most_lines > 1 {
            self.sheet.set_row_height(row, row_height(most_lines))?;
        }
        Ok(())
    }

    fn goes_on(&self, place: usize, cell: &Cell) -> bool {
        match (self.runs.get(place), cell) {
            (Some(Some(run)), Cell::Text(text)) => run.text == *text,
            _ => false,
        }
    }

    /// Begins a run, unless one goes on.
    fn begin_run(&mut self, place: usize, first_row: u32, text: String) {
        if let Some(run) = self.runs.get_mut(place) {
            run.get_or_insert(Run { first_row, text });
        }
    }

    /// Writes the cells of a run that ended above the row given.
    fn end_run(&mut self, place: usize, row: u32) -> Result<(), XlsxError> {
        let run = self.runs.get_mut(place).and_then(Option::take);
        let (Some(run), Some(style)) = (run, self.styles.get(place)) else {
            return Ok(());
        };
        if row - run.first_row <= 1 {
            self.cell(run.first_row, place, &Cell::Text(run.text), &style.part)?;
            return Ok(());
        }
        let text = self.words(place, &run.text);
        let column = column_number(place);
        self.sheet.merge_range(
            run.first_row,
            column,
            row - 1,
            column,
            &cell_text(&text),
            &style.part.value,
        )?;
        Ok(())
    }

    fn words(&self, place: usize, text: &str) -> String {
        let labels = self
            .view
            .columns
            .get(place)
            .and_then(|own| own.labels.as_deref());
        labelled(labels, text)
    }

    /// Writes one cell and tells how many lines it takes.
    fn cell(
        &mut self,
        row: u32,
        place: usize,
        cell: &Cell,
        style: &CellStyles,
    ) -> Result<usize, XlsxError> {
        let Some(column) = self.view.columns.get(place) else {
            return Ok(1);
        };
        match shown(cell, column, self.release) {
            Shown::Missing => self.mark(row, place, MISSING, style),
            Shown::Suppressed => self.mark(row, place, SUPPRESSED, style),
            Shown::Number(number, width) => {
                if let Some(widest) = self.seen.number_widths.get_mut(place) {
                    *widest = width.max(*widest);
                }
                self.sheet.write_number_with_format(
                    row,
                    column_number(place),
                    number,
                    &style.value,
                )?;
                Ok(1)
            }
            Shown::Moment(moment) => {
                self.sheet.write_datetime_with_format(
                    row,
                    column_number(place),
                    &moment,
                    &style.value,
                )?;
                Ok(1)
            }
            Shown::Text(text) => self.text(row, place, &text, style),
        }
    }

    fn mark(
        &mut self,
        row: u32,
        place: usize,
        mark: &str,
        style: &CellStyles,
    ) -> Result<usize, XlsxError> {
        self.seen.suppressed |= mark == SUPPRESSED;
        self.seen.missing |= mark == MISSING;
        self.sheet
            .write_string_with_format(row, column_number(place), mark, &style.mark)?;
        Ok(1)
    }

    fn text(
        &mut self,
        row: u32,
        place: usize,
        text: &str,
        style: &CellStyles,
    ) -> Result<usize, XlsxError> {
        let format: &CellFormat = if looks_like_formula(text) {
            &style.guarded
        } else {
            &style.value
        };
        let text = cell_text(text);
        self.sheet
            .write_string_with_format(row, column_number(place), &*text, format)?;
        let width = self.widths.get(place).copied().unwrap_or(1.0);
        Ok(lines(&text, width))
    }
}

/// A column of the sheet; tables are far from having more than it counts.
pub(super) fn column_number(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
