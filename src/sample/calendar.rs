//! Days and local times as integers: quick to add, to compare and to write.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

use super::SampleError;

/// Days since 1970-01-01.
pub type Day = i64;

/// Seconds of local time since 1970-01-01 00:00 (Asia/Shanghai has no summer time).
pub type Moment = i64;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Days from 1970-01-01 to a date; 1970-01-01 itself for one that does not exist.
pub fn day(year: i64, month: i64, day_of_month: i64) -> Day {
    let date = NaiveDate::from_ymd_opt(year as i32, month as u32, day_of_month as u32);
    date.map_or(0, |date| i64::from(date.to_epoch_days()))
}

/// Year, month and day of the month.
pub fn civil(day: Day) -> (i64, i64, i64) {
    let date = NaiveDate::from_epoch_days(day as i32).unwrap_or_default();
    (
        i64::from(date.year()),
        i64::from(date.month()),
        i64::from(date.day()),
    )
}

/// `YYYY-MM-DD`.
pub fn date_text(day: Day) -> String {
    let (year, month, day_of_month) = civil(day);
    format!("{year:04}-{month:02}-{day_of_month:02}")
}

/// `YYYY-MM`.
pub fn month_text(day: Day) -> String {
    let (year, month, _) = civil(day);
    format!("{year:04}-{month:02}")
}

/// `YYYY-Qn`.
pub fn quarter_text(day: Day) -> String {
    let (year, month, _) = civil(day);
    format!("{year:04}-Q{}", (month + 2) / 3)
}

/// `YYYY-MM-DD HH:MM`.
pub fn minute_text(moment: Moment) -> String {
    let minute = moment.rem_euclid(DAY) / 60;
    let date = date_text(moment.div_euclid(DAY));
    format!("{date} {:02}:{:02}", minute / 60, minute % 60)
}

/// The months that a sample covers, as `2020-03..2021-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Months {
    /// Year and month of the first one.
    pub first: (i64, i64),
    /// Year and month of the last one.
    pub last: (i64, i64),
}

impl FromStr for Months {
    type Err = SampleError;

    fn from_str(text: &str) -> Result<Self, SampleError> {
        let month = |text: &str| {
            let (year, month) = text.split_once('-')?;
            let (year, month) = (year.parse().ok()?, month.parse().ok()?);
            ((1990..=2090).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
        };
        text.split_once("..")
            .and_then(|(first, last)| {
                Some(Self {
                    first: month(first)?,
                    last: month(last)?,
                })
            })
            .filter(|months| months.first <= months.last)
            .ok_or_else(|| SampleError::Option {
                option: "months",
                reason: format!("`{text}` is not like 2020-03..2021-12"),
            })
    }
}

impl std::fmt::Display for Months {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ((from, first), (until, last)) = (self.first, self.last);
        write!(formatter, "{from:04}-{first:02}..{until:04}-{last:02}")
    }
}

impl Serialize for Months {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A span of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub first: Day,
    /// The last day; for the whole sample, the day its truth is as of.
    pub last: Day,
}

impl Window {
    /// From the first day of the first month to the last day of the last one.
    pub fn of(months: Months) -> Self {
        let ((first_year, first_month), (year, month)) = (months.first, months.last);
        let after = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
        Self {
            first: day(first_year, first_month, 1),
            last: day(after.0, after.1, 1) - 1,
        }
    }

    /// How many days it has; not positive if empty.
    pub fn days(self) -> i64 {
        self.last - self.first + 1
    }

    /// The day after `percent` of it.
    pub fn at(self, percent: i64) -> Day {
        self.first + self.days() * percent / 100
    }

    /// The days that both spans have.
    pub fn within(self, other: Self) -> Self {
        Self {
            first: self.first.max(other.first),
            last: self.last.min(other.last),
        }
    }

    /// The first day of a month, counted from 0, if it were as long as the span goes on.
    pub fn first_of_month(self, months: i64) -> Day {
        let (year, month, _) = civil(self.first);
        let month = month - 1 + months;
        day(year + month / 12, month % 12 + 1, 1)
    }

    /// The calendar quarters that end within the span, cut to it.
    pub fn quarters(self) -> impl Iterator<Item = Self> {
        let (first_year, ..) = civil(self.first);
        (first_year..)
            .flat_map(|year| [1, 4, 7, 10].map(|month| (year, month)))
            .map(|(year, month)| {
                let after = if month == 10 {
                    (year + 1, 1)
                } else {
                    (year, month + 3)
                };
                Self {
                    first: day(year, month, 1),
                    last: day(after.0, after.1, 1) - 1,
                }
            })
            .skip_while(move |quarter| quarter.last < self.first)
            .take_while(move |quarter| quarter.last <= self.last)
            .map(move |quarter| quarter.within(self))
    }

    /// The calendar year of which it holds most days (the later of equals), cut to the span.
    pub fn fullest_year(self) -> Self {
        let years = civil(self.first).0..=civil(self.last).0;
        years
            .map(|year| {
                self.within(Self {
                    first: day(year, 1, 1),
                    last: day(year, 12, 31),
                })
            })
            .max_by_key(|span| span.days())
            .unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        assert_eq!(day(1970, 1, 2), 1);
        assert_eq!(date_text(day(2020, 2, 29)), "2020-02-29");
        assert_eq!(civil(day(2020, 12, 31) + 1), (2021, 1, 1));
    }

    #[test]
    fn months_are_read_and_bounded() {
        let months: Months = "2020-07..2020-12".parse().unwrap();
        assert_eq!(months.to_string(), "2020-07..2020-12");
        let window = Window::of(months);
        assert_eq!(
            (date_text(window.first), date_text(window.last)),
            ("2020-07-01".into(), "2020-12-31".into())
        );
        for wrong in [
            "2020-12..2020-07",
            "2020-13..2021-01",
            "2020",
            "..",
            "2020-07-2020-09",
        ] {
            assert!(wrong.parse::<Months>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_fullest_year_is_cut_to_the_span() {
        let window = Window::of("2020-03..2021-12".parse().unwrap());
        assert_eq!(month_text(window.fullest_year().first), "2021-01");
        let window = Window::of("2019-12..2020-06".parse().unwrap());
        assert_eq!(date_text(window.fullest_year().last), "2020-06-30");
    }
}
