use proptest::prelude::*;

use super::*;

/// Exact tails for the very doubles given as `p` and `mean`, computed with 70 digits (mpmath); tails below 1e-305 are
/// given as 0.
const BINOMIAL: &str = include_str!("../../../../tests/data/statistics/binomial_tails.csv");
const POISSON: &str = include_str!("../../../../tests/data/statistics/poisson_upper_tail.csv");

fn assert_near(found: f64, exact: f64, what: &str) {
    if exact == 0.0 {
        assert!((0.0..1e-304).contains(&found), "{what}: {found:e}");
    } else {
        let error = (found / exact - 1.0).abs();
        assert!(error <= 1e-12, "{what}: {found:e} for {exact:e}, {error:e}");
    }
}

#[test]
fn binomial_tails_are_exact_far_out() {
    let mut rows = csv::Reader::from_reader(BINOMIAL.as_bytes());
    for row in rows.deserialize() {
        let (k, n, p, upper, lower): (i64, i64, f64, f64, f64) = row.unwrap();
        let what = format!("k = {k}, n = {n}, p = {p}");
        assert_near(binomial_upper_tail(k, n, p).unwrap(), upper, &what);
        assert_near(binomial_lower_tail(k, n, p).unwrap(), lower, &what);
    }
}

#[test]
fn poisson_tails_are_exact_far_out() {
    let mut rows = csv::Reader::from_reader(POISSON.as_bytes());
    for row in rows.deserialize() {
        let (k, mean, upper): (i64, f64, f64) = row.unwrap();
        let what = format!("k = {k}, mean = {mean}");
        assert_near(poisson_upper_tail(k, mean).unwrap(), upper, &what);
    }
}

#[test]
fn the_ends_are_certain() {
    assert_eq!(binomial_upper_tail(0, 0, 0.3), Some(1.0));
    assert_eq!(binomial_upper_tail(1, 0, 0.3), Some(0.0));
    assert_eq!(binomial_lower_tail(-1, 5, 0.3), Some(0.0));
    assert_eq!(binomial_lower_tail(5, 5, 0.3), Some(1.0));
    assert_eq!(binomial_upper_tail(1, 5, 0.0), Some(0.0));
    assert_eq!(binomial_lower_tail(0, 5, 0.0), Some(1.0));
    assert_eq!(binomial_upper_tail(5, 5, 1.0), Some(1.0));
    assert_eq!(binomial_lower_tail(4, 5, 1.0), Some(0.0));
    assert_eq!(poisson_upper_tail(i64::MIN, 2.0), Some(1.0));
    assert_eq!(poisson_upper_tail(1, 0.0), Some(0.0));
    assert_eq!(poisson_upper_tail(0, 0.0), Some(1.0));
}

#[test]
fn what_is_no_question_has_no_answer() {
    for probability in [-0.1, 1.1, f64::NAN] {
        assert_eq!(binomial_upper_tail(1, 2, probability), None);
        assert_eq!(binomial_lower_tail(1, 2, probability), None);
    }
    assert_eq!(binomial_upper_tail(1, -1, 0.5), None);
    assert_eq!(binomial_upper_tail(1, i64::MAX, 0.5), None);
    for mean in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(poisson_upper_tail(1, mean), None);
    }
    assert_eq!(poisson_upper_tail(i64::MAX, 1.0), None);
}

proptest! {
    #[test]
    fn tails_are_probabilities_that_fall_and_complete_each_other(
        n in 0i64..3_000,
        p in 0.0f64..=1.0,
        share in 0.0f64..1.0,
    ) {
        let k = (share * n as f64) as i64;
        let upper = binomial_upper_tail(k, n, p).unwrap();
        let next = binomial_upper_tail(k + 1, n, p).unwrap();
        let lower = binomial_lower_tail(k, n, p).unwrap();
        prop_assert!((0.0..=1.0).contains(&upper) && (0.0..=1.0).contains(&lower));
        prop_assert!(next <= upper);
        prop_assert!((next + lower - 1.0).abs() < 1e-13);
    }

    #[test]
    fn poisson_tails_fall(mean in 0.0f64..3_000.0, share in 0.0f64..2.0) {
        let k = (share * mean) as i64;
        let upper = poisson_upper_tail(k, mean).unwrap();
        prop_assert!((0.0..=1.0).contains(&upper));
        prop_assert!(poisson_upper_tail(k + 1, mean).unwrap() <= upper);
    }
}
