//! Rows of the sheet to records under its header, in blocks.

use std::iter;

use super::super::rows::{Entry, Span};
use super::super::{Limits, Position, RawBlock, RowBlock, RowFault};
use super::header::Header;
use super::rows::SheetRow;

/// Some records of a sheet. The fields lie inside the raw text, which joins them by tabs.
#[derive(Default)]
pub(super) struct WorkbookBlock {
    text: String,
    spans: Vec<Span>,
    records: Vec<Record>,
}

struct Record {
    line: u64,
    raw: Span,
    /// Into the block's spans.
    spans: Span,
    fault: Option<RowFault>,
}

impl RawBlock for WorkbookBlock {
    fn byte_len(&self) -> usize {
        self.text.len()
    }

    fn parse(self: Box<Self>) -> RowBlock {
        let entry = |record: &Record| Entry {
            position: Position {
                line: record.line,
                byte: None,
            },
            raw: record.raw,
            spans: record.spans,
            fault: record.fault,
        };
        RowBlock {
            header: None,
            entries: self.records.iter().map(entry).collect(),
            text: self.text,
            spans: self.spans,
        }
    }
}

/// Fills blocks with the rows below a header.
pub(super) struct BlockBuilder {
    block: WorkbookBlock,
    limits: Limits,
    /// Sheet columns of the header: the first, and the first behind it.
    first_column: u32,
    end_column: u32,
}

impl BlockBuilder {
    pub fn new(header: &Header, limits: Limits) -> BlockBuilder {
        let width = u32::try_from(header.columns.len()).unwrap_or(u32::MAX);
        BlockBuilder {
            block: WorkbookBlock::default(),
            limits,
            first_column: header.first_column,
            end_column: header.first_column.saturating_add(width),
        }
    }

    /// Adds a row. A value outside the header's columns would be lost, so it is a fault.
    pub fn push(&mut self, row: &SheetRow) {
        let (mut first, mut end) = (self.first_column, self.end_column);
        for (column, _) in row.filled() {
            first = first.min(column);
            end = end.max(column + 1);
        }
        let start = self.block.text.len();
        let first_span = self.block.spans.len();
        self.append_fields(row, first, end);
        let is_outside = (first, end) != (self.first_column, self.end_column);
        let is_long = row.is_cut || self.block.text.len() - start > self.limits.record;
        if is_long {
            self.block.spans.truncate(first_span);
            let end = (start + self.limits.record).min(self.block.text.len());
            let end = self.block.text.floor_char_boundary(end);
            self.block.text.truncate(end);
        }
        self.block.records.push(Record {
            line: u64::from(row.number),
            raw: Span::new(start, self.block.text.len()),
            spans: Span::new(first_span, self.block.spans.len()),
            fault: (is_outside || is_long).then_some(RowFault::WrongFieldCount),
        });
    }

    /// Appends the fields of the columns from `first` to before `end`.
    fn append_fields(&mut self, row: &SheetRow, first: u32, end: u32) {
        let mut cells = row
            .cells()
            .filter(|(column, _)| (first..end).contains(column))
            .peekable();
        for column in first..end {
            if column > first {
                self.block.text.push('\t');
            }
            let start = self.block.text.len();
            let found = iter::from_fn(|| cells.next_if(|(place, _)| *place == column)).next();
            if let Some((_, text)) = found {
                self.block.text.push_str(text);
            }
            self.block
                .spans
                .push(Span::new(start, self.block.text.len()));
        }
    }

    /// The block, when it has grown to its size.
    pub fn take_full(&mut self) -> Option<WorkbookBlock> {
        (self.block.text.len() >= self.limits.block).then(|| std::mem::take(&mut self.block))
    }

    /// The last block, unless it is empty.
    pub fn take_rest(&mut self) -> Option<WorkbookBlock> {
        (!self.block.records.is_empty()).then(|| std::mem::take(&mut self.block))
    }
}
