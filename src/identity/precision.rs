//! Numbers that lost digits on their way through a spreadsheet or another floating-point number.

use super::spelling::are_digits;

/// True if a number lost digits on its way through a spreadsheet or another floating-point number: scientific
/// notation (`3.70102198506160E+17`, `6.2E18`), or a decimal point after more digits than such a number can hold
/// (`370102198506160000.0`). Serves citizen numbers, accounts and phones.
///
/// A whole number that merely ends in zeros cannot be told from a mistyped one; its check digit speaks.
pub fn precision_lost(normalised: &str) -> bool {
    // What is written as digits alone has lost nothing; nearly every number is.
    if !normalised
        .bytes()
        .any(|byte| matches!(byte, b'.' | b'e' | b'E'))
    {
        return false;
    }
    let (whole, fraction, exponent) = parts(normalised.trim_start_matches(['+', '-']));
    if !are_digits(whole)
        || fraction.is_some_and(|digits| !digits.is_empty() && !are_digits(digits))
    {
        return false;
    }
    match exponent {
        Some(exponent) => are_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => fraction.is_some() && whole.len() > EXACT_DIGITS,
    }
}

/// What stands before the point, behind it, and behind the E of a number; `None` without point or E.
fn parts(number: &str) -> (&str, Option<&str>, Option<&str>) {
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (number, None),
    };
    match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction), exponent),
        None => (mantissa, None, exponent),
    }
}

/// Decimal digits that a spreadsheet's number keeps.
pub const EXACT_DIGITS: usize = 15;

/// True if a text that should be a code is the scientific notation of a number of twelve digits or more, as spreadsheets
/// write it (`2.02009E+16`) and as the readers of this program write an inexact number (`2e16`): codes that differed
/// may be alike now. Codes that have an E of their own (`3E21`, a hash) are not.
pub fn is_rounded_code(text: &str) -> bool {
    // One digit before the point: nearly every code is told by its first two characters.
    let [b'0'..=b'9', b'.' | b'e' | b'E', ..] = text.as_bytes() else {
        return false;
    };
    let (_, fraction, Some(exponent)) = parts(text) else {
        return false;
    };
    let (digits, is_signed) = match exponent.strip_prefix('+') {
        Some(digits) => (digits, true),
        None => (exponent, false),
    };
    let is_form = fraction.is_none_or(are_digits) && digits.len() <= 2 && are_digits(digits);
    // With a sign it is how spreadsheets write, whatever the length of the code.
    let least = if is_signed { 1..=40 } else { 11..=40 };
    let power: u32 = digits.parse().unwrap_or_default();
    let is_long = if fraction.is_some() || is_signed {
        least.contains(&power)
    } else {
        // What this program's readers write for a number of digits that a code could have.
        text.contains('e') && (15..=19).contains(&power)
    };
    is_form && is_long
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_scientific_notation_are_found() {
        for text in [
            "2.02009E+16",
            "6.217E+18",
            "2.0200903e16",
            "2e16",
            "1.38E+11",
            "3.702E+9",
            "1.23E+05",
        ] {
            assert!(is_rounded_code(text), "{text}");
        }
    }

    #[test]
    fn codes_with_an_e_of_their_own_are_not() {
        for text in [
            "3E21",
            "2020E15",
            "8e1234567890",
            "1e05",
            "E100",
            "1.5e3",
            "12.5E+16",
            "e",
            "1e",
            "A.1E+16",
            "1e99",
        ] {
            assert!(!is_rounded_code(text), "{text}");
        }
    }
}
