//! The table that detectors read.

use thiserror::Error;

/// What is wrong with a table of features. Positions count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FeatureError {
    #[error("feature {feature} has {found} rows where the first has {expected}")]
    Length {
        feature: usize,
        found: usize,
        expected: usize,
    },
    #[error("row {row} of feature {feature} is not a finite number")]
    NotFinite { feature: usize, row: usize },
}

/// Features, column by column: every row has a finite number in each.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    columns: Vec<Vec<f64>>,
    rows: usize,
}

impl Features {
    /// Columns of one length without gaps; what stands for an absent value is for the caller to decide.
    pub fn new(columns: Vec<Vec<f64>>) -> Result<Self, FeatureError> {
        let rows = columns.first().map_or(0, Vec::len);
        for (feature, column) in columns.iter().enumerate() {
            if column.len() != rows {
                return Err(FeatureError::Length {
                    feature,
                    found: column.len(),
                    expected: rows,
                });
            }
            if let Some(row) = column.iter().position(|value| !value.is_finite()) {
                return Err(FeatureError::NotFinite { feature, row });
            }
        }
        Ok(Self { columns, rows })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_ragged_columns_are_refused() {
        let error = Features::new(vec![vec![1.0, 2.0], vec![1.0]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "feature 1 has 1 rows where the first has 2"
        );
        let error = Features::new(vec![vec![1.0, f64::NAN]]).unwrap_err();
        assert_eq!(error, FeatureError::NotFinite { feature: 0, row: 1 });
        assert_eq!(Features::new(Vec::new()).unwrap().rows(), 0);
    }
}
