//! The types that columns are read as: as far as Parquet's own allow, those that keep what is needed and copy least.

use std::fs::File;
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, Fields, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{ConvertedType, LogicalType, Type as PhysicalType};
use parquet::errors::Result;
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

/// The file's metadata with types of our choice.
///
/// Text is read as views, so that the values of a dictionary are not repeated in memory; and columns of text as plain
/// bytes, so that bytes that are no UTF-8 cost their row and not the file. Moments of the old 96-bit type are UTC, as
/// Spark and Hive write them; Parquet does not say so.
pub(super) fn with_views(file: &File, found: &ArrowReaderMetadata) -> Result<ArrowReaderMetadata> {
    let descriptor = found.parquet_schema();
    let root = descriptor.root_schema();
    let fields = root.get_fields();
    let plain = fields
        .iter()
        .map(without_text)
        .collect::<Result<Vec<TypePtr>>>()?;
    let plain_root = Type::group_type_builder(root.name())
        .with_fields(plain)
        .build()?;
    let plain_descriptor = Arc::new(SchemaDescriptor::new(Arc::new(plain_root)));
    let options = ArrowReaderOptions::new()
        .with_parquet_schema(plain_descriptor)
        .with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(file, options)?;
    let types = found.schema().fields().iter().zip(fields);
    let wanted: Vec<FieldRef> = plain
        .schema()
        .fields()
        .iter()
        .zip(types)
        .map(|(field, (known, kind))| {
            let wanted = wanted_type(known.data_type(), kind);
            Arc::new(field.as_ref().clone().with_data_type(wanted))
        })
        .collect();
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(wanted)));
    ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)
}

/// A column of text as one of bytes; any other as it is.
fn without_text(kind: &TypePtr) -> Result<TypePtr> {
    if !is_bytes(kind) {
        return Ok(Arc::clone(kind));
    }
    let info = kind.get_basic_info();
    // A decimal may be stored in bytes of any length.
    let is_decimal = matches!(info.logical_type_ref(), Some(LogicalType::Decimal { .. }))
        || info.converted_type() == ConvertedType::DECIMAL;
    if is_decimal {
        return Ok(Arc::clone(kind));
    }
    let plain = Type::primitive_type_builder(kind.name(), PhysicalType::BYTE_ARRAY)
        .with_repetition(info.repetition())
        .with_id(info.has_id().then(|| info.id()))
        .build()?;
    Ok(Arc::new(plain))
}

fn is_bytes(kind: &Type) -> bool {
    kind.is_primitive() && kind.get_physical_type() == PhysicalType::BYTE_ARRAY
}

fn wanted_type(known: &DataType, kind: &Type) -> DataType {
    let is_moment_96 = kind.is_primitive() && kind.get_physical_type() == PhysicalType::INT96;
    match view_of(known) {
        DataType::Utf8View if is_bytes(kind) => DataType::BinaryView,
        DataType::Timestamp(_, _) if is_moment_96 => {
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
        }
        wanted => wanted,
    }
}

/// The type with views for text and bytes, and without dictionaries.
fn view_of(kind: &DataType) -> DataType {
    let inner = |field: &FieldRef| -> FieldRef {
        Arc::new(
            field
                .as_ref()
                .clone()
                .with_data_type(view_of(field.data_type())),
        )
    };
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::Dictionary(_, value) => view_of(value),
        DataType::List(field) => DataType::List(inner(field)),
        DataType::LargeList(field) => DataType::LargeList(inner(field)),
        DataType::FixedSizeList(field, length) => DataType::FixedSizeList(inner(field), *length),
        DataType::Map(field, sorted) => DataType::Map(inner(field), *sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect::<Fields>()),
        other => other.clone(),
    }
}
