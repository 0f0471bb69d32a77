//! The serial stage of JSON lines: where lines end, and which encoding they are in.

use memchr::memchr;

use crate::raw::encoding::{SAMPLE, judge_lines};
use crate::raw::input::Input;
use crate::raw::{Encoding, RawError};

/// One physical line.
pub(super) struct LineCut {
    /// Physical line, from 1.
    pub line: u64,
    /// Bytes of the text before the line.
    pub byte: u64,
    /// Index of the first byte among the bytes that wait to be taken.
    pub start: usize,
    /// After the last byte, without the line end.
    pub end: usize,
    /// The line goes on beyond the record limit; the rest is dropped.
    pub too_long: bool,
}

/// Cuts lines with LF or CRLF. In UTF-8 and GB18030 no byte of a longer character is a line feed, so that lines are
/// cut before they are decoded.
pub(super) struct Lines {
    input: Input,
    record_limit: usize,
    /// Index where the next line starts, among the bytes that wait to be taken.
    cursor: usize,
    line: u64,
    byte: u64,
    encoding: Option<Encoding>,
    has_offsets: bool,
    /// Bytes of the text up to which the encoding has been looked for.
    judged_to: u64,
}

impl Lines {
    /// The lines of `input`, before which `byte` bytes were taken; `told` is the encoding if a mark tells it.
    pub fn new(input: Input, byte: u64, record_limit: usize, told: Option<Encoding>) -> Lines {
        Lines {
            input,
            record_limit,
            cursor: 0,
            line: 1,
            byte,
            encoding: told,
            has_offsets: !matches!(told, Some(Encoding::Utf16Le | Encoding::Utf16Be)),
            judged_to: 0,
        }
    }

    /// Whether offsets in the text are offsets in the object: not where it was transcoded.
    pub fn has_offsets(&self) -> bool {
        self.has_offsets
    }

    /// The encoding as far as it is told.
    pub fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or(Encoding::Utf8)
    }

    /// Bytes cut since the last [`Lines::take`].
    pub fn cut_len(&self) -> usize {
        self.cursor
    }

    /// Takes out the bytes of all cuts so far, which their indices refer to.
    pub fn take(&mut self) -> Vec<u8> {
        let length = std::mem::take(&mut self.cursor);
        self.input.take(length)
    }

    /// Cuts the next line; `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<LineCut>, RawError> {
        let (start, line, byte) = (self.cursor, self.line, self.byte);
        let Some(length) = self.line_length()? else {
            return Ok(None);
        };
        let too_long = length > self.record_limit;
        let kept = length.min(self.record_limit);
        let dropped = if too_long {
            self.input.drop_line(start + kept)?
        } else {
            0
        };
        self.cursor += kept;
        self.byte += kept as u64 + dropped;
        self.line += 1;
        let mut text = self.waiting(start, start + kept);
        if !too_long {
            text = text.strip_suffix(b"\n").unwrap_or(text);
            text = text.strip_suffix(b"\r").unwrap_or(text);
        }
        Ok(Some(LineCut {
            line,
            byte,
            start,
            end: start + text.len(),
            too_long,
        }))
    }

    /// Length of the line at the cursor with its line end, or any length beyond the limit once it is passed.
    fn line_length(&mut self) -> Result<Option<usize>, RawError> {
        let mut seen = 0;
        loop {
            let rest = self.input.pending().get(self.cursor..).unwrap_or_default();
            if let Some(found) = memchr(b'\n', rest.get(seen..).unwrap_or_default()) {
                return Ok(Some(seen + found + 1));
            }
            seen = rest.len();
            if seen > self.record_limit {
                return Ok(Some(seen));
            }
            if !self.input.fill()? {
                return Ok((seen > 0).then_some(seen));
            }
        }
    }

    /// Whether the line holds nothing but white space of JSON.
    pub fn is_blank(&self, cut: &LineCut) -> bool {
        let text = self.waiting(cut.start, cut.end);
        !cut.too_long && text.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
    }

    fn waiting(&self, start: usize, end: usize) -> &[u8] {
        self.input.pending().get(start..end).unwrap_or_default()
    }

    /// The encoding of a line, which may be the first to tell.
    pub fn encoding_of(&mut self, cut: &LineCut) -> Result<Encoding, RawError> {
        while self.encoding.is_none() {
            let judged = usize::try_from(self.judged_to.saturating_sub(cut.byte))
                .unwrap_or(usize::MAX)
                .min(cut.end - cut.start);
            let rest = self.waiting(cut.start + judged, cut.end);
            let Some(first) = first_beyond_ascii(rest) else {
                break;
            };
            let from = cut.start + judged + first;
            self.input.fill_to(from.saturating_add(SAMPLE))?;
            let ahead = self.input.pending().get(from..).unwrap_or_default();
            let sample = ahead.get(..SAMPLE).unwrap_or(ahead);
            let length = sample.len();
            self.encoding = judge_lines(sample, length < SAMPLE);
            self.judged_to = cut.byte + (judged + first + length) as u64;
        }
        Ok(self.encoding())
    }
}

/// Index of the first byte that is not ASCII; quick where there is none.
fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    if bytes.is_ascii() {
        return None;
    }
    bytes.iter().position(|byte| !byte.is_ascii())
}
