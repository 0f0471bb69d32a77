//! Varimax rotation of factor loadings (Kaiser 1958, "The varimax criterion for analytic rotation in factor analysis",
//! *Psychometrika* 23), rows scaled to length 1 while they are turned (Kaiser's normalisation).

use super::eigen::upright;

const MOST_SWEEPS: usize = 1_000;
/// Angles below this are no rotation.
const STILL: f64 = 1e-12;

/// The rotated loadings; each inner list holds one factor's loadings of all items. The order of the factors is kept, and
/// the largest loading of each is positive.
pub(in crate::native::composite) fn varimax(factors: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let items = factors.first().map_or(0, Vec::len);
    let lengths: Vec<f64> = (0..items)
        .map(|item| {
            let loadings = factors.iter().filter_map(|factor| factor.get(item));
            loadings.map(|loading| loading * loading).sum::<f64>()
        })
        .map(|square| if square > 0.0 { square.sqrt() } else { 1.0 })
        .collect();
    let scale = |factor: &Vec<f64>, by: fn(f64, f64) -> f64| -> Vec<f64> {
        let pairs = factor.iter().zip(&lengths);
        pairs
            .map(|(loading, length)| by(*loading, *length))
            .collect()
    };
    let mut turned: Vec<Vec<f64>> = factors
        .iter()
        .map(|factor| scale(factor, |loading, length| loading / length))
        .collect();
    for _ in 0..MOST_SWEEPS {
        if turn_all_pairs(&mut turned) < STILL {
            break;
        }
    }
    turned
        .iter()
        .map(|factor| upright(scale(factor, |loading, length| loading * length)))
        .collect()
}

/// Turns each pair of factors once; the largest angle.
fn turn_all_pairs(factors: &mut [Vec<f64>]) -> f64 {
    let mut largest = 0.0_f64;
    for place in 1..factors.len() {
        let (before, from_here) = factors.split_at_mut(place);
        let Some(left) = before.last_mut() else {
            continue;
        };
        for right in from_here {
            let angle = best_angle(left, right);
            turn(left, right, angle);
            largest = largest.max(angle.abs());
        }
    }
    largest
}

/// The angle at which the variance of the squared loadings is largest, in closed form.
fn best_angle(left: &[f64], right: &[f64]) -> f64 {
    let (mut sum_u, mut sum_v, mut sum_c, mut sum_d) = (0.0, 0.0, 0.0, 0.0);
    for (x, y) in left.iter().zip(right) {
        let (u, v) = (x * x - y * y, 2.0 * x * y);
        sum_u += u;
        sum_v += v;
        sum_c += u * u - v * v;
        sum_d += 2.0 * u * v;
    }
    let count = left.len().max(1) as f64;
    let numerator = sum_d - 2.0 * sum_u * sum_v / count;
    let denominator = sum_c - (sum_u * sum_u - sum_v * sum_v) / count;
    if numerator == 0.0 && denominator == 0.0 {
        return 0.0;
    }
    numerator.atan2(denominator) / 4.0
}

fn turn(left: &mut [f64], right: &mut [f64], angle: f64) {
    let (sine, cosine) = angle.sin_cos();
    for (x, y) in left.iter_mut().zip(right) {
        (*x, *y) = (*x * cosine + *y * sine, *y * cosine - *x * sine);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loadings_on_two_axes_are_found_again() {
        // Simple structure turned by 30 degrees comes back.
        let (sine, cosine) = 30f64.to_radians().sin_cos();
        let plain = [[0.9, 0.0], [0.8, 0.0], [0.0, 0.7], [0.0, 0.6]];
        let factors: Vec<Vec<f64>> = vec![
            plain.iter().map(|[x, y]| x * cosine - y * sine).collect(),
            plain.iter().map(|[x, y]| x * sine + y * cosine).collect(),
        ];
        let found = varimax(&factors);
        for (item, expected) in plain.iter().enumerate() {
            for factor in 0..2 {
                assert!((found[factor][item] - expected[factor]).abs() < 1e-9);
            }
        }
        assert!(varimax(&[]).is_empty());
        assert_eq!(varimax(&[vec![0.3, -0.5]]), [[-0.3, 0.5]]);
    }
}
