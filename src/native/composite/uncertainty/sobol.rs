//! Variance-based sensitivity: how much of the variance of a result is due to each factor.
//!
//! Sources: A. Saltelli et al., *Global Sensitivity Analysis. The Primer* (2008), section 4.6 (sampling by the matrices A,
//! B and A with one column of B); M. J. W. Jansen, *Analysis of variance designs for model output* (Computer Physics
//! Communications 117, 1999), and A. Saltelli et al., *Variance based sensitivity analysis of model output* (Computer
//! Physics Communications 181, 2010), table 2 (the estimators):
//! first order 1 − Σ(f(B) − f(ABᵢ))² / 2NV, total Σ(f(A) − f(ABᵢ))² / 2NV.

use rayon::prelude::*;

use super::sequence::{MOST_DIMENSIONS, SobolSequence};

/// The share of the variance that is due to one factor. Estimates: they may miss their range of 0 to 1 by the error of
/// the sample.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SobolIndex {
    /// By the factor alone: what the variance would lose on average if the factor were known.
    pub first_order: f64,
    /// With all its interactions: what would be left if everything else were known.
    pub total: f64,
}

/// Results for one row of A and B: of A, of B, and of A with each one coordinate of B.
struct Row {
    of_a: f64,
    of_b: f64,
    mixed: Vec<f64>,
}

/// Indices of `model`, a function of `factors` numbers that are independent and uniform from 0 to 1, from `samples` ×
/// (`factors` + 2) evaluations. Powers of two of samples fill the cube best. `None` for more than five factors, without
/// samples, and for a result that does not vary.
///
/// Evaluations run in parallel; sums are taken in the order of samples, so that the result is the same to the last bit.
pub fn sobol_indices(
    factors: usize,
    samples: u32,
    seed: u64,
    model: impl Fn(&[f64]) -> f64 + Sync,
) -> Option<Vec<SobolIndex>> {
    if factors > MOST_DIMENSIONS / 2 {
        return None;
    }
    let sequence = SobolSequence::new(2 * factors, seed)?;
    let row = |number: u32| {
        let point = sequence.point(number);
        let (a, b) = point.split_at(factors);
        let mixed = |factor: usize| {
            let pairs = a.iter().zip(b).enumerate();
            let point: Vec<f64> = pairs
                .map(|(place, (a, b))| if place == factor { *b } else { *a })
                .collect();
            model(&point)
        };
        Row {
            of_a: model(a),
            of_b: model(b),
            mixed: (0..factors).map(mixed).collect(),
        }
    };
    let rows: Vec<Row> = (0..samples).into_par_iter().map(row).collect();
    indices(factors, &rows)
}

fn indices(factors: usize, rows: &[Row]) -> Option<Vec<SobolIndex>> {
    let results = || rows.iter().flat_map(|row| [row.of_a, row.of_b]);
    let count = 2.0 * rows.len() as f64;
    let mean = results().sum::<f64>() / count;
    let variance = results().map(|result| (result - mean).powi(2)).sum::<f64>() / count;
    if !(variance > 0.0 && variance.is_finite()) {
        return None;
    }
    let index = |factor: usize| {
        let (mut against_b, mut against_a) = (0.0, 0.0);
        for row in rows {
            let mixed = row.mixed.get(factor).copied().unwrap_or(row.of_a);
            against_b += (row.of_b - mixed).powi(2);
            against_a += (row.of_a - mixed).powi(2);
        }
        SobolIndex {
            first_order: 1.0 - against_b / (count * variance),
            total: against_a / (count * variance),
        }
    };
    Some((0..factors).map(index).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sum_of_factors_has_no_interactions() {
        let found = sobol_indices(3, 1024, 3, |point| 3.0 * point[0] + 4.0 * point[1]).unwrap();
        for (index, share) in found.iter().zip([0.36, 0.64, 0.0]) {
            assert!((index.first_order - share).abs() < 0.005, "{found:?}");
            assert!((index.total - share).abs() < 0.005, "{found:?}");
        }
    }

    #[test]
    fn nothing_where_nothing_varies() {
        assert_eq!(sobol_indices(2, 64, 1, |_| 5.0), None);
        assert_eq!(sobol_indices(2, 0, 1, |point| point[0]), None);
        assert_eq!(sobol_indices(6, 64, 1, |point| point[0]), None);
    }

    #[test]
    fn threads_change_nothing() {
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let model = |point: &[f64]| point[0] * point[1] + point[2].powi(3);
            pool.unwrap().install(|| sobol_indices(3, 500, 9, model))
        };
        assert_eq!(with(1), with(4));
    }
}
