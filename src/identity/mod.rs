//! Codes that name people, places and organisations: their forms, check digits and keyed pseudonyms.
//!
//! Everything here works on text in memory and knows nothing of files, feeds or tables. The usual way of a value:
//!
//! 1. `normalise` brings the spellings of one value together ([`citizen::normalise`], [`mobile::normalise_phone`],
//!    [`account::normalise_account`], [`name::normalise_name`]);
//! 2. an examination says what is wrong with it ([`citizen::examine`], [`mobile::phone_fault`],
//!    [`account::account_fault`]);
//! 3. [`Pseudonymiser::key`] turns it into the integer that travels on instead of it.
//!
//! A raw number, phone, account or name never appears in an error or in the `Debug` output of a type of this module.

pub mod account;
pub mod certificate;
pub mod citizen;
pub mod division;
pub mod embedded;
mod grouped;
pub mod luhn;
pub mod mobile;
pub mod name;
pub mod placeholder;
pub mod precision;
pub mod pseudonym;
pub mod social_credit;
mod spelling;

pub use account::AccountFault;
pub use certificate::CertificateForm;
pub use citizen::{CitizenFacts, IdFault, Sex};
pub use division::{Area, Division, DivisionCode, DivisionError, Divisions, Place};
pub use embedded::{Wanted, find_embedded, has_long_number, without_numbers};
pub use mobile::PhoneFault;
pub use placeholder::{is_placeholder, is_word_for_nothing};
pub use pseudonym::{KeyKind, Pseudonymiser, hex, parse_hex};
pub use social_credit::SocialCreditFault;

/// The published test vectors (`tests/data/code-vectors.json`), for the tests of this module.
#[cfg(test)]
mod vectors {
    use serde_json::Value;

    /// One group of vectors, for example `luhn_valid`.
    pub(super) fn group(name: &str) -> Value {
        let text = include_str!("../../tests/data/code-vectors.json");
        let all: Value = serde_json::from_str(text).expect("the vectors are JSON");
        all.get(name)
            .unwrap_or_else(|| panic!("no vectors named {name}"))
            .clone()
    }

    /// The elements of a group that is a list.
    pub(super) fn list(name: &str) -> Vec<Value> {
        let vectors = group(name).as_array().expect("a list of vectors").clone();
        assert!(!vectors.is_empty(), "{name} holds no vector");
        vectors
    }

    /// A text member of a vector.
    pub(super) fn text<'a>(vector: &'a Value, member: &str) -> &'a str {
        vector[member]
            .as_str()
            .unwrap_or_else(|| panic!("no text member {member}"))
    }
}
