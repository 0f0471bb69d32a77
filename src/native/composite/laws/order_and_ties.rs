//! The order of rows says nothing about units, and neither do their names.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// To the last digit: sums are taken in the order of values, never of rows.
    #[test]
    fn rows_may_come_in_any_order(table in tables(1..9), turn in 0usize..8) {
        let (turn, count) = (turn % table.len(), table.len());
        let mut turned = table.clone();
        turned.rotate_left(turn);
        for (normalisation, aggregation) in methods(Last::Lower) {
            let framework = framework(normalisation, aggregation, "treatment = 'winsorise'", Last::Lower);
            let (straight, other) = (evaluated(&framework, &table).unwrap(), evaluated(&framework, &turned).unwrap());
            for (place, unit) in straight.units.iter().enumerate() {
                let same = &other.units[(place + count - turn) % count];
                prop_assert_eq!((unit.score, unit.rank), (same.score, same.rank), "{} {}", normalisation, aggregation);
                prop_assert_eq!(&unit.items, &same.items);
            }
        }
    }

    /// A unit with the same figures as another has the same score and rank, and the next rank is left out.
    #[test]
    fn equal_units_share_score_and_rank(table in tables(1..8), twin in 0usize..7) {
        let twin = twin % table.len();
        let mut with_twin = table.clone();
        with_twin.push(table[twin]);
        for (normalisation, aggregation) in methods(Last::Lower) {
            let framework = framework(normalisation, aggregation, "", Last::Lower);
            let evaluation = evaluated(&framework, &with_twin).unwrap();
            let (one, other) = (&evaluation.units[twin], evaluation.units.last().unwrap());
            prop_assert_eq!((one.score, one.rank), (other.score, other.rank), "{} {}", normalisation, aggregation);
            if let Some(rank) = one.rank {
                prop_assert!(evaluation.units.iter().all(|unit| unit.rank != Some(rank + 1)));
            }
        }
    }

    /// Ranks follow scores: one more than the number of units with a greater score at nine decimals.
    #[test]
    fn ranks_follow_scores(table in tables(1..9)) {
        for (normalisation, aggregation) in methods(Last::Higher) {
            let framework = framework(normalisation, aggregation, "", Last::Higher);
            let evaluation = evaluated(&framework, &table).unwrap();
            let rounded = |score: f64| (score * 1e9).round();
            for unit in &evaluation.units {
                let expected = unit.score.map(|own| {
                    let scores = evaluation.units.iter().filter_map(|other| other.score);
                    1 + scores.filter(|other| rounded(*other) > rounded(own)).count()
                });
                prop_assert_eq!(unit.rank.map(|rank| rank as usize), expected);
            }
        }
    }
}
