//! UTF-8 or GB18030: which one a file is in, and decoding. UTF-16 is told and transcoded before ([`super::utf16`]).

use std::fmt;

use encoding_rs::{DecoderResult, GB18030};

/// Bytes that are judged at a time: from the first byte beyond ASCII on.
pub(super) const SAMPLE: usize = 1 << 20;

/// Encoding of a text file. GB18030 includes GBK and GB 2312.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Gb18030,
    Utf16Le,
    Utf16Be,
}

impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Gb18030 => "gb18030",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        })
    }
}

/// Length of the UTF-8 byte order mark at the start of a file, 0 if there is none.
pub(super) fn byte_order_mark(sample: &[u8]) -> usize {
    const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
    if sample.starts_with(&MARK) {
        MARK.len()
    } else {
        0
    }
}

/// What a piece of text says about the encoding; `None` if it says nothing: ASCII, or valid in neither,
/// or in both alike.
pub(super) fn judge(text: &[u8]) -> Option<Encoding> {
    if text.is_ascii() {
        return None;
    }
    let is_gb18030 = || {
        GB18030
            .decode_without_bom_handling_and_without_replacement(text)
            .is_some()
    };
    match std::str::from_utf8(text) {
        Err(_) => is_gb18030().then_some(Encoding::Gb18030),
        // One in six common Chinese characters is, in GB18030, also one two-byte character of UTF-8 (模 reads
        // as ģ), so short texts happen to be both. Chinese in UTF-8 takes three bytes a character.
        Ok(decoded)
            if decoded.chars().all(|character| character.len_utf8() <= 2) && is_gb18030() =>
        {
            None
        }
        Ok(_) => Some(Encoding::Utf8),
    }
}

/// The encoding of most physical lines that say anything. A broken line is one voice at most, so it does
/// not turn the file. `ends` tells that the sample ends with the file and not in the middle of a line.
pub(super) fn judge_lines(sample: &[u8], ends: bool) -> Option<Encoding> {
    let whole_lines = match memchr::memrchr(b'\n', sample) {
        Some(last) if !ends => &sample[..last],
        _ => sample,
    };
    let (mut utf8, mut gb18030) = (0_u64, 0_u64);
    for line in whole_lines.split(|byte| *byte == b'\n') {
        match judge(line) {
            Some(Encoding::Gb18030) => gb18030 += 1,
            Some(_) => utf8 += 1,
            None => {}
        }
    }
    match (utf8, gb18030) {
        (0, 0) => None,
        _ if gb18030 > utf8 => Some(Encoding::Gb18030),
        _ => Some(Encoding::Utf8),
    }
}

/// Appends the decoded bytes to `text`; wrong bytes become U+FFFD. Tells whether there were none.
pub(super) fn decode_into(encoding: Encoding, bytes: &[u8], text: &mut String) -> bool {
    match encoding {
        Encoding::Gb18030 => decode_gb18030_into(bytes, text),
        // Text that was UTF-16 comes transcoded.
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => {
            match std::str::from_utf8(bytes) {
                Ok(valid) => {
                    text.push_str(valid);
                    true
                }
                Err(_) => {
                    text.push_str(&String::from_utf8_lossy(bytes));
                    false
                }
            }
        }
    }
}

fn decode_gb18030_into(bytes: &[u8], text: &mut String) -> bool {
    let before = text.len();
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    // The bound is absent only where it would overflow; then the buffer proves full and replacement serves.
    text.reserve(
        decoder
            .max_utf8_buffer_length_without_replacement(bytes.len())
            .unwrap_or(0),
    );
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, text, true);
    if result == DecoderResult::InputEmpty {
        return true;
    }
    text.truncate(before);
    let (replaced, has_errors) = GB18030.decode_without_bom_handling(bytes);
    text.push_str(&replaced);
    !has_errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb18030(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn text_is_judged_by_what_it_can_only_be() {
        assert_eq!(judge(b"plain"), None);
        assert_eq!(judge("济南市".as_bytes()), Some(Encoding::Utf8));
        assert_eq!(judge(&gb18030("济南市")), Some(Encoding::Gb18030));
        assert_eq!(judge(b"X\xff0001"), None, "0xFF is in neither");
        assert_eq!(judge(&gb18030("模")), None, "also one character of UTF-8");
        assert_eq!(judge("é".as_bytes()), None, "also one character of GB18030");
    }

    #[test]
    fn one_broken_line_does_not_turn_a_file() {
        let mut sample = "姓名\n王伟\nX\u{0}\n".as_bytes().to_vec();
        sample.extend_from_slice(&gb18030("李娜\n"));
        sample.extend_from_slice(b"X\xff\n\xff\n\xff\n");
        assert_eq!(judge_lines(&sample, true), Some(Encoding::Utf8));

        let mut sample = gb18030("姓名\n王伟\n李娜\n");
        sample.extend_from_slice("王伟\n".as_bytes());
        sample.extend_from_slice(b"X\xff\n\xff\n\xff\n\xff\n");
        assert_eq!(judge_lines(&sample, true), Some(Encoding::Gb18030));

        assert_eq!(judge_lines(b"a\n\xff\n", true), None);
    }

    #[test]
    fn a_line_cut_short_by_the_sample_is_not_judged() {
        let text = "a\n王".as_bytes();
        let cut_short = &text[..text.len() - 1];
        assert_eq!(judge_lines(cut_short, false), None);
        assert_eq!(judge_lines(text, true), Some(Encoding::Utf8));
    }

    #[test]
    fn decoding_appends_and_replaces() {
        let mut text = String::from("前");
        assert!(decode_into(
            Encoding::Gb18030,
            &gb18030("王伟,é,𠮷"),
            &mut text
        ));
        assert!(decode_into(Encoding::Utf8, "后".as_bytes(), &mut text));
        assert!(decode_into(Encoding::Gb18030, b"", &mut text));
        assert_eq!(text, "前王伟,é,𠮷后");
        assert!(!decode_into(Encoding::Gb18030, b"X\xff1", &mut text));
        assert!(!decode_into(Encoding::Utf8, b"X\xff1", &mut text));
        assert!(
            !decode_into(Encoding::Gb18030, b"\xb0", &mut text),
            "half a character"
        );
        assert_eq!(text, "前王伟,é,𠮷后X\u{fffd}1X\u{fffd}1\u{fffd}");
    }

    #[test]
    fn marks() {
        assert_eq!(byte_order_mark(b"\xef\xbb\xbfa"), 3);
        assert_eq!(byte_order_mark(b"a"), 0);
    }
}
