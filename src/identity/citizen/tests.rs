use proptest::prelude::*;

use super::*;
use crate::identity::precision::precision_lost;
use crate::identity::vectors;

fn divisions() -> Divisions {
    Divisions::parse(include_str!(
        "../../../pipelines/reference/shandong-divisions.csv"
    ))
    .unwrap()
}

fn examined(text: &str) -> CitizenFacts {
    examine(&normalise(text), &divisions())
}

fn fault(text: &str) -> Option<IdFault> {
    examined(text).fault
}

fn date(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

#[test]
fn valid_vectors_pass() {
    for vector in vectors::list("citizen_id_valid") {
        let number = vectors::text(&vector, "id");
        let facts = examined(number);
        assert!(facts.valid, "{vector}");
        let expected = vectors::text(&vector, "note")
            .contains("region_unknown")
            .then_some(IdFault::UnknownDivision);
        assert_eq!(facts.fault, expected, "{vector}");
        assert_eq!(facts.division.unwrap().as_str(), &number[..6]);
        assert_eq!(
            facts.birth_on.unwrap().format("%Y%m%d").to_string(),
            &number[6..14]
        );
        let sum: u64 = number
            .bytes()
            .zip(WEIGHTS)
            .map(|(byte, weight)| u64::from(byte - b'0') * u64::from(weight))
            .sum();
        assert_eq!(vector["sum"], sum, "{vector}");
        assert_eq!(vector["rem"], sum % 11, "{vector}");
    }
}

#[test]
fn sex_is_the_parity_of_the_sequence() {
    assert_eq!(examined("370102198506159974").sex, Some(Sex::Male));
    assert_eq!(examined("370102198506159982").sex, Some(Sex::Female));
}

#[test]
fn invalid_vectors_fail_for_their_reason() {
    for vector in vectors::list("citizen_id_invalid") {
        let text = vectors::text(&vector, "id");
        let why = vectors::text(&vector, "why");
        let facts = examined(text);
        if why.contains("then valid") || why.contains("leading apostrophe") {
            assert_eq!((facts.valid, facts.fault), (true, None), "{vector}");
            continue;
        }
        let expected = match why.split([' ', ';', ':']).next().unwrap() {
            "check_digit" => IdFault::CheckDigit,
            "no_such_date" | "month" => IdFault::NoSuchDate,
            "placeholder" => IdFault::Placeholder,
            // The reader refuses the row before anyone asks.
            "spreadsheet" => {
                assert!(precision_lost(text), "{vector}");
                continue;
            }
            "missing" => IdFault::Length,
            other => panic!("no expectation for {other}"),
        };
        assert_eq!(facts, CitizenFacts::wrong(expected), "{vector}");
    }
}

#[test]
fn old_vectors_are_upgraded() {
    for vector in vectors::list("citizen_id_15") {
        let old = vectors::text(&vector, "id15");
        let upgraded = vectors::text(&vector, "id18");
        assert_eq!(upgrade_15(old).as_deref(), Some(upgraded), "{vector}");
        let (old_facts, new_facts) = (examined(old), examined(upgraded));
        assert_eq!(
            (old_facts.valid, old_facts.fault),
            (false, Some(IdFault::Legacy15)),
            "{vector}"
        );
        assert!(new_facts.valid, "{vector}");
        assert_eq!(
            (old_facts.birth_on, old_facts.sex, old_facts.division),
            (new_facts.birth_on, new_facts.sex, new_facts.division)
        );
    }
    assert_eq!(examined("370199850615997").birth_on, date(1885, 6, 15));
}

#[test]
fn old_numbers_have_faults_too() {
    assert_eq!(fault("370199851315123"), Some(IdFault::NoSuchDate));
    assert_eq!(fault("37019985061512X"), Some(IdFault::Form));
    assert_eq!(fault("111111111111111"), Some(IdFault::Placeholder));
    for text in ["370199851315123", "37019985061512X", "37019985061512", ""] {
        assert_eq!(upgrade_15(text), None, "{text}");
    }
}

#[test]
fn lengths_and_forms() {
    for text in ["37052319750912997", "3709021991033099801", "X", "5"] {
        assert_eq!(fault(text), Some(IdFault::Length), "{text}");
    }
    for text in [
        "3701021985061599X4",
        "37010219850615997Y",
        "H70102198506159974",
        "一二三四五六七八九十一二三四五六七八",
    ] {
        assert_eq!(fault(text), Some(IdFault::Form), "{text}");
    }
    for text in [
        "123456789012345678",
        "987654321098765432",
        "222222222222222222",
        "123456",
    ] {
        assert_eq!(fault(text), Some(IdFault::Placeholder), "{text}");
    }
}

#[test]
fn a_year_before_registers_is_no_date() {
    let number = |first17: &str| format!("{first17}{}", check_digit(first17).unwrap());
    assert_eq!(
        fault(&number("37010217991231997")),
        Some(IdFault::NoSuchDate)
    );
    assert_eq!(
        fault(&number("37010200000101997")),
        Some(IdFault::NoSuchDate)
    );
    assert_eq!(fault(&number("37010218000101997")), None);
}

#[test]
fn clean_numbers_are_borrowed() {
    for text in ["370102198506159974", "37082919960229997X", ""] {
        assert!(matches!(normalise(text), Cow::Borrowed(same) if same == text));
    }
}

#[test]
fn spellings_of_one_number_meet() {
    for text in [
        "37082919960229997x",
        "３７０８２９１９９６０２２９９９７Ｘ",
        "３７０８２９１９９６０２２９９９７ｘ",
        " 370829 19960229 997X\u{3000}",
        "'37082919960229997X",
        "\"37082919960229997X\"",
        "\u{FEFF}37082919960229997X",
    ] {
        assert_eq!(normalise(text), "37082919960229997X", "{text}");
    }
}

#[test]
fn lost_digits_are_recognised() {
    for text in [
        "3.70102198506160E+17",
        "3.7010219850616e+17",
        "3.70102E+17",
        "3.70102E17",
        "37010219850616E4",
        "4E+17",
        "3.E+17",
        "370102198506160000.0",
        "370102198506160000.",
    ] {
        assert!(precision_lost(text), "{text}");
        assert!(precision_lost(&normalise(&format!(" '{text}"))), "{text}");
    }
    assert!(precision_lost(&normalise("３．７０１０２Ｅ＋１７")));
}

#[test]
fn whole_numbers_and_words_are_not_lost_digits() {
    for text in [
        "370102198506159000",
        "370102198506160000",
        "370199850615123.0",
        "E+17",
        "E1000000050",
        "1e",
        "",
        "EE",
        ".5",
        "1.2.3E4",
        "NULL",
    ] {
        assert!(!precision_lost(text), "{text}");
    }
}

prop_compose! {
    /// Seventeen digits with a real date, of any division.
    fn first17()(division in 100_000u32..999_999, day in 0i64..73_000, sequence in 0u32..1000) -> String {
        let birth_on = NaiveDate::from_ymd_opt(1850, 1, 1).unwrap() + chrono::Duration::days(day);
        format!("{division}{}{sequence:03}", birth_on.format("%Y%m%d"))
    }
}

proptest! {
    #[test]
    fn a_computed_check_digit_passes_and_any_changed_digit_fails(
        first17 in first17(), position in 0usize..18, step in 1u8..11,
    ) {
        let number = format!("{first17}{}", check_digit(&first17).unwrap());
        prop_assert!(is_right(&number));
        let mut changed = number.into_bytes();
        // The last place has eleven characters, the others ten.
        let alphabet: &[u8] = if position == 17 { b"0123456789X" } else { b"0123456789" };
        let value = alphabet.iter().position(|byte| *byte == changed[position]).unwrap();
        let step = usize::from(step).min(alphabet.len() - 1);
        changed[position] = alphabet[(value + step) % alphabet.len()];
        prop_assert!(!is_right(std::str::from_utf8(&changed).unwrap()));
    }

    #[test]
    fn an_upgraded_number_is_right(division in 370_000u32..380_000, day in 0i64..36_500, sequence in 0u32..1000) {
        let birth_on = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Duration::days(day);
        let old = format!("{division}{}{sequence:03}", birth_on.format("%y%m%d"));
        // 18yy and 19yy have the same leap years, so the century of the sequence never costs a date.
        prop_assert!(upgrade_15(&old).is_some_and(|upgraded| is_right(&upgraded)));
    }

    #[test]
    fn normalising_twice_changes_nothing(text in "[0-9xX０-９ｘ'\"“ \u{3000}\u{200B}]{0,24}") {
        let once = normalise(&text).into_owned();
        prop_assert_eq!(normalise(&once), once.clone());
    }

    #[test]
    fn no_text_breaks_an_examination(text in "\\PC{0,24}|[0-9Xx]{14,19}") {
        let facts = examine(&text, &Divisions::parse("code,name,level,status,new_codes").unwrap());
        prop_assert_eq!(facts.valid, matches!(facts.fault, None | Some(IdFault::UnknownDivision)));
    }
}

#[test]
fn numbers_that_follow_are_right_and_keep_their_day() {
    let first = "370102198506159974";
    let next = following(first, 1).unwrap();
    assert_eq!(&next[..17], "37010219850615998");
    assert!(is_right(&next));
    assert_eq!(
        following(first, 2).as_deref().map(|next| &next[14..17]),
        Some("999")
    );
    assert_eq!(following(first, 3), None);
    assert_eq!(following("370102198506159971", 1), None);
}
