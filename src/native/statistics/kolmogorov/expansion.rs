//! The distribution of the distance in large samples.

use std::f64::consts::PI;

/// Terms of each sum below.
const TERMS: u32 = 12;

/// P(Dₙ < distance) for z = distance · √n, by W. Pelz and I. J. Good, *Approximating the Lower Tail-Areas of the
/// Kolmogorov–Smirnov One-Sample Statistic* (Journal of the Royal Statistical Society B 38, 1976):
/// K₀(z) + K₁(z)/√n + K₂(z)/n + K₃(z)/n^(3/2). K₀ is Kolmogorov's limit.
pub(super) fn distribution(z: f64, size: f64) -> f64 {
    let pi_2 = PI * PI;
    let (pi_4, pi_6) = (pi_2 * pi_2, pi_2 * pi_2 * pi_2);
    let (z_2, z_4, z_6) = (z.powi(2), z.powi(4), z.powi(6));
    let [mut k_0, mut k_1, mut k_2, mut k_3] = [0.0; 4];
    // The terms fall as exp(−π²m²/8z²); z is at most 2 here.
    for term in (1..=TERMS).rev() {
        let odd = f64::from(2 * term - 1);
        let (m_2, m_4, m_6) = (odd.powi(2), odd.powi(4), odd.powi(6));
        let weight = (-pi_2 * m_2 / (8.0 * z_2)).exp();
        k_0 += weight;
        k_1 += weight * (pi_2 / 4.0 * m_2 - z_2);
        k_2 += weight
            * (6.0 * z_6
                + 2.0 * z_4
                + pi_2 / 4.0 * (2.0 * z_4 - 5.0 * z_2) * m_2
                + pi_4 / 16.0 * (1.0 - 2.0 * z_2) * m_4);
        k_3 += weight
            * (pi_6 / 64.0 * (5.0 - 30.0 * z_2) * m_6
                + pi_4 / 16.0 * (212.0 * z_4 - 60.0 * z_2) * m_4
                + pi_2 / 4.0 * (135.0 * z_4 - 96.0 * z_6) * m_2
                - 30.0 * z_6
                - 90.0 * z.powi(8));
    }
    let [mut even_2, mut even_3] = [0.0; 2];
    for term in (1..=TERMS).rev() {
        let m_2 = f64::from(term).powi(2);
        let weight = (-pi_2 * m_2 / (2.0 * z_2)).exp();
        even_2 += weight * m_2;
        even_3 += weight * m_2 * (3.0 * z_2 - pi_2 * m_2);
    }
    let root = (2.0 * PI).sqrt();
    let limit = root * k_0 / z;
    let first = root * k_1 / (6.0 * z_4);
    let second = root * (k_2 / (72.0 * z.powi(7)) - pi_2 * even_2 / (36.0 * z.powi(3)));
    let third = root * (k_3 / (6480.0 * z.powi(10)) + pi_2 * even_3 / (216.0 * z_6));
    let sum = limit + (first + (second + third / size.sqrt()) / size.sqrt()) / size.sqrt();
    // Below z = 0.05 every weight is less than 1e-200: the distance is almost surely larger.
    if z < 0.05 { 0.0 } else { sum }
}

/// P(Dₙ⁺ ≥ distance) up to the terms in 1/n, in exponential form: with λ² = n·d²,
/// −(6nd + 1)² / 18n = −2λ² − 2d/3 − 1/18n, and (4λ²/9n) (1 − λ²) + 1/18n. Expanded, it is Smirnov's
/// exp(−2λ²) (1 − 2λ/3√n + (2λ²/3n) (1 − 2λ²/3)), as H. A. Lauwerier gives it in *The Asymptotic Expansion of the
/// Statistical Distribution of N. V. Smirnov* (Zeitschrift für Wahrscheinlichkeitstheorie 2, 1963).
pub(super) fn one_sided(distance: f64, size: f64) -> f64 {
    let square = size * distance * distance;
    let correction = 4.0 * square / (9.0 * size) * (1.0 - square);
    (correction - 2.0 * square - 2.0 * distance / 3.0).exp()
}
