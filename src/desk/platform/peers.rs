//! Quartiles of other platforms' values, in which no platform stands out.

use crate::native::statistics::quantile;

/// Fewest other platforms with a value of which quartiles are shown: of fewer, they could tell one competitor's figure.
pub const FEWEST_OTHERS: usize = 5;

/// Quartiles of other platforms' values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quartiles {
    /// Platforms with a value.
    pub platforms: usize,
    /// First quartile.
    pub lower: f64,
    /// Median.
    pub middle: f64,
    /// Third quartile.
    pub upper: f64,
}

impl Quartiles {
    /// Quartiles by linear interpolation at (n − 1)·q, as the evaluation takes them; none of too few values.
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Option<Quartiles> {
        let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        if values.len() < FEWEST_OTHERS {
            return None;
        }
        values.sort_by(f64::total_cmp);
        let at = |share: f64| quantile(&values, share);
        Some(Quartiles {
            platforms: values.len(),
            lower: at(0.25)?,
            middle: at(0.5)?,
            upper: at(0.75)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_others_have_no_distribution_and_five_have() {
        assert_eq!(Quartiles::of([1.0, 2.0, 3.0, 4.0].into_iter()), None);
        let absent = [1.0, 2.0, 3.0, 4.0, f64::NAN];
        assert_eq!(Quartiles::of(absent.into_iter()), None);
        let found = Quartiles::of([5.0, 1.0, 3.0, 2.0, 4.0, 9.0].into_iter()).unwrap();
        assert_eq!(found.platforms, 6);
        assert_eq!((found.lower, found.middle, found.upper), (2.25, 3.5, 4.75));
    }
}
