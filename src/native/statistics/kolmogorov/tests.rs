use proptest::prelude::*;

use super::*;

/// Exact p-values: Durbin's matrix in rationals for up to 30 values, in 80-bit floats for more.
const EXACT: &str = include_str!("../../../../tests/data/statistics/kolmogorov.csv");

#[test]
fn the_published_values_come_out() {
    // Marsaglia, Tsang and Wang (2003): P(D₁₀ < 0.274), printed by their program.
    let found = 1.0 - kolmogorov_p(0.274, 10).unwrap();
    assert!((found - 0.628_479_615_456_504_3).abs() < 1e-14);
    // L. H. Miller (1956), table 1: distances of p = 0.05 and 0.01 to five decimals.
    for (sample, distance, p) in [
        (10, 0.409_25, 0.05),
        (20, 0.294_08, 0.05),
        (30, 0.289_87, 0.01),
    ] {
        let found = kolmogorov_p(distance, sample).unwrap();
        assert!((found - p).abs() < 2e-5, "{sample}: {found}");
    }
}

#[test]
fn exact_values_come_out() {
    let mut rows = csv::Reader::from_reader(EXACT.as_bytes());
    for row in rows.deserialize() {
        let (n, d, exact): (i64, f64, f64) = row.unwrap();
        let found = kolmogorov_p(d, n).unwrap();
        let size = n as f64;
        let allowed = if d >= 0.5 {
            1e-13 * exact
        } else if size * d * d >= SEPARATE_SIDES {
            1e-10 * exact
        } else if n <= LARGEST_MATRIX_SAMPLE {
            1e-13
        } else {
            0.1 / size / size
        };
        let error = (found - exact).abs();
        assert!(
            error <= allowed,
            "n = {n}, d = {d}: {found:e} for {exact:e}"
        );
    }
}

#[test]
fn the_ends_and_what_is_no_question() {
    assert_eq!(kolmogorov_p(0.0, 7), Some(1.0));
    assert_eq!(kolmogorov_p(0.05, 10), Some(1.0));
    assert_eq!(kolmogorov_p(1.0, 10), Some(0.0));
    assert_eq!(kolmogorov_p(0.5, 1_000_000_000), Some(0.0));
    assert_eq!(kolmogorov_p(-0.1, 10), None);
    assert_eq!(kolmogorov_p(f64::NAN, 10), None);
    assert_eq!(kolmogorov_p(0.1, 0), None);
    // One value: P(D₁ ≥ d) = 2 (1 − d).
    assert!((kolmogorov_p(0.75, 1).unwrap() - 0.5).abs() < 1e-15);
}

#[test]
fn the_ways_meet_where_they_change() {
    for n in [900i64, 1_000] {
        let size = n as f64;
        for z in [0.2, 0.5, 1.0, 1.5, 1.9] {
            let by_matrix = matrix::distribution(z / size.sqrt(), n);
            let by_expansion = expansion::distribution(z, size);
            assert!(
                (by_matrix - by_expansion).abs() < 0.1 / size / size,
                "{n} {z}"
            );
        }
    }
    for n in [10i64, 100, 1_000, 1_001, 100_000] {
        let distance = (SEPARATE_SIDES / n as f64).sqrt();
        let below = kolmogorov_p(distance * (1.0 - 1e-9), n).unwrap();
        let above = kolmogorov_p(distance, n).unwrap();
        assert!((below / above - 1.0).abs() < 1e-4, "{n}: {below} {above}");
    }
}

#[test]
fn sum_and_expansion_of_the_one_sided_tail_meet() {
    let size = LARGEST_SUM_SAMPLE as f64;
    for (square, allowed) in [(4.0, 1e-8), (10.0, 1e-8), (30.0, 1e-7), (300.0, 1e-5)] {
        let distance = (square / size).sqrt();
        let sum = one_sided_sum(distance, LARGEST_SUM_SAMPLE);
        let expansion = expansion::one_sided(distance, size);
        assert!((expansion / sum - 1.0).abs() < allowed, "{square}");
    }
    assert!(kolmogorov_p(1e-7, LARGEST_SAMPLE).unwrap() < 1e-30);
}

proptest! {
    #[test]
    fn p_values_fall_with_the_distance(n in 1i64..400, d in 0.0f64..1.0, step in 0.001f64..0.1) {
        let nearer = kolmogorov_p(d, n).unwrap();
        let farther = kolmogorov_p(d + step, n).unwrap();
        prop_assert!((0.0..=1.0).contains(&nearer));
        prop_assert!(farther <= nearer + 1e-12);
    }
}
