//! Competition ranks: ties share a rank and the places they fill are skipped (1, 2, 2, 4).

/// Rank of each value, 1 for the largest; values equal at `decimals` decimals share a rank, absent ones have none.
pub(super) fn rank_descending(values: &[Option<f64>], decimals: u32) -> Vec<Option<u32>> {
    let keys: Vec<Option<f64>> = values
        .iter()
        .map(|value| value.map(|value| round_to(value, decimals)))
        .collect();
    let mut sorted: Vec<f64> = keys.iter().flatten().copied().collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let rank = |key: f64| {
        let larger = sorted.partition_point(|other| *other > key);
        u32::try_from(larger + 1).unwrap_or(u32::MAX)
    };
    keys.into_iter().map(|key| key.map(rank)).collect()
}

fn round_to(value: f64, decimals: u32) -> f64 {
    let scale = 10f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
    // Adding zero makes a negative zero positive: both are one value.
    (value * scale).round() + 0.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_share_a_rank() {
        let values = [Some(7.0), Some(9.0), None, Some(7.0), Some(1.0)];
        assert_eq!(
            rank_descending(&values, 9),
            [Some(2), Some(1), None, Some(2), Some(4)]
        );
    }

    #[test]
    fn decimals_decide_what_a_tie_is() {
        let values = [Some(0.8214), Some(0.8206), Some(0.8223)];
        assert_eq!(rank_descending(&values, 4), [Some(2), Some(3), Some(1)]);
        assert_eq!(rank_descending(&values, 3), [Some(2), Some(2), Some(1)]);
        assert_eq!(rank_descending(&[Some(-0.0), Some(0.0)], 9), [Some(1); 2]);
        let noise = [Some(0.1 + 0.2), Some(0.3)];
        assert_eq!(rank_descending(&noise, 9), [Some(1); 2]);
    }

    proptest! {
        #[test]
        fn rank_is_one_more_than_the_number_ahead(values in prop::collection::vec(prop::option::of(-5i8..5), 0..30)) {
            let values: Vec<Option<f64>> = values.into_iter().map(|v| v.map(f64::from)).collect();
            let ranks = rank_descending(&values, 2);
            for (value, rank) in values.iter().zip(&ranks) {
                let expected = value.map(|value| {
                    1 + values.iter().flatten().filter(|other| **other > value).count() as u32
                });
                prop_assert_eq!(*rank, expected);
            }
        }
    }
}
