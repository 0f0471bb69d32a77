//! How much ranks and grades depend on choices that could have been made otherwise (OECD/JRC *Handbook on Constructing
//! Composite Indicators* (2008), step 7; Saisana, Saltelli and Tarantola 2005).
//!
//! Each draw makes five choices, each independent of the others and each option as likely as another:
//! * weights: the weight of every item, dimension and branch times a number uniform in 1 ± `weight_spread`, re-scaled to
//!   the sum of the node. Weights that come from the data are moved as they came out of it;
//! * normalisation: the framework's own, z-scores, ranks or min–max, for all items at once. Their scores run from 1 to
//!   100 hundredths of the framework's scale: the last in one item is not wiped out by a geometric mean for that
//!   alone. z-scores are 50 + 10 z. An item that does not differ between the peers keeps its own scores;
//! * aggregation at the top: the framework's own rule, or the arithmetic, geometric or harmonic mean;
//! * treatment: as given, or items without a treatment of their own winsorised where their shape asks for it;
//! * leave one out: nothing, or one of the items, whose weight the other items of its dimension take over.
//!
//! Grades have their limits in points of the framework's own normalisation. Where a draw takes another, the scores of
//! all units together are brought to the mean and standard deviation of the published ones before integrity, grades
//! and ranks. This moves no rank by itself; it makes a point mean what it means in the limits.
//!
//! Ranked units take part; the others have neither grade nor rank that could change. The draws are points of a Sobol'
//! sequence shifted by the seed, and the weights of a draw come from a generator of its own, so that neither the number
//! of threads nor the order of units changes any digit.

mod alternatives;
mod choice;
mod evaluator;
mod level;
mod sequence;
mod sobol;
mod study;
mod summary;

use std::collections::BTreeMap;

use super::evaluate::{Evaluation, Unit};
use super::framework::Framework;
pub use choice::Factor;
pub use sobol::{SobolIndex, sobol_indices};
use study::Study;
pub use summary::UnitUncertainty;

/// How the analysis is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UncertaintyRule {
    /// At least 1.
    pub draws: u32,
    /// What all random choices come from.
    pub seed: u64,
    /// Largest share by which a weight moves, below 1.
    pub weight_spread: f64,
    /// A grade on which a smaller share of the draws agrees is borderline.
    pub agreement: f64,
}

impl Default for UncertaintyRule {
    fn default() -> Self {
        Self {
            draws: 1000,
            seed: 20_200_721,
            weight_spread: 0.25,
            agreement: 0.9,
        }
    }
}

/// What one factor has to do with the mean absolute shift of ranks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactorInfluence {
    pub factor: Factor,
    pub index: SobolIndex,
}

/// For each unit of an evaluation how its rank and grade vary; `None` for a unit without a rank, and for all where a
/// node lets every unit choose its own weights (benefit of the doubt).
///
/// `evaluation` is what [`super::evaluate_in_groups`] gave for the same framework, units and groups.
pub fn rank_uncertainty(
    framework: &Framework,
    rule: UncertaintyRule,
    units: &[Unit],
    groups: &BTreeMap<String, String>,
    evaluation: &Evaluation,
) -> Vec<Option<UnitUncertainty>> {
    let mut all = vec![None; units.len()];
    if let Some(study) = Study::new(framework, rule, units, groups, evaluation) {
        for (unit, found) in summary::by_unit(&study) {
            if let Some(cell) = all.get_mut(unit) {
                *cell = Some(found);
            }
        }
    }
    all
}

/// Which choices move the ranks: Sobol indices of the mean absolute rank shift against the published ranks, from
/// `draws` samples, which are `draws` × 7 evaluations; in the order of [`Factor::ALL`]. `None` where no choice moves any
/// rank, and where [`rank_uncertainty`] has nothing.
pub fn rank_influences(
    framework: &Framework,
    rule: UncertaintyRule,
    units: &[Unit],
    groups: &BTreeMap<String, String>,
    evaluation: &Evaluation,
) -> Option<Vec<FactorInfluence>> {
    let study = Study::new(framework, rule, units, groups, evaluation)?;
    let indices = sobol_indices(Factor::ALL.len(), rule.draws, rule.seed, |point| {
        study.mean_shift(&study.draw(point))
    })?;
    let pairs = Factor::ALL.into_iter().zip(indices);
    Some(
        pairs
            .map(|(factor, index)| FactorInfluence { factor, index })
            .collect(),
    )
}

#[cfg(test)]
mod tests;
