//! Voting rules: the parts are voters with weights, the units are candidates (OECD/JRC Handbook, section 6.4, tables 25
//! to 33). No part's lead over another makes good for anything.

use super::comparison::{Compared, Comparison};

/// Margins below this share of the weight are ties.
const TIE: f64 = 1e-9;

/// The outranking matrix: weight of the parts in which the row's unit is better than the column's, ties half each.
/// Columns are parts, more is better; parts that either lacks leave their weight to the others.
pub fn outranking(columns: &[&[Option<f64>]], weights: &[f64]) -> Vec<Vec<f64>> {
    let units = columns.first().map_or(0, |column| column.len());
    let comparison = Comparison {
        columns,
        weights,
        candidates: &vec![true; units],
        raw: &[],
    };
    let row = |unit: usize| {
        (0..units)
            .map(|other| comparison.support(unit, other).unwrap_or(0.0))
            .collect()
    };
    (0..units).map(row).collect()
}

impl Comparison<'_> {
    /// Weight of the parts that speak for `unit` against `other`; `None` for a unit and itself or without common parts.
    fn support(&self, unit: usize, other: usize) -> Option<f64> {
        if unit == other {
            return None;
        }
        let (mut support, mut common) = (0.0, 0.0);
        for (part, weight) in self.parts() {
            if let Some(voice) = self.voice(part, unit, other) {
                support += weight * f64::midpoint(1.0, voice);
                common += weight;
            }
        }
        (common > 0.0).then(|| {
            if common == self.full_weight() {
                support
            } else {
                support * self.full_weight() / common
            }
        })
    }

    /// 1 where a part prefers `unit` to `other`, −1 the other way round, 0 for a tie.
    fn voice(&self, part: usize, unit: usize, other: usize) -> Option<f64> {
        let (own, theirs) = (self.cell(part, unit)?, self.cell(part, other)?);
        Some(match own.total_cmp(&theirs) {
            _ if own == theirs => 0.0,
            std::cmp::Ordering::Less => -1.0,
            _ => 1.0,
        })
    }

    /// A duel counts 1, 0 or −1; each part has the share of it that its voice has in the margin. Duels are added up in the
    /// order of their voices, so that the order of units moves no digit.
    pub(super) fn copeland(&self, unit: usize) -> Option<Compared> {
        let candidates = (0..self.candidates.len()).filter(|other| self.is_candidate(*other));
        let mut duels: Vec<(f64, Vec<f64>)> = candidates
            .filter(|other| *other != unit)
            .map(|other| {
                let voices: Vec<f64> = self
                    .parts()
                    .map(|(part, weight)| weight * self.voice(part, unit, other).unwrap_or(0.0))
                    .collect();
                (voices.iter().sum(), voices)
            })
            .filter(|(margin, _): &(f64, _)| margin.abs() > TIE * self.full_weight())
            .collect();
        duels.sort_unstable_by(|(_, left), (_, right)| {
            let mut parts = left.iter().zip(right).map(|(a, b)| a.total_cmp(b));
            parts
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut compared = Compared {
            score: 0.0,
            points: vec![0.0; self.weights.len()],
        };
        for (margin, voices) in duels {
            compared.score += margin.signum();
            for (points, voice) in compared.points.iter_mut().zip(voices) {
                *points += voice / margin.abs();
            }
        }
        Some(compared)
    }

    /// Σ weight · place from below, where a place is the number of candidates that do worse and half of those that do as
    /// well. Missing parts leave their weight to the unit's others; places among few are stretched to places among all.
    pub(super) fn borda(&self) -> Vec<Option<Compared>> {
        let values: Vec<Vec<f64>> = self.parts().map(|(part, _)| self.ascending(part)).collect();
        let all = self.candidates.iter().filter(|is_one| **is_one).count();
        let score = |unit: usize| {
            let own = usize::from(self.is_candidate(unit));
            let available = self.available_weight(unit);
            let full = self.full_weight();
            let stretch = if available == full {
                1.0
            } else {
                full / available
            };
            let points: Vec<f64> = self
                .parts()
                .zip(&values)
                .map(|((part, weight), others)| {
                    let Some(value) = self.cell(part, unit) else {
                        return 0.0;
                    };
                    let place = place_from_below(value, others, own);
                    let seen = (others.len() - own.min(others.len())) as f64;
                    let opponents = (all - own.min(all)) as f64;
                    let place = if seen == opponents || seen == 0.0 {
                        place
                    } else {
                        place * opponents / seen
                    };
                    weight * place * stretch
                })
                .collect();
            Some(Compared {
                score: points.iter().sum(),
                points,
            })
        };
        (0..self.candidates.len()).map(score).collect()
    }
}

/// How many of the ascending values are below, and half of those that are equal, `own` of which is the unit's itself.
fn place_from_below(value: f64, ascending: &[f64], own: usize) -> f64 {
    let below = ascending.partition_point(|other| *other < value);
    let up_to = ascending.partition_point(|other| *other <= value);
    let equal = (up_to - below).saturating_sub(own);
    below as f64 + equal as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::super::Aggregation;
    use super::*;

    fn compared(
        aggregation: Aggregation,
        columns: &[&[Option<f64>]],
        weights: &[f64],
        candidates: &[bool],
    ) -> Vec<Option<Compared>> {
        let comparison = Comparison {
            columns,
            weights,
            candidates,
            raw: &[],
        };
        comparison.apply(aggregation)
    }

    fn scores(found: &[Option<Compared>]) -> Vec<Option<f64>> {
        found
            .iter()
            .map(|one| one.as_ref().map(|one| one.score))
            .collect()
    }

    #[test]
    fn ties_count_half_and_points_add_up() {
        let first = [Some(3.0), Some(1.0), Some(1.0)];
        let second = [Some(1.0), Some(2.0), Some(1.0)];
        let columns: [&[Option<f64>]; 2] = [&first, &second];
        let all = [true; 3];
        let borda = compared(Aggregation::Borda, &columns, &[2.0, 1.0], &all);
        assert_eq!(scores(&borda), [Some(4.5), Some(3.0), Some(1.5)]);
        let copeland = compared(Aggregation::Copeland, &columns, &[2.0, 1.0], &all);
        assert_eq!(scores(&copeland), [Some(2.0), Some(0.0), Some(-2.0)]);
        for one in borda.iter().chain(&copeland).flatten() {
            let sum: f64 = one.points.iter().sum();
            assert!((sum - one.score).abs() < 1e-12);
        }
        let matrix = outranking(&columns, &[2.0, 1.0]);
        assert_eq!(matrix[0], [0.0, 2.0, 2.5]);
        assert_eq!(matrix[1], [1.0, 0.0, 2.0]);
    }

    #[test]
    fn missing_parts_and_strangers() {
        let first = [Some(3.0), Some(1.0), None, Some(2.0)];
        let second = [Some(1.0), Some(2.0), Some(3.0), None];
        let columns: [&[Option<f64>]; 2] = [&first, &second];
        let candidates = [true, true, true, false];
        let borda = compared(Aggregation::Borda, &columns, &[1.0, 1.0], &candidates);
        // First: the better of two, as among three 2 points, and last in the other. Third: best in its only part, which
        // counts twice. Fourth: beats one of the two it is compared with, as of three, twice.
        assert_eq!(scores(&borda), [Some(2.0), Some(1.0), Some(4.0), Some(3.0)]);
        let nothing = [None; 4];
        let found = compared(Aggregation::Borda, &[&nothing], &[1.0], &[true; 4]);
        assert_eq!(scores(&found), [None; 4]);
    }
}
