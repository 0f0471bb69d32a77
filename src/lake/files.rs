//! Parquet files of lake tables, named by their content.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::encryption::decrypt::FileDecryptionProperties;
use parquet::encryption::encrypt::FileEncryptionProperties;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::ColumnPath;

use super::error::StoreError;
use super::table::{DataFile, Lake, TableError};

/// Rows of a row group: small enough that a reader skips usefully, large enough to compress.
const ROW_GROUP_ROWS: usize = 256 * 1024;

fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_created_by("skillwatch".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        // Readers skip by row groups; a day's file has few pages, and counting them out costs more than it saves.
        .set_statistics_enabled(EnabledStatistics::Chunk)
}

/// Rows are never in the order of a text, so its least and greatest value let no reader skip anything.
fn without_text_statistics(
    builder: WriterPropertiesBuilder,
    schema: &Schema,
) -> WriterPropertiesBuilder {
    let texts = schema.fields().iter();
    texts
        .filter(|field| *field.data_type() == DataType::Utf8)
        .fold(builder, |builder, field| {
            let column = ColumnPath::from(field.name().as_str());
            builder.set_column_statistics_enabled(column, EnabledStatistics::None)
        })
}

/// Rows by which a column is judged.
const JUDGED_ROWS: usize = 128;

/// Columns in which nearly every value is another one: a dictionary would only be built to be thrown away. Told from the
/// first rows, so that the same rows always give the same file.
fn columns_of_single_values(rows: &RecordBatch) -> Vec<ColumnPath> {
    let judged = rows.slice(0, rows.num_rows().min(JUDGED_ROWS));
    let schema = judged.schema();
    let columns = schema.fields().iter().zip(judged.columns());
    columns
        .filter(|(_, column)| 2 * distinct(column) > column.len())
        .map(|(field, _)| ColumnPath::from(field.name().as_str()))
        .collect()
}

/// Distinct values of a column of text, integers or moments; 0 for other types.
fn distinct(column: &ArrayRef) -> usize {
    if let Some(texts) = column.as_string_opt::<i32>() {
        return count_distinct(texts.iter().flatten());
    }
    if let Some(texts) = column.as_string_view_opt() {
        return count_distinct(texts.iter().flatten());
    }
    if let Some(moments) = column.as_primitive_opt::<TimestampMicrosecondType>() {
        return count_distinct(moments.iter().flatten());
    }
    column
        .as_primitive_opt::<Int64Type>()
        .map(|numbers| count_distinct(numbers.iter().flatten()))
        .unwrap_or_default()
}

/// Sorting a few hundred values is quicker than hashing them with care.
fn count_distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.len()
}

/// The schema of stored rows: text is stored as text, whether the rows hold it in one piece or as views.
fn stored_schema(rows: &Schema) -> SchemaRef {
    let stored = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8View => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8)),
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new(
        rows.fields().iter().map(stored).collect::<Vec<_>>(),
    ))
}

fn parquet(table: &str, action: &'static str) -> impl FnOnce(ParquetError) -> TableError {
    move |source| TableError::Parquet {
        table: table.to_owned(),
        action,
        source: Box::new(source),
    }
}

fn scratch(source: std::io::Error) -> TableError {
    TableError::Store(StoreError::Local {
        context: "writing a scratch file".to_owned(),
        source,
    })
}

/// The first 16 hex digits of the content's BLAKE3 hash: the name of a file that holds it.
pub fn content_name(content: &[u8]) -> String {
    short_name(&blake3::hash(content))
}

fn short_name(hash: &blake3::Hash) -> String {
    let mut name = hash.to_hex().to_string();
    name.truncate(16);
    name
}

/// A file that hashes what goes through it.
struct HashingFile {
    file: File,
    hash: blake3::Hasher,
    size: u64,
}

impl Write for HashingFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.file.write(bytes)?;
        if let Some(written) = bytes.get(..count) {
            self.hash.update(written);
        }
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Writes one file of a table batch by batch, through a scratch file, so that its size does not matter to memory.
pub struct FileSink {
    table: String,
    folder: String,
    writer: ArrowWriter<HashingFile>,
    scratch: tempfile::TempPath,
    rows: u64,
}

impl FileSink {
    /// Starts a file of `table` below `folder` (empty, or ending in `/`).
    ///
    /// # Errors
    /// When no scratch file can be made or the schema cannot be written.
    pub fn start(table: &str, folder: &str, schema: &Schema) -> Result<FileSink, TableError> {
        let (file, scratch_path) = tempfile::NamedTempFile::new()
            .map_err(scratch)?
            .into_parts();
        let target = HashingFile {
            file,
            hash: blake3::Hasher::new(),
            size: 0,
        };
        let schema = stored_schema(schema);
        let properties = without_text_statistics(properties(), &schema).build();
        let writer = ArrowWriter::try_new(target, schema, Some(properties))
            .map_err(parquet(table, "starting a file"))?;
        Ok(FileSink {
            table: table.to_owned(),
            folder: folder.to_owned(),
            writer,
            scratch: scratch_path,
            rows: 0,
        })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// When the scratch disk is full or the batch does not fit the schema.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        self.rows += batch.num_rows() as u64;
        self.writer
            .write(batch)
            .map_err(parquet(&self.table, "writing rows"))
    }

    /// Finishes the file and uploads it; it is not part of the table until it is committed.
    ///
    /// # Errors
    /// When the scratch disk or the store fails.
    pub fn finish(self, lake: &Lake) -> Result<DataFile, TableError> {
        let target = self
            .writer
            .into_inner()
            .map_err(parquet(&self.table, "finishing a file"))?;
        let path = format!(
            "{}{}.parquet",
            self.folder,
            short_name(&target.hash.finalize())
        );
        lake.store()
            .write_file(&format!("{}/{path}", self.table), &self.scratch)?;
        Ok(DataFile {
            path,
            size: target.size,
            rows: self.rows,
        })
    }
}

impl Lake {
    /// Writes rows as one file of `table` below `folder`; `prefix` goes before the content hash in its name.
    ///
    /// # Errors
    /// When encoding or storage fails.
    pub fn write_rows(
        &self,
        table: &str,
        folder: &str,
        prefix: &str,
        rows: &RecordBatch,
    ) -> Result<DataFile, TableError> {
        let content = encode(table, rows, properties())?;
        self.write_content(
            table,
            &format!("{folder}{prefix}{}.parquet", content_name(&content)),
            content,
            rows.num_rows(),
        )
    }

    /// Writes an already encoded Parquet file under `path` of `table`.
    ///
    /// # Errors
    /// When storage fails.
    pub fn write_content(
        &self,
        table: &str,
        path: &str,
        content: Vec<u8>,
        rows: usize,
    ) -> Result<DataFile, TableError> {
        let file = DataFile {
            path: path.to_owned(),
            size: content.len() as u64,
            rows: rows as u64,
        };
        self.store().write(&format!("{table}/{path}"), content)?;
        Ok(file)
    }

    /// Writes rows as one encrypted file (Parquet modular encryption, AES-256-GCM, columns and footer).
    ///
    /// The file is named `name`, since encrypted bytes differ each time.
    ///
    /// # Errors
    /// When encoding or storage fails.
    pub fn write_encrypted(
        &self,
        table: &str,
        name: &str,
        rows: &RecordBatch,
        key: &[u8; 32],
    ) -> Result<DataFile, TableError> {
        let encryption = FileEncryptionProperties::builder(key.to_vec())
            .build()
            .map_err(parquet(table, "preparing encryption"))?;
        let builder = properties().with_file_encryption_properties(encryption);
        let content = encode(table, rows, builder)?;
        self.write_content(table, &format!("{name}.parquet"), content, rows.num_rows())
    }

    /// Reads a file of a table batch by batch; `columns` empty means all.
    ///
    /// # Errors
    /// When the file is not there or not readable, or a column is missing.
    pub fn read_rows(
        &self,
        table: &str,
        file: &DataFile,
        columns: &[&str],
        key: Option<&[u8; 32]>,
    ) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, TableError>>>, TableError> {
        let path = format!("{table}/{}", file.path);
        let local = self.store().local_copy(&path)?;
        let file = File::open(local).map_err(|source| StoreError::Local {
            context: format!("opening `{path}` of the lake"),
            source,
        })?;
        read_batches(table, file, columns, key)
    }
}

fn read_batches<R: ChunkReader + 'static>(
    table: &str,
    content: R,
    columns: &[&str],
    key: Option<&[u8; 32]>,
) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, TableError>>>, TableError> {
    let mut options = ArrowReaderOptions::new();
    if let Some(key) = key {
        let decryption = FileDecryptionProperties::builder(key.to_vec())
            .build()
            .map_err(parquet(table, "preparing decryption"))?;
        options = options.with_file_decryption_properties(decryption);
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(content, options)
        .map_err(parquet(table, "opening a file"))?;
    let mask = if columns.is_empty() {
        ProjectionMask::all()
    } else {
        ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied())
    };
    let reader = builder
        .with_projection(mask)
        .with_batch_size(64 * 1024)
        .build()
        .map_err(parquet(table, "opening a file"))?;
    let table = table.to_owned();
    Ok(Box::new(reader.map(move |batch| {
        batch.map_err(|error| parquet(&table, "reading rows")(ParquetError::from(error)))
    })))
}

impl Lake {
    /// Local paths of files of a table, for an engine that reads only local files: the files themselves, or copies
    /// that live as long as this process.
    ///
    /// # Errors
    /// When a file is not there or cannot be copied.
    pub fn local_files(&self, table: &str, files: &[DataFile]) -> Result<Vec<PathBuf>, TableError> {
        let paths: Vec<String> = files
            .iter()
            .map(|file| format!("{table}/{}", file.path))
            .collect();
        Ok(self.store().local_copies(&paths)?)
    }
}

fn encode(
    table: &str,
    rows: &RecordBatch,
    builder: WriterPropertiesBuilder,
) -> Result<Vec<u8>, TableError> {
    let schema = stored_schema(&rows.schema());
    let builder = columns_of_single_values(rows).into_iter().fold(
        without_text_statistics(builder, &schema),
        |builder, column| builder.set_column_dictionary_enabled(column, false),
    );
    let mut content = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut content, schema, Some(builder.build()))
        .map_err(parquet(table, "starting a file"))?;
    writer.write(rows).map_err(parquet(table, "writing rows"))?;
    writer.close().map_err(parquet(table, "finishing a file"))?;
    Ok(content)
}

/// The Arrow schema of Parquet bytes.
///
/// # Errors
/// When the bytes are not Parquet.
pub fn schema_of(table: &str, content: Bytes) -> Result<Arc<Schema>, TableError> {
    ParquetRecordBatchReaderBuilder::try_new(content)
        .map(|builder| Arc::clone(builder.schema()))
        .map_err(parquet(table, "opening a file"))
}
