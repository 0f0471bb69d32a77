//! How likely is a one-sample Kolmogorov–Smirnov distance at least as large as the one seen, if the values do come from
//! the distribution they are compared with?
//!
//! Three ways, each where it is accurate (the division follows R. Simard and P. L'Ecuyer, *Computing the Two-Sided
//! Kolmogorov–Smirnov Distribution*, Journal of Statistical Software 39(11), 2011):
//! - n·d² ≥ 4 or d ≥ 1/2: twice the one-sided tail in closed form (Z. W. Birnbaum and F. H. Tingey 1951); what it
//!   counts twice is less than 4e-11 of it. Relative error below 1e-10, however small the p-value. Above 1,000,000
//!   values by N. V. Smirnov's expansion (H. A. Lauwerier 1963): relative error below 1e-8 for p-values down to 1e-9,
//!   below 1e-5 for all.
//! - otherwise up to 1,000 values: J. Durbin's matrix as in G. Marsaglia, W. W. Tsang and J. Wang, *Evaluating
//!   Kolmogorov's Distribution* (Journal of Statistical Software 8(18), 2003). Absolute error below 1e-13.
//! - otherwise the expansion in powers of 1/√n of W. Pelz and I. J. Good (1976). Absolute error below 0.1 / n².

mod expansion;
mod matrix;

use super::point::{BinomialPoint, binomial_point};

/// n·d² from where both one-sided distances are never large together.
const SEPARATE_SIDES: f64 = 4.0;
/// Sample size up to which the matrix is used; it has up to 125 rows then.
const LARGEST_MATRIX_SAMPLE: i64 = 1_000;
/// Sample size up to which the closed form, a sum of as many terms, is used.
const LARGEST_SUM_SAMPLE: i64 = 1_000_000;
/// n·d² from where the p-value, at most 2·exp(−2nd²) (P. Massart 1990), is no float any more.
const VANISHING: f64 = 380.0;
/// Sample sizes up to 2^53 are exact as floats.
const LARGEST_SAMPLE: i64 = 1 << 53;

/// The two-sided p-value P(Dₙ ≥ `distance`) of a sample of `sample` values from a continuous distribution.
///
/// `None` if `distance` is negative or not a number, or `sample` is not from 1 to 2^53. A distance of 1/(2n) or less is
/// certain: 1. Up to 1,000 values take up to 10 ms, a million up to 100 ms, more values next to nothing.
pub fn kolmogorov_p(distance: f64, sample: i64) -> Option<f64> {
    if distance.is_nan() || distance < 0.0 || !(1..=LARGEST_SAMPLE).contains(&sample) {
        return None;
    }
    let size = sample as f64;
    let square = size * distance * distance;
    let p_value = if 2.0 * size * distance <= 1.0 {
        1.0
    } else if distance >= 1.0 || square > VANISHING {
        0.0
    } else if distance >= 0.5 || square >= SEPARATE_SIDES {
        2.0 * one_sided(distance, sample)
    } else if sample <= LARGEST_MATRIX_SAMPLE {
        1.0 - matrix::distribution(distance, sample)
    } else {
        1.0 - expansion::distribution(distance * size.sqrt(), size)
    };
    Some(p_value.clamp(0.0, 1.0))
}

fn one_sided(distance: f64, sample: i64) -> f64 {
    if sample <= LARGEST_SUM_SAMPLE {
        one_sided_sum(distance, sample)
    } else {
        expansion::one_sided(distance, sample as f64)
    }
}

/// P(Dₙ⁺ ≥ distance) = d Σⱼ C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j), 0 ≤ j < n (1 − d): binomial points at j, with
/// probabilities that run along with j.
fn one_sided_sum(distance: f64, sample: i64) -> f64 {
    let size = sample as f64;
    let excess = size * distance;
    let points = (0..sample).map_while(|successes| {
        let expected_successes = excess + successes as f64;
        let expected_failures = size - expected_successes;
        (expected_failures > 0.0).then(|| {
            let at = BinomialPoint {
                successes,
                trials: sample,
                expected_successes,
                expected_failures,
                surplus: -excess,
            };
            binomial_point(at) / expected_successes
        })
    });
    excess * points.sum::<f64>()
}

#[cfg(test)]
mod tests;
