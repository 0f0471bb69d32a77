//! The little linear algebra that weights need: correlations, the eigenvalues of a symmetric matrix, varimax.
//!
//! A library for it (nalgebra) was measured and left out: 16 s of processor time and twenty further entries of the lock
//! file for one symmetric eigenproblem of the size of a framework.

mod correlation;
mod eigen;
mod varimax;

pub(super) use correlation::{correlations, mean, sum_of_squares};
pub(super) use eigen::{Square, eigen};
pub(super) use varimax::varimax;
