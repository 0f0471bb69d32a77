//! Days, Asia/Shanghai wall clocks and the calendar columns made of them.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone};
use chrono_tz::Asia::Shanghai;

pub(super) const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const MICROSECONDS_PER_DAY: i64 = 86_400 * MICROSECONDS_PER_SECOND;

/// Days from 0000-12-31, where chrono's day count starts, to 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

/// Years outside are slips of the pen …
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// … but for the last day of this one, which registers write for "until further notice".
const OPEN_END_YEAR: i32 = 9999;

/// Shanghai's only offset since its last summer time ended in September 1991.
const OFFSET_SECONDS: i64 = 8 * 3600;

/// 1992-01-01, from which on the offset needs no look-up: as a local day, and as a moment in seconds.
const FIXED_SINCE_DAY: i32 = 8035;
const FIXED_SINCE_SECONDS: i64 = FIXED_SINCE_DAY as i64 * 86_400 - OFFSET_SECONDS;

/// Days since 1970-01-01 of a calendar date between 1900 and 2100.
pub(super) fn day_number(year: u32, month: u32, day: u32) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    let open_end = year == OPEN_END_YEAR && month == 12 && day == 31;
    if !YEARS.contains(&year) && !open_end {
        return None;
    }
    Some(NaiveDate::from_ymd_opt(year, month, day)?.num_days_from_ce() - EPOCH_FROM_CE)
}

/// A wall clock (day since 1970-01-01, microseconds of the day) as microseconds of a clock without offset.
pub(super) fn local_microseconds(day: i32, microseconds: i64) -> i64 {
    i64::from(day) * MICROSECONDS_PER_DAY + microseconds
}

/// A Shanghai wall clock as UTC microseconds since 1970-01-01; one that summer time skipped never was, of one
/// that it repeated the first is meant.
pub(super) fn from_shanghai(day: i32, microseconds: i64) -> Option<i64> {
    let local = local_microseconds(day, microseconds);
    if day >= FIXED_SINCE_DAY {
        return Some(local - OFFSET_SECONDS * MICROSECONDS_PER_SECOND);
    }
    let clock = DateTime::from_timestamp_micros(local)?.naive_utc();
    let moment = Shanghai.from_local_datetime(&clock).earliest()?;
    Some(moment.timestamp_micros())
}

/// The local Asia/Shanghai day, as days since 1970-01-01, of a moment in UTC microseconds since then.
pub fn shanghai_day(microseconds: i64) -> i32 {
    let seconds = microseconds.div_euclid(MICROSECONDS_PER_SECOND);
    let offset = if seconds >= FIXED_SINCE_SECONDS {
        OFFSET_SECONDS
    } else {
        offset_before_1992(seconds)
    };
    i32::try_from((seconds + offset).div_euclid(86_400)).unwrap_or(i32::MAX)
}

fn offset_before_1992(seconds: i64) -> i64 {
    let moment = Shanghai.timestamp_opt(seconds, 0).single();
    moment.map_or(OFFSET_SECONDS, |moment| {
        i64::from(moment.offset().fix().local_minus_utc())
    })
}

/// `YYYY-MM` of a day counted from 1970-01-01.
pub fn month_of(day: i32) -> Option<String> {
    let date = date_of(day)?;
    Some(format!("{:04}-{:02}", date.year(), date.month()))
}

/// `YYYY-Qn` of a day counted from 1970-01-01.
pub fn quarter_of(day: i32) -> Option<String> {
    let date = date_of(day)?;
    Some(format!("{:04}-Q{}", date.year(), date.month0() / 3 + 1))
}

pub(super) fn date_of(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH_FROM_CE)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_micros()
    }

    #[test]
    fn the_epoch_is_day_zero() {
        assert_eq!(day_number(1970, 1, 1), Some(0));
        assert_eq!(day_number(1992, 1, 1), Some(FIXED_SINCE_DAY));
        assert_eq!(day_number(1899, 12, 31), None);
        assert_eq!(day_number(2101, 1, 1), None);
    }

    #[test]
    fn months_and_quarters() {
        let first = day_number(2020, 10, 1).unwrap();
        assert_eq!(month_of(first).as_deref(), Some("2020-10"));
        assert_eq!(quarter_of(first).as_deref(), Some("2020-Q4"));
        assert_eq!(month_of(first - 1).as_deref(), Some("2020-09"));
        assert_eq!(quarter_of(first - 1).as_deref(), Some("2020-Q3"));
    }

    #[test]
    fn the_local_day_turns_at_shanghai_midnight() {
        let first = day_number(2020, 10, 1).unwrap();
        assert_eq!(shanghai_day(utc("2020-09-30T16:00:00Z")), first);
        assert_eq!(shanghai_day(utc("2020-09-30T15:59:59.999999Z")), first - 1);
    }

    #[test]
    fn summer_time_before_1992() {
        let clock = |year, month, day, hour: i64| {
            from_shanghai(
                day_number(year, month, day).unwrap(),
                hour * 3600 * MICROSECONDS_PER_SECOND,
            )
        };
        assert_eq!(clock(1990, 7, 1, 8), Some(utc("1990-07-01T08:00:00+09:00")));
        assert_eq!(clock(1990, 1, 1, 8), Some(utc("1990-01-01T08:00:00+08:00")));
        assert_eq!(
            clock(1991, 12, 31, 23),
            Some(utc("1991-12-31T23:00:00+08:00"))
        );
        assert_eq!(clock(1992, 1, 1, 0), Some(utc("1992-01-01T00:00:00+08:00")));
        // The clock was put forward from 02:00 to 03:00 on 1990-04-15.
        assert_eq!(clock(1990, 4, 15, 2), None);
        assert_eq!(
            Some(shanghai_day(utc("1990-07-01T15:30:00Z"))),
            day_number(1990, 7, 2)
        );
        assert_eq!(
            Some(shanghai_day(utc("1990-01-01T15:30:00Z"))),
            day_number(1990, 1, 1)
        );
    }

    proptest! {
        #[test]
        fn a_wall_clock_lies_on_its_own_day(day in -8000_i32..47_000, second in 0_i64..86_400) {
            if let Some(moment) = from_shanghai(day, second * MICROSECONDS_PER_SECOND) {
                prop_assert_eq!(shanghai_day(moment), day);
            }
        }
    }
}
