//! Phone numbers.

use std::borrow::Cow;

use super::placeholder::{has_no_digit, is_placeholder};
use super::spelling::compact_without_hyphens;

/// What is wrong with a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneFault {
    /// One repeated digit, a run of digits, or too short for a line.
    Placeholder,
    /// Not a mobile number of mainland China.
    Form,
}

impl PhoneFault {
    /// The word for tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Placeholder => "placeholder",
            Self::Form => "form",
        }
    }
}

/// The form of a phone number that its key is made of: NFKC; spaces, hyphens, the country code (`+86`, `0086`, `86`)
/// and one leading 0 dropped.
pub fn normalise_phone(text: &str) -> Cow<'_, str> {
    match compact_without_hyphens(text) {
        Cow::Borrowed(compacted) => Cow::Borrowed(without_prefix(compacted)),
        Cow::Owned(compacted) => Cow::Owned(without_prefix(&compacted).to_owned()),
    }
}

fn without_prefix(compacted: &str) -> &str {
    let national = compacted
        .strip_prefix("+86")
        .or_else(|| compacted.strip_prefix("0086"))
        .or_else(|| {
            compacted
                .strip_prefix("86")
                .filter(|rest| rest.len() >= MOBILE_DIGITS)
        })
        .unwrap_or(compacted);
    national.strip_prefix('0').unwrap_or(national)
}

/// A bare `86` is a country code only before a whole number: local numbers of eight digits may begin with 86.
const MOBILE_DIGITS: usize = 11;

/// True for eleven digits that begin with 13 to 19. Which of these ranges an operator uses changes over the years
/// and is not checked.
pub fn is_mobile(normalised: &str) -> bool {
    normalised.len() == MOBILE_DIGITS
        && normalised.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(normalised.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// Digits of the shortest number of a line; shorter ones are of services (10086), or made up.
const SHORTEST_LINE: usize = 7;

/// The fault of a normalised phone number, if any. A landline number is `Form`.
pub fn phone_fault(normalised: &str) -> Option<PhoneFault> {
    if is_placeholder(normalised) || has_no_digit(normalised) || normalised.len() < SHORTEST_LINE {
        return Some(PhoneFault::Placeholder);
    }
    (!is_mobile(normalised)).then_some(PhoneFault::Form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::vectors;

    #[test]
    fn vectors_hold() {
        let mobile = vectors::group("mobile");
        for number in mobile["valid"].as_array().unwrap() {
            let normalised = normalise_phone(number.as_str().unwrap());
            assert!(is_mobile(&normalised), "{number}");
            assert_eq!(phone_fault(&normalised), None, "{number}");
        }
        for (spelling, expected) in mobile["normalise"].as_object().unwrap() {
            assert_eq!(normalise_phone(spelling), expected.as_str().unwrap());
        }
        for number in mobile["invalid"].as_array().unwrap() {
            assert!(
                !is_mobile(&normalise_phone(number.as_str().unwrap())),
                "{number}"
            );
        }
    }

    #[test]
    fn country_code_goes_only_before_a_whole_number() {
        assert_eq!(normalise_phone("8613800000000"), "13800000000");
        assert_eq!(normalise_phone("86 0138 0000 0000"), "13800000000");
        assert_eq!(
            normalise_phone("＋８６－１３８００００００００"),
            "13800000000"
        );
        assert_eq!(normalise_phone("86912345"), "86912345");
    }

    #[test]
    fn a_clean_number_is_borrowed() {
        assert!(matches!(normalise_phone("13800000000"), Cow::Borrowed(_)));
    }

    #[test]
    fn placeholders_come_before_form() {
        for number in ["11111111111", "12345678901", "00000000000", "123456"] {
            assert_eq!(
                phone_fault(&normalise_phone(number)),
                Some(PhoneFault::Placeholder),
                "{number}"
            );
        }
        assert_eq!(phone_fault("5312345678"), Some(PhoneFault::Form));
        assert_eq!(phone_fault("待补"), Some(PhoneFault::Placeholder));
    }
}
