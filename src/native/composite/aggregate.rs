//! Weighted means that bring several scores to one.

/// How the parts of a node become its score. Parts are absent or finite; weights are greater than 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// Σ w·x / Σ w: a weak part is made good by a strong one.
    Arithmetic,
    /// exp(Σ w·ln x / Σ w) of parts ≥ 0: less compensation; one part at 0 makes the whole 0.
    Geometric,
    /// Σ w / Σ (w / x) of parts ≥ 0: still less compensation.
    Harmonic,
}

/// One part of a node: its weight and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub weight: f64,
    pub score: f64,
}

impl Aggregation {
    /// Whether a negative part has no meaning here.
    pub fn needs_non_negative(self) -> bool {
        match self {
            Self::Arithmetic => false,
            Self::Geometric | Self::Harmonic => true,
        }
    }

    /// The mean of the parts, in their order; `None` without parts.
    pub(super) fn mean(self, parts: &[Part]) -> Option<f64> {
        let total: f64 = parts.iter().map(|part| part.weight).sum();
        if total <= 0.0 {
            return None;
        }
        let weighted = |value: fn(f64) -> f64| -> f64 {
            let sum: f64 = parts
                .iter()
                .map(|part| part.weight * value(part.score))
                .sum();
            sum / total
        };
        let has_zero = parts.iter().any(|part| part.score <= 0.0);
        Some(match self {
            Self::Arithmetic => weighted(|score| score),
            Self::Geometric | Self::Harmonic if has_zero => 0.0,
            Self::Geometric => weighted(f64::ln).exp(),
            Self::Harmonic => 1.0 / weighted(f64::recip),
        })
    }

    /// By how much the mean moves with each part (its partial derivatives). All three means are homogeneous of degree
    /// 1, so by Euler's theorem Σ gradient·x is the mean itself: `gradient·x` is a part's contribution in points.
    pub(super) fn gradient(self, parts: &[Part]) -> Vec<f64> {
        let Some(mean) = self.mean(parts) else {
            return Vec::new();
        };
        let total: f64 = parts.iter().map(|part| part.weight).sum();
        let slope = |part: &Part| {
            let share = part.weight / total;
            match self {
                Self::Arithmetic => share,
                Self::Geometric | Self::Harmonic if mean <= 0.0 => 0.0,
                Self::Geometric => share * mean / part.score,
                Self::Harmonic => share * (mean / part.score).powi(2),
            }
        };
        parts.iter().map(slope).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Aggregation; 3] = [
        Aggregation::Arithmetic,
        Aggregation::Geometric,
        Aggregation::Harmonic,
    ];

    fn parts(pairs: &[(f64, f64)]) -> Vec<Part> {
        let part = |(weight, score): &(f64, f64)| Part {
            weight: *weight,
            score: *score,
        };
        pairs.iter().map(part).collect()
    }

    #[test]
    fn known_means() {
        let two = parts(&[(1.0, 2.0), (1.0, 8.0)]);
        assert_eq!(Aggregation::Arithmetic.mean(&two), Some(5.0));
        let geometric = Aggregation::Geometric.mean(&two).unwrap();
        assert!((geometric - 4.0).abs() < 1e-12);
        assert_eq!(Aggregation::Harmonic.mean(&two), Some(3.2));
        let uneven = parts(&[(3.0, 2.0), (1.0, 8.0)]);
        assert_eq!(Aggregation::Arithmetic.mean(&uneven), Some(3.5));
        let geometric = Aggregation::Geometric.mean(&uneven).unwrap();
        assert!((geometric - 8f64.sqrt()).abs() < 1e-12);
        let harmonic = Aggregation::Harmonic.mean(&uneven).unwrap();
        assert!((harmonic - 32.0 / 13.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_and_zero() {
        let with_zero = parts(&[(1.0, 0.0), (1.0, 8.0)]);
        assert_eq!(Aggregation::Arithmetic.mean(&with_zero), Some(4.0));
        for aggregation in ALL {
            assert_eq!(aggregation.mean(&[]), None);
            assert!(aggregation.gradient(&[]).is_empty());
        }
        for aggregation in [Aggregation::Geometric, Aggregation::Harmonic] {
            assert_eq!(aggregation.mean(&with_zero), Some(0.0));
            assert_eq!(aggregation.gradient(&with_zero), [0.0, 0.0]);
        }
    }

    proptest! {
        #[test]
        fn means_are_ordered_and_contributions_add_up(
            pairs in prop::collection::vec((0.1f64..10.0, 0.5f64..100.0), 1..8)
        ) {
            let parts = parts(&pairs);
            let means = ALL.map(|aggregation| aggregation.mean(&parts).unwrap());
            prop_assert!(means[0] >= means[1] - 1e-9 && means[1] >= means[2] - 1e-9);
            for (aggregation, mean) in ALL.iter().zip(means) {
                let gradient = aggregation.gradient(&parts);
                let sum: f64 = gradient.iter().zip(&parts).map(|(slope, part)| slope * part.score).sum();
                prop_assert!((sum - mean).abs() < 1e-9);
            }
        }

        #[test]
        fn gradient_is_the_slope(
            pairs in prop::collection::vec((0.5f64..5.0, 5.0f64..100.0), 1..6), choice in 0usize..6
        ) {
            let base = parts(&pairs);
            let moved = choice % base.len();
            for aggregation in ALL {
                let step = 1e-4;
                let shifted = |by: f64| {
                    let mut parts = base.clone();
                    parts[moved].score += by;
                    aggregation.mean(&parts).unwrap()
                };
                let measured = (shifted(step) - shifted(-step)) / (2.0 * step);
                prop_assert!((measured - aggregation.gradient(&base)[moved]).abs() < 1e-5);
            }
        }
    }
}
