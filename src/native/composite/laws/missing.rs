//! What is missing is left out: its weight goes to what is there, and coverage says so.

use proptest::prelude::*;

use super::*;

const WEIGHTS: [f64; 3] = [3.0, 1.0, 2.0];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A zero in place of a gap would pull a mean below the lowest of the items that are there.
    #[test]
    fn a_mean_lies_between_the_items_that_are_there(table in tables(1..9)) {
        for (normalisation, aggregation) in methods(Last::Lower).into_iter().filter(|(_, name)| MEANS.contains(name)) {
            let framework = framework(normalisation, aggregation, "", Last::Lower);
            for unit in evaluated(&framework, &table).unwrap().units {
                let there: Vec<f64> = unit.items.iter().filter_map(|item| item.normalised).collect();
                let Some(score) = unit.score else {
                    prop_assert!(there.is_empty());
                    continue;
                };
                let lowest = there.iter().copied().fold(f64::INFINITY, f64::min);
                let highest = there.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let noise = 1e-9 * highest.abs().max(1.0);
                prop_assert!(
                    (lowest - noise..=highest + noise).contains(&score),
                    "{} {}: {} of {:?}", normalisation, aggregation, score, there
                );
            }
        }
    }

    /// Coverage is the share of the weight that is there, and points stand on what is there alone.
    #[test]
    fn coverage_is_the_weight_that_is_there(table in tables(1..9)) {
        for (normalisation, aggregation) in methods(Last::Lower) {
            let framework = framework(normalisation, aggregation, "", Last::Lower);
            for unit in evaluated(&framework, &table).unwrap().units {
                let pairs = || unit.items.iter().zip(WEIGHTS);
                let there = pairs().filter(|(item, _)| item.normalised.is_some());
                let share = there.map(|(_, weight)| weight).sum::<f64>() / 6.0;
                prop_assert!((unit.coverage - share).abs() < 1e-12);
                for (item, _) in pairs() {
                    prop_assert_eq!(item.contribution.is_some(), item.normalised.is_some());
                }
                let points: f64 = unit.items.iter().filter_map(|item| item.contribution).sum();
                prop_assert!(is_close(unit.score.or(Some(0.0)), Some(points)), "{} {}", normalisation, aggregation);
            }
        }
    }

    /// On a fixed scale a unit without an item has the score that it has in an index without the item.
    #[test]
    fn a_unit_without_an_item_is_scored_as_if_there_were_none(row in prop::array::uniform3(1u8..=100), gap in 0usize..3) {
        let mut row = row.map(|value| Some(f64::from(value)));
        row[gap] = None;
        for (normalisation, aggregation) in methods(Last::Higher) {
            let is_fixed = normalisation.contains("goalposts") || normalisation.contains("target");
            if !is_fixed || !MEANS.contains(&aggregation) {
                continue;
            }
            let whole = framework(normalisation, aggregation, "", Last::Higher);
            let mut smaller = whole.clone();
            smaller.dimensions[0].items.remove(gap);
            let rest: Vec<ItemValue> = values(&whole, &[row]).into_iter().filter(|value| value.value.is_some()).collect();
            let alone = evaluate(&smaller, &units(1), &rest).unwrap().units[0].score;
            prop_assert!(is_close(scores(&whole, &[row])[0], alone), "{} {}", normalisation, aggregation);
        }
    }

    /// Where gaps are not allowed, a unit with one has no score and no rank, and the others keep theirs.
    #[test]
    fn a_complete_index_scores_no_unit_with_a_gap(table in tables(1..9)) {
        for aggregation in MEANS {
            let goalposts = NORMALISATIONS[0];
            let complete = framework(goalposts, aggregation, "missing = 'complete'", Last::Higher);
            let tolerant = framework(goalposts, aggregation, "", Last::Higher);
            let pairs = scores(&complete, &table).into_iter().zip(scores(&tolerant, &table));
            for (row, (strict, score)) in table.iter().zip(pairs) {
                let is_whole = row.iter().all(Option::is_some);
                prop_assert_eq!(strict, score.filter(|_| is_whole));
            }
        }
    }
}
