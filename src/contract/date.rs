//! Dates and moments as the cities write them.

use super::calendar::{
    MICROSECONDS_PER_SECOND, day_number, from_shanghai, local_microseconds, shanghai_day,
};
use super::number::divide_half_even;

/// Spreadsheet day numbers of five digits that are read as dates, 1927-05-18 to 2100-12-31; smaller ones are
/// more likely years or counts in the wrong column.
const SERIALS: std::ops::RangeInclusive<i64> = 10_000..=73_415;

/// Day number 0 of spreadsheets for every day after their false leap day of 1900.
const SERIAL_EPOCH: i32 = -25_569;

/// Reads a cleaned date as days since 1970-01-01.
///
/// Spellings: `2020-09-03`, `2020/9/3`, `2020.9.3`, `20200903`, `2020年9月3日` and spreadsheet day numbers. A time after it, as
/// databases export it, is read as in [`parse_time`]; the day is that of Asia/Shanghai.
pub fn parse_date(text: &str) -> Option<i32> {
    if let Some(day) = fixed_date(text.as_bytes()) {
        return Some(day);
    }
    if let Some((day, _)) = parse_serial(text) {
        return Some(day);
    }
    let (day, rest) = split_date(text)?;
    if rest.is_empty() {
        return Some(day);
    }
    parse_time(text).map(shanghai_day)
}

/// Reads a cleaned date and time as microseconds since 1970-01-01 in UTC.
///
/// The date in any spelling of [`parse_date`], a space or `T`, then `08:30`, `08:30:00` or `08:30:00.25`, then
/// nothing (Asia/Shanghai), `Z` or an offset such as `+08:00`; or a spreadsheet day number with the time as its
/// fraction. Digits past the microsecond are dropped. A date without a time is no moment.
pub fn parse_time(text: &str) -> Option<i64> {
    if let Some((day, microseconds)) = fixed_time(text.as_bytes()) {
        return from_shanghai(day, microseconds);
    }
    if let Some((day, microseconds)) = parse_serial(text) {
        return from_shanghai(day, microseconds);
    }
    let (day, rest) = split_date(text)?;
    let clock = clock_after_date(rest)?;
    let (microseconds, zone) = split_clock(clock)?;
    match zone.trim_start() {
        "" => from_shanghai(day, microseconds),
        zone => Some(
            local_microseconds(day, microseconds) - parse_offset(zone)? * MICROSECONDS_PER_SECOND,
        ),
    }
}

/// `YYYY-MM-DD`, the spelling of nearly every date.
fn fixed_date(text: &[u8]) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else {
        return None;
    };
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    day_number(year, pair(m1, m2)?, pair(d1, d2)?)
}

/// `YYYY-MM-DD HH:MM:SS`, the spelling of nearly every time: the local day and microseconds of the day.
fn fixed_time(text: &[u8]) -> Option<(i32, i64)> {
    let (date, clock) = text.split_at_checked(10)?;
    let [b' ' | b'T', h1, h2, b':', m1, m2, b':', s1, s2] = *clock else {
        return None;
    };
    let second = second_of_day(pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?)?;
    Some((fixed_date(date)?, second * MICROSECONDS_PER_SECOND))
}

fn pair(tens: u8, units: u8) -> Option<u32> {
    (tens.is_ascii_digit() && units.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(units - b'0'))
}

fn second_of_day(hour: u32, minute: u32, second: u32) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60).then(|| i64::from(hour * 3600 + minute * 60 + second))
}

/// Splits up to `most` leading digits off; at least one.
fn split_digits(text: &str, most: usize) -> Option<(u32, &str)> {
    let count = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let (digits, rest) = text.split_at_checked(count)?;
    Some((digits.parse().ok()?, rest))
}

/// Splits a leading date in any of the four spellings off.
fn split_date(text: &str) -> Option<(i32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 {
        let (whole, rest) = split_digits(text, 8)?;
        let day = day_number(whole / 10_000, whole / 100 % 100, whole % 100)?;
        return Some((day, rest));
    }
    if digits != 4 {
        return None;
    }
    let (year, rest) = split_digits(text, 4)?;
    let (after_year, after_month, after_day) = match rest.chars().next()? {
        '-' => ('-', '-', None),
        '/' => ('/', '/', None),
        '.' => ('.', '.', None),
        '年' => ('年', '月', Some('日')),
        _ => return None,
    };
    let (month, rest) = split_digits(rest.strip_prefix(after_year)?, 2)?;
    let (day, rest) = split_digits(rest.strip_prefix(after_month)?, 2)?;
    let rest = match after_day {
        Some(mark) => rest.strip_prefix(mark)?,
        None => rest,
    };
    Some((day_number(year, month, day)?, rest))
}

/// What follows the mark between date and clock; after `日` none is needed.
fn clock_after_date(rest: &str) -> Option<&str> {
    match rest.as_bytes().first()? {
        b'T' | b't' => rest.get(1..),
        b' ' => Some(rest.trim_start()),
        digit if digit.is_ascii_digit() => Some(rest),
        _ => None,
    }
}

/// Splits `H:MM[:SS[.fraction]]` off, or the basic form of ISO 8601, `HHMM[SS[.fraction]]`, as microseconds of the day.
fn split_clock(text: &str) -> Option<(i64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_basic = digits == 4 || digits == 6;
    let colon = if is_basic { "" } else { ":" };
    let (hour, rest) = split_digits(text, 2)?;
    let (minute, rest) = split_two_digits(rest.strip_prefix(colon)?)?;
    let seconds = if is_basic {
        (digits == 6).then_some(rest)
    } else {
        rest.strip_prefix(':')
    };
    let Some(seconds) = seconds else {
        return Some((
            second_of_day(hour, minute, 0)? * MICROSECONDS_PER_SECOND,
            rest,
        ));
    };
    let (second, rest) = split_two_digits(seconds)?;
    let whole = second_of_day(hour, minute, second)? * MICROSECONDS_PER_SECOND;
    let Some(after_point) = rest.strip_prefix(['.', ',']) else {
        return Some((whole, rest));
    };
    let count = after_point.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = after_point.split_at_checked(count)?;
    if fraction.is_empty() {
        return None;
    }
    let microseconds = fraction
        .bytes()
        .chain(std::iter::repeat(b'0'))
        .take(6)
        .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    Some((whole + microseconds, rest))
}

fn split_two_digits(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let [tens, units] = digits.as_bytes() else {
        return None;
    };
    Some((pair(*tens, *units)?, rest))
}

/// `Z`, `+08`, `+0800` or `+08:00` as seconds east of UTC.
fn parse_offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hour, rest) = split_two_digits(zone.get(1..)?)?;
    let minute = match rest {
        "" => 0,
        _ => match split_two_digits(rest.strip_prefix(':').unwrap_or(rest))? {
            (minute, "") => minute,
            _ => return None,
        },
    };
    (hour <= 14 && minute < 60).then(|| sign * i64::from(hour * 3600 + minute * 60))
}

/// A spreadsheet day number of five digits, with the time of day as its fraction rounded to the millisecond
/// (spreadsheets keep no more): day since 1970-01-01 and microseconds of the day.
fn parse_serial(text: &str) -> Option<(i32, i64)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 5 || fraction.len() > 18 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let serial: i64 = whole.parse().ok()?;
    if !SERIALS.contains(&serial) {
        return None;
    }
    let day = i32::try_from(serial).ok()? + SERIAL_EPOCH;
    if fraction.is_empty() {
        return Some((day, 0));
    }
    const MILLISECONDS_PER_DAY: i128 = 86_400_000;
    let numerator = fraction.parse::<i128>().ok()? * MILLISECONDS_PER_DAY;
    let denominator = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let milliseconds = i64::try_from(divide_half_even(numerator, denominator)).ok()?;
    if milliseconds >= 86_400_000 {
        return Some((day + 1, 0));
    }
    Some((day, milliseconds * 1000))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Datelike};
    use proptest::prelude::*;

    use super::*;
    use crate::contract::calendar::date_of;

    fn day(year: u32, month: u32, day: u32) -> Option<i32> {
        Some(day_number(year, month, day).unwrap())
    }

    fn utc(text: &str) -> Option<i64> {
        Some(
            DateTime::parse_from_rfc3339(text)
                .unwrap()
                .timestamp_micros(),
        )
    }

    #[test]
    fn spellings_of_a_date() {
        for text in [
            "2020-09-03",
            "2020-9-3",
            "2020/9/3",
            "2020/09/03",
            "20200903",
            "2020年9月3日",
            "2020年09月03日",
            "44077",
            "44077.0",
            "44077.354",
            "2020-09-03 00:00:00",
            "2020-09-03T00:00:00.000",
            "2020/9/3 0:00",
            "2020.9.3",
            "2020.09.03",
            "2020-09-03 08:30:00",
            "2020-09-03T00:00:00+08:00",
            "2020-09-02T16:00:00Z",
        ] {
            assert_eq!(parse_date(text), day(2020, 9, 3), "{text}");
        }
        assert_eq!(parse_date("10000"), day(1927, 5, 18));
        assert_eq!(parse_date("73415"), day(2100, 12, 31));
        assert_eq!(parse_date("2020-02-29"), day(2020, 2, 29));
    }

    #[test]
    fn no_dates() {
        for text in [
            "2020-02-30",
            "2021-02-29",
            "2020-13-01",
            "2020-00-10",
            "1899-12-31",
            "2101-01-01",
            "0000-00-00",
            "2020-9/3",
            "2020年9月3",
            "2020-09",
            "202009",
            "2020",
            "9999",
            "73416",
            "73416.5",
            "20-09-03",
            "2020-09-03 25:30:00",
            "2020-09-03Z",
            "2020-09-03x",
            "2020-09-031",
            "202009031",
            "今天",
            "12abc",
            "+44077",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn spellings_of_a_time() {
        for text in [
            "2020-09-03 08:30:00",
            "2020-09-03T08:30:00",
            "2020-09-03 08:30",
            "2020-09-03  8:30:00",
            "2020-09-03T08:30:00+08:00",
            "2020-09-03T08:30:00 +0800",
            "2020-09-03 08:30:00+08",
            "2020-09-03T00:30:00Z",
            "2020-09-03T00:30:00.000z",
            "2020-09-02T19:30:00-05:00",
            "2020/9/3 8:30:00",
            "20200903 08:30:00",
            "20200903T08:30:00.0",
            "2020年9月3日 08:30:00",
            "2020年9月3日08:30",
            "20200903T083000",
            "20200903T0830",
            "20200903T003000Z",
            "20200903T083000.0+0800",
            "44077.3541666667",
        ] {
            assert_eq!(parse_time(text), utc("2020-09-03T08:30:00+08:00"), "{text}");
        }
        assert_eq!(
            parse_time("2020-09-03 08:30:00.25"),
            utc("2020-09-03T08:30:00.25+08:00")
        );
        assert_eq!(
            parse_time("2020-09-03 08:30:00.1234567"),
            utc("2020-09-03T08:30:00.123456+08:00")
        );
        assert_eq!(parse_time("44077"), utc("2020-09-03T00:00:00+08:00"));
        assert_eq!(
            parse_time("44077.99999999999"),
            utc("2020-09-04T00:00:00+08:00")
        );
    }

    #[test]
    fn no_times() {
        for text in [
            "2020-09-03 25:61:00",
            "2020-09-03 24:00:00",
            "2020-09-03 08:60:00",
            "2020-09-03 08:30:60",
            "2020-02-30 08:30:00",
            "2020-09-03",
            "08:30:00",
            "2020-09-03 08",
            "2020-09-03 08:3",
            "2020-09-03 08:30:0",
            "20200903T08300",
            "20200903T246000",
            "20200903T08:3000",
            "20200903T0830:00",
            "2020-09-03 08:30:00.",
            "2020-09-03 08:30:00 Z+8",
            "2020-09-03 08:30:00+15:00",
            "2020-09-03 08:30:00+8",
            "2020-09-03 08:30:00 CST",
            "2020-09-03 上午8:30",
            "2020-09-03_08:30:00",
            "99999.5",
            "zzz",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_spelling_of_a_date_comes_back(number in -25_567..47_847_i32) {
            let date = date_of(number).unwrap();
            let (year, month, day) = (date.year(), date.month(), date.day());
            for text in [
                format!("{year}-{month:02}-{day:02}"),
                format!("{year}/{month}/{day}"),
                format!("{year}{month:02}{day:02}"),
                format!("{year}年{month}月{day}日"),
            ] {
                prop_assert_eq!(parse_date(&text), Some(number));
            }
            if number - SERIAL_EPOCH >= 10_000 {
                prop_assert_eq!(parse_date(&(number - SERIAL_EPOCH).to_string()), Some(number));
            }
        }

        #[test]
        fn every_moment_comes_back(moment in 694_195_200_i64..4_133_000_000, microsecond in 0_i64..1_000_000) {
            let expected = moment * 1_000_000 + microsecond;
            let local = DateTime::from_timestamp_micros(expected + 28_800_000_000).unwrap().naive_utc();
            let text = local.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
            prop_assert_eq!(parse_time(&text), Some(expected));
            prop_assert_eq!(parse_time(&format!("{text}+08:00")), Some(expected));
            let whole = local.format("%Y-%m-%d %H:%M:%S").to_string();
            prop_assert_eq!(parse_time(&whole), Some(moment * 1_000_000));
            let spelled = format!("{}年{}月{}日 {}", local.year(), local.month(), local.day(), local.format("%H:%M:%S"));
            prop_assert_eq!(parse_time(&spelled), Some(moment * 1_000_000));
        }

        #[test]
        fn nothing_panics(text in "[0-9年月日:T Z+./-]{0,30}") {
            let _ = (parse_date(&text), parse_time(&text));
        }
    }
}
