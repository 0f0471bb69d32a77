//! Something a query can read.

use std::path::PathBuf;

use polars::polars_utils::aliases::PlSeedableRandomStateQuality;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Expr, Field, HiveOptions, IntoColumn, IntoLazy,
    JoinArgs, JoinType, LazyFrame, NULL, PlRefPath, ScanArgsParquet, Schema, UnionArgs,
    UniqueKeepStrategy, VecHash, col, concat, len, lit,
};

use super::columns::{ColumnData, data_type, empty};
use super::{EngineError, Table, refused};
use crate::model::ColumnKind;

/// A table that queries can read; nothing is computed until one does.
#[derive(Clone)]
pub struct Frame {
    plan: LazyFrame,
}

impl Frame {
    pub(super) fn new(plan: LazyFrame) -> Frame {
        Frame { plan }
    }

    pub(super) fn lazy(&self) -> LazyFrame {
        self.plan.clone()
    }

    /// Reads Parquet files of one table. Without files it is an empty table of the given columns.
    /// Every moment `x_at` is seen also as `x_us`, integer microseconds.
    ///
    /// # Errors
    /// When the files cannot be read as Parquet.
    pub fn scan(
        place: &str,
        files: &[PathBuf],
        columns: &[(String, ColumnKind)],
    ) -> Result<Frame, EngineError> {
        let fail = |error| refused(place, &error);
        let plan = if files.is_empty() {
            let columns = columns
                .iter()
                .map(|(name, kind)| empty(name, *kind))
                .collect::<Result<Vec<Column>, _>>()
                .map_err(fail)?;
            DataFrame::new_infer_height(columns).map_err(fail)?.lazy()
        } else {
            let paths = || {
                let paths = files.iter().map(|path| path.to_string_lossy());
                paths.map(PlRefPath::new).collect()
            };
            let arguments = ScanArgsParquet {
                glob: false,
                cache: false,
                allow_missing_columns: true,
                // Day folders look like Hive partitions, but the day is a column of the files too.
                hive_options: HiveOptions::new_disabled(),
                ..ScanArgsParquet::default()
            };
            let scan = |arguments| LazyFrame::scan_parquet_files(paths(), arguments);
            let mut plan = scan(arguments.clone()).map_err(fail)?;
            // The first file's columns count for all; if it is older than a column, that column must be named.
            let mut schema = Schema::clone(&*plan.collect_schema().map_err(fail)?);
            let absent: Vec<_> = columns
                .iter()
                .filter(|(name, _)| !schema.contains(name))
                .collect();
            if absent.is_empty() {
                plan
            } else {
                for (name, kind) in absent {
                    schema.with_column(name.as_str().into(), data_type(*kind));
                }
                scan(ScanArgsParquet {
                    schema: Some(schema.into()),
                    ..arguments
                })
                .map_err(fail)?
            }
        };
        let moments: Vec<Expr> = columns
            .iter()
            .filter(|(name, kind)| *kind == ColumnKind::Time && name.ends_with("_at"))
            .filter_map(|(name, _)| {
                let stem = name.strip_suffix("_at")?;
                Some(col(name).cast(DataType::Int64).alias(format!("{stem}_us")))
            })
            .collect();
        Ok(Frame::new(plan.with_columns(moments)))
    }

    /// A small table made in Rust.
    ///
    /// # Errors
    /// When columns differ in length.
    pub fn from_columns(
        place: &str,
        columns: Vec<(&str, ColumnData)>,
    ) -> Result<Frame, EngineError> {
        Ok(Table::from_columns(place, columns)?.into())
    }

    /// Rows of all frames, one after another; columns must agree. Empty input gives `None`.
    ///
    /// # Errors
    /// When schemas differ.
    pub fn union(place: &str, frames: &[Frame]) -> Result<Option<Frame>, EngineError> {
        let Some(first) = frames.first() else {
            return Ok(None);
        };
        let schema = first.lazy().collect_schema();
        let schema = schema.map_err(|error| refused(place, &error))?;
        // By name: the same columns may stand in another order.
        let columns: Vec<Expr> = schema.iter_names().cloned().map(col).collect();
        let in_order = |frame: &Frame| frame.lazy().select(columns.clone());
        let plans: Vec<LazyFrame> = frames.iter().map(in_order).collect();
        concat(plans, UnionArgs::default())
            .map(|plan| Some(Frame::new(plan)))
            .map_err(|error| refused(place, &error))
    }

    /// The same rows with a column that has no value anywhere.
    #[must_use]
    pub fn with_null(&self, name: &str, kind: ColumnKind) -> Frame {
        let column = lit(NULL).cast(data_type(kind)).alias(name);
        Frame::new(self.lazy().with_columns([column]))
    }

    /// Rows whose values in `columns` do not occur in `other`; a missing value is a value.
    #[must_use]
    pub fn without(&self, other: &Frame, columns: &[&str]) -> Frame {
        self.by_match(other, columns, JoinType::Anti)
    }

    /// Rows whose values in `columns` occur in `other`; a missing value is a value.
    #[must_use]
    pub fn only(&self, other: &Frame, columns: &[&str]) -> Frame {
        self.by_match(other, columns, JoinType::Semi)
    }

    fn by_match(&self, other: &Frame, columns: &[&str], kind: JoinType) -> Frame {
        let on: Vec<Expr> = columns.iter().map(|name| col(*name)).collect();
        let arguments = JoinArgs {
            nulls_equal: true,
            ..JoinArgs::new(kind)
        };
        Frame::new(self.lazy().join(other.lazy(), &on, &on, arguments))
    }

    /// Number of rows.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn count(&self, place: &str) -> Result<u64, EngineError> {
        let rows = super::collect(place, self.lazy().select([len()]))?;
        let rows = rows.columns().first().and_then(|rows| rows.get(0).ok());
        Ok(rows.and_then(|rows| rows.extract()).unwrap_or_default())
    }

    /// The rows with these columns, in memory.
    ///
    /// # Errors
    /// When files cannot be read or a column is not there.
    pub fn table(&self, place: &str, columns: &[String]) -> Result<Table, EngineError> {
        let columns: Vec<Expr> = columns.iter().map(|name| col(name.as_str())).collect();
        Ok(Table::new(super::collect(
            place,
            self.lazy().select(columns),
        )?))
    }

    /// The values of a column of some tables, each once, in no order.
    ///
    /// # Errors
    /// When files cannot be read or the column is not there.
    pub fn distinct(place: &str, frames: &[Frame], column: &str) -> Result<Table, EngineError> {
        let plans: Vec<LazyFrame> = frames
            .iter()
            .map(|frame| frame.lazy().select([col(column)]))
            .collect();
        let values = concat(plans, UnionArgs::default()).map_err(|error| refused(place, &error))?;
        let values = values.unique(None, UniqueKeepStrategy::Any);
        Ok(Table::new(super::collect(place, values)?))
    }

    /// Whether the table has a column of this name.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn has_column(&self, name: &str) -> Result<bool, EngineError> {
        let schema = self.lazy().collect_schema();
        schema
            .map(|schema| schema.contains(name))
            .map_err(|error| refused(name, &error))
    }

    /// One of `parts` parts of the rows, those of equal text or integer in `column` together. Every row is in one of them.
    #[must_use]
    pub fn part(&self, column: &str, part: u64, parts: u64) -> Frame {
        let belongs = move |values: Column| {
            // Tells nothing but which values are together: no result depends on them.
            let (mut hashes, state) = (Vec::new(), PlSeedableRandomStateQuality::fixed());
            match values.dtype() {
                DataType::Int64 => values.i64()?.vec_hash(state, &mut hashes)?,
                _ => values.str()?.vec_hash(state, &mut hashes)?,
            }
            let belongs: BooleanChunked = hashes
                .into_iter()
                .map(|hash| Some(hash % parts == part))
                .collect();
            Ok(belongs.with_name(values.name().clone()).into_column())
        };
        let to_boolean =
            |_: &Schema, field: &Field| Ok(Field::new(field.name().clone(), DataType::Boolean));
        Frame::new(self.lazy().filter(col(column).map(belongs, to_boolean)))
    }

    /// The same rows with a constant text column in front.
    #[must_use]
    pub fn with_text(&self, name: &str, value: &str) -> Frame {
        let mut columns = vec![lit(value.to_owned()).alias(name)];
        columns.push(polars::prelude::all().as_expr());
        Frame::new(self.lazy().select(columns))
    }
}
