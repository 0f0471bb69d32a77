//! A stored value as the figure that is shown.

use super::data::Cell;
use super::decimal::{Decimal, Rounding};
use super::format::Format;

/// Numbers of more digits lose some in a spreadsheet; they are written as text.
pub(super) const MOST_DIGITS: u128 = 999_999_999_999_999;
/// Seconds of an hour of training (课时).
const HOUR_SECONDS: i64 = 2_700;
const FEN_OF_YUAN: i64 = 100;
const FEN_OF_TEN_THOUSAND_YUAN: i64 = 1_000_000;

/// The figure shown for a value, rounded once; nothing for a value that is no number or has no figure.
pub(super) fn figure(cell: &Cell, format: Format, rounding: Rounding) -> Option<Decimal> {
    match cell {
        Cell::Int(value) => of_int(*value, format, rounding),
        Cell::Float(value) => of_float(*value, format, rounding),
        _ => None,
    }
}

fn of_int(value: i64, format: Format, rounding: Rounding) -> Option<Decimal> {
    let (denominator, places) = match format {
        Format::Hours => (HOUR_SECONDS, 1),
        Format::Yuan => (FEN_OF_YUAN, 2),
        Format::TenThousandYuan => (FEN_OF_TEN_THOUSAND_YUAN, 2),
        Format::Decimal(places) => (1, places),
        Format::Percent => (1, 3),
        _ => (1, 0),
    };
    Decimal::quotient(value, denominator, places, rounding)
}

fn of_float(value: f64, format: Format, rounding: Rounding) -> Option<Decimal> {
    let places = match format {
        // A tenth of a percent.
        Format::Percent => 3,
        Format::Hours => 1,
        Format::Decimal(places) => places,
        Format::Number => return Decimal::of_float(value, 4, rounding).map(trimmed),
        _ => 0,
    };
    Decimal::of_float(value, places, rounding)
}

/// Without noughts at the end.
fn trimmed(mut number: Decimal) -> Decimal {
    while number.places > 0 && number.digits % 10 == 0 {
        number.digits /= 10;
        number.places -= 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_values_become_the_shown_figures() {
        let shown = |cell: Cell, format: Format| {
            let number = figure(&cell, format, Rounding::HalfEven).unwrap();
            (number.digits, number.places)
        };
        assert_eq!(shown(Cell::Int(12_345), Format::Yuan), (12_345, 2));
        assert_eq!(
            shown(Cell::Int(1_912_000), Format::TenThousandYuan),
            (191, 2)
        );
        assert_eq!(shown(Cell::Int(2_093_850), Format::Hours), (7_755, 1));
        assert_eq!(shown(Cell::Float(775.5), Format::Hours), (7_755, 1));
        assert_eq!(shown(Cell::Float(0.28614), Format::Percent), (286, 3));
        assert_eq!(shown(Cell::Float(0.25), Format::Number), (25, 2));
        assert_eq!(shown(Cell::Float(121.0), Format::Number), (121, 0));
        assert_eq!(shown(Cell::Int(7), Format::Count), (7, 0));
        assert!(figure(&Cell::Null, Format::Count, Rounding::HalfEven).is_none());
    }
}
