//! Names of persons.

use std::borrow::Cow;

use super::spelling::compact;

/// The form of a person's name that its key is made of: NFKC, inner spaces dropped, quotes around dropped.
pub fn normalise_name(text: &str) -> Cow<'_, str> {
    compact(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_meet() {
        for text in ["某学员", "某 学员", " 某\u{3000}学 员 ", "\"某学员\""] {
            assert_eq!(normalise_name(text), "某学员");
        }
    }

    #[test]
    fn letters_keep_their_case() {
        assert_eq!(normalise_name("Ａnna Maria"), "AnnaMaria");
    }
}
