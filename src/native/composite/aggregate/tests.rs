use proptest::prelude::*;

use super::*;

const ALL: [Aggregation; 3] = [
    Aggregation::Arithmetic,
    Aggregation::Geometric,
    Aggregation::Harmonic,
];

fn parts(pairs: &[(f64, f64)]) -> Vec<Part> {
    let part = |(weight, score): &(f64, f64)| Part {
        weight: *weight,
        score: *score,
    };
    pairs.iter().map(part).collect()
}

#[test]
fn known_means() {
    let two = parts(&[(1.0, 2.0), (1.0, 8.0)]);
    assert_eq!(Aggregation::Arithmetic.mean(&two), Some(5.0));
    let geometric = Aggregation::Geometric.mean(&two).unwrap();
    assert!((geometric - 4.0).abs() < 1e-12);
    assert_eq!(Aggregation::Harmonic.mean(&two), Some(3.2));
    let uneven = parts(&[(3.0, 2.0), (1.0, 8.0)]);
    assert_eq!(Aggregation::Arithmetic.mean(&uneven), Some(3.5));
    let geometric = Aggregation::Geometric.mean(&uneven).unwrap();
    assert!((geometric - 8f64.sqrt()).abs() < 1e-12);
    let harmonic = Aggregation::Harmonic.mean(&uneven).unwrap();
    assert!((harmonic - 32.0 / 13.0).abs() < 1e-12);
}

#[test]
fn nothing_and_zero() {
    let with_zero = parts(&[(1.0, 0.0), (1.0, 8.0)]);
    assert_eq!(Aggregation::Arithmetic.mean(&with_zero), Some(4.0));
    for aggregation in ALL {
        assert_eq!(aggregation.mean(&[]), None);
        assert!(aggregation.gradient(&[]).is_empty());
    }
    for aggregation in [Aggregation::Geometric, Aggregation::Harmonic] {
        assert_eq!(aggregation.mean(&with_zero), Some(0.0));
        assert_eq!(aggregation.gradient(&with_zero), [0.0, 0.0]);
    }
}

proptest! {
    #[test]
    fn means_are_ordered_and_contributions_add_up(
        pairs in prop::collection::vec((0.1f64..10.0, 0.5f64..100.0), 1..8)
    ) {
        let parts = parts(&pairs);
        let means = ALL.map(|aggregation| aggregation.mean(&parts).unwrap());
        prop_assert!(means[0] >= means[1] - 1e-9 && means[1] >= means[2] - 1e-9);
        for (aggregation, mean) in ALL.iter().zip(means) {
            let gradient = aggregation.gradient(&parts);
            let sum: f64 = gradient.iter().zip(&parts).map(|(slope, part)| slope * part.score).sum();
            prop_assert!((sum - mean).abs() < 1e-9);
        }
    }

    #[test]
    fn gradient_is_the_slope(
        pairs in prop::collection::vec((0.5f64..5.0, 5.0f64..100.0), 1..6), choice in 0usize..6
    ) {
        let base = parts(&pairs);
        let moved = choice % base.len();
        for aggregation in ALL {
            let step = 1e-4;
            let shifted = |by: f64| {
                let mut parts = base.clone();
                parts[moved].score += by;
                aggregation.mean(&parts).unwrap()
            };
            let measured = (shifted(step) - shifted(-step)) / (2.0 * step);
            prop_assert!((measured - aggregation.gradient(&base)[moved]).abs() < 1e-5);
        }
    }
}
