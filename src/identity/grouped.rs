//! Citizen numbers written in groups (`370102 19850615 9974`) inside longer text.

use std::borrow::Cow;
use std::ops::Range;

use super::citizen;
use super::spelling::{is_blank, is_hyphen};

/// Digits of a number of today without its check character, and of an old one.
const BODY: usize = 17;
const OLD: usize = 15;

/// Groups of an old number: division, day, sequence. It has no check character, so only this form is taken for one.
const OLD_GROUPS: [usize; 3] = [6, 6, 3];

/// Marks between two groups at most.
const MOST_MARKS: usize = 3;

/// A group of digits, perhaps with an X at its end.
struct Group {
    range: Range<usize>,
    digits: usize,
}

/// The first citizen number that is written in two groups or more, its right check character told apart from chance; with
/// `old_too` also one of 15 digits.
pub(super) fn find_grouped(text: &str, old_too: bool) -> Option<Range<usize>> {
    let least = if old_too { OLD } else { BODY };
    // Nearly all text has too few digits, or nothing between them.
    if text.len() <= least || text.bytes().filter(u8::is_ascii_digit).count() < least {
        return None;
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut marks = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        if character.is_ascii_digit() {
            let mut end = start + 1;
            while let Some((_, next)) = characters.next_if(|(_, next)| next.is_ascii_digit()) {
                end += next.len_utf8();
            }
            let digits = end - start;
            let ends_in_x = characters
                .next_if(|(_, next)| matches!(next, 'x' | 'X'))
                .is_some();
            if marks > MOST_MARKS {
                groups.clear();
            }
            marks = 0;
            groups.push(Group {
                range: start..end + usize::from(ends_in_x),
                digits,
            });
            if let Some(found) = ending_here(text, &groups, old_too) {
                return Some(found);
            }
        } else if is_mark(character) {
            marks += 1;
        } else {
            groups.clear();
            marks = 0;
        }
    }
    None
}

/// A number that ends with the last group.
fn ending_here(text: &str, groups: &[Group], old_too: bool) -> Option<Range<usize>> {
    let end = groups.last()?.range.end;
    let mut characters = 0;
    for (index, group) in groups.iter().enumerate().rev() {
        characters += group.range.len();
        let is_split = index + 1 < groups.len();
        let range = group.range.start..end;
        if is_split && characters == BODY + 1 {
            let number = bare(text.get(range.clone())?);
            let number = number.to_uppercase();
            let is_held = citizen::is_right(&number) && citizen::may_be_held(&number);
            return is_held.then_some(range);
        }
        let lengths = groups.iter().skip(index).map(|group| group.digits);
        if old_too && characters == OLD && lengths.eq(OLD_GROUPS) {
            let number = bare(text.get(range.clone())?);
            return citizen::may_be_held_15(&number).then_some(range);
        }
        if characters > BODY {
            break;
        }
    }
    None
}

fn is_mark(character: char) -> bool {
    is_blank(character) || is_hyphen(character) || matches!(character, '.' | '·' | '\u{ad}')
}

/// A number without what stands between its groups.
pub(super) fn bare(number: &str) -> Cow<'_, str> {
    if number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Cow::Borrowed(number);
    }
    Cow::Owned(number.chars().filter(char::is_ascii_alphanumeric).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, old_too: bool) -> Option<String> {
        find_grouped(text, old_too).map(|range| bare(&text[range]).into_owned())
    }

    #[test]
    fn every_way_to_write_groups_is_seen() {
        for text in [
            "37010219850615 9974",
            "370102 19850615 9974",
            "370102-19850615-9974",
            "3701 0219 8506 1599 74",
            "370102.19850615.9974",
            "370102\u{3000}19850615\u{a0}9974",
            "370102\u{200b}198506159974",
            "370102\u{ad}19850615\t9974",
            "证号 370102 - 198506159974 号",
            "2020-370102 19850615 9974",
        ] {
            assert_eq!(
                found(text, false).as_deref(),
                Some("370102198506159974"),
                "{text:?}"
            );
        }
        assert_eq!(
            found("370829 19960229 997x", false).as_deref(),
            Some("37082919960229997x")
        );
        assert_eq!(
            found("370102 850615 997", true).as_deref(),
            Some("370102850615997")
        );
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "370102 19850615 9971",
            "370102 20200903 0001",
            "2020-09-03 08:30:00.123456",
            "20200903-083000-123456",
            "192.168.100.101 192.168.100.102",
            "370102    19850615    9974",
            "370102,19850615,9974",
            "370102198506159974",
            "1370102 19850615 9974",
            "370102 19850615 99741",
        ] {
            assert_eq!(found(text, false), None, "{text:?}");
        }
        assert_eq!(found("370102 850615 997", false), None);
        assert_eq!(found("370102850 615997", true), None);
    }
}
