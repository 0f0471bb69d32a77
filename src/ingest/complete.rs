//! Columns that follow from other columns of a row: they are not moved with it, but worked out when it is written.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringViewBuilder, UInt32Builder};
use arrow::compute::take;
use arrow::datatypes::{Date32Type, Int64Type, SchemaRef, TimestampMicrosecondType};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::columns::{LOAD_ID, LOAD_SEQUENCE, OBJECT, calendar_text, completed_schema};
use crate::contract::{Calendar, Contract, month_of, quarter_of, shanghai_day};

/// A load's name and object, by its order.
pub(super) type Loads = BTreeMap<i64, (String, String)>;

/// Completes moved rows.
pub(super) struct Completion {
    schema: SchemaRef,
    origins: Vec<Origin>,
    loads: Loads,
}

/// Where a column of the table comes from.
enum Origin {
    /// It was moved.
    Moved(String),
    /// The month or quarter of the date or moment in this column.
    Calendar(Calendar, String),
    LoadId,
    Object,
}

impl Completion {
    pub fn new(contract: &Contract, loads: Loads) -> Completion {
        let schema = completed_schema(contract);
        let mut derived: HashMap<String, Origin> = contract
            .lake_columns()
            .into_iter()
            .filter_map(|column| {
                let unit = calendar_text(&column)?;
                let source = contract.columns.get(column.source)?.name.clone();
                Some((column.name, Origin::Calendar(unit, source)))
            })
            .collect();
        let origins = schema
            .fields()
            .iter()
            .map(|field| match field.name().as_str() {
                LOAD_ID => Origin::LoadId,
                OBJECT => Origin::Object,
                name => derived
                    .remove(name)
                    .unwrap_or_else(|| Origin::Moved(name.to_owned())),
            })
            .collect();
        Completion {
            schema,
            origins,
            loads,
        }
    }

    /// Schema of completed rows.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The rows with all columns of the table.
    ///
    /// # Errors
    /// Only when Arrow refuses the columns, which would be a fault of this program.
    pub fn complete(&self, rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let column = |name: &str| {
            rows.column_by_name(name)
                .ok_or_else(|| ArrowError::SchemaError(format!("rows without column {name}")))
        };
        let of_load = |text: fn(&(String, String)) -> &String| {
            let sequences = column(LOAD_SEQUENCE)?.as_primitive::<Int64Type>().iter();
            texts(sequences, |sequence| {
                self.loads.get(&sequence).map(|load| text(load).clone())
            })
        };
        let columns = self
            .origins
            .iter()
            .map(|origin| match origin {
                Origin::Moved(name) => column(name).cloned(),
                Origin::Calendar(unit, name) => calendar(*unit, column(name)?),
                Origin::LoadId => of_load(|(load_id, _)| load_id),
                Origin::Object => of_load(|(_, object)| object),
            })
            .collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(SchemaRef::clone(&self.schema), columns)
    }
}

/// Months or quarters of days or moments.
fn calendar(unit: Calendar, source: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let text_of = match unit {
        Calendar::Quarter => quarter_of,
        _ => month_of,
    };
    if let Some(days) = source.as_primitive_opt::<Date32Type>() {
        return texts(days.iter(), text_of);
    }
    let moments = source.as_primitive::<TimestampMicrosecondType>();
    let days = moments.iter().map(|moment| moment.map(shanghai_day));
    texts(days, text_of)
}

/// A text for each key, made and kept once for equal ones.
fn texts<K: Copy + Eq + Hash>(
    keys: impl Iterator<Item = Option<K>>,
    text_of: impl Fn(K) -> Option<String>,
) -> Result<ArrayRef, ArrowError> {
    let mut known: HashMap<K, Option<u32>> = HashMap::new();
    let mut distinct = StringViewBuilder::new();
    let mut count = 0;
    let mut places = UInt32Builder::with_capacity(keys.size_hint().0);
    // Neighbours mostly share their key.
    let mut last: Option<(K, Option<u32>)> = None;
    for key in keys {
        let Some(key) = key else {
            places.append_null();
            continue;
        };
        let place = match last {
            Some((same, place)) if same == key => place,
            _ => *known.entry(key).or_insert_with(|| {
                let text = text_of(key)?;
                distinct.append_value(text);
                count += 1;
                Some(count - 1)
            }),
        };
        last = Some((key, place));
        places.append_option(place);
    }
    let distinct: ArrayRef = Arc::new(distinct.finish());
    take(&distinct, &places.finish(), None)
}

#[cfg(test)]
mod tests {
    use arrow::array::{Date32Array, TimestampMicrosecondArray};

    use super::*;

    #[test]
    fn equal_keys_share_their_text_and_nulls_have_none() {
        let days: ArrayRef = Arc::new(Date32Array::from(vec![
            Some(18_262),
            Some(18_293),
            None,
            Some(18_262),
            Some(18_353),
        ]));
        let months = calendar(Calendar::Month, &days).unwrap();
        let months: Vec<_> = months.as_string_view().iter().collect();
        let first = Some("2020-01");
        assert_eq!(
            months,
            [first, Some("2020-02"), None, first, Some("2020-04")]
        );
        let quarters = calendar(Calendar::Quarter, &days).unwrap();
        let quarters: Vec<_> = quarters.as_string_view().iter().collect();
        let first = Some("2020-Q1");
        assert_eq!(quarters, [first, first, None, first, Some("2020-Q2")]);
    }

    #[test]
    fn a_moment_belongs_to_its_local_month() {
        // The last second of January in Shanghai, and the first of February.
        let moments: ArrayRef = Arc::new(
            TimestampMicrosecondArray::from(vec![1_580_486_399_000_000, 1_580_486_400_000_000])
                .with_timezone("UTC"),
        );
        let months = calendar(Calendar::Month, &moments).unwrap();
        let months: Vec<_> = months.as_string_view().iter().flatten().collect();
        assert_eq!(months, ["2020-01", "2020-02"]);
    }
}
