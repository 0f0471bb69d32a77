//! Workbooks as people make them.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};

use super::super::{HeaderJudgement, RowFault};
use super::hostile_tests::package;
use super::*;

/// What was read: sheet, header, and each row as its line, its fields joined by `|` and its fault's code.
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    pub sheet: String,
    pub header: Vec<String>,
    pub rows: Vec<(u64, String, Option<&'static str>)>,
}

/// A judge that knows these columns and needs them all.
fn knows(names: &[&str]) -> impl Fn(&[String]) -> HeaderJudgement {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    move |fields| {
        let recognised = fields.iter().filter(|field| names.contains(field)).count();
        HeaderJudgement {
            usable: recognised == names.len(),
            recognised,
        }
    }
}

pub(super) fn read_with(
    bytes: Vec<u8>,
    format: Format,
    limits: Limits,
    judge: HeaderJudge<'_>,
) -> Result<Table, RawError> {
    let mut reader = WorkbookReader::open(Box::new(Cursor::new(bytes)), format, limits, judge)?;
    let mut rows = Vec::new();
    while let Some(block) = reader.next_block()? {
        let parsed = block.parse();
        for row in parsed.rows() {
            let fields: Vec<&str> = row.fields.iter().collect();
            let code = row.fault.map(RowFault::reason_code);
            if code.is_none() {
                assert_eq!(fields.len(), reader.columns.len());
                assert_eq!(row.raw, fields.join("\t"));
            }
            assert_eq!(row.position.byte, None);
            rows.push((row.position.line, fields.join("|"), code));
        }
    }
    assert!(reader.next_block()?.is_none());
    Ok(Table {
        sheet: reader.sheet().unwrap().to_owned(),
        header: reader.header().unwrap().to_vec(),
        rows,
    })
}

pub(super) fn read(bytes: Vec<u8>, names: &[&str]) -> Result<Table, RawError> {
    read_with(bytes, Format::Xlsx, Limits::default(), &knows(names))
}

fn table(sheet: &str, header: &[&str], rows: &[(u64, &str)]) -> Table {
    Table {
        sheet: sheet.to_owned(),
        header: header.iter().map(|name| (*name).to_owned()).collect(),
        rows: rows
            .iter()
            .map(|(line, fields)| (*line, (*fields).to_owned(), None))
            .collect(),
    }
}

/// A workbook of sheets with rows of texts.
pub(super) fn texts(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                if !text.is_empty() {
                    sheet
                        .write_string(row as u32, column as u16, *text)
                        .unwrap();
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_plain_sheet() {
    let bytes = texts(&[("S", &[&["a", "b"], &["1", "2"], &["", "3"], &["4"]])]);
    let expected = table("S", &["a", "b"], &[(2, "1|2"), (3, "|3"), (4, "4|")]);
    assert_eq!(read(bytes, &["a", "b"]).unwrap(), expected);
}

#[test]
fn further_sheets_with_the_header_are_told() {
    let rows: &[&[&str]] = &[&["a", "b"], &["1", "2"]];
    let bytes = texts(&[
        ("cover", &[&["title"]]),
        ("one", rows),
        ("notes", &[&["x"]]),
        ("two", rows),
    ]);
    let judge = knows(&["a", "b"]);
    let source = Box::new(Cursor::new(bytes));
    let reader = WorkbookReader::open(source, Format::Xlsx, Limits::default(), &judge).unwrap();
    assert_eq!(reader.sheet(), Some("one"));
    assert_eq!(reader.unread_sheets(), ["two"]);
}

#[test]
fn values_of_every_kind() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Style::new().set_num_format("yyyy-mm-dd");
    let moment = Style::new().set_num_format("yyyy/m/d hh:mm:ss");
    let clock = Style::new().set_num_format("hh:mm");
    let span = Style::new().set_num_format("[h]:mm");
    let bold = Style::new().set_bold();
    sheet.write_string(0, 0, "a").unwrap();
    sheet.write_string(0, 1, "b").unwrap();
    let at = |text| ExcelDateTime::parse_from_str(text).unwrap();
    let mut row = 0;
    let mut line = || {
        row += 1;
        row
    };
    let numbers = [
        (12.0, "12"),
        (12.5, "12.5"),
        (-0.25, "-0.25"),
        (1e14, "100000000000000"),
        (1e15, "1e15"),
        (370_199_198_506_159_970.0, "3.7019919850616e17"),
    ];
    let mut expected = Vec::new();
    for (value, text) in numbers {
        let row = line();
        sheet.write_number(row, 1, value).unwrap();
        expected.push(format!("|{text}"));
    }
    let row = line();
    sheet.write_string(row, 1, "0012").unwrap();
    expected.push("|0012".to_owned());
    let row = line();
    sheet.write_boolean(row, 0, true).unwrap();
    sheet.write_boolean(row, 1, false).unwrap();
    expected.push("true|false".to_owned());
    let row = line();
    sheet
        .write_datetime_with_format(row, 0, at("2020-09-03"), &day)
        .unwrap();
    sheet
        .write_datetime_with_format(row, 1, at("2020-09-03 08:30:00"), &moment)
        .unwrap();
    expected.push("2020-09-03 00:00:00|2020-09-03 08:30:00".to_owned());
    let row = line();
    sheet
        .write_number_with_format(row, 0, 0.354_166_666_666_666_7, &clock)
        .unwrap();
    sheet.write_number_with_format(row, 1, 1.5, &span).unwrap();
    expected.push("08:30:00|1.5".to_owned());
    let row = line();
    sheet
        .write_rich_string(row, 0, &[(&Style::new(), "证书"), (&bold, "编号")])
        .unwrap();
    sheet.write_string(row, 1, " 王 & <李> ").unwrap();
    expected.push("证书编号| 王 & <李> ".to_owned());
    let row = line();
    sheet
        .write_formula(row, 0, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet
        .write_formula(row, 1, Formula::new("=1+1").set_result("2"))
        .unwrap();
    expected.push("#DIV/0!|2".to_owned());
    let found = read(book.save_to_buffer().unwrap(), &["a", "b"]).unwrap();
    let fields: Vec<String> = found
        .rows
        .into_iter()
        .map(|(_, fields, _)| fields)
        .collect();
    assert_eq!(fields, expected);
}

#[test]
fn days_of_the_other_epoch_and_iso_dates() {
    let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        r#"<workbook xmlns:r="{relationships}"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#
    );
    let styles =
        r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row><row r="2"><c r="A2" s="1"><v>42615</v></c><c r="B2" t="d"><v>2020-09-03T08:30:00</v></c></row></sheetData></worksheet>"#;
    let bytes = package(&[
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    let expected = table(
        "S",
        &["a", "b"],
        &[(2, "2020-09-03 00:00:00|2020-09-03T08:30:00")],
    );
    assert_eq!(read(bytes, &["a", "b"]).unwrap(), expected);
}

#[test]
fn titles_a_cover_and_totals() {
    let bytes = texts(&[
        ("说明", &[&["填报说明"], &["数据见第二张表"]]),
        (
            "数据",
            &[
                &["报名汇总表"],
                &[],
                &["单位:", "某机构"],
                &["a", "b"],
                &["1", "2"],
                &["", "  "],
                &["3", "4"],
                &["合计", "6"],
            ],
        ),
        ("旧", &[&["a", "b"], &["7", "8"]]),
    ]);
    let expected = table(
        "数据",
        &["a", "b"],
        &[(5, "1|2"), (7, "3|4"), (8, "合计|6")],
    );
    assert_eq!(read(bytes, &["a", "b"]).unwrap(), expected);
}

#[test]
fn a_header_over_two_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Style::new();
    sheet.merge_range(0, 0, 1, 0, "编号", &plain).unwrap();
    sheet.merge_range(0, 1, 0, 2, "课时", &plain).unwrap();
    sheet.merge_range(0, 3, 1, 3, "备注", &plain).unwrap();
    sheet.write_string(1, 1, "线上").unwrap();
    sheet.write_string(1, 2, "线下").unwrap();
    sheet.write_string(2, 0, "1").unwrap();
    sheet.write_number(2, 1, 40).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let header = ["编号", "线上", "线下", "备注"];
    let expected = table("Sheet1", &header, &[(3, "1|40||")]);
    assert_eq!(read(bytes.clone(), &header).unwrap(), expected);
    // Where one row does, it is taken alone.
    let expected = table("Sheet1", &["线上", "线下"], &[(3, "1|40")]);
    let found = read(bytes, &["线上", "线下"]).unwrap();
    assert_eq!(found.header, expected.header);
}

#[test]
fn a_hidden_sheet_comes_last() {
    let mut book = Workbook::new();
    for (name, value, is_hidden) in [("模板", "x", true), ("数据", "1", false)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.set_hidden(is_hidden);
        sheet.write_string(0, 0, "a").unwrap();
        sheet.write_string(1, 0, value).unwrap();
        if !is_hidden {
            sheet.set_active(true);
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let expected = table("数据", &["a"], &[(2, "1")]);
    assert_eq!(read(bytes, &["a"]).unwrap(), expected);
}

#[test]
fn the_best_row_when_none_will_do() {
    let rows: &[&[&str]] = &[&["名册"], &["a", "x"], &["b", "a"], &["1", "2"]];
    let bytes = texts(&[("T", &[&["x"]]), ("S", rows)]);
    let found = read(bytes.clone(), &["a", "b", "c"]).unwrap();
    assert_eq!((found.sheet.as_str(), found.rows.len()), ("S", 1));
    assert_eq!(found.header, ["b", "a"]);
    let found = read(bytes, &["p"]).unwrap();
    assert_eq!(
        (found.sheet.as_str(), found.header),
        ("T", vec!["x".to_owned()])
    );
    let empty = texts(&[("T", &[]), ("S", &[&[" "]])]);
    assert!(matches!(read(empty, &["a"]), Err(RawError::NoHeader)));
}

#[test]
fn a_table_that_starts_further_right() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, column, text) in [
        (2, 2, "a"),
        (2, 4, "b"),
        (2, 5, " "),
        (3, 2, "1"),
        (3, 4, "2"),
        (3, 5, " "),
        (4, 2, "1"),
        (4, 6, "x"),
        (5, 0, "y"),
        (6, 3, "z"),
    ] {
        sheet.write_string(row, column, text).unwrap();
    }
    let found = read(book.save_to_buffer().unwrap(), &["a", "b"]).unwrap();
    assert_eq!(found.header, ["a", "", "b"]);
    let row = |line, fields: &str, is_fault: bool| {
        let code = is_fault.then_some("wrong_field_count");
        (line, fields.to_owned(), code)
    };
    let expected = [
        row(4, "1||2", false),
        row(5, "1||||x", true),
        row(6, "y||||", true),
        row(7, "|z|", false),
    ];
    assert_eq!(found.rows, expected);
}

#[test]
fn a_row_beyond_the_limit_is_a_fault() {
    let long = "课".repeat(100);
    let bytes = texts(&[("S", &[&["a", "b"], &["1", &long], &["2", "3"]])]);
    let limits = Limits {
        block: 1,
        record: 50,
        ..Limits::default()
    };
    let judge = knows(&["a", "b"]);
    let mut reader =
        WorkbookReader::open(Box::new(Cursor::new(bytes)), Format::Xlsx, limits, &judge).unwrap();
    let block = reader.next_block().unwrap().unwrap();
    assert!(block.byte_len() <= 50);
    let parsed = block.parse();
    let row = parsed.rows().next().unwrap();
    assert_eq!(row.fault, Some(RowFault::WrongFieldCount));
    assert!(row.fields.is_empty());
    assert_eq!(row.raw, format!("1\t{}", "课".repeat(16)));
    let block = reader.next_block().unwrap().unwrap();
    assert_eq!(block.parse().rows().next().unwrap().raw, "2\t3");
    assert!(reader.next_block().unwrap().is_none());
}

#[test]
fn many_rows_come_in_blocks_and_a_reader_may_stop_early() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "a").unwrap();
    for row in 1..=20_000 {
        sheet.write_number(row, 0, row).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let limits = Limits {
        block: 1000,
        ..Limits::default()
    };
    let judge = knows(&["a"]);
    let found = read_with(bytes.clone(), Format::Xlsx, limits, &judge).unwrap();
    assert_eq!(found.rows.len(), 20_000);
    assert_eq!(found.rows[19_999], (20_001, "20000".to_owned(), None));
    let mut reader =
        WorkbookReader::open(Box::new(Cursor::new(bytes)), Format::Xlsx, limits, &judge).unwrap();
    assert!(reader.next_block().unwrap().unwrap().byte_len() < 2000);
    drop(reader);
}

/// Made by the Python package xlwt 1.3: a cover sheet; a sheet with a merged title, a header, values as texts, numbers
/// and formatted dates, a formula that was never calculated, and a remark beyond the header. The citizen numbers are
/// invented, of division 370199, which never was.
const SMALL_XLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/workbook/small.xls");

const SMALL_HEADER: [&str; 6] = [
    "报名编号",
    "身份证号",
    "报名日期",
    "签到时间",
    "线上课时",
    "是否合格",
];

#[test]
fn a_workbook_of_the_old_kind() {
    let bytes = std::fs::read(SMALL_XLS).unwrap();
    let judge = knows(&SMALL_HEADER);
    let found = read_with(bytes, Format::Xls, Limits::default(), &judge).unwrap();
    assert_eq!((found.sheet.as_str(), found.header.len()), ("数据", 6));
    let rows: Vec<(u64, &str, bool)> = found
        .rows
        .iter()
        .map(|(line, fields, fault)| (*line, fields.as_str(), fault.is_some()))
        .collect();
    let expected = [
        (
            3,
            "E1|370199198506159971|2020-09-03 00:00:00|2020-09-03 08:30:00|12.5|true",
            false,
        ),
        (
            4,
            "E2|3.7019919850616e17|2020-09-04 00:00:00|2020-09-04 08:30:15|40|false",
            false,
        ),
        (5, "E3|x|2020年9月5日||12|", false),
        (7, "合计|||||", false),
        (8, "E4||||||||备注", true),
    ];
    assert_eq!(rows, expected);
}

#[test]
fn a_workbook_is_read_as_what_it_is() {
    let bytes = std::fs::read(SMALL_XLS).unwrap();
    let judge = knows(&SMALL_HEADER);
    let found = read_with(bytes, Format::Xlsx, Limits::default(), &judge).unwrap();
    assert_eq!(found.rows.len(), 5);
    let bytes = texts(&[("S", &[&["a"], &["1"]])]);
    let found = read_with(bytes, Format::Xls, Limits::default(), &knows(&["a"])).unwrap();
    assert_eq!(found, table("S", &["a"], &[(2, "1")]));
}

/// The container that is made for the library holds any length of stream.
#[test]
fn a_stream_is_wrapped_and_found_again() {
    for length in [1, 4095, 4096, 4097, 4096 * 1022, 4096 * 1023, 9 << 20] {
        let stream: Vec<u8> = (0..length)
            .map(|place: usize| (place % 251) as u8)
            .collect();
        let mut found = ole::workbook_stream(&ole::wrap(stream.clone())).unwrap();
        assert!(found.len() == length.max(4096));
        found.truncate(length);
        assert!(found == stream, "{length}");
    }
}

/// The sample provinces lie beside the project, not in it. Their truth knows where lost digits are.
#[test]
fn every_sample_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/mixed");
    let Ok(mut truth) = csv::Reader::from_path(folder.join("truth/dirty.csv")) else {
        println!("skipped: there is no {}", folder.display());
        return;
    };
    let mut known: BTreeMap<String, Vec<(u64, bool)>> = BTreeMap::new();
    for row in truth.records().map(Result::unwrap) {
        let is_lost = &row[2] == "precision_lost";
        let place = (row[1].parse().unwrap(), is_lost);
        known.entry(row[0].to_owned()).or_default().push(place);
    }
    known.retain(|file, _| file.ends_with(".xlsx"));
    assert!(known.len() > 15);
    for (file, places) in known {
        let bytes = std::fs::read(folder.join(&file)).unwrap();
        let judge = |fields: &[String]| HeaderJudgement {
            usable: fields.len() > 2,
            recognised: fields.len(),
        };
        let found = read_with(bytes, Format::Xlsx, Limits::default(), &judge).unwrap();
        assert!(found.rows.iter().all(|(_, _, fault)| fault.is_none()));
        for (line, is_lost) in places {
            let row = found.rows.iter().find(|row| row.0 == line).unwrap();
            let has_exponent = row.1.split('|').any(|field| field.ends_with("e17"));
            assert_eq!(has_exponent, is_lost, "{file} line {line}");
        }
    }
}
