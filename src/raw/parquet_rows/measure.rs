//! How long the rows of a batch are as text, without making the text.
//!
//! A value of a dictionary stands once in the file and may be meant by a million rows. Batches hold it once too, as
//! views; only text would repeat it. So text is measured before it is made.

use std::fmt;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// No number or moment is longer, but decimals of 256 bits.
const MOST_NUMBER: usize = 80;
const MEAN_NUMBER: usize = 12;

/// Bytes of text of a row, none more than `most` a cell, each with a separator.
pub(super) struct Measure<'a> {
    columns: Vec<Column<'a>>,
    most: usize,
}

enum Column<'a> {
    /// Lengths are the low 32 bits of a view.
    Views(&'a [u128]),
    Fixed(usize),
    Shown(ArrayFormatter<'a>),
}

impl<'a> Measure<'a> {
    pub fn new(batch: &'a RecordBatch, most: usize) -> Measure<'a> {
        Measure {
            columns: batch.columns().iter().map(column).collect(),
            most,
        }
    }

    pub fn row(&self, row: usize) -> usize {
        let cell = |column: &Column<'a>| match column {
            Column::Views(views) => views.get(row).map_or(0, |view| *view as u32 as usize),
            Column::Fixed(length) => *length,
            Column::Shown(formatter) => shown_length(formatter, row, self.most),
        };
        self.columns
            .iter()
            .map(|column| cell(column).min(self.most) + 1)
            .sum()
    }
}

fn column(array: &ArrayRef) -> Column<'_> {
    const OPTIONS: FormatOptions<'static> = FormatOptions::new().with_null("null");
    match array.data_type() {
        DataType::Utf8View => Column::Views(array.as_string_view().views()),
        DataType::BinaryView => Column::Views(array.as_binary_view().views()),
        DataType::FixedSizeBinary(length) => Column::Fixed(usize::try_from(*length).unwrap_or(0)),
        DataType::Boolean | DataType::Null => Column::Fixed(1),
        DataType::Decimal256(_, _) => Column::Fixed(MOST_NUMBER),
        kind if kind.is_primitive() => Column::Fixed(MEAN_NUMBER),
        _ => match ArrayFormatter::try_new(array, &OPTIONS) {
            Ok(formatter) => Column::Shown(formatter),
            Err(_) => Column::Fixed(MOST_NUMBER),
        },
    }
}

fn shown_length(formatter: &ArrayFormatter<'_>, row: usize, most: usize) -> usize {
    struct Count {
        length: usize,
        most: usize,
    }
    impl fmt::Write for Count {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            self.length += part.len();
            if self.length > self.most {
                Err(fmt::Error)
            } else {
                Ok(())
            }
        }
    }
    let mut count = Count { length: 0, most };
    // An error means that the limit is reached, or a value that is not shown.
    let _ = formatter.value(row).write(&mut count);
    count.length
}
