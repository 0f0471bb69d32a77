//! The parallel stage of Parquet: cells to text.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::cells::{Bounded, Cells, Written};
use crate::raw::rows::{Entry, Span};
use crate::raw::{Position, RawBlock, RowBlock, RowFault};

/// Column names as they start a field of a JSON object: `{"name":` and `,"other":`.
pub(super) fn json_names(header: &[String]) -> Vec<String> {
    let mut names = Vec::with_capacity(header.len());
    for (column, name) in header.iter().enumerate() {
        let mut text = String::from(if column == 0 { "{" } else { "," });
        text.push('"');
        push_escaped(&mut text, name);
        text.push_str("\":");
        names.push(text);
    }
    names
}

/// Rows of one batch.
pub(super) struct ParquetBlock {
    pub batch: RecordBatch,
    pub names: Arc<[String]>,
    /// Number of the first row, from 1.
    pub first_row: u64,
    /// Bytes of its text, about.
    pub byte_len: usize,
    pub record_limit: usize,
}

impl RawBlock for ParquetBlock {
    fn byte_len(&self) -> usize {
        self.byte_len
    }

    fn parse(self: Box<Self>) -> RowBlock {
        // Damage that the library did not see when it read the batch.
        catch_unwind(AssertUnwindSafe(|| self.rows())).unwrap_or_else(|_| self.unreadable())
    }
}

impl ParquetBlock {
    fn rows(&self) -> RowBlock {
        let columns: Vec<Cells<'_>> = self.batch.columns().iter().map(Cells::new).collect();
        let mut rows = RowBlock {
            header: None,
            text: String::with_capacity(self.byte_len),
            spans: Vec::with_capacity(columns.len() * self.batch.num_rows()),
            entries: Vec::with_capacity(self.batch.num_rows()),
        };
        let mut unescaped = String::new();
        for row in 0..self.batch.num_rows() {
            self.push_row(row, &columns, &mut rows, &mut unescaped);
        }
        rows
    }

    /// Writes a row as a JSON object. Fields lie in it where they need no escapes, else after it.
    fn push_row(
        &self,
        row: usize,
        columns: &[Cells<'_>],
        rows: &mut RowBlock,
        unescaped: &mut String,
    ) {
        let start = rows.text.len();
        let first_span = rows.spans.len();
        // Names and quotes count: the limit is on what is kept.
        let most = start.saturating_add(self.record_limit);
        let (mut fault, mut is_cut_off) = (None, false);
        unescaped.clear();
        // Places in `unescaped`, by the index of their span.
        let mut moved: Vec<(usize, Span)> = Vec::new();
        for (name, column) in self.names.iter().zip(columns) {
            rows.text.push_str(name);
            if column.is_null(row) {
                let place = rows.text.len();
                rows.spans.push(Span::new(place, place));
                rows.text.push_str("null");
                continue;
            }
            rows.text.push('"');
            let field_start = rows.text.len();
            let written = column.write(row, &mut Bounded::new(&mut rows.text, most));
            let field = Span::new(field_start, rows.text.len());
            if needs_escapes(rows.text.get(field.range()).unwrap_or_default()) {
                let field = rows.text.split_off(field_start);
                push_escaped(&mut rows.text, &field);
                let place = unescaped.len();
                unescaped.push_str(&field);
                moved.push((rows.spans.len(), Span::new(place, unescaped.len())));
            }
            rows.spans.push(field);
            if written == Written::Replaced {
                fault = Some(RowFault::BadEncoding);
            }
            is_cut_off = written == Written::CutOff || rows.text.len() > most;
            if is_cut_off {
                break;
            }
            rows.text.push('"');
        }
        if !is_cut_off {
            rows.text.push('}');
        }
        if is_cut_off || rows.text.len() > most {
            fault = fault.or(Some(RowFault::WrongFieldCount));
            let end = most.min(rows.text.len());
            rows.text.truncate(rows.text.floor_char_boundary(end));
        }
        let raw = Span::new(start, rows.text.len());
        if fault.is_some() {
            rows.spans.truncate(first_span);
        } else {
            let base = rows.text.len();
            rows.text.push_str(unescaped);
            for (index, place) in moved {
                if let Some(span) = rows.spans.get_mut(index) {
                    *span = Span::new(base + place.range().start, base + place.range().end);
                }
            }
        }
        rows.entries.push(Entry {
            position: self.position(row),
            raw,
            spans: Span::new(first_span, rows.spans.len()),
            fault,
        });
    }

    fn position(&self, row: usize) -> Position {
        Position {
            line: self.first_row + row as u64,
            byte: None,
        }
    }

    /// Its rows, none of which can be read.
    fn unreadable(&self) -> RowBlock {
        let entry = |row| Entry {
            position: self.position(row),
            raw: Span::default(),
            spans: Span::default(),
            fault: Some(RowFault::BadEncoding),
        };
        RowBlock {
            entries: (0..self.batch.num_rows()).map(entry).collect(),
            ..RowBlock::default()
        }
    }
}

fn needs_escapes(text: &str) -> bool {
    text.bytes()
        .any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
}

/// Appends text as it stands between the quotes of a JSON string.
fn push_escaped(target: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '"' => target.push_str("\\\""),
            '\\' => target.push_str("\\\\"),
            '\n' => target.push_str("\\n"),
            '\r' => target.push_str("\\r"),
            '\t' => target.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(target, "\\u{:04x}", u32::from(control));
            }
            plain => target.push(plain),
        }
    }
}
