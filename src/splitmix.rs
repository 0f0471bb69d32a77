//! The mixing function of SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, *Fast Splittable Pseudorandom Number Generators*,
//! OOPSLA 2014), on which every stream of seeded numbers here rests: samples, resampling, plans of faults. What a seed gives must
//! never change, so it is ours and not a library's.

/// What is added from one number of a stream to the next: an odd number near 2⁶⁴ over the golden ratio.
pub const INCREMENT: u64 = 0x9E37_79B9_7F4A_7C15;

/// Well mixed bits of a number.
pub fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First numbers of the stream of seed 1234567, as Vigna's reference program prints them.
    #[test]
    fn the_stream_is_that_of_the_reference() {
        let mut state: u64 = 1_234_567;
        let stream: Vec<u64> = (0..3)
            .map(|_| {
                state = state.wrapping_add(INCREMENT);
                mix(state)
            })
            .collect();
        let expected: [u64; 3] = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(stream, expected);
    }
}
