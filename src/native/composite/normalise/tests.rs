use proptest::prelude::*;

use super::super::peers::Peers;
use super::*;

fn scores(normalisation: Normalisation, direction: Direction, values: &[f64]) -> Vec<Option<f64>> {
    let present: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
    normalisation.scores(&present, direction, &Peers::new(values.iter().copied()))
}

fn ratio_to_target(target: f64, direction: Direction, value: f64) -> f64 {
    scores(Normalisation::RatioToTarget { target }, direction, &[value])[0].unwrap()
}

fn goalposts(direction: Direction, value: f64) -> f64 {
    let normalisation = Normalisation::Goalposts {
        minimum: 0.0,
        maximum: 5.0,
        logarithm: false,
    };
    scores(normalisation, direction, &[value])[0].unwrap()
}

#[test]
fn ratio_to_target_is_capped_at_both_ends() {
    assert_eq!(ratio_to_target(0.95, Direction::Higher, 0.95), 100.0);
    assert_eq!(ratio_to_target(0.95, Direction::Higher, 1.0), 100.0);
    assert_eq!(ratio_to_target(0.8, Direction::Higher, 0.4), 50.0);
    assert_eq!(ratio_to_target(0.8, Direction::Higher, -0.1), 0.0);
    assert_eq!(ratio_to_target(2.0, Direction::Lower, 4.0), 50.0);
    assert_eq!(ratio_to_target(2.0, Direction::Lower, 1.0), 100.0);
    assert_eq!(ratio_to_target(2.0, Direction::Lower, 0.0), 100.0);
}

#[test]
fn goalposts_hold_scores_within_their_ends() {
    // 100 − 20 × upheld complaints per 1,000 learners, never below 0.
    assert_eq!(goalposts(Direction::Lower, 0.0), 100.0);
    assert_eq!(goalposts(Direction::Lower, 1.0), 80.0);
    assert_eq!(goalposts(Direction::Lower, 7.0), 0.0);
    assert_eq!(goalposts(Direction::Higher, 7.0), 100.0);
    assert_eq!(goalposts(Direction::Higher, -1.0), 0.0);
    let income = Normalisation::Goalposts {
        minimum: 100.0,
        maximum: 10_000.0,
        logarithm: true,
    };
    let found = scores(
        income,
        Direction::Higher,
        &[1_000.0, 100.0, 0.0, -5.0, 20_000.0],
    );
    let expected = [50.0, 0.0, 0.0, 0.0, 100.0];
    for (found, expected) in found.iter().zip(expected) {
        assert!((found.unwrap() - expected).abs() < 1e-9);
    }
}

#[test]
fn lower_is_better_mirrors_the_peer_scales() {
    let values = [1.0, 2.0, 4.0];
    let lower = |normalisation| scores(normalisation, Direction::Lower, &values);
    let third = 100.0 / 3.0;
    let min_max: Vec<f64> = lower(Normalisation::MinMax).into_iter().flatten().collect();
    assert_eq!(min_max[0], 100.0);
    assert!((min_max[1] - 2.0 * third).abs() < 1e-9);
    assert_eq!(min_max[2], 0.0);
    assert_eq!(
        lower(Normalisation::Rank),
        [Some(3.0), Some(2.0), Some(1.0)]
    );
    let to_best = Normalisation::Distance {
        reference: Reference::Best,
        measure: Measure::Ratio,
    };
    assert_eq!(lower(to_best), [Some(100.0), Some(50.0), Some(25.0)]);
    let to_worst = Normalisation::Distance {
        reference: Reference::Worst,
        measure: Measure::Difference,
    };
    assert_eq!(lower(to_worst), [Some(75.0), Some(50.0), Some(0.0)]);
}

#[test]
fn a_scale_the_peers_leave_undefined_gives_no_scores() {
    for normalisation in [Normalisation::MinMax, Normalisation::ZScore] {
        assert_eq!(
            scores(normalisation, Direction::Higher, &[3.0, 3.0]),
            [None, None]
        );
    }
    assert_eq!(
        scores(Normalisation::ZScore, Direction::Higher, &[3.0]),
        [None]
    );
    let to_mean = Normalisation::Distance {
        reference: Reference::Mean,
        measure: Measure::Ratio,
    };
    assert_eq!(
        scores(to_mean, Direction::Higher, &[-1.0, 1.0]),
        [None, None]
    );
    let nobody = Peers::new(std::iter::empty());
    for normalisation in [
        Normalisation::MinMax,
        Normalisation::ZScore,
        Normalisation::Rank,
        Normalisation::PercentileRank,
        to_mean,
    ] {
        assert_eq!(
            normalisation.scores(&[Some(1.0)], Direction::Higher, &nobody),
            [None]
        );
    }
}

#[test]
fn units_that_are_no_peers_are_measured_on_the_peers_scale() {
    let peers = Peers::new([10.0, 20.0].into_iter());
    let values = [Some(30.0), None, Some(15.0)];
    let found = Normalisation::MinMax.scores(&values, Direction::Higher, &peers);
    assert_eq!(found, [Some(100.0), None, Some(50.0)]);
    let found = Normalisation::PercentileRank.scores(&values, Direction::Higher, &peers);
    assert_eq!(found, [Some(100.0), None, Some(100.0)]);
}

proptest! {
    #[test]
    fn better_values_never_score_worse(mut values in prop::collection::vec(0.01f64..100.0, 2..20)) {
        values.sort_by(f64::total_cmp);
        let best_ratio = Normalisation::Distance { reference: Reference::Best, measure: Measure::Ratio };
        let all = [
            Normalisation::None,
            Normalisation::Goalposts { minimum: 10.0, maximum: 80.0, logarithm: true },
            Normalisation::MinMax,
            Normalisation::ZScore,
            Normalisation::Rank,
            Normalisation::PercentileRank,
            Normalisation::RatioToTarget { target: 40.0 },
            best_ratio,
        ];
        for normalisation in all {
            let rising: Vec<f64> = scores(normalisation, Direction::Higher, &values).into_iter().flatten().collect();
            prop_assert!(rising.windows(2).all(|pair| pair[0] <= pair[1]));
            if normalisation != Normalisation::None {
                let falling: Vec<f64> = scores(normalisation, Direction::Lower, &values).into_iter().flatten().collect();
                prop_assert!(falling.windows(2).all(|pair| pair[0] >= pair[1]));
            }
        }
    }
}
