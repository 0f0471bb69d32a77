//! Names of persons.

use std::borrow::Cow;

use super::spelling::compact;

/// The form of a person's name that its key is made of: NFKC, inner spaces dropped, quotes around dropped.
pub fn normalise_name(text: &str) -> Cow<'_, str> {
    compact(text)
}

/// Characters of the names of persons that are written without a dot.
const HAN_NAME: std::ops::RangeInclusive<usize> = 2..=4;

/// The dots between the parts of a name that is written by its sound.
const DOTS: [char; 2] = ['·', '•'];

/// Whether a text is nothing but what may be a person's name: two to four Han characters, or parts of Han characters with
/// dots between them.
pub fn is_name_of_person(text: &str) -> bool {
    let mut parts = text.split(DOTS).map(|part| {
        let is_han = part
            .chars()
            .all(|character| ('\u{4e00}'..='\u{9fff}').contains(&character));
        is_han
            .then(|| part.chars().count())
            .filter(|length| *length > 0)
    });
    let Some(Some(first)) = parts.next() else {
        return false;
    };
    let mut others = parts.peekable();
    if others.peek().is_none() {
        return HAN_NAME.contains(&first);
    }
    others.all(|part| part.is_some())
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
    fn names_are_told_from_codes_and_firms() {
        for text in ["某某", "某学员", "欧阳某某", "买买提·艾合买提"] {
            assert!(is_name_of_person(text), "{text}");
        }
        for text in [
            "",
            "某",
            "·",
            "某某·",
            "T001",
            "某1",
            "某某职业学校",
            "Anna",
        ] {
            assert!(!is_name_of_person(text), "{text}");
        }
    }

    #[test]
    fn letters_keep_their_case() {
        assert_eq!(normalise_name("Ａnna Maria"), "AnnaMaria");
    }
}
