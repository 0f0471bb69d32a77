//! Dates, times of day and moments as text.

use std::fmt::{self, Write};

use arrow::array::ArrayRef;
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use chrono::{DateTime, Timelike};

use super::cells::{Bounded, WriteCell, numbers, other};

const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

pub(super) fn is_moment(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Date32
            | DataType::Date64
            | DataType::Time32(_)
            | DataType::Time64(_)
            | DataType::Timestamp(_, _)
    )
}

pub(super) fn moments<'a>(array: &'a ArrayRef) -> WriteCell<'a> {
    let kind = array.data_type();
    let has_zone = matches!(kind, DataType::Timestamp(_, Some(_)));
    match kind {
        DataType::Date32 => numbers::<Date32Type>(array, |day, target| {
            write_date(
                i64::from(day).checked_mul(MICROSECONDS_PER_DAY),
                i64::from(day),
                target,
            )
        }),
        DataType::Date64 => numbers::<Date64Type>(array, |moment, target| {
            write_date(moment.checked_mul(1000), moment, target)
        }),
        DataType::Time32(TimeUnit::Second) => numbers::<Time32SecondType>(array, |time, target| {
            write_time(i64::from(time).checked_mul(1_000_000), target)
        }),
        DataType::Time32(_) => numbers::<Time32MillisecondType>(array, |time, target| {
            write_time(i64::from(time).checked_mul(1000), target)
        }),
        DataType::Time64(TimeUnit::Nanosecond) => {
            numbers::<Time64NanosecondType>(array, |time, target| {
                write_time(Some(time.div_euclid(1000)), target)
            })
        }
        DataType::Time64(_) => {
            numbers::<Time64MicrosecondType>(array, |time, target| write_time(Some(time), target))
        }
        DataType::Timestamp(TimeUnit::Second, _) => {
            numbers::<TimestampSecondType>(array, move |moment, target| {
                write_moment(moment.checked_mul(1_000_000), moment, has_zone, target)
            })
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            numbers::<TimestampMillisecondType>(array, move |moment, target| {
                write_moment(moment.checked_mul(1000), moment, has_zone, target)
            })
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            numbers::<TimestampMicrosecondType>(array, move |moment, target| {
                write_moment(Some(moment), moment, has_zone, target)
            })
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            numbers::<TimestampNanosecondType>(array, move |moment, target| {
                write_moment(Some(moment.div_euclid(1000)), moment, has_zone, target)
            })
        }
        _ => other(array),
    }
}

/// A day as `2020-09-03`. What is no day of the calendar is written as the number it is stored as, which no contract
/// takes for a date of that day.
fn write_date(microseconds: Option<i64>, stored: i64, target: &mut Bounded<'_>) -> fmt::Result {
    match microseconds.and_then(DateTime::from_timestamp_micros) {
        Some(moment) => write!(target, "{}", moment.date_naive()),
        None => write!(target, "{stored}"),
    }
}

/// A moment with a zone is written in UTC, one without as the local time it is.
fn write_moment(
    microseconds: Option<i64>,
    stored: i64,
    has_zone: bool,
    target: &mut Bounded<'_>,
) -> fmt::Result {
    let Some(moment) = microseconds.and_then(DateTime::from_timestamp_micros) else {
        return write!(target, "{stored}");
    };
    let moment = moment.naive_utc();
    let between = if has_zone { 'T' } else { ' ' };
    write!(target, "{}{between}", moment.date())?;
    let second_of_day = i64::from(moment.num_seconds_from_midnight());
    let microsecond = i64::from(moment.nanosecond() / 1000);
    write_clock(second_of_day, microsecond, target)?;
    if has_zone {
        target.write_str("Z")
    } else {
        Ok(())
    }
}

fn write_time(microseconds: Option<i64>, target: &mut Bounded<'_>) -> fmt::Result {
    match microseconds {
        Some(time) if (0..MICROSECONDS_PER_DAY).contains(&time) => {
            write_clock(time / 1_000_000, time % 1_000_000, target)
        }
        _ => target.write_str("no time of day"),
    }
}

/// `08:30:00`, with six decimals where there are any.
fn write_clock(second_of_day: i64, microsecond: i64, target: &mut Bounded<'_>) -> fmt::Result {
    let (minute, second) = (second_of_day / 60, second_of_day % 60);
    write!(target, "{:02}:{:02}:{second:02}", minute / 60, minute % 60)?;
    if microsecond > 0 {
        write!(target, ".{microsecond:06}")?;
    }
    Ok(())
}
