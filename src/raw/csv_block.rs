//! The parallel stage of delimited text: decodes cut records and splits their fields.

use csv::{ReaderBuilder, StringRecord, Terminator};
use memchr::memchr_iter;

use super::cutter::Cut;
use super::encoding::decode_into;
use super::rows::{Entry, Span};
use super::{Encoding, Position, RawBlock, RowBlock, RowFault};

/// Cut records of one block, with their bytes.
pub(super) struct CsvBlock {
    pub bytes: Vec<u8>,
    /// In file order, with indices into `bytes`, and the encoding each is in.
    pub cuts: Vec<(Cut, Encoding)>,
    pub separator: u8,
    /// Number of fields that a record must have; `None` for the header itself.
    pub width: Option<usize>,
    /// Whether the cuts' byte offsets are those of the object: not where its text was transcoded.
    pub has_offsets: bool,
}

impl RawBlock for CsvBlock {
    fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    fn parse(self: Box<Self>) -> RowBlock {
        let CsvBlock {
            bytes,
            cuts,
            separator,
            width,
            has_offsets,
        } = *self;
        let mut rows = RowBlock {
            header: None,
            text: String::new(),
            spans: Vec::with_capacity(cuts.len() * width.unwrap_or(0)),
            entries: Vec::with_capacity(cuts.len()),
        };
        let text = Text::of(bytes, &cuts, &mut rows.text);
        let mut quoted = QuotedRecords::new();
        for (cut, encoding) in &cuts {
            let (raw, is_valid) = text.of_cut(cut, *encoding, &mut rows.text);
            let fault = cut.fault.or((!is_valid).then_some(RowFault::BadEncoding));
            let first_span = rows.spans.len();
            if fault.is_none() && cut.has_quote {
                quoted.add(
                    rows.entries.len(),
                    rows.text.get(raw.range()).unwrap_or_default(),
                );
            } else if fault.is_none() {
                split_unquoted(&rows.text, raw, separator, &mut rows.spans);
            }
            let spans = Span::new(first_span, rows.spans.len());
            rows.entries.push(Entry {
                position: Position {
                    line: cut.position.line,
                    byte: has_offsets.then_some(cut.position.byte),
                },
                raw,
                spans,
                fault,
            });
        }
        quoted.split_into(&mut rows, separator);
        if let Some(width) = width {
            for entry in rows
                .entries
                .iter_mut()
                .filter(|entry| entry.fault.is_none())
            {
                entry.fault =
                    (entry.spans.range().len() != width).then_some(RowFault::WrongFieldCount);
            }
        }
        rows
    }
}

/// The bytes of a block on their way to text.
enum Text {
    /// All of them are text as they stand, and nothing is copied.
    Whole,
    /// Records are decoded one by one.
    Bytes(Vec<u8>),
}

impl Text {
    fn of(bytes: Vec<u8>, cuts: &[(Cut, Encoding)], text: &mut String) -> Text {
        let is_gb18030 = |(_, encoding): &(Cut, Encoding)| *encoding == Encoding::Gb18030;
        if cuts.iter().any(is_gb18030) && !bytes.is_ascii() {
            text.reserve(bytes.len());
            return Text::Bytes(bytes);
        }
        // A record beyond the limit may end within a character, and what comes next in the block may even complete it.
        let is_whole = |whole: &String| {
            let mut ends = cuts.iter().flat_map(|(cut, _)| [cut.start, cut.end]);
            ends.all(|end| whole.is_char_boundary(end))
        };
        match String::from_utf8(bytes) {
            Ok(whole) if is_whole(&whole) => {
                *text = whole;
                Text::Whole
            }
            Ok(whole) => Text::Bytes(whole.into_bytes()),
            Err(error) => Text::Bytes(error.into_bytes()),
        }
    }

    /// Where the text of a record lies in the block's, and whether its bytes were right.
    fn of_cut(&self, cut: &Cut, encoding: Encoding, text: &mut String) -> (Span, bool) {
        let Text::Bytes(bytes) = self else {
            return (Span::new(cut.start, cut.end), true);
        };
        let bytes = bytes.get(cut.start..cut.end).unwrap_or_default();
        let start = text.len();
        let is_valid = decode_into(encoding, bytes, text);
        (Span::new(start, text.len()), is_valid)
    }
}

/// Without quotes every separator parts two fields, which stay where they are in the raw text.
fn split_unquoted(text: &str, raw: Span, separator: u8, spans: &mut Vec<Span>) {
    let raw = raw.range();
    let mut start = raw.start;
    for found in memchr_iter(
        separator,
        text.as_bytes().get(raw.clone()).unwrap_or_default(),
    ) {
        spans.push(Span::new(start, raw.start + found));
        start = raw.start + found + 1;
    }
    spans.push(Span::new(start, raw.end));
}

/// Records with quotes, which the `csv` crate splits: all of a block in one go.
struct QuotedRecords {
    /// Indices among the block's rows.
    rows: Vec<usize>,
    /// The records' text, each with a line feed after it.
    text: String,
}

impl QuotedRecords {
    fn new() -> QuotedRecords {
        // The reader drops a byte order mark at the start, and blank lines; here a mark would be data.
        QuotedRecords {
            rows: Vec::new(),
            text: String::from("\n"),
        }
    }

    fn add(&mut self, row: usize, record: &str) {
        self.rows.push(row);
        self.text.push_str(record);
        self.text.push('\n');
    }

    /// Appends the unquoted fields to the block's text. The cutter has checked that every quote closes, so
    /// the reader finds the same records.
    fn split_into(self, rows: &mut RowBlock, separator: u8) {
        if self.rows.is_empty() {
            // Most blocks have no quote, and the reader's buffers cost something.
            return;
        }
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .from_reader(self.text.as_bytes());
        let mut record = StringRecord::new();
        for row in self.rows {
            let Some(entry) = rows.entries.get_mut(row) else {
                continue;
            };
            if !matches!(reader.read_record(&mut record), Ok(true)) {
                entry.fault = Some(RowFault::BadQuote);
                continue;
            }
            let first_span = rows.spans.len();
            for field in &record {
                let start = rows.text.len();
                rows.text.push_str(field);
                rows.spans.push(Span::new(start, rows.text.len()));
            }
            entry.spans = Span::new(first_span, rows.spans.len());
        }
    }
}
