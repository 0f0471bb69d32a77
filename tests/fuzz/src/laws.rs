//! What must hold whatever the bytes of an object are. The fuzz targets check it here, and so do the tests of the
//! project, with the seeds and with every input that once broke a law (`tests/night/hostile.rs`).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::OnceLock;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::contract::{Column, Contract, Contracts, Reason, Value, parse};
use super::identity::precision::precision_lost;
use super::identity::{Wanted, citizen, find_embedded};
use super::raw::{self, FileKind, HeaderJudgement, Limits, Position, RawError, Row, RowFault};

/// Small, so that a few thousand bytes meet every limit.
const LIMITS: Limits = Limits {
    block: 256,
    record: 512,
    unpacked: 1 << 20,
    expansion: 20,
};

/// Sizes of block at which an object must read the same. Smaller ones make a splitter of fields for every row, which
/// takes most of the time of fuzzing.
const BLOCKS: [usize; 3] = [30, LIMITS.block, 1 << 20];

/// The project's contracts.
pub fn contracts() -> &'static Contracts {
    static CONTRACTS: OnceLock<Contracts> = OnceLock::new();
    CONTRACTS.get_or_init(|| {
        // The manifest is the project's or, two folders below it, that of the fuzz targets.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = [
            folder.join("pipelines/feeds"),
            folder.join("../../pipelines/feeds"),
        ];
        let folder = folders
            .iter()
            .find(|folder| folder.is_dir())
            .expect("the project");
        Contracts::load_dir(folder).expect("the project's contracts")
    })
}

/// A row as it was read: of its fields those that hold anything, by name and number of the name.
type ReadRow = (Position, Option<RowFault>, String, Vec<(String, String)>);

/// What an object came to.
#[derive(Default)]
pub struct Reading {
    rows: Vec<ReadRow>,
    /// It was refused, at once or after some rows.
    pub refused: bool,
    /// Reasons of rows, and of fields in whole rows.
    pub reasons: BTreeSet<&'static str>,
    /// Rows without fault whose fields all read.
    pub accepted: usize,
}

/// Reads bytes as an object of that name as the loader does. The laws:
///
/// - it ends, without panic, as rows or as one of the known errors, whose words hold no text of the object;
/// - lines only grow, offsets grow with them and lie inside the unpacked object;
/// - a row without fault has a field for every column, and each field is a value or has one of the known reasons;
/// - the raw text of a row is at most the record limit long, and a third more where text was decoded;
/// - rows are the same whatever the size of a block.
pub fn read(name: &str, bytes: &[u8]) -> Reading {
    let [first, others @ ..] = BLOCKS.map(|block| read_with(name, bytes, block));
    for other in others {
        assert_eq!(
            first.refused, other.refused,
            "refused at one size of block only"
        );
        // What came before a refusal may be more or less.
        let is_whole = first.refused || first.rows.len() == other.rows.len();
        assert!(is_whole, "rows are missing at one size of block");
        for (one, other) in first.rows.iter().zip(&other.rows) {
            let is_same = one == other;
            assert!(
                is_same,
                "line {} differs with the size of block",
                one.0.line
            );
        }
    }
    first
}

fn read_with(name: &str, bytes: &[u8], block: usize) -> Reading {
    let mut reading = Reading::default();
    if let Err(error) = read_into(&mut reading, name, bytes, Limits { block, ..LIMITS }) {
        tells_nothing(&error);
        reading.refused = true;
    }
    reading
}

fn read_into(
    reading: &mut Reading,
    name: &str,
    bytes: &[u8],
    limits: Limits,
) -> Result<(), RawError> {
    let kind = FileKind::from_name(name).expect("a known suffix");
    let judge = |fields: &[String]| contract_of(fields).1;
    let size = bytes.len() as u64;
    let most = size
        .saturating_mul(limits.expansion)
        .max(limits.unpacked)
        .max(size);
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let mut reader = raw::open(source, size, kind, limits, &judge)?;
    let header = reader.header().unwrap_or_default().to_vec();
    let mut columns = header.clone();
    let mut contract = contract_of(&columns).0;
    let mut matched = contract.match_header(&columns);
    let mut last: Option<Position> = None;
    while let Some(block) = reader.next_block()? {
        let parsed = block.parse();
        let own = parsed.header.as_ref().unwrap_or(&header);
        if *own != columns {
            columns.clone_from(own);
            contract = contract_of(&columns).0;
            matched = contract.match_header(&columns);
        }
        for row in parsed.rows() {
            follows(last, row.position, most);
            last = Some(row.position);
            assert!(row.raw.len() <= limits.record * 3, "a record without end");
            if let Some(fault) = row.fault {
                reading.reasons.insert(fault.reason_code());
            } else {
                assert_eq!(row.fields.len(), columns.len(), "fields of a whole row");
                let field = |position| row.fields.get(position);
                let found = reasons_of(contract, &matched.positions, field);
                reading.accepted += usize::from(found.is_empty());
                reading.reasons.extend(found);
            }
            reading.rows.push(kept(&row, &columns));
        }
    }
    Ok(())
}

/// The feed that a header fits best: an input does not say where its object lies.
fn contract_of(fields: &[String]) -> (&'static Contract, HeaderJudgement) {
    let judged = contracts().iter().map(|contract| {
        let header = contract.match_header(fields);
        let judgement = HeaderJudgement {
            usable: header.is_usable(),
            recognised: header.recognised(),
        };
        (contract, judgement)
    });
    judged
        .max_by_key(|(_, judgement)| *judgement)
        .expect("contracts")
}

fn follows(last: Option<Position>, position: Position, most: u64) {
    let line = last.map_or(0, |last| last.line);
    assert!(position.line > line, "lines only grow");
    let Some(byte) = position.byte else {
        return;
    };
    assert!(byte < most, "an offset beyond the object");
    let before = last.and_then(|last| last.byte);
    assert!(
        before.is_none_or(|before| before < byte),
        "offsets only grow"
    );
}

fn kept(row: &Row<'_>, columns: &[String]) -> ReadRow {
    let mut fields = Vec::new();
    if row.fault.is_none() {
        let named = columns
            .iter()
            .cloned()
            .zip(row.fields.iter().map(str::to_owned));
        fields.extend(named.filter(|(_, text)| !text.is_empty()));
        fields.sort();
    }
    (row.position, row.fault, row.raw.to_owned(), fields)
}

/// Messages of errors reach logs, and must hold nothing that may be a person's.
fn tells_nothing(error: &RawError) {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push_str(&error.to_string());
        cause = error.source();
    }
    let digits = words.split(|character: char| !character.is_ascii_digit());
    assert!(
        digits.map(str::len).max() < Some(17),
        "an error tells what it read"
    );
}

/// Why fields are refused.
fn reasons_of<'t>(
    contract: &Contract,
    positions: &[Option<usize>],
    field: impl Fn(usize) -> Option<&'t str>,
) -> BTreeSet<&'static str> {
    let mut reasons = BTreeSet::new();
    for (column, position) in contract.columns.iter().zip(positions) {
        let text = position.and_then(&field).unwrap_or_default();
        reasons.extend(checked(column, text).map(Reason::code));
    }
    reasons
}

/// Reads a text as a column's value; gives the reason where it is none.
fn checked(column: &Column, text: &str) -> Option<Reason> {
    match parse(column, text) {
        Ok(Value::Null) => assert!(!column.required, "a required value is null"),
        Ok(Value::Float(value) | Value::Hours { hours: value, .. }) => {
            assert!(value.is_finite(), "a number without end");
        }
        Ok(_) => {}
        Err(reason) => return Some(reason),
    }
    None
}

/// Reads a text as a value of every column of every feed, as a header, and as an identity.
pub fn value(text: &str) -> BTreeSet<&'static str> {
    let mut reasons = BTreeSet::new();
    // One feed at a time: comparing a text with all headers takes longer than all else.
    let feeds = contracts().iter().count();
    if let Some(contract) = contracts().iter().nth(text.len() % feeds) {
        let nearest = contract.nearest_header(text);
        assert!(nearest.is_none_or(|(_, column)| column < contract.columns.len()));
    }
    for contract in contracts().iter() {
        for column in &contract.columns {
            reasons.extend(checked(column, text).map(Reason::code));
        }
        let column = contract.column_of_header(text);
        assert!(column.is_none_or(|column| column < contract.columns.len()));
    }
    let normal = citizen::normalise(text);
    assert!(
        !normal.is_ascii() || citizen::normalise(&normal) == normal,
        "the normal form is final"
    );
    let _ = precision_lost(&normal);
    let found = find_embedded(text, Wanted::CitizenNumbers);
    let is_number =
        |range: std::ops::Range<usize>| text.get(range).is_some_and(|number| number.len() == 18);
    assert!(found.is_none_or(|found| is_number(found.range)));
    let found = find_embedded(text, Wanted::People);
    assert!(found.is_none_or(|found| text.get(found.range).is_some()));
    reasons
}

/// Checks one input of a fuzz target: the contents of a file of `seeds/<target>` or `regressions/<target>`.
pub fn check(target: &str, input: &[u8]) -> Reading {
    if target == "values" {
        return Reading {
            reasons: std::str::from_utf8(input).map(value).unwrap_or_default(),
            ..Reading::default()
        };
    }
    let (name, bytes) = object(target, input);
    read(name, &bytes)
}

/// The object that an input stands for. Delimited text may come packed; a workbook may come as the contents of its
/// parts, which mutations of a package would not get at behind its checksums.
fn object<'i>(target: &str, input: &'i [u8]) -> (&'static str, Cow<'i, [u8]>) {
    const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    match (target, input) {
        ("csv", [0x1F, 0x8B, ..]) => ("study_logs.csv.gz", input.into()),
        ("csv", [0x28, 0xB5, 0x2F, 0xFD, ..]) => ("study_logs.csv.zst", input.into()),
        ("csv", _) => ("study_logs.csv", input.into()),
        ("jsonl", _) => ("study_logs.jsonl", input.into()),
        ("parquet", _) => ("study_logs.parquet", input.into()),
        _ if input.starts_with(b"PK") || input.starts_with(OLE) => {
            ("study_logs.xlsx", input.into())
        }
        _ => ("study_logs.xlsx", package(input).into()),
    }
}

/// A package of the usual parts, with those that the input gives, one after another with a zero byte between.
fn package(input: &[u8]) -> Vec<u8> {
    const NAMES: [&str; 5] = [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
    ];
    const SPACE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let root = format!(
        r#"<Relationships><Relationship Id="r1" Type="{SPACE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = format!(
        r#"<workbook xmlns:r="{SPACE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let links = format!(
        r#"<Relationships><Relationship Id="r1" Type="{SPACE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let usual: [&str; 5] = ["", "<sst/>", "<styleSheet/>", &book, &links];
    let mut given = input.split(|byte| *byte == 0);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &[u8]| {
        writer.start_file(name, options).expect("in memory");
        writer.write_all(content).expect("in memory");
    };
    add("_rels/.rels", root.as_bytes());
    for (name, usual) in NAMES.iter().zip(usual) {
        let given = given.next().filter(|part| !part.is_empty());
        add(name, given.unwrap_or(usual.as_bytes()));
    }
    writer.finish().expect("in memory").into_inner()
}
