//! Numbers of people inside longer text: the number of a special operation certificate, a phone in an address, a
//! person's number, account or name in a column for codes.

use std::borrow::Cow;
use std::ops::Range;

use super::grouped::{bare, find_grouped};
use super::luhn;
use super::mobile::is_mobile;
use super::name::is_name_of_person;
use super::social_credit::social_credit_fault;
use super::spelling::{compact, is_hyphen};
use super::{CertificateForm, KeyKind, citizen};

/// Bytes of the shortest number of a person, a mobile phone's; a shorter text holds none.
const SHORTEST: usize = 11;

const BODY_LENGTH: usize = 17;
const NUMBER_LENGTH: usize = 18;

/// What is looked for in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Citizen numbers of 18 characters. Other digits may well be codes.
    CitizenNumbers,
    /// Old citizen numbers of 15 digits, mobile phones and bank cards too, where a text may say who somebody is.
    People,
    /// The same, and a text that is nothing but a person's name, where a code should stand.
    PeopleOrName,
}

impl Wanted {
    fn is_people(self) -> bool {
        self != Self::CitizenNumbers
    }
}

/// A number found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its bytes.
    pub range: Range<usize>,
    /// Citizen number, phone or account.
    pub kind: KeyKind,
}

/// A text with every number of a person in it replaced by what `shown` makes of it as it is written, and a name where it is
/// wanted: such a number, right or wrong, must not leave the vault.
///
/// The text is in NFKC; what `shown` gives back is not searched again, so that a number may be left standing. A code of an
/// organisation that happens to have the form of a citizen number stays.
pub fn without_numbers(
    text: Cow<'_, str>,
    wanted: Wanted,
    mut shown: impl FnMut(KeyKind, &str) -> String,
) -> Cow<'_, str> {
    if wanted == Wanted::PeopleOrName && is_name_of_person(&compact(&text)) {
        return Cow::Owned(shown(KeyKind::Name, &text));
    }
    if text.len() < SHORTEST {
        return text;
    }
    if text.starts_with(['T', 't']) {
        let number = compact(&text).to_uppercase();
        if let CertificateForm::SpecialOperation(holder) = CertificateForm::parse(&number) {
            let holder = shown(KeyKind::Person, holder.number());
            return Cow::Owned(format!("T{holder}"));
        }
    }
    let (mut masked, mut rest) = (String::new(), text.as_ref());
    while let Some(Found { range, kind }) = find_embedded(rest, wanted) {
        if range.len() == text.len() && social_credit_fault(&text).is_none() {
            break;
        }
        let (before, found) = rest.split_at(range.start);
        let (number, after) = found.split_at(range.len());
        masked.push_str(before);
        let number = match kind {
            KeyKind::Person => bare(number),
            _ => Cow::Borrowed(number),
        };
        masked.push_str(&shown(kind, &number));
        rest = after;
    }
    if rest.len() == text.len() {
        return text;
    }
    masked.push_str(rest);
    Cow::Owned(masked)
}

/// The first number of a person in `text`, whether it is written in one run or in groups.
pub fn find_embedded(text: &str, wanted: Wanted) -> Option<Found> {
    let in_one_run = find_run(text, wanted);
    let in_groups = find_grouped(text, wanted.is_people()).map(|range| Found {
        range,
        kind: KeyKind::Person,
    });
    match (in_one_run, in_groups) {
        (Some(one), Some(other)) if other.range.start < one.range.start => Some(other),
        (one, other) => one.or(other),
    }
}

/// The first number in one run. It must be a whole run of digits (or of 17 digits before an X or x): a part of a longer run is
/// something else.
fn find_run(text: &str, wanted: Wanted) -> Option<Found> {
    let bytes = text.as_bytes();
    let least = match wanted {
        Wanted::CitizenNumbers => BODY_LENGTH,
        // The first group of a phone written in groups.
        Wanted::People | Wanted::PeopleOrName => MOBILE_GROUPS[0],
    };
    let mut start = 0;
    // Most text has no long run of digits and is left after a look at every 17th byte or so.
    while let Some(window) = bytes.get(start..start + least) {
        // Nothing that begins at or before the last byte of the window that is no digit can be a run so long.
        if let Some(last) = window.iter().rposition(|byte| !byte.is_ascii_digit()) {
            start += last + 1;
            continue;
        }
        let run_starts_here = start == 0
            || bytes
                .get(start - 1)
                .is_none_or(|byte| !byte.is_ascii_digit());
        let run = digits_from(bytes, start);
        if run_starts_here && let Some(found) = number_of_run(text, start, run, wanted) {
            return Some(found);
        }
        start += run + 1;
    }
    None
}

/// Digits of a number that may be a phone, an account or a citizen number.
const LONG: usize = 9;

/// The same where spaces and hyphens between its digits count as part of it; a date with its hour has ten.
const LONG_IN_GROUPS: usize = 11;

/// Whether a text that may be anything holds a number that may be a phone, an account or a citizen number, in groups too.
pub fn has_long_number(text: &str) -> bool {
    let (mut run, mut grouped) = (0, 0);
    for character in text.chars() {
        if character.is_ascii_digit() {
            run += 1;
            grouped += 1;
            if run >= LONG || grouped >= LONG_IN_GROUPS {
                return true;
            }
            continue;
        }
        run = 0;
        if !(character.is_whitespace() || is_hyphen(character)) {
            grouped = 0;
        }
    }
    false
}

fn digits_from(bytes: &[u8], start: usize) -> usize {
    bytes
        .iter()
        .skip(start)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

fn number_of_run(text: &str, start: usize, run: usize, wanted: Wanted) -> Option<Found> {
    let found = |length: usize, kind: KeyKind| Found {
        range: start..start + length,
        kind,
    };
    if (BODY_LENGTH..=NUMBER_LENGTH).contains(&run)
        && let Some(number) = text.get(start..start + NUMBER_LENGTH)
        && citizen::may_be_held(&citizen::normalise(number))
    {
        return Some(found(NUMBER_LENGTH, KeyKind::Person));
    }
    if wanted == Wanted::CitizenNumbers {
        return None;
    }
    let number = text.get(start..start + run)?;
    if is_bank_card(number) {
        return Some(found(run, KeyKind::Account));
    }
    if citizen::may_be_held_15(number) {
        return Some(found(run, KeyKind::Person));
    }
    if is_mobile(number.strip_prefix("86").unwrap_or(number)) {
        return Some(found(run, KeyKind::Phone));
    }
    let grouped = grouped_mobile(text.get(start..)?)?;
    Some(found(grouped, KeyKind::Phone))
}

/// True for the number of a bank card by ISO/IEC 7812: its check digit is right and it begins as cards do that are issued to
/// persons here (62 UnionPay; 4, 5 and 9558 older ones). One of ten other numbers has a right check digit, and certificates are
/// numbered in 16 digits that begin with a year.
fn is_bank_card(digits: &str) -> bool {
    let begins_as_card = match digits.len() {
        16 => digits.starts_with(['4', '5']) || digits.starts_with("62"),
        17 | 18 => digits.starts_with("62"),
        19 => digits.starts_with("62") || digits.starts_with("9558"),
        _ => false,
    };
    begins_as_card && luhn::is_valid(digits)
}

/// Digits of the groups in which mobile phones are written.
const MOBILE_GROUPS: [usize; 3] = [3, 4, 4];

/// Bytes of a mobile phone in groups (`138-0000 0000`) at the beginning of `text`.
fn grouped_mobile(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut place, mut digits) = (0, String::new());
    for length in MOBILE_GROUPS {
        if !digits.is_empty() {
            matches!(bytes.get(place), Some(b'-' | b' ')).then_some(())?;
            place += 1;
        }
        if digits_from(bytes, place) != length {
            return None;
        }
        digits.push_str(text.get(place..place + length)?);
        place += length;
    }
    is_mobile(&digits).then_some(place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Option<&str> {
        find_embedded(text, Wanted::CitizenNumbers).map(|found| &text[found.range])
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
        // A slip of the pen makes it no less the number of somebody.
        assert_eq!(found("370102198506159971"), Some("370102198506159971"));
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "",
            "T",
            "S000037000001205000001",
            "2015010001500001",
            "370102850615997",
            "13800000000",
            "990102198506159971",
            "370102202009030001",
            "370102202009030002",
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
        let masked = |text: &'static str| {
            without_numbers(text.into(), Wanted::CitizenNumbers, |_, number| {
                format!("<{number}>")
            })
        };
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
                "2020-123456-<370102198506159971>-1",
            ),
            ("S000037000001205000001", "S000037000001205000001"),
            (
                "号370102 19850615 9974、370102198506159974",
                "号<370102198506159974>、<370102198506159974>",
            ),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn where_people_may_be_named_phones_and_old_numbers_are_replaced_too() {
        let masked = |text: &'static str| {
            without_numbers(text.into(), Wanted::People, |kind, number| {
                format!("<{} {number}>", kind.word())
            })
        };
        for (text, expected) in [
            ("电话13800000000", "电话<phone 13800000000>"),
            ("138-0000 0000转2", "<phone 138-0000 0000>转2"),
            ("8613800000000", "<phone 8613800000000>"),
            ("370102850615997", "<person 370102850615997>"),
            (
                "电话13800000000 身份证370102198506159971",
                "电话<phone 13800000000> 身份证<person 370102198506159971>",
            ),
            (
                "卡6210000000000003、95580000000000000000",
                "卡<account 6210000000000003>、95580000000000000000",
            ),
            ("6210000000000004", "6210000000000004"),
            ("2015010001500001", "2015010001500001"),
            ("某学员", "某学员"),
            ("138-000 00000", "138-000 00000"),
            ("138000000001", "138000000001"),
            ("370102201231001", "370102201231001"),
            ("T0012", "T0012"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_is_replaced_where_a_code_should_stand() {
        let masked = |text: &'static str| {
            without_numbers(text.into(), Wanted::PeopleOrName, |kind, number| {
                format!("<{} {number}>", kind.word())
            })
        };
        for (text, expected) in [
            ("某学员", "<name 某学员>"),
            ("阿卜杜拉·买买提", "<name 阿卜杜拉·买买提>"),
            ("13800000000", "<phone 13800000000>"),
            ("T1300000001", "T1300000001"),
            ("某某职业技能培训学校", "某某职业技能培训学校"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn long_numbers_are_seen_in_groups_too() {
        for text in [
            "138-1111-2227",
            "6217 0001 2345",
            "138 1111 2227",
            "123456789",
            "0531-12345678",
        ] {
            assert!(has_long_number(text), "{text}");
        }
        for text in [
            "2020-09-03 25:61:00",
            "2020-13-45",
            "12345678",
            "E1-2020",
            "2020-09-03 08:30",
        ] {
            assert!(!has_long_number(text), "{text}");
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
                    && number.len() == NUMBER_LENGTH && citizen::may_be_held(&number.replace('x', "X"))
            });
            let found = find_embedded(&text, Wanted::CitizenNumbers);
            prop_assert_eq!(found.map(|found| found.range.start), by_every_place);
        }
    }
}
