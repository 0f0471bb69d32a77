//! Files that would cost all memory or time, if they were believed.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use arrow::record_batch::RecordBatch;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::{
    FileMetaData, ParquetMetaDataBuilder, ParquetMetaDataReader, ParquetMetaDataWriter,
};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::seeds::{gzip, zstd};

/// What must become of a file.
pub enum Outcome {
    /// Rows read and rows accepted.
    Loaded(i64, i64),
    /// Refused, with these words.
    Refused(&'static str),
    /// Either: rows read and accepted, where it is loaded.
    Any(i64, i64),
}

pub type Expected = Vec<(&'static str, Outcome)>;

use Outcome::{Any, Loaded, Refused};

const MEGABYTE: usize = 1 << 20;

const CLASSES: &str = "class_id,org_id,city_code,occupation_code,skill_level,category,mode,start_on,end_on,\
                       planned_online_hours,planned_offline_hours";

const TARGETS: &str = "year,city_code,target_completions";

fn targets(rows: &[u32]) -> String {
    let rows = rows.iter().map(|year| format!("{year},370100,5\n"));
    rows.fold(format!("{TARGETS}\n"), |text, row| text + &row)
}

/// Writes the files below a raw folder, and tells what must become of each. What is found out only after rows of it were
/// read makes its feed be read again, so such files are in small feeds.
pub fn write(raw: &Path) -> Expected {
    let mut files = Expected::new();
    let mut add = |object, outcome, bytes: Vec<u8>| {
        put(raw, object, &bytes);
        files.push((object, outcome));
    };

    add("targets/x/empty.csv", Refused("no header"), Vec::new());
    add("targets/x/empty.csv.gz", Refused("gzip"), Vec::new());
    add("targets/x/empty.parquet", Refused("Parquet"), Vec::new());
    add("targets/x/empty.xlsx", Refused("XLSX"), Vec::new());
    add("targets/x/nothing.jsonl", Loaded(0, 0), b"\n \n".to_vec());
    add("targets/x/nul.csv", Refused("city_code"), vec![0; MEGABYTE]);
    add(
        "targets/x/nul.jsonl",
        Refused("city_code"),
        vec![0; MEGABYTE],
    );
    add(
        "targets/x/nul.csv.zst",
        Refused("zstandard"),
        vec![0; MEGABYTE],
    );
    add(
        "targets/x/nul.xls",
        Refused("no workbook"),
        vec![0; MEGABYTE],
    );
    add(
        "targets/x/folder.csv/inner.csv",
        Loaded(1, 1),
        targets(&[2001]).into_bytes(),
    );
    add(
        "targets/x/..csv",
        Loaded(1, 1),
        targets(&[2002]).into_bytes(),
    );
    add(
        "targets/x/a b%2F#?'\"；.csv",
        Loaded(1, 1),
        targets(&[2003]).into_bytes(),
    );
    add("targets/x/picture.xlsx", Refused("no workbook"), picture());

    add(
        "targets/x/separators.csv",
        Refused("longer than"),
        vec![b','; 17 * MEGABYTE],
    );

    add("classes/x/bomb.csv.gz", Refused("unpacks"), long_gzip());
    add("classes/x/bomb.csv.zst", Refused("unpacks"), long_zstd());
    add(
        "classes/x/window.csv.zst",
        Refused("zstandard"),
        wide_window(),
    );
    add(
        "claims/x/bomb.xlsx",
        Refused("unpacks"),
        zip_bomb("xl/worksheets/sheet1.xml"),
    );
    add(
        "claims/x/picture-bomb.xlsx",
        Refused("unpacks"),
        zip_bomb("xl/media/image1.png"),
    );

    let far = r#"<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>"#;
    let row = |year: u32, line: u32| {
        format!(
            r#"<row r="{line}"><c r="A{line}"><v>{year}</v></c><c r="B{line}"><v>370100</v></c><c r="C{line}"><v>5</v></c></row>"#
        )
    };
    let header = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>year</t></is></c><c r="B1" t="inlineStr"><is><t>city_code</t></is></c><c r="C1" t="inlineStr"><is><t>target_completions</t></is></c></row>"#;
    let last = |cell: &str| format!(r#"<row r="1048576">{cell}</row>"#);
    let vast = r#"<dimension ref="A1:XFD1048576"/>"#;
    add(
        "targets/x/vast.xlsx",
        Loaded(1, 1),
        sheet(vast, &[header, &row(2004, 2)]),
    );
    add(
        "targets/x/far.xlsx",
        Loaded(2, 1),
        sheet(vast, &[header, &row(2005, 2), &last(far)]),
    );
    add(
        "targets/x/far-row.xlsx",
        Loaded(2, 2),
        sheet("", &[header, &row(2006, 2), &row(2007, 1_048_576)]),
    );
    add(
        "targets/x/outside.xlsx",
        Refused("one of its parts is damaged"),
        sheet("", &[header, &row(2008, 4_294_967_295)]),
    );

    let good = r#"{"year":2009,"city_code":"370100","target_completions":5}"#;
    let keys: Vec<String> = (0..1_000_000).map(|key| format!(r#""k{key}":1"#)).collect();
    add(
        "targets/x/keys.jsonl",
        Loaded(2, 1),
        format!("{good}\n{{{}}}\n", keys.join(",")).into_bytes(),
    );
    let good = good.replace("2009", "2010");
    let deep = good.replace(
        '}',
        &format!(",\"x\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000)),
    );
    add(
        "targets/x/deep.jsonl",
        Loaded(2, 1),
        format!("{good}\n{deep}\n").into_bytes(),
    );
    let open = r#"{"x":"#.repeat(1_000_000);
    let good = good.replace("2010", "2011");
    add(
        "targets/x/open.jsonl",
        Loaded(2, 1),
        format!("{good}\n{open}\n").into_bytes(),
    );

    add("targets/x/rows.parquet", Refused("unpacks"), many_rows());
    add(
        "targets/x/footer.parquet",
        Refused("footer"),
        [
            &b"PAR1"[..],
            &[0xFF; 100],
            &0xFFFF_FFF0_u32.to_le_bytes(),
            b"PAR1",
        ]
        .concat(),
    );

    write_long_line(&raw.join("targets/x/long-line.csv"));
    files.push(("targets/x/long-line.csv", Loaded(2, 1)));
    write_long_line(&raw.join("targets/x/long-line.jsonl"));
    files.push(("targets/x/long-line.jsonl", Refused("city_code")));
    files
}

fn put(raw: &Path, object: &str, bytes: &[u8]) {
    let path = raw.join(object);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Writes files whose headers have columns without end, or a name without end.
pub fn write_headers(raw: &Path) -> Expected {
    let mut files = Expected::new();
    let mut add = |object, outcome, text: String| {
        put(raw, object, text.as_bytes());
        files.push((object, outcome));
    };
    add("targets/x/wide-header.csv", Any(0, 0), wide_header(0));
    add("targets/x/wide.csv", Any(3, 3), wide_header(3));
    let commas = ",".repeat(15 * MEGABYTE);
    let row = format!("2030,370100,5{commas}\n");
    add(
        "targets/x/blank-names.csv",
        Any(8, 1),
        format!("{TARGETS}{commas}\n{}", row.repeat(8)),
    );
    let name = "x".repeat(15 * MEGABYTE);
    add(
        "targets/x/long-name.csv",
        Any(1, 1),
        format!("{TARGETS},{name}\n2013,370100,5,1\n"),
    );
    let object =
        format!(r#"{{"year":2014,"city_code":"370100","target_completions":5,"{name}":1}}"#);
    add("targets/x/long-name.jsonl", Any(1, 1), object);
    files
}

/// A gigabyte of one line that the disk does not hold, between a header and a row.
fn write_long_line(path: &Path) {
    let mut file = File::create(path).unwrap();
    file.write_all(TARGETS.as_bytes()).unwrap();
    file.write_all(b"\n").unwrap();
    file.seek(SeekFrom::Start(1 << 30)).unwrap();
    file.write_all(b"\n2012,370100,5\n").unwrap();
}

/// A million columns, and as many rows as told.
fn wide_header(rows: u32) -> String {
    let mut text = String::from(TARGETS);
    for column in 0..1_000_000 {
        text.push_str(&format!(",c{column}"));
    }
    for row in 0..rows {
        text.push_str(&format!("\n{},370100,5", 2020 + row));
        text.push_str(&",1".repeat(1_000_000));
    }
    text.push('\n');
    text
}

/// A gigabyte of zeros in a few megabytes, behind an honest header.
fn long_gzip() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 64 * MEGABYTE]).unwrap();
    let header = gzip(format!("{CLASSES}\n").as_bytes());
    [header, encoder.finish().unwrap().repeat(16)].concat()
}

fn long_zstd() -> Vec<u8> {
    let header = zstd(format!("{CLASSES}\n").as_bytes());
    [header, zstd(&vec![0; 64 * MEGABYTE]).repeat(16)].concat()
}

/// A frame that wants a window of two gigabytes.
fn wide_window() -> Vec<u8> {
    vec![0x28, 0xB5, 0x2F, 0xFD, 0, 21 << 3, 1, 0, 0]
}

/// A package whose part of this name unpacks to four gigabytes of zeros.
fn zip_bomb(name: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 16 * MEGABYTE]).unwrap();
    // Up to the end of a byte, so that it can be repeated.
    encoder.flush().unwrap();
    let piece = encoder.get_ref();
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, options).unwrap();
    writer.write_all(&piece.repeat(256)).unwrap();
    let mut bytes = writer.finish().unwrap().into_inner();
    // Both headers call it deflated: method and unpacked size lie at these places.
    let central = memchr::memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
    for (method, size) in [(8, 22), (central + 10, central + 24)] {
        bytes[method..method + 2].copy_from_slice(&8_u16.to_le_bytes());
        bytes[size..size + 4].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    }
    bytes
}

/// A workbook with one sheet of these rows.
fn sheet(before: &str, rows: &[&str]) -> Vec<u8> {
    const SPACE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "_rels/.rels",
            format!(
                r#"<Relationships><Relationship Id="r1" Type="{SPACE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns:r="{SPACE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships><Relationship Id="r1" Type="{SPACE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet>{before}<sheetData>{}</sheetData></worksheet>",
                rows.concat()
            ),
        ),
    ];
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A file of three rows whose footer claims 2^40 of them.
fn many_rows() -> Vec<u8> {
    const CLAIMED: i64 = 1 << 40;
    let columns = ["year", "city_code", "target_completions"].map(|name| {
        let values: ArrayRef = Arc::new(Int64Array::from(vec![370_100; 3]));
        (name, values)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();

    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&bytes::Bytes::from(bytes.clone()))
        .unwrap();
    let file = metadata.file_metadata();
    let claimed = FileMetaData::new(
        file.version(),
        CLAIMED,
        file.created_by().map(str::to_owned),
        file.key_value_metadata().cloned(),
        file.schema_descr_ptr(),
        None,
    );
    let groups = metadata.row_groups().iter().map(|group| {
        let group = group.clone().into_builder().set_num_rows(CLAIMED);
        group.build().unwrap()
    });
    let claimed = ParquetMetaDataBuilder::new(claimed)
        .set_row_groups(groups.collect())
        .build();
    let footer = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap());
    bytes.truncate(bytes.len() - 8 - footer as usize);
    ParquetMetaDataWriter::new(&mut bytes, &claimed)
        .finish()
        .unwrap();
    bytes
}

/// The start of a PNG, and noise.
fn picture() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend((0..100_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8));
    bytes
}
