//! JSON lines: one object a line, whose names are the columns.

mod block;
mod lines;

#[cfg(test)]
mod tests;

use std::io::Read;
use std::sync::Arc;

use super::encoding::byte_order_mark;
use super::input::Input;
use super::utf16::transcoded;
use super::{Encoding, Limits, RawBlock, RawError, RecordReader};
use block::{JsonBlock, MOST_ROWS, MOST_SPANS};
use lines::Lines;

/// Reads one JSON object a line: UTF-8, GB18030 or UTF-16, told as in delimited text.
///
/// The header is the names of the first block's objects. An object of a later block may bring further names; they
/// stand after those of the header in the block's own.
pub struct JsonLinesReader {
    lines: Lines,
    /// Names of the first block; `None` when there is no record.
    header: Option<Arc<[String]>>,
    /// Read to find the header, and not yet handed out.
    first: Option<JsonBlock>,
    block_limit: usize,
}

impl JsonLinesReader {
    /// Reads the first block and takes the header from it.
    ///
    /// # Errors
    /// [`RawError`] when reading fails, the text is UTF-32, or lines end with a carriage return alone.
    pub fn open(source: Box<dyn Read + Send>, limits: Limits) -> Result<JsonLinesReader, RawError> {
        let limits = limits.clamped();
        let (source, utf16) = transcoded(source)?;
        let mut input = Input::new(source, limits.block.min(limits.record));
        input.fill_to(3)?;
        let mark = byte_order_mark(input.pending());
        input.take(mark);
        let told = utf16.or((mark > 0).then_some(Encoding::Utf8));
        let mut reader = JsonLinesReader {
            lines: Lines::new(input, mark as u64, limits.record, told),
            header: None,
            first: None,
            block_limit: limits.block,
        };
        let Some(first) = reader.cut_block()? else {
            return Ok(reader);
        };
        if first.is_one_line_of_carriage_returns() {
            return Err(RawError::CarriageReturns);
        }
        reader.header = Some(first.rows().header.unwrap_or_default().into());
        reader.first = Some(first);
        Ok(reader)
    }

    fn cut_block(&mut self) -> Result<Option<JsonBlock>, RawError> {
        let header = self.header.clone().unwrap_or_default();
        // Every row holds a span for every name of the header, whether it has the field or not. Half of them are left
        // for names that the block adds.
        let most_rows = (MOST_SPANS / 2 / header.len().max(1)).clamp(1, MOST_ROWS);
        let mut cuts = Vec::new();
        while let Some(cut) = self.lines.next()? {
            if !self.lines.is_blank(&cut) {
                let encoding = self.lines.encoding_of(&cut)?;
                cuts.push((cut, encoding));
            }
            if self.lines.cut_len() < self.block_limit && cuts.len() < most_rows {
                continue;
            }
            if !cuts.is_empty() {
                break;
            }
            // Nothing but blank lines: let go of their bytes.
            self.lines.take();
        }
        if cuts.is_empty() {
            return Ok(None);
        }
        Ok(Some(JsonBlock {
            bytes: self.lines.take(),
            cuts,
            header,
            has_offsets: self.lines.has_offsets(),
        }))
    }
}

impl RecordReader for JsonLinesReader {
    fn header(&self) -> Option<&[String]> {
        self.header.as_deref()
    }

    fn records_name_fields(&self) -> bool {
        true
    }

    fn encoding(&self) -> Encoding {
        self.lines.encoding()
    }

    fn next_block(&mut self) -> Result<Option<Box<dyn RawBlock>>, RawError> {
        let block = match self.first.take() {
            Some(first) => Some(first),
            None => self.cut_block()?,
        };
        Ok(block.map(|block| Box::new(block) as Box<dyn RawBlock>))
    }
}
