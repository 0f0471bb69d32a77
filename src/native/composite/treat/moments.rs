//! Skewness and kurtosis as the rule of treatment takes them.

use super::super::linear::{mean, sum_of_squares};

/// Shape of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Adjusted Fisher–Pearson coefficient G1 (Joanes & Gill 1998).
    pub skewness: f64,
    /// Excess kurtosis G2; 0 for a normal distribution.
    pub kurtosis: f64,
}

/// Limits beyond which a few values rule the whole scale (JRC: |skewness| above 2 together with kurtosis above 3.5).
const SKEWNESS_LIMIT: f64 = 2.0;
const KURTOSIS_LIMIT: f64 = 3.5;

impl Shape {
    /// `None` for fewer than four values or values without spread.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let squares = sum_of_squares(values);
        if values.len() < 4 || squares <= 0.0 {
            return None;
        }
        let (mean, deviation) = (mean(values), (squares / (count - 1.0)).sqrt());
        let power = |exponent: i32| -> f64 {
            let parts = values
                .iter()
                .map(|value| ((value - mean) / deviation).powi(exponent));
            parts.sum()
        };
        let skewness = count / ((count - 1.0) * (count - 2.0)) * power(3);
        let tails = count * (count + 1.0) / ((count - 1.0) * (count - 2.0) * (count - 3.0));
        let normal = 3.0 * (count - 1.0).powi(2) / ((count - 2.0) * (count - 3.0));
        Some(Self {
            skewness,
            kurtosis: tails * power(4) - normal,
        })
    }

    /// Whether the rule asks for treatment.
    pub fn needs_treatment(self) -> bool {
        self.skewness.abs() > SKEWNESS_LIMIT && self.kurtosis > KURTOSIS_LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_as_spreadsheets_give_them() {
        // SKEW and KURT of the example in their manuals.
        let values = [2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0, 5.0, 6.0, 7.0];
        let mut sorted = [3.0, 4.0, 5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 4.0, 7.0];
        sorted.sort_by(f64::total_cmp);
        let shape = Shape::of(&sorted).unwrap();
        assert!((shape.skewness - 0.359_543_071).abs() < 1e-9);
        assert!((shape.kurtosis + 0.151_799_637).abs() < 1e-9);
        assert!(!shape.needs_treatment());
        assert!(Shape::of(&values[..3]).is_none());
        assert!(Shape::of(&[1.0; 9]).is_none());
        let outlier = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 90.0];
        assert!(Shape::of(&outlier).unwrap().needs_treatment());
    }
}
