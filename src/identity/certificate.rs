//! Certificate numbers and what their characters say (indicator E02).
//!
//! * vocational skill level: 22 characters, Y (employer) or S (social assessor), assessor 4, province 2, site 6,
//!   year 2, level 1 to 5, serial 6;
//! * vocational qualification: 16 digits, year 2, province 2 and city 2 (an old list, not GB/T 2260), kind 1, body 3,
//!   level 1, serial 5;
//! * special operation: T and the holder's citizen number.
//!
//! All other kinds are numbered freely.

use std::fmt;

use super::citizen;

/// A certificate number taken apart; the parts borrow from the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateForm<'a> {
    /// A vocational skill level certificate.
    SkillLevel(SkillLevelNumber<'a>),
    /// A vocational qualification certificate.
    Qualification(QualificationNumber<'a>),
    /// A special operation certificate.
    SpecialOperation(HolderNumber<'a>),
    /// None of the known forms.
    Free,
}

/// The parts of a vocational skill level certificate number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillLevelNumber<'a> {
    /// `Y`: the employer assessed; `S`: a social assessor did.
    pub kind: char,
    /// Assessor filed with the ministry, `0000` if filed with the province.
    pub organisation: &'a str,
    /// First two digits of the province's division code.
    pub province: &'a str,
    /// Assessment site.
    pub site: &'a str,
    /// Last two digits of the year of issue.
    pub year: &'a str,
    /// Skill level, 1 (highest) to 5.
    pub level: u8,
    /// Serial number.
    pub serial: &'a str,
}

/// The parts of a vocational qualification certificate number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QualificationNumber<'a> {
    /// Last two digits of the year of issue.
    pub year: &'a str,
    /// Province or industry, by the list of these certificates.
    pub province: &'a str,
    /// City, by the same list.
    pub city: &'a str,
    /// Kind of examination body.
    pub kind: &'a str,
    /// Examination body.
    pub organisation: &'a str,
    /// The digit in the level's place; a skill level only if 1 to 5.
    pub level: u8,
    /// Serial number.
    pub serial: &'a str,
}

/// The holder's citizen number inside a certificate number, by its form alone. `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HolderNumber<'a>(&'a str);

impl<'a> HolderNumber<'a> {
    /// The citizen number: personal information.
    pub fn number(self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for HolderNumber<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HolderNumber(hidden)")
    }
}

impl<'a> CertificateForm<'a> {
    /// Takes a number in NFKC and capitals without spaces apart.
    pub fn parse(number: &'a str) -> Self {
        if let Some(parts) = skill_level(number) {
            return Self::SkillLevel(parts);
        }
        if let Some(parts) = qualification(number) {
            return Self::Qualification(parts);
        }
        special_operation(number).map_or(Self::Free, Self::SpecialOperation)
    }
}

fn skill_level(number: &str) -> Option<SkillLevelNumber<'_>> {
    let kind = number
        .chars()
        .next()
        .filter(|letter| matches!(letter, 'Y' | 'S'))?;
    let digits = number.get(1..).filter(|rest| are_digits(rest, 21))?;
    let level = digit(digits.get(14..15)?)?;
    if !(1..=5).contains(&level) {
        return None;
    }
    Some(SkillLevelNumber {
        kind,
        organisation: digits.get(..4)?,
        province: digits.get(4..6)?,
        site: digits.get(6..12)?,
        year: digits.get(12..14)?,
        level,
        serial: digits.get(15..)?,
    })
}

fn qualification(number: &str) -> Option<QualificationNumber<'_>> {
    let digits = Some(number).filter(|digits| are_digits(digits, 16))?;
    Some(QualificationNumber {
        year: digits.get(..2)?,
        province: digits.get(2..4)?,
        city: digits.get(4..6)?,
        kind: digits.get(6..7)?,
        organisation: digits.get(7..10)?,
        level: digit(digits.get(10..11)?)?,
        serial: digits.get(11..)?,
    })
}

fn special_operation(number: &str) -> Option<HolderNumber<'_>> {
    let holder = number.strip_prefix('T')?;
    if citizen::upgrade_15(holder).is_some() {
        return Some(HolderNumber(holder));
    }
    let (body, check) = holder.split_at_checked(17)?;
    let is_citizen_number = are_digits(body, 17) && (are_digits(check, 1) || check == "X");
    is_citizen_number.then_some(HolderNumber(holder))
}

fn are_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn digit(text: &str) -> Option<u8> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::vectors;

    #[test]
    fn skill_level_vectors_hold() {
        for vector in vectors::group("cert")["skill_level_22"].as_array().unwrap() {
            let CertificateForm::SkillLevel(parts) =
                CertificateForm::parse(vectors::text(vector, "no"))
            else {
                panic!("{vector}");
            };
            assert_eq!(parts.kind.to_string(), vectors::text(vector, "kind"));
            assert_eq!(parts.organisation, vectors::text(vector, "org"));
            assert_eq!(parts.province, vectors::text(vector, "prov"));
            assert_eq!(parts.site, vectors::text(vector, "site"));
            assert_eq!(parts.year, vectors::text(vector, "yy"));
            assert_eq!(parts.level.to_string(), vectors::text(vector, "level"));
            assert_eq!(parts.serial, vectors::text(vector, "serial"));
        }
    }

    #[test]
    fn qualification_vectors_hold() {
        for vector in vectors::group("cert")["qualification_16"]
            .as_array()
            .unwrap()
        {
            let CertificateForm::Qualification(parts) =
                CertificateForm::parse(vectors::text(vector, "no"))
            else {
                panic!("{vector}");
            };
            assert_eq!(parts.year, vectors::text(vector, "yy"));
            assert_eq!(parts.province, vectors::text(vector, "prov"));
            assert_eq!(parts.city, vectors::text(vector, "city"));
            assert_eq!(parts.kind, vectors::text(vector, "kind"));
            assert_eq!(parts.organisation, vectors::text(vector, "org"));
            assert_eq!(parts.level.to_string(), vectors::text(vector, "level"));
            assert_eq!(parts.serial, vectors::text(vector, "serial"));
        }
    }

    #[test]
    fn bad_vectors_are_neither_level_nor_qualification() {
        for vector in vectors::group("cert")["bad"].as_array().unwrap() {
            let form = CertificateForm::parse(vector.as_str().unwrap());
            assert!(
                matches!(
                    form,
                    CertificateForm::Free | CertificateForm::SpecialOperation(_)
                ),
                "{vector}"
            );
        }
    }

    #[test]
    fn a_special_operation_number_holds_its_holder_and_hides_it() {
        let CertificateForm::SpecialOperation(holder) =
            CertificateForm::parse("T37082919960229997X")
        else {
            panic!("a special operation number");
        };
        assert_eq!(holder.number(), "37082919960229997X");
        assert!(!format!("{holder:?}").contains("3708"));
        let CertificateForm::SpecialOperation(holder) = CertificateForm::parse("T370199850615123")
        else {
            panic!("an old number of 15 digits is a holder's number too");
        };
        assert_eq!(holder.number(), "370199850615123");
        assert_eq!(
            CertificateForm::parse("T370199851315123"),
            CertificateForm::Free
        );
        assert_eq!(CertificateForm::parse("T3708291996"), CertificateForm::Free);
        assert_eq!(
            CertificateForm::parse("T37082919960229997Y"),
            CertificateForm::Free
        );
    }

    #[test]
    fn any_other_text_is_free() {
        for text in [
            "",
            "S",
            "证书一号",
            "S证000037000001205000001",
            "HG37052021000001197",
        ] {
            assert_eq!(
                CertificateForm::parse(text),
                CertificateForm::Free,
                "{text}"
            );
        }
    }
}
