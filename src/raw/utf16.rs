//! UTF-16 to UTF-8 in front of a reader of text.

use std::io::{Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE};

use super::decompress::fault_of;
use super::{Encoding, RawError};

/// Bytes at the start of a file by which UTF-16 without a byte order mark is told.
const PROBE: usize = 1024;
const CHUNK: usize = 64 * 1024;
/// How many times more zeros must lie on one side than on the other.
const FEW: usize = 4;
/// Stands for what is no character: no text in UTF-8 holds it, so its record becomes a `bad_encoding`.
const WRONG: u8 = 0xFF;

/// The source as it is, or as UTF-8 with the encoding that it had, when it is UTF-16.
///
/// # Errors
/// [`RawError::Read`] when its first bytes cannot be read, [`RawError::UnsupportedEncoding`] for UTF-32.
pub(super) fn transcoded(
    mut source: Box<dyn Read + Send>,
) -> Result<(Box<dyn Read + Send>, Option<Encoding>), RawError> {
    let mut probe = Vec::with_capacity(PROBE);
    if let Err(error) = (&mut source).take(PROBE as u64).read_to_end(&mut probe) {
        return Err(fault_of(probe.len() as u64, error));
    }
    let (encoding, mark) = judge(&probe)?;
    let whole = Cursor::new(probe.split_off(mark)).chain(source);
    let decoder = match encoding {
        None => return Ok((Box::new(whole), None)),
        Some(Encoding::Utf16Be) => UTF_16BE.new_decoder_without_bom_handling(),
        Some(_) => UTF_16LE.new_decoder_without_bom_handling(),
    };
    let text = Transcoder {
        source: whole,
        decoder,
        raw: vec![0; CHUNK],
        pending: 0..0,
        text: Vec::with_capacity(CHUNK * 2),
        given: 0,
        ended: false,
        finished: false,
    };
    Ok((Box::new(text), encoding))
}

/// The UTF-16 form by mark or by where the zero bytes of ASCII characters lie, and the length of the mark.
fn judge(probe: &[u8]) -> Result<(Option<Encoding>, usize), RawError> {
    if probe.starts_with(&[0xFF, 0xFE, 0, 0]) || probe.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(RawError::UnsupportedEncoding { name: "UTF-32" });
    }
    if probe.starts_with(&[0xFF, 0xFE]) {
        return Ok((Some(Encoding::Utf16Le), 2));
    }
    if probe.starts_with(&[0xFE, 0xFF]) {
        return Ok((Some(Encoding::Utf16Be), 2));
    }
    let zeros = |first: usize| {
        probe
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // One character in eight, separators and digits among them, is ASCII in any table; other text has no zeros.
    let some = probe.len() >= 4 && (even + odd) * 16 >= probe.len();
    // A few characters, 一 (U+4E00) among them, have their zero on the other side.
    let encoding = if !some {
        None
    } else if odd > FEW * even {
        Some(Encoding::Utf16Le)
    } else if even > FEW * odd {
        Some(Encoding::Utf16Be)
    } else {
        None
    };
    Ok((encoding, 0))
}

struct Transcoder<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Bytes of `raw` not yet decoded.
    pending: std::ops::Range<usize>,
    text: Vec<u8>,
    /// Bytes of `text` already handed on.
    given: usize,
    /// The source has ended.
    ended: bool,
    /// So has the decoder.
    finished: bool,
}

impl<R: Read> Transcoder<R> {
    fn refill(&mut self) -> std::io::Result<()> {
        self.given = 0;
        self.text.clear();
        self.text.resize(CHUNK * 2, 0);
        let mut written = 0;
        while written == 0 && !self.finished {
            if self.pending.is_empty() && !self.ended {
                let count = self.source.read(&mut self.raw)?;
                self.ended = count == 0;
                self.pending = 0..count;
            }
            let source = self.raw.get(self.pending.clone()).unwrap_or_default();
            let target = self.text.get_mut(written..).unwrap_or_default();
            let (result, read, count) = self
                .decoder
                .decode_to_utf8_without_replacement(source, target, self.ended);
            self.pending.start += read;
            written += count;
            match result {
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => break,
                DecoderResult::Malformed(_, _) => {
                    if let Some(slot) = self.text.get_mut(written) {
                        *slot = WRONG;
                        written += 1;
                    }
                }
            }
        }
        self.text.truncate(written);
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let ready = self.text.get(self.given..).unwrap_or_default();
        let count = ready.len().min(target.len());
        if let (Some(slot), Some(part)) = (target.get_mut(..count), ready.get(..count)) {
            slot.copy_from_slice(part);
        }
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    fn read(bytes: Vec<u8>) -> (Vec<u8>, Option<Encoding>) {
        let (mut source, encoding) = transcoded(Box::new(Cursor::new(bytes))).unwrap();
        let mut text = Vec::new();
        source.read_to_end(&mut text).unwrap();
        (text, encoding)
    }

    #[test]
    fn both_forms_with_and_without_a_mark() {
        let text = "编号,姓名\n1,王一𠮷\n".repeat(50_000);
        for (little, encoding) in [(true, Encoding::Utf16Le), (false, Encoding::Utf16Be)] {
            for mark in ["\u{feff}", ""] {
                let bytes = utf16(&format!("{mark}{text}"), little);
                let (found, told) = read(bytes);
                assert_eq!(told, Some(encoding));
                assert!(found == text.as_bytes(), "{encoding} {mark:?}");
            }
        }
    }

    #[test]
    fn other_text_passes_as_it_is() {
        for text in ["", "a", "a,b\n", "编号\n"] {
            assert_eq!(read(text.into()), (text.into(), None));
        }
    }

    #[test]
    fn half_a_character_is_no_text() {
        let mut bytes = utf16("\u{feff}a\n", true);
        bytes.extend_from_slice(&0xD800_u16.to_le_bytes());
        bytes.extend_from_slice(&utf16("b\n", true));
        bytes.push(b'c');
        let (text, _) = read(bytes);
        assert_eq!(text, b"a\n\xffb\n\xff");
    }
}
