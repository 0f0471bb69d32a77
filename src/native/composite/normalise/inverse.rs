//! Which value earns a score: what an item would have to be for a better grade.

use super::super::peers::Peers;
use super::{Direction, Measure, Normalisation};

impl Normalisation {
    /// The value that has just this score; `None` where the scale has no unique one (ranks), where the score is outside
    /// what it gives, or where the peers leave it undefined.
    pub(in crate::native::composite) fn value_for(
        self,
        score: f64,
        direction: Direction,
        peers: &Peers,
    ) -> Option<f64> {
        let position = match direction {
            Direction::Higher => score / 100.0,
            Direction::Lower => 1.0 - score / 100.0,
        };
        let sign = match direction {
            Direction::Higher => 1.0,
            Direction::Lower => -1.0,
        };
        let within = (0.0..=100.0).contains(&score);
        match self {
            Self::None => Some(score * sign),
            Self::Goalposts {
                minimum,
                maximum,
                logarithm,
            } => within.then(|| {
                if logarithm {
                    (minimum.ln() + position * (maximum.ln() - minimum.ln())).exp()
                } else {
                    minimum + position * (maximum - minimum)
                }
            }),
            Self::MinMax => {
                let (smallest, largest) = (peers.smallest()?, peers.largest()?);
                (within && largest > smallest).then_some(smallest + position * (largest - smallest))
            }
            Self::ZScore => Some(peers.mean()? + score * sign * peers.standard_deviation()?),
            Self::Vector => Some(score * sign * peers.length()),
            Self::RatioToTarget { target } => match direction {
                Direction::Higher => within.then(|| target * score / 100.0),
                Direction::Lower => (within && score > 0.0).then(|| target * 100.0 / score),
            },
            Self::Distance { reference, measure } => {
                let reference = peers.reference(reference, direction)?;
                let share = score / 100.0;
                match (measure, direction) {
                    (Measure::Ratio, Direction::Higher) => Some(share * reference),
                    (Measure::Ratio, Direction::Lower) => (share > 0.0).then(|| reference / share),
                    (Measure::Difference, _) => Some(reference * (1.0 + sign * share)),
                }
            }
            Self::Rank | Self::PercentileRank | Self::AboveMean { .. } | Self::Categories => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Reference;
    use super::*;

    proptest! {
        #[test]
        fn scoring_the_value_gives_the_score(mut values in prop::collection::vec(0.5f64..50.0, 3..9), share in 0.05f64..0.95) {
            values.push(60.0);
            let peers = Peers::new(values.iter().copied());
            let distance = |reference, measure| Normalisation::Distance { reference, measure };
            let all = [
                Normalisation::None,
                Normalisation::Goalposts { minimum: 0.1, maximum: 80.0, logarithm: true },
                Normalisation::Goalposts { minimum: 0.1, maximum: 80.0, logarithm: false },
                Normalisation::MinMax,
                Normalisation::ZScore,
                Normalisation::Vector,
                Normalisation::RatioToTarget { target: 70.0 },
                distance(Reference::Mean, Measure::Ratio),
                distance(Reference::Best, Measure::Difference),
            ];
            let value = values[0] + (60.0 - values[0]) * share;
            for normalisation in all {
                for direction in [Direction::Higher, Direction::Lower] {
                    let Some(score) = normalisation.score(value, direction, &peers) else { continue };
                    if matches!(normalisation, Normalisation::RatioToTarget { .. }) && score >= 100.0 {
                        continue;
                    }
                    let back = normalisation.value_for(score, direction, &peers).unwrap();
                    prop_assert!((back - value).abs() < 1e-9 * value.max(1.0), "{normalisation:?} {direction:?}");
                }
            }
        }
    }
}
