//! Unusual rows among many, by all their features at once and without examples of what is wrong.
//!
//! [`ecod`] names the features that make a row unusual; [`isolation_forest`] is the cross-check that also sees unusual
//! combinations of usual values. Both give larger scores to more unusual rows; neither says that a row is wrong.

pub mod ecod;
mod features;
pub mod isolation_forest;
#[cfg(test)]
mod published_sets;

pub use ecod::{Ecod, ecod};
pub use features::{FeatureError, Features};
pub use isolation_forest::{ForestOptions, isolation_forest};

/// Values with their places, the smallest first.
fn ascending(values: &[f64]) -> Vec<(f64, usize)> {
    let mut ascending: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    ascending.sort_unstable_by(|(left, _), (right, _)| left.total_cmp(right));
    ascending
}

/// For each score the share of all scores that are smaller: 0 for the least unusual row, below 1 for the most.
pub fn share_less_unusual(scores: &[f64]) -> Vec<f64> {
    let mut shares = vec![0.0; scores.len()];
    let mut smaller = 0;
    for equal in ascending(scores).chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
        let share = smaller as f64 / scores.len() as f64;
        for (_, place) in equal {
            if let Some(slot) = shares.get_mut(*place) {
                *slot = share;
            }
        }
        smaller += equal.len();
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_share_their_share() {
        let found = share_less_unusual(&[3.0, 1.0, 2.0, 2.0]);
        assert_eq!(found, [0.75, 0.0, 0.25, 0.25]);
        assert!(share_less_unusual(&[]).is_empty());
    }
}
