mod hostile;
mod types;

use std::io::Cursor;
use std::path::Path;

use arrow::array::*;
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::*;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::data_type::{ByteArray, ByteArrayType, Int96, Int96Type};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::compact::{PageHead, is_sound_footer};
use super::*;
use crate::raw::RowFault;

const WRONG: Option<RowFault> = Some(RowFault::WrongFieldCount);

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap()
}

fn write_with(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn write(batch: &RecordBatch) -> Vec<u8> {
    write_with(batch, WriterProperties::default())
}

fn open_with(bytes: Vec<u8>, limits: Limits) -> Result<ParquetReader, RawError> {
    ParquetReader::open(Box::new(Cursor::new(bytes)), limits)
}

struct ReadRow {
    line: u64,
    fields: Vec<String>,
    fault: Option<RowFault>,
    raw: String,
}

fn read(reader: &mut ParquetReader) -> Result<Vec<ReadRow>, RawError> {
    let mut rows = Vec::new();
    while let Some(block) = reader.next_block()? {
        let block = block.parse();
        assert!(block.header.is_none());
        for row in block.rows() {
            assert_eq!(row.position.byte, None);
            let width = if row.fault.is_none() {
                reader.header.len()
            } else {
                0
            };
            assert_eq!(row.fields.len(), width);
            rows.push(ReadRow {
                line: row.position.line,
                fields: row.fields.iter().map(str::to_owned).collect(),
                fault: row.fault,
                raw: row.raw.to_owned(),
            });
        }
    }
    Ok(rows)
}

fn read_all(bytes: Vec<u8>, limits: Limits) -> Result<Vec<ReadRow>, RawError> {
    read(&mut open_with(bytes, limits)?)
}

/// The texts of a column that is written and read back.
fn texts(array: ArrayRef) -> Vec<String> {
    let kind = array.data_type().clone();
    let rows = read_all(write(&batch(vec![("a", array)])), Limits::default()).unwrap();
    assert!(rows.iter().all(|row| row.fault.is_none()), "{kind}");
    rows.into_iter()
        .map(|mut row| row.fields.remove(0))
        .collect()
}

#[test]
fn the_raw_text_is_a_json_object() {
    let names = batch(vec![
        (
            "a\"b",
            Arc::new(StringArray::from(vec![Some("x\"\\\n\t\u{1}王"), None])) as ArrayRef,
        ),
        ("编号", Arc::new(Int32Array::from(vec![Some(7), Some(8)]))),
    ]);
    let mut reader = open_with(write(&names), Limits::default()).unwrap();
    assert_eq!(reader.header().unwrap(), ["a\"b", "编号"]);
    let rows = read(&mut reader).unwrap();
    assert_eq!(rows[0].fields, ["x\"\\\n\t\u{1}王", "7"]);
    let object: serde_json::Value = serde_json::from_str(&rows[0].raw).unwrap();
    assert_eq!(
        object,
        serde_json::json!({"a\"b": "x\"\\\n\t\u{1}王", "编号": "7"})
    );
    assert_eq!(rows[1].raw, "{\"a\\\"b\":null,\"编号\":\"8\"}");
}

#[test]
fn bytes_that_are_no_text_cost_their_row() {
    let bytes: Vec<Option<&[u8]>> = vec![Some(b"a"), Some(b"\xb0\xa1x"), None];
    let binary = BinaryArray::from(bytes);
    let rows = read_all(
        write(&batch(vec![("a", Arc::new(binary))])),
        Limits::default(),
    )
    .unwrap();
    let faults: Vec<_> = rows.iter().map(|row| row.fault).collect();
    assert_eq!(faults, [None, Some(RowFault::BadEncoding), None]);
    assert_eq!(rows[1].raw, "{\"a\":\"\u{fffd}\u{fffd}x\"}");

    // The same in a column that says it is text.
    let rows = read_all(text_column(&[b"a", b"\xb0\xa1x", b"b"]), Limits::default()).unwrap();
    let faults: Vec<_> = rows.iter().map(|row| row.fault).collect();
    assert_eq!(faults, [None, Some(RowFault::BadEncoding), None]);
    assert_eq!(rows[2].fields, ["b"]);
}

/// A file by the low-level writer, without a schema of Arrow, whose text may be anything.
fn text_column(values: &[&[u8]]) -> Vec<u8> {
    let schema = "message m { required binary a (UTF8) = 5; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let values: Vec<ByteArray> = values
        .iter()
        .map(|value| ByteArray::from(value.to_vec()))
        .collect();
    column
        .typed::<ByteArrayType>()
        .write_batch(&values, None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn every_packing_that_is_bounded_is_read() {
    let words: Vec<String> = (0..1200).map(|number| format!("班级{number}")).collect();
    let table = batch(vec![(
        "a",
        Arc::new(StringArray::from(words.clone())) as ArrayRef,
    )]);
    for packing in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
        Compression::LZ4_RAW,
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            for encoding in [
                Encoding::PLAIN,
                Encoding::DELTA_BYTE_ARRAY,
                Encoding::DELTA_LENGTH_BYTE_ARRAY,
            ] {
                let properties = WriterProperties::builder()
                    .set_compression(packing)
                    .set_writer_version(version)
                    .set_dictionary_enabled(encoding == Encoding::PLAIN)
                    .set_encoding(encoding)
                    .set_data_page_row_count_limit(300)
                    .set_write_batch_size(100)
                    .set_max_row_group_row_count(Some(700))
                    .build();
                let rows = read_all(write_with(&table, properties), Limits::default()).unwrap();
                let found: Vec<_> = rows.iter().map(|row| row.fields[0].clone()).collect();
                assert_eq!(found, words);
            }
        }
    }
    let properties = WriterProperties::builder()
        .set_compression(Compression::BROTLI(Default::default()))
        .build();
    let result = read_all(write_with(&table, properties), Limits::default());
    assert!(matches!(result, Err(RawError::Damaged { .. })));
}

#[test]
fn blocks_are_cut_by_length_and_rows_numbered() {
    let words: Vec<String> = (0..5000).map(|number| format!("{number:0>20}")).collect();
    let table = batch(vec![(
        "a",
        Arc::new(StringArray::from(words.clone())) as ArrayRef,
    )]);
    for block in [1, 1000, 4096, 1 << 20] {
        let limits = Limits {
            block,
            ..Limits::default()
        };
        let mut reader = open_with(write(&table), limits).unwrap();
        let mut next_row = 1;
        while let Some(block_read) = reader.next_block().unwrap() {
            assert!(block_read.byte_len() <= block + 40);
            for row in block_read.parse().rows() {
                assert_eq!(row.position.line, next_row);
                assert_eq!(row.fields.get(0).unwrap(), words[next_row as usize - 1]);
                next_row += 1;
            }
        }
        assert_eq!(next_row, 5001);
        assert!(reader.next_block().unwrap().is_none());
    }
}

#[test]
fn a_file_without_rows_has_a_header() {
    let schema = Arc::new(Schema::new(vec![Field::new("编号", DataType::Utf8, true)]));
    let mut reader = open_with(write(&RecordBatch::new_empty(schema)), Limits::default()).unwrap();
    assert_eq!(reader.header().unwrap(), ["编号"]);
    assert!(reader.next_block().unwrap().is_none());
}

#[test]
fn fields_with_numbers_and_required_columns_are_read() {
    let metadata = [("PARQUET:field_id".to_owned(), "7".to_owned())];
    let field = |name: &str, kind| {
        Field::new(name, kind, false).with_metadata(metadata.clone().into_iter().collect())
    };
    let schema = Schema::new(vec![
        field("a", DataType::Utf8),
        field("b", DataType::Int32),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["x"])),
        Arc::new(Int32Array::from(vec![1])),
    ];
    let table = RecordBatch::try_new(Arc::new(schema), columns).unwrap();
    assert_eq!(
        read_all(write(&table), Limits::default()).unwrap()[0].fields,
        ["x", "1"]
    );
}

/// The sample provinces lie beside the project, not in it.
#[test]
fn sample_province() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/mixed/raw");
    if !folder.is_dir() {
        return;
    }
    let (mut files, mut count) = (0, 0);
    for feed in std::fs::read_dir(folder).unwrap() {
        let feed = feed.unwrap();
        let name = feed.file_name().into_string().unwrap();
        let path = feed.path().join(format!("city=3709/{name}-3709.parquet"));
        let Ok(bytes) = std::fs::read(path) else {
            continue;
        };
        let mut reader = open_with(bytes, Limits::default()).unwrap();
        let rows = read(&mut reader).unwrap();
        assert!(rows.iter().all(|row| row.fault.is_none()));
        count += rows.len();
        files += 1;
    }
    println!("{files} files, {count} rows");
    assert!(files > 10 && count > 1000);
}
