//! Which part of the time a sheet shows.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::data::Cell;
use super::layout::Take;
use super::template::day_zh;

/// A month or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// A month, by its first day.
    Month(NaiveDate),
    Day(NaiveDate),
}

impl Moment {
    /// Reads a month `YYYY-MM`, a date, or a date as text; nothing for anything else.
    pub(super) fn of(cell: &Cell) -> Option<Moment> {
        match cell {
            Cell::Date(day) => Some(Moment::Day(*day)),
            Cell::Text(text) => {
                let month = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
                let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
                match month {
                    Ok(first) => Some(Moment::Month(first)),
                    Err(_) => day().map(Moment::Day),
                }
            }
            _ => None,
        }
    }

    fn first_day(self) -> NaiveDate {
        match self {
            Moment::Month(day) | Moment::Day(day) => day,
        }
    }

    fn zh(self) -> String {
        match self {
            Moment::Month(first) => format!("{}年{}月", first.year(), first.month()),
            Moment::Day(day) => day_zh(day),
        }
    }
}

/// First and last month or day of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    first: Moment,
    last: Moment,
}

impl Period {
    /// What `take` leaves of the moments that a table has; those after the as-of day never count.
    pub(super) fn taken(
        moments: impl Iterator<Item = Moment>,
        take: Take,
        as_of: NaiveDate,
    ) -> Option<Period> {
        let moments: BTreeSet<Moment> = moments
            .filter(|moment| moment.first_day() <= as_of)
            .collect();
        let last = *moments.last()?;
        let first = match take {
            Take::All => *moments.first()?,
            Take::Latest => last,
            Take::Year => *moments
                .iter()
                .find(|moment| moment.first_day().year() == last.first_day().year())?,
            Take::Last(count) => *moments.iter().rev().take(count).next_back()?,
        };
        Some(Period { first, last })
    }

    pub(super) fn holds(self, moment: Moment) -> bool {
        self.first <= moment && moment <= self.last
    }

    /// The period in Chinese.
    pub(super) fn zh(self) -> String {
        if self.first == self.last {
            return self.last.zh();
        }
        match (self.first, self.last) {
            (Moment::Month(first), Moment::Month(last)) if first.year() == last.year() => {
                format!("{}年{}—{}月", first.year(), first.month(), last.month())
            }
            (first, last) => format!("{}—{}", first.zh(), last.zh()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(take: Take) -> String {
        let texts = ["2019-11", "2019-12", "2020-01", "2020-02", "2020-03"];
        let moments = texts
            .iter()
            .filter_map(|text| Moment::of(&Cell::Text((*text).to_owned())));
        let as_of = NaiveDate::from_ymd_opt(2020, 2, 15).unwrap();
        Period::taken(moments, take, as_of).unwrap().zh()
    }

    #[test]
    fn months_are_taken_up_to_the_as_of_day() {
        assert_eq!(period(Take::Latest), "2020年2月");
        assert_eq!(period(Take::Year), "2020年1—2月");
        assert_eq!(period(Take::Last(3)), "2019年12月—2020年2月");
        assert_eq!(period(Take::Last(99)), "2019年11月—2020年2月");
        assert_eq!(period(Take::All), "2019年11月—2020年2月");
    }

    #[test]
    fn days_are_read_and_other_texts_are_not() {
        let day = NaiveDate::from_ymd_opt(2020, 12, 31).unwrap();
        assert_eq!(Moment::of(&Cell::Date(day)), Some(Moment::Day(day)));
        let text = |text: &str| Moment::of(&Cell::Text(text.to_owned()));
        assert_eq!(text("2020-12-31"), Some(Moment::Day(day)));
        assert_eq!(text("2020"), None);
        assert_eq!(text("2020-13"), None);
        assert_eq!(Moment::of(&Cell::Null), None);
    }
}
