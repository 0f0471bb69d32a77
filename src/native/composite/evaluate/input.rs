//! Units and values as they are handed in, checked and laid out in columns.

use std::collections::{BTreeMap, BTreeSet};

use super::super::framework::Framework;
use super::{EvaluationError, ItemValue, Unit};

/// One column of values per item of the framework, one row per unit.
pub(super) fn value_columns(
    framework: &Framework,
    units: &[Unit],
    values: &[ItemValue],
) -> Result<Vec<Vec<Option<f64>>>, EvaluationError> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, unit) in units.iter().enumerate() {
        if rows.insert(&unit.id, row).is_some() {
            return Err(EvaluationError::DuplicateUnit {
                unit: unit.id.clone(),
            });
        }
    }
    let item_columns: BTreeMap<&str, usize> = framework
        .items()
        .enumerate()
        .map(|(column, (_, item))| (item.id.as_str(), column))
        .collect();
    let mut columns = vec![vec![None; units.len()]; framework.items().count()];
    let mut given = BTreeSet::new();
    for entry in values {
        let (unit, item) = (entry.unit.clone(), entry.item.clone());
        let Some(row) = rows.get(entry.unit.as_str()) else {
            return Err(EvaluationError::UnknownUnit { unit, item });
        };
        let Some(column) = item_columns.get(entry.item.as_str()) else {
            return Err(EvaluationError::UnknownItem { unit, item });
        };
        if !given.insert((*row, *column)) {
            return Err(EvaluationError::DuplicateValue { unit, item });
        }
        if entry.value.is_some_and(|value| !value.is_finite()) {
            return Err(EvaluationError::NotFinite { unit, item });
        }
        let cell = columns
            .get_mut(*column)
            .and_then(|column| column.get_mut(*row));
        if let Some(cell) = cell {
            *cell = entry.value;
        }
    }
    Ok(columns)
}
