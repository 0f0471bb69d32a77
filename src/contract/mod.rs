//! Data contracts of the feeds: columns, types, header aliases and checks, and the reading of their values.
//!
//! A contract is the file `pipelines/feeds/<feed>.toml`; a new feed or alias needs no change here. The way of a row:
//! [`Contract::match_header`] finds the columns of a file, [`parse`] reads each field as its column's type or gives
//! the [`Reason`] to quarantine the row, [`Contract::lake_columns`] says what is stored.

mod calendar;
mod check;
mod column;
mod date;
mod drift;
mod header;
mod lake;
mod level;
mod load;
mod model;
mod number;
mod ranges;
mod reason;
mod text;
mod value;

pub use calendar::{month_of, quarter_of, shanghai_day};
pub use drift::{Drift, DriftClass, DriftPolicy, DriftRules, MOST_TOLD};
pub use header::{HeaderMatch, told_heading};
pub use lake::{LakeColumn, LakeKind, LakePart};
pub use load::Contracts;
pub use model::{
    Bounds, Calendar, Column, ColumnType, Contract, EnumerationValue, Mode, Partition,
};
pub use reason::Reason;
pub use text::{clean, is_null_word, is_total_word};
pub use value::{Value, parse};

#[cfg(test)]
mod tests;
