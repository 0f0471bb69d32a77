//! Length of a union of intervals, by sweep.

/// How much of the line some intervals cover together, overlaps counted once, in the unit of their ends.
///
/// `starts` and `ends` hold the two ends of the same half-open intervals, each in any order, none ending before it starts;
/// both are put in order. An interval without length covers nothing.
///
/// Klee's measure problem in one dimension (V. Klee, "Can the measure of ∪[aᵢ, bᵢ] be computed in less than O(n log n)
/// steps?", American Mathematical Monthly 84, 1977). When both ends are in order, the line is bare just before the next
/// start exactly when as many intervals have ended as have started, and it has been so since the last of these ends.
pub fn union_length(starts: &mut [i64], ends: &mut [i64]) -> i64 {
    starts.sort_unstable();
    ends.sort_unstable();
    let (Some(first), Some(last)) = (starts.first(), ends.last()) else {
        return 0;
    };
    let bare: i64 = ends
        .iter()
        .zip(starts.iter().skip(1))
        .map(|(end, start)| start.saturating_sub(*end).max(0))
        .sum();
    last.saturating_sub(*first).saturating_sub(bare)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn length(intervals: &[(i64, i64)]) -> i64 {
        let (mut starts, mut ends): (Vec<i64>, Vec<i64>) = intervals.iter().copied().unzip();
        union_length(&mut starts, &mut ends)
    }

    #[test]
    fn overlaps_count_once() {
        for (intervals, expected) in [
            (&[][..], 0),
            (&[(3, 8)], 5),
            (&[(3, 3)], 0),
            (&[(0, 2), (2, 4)], 4),
            (&[(0, 2), (3, 4)], 3),
            (&[(3, 4), (0, 2)], 3),
            (&[(0, 10), (2, 3)], 10),
            (&[(0, 10), (5, 5)], 10),
            (&[(0, 0), (5, 5)], 0),
            (&[(0, 1), (5, 5), (9, 10)], 2),
            (&[(0, 5), (0, 5), (0, 5)], 5),
            (&[(0, 4), (2, 6), (5, 9), (20, 21)], 10),
            (&[(-7, -5), (-6, 1)], 8),
        ] {
            assert_eq!(length(intervals), expected, "{intervals:?}");
        }
    }

    proptest! {
        #[test]
        fn it_is_the_number_of_covered_units(
            intervals in prop::collection::vec((0_i64..60, 0_i64..20), 0..12)
        ) {
            let intervals: Vec<(i64, i64)> =
                intervals.into_iter().map(|(start, length)| (start, start + length)).collect();
            let is_covered = |unit: &i64| intervals.iter().any(|(start, end)| (start..end).contains(&unit));
            let covered = (0..80).filter(is_covered).count();
            prop_assert_eq!(length(&intervals), i64::try_from(covered).unwrap());
        }
    }
}
