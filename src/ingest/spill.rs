//! Converted rows between the reading pass and the writing pass: in memory while they fit, else on the scratch disk.
//!
//! On the disk rows go to a bucket by their local day, so that the writing pass holds only a part of the days at a time
//! and still writes one file a day, whatever the size of the load.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom};

use arrow::array::{Array, AsArray, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Date32Type, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use arrow::record_batch::RecordBatch;

use super::IngestError;

/// Bytes of rows that wait in memory before any goes to the scratch disk.
const MEMORY_BYTES: usize = 64 * 1024 * 1024;
/// Rows that all buckets together gather before they are written as batches.
const WAITING_ROWS: usize = 256 * 1024;
/// Rows that one bucket gathers at most.
const MOST_BATCH_ROWS: usize = 16 * 1024;

/// Rows on their way from the reading to the writing pass.
pub struct Spill {
    schema: SchemaRef,
    /// Index of the day column, for tables stored by day.
    day: Option<usize>,
    /// Rows that a bucket gathers before they are written as one batch.
    batch_rows: usize,
    buckets: Vec<Bucket>,
    /// Everything, until it is too much.
    memory: Vec<RecordBatch>,
    memory_bytes: usize,
    is_spilling: bool,
}

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
    /// A spill of `buckets` parts (one for tables that are not stored by day).
    pub fn new(schema: SchemaRef, day: Option<usize>, buckets: usize) -> Spill {
        let count = if day.is_some() { buckets.max(1) } else { 1 };
        let buckets = (0..count)
            .map(|_| Bucket {
                waiting: Vec::new(),
                waiting_rows: 0,
                writer: None,
            })
            .collect();
        Spill {
            schema,
            day,
            batch_rows: (WAITING_ROWS / count).clamp(1, MOST_BATCH_ROWS),
            buckets,
            memory: Vec::new(),
            memory_bytes: 0,
            is_spilling: false,
        }
    }

    /// Takes rows in load order.
    ///
    /// # Errors
    /// When the scratch disk fails.
    pub fn write(&mut self, batch: RecordBatch) -> Result<(), IngestError> {
        if self.is_spilling {
            return self.scatter(batch);
        }
        self.memory_bytes += batch.get_array_memory_size();
        self.memory.push(batch);
        if self.memory_bytes > MEMORY_BYTES {
            self.is_spilling = true;
            for batch in std::mem::take(&mut self.memory) {
                self.scatter(batch)?;
            }
        }
        Ok(())
    }

    /// Gives each row to the bucket of its day.
    fn scatter(&mut self, batch: RecordBatch) -> Result<(), IngestError> {
        let count = self.buckets.len();
        let Some(day) = self.day.filter(|_| count > 1) else {
            return self.add(0, batch);
        };
        let days = batch.column(day).as_primitive::<Date32Type>().clone();
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        for row in 0..days.len() {
            let value = if days.is_valid(row) {
                days.value(row)
            } else {
                0
            };
            let bucket = usize::try_from(value.rem_euclid(i32::try_from(count).unwrap_or(1)))
                .unwrap_or_default();
            if let (Some(rows), Ok(row)) = (members.get_mut(bucket), u32::try_from(row)) {
                rows.push(row);
            }
        }
        for (bucket, rows) in members.into_iter().enumerate() {
            if !rows.is_empty() {
                let part = take_record_batch(&batch, &UInt32Array::from(rows)).map_err(failed)?;
                self.add(bucket, part)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, bucket: usize, batch: RecordBatch) -> Result<(), IngestError> {
        let schema = SchemaRef::clone(&self.schema);
        let Some(bucket) = self.buckets.get_mut(bucket) else {
            return Ok(());
        };
        bucket.waiting_rows += batch.num_rows();
        bucket.waiting.push(batch);
        if bucket.waiting_rows >= self.batch_rows {
            bucket.flush(&schema)?;
        }
        Ok(())
    }

    /// Ends the reading pass: one reader a bucket, each giving its rows in load order.
    ///
    /// # Errors
    /// When the scratch disk fails.
    pub fn finish(mut self) -> Result<Vec<SpilledRows>, IngestError> {
        if !self.is_spilling {
            return Ok(vec![SpilledRows {
                file: None,
                memory: self.memory,
            }]);
        }
        let schema = SchemaRef::clone(&self.schema);
        self.buckets
            .iter_mut()
            .map(|bucket| {
                if bucket.writer.is_some() {
                    bucket.flush(&schema)?;
                }
                Ok(SpilledRows {
                    file: bucket.writer.take().map(rewind).transpose()?,
                    memory: std::mem::take(&mut bucket.waiting),
                })
            })
            .collect()
    }
}

impl Bucket {
    fn flush(&mut self, schema: &SchemaRef) -> Result<(), IngestError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let batch = concat_batches(schema, &self.waiting).map_err(failed)?;
        self.waiting.clear();
        self.waiting_rows = 0;
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
