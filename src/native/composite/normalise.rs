//! Normalisation: item values in their own units become scores that can be put together.
//!
//! Sources: UNDP *Human Development Report* technical notes (goalposts); OECD/JRC *Handbook on Constructing Composite
//! Indicators* (2008), chapter 5 and table 15 (the others). Goalposts, min–max, ratio to target and percentile rank
//! give 0 to 100; distance gives points of 100 at the reference; z-score, rank and `none` keep their own units.

use super::peers::Peers;

/// Which end of an item's scale is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Higher,
    Lower,
}

/// What a distance is taken from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reference {
    /// Arithmetic mean of the peers.
    Mean,
    /// The best of the peers (the leader).
    Best,
    /// The worst of the peers.
    Worst,
    /// A fixed value.
    Value(f64),
}

/// How a distance is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// value / reference.
    Ratio,
    /// (value − reference) / reference.
    Difference,
}

/// How one item's values become scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Normalisation {
    /// The value as it stands.
    None,
    /// (x − minimum) / (maximum − minimum) between fixed goalposts, held within 0 to 100; with `logarithm` the
    /// logarithms of all three are taken first.
    Goalposts {
        minimum: f64,
        maximum: f64,
        logarithm: bool,
    },
    /// (x − smallest) / (largest − smallest) of the peers; held within 0 to 100 for a unit that is no peer.
    MinMax,
    /// (x − mean) / standard deviation of the peers (n − 1 degrees of freedom).
    ZScore,
    /// 1 + number of peers that do worse: the larger, the better; ties share the lower rank.
    Rank,
    /// Rank as a share of the number of peers.
    PercentileRank,
    /// Distance to a reference above 0; for [`Direction::Lower`] the ratio is turned over (a value of 0 then has none)
    /// and the difference changes its sign.
    Distance {
        reference: Reference,
        measure: Measure,
    },
    /// x / target (target / x for [`Direction::Lower`]), held within 0 to 100.
    RatioToTarget { target: f64 },
}

impl Normalisation {
    /// Whether scores are negative for some units whatever the values are.
    pub fn is_signed(self) -> bool {
        let difference = matches!(
            self,
            Self::Distance {
                measure: Measure::Difference,
                ..
            }
        );
        difference || self == Self::ZScore
    }

    /// The scores of one item's values against the peers. `None` where the value is absent, and for all units where
    /// the peers leave the scale undefined (no peers, no spread, a reference that is not above 0): such an item is
    /// missing, not zero.
    pub(super) fn scores(
        self,
        values: &[Option<f64>],
        direction: Direction,
        peers: &Peers,
    ) -> Vec<Option<f64>> {
        values
            .iter()
            .map(|value| self.score((*value)?, direction, peers))
            .collect()
    }

    fn score(self, value: f64, direction: Direction, peers: &Peers) -> Option<f64> {
        let higher_is_better = direction == Direction::Higher;
        match self {
            Self::None => Some(value),
            Self::Goalposts {
                minimum,
                maximum,
                logarithm,
            } => {
                let scale = |value: f64| if logarithm { value.ln() } else { value };
                // No logarithm below the lower goalpost is needed: there the position is 0 whatever it is.
                let value = value.max(minimum);
                let position = (scale(value) - scale(minimum)) / (scale(maximum) - scale(minimum));
                Some(percent(turned(position, direction)))
            }
            Self::MinMax => {
                let (smallest, largest) = (peers.smallest()?, peers.largest()?);
                if largest <= smallest {
                    return None;
                }
                let position = (value - smallest) / (largest - smallest);
                Some(percent(turned(position, direction)))
            }
            Self::ZScore => {
                let deviation = peers.standard_deviation()?;
                if deviation <= 0.0 {
                    return None;
                }
                let score = (value - peers.mean()?) / deviation;
                Some(if higher_is_better { score } else { -score })
            }
            Self::Rank => peers.rank(value, direction),
            Self::PercentileRank => {
                let share = peers.rank(value, direction)? / peers.count();
                Some(percent(share))
            }
            Self::Distance { reference, measure } => {
                let reference = peers.reference(reference, direction)?;
                if reference <= 0.0 {
                    return None;
                }
                let distance = match (measure, direction) {
                    (Measure::Ratio, Direction::Higher) => value / reference,
                    (Measure::Ratio, Direction::Lower) if value == 0.0 => return None,
                    (Measure::Ratio, Direction::Lower) => reference / value,
                    (Measure::Difference, Direction::Higher) => (value - reference) / reference,
                    (Measure::Difference, Direction::Lower) => (reference - value) / reference,
                };
                Some(distance * 100.0)
            }
            Self::RatioToTarget { target } => {
                let ratio = if higher_is_better {
                    value / target
                } else if value <= 0.0 {
                    1.0
                } else {
                    target / value
                };
                Some(percent(ratio))
            }
        }
    }
}

fn turned(position: f64, direction: Direction) -> f64 {
    match direction {
        Direction::Higher => position,
        Direction::Lower => 1.0 - position,
    }
}

fn percent(share: f64) -> f64 {
    share.clamp(0.0, 1.0) * 100.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scores(
        normalisation: Normalisation,
        direction: Direction,
        values: &[f64],
    ) -> Vec<Option<f64>> {
        let present: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        normalisation.scores(&present, direction, &Peers::new(values.iter().copied()))
    }

    fn ratio_to_target(target: f64, direction: Direction, value: f64) -> f64 {
        scores(Normalisation::RatioToTarget { target }, direction, &[value])[0].unwrap()
    }

    fn goalposts(direction: Direction, value: f64) -> f64 {
        let normalisation = Normalisation::Goalposts {
            minimum: 0.0,
            maximum: 5.0,
            logarithm: false,
        };
        scores(normalisation, direction, &[value])[0].unwrap()
    }

    #[test]
    fn ratio_to_target_is_capped_at_both_ends() {
        assert_eq!(ratio_to_target(0.95, Direction::Higher, 0.95), 100.0);
        assert_eq!(ratio_to_target(0.95, Direction::Higher, 1.0), 100.0);
        assert_eq!(ratio_to_target(0.8, Direction::Higher, 0.4), 50.0);
        assert_eq!(ratio_to_target(0.8, Direction::Higher, -0.1), 0.0);
        assert_eq!(ratio_to_target(2.0, Direction::Lower, 4.0), 50.0);
        assert_eq!(ratio_to_target(2.0, Direction::Lower, 1.0), 100.0);
        assert_eq!(ratio_to_target(2.0, Direction::Lower, 0.0), 100.0);
    }

    #[test]
    fn goalposts_hold_scores_within_their_ends() {
        // 100 − 20 × upheld complaints per 1,000 learners, never below 0.
        assert_eq!(goalposts(Direction::Lower, 0.0), 100.0);
        assert_eq!(goalposts(Direction::Lower, 1.0), 80.0);
        assert_eq!(goalposts(Direction::Lower, 7.0), 0.0);
        assert_eq!(goalposts(Direction::Higher, 7.0), 100.0);
        assert_eq!(goalposts(Direction::Higher, -1.0), 0.0);
        let income = Normalisation::Goalposts {
            minimum: 100.0,
            maximum: 10_000.0,
            logarithm: true,
        };
        let found = scores(
            income,
            Direction::Higher,
            &[1_000.0, 100.0, 0.0, -5.0, 20_000.0],
        );
        let expected = [50.0, 0.0, 0.0, 0.0, 100.0];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found.unwrap() - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn lower_is_better_mirrors_the_peer_scales() {
        let values = [1.0, 2.0, 4.0];
        let lower = |normalisation| scores(normalisation, Direction::Lower, &values);
        let third = 100.0 / 3.0;
        let min_max: Vec<f64> = lower(Normalisation::MinMax).into_iter().flatten().collect();
        assert_eq!(min_max[0], 100.0);
        assert!((min_max[1] - 2.0 * third).abs() < 1e-9);
        assert_eq!(min_max[2], 0.0);
        assert_eq!(
            lower(Normalisation::Rank),
            [Some(3.0), Some(2.0), Some(1.0)]
        );
        let to_best = Normalisation::Distance {
            reference: Reference::Best,
            measure: Measure::Ratio,
        };
        assert_eq!(lower(to_best), [Some(100.0), Some(50.0), Some(25.0)]);
        let to_worst = Normalisation::Distance {
            reference: Reference::Worst,
            measure: Measure::Difference,
        };
        assert_eq!(lower(to_worst), [Some(75.0), Some(50.0), Some(0.0)]);
    }

    #[test]
    fn a_scale_the_peers_leave_undefined_gives_no_scores() {
        for normalisation in [Normalisation::MinMax, Normalisation::ZScore] {
            assert_eq!(
                scores(normalisation, Direction::Higher, &[3.0, 3.0]),
                [None, None]
            );
        }
        assert_eq!(
            scores(Normalisation::ZScore, Direction::Higher, &[3.0]),
            [None]
        );
        let to_mean = Normalisation::Distance {
            reference: Reference::Mean,
            measure: Measure::Ratio,
        };
        assert_eq!(
            scores(to_mean, Direction::Higher, &[-1.0, 1.0]),
            [None, None]
        );
        let nobody = Peers::new(std::iter::empty());
        for normalisation in [
            Normalisation::MinMax,
            Normalisation::ZScore,
            Normalisation::Rank,
            Normalisation::PercentileRank,
            to_mean,
        ] {
            assert_eq!(
                normalisation.scores(&[Some(1.0)], Direction::Higher, &nobody),
                [None]
            );
        }
    }

    #[test]
    fn units_that_are_no_peers_are_measured_on_the_peers_scale() {
        let peers = Peers::new([10.0, 20.0].into_iter());
        let values = [Some(30.0), None, Some(15.0)];
        let found = Normalisation::MinMax.scores(&values, Direction::Higher, &peers);
        assert_eq!(found, [Some(100.0), None, Some(50.0)]);
        let found = Normalisation::PercentileRank.scores(&values, Direction::Higher, &peers);
        assert_eq!(found, [Some(100.0), None, Some(100.0)]);
    }

    proptest! {
        #[test]
        fn better_values_never_score_worse(mut values in prop::collection::vec(0.01f64..100.0, 2..20)) {
            values.sort_by(f64::total_cmp);
            let best_ratio = Normalisation::Distance { reference: Reference::Best, measure: Measure::Ratio };
            let all = [
                Normalisation::None,
                Normalisation::Goalposts { minimum: 10.0, maximum: 80.0, logarithm: true },
                Normalisation::MinMax,
                Normalisation::ZScore,
                Normalisation::Rank,
                Normalisation::PercentileRank,
                Normalisation::RatioToTarget { target: 40.0 },
                best_ratio,
            ];
            for normalisation in all {
                let rising: Vec<f64> = scores(normalisation, Direction::Higher, &values).into_iter().flatten().collect();
                prop_assert!(rising.windows(2).all(|pair| pair[0] <= pair[1]));
                if normalisation != Normalisation::None {
                    let falling: Vec<f64> = scores(normalisation, Direction::Lower, &values).into_iter().flatten().collect();
                    prop_assert!(falling.windows(2).all(|pair| pair[0] >= pair[1]));
                }
            }
        }
    }
}
