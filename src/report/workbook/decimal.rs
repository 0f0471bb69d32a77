//! Rounding in decimal arithmetic: what stands in a cell has the digits that are shown, and no binary fraction decides a tie.

/// What becomes of a value half-way between two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rounding {
    /// To the even digit, 四舍六入五成双.
    #[default]
    HalfEven,
    /// Away from zero, 四舍五入.
    HalfUp,
}

impl Rounding {
    /// Reads the policy's value, `half_even` or `half_up`.
    pub fn parse(name: &str) -> Option<Rounding> {
        match name {
            "half_even" => Some(Rounding::HalfEven),
            "half_up" => Some(Rounding::HalfUp),
            _ => None,
        }
    }

    /// The Chinese name of the rule.
    pub fn zh(self) -> &'static str {
        match self {
            Rounding::HalfEven => "四舍六入五成双",
            Rounding::HalfUp => "四舍五入",
        }
    }
}

/// A number with a fixed count of decimals: `digits / 10^places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) digits: i128,
    pub(super) places: u32,
}

/// Decimals beyond which nothing is shown.
const MOST_PLACES: u32 = 9;

impl Decimal {
    /// `numerator / denominator` with `places` decimals; nothing for a denominator that is not positive.
    pub(super) fn quotient(
        numerator: i64,
        denominator: i64,
        places: u32,
        rounding: Rounding,
    ) -> Option<Decimal> {
        let scaled = i128::from(numerator) * 10_i128.pow(places.min(MOST_PLACES));
        let digits = divide(scaled, i128::from(denominator), rounding)?;
        Some(Decimal { digits, places })
    }

    /// A float with `places` decimals. It is taken for the shortest decimal number that gives it back: a ratio of counts
    /// that is a tie in decimals, such as 1/2000, is read as the tie it is, not as its binary neighbour.
    pub(super) fn of_float(value: f64, places: u32, rounding: Rounding) -> Option<Decimal> {
        if !value.is_finite() {
            return None;
        }
        let shortest = format!("{value:e}");
        let (mantissa, exponent) = shortest.split_once('e')?;
        let exponent: i32 = exponent.parse().ok()?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let shift = exponent - i32::try_from(fraction.len()).ok()? + i32::try_from(places).ok()?;
        let digits = if shift >= 0 {
            let factor = 10_i128.checked_pow(u32::try_from(shift).ok()?)?;
            digits.checked_mul(factor)?
        } else {
            match 10_i128.checked_pow(shift.unsigned_abs()) {
                Some(divisor) => divide(digits, divisor, rounding)?,
                None => 0,
            }
        };
        Some(Decimal { digits, places })
    }

    /// The nearest float: both numbers are exact, so the division is rounded once.
    pub(super) fn as_f64(self) -> f64 {
        self.digits as f64 / 10_i128.pow(self.places.min(MOST_PLACES)) as f64
    }

    /// The number in digits, for those that a spreadsheet's cell cannot hold exactly.
    pub(super) fn text(self) -> String {
        let places = usize::try_from(self.places).unwrap_or_default();
        let digits = format!("{:0>1$}", self.digits.unsigned_abs(), places + 1);
        let sign = if self.digits < 0 { "-" } else { "" };
        match digits.split_at_checked(digits.len() - places) {
            Some((whole, fraction)) if places > 0 => format!("{sign}{whole}.{fraction}"),
            _ => format!("{sign}{digits}"),
        }
    }

    /// Characters that the number takes with thousands separators.
    pub(super) fn width(self) -> usize {
        let digits = self.digits.unsigned_abs().to_string().len();
        let places = usize::try_from(self.places).unwrap_or_default();
        let whole = digits.saturating_sub(places).max(1);
        let point = usize::from(places > 0);
        usize::from(self.digits < 0) + whole + (whole - 1) / 3 + point + places
    }
}

/// `numerator / denominator` as a whole number.
fn divide(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let quotient = numerator / denominator;
    let rest = (numerator % denominator).abs();
    let away = match (rest * 2).cmp(&denominator) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => match rounding {
            Rounding::HalfUp => true,
            Rounding::HalfEven => quotient % 2 != 0,
        },
    };
    Some(if away {
        quotient + numerator.signum()
    } else {
        quotient
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(value: f64, places: u32, rounding: Rounding) -> i128 {
        Decimal::of_float(value, places, rounding).unwrap().digits
    }

    #[test]
    fn ties_go_by_the_rule() {
        for (value, even, up) in [
            (0.0005, 0, 1),
            (0.0015, 2, 2),
            (0.2855, 286, 286),
            (0.2865, 286, 287),
            (-0.2865, -286, -287),
            (-0.0005, 0, -1),
            (1.0, 1000, 1000),
            (0.28649999999999, 286, 286),
            (1e-30, 0, 0),
            (1e-300, 0, 0),
            (12345.6785, 12_345_678, 12_345_679),
        ] {
            assert_eq!(float(value, 3, Rounding::HalfEven), even, "{value}");
            assert_eq!(float(value, 3, Rounding::HalfUp), up, "{value}");
        }
    }

    #[test]
    fn a_ratio_is_rounded_as_the_ratio_of_its_integers() {
        // Every ratio of small integers, against exact integer division.
        for denominator in 1..400_i64 {
            for numerator in 0..800_i64 {
                for rounding in [Rounding::HalfEven, Rounding::HalfUp] {
                    let exact = Decimal::quotient(numerator, denominator, 3, rounding);
                    let ratio = numerator as f64 / denominator as f64;
                    assert_eq!(
                        Decimal::of_float(ratio, 3, rounding),
                        exact,
                        "{numerator}/{denominator}"
                    );
                }
            }
        }
    }

    #[test]
    fn money_is_divided_in_integers() {
        let wan = |fen, rounding| {
            Decimal::quotient(fen, 1_000_000, 2, rounding)
                .unwrap()
                .digits
        };
        // 1.005 and 1.015 ten thousand yuan.
        assert_eq!(wan(1_005_000, Rounding::HalfEven), 100);
        assert_eq!(wan(1_005_000, Rounding::HalfUp), 101);
        assert_eq!(wan(1_015_000, Rounding::HalfEven), 102);
        assert_eq!(wan(-1_005_000, Rounding::HalfUp), -101);
        assert_eq!(wan(i64::MAX, Rounding::HalfEven), 922_337_203_685_478);
        assert!(Decimal::quotient(1, 0, 2, Rounding::HalfEven).is_none());
    }

    #[test]
    fn infinite_is_nothing_and_huge_is_refused() {
        assert!(Decimal::of_float(f64::NAN, 1, Rounding::HalfEven).is_none());
        assert!(Decimal::of_float(f64::INFINITY, 1, Rounding::HalfEven).is_none());
        assert!(Decimal::of_float(1e300, 1, Rounding::HalfEven).is_none());
    }

    #[test]
    fn widths_are_those_of_the_shown_number() {
        let width = |digits, places| Decimal { digits, places }.width();
        assert_eq!(width(123_456_789, 2), "1,234,567.89".len());
        assert_eq!(width(-5, 2), "-0.05".len());
        assert_eq!(width(0, 0), 1);
        assert_eq!(width(999, 0), 3);
        assert_eq!(width(1_000, 0), "1,000".len());
        let text = |digits, places| Decimal { digits, places }.text();
        assert_eq!(text(-5, 2), "-0.05");
        assert_eq!(text(i128::from(i64::MIN), 0), "-9223372036854775808");
        assert_eq!(text(1_234, 1), "123.4");
    }
}
