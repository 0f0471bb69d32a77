//! Many tests at once: how many of the hits are to be expected by chance?
//!
//! Source: Y. Benjamini and Y. Hochberg, *Controlling the False Discovery Rate: A Practical and Powerful Approach to
//! Multiple Testing* (Journal of the Royal Statistical Society B 57, 1995).

/// A p-value that is not from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the p-value at position {position} is not a probability")]
pub struct NotAProbability {
    /// Position in the input, from 0.
    pub position: usize,
}

/// The q-value of each p-value: the least false discovery rate at which its test is rejected. Absent p-values are no
/// tests: they have no q-value and do not count in the family.
///
/// With m tests, the q-value of the i-th smallest p-value is the least p₍ⱼ₎ · m / j over j ≥ i, at most 1. Rejecting
/// all q ≤ α is their step-up procedure at level α. Equal p-values have equal q-values, and the order of input has
/// no part in any.
pub fn benjamini_hochberg(p_values: &[Option<f64>]) -> Result<Vec<Option<f64>>, NotAProbability> {
    let mut ascending = Vec::with_capacity(p_values.len());
    for (position, p_value) in p_values.iter().enumerate() {
        match p_value {
            Some(value) if (0.0..=1.0).contains(value) => ascending.push((*value, position)),
            Some(_) => return Err(NotAProbability { position }),
            None => {}
        }
    }
    ascending.sort_unstable_by(|(a, at_a), (b, at_b)| a.total_cmp(b).then(at_a.cmp(at_b)));
    let tests = ascending.len() as f64;
    let mut q_values = vec![None; p_values.len()];
    let mut least = 1.0f64;
    for (before, (p_value, position)) in ascending.iter().enumerate().rev() {
        // In this order a q-value is never below its p-value by rounding.
        least = least.min(p_value * (tests / (before + 1) as f64));
        if let Some(q_value) = q_values.get_mut(*position) {
            *q_value = Some(least);
        }
    }
    Ok(q_values)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Benjamini & Hochberg (1995), section 3.2: 15 endpoints of a trial of thrombolysis.
    const PUBLISHED: [f64; 15] = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0000,
    ];

    fn q_values(p_values: &[f64]) -> Vec<f64> {
        let present: Vec<Option<f64>> = p_values.iter().copied().map(Some).collect();
        let found = benjamini_hochberg(&present).unwrap();
        found.into_iter().map(Option::unwrap).collect()
    }

    #[test]
    fn the_published_example_rejects_four() {
        let found = q_values(&PUBLISHED);
        assert_eq!(found.iter().filter(|q| **q <= 0.05).count(), 4);
        assert!((found[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-15);
        // The sixth and seventh are held down by the eighth: the rate rises with the p-value.
        for at in [5, 6] {
            assert!((found[at] - 0.0298 * 15.0 / 7.0).abs() < 1e-15);
        }
        assert_eq!(found[14], 1.0);
    }

    #[test]
    fn absent_tests_are_outside_the_family() {
        let found = benjamini_hochberg(&[Some(0.02), None, Some(0.5)]).unwrap();
        assert_eq!(found, [Some(0.04), None, Some(0.5)]);
        assert_eq!(benjamini_hochberg(&[]), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_probability_is_refused() {
        for wrong in [-0.1, 1.5, f64::NAN] {
            let found = benjamini_hochberg(&[Some(0.5), Some(wrong)]);
            assert_eq!(found, Err(NotAProbability { position: 1 }));
        }
    }

    proptest! {
        #[test]
        fn q_values_rise_with_p_values_whatever_the_order(p_values in prop::collection::vec(0.0f64..=1.0, 1..40)) {
            let found = q_values(&p_values);
            for (p, q) in p_values.iter().zip(&found) {
                prop_assert!(p <= q && *q <= 1.0);
                for (other_p, other_q) in p_values.iter().zip(&found) {
                    prop_assert!(p > other_p || q <= other_q);
                }
            }
            let reversed: Vec<f64> = p_values.iter().rev().copied().collect();
            let mut again = q_values(&reversed);
            again.reverse();
            prop_assert_eq!(found, again);
        }

        /// The procedure as the paper words it: reject the k smallest, k the largest i with p₍ᵢ₎ ≤ (i / m) α.
        #[test]
        fn thresholds_give_the_step_up_procedure(p_values in prop::collection::vec(0.0f64..0.2, 1..30)) {
            let alpha = 0.07;
            let mut ascending = p_values.clone();
            ascending.sort_by(f64::total_cmp);
            let tests = ascending.len() as f64;
            let met = |(before, p): (usize, &f64)| p * (tests / (before + 1) as f64) <= alpha;
            let rejected = ascending.iter().enumerate().filter(|at| met(*at)).map(|(before, _)| before + 1).max();
            let found = q_values(&p_values).iter().filter(|q| **q <= alpha).count();
            prop_assert_eq!(found, rejected.unwrap_or(0));
        }
    }
}
