//! The files of a table that is stored by local day.
//!
//! Rows are ordered by plain integers and gathered day by day, on all threads.

use arrow::array::{Array, AsArray, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{Date32Type, Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use rayon::prelude::*;

use super::IngestError;
use super::columns::{LINE, LOAD_SEQUENCE};
use super::convert::date_of;
use crate::contract::Contract;
use crate::lake::{DataFile, DayReach, Lake};

/// Day, person, moment, load and line: the order in which the per-day queries read rows.
const ORDER: usize = 5;

/// A row's place in the order, and its index.
type Keyed = ([i64; ORDER], u32);

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
        rows: &RecordBatch,
    ) -> Result<Vec<DataFile>, IngestError> {
        let mut keys = self.keys(rows);
        keys.par_sort_unstable();
        let days: Vec<&[Keyed]> = keys
            .chunk_by(|(left, _), (right, _)| left.first() == right.first())
            .collect();
        days.par_iter()
            .map(|day| self.write_day(lake, table, rows, day))
            .collect()
    }

    fn write_day(
        &self,
        lake: &Lake,
        table: &str,
        rows: &RecordBatch,
        day: &[Keyed],
    ) -> Result<DataFile, IngestError> {
        let indices: UInt32Array = day.iter().map(|(_, index)| *index).collect();
        let rows =
            take_record_batch(rows, &indices).map_err(|source| IngestError::Scratch { source })?;
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
        Ok(lake.write_rows(table, &folder, "", &rows)?)
    }

    /// Nulls, and columns that are not there, count as least.
    fn keys(&self, rows: &RecordBatch) -> Vec<Keyed> {
        let count = u32::try_from(rows.num_rows()).unwrap_or(u32::MAX);
        let mut keys: Vec<Keyed> = (0..count).map(|row| ([i64::MIN; ORDER], row)).collect();
        let names = [&self.day, "person_key", &self.time, LOAD_SEQUENCE, LINE];
        for (place, name) in names.into_iter().enumerate() {
            let Some(column) = rows.column_by_name(name) else {
                continue;
            };
            let mut set = |row: usize, value: i64| {
                let key = keys.get_mut(row);
                let slot = key.and_then(|(key, _)| key.get_mut(place));
                if let Some(slot) = slot.filter(|_| column.is_valid(row)) {
                    *slot = value;
                }
            };
            if let Some(days) = column.as_primitive_opt::<Date32Type>() {
                let values = days.values().iter().enumerate();
                values.for_each(|(row, value)| set(row, i64::from(*value)));
            } else if let Some(moments) = column.as_primitive_opt::<TimestampMicrosecondType>() {
                let values = moments.values().iter().enumerate();
                values.for_each(|(row, value)| set(row, *value));
            } else if let Some(numbers) = column.as_primitive_opt::<Int64Type>() {
                let values = numbers.values().iter().enumerate();
                values.for_each(|(row, value)| set(row, *value));
            }
        }
        keys
    }
}
