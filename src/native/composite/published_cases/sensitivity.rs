//! Sobol indices of a function whose indices are known exactly.

use std::f64::consts::PI;

use super::Case;
use crate::native::composite::uncertainty::{SobolIndex, sobol_indices};

/// Samples of each estimate; the error of the sample falls about with their number.
const SAMPLES: u32 = 4096;

/// Ishigami and Homma 1990, "An importance quantification technique in uncertainty analysis for computer models", with
/// a = 7 and b = 0.1, of numbers uniform from −π to π.
fn ishigami(point: &[f64]) -> f64 {
    let angle = |place: usize| (2.0 * point[place] - 1.0) * PI;
    angle(0).sin() + 7.0 * angle(1).sin().powi(2) + 0.1 * angle(2).powi(4) * angle(0).sin()
}

/// Analytic values (Saltelli et al. 2008, section 4.6): V₁ = ½(1 + bπ⁴/5)², V₂ = a²/8, V₁₃ = b²π⁸(1/18 − 1/50).
const ANALYTIC: [SobolIndex; 3] = [
    SobolIndex {
        first_order: 0.3139,
        total: 0.5576,
    },
    SobolIndex {
        first_order: 0.4424,
        total: 0.4424,
    },
    SobolIndex {
        first_order: 0.0,
        total: 0.2437,
    },
];

#[test]
fn ishigami_function() {
    let mut first_order = Case::new("Ishigami, first-order indices, three seeds", 0.005);
    let mut total = Case::new("Ishigami, total indices, three seeds", 0.005);
    for seed in [1, 2, 20_200_721] {
        let found = sobol_indices(3, SAMPLES, seed, ishigami).unwrap();
        for (place, (found, analytic)) in found.iter().zip(ANALYTIC).enumerate() {
            let what = format!("x{} with seed {seed}", place + 1);
            first_order.compare(found.first_order, analytic.first_order, &what);
            total.compare(found.total, analytic.total, &what);
            eprintln!("{what}: {:.4} {:.4}", found.first_order, found.total);
        }
    }
    first_order.tell();
    total.tell();
}
