//! Citizen numbers inside longer text, such as the number of a special operation certificate.

use std::borrow::Cow;
use std::ops::Range;

use super::spelling::compact;
use super::{CertificateForm, citizen};

/// Bytes of the shortest citizen number; a shorter text holds none.
const SHORTEST_NUMBER: usize = 15;

const BODY_LENGTH: usize = 17;
const NUMBER_LENGTH: usize = 18;

/// A text with every citizen number in it replaced by what `shown` makes of it as it is written: a certificate number may
/// be built from the holder's own number (right or wrong), which must not leave the vault.
///
/// The text is in NFKC; what `shown` gives back is not searched again, so that a number may be left standing.
pub fn without_numbers(text: Cow<'_, str>, mut shown: impl FnMut(&str) -> String) -> Cow<'_, str> {
    if text.len() < SHORTEST_NUMBER {
        return text;
    }
    if text.starts_with(['T', 't']) {
        let number = compact(&text).to_uppercase();
        if let CertificateForm::SpecialOperation(holder) = CertificateForm::parse(&number) {
            return Cow::Owned(format!("T{}", shown(holder.number())));
        }
    }
    let (mut masked, mut rest) = (String::new(), text.as_ref());
    while let Some(range) = find_embedded(rest) {
        let (before, found) = rest.split_at(range.start);
        let (number, after) = found.split_at(range.len());
        masked.push_str(before);
        masked.push_str(&shown(number));
        rest = after;
    }
    if rest.len() == text.len() {
        return text;
    }
    masked.push_str(rest);
    Cow::Owned(masked)
}

/// The bytes of the first right citizen number (check character, date) in `text`. It must be a whole run of 18 digits,
/// or of 17 digits before an X or x: a part of a longer run of digits is something else.
///
/// Most text has no run of 17 digits and is left after a look at every 17th byte or so.
pub fn find_embedded(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut start = 0;
    while let Some(window) = bytes.get(start..start + BODY_LENGTH) {
        // Nothing that begins at or before the last byte of the window that is no digit can be a run of 17.
        if let Some(last) = window.iter().rposition(|byte| !byte.is_ascii_digit()) {
            start += last + 1;
            continue;
        }
        let run_starts_here = start == 0
            || bytes
                .get(start - 1)
                .is_none_or(|byte| !byte.is_ascii_digit());
        let run = digits_from(bytes, start);
        if run_starts_here && let Some(found) = number_of_run(text, start, run) {
            return Some(found);
        }
        start += run + 1;
    }
    None
}

fn digits_from(bytes: &[u8], start: usize) -> usize {
    bytes
        .iter()
        .skip(start)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

fn number_of_run(text: &str, start: usize, run: usize) -> Option<Range<usize>> {
    if !(BODY_LENGTH..=NUMBER_LENGTH).contains(&run) {
        return None;
    }
    let found = start..start + NUMBER_LENGTH;
    let number = text.get(found.clone())?;
    let is_right = if number.ends_with('x') {
        citizen::is_right(&number.replace('x', "X"))
    } else {
        citizen::is_right(number)
    };
    is_right.then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Option<&str> {
        find_embedded(text).map(|range| &text[range])
    }

    #[test]
    fn numbers_are_found_wherever_they_stand() {
        for text in [
            "370102198506159974",
            "T370102198506159974",
            "证书T370102198506159974号",
            "2020-123456-370102198506159974-1",
            "12345678901234567890/370102198506159974",
            "37010219850615997/370102198506159974",
            "X370102198506159974X",
        ] {
            assert_eq!(found(text), Some("370102198506159974"), "{text}");
        }
        assert_eq!(found("T37082919960229997X"), Some("37082919960229997X"));
        assert_eq!(found("T37082919960229997x01"), Some("37082919960229997x"));
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "",
            "T",
            "S000037000001205000001",
            "2015010001500001",
            "T370102198506159971",
            "1370102198506159974",
            "3701021985061599740",
            "37082919960229997",
            "370102197002299979",
            "证书编号证书编号证书编号证书编号",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_replaced_and_what_replaces_them_is_not_searched() {
        let masked =
            |text: &'static str| without_numbers(text.into(), |number| format!("<{number}>"));
        for (text, expected) in [
            ("T370102850615997", "T<370102850615997>"),
            ("t370102850615997", "T<370102850615997>"),
            ("T370102 19850615 9971", "T<370102198506159971>"),
            ("T37082919960229997x", "T<37082919960229997X>"),
            (
                "证T370102198506159974和370102198506159974号",
                "证T<370102198506159974>和<370102198506159974>号",
            ),
            (
                "2020-123456-370102198506159971-1",
                "2020-123456-370102198506159971-1",
            ),
            ("S000037000001205000001", "S000037000001205000001"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_skips_miss_nothing(
            text in "([0-9]{0,19}[a-zX证]{0,3}|370102198506159974|37082919960229997X){0,6}",
        ) {
            let by_every_place = (0..text.len()).find(|start| {
                let before = start.checked_sub(1).map(|place| text.as_bytes()[place]);
                let after = text.as_bytes().get(start + NUMBER_LENGTH).copied();
                let number = text.get(*start..start + NUMBER_LENGTH).unwrap_or_default();
                let is_digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_digit());
                let run_goes_on = is_digit(number.bytes().last()) && is_digit(after);
                !is_digit(before)
                    && !run_goes_on
                    && citizen::is_right(&number.replace('x', "X"))
            });
            prop_assert_eq!(find_embedded(&text).map(|range| range.start), by_every_place);
        }
    }
}
