//! The level of scores: where they lie and how far they spread.

/// Mean and standard deviation of some scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    mean: f64,
    deviation: f64,
}

impl Level {
    /// Summed in ascending order, so that the order of units changes no digit; `None` for fewer than two.
    pub fn of(scores: impl Iterator<Item = f64>) -> Option<Self> {
        let mut ascending: Vec<f64> = scores.collect();
        ascending.sort_unstable_by(f64::total_cmp);
        if ascending.len() < 2 {
            return None;
        }
        let count = ascending.len() as f64;
        let mean = ascending.iter().sum::<f64>() / count;
        let squares: f64 = ascending.iter().map(|score| (score - mean).powi(2)).sum();
        Some(Self {
            mean,
            deviation: (squares / count).sqrt(),
        })
    }

    /// A score of this level brought to another; the other's mean where this level has no spread.
    pub fn brought_to(self, other: Self, score: f64) -> f64 {
        let stretch = if self.deviation > 0.0 {
            other.deviation / self.deviation
        } else {
            1.0
        };
        other.mean + (score - self.mean) * stretch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_matched() {
        let one = Level::of([3.0, 1.0].into_iter()).unwrap();
        let other = Level::of([70.0, 90.0].into_iter()).unwrap();
        assert_eq!(one.brought_to(other, 3.0), 90.0);
        assert_eq!(one.brought_to(other, 2.0), 80.0);
        let flat = Level::of([5.0, 5.0].into_iter()).unwrap();
        assert_eq!(flat.brought_to(other, 5.0), 80.0);
        assert_eq!(Level::of([5.0].into_iter()), None);
    }
}
