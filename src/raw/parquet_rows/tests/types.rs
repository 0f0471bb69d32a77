//! Every type as text.

use super::*;

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
        (f64::NAN, ""),
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
