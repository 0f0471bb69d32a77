//! Random numbers that depend on a seed alone (SplitMix64).

use crate::splitmix::{INCREMENT, mix};

/// One stream of numbers; each task has its own, so that no order of work changes what another draws.
pub(super) struct Random {
    state: u64,
}

impl Random {
    pub fn new(seed: u64, stream: u64) -> Self {
        let state = mix(mix(seed).wrapping_add(stream.wrapping_add(1).wrapping_mul(INCREMENT)));
        Self { state }
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(INCREMENT);
        mix(self.state)
    }

    /// A number from 0 up to, but not including, `limit`; 0 if `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.bits()) * limit as u128) >> 64) as usize
    }

    /// A number from 0 up to, but not including, 1: a multiple of 2^−53.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_apart() {
        let draw = |seed, stream| {
            let mut random = Random::new(seed, stream);
            [random.bits(), random.bits()]
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(2, 1));
        assert_ne!(draw(1, 2), draw(1, 3));
    }

    #[test]
    fn numbers_fill_their_range_evenly() {
        let mut random = Random::new(3, 0);
        let mut counts = [0u32; 5];
        let mut sum = 0.0;
        for _ in 0..50_000 {
            counts[random.below(5)] += 1;
            let unit = random.unit();
            assert!((0.0..1.0).contains(&unit));
            sum += unit;
        }
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 400));
        assert!((sum / 50_000.0 - 0.5).abs() < 0.006);
        assert_eq!(random.below(0), 0);
    }
}
