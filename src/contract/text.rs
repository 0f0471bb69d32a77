//! Cleaning of raw text before it is read as a value or compared with a word.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// A raw value without the accidents of its writing: compatibility forms (full-width digits and letters)
/// normalised by NFKC, surrounding spaces and pairs of quotes dropped, and with them the lone apostrophe by
/// which spreadsheets mark text. Borrows whenever the text is clean but for its ends.
pub fn clean(raw: &str) -> Cow<'_, str> {
    if raw.is_ascii() || is_nfkc_quick(raw.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(strip(raw));
    }
    let normalised: String = raw.nfkc().collect();
    let stripped = strip(&normalised);
    if stripped.len() == normalised.len() {
        return Cow::Owned(normalised);
    }
    Cow::Owned(stripped.to_owned())
}

/// Whether a cleaned value is one of the words for "nothing": empty, `NULL`, `null`, `无`, `N/A`, `-`, a few dashes or strokes of
/// other kinds, and what a spreadsheet writes where a formula failed.
///
/// Such a value is null in the lake and counts as a placeholder (indicator F05).
pub fn is_null_word(cleaned: &str) -> bool {
    match cleaned.as_bytes() {
        [] => true,
        [b'#', ..] => SHEET_ERRORS.contains(&cleaned),
        // The lead bytes of dashes, and of 无.
        [b'-' | b'/' | b'\\' | 0xE2, ..] => {
            cleaned.len() <= LONGEST_DASH && cleaned.chars().all(is_stroke)
        }
        [0xE6, ..] => cleaned == "无",
        [b'n' | b'N', ..] => {
            cleaned.eq_ignore_ascii_case("NULL") || cleaned.eq_ignore_ascii_case("N/A")
        }
        _ => false,
    }
}

/// What a spreadsheet shows in a cell whose formula failed, a look-up that found nothing above all.
const SHEET_ERRORS: [&str; 8] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#GETTING_DATA",
];

/// Bytes of the longest row of dashes that says nothing: `——`, in three-byte characters.
const LONGEST_DASH: usize = 6;

fn is_stroke(character: char) -> bool {
    matches!(
        character,
        '-' | '/' | '\\' | '\u{2010}'..='\u{2015}' | '\u{2212}'
    )
}

/// Whether a cleaned text stands in a sheet's totals row where a record has its key.
pub fn is_total_word(cleaned: &str) -> bool {
    matches!(cleaned, "合计" | "总计" | "小计" | "共计" | "累计")
        || cleaned.eq_ignore_ascii_case("total")
        || cleaned.eq_ignore_ascii_case("subtotal")
}

/// A header or a word as it is compared: NFKC, lower case, no spaces, invisible characters or quotes.
pub fn fold(word: &str) -> String {
    let normalised: String = word
        .nfkc()
        .filter(|character| !is_blank(*character))
        .flat_map(char::to_lowercase)
        .collect();
    strip(&normalised).to_owned()
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200d}')
}

fn strip(text: &str) -> &str {
    let mut rest = trim(text);
    loop {
        let Some(inner) = unquote(rest) else {
            return rest;
        };
        rest = trim(inner);
    }
}

/// Trims blanks; the common text, whose ends are plain, costs two byte comparisons.
fn trim(text: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'!'..=b'~'));
    if plain(text.as_bytes().first()) && plain(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(is_blank)
}

fn unquote(text: &str) -> Option<&str> {
    match text.as_bytes().first()? {
        b'"' => text.strip_prefix('"')?.strip_suffix('"'),
        // ="…", by which a text is kept from becoming a number when a spreadsheet opens it.
        b'=' => text.strip_prefix("=\"")?.strip_suffix('"'),
        b'\'' => {
            let inner = text.strip_prefix('\'')?;
            Some(inner.strip_suffix('\'').unwrap_or(inner))
        }
        // The lead byte of “ and ‘.
        0xE2 => {
            let double = || text.strip_prefix('“')?.strip_suffix('”');
            let single = || text.strip_prefix('‘')?.strip_suffix('’');
            double().or_else(single)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surroundings_are_dropped_and_full_width_normalised() {
        for (raw, expected) in [
            ("370102", "370102"),
            (" 370102\t", "370102"),
            ("\"370102\"", "370102"),
            ("'370102", "370102"),
            (" ' 370102 ' ", "370102"),
            ("“济南”", "济南"),
            ("=\"370102\"", "370102"),
            ("=\"\"", ""),
            ("=1+1", "=1+1"),
            ("３７０１０２　", "370102"),
            ("Ａｐｐ", "App"),
            ("\u{feff}济南", "济南"),
            ("it's", "it's"),
            ("6\"", "6\""),
            ("\"", "\""),
            ("'", ""),
            ("济南市 历下区", "济南市 历下区"),
        ] {
            assert_eq!(clean(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn clean_text_is_borrowed() {
        for raw in ["370102", " 济南市", "\"E100\""] {
            assert!(matches!(clean(raw), Cow::Borrowed(_)), "{raw:?}");
        }
    }

    #[test]
    fn null_words() {
        for word in [
            "", " ", "NULL", "null", "Null", "无", "N/A", "n/a", "-", "－", "\"\"", "--", "—",
            "——", "–", "/", "／", "#N/A", "#REF!",
        ] {
            assert!(is_null_word(&clean(word)), "{word:?}");
        }
        for word in [
            "0", "none", "无业", "NA", "-1", "/1", "#1", "a/b", "------ -",
        ] {
            assert!(!is_null_word(&clean(word)), "{word:?}");
        }
    }

    #[test]
    fn folding_makes_spellings_equal() {
        for (left, right) in [
            (" Person_ID ", "person_id"),
            ("ｐｅｒｓｏｎ＿ｉｄ", "person_id"),
            ("身份 证号", "身份证号"),
            ("\u{feff}\"身份证号\"", "身份证号"),
            ("金额（元）", "金额(元)"),
        ] {
            assert_eq!(fold(left), fold(right));
        }
        assert_ne!(fold("身份证号"), fold("身份证号码"));
    }
}
