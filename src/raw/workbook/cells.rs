//! The text of a cell, as the contract reads it.

use std::fmt::Write;

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};
use chrono::{Days, NaiveDate};

const MILLISECONDS_PER_DAY: f64 = 86_400_000.0;

/// Whole numbers from here on have more digits than a spreadsheet keeps (15).
const FIRST_INEXACT: f64 = 1e15;

/// A value of either library type.
pub(super) enum CellView<'a> {
    Empty,
    Text(&'a str),
    Whole(i64),
    Number(f64),
    Flag(bool),
    Moment(ExcelDateTime),
    Error(&'a CellErrorType),
}

impl<'a> From<&'a DataRef<'_>> for CellView<'a> {
    fn from(data: &'a DataRef<'_>) -> CellView<'a> {
        match data {
            DataRef::Empty => CellView::Empty,
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                CellView::Text(text)
            }
            DataRef::SharedString(text) => CellView::Text(text),
            DataRef::Int(value) => CellView::Whole(*value),
            DataRef::Float(value) => CellView::Number(*value),
            DataRef::Bool(value) => CellView::Flag(*value),
            DataRef::DateTime(moment) => CellView::Moment(*moment),
            DataRef::Error(error) => CellView::Error(error),
        }
    }
}

impl<'a> From<&'a Data> for CellView<'a> {
    fn from(data: &'a Data) -> CellView<'a> {
        match data {
            Data::Empty => CellView::Empty,
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
                CellView::Text(text)
            }
            Data::Int(value) => CellView::Whole(*value),
            Data::Float(value) => CellView::Number(*value),
            Data::Bool(value) => CellView::Flag(*value),
            Data::DateTime(moment) => CellView::Moment(*moment),
            Data::Error(error) => CellView::Error(error),
        }
    }
}

impl<'a> CellView<'a> {
    /// The text of the cell; `buffer` holds it where the cell has no text of its own. `is_1904` tells the workbook's
    /// day 0.
    pub fn text<'b>(&self, is_1904: bool, buffer: &'b mut String) -> &'b str
    where
        'a: 'b,
    {
        buffer.clear();
        match self {
            CellView::Empty => {}
            CellView::Text(text) => return text,
            CellView::Whole(value) => write_number(*value as f64, buffer),
            CellView::Number(value) => write_number(*value, buffer),
            CellView::Flag(value) => buffer.push_str(if *value { "true" } else { "false" }),
            CellView::Moment(moment) => write_moment(moment, is_1904, buffer),
            CellView::Error(error) => write_into(buffer, format_args!("{error}")),
        }
        buffer
    }
}

/// Writing to a string cannot fail.
fn write_into(buffer: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = buffer.write_fmt(arguments);
}

/// The shortest decimal that gives the same number back. From 16 digits on the exponent form, which shows that digits
/// were lost: a citizen number stored as a number must not pass for a mistyped one.
fn write_number(value: f64, buffer: &mut String) {
    if value == 0.0 {
        buffer.push('0');
    } else if value.abs() >= FIRST_INEXACT {
        write_into(buffer, format_args!("{value:e}"));
    } else {
        write_into(buffer, format_args!("{value}"));
    }
}

/// `2020-09-03 08:30:00`, or `08:30:00` for a time without a day. A whole day gets its midnight too: the library does not
/// tell whether the cell shows a time, and both a date and a moment are read from it. A duration, or
/// what is no day of the calendar, stays a number.
fn write_moment(moment: &ExcelDateTime, is_1904: bool, buffer: &mut String) {
    let serial = moment.as_f64();
    let written = !moment.is_duration() && write_serial(serial, is_1904, buffer).is_some();
    if !written {
        buffer.clear();
        write_number(serial, buffer);
    }
}

fn write_serial(serial: f64, is_1904: bool, buffer: &mut String) -> Option<()> {
    // Beyond the year 9999, negative, or no number.
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    // A time such as 08:30 has no exact fraction: the nearest millisecond, all that spreadsheets keep, is meant.
    let milliseconds = (serial * MILLISECONDS_PER_DAY).round() as u64;
    let (day, time) = (milliseconds / 86_400_000, milliseconds % 86_400_000);
    if serial < 1.0 {
        return if day == 0 {
            write_clock(time, buffer)
        } else {
            None
        };
    }
    let date = date_of(day, is_1904)?;
    write_into(buffer, format_args!("{date} "));
    write_clock(time, buffer)
}

/// The day of a serial. Spreadsheets have a 29 February 1900 as day 60, which is none.
fn date_of(day: u64, is_1904: bool) -> Option<NaiveDate> {
    let epoch = match day {
        _ if is_1904 => NaiveDate::from_ymd_opt(1904, 1, 1),
        0..60 => NaiveDate::from_ymd_opt(1899, 12, 31),
        60 => None,
        _ => NaiveDate::from_ymd_opt(1899, 12, 30),
    };
    epoch?.checked_add_days(Days::new(day))
}

fn write_clock(milliseconds: u64, buffer: &mut String) -> Option<()> {
    let (second, rest) = (milliseconds / 1000, milliseconds % 1000);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    write_into(
        buffer,
        format_args!("{hour:02}:{minute:02}:{:02}", second % 60),
    );
    if rest != 0 {
        write_into(buffer, format_args!(".{rest:03}"));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn number(value: f64) -> String {
        let mut buffer = String::new();
        CellView::Number(value).text(false, &mut buffer).to_owned()
    }

    fn moment(serial: f64, kind: ExcelDateTimeType, is_1904: bool) -> String {
        let mut buffer = String::new();
        let moment = ExcelDateTime::new(serial, kind, is_1904);
        CellView::Moment(moment)
            .text(is_1904, &mut buffer)
            .to_owned()
    }

    #[test]
    fn numbers_are_spelled_as_a_person_would() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (12.0, "12"),
            (-3.5, "-3.5"),
            (0.1, "0.1"),
            (1e-7, "0.0000001"),
            (1234.56, "1234.56"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1e15"),
            (370_199_198_506_159_970.0, "3.7019919850616e17"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(number(value), expected);
        }
        let mut buffer = String::new();
        let whole = CellView::Whole(42).text(false, &mut buffer);
        assert_eq!(whole, "42");
    }

    #[test]
    fn moments_are_days_and_times() {
        use ExcelDateTimeType::{DateTime, TimeDelta};
        for (serial, kind, is_1904, expected) in [
            (44_077.0, DateTime, false, "2020-09-03 00:00:00"),
            (
                44_077.354_166_666_664,
                DateTime,
                false,
                "2020-09-03 08:30:00",
            ),
            (
                44_077.354_169_560_19,
                DateTime,
                false,
                "2020-09-03 08:30:00.250",
            ),
            (
                44_077.999_999_999_99,
                DateTime,
                false,
                "2020-09-04 00:00:00",
            ),
            (44_077.0 - 1462.0, DateTime, true, "2020-09-03 00:00:00"),
            (0.354_166_666_666_666_7, DateTime, false, "08:30:00"),
            (0.0, DateTime, false, "00:00:00"),
            (1.0, DateTime, false, "1900-01-01 00:00:00"),
            (59.0, DateTime, false, "1900-02-28 00:00:00"),
            (60.0, DateTime, false, "60"),
            (61.0, DateTime, false, "1900-03-01 00:00:00"),
            (2_958_465.0, DateTime, false, "9999-12-31 00:00:00"),
            (2_958_466.0, DateTime, false, "2958466"),
            (-1.0, DateTime, false, "-1"),
            (f64::NAN, DateTime, false, "NaN"),
            (1.5, TimeDelta, false, "1.5"),
        ] {
            assert_eq!(moment(serial, kind, is_1904), expected);
        }
    }
}
