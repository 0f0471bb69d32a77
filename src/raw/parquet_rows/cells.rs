//! Cells of a column as the text that a contract reads.

use std::fmt::{self, Display, Write};

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Decimal32Array, Decimal64Array, Decimal128Array,
    Decimal256Array, PrimitiveArray,
};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{DateTime, Timelike};

const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// Text of bounded length: writing beyond the limit fails, so that a huge cell costs no more than the limit.
pub(super) struct Bounded<'a> {
    text: &'a mut String,
    /// Length of `text` that is not passed.
    most: usize,
}

impl<'a> Bounded<'a> {
    pub fn new(text: &'a mut String, most: usize) -> Bounded<'a> {
        Bounded { text, most }
    }
}

impl Write for Bounded<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = self.most.saturating_sub(self.text.len());
        if part.len() <= room {
            self.text.push_str(part);
            return Ok(());
        }
        let cut = part.floor_char_boundary(room);
        self.text.push_str(part.get(..cut).unwrap_or_default());
        Err(fmt::Error)
    }
}

/// How a cell could be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Whole,
    /// It has bytes that are no text; they are replaced by U+FFFD.
    Replaced,
    /// It is longer than the limit.
    CutOff,
}

impl From<fmt::Result> for Written {
    fn from(result: fmt::Result) -> Written {
        match result {
            Ok(()) => Written::Whole,
            Err(_) => Written::CutOff,
        }
    }
}

type Write1<'a> = Box<dyn Fn(usize, &mut Bounded<'_>) -> Written + 'a>;

/// A column whose cells can be written.
pub(super) struct Cells<'a> {
    array: &'a ArrayRef,
    write: Write1<'a>,
    /// Nested values carry their own nulls.
    has_nulls: bool,
}

impl<'a> Cells<'a> {
    pub fn new(array: &'a ArrayRef) -> Cells<'a> {
        Cells {
            array,
            write: writer(array),
            has_nulls: array.logical_null_count() > 0,
        }
    }

    pub fn is_null(&self, row: usize) -> bool {
        self.has_nulls
            && match self.array.data_type() {
                DataType::Null => true,
                _ => self.array.is_null(row),
            }
    }

    /// Writes a cell that is not null.
    pub fn write(&self, row: usize, target: &mut Bounded<'_>) -> Written {
        (self.write)(row, target)
    }
}

fn writer<'a>(array: &'a ArrayRef) -> Write1<'a> {
    match array.data_type() {
        DataType::Utf8View => {
            let array = array.as_string_view();
            Box::new(move |row, target| target.write_str(array.value(row)).into())
        }
        DataType::Utf8 => {
            let array = array.as_string::<i32>();
            Box::new(move |row, target| target.write_str(array.value(row)).into())
        }
        DataType::LargeUtf8 => {
            let array = array.as_string::<i64>();
            Box::new(move |row, target| target.write_str(array.value(row)).into())
        }
        DataType::BinaryView => {
            let array = array.as_binary_view();
            Box::new(move |row, target| write_bytes(array.value(row), target))
        }
        DataType::Binary => {
            let array = array.as_binary::<i32>();
            Box::new(move |row, target| write_bytes(array.value(row), target))
        }
        DataType::LargeBinary => {
            let array = array.as_binary::<i64>();
            Box::new(move |row, target| write_bytes(array.value(row), target))
        }
        DataType::FixedSizeBinary(_) => {
            let array = array.as_fixed_size_binary();
            Box::new(move |row, target| write_bytes(array.value(row), target))
        }
        DataType::Boolean => {
            let array = array.as_boolean();
            Box::new(move |row, target| write!(target, "{}", array.value(row)).into())
        }
        DataType::Dictionary(_, _) => dictionary(array),
        kind if kind.is_integer() => integers(array),
        kind if kind.is_floating() => floats(array),
        kind if kind.is_decimal() => decimals(array),
        kind if is_moment(kind) => moments(array),
        _ => other(array),
    }
}

fn is_moment(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Date32
            | DataType::Date64
            | DataType::Time32(_)
            | DataType::Time64(_)
            | DataType::Timestamp(_, _)
    )
}

/// Bytes are text when they are UTF-8.
fn write_bytes(bytes: &[u8], target: &mut Bounded<'_>) -> Written {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return target.write_str(text).into();
    }
    for chunk in bytes.utf8_chunks() {
        let mark = if chunk.invalid().is_empty() {
            ""
        } else {
            "\u{fffd}"
        };
        if target
            .write_str(chunk.valid())
            .and_then(|()| target.write_str(mark))
            .is_err()
        {
            break;
        }
    }
    Written::Replaced
}

fn dictionary<'a>(array: &'a ArrayRef) -> Write1<'a> {
    let dictionary = array.as_any_dictionary();
    let write = writer(dictionary.values());
    let keys = dictionary.normalized_keys();
    Box::new(move |row, target| match keys.get(row) {
        Some(key) => write(*key, target),
        None => Written::Whole,
    })
}

/// Writes what `text` makes of the column's numbers.
fn numbers<'a, T: ArrowPrimitiveType>(
    array: &'a ArrayRef,
    text: impl Fn(T::Native, &mut Bounded<'_>) -> fmt::Result + 'a,
) -> Write1<'a> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    Box::new(move |row, target| text(array.value(row), target).into())
}

fn plain<'a, T>(array: &'a ArrayRef) -> Write1<'a>
where
    T: ArrowPrimitiveType,
    T::Native: Display,
{
    numbers::<T>(array, |number, target| write!(target, "{number}"))
}

fn integers<'a>(array: &'a ArrayRef) -> Write1<'a> {
    match array.data_type() {
        DataType::Int8 => plain::<Int8Type>(array),
        DataType::Int16 => plain::<Int16Type>(array),
        DataType::Int32 => plain::<Int32Type>(array),
        DataType::Int64 => plain::<Int64Type>(array),
        DataType::UInt8 => plain::<UInt8Type>(array),
        DataType::UInt16 => plain::<UInt16Type>(array),
        DataType::UInt32 => plain::<UInt32Type>(array),
        DataType::UInt64 => plain::<UInt64Type>(array),
        _ => other(array),
    }
}

fn floats<'a>(array: &'a ArrayRef) -> Write1<'a> {
    match array.data_type() {
        DataType::Float16 => numbers::<Float16Type>(array, |number, target| {
            write_float(number.to_f32(), f64::from(number.to_f32()), target)
        }),
        DataType::Float32 => numbers::<Float32Type>(array, |number, target| {
            write_float(number, f64::from(number), target)
        }),
        DataType::Float64 => {
            numbers::<Float64Type>(array, |number, target| write_float(number, number, target))
        }
        _ => other(array),
    }
}

/// The shortest decimal that reads back as the number. From 10^15 on in exponent form: such a number may stand for
/// digits that it has lost, and is to be seen as that. So are tiny ones, for their zeros.
fn write_float(
    number: impl Display + fmt::UpperExp,
    wide: f64,
    target: &mut Bounded<'_>,
) -> fmt::Result {
    let size = wide.abs();
    if size == 0.0 {
        return target.write_str("0");
    }
    if size.is_finite() && !(1e-15..1e15).contains(&size) {
        return write!(target, "{number:E}");
    }
    write!(target, "{number}")
}

fn decimals<'a>(array: &'a ArrayRef) -> Write1<'a> {
    macro_rules! exact {
        ($kind:ty, $array:ty) => {{
            let array: &$array = array.as_primitive::<$kind>();
            Box::new(move |row, target: &mut Bounded<'_>| {
                target.write_str(&array.value_as_string(row)).into()
            })
        }};
    }
    match array.data_type() {
        DataType::Decimal32(_, _) => exact!(Decimal32Type, Decimal32Array),
        DataType::Decimal64(_, _) => exact!(Decimal64Type, Decimal64Array),
        DataType::Decimal128(_, _) => exact!(Decimal128Type, Decimal128Array),
        DataType::Decimal256(_, _) => exact!(Decimal256Type, Decimal256Array),
        _ => other(array),
    }
}

fn moments<'a>(array: &'a ArrayRef) -> Write1<'a> {
    let kind = array.data_type();
    let has_zone = matches!(kind, DataType::Timestamp(_, Some(_)));
    match kind {
        DataType::Date32 => numbers::<Date32Type>(array, |day, target| {
            write_date(
                i64::from(day).checked_mul(MICROSECONDS_PER_DAY),
                i64::from(day),
                target,
            )
        }),
        DataType::Date64 => numbers::<Date64Type>(array, |moment, target| {
            write_date(moment.checked_mul(1000), moment, target)
        }),
        DataType::Time32(TimeUnit::Second) => numbers::<Time32SecondType>(array, |time, target| {
            write_time(i64::from(time).checked_mul(1_000_000), target)
        }),
        DataType::Time32(_) => numbers::<Time32MillisecondType>(array, |time, target| {
            write_time(i64::from(time).checked_mul(1000), target)
        }),
        DataType::Time64(TimeUnit::Nanosecond) => {
            numbers::<Time64NanosecondType>(array, |time, target| {
                write_time(Some(time.div_euclid(1000)), target)
            })
        }
        DataType::Time64(_) => {
            numbers::<Time64MicrosecondType>(array, |time, target| write_time(Some(time), target))
        }
        DataType::Timestamp(TimeUnit::Second, _) => {
            numbers::<TimestampSecondType>(array, move |moment, target| {
                write_moment(moment.checked_mul(1_000_000), moment, has_zone, target)
            })
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            numbers::<TimestampMillisecondType>(array, move |moment, target| {
                write_moment(moment.checked_mul(1000), moment, has_zone, target)
            })
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            numbers::<TimestampMicrosecondType>(array, move |moment, target| {
                write_moment(Some(moment), moment, has_zone, target)
            })
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            numbers::<TimestampNanosecondType>(array, move |moment, target| {
                write_moment(Some(moment.div_euclid(1000)), moment, has_zone, target)
            })
        }
        _ => other(array),
    }
}

/// A day as `2020-09-03`. What is no day of the calendar is written as the number it is stored as, which no contract
/// takes for a date of that day.
fn write_date(microseconds: Option<i64>, stored: i64, target: &mut Bounded<'_>) -> fmt::Result {
    match microseconds.and_then(DateTime::from_timestamp_micros) {
        Some(moment) => write!(target, "{}", moment.date_naive()),
        None => write!(target, "{stored}"),
    }
}

/// A moment with a zone is written in UTC, one without as the local time it is.
fn write_moment(
    microseconds: Option<i64>,
    stored: i64,
    has_zone: bool,
    target: &mut Bounded<'_>,
) -> fmt::Result {
    let Some(moment) = microseconds.and_then(DateTime::from_timestamp_micros) else {
        return write!(target, "{stored}");
    };
    let moment = moment.naive_utc();
    let between = if has_zone { 'T' } else { ' ' };
    write!(target, "{}{between}", moment.date())?;
    let second_of_day = i64::from(moment.num_seconds_from_midnight());
    let microsecond = i64::from(moment.nanosecond() / 1000);
    write_clock(second_of_day, microsecond, target)?;
    if has_zone {
        target.write_str("Z")
    } else {
        Ok(())
    }
}

fn write_time(microseconds: Option<i64>, target: &mut Bounded<'_>) -> fmt::Result {
    match microseconds {
        Some(time) if (0..MICROSECONDS_PER_DAY).contains(&time) => {
            write_clock(time / 1_000_000, time % 1_000_000, target)
        }
        _ => target.write_str("no time of day"),
    }
}

/// `08:30:00`, with six decimals where there are any.
fn write_clock(second_of_day: i64, microsecond: i64, target: &mut Bounded<'_>) -> fmt::Result {
    let (minute, second) = (second_of_day / 60, second_of_day % 60);
    write!(target, "{:02}:{:02}:{second:02}", minute / 60, minute % 60)?;
    if microsecond > 0 {
        write!(target, ".{microsecond:06}")?;
    }
    Ok(())
}

/// Lists, structs, maps and rare types, as the library shows them.
fn other<'a>(array: &'a ArrayRef) -> Write1<'a> {
    const OPTIONS: FormatOptions<'static> = FormatOptions::new().with_null("null");
    let formatter = ArrayFormatter::try_new(array, &OPTIONS).ok();
    Box::new(move |row, target| {
        let Some(formatter) = &formatter else {
            return target.write_str("no text").into();
        };
        // The formatter tells a full target and a value it cannot show by the same error.
        match formatter.value(row).write(target) {
            Ok(()) => Written::Whole,
            Err(_) => Written::CutOff,
        }
    })
}
