//! Keyed pseudonyms: the integers that stand for identities outside the vault.
//!
//! A key is the first 8 bytes, big-endian, of HMAC-SHA-256(secret, "person:" + normalised number), likewise for
//! phones, accounts and names. Without the secret a key can neither be made nor be guessed back.

use std::borrow::Cow;
use std::fmt;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use super::account::normalise_account;
use super::citizen;
use super::mobile::normalise_phone;
use super::name::normalise_name;

/// What a key stands for; equal text of two kinds has unrelated keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    /// A citizen number.
    Person,
    /// A phone number.
    Phone,
    /// A bank account.
    Account,
    /// A person's name.
    Name,
}

impl KeyKind {
    /// The word for tables and for the hashed prefix.
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Phone => "phone",
            Self::Account => "account",
            Self::Name => "name",
        }
    }

    /// The form of a value that its key is made of.
    pub fn normalise(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Person => citizen::normalise(text),
            Self::Phone => normalise_phone(text),
            Self::Account => normalise_account(text),
            Self::Name => normalise_name(text),
        }
    }
}

/// Makes keys under one secret. The secret's part of the work is done once; a key then costs two SHA-256 blocks.
#[derive(Clone)]
pub struct Pseudonymiser {
    person: Hmac<Sha256>,
    phone: Hmac<Sha256>,
    account: Hmac<Sha256>,
    name: Hmac<Sha256>,
}

impl Pseudonymiser {
    /// A maker of keys under `secret`. The caller refuses an empty secret: anyone could repeat its keys.
    pub fn new(secret: &[u8]) -> Self {
        let keyed = keyed_state(secret);
        let prefixed = |kind: KeyKind| keyed.clone().chain_update(kind.word()).chain_update(":");
        Self {
            person: prefixed(KeyKind::Person),
            phone: prefixed(KeyKind::Phone),
            account: prefixed(KeyKind::Account),
            name: prefixed(KeyKind::Name),
        }
    }

    /// The key of a normalised value.
    pub fn key(&self, kind: KeyKind, normalised: &str) -> i64 {
        let state = match kind {
            KeyKind::Person => &self.person,
            KeyKind::Phone => &self.phone,
            KeyKind::Account => &self.account,
            KeyKind::Name => &self.name,
        };
        let code = state
            .clone()
            .chain_update(normalised)
            .finalize()
            .into_bytes();
        code.iter()
            .take(8)
            .fold(0_u64, |key, byte| key << 8 | u64::from(*byte))
            .cast_signed()
    }
}

/// HMAC's state after the secret. RFC 2104: a secret longer than a block is hashed first, a shorter one is filled up
/// with zeros. Doing it here gives the key its exact length, so that nothing can fail.
fn keyed_state(secret: &[u8]) -> Hmac<Sha256> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    let hashed;
    let effective: &[u8] = if secret.len() > block.len() {
        hashed = Sha256::digest(secret);
        &hashed
    } else {
        secret
    };
    for (target, source) in block.iter_mut().zip(effective) {
        *target = *source;
    }
    <Hmac<Sha256> as KeyInit>::new(&block)
}

impl fmt::Debug for Pseudonymiser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pseudonymiser")
            .finish_non_exhaustive()
    }
}

/// A key as people see it: 16 lower-case hex digits of its bytes, big-endian.
pub fn hex(key: i64) -> String {
    format!("{:016x}", key.cast_unsigned())
}

/// The key of 16 lower-case hex digits; none for any other text.
pub fn parse_hex(text: &str) -> Option<i64> {
    let is_hex = text.len() == 16
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hex {
        return None;
    }
    u64::from_str_radix(text, 16).ok().map(u64::cast_signed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // Known answers by Python: int.from_bytes(hmac.new(secret, text, "sha256").digest()[:8], "big", signed=True)
    #[test]
    fn known_answers() {
        let values = [
            (KeyKind::Person, "370102198506159974"),
            (KeyKind::Phone, "13800000000"),
            (KeyKind::Account, "6210000000000003"),
            (KeyKind::Name, "某学员"),
        ];
        let expected: [(Vec<u8>, [i64; 4]); 5] = [
            (
                b"".to_vec(),
                [
                    3784492975839879046,
                    7951607796354189855,
                    1865344331783220809,
                    2152373959281757835,
                ],
            ),
            (
                b"test secret".to_vec(),
                [
                    -2244167799416969860,
                    2745811005624372732,
                    7963970169365989127,
                    8373843893963981424,
                ],
            ),
            (
                b"s".repeat(64),
                [
                    1902455457333291024,
                    8990394875773437587,
                    9031331507020505997,
                    1723437620466846557,
                ],
            ),
            (
                b"s".repeat(65),
                [
                    -1777353091156261164,
                    -250521928440227087,
                    -7808578400439920437,
                    -7927777198967668815,
                ],
            ),
            (
                "密钥".repeat(40).into_bytes(),
                [
                    2530545087204761660,
                    5837825035046506124,
                    -5851996046861203282,
                    -7948351073246018464,
                ],
            ),
        ];
        for (secret, keys) in expected {
            let pseudonymiser = Pseudonymiser::new(&secret);
            let made = values.map(|(kind, value)| pseudonymiser.key(kind, value));
            assert_eq!(made, keys, "a secret of {} bytes", secret.len());
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_secret() {
        assert_eq!(
            format!("{:?}", Pseudonymiser::new(b"hush")),
            "Pseudonymiser { .. }"
        );
    }

    #[test]
    fn hex_is_the_unsigned_view() {
        assert_eq!(hex(-1), "ffffffffffffffff");
        assert_eq!(hex(1), "0000000000000001");
        for text in [
            "",
            "1",
            "+000000000000001",
            "FFFFFFFFFFFFFFFF",
            "00000000000000010",
            "一二三四五1",
        ] {
            assert_eq!(parse_hex(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn hex_and_back(key in any::<i64>()) {
            prop_assert_eq!(parse_hex(&hex(key)), Some(key));
        }
    }
}
