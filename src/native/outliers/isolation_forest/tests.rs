use proptest::prelude::*;

use super::*;

fn cloud(rows: usize) -> Features {
    let mut random = Random::new(9, 9);
    let mut column = |far: f64| {
        let mut values: Vec<f64> = (1..rows).map(|_| random.unit()).collect();
        values.push(far);
        values
    };
    Features::new(vec![column(5.0), column(-3.0), vec![1.0; rows]]).unwrap()
}

#[test]
fn the_row_apart_scores_most() {
    let scores = isolation_forest(&cloud(500), ForestOptions::default());
    let (far, others) = scores.split_last().unwrap();
    assert!(*far > 0.75);
    assert!(others.iter().all(|score| score < far && *score > 0.3));
}

#[test]
fn neither_threads_nor_runs_change_a_bit_and_seeds_do() {
    let features = cloud(2_000);
    let with_threads = |threads: usize, seed: u64| {
        let options = ForestOptions {
            seed,
            ..ForestOptions::default()
        };
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = builder.build().unwrap();
        pool.install(|| isolation_forest(&features, options))
    };
    assert_eq!(with_threads(1, 4), with_threads(5, 4));
    assert_ne!(with_threads(1, 4), with_threads(1, 5));
}

#[test]
fn rows_that_cannot_be_set_apart_are_ordinary() {
    let scores = |columns: Vec<Vec<f64>>| {
        isolation_forest(&Features::new(columns).unwrap(), ForestOptions::default())
    };
    assert!(scores(Vec::new()).is_empty());
    assert_eq!(scores(vec![vec![3.0]]), [0.5]);
    for score in scores(vec![vec![3.0; 20]]) {
        assert!((score - 0.5).abs() < 1e-12);
    }
}

#[test]
fn paths_are_as_long_as_the_paper_says() {
    assert_eq!(expected_path(1), 0.0);
    assert_eq!(expected_path(2), 1.0);
    // c(256) = 10.2448, the usual sample's.
    assert!((expected_path(256) - 10.244_770_920_116_851).abs() < 1e-9);
}

#[test]
fn samples_are_sets_and_every_row_is_as_likely() {
    let mut random = Random::new(0, 0);
    let mut counts = [0u32; 20];
    for _ in 0..10_000 {
        let drawn = draw(20, 5, &mut random);
        assert_eq!(drawn.len(), 5);
        for row in drawn {
            counts[row] += 1;
        }
    }
    assert!(
        counts.iter().all(|count| count.abs_diff(2_500) < 250),
        "{counts:?}"
    );
    assert_eq!(draw(7, 7, &mut random), [0, 1, 2, 3, 4, 5, 6]);
}

proptest! {
    #[test]
    fn cuts_leave_rows_on_both_sides(low in -1e300f64..1e300, high in -1e300f64..1e300, share in 0.0f64..1.0) {
        prop_assume!(low < high);
        let point = point_between(low, high, share);
        prop_assert!(low <= point && point < high);
    }

    #[test]
    fn scores_are_shares(values in prop::collection::vec(-5i32..5, 0..60)) {
        let column = values.iter().map(|value| f64::from(*value)).collect();
        let features = Features::new(vec![column]).unwrap();
        for score in isolation_forest(&features, ForestOptions { trees: 10, ..ForestOptions::default() }) {
            prop_assert!(score > 0.0 && score <= 1.0);
        }
    }
}
