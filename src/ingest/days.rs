//! The files of a table that is stored by local day.
//!
//! Rows are ordered by plain integers and gathered at once; days are written on all threads.

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int64Array, TimestampMicrosecondArray};
use arrow::compute::interleave_record_batch;
use arrow::datatypes::Date32Type;
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::IngestError;
use super::columns::{LINE, LOAD_SEQUENCE};
use super::complete::Completion;
use super::convert::date_of;
use crate::contract::Contract;
use crate::lake::{DataFile, DayReach, Lake};

/// Day, person, moment, load and line of a row, and where it stands: batch and row.
type Place = ([i64; 5], (u32, u32));

/// How the table of a contract is stored by day.
pub(super) struct DayLayout {
    /// Lake column of the day.
    day: String,
    /// Lake column of the last day that a row reaches.
    reach: Option<String>,
    /// Lake column of the moment that the day is that of.
    time: String,
}

impl DayLayout {
    /// The layout of a contract's table; `None` when it is not stored by day.
    pub fn of(contract: &Contract) -> Option<DayLayout> {
        let (day, reach) = super::feed::day_columns(contract)?;
        let partition = contract.partition.as_ref()?;
        let time = contract.columns.get(partition.day)?.name.clone();
        Some(DayLayout { day, reach, time })
    }

    /// Writes one file for each local day of the rows; days are written side by side.
    pub fn write(
        &self,
        lake: &Lake,
        table: &str,
        rows: Vec<RecordBatch>,
        completion: &Completion,
    ) -> Result<Vec<DataFile>, IngestError> {
        let places = self.in_order(&rows);
        if places.is_empty() {
            return Ok(Vec::new());
        }
        // All days in one go: the batches are many and small, and each column asks all of them every time.
        let batches: Vec<&RecordBatch> = rows.iter().collect();
        let order: Vec<(usize, usize)> = places
            .iter()
            .map(|(_, (batch, row))| (*batch as usize, *row as usize))
            .collect();
        let ordered = interleave_record_batch(&batches, &order)
            .and_then(|rows| completion.complete(&rows))
            .map_err(|source| IngestError::Scratch { source })?;
        let mut start = 0;
        let mut days = Vec::new();
        for day in places.chunk_by(|([left, ..], _), ([right, ..], _)| left == right) {
            days.push(ordered.slice(start, day.len()));
            start += day.len();
        }
        // Before the files are made, which takes memory too.
        drop((rows, places, order, ordered));
        days.par_iter()
            .map(|day| self.write_day(lake, table, day))
            .collect()
    }

    /// The rows in the order of their day, person, moment, load and line.
    fn in_order(&self, batches: &[RecordBatch]) -> Vec<Place> {
        let mut places = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
        let names = [&self.day, "person_key", &self.time, LOAD_SEQUENCE, LINE];
        for (batch, rows) in (0..).zip(batches) {
            let keys = names.map(|name| Key::of(rows.column_by_name(name)));
            let numbered = (0..).zip(0..rows.num_rows());
            places.extend(
                numbered
                    .map(|(row, place)| (keys.each_ref().map(|key| key.at(place)), (batch, row))),
            );
        }
        places.par_sort_unstable();
        places
    }

    fn write_day(
        &self,
        lake: &Lake,
        table: &str,
        rows: &RecordBatch,
    ) -> Result<DataFile, IngestError> {
        let greatest = |name: &str| {
            let days = rows
                .column_by_name(name)?
                .as_primitive_opt::<Date32Type>()?;
            arrow::compute::max(days)
        };
        let day = greatest(&self.day);
        let last = self.reach.as_deref().and_then(greatest).max(day);
        let folder = DayReach {
            day: day.map(date_of),
            last: last.map(date_of),
        }
        .folder();
        Ok(lake.write_rows(table, &folder, "", rows)?)
    }
}

/// A column of plain integers, days or moments.
enum Key<'a> {
    Day(&'a Date32Array),
    Moment(&'a TimestampMicrosecondArray),
    Number(&'a Int64Array),
    Missing,
}

impl<'a> Key<'a> {
    fn of(column: Option<&'a ArrayRef>) -> Key<'a> {
        let Some(column) = column else {
            return Key::Missing;
        };
        if let Some(days) = column.as_primitive_opt() {
            return Key::Day(days);
        }
        if let Some(moments) = column.as_primitive_opt() {
            return Key::Moment(moments);
        }
        column.as_primitive_opt().map_or(Key::Missing, Key::Number)
    }

    /// Nulls, and columns that are not there, count as least.
    fn at(&self, row: usize) -> i64 {
        match self {
            Key::Day(days) if days.is_valid(row) => i64::from(days.value(row)),
            Key::Moment(moments) if moments.is_valid(row) => moments.value(row),
            Key::Number(numbers) if numbers.is_valid(row) => numbers.value(row),
            _ => i64::MIN,
        }
    }
}
