//! Distance from one's peers, on a scale that the outlier itself cannot stretch.
//!
//! Source: B. Iglewicz and D. C. Hoaglin, *How to Detect and Handle Outliers* (1993): the modified z-score
//! 0.6745 · (x − median) / MAD. Where more than half of the peers are equal, MAD is 0 and the mean absolute deviation
//! takes its place, as is usual: (x − median) / (1.2533 · mean absolute deviation). Both estimate distance in standard
//! deviations: 1 / 0.6745 of the one and 1.2533 = √(π/2) of the other are a normal variable's.

const NORMAL_QUARTILE: f64 = 0.6745;
const NORMAL_MEAN_DEVIATION: f64 = 1.2533;

/// Centre and spread of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeerScale {
    pub median: f64,
    /// MAD (the median of the absolute deviations from the median), or 1.2533 times their mean where MAD is 0.
    pub spread: f64,
    /// Whether `spread` is MAD.
    pub by_median_deviation: bool,
}

impl PeerScale {
    /// The scale of these values. `None` if there are none, if one is not finite, or if they have no spread.
    /// The same to the last bit whatever their order.
    pub fn of(values: &[f64]) -> Option<Self> {
        let ascending = sorted(values)?;
        let median = middle(&ascending)?;
        let mut deviations: Vec<f64> = ascending
            .iter()
            .map(|value| (value - median).abs())
            .collect();
        deviations.sort_unstable_by(f64::total_cmp);
        let median_deviation = middle(&deviations)?;
        let by_median_deviation = median_deviation > 0.0;
        let spread = if by_median_deviation {
            median_deviation
        } else {
            let sum: f64 = deviations.iter().sum();
            NORMAL_MEAN_DEVIATION * (sum / deviations.len() as f64)
        };
        let usable = spread > 0.0 && spread.is_finite();
        usable.then_some(Self {
            median,
            spread,
            by_median_deviation,
        })
    }

    /// How many standard deviations of a normal variable `value` lies above the median.
    pub fn modified_z(&self, value: f64) -> f64 {
        let distance = value - self.median;
        if self.by_median_deviation {
            NORMAL_QUARTILE * distance / self.spread
        } else {
            distance / self.spread
        }
    }
}

/// The middle value, or the mean of the two middle ones. `None` if there are none or one is not finite.
pub fn median(values: &[f64]) -> Option<f64> {
    middle(&sorted(values)?)
}

/// Quantile of ascending values by linear interpolation between order statistics at (n − 1)·q; `None` without values.
pub fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let position = share * last as f64;
    let below = *ascending.get(position.floor() as usize)?;
    let above = *ascending.get(position.ceil() as usize)?;
    Some(below + (above - below) * position.fract())
}

/// The modified z-score of each value among all of them. `None` as for [`PeerScale::of`].
pub fn modified_z_scores(values: &[f64]) -> Option<Vec<f64>> {
    let scale = PeerScale::of(values)?;
    let scores = values.iter().map(|value| scale.modified_z(*value));
    Some(scores.collect())
}

fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    let mut ascending = values.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    let finite = ascending.iter().all(|value| value.is_finite());
    finite.then_some(ascending)
}

fn middle(ascending: &[f64]) -> Option<f64> {
    let half = ascending.len() / 2;
    let upper = ascending.get(half)?;
    if ascending.len() % 2 == 1 {
        return Some(*upper);
    }
    let lower = ascending.get(half.checked_sub(1)?)?;
    Some(lower + (upper - lower) / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Iglewicz & Hoaglin (1993): ten values and the absolute modified z-scores printed for them.
    const PUBLISHED: [(f64, f64); 10] = [
        (2.1, 1.573_833_33),
        (2.6, 0.674_5),
        (2.4, 0.224_833_33),
        (2.5, 0.224_833_33),
        (2.3, 0.674_5),
        (2.1, 1.573_833_33),
        (2.3, 0.674_5),
        (2.6, 0.674_5),
        (8.2, 25.855_833_33),
        (8.3, 26.305_5),
    ];

    #[test]
    fn the_published_scores_come_out() {
        let found = modified_z_scores(&PUBLISHED.map(|(value, _)| value)).unwrap();
        for (found, (value, published)) in found.iter().zip(PUBLISHED) {
            assert!((found.abs() - published).abs() < 5e-9, "{value}");
        }
    }

    #[test]
    fn the_mean_deviation_stands_in_where_most_are_equal() {
        let scale = PeerScale::of(&[4.0, 4.0, 4.0, 4.0, 9.0]).unwrap();
        assert!(!scale.by_median_deviation);
        assert_eq!(scale.spread, 1.2533);
        assert_eq!(scale.modified_z(9.0), 5.0 / 1.2533);
        assert_eq!(scale.modified_z(4.0), 0.0);
    }

    #[test]
    fn no_spread_no_scale() {
        assert_eq!(PeerScale::of(&[]), None);
        assert_eq!(PeerScale::of(&[3.0]), None);
        assert_eq!(PeerScale::of(&[3.0, 3.0, 3.0]), None);
        assert_eq!(PeerScale::of(&[3.0, f64::NAN, 4.0]), None);
        assert_eq!(PeerScale::of(&[3.0, f64::INFINITY, 4.0]), None);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[5.0, 1.0]), Some(3.0));
        assert_eq!(median(&[5.0, 1.0, 2.0]), Some(2.0));
    }

    proptest! {
        #[test]
        fn order_does_not_matter(values in prop::collection::vec(-1e6f64..1e6, 0..30), turn in 0usize..30) {
            let mut turned = values.clone();
            turned.rotate_left(turn % values.len().max(1));
            prop_assert_eq!(PeerScale::of(&values), PeerScale::of(&turned));
        }

        #[test]
        fn half_of_the_values_lie_within_the_quartile(values in prop::collection::vec(-1e6f64..1e6, 3..30)) {
            if let Some(scale) = PeerScale::of(&values) && scale.by_median_deviation {
                let within = values.iter().filter(|value| scale.modified_z(**value).abs() <= 0.6745 + 1e-9);
                prop_assert!(within.count() * 2 >= values.len());
            }
        }
    }
}
