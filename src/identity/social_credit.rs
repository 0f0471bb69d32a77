//! Unified social credit codes of organisations (GB 32100-2015), with the organisation code inside (GB 11714).
//!
//! 18 characters: registering authority, kind of organisation, division (6), organisation code (8 and its check
//! character), check character.

/// The alphabet without I, O, S, V and Z; a character's value is its place, 0 to 30.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const CODE_LENGTH: usize = 18;

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocialCreditFault {
    /// Not 18 characters.
    Length,
    /// A character outside the alphabet.
    Form,
    /// The check character of the organisation code inside is wrong.
    OrganisationCheck,
    /// The last character is not the check character of the others.
    Check,
}

impl SocialCreditFault {
    /// The word for tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Form => "form",
            Self::OrganisationCheck => "organisation_check",
            Self::Check => "check",
        }
    }

    /// True if the register must be asked before anyone is blamed: some early codes with a check character outside
    /// the standard were lawfully given out.
    pub fn is_soft(self) -> bool {
        self == Self::Check
    }
}

/// The fault of a code in capitals without spaces, if any; the hard ones first.
pub fn social_credit_fault(code: &str) -> Option<SocialCreditFault> {
    if code.chars().count() != CODE_LENGTH {
        return Some(SocialCreditFault::Length);
    }
    if !code.bytes().all(|byte| ALPHABET.contains(&byte)) {
        return Some(SocialCreditFault::Form);
    }
    if code.get(8..16).and_then(organisation_check_character)
        != code.get(16..17).and_then(first_character)
    {
        return Some(SocialCreditFault::OrganisationCheck);
    }
    let expected = code.get(..17).and_then(check_character);
    (expected != code.get(17..).and_then(first_character)).then_some(SocialCreditFault::Check)
}

fn first_character(text: &str) -> Option<char> {
    text.chars().next()
}

/// The check character of the first 17 characters; none if they are not 17 characters of the alphabet.
pub fn check_character(first17: &str) -> Option<char> {
    if first17.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in first17.bytes().zip(WEIGHTS) {
        sum += weight * ALPHABET.iter().position(|candidate| *candidate == byte)?;
    }
    // The outer remainder matters: a sum divisible by 31 has the check value 0, not 31.
    ALPHABET
        .get((31 - sum % 31) % 31)
        .map(|byte| char::from(*byte))
}

/// The check character of an organisation code (GB 11714) from its eight body characters, digits or capitals.
pub fn organisation_check_character(body8: &str) -> Option<char> {
    if body8.len() != ORGANISATION_WEIGHTS.len()
        || body8.bytes().any(|byte| byte.is_ascii_lowercase())
    {
        return None;
    }
    let mut sum = 0;
    for (character, weight) in body8.chars().zip(ORGANISATION_WEIGHTS) {
        sum += weight * character.to_digit(36)?;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::vectors;

    #[test]
    fn valid_vectors_pass() {
        for vector in vectors::list("uscc_valid") {
            let code = vectors::text(&vector, "code");
            assert_eq!(social_credit_fault(code), None, "{vector}");
            assert_eq!(&code[8..17], vectors::text(&vector, "org_code"));
        }
    }

    #[test]
    fn invalid_vectors_fail_for_their_reason() {
        let expected = [
            ("52370100000000019Q", SocialCreditFault::Check),
            ("52370100000000019", SocialCreditFault::Length),
            ("5237010000000001IP", SocialCreditFault::Form),
            ("52370100000000010U", SocialCreditFault::OrganisationCheck),
            ("913501000000001157", SocialCreditFault::Check),
        ];
        let listed = vectors::list("uscc_invalid");
        let codes: Vec<&str> = listed
            .iter()
            .map(|vector| vectors::text(vector, "code"))
            .collect();
        assert_eq!(
            codes,
            expected.map(|(code, _)| code),
            "each vector has its expectation"
        );
        for (code, fault) in expected {
            assert_eq!(social_credit_fault(code), Some(fault), "{code}");
        }
    }

    #[test]
    fn only_a_check_character_out_of_the_standard_is_soft() {
        assert!(SocialCreditFault::Check.is_soft());
        assert!(!SocialCreditFault::OrganisationCheck.is_soft());
        assert_eq!(check_character("91350100000000115"), Some('P'));
    }

    #[test]
    fn other_text_has_no_check_character() {
        assert_eq!(check_character("5237010000000001"), None);
        assert_eq!(check_character("5237010000000001I"), None);
        assert_eq!(organisation_check_character("0000abcd"), None);
        assert_eq!(organisation_check_character("一二AB"), None);
        assert_eq!(
            social_credit_fault("一二三四五六七八九十一二三四五六七八"),
            Some(SocialCreditFault::Form)
        );
    }

    proptest! {
        #[test]
        fn a_computed_code_passes_and_any_changed_character_fails(
            head in "[0-9A-HJ-NP-RTUWXY]{16}", position in 0usize..18, step in 1usize..31,
        ) {
            let organisation_check = organisation_check_character(&head[8..]).unwrap();
            let first17 = format!("{head}{organisation_check}");
            let code = format!("{first17}{}", check_character(&first17).unwrap());
            prop_assert_eq!(social_credit_fault(&code), None);
            let mut changed = code.into_bytes();
            let value = ALPHABET.iter().position(|byte| *byte == changed[position]).unwrap();
            changed[position] = ALPHABET[(value + step) % 31];
            prop_assert!(social_credit_fault(std::str::from_utf8(&changed).unwrap()).is_some());
        }
    }
}
