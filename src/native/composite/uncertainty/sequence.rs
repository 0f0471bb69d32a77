//! Sobol' sequence: points that fill the unit cube more evenly than independent ones do.
//!
//! Sources: I. M. Sobol', *On the distribution of points in a cube and the approximate evaluation of integrals* (USSR
//! Computational Mathematics and Mathematical Physics 7, 1967); direction numbers of S. Joe and F. Y. Kuo, *Constructing
//! Sobol sequences with better two-dimensional projections* (SIAM Journal on Scientific Computing 30, 2008). A digital
//! shift by the seed (exclusive or of all coordinates with one random number for each dimension) keeps the evenness.

use crate::native::random::Random;

const BITS: usize = 32;
const CELLS: f64 = (1u64 << BITS) as f64;

/// Degree and inner coefficients of the primitive polynomial, and the first direction numbers, from dimension 2 on.
const DIMENSIONS: [(usize, u32, &[u32]); 9] = [
    (1, 0, &[1]),
    (2, 1, &[1, 3]),
    (3, 1, &[1, 3, 1]),
    (3, 2, &[1, 1, 1]),
    (4, 1, &[1, 1, 3, 3]),
    (4, 4, &[1, 3, 5, 13]),
    (5, 2, &[1, 1, 5, 5, 17]),
    (5, 4, &[1, 1, 5, 5, 5]),
    (5, 7, &[1, 1, 7, 11, 19]),
];

/// The largest number of dimensions.
pub(super) const MOST_DIMENSIONS: usize = DIMENSIONS.len() + 1;

/// A shifted sequence.
pub(super) struct SobolSequence {
    /// For each dimension what each binary digit of a point's number contributes, and the shift.
    dimensions: Vec<(Vec<u32>, u32)>,
}

impl SobolSequence {
    /// `None` for more than [`MOST_DIMENSIONS`].
    pub fn new(dimensions: usize, seed: u64) -> Option<Self> {
        if dimensions > MOST_DIMENSIONS {
            return None;
        }
        let first = (0..BITS).map(|digit| top_digit(1, digit)).collect();
        let others = DIMENSIONS
            .iter()
            .map(|(degree, inner, start)| directions(*degree, *inner, start));
        let all = std::iter::once(first).chain(others).take(dimensions);
        let shifted = (0u64..).zip(all).map(|(place, directions)| {
            let shift = Random::new(seed, place).below(1 << BITS);
            (directions, u32::try_from(shift).unwrap_or_default())
        });
        Some(Self {
            dimensions: shifted.collect(),
        })
    }

    /// The point with this number, coordinates from 0 up to, but not including, 1.
    pub fn point(&self, number: u32) -> Vec<f64> {
        let coordinate = |(directions, shift): &(Vec<u32>, u32)| {
            let digits = directions.iter().enumerate();
            let set = digits.filter(|(digit, _)| number >> digit & 1 == 1);
            let cell = set.fold(*shift, |cell, (_, direction)| cell ^ direction);
            f64::from(cell) / CELLS
        };
        self.dimensions.iter().map(coordinate).collect()
    }
}

/// A number as a fraction whose last binary digit is the given one.
fn top_digit(number: u32, digit: usize) -> u32 {
    number << (BITS - 1 - digit)
}

fn directions(degree: usize, inner: u32, start: &[u32]) -> Vec<u32> {
    let mut found: Vec<u32> = start
        .iter()
        .enumerate()
        .map(|(digit, number)| top_digit(*number, digit))
        .collect();
    let back = |found: &[u32], by: usize| {
        let place = found.len().checked_sub(by);
        place
            .and_then(|place| found.get(place))
            .copied()
            .unwrap_or(0)
    };
    while found.len() < BITS {
        let oldest = back(&found, degree);
        let next = (1..degree)
            .filter(|by| inner >> (degree - 1 - by) & 1 == 1)
            .fold(oldest ^ (oldest >> degree), |next, by| {
                next ^ back(&found, by)
            });
        found.push(next);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_fills_its_cells_once() {
        let sequence = SobolSequence::new(MOST_DIMENSIONS, 5).unwrap();
        for dimension in 0..MOST_DIMENSIONS {
            let mut hits = [0u32; 256];
            for number in 0..256 {
                hits[(sequence.point(number)[dimension] * 256.0) as usize] += 1;
            }
            assert_eq!(hits, [1; 256]);
        }
        assert!(SobolSequence::new(MOST_DIMENSIONS + 1, 5).is_none());
    }

    #[test]
    fn first_two_dimensions_fill_every_elementary_box() {
        let sequence = SobolSequence::new(2, 1).unwrap();
        for (wide, high) in [(1, 64), (2, 32), (4, 16), (8, 8), (16, 4), (32, 2), (64, 1)] {
            let mut hits = vec![0u32; 64];
            for number in 0..64 {
                let point = sequence.point(number);
                let (x, y) = (point[0] * f64::from(wide), point[1] * f64::from(high));
                hits[x as usize * high as usize + y as usize] += 1;
            }
            assert_eq!(hits, [1; 64]);
        }
    }

    /// Points 1 to 7 of Joe and Kuo's own program without shift, in another order within each power of two.
    #[test]
    fn unshifted_points_are_those_of_the_source() {
        let mut sequence = SobolSequence::new(3, 0).unwrap();
        for (_, shift) in &mut sequence.dimensions {
            *shift = 0;
        }
        assert_eq!(sequence.point(0), [0.0, 0.0, 0.0]);
        assert_eq!(sequence.point(1), [0.5, 0.5, 0.5]);
        let mut next = [sequence.point(2), sequence.point(3)];
        next.sort_by(|a, b| b[0].total_cmp(&a[0]));
        assert_eq!(next, [[0.75, 0.25, 0.25], [0.25, 0.75, 0.75]]);
    }
}
