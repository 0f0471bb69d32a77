//! Quarters and months of periods and days.

use chrono::{Datelike, NaiveDate};

/// Whether a text names a quarter, such as `2020-Q3`.
pub fn is_quarter(text: &str) -> bool {
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|digit| digit.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, quarter)| {
        is_year(year) && matches!(quarter, "Q1" | "Q2" | "Q3" | "Q4")
    })
}

/// The quarter of a day.
pub(super) fn quarter_of(day: NaiveDate) -> String {
    format!("{:04}-Q{}", day.year(), day.month0() / 3 + 1)
}

/// The month of a day.
pub(super) fn month_of(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The quarter of a hit's own period; none for a year or an empty one.
pub(super) fn quarter_of_period(period: &str) -> Option<String> {
    if let Some(quarter) = period.get(..7).filter(|start| is_quarter(start)) {
        return Some(quarter.to_owned());
    }
    first_day(period).map(quarter_of)
}

/// The month of a hit's own period; none for a year, a quarter or an empty one.
pub(super) fn month_of_period(period: &str) -> Option<String> {
    first_day(period).map(month_of)
}

/// The first day of a period that names at least its month.
fn first_day(period: &str) -> Option<NaiveDate> {
    let month = period.get(..7)?;
    format!("{month}-01").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_of_every_kind_have_their_quarter_and_month() {
        for (period, quarter, month) in [
            ("2020-09", Some("2020-Q3"), Some("2020-09")),
            ("2020-12-31", Some("2020-Q4"), Some("2020-12")),
            ("2021-01-05|am", Some("2021-Q1"), Some("2021-01")),
            ("2021-01-05T08:31", Some("2021-Q1"), Some("2021-01")),
            ("2020-Q2", Some("2020-Q2"), None),
            ("2020", None, None),
            ("", None, None),
            ("年年年年", None, None),
        ] {
            assert_eq!(quarter_of_period(period).as_deref(), quarter, "{period}");
            assert_eq!(month_of_period(period).as_deref(), month, "{period}");
        }
    }

    #[test]
    fn a_quarter_is_told_from_other_text() {
        assert!(is_quarter("2020-Q3"));
        for text in ["2020Q3", "2020-Q5", "20-Q1", "2020-03", "2020-Q33", ""] {
            assert!(!is_quarter(text), "{text}");
        }
    }
}
