//! Entropy weights (Shannon 1948; Zeleny 1982): p = x / Σx, e = −Σ p·ln p / ln m, weight = (1 − e) / Σ (1 − e).

use super::shares;

/// A column's values must have one sign: shares of a sum are meant.
pub(super) fn weights(columns: &[Vec<f64>]) -> Result<Vec<f64>, &'static str> {
    let diversities: Option<Vec<f64>> = columns.iter().map(|column| diversity(column)).collect();
    let diversities = diversities.ok_or("entropy needs scores of one sign that are not all 0")?;
    shares(diversities).ok_or("the units do not differ in any part")
}

/// 1 − e; 0 where all units are alike, 1 where one has everything.
fn diversity(column: &[f64]) -> Option<f64> {
    let sum: f64 = column.iter().sum();
    let shares = || column.iter().map(|value| value / sum);
    if sum == 0.0 || shares().any(|share| share < 0.0) {
        return None;
    }
    let disorder: f64 = shares()
        .filter(|share| *share > 0.0)
        .map(|share| -share * share.ln())
        .sum();
    Some((1.0 - disorder / (column.len() as f64).ln()).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_without_difference_weighs_nothing() {
        let even = vec![1.0, 1.0];
        let all_in_one = vec![0.0, 4.0];
        let found = weights(&[even.clone(), all_in_one.clone()]).unwrap();
        assert!(found[0].abs() < 1e-15 && (found[1] - 1.0).abs() < 1e-15);
        let negative = vec![0.0, -4.0];
        assert_eq!(weights(&[negative, all_in_one]).unwrap(), [0.5, 0.5]);
        assert!(weights(&[even]).is_err());
        assert!(weights(&[vec![1.0, -1.0]]).is_err());
    }
}
