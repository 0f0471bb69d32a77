//! Numbers that nobody holds: what people type to get past a required field.

/// The shortest run that counts: `123456` does, a short genuine code such as `1234` does not.
const SHORTEST_RUN: usize = 6;

/// True for digits that stand for "no value" (indicators A01 and F05): zero, one repeated digit (`111111`), or a
/// run of six or more neighbours, up or down, where 9 and 0 are neighbours (`123456789012345678`, `98765432109`).
///
/// The null words (`NULL`, `无`, …) are the reader's matter and are not looked for here.
pub fn is_placeholder(text: &str) -> bool {
    let digits = text.as_bytes();
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    match digits {
        [] => false,
        [only] => *only == b'0',
        _ => every_step_is(digits, 0) || is_run(digits),
    }
}

/// True for a text that holds the place of a number without a single digit (`待补`, `?`): strangers who have it share nothing.
pub(super) fn has_no_digit(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_run(digits: &[u8]) -> bool {
    digits.len() >= SHORTEST_RUN && (every_step_is(digits, 1) || every_step_is(digits, 9))
}

/// True if each digit is the one before it plus `step`, modulo 10.
fn every_step_is(digits: &[u8], step: u8) -> bool {
    digits
        .windows(2)
        .all(|pair| matches!(pair, [before, after] if (before - b'0' + step) % 10 == after - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_digits_and_runs_are_placeholders() {
        for text in [
            "0",
            "00",
            "11111111111",
            "000000000000000000",
            "123456",
            "123456789012345678",
            "012345678901",
            "654321",
            "98765432109",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn other_text_is_not() {
        for text in [
            "",
            "5",
            "1234",
            "123457",
            "112345",
            "13800000000",
            "aaaaaa",
            "12345X",
            "１１１",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
