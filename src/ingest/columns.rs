//! Arrow columns of a feed's lake table.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringViewBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use crate::contract::{Calendar, Contract, LakeColumn, LakeKind, LakePart};

/// Lineage columns, after the feed's own.
pub const LOAD_ID: &str = "_load_id";
/// Order of loads: a later load wins.
pub const LOAD_SEQUENCE: &str = "_load_seq";
/// Object the row came from.
pub const OBJECT: &str = "_object";
/// Physical line (or sheet row) of the record's start, from 1.
pub const LINE: &str = "_line";
/// Byte offset of the record's start in the object.
pub const BYTE: &str = "_byte";
/// First 8 bytes of the BLAKE3 hash of the row's content, identities as their keys.
pub const ROW_HASH: &str = "_row_hash";

/// The Arrow type of a lake column.
pub fn arrow_type(kind: LakeKind) -> DataType {
    match kind {
        LakeKind::Text => DataType::Utf8,
        LakeKind::Int => DataType::Int64,
        LakeKind::Float => DataType::Float64,
        LakeKind::Bool => DataType::Boolean,
        LakeKind::Date => DataType::Date32,
        LakeKind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}

/// The columns of a feed's lake table: the contract's, then lineage.
pub fn feed_columns(contract: &Contract) -> Vec<(String, LakeKind)> {
    let own = contract
        .lake_columns()
        .into_iter()
        .map(|column| (column.name, column.kind));
    let lineage = [
        (LOAD_ID, LakeKind::Text),
        (LOAD_SEQUENCE, LakeKind::Int),
        (OBJECT, LakeKind::Text),
        (LINE, LakeKind::Int),
        (BYTE, LakeKind::Int),
        (ROW_HASH, LakeKind::Int),
    ];
    own.chain(lineage.map(|(name, kind)| (name.to_owned(), kind)))
        .collect()
}

/// The Arrow schema of a feed's lake table.
pub fn feed_schema(contract: &Contract) -> SchemaRef {
    schema_of(feed_columns(contract), arrow_type)
}

/// The contract's columns of rows on their way to the table: all but those that [`Completion`](super::complete::Completion)
/// works out of others when rows are written.
pub fn moving_columns(contract: &Contract) -> Vec<LakeColumn> {
    let mut columns = contract.lake_columns();
    columns.retain(|column| calendar_text(column).is_none());
    columns
}

/// The unit of a column that is the text of its date's or moment's month or quarter.
pub fn calendar_text(column: &LakeColumn) -> Option<Calendar> {
    match column.part {
        LakePart::Calendar(unit @ (Calendar::Month | Calendar::Quarter)) => Some(unit),
        _ => None,
    }
}

/// The Arrow schema of a feed's rows on their way to the table. Texts are views, so that rows are put in order by moving
/// 16 bytes a text, and the text itself is copied when it is read and when it is written, and not between.
pub fn moving_schema(contract: &Contract) -> SchemaRef {
    let own = moving_columns(contract)
        .into_iter()
        .map(|column| (column.name, column.kind));
    let lineage =
        [LOAD_SEQUENCE, LINE, BYTE, ROW_HASH].map(|name| (name.to_owned(), LakeKind::Int));
    schema_of(own.chain(lineage), moving_type)
}

/// The Arrow schema of completed rows: the lake table's, texts as views.
pub fn completed_schema(contract: &Contract) -> SchemaRef {
    schema_of(feed_columns(contract), moving_type)
}

fn moving_type(kind: LakeKind) -> DataType {
    match kind {
        LakeKind::Text => DataType::Utf8View,
        other => arrow_type(other),
    }
}

fn schema_of(
    columns: impl IntoIterator<Item = (String, LakeKind)>,
    type_of: impl Fn(LakeKind) -> DataType,
) -> SchemaRef {
    // A nullable column may become required later; files of both times must fit one table.
    let field = |(name, kind)| Field::new(name, type_of(kind), true);
    Arc::new(Schema::new(
        columns.into_iter().map(field).collect::<Vec<_>>(),
    ))
}

/// Builds one column of moving rows.
pub enum ColumnBuilder {
    /// UTF-8 text.
    Text(StringViewBuilder),
    /// 64-bit integers.
    Int(Int64Builder),
    /// 64-bit floats.
    Float(Float64Builder),
    /// Booleans.
    Bool(BooleanBuilder),
    /// Days since 1970-01-01.
    Date(Date32Builder),
    /// Microseconds since 1970-01-01 in UTC.
    Time(TimestampMicrosecondBuilder),
}

impl ColumnBuilder {
    /// A builder for `rows` values.
    pub fn new(kind: LakeKind, rows: usize) -> ColumnBuilder {
        match kind {
            LakeKind::Text => ColumnBuilder::Text(StringViewBuilder::with_capacity(rows)),
            LakeKind::Int => ColumnBuilder::Int(Int64Builder::with_capacity(rows)),
            LakeKind::Float => ColumnBuilder::Float(Float64Builder::with_capacity(rows)),
            LakeKind::Bool => ColumnBuilder::Bool(BooleanBuilder::with_capacity(rows)),
            LakeKind::Date => ColumnBuilder::Date(Date32Builder::with_capacity(rows)),
            LakeKind::Time => ColumnBuilder::Time(
                TimestampMicrosecondBuilder::with_capacity(rows).with_timezone("UTC"),
            ),
        }
    }

    /// Appends a text; a value that does not fit the column is a null.
    pub fn text(&mut self, value: Option<&str>) {
        match self {
            ColumnBuilder::Text(builder) => builder.append_option(value),
            other => other.null(),
        }
    }

    /// Appends an integer: a count, a key, a day or a moment by the column's kind.
    pub fn int(&mut self, value: Option<i64>) {
        match self {
            ColumnBuilder::Int(builder) => builder.append_option(value),
            ColumnBuilder::Time(builder) => builder.append_option(value),
            ColumnBuilder::Date(builder) => {
                builder.append_option(value.and_then(|days| i32::try_from(days).ok()));
            }
            other => other.null(),
        }
    }

    /// Appends a float.
    pub fn float(&mut self, value: Option<f64>) {
        match self {
            ColumnBuilder::Float(builder) => builder.append_option(value),
            other => other.null(),
        }
    }

    /// Appends a boolean.
    pub fn bool(&mut self, value: Option<bool>) {
        match self {
            ColumnBuilder::Bool(builder) => builder.append_option(value),
            other => other.null(),
        }
    }

    /// Appends a null.
    pub fn null(&mut self) {
        match self {
            ColumnBuilder::Text(builder) => builder.append_null(),
            ColumnBuilder::Int(builder) => builder.append_null(),
            ColumnBuilder::Float(builder) => builder.append_null(),
            ColumnBuilder::Bool(builder) => builder.append_null(),
            ColumnBuilder::Date(builder) => builder.append_null(),
            ColumnBuilder::Time(builder) => builder.append_null(),
        }
    }

    /// The finished column.
    pub fn finish(&mut self) -> ArrayRef {
        match self {
            ColumnBuilder::Text(builder) => Arc::new(builder.finish()),
            ColumnBuilder::Int(builder) => Arc::new(builder.finish()),
            ColumnBuilder::Float(builder) => Arc::new(builder.finish()),
            ColumnBuilder::Bool(builder) => Arc::new(builder.finish()),
            ColumnBuilder::Date(builder) => Arc::new(builder.finish()),
            ColumnBuilder::Time(builder) => Arc::new(builder.finish()),
        }
    }
}
