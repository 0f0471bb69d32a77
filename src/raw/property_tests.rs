//! Laws of reading delimited text, on random tables and random bytes.

use std::io::{Cursor, Read};

use csv::{QuoteStyle, Terminator, WriterBuilder};
use encoding_rs::GB18030;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cutter::{Cutter, Place};
use super::input::Input;
use super::{CsvReader, Encoding, Format, Limits, Position, RawError, RecordReader, RowFault};

/// Gives at most a few bytes at a time, as a network may.
struct ShortReads {
    bytes: Cursor<Vec<u8>>,
    most: usize,
}

impl Read for ShortReads {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(self.most);
        self.bytes.read(&mut buffer[..length])
    }
}

fn source(bytes: &[u8], most: usize) -> Box<dyn Read + Send> {
    Box::new(ShortReads {
        bytes: Cursor::new(bytes.to_vec()),
        most,
    })
}

#[derive(Debug, PartialEq, Eq)]
struct ReadRow {
    position: Position,
    fields: Vec<String>,
    fault: Option<RowFault>,
    raw: String,
}

fn read_all(
    bytes: &[u8],
    most: usize,
    limits: Limits,
) -> Result<(CsvReader, Vec<ReadRow>), RawError> {
    let mut reader = CsvReader::open(source(bytes, most), Format::Csv, limits)?;
    let mut rows = Vec::new();
    while let Some(block) = reader.next_block()? {
        rows.extend(block.parse().rows().map(|row| ReadRow {
            position: row.position,
            fields: row.fields.iter().map(str::to_owned).collect(),
            fault: row.fault,
            raw: row.raw.to_owned(),
        }));
    }
    Ok((reader, rows))
}

/// Record start and line, kept bytes and fault of every record and blank line, by following each record
/// byte by byte from its start.
fn reference_cuts(
    bytes: &[u8],
    separator: u8,
    limit: usize,
) -> Vec<(Position, Vec<u8>, Option<RowFault>)> {
    #[derive(Clone, Copy, PartialEq)]
    enum In {
        FieldStart,
        Unquoted,
        Quoted,
        Quote,
        Return,
    }
    let mut cuts = Vec::new();
    let (mut start, mut line) = (0, 1);
    while start < bytes.len() {
        let mut place = In::FieldStart;
        let mut at = start;
        let fault = loop {
            let Some(&byte) = bytes.get(at) else {
                break (place == In::Quoted).then_some(RowFault::BadQuote);
            };
            if at - start == limit {
                let outside = matches!(place, In::FieldStart | In::Unquoted);
                break Some(if outside {
                    RowFault::WrongFieldCount
                } else {
                    RowFault::BadQuote
                });
            }
            at += 1;
            place = match (place, byte) {
                (In::FieldStart, b'"') | (In::Quote, b'"') => In::Quoted,
                (In::Quoted, b'"') => In::Quote,
                (In::Quoted, _) => In::Quoted,
                (_, b'\n') => break None,
                (In::FieldStart | In::Unquoted | In::Quote, _) if byte == separator => {
                    In::FieldStart
                }
                (In::Quote, b'\r') => In::Return,
                (In::Quote | In::Return, _) => break Some(RowFault::BadQuote),
                (In::FieldStart | In::Unquoted, _) => In::Unquoted,
            };
        };
        let mut is_whole = true;
        if fault.is_some() {
            at = bytes[start..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(bytes.len(), |found| start + found + 1);
            is_whole = at - start <= limit;
        }
        let mut kept = &bytes[start..at.min(start + limit)];
        if is_whole {
            kept = kept.strip_suffix(b"\n").unwrap_or(kept);
            kept = kept.strip_suffix(b"\r").unwrap_or(kept);
        }
        cuts.push((
            Position {
                line,
                byte: Some(start as u64),
            },
            kept.to_vec(),
            fault,
        ));
        line += bytes[start..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        start = at;
    }
    cuts
}

fn soup() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"\"",
        b"\"",
        b"\"\"",
        b",",
        b",",
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b"a",
        b";",
        b"\t",
        b"\xff",
        b"\",\"",
        b"\"\n",
        b"\n\"",
        "王".as_bytes(),
        b"\xcd\xf5",
        b"\xb0",
        b"\xef\xbb\xbf",
        b"\0",
    ];
    vec(select(pieces), 0..60).prop_map(|pieces| pieces.concat())
}

fn limits() -> impl Strategy<Value = Limits> {
    (1_usize..20, prop_oneof![1_usize..40, Just(1 << 20)]).prop_map(|(block, record)| Limits {
        block,
        record,
        ..Limits::default()
    })
}

/// Four bytes are kept of the second record, which end within 王, and the next record begins with a byte that completes
/// what is kept to 现.
#[test]
fn a_record_beyond_the_limit_may_end_within_a_character() {
    let bytes = b"a\n\",\xe7\x8e\x8b\n\xb0";
    for block in [1, 2, 5, 12, 1 << 20] {
        let limits = Limits {
            block,
            record: 4,
            ..Limits::default()
        };
        let (_, rows) = read_all(bytes, usize::MAX, limits).unwrap();
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row.raw.as_str(), row.fault))
            .collect();
        let expected = [
            ("\",\u{fffd}", Some(RowFault::BadQuote)),
            ("\u{fffd}", Some(RowFault::BadEncoding)),
        ];
        assert_eq!(told, expected, "{block}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The one-pass cutter finds what following every record anew finds, whatever it reads at a time.
    #[test]
    fn records_are_cut_as_if_followed_one_by_one(
        bytes in soup(), limits in limits(), most in 1_usize..9, taken_at in 1_usize..30,
    ) {
        let start = Place { line: 1, byte: 0 };
        let mut cutter = Cutter::new(Input::new(source(&bytes, most), limits.block), b',', limits.record, start);
        let mut cuts = Vec::new();
        while let Some(cut) = cutter.next().unwrap() {
            let position = Position { line: cut.position.line, byte: Some(cut.position.byte) };
            cuts.push((position, cutter.bytes_of(&cut).to_vec(), cut.fault));
            if cutter.cut_len() >= taken_at {
                cutter.take();
            }
        }
        prop_assert_eq!(cuts, reference_cuts(&bytes, b',', limits.record));
    }

    /// Every byte is in the text of one record or in the line end after it.
    #[test]
    fn no_byte_is_lost_or_read_twice(bytes in soup(), chunk in 1_usize..20) {
        let start = Place { line: 1, byte: 0 };
        let mut cutter = Cutter::new(Input::new(source(&bytes, 7), chunk), b',', 1 << 20, start);
        let mut rebuilt = Vec::new();
        while let Some(cut) = cutter.next().unwrap() {
            prop_assert_eq!(cut.position.byte as usize, rebuilt.len());
            prop_assert_eq!(
                cut.position.line as usize,
                1 + rebuilt.iter().filter(|byte| **byte == b'\n').count()
            );
            rebuilt.extend_from_slice(cutter.bytes_of(&cut));
            let line_end = [&b"\r\n"[..], b"\n", b"\r"].into_iter().find(|end| bytes[rebuilt.len()..].starts_with(end));
            rebuilt.extend_from_slice(line_end.unwrap_or_default());
        }
        prop_assert_eq!(rebuilt, bytes);
    }

    /// Any bytes give the same rows whatever is read at a time; faults and fields agree with the header.
    #[test]
    fn rows_do_not_depend_on_block_size(
        head in select(vec!["", "a,b\n", "\u{feff}a,b\r\n", "姓名;班级\n", "a\tb\n"]), bytes in soup(), limits in limits(), most in 1_usize..9,
    ) {
        let bytes = [head.as_bytes(), &bytes].concat();
        let whole = read_all(&bytes, usize::MAX, Limits { block: 1 << 20, ..limits });
        let parts = read_all(&bytes, most, limits);
        let ((reader, rows), (parts_reader, parts_rows)) = match (whole, parts) {
            (Ok(whole), Ok(parts)) => (whole, parts),
            (Err(whole), Err(parts)) => {
                prop_assert_eq!(whole.to_string(), parts.to_string());
                return Ok(());
            }
            _ => return Err(TestCaseError::fail("only one of the two failed")),
        };
        prop_assert_eq!(reader.header(), parts_reader.header());
        prop_assert_eq!(reader.separator(), parts_reader.separator());
        prop_assert_eq!(reader.encoding(), parts_reader.encoding());
        prop_assert_eq!(&rows, &parts_rows);
        let width = reader.header().unwrap().len();
        for row in rows {
            match row.fault {
                None => prop_assert_eq!(row.fields.len(), width),
                Some(RowFault::WrongFieldCount) => prop_assert_ne!(row.fields.len(), width),
                Some(_) => prop_assert!(row.fields.is_empty()),
            }
        }
    }

    /// What the `csv` crate writes is read back equal, at the right places.
    #[test]
    fn written_tables_are_read_back(
        (width, records) in (1_usize..5).prop_flat_map(|width| {
            (Just(width), vec(vec("[ab\",;\t\r\n \u{feff}é王伟模李𠮷]{0,6}", width), 0..12))
        }),
        separator in select(vec![b',', b';', b'\t']),
        encoding in select(vec![Encoding::Utf8, Encoding::Gb18030]),
        has_mark in any::<bool>(),
        quote_style in select(vec![QuoteStyle::Necessary, QuoteStyle::Always]),
        terminator in select(vec![Terminator::Any(b'\n'), Terminator::CRLF]),
        block in select(vec![1, 2, 7, 64, 4096, 1 << 20]),
    ) {
        let mut bytes = Vec::new();
        if has_mark && encoding == Encoding::Utf8 {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        // A header of one column has no separator to be found, so it is given a second one.
        let width = width.max(2);
        let header: Vec<String> = (0..width).map(|column| format!("列名{column}")).collect();
        let mut places = Vec::new();
        for (index, record) in std::iter::once(&header).chain(&records).enumerate() {
            let mut record = record.clone();
            record.resize(width, String::new());
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            if index > 0 {
                places.push((Position { line: lines + 1, byte: Some(bytes.len() as u64) }, record.clone()));
            }
            let mut writer = WriterBuilder::new()
                .delimiter(separator)
                .quote_style(quote_style)
                .terminator(terminator)
                .from_writer(Vec::new());
            writer.write_record(&record).unwrap();
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            match encoding {
                Encoding::Gb18030 => bytes.extend_from_slice(&GB18030.encode(&text).0),
                _ => bytes.extend_from_slice(text.as_bytes()),
            }
        }
        let (reader, rows) = read_all(&bytes, usize::MAX, Limits { block, ..Limits::default() }).unwrap();
        prop_assert_eq!(reader.header().unwrap(), header);
        prop_assert_eq!(reader.separator(), separator);
        prop_assert_eq!(reader.encoding(), encoding);
        let read: Vec<_> = rows.into_iter().map(|row| (row.fault, (row.position, row.fields))).collect();
        let expected: Vec<_> = places.into_iter().map(|place| (None, place)).collect();
        prop_assert_eq!(read, expected);
    }
}
