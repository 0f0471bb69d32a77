//! The score of a value against its peers.

use super::super::peers::Peers;
use super::{Direction, Measure, Normalisation};

/// Percentile ranks up to the first have the second as their score; 100 beyond the last (Handbook, table 15).
const CATEGORIES: [(f64, f64); 6] = [
    (5.0, 0.0),
    (15.0, 20.0),
    (35.0, 40.0),
    (65.0, 50.0),
    (85.0, 60.0),
    (95.0, 80.0),
];

impl Normalisation {
    /// The scores of one item's values against the peers. `None` where the value is absent, and for all units where
    /// the peers leave the scale undefined (no peers, no spread, a reference that is not above 0): such an item is
    /// missing, not zero.
    pub(in crate::native::composite) fn scores(
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

    pub(super) fn score(self, value: f64, direction: Direction, peers: &Peers) -> Option<f64> {
        let higher_is_better = direction == Direction::Higher;
        match self {
            Self::None => Some(signed(value, direction)),
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
                Some(signed((value - peers.mean()?) / deviation, direction))
            }
            Self::Rank => peers.rank(value, direction),
            Self::PercentileRank => Some(percent(share_of_peers(value, direction, peers)?)),
            Self::Categories => {
                let rank = share_of_peers(value, direction, peers)? * 100.0;
                let category = CATEGORIES.iter().find(|(limit, _)| rank <= *limit);
                Some(category.map_or(100.0, |(_, score)| *score))
            }
            Self::Vector => {
                let length = peers.length();
                (length > 0.0).then(|| signed(value / length, direction))
            }
            Self::AboveMean { threshold } => {
                let mean = peers.mean().filter(|mean| *mean > 0.0)?;
                let above = if value > mean * (1.0 + threshold) {
                    1.0
                } else if value < mean * (1.0 - threshold) {
                    -1.0
                } else {
                    0.0
                };
                Some(signed(above, direction))
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

fn signed(value: f64, direction: Direction) -> f64 {
    match direction {
        Direction::Higher => value,
        Direction::Lower => -value,
    }
}

fn share_of_peers(value: f64, direction: Direction, peers: &Peers) -> Option<f64> {
    Some(peers.rank(value, direction)? / peers.count())
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
