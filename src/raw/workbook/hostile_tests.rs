//! Workbooks that nobody makes by accident.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::tests::{Table, read, read_with, texts};
use super::*;

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package of these parts, beside those that name a single sheet `xl/worksheets/sheet1.xml`.
pub(super) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let root = format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = format!(
        r#"<workbook xmlns:r="{RELATIONSHIPS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATIONSHIPS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let usual: [(&str, &[u8]); 3] = [
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
    ];
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let is_replaced = |name: &str| parts.iter().any(|(other, _)| *other == name);
    let all = usual
        .iter()
        .filter(|(name, _)| !is_replaced(name))
        .chain(parts);
    for (name, content) in all {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn sheet(content: &str) -> Vec<u8> {
    format!(r#"<?xml version="1.0" encoding="UTF-8"?><worksheet>{content}</worksheet>"#)
        .into_bytes()
}

fn read_sheet(content: &str) -> Result<Table, RawError> {
    read(
        package(&[("xl/worksheets/sheet1.xml", &sheet(content))]),
        &["a"],
    )
}

fn text_cell(address: &str, text: &str) -> String {
    format!(r#"<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

const HEADER: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>"#;

fn words_of<T: std::fmt::Debug>(result: Result<T, RawError>) -> String {
    match result.unwrap_err() {
        RawError::Damaged { detail, .. } => detail,
        other => panic!("{other}"),
    }
}

#[test]
fn a_vast_dimension_and_far_cells_cost_nothing() {
    let far = text_cell("XFD1048576", "x");
    let content = format!(
        r#"<dimension ref="A1:XFD1048576"/><sheetData>{HEADER}<row r="2">{}</row><row r="1048576">{far}</row></sheetData>"#,
        text_cell("A2", "1"),
    );
    let found = read_sheet(&content).unwrap();
    assert_eq!(found.rows.len(), 2);
    assert_eq!(found.rows[0], (2, "1".to_owned(), None));
    let (line, fields, fault) = &found.rows[1];
    assert_eq!((*line, *fault), (1_048_576, Some("wrong_field_count")));
    assert_eq!(fields.len(), 16_383 + 1);
}

#[test]
fn cells_outside_any_sheet_and_out_of_order_are_damage() {
    let row = |number: u32, cells: &str| format!(r#"<row r="{number}">{cells}</row>"#);
    for (cells, words) in [
        (text_cell("XFE2", "x"), "outside"),
        (text_cell("A1048577", "x"), "outside"),
        (text_cell("A5", "x") + &text_cell("A4", "y"), "out of order"),
        (text_cell("A2", "x") + &text_cell("A2", "y"), "twice"),
        (
            r#"<c r="A2" t="e"><v>#SECRET!</v></c>"#.to_owned(),
            "error value",
        ),
        (r#"<c r="A2" t="s"><v>7</v></c>"#.to_owned(), "damaged"),
        (r#"<c r="A2" t="n"><v>secret</v></c>"#.to_owned(), "number"),
        (r#"<c r="A2" t="secret"><v>1</v></c>"#.to_owned(), "type"),
        (r#"<c r="A2"><secret/></c>"#.to_owned(), "XML"),
    ] {
        let content = format!("<sheetData>{HEADER}{}</sheetData>", row(2, &cells));
        let found = words_of(read_sheet(&content));
        assert!(found.contains(words), "{found}");
        assert!(!found.to_lowercase().contains("secret"), "{found}");
    }
    // Within a row the order does not matter.
    let cells = text_cell("C2", "z") + &text_cell("A2", "x");
    let content = format!("<sheetData>{HEADER}{}</sheetData>", row(2, &cells));
    assert_eq!(read_sheet(&content).unwrap().rows[0].1, "x||z");
}

#[test]
fn addresses_that_would_wrap_around_are_refused() {
    let row = |number: &str, cells: &str| format!(r#"<row r="{number}">{cells}</row>"#);
    for content in [
        row("4294967298", &text_cell("A4294967298", "x")),
        row("2", &text_cell("A4294967298", "x")),
        row("2", &text_cell("MWLQKWV2", "x")),
        row("2", &text_cell("A2", "x").replace("r=", "s='1' r = "))
            .replace("\"A2\"", "'A42949672982'"),
    ] {
        let content = format!("<sheetData>{HEADER}{content}</sheetData>");
        let refusal = read_sheet(&content).unwrap_err();
        assert!(
            matches!(refusal, RawError::Bomb { .. } | RawError::Damaged { .. }),
            "{refusal}"
        );
    }
    // An attribute that only ends in this letter is no address.
    let cells = text_cell("A2", "x").replace("<c ", r#"<c rr="4294967298" "#);
    let content = format!("<sheetData>{HEADER}{}</sheetData>", row("2", &cells));
    assert_eq!(read_sheet(&content).unwrap().rows[0].1, "x");
}

#[test]
fn more_columns_than_a_sheet_has() {
    let cell = "<c t=\"inlineStr\"><is><t>x</t></is></c>";
    let content = format!(
        r#"<sheetData>{HEADER}<row r="2">{}</row></sheetData>"#,
        cell.repeat(100_000)
    );
    assert!(words_of(read_sheet(&content)).contains("outside"));
}

#[test]
fn bombs() {
    let limits = Limits {
        unpacked: 1 << 20,
        expansion: 10,
        ..Limits::default()
    };
    let judge = |_: &[String]| super::super::HeaderJudgement::default();
    let content = format!(
        "<sheetData>{HEADER}{}</sheetData>",
        format!("<row x=\"{}\"/>", "1".repeat(200)).repeat(10_000)
    );
    let bytes = package(&[("xl/worksheets/sheet1.xml", &sheet(&content))]);
    let found = read_with(bytes.clone(), Format::Xlsx, limits, &judge);
    assert!(matches!(found, Err(RawError::Bomb { .. })), "{found:?}");
    assert!(read_with(bytes, Format::Xlsx, Limits::default(), &judge).is_ok());
    // A part that is never read counts too.
    let content = format!("<sheetData>{HEADER}</sheetData>");
    let bytes = package(&[
        ("xl/worksheets/sheet1.xml", &sheet(&content)),
        ("xl/media/a.png", &vec![0; 4 << 20]),
    ]);
    let found = read_with(bytes, Format::Xlsx, limits, &judge);
    assert!(matches!(found, Err(RawError::Bomb { .. })), "{found:?}");
}

#[test]
fn too_many_parts() {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_001 {
        writer.start_file(format!("{number}"), options).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(words_of(read(bytes, &["a"])).contains("10000 parts"));
    // An end that claims a vast table of contents.
    let mut bytes = texts(&[("S", &[&["a"]])]);
    let place = bytes.len() - 22 + 10;
    bytes[place..place + 2].copy_from_slice(&[0xFF, 0xFF]);
    assert!(words_of(read(bytes, &["a"])).contains("10000 parts"));
}

#[test]
fn claims_and_copies_in_the_common_parts() {
    let content = sheet(&format!("<sheetData>{HEADER}</sheetData>"));
    let long = "x".repeat(1 << 20);
    let claim = r#"<sst uniqueCount="100000000000"><si><t>a</t></si></sst>"#.to_owned();
    let styles = format!(
        r#"<styleSheet><fonts><font><name val="{long}"/></font></fonts><cellXfs>{}</cellXfs></styleSheet>"#,
        r#"<xf fontId="0"/>"#.repeat(10_000)
    );
    let target = format!(
        r#"<Relationships><Relationship Id="r1" Type="{RELATIONSHIPS}/worksheet" Target="{long}"/></Relationships>"#
    );
    let book = format!(
        r#"<workbook xmlns:r="{RELATIONSHIPS}"><sheets>{}</sheets></workbook>"#,
        r#"<sheet name="S" r:id="r1"/>"#.repeat(300)
    );
    let entities =
        r#"<!DOCTYPE sst [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>"#.to_owned();
    let utf16: Vec<u8> = "<?xml version='1.0'?><sst/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let declared = r#"<?xml version="1.0" encoding="UTF-16"?><sst/>"#.to_owned();
    for (name, part) in [
        ("xl/sharedStrings.xml", claim.into_bytes()),
        ("xl/SharedStrings.XML", entities.into_bytes()),
        ("xl/sharedStrings.xml", utf16),
        ("xl/sharedStrings.xml", declared.into_bytes()),
        ("xl/styles.xml", styles.into_bytes()),
        ("xl/_rels/workbook.xml.rels", target.into_bytes()),
        ("xl/workbook.xml", book.into_bytes()),
    ] {
        let bytes = package(&[("xl/worksheets/sheet1.xml", &content), (name, &part)]);
        let words = words_of(read(bytes, &["a"]));
        assert!(words.contains("no regular XML"), "{name}: {words}");
    }
}

#[test]
fn a_long_text_in_a_large_sheet_is_not_read() {
    let limits = Limits {
        record: 1000,
        ..Limits::default()
    };
    let judge = |_: &[String]| super::super::HeaderJudgement::default();
    let rows = format!("<row x=\"{}\"/>", "1".repeat(200)).repeat(90_000);
    let text = "<r><t>x</t></r>".repeat(100_000);
    for (cell, is_safe) in [
        (text_cell("A2", "x"), true),
        (text_cell("A2", &"x".repeat(2000)), true),
        (text_cell("A2", &"x".repeat(2 << 20)), false),
        (
            format!(r#"<c r="A2" t="inlineStr"><is>{text}</is></c>"#),
            false,
        ),
        (format!(r#"<c r="A2" {}="1"/>"#, "x".repeat(2 << 20)), false),
        ("<c r=\"A2\"><v>1</c></v>".to_owned(), false),
        ("<c r=\"A2\" x=\"<\"><v>1</v></c>".to_owned(), false),
        (
            "<!-- a > b --><c r=\"A2\"><!----><v>1</v></c>".to_owned(),
            true,
        ),
    ] {
        let content = format!("<sheetData>{HEADER}<row r=\"2\">{cell}</row>{rows}</sheetData>");
        let bytes = package(&[("xl/worksheets/sheet1.xml", &sheet(&content))]);
        let found = read_with(bytes, Format::Xlsx, limits, &judge);
        assert_eq!(found.is_ok(), is_safe, "{:.60}: {found:?}", cell);
    }
}

#[test]
fn no_workbook_at_all() {
    let whole = texts(&[("S", &[&["a"], &["1"]])]);
    for (bytes, words) in [
        (Vec::new(), "empty"),
        (b"<html><table>".to_vec(), "web page"),
        (b"PK\x03\x04".to_vec(), "ZIP"),
        (whole[..whole.len() / 2].to_vec(), "ZIP"),
        (whole[..whole.len() - 10].to_vec(), "ZIP"),
        (package(&[("xl/worksheets/sheet1.xml", b"<x/>")]), ""),
        (ole::MAGIC.to_vec(), "OLE"),
        (ole::wrap(vec![0xAB; 5000]), "records"),
        (ole::wrap(vec![]), ""),
    ] {
        let found = words_of(read(bytes, &["a"]));
        assert!(found.contains(words), "{found}");
    }
    let mut locked = ole::wrap(vec![0; 5000]);
    let name: Vec<u8> = "Workbook"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let place = memchr::memmem::find(&locked, &name).unwrap();
    let other: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    locked[place..place + other.len()].copy_from_slice(&other);
    assert!(words_of(read(locked, &["a"])).contains("password"));
}

/// A stream of records, as an XLS has them.
fn records(list: &[(u16, &[u8])]) -> Vec<u8> {
    let mut stream = Vec::new();
    for (kind, data) in list {
        stream.extend(kind.to_le_bytes());
        stream.extend((data.len() as u16).to_le_bytes());
        stream.extend(*data);
    }
    stream
}

/// A workbook of one sheet with these records, and others before the sheets.
fn old_book(globals: &[(u16, &[u8])], cells: &[(u16, &[u8])]) -> Vec<u8> {
    const BEGIN: (u16, &[u8]) = (0x0809, &[0, 6, 5, 0]);
    const END: (u16, &[u8]) = (0x000A, &[]);
    let rest = [globals, &[END]].concat();
    let start = records(&[BEGIN]).len() + 4 + 9 + records(&rest).len();
    let mut link = (start as u32).to_le_bytes().to_vec();
    link.extend([0, 0, 1, 0, b'S']);
    let mut stream = records(&[BEGIN, (0x0085, &link)]);
    stream.extend(records(&rest));
    assert_eq!(stream.len(), start);
    stream.extend(records(&[&[BEGIN], cells, &[END]].concat()));
    ole::wrap(stream)
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let mut data = Vec::new();
    for half in [row, column, 0, text.len() as u16] {
        data.extend(half.to_le_bytes());
    }
    data.push(0);
    data.extend(text.as_bytes());
    data
}

#[test]
fn records_that_would_build_too_much() {
    let header = label(0, 0, "a");
    let header: (u16, &[u8]) = (0x0204, &header);
    let one = label(1, 0, "1");
    let dimensions: Vec<u8> = [0, u32::MAX]
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .chain([0, 0, 0xFF, 0xFF, 0, 0])
        .collect();
    let found = read(
        old_book(&[], &[(0x0200, &dimensions), header, (0x0204, &one)]),
        &["a"],
    );
    assert_eq!(found.unwrap().rows, [(2, "1".to_owned(), None)]);

    let far = label(65_535, 255, "x");
    let words = words_of(read(old_book(&[], &[header, (0x0204, &far)]), &["a"]));
    assert!(words.contains("far apart"), "{words}");
    let outside = label(1, 256, "x");
    let words = words_of(read(old_book(&[], &[header, (0x0204, &outside)]), &["a"]));
    assert!(words.contains("outside"), "{words}");

    // One text, referred to again and again.
    let mut strings = vec![0; 8];
    strings.extend(8000_u16.to_le_bytes());
    strings.push(0);
    strings.extend([b'x'; 8000]);
    let reference: &[u8] = &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let mut cells = vec![header];
    cells.extend(vec![(0x00FD, reference); 20_000]);
    let words = words_of(read(old_book(&[(0x00FC, &strings)], &cells), &["a"]));
    assert!(words.contains("too much text"), "{words}");

    let links = vec![(0x0085_u16, &[0_u8, 0, 0, 0, 0, 0, 1, 0, b'S'][..]); 300];
    let words = words_of(read(old_book(&links, &[header]), &["a"]));
    assert!(words.contains("255 sheets"), "{words}");
    let words = words_of(read(old_book(&links[..2], &[header]), &["a"]));
    assert!(words.contains("records"), "{words}");
    let words = words_of(read(old_book(&[(0x002F, &[1, 0])], &[header]), &["a"]));
    assert!(words.contains("password"), "{words}");
}

#[test]
fn formulas_are_their_results() {
    let header = label(0, 0, "a");
    let formula = |row: u16, value: [u8; 8]| {
        let mut data = row.to_le_bytes().to_vec();
        data.extend([0; 4]);
        data.extend(value);
        data.extend([0; 6]);
        // A formula of one unknown token.
        data.extend([1, 0, 0xFE]);
        data
    };
    let number = formula(1, 2.5_f64.to_le_bytes());
    let flag = formula(2, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]);
    let error = formula(3, [2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF]);
    let unknown = formula(4, [2, 0, 0x77, 0, 0, 0, 0xFF, 0xFF]);
    let text = formula(5, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
    let blank = formula(6, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
    let cells: [(u16, &[u8]); 8] = [
        (0x0204, &header),
        (0x0006, &number),
        (0x0006, &flag),
        (0x0006, &error),
        (0x0006, &unknown),
        (0x0006, &text),
        (0x0207, &[2, 0, 0, b'h', b'i']),
        (0x0006, &blank),
    ];
    let found = read(old_book(&[], &cells), &["a"]).unwrap();
    let fields: Vec<&str> = found.rows.iter().map(|row| row.1.as_str()).collect();
    assert_eq!(fields, ["2.5", "true", "#N/A", "#VALUE!", "hi"]);
}

/// A shared string that is parted between two records changes its width there.
#[test]
fn parted_strings() {
    let header = label(0, 0, "a");
    let mut strings = vec![0; 8];
    strings.extend([4, 0, 0, b'a', b'b']);
    let rest = [1, b'c', 0, b'd', 0, 1, 0, 0, b'z'];
    let first: &[u8] = &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let second: &[u8] = &[2, 0, 0, 0, 0, 0, 1, 0, 0, 0];
    let globals: [(u16, &[u8]); 2] = [(0x00FC, &strings), (0x003C, &rest)];
    let cells: [(u16, &[u8]); 3] = [(0x0204, &header), (0x00FD, first), (0x00FD, second)];
    let found = read(old_book(&globals, &cells), &["a"]).unwrap();
    let fields: Vec<&str> = found.rows.iter().map(|row| row.1.as_str()).collect();
    assert_eq!(fields, ["abcd", "z"]);
}

/// Chains that close to circles end, and so does a table of chains that refers to itself.
#[test]
fn circles_in_the_container() {
    let book = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/workbook/small.xls"
    ))
    .unwrap();
    for place in (0..book.len() - 4).step_by(4) {
        for value in [0_u32, 1, 2] {
            if place >= 512 && place % 64 != 0 {
                continue;
            }
            let mut changed = book.clone();
            changed[place..place + 4].copy_from_slice(&value.to_le_bytes());
            let _ = read(changed, &["a"]);
        }
    }
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

fn mutated(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    if random.below(5) == 0 {
        changed.truncate(random.below(bytes.len()));
    }
    for _ in 0..1 + random.below(8) {
        if changed.is_empty() {
            break;
        }
        let place = random.below(changed.len());
        changed[place] = random.below(256) as u8;
    }
    changed
}

#[test]
fn mutations_of_packages_and_containers_end() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let rows: &[&[&str]] = &[&["a", "b"], &["1", "2"], &["3", "4"]];
    let new = texts(&[("S", rows), ("T", rows)]);
    let old = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/workbook/small.xls"
    ))
    .unwrap();
    for round in 0..600 {
        let bytes = mutated(if round % 2 == 0 { &new } else { &old }, &mut random);
        let _ = read(bytes, &["a", "b"]);
    }
}

/// Damage that the package's checksums do not catch.
#[test]
fn mutations_of_parts_end() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let content = sheet(&format!(
        r#"<dimension ref="A1:B3"/><sheetData>{HEADER}<row r="2"><c r="A2" s="1"><v>44077.5</v></c><c r="B2" t="s"><v>0</v></c></row></sheetData>"#
    ));
    let strings: &[u8] =
        br#"<sst uniqueCount="1"><si><r><t>x</t></r><r><t>&amp;y</t></r></si></sst>"#;
    let styles: &[u8] = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy"/></numFmts><fonts><font/></fonts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    for _ in 0..300 {
        let parts = [
            ("xl/worksheets/sheet1.xml", mutated(&content, &mut random)),
            ("xl/sharedStrings.xml", mutated(strings, &mut random)),
            ("xl/styles.xml", mutated(styles, &mut random)),
        ];
        // One part at a time, so that each is reached.
        let chosen = random.below(3);
        let originals: [&[u8]; 3] = [&content, strings, styles];
        let list: Vec<(&str, &[u8])> = parts
            .iter()
            .enumerate()
            .map(|(index, (name, part))| {
                let part = if index == chosen {
                    part
                } else {
                    originals[index]
                };
                (*name, part)
            })
            .collect();
        let _ = read(package(&list), &["a"]);
    }
}
