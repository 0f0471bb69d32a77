//! Transforms that draw a long tail in: the logarithm and the family of Box & Cox (1964), of which it is one.

/// (x^λ − 1) / λ, or ln x for λ = 0, of values moved up so that the smallest peer is above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    pub lambda: f64,
    /// Added before; 0 where all values are above 0 already, else 1 − smallest.
    pub shift: f64,
}

/// λ is sought between these.
const LAMBDA_REACH: f64 = 5.0;
/// Steps of the first search between the two ends.
const STEPS: i32 = 200;
/// The second search ends at intervals below this.
const LAMBDA_PRECISION: f64 = 1e-9;

impl Power {
    /// The transform for ascending values; without a λ that of the greatest likelihood.
    pub(super) fn of(ascending: &[f64], lambda: Option<f64>) -> Self {
        let smallest = ascending.first().copied().unwrap_or(1.0);
        let shift = if smallest > 0.0 { 0.0 } else { 1.0 - smallest };
        let lambda = lambda.unwrap_or_else(|| {
            let moved: Vec<f64> = ascending.iter().map(|value| value + shift).collect();
            likeliest(&moved)
        });
        Self { lambda, shift }
    }

    /// `None` for a value that stays at 0 or below when moved: one of a unit that is no peer.
    pub fn apply(&self, value: f64) -> Option<f64> {
        let moved = value + self.shift;
        (moved > 0.0).then(|| transform(moved, self.lambda))
    }

    /// The value that is transformed to `transformed`, if there is one.
    pub(in crate::native::composite) fn inverse(&self, transformed: f64) -> Option<f64> {
        let moved = if self.lambda == 0.0 {
            transformed.exp()
        } else {
            (transformed * self.lambda + 1.0).powf(self.lambda.recip())
        };
        moved.is_finite().then_some(moved - self.shift)
    }
}

fn transform(value: f64, lambda: f64) -> f64 {
    if lambda == 0.0 {
        value.ln()
    } else {
        // Exact near λ = 0, where the power is nearly 1.
        (lambda * value.ln()).exp_m1() / lambda
    }
}

/// λ of the greatest profile likelihood: a search in steps, then golden sections around the best step.
fn likeliest(values: &[f64]) -> f64 {
    let step = 2.0 * LAMBDA_REACH / f64::from(STEPS);
    let at = |place: i32| f64::from(place) * step - LAMBDA_REACH;
    let mut best = (f64::NEG_INFINITY, 0.0);
    for place in 0..=STEPS {
        let likelihood = log_likelihood(values, at(place));
        if likelihood > best.0 {
            best = (likelihood, at(place));
        }
    }
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (best.1 - step, best.1 + step);
    while high - low > LAMBDA_PRECISION {
        let width = (high - low) * golden;
        let (left, right) = (high - width, low + width);
        if log_likelihood(values, left) >= log_likelihood(values, right) {
            high = right;
        } else {
            low = left;
        }
    }
    f64::midpoint(low, high)
}

fn log_likelihood(values: &[f64], lambda: f64) -> f64 {
    let transformed: Vec<f64> = values
        .iter()
        .map(|value| transform(*value, lambda))
        .collect();
    let count = values.len() as f64;
    let variance = super::super::linear::sum_of_squares(&transformed) / count;
    let logarithms: f64 = values.iter().map(|value| value.ln()).sum();
    (lambda - 1.0) * logarithms - count / 2.0 * variance.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lognormal_values_ask_for_the_logarithm() {
        let values: Vec<f64> = [-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0]
            .map(f64::exp)
            .to_vec();
        let found = Power::of(&values, None);
        assert!(found.lambda.abs() < 1e-5 && found.shift == 0.0);
        assert_eq!(Power::of(&values, Some(0.0)).apply(1.0), Some(0.0));
        // Squares need half the power of their roots.
        let roots: Vec<f64> = (1..=9).map(f64::from).collect();
        let squares: Vec<f64> = roots.iter().map(|root| root * root).collect();
        let lambda = |values: &[f64]| Power::of(values, None).lambda;
        assert!((lambda(&roots) - 2.0 * lambda(&squares)).abs() < 1e-5);
    }

    #[test]
    fn zero_is_moved_up_and_back() {
        let found = Power::of(&[-3.0, 0.0, 5.0], Some(0.0));
        assert_eq!(found.shift, 4.0);
        assert_eq!(found.apply(-3.0), Some(0.0));
        assert_eq!(found.apply(-4.0), None);
        for lambda in [0.0, 0.5, -1.0, 2.0] {
            let power = Power { lambda, shift: 4.0 };
            let there = power.apply(5.0).unwrap();
            assert!((power.inverse(there).unwrap() - 5.0).abs() < 1e-12);
        }
    }
}
