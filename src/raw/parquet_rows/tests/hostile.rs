//! Damage, bombs and lies.

use super::*;

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
