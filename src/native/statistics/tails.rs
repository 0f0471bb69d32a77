//! Exact tail probabilities of counts: how likely is a count as large (or as small) as the one seen, if the rate of
//! the peers held?
//!
//! A tail is its first point probability times a series of positive terms that falls from the start, summed on the
//! side away from the mean; the other side is its complement, which is never small. So the relative error stays below
//! 1e-12 down to probabilities of 1e-300 (for up to some 10^8 trials; beyond, the rounding of 1 − p shows). The work
//! grows with the square root of the count.
//!
//! Sources: C. Loader (2000) for the point probabilities; Abramowitz & Stegun (1964), 26.1 and 26.4, for what a tail
//! is. The tests carry exact values computed with 70 digits.

use super::point::{BinomialPoint, binomial_point, poisson_point};

/// Counts up to 2^53 are exact as floats.
const LARGEST_COUNT: i64 = 1 << 53;

/// Terms below this part of the sum can no longer move it.
const NEGLIGIBLE: f64 = 1e-20;

/// P(X ≥ `successes`) of a binomial variable of `trials` trials with probability `probability` each.
///
/// 1 for `successes` ≤ 0 and 0 for more than `trials`. `None` if `probability` is not from 0 to 1, or `trials` is
/// negative or above 2^53.
pub fn binomial_upper_tail(successes: i64, trials: i64, probability: f64) -> Option<f64> {
    let binomial = Binomial::new(trials, probability)?;
    Some(binomial.upper(successes))
}

/// P(X ≤ `successes`) of a binomial variable of `trials` trials with probability `probability` each.
///
/// 0 for `successes` < 0 and 1 from `trials` on. `None` as for [`binomial_upper_tail`].
pub fn binomial_lower_tail(successes: i64, trials: i64, probability: f64) -> Option<f64> {
    let binomial = Binomial::new(trials, probability)?;
    Some(binomial.lower(successes))
}

/// P(X ≥ `count`) of a Poisson variable of the given mean.
///
/// 1 for `count` ≤ 0; with mean 0, 0 for any other. `None` if `mean` is negative, not a number or above 2^53, or
/// `count` is above 2^53.
pub fn poisson_upper_tail(count: i64, mean: f64) -> Option<f64> {
    let sensible = (0.0..=LARGEST_COUNT as f64).contains(&mean) && count <= LARGEST_COUNT;
    if !sensible {
        return None;
    }
    if count <= 0 {
        return Some(1.0);
    }
    if mean == 0.0 {
        return Some(0.0);
    }
    if count as f64 > mean {
        let ratios = (count..LARGEST_COUNT).map(|at| mean / (at + 1) as f64);
        return Some(poisson_point(count, mean) * series(ratios));
    }
    let ratios = (1..count).rev().map(|at| at as f64 / mean);
    Some(1.0 - poisson_point(count - 1, mean) * series(ratios))
}

/// 1 + r₁ + r₁r₂ + …, for ratios that are below 1 and fall.
fn series(ratios: impl Iterator<Item = f64>) -> f64 {
    let mut sum = 1.0;
    let mut term = 1.0;
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if term < sum * NEGLIGIBLE {
            break;
        }
    }
    sum
}

struct Binomial {
    trials: i64,
    probability: f64,
    complement: f64,
    mean: f64,
    /// The product that `mean` is, less `mean`.
    mean_rest: f64,
}

impl Binomial {
    fn new(trials: i64, probability: f64) -> Option<Self> {
        let sensible = (0..=LARGEST_COUNT).contains(&trials) && (0.0..=1.0).contains(&probability);
        let mean = trials as f64 * probability;
        sensible.then(|| Self {
            trials,
            probability,
            complement: 1.0 - probability,
            mean,
            mean_rest: (trials as f64).mul_add(probability, -mean),
        })
    }

    fn upper(&self, successes: i64) -> f64 {
        if successes <= 0 {
            1.0
        } else if successes > self.trials {
            0.0
        } else if let Some(certain) = self.certain() {
            f64::from(u8::from(certain >= successes))
        } else if successes as f64 > self.mean {
            self.outward_up(successes)
        } else {
            1.0 - self.outward_down(successes - 1)
        }
    }

    fn lower(&self, successes: i64) -> f64 {
        if successes < 0 {
            0.0
        } else if successes >= self.trials {
            1.0
        } else if let Some(certain) = self.certain() {
            f64::from(u8::from(certain <= successes))
        } else if (successes as f64) < self.mean {
            self.outward_down(successes)
        } else {
            1.0 - self.outward_up(successes + 1)
        }
    }

    /// The only count there can be, if the probability is 0 or 1.
    fn certain(&self) -> Option<i64> {
        if self.probability == 0.0 {
            Some(0)
        } else if self.probability == 1.0 {
            Some(self.trials)
        } else {
            None
        }
    }

    /// P(X ≥ successes), above the mean.
    fn outward_up(&self, successes: i64) -> f64 {
        let ratios = (successes..self.trials).map(|at| {
            let gained = (self.trials - at) as f64 * self.probability;
            gained / ((at + 1) as f64 * self.complement)
        });
        self.point(successes) * series(ratios)
    }

    /// P(X ≤ successes), below the mean.
    fn outward_down(&self, successes: i64) -> f64 {
        let ratios = (1..=successes).rev().map(|at| {
            let gained = at as f64 * self.complement;
            gained / ((self.trials - at + 1) as f64 * self.probability)
        });
        self.point(successes) * series(ratios)
    }

    fn point(&self, successes: i64) -> f64 {
        binomial_point(BinomialPoint {
            successes,
            trials: self.trials,
            expected_successes: self.mean,
            expected_failures: self.trials as f64 * self.complement,
            surplus: (successes as f64 - self.mean) - self.mean_rest,
        })
    }
}

#[cfg(test)]
mod tests;
