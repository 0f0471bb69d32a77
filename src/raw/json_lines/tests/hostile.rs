//! Broken lines, and lines, names and rows without end.

use super::*;

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
