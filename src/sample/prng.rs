//! A small seeded generator (SplitMix64), so that a sample depends on nothing but its arguments.

use crate::splitmix::{INCREMENT, mix};

/// One stream of numbers. Each thing of the sample has its own stream, named by what it is for, so that what one
/// class draws never shifts what another one draws.
pub struct Prng {
    state: u64,
}

impl Prng {
    /// The stream of one purpose and two numbers (a city and an ordinal, mostly).
    pub fn of(seed: u64, purpose: &str, numbers: [u64; 2]) -> Self {
        let parts = purpose.bytes().map(u64::from).chain(numbers);
        let state = parts.fold(mix(seed), |state, part| {
            mix(state.rotate_left(7) ^ part.wrapping_add(INCREMENT))
        });
        Self { state }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(INCREMENT);
        mix(self.state)
    }

    /// A number from 0 up to, but not including, `limit`; 0 if `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    /// True in `per_mille` of 1,000 cases.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One element of a list that is not empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_apart() {
        let draw = |purpose, numbers| {
            let mut prng = Prng::of(1, purpose, numbers);
            [prng.bits(), prng.bits()]
        };
        assert_eq!(draw("class", [1, 2]), draw("class", [1, 2]));
        assert_ne!(draw("class", [1, 2]), draw("class", [2, 1]));
        assert_ne!(draw("class", [1, 2]), draw("person", [1, 2]));
    }

    #[test]
    fn numbers_fill_their_range_and_stay_in_it() {
        let mut prng = Prng::of(7, "range", [0, 0]);
        let drawn: Vec<i64> = (0..1_000).map(|_| prng.between(-3, 3)).collect();
        assert_eq!(drawn.iter().min(), Some(&-3));
        assert_eq!(drawn.iter().max(), Some(&3));
        assert_eq!(prng.below(0), 0);
    }
}
