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
fn text_of_every_kind() {
    let words = [
        Some("王伟"),
        None,
        Some(""),
        Some("a longer text, beyond a view"),
        Some("王伟"),
    ];
    let expected = ["王伟", "", "", "a longer text, beyond a view", "王伟"];
    let bytes = || words.iter().map(|word| word.map(str::as_bytes));
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter(words)),
        Arc::new(LargeStringArray::from_iter(words)),
        Arc::new(StringViewArray::from_iter(words)),
        Arc::new(words.into_iter().collect::<DictionaryArray<Int32Type>>()),
        Arc::new(words.into_iter().collect::<DictionaryArray<UInt8Type>>()),
        Arc::new(BinaryArray::from_iter(bytes())),
        Arc::new(LargeBinaryArray::from_iter(bytes())),
        Arc::new(BinaryViewArray::from_iter(bytes())),
    ];
    for array in arrays {
        assert_eq!(texts(array), expected);
    }
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(
        [Some(b"abc"), None, Some(b"xyz")].into_iter(),
        3,
    );
    assert_eq!(texts(Arc::new(fixed.unwrap())), ["abc", "", "xyz"]);
}

#[test]
fn integers_and_booleans() {
    let whole: Vec<(ArrayRef, [&str; 3])> = vec![
        (
            Arc::new(Int8Array::from(vec![Some(-128), None, Some(127)])),
            ["-128", "", "127"],
        ),
        (
            Arc::new(Int16Array::from(vec![Some(-5), None, Some(5)])),
            ["-5", "", "5"],
        ),
        (
            Arc::new(Int32Array::from(vec![Some(i32::MIN), None, Some(0)])),
            ["-2147483648", "", "0"],
        ),
        (
            Arc::new(Int64Array::from(vec![
                Some(370_199_199_001_019_970),
                None,
                Some(i64::MIN),
            ])),
            ["370199199001019970", "", "-9223372036854775808"],
        ),
        (
            Arc::new(UInt8Array::from(vec![Some(255), None, Some(0)])),
            ["255", "", "0"],
        ),
        (
            Arc::new(UInt16Array::from(vec![Some(65_535), None, Some(0)])),
            ["65535", "", "0"],
        ),
        (
            Arc::new(UInt32Array::from(vec![Some(u32::MAX), None, Some(0)])),
            ["4294967295", "", "0"],
        ),
        (
            Arc::new(UInt64Array::from(vec![Some(u64::MAX), None, Some(0)])),
            ["18446744073709551615", "", "0"],
        ),
        (
            Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)])),
            ["true", "", "false"],
        ),
    ];
    for (array, expected) in whole {
        assert_eq!(texts(array), expected);
    }
    assert_eq!(texts(Arc::new(NullArray::new(2))), ["", ""]);
}

#[test]
fn floats_are_the_shortest_decimal() {
    let numbers = [
        (12.0, "12"),
        (0.1, "0.1"),
        (-331.25, "-331.25"),
        (0.0, "0"),
        (-0.0, "0"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1E15"),
        (370_199_199_001_019_970.0, "3.7019919900101997E17"),
        (-6.2e18, "-6.2E18"),
        (1e-7, "0.0000001"),
        (1e-300, "1E-300"),
        (f64::MAX, "1.7976931348623157E308"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ];
    let array = Float64Array::from_iter_values(numbers.iter().map(|(number, _)| *number));
    let expected: Vec<_> = numbers.iter().map(|(_, text)| *text).collect();
    assert_eq!(texts(Arc::new(array)), expected);
    let array = Float32Array::from(vec![Some(0.1), None, Some(1.5e17), Some(100.0)]);
    assert_eq!(texts(Arc::new(array)), ["0.1", "", "1.5E17", "100"]);
    type Half = <Float16Type as ArrowPrimitiveType>::Native;
    let array = Float16Array::from(vec![
        Some(Half::from_f32(0.5)),
        None,
        Some(Half::from_f32(3.0)),
    ]);
    assert_eq!(texts(Arc::new(array)), ["0.5", "", "3"]);
}

#[test]
fn decimals_are_exact() {
    for (precision, scale) in [(9, 2), (18, 2), (38, 2)] {
        let array = Decimal128Array::from(vec![Some(33_100), None, Some(-5), Some(0)])
            .with_precision_and_scale(precision, scale)
            .unwrap();
        assert_eq!(texts(Arc::new(array)), ["331.00", "", "-0.05", "0.00"]);
    }
    let array = Decimal128Array::from(vec![Some(123_456_789_012_345_678_901_234_567_890_i128)])
        .with_precision_and_scale(38, 0)
        .unwrap();
    assert_eq!(texts(Arc::new(array)), ["123456789012345678901234567890"]);
    let array = Decimal256Array::from(vec![Some(i256::from_i128(12_345)), None])
        .with_precision_and_scale(60, 3)
        .unwrap();
    assert_eq!(texts(Arc::new(array)), ["12.345", ""]);
    let array = Decimal32Array::from(vec![Some(150)])
        .with_precision_and_scale(9, 1)
        .unwrap();
    assert_eq!(texts(Arc::new(array)), ["15.0"]);
    let array = Decimal64Array::from(vec![Some(150)])
        .with_precision_and_scale(18, 1)
        .unwrap();
    assert_eq!(texts(Arc::new(array)), ["15.0"]);
}

#[test]
fn dates_and_times_of_day() {
    let array = Date32Array::from(vec![Some(18_508), None, Some(-1)]);
    assert_eq!(texts(Arc::new(array)), ["2020-09-03", "", "1969-12-31"]);
    let array = Date64Array::from(vec![Some(18_508 * 86_400_000), None]);
    assert_eq!(texts(Arc::new(array)), ["2020-09-03", ""]);
    let array = Date32Array::from(vec![i32::MAX]);
    assert_eq!(texts(Arc::new(array)), ["2147483647"]);
    let times: Vec<ArrayRef> = vec![
        Arc::new(Time32SecondArray::from(vec![Some(30_600), None])),
        Arc::new(Time32MillisecondArray::from(vec![Some(30_600_000), None])),
        Arc::new(Time64MicrosecondArray::from(vec![
            Some(30_600_000_000),
            None,
        ])),
        Arc::new(Time64NanosecondArray::from(vec![
            Some(30_600_000_000_999),
            None,
        ])),
    ];
    for array in times {
        assert_eq!(texts(array), ["08:30:00", ""]);
    }
    let array = Time64MicrosecondArray::from(vec![30_600_250_000, -1, 86_400_000_000]);
    assert_eq!(
        texts(Arc::new(array)),
        ["08:30:00.250000", "no time of day", "no time of day"]
    );
}

#[test]
fn moments() {
    let moment = 1_599_121_800_i64;
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(TimestampSecondArray::from(vec![Some(moment), None])),
        Arc::new(TimestampMillisecondArray::from(vec![
            Some(moment * 1000),
            None,
        ])),
        Arc::new(TimestampMicrosecondArray::from(vec![
            Some(moment * 1_000_000),
            None,
        ])),
        Arc::new(TimestampNanosecondArray::from(vec![
            Some(moment * 1_000_000_000 + 999),
            None,
        ])),
    ];
    for array in arrays {
        assert_eq!(texts(Arc::clone(&array)), ["2020-09-03 08:30:00", ""]);
        let DataType::Timestamp(unit, None) = array.data_type() else {
            panic!();
        };
        for zone in ["UTC", "+08:00", "Asia/Shanghai"] {
            let kind = DataType::Timestamp(*unit, Some(zone.into()));
            let zoned = make_array(
                array
                    .to_data()
                    .into_builder()
                    .data_type(kind)
                    .build()
                    .unwrap(),
            );
            assert_eq!(texts(zoned), ["2020-09-03T08:30:00Z", ""]);
        }
    }
    let fraction = TimestampMicrosecondArray::from(vec![moment * 1_000_000 + 5, -1, i64::MAX]);
    let expected = [
        "2020-09-03 08:30:00.000005",
        "1969-12-31 23:59:59.999999",
        "9223372036854775807",
    ];
    assert_eq!(texts(Arc::new(fraction.clone())), expected[..]);
    let zoned = fraction.with_timezone("UTC");
    assert_eq!(texts(Arc::new(zoned))[0], "2020-09-03T08:30:00.000005Z");
    let beyond = TimestampSecondArray::from(vec![i64::MAX]);
    assert_eq!(texts(Arc::new(beyond)), ["9223372036854775807"]);
    let cut = TimestampNanosecondArray::from(vec![-1]);
    assert_eq!(texts(Arc::new(cut)), ["1969-12-31 23:59:59.999999"]);
}

#[test]
fn nested_values_are_shown_like_json() {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
        Some(vec![Some(1), None, Some(3)]),
        None,
        Some(vec![]),
    ]);
    assert_eq!(texts(Arc::new(list)), ["[1, null, 3]", "", "[]"]);
    let words: ArrayRef = Arc::new(StringArray::from(vec!["王伟", "b"]));
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let fields: Fields = vec![
        Field::new("name", DataType::Utf8, true),
        Field::new("n", DataType::Int64, true),
    ]
    .into();
    let nulls = NullBuffer::from(vec![true, true]);
    let structs = StructArray::new(fields.clone(), vec![words.clone(), numbers], Some(nulls));
    assert_eq!(
        texts(Arc::new(structs)),
        ["{name: 王伟, n: 1}", "{name: b, n: null}"]
    );
    let item = Arc::new(Field::new_list_field(DataType::Utf8, true));
    let offsets = OffsetBuffer::from_lengths([2, 0]);
    let lists = ListArray::new(item.clone(), offsets, words.clone(), None);
    assert_eq!(texts(Arc::new(lists)), ["[王伟, b]", "[]"]);
    let offsets = OffsetBuffer::<i64>::from_lengths([1, 1]);
    let large = LargeListArray::new(item, offsets, words.clone(), None);
    assert_eq!(texts(Arc::new(large)), ["[王伟]", "[b]"]);
    let dictionary: DictionaryArray<Int32Type> = ["a", "b"].into_iter().collect();
    let item = Arc::new(Field::new_list_field(dictionary.data_type().clone(), true));
    let lists = ListArray::new(
        item,
        OffsetBuffer::from_lengths([2]),
        Arc::new(dictionary),
        None,
    );
    assert_eq!(texts(Arc::new(lists)), ["[a, b]"]);
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int64Builder::new());
    map.keys().append_value("k");
    map.values().append_value(7);
    map.append(true).unwrap();
    assert_eq!(texts(Arc::new(map.finish())), ["{k: 7}"]);
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
fn old_moments_are_utc() {
    let schema = Arc::new(parse_message_type("message m { required int96 a; }").unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let mut moment = Int96::new();
    let nanoseconds = 30_600_000_000_000_u64;
    moment.set_data(
        nanoseconds as u32,
        (nanoseconds >> 32) as u32,
        2_440_588 + 18_508,
    );
    column
        .typed::<Int96Type>()
        .write_batch(&[moment], None, None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let rows = read_all(bytes, Limits::default()).unwrap();
    assert_eq!(rows[0].fields, ["2020-09-03T08:30:00Z"]);
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

#[test]
fn a_row_beyond_the_limit_is_cut_off() {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
        Some(vec![Some(1); 5000]),
        Some(vec![Some(1); 5]),
        Some(vec![]),
    ]);
    let words = vec!["a".to_owned(), "王".repeat(100), "\u{1}".repeat(60)];
    let table = batch(vec![
        ("w", Arc::new(StringArray::from(words)) as ArrayRef),
        ("l", Arc::new(list)),
    ]);
    let limits = Limits {
        record: 100,
        ..Limits::default()
    };
    let rows = read_all(write(&table), limits).unwrap();
    assert!(
        rows.iter()
            .all(|row| row.fault == WRONG && row.raw.len() <= 100)
    );
    assert_eq!(
        rows.iter().map(|row| row.line).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(rows[0].raw.starts_with("{\"w\":\"a\",\"l\":\"[1, 1,") && rows[0].raw.len() == 100);
    assert_eq!(rows[1].raw, format!("{{\"w\":\"{}", "王".repeat(31)));
    assert!(rows[2].raw.starts_with("{\"w\":\"\\u0001"));
}

fn detail(result: Result<Vec<ReadRow>, RawError>) -> String {
    match result {
        Err(RawError::Damaged {
            format: "Parquet",
            detail,
        }) => detail,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was read"),
    }
}

fn small_file() -> Vec<u8> {
    let words = ["王伟", "李娜", "a", "王伟"];
    write(&batch(vec![
        (
            "w",
            Arc::new(StringArray::from_iter_values(words)) as ArrayRef,
        ),
        (
            "n",
            Arc::new(Int64Array::from(vec![Some(1), None, Some(3), Some(4)])),
        ),
        ("d", Arc::new(Date32Array::from(vec![18_508; 4]))),
        (
            "l",
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
                Some(vec![Some(1), None]),
                None,
                Some(vec![]),
                Some(vec![Some(5)]),
            ])),
        ),
    ]))
}

#[test]
fn what_is_no_parquet_file_says_so() {
    let limits = Limits::default();
    assert_eq!(detail(read_all(Vec::new(), limits)), "it is too short");
    assert_eq!(
        detail(read_all(b"PAR1".to_vec(), limits)),
        "it is too short"
    );
    let text = "班级编号,机构代码\n".repeat(10).into_bytes();
    assert_eq!(
        detail(read_all(text, limits)),
        "it does not start and end as such"
    );
    let whole = small_file();
    for length in 12..whole.len() {
        let cut = whole[..length].to_vec();
        assert_eq!(
            detail(read_all(cut, limits)),
            "it does not start and end as such"
        );
    }
    let mut encrypted = whole.clone();
    let length = encrypted.len();
    encrypted[length - 1] = b'E';
    assert_eq!(detail(read_all(encrypted, limits)), "it is encrypted");
    let mut long = whole.clone();
    long[length - 5] = 0x7F;
    assert_eq!(
        detail(read_all(long, limits)),
        "the length of its footer is wrong"
    );
    let mut broken = whole;
    broken[length - 40..length - 8].fill(0xFF);
    assert_eq!(detail(read_all(broken, limits)), "its footer is broken");
}

#[test]
fn damage_in_the_middle_is_told_without_text() {
    let words: Vec<String> = (0..20_000).map(|number| format!("王伟{number}")).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(Default::default()))
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(Some(5000))
        .build();
    let table = batch(vec![("a", Arc::new(StringArray::from(words)) as ArrayRef)]);
    let mut bytes = write_with(&table, properties);
    let frame = memchr::memmem::rfind(&bytes, &[0x28, 0xB5, 0x2F, 0xFD]).unwrap();
    bytes[frame] = 0;
    let limits = Limits {
        block: 1000,
        ..Limits::default()
    };
    let mut reader = open_with(bytes, limits).unwrap();
    let mut rows = 0;
    let error = loop {
        match reader.next_block() {
            Ok(block) => rows += block.unwrap().parse().len(),
            Err(error) => break error,
        }
    };
    assert!(rows >= 5000, "{rows}");
    let RawError::Damaged { detail, .. } = error else {
        panic!("{error}");
    };
    assert!(
        detail.starts_with("rows from ") && detail.is_ascii(),
        "{detail}"
    );
    assert!(reader.next_block().unwrap().is_none());
}

#[test]
fn gzip_that_goes_on_is_found_before_it_is_unpacked() {
    let words = StringArray::from(vec!["x".repeat(5000)]);
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(Default::default()))
            .set_dictionary_enabled(false)
            .set_writer_version(version)
            .build();
        let mut bytes = write_with(
            &batch(vec![("a", Arc::new(words.clone()) as ArrayRef)]),
            properties,
        );
        let head = PageHead::read(&bytes[4..]).unwrap();
        assert!(head.unpacked > 5000 && head.values == 1);
        // Field 2 of the page header is the unpacked size; a little less needs no other length.
        assert_eq!((bytes[4], bytes[6]), (0x15, 0x15));
        bytes[7] -= 2;
        assert_eq!(
            PageHead::read(&bytes[4..]).unwrap().unpacked,
            head.unpacked - 1
        );
        assert_eq!(
            detail(read_all(bytes, Limits::default())),
            "a page of column 1 is broken"
        );
    }
}

#[test]
fn many_rows_in_few_bytes_are_a_bomb() {
    let limits = Limits {
        unpacked: 1 << 16,
        expansion: 10,
        ..Limits::default()
    };
    let nulls = batch(vec![(
        "a",
        Arc::new(Int32Array::new_null(100_000)) as ArrayRef,
    )]);
    let bytes = write(&nulls);
    assert!(bytes.len() < 2000);
    assert!(matches!(
        read_all(bytes.clone(), limits),
        Err(RawError::Bomb { limit: 65536 })
    ));
    assert_eq!(read_all(bytes, Limits::default()).unwrap().len(), 100_000);

    let list =
        ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1); 100_000])]);
    let bytes = write(&batch(vec![("a", Arc::new(list) as ArrayRef)]));
    assert!(bytes.len() < 2000);
    assert!(matches!(
        read_all(bytes, limits),
        Err(RawError::Bomb { .. })
    ));
}

#[test]
fn a_long_value_for_many_rows_is_a_bomb() {
    let value = "x".repeat(64 << 10);
    let dictionary = DictionaryArray::new(
        Int32Array::from(vec![0; 200]),
        Arc::new(StringArray::from(vec![value])) as ArrayRef,
    );
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_page_size_limit(16 << 20)
        .build();
    let bytes = write_with(
        &batch(vec![("a", Arc::new(dictionary) as ArrayRef)]),
        properties,
    );
    assert!(bytes.len() < 20 << 10);
    let limits = Limits {
        unpacked: 4 << 20,
        expansion: 10,
        ..Limits::default()
    };
    let mut reader = open_with(bytes, limits).unwrap();
    let mut text = 0;
    let error = loop {
        match reader.next_block() {
            Ok(block) => {
                let block = block.unwrap();
                assert!(block.byte_len() <= 2 << 20);
                text += block.parse().text.len();
            }
            Err(error) => break error,
        }
    };
    assert!(matches!(error, RawError::Bomb { .. }) && text < 5 << 20);
}

#[test]
fn values_that_repeat_the_one_before_are_read_a_few_at_a_time() {
    let value = "x".repeat(1 << 20);
    let words = StringArray::from_iter_values(std::iter::repeat_n(value, 60));
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BYTE_ARRAY)
        .build();
    let bytes = write_with(&batch(vec![("a", Arc::new(words) as ArrayRef)]), properties);
    let limits = Limits {
        unpacked: 256 << 20,
        ..Limits::default()
    };
    let mut reader = open_with(bytes, limits).unwrap();
    let batch = reader.next_batch().unwrap().unwrap();
    assert!(batch.num_rows() <= 64);
}

#[test]
fn footers_and_page_headers_that_lie() {
    // Field 2, a list of structs: root with children, then leaves.
    let schema = |elements: &[&[u8]]| {
        let mut bytes = vec![0x29, (elements.len() as u8) << 4 | 12];
        bytes.extend(elements.concat());
        bytes.push(0);
        bytes
    };
    let group = |children: u8| vec![0x55, children * 2, 0];
    assert!(is_sound_footer(&schema(&[&group(2), &[0], &[0]]), 64));
    assert!(
        !is_sound_footer(&schema(&[&group(2), &[0]]), 64),
        "a child is missing"
    );
    assert!(
        !is_sound_footer(&schema(&[&group(1), &[0], &[0]]), 64),
        "a child too many"
    );
    assert!(
        !is_sound_footer(&schema(&[&group(60), &[0]]), 64),
        "more children than elements"
    );
    let chain: Vec<Vec<u8>> = (0..10).map(|_| group(1)).collect();
    let mut chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    chain.push(&[0]);
    assert!(is_sound_footer(&schema(&chain), 64));
    assert!(!is_sound_footer(&schema(&chain), 5), "too deep");
    assert!(!is_sound_footer(&[0], 64), "no schema");
    assert!(!is_sound_footer(&[], 64));
    // Field 4, a list of two billion structs.
    assert!(!is_sound_footer(
        &[0x49, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0],
        64
    ));
    // Lists in lists, without end.
    assert!(!is_sound_footer(&[&[0x49][..], &[0x19; 1000]].concat(), 64));

    // Text of 2^62 bytes in the statistics of a page.
    let length = [0xFF_u8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x3F];
    let page = [
        &[0x15, 0, 0x15, 2, 0x15, 2, 0x2C, 0x15, 2, 0x4C, 0x18][..],
        &length,
        &[0; 50],
    ]
    .concat();
    assert_eq!(PageHead::read(&page), None);
    let bytes = small_file();
    let head = PageHead::read(&bytes[4..]).unwrap();
    assert!(head.is_dictionary && head.values == 3 && head.length > 5);
    for length in 0..head.length as usize {
        assert_eq!(PageHead::read(&bytes[4..4 + length]), None);
    }
}

/// Bytes changed and cut at random never panic, and reading ends.
#[test]
fn mutations_always_end() {
    let whole = small_file();
    let gzip = WriterProperties::builder()
        .set_compression(Compression::GZIP(Default::default()))
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .build();
    let other = write_with(
        &batch(vec![(
            "w",
            Arc::new(StringArray::from(vec!["a"; 50])) as ArrayRef,
        )]),
        gzip,
    );
    let mut random = 7_u64;
    let mut next = move || {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize
    };
    let (mut read, mut refused) = (0, 0);
    for round in 0..600 {
        let mut bytes = if round % 2 == 0 {
            whole.clone()
        } else {
            other.clone()
        };
        let length = bytes.len();
        for _ in 0..1 + next() % 4 {
            let at = next() % length;
            bytes[at] ^= 1 << (next() % 8);
        }
        if next() % 20 == 0 {
            let from = next() % length;
            bytes.drain(from..(from + next() % 9).min(length));
        }
        let limits = Limits {
            block: 1 + next() % 100,
            ..Limits::default()
        };
        match read_all(bytes, limits) {
            Ok(rows) => read += usize::from(rows.len() < 1000),
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().contains('王'));
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 20 && refused > 100);
}

/// The sample provinces lie beside the project, not in it.
#[test]
fn sample_province() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/mixed/raw");
    if !folder.is_dir() {
        return;
    }
    let mut files = 0;
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
        if let Some(row) = rows.first() {
            println!("{name} {} {}", rows.len(), row.raw);
        }
        files += 1;
    }
    assert!(files > 10);
}
