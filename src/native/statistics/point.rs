//! Binomial and Poisson point probabilities that keep their relative accuracy far out in the tails.
//!
//! Source: C. Loader, *Fast and Accurate Computation of Binomial Probabilities* (2000), the saddle-point expansion.
//! Differences of log-gamma functions lose all digits that the counts are large by; here the exponent is a sum of
//! deviances, none of them negative, so nothing cancels. The series of the deviance is used over a wider range than
//! Loader's, and the distance from the mean is taken from the caller, who knows it without rounding.

use std::f64::consts::PI;

/// ln(n!) less Stirling's ½ ln(2πn) + n ln n − n, for n from 1 to 15; computed with 40 digits.
const STIRLING_REMAINDERS: [f64; 15] = [
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_29,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_848,
    0.005_554_733_551_962_801,
];

/// What Stirling's formula leaves of ln(n!), n ≥ 1.
pub(super) fn stirling_remainder(count: i64) -> f64 {
    let listed = usize::try_from(count - 1)
        .ok()
        .and_then(|at| STIRLING_REMAINDERS.get(at));
    if let Some(remainder) = listed {
        return *remainder;
    }
    let n = count as f64;
    let square = n * n;
    let inner = 1.0 / 1_188.0 - 691.0 / 360_360.0 / square;
    let inner = 1.0 / 1_680.0 - inner / square;
    let inner = 1.0 / 1_260.0 - inner / square;
    let inner = 1.0 / 360.0 - inner / square;
    (1.0 / 12.0 - inner / square) / n
}

/// value · ln(value / expected) − surplus, where surplus = value − expected is given; never negative.
fn deviance(value: f64, expected: f64, surplus: f64) -> f64 {
    if value == 0.0 {
        return expected;
    }
    let ratio = surplus / (value + expected);
    if ratio.abs() > 0.5 {
        return value * (value / expected).ln() - surplus;
    }
    // ln(value / expected) = 2 artanh(ratio): the first order of the series meets the surplus.
    let square = ratio * ratio;
    let mut sum = surplus * ratio;
    let mut power = 2.0 * value * ratio;
    let mut odd = 3.0;
    loop {
        power *= square;
        let next = sum + power / odd;
        if next == sum {
            return sum;
        }
        sum = next;
        odd += 2.0;
    }
}

/// Where a binomial probability is asked for: `successes` of `trials`, how many of each were to be expected, and
/// `surplus` = successes − expected successes without the rounding of that difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct BinomialPoint {
    pub successes: i64,
    pub trials: i64,
    pub expected_successes: f64,
    pub expected_failures: f64,
    pub surplus: f64,
}

/// P(X = successes), 0 ≤ successes ≤ trials, both expectations above 0.
pub(super) fn binomial_point(at: BinomialPoint) -> f64 {
    let failures = at.trials - at.successes;
    let exponent = deviance(at.successes as f64, at.expected_successes, at.surplus)
        + deviance(failures as f64, at.expected_failures, -at.surplus);
    if at.successes == 0 || failures == 0 {
        return (-exponent).exp();
    }
    let remainder = stirling_remainder(at.trials)
        - stirling_remainder(at.successes)
        - stirling_remainder(failures);
    let spread = at.successes as f64 * (failures as f64 / at.trials as f64);
    (remainder - exponent).exp() / (2.0 * PI * spread).sqrt()
}

/// P(X = count) of a Poisson variable, count ≥ 0, mean above 0.
pub(super) fn poisson_point(count: i64, mean: f64) -> f64 {
    let value = count as f64;
    let exponent = deviance(value, mean, value - mean);
    if count == 0 {
        return (-exponent).exp();
    }
    (-stirling_remainder(count) - exponent).exp() / (2.0 * PI * value).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_factorials_come_out() {
        let mut factorial = 1.0f64;
        for n in 1..40i64 {
            let value = n as f64;
            factorial *= value;
            let stirling = (2.0 * PI * value).sqrt() * (value * (value.ln() - 1.0)).exp();
            let found = stirling * stirling_remainder(n).exp();
            assert!((found / factorial - 1.0).abs() < 1e-13, "{n}!");
        }
    }

    #[test]
    fn series_and_logarithm_of_the_deviance_meet() {
        for expected in [2.9999f64, 3.0001, 0.33332, 0.33334] {
            let direct = -expected.ln() - (1.0 - expected);
            let found = deviance(1.0, expected, 1.0 - expected);
            assert!((found / direct - 1.0).abs() < 1e-14);
        }
    }
}
