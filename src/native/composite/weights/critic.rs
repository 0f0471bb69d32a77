//! CRITIC: criteria importance through intercriteria correlation (Diakoulaki, Mavrotas & Papayannakis 1995, *Computers &
//! Operations Research* 22): information = sd · Σ (1 − r) on min–max scores; the kind of standard deviation cancels.

use super::super::linear::{correlations, sum_of_squares};
use super::shares;

/// A column without spread has no information.
pub(super) fn weights(columns: &[Vec<f64>]) -> Result<Vec<f64>, &'static str> {
    let spreads: Vec<f64> = columns
        .iter()
        .map(|column| relative_spread(column))
        .collect();
    let correlations = correlations(columns);
    let conflict = |row: usize| -> f64 {
        let with_spread = spreads.iter().enumerate();
        with_spread
            .filter(|(_, spread)| **spread > 0.0)
            .map(|(column, _)| 1.0 - correlations.get(row, column))
            .sum()
    };
    let information = spreads
        .iter()
        .enumerate()
        .map(|(row, spread)| spread * conflict(row))
        .collect();
    shares(information).ok_or("no part tells units apart in a way the others do not")
}

/// Root of the sum of squares of the min–max scores.
fn relative_spread(column: &[f64]) -> f64 {
    let smallest = column.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest > smallest {
        sum_of_squares(column).sqrt() / (largest - smallest)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_repeats_others_weighs_less() {
        let rising = vec![1.0, 2.0, 3.0, 4.0];
        let again = vec![10.0, 20.0, 30.0, 40.0];
        let other = vec![1.0, -1.0, -1.0, 1.0];
        let found = weights(&[rising, again, other, vec![5.0; 4]]).unwrap();
        assert!((found[0] - found[1]).abs() < 1e-12);
        assert!(found[2] > 2.0 * found[0] && found[3] == 0.0);
        assert!(weights(&[vec![5.0; 4]]).is_err());
    }
}
