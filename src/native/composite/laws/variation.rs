//! Rank intervals: what changes nothing about scores changes nothing about how sure they are.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::{UncertaintyRule, UnitUncertainty, rank_influences, rank_uncertainty};
use super::*;

const GRADES: &str = "[[grades]]\nid = 'high'\nminimum = 50\n[[grades]]\nid = 'low'";

fn rule() -> UncertaintyRule {
    UncertaintyRule {
        draws: 64,
        ..UncertaintyRule::default()
    }
}

fn graded(normalisation: &str, last: Last) -> Framework {
    framework(normalisation, "'arithmetic'", GRADES, last)
}

fn uncertainty(framework: &Framework, table: &[Row]) -> Vec<Option<UnitUncertainty>> {
    let evaluation = evaluated(framework, table).unwrap();
    let units = units(table.len());
    rank_uncertainty(framework, rule(), &units, &BTreeMap::new(), &evaluation)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Every option of a draw is as blind to the unit of measure as the framework's own scale.
    #[test]
    fn intervals_do_not_depend_on_units_of_measure(table in tables(2..10), power in -4i32..=4) {
        let factor = 2f64.powi(power);
        let row = |row: &Row| row.map(|cell| cell.map(|value| factor * value + 32.0));
        let other: Vec<Row> = table.iter().map(row).collect();
        for last in [Last::Higher, Last::Lower] {
            let framework = graded("'min_max'", last);
            prop_assert_eq!(uncertainty(&framework, &table), uncertainty(&framework, &other));
        }
    }

    /// A unit with the figures of another varies as the other does, and percentiles stand in their order.
    #[test]
    fn equal_units_vary_alike(table in tables(2..9), twin in 0usize..8) {
        let twin = twin % table.len();
        let mut with_twin = table.clone();
        with_twin.push(table[twin]);
        let found = uncertainty(&graded(NORMALISATIONS[0], Last::Lower), &with_twin);
        prop_assert_eq!(found[twin], *found.last().unwrap());
        for unit in found.iter().flatten() {
            prop_assert!(1 <= unit.rank_p05 && unit.rank_p05 <= unit.rank_p50);
            prop_assert!(unit.rank_p50 <= unit.rank_p95 && unit.rank_p95 as usize <= with_twin.len());
            prop_assert!((0.0..=1.0).contains(&unit.grade_agreement.unwrap()));
        }
    }

    #[test]
    fn a_seed_is_a_result_whatever_the_threads(table in tables(3..9), seed in any::<u64>()) {
        let framework = graded("'min_max'", Last::Lower);
        let evaluation = evaluated(&framework, &table).unwrap();
        let units = units(table.len());
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let rule = UncertaintyRule { seed, ..rule() };
            let groups = BTreeMap::new();
            pool.install(|| {
                let intervals = rank_uncertainty(&framework, rule, &units, &groups, &evaluation);
                (intervals, rank_influences(&framework, rule, &units, &groups, &evaluation))
            })
        };
        let one = with(1);
        prop_assert_eq!(&one, &with(1));
        prop_assert_eq!(&one, &with(4));
    }
}

/// No choice tells apart what is alike: everybody is the first in every draw, whatever the level of the draw's scores.
#[test]
fn units_that_are_all_alike_are_always_the_first() {
    let row: Row = [Some(20.0), Some(40.0), Some(80.0)];
    let framework = graded(NORMALISATIONS[0], Last::Higher);
    for unit in uncertainty(&framework, &[row; 6]) {
        let unit = unit.unwrap();
        assert_eq!((unit.rank_p05, unit.rank_p50, unit.rank_p95), (1, 1, 1));
    }
    let evaluation = evaluated(&framework, &[row; 6]).unwrap();
    let groups = BTreeMap::new();
    let influences = rank_influences(&framework, rule(), &units(6), &groups, &evaluation);
    assert_eq!(influences, None);
}

#[test]
fn nobody_has_no_interval() {
    let framework = graded(NORMALISATIONS[0], Last::Higher);
    assert!(uncertainty(&framework, &[]).is_empty());
    assert_eq!(uncertainty(&framework, &[[None; 3]; 2]), [None, None]);
}
