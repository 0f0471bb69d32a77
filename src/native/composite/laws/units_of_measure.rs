//! Kilograms or grams, years or months: what an item is counted in changes no score.

use proptest::prelude::*;

use super::*;

/// Scales that only know the values' order or their place between two of them: zero may move too.
const AFFINE: [&str; 5] = [
    "'min_max'",
    "'z_score'",
    "'rank'",
    "'percentile_rank'",
    "'categories'",
];
/// Scales that know zero.
const RATIO: [&str; 6] = [
    "'vector'",
    "{ method = 'distance', reference = 'mean', measure = 'ratio' }",
    "{ method = 'distance', reference = 'best', measure = 'ratio' }",
    "{ method = 'distance', reference = 'worst', measure = 'ratio' }",
    "{ method = 'distance', reference = 'best', measure = 'difference' }",
    "{ method = 'above_mean', threshold = 0.2 }",
];

/// Every item in another unit: x becomes factor · x + zero.
fn measured(table: &[Row], factor: f64, zero: f64) -> Vec<Row> {
    let row = |row: &Row| row.map(|cell| cell.map(|value| factor * value + zero));
    table.iter().map(row).collect()
}

fn same(before: &[Option<f64>], after: &[Option<f64>]) -> bool {
    let mut pairs = before.iter().zip(after);
    pairs.all(|(before, after)| is_close(*before, *after))
}

/// Powers of two are exact in binary, so that equal values stay equal and limits are met or missed as before.
fn factors() -> impl Strategy<Value = f64> {
    (-6i32..=6).prop_map(|power| 2f64.powi(power))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn scales_between_values_take_any_unit(table in tables(1..9), factor in factors(), zero in 0u8..50) {
        let other = measured(&table, factor, f64::from(zero));
        for last in [Last::Higher, Last::Lower] {
            for (normalisation, aggregation) in methods(last).into_iter().filter(|(name, _)| AFFINE.contains(name)) {
                let framework = framework(normalisation, aggregation, "", last);
                prop_assert!(
                    same(&scores(&framework, &table), &scores(&framework, &other)),
                    "{} {} {:?}", normalisation, aggregation, last
                );
            }
        }
    }

    #[test]
    fn scales_that_know_zero_take_any_multiple(table in tables(1..9), factor in factors()) {
        let other = measured(&table, factor, 0.0);
        for last in [Last::Higher, Last::Lower] {
            for (normalisation, aggregation) in methods(last).into_iter().filter(|(name, _)| RATIO.contains(name)) {
                let framework = framework(normalisation, aggregation, "", last);
                prop_assert!(
                    same(&scores(&framework, &table), &scores(&framework, &other)),
                    "{} {} {:?}", normalisation, aggregation, last
                );
            }
        }
        // TOPSIS divides raw items by their own length.
        let topsis = "aggregation = 'topsis'\n[[items]]\nid = 'a'\n[[items]]\nid = 'b'\n[[items]]\nid = 'c'\n";
        let topsis = Framework::parse_with_defaults("law.toml", topsis).unwrap();
        prop_assert!(same(&scores(&topsis, &table), &scores(&topsis, &other)));
    }

    /// Limits in the item's units move with them.
    #[test]
    fn fixed_limits_move_with_the_unit(table in tables(1..9), factor in factors(), zero in 0u8..50) {
        let zero = f64::from(zero);
        let (minimum, maximum) = (5.0, 90.0);
        let goalposts = |minimum: f64, maximum: f64, scale: &str| {
            format!("{{ method = 'goalposts', minimum = {minimum:?}, maximum = {maximum:?}, scale = '{scale}' }}")
        };
        let target = |target: f64| format!("{{ method = 'ratio_to_target', target = {target:?} }}");
        let pairs = [
            (
                goalposts(minimum, maximum, "linear"),
                goalposts(factor * minimum + zero, factor * maximum + zero, "linear"),
                zero,
            ),
            (
                goalposts(minimum, maximum, "logarithm"),
                goalposts(factor * minimum, factor * maximum, "logarithm"),
                0.0,
            ),
            (target(70.0), target(factor * 70.0), 0.0),
        ];
        for last in [Last::Higher, Last::Lower] {
            for (own, moved, zero) in &pairs {
                for aggregation in MEANS {
                    let before = scores(&framework(own, aggregation, "", last), &table);
                    let other = measured(&table, factor, *zero);
                    let after = scores(&framework(moved, aggregation, "", last), &other);
                    prop_assert!(same(&before, &after), "{} {} {:?}", own, aggregation, last);
                }
            }
        }
    }

    /// Votes and ranks know nothing but the order: any growing function leaves them as they are, to the last digit.
    #[test]
    fn the_order_alone_decides_votes(table in tables(1..9)) {
        let cube = |row: &Row| row.map(|cell| cell.map(|value| value.powi(3) - 1e6));
        let cubed: Vec<Row> = table.iter().map(cube).collect();
        for (normalisation, aggregation) in [
            ("'none'", "'borda'"),
            ("'none'", "'copeland'"),
            ("'rank'", "'arithmetic'"),
            ("'percentile_rank'", "'geometric'"),
            ("'categories'", "'arithmetic'"),
        ] {
            for last in [Last::Higher, Last::Lower] {
                let framework = framework(normalisation, aggregation, "", last);
                prop_assert_eq!(scores(&framework, &table), scores(&framework, &cubed));
            }
        }
    }

    /// Few misses are as good as many hits: an item counted the other way round, with the other direction.
    #[test]
    fn an_item_may_be_counted_the_other_way_round(table in tables(1..9)) {
        let turned: Vec<Row> = table
            .iter()
            .map(|[a, b, c]| [*a, *b, c.map(|value| 128.0 - value)])
            .collect();
        for (normalisation, aggregation) in methods(Last::Higher).into_iter().filter(|(name, _)| AFFINE.contains(name)) {
            let higher = framework(normalisation, aggregation, "", Last::Higher);
            let lower = framework(normalisation, aggregation, "", Last::Lower);
            prop_assert!(
                same(&scores(&higher, &table), &scores(&lower, &turned)),
                "{} {}", normalisation, aggregation
            );
        }
    }

    /// Only the proportions of weights count; votes are counted in weights and grow with them.
    #[test]
    fn weights_are_proportions(table in tables(1..9)) {
        for (normalisation, aggregation) in methods(Last::Higher) {
            let own = framework(normalisation, aggregation, "", Last::Higher);
            let mut heavier = own.clone();
            for item in heavier.dimensions.iter_mut().flat_map(|dimension| &mut dimension.items) {
                item.weight *= 8.0;
            }
            let votes = if aggregation == "'borda'" { 8.0 } else { 1.0 };
            let expected: Vec<Option<f64>> = scores(&own, &table).into_iter().map(|score| Some(score? * votes)).collect();
            prop_assert!(same(&expected, &scores(&heavier, &table)), "{} {}", normalisation, aggregation);
        }
    }

    /// Weights from the data and the rule of treatment are as blind to units as the scores they are made from.
    #[test]
    fn computed_weights_and_treatment_take_any_unit(table in full_tables(5..10), factor in factors()) {
        let other = measured(&table, factor, 16.0);
        for more in ["weights = 'critic'", "weights = 'pca'", "weights = 'entropy'", "treatment = 'winsorise'"] {
            let framework = framework("'min_max'", "'arithmetic'", more, Last::Higher);
            if let (Ok(before), Ok(after)) = (evaluated(&framework, &table), evaluated(&framework, &other)) {
                for (before, after) in before.units.iter().zip(&after.units) {
                    let difference = before.score.unwrap() - after.score.unwrap();
                    prop_assert!(difference.abs() < 1e-6, "{}: {}", more, difference);
                }
            }
        }
    }
}
