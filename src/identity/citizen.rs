//! Citizen numbers (GB 11643-1999; the 15-digit form of 1989).
//!
//! 18 characters: division of the first registration (6), date of birth (8), sequence (3, odd for men), check
//! character (ISO 7064, MOD 11-2). The old form has a year of two digits and no check character.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};

use super::division::{DivisionCode, Divisions};
use super::placeholder::is_placeholder;
use super::spelling::{are_digits, compact};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character by the weighted sum modulo 11.
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";
const NUMBER_LENGTH: usize = 18;
const OLD_NUMBER_LENGTH: usize = 15;
/// Nobody registered was born before: an earlier year is as impossible as a thirteenth month.
const EARLIEST_BIRTH_YEAR: u32 = 1800;

/// Why a citizen number is not a plain, right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdFault {
    /// Neither 18 nor 15 characters.
    Length,
    /// A character that can't stand in its place.
    Form,
    /// The check character is wrong; nothing is derived from such a number.
    CheckDigit,
    /// The check character is right, but the date of birth does not exist.
    NoSuchDate,
    /// One repeated digit or a run of digits.
    Placeholder,
    /// The old form of 15 digits, with a date that exists.
    Legacy15,
    /// A right number whose division was never valid: a soft mark, the number counts as valid.
    UnknownDivision,
}

impl IdFault {
    /// The word for the column `id_fault`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Form => "form",
            Self::CheckDigit => "check_digit",
            Self::NoSuchDate => "no_such_date",
            Self::Placeholder => "placeholder",
            Self::Legacy15 => "legacy_15",
            Self::UnknownDivision => "unknown_division",
        }
    }
}

/// Sex as the sequence number says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Odd sequence.
    Male,
    /// Even sequence.
    Female,
}

impl Sex {
    /// The word for the column `sex`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// What a citizen number says of its holder. Birth, sex and division are known only if the number is right, or of
/// the old form, or right but for an unknown division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CitizenFacts {
    /// True if there is no fault, or only an unknown division.
    pub valid: bool,
    /// What is wrong.
    pub fault: Option<IdFault>,
    /// Date of birth.
    pub birth_on: Option<NaiveDate>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Division of the first registration, as it stands in the number.
    pub division: Option<DivisionCode>,
}

impl CitizenFacts {
    fn wrong(fault: IdFault) -> Self {
        Self {
            valid: false,
            fault: Some(fault),
            birth_on: None,
            sex: None,
            division: None,
        }
    }

    fn of(holder: Holder, valid: bool, fault: Option<IdFault>) -> Self {
        Self {
            valid,
            fault,
            birth_on: Some(holder.birth_on),
            sex: Some(holder.sex),
            division: Some(holder.division),
        }
    }
}

/// The form of a citizen number that its key is made of: NFKC, spaces everywhere and quotes around dropped (a leading
/// apostrophe comes from spreadsheets), x raised. A number in this form already is borrowed.
pub fn normalise(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'X')
    {
        return Cow::Borrowed(text);
    }
    let compacted = compact(text);
    if compacted.contains('x') {
        Cow::Owned(compacted.replace('x', "X"))
    } else {
        compacted
    }
}

/// Examines a normalised number. The first fault in this order is told: placeholder, length, form, check digit, date,
/// division.
pub fn examine(normalised: &str, divisions: &Divisions) -> CitizenFacts {
    if is_placeholder(normalised) {
        return CitizenFacts::wrong(IdFault::Placeholder);
    }
    match normalised.chars().count() {
        NUMBER_LENGTH => examine_18(normalised, divisions),
        OLD_NUMBER_LENGTH => examine_15(normalised),
        _ => CitizenFacts::wrong(IdFault::Length),
    }
}

fn examine_18(number: &str, divisions: &Divisions) -> CitizenFacts {
    let Some((first17, given)) = number.split_at_checked(NUMBER_LENGTH - 1) else {
        return CitizenFacts::wrong(IdFault::Form);
    };
    let Some(expected) = check_digit(first17).filter(|_| are_digits(given) || given == "X") else {
        return CitizenFacts::wrong(IdFault::Form);
    };
    if !given.starts_with(expected) {
        return CitizenFacts::wrong(IdFault::CheckDigit);
    }
    let Some(holder) = Holder::read(first17) else {
        return CitizenFacts::wrong(IdFault::NoSuchDate);
    };
    let fault = (!divisions.ever_valid(holder.division)).then_some(IdFault::UnknownDivision);
    CitizenFacts::of(holder, true, fault)
}

fn examine_15(number: &str) -> CitizenFacts {
    if !are_digits(number) {
        return CitizenFacts::wrong(IdFault::Form);
    }
    match first17_of_15(number).as_deref().and_then(Holder::read) {
        Some(holder) => CitizenFacts::of(holder, false, Some(IdFault::Legacy15)),
        None => CitizenFacts::wrong(IdFault::NoSuchDate),
    }
}

/// The 18-character form of an old number; none if it is not 15 digits or its date does not exist.
pub fn upgrade_15(number: &str) -> Option<String> {
    let mut upgraded = first17_of_15(number)?;
    Holder::read(&upgraded)?;
    upgraded.push(check_digit(&upgraded)?);
    Some(upgraded)
}

/// The right number of 18 characters whose sequence is `step` higher: who got a number at one counter one after the
/// other. None when `number` is not right itself or the sequence would pass 999.
pub fn following(number: &str, step: u32) -> Option<String> {
    if !is_right(number) {
        return None;
    }
    let (first14, rest) = number.split_at_checked(14)?;
    let sequence: u32 = rest.get(..3)?.parse().ok()?;
    let next = sequence.checked_add(step).filter(|next| *next <= 999)?;
    let mut following = format!("{first14}{next:03}");
    following.push(check_digit(&following)?);
    Some(following)
}

/// An old number with its century. The sequences 996 to 999 were kept for people who were 100 when numbers were
/// first given out; all others were born in the 1900s.
fn first17_of_15(number: &str) -> Option<String> {
    if number.len() != OLD_NUMBER_LENGTH || !are_digits(number) {
        return None;
    }
    let (division, rest) = number.split_at_checked(6)?;
    let (_, sequence) = number.split_at_checked(12)?;
    let century = if matches!(sequence, "996" | "997" | "998" | "999") {
        "18"
    } else {
        "19"
    };
    Some(format!("{division}{century}{rest}"))
}

/// The check character of the first 17 digits; none if they are not 17 digits.
pub fn check_digit(first17: &str) -> Option<char> {
    if first17.len() != WEIGHTS.len() || !are_digits(first17) {
        return None;
    }
    let sum: u32 = first17
        .bytes()
        .zip(WEIGHTS)
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    let place = usize::try_from(sum % 11).ok()?;
    CHECK_CHARACTERS.get(place).map(|byte| char::from(*byte))
}

/// True if a number of 18 characters is right in itself: check character and date.
pub(super) fn is_right(number: &str) -> bool {
    let Some((first17, given)) = number.split_at_checked(NUMBER_LENGTH - 1) else {
        return false;
    };
    let expected = check_digit(first17);
    expected.is_some() && expected == given.parse().ok() && Holder::read(first17).is_some()
}

/// Born from this year on, nobody is of an age to be trained: digits with a later date are a code built of a day
/// (`370102202009030001`).
const FIRST_YEAR_OF_CODES: i32 = 2015;

/// The old form was given out until 1999, and who had one then was not born before this year.
const FIRST_YEAR_OF_OLD_FORM: i32 = 1930;

/// True if 18 characters that stand somewhere in a text may be the number of somebody: a date of birth, and the right
/// check character or, but for a slip of the pen, a province.
pub(super) fn may_be_held(number: &str) -> bool {
    let Some((first17, given)) = number.split_at_checked(NUMBER_LENGTH - 1) else {
        return false;
    };
    let Some((expected, holder)) = check_digit(first17).zip(Holder::read(first17)) else {
        return false;
    };
    let is_right = given.starts_with(expected);
    let has_form = given == "X" || are_digits(given);
    has_form
        && holder.birth_on.year() < FIRST_YEAR_OF_CODES
        && (is_right || holder.division.has_real_province())
}

/// The same of 15 digits.
pub(super) fn may_be_held_15(number: &str) -> bool {
    let Some((division, rest)) = number.split_at_checked(6) else {
        return false;
    };
    let holder = Holder::read(&format!("{division}19{rest}"));
    number.len() == OLD_NUMBER_LENGTH
        && are_digits(number)
        && holder.is_some_and(|holder| {
            holder.birth_on.year() >= FIRST_YEAR_OF_OLD_FORM && holder.division.has_real_province()
        })
}

/// What the first 17 digits say.
struct Holder {
    division: DivisionCode,
    birth_on: NaiveDate,
    sex: Sex,
}

impl Holder {
    /// None if the date does not exist.
    fn read(first17: &str) -> Option<Self> {
        let year: u32 = first17.get(6..10)?.parse().ok()?;
        let month = first17.get(10..12)?.parse().ok()?;
        let day = first17.get(12..14)?.parse().ok()?;
        if year < EARLIEST_BIRTH_YEAR {
            return None;
        }
        let sequence: u32 = first17.get(14..17)?.parse().ok()?;
        Some(Self {
            division: DivisionCode::parse(first17.get(..6)?)?,
            birth_on: NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day)?,
            sex: if sequence % 2 == 1 {
                Sex::Male
            } else {
                Sex::Female
            },
        })
    }
}

#[cfg(test)]
mod tests;
