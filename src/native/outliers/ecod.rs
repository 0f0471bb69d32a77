//! ECOD: how far out in the tails a row lies, feature by feature.
//!
//! Source: Z. Li, Y. Zhao, X. Hu, N. Botta, C. Ionescu and G. H. Chen, *ECOD: Unsupervised Outlier Detection Using
//! Empirical Cumulative Distribution Functions* (IEEE Transactions on Knowledge and Data Engineering, 2022). The paper
//! takes the largest of three sums over the features; PyOD 3.6.7, which the tests compare with, sums the largest of
//! three tails of each feature, and so do we: then each feature has its own part in the score.
//!
//! The three tails of a value are −ln of the share of rows at or below it (left), at or above it (right), and the one
//! on the side that the feature is skewed to. Without any skew, PyOD takes the sum of left and right for the third.

use rayon::prelude::*;

use super::{Features, ascending};

/// How unusual each row is, and by what.
#[derive(Debug, Clone, PartialEq)]
pub struct Ecod {
    /// Score of each row: the sum of its contributions, in the order of the features. The larger, the more unusual.
    pub scores: Vec<f64>,
    /// What each feature contributes to each row's score: features in their order, rows within.
    pub contributions: Vec<Vec<f64>>,
}

impl Ecod {
    /// The features that contribute most to a row's score, with their contributions: the largest first, of equal ones
    /// the earlier feature; at most `count`.
    pub fn strongest(&self, row: usize, count: usize) -> Vec<(usize, f64)> {
        let of_row = |(feature, column): (usize, &Vec<f64>)| Some((feature, *column.get(row)?));
        let features = self.contributions.iter().enumerate();
        let mut parts: Vec<(usize, f64)> = features.filter_map(of_row).collect();
        parts.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        parts.truncate(count);
        parts
    }
}

/// Scores of all rows against each other. The same to the last bit for any order of rows and any number of threads.
pub fn ecod(features: &Features) -> Ecod {
    let columns = features.columns().par_iter();
    let contributions: Vec<Vec<f64>> = columns.map(|column| tails(column)).collect();
    let mut scores = vec![0.0; features.rows()];
    for column in &contributions {
        for (score, contribution) in scores.iter_mut().zip(column) {
            *score += contribution;
        }
    }
    Ecod {
        scores,
        contributions,
    }
}

/// Equal values have the same tail, so each is worked out once, along the ascending order.
fn tails(values: &[f64]) -> Vec<f64> {
    let ascending = ascending(values);
    let count = ascending.len() as f64;
    let skew = direction_of_skew(&ascending);
    let mut tails = vec![0.0; ascending.len()];
    let mut below = 0;
    for equal in ascending.chunk_by(|left, right| left.0 == right.0) {
        let at_most = below + equal.len();
        // Adding zero makes the negative zero of −ln 1 positive.
        let left = 0.0 - (at_most as f64 / count).ln();
        let right = 0.0 - ((ascending.len() - below) as f64 / count).ln();
        let skewed = match skew {
            Skew::Left => left,
            Skew::Right => right,
            Skew::None => left + right,
        };
        let tail = left.max(right).max(skewed);
        for (_, place) in equal {
            if let Some(slot) = tails.get_mut(*place) {
                *slot = tail;
            }
        }
        below = at_most;
    }
    tails
}

#[derive(Clone, Copy)]
enum Skew {
    Left,
    Right,
    None,
}

/// Sign of the third central moment; none where the second is within the rounding of the mean, as in SciPy.
fn direction_of_skew(ascending: &[(f64, usize)]) -> Skew {
    let values = || ascending.iter().map(|(value, _)| *value);
    let mean = mean(values());
    let spread = self::mean(values().map(|value| (value - mean).powi(2)));
    if spread <= (f64::EPSILON * mean).powi(2) {
        return Skew::None;
    }
    let third = self::mean(values().map(|value| (value - mean).powi(3)));
    if third > 0.0 {
        Skew::Right
    } else if third < 0.0 {
        Skew::Left
    } else {
        Skew::None
    }
}

/// The mean by a sum that carries its rounding along (A. Neumaier 1974), so that a symmetric feature comes out so.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    let (mut sum, mut rest) = (0.0f64, 0.0f64);
    for value in values {
        let next = sum + value;
        rest += if sum.abs() >= value.abs() {
            (sum - next) + value
        } else {
            (value - next) + sum
        };
        sum = next;
    }
    (sum + rest) / count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scored(columns: &[Vec<f64>]) -> Ecod {
        ecod(&Features::new(columns.to_vec()).unwrap())
    }

    #[test]
    fn the_far_row_scores_most_and_says_why() {
        let usual = vec![5.0; 9];
        let mut far = vec![1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0];
        far.push(100.0);
        let found = scored(&[usual, far]);
        assert_eq!(found.strongest(8, 3), [(1, 9.0f64.ln()), (0, 0.0)]);
        assert_eq!(found.strongest(8, 1).len(), 1);
        assert_eq!(found.scores[8], 9.0f64.ln());
        assert!(found.strongest(9, 3).is_empty());
    }

    #[test]
    fn a_feature_without_skew_counts_both_tails() {
        let found = scored(&[vec![-1.0, 0.0, 1.0]]);
        let middle = -2.0 * (2.0f64 / 3.0).ln();
        assert!((found.scores[1] - middle).abs() < 1e-15);
        assert_eq!(found.scores[0], 3.0f64.ln());
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(scored(&[]).scores.is_empty());
        assert!(scored(&[Vec::new()]).scores.is_empty());
        assert_eq!(scored(&[vec![7.0]]).scores, [0.0]);
    }

    proptest! {
        #[test]
        fn order_of_rows_moves_no_score(rows in prop::collection::vec((-9i32..9, -1e3f64..1e3), 1..40), turn in 0usize..40) {
            let columns = |rows: &[(i32, f64)]| vec![
                rows.iter().map(|row| f64::from(row.0)).collect(),
                rows.iter().map(|row| row.1).collect(),
            ];
            let turn = turn % rows.len();
            let mut turned = rows.clone();
            turned.rotate_left(turn);
            let mut expected = scored(&columns(&rows)).scores;
            expected.rotate_left(turn);
            prop_assert_eq!(expected, scored(&columns(&turned)).scores);
        }

        #[test]
        fn scale_and_mirror_of_a_feature_do_not_matter(values in prop::collection::vec(-500i32..500, 1..40)) {
            let scaled = |factor: f64| scored(&[values.iter().map(|value| f64::from(*value) * factor).collect()]);
            prop_assert_eq!(scaled(1.0), scaled(4.0));
            prop_assert_eq!(scaled(1.0), scaled(-1.0));
        }
    }
}
