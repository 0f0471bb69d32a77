//! The distribution of the distance by Durbin's matrix, as Marsaglia, Tsang and Wang (2003) give it.

use std::f64::consts::{E, PI};
use std::iter::{once, repeat_n};

use super::super::point::stirling_remainder;

/// P(Dₙ < distance), for 1/(2n) < distance < 1.
///
/// It is n!/nⁿ times the middle element of the n-th power of a matrix H. Only the middle row of the powers is kept, and
/// each step is divided by e (n!/nⁿ = √(2πn) · e^(remainder − n)), so that the numbers stay in range.
pub(super) fn distribution(distance: f64, sample: i64) -> f64 {
    let size = sample as f64;
    let scaled = size * distance;
    let half = scaled.floor() + 1.0;
    let middle = half as usize - 1;
    let columns = columns(half - scaled, 2 * middle + 1);
    let zeros = || repeat_n(0.0, middle);
    let mut row: Vec<f64> = zeros().chain(once(1.0)).chain(zeros()).collect();
    for _ in 0..sample {
        row = columns
            .iter()
            .map(|column| column.times(&row) / E)
            .collect();
    }
    let element = row.get(middle).copied().unwrap_or(0.0);
    (2.0 * PI * size).sqrt() * stirling_remainder(sample).exp() * element
}

/// A column of the matrix from its first element that is not zero.
struct Column {
    first: usize,
    elements: Vec<f64>,
}

impl Column {
    fn times(&self, row: &[f64]) -> f64 {
        let products = row.iter().skip(self.first).zip(&self.elements);
        products.map(|(left, right)| left * right).sum()
    }
}

/// H: 1/(i − j + 1)! on and below the first diagonal above the main one, and what the remainder h takes off the first
/// column and the last row.
fn columns(remainder: f64, order: usize) -> Vec<Column> {
    let column = |at: usize| {
        let first = at.saturating_sub(1);
        let elements = (first..order).map(|row| {
            let mut element = 1.0;
            if at == 0 {
                element -= power(remainder, row + 1);
            }
            if row + 1 == order {
                element -= power(remainder, order - at);
            }
            if at == 0 && row + 1 == order {
                element += power((2.0 * remainder - 1.0).max(0.0), order);
            }
            // Divided one by one: the factorial itself would overflow.
            (1..=row + 1 - at).fold(element, |element, factor| element / factor as f64)
        });
        Column {
            first,
            elements: elements.collect(),
        }
    };
    (0..order).map(column).collect()
}

fn power(base: f64, exponent: usize) -> f64 {
    i32::try_from(exponent).map_or(0.0, |exponent| base.powi(exponent))
}
