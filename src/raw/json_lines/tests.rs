use std::io::{self, Cursor, Read, Write};
use std::path::Path;

use encoding_rs::GB18030;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

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
fn lines_that_are_no_object() {
    let deep = |levels: usize| {
        format!(
            "{{\"a\":{}{}}}",
            "[".repeat(levels - 1),
            "]".repeat(levels - 1)
        )
    };
    let lines = [
        "{\"a\":1".to_owned(),
        "[1]".to_owned(),
        "1".to_owned(),
        "\"a\"".to_owned(),
        "null".to_owned(),
        "{\"a\":1} x".to_owned(),
        "{\"a\":1}{\"a\":2}".to_owned(),
        "{\"a\":1,}".to_owned(),
        "{\"a\":01}".to_owned(),
        "{\"a\":NaN}".to_owned(),
        "{a:1}".to_owned(),
        "{'a':1}".to_owned(),
        "{\"a\":\"tab\there\"}".to_owned(),
        "{\"a\":\"\\ud800\"}".to_owned(),
        "{\"a\":\"\\x\"}".to_owned(),
        "{\"a\":1,\"b\":2,\"a\":1}".to_owned(),
        "{\"a\":1,\"\\u0061\":1}".to_owned(),
        deep(128),
        format!("{{\"a\":{}", "[".repeat(200_000)),
        deep(200_000),
        "x".to_owned(),
        "\u{feff}{\"a\":1}".to_owned(),
    ];
    let mut reader = open(lines.join("\n"));
    assert_eq!(reader.header().unwrap(), [""; 0]);
    let rows = rows(&mut reader);
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(&lines) {
        assert_eq!((row.fault, &row.raw), (WRONG, line));
    }
    let quoted = "{\"a\":{\"\\\"[[[\":\"[[{{\\\\\"}}";
    let mut reader = open(format!("{}\n{}\n{quoted}", deep(127), deep(2)));
    assert!(
        self::rows(&mut reader)
            .iter()
            .all(|row| row.fault.is_none())
    );
}

#[test]
fn a_broken_line_leaves_no_names_behind() {
    let text =
        "{\"x\":1,\"y\":\"\\n\",\n{\"a\":\"\\t1\"}\n{\"x\":1,\"x\":2}\n{\"b\":1,\"a\":\"2\\n\"}\n";
    let mut reader = open(text);
    assert_eq!(reader.header().unwrap(), ["a", "b"]);
    let expected = [broken(1), row(2, "a=\t1"), broken(3), row(4, "a=2\n|b=1")];
    assert_eq!(short(&mut reader), expected);
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
fn a_line_beyond_the_limit_is_cut_off() {
    let line = "{\"a\":\"123456\"}";
    let text = format!("{line}\n{line} \n{line}  \r\n{{\"a\":2}}\n{line}  ");
    for (block, chunk_record) in [
        (1, line.len() + 1),
        (7, line.len() + 1),
        (1 << 20, line.len() + 1),
    ] {
        let mut reader = open_with(text.clone(), small(block, chunk_record));
        let rows = rows(&mut reader);
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.line, row.byte, row.fault))
            .collect();
        let expected = [
            (1, Some(0), None),
            (2, Some(15), WRONG),
            (3, Some(31), WRONG),
            (4, Some(49), None),
            (5, Some(57), WRONG),
        ];
        assert_eq!(found, expected, "{block}");
        assert_eq!(rows[4].raw, format!("{line} "));
    }
}

#[test]
fn a_line_without_end_takes_no_memory() {
    let source = Cursor::new(b"{\"a\":\"")
        .chain(io::repeat(b'x').take(100 << 20))
        .chain(Cursor::new(b"\"}\n{\"a\":1}\n"));
    let limits = small(1 << 16, 1 << 17);
    let mut reader = JsonLinesReader::open(Box::new(source), limits).unwrap();
    let block = reader.next_block().unwrap().unwrap();
    assert!(block.byte_len() <= 1 << 18);
    let parsed = block.parse();
    let first = parsed.rows().next().unwrap();
    assert_eq!((first.fault, first.raw.len()), (WRONG, 1 << 17));
    let rows = rows(&mut reader);
    assert_eq!((rows[0].line, rows[0].byte), (2, Some((100 << 20) + 9)));
}

#[test]
fn blank_lines_without_end_take_no_memory() {
    let source = io::repeat(b'\n')
        .take(8 << 20)
        .chain(Cursor::new(b"{\"a\":1}\n"));
    let limits = small(1 << 16, 1 << 16);
    let mut reader = JsonLinesReader::open(Box::new(source), limits).unwrap();
    assert_eq!(short(&mut reader), [row((8 << 20) + 1, "a=1")]);
}

#[test]
fn names_without_end_take_no_memory() {
    let mut text = String::new();
    for number in 0..100_000 {
        text.push_str(&format!("{{\"n{number}\":1}}\n"));
    }
    let mut reader = open_with(text, small(8 << 20, 1 << 20));
    let mut count = 0;
    while let Some(block) = reader.next_block().unwrap() {
        let block = block.parse();
        let names = block.header.as_ref().unwrap().len();
        assert!(names <= block::MOST_SPANS / block.len() && names <= 4096);
        let whole = block.rows().filter(|row| row.fault.is_none()).count();
        assert!(whole >= 64 && block.spans.len() == whole * names);
        count += block.len();
    }
    assert_eq!(count, 100_000);

    let names = |count: usize| {
        let fields: Vec<String> = (0..count)
            .map(|number| format!("\"n{number}\":{number}"))
            .collect();
        format!("{{{}}}\n", fields.join(","))
    };
    let mut reader = open(format!("{}{{\"a\":1}}\n", names(1_000_000)));
    assert_eq!(short(&mut reader), [broken(1), row(2, "a=1")]);
    let mut reader = open(format!("{}{}", names(4096), names(4097)));
    assert_eq!(reader.header().unwrap().len(), 4096);
    let faults: Vec<_> = rows(&mut reader).iter().map(|row| row.fault).collect();
    assert_eq!(faults, [None, WRONG]);
}

#[test]
fn a_wide_header_makes_blocks_of_few_rows() {
    let fields: Vec<String> = (0..4096).map(|number| format!("\"n{number}\":1")).collect();
    let text = format!("{{{}}}\n{}", fields.join(","), "{}\n".repeat(100_000));
    let mut reader = open_with(text, small(1 << 10, 1 << 20));
    let mut rows = 0;
    while let Some(block) = reader.next_block().unwrap() {
        let block = block.parse();
        assert!(block.spans.len() <= block::MOST_SPANS);
        rows += block.len();
    }
    assert_eq!(rows, 100_001);
}

#[test]
fn a_failing_source_is_an_error_with_its_place() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    let source = Box::new(Cursor::new(b"{\"a\":1}\n").chain(Broken));
    assert!(matches!(
        JsonLinesReader::open(source, Limits::default()),
        Err(RawError::Read { .. })
    ));
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

fn value() -> impl Strategy<Value = (String, String)> {
    let text = "[ab\"\\\\,:{}\\[\\]\t\r\n \u{0}\u{feff}é王伟模𠮷]{0,8}";
    prop_oneof![
        (text, any::<bool>()).prop_map(|(text, ascii)| (json_string(&text, ascii), text)),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?"
            .prop_map(|text| (text.clone(), text)),
        select(vec!["true", "false", "[1, {\"a\":null}]", "{}"])
            .prop_map(|text| (text.to_owned(), text.to_owned())),
        Just(("null".to_owned(), String::new())),
    ]
}

/// A JSON string, with everything beyond ASCII escaped if `ascii`.
fn json_string(text: &str, ascii: bool) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    if !ascii {
        return quoted;
    }
    let mut escaped = String::new();
    for character in quoted.chars() {
        if character.is_ascii() {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Objects come back as written, whatever the block size and the encoding.
    #[test]
    fn written_objects_are_read_back(
        records in vec(vec((select(vec!["a", "b", "姓名", "c\"\\", "", "𠮷"]), value()), 0..6), 0..12),
        block in select(vec![1, 7, 64, 4096, 1 << 20]),
        encoding in select(vec![Encoding::Utf8, Encoding::Gb18030]),
        line_end in select(vec!["\n", "\r\n"]),
    ) {
        let mut text = String::from("{\"姓名\":\"王伟\"}\n");
        let mut expected = vec![vec![("姓名".to_owned(), "王伟".to_owned())]];
        for record in &records {
            let mut fields: Vec<(String, String)> = Vec::new();
            let mut parts = Vec::new();
            for (name, (spelled, value)) in record {
                if parts.iter().any(|(known, _)| known == name) {
                    continue;
                }
                parts.push((*name, spelled.clone()));
                if !value.is_empty() {
                    fields.push(((*name).to_owned(), value.clone()));
                }
            }
            let parts: Vec<String> = parts
                .iter()
                .map(|(name, spelled)| format!("{} : {spelled}", json_string(name, false)))
                .collect();
            text.push_str(&format!("{{{}}}{line_end}", parts.join(", ")));
            fields.sort();
            expected.push(fields);
        }
        let bytes = match encoding {
            Encoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
            _ => text.into_bytes(),
        };
        let mut reader = open_with(bytes, small(block, 1 << 20));
        let rows = rows(&mut reader);
        prop_assert_eq!(reader.encoding(), encoding);
        prop_assert!(rows.iter().all(|row| row.fault.is_none()));
        let found: Vec<_> = rows.into_iter().map(|mut row| { row.fields.sort(); row.fields }).collect();
        prop_assert_eq!(found, expected);
    }

    /// Any bytes give the same rows whatever is read at a time, and end.
    #[test]
    fn rows_do_not_depend_on_block_size(
        pieces in vec(select(vec![
            &b"{\"a\":1}"[..], b"{", b"}", b"\"a\":", b"\"", b",", b"\n", b"\n", b"\r\n", b"\r", b"\xff", b"\xb0", b"\\u0041",
            b"[", b"]", b" ", b"null", b"\xef\xbb\xbf", b"\0", "{\"王\":\"伟\"}\n".as_bytes(), b"{\"\xcd\xf5\":1}\n",
        ]), 0..60),
        block in 1_usize..20,
        record in prop_oneof![1_usize..40, Just(1 << 20)],
    ) {
        let bytes = [b"{\"b\":1}\n\n", &pieces.concat()[..]].concat();
        let whole = rows(&mut open_with(bytes.clone(), small(1 << 20, record)));
        let parts = rows(&mut open_with(bytes, small(block, record)));
        let sorted = |rows: Vec<ReadRow>| -> Vec<ReadRow> {
            rows.into_iter().map(|mut row| { row.fields.sort(); row }).collect()
        };
        prop_assert_eq!(sorted(whole), sorted(parts));
    }
}

/// Bytes changed and cut at random never panic, and reading ends.
#[test]
fn mutations_always_end() {
    let text = "{\"班级\":\"C1\",\"n\":1.50,\"t\":true}\n{\"班级\":\"C\\u0032\",\"o\":{\"a\":[1]}}\r\n\n{\"n\":null}\n".repeat(3);
    let mut random = 1_u64;
    let mut next = move || {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize
    };
    for _ in 0..800 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..next() % 8 {
            let at = next() % bytes.len();
            bytes[at] ^= 1 << (next() % 8);
        }
        if next() % 4 == 0 {
            bytes.truncate(next() % bytes.len());
        }
        let limits = small(1 + next() % 200, 1 + next() % 200);
        let Ok(mut reader) = JsonLinesReader::open(Box::new(Cursor::new(bytes)), limits) else {
            continue;
        };
        let mut count = 0;
        while let Some(block) = reader.next_block().unwrap() {
            count += block.parse().rows().count();
        }
        assert!(count <= text.len());
    }
}
