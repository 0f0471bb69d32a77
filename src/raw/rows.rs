//! Rows as every format gives them: text fields of one shared buffer, with position and fault.

use std::ops::Range;

/// Where a record starts in its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Physical line, from 1; the header counts, and so do line feeds inside quotes. In a workbook the row of the
    /// sheet, in Parquet the row of the file, both from 1.
    pub line: u64,
    /// Bytes of the (unpacked) object before the record; a byte order mark counts. `None` where the object's
    /// bytes do not hold the record in one piece: workbooks, Parquet, and text in UTF-16.
    pub byte: Option<u64>,
}

/// What makes a record unreadable as a row, in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// An opened quote never closes, or something else than a separator or a line end follows its
    /// closing quote. The record is its first physical line.
    BadQuote,
    /// Bytes that are not text in the file's encoding.
    BadEncoding,
    /// More or fewer fields than the header, a line beyond the record limit, or a line that is no JSON object.
    WrongFieldCount,
}

impl RowFault {
    /// The reason code of `spec/feeds.md`.
    pub fn reason_code(self) -> &'static str {
        match self {
            RowFault::BadQuote => "bad_quote",
            RowFault::BadEncoding => "bad_encoding",
            RowFault::WrongFieldCount => "wrong_field_count",
        }
    }
}

/// One record. It has no `Debug`: its text may hold personal data.
#[derive(Clone, Copy)]
pub struct Row<'block> {
    pub position: Position,
    /// As many as the header has, when there is no fault. With [`RowFault::WrongFieldCount`] those that
    /// were found; with other faults, and beyond the record limit, none.
    pub fields: Fields<'block>,
    pub fault: Option<RowFault>,
    /// The record's text without its line end, for the quarantine: with [`RowFault::BadQuote`] its first
    /// physical line; wrong bytes are replaced by U+FFFD; cut off at the record limit.
    pub raw: &'block str,
}

/// The fields of one row: unquoted, otherwise as they stand.
#[derive(Clone, Copy)]
pub struct Fields<'block> {
    text: &'block str,
    spans: &'block [Span],
}

impl<'block> Fields<'block> {
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The field of a column, from 0.
    pub fn get(&self, column: usize) -> Option<&'block str> {
        Some(self.spans.get(column)?.of(self.text))
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'block str> + use<'block> {
        let text = self.text;
        self.spans.iter().map(move |span| span.of(text))
    }
}

/// The rows of one block, in file order. All text lies in one buffer; no row owns memory of its own.
#[derive(Default)]
pub struct RowBlock {
    /// The columns of this block's rows, where records name their own fields (JSON lines); `None` means the
    /// file's header. Fields that a record lacks are empty.
    pub header: Option<Vec<String>>,
    pub(super) text: String,
    pub(super) spans: Vec<Span>,
    pub(super) entries: Vec<Entry>,
}

impl RowBlock {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Drops rows that are not wanted.
    pub fn retain(&mut self, wanted: impl Fn(Position) -> bool) {
        self.entries.retain(|entry| wanted(entry.position));
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.entries.iter().map(|entry| Row {
            position: entry.position,
            fields: Fields {
                text: &self.text,
                spans: self.spans.get(entry.spans.range()).unwrap_or_default(),
            },
            fault: entry.fault,
            raw: entry.raw.of(&self.text),
        })
    }
}

/// One row as indices into its block.
pub(super) struct Entry {
    pub position: Position,
    /// Into `text`.
    pub raw: Span,
    /// Into `spans`.
    pub spans: Span,
    pub fault: Option<RowFault>,
}

/// A half-open range in 32 bits; [`Limits`](super::Limits) keeps blocks small enough for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end && u32::try_from(end).is_ok());
        Span {
            start: start as u32,
            end: end as u32,
        }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}
