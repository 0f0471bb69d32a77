//! Cells to rows: what every sheet, of either kind, is read through.

use std::ops::{ControlFlow, Range};

use super::book::Book;
use super::fault::Fault;

/// Rows and columns of the largest sheet there is.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: u32 = 1 << 14;

/// The cells with any text of one row that has at least one of them.
pub(super) struct SheetRow {
    /// From 1.
    pub number: u32,
    /// There was more text than the limit: the cells are not all there.
    pub is_cut: bool,
    /// Columns from 0, in ascending order, with the place in `text`.
    cells: Vec<(u32, Range<usize>)>,
    text: String,
}

impl SheetRow {
    /// Columns, from 0 and ascending, and texts of the cells that are more than blanks.
    pub fn filled(&self) -> impl Iterator<Item = (u32, &str)> {
        self.cells().filter(|(_, text)| !text.trim().is_empty())
    }

    /// Columns, from 0 and ascending, and texts.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &str)> {
        self.cells
            .iter()
            .map(|(column, place)| (*column, self.text.get(place.clone()).unwrap_or_default()))
    }
}

/// Gives the rows of a sheet in order until told to stop. A row keeps no more than `limit` bytes of text.
///
/// # Errors
/// Whatever is wrong with the sheet, up to where reading stops.
pub(super) fn visit(
    book: &mut Book,
    sheet: &str,
    limit: usize,
    visitor: &mut dyn FnMut(&SheetRow) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let mut collector = Collector {
        row: SheetRow {
            number: 0,
            is_cut: false,
            cells: Vec::new(),
            text: String::new(),
        },
        limit,
        fault: None,
        is_stopped: false,
    };
    book.visit_cells(sheet, &mut |row, column, text| {
        collector.add(row, column, text, visitor)
    })?;
    collector.finish(visitor)
}

struct Collector {
    row: SheetRow,
    limit: usize,
    fault: Option<Fault>,
    is_stopped: bool,
}

impl Collector {
    fn add(
        &mut self,
        row: u32,
        column: u32,
        text: &str,
        visitor: &mut dyn FnMut(&SheetRow) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return self.fail("a cell lies outside any sheet");
        }
        let number = row + 1;
        if number < self.row.number {
            return self.fail("its rows are out of order");
        }
        if number > self.row.number {
            self.end_row(visitor)?;
            self.row.number = number;
        }
        self.keep(column, text);
        ControlFlow::Continue(())
    }

    fn keep(&mut self, column: u32, text: &str) {
        if self.row.is_cut {
            return;
        }
        let room = self.limit.saturating_sub(self.row.text.len());
        let kept = if text.len() > room {
            self.row.is_cut = true;
            text.get(..text.floor_char_boundary(room))
                .unwrap_or_default()
        } else {
            text
        };
        let start = self.row.text.len();
        self.row.text.push_str(kept);
        self.row.cells.push((column, start..self.row.text.len()));
    }

    /// Hands the row over and starts an empty one.
    fn end_row(
        &mut self,
        visitor: &mut dyn FnMut(&SheetRow) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if !self.row.cells.is_sorted_by_key(|(column, _)| *column) {
            self.row.cells.sort_by_key(|(column, _)| *column);
        }
        let is_doubled = |pair: &[(u32, Range<usize>)]| matches!(pair, [a, b] if a.0 == b.0);
        if self.row.cells.windows(2).any(is_doubled) {
            return self.fail("a cell is given twice");
        }
        if self.row.filled().next().is_some() && visitor(&self.row).is_break() {
            self.is_stopped = true;
            return ControlFlow::Break(());
        }
        self.row.cells.clear();
        self.row.text.clear();
        self.row.is_cut = false;
        ControlFlow::Continue(())
    }

    fn fail(&mut self, words: &'static str) -> ControlFlow<()> {
        self.fault = Some(Fault::Damaged(words));
        self.is_stopped = true;
        ControlFlow::Break(())
    }

    fn finish(
        mut self,
        visitor: &mut dyn FnMut(&SheetRow) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        if !self.is_stopped {
            // Whether the visitor wants more no longer matters.
            let _ = self.end_row(visitor);
        }
        self.fault.map_or(Ok(()), Err)
    }
}
