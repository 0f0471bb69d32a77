//! Parquet: columns of typed values, given as rows of text.
//!
//! Files come from outside, and the library trusts them in places: wrong counts make it set memory aside, small
//! dictionaries unfold to huge tables, and some damage makes it panic. Hence a file is surveyed before it is read
//! ([`survey`]), text columns are read as views that repeat nothing, rows are measured before they become text
//! ([`measure`]), and panics are caught.

mod block;
mod cells;
mod compact;
mod measure;
mod moments;
mod schema;
mod survey;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

use super::spool::spool;
use super::{Limits, RawBlock, RawError, RecordReader};
use block::{ParquetBlock, json_names};
use measure::Measure;
use survey::{check_contents, check_footer, unpacked_limit};

/// Column names come in every row's raw text, so they must not be huge.
const MOST_HEADER: usize = 1 << 20;

/// Reads Parquet from a scratch file.
pub struct ParquetReader {
    /// `None` once the end or damage is reached.
    batches: Option<ParquetRecordBatchReader>,
    /// What is left of the batch that was read last.
    rest: Option<RecordBatch>,
    header: Vec<String>,
    /// The header as pieces of JSON.
    names: Arc<[String]>,
    rows_given: u64,
    /// Bytes of text that may still come.
    budget: u64,
    limit: u64,
    limits: Limits,
}

impl ParquetReader {
    /// Copies the source to the scratch disk, surveys it and reads its columns' names.
    ///
    /// # Errors
    /// [`RawError::Damaged`] for what is no Parquet file, is broken, encrypted or packed in a way that is not read,
    /// [`RawError::Bomb`] when it would unpack to more than the limits allow, [`RawError::Read`] when reading or the
    /// scratch disk fails.
    pub fn open(source: Box<dyn Read + Send>, limits: Limits) -> Result<ParquetReader, RawError> {
        let limits = limits.clamped();
        let mut file = spool(source)?;
        let metadata = file
            .metadata()
            .map_err(|source| RawError::Read { byte: 0, source })?;
        let size = metadata.len();
        check_footer(&mut file, size)?;
        let (batches, header) = guarded("its footer", || open_batches(file, size, limits))??;
        let limit = unpacked_limit(size, limits);
        Ok(ParquetReader {
            batches: Some(batches),
            rest: None,
            names: json_names(&header).into(),
            header,
            rows_given: 0,
            budget: limit,
            limit,
            limits,
        })
    }

    /// The next rows that the library has read, if there are any.
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, RawError> {
        if self.rest.is_some() {
            return Ok(self.rest.take());
        }
        // Taken out, so that nothing is read after damage.
        let Some(mut batches) = self.batches.take() else {
            return Ok(None);
        };
        loop {
            let place = format!("rows from {} on", self.rows_given + 1);
            let batch = match guarded(&place, || batches.next())? {
                None => return Ok(None),
                Some(Ok(batch)) => batch,
                Some(Err(error)) => {
                    return Err(damaged(format!("{place}: {}", arrow_fault(&error))));
                }
            };
            if batch.num_rows() > 0 {
                self.batches = Some(batches);
                return Ok(Some(batch));
            }
        }
    }

    /// Cuts rows of about a block off the front of a batch and keeps the rest.
    fn cut(&mut self, batch: RecordBatch) -> Result<ParquetBlock, RawError> {
        let names_length: usize = self.names.iter().map(String::len).sum();
        let (mut rows, mut byte_len, mut text_len) = (0, 0_usize, 0_u64);
        {
            let measure = Measure::new(&batch, self.limits.record);
            while rows < batch.num_rows() && byte_len < self.limits.block {
                let length = measure.row(rows);
                byte_len = byte_len.saturating_add(length + names_length);
                text_len = text_len.saturating_add(length as u64);
                rows += 1;
            }
        }
        let Some(budget) = self.budget.checked_sub(text_len) else {
            self.batches = None;
            return Err(RawError::Bomb { limit: self.limit });
        };
        self.budget = budget;
        if rows < batch.num_rows() {
            self.rest = Some(batch.slice(rows, batch.num_rows() - rows));
        }
        let first_row = self.rows_given + 1;
        self.rows_given += rows as u64;
        Ok(ParquetBlock {
            batch: batch.slice(0, rows),
            names: Arc::clone(&self.names),
            first_row,
            byte_len,
            record_limit: self.limits.record,
        })
    }
}

impl RecordReader for ParquetReader {
    fn header(&self) -> Option<&[String]> {
        Some(&self.header)
    }

    fn next_block(&mut self) -> Result<Option<Box<dyn RawBlock>>, RawError> {
        let Some(batch) = self.next_batch()? else {
            return Ok(None);
        };
        let block = guarded("its rows", || self.cut(batch))??;
        Ok(Some(Box::new(block)))
    }
}

/// Surveys the file and starts to read it.
fn open_batches(
    mut file: File,
    size: u64,
    limits: Limits,
) -> Result<(ParquetRecordBatchReader, Vec<String>), RawError> {
    let options = ArrowReaderOptions::new;
    let found = ArrowReaderMetadata::load(&file, options())
        // The schema of the writing program is a help where Parquet lacks a type, not a need.
        .or_else(|_| ArrowReaderMetadata::load(&file, options().with_skip_arrow_metadata(true)))
        .map_err(|error| parquet_fault("its footer", error))?;
    let batch_rows = check_contents(found.metadata(), &mut file, size, limits)?;
    let columns = found.schema().fields();
    let header: Vec<String> = columns.iter().map(|field| field.name().clone()).collect();
    if header.is_empty() || header.iter().map(String::len).sum::<usize>() > MOST_HEADER {
        return Err(damaged("it has no columns, or names without end"));
    }
    let types = |error| parquet_fault("the types of its columns", error);
    let metadata = schema::with_views(&file, &found).map_err(types)?;
    let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
        .with_batch_size(batch_rows)
        .build()
        .map_err(|error| parquet_fault("its columns", error))?;
    Ok((batches, header))
}

/// Runs what may panic on a damaged file.
fn guarded<T>(place: &str, work: impl FnOnce() -> T) -> Result<T, RawError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| damaged(format!("{place}: broken")))
}

fn damaged(detail: impl Into<String>) -> RawError {
    RawError::Damaged {
        format: "Parquet",
        detail: detail.into(),
    }
}

/// In words of our own: the library's messages may quote the file.
fn parquet_fault(place: &str, error: ParquetError) -> RawError {
    let words = match error {
        ParquetError::NYI(_) => "not supported",
        ParquetError::EOF(_) | ParquetError::NeedMoreData(_) => "ends too early",
        ParquetError::ArrowError(_) => "of a type that is not read",
        ParquetError::External(_) => "cannot be unpacked or decoded",
        _ => "broken",
    };
    damaged(format!("{place}: {words}"))
}

fn arrow_fault(error: &ArrowError) -> &'static str {
    match error {
        ArrowError::NotYetImplemented(_) => "not supported",
        ArrowError::IoError(_, _) => "cannot be read",
        ArrowError::ParquetError(_) | ArrowError::ExternalError(_) => {
            "cannot be unpacked or decoded"
        }
        _ => "broken",
    }
}
