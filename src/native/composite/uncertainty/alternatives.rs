//! The scores of all items by each normalisation and treatment that a draw may choose.

use std::collections::BTreeMap;

use super::super::evaluate::{Column, Evaluation, Unit, prepare};
use super::super::framework::{Framework, Item};
use super::super::normalise::Normalisation;
use super::super::treat::{Transform, Treatment};

/// How values become scores in a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// As the framework says.
    Own,
    ZScore,
    Rank,
    MinMax,
}

/// Options of the normalisation, the framework's own first.
pub(super) const SCALES: [Scale; 4] = [Scale::Own, Scale::ZScore, Scale::Rank, Scale::MinMax];

/// The lowest score of an alternative scale, as a share of the scale.
const FLOOR: f64 = 0.01;
/// Points of 100 of the mean, and of one standard deviation, on the scale of z-scores.
const Z_MEAN: f64 = 50.0;
const Z_DEVIATION: f64 = 10.0;
/// Winsorising moves at most this share of the peers' values, the last one whole.
const MOST_WINSORISED: f64 = 0.05;

/// All items by all options.
pub(super) struct Alternatives {
    /// As given first, then winsorised; each by the order of [`SCALES`].
    sets: Vec<(bool, Scale, Vec<Column>)>,
}

impl Alternatives {
    pub fn new(
        framework: &Framework,
        units: &[Unit],
        groups: &BTreeMap<String, String>,
        evaluation: &Evaluation,
    ) -> Self {
        let source = Values {
            framework,
            units,
            groups,
            evaluation,
        };
        let mut sets = Vec::new();
        for is_winsorised in [false, true] {
            for scale in SCALES {
                sets.push((is_winsorised, scale, source.columns(is_winsorised, scale)));
            }
        }
        Self { sets }
    }

    /// In the framework's order of items.
    pub fn columns(&self, is_winsorised: bool, scale: Scale) -> &[Column] {
        let mut sets = self.sets.iter();
        let found = sets.find(|(winsorised, own, _)| *winsorised == is_winsorised && *own == scale);
        found.map_or(&[], |(_, _, columns)| columns)
    }

    /// Whether a score of any option is below 0.
    pub fn has_negative(&self) -> bool {
        let columns = self.sets.iter().flat_map(|(_, _, columns)| columns);
        let mut scores = columns.flat_map(|column| column.scores.iter().flatten());
        scores.any(|score| *score < 0.0)
    }
}

/// What scores are made from.
struct Values<'a> {
    framework: &'a Framework,
    units: &'a [Unit],
    groups: &'a BTreeMap<String, String>,
    evaluation: &'a Evaluation,
}

impl Values<'_> {
    fn columns(&self, is_winsorised: bool, scale: Scale) -> Vec<Column> {
        let items = self.framework.items().enumerate();
        items
            .map(|(place, (_, item))| self.column(place, item, is_winsorised, scale))
            .collect()
    }

    fn column(&self, place: usize, item: &Item, is_winsorised: bool, scale: Scale) -> Column {
        let results = self.evaluation.units.iter();
        let values: Vec<Option<f64>> = results
            .map(|result| result.items.get(place).and_then(|item| item.value))
            .collect();
        let scored = |item: &Item| {
            let prepared = prepare(self.framework, item, &values, self.units, self.groups);
            Column::of_item(&prepared)
        };
        let mut item = item.clone();
        if is_winsorised && item.treatment == Treatment::None {
            item.treatment = Treatment::Winsorise {
                most: self.most_winsorised(),
                then: None,
            };
        }
        let own = scored(&item);
        let Some(normalisation) = relative(scale) else {
            return own;
        };
        if let Normalisation::Goalposts {
            logarithm: true, ..
        } = item.normalisation
        {
            // The logarithm says what the values mean, not how they are scaled.
            item.treatment = Treatment::Transform {
                transform: Transform::Logarithm,
                always: true,
            };
        }
        item.normalisation = normalisation;
        let mut other = scored(&item);
        if !self.differs(&other) {
            return own;
        }
        for score in other.scores.iter_mut().flatten() {
            *score = self.held(scale, *score);
        }
        other
    }

    /// A score of an alternative scale between its floor and the whole scale.
    fn held(&self, scale: Scale, score: f64) -> f64 {
        let whole = self.framework.scale;
        let share = match scale {
            Scale::ZScore => (Z_MEAN + Z_DEVIATION * score) / 100.0,
            _ => FLOOR + (1.0 - FLOOR) * score / whole,
        };
        share.clamp(FLOOR, 1.0) * whole
    }

    fn most_winsorised(&self) -> usize {
        let peers = self.units.iter().filter(|unit| unit.sample_ok).count();
        (peers as f64 * MOST_WINSORISED).ceil() as usize
    }

    /// Whether the peers have different scores.
    fn differs(&self, column: &Column) -> bool {
        let peers = self.units.iter().zip(&column.scores);
        let mut scores = peers
            .filter(|(unit, _)| unit.sample_ok)
            .filter_map(|(_, score)| *score);
        let first = scores.next();
        scores.any(|score| Some(score) != first)
    }
}

fn relative(scale: Scale) -> Option<Normalisation> {
    match scale {
        Scale::Own => None,
        Scale::ZScore => Some(Normalisation::ZScore),
        Scale::Rank => Some(Normalisation::PercentileRank),
        Scale::MinMax => Some(Normalisation::MinMax),
    }
}
