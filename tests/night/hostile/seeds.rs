//! Small honest files, to be mutated. Their citizens do not exist: division 370199, or sequences from 996 on.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use rust_xlsxwriter::Workbook;

use crate::workspace::repository;

/// A file of a fuzz target, or of a feed.
pub struct Seed {
    pub target: &'static str,
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

fn seed(target: &'static str, name: &'static str, bytes: impl Into<Vec<u8>>) -> Seed {
    Seed {
        target,
        name,
        bytes: bytes.into(),
    }
}

const LOGS: &str = "\
log_id,enrolment_id,person_id,platform_id,item_id,started_at,ended_at,watched_seconds,playback_rate,ip,ui_events
L1,E1,370199198506159973,91370100KP0000015H,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,2679,1.00,10.0.0.35,99
L2,E1,370102199003089964,91370100KP0000015H,I2,2020-07-06T18:51:24+08:00,2020/7/6 19:36,2679,,10.0.0.35,4
L3,E2,\"370203198802299981\",无,\"a \"\"quoted\"\"
name\",20200706 185124,2020年7月6日 19:36:44,１２,1.5,-,N/A
";

/// Every reason that a study log can have, beside rows that are right.
const BROKEN_LOGS: &str = "\
log_id,enrolment_id,person_id,platform_id,item_id,started_at,ended_at,watched_seconds
L1,E1,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,2679
L2,E1,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44
L3,E1,3.70199198506160E+17,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,10
L4,,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,10
L5,E1,370199198506159973,P1,I1,2020-07-06 28:51:24,2020-07-06 19:36:44,10
L6,E1,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,ten
\"L7\"x,E1,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,10
L8,E1,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,10
";

const CHINESE: &str = "\
报名编号;班级编号;身份证号;姓名;手机号;人员类别;所在市;报名日期;结业日期;线上课时;线下课时
E1;C1;370199198506159973;测试;15499999999;农民工;370100;2020年7月2日;20200708;0.00;40.00
E2;C1;370102199003089964;测试;;zzz;370100;2020/7/2;;1;2
E3;C1;370102199003089964;测试;;其他;370100;2020-02-30;;1;2
E4;C1;370102199003089964;测试;;其它;370100;2020-07-02;44077;1;-2
";

const ASSESSMENTS: &str = "\
assessment_id\tenrolment_id\tperson_id\tassessor_id\tkind\tscore\tpassed
S1\tE1\t370199198506159973\t52370100KP000012XK\ttheory\t80.10\ttrue
S2\tE1\t370199198506159973\t52370100KP000012XK\t实操\t100.01\t是
S3\tE1\t370199198506159973\t52370100KP000012XK\t综合评价\t9\tmaybe
";

fn broken_bytes() -> Vec<u8> {
    let mut bytes = BROKEN_LOGS.replacen("L8", "王L8", 1).into_bytes();
    bytes.extend_from_slice(
        b"L9,E\xff1,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,10\n",
    );
    bytes.extend_from_slice(
        b"\"L10,E1,370199198506159973,P1,I1,2020-07-06 18:51:24,2020-07-06 19:36:44,10\n",
    );
    bytes
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 3).unwrap()
}

fn json_lines() -> String {
    let person = "370199198506159973";
    let times = r#""started_at":"2020-07-06 18:51:24","ended_at":"2020-07-06T19:36:44+08:00""#;
    [
        format!(r#"{{"log_id":"L1","enrolment_id":"E1","person_id":"{person}","platform_id":"P1","item_id":"I1",{times},"watched_seconds":2679}}"#),
        format!(r#"{{"person_id":"{person}","log_id":"L\u0032\n","enrolment_id":"E1","platform_id":"P1","item_id":"I1",{times},"watched_seconds":12.0,"playback_rate":null,"更多":[1,{{"a":"}}"}}]}}"#),
        format!(r#"{{"log_id":"L3","enrolment_id":null,"person_id":{person},"platform_id":"P1","item_id":"I1",{times},"watched_seconds":1e2}}"#),
        r#"{"log_id":"L4","log_id":"L4"}"#.to_owned(),
        String::new(),
        r#"[1,2,3]"#.to_owned(),
        format!(r#"{{"log_id":"L5","enrolment_id":"E1","person_id":3.7019919850615997e17,"platform_id":"P1","item_id":"I1",{times},"watched_seconds":1}}"#),
        r#"{"log_id":"\ud800"}"#.to_owned(),
    ]
    .join("\n")
}

fn parquet_of(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties) -> Vec<u8> {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn strings(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(values.iter().copied().collect::<StringArray>())
}

fn parquet_plain() -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_compression(Compression::UNCOMPRESSED)
        .build();
    let person = Some("370199198506159973");
    parquet_of(
        vec![
            ("log_id", strings(&[Some("L1"), Some("L2"), Some("王\"")])),
            ("enrolment_id", strings(&[Some("E1"), None, Some("E1")])),
            ("person_id", strings(&[person; 3])),
            ("platform_id", strings(&[Some("P1"); 3])),
            ("item_id", strings(&[Some("I1"); 3])),
            ("started_at", strings(&[Some("2020-07-06 18:51:24"); 3])),
            ("ended_at", strings(&[Some("2020-07-06 19:36:44"); 3])),
            (
                "watched_seconds",
                strings(&[Some("1"), Some("x"), Some("3")]),
            ),
        ],
        properties,
    )
}

fn parquet_typed() -> Vec<u8> {
    let properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap()))
        .build();
    let times = |at: i64| -> ArrayRef {
        Arc::new(TimestampMicrosecondArray::from(vec![at; 3]).with_timezone("UTC"))
    };
    let money = Decimal128Array::from(vec![100, -200, 12_345])
        .with_precision_and_scale(20, 2)
        .unwrap();
    parquet_of(
        vec![
            ("log_id", strings(&[Some("L1"), Some("L2"), Some("L3")])),
            ("enrolment_id", strings(&[Some("E1"); 3])),
            ("person_id", strings(&[Some("370199198506159973"); 3])),
            ("platform_id", strings(&[Some("P1"); 3])),
            ("item_id", strings(&[Some("I1"); 3])),
            ("started_at", times(1_594_032_684_000_000)),
            ("ended_at", times(1_594_035_404_000_000)),
            (
                "watched_seconds",
                Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])),
            ),
            (
                "playback_rate",
                Arc::new(Float64Array::from(vec![1.0, 1.5, f64::NAN])),
            ),
            ("day", Arc::new(Date32Array::from(vec![18_449, 0, -1]))),
            ("fee", Arc::new(money)),
        ],
        properties,
    )
}

/// A workbook: a title, the header, figures and dates as numbers, and a totals row.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "学习记录").unwrap();
    let header = LOGS.lines().next().unwrap();
    for (column, name) in (0..).zip(header.split(',').take(8)) {
        sheet.write_string(1, column, name).unwrap();
    }
    let row = ["L1", "E1", "370199198506159973", "P1", "I1"];
    for line in 2..5 {
        for (column, text) in (0..).zip(row) {
            sheet.write_string(line, column, text).unwrap();
        }
        sheet.write_number(line, 5, 44_018.785_694).unwrap();
        sheet.write_number(line, 6, 44_018.817_176).unwrap();
        sheet.write_number(line, 7, f64::from(line)).unwrap();
    }
    sheet
        .write_number(5, 2, 370_199_198_506_159_973_f64)
        .unwrap();
    sheet.write_string(5, 0, "合计").unwrap();
    workbook.save_to_buffer().unwrap()
}

/// The parts of a workbook, each after a zero byte, as the fuzz target puts them together.
fn parts() -> Vec<u8> {
    let mut cells = String::new();
    let mut strings = String::new();
    let mut at = 0;
    for (line, text) in (1..).zip(BROKEN_LOGS.lines().take(4)) {
        cells.push_str(&format!(r#"<row r="{line}">"#));
        for (column, field) in ('A'..).zip(text.split(',')) {
            cells.push_str(&format!(r#"<c r="{column}{line}" t="s"><v>{at}</v></c>"#));
            strings.push_str(&format!("<si><t>{field}</t></si>"));
            at += 1;
        }
        cells.push_str("</row>");
    }
    cells.push_str(r#"<row r="9"><c r="A9" t="inlineStr"><is><t>L&amp;9</t></is></c><c r="F9" s="1"><v>44018.5</v></c><c r="G9" t="b"><v>1</v></c><c r="H9" t="e"><v>#N/A</v></c></row>"#);
    let styles = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    format!("<worksheet><dimension ref=\"A1:H9\"/><sheetData>{cells}</sheetData></worksheet>\0<sst count=\"{at}\" uniqueCount=\"{at}\">{strings}</sst>\0{styles}").into_bytes()
}

fn old_workbook() -> Vec<u8> {
    std::fs::read(repository().join("tests/data/workbook/small.xls")).unwrap()
}

/// Inputs of the fuzz targets that read files.
pub fn inputs() -> Vec<Seed> {
    vec![
        seed("csv", "logs.csv", LOGS),
        seed("csv", "logs-utf16.csv", utf16(LOGS)),
        seed("csv", "broken.csv", broken_bytes()),
        seed("csv", "enrolments.csv", CHINESE),
        seed("csv", "enrolments-gb18030.csv", gb18030(CHINESE)),
        seed(
            "csv",
            "assessments-mark.tsv",
            format!("\u{feff}{ASSESSMENTS}").replace('\n', "\r\n"),
        ),
        seed("csv", "logs.csv.gz", gzip(LOGS.as_bytes())),
        seed("csv", "logs.csv.zst", zstd(LOGS.as_bytes())),
        seed("jsonl", "logs.jsonl", json_lines()),
        seed("jsonl", "logs-utf16.jsonl", utf16(&json_lines())),
        seed("jsonl", "logs-gb18030.jsonl", gb18030(&json_lines())),
        seed("parquet", "plain.parquet", parquet_plain()),
        seed("parquet", "typed.parquet", parquet_typed()),
        seed("xlsx", "logs.xlsx", workbook()),
        seed("xlsx", "parts", parts()),
        seed("xlsx", "small.xls", old_workbook()),
    ]
}

/// Inputs of the fuzz target that reads values: one for each way to read, and for each reason.
pub fn values() -> Vec<Seed> {
    [
        ("date", "2020年9月3日"),
        ("no-date", "2020-02-30"),
        ("serial", "44077.5"),
        ("time", "2020-09-03T08:30:00.25+08:00"),
        ("no-time", "2020-09-03 28:30:00"),
        ("money", "￥１，２３４．５０"),
        ("hours", "-14.97"),
        ("large", "1e308"),
        ("digits", "170141183460469231731687303715884105728"),
        ("citizen", "‘370199198506159973"),
        ("rounded", "3.70199198506160E+17"),
        ("embedded", "T370199198506159973"),
        ("phone", "+86 154-9999-9999"),
        ("word", "两后生 城市低保"),
        ("no-word", "zzz"),
        ("nothing", "Ｎ/Ａ"),
        ("level", "高级技师"),
        ("division", "371203"),
        ("header", "身份证号码"),
        ("credit", "91370100KP0000015H"),
    ]
    .map(|(name, text)| seed("values", name, text))
    .into()
}

/// Mutations of each object in the test of a whole night.
pub const COPIES: usize = 40;

/// Files by feed.
pub fn objects() -> Vec<Seed> {
    vec![
        seed("study_logs", "a.csv", LOGS),
        seed("study_logs", "b.csv", broken_bytes()),
        seed("study_logs", "c.csv.gz", gzip(LOGS.as_bytes())),
        seed("study_logs", "d.csv.zst", zstd(LOGS.as_bytes())),
        seed("study_logs", "e.jsonl", json_lines()),
        seed("study_logs", "f.parquet", parquet_plain()),
        seed("study_logs", "g.parquet", parquet_typed()),
        seed("study_logs", "h.xlsx", workbook()),
        seed("study_logs", "i.xls", old_workbook()),
        seed("enrolments", "j.csv", gb18030(CHINESE)),
        seed("enrolments", "k.csv", utf16(CHINESE)),
        seed("assessments", "l.tsv", ASSESSMENTS),
    ]
}
