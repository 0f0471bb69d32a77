//! The serial stage of delimited text.

use std::io::Read;

use super::csv_block::CsvBlock;
use super::cutter::{Cut, Cutter, Place};
use super::encoding::{SAMPLE, byte_order_mark, judge, judge_lines};
use super::input::Input;
use super::utf16::transcoded;
use super::{Encoding, Format, Limits, RawBlock, RawError, RecordReader, RowFault, separator};

/// Reads delimited text: UTF-8, GB18030 or UTF-16, separated by comma, semicolon or tab, quoted by RFC 4180.
///
/// A byte order mark settles UTF-8 or UTF-16. Else a header beyond ASCII settles the encoding. Else it is settled
/// where it first matters: at the first byte beyond ASCII, wherever that is, by most of the lines in the
/// 1 MiB from there on that are valid in one encoding only. Where no line tells, rows up to the end of that
/// 1 MiB count as UTF-8 and the next byte beyond ASCII decides.
pub struct CsvReader {
    cutter: Cutter,
    separator: u8,
    header: Vec<String>,
    encoding: Option<Encoding>,
    /// Whether offsets in the text are offsets in the object.
    has_offsets: bool,
    /// Bytes of the object up to which the encoding has been looked for.
    judged_to: u64,
    block_limit: usize,
}

impl CsvReader {
    /// Reads the header and settles the separator.
    ///
    /// # Errors
    /// [`RawError`] when there is no usable header, the encoding cannot be read at all, or reading fails.
    pub fn open(
        source: Box<dyn Read + Send>,
        format: Format,
        limits: Limits,
    ) -> Result<CsvReader, RawError> {
        let limits = limits.clamped();
        let (source, utf16) = transcoded(source)?;
        let mut input = Input::new(source, limits.block.min(limits.record));
        input.fill_to(SAMPLE)?;
        let mark = byte_order_mark(input.pending());
        input.take(mark);
        let sample = input.pending();
        let separator = separator::detect(&sample[..sample.len().min(SAMPLE - mark)], format);
        let start = Place {
            line: 1,
            byte: mark as u64,
        };
        let mut reader = CsvReader {
            cutter: Cutter::new(input, separator, limits.record, start),
            separator,
            header: Vec::new(),
            encoding: utf16.or((mark > 0).then_some(Encoding::Utf8)),
            has_offsets: utf16.is_none(),
            judged_to: 0,
            block_limit: limits.block,
        };
        reader.read_header(limits.record)?;
        Ok(reader)
    }

    /// The separator, found in the header line.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    fn read_header(&mut self, record_limit: usize) -> Result<(), RawError> {
        let cut = loop {
            let Some(cut) = self.cutter.next()? else {
                return Err(RawError::NoHeader);
            };
            if !cut.is_blank() {
                break cut;
            }
        };
        let line = cut.position.line;
        if cut.fault == Some(RowFault::BadQuote) {
            return Err(RawError::HeaderQuote { line });
        }
        if cut.fault.is_some() {
            return Err(RawError::HeaderTooLong {
                line,
                limit: record_limit,
            });
        }
        let bytes = self.cutter.bytes_of(&cut);
        if !cut.has_quote && bytes.contains(&b'\r') {
            return Err(RawError::CarriageReturns);
        }
        self.encoding = self.encoding.or(judge(bytes));
        let encoding = self.encoding_of(&cut)?;
        let block = CsvBlock {
            bytes: self.cutter.take(),
            cuts: vec![(cut, encoding)],
            separator: self.separator,
            width: None,
            has_offsets: self.has_offsets,
        };
        let rows = Box::new(block).parse();
        let header = rows.rows().next().filter(|row| row.fault.is_none());
        let header = header.ok_or(RawError::HeaderEncoding { line })?;
        self.header = header.fields.iter().map(str::to_owned).collect();
        Ok(())
    }

    /// The encoding of a record, which may be the first to tell.
    fn encoding_of(&mut self, cut: &Cut) -> Result<Encoding, RawError> {
        while self.encoding.is_none() {
            let judged = (self.judged_to.saturating_sub(cut.position.byte) as usize)
                .min(cut.end - cut.start);
            let rest = self.cutter.bytes_of(cut).get(judged..).unwrap_or_default();
            let Some(first) = first_beyond_ascii(rest) else {
                break;
            };
            let sample = self.cutter.look_ahead(cut.start + judged + first, SAMPLE)?;
            let sample_len = sample.len();
            self.encoding = judge_lines(sample, sample_len < SAMPLE);
            self.judged_to = cut.position.byte + (judged + first + sample_len) as u64;
        }
        Ok(self.encoding())
    }
}

impl RecordReader for CsvReader {
    fn header(&self) -> Option<&[String]> {
        Some(&self.header)
    }

    fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or(Encoding::Utf8)
    }

    fn next_block(&mut self) -> Result<Option<Box<dyn RawBlock>>, RawError> {
        let mut cuts = Vec::new();
        while let Some(cut) = self.cutter.next()? {
            if !cut.is_blank() {
                let encoding = self.encoding_of(&cut)?;
                cuts.push((cut, encoding));
            }
            if self.cutter.cut_len() < self.block_limit {
                continue;
            }
            if !cuts.is_empty() {
                break;
            }
            // Nothing but blank lines: let go of their bytes.
            self.cutter.take();
        }
        if cuts.is_empty() {
            return Ok(None);
        }
        let bytes = self.cutter.take();
        let block = CsvBlock {
            bytes,
            cuts,
            separator: self.separator,
            width: Some(self.header.len()),
            has_offsets: self.has_offsets,
        };
        Ok(Some(Box::new(block)))
    }
}

/// Index of the first byte that is not ASCII; quick where there is none.
fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    if bytes.is_ascii() {
        return None;
    }
    bytes.iter().position(|byte| !byte.is_ascii())
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor};

    use encoding_rs::GB18030;

    use super::*;

    fn open(bytes: impl AsRef<[u8]> + Send + 'static) -> Result<CsvReader, RawError> {
        CsvReader::open(Box::new(Cursor::new(bytes)), Format::Csv, Limits::default())
    }

    /// Line, fields joined by `|`, and fault of every row.
    fn rows(reader: &mut CsvReader) -> Vec<(u64, String, Option<RowFault>)> {
        let mut rows = Vec::new();
        while let Some(block) = reader.next_block().unwrap() {
            for row in block.parse().rows() {
                let fields: Vec<&str> = row.fields.iter().collect();
                rows.push((row.position.line, fields.join("|"), row.fault));
            }
        }
        rows
    }

    fn row(line: u64, fields: &str, fault: Option<RowFault>) -> (u64, String, Option<RowFault>) {
        (line, fields.to_owned(), fault)
    }

    #[test]
    fn header_separator_and_faults() {
        let text = "\u{feff}\r\n班级编号;\"机构;代码\"\r\nC1;\"a\"\"b\r\n;\"\r\nC2\r\nC3;x;\r\n;\r\n\"C4\"x;y\r\n";
        let mut reader = open(text).unwrap();
        assert_eq!(reader.header().unwrap(), ["班级编号", "机构;代码"]);
        assert_eq!(reader.separator(), b';');
        assert_eq!(
            rows(&mut reader),
            [
                row(3, "C1|a\"b\r\n;", None),
                row(5, "C2", Some(RowFault::WrongFieldCount)),
                row(6, "C3|x|", Some(RowFault::WrongFieldCount)),
                row(7, "|", None),
                row(8, "", Some(RowFault::BadQuote)),
            ]
        );
    }

    #[test]
    fn bad_quote_goes_before_bad_encoding_and_that_before_field_count() {
        let mut reader = open(&b"a,b\n\"\xff\"x\n\xff\n\xff,\"1\"\n"[..]).unwrap();
        assert_eq!(
            rows(&mut reader),
            [
                row(2, "", Some(RowFault::BadQuote)),
                row(3, "", Some(RowFault::BadEncoding)),
                row(4, "", Some(RowFault::BadEncoding)),
            ]
        );
    }

    #[test]
    fn files_that_cannot_be_read_say_why() {
        assert!(matches!(open(""), Err(RawError::NoHeader)));
        assert!(matches!(open("\u{feff}\r\n\n"), Err(RawError::NoHeader)));
        assert!(matches!(
            open("\n\"a,b\n1,2\n"),
            Err(RawError::HeaderQuote { line: 2 })
        ));
        assert!(matches!(
            open(&b"a,\xff\n"[..]),
            Err(RawError::HeaderEncoding { line: 1 })
        ));
        assert!(matches!(
            open(&b"\xff\xfe\0\0a\0\0\0"[..]),
            Err(RawError::UnsupportedEncoding { .. })
        ));
        assert!(matches!(
            open("a,b\r1,2\r3,4\r"),
            Err(RawError::CarriageReturns)
        ));
        let limits = Limits {
            record: 3,
            ..Limits::default()
        };
        let long = CsvReader::open(Box::new(&b"a,b,c\n"[..]), Format::Csv, limits);
        assert!(matches!(
            long,
            Err(RawError::HeaderTooLong { line: 1, limit: 3 })
        ));
    }

    #[test]
    fn a_failing_source_is_an_error_with_its_place() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("disk"))
            }
        }
        let source = Box::new(Cursor::new(b"a,b\n1,2\n").chain(Broken));
        let opened = CsvReader::open(source, Format::Csv, Limits::default());
        assert!(matches!(opened, Err(RawError::Read { byte: 8, .. })));
    }

    /// More ASCII rows than are looked at when the file is opened.
    fn long_ascii_start() -> Vec<u8> {
        let mut bytes = b"id,name\n".to_vec();
        while bytes.len() <= SAMPLE + SAMPLE / 2 {
            bytes.extend_from_slice(b"1,plain\n");
        }
        bytes
    }

    #[test]
    fn the_encoding_is_settled_where_it_first_matters() {
        let tail = "2,模\n3,王伟\n4,\"李,娜\"\n";
        for (encoding, encoded) in [
            (Encoding::Utf8, tail.as_bytes().to_vec()),
            (Encoding::Gb18030, GB18030.encode(tail).0.into_owned()),
        ] {
            let mut bytes = long_ascii_start();
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            bytes.extend_from_slice(&encoded);
            let mut reader = open(bytes).unwrap();
            assert_eq!(reader.encoding(), Encoding::Utf8);
            let rows = rows(&mut reader);
            assert_eq!(reader.encoding(), encoding);
            assert!(rows.iter().all(|(_, _, fault)| fault.is_none()));
            assert_eq!(
                rows[rows.len() - 3..],
                [
                    row(lines + 1, "2|模", None),
                    row(lines + 2, "3|王伟", None),
                    row(lines + 3, "4|李,娜", None)
                ]
            );
        }
    }

    #[test]
    fn lines_that_tell_nothing_leave_the_encoding_open() {
        let mut bytes = b"id,name\n1,\xff\n".to_vec();
        bytes.extend_from_slice(&long_ascii_start());
        bytes.extend_from_slice(&GB18030.encode("2,王伟\n3,\u{20}李娜\n").0);
        bytes.extend_from_slice("4,王\n".as_bytes());
        let mut reader = open(bytes).unwrap();
        let rows = rows(&mut reader);
        assert_eq!(reader.encoding(), Encoding::Gb18030);
        assert_eq!(rows[0].2, Some(RowFault::BadEncoding));
        assert_eq!(rows[rows.len() - 3].1, "2|王伟");
        assert_eq!(
            rows[rows.len() - 1].2,
            Some(RowFault::BadEncoding),
            "an odd number of bytes"
        );
    }

    #[test]
    fn a_header_beyond_ascii_settles_the_encoding() {
        let mut bytes = GB18030.encode("编号,姓名\n").0.into_owned();
        bytes.extend_from_slice("1,王伟\n2,李娜\n".as_bytes());
        let reader = open(bytes).unwrap();
        assert_eq!(reader.encoding(), Encoding::Gb18030);
        assert_eq!(reader.header().unwrap(), ["编号", "姓名"]);
    }

    #[test]
    fn utf16_is_transcoded_and_its_lines_counted() {
        let bytes: Vec<u8> = "\u{feff}编号\t姓名\r\n1\t\"王\r\n伟\"\r\n2\t李娜\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut reader = open(bytes).unwrap();
        assert_eq!(reader.encoding(), Encoding::Utf16Le);
        assert_eq!(reader.header().unwrap(), ["编号", "姓名"]);
        let block = reader.next_block().unwrap().unwrap().parse();
        assert!(block.rows().all(|row| row.position.byte.is_none()));
        let lines: Vec<u64> = block.rows().map(|row| row.position.line).collect();
        assert_eq!(lines, [2, 4]);
    }

    #[test]
    fn gb18030_bytes_that_look_like_ascii_do_not_split() {
        // 乗 ends in byte 0x5C and 亅 in 0x7C; the four bytes of ￱ hold digits.
        let text = "编号,姓名\n1,乗|亅\u{fff1}\n";
        let mut reader = open(GB18030.encode(text).0.into_owned()).unwrap();
        assert_eq!(rows(&mut reader), [row(2, "1|乗|亅\u{fff1}", None)]);
    }

    #[test]
    fn blank_lines_without_end_take_no_memory() {
        let source = Cursor::new(b"a\n")
            .chain(io::repeat(b'\n').take(20 << 20))
            .chain(Cursor::new(b"1\n"));
        let limits = Limits {
            block: 1 << 16,
            record: 1 << 16,
            ..Limits::default()
        };
        let mut reader = CsvReader::open(Box::new(source), Format::Csv, limits).unwrap();
        let block = reader.next_block().unwrap().unwrap();
        assert!(block.byte_len() <= 1 << 17);
        assert_eq!(
            block.parse().rows().next().unwrap().position.line,
            (20 << 20) + 2
        );
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let source = Cursor::new(b"a,b\n\"")
            .chain(io::repeat(b'x').take(20 << 20))
            .chain(Cursor::new(b"\n1,2\n"));
        let limits = Limits {
            block: 1 << 16,
            record: 1 << 17,
            ..Limits::default()
        };
        let mut reader = CsvReader::open(Box::new(source), Format::Csv, limits).unwrap();
        let block = reader.next_block().unwrap().unwrap();
        assert!(block.byte_len() <= 1 << 18);
        assert_eq!(rows(&mut reader), [row(3, "1|2", None)]);
        let parsed = block.parse();
        let first = parsed.rows().next().unwrap();
        assert_eq!(
            (first.fault, first.raw.len()),
            (Some(RowFault::BadQuote), 1 << 17)
        );
    }
}
