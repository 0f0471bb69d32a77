//! Texts of a layout with places to be filled in: `{period}`, `{as_of}`, `{year}`, `{release}`.

use chrono::{Datelike, NaiveDate};

/// Names that may stand between braces.
pub(super) const PLACES: [&str; 4] = ["period", "as_of", "year", "release"];

/// What is filled in.
pub(super) struct Filling<'f> {
    pub(super) period: Option<&'f str>,
    pub(super) as_of: NaiveDate,
    pub(super) release: &'f str,
}

/// The first place of a text that nothing is filled into, as it stands there.
pub(super) fn unknown_place(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        if !PLACES.contains(&name) {
            return Some(name);
        }
        rest = behind;
    }
    None
}

impl Filling<'_> {
    /// The text with its places filled in. Where a table has no period, the as-of day stands for it.
    pub(super) fn fill(&self, text: &str) -> String {
        let as_of = day_zh(self.as_of);
        let year = self.as_of.year().to_string();
        text.replace("{period}", self.period.unwrap_or(&as_of))
            .replace("{as_of}", &as_of)
            .replace("{year}", &year)
            .replace("{release}", self.release)
    }
}

/// A day as it is written in Chinese.
pub(super) fn day_zh(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_unknown_ones_found() {
        let filling = Filling {
            period: Some("2020年12月"),
            as_of: NaiveDate::from_ymd_opt(2020, 12, 31).unwrap(),
            release: "r1",
        };
        assert_eq!(
            filling.fill("{year}年（{period}，截至{as_of}，{release}）"),
            "2020年（2020年12月，截至2020年12月31日，r1）"
        );
        assert_eq!(unknown_place("{period}{mont}"), Some("mont"));
        assert_eq!(unknown_place("{period"), None);
        assert_eq!(unknown_place("none"), None);
    }
}
