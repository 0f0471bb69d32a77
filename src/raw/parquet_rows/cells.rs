//! Cells of a column as the text that a contract reads.

use std::fmt::{self, Display, Write};

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Decimal32Array, Decimal64Array, Decimal128Array,
    Decimal256Array, PrimitiveArray,
};
use arrow::datatypes::{
    DataType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::moments::{is_moment, moments};

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

/// Writes the cell of a row.
pub(super) type WriteCell<'a> = Box<dyn Fn(usize, &mut Bounded<'_>) -> Written + 'a>;

/// A column whose cells can be written.
pub(super) struct Cells<'a> {
    array: &'a ArrayRef,
    write: WriteCell<'a>,
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

fn writer<'a>(array: &'a ArrayRef) -> WriteCell<'a> {
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

fn dictionary<'a>(array: &'a ArrayRef) -> WriteCell<'a> {
    let dictionary = array.as_any_dictionary();
    let write = writer(dictionary.values());
    let keys = dictionary.normalized_keys();
    Box::new(move |row, target| match keys.get(row) {
        Some(key) => write(*key, target),
        None => Written::Whole,
    })
}

/// Writes what `text` makes of the column's numbers.
pub(super) fn numbers<'a, T: ArrowPrimitiveType>(
    array: &'a ArrayRef,
    text: impl Fn(T::Native, &mut Bounded<'_>) -> fmt::Result + 'a,
) -> WriteCell<'a> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    Box::new(move |row, target| text(array.value(row), target).into())
}

fn plain<'a, T>(array: &'a ArrayRef) -> WriteCell<'a>
where
    T: ArrowPrimitiveType,
    T::Native: Display,
{
    numbers::<T>(array, |number, target| write!(target, "{number}"))
}

fn integers<'a>(array: &'a ArrayRef) -> WriteCell<'a> {
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

fn floats<'a>(array: &'a ArrayRef) -> WriteCell<'a> {
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
    // What other programs write for nothing where a column of numbers has gaps.
    if size.is_nan() {
        return Ok(());
    }
    if size.is_finite() && !(1e-15..1e15).contains(&size) {
        return write!(target, "{number:E}");
    }
    write!(target, "{number}")
}

fn decimals<'a>(array: &'a ArrayRef) -> WriteCell<'a> {
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

/// Lists, structs, maps and rare types, as the library shows them.
pub(super) fn other<'a>(array: &'a ArrayRef) -> WriteCell<'a> {
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
