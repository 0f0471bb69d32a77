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

/// What people write for "not known" in fields that take any text, in lower case. The null words (`无`, `NULL`, …) are the
/// reader's matter.
const WORDS: [&str; 24] = [
    "暂无",
    "暂无地址",
    "暂缺",
    "没有",
    "无地址",
    "无法人",
    "不详",
    "地址不详",
    "不明",
    "未知",
    "未填",
    "待补",
    "待补充",
    "待定",
    "待填",
    "同上",
    "略",
    "空",
    "测试",
    "test",
    "unknown",
    "none",
    "nil",
    "tbd",
];

/// True for a word that holds the place of a text, or marks without a letter or digit (`??`, `***`): strangers who have it share
/// nothing.
pub fn is_word_for_nothing(text: &str) -> bool {
    let text = text.trim();
    let is_known = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    is_known || !text.is_empty() && !text.chars().any(char::is_alphanumeric)
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
    fn words_for_nothing_are_known() {
        for text in [
            "暂无",
            "不详",
            " 待补充 ",
            "同上",
            "Unknown",
            "??",
            "***",
            "——",
        ] {
            assert!(is_word_for_nothing(text), "{text}");
        }
        for text in [
            "",
            "某某路1号",
            "济南市",
            "DV1",
            "无锡路",
            "待定路3号",
            "10086",
        ] {
            assert!(!is_word_for_nothing(text), "{text}");
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
