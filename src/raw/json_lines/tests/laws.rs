//! Laws on random objects and bytes.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn value() -> impl Strategy<Value = (String, String)> {
    let text = "[ab\"\\\\,:{}\\[\\]\t\r\n \u{0}\u{feff}é王伟模𠮷]{0,8}";
    prop_oneof![
        (text, any::<bool>()).prop_map(|(text, ascii)| (json_string(&text, ascii), text)),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?"
            .prop_map(|text| (text.clone(), text)),
        select(vec!["true", "false", "[1, {\"a\":null}]", "{}"])
            .prop_map(|text| (text.to_owned(), text.to_owned())),
        Just(("null".to_owned(), String::new())),
    ]
}

/// A JSON string, with everything beyond ASCII escaped if `ascii`.
fn json_string(text: &str, ascii: bool) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    if !ascii {
        return quoted;
    }
    let mut escaped = String::new();
    for character in quoted.chars() {
        if character.is_ascii() {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Objects come back as written, whatever the block size and the encoding.
    #[test]
    fn written_objects_are_read_back(
        records in vec(vec((select(vec!["a", "b", "姓名", "c\"\\", "", "𠮷"]), value()), 0..6), 0..12),
        block in select(vec![1, 7, 64, 4096, 1 << 20]),
        encoding in select(vec![Encoding::Utf8, Encoding::Gb18030]),
        line_end in select(vec!["\n", "\r\n"]),
    ) {
        let mut text = String::from("{\"姓名\":\"王伟\"}\n");
        let mut expected = vec![vec![("姓名".to_owned(), "王伟".to_owned())]];
        for record in &records {
            let mut fields: Vec<(String, String)> = Vec::new();
            let mut parts = Vec::new();
            for (name, (spelled, value)) in record {
                if parts.iter().any(|(known, _)| known == name) {
                    continue;
                }
                parts.push((*name, spelled.clone()));
                if !value.is_empty() {
                    fields.push(((*name).to_owned(), value.clone()));
                }
            }
            let parts: Vec<String> = parts
                .iter()
                .map(|(name, spelled)| format!("{} : {spelled}", json_string(name, false)))
                .collect();
            text.push_str(&format!("{{{}}}{line_end}", parts.join(", ")));
            fields.sort();
            expected.push(fields);
        }
        let bytes = match encoding {
            Encoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
            _ => text.into_bytes(),
        };
        let mut reader = open_with(bytes, small(block, 1 << 20));
        let rows = rows(&mut reader);
        prop_assert_eq!(reader.encoding(), encoding);
        prop_assert!(rows.iter().all(|row| row.fault.is_none()));
        let found: Vec<_> = rows.into_iter().map(|mut row| { row.fields.sort(); row.fields }).collect();
        prop_assert_eq!(found, expected);
    }

    /// Any bytes give the same rows whatever is read at a time, and end.
    #[test]
    fn rows_do_not_depend_on_block_size(
        pieces in vec(select(vec![
            &b"{\"a\":1}"[..], b"{", b"}", b"\"a\":", b"\"", b",", b"\n", b"\n", b"\r\n", b"\r", b"\xff", b"\xb0", b"\\u0041",
            b"[", b"]", b" ", b"null", b"\xef\xbb\xbf", b"\0", "{\"王\":\"伟\"}\n".as_bytes(), b"{\"\xcd\xf5\":1}\n",
        ]), 0..60),
        block in 1_usize..20,
        record in prop_oneof![1_usize..40, Just(1 << 20)],
    ) {
        let bytes = [b"{\"b\":1}\n\n", &pieces.concat()[..]].concat();
        let whole = rows(&mut open_with(bytes.clone(), small(1 << 20, record)));
        let parts = rows(&mut open_with(bytes, small(block, record)));
        let sorted = |rows: Vec<ReadRow>| -> Vec<ReadRow> {
            rows.into_iter().map(|mut row| { row.fields.sort(); row }).collect()
        };
        prop_assert_eq!(sorted(whole), sorted(parts));
    }
}
