//! What all identity values share in spelling: NFKC, no blanks, no quotes around.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Drops blanks everywhere and quotes at both ends, and normalises to NFKC (full-width digits and letters become
/// ASCII). Text that needs none of this is borrowed.
pub(super) fn compact(text: &str) -> Cow<'_, str> {
    let is_normal = text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes;
    if is_normal
        && !text
            .chars()
            .any(|character| is_blank(character) || is_quote(character))
    {
        return Cow::Borrowed(text);
    }
    let without_blanks: String = text
        .nfkc()
        .filter(|character| !is_blank(*character))
        .collect();
    let trimmed = without_blanks.trim_matches(is_quote);
    Cow::Owned(trimmed.to_owned())
}

/// White space, control characters, and the marks without width that spreadsheets and web pages leave behind.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}'
        )
}

/// Quotation marks and apostrophes; a leading apostrophe is how a spreadsheet marks a number kept as text.
fn is_quote(character: char) -> bool {
    matches!(character, '\'' | '"' | '`' | '‘' | '’' | '“' | '”')
}

/// Hyphens, dashes and the minus sign, as they separate the groups of a phone or account number.
pub(super) fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a text is digits, at least one.
pub(super) fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// [`compact`] without hyphens as well.
pub(super) fn compact_without_hyphens(text: &str) -> Cow<'_, str> {
    let compacted = compact(text);
    if !compacted.chars().any(is_hyphen) {
        return compacted;
    }
    Cow::Owned(
        compacted
            .chars()
            .filter(|character| !is_hyphen(*character))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_text_is_borrowed() {
        assert!(matches!(compact("62170001"), Cow::Borrowed("62170001")));
        assert!(matches!(compact("某学员"), Cow::Borrowed("某学员")));
        assert!(matches!(
            compact_without_hyphens("62170001"),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn blanks_quotes_and_full_width_forms_go() {
        assert_eq!(
            compact(" ‘６２ 17\u{3000}00\u{200B}01\t’\u{FEFF}"),
            "62170001"
        );
        assert_eq!(compact_without_hyphens("6217-0001－02—03"), "621700010203");
    }

    #[test]
    fn inner_quotes_stay() {
        assert_eq!(compact("O'Neil "), "O'Neil");
    }
}
