//! Converted rows between the reading pass and the writing pass: in memory while they fit, else on the scratch disk.
//!
//! Rows go to a bucket by their local day, so that the writing pass holds only a part of the days at a time, close
//! together, and still writes one file a day, whatever the size of the load.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Date32Type, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arrow::record_batch::RecordBatch;

use super::IngestError;

/// Bytes of rows that wait in memory before any goes to the scratch disk.
const MEMORY_BYTES: usize = 640 * 1024 * 1024;
/// Rows that all buckets together gather before they are written as batches.
const WAITING_ROWS: usize = 256 * 1024;
/// Rows that one bucket gathers at most.
const MOST_BATCH_ROWS: usize = 16 * 1024;

/// Parts rows by their local day, on any thread.
#[derive(Debug, Clone, Copy)]
pub struct DayBuckets {
    /// Index of the day column, for tables stored by day.
    day: Option<usize>,
    count: usize,
}

/// Rows of one bucket, in load order.
pub type BucketRows = (usize, RecordBatch);

impl DayBuckets {
    /// `count` buckets, or one for tables that are not stored by day.
    pub fn new(day: Option<usize>, count: usize) -> DayBuckets {
        let count = if day.is_some() { count.max(1) } else { 1 };
        DayBuckets { day, count }
    }

    /// Gives each row to the bucket of its day.
    ///
    /// # Errors
    /// Only when Arrow cannot move the rows, which would be a fault of this program.
    pub fn part(self, batch: &RecordBatch) -> Result<Vec<BucketRows>, ArrowError> {
        if batch.num_rows() == 0 {
            return Ok(Vec::new());
        }
        let Some(day) = self.day.filter(|_| self.count > 1) else {
            return Ok(vec![(0, batch.clone())]);
        };
        let days = batch.column(day).as_primitive::<Date32Type>();
        let count = i32::try_from(self.count).unwrap_or(1);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.count];
        for (row, day) in (0..).zip(days) {
            let bucket = usize::try_from(day.unwrap_or(0).rem_euclid(count)).unwrap_or_default();
            if let Some(rows) = members.get_mut(bucket) {
                rows.push(row);
            }
        }
        members
            .into_iter()
            .enumerate()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(bucket, rows)| {
                let rows = take_record_batch(batch, &UInt32Array::from(rows))?;
                Ok((bucket, rows))
            })
            .collect()
    }
}

/// Rows on their way from the reading to the writing pass.
pub struct Spill {
    schema: SchemaRef,
    /// Rows that a bucket gathers before they are written as one batch.
    batch_rows: usize,
    buckets: Vec<Bucket>,
    memory_bytes: usize,
    is_spilling: bool,
}

#[derive(Default)]
struct Bucket {
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
    writer: Option<StreamWriter<BufWriter<File>>>,
}

fn failed(source: ArrowError) -> IngestError {
    IngestError::Scratch { source }
}

fn disk(source: std::io::Error) -> IngestError {
    failed(ArrowError::IoError("scratch file".to_owned(), source))
}

impl Spill {
    /// A spill for rows that `buckets` parts.
    pub fn new(schema: SchemaRef, buckets: DayBuckets) -> Spill {
        Spill {
            schema,
            batch_rows: (WAITING_ROWS / buckets.count).clamp(1, MOST_BATCH_ROWS),
            buckets: std::iter::repeat_with(Bucket::default)
                .take(buckets.count)
                .collect(),
            memory_bytes: 0,
            is_spilling: false,
        }
    }

    /// Takes rows in load order; `bytes` is the memory that they take.
    ///
    /// # Errors
    /// When the scratch disk fails.
    pub fn write(&mut self, rows: Vec<BucketRows>, bytes: usize) -> Result<(), IngestError> {
        for (bucket, batch) in rows {
            let Some(bucket) = self.buckets.get_mut(bucket) else {
                continue;
            };
            bucket.waiting_rows += batch.num_rows();
            bucket.waiting.push(batch);
            if self.is_spilling && bucket.waiting_rows >= self.batch_rows {
                bucket.flush(&self.schema)?;
            }
        }
        self.memory_bytes += bytes;
        if !self.is_spilling && self.memory_bytes > MEMORY_BYTES {
            self.is_spilling = true;
            for bucket in &mut self.buckets {
                bucket.flush(&self.schema)?;
            }
        }
        Ok(())
    }

    /// Ends the reading pass: one reader a bucket, each giving its rows in load order.
    ///
    /// # Errors
    /// When the scratch disk fails.
    pub fn finish(self) -> Result<Vec<SpilledRows>, IngestError> {
        self.buckets
            .into_iter()
            .map(|mut bucket| {
                if bucket.writer.is_some() {
                    bucket.flush(&self.schema)?;
                }
                Ok(SpilledRows {
                    file: bucket.writer.map(rewind).transpose()?,
                    memory: bucket.waiting,
                })
            })
            .collect()
    }
}

impl Bucket {
    /// Writes what waits, few batches at a time: a bucket that gathered rows in memory has many of them.
    fn flush(&mut self, schema: &SchemaRef) -> Result<(), IngestError> {
        self.waiting_rows = 0;
        let mut gathered = Vec::new();
        let mut rows = 0;
        for batch in std::mem::take(&mut self.waiting) {
            rows += batch.num_rows();
            gathered.push(batch);
            if rows >= MOST_BATCH_ROWS {
                self.write(schema, &mut gathered)?;
                rows = 0;
            }
        }
        self.write(schema, &mut gathered)
    }

    /// Writes batches as one and lets go of them.
    fn write(
        &mut self,
        schema: &SchemaRef,
        gathered: &mut Vec<RecordBatch>,
    ) -> Result<(), IngestError> {
        if gathered.is_empty() {
            return Ok(());
        }
        let batch = concat_batches(schema, gathered.iter())
            .and_then(|batch| without_foreign_text(&batch))
            .map_err(failed)?;
        gathered.clear();
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let file = tempfile::tempfile().map_err(disk)?;
                StreamWriter::try_new(BufWriter::new(file), schema).map_err(failed)?
            }
        };
        writer.write(&batch).map_err(failed)?;
        self.writer = Some(writer);
        Ok(())
    }
}

/// The rows with no other text than their own: views share the text of whole blocks.
fn without_foreign_text(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let own = |column: &ArrayRef| match column.as_string_view_opt() {
        Some(texts) => Arc::new(texts.gc()) as ArrayRef,
        None => Arc::clone(column),
    };
    RecordBatch::try_new(batch.schema(), batch.columns().iter().map(own).collect())
}

fn rewind(mut writer: StreamWriter<BufWriter<File>>) -> Result<File, IngestError> {
    writer.finish().map_err(failed)?;
    let mut file = writer
        .into_inner()
        .map_err(failed)?
        .into_inner()
        .map_err(|error| disk(error.into_error()))?;
    file.seek(SeekFrom::Start(0)).map_err(disk)?;
    Ok(file)
}

/// One bucket's rows in load order.
pub struct SpilledRows {
    file: Option<File>,
    memory: Vec<RecordBatch>,
}

impl SpilledRows {
    /// Batches in load order.
    ///
    /// # Errors
    /// When the scratch file cannot be opened.
    pub fn batches(
        self,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, IngestError>>, IngestError> {
        let reader = self
            .file
            .map(|file| StreamReader::try_new(BufReader::new(file), None).map_err(failed))
            .transpose()?;
        Ok(reader
            .into_iter()
            .flatten()
            .map(|batch| batch.map_err(failed))
            .chain(self.memory.into_iter().map(Ok)))
    }
}
