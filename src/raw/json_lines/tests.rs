mod hostile;
mod laws;

use std::io::{self, Cursor, Read, Write};
use std::path::Path;

use encoding_rs::GB18030;

use super::*;
use crate::raw::{FileKind, HeaderJudgement, RowFault};

fn open(bytes: impl AsRef<[u8]> + Send + 'static) -> JsonLinesReader {
    open_with(bytes, Limits::default())
}

fn open_with(bytes: impl AsRef<[u8]> + Send + 'static, limits: Limits) -> JsonLinesReader {
    JsonLinesReader::open(Box::new(Cursor::new(bytes)), limits).unwrap()
}

fn small(block: usize, record: usize) -> Limits {
    Limits {
        block,
        record,
        ..Limits::default()
    }
}

#[derive(Debug, PartialEq, Eq)]
struct ReadRow {
    line: u64,
    byte: Option<u64>,
    /// Name and text of every field that is not empty.
    fields: Vec<(String, String)>,
    fault: Option<RowFault>,
    raw: String,
}

fn rows(reader: &mut JsonLinesReader) -> Vec<ReadRow> {
    let mut rows = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        let block = block.parse();
        let header = block.header.clone().unwrap();
        assert!(header.starts_with(reader.header().unwrap()));
        for row in block.rows() {
            let width = if row.fault.is_none() { header.len() } else { 0 };
            assert_eq!(row.fields.len(), width);
            rows.push(ReadRow {
                line: row.position.line,
                byte: row.position.byte,
                fields: header
                    .iter()
                    .zip(row.fields.iter())
                    .filter(|(_, text)| !text.is_empty())
                    .map(|(name, text)| (name.clone(), text.to_owned()))
                    .collect(),
                fault: row.fault,
                raw: row.raw.to_owned(),
            });
        }
    }
    rows
}

/// Line, fields as `name=text`, and fault.
fn short(reader: &mut JsonLinesReader) -> Vec<(u64, String, Option<RowFault>)> {
    rows(reader)
        .into_iter()
        .map(|row| {
            let fields: Vec<String> = row
                .fields
                .iter()
                .map(|(name, text)| format!("{name}={text}"))
                .collect();
            (row.line, fields.join("|"), row.fault)
        })
        .collect()
}

fn row(line: u64, fields: &str) -> (u64, String, Option<RowFault>) {
    (line, fields.to_owned(), None)
}

fn broken(line: u64) -> (u64, String, Option<RowFault>) {
    (line, String::new(), Some(RowFault::WrongFieldCount))
}

const WRONG: Option<RowFault> = Some(RowFault::WrongFieldCount);

#[test]
fn values_keep_the_text_they_are_written_with() {
    let line = r#" { "编号" : "a\"\\\/\n\u738b\ud842\udfb7伟" , "n":370199199001019970,"e":3.70102E+17,"d":-1.50,"t":true,"f":false,
        "z":null,"o":{"a": [1,"}"]},"l":[ ],"s":"","x":"plain" } "#
        .replace('\n', "");
    let mut reader = open(line.clone());
    let names = ["编号", "n", "e", "d", "t", "f", "z", "o", "l", "s", "x"];
    assert_eq!(reader.header().unwrap(), names);
    let block = reader.next_block().unwrap().unwrap();
    assert_eq!(block.byte_len(), line.len());
    let block = block.parse();
    let row = block.rows().next().unwrap();
    assert_eq!(row.fault, None);
    assert_eq!(row.raw, line);
    let expected = [
        "a\"\\/\n王𠮷伟",
        "370199199001019970",
        "3.70102E+17",
        "-1.50",
        "true",
        "false",
        "",
        r#"{"a": [1,"}"]}"#,
        "[ ]",
        "",
        "plain",
    ];
    assert_eq!(row.fields.iter().collect::<Vec<_>>(), expected);
    assert!(reader.next_block().unwrap().is_none());
    assert!(reader.next_block().unwrap().is_none());
}

#[test]
fn names_come_in_order_of_first_appearance() {
    let mut reader = open("{\"b\":1,\"a\":2}\n{\"a\":3,\"c\":4}\n{}\n{\"c\":5,\"\":6,\"b\":7}\n");
    assert_eq!(reader.header().unwrap(), ["b", "a", "c", ""]);
    let expected = [
        row(1, "b=1|a=2"),
        row(2, "a=3|c=4"),
        row(3, ""),
        row(4, "b=7|c=5|=6"),
    ];
    assert_eq!(short(&mut reader), expected);
}

#[test]
fn later_blocks_keep_the_columns_of_the_header() {
    let text = "{\"b\":1,\"a\":2}\n{\"z\":3,\"a\":4}\n{\"y\":5}\n";
    let mut reader = open_with(text, small(1, 100));
    assert_eq!(reader.header().unwrap(), ["b", "a"]);
    let mut headers = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        headers.push(block.parse().header.unwrap().join(","));
    }
    assert_eq!(headers, ["b,a", "b,a,z", "b,a,y"]);
}

#[test]
fn blank_lines_count_and_are_no_records() {
    let mut reader = open("\u{feff}\r\n{\"a\":1}\r\n \t\r\n\n{\"a\":2}\r\n\n{\"a\":3}");
    let rows = rows(&mut reader);
    let places: Vec<_> = rows.iter().map(|row| (row.line, row.byte)).collect();
    assert_eq!(places, [(2, Some(5)), (5, Some(19)), (7, Some(29))]);
    assert!(rows.iter().all(|row| !row.raw.contains('\r')));
}

#[test]
fn a_file_without_records_has_no_header() {
    for text in ["", "\n", "\r\n\r\n  \n", "\u{feff}", "\u{feff}\n"] {
        let mut reader = open(text);
        assert_eq!(reader.header(), None);
        assert!(reader.next_block().unwrap().is_none());
    }
    let mut reader = open("{}\n");
    assert_eq!(reader.header().unwrap(), [""; 0]);
    assert_eq!(short(&mut reader), [row(1, "")]);
}

#[test]
fn lone_carriage_returns_are_told() {
    let open =
        |text: &'static str| JsonLinesReader::open(Box::new(text.as_bytes()), Limits::default());
    let result = open("{\"a\":1}\r{\"a\":2}\r");
    assert!(matches!(result, Err(RawError::CarriageReturns)));
    let mut reader = open("{\"a\":1}\r{\"a\":2}\n{\"a\":\r3}\n").unwrap();
    assert_eq!(short(&mut reader), [broken(1), row(2, "a=3")]);
}

#[test]
fn the_encoding_is_settled_where_it_first_matters() {
    let tail = "{\"姓名\":\"王伟\"}\n{\"姓名\":\"李\\n娜乗|亅\"}\n";
    for (encoding, encoded) in [
        (Encoding::Utf8, tail.as_bytes().to_vec()),
        (Encoding::Gb18030, GB18030.encode(tail).0.into_owned()),
    ] {
        let mut bytes = Vec::new();
        while bytes.len() < 3 << 20 {
            bytes.extend_from_slice(b"{\"id\":1}\n");
        }
        let lines = bytes.len() as u64 / 9;
        bytes.extend_from_slice(&encoded);
        let mut reader = open(bytes);
        assert_eq!(reader.encoding(), Encoding::Utf8);
        let rows = short(&mut reader);
        assert_eq!(reader.encoding(), encoding);
        let expected = [
            row(lines + 1, "姓名=王伟"),
            row(lines + 2, "姓名=李\n娜乗|亅"),
        ];
        assert_eq!(rows[rows.len() - 2..], expected);
        assert!(rows.iter().all(|row| row.2.is_none()));
    }
}

#[test]
fn bytes_that_are_no_text_go_first() {
    let mut bytes = "{\"姓\":\"王\"}\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"{\"a\":\"\xff\"}\n[\xff\n{\"a\":1}\n");
    let mut reader = open(bytes);
    let rows = rows(&mut reader);
    let faults: Vec<_> = rows.iter().map(|row| row.fault).collect();
    let bad = Some(RowFault::BadEncoding);
    assert_eq!(faults, [None, bad, bad, None]);
    assert_eq!(rows[2].raw, "[\u{fffd}");
}

#[test]
fn a_mark_settles_utf8() {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend_from_slice(&GB18030.encode("{\"a\":\"王伟\"}\n{\"a\":\"李娜\"}\n").0);
    let mut reader = open(bytes);
    assert_eq!(reader.encoding(), Encoding::Utf8);
    let faults: Vec<_> = rows(&mut reader).iter().map(|row| row.fault).collect();
    assert_eq!(faults, [Some(RowFault::BadEncoding); 2]);
}

#[test]
fn utf16_is_transcoded_and_its_lines_counted() {
    for (little, encoding) in [(true, Encoding::Utf16Le), (false, Encoding::Utf16Be)] {
        let bytes: Vec<u8> = "\u{feff}{\"姓\":\"王𠮷\"}\r\n\r\n{\"姓\":\"李\"}"
            .encode_utf16()
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect();
        let mut reader = open(bytes);
        assert_eq!(reader.encoding(), encoding);
        let rows = rows(&mut reader);
        let places: Vec<_> = rows.iter().map(|row| (row.line, row.byte)).collect();
        assert_eq!(places, [(1, None), (3, None)]);
        assert_eq!(rows[0].fields, [("姓".to_owned(), "王𠮷".to_owned())]);
    }
}

#[test]
fn open_unpacks_and_picks_this_reader() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"{\"a\":1}\n").unwrap();
    let bytes = encoder.finish().unwrap();
    let size = bytes.len() as u64;
    let kind = FileKind::from_name("x.ndjson.gz").unwrap();
    let judge = |_: &[String]| HeaderJudgement::default();
    let source = Box::new(Cursor::new(bytes));
    let reader = crate::raw::open(source, size, kind, Limits::default(), &judge).unwrap();
    assert_eq!(reader.header().unwrap(), ["a"]);
}

/// The sample provinces lie beside the project, not in it.
#[test]
fn sample_province() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/mixed");
    if !folder.is_dir() {
        return;
    }
    let truth = std::fs::read_to_string(folder.join("truth/dirty.csv")).unwrap();
    let judge = |_: &[String]| HeaderJudgement::default();
    let (mut files, mut count) = (0, 0);
    for feed in std::fs::read_dir(folder.join("raw")).unwrap() {
        for (city, suffix) in [("3705", "jsonl"), ("3715", "ndjson.gz")] {
            let feed = feed.as_ref().unwrap().file_name().into_string().unwrap();
            let object = format!("raw/{feed}/city={city}/{feed}-{city}.{suffix}");
            let Ok(bytes) = std::fs::read(folder.join(&object)) else {
                continue;
            };
            let size = bytes.len() as u64;
            let kind = FileKind::from_name(&object).unwrap();
            let source = Box::new(Cursor::new(bytes));
            let limits = small(4096, 1 << 20);
            let mut reader = crate::raw::open(source, size, kind, limits, &judge).unwrap();
            let mut faults = Vec::new();
            while let Some(block) = reader.next_block().unwrap() {
                for row in block.parse().rows() {
                    count += 1;
                    if let Some(fault) = row.fault {
                        faults.push(format!(
                            "{object},{},{},",
                            row.position.line,
                            fault.reason_code()
                        ));
                    }
                }
            }
            let expected = truth.lines().filter(|line| {
                line.starts_with(&format!("{object},"))
                    && (line.contains(",wrong_field_count,") || line.contains(",bad_encoding,"))
            });
            assert_eq!(expected.count(), faults.len(), "{object}");
            assert!(
                faults.iter().all(|fault| truth.contains(fault.as_str())),
                "{object}"
            );
            files += 1;
        }
    }
    println!("{files} files, {count} rows");
    assert!(files > 20 && count > 1000);
}
