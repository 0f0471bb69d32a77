//! One unit, units that are all alike, and no unit at all.

use super::*;

const ROW: Row = [Some(20.0), Some(40.0), Some(80.0)];

/// Scales that need a difference between units.
fn needs_spread(normalisation: &str) -> bool {
    ["'min_max'", "'z_score'"].contains(&normalisation)
}

#[test]
fn one_unit_is_the_first_or_has_no_scale() {
    for (normalisation, aggregation) in methods(Last::Lower) {
        let framework = framework(normalisation, aggregation, "", Last::Lower);
        let unit = evaluated(&framework, &[ROW]).unwrap().units.remove(0);
        if needs_spread(normalisation) {
            assert_eq!((unit.score, unit.rank, unit.coverage), (None, None, 0.0));
        } else {
            assert!(unit.score.unwrap().is_finite());
            assert_eq!(unit.rank, Some(1), "{normalisation} {aggregation}");
        }
    }
}

#[test]
fn units_that_are_all_alike_are_all_the_first() {
    for (normalisation, aggregation) in methods(Last::Lower) {
        let framework = framework(normalisation, aggregation, "", Last::Lower);
        let units = evaluated(&framework, &[ROW; 5]).unwrap().units;
        for unit in &units {
            assert_eq!(unit.score, units[0].score);
            let expected = (!needs_spread(normalisation)).then_some(1);
            assert_eq!(unit.rank, expected, "{normalisation} {aggregation}");
        }
    }
}

#[test]
fn nobody_and_units_without_figures_have_no_score() {
    for (normalisation, aggregation) in methods(Last::Lower) {
        let framework = framework(normalisation, aggregation, "", Last::Lower);
        assert!(evaluated(&framework, &[]).unwrap().units.is_empty());
        for unit in evaluated(&framework, &[[None; 3]; 3]).unwrap().units {
            assert_eq!((unit.score, unit.rank, unit.coverage), (None, None, 0.0));
        }
    }
}

/// Weights from the data say why there are none, and never fall back on others.
#[test]
fn weights_from_the_data_need_units_that_differ() {
    for (method, name) in [("entropy", "entropy"), ("critic", "critic"), ("pca", "pca")] {
        let weights = format!("weights = '{method}'");
        let framework = framework("'none'", "'arithmetic'", &weights, Last::Higher);
        for table in [&[][..], &[ROW], &[ROW; 4], &[[None; 3]; 4]] {
            let error = evaluated(&framework, table).unwrap_err();
            assert!(
                matches!(error, EvaluationError::NoWeights { method, .. } if method == name),
                "{error}"
            );
        }
    }
    let doubt = framework("'none'", "'arithmetic'", "weights = 'bod'", Last::Higher);
    assert!(evaluated(&doubt, &[]).unwrap().units.is_empty());
    for table in [&[ROW][..], &[ROW; 4]] {
        let units = evaluated(&doubt, table).unwrap().units;
        let is_best = |score: f64| (score - 100.0).abs() < 1e-7;
        assert!(units.iter().all(|unit| is_best(unit.score.unwrap())));
    }
}
