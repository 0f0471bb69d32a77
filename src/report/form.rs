//! Values as people read them.

use chrono::NaiveDate;

/// Seconds of one training hour (课时).
const HOUR_SECONDS: i64 = 2700;

/// Fen as yuan, exact, with groups of three digits: `1,234.50`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", grouped(fen / 100), fen % 100)
}

/// A count with groups of three digits.
pub fn count(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(value.unsigned_abs()))
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Seconds as training hours of 45 minutes, two decimals, half to even.
pub fn hours(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    // Hundredths of an hour are 27 s, an odd number: nothing lies halfway.
    let each = HOUR_SECONDS.unsigned_abs() / 100;
    let hundredths = (seconds.unsigned_abs() + each / 2) / each;
    format!(
        "{sign}{}.{:02}",
        grouped(hundredths / 100),
        hundredths % 100
    )
}

/// Seconds as hours, minutes and seconds of the clock: `1:02:03`.
pub fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    format!(
        "{sign}{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// `part` of `whole` in percent, one decimal, half to even; a dash where there is no whole.
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "—".to_owned();
    }
    let (part, whole) = (i128::from(part) * 1000, i128::from(whole));
    let (mut tenths, rest) = (part.div_euclid(whole), part.rem_euclid(whole) * 2);
    if rest > whole || rest == whole && tenths % 2 != 0 {
        tenths += 1;
    }
    let sign = if tenths < 0 { "-" } else { "" };
    let tenths = tenths.unsigned_abs();
    format!("{sign}{}.{}%", tenths / 10, tenths % 10)
}

/// A local time of RFC 3339 without its offset: `2020-09-03 08:30:00`.
pub fn moment(text: &str) -> String {
    let plain = text.split('+').next().unwrap_or(text);
    plain.replacen('T', " ", 1)
}

/// A day, or a dash.
pub fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "—".to_owned(), |day| day.to_string())
}

/// A number that need not be whole, without needless zeros.
pub fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_to_the_fen() {
        for (fen, text) in [
            (0, "0.00"),
            (7, "0.07"),
            (123_450, "1,234.50"),
            (100_000_000_001, "1,000,000,000.01"),
            (-105, "-1.05"),
            (i64::MIN, "-92,233,720,368,547,758.08"),
        ] {
            assert_eq!(yuan(fen), text);
        }
    }

    #[test]
    fn hours_are_of_forty_five_minutes_and_rounded_once() {
        assert_eq!(hours(108_000), "40.00");
        assert_eq!(hours(13), "0.00");
        assert_eq!(hours(14), "0.01");
        assert_eq!(hours(2_700_000_000), "1,000,000.00");
        assert_eq!(clock(3723), "1:02:03");
        assert_eq!(clock(-60), "-0:01:00");
    }

    #[test]
    fn shares_have_one_decimal_half_to_even_and_none_without_a_whole() {
        assert_eq!(percent(1, 3), "33.3%");
        assert_eq!(percent(1, 2000), "0.0%");
        assert_eq!(percent(3, 2000), "0.2%");
        assert_eq!(percent(5, 4), "125.0%");
        assert_eq!(percent(5, 0), "—");
    }

    #[test]
    fn times_and_numbers_are_short() {
        assert_eq!(moment("2020-09-03T08:30:00+08:00"), "2020-09-03 08:30:00");
        assert_eq!(number(80.1), "80.1");
        assert_eq!(number(2.0), "2");
        assert_eq!(day(None), "—");
    }
}
