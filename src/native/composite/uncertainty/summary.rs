//! What all draws say about each unit.

use rayon::prelude::*;

use super::choice::Factor;
use super::sequence::SobolSequence;
use super::study::{Drawn, Study};

/// How the rank and the grade of a unit vary over the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitUncertainty {
    /// Share of the draws whose grade is the published one; `None` for a framework without grades.
    pub grade_agreement: Option<f64>,
    /// The smallest rank that 5, 50 and 95 % of the draws do not exceed (nearest rank).
    pub rank_p05: u32,
    pub rank_p50: u32,
    pub rank_p95: u32,
}

/// Each ranked unit's place among all units with its result.
pub(super) fn by_unit(study: &Study<'_>) -> Vec<(usize, UnitUncertainty)> {
    let Some(sequence) = SobolSequence::new(Factor::ALL.len(), study.rule.seed) else {
        return Vec::new();
    };
    let draws: Vec<(Vec<u32>, Vec<bool>)> = (0..study.rule.draws)
        .into_par_iter()
        .map(|number| {
            let Drawn { ranks, grades } = study.draw(&sequence.point(number));
            let pairs = study.participants.iter().zip(grades);
            let agrees = pairs.map(|(one, grade)| one.grade == grade).collect();
            (ranks, agrees)
        })
        .collect();
    let participants: Vec<_> = study.participants.iter().enumerate().collect();
    participants
        .into_par_iter()
        .filter_map(|(place, one)| {
            let ranks = draws.iter().filter_map(|(ranks, _)| ranks.get(place));
            let mut ranks: Vec<u32> = ranks.copied().collect();
            ranks.sort_unstable();
            let agreeing = draws
                .iter()
                .filter(|(_, agrees)| agrees.get(place) == Some(&true));
            let agreement = agreeing.count() as f64 / draws.len() as f64;
            let found = UnitUncertainty {
                grade_agreement: one.grade.map(|_| agreement),
                rank_p05: nearest_rank(&ranks, 5)?,
                rank_p50: nearest_rank(&ranks, 50)?,
                rank_p95: nearest_rank(&ranks, 95)?,
            };
            Some((one.unit, found))
        })
        .collect()
}

/// The smallest of the ascending values that at least `percent` % of them do not exceed.
fn nearest_rank(ascending: &[u32], percent: usize) -> Option<u32> {
    let place = (ascending.len() * percent).div_ceil(100).max(1);
    ascending.get(place - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occur() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(nearest_rank(&hundred, 5), Some(5));
        assert_eq!(nearest_rank(&hundred, 50), Some(50));
        assert_eq!(nearest_rank(&hundred, 95), Some(95));
        assert_eq!(nearest_rank(&[1, 2, 2, 4], 5), Some(1));
        assert_eq!(nearest_rank(&[1, 2, 2, 4], 50), Some(2));
        assert_eq!(nearest_rank(&[1, 2, 2, 4], 95), Some(4));
        assert_eq!(nearest_rank(&[], 50), None);
    }
}
