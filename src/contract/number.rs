//! Exact reading of decimal numbers: integers, money and training hours.

use super::reason::Reason;

/// Seconds of one training hour (课时): 45 minutes (notice 72/2020, article two, clause three).
const SECONDS_PER_HOUR: i128 = 2700;

/// More digits than any figure needs, few enough that every product here fits 128 bits.
const MOST_DIGITS: usize = 34;

/// A decimal number as written: `coefficient / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    coefficient: i128,
    scale: u32,
}

impl Decimal {
    /// Reads digits with an optional sign, decimal point, exponent, and commas between full groups of three
    /// digits. Anything else (words for infinity and not-a-number too) is `None`.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(position) => (text.get(..position)?, exponent(text.get(position + 1..)?)?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.as_bytes().first()? {
            b'-' => (true, mantissa.get(1..)?),
            b'+' => (false, mantissa.get(1..)?),
            _ => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() || !well_grouped(whole) {
            return None;
        }
        let mut coefficient: i128 = 0;
        let mut count = 0;
        for byte in whole
            .bytes()
            .filter(|byte| *byte != b',')
            .chain(fraction.bytes())
        {
            if !byte.is_ascii_digit() {
                return None;
            }
            coefficient = coefficient * 10 + i128::from(byte - b'0');
            count += usize::from(coefficient != 0);
            if count > MOST_DIGITS {
                return None;
            }
        }
        let scale = i64::try_from(fraction.len()).ok()? - exponent;
        let signed = if negative { -coefficient } else { coefficient };
        Decimal::normal(signed, scale)
    }

    /// Brings a negative scale and trailing zeros of the fraction away.
    fn normal(mut coefficient: i128, mut scale: i64) -> Option<Decimal> {
        if coefficient == 0 {
            return Some(Decimal {
                coefficient,
                scale: 0,
            });
        }
        while scale > 0 && coefficient % 10 == 0 {
            coefficient /= 10;
            scale -= 1;
        }
        if scale < 0 {
            let power = 10_i128.checked_pow(u32::try_from(-scale).ok()?)?;
            coefficient = coefficient.checked_mul(power)?;
            scale = 0;
        }
        let scale = u32::try_from(scale).ok()?;
        let within = scale as usize <= MOST_DIGITS && coefficient.unsigned_abs() < 10_u128.pow(34);
        within.then_some(Decimal { coefficient, scale })
    }

    /// The number as an integer, when it is whole.
    pub fn whole(self) -> Option<i128> {
        let number = self.without_float_noise();
        (number.scale == 0).then_some(number.coefficient)
    }

    /// Yuan as fen, when there is nothing below one fen.
    pub fn fen(self) -> Option<i128> {
        let number = self.without_float_noise();
        (number.scale <= 2).then(|| number.coefficient * 10_i128.pow(2 - number.scale))
    }

    /// The number that was meant where a floating-point sum is written out: spreadsheets store 4050.3 as
    /// 4050.2999999999997. A number with more digits than a float keeps, ten of them behind the point, is rounded to
    /// those that it keeps.
    fn without_float_noise(self) -> Decimal {
        const KEPT: u32 = 15;
        const FRACTION: u32 = 10;
        let digits = self
            .coefficient
            .unsigned_abs()
            .checked_ilog10()
            .map_or(1, |log| log + 1);
        if digits <= KEPT || self.scale < FRACTION {
            return self;
        }
        let dropped = digits - KEPT;
        let coefficient = divide_half_even(self.coefficient, 10_i128.pow(dropped));
        Decimal::normal(coefficient, i64::from(self.scale) - i64::from(dropped)).unwrap_or(self)
    }

    /// Training hours as seconds, rounded half to even.
    pub fn seconds_of_hours(self) -> i128 {
        let product = self.coefficient * SECONDS_PER_HOUR;
        divide_half_even(product, 10_i128.pow(self.scale))
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        const EXACT: u128 = 1 << 53;
        // Two exact floats divided once give the nearest float.
        if self.coefficient.unsigned_abs() <= EXACT && self.scale <= 22 {
            return self.coefficient as f64 / 10_f64.powi(self.scale as i32);
        }
        let text = format!("{}e-{}", self.coefficient, self.scale);
        text.parse().unwrap_or(f64::NAN)
    }
}

/// `numerator / denominator` rounded to the nearest integer, a tie to the even one; `denominator` is positive.
pub(super) fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let quotient = numerator.div_euclid(denominator);
    let twice = numerator.rem_euclid(denominator) * 2;
    let up = twice > denominator || (twice == denominator && quotient % 2 != 0);
    quotient + i128::from(up)
}

fn exponent(text: &str) -> Option<i64> {
    let value: i64 = text.parse().ok()?;
    (value.abs() <= MOST_DIGITS as i64).then_some(value)
}

/// No comma at all, or one before each group of exactly three digits after a first group of one to three.
fn well_grouped(whole: &str) -> bool {
    if !whole.contains(',') {
        return true;
    }
    let mut groups = whole.split(',');
    let first = groups.next().map_or(0, str::len);
    (1..=3).contains(&first) && groups.all(|group| group.len() == 3)
}

/// Reads a whole number; `12.0` is 12, `12.5` is not whole.
///
/// # Errors
/// `BadNumber` when it is no whole number, `OutOfRange` past 64 bits.
pub fn parse_integer(text: &str) -> Result<i64, Reason> {
    if let Some(value) = plain_integer(text) {
        return Ok(value);
    }
    let whole = Decimal::parse(text)
        .and_then(Decimal::whole)
        .ok_or(Reason::BadNumber)?;
    i64::try_from(whole).map_err(|_| Reason::OutOfRange)
}

/// Unsigned digits that surely fit: nearly every integer of the feeds.
fn plain_integer(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || bytes.len() > 18 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        bytes
            .iter()
            .fold(0, |value, byte| value * 10 + i64::from(byte - b'0')),
    )
}

/// Reads yuan as fen, exactly. A yuan sign (`¥`) before or the word `元` after the number is allowed; a part
/// of a fen is not, trailing zeros apart.
///
/// # Errors
/// `BadNumber` when it is no such amount, `OutOfRange` past 64 bits of fen.
pub fn parse_fen(text: &str) -> Result<i64, Reason> {
    let unsigned = text.strip_prefix('¥').unwrap_or(text);
    let number = unsigned.strip_suffix('元').unwrap_or(unsigned).trim();
    let fen = Decimal::parse(number)
        .and_then(Decimal::fen)
        .ok_or(Reason::BadNumber)?;
    i64::try_from(fen).map_err(|_| Reason::OutOfRange)
}

/// The most fen, seconds or other units that a value may have: ten thousand million yuan. Sums of millions of values and
/// millionths of one stay within 64 bits; a phone number in the column of amounts does not end a night.
const MOST: i64 = 1_000_000_000_000;

/// A value that anybody may mean.
///
/// # Errors
/// `OutOfRange` past ten thousand million yuan in fen, either way.
pub fn within_reason(value: i64) -> Result<i64, Reason> {
    if value.unsigned_abs() > MOST.unsigned_abs() {
        return Err(Reason::OutOfRange);
    }
    Ok(value)
}

/// Reads training hours as a float and as seconds, rounded half to even.
///
/// # Errors
/// `BadNumber` when it is no number, `OutOfRange` past 64 bits of seconds.
pub fn parse_hours(text: &str) -> Result<(f64, i64), Reason> {
    let decimal = Decimal::parse(text).ok_or(Reason::BadNumber)?;
    let seconds = i64::try_from(decimal.seconds_of_hours()).map_err(|_| Reason::OutOfRange)?;
    Ok((decimal.to_f64(), seconds))
}

/// Reads a number as the nearest float; infinities and not-a-number are refused.
///
/// # Errors
/// `BadNumber`.
pub fn parse_number(text: &str) -> Result<f64, Reason> {
    plain_number(text)
        .or_else(|| Decimal::parse(text).map(Decimal::to_f64))
        .ok_or(Reason::BadNumber)
}

/// Unsigned digits with at most one point, so few that both parts of the fraction are exact floats and their quotient
/// is the nearest float: nearly every number of the feeds.
fn plain_number(text: &str) -> Option<f64> {
    const POWERS: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    let bytes = text.as_bytes();
    if bytes.len() > POWERS.len() || !bytes.first()?.is_ascii_digit() {
        return None;
    }
    let mut coefficient: u64 = 0;
    let mut scale = None;
    for byte in bytes {
        match byte {
            b'0'..=b'9' => {
                coefficient = coefficient * 10 + u64::from(byte - b'0');
                scale = scale.map(|digits: usize| digits + 1);
            }
            b'.' if scale.is_none() => scale = Some(0),
            _ => return None,
        }
    }
    // Without a point there may be sixteen digits, one more than a float always keeps.
    (coefficient < 1 << 53)
        .then(|| coefficient as f64 / POWERS.get(scale.unwrap_or(0)).unwrap_or(&1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_numbers_are_read_as_all_others(text in "[0-9]{0,9}[.]?[0-9]{0,9}") {
            let exact = Decimal::parse(&text).map(Decimal::to_f64);
            if let Some(plain) = plain_number(&text) {
                prop_assert_eq!(Some(plain), exact);
            }
        }
    }

    #[test]
    fn integers() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("0012", Ok(12)),
            ("-5", Ok(-5)),
            ("+5", Ok(5)),
            ("12.0", Ok(12)),
            ("12.", Ok(12)),
            ("1,234,567", Ok(1_234_567)),
            ("1.2E+3", Ok(1200)),
            ("59.999999999999993", Ok(60)),
            ("60.00000000000001", Ok(60)),
            ("59.9999999", Err(Reason::BadNumber)),
            ("9223372036854775807", Ok(i64::MAX)),
            ("9223372036854775808", Err(Reason::OutOfRange)),
            ("12.5", Err(Reason::BadNumber)),
            ("12abc", Err(Reason::BadNumber)),
            ("十二", Err(Reason::BadNumber)),
            ("1,23", Err(Reason::BadNumber)),
            ("12,34,567", Err(Reason::BadNumber)),
            (",123", Err(Reason::BadNumber)),
            ("1 2", Err(Reason::BadNumber)),
            ("--5", Err(Reason::BadNumber)),
            ("0x1F", Err(Reason::BadNumber)),
            (".", Err(Reason::BadNumber)),
            ("-", Err(Reason::BadNumber)),
            ("1e99", Err(Reason::BadNumber)),
        ] {
            assert_eq!(parse_integer(text), expected, "{text}");
        }
    }

    #[test]
    fn money_is_exact_in_fen() {
        for (text, expected) in [
            ("1260.00", Ok(126_000)),
            ("1260", Ok(126_000)),
            ("0.1", Ok(10)),
            (".5", Ok(50)),
            ("-3.07", Ok(-307)),
            ("1,234.50", Ok(123_450)),
            ("¥1,234.50", Ok(123_450)),
            ("1234.5元", Ok(123_450)),
            ("19.9900", Ok(1999)),
            ("1.26E3", Ok(126_000)),
            ("90071992547409.93", Ok(9_007_199_254_740_993)),
            ("19.999", Err(Reason::BadNumber)),
            ("12abc", Err(Reason::BadNumber)),
            ("元", Err(Reason::BadNumber)),
            ("NaN", Err(Reason::BadNumber)),
            ("99999999999999999999", Err(Reason::OutOfRange)),
        ] {
            assert_eq!(parse_fen(text), expected, "{text}");
        }
    }

    #[test]
    fn hours_are_seconds_rounded_half_even() {
        for (text, hours, seconds) in [
            ("30", 30.0, 81_000),
            ("30.37", 30.37, 81_999),
            ("0", 0.0, 0),
            ("-5", -5.0, -13_500),
            // 2700 × 0.0005 = 1.35; × 0.001 = 2.7; ties: 0.5 and 1.5 seconds.
            ("0.0005", 0.0005, 1),
            ("0.001", 0.001, 3),
            ("0.00018518518518518518", 0.000_185_185_185_185_185_18, 0),
            ("0.005", 0.005, 14),
            ("0.015", 0.015, 40),
            ("-0.005", -0.005, -14),
        ] {
            assert_eq!(parse_hours(text), Ok((hours, seconds)), "{text}");
        }
        assert_eq!(divide_half_even(5, 2), 2);
        assert_eq!(divide_half_even(7, 2), 4);
        assert_eq!(divide_half_even(-5, 2), -2);
        assert_eq!(parse_hours("1e30"), Err(Reason::OutOfRange));
    }

    #[test]
    fn no_number_is_not_finite() {
        for text in ["NaN", "inf", "-Infinity", "1e400", "", "1e", "e5"] {
            assert_eq!(parse_number(text), Err(Reason::BadNumber), "{text}");
        }
    }

    proptest! {
        #[test]
        fn fen_come_back(fen in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
            let sign = if fen < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100);
            prop_assert_eq!(parse_fen(&text), Ok(fen));
        }

        #[test]
        fn integers_come_back(value: i64) {
            prop_assert_eq!(parse_integer(&value.to_string()), Ok(value));
        }

        #[test]
        fn decimals_are_the_nearest_float(whole in 0_u64..1_000_000_000_000_000, places in 0_usize..12, fraction: u32) {
            let text = format!("{whole}.{:0width$}", fraction, width = places);
            prop_assert_eq!(parse_number(&text), Ok(text.parse::<f64>().unwrap()));
        }

        #[test]
        fn shortest_floats_come_back(value in -1e12_f64..1e12) {
            prop_assert_eq!(parse_number(&value.to_string()), Ok(value));
        }

        #[test]
        fn nothing_panics(text in "[-+0-9.,eE]{0,60}") {
            let _ = (parse_integer(&text), parse_fen(&text), parse_hours(&text), parse_number(&text));
        }
    }
}
