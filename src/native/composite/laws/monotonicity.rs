//! A better value never lowers the score of its unit.
//!
//! Promised by every normalisation with every aggregation, as long as weights are given or equal: each normalised score
//! grows with its own value (of the z-score too: (x − m) / s grows with x although m and s move with it), and so does each
//! aggregation with each part. The benefit of the doubt promises it too: a unit's better value only widens its choice.
//!
//! Not promised: a first difference in an item in which all were equal. Without one the item has no z-score and no place
//! between the smallest and the largest, and is missing; that it is there from then on may pull a mean either way.
//!
//! Not promised: TOPSIS of z-scores, for the distance to the best is (best − x) / s, and s may fall more than best − x does.
//!
//! Not promised either, and shown here by an example each:
//! * weights from the data (entropy, CRITIC, principal components): a value that comes nearer to the others' takes weight
//!   from its item, in which the unit may be good;
//! * winsorising by the shape: an outlier that grows may be the one that makes the treatment begin, and then counts as its
//!   neighbour;
//! * the *rank* with z-scores: the standard deviation that the unit stretches lifts whoever is far below the mean.

use proptest::prelude::*;

use super::*;

/// The table with one value better by a part of itself.
fn improved(table: &[Row], place: usize, item: usize, last: Last, factor: f64) -> Vec<Row> {
    let mut better = table.to_vec();
    let is_turned = item == 2 && last == Last::Lower;
    if let Some(value) = &mut better[place][item] {
        *value *= if is_turned { 1.0 / factor } else { factor };
    }
    better
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_better_value_never_lowers_the_score(
        table in tables(2..9),
        (place, item) in (0usize..8, 0usize..3),
        factor in 1.01f64..3.0,
    ) {
        let place = place % table.len();
        for last in [Last::Higher, Last::Lower] {
            let better = improved(&table, place, item, last, factor);
            let promised = methods(last).into_iter().filter(|method| *method != ("'z_score'", "'topsis'"));
            for (normalisation, aggregation) in promised {
                for weights in ["", "weights = 'equal'"] {
                    let framework = framework(normalisation, aggregation, weights, last);
                    let [before, after] = [&table, &better].map(|table| evaluated(&framework, table).unwrap().units.remove(place));
                    if before.coverage != after.coverage {
                        continue;
                    }
                    if let (Some(before), Some(after)) = (before.score, after.score) {
                        prop_assert!(
                            after >= before - 1e-9 * before.abs().max(1.0),
                            "{} {} {:?}: {} after {}", normalisation, aggregation, last, after, before
                        );
                    }
                }
            }
        }
    }

    /// The others' scores stay or fall with it, so the unit is never overtaken. Votes count the others among themselves too:
    /// there the scale must keep their order, which coarse classes do not.
    #[test]
    fn a_better_value_never_costs_places(
        table in tables(2..9),
        (place, item) in (0usize..8, 0usize..3),
        factor in 1.01f64..3.0,
    ) {
        let place = place % table.len();
        let last = Last::Higher;
        let better = improved(&table, place, item, last, factor);
        for (normalisation, aggregation) in methods(last) {
            // Closeness to the ideal is measured in the scale of every item, which the value moves unless it is fixed.
            let is_fixed = normalisation.contains("goalposts") || normalisation.contains("target");
            let is_coarse = normalisation.contains("above_mean") || normalisation == "'categories'";
            let is_left_out = match aggregation {
                "'topsis'" => !is_fixed,
                "'borda'" | "'copeland'" => is_coarse,
                _ => false,
            };
            if normalisation == "'z_score'" || is_left_out {
                continue;
            }
            let framework = framework(normalisation, aggregation, "", last);
            let [before, after] = [&table, &better].map(|table| evaluated(&framework, table).unwrap().units.remove(place));
            if before.coverage != after.coverage {
                continue;
            }
            if let (Some(before), Some(after)) = (before.rank, after.rank) {
                prop_assert!(after <= before, "{} {}: {} after {}", normalisation, aggregation, after, before);
            }
        }
    }

    #[test]
    fn the_benefit_of_the_doubt_never_falls_with_a_better_value(
        table in full_tables(2..7),
        (place, item) in (0usize..6, 0usize..3),
        factor in 1.01f64..3.0,
    ) {
        let place = place % table.len();
        for bounds in ["'bod'", "{ method = 'bod', minimum = 0.1, maximum = 0.6 }"] {
            let weights = format!("weights = {bounds}");
            let framework = framework("{ method = 'ratio_to_target', target = 300 }", "'arithmetic'", &weights, Last::Higher);
            let better = improved(&table, place, item, Last::Higher, factor);
            let before = scores(&framework, &table)[place].unwrap();
            let after = scores(&framework, &better)[place].unwrap();
            prop_assert!(after >= before - 1e-7, "{}: {} after {}", bounds, after, before);
        }
    }
}

/// Whether the first unit, good in the first item alone and there still below the others, loses points on its way to them.
fn loses_points_on_its_way(framework: &Framework) -> bool {
    let score = |own: f64| {
        let rows = [
            [own, 5.0, 8.0],
            [180.0, 6.0, 5.0],
            [190.0, 7.0, 9.0],
            [170.0, 9.0, 6.0],
        ];
        scores(framework, &rows.map(|row| row.map(Some)))[0].unwrap()
    };
    let way: Vec<f64> = (0..16)
        .map(|step| score(50.0 + 10.0 * f64::from(step)))
        .collect();
    way.windows(2).any(|pair| pair[1] < pair[0] - 1e-6)
}

#[test]
fn weights_from_the_data_promise_nothing() {
    let goalposts = "{ method = 'goalposts', minimum = 0, maximum = 200 }";
    for method in ["entropy", "critic", "pca"] {
        let weights = format!("weights = '{method}'");
        let own = framework(goalposts, "'arithmetic'", &weights, Last::Higher);
        assert!(loses_points_on_its_way(&own), "{method}");
    }
    let given = framework(goalposts, "'arithmetic'", "", Last::Higher);
    assert!(!loses_points_on_its_way(&given));
}

#[test]
fn winsorising_by_the_shape_promises_nothing() {
    let goalposts = "{ method = 'goalposts', minimum = 0, maximum = 1000 }";
    let winsorised = framework(
        goalposts,
        "'arithmetic'",
        "treatment = 'winsorise'",
        Last::Higher,
    );
    let table = |own: f64| -> Vec<Row> {
        let others = (0..10).map(|place| 40.0 + f64::from(place));
        let values = std::iter::once(own).chain(others);
        values.map(|value| [Some(value); 3]).collect()
    };
    let score = |own: f64| scores(&winsorised, &table(own))[0].unwrap();
    // 60 is no outlier and counts as it is; 900 counts as the next value, 49.
    assert!((score(60.0) - 6.0).abs() < 1e-9);
    assert!((score(900.0) - 4.9).abs() < 1e-9);
}

#[test]
fn z_scores_promise_no_rank() {
    // The first unit leads by its first item, in which the second is last. When the lead grows, the deviation grows, and the
    // second is not so far below the mean any more; the first is hardly farther above it.
    let table = |own: f64| -> Vec<Row> {
        let rows = [
            [own, 10.0, 10.0],
            [1.0, 21.4, 21.4],
            [50.0, 15.0, 15.0],
            [50.0, 15.0, 15.0],
        ];
        rows.into_iter().map(|row| row.map(Some)).collect()
    };
    let z_scores = framework("'z_score'", "'arithmetic'", "", Last::Higher);
    let rank = |own: f64| evaluated(&z_scores, &table(own)).unwrap().units[0].rank;
    let found: Vec<Option<u32>> = [100.0, 200.0, 400.0].map(rank).to_vec();
    assert!(
        found.windows(2).any(|pair| pair[1] > pair[0]),
        "no place lost: {found:?}"
    );
}
