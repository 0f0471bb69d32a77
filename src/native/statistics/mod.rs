//! Statistics that SQL cannot compute: exact tail probabilities, false discovery rates, robust scales and the
//! Kolmogorov–Smirnov distribution.
//!
//! Everything here works on plain numbers, gives the same bits whatever the order of its input where order has no
//! meaning, and answers `None` where the question has no answer (a probability that is none, a group without spread).

pub mod kolmogorov;
pub mod multiple;
mod point;
pub mod robust;
pub mod tails;

pub use kolmogorov::kolmogorov_p;
pub use multiple::{NotAProbability, benjamini_hochberg};
pub use robust::{PeerScale, median, modified_z_scores, quantile};
pub use tails::{binomial_lower_tail, binomial_upper_tail, poisson_upper_tail};
