//! The parallel stage of JSON lines: decodes cut lines and finds the fields of their objects.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::fmt;
use std::sync::Arc;

use memchr::{memchr, memmem};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::lines::LineCut;
use crate::raw::encoding::decode_into;
use crate::raw::rows::{Entry, Span};
use crate::raw::{Encoding, Position, RawBlock, RowBlock, RowFault};

/// Distinct names in one block, those of the header among them. No feed has a hundredth of it.
const MOST_NAMES: usize = 4096;

/// Every row of a block has a span for every name of the block, also for fields it lacks, so that a few wide objects
/// among many `{}` would swell a block of 1 MiB to 350 thousand rows × 4096 names × 8 bytes. Hence rows × names are at
/// most these 4 Mi spans (32 MiB): blocks have at most [`MOST_ROWS`] rows, fewer under a wide header, and what is left
/// of the spans limits the names that one block can add. Honest objects are some 200 bytes long, so their blocks of 1
/// MiB reach neither limit: 5 thousand rows leave room for 800 names, and 16 thousand for 256.
pub(super) const MOST_SPANS: usize = 4 << 20;

/// Lines of one block.
pub(super) const MOST_ROWS: usize = 16 << 10;

/// Levels of nesting, the object of the line included: what `serde_json` takes where it builds values. Here it only
/// skips them, which has no limit of its own.
const MOST_LEVELS: usize = 127;

/// Lines of one block, with their bytes.
pub(super) struct JsonBlock {
    pub bytes: Vec<u8>,
    /// In file order, with indices into `bytes`, and the encoding each is in.
    pub cuts: Vec<(LineCut, Encoding)>,
    /// Names of the first block; empty for that block itself.
    pub header: Arc<[String]>,
    /// Whether the cuts' offsets are those of the object: not where its text was transcoded.
    pub has_offsets: bool,
}

impl JsonBlock {
    /// Whether the whole block is one line in which objects end with a lone carriage return. No line that parses
    /// has an object right after another.
    pub fn is_one_line_of_carriage_returns(&self) -> bool {
        let one_line = self.cuts.len() == 1;
        one_line && memmem::find(&self.bytes, b"}\r{").is_some()
    }
}

impl RawBlock for JsonBlock {
    fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    fn parse(self: Box<Self>) -> RowBlock {
        self.rows()
    }
}

impl JsonBlock {
    /// The rows of the lines.
    pub fn rows(&self) -> RowBlock {
        let mut text = String::with_capacity(self.bytes.len());
        let mut entries = Vec::with_capacity(self.cuts.len());
        let mut objects = Objects::new(&self.header, self.cuts.len());
        let mut unescaped = String::new();
        for (cut, encoding) in &self.cuts {
            let bytes = self.bytes.get(cut.start..cut.end).unwrap_or_default();
            let start = text.len();
            let is_valid = decode_into(*encoding, bytes, &mut text);
            let raw = Span::new(start, text.len());
            unescaped.clear();
            let fault = if cut.too_long {
                Some(RowFault::WrongFieldCount)
            } else if !is_valid {
                Some(RowFault::BadEncoding)
            } else {
                let line = text.get(raw.range()).unwrap_or_default();
                let is_object = objects.read(line, start, &mut unescaped);
                (!is_object).then_some(RowFault::WrongFieldCount)
            };
            text.push_str(&unescaped);
            entries.push(Entry {
                position: Position {
                    line: cut.line,
                    byte: self.has_offsets.then_some(cut.byte),
                },
                raw,
                spans: objects.end_row(),
                fault,
            });
        }
        let (header, spans) = objects.lay_out(&mut entries);
        RowBlock {
            header: Some(header),
            text,
            spans,
            entries,
        }
    }
}

/// The names of a block, and the fields found so far.
struct Objects {
    names: Vec<String>,
    columns: HashMap<String, usize>,
    most_names: usize,
    /// By column, the last line (from 1) that had it: tells a name given twice.
    last_line: Vec<usize>,
    /// Number of the line being read, from 1.
    line: usize,
    /// Column and place of every field, row after row.
    found: Vec<(u32, Span)>,
    /// Where the fields of the row being read start in `found`.
    row_start: usize,
}

impl Objects {
    fn new(header: &[String], rows: usize) -> Objects {
        let room = MOST_SPANS / rows.max(1);
        Objects {
            names: header.to_vec(),
            columns: header.iter().cloned().zip(0..).collect(),
            most_names: room.min(MOST_NAMES).max(header.len()),
            last_line: vec![0; header.len()],
            line: 0,
            found: Vec::with_capacity(rows * header.len().min(64)),
            row_start: 0,
        }
    }

    /// Finds the fields of a line, which starts at `start` in the block's text; strings with escapes are put into
    /// `unescaped`, which is to follow the line. Tells whether the line is one object with no name twice; else nothing
    /// of it stays.
    fn read(&mut self, line: &str, start: usize, unescaped: &mut String) -> bool {
        self.line += 1;
        let names_before = self.names.len();
        let mut deserializer = serde_json::Deserializer::from_str(line);
        let object = Object {
            objects: self,
            line,
            start,
            unescaped,
        };
        let is_read = object.deserialize(&mut deserializer).is_ok() && deserializer.end().is_ok();
        if !is_read {
            for name in self.names.drain(names_before..) {
                self.columns.remove(&name);
            }
            self.last_line.truncate(names_before);
            self.found.truncate(self.row_start);
            unescaped.clear();
        }
        is_read
    }

    /// The column of a name, if there is room for it and the line has not had it before. `expected` is the column
    /// after the one before: objects of one file mostly have the same names in the same order.
    fn column(&mut self, name: &str, expected: usize) -> Option<usize> {
        let column = match self.names.get(expected) {
            Some(known) if known == name => expected,
            _ => self.column_by_name(name)?,
        };
        let last_line = self.last_line.get_mut(column)?;
        let is_new = *last_line != self.line;
        *last_line = self.line;
        is_new.then_some(column)
    }

    fn column_by_name(&mut self, name: &str) -> Option<usize> {
        if let Some(column) = self.columns.get(name) {
            return Some(*column);
        }
        let column = self.names.len();
        if column >= self.most_names {
            return None;
        }
        self.names.push(name.to_owned());
        self.last_line.push(0);
        if let Slot::Vacant(slot) = self.columns.entry(name.to_owned()) {
            slot.insert(column);
        }
        Some(column)
    }

    /// The fields found since the last call, as a range of `found`.
    fn end_row(&mut self) -> Span {
        let start = std::mem::replace(&mut self.row_start, self.found.len());
        Span::new(start, self.found.len())
    }

    /// Gives every whole row one span a name; absent fields are empty.
    fn lay_out(self, entries: &mut [Entry]) -> (Vec<String>, Vec<Span>) {
        let width = self.names.len();
        let whole = entries.iter().filter(|entry| entry.fault.is_none()).count();
        let mut spans = vec![Span::default(); whole * width];
        let mut start = 0;
        for entry in entries {
            if entry.fault.is_some() {
                entry.spans = Span::default();
                continue;
            }
            let row = spans.get_mut(start..start + width).unwrap_or_default();
            for (column, span) in self.found.get(entry.spans.range()).unwrap_or_default() {
                if let Some(slot) = row.get_mut(*column as usize) {
                    *slot = *span;
                }
            }
            entry.spans = Span::new(start, start + width);
            start += width;
        }
        (self.names, spans)
    }
}

/// Takes in the object of one line.
struct Object<'a> {
    objects: &'a mut Objects,
    line: &'a str,
    /// Where the line starts in the block's text.
    start: usize,
    unescaped: &'a mut String,
}

impl Object<'_> {
    /// Where the text of a value lies, or `None` for what is no text: half a surrogate pair, or too deep nesting.
    fn place(&mut self, value: &str) -> Option<Span> {
        let offset = value.as_ptr().addr() - self.line.as_ptr().addr();
        let start = self.start + offset;
        let whole = Span::new(start, start + value.len());
        match value.as_bytes().first()? {
            b'n' => Some(Span::new(start, start)),
            b'"' if memchr(b'\\', value.as_bytes()).is_none() => {
                Some(Span::new(start + 1, start + value.len() - 1))
            }
            b'"' => {
                let text: String = serde_json::from_str(value).ok()?;
                let start = self.start + self.line.len() + self.unescaped.len();
                self.unescaped.push_str(&text);
                Some(Span::new(start, start + text.len()))
            }
            b'{' | b'[' => (levels(value) < MOST_LEVELS).then_some(whole),
            _ => Some(whole),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut expected = 0;
        while let Some(Name(name)) = map.next_key()? {
            let column = self.objects.column(&name, expected);
            let column = column.ok_or_else(|| A::Error::custom("a name twice, or too many"))?;
            let value: &RawValue = map.next_value()?;
            let span = self.place(value.get());
            let span = span.ok_or_else(|| A::Error::custom("no text"))?;
            self.objects.found.push((column as u32, span));
            expected = column + 1;
        }
        Ok(())
    }
}

/// A name, borrowed where it has no escapes.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// How deep arrays and objects lie in each other, in text that is valid JSON.
fn levels(value: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => skip_string(&mut bytes),
            _ => {}
        }
    }
    deepest
}

fn skip_string(bytes: &mut std::str::Bytes<'_>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}
