//! Normalisation: item values in their own units become scores that can be put together.
//!
//! Sources: UNDP *Human Development Report* technical notes (goalposts); OECD/JRC *Handbook on Constructing Composite
//! Indicators* (2008), chapter 5 and table 15 (the others). Goalposts, min–max, ratio to target and percentile rank
//! give 0 to 100; distance gives points of 100 at the reference; z-score, rank and `none` keep their own units, of which
//! a larger score is the better too.

mod inverse;
mod score;

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
    /// The value as it stands; its opposite for [`Direction::Lower`], which only rules that compare units take.
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
    /// x / √Σx² of the peers, as TOPSIS has it; with the opposite sign for [`Direction::Lower`].
    Vector,
    /// 1 above the peers' mean by more than this share of it, −1 below it by more, else 0.
    AboveMean { threshold: f64 },
    /// 0, 20, 40, 50, 60, 80 or 100 points up to a percentile rank of 5, 15, 35, 65, 85, 95 and beyond.
    Categories,
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
        difference || self == Self::ZScore || matches!(self, Self::AboveMean { .. })
    }

    /// Whether scores are shares told in points, 100 for the whole.
    pub fn gives_points(self) -> bool {
        match self {
            Self::Goalposts { .. }
            | Self::MinMax
            | Self::PercentileRank
            | Self::Distance { .. }
            | Self::RatioToTarget { .. }
            | Self::Categories => true,
            Self::None | Self::ZScore | Self::Rank | Self::Vector | Self::AboveMean { .. } => false,
        }
    }

    /// Whether numbers of the file are in the item's own units.
    pub fn has_fixed_values(self) -> bool {
        match self {
            Self::Goalposts { .. } | Self::RatioToTarget { .. } => true,
            Self::Distance { reference, .. } => matches!(reference, Reference::Value(_)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
