//! The units an item's values are compared with.

use super::normalise::{Direction, Reference};
use crate::native::statistics::quantile;

/// The values an item's units are compared with, in ascending order, so that sums do not depend on the order of rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Peers {
    ascending: Vec<f64>,
}

impl Peers {
    pub fn new(values: impl Iterator<Item = f64>) -> Self {
        let mut ascending: Vec<f64> = values.collect();
        ascending.sort_by(f64::total_cmp);
        Self { ascending }
    }

    /// Values above `ceiling` become `ceiling`.
    pub fn capped(&self, ceiling: f64) -> Self {
        Self::new(self.ascending.iter().map(|value| value.min(ceiling)))
    }

    /// Quantile by linear interpolation between order statistics at (n − 1)·q; `None` without peers.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        quantile(&self.ascending, share)
    }

    /// The values in ascending order.
    pub fn ascending(&self) -> &[f64] {
        &self.ascending
    }

    /// √Σx².
    pub fn length(&self) -> f64 {
        let squares: f64 = self.ascending.iter().map(|value| value * value).sum();
        squares.sqrt()
    }

    pub fn count(&self) -> f64 {
        self.ascending.len() as f64
    }

    pub fn smallest(&self) -> Option<f64> {
        self.ascending.first().copied()
    }

    pub fn largest(&self) -> Option<f64> {
        self.ascending.last().copied()
    }

    pub fn mean(&self) -> Option<f64> {
        if self.ascending.is_empty() {
            return None;
        }
        Some(self.ascending.iter().sum::<f64>() / self.count())
    }

    pub fn standard_deviation(&self) -> Option<f64> {
        let mean = self.mean()?;
        if self.ascending.len() < 2 {
            return None;
        }
        let squares: f64 = self
            .ascending
            .iter()
            .map(|value| (value - mean).powi(2))
            .sum();
        Some((squares / (self.count() - 1.0)).sqrt())
    }

    pub fn rank(&self, value: f64, direction: Direction) -> Option<f64> {
        if self.ascending.is_empty() {
            return None;
        }
        let worse = match direction {
            Direction::Higher => self.ascending.partition_point(|peer| *peer < value),
            Direction::Lower => {
                self.ascending.len() - self.ascending.partition_point(|peer| *peer <= value)
            }
        };
        Some(1.0 + worse as f64)
    }

    pub fn reference(&self, reference: Reference, direction: Direction) -> Option<f64> {
        match (reference, direction) {
            (Reference::Mean, _) => self.mean(),
            (Reference::Best, Direction::Higher) | (Reference::Worst, Direction::Lower) => {
                self.largest()
            }
            (Reference::Worst, Direction::Higher) | (Reference::Best, Direction::Lower) => {
                self.smallest()
            }
            (Reference::Value(value), _) => Some(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_linearly() {
        let peers = Peers::new([4.0, 1.0, 3.0, 2.0].into_iter());
        assert_eq!(peers.quantile(0.75), Some(3.25));
        assert_eq!(peers.quantile(0.0), Some(1.0));
        assert_eq!(peers.quantile(1.0), Some(4.0));
        assert_eq!(Peers::new(std::iter::empty()).quantile(0.5), None);
        assert_eq!(peers.capped(3.25).largest(), Some(3.25));
    }
}
