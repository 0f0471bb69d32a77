//! The Luhn check (ISO/IEC 7812-1) of bank card numbers.
//!
//! Company accounts and passbooks do not follow it, and placeholders such as sixteen zeros do:
//! see [`super::account::account_fault`].

/// True if `digits` is at least two ASCII digits of which the last is the check digit of the others.
pub fn is_valid(digits: &str) -> bool {
    let Some((body, check)) = digits
        .len()
        .checked_sub(1)
        .and_then(|end| digits.split_at_checked(end))
    else {
        return false;
    };
    let expected = check_digit(body);
    expected.is_some() && expected == check.chars().next()
}

/// The digit that completes `body` to a number that passes; none if `body` is empty or holds anything but digits.
pub fn check_digit(body: &str) -> Option<char> {
    if body.is_empty() || !body.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(position, byte)| {
            let digit = u32::from(byte - b'0');
            // From the right of the body every digit in an even place is doubled, and its two digits added up.
            if position % 2 == 0 {
                digit * 2 / 10 + digit * 2 % 10
            } else {
                digit
            }
        })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::vectors;

    #[test]
    fn vectors_hold() {
        for vector in vectors::list("luhn_valid") {
            assert!(is_valid(vector.as_str().unwrap()), "{vector}");
        }
        for vector in vectors::list("luhn_invalid") {
            assert!(!is_valid(vector.as_str().unwrap()), "{vector}");
        }
        for vector in vectors::list("luhn_trap") {
            assert_eq!(
                is_valid(vectors::text(&vector, "n")),
                vector["luhn"].as_bool().unwrap(),
                "{vector}"
            );
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "0", "62X0", "６２１", "二"] {
            assert!(!is_valid(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_computed_digit_passes_and_any_changed_digit_fails(
            body in "[0-9]{11,18}", position in 0usize..18, step in 1u8..10,
        ) {
            let number = format!("{body}{}", check_digit(&body).unwrap());
            prop_assert!(is_valid(&number));
            let mut changed = number.into_bytes();
            let position = position % changed.len();
            changed[position] = b'0' + (changed[position] - b'0' + step) % 10;
            prop_assert!(!is_valid(std::str::from_utf8(&changed).unwrap()));
        }
    }
}
