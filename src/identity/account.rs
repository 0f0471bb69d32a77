//! Bank account numbers.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::luhn;
use super::placeholder::{has_no_digit, is_placeholder};
use super::spelling::compact_without_hyphens;

/// What is wrong with an account number. `Luhn` tells only of cards, so readers ask for it only where a person is
/// paid (indicator F05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountFault {
    /// One repeated digit or a run of digits.
    Placeholder,
    /// Anything but digits.
    Form,
    /// The check digit is wrong, but for a card there are too few or too many digits: a passbook's number, to which Luhn does not
    /// apply.
    Length,
    /// The Luhn check digit is wrong.
    Luhn,
}

impl AccountFault {
    /// The word for tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Placeholder => "placeholder",
            Self::Form => "form",
            Self::Length => "length",
            Self::Luhn => "luhn",
        }
    }
}

/// Digits of a bank card's number.
const CARD_DIGITS: RangeInclusive<usize> = 16..=19;

/// The form of an account number that its key is made of: NFKC, spaces and hyphens dropped.
pub fn normalise_account(text: &str) -> Cow<'_, str> {
    compact_without_hyphens(text)
}

/// The fault of a normalised account number, if any. Placeholders come first: some of them pass the Luhn check.
pub fn account_fault(normalised: &str) -> Option<AccountFault> {
    if is_placeholder(normalised) || has_no_digit(normalised) {
        return Some(AccountFault::Placeholder);
    }
    if normalised.is_empty() || !normalised.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(AccountFault::Form);
    }
    if luhn::is_valid(normalised) {
        return None;
    }
    let is_card = CARD_DIGITS.contains(&normalised.len());
    Some(if is_card {
        AccountFault::Luhn
    } else {
        AccountFault::Length
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::vectors;

    #[test]
    fn good_numbers_have_no_fault() {
        for vector in vectors::list("luhn_valid") {
            assert_eq!(account_fault(vector.as_str().unwrap()), None, "{vector}");
        }
    }

    #[test]
    fn wrong_check_digits_are_found() {
        for vector in vectors::list("luhn_invalid") {
            assert_eq!(
                account_fault(vector.as_str().unwrap()),
                Some(AccountFault::Luhn),
                "{vector}"
            );
        }
    }

    #[test]
    fn luhn_tells_of_cards_alone() {
        // A passbook's number of 15 digits, and one of a card with the same fault.
        assert_eq!(account_fault("906010100012345"), Some(AccountFault::Length));
        assert_eq!(account_fault("6210000000000004"), Some(AccountFault::Luhn));
    }

    #[test]
    fn traps_are_placeholders_whatever_luhn_says() {
        for vector in vectors::list("luhn_trap") {
            let number = vectors::text(&vector, "n");
            // 6222… is no repeated digit and no run: it is a number like any other.
            let expected = (number != "6222222222222222222").then_some(AccountFault::Placeholder);
            assert_eq!(account_fault(number), expected, "{vector}");
        }
    }

    #[test]
    fn spaces_and_hyphens_go() {
        assert_eq!(normalise_account("6210 0000-0000 0003"), "6210000000000003");
        assert_eq!(account_fault("6210A"), Some(AccountFault::Form));
        assert_eq!(account_fault("待补"), Some(AccountFault::Placeholder));
    }
}
