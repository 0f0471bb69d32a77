//! TOPSIS: technique for order preference by similarity to the ideal solution (Hwang & Yoon 1981; Tzeng & Huang 2011).
//! Closeness = distance to the worst of all parts / (that + distance to the best of all parts).

use super::comparison::{Compared, Comparison};

/// One part: what it is divided by, and its best and worst value then.
struct Scale {
    length: f64,
    best: f64,
    worst: f64,
}

impl Comparison<'_> {
    /// Closeness, 0 to 1; 1 where all candidates are alike, for then each is the best. A part's points are its part of
    /// the squared distance to the worst.
    pub(super) fn topsis(&self) -> Vec<Option<Compared>> {
        let scales: Vec<Option<Scale>> = self.parts().map(|(part, _)| self.scale(part)).collect();
        let units = 0..self.candidates.len();
        units
            .map(|unit| Some(self.closeness(unit, &scales)))
            .collect()
    }

    fn scale(&self, part: usize) -> Option<Scale> {
        let values = self.ascending(part);
        let is_raw = self.raw.get(part).copied().unwrap_or(false);
        let squares: f64 = values.iter().map(|value| value * value).sum();
        let length = if is_raw && squares > 0.0 {
            squares.sqrt()
        } else {
            1.0
        };
        Some(Scale {
            length,
            best: values.last()? / length,
            worst: values.first()? / length,
        })
    }

    fn closeness(&self, unit: usize, scales: &[Option<Scale>]) -> Compared {
        let available = self.available_weight(unit);
        let (mut to_best, mut from_worst) = (0.0, Vec::new());
        for ((part, weight), scale) in self.parts().zip(scales) {
            let distances = self
                .cell(part, unit)
                .zip(scale.as_ref())
                .map(|(value, scale)| {
                    let value = (value / scale.length).clamp(scale.worst, scale.best);
                    let share = weight / available;
                    let squared = |end: f64| (share * (value - end)).powi(2);
                    (squared(scale.best), squared(scale.worst))
                });
            let (best, worst) = distances.unwrap_or((0.0, 0.0));
            to_best += best;
            from_worst.push(worst);
        }
        let square: f64 = from_worst.iter().sum();
        let sum = to_best.sqrt() + square.sqrt();
        if sum <= 0.0 {
            let share = |(part, weight): (usize, f64)| {
                let is_there = self.cell(part, unit).is_some();
                if is_there { weight / available } else { 0.0 }
            };
            return Compared {
                score: 1.0,
                points: self.parts().map(share).collect(),
            };
        }
        let score = square.sqrt() / sum;
        let points = from_worst.iter().map(|part| {
            if square > 0.0 {
                score * part / square
            } else {
                0.0
            }
        });
        Compared {
            score,
            points: points.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Aggregation;
    use super::*;

    #[test]
    fn ends_middle_and_strangers() {
        let first = [Some(0.0), Some(3.0), Some(1.5), Some(9.0), None];
        let second = [Some(0.0), Some(4.0), Some(2.0), Some(9.0), Some(1.0)];
        let comparison = Comparison {
            columns: &[&first, &second],
            weights: &[0.5, 0.5],
            candidates: &[true, true, true, false, false],
            raw: &[false, false],
        };
        let found = comparison.apply(Aggregation::Topsis);
        let score = |unit: usize| found[unit].as_ref().map(|one| one.score);
        assert_eq!(score(0), Some(0.0));
        assert_eq!(score(1), Some(1.0));
        assert_eq!(score(2), Some(0.5));
        assert_eq!(score(3), Some(1.0));
        assert_eq!(score(4), Some(0.25));
        let points = &found[2].as_ref().unwrap().points;
        assert!((points[0] - 0.5 * 9.0 / 25.0).abs() < 1e-12);
    }

    #[test]
    fn units_that_are_alike_are_all_the_best() {
        let column = [Some(2.0), Some(2.0)];
        let comparison = Comparison {
            columns: &[&column],
            weights: &[1.0],
            candidates: &[true; 2],
            raw: &[true],
        };
        let found = comparison.apply(Aggregation::Topsis);
        assert!(found.iter().flatten().all(|one| one.score == 1.0));
        // The points of a part that is missing go to the others.
        let alone = Comparison {
            columns: &[&[None], &[Some(2.0)]],
            weights: &[3.0, 1.0],
            candidates: &[true],
            raw: &[true; 2],
        };
        let found = alone.apply(Aggregation::Topsis);
        assert_eq!(found[0].as_ref().unwrap().points, [0.0, 1.0]);
    }
}
