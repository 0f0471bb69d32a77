//! Skill levels in figures and words.

use super::number::parse_integer;
use super::reason::Reason;
use super::text::fold;

/// Words of each level, folded. Level 5 is the lowest.
const WORDS: [(i64, &[&str]); 6] = [
    (0, &["无等级", "不分等级"]),
    (1, &["一级", "一", "1级", "高级技师"]),
    (2, &["二级", "二", "2级", "技师"]),
    (3, &["三级", "三", "3级", "高级工", "高级"]),
    (4, &["四级", "四", "4级", "中级工", "中级"]),
    (5, &["五级", "五", "5级", "初级工", "初级"]),
];

/// What may stand before the word of a level.
const PREFIXES: [&str; 4] = ["国家职业资格", "职业技能等级", "职业资格", "职业技能"];

/// Reads a cleaned skill level: 5 (lowest) to 1 (highest), 0 for none, in figures or in words (`五级`, `初级工`,
/// `国家职业资格五级`, `初级工（五级）`). Words of two levels at once are none.
///
/// # Errors
/// `BadNumber` when it is no level, `OutOfRange` for other numbers.
pub fn parse_level(text: &str) -> Result<i64, Reason> {
    match parse_integer(text) {
        Ok(level @ 0..=5) => Ok(level),
        Ok(_) => Err(Reason::OutOfRange),
        Err(Reason::BadNumber) => level_of_words(&fold(text)).ok_or(Reason::BadNumber),
        Err(reason) => Err(reason),
    }
}

fn level_of_words(folded: &str) -> Option<i64> {
    let mut found = None;
    for part in folded
        .split(['/', '(', ')', '、'])
        .filter(|part| !part.is_empty())
    {
        let level = level_of_word(part)?;
        if found.is_some_and(|other| other != level) {
            return None;
        }
        found = Some(level);
    }
    found
}

fn level_of_word(part: &str) -> Option<i64> {
    let word = PREFIXES
        .iter()
        .find_map(|prefix| part.strip_prefix(prefix))
        .unwrap_or(part);
    WORDS
        .iter()
        .find(|(_, words)| words.contains(&word))
        .map(|(level, _)| *level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_words() {
        for (text, level) in [
            ("0", 0),
            ("5", 5),
            ("3.0", 3),
            ("无等级", 0),
            ("五级", 5),
            ("初级", 5),
            ("初级工", 5),
            ("5级", 5),
            ("国家职业资格五级", 5),
            ("职业技能等级五级", 5),
            ("四级", 4),
            ("中级工", 4),
            ("三级", 3),
            ("高级工", 3),
            ("二级", 2),
            ("技师", 2),
            ("一级", 1),
            ("高级技师", 1),
            ("五级/初级工", 5),
            ("初级工(五级)", 5),
            ("高级技师（国家职业资格一级）", 1),
            ("国家职业资格 二级", 2),
        ] {
            assert_eq!(parse_level(text), Ok(level), "{text}");
        }
    }

    #[test]
    fn no_levels() {
        for (text, reason) in [
            ("9", Reason::OutOfRange),
            ("6", Reason::OutOfRange),
            ("-1", Reason::OutOfRange),
            ("12abc", Reason::BadNumber),
            ("2.5", Reason::BadNumber),
            ("六级", Reason::BadNumber),
            ("五级/中级工", Reason::BadNumber),
            ("学徒工", Reason::BadNumber),
            ("十二点五", Reason::BadNumber),
            ("()", Reason::BadNumber),
        ] {
            assert_eq!(parse_level(text), Err(reason), "{text}");
        }
    }
}
