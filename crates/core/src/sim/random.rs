// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The seeded generator behind everything random in a run: integers only, the same on any machine.
//!
//! `SplitMix64`. Source: Steele et al., "Fast splittable pseudorandom number generators", OOPSLA 2014.

use crate::hash::mix;

/// A stream of numbers that its seed determines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    #[inline]
    pub const fn bits(&mut self) -> u64 {
        let bits = mix(self.state);
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        bits
    }

    /// A number from 0 up to, not including, `bound`; 0 when `bound` is 0.
    ///
    /// Each comes up with the same chance to within `bound` / 2^32.
    #[inline]
    pub const fn below(&mut self, bound: u32) -> u32 {
        (((self.bits() >> 32) * bound as u64) >> 32) as u32
    }

    /// A waiting time with mean `mean` and nearly exponential: its logarithm is cut into straight
    /// pieces between powers of two. `mean` up to 2^38.
    #[inline]
    pub const fn waiting(&mut self, mean: u64) -> u64 {
        let bits = self.bits();
        // (halvings + fraction), in 1/65536, has mean 1.5; 43691 / 2^16 is two thirds.
        let halvings = ((bits >> 32) | 0x0010_0000).trailing_zeros() as u64;
        let halvings_e16 = (halvings << 16) | (bits & 0xffff);
        (((halvings_e16 * (mean >> 8)) >> 16) * 43_691) >> 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // First outputs of SplitMix64 with seed 1234567, as in the reference implementation.
        let mut random = Random::new(1_234_567);
        let first = [random.bits(), random.bits(), random.bits()];
        assert_eq!(
            first,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn bounds_and_means_hold() {
        let mut random = Random::new(7);
        let draws = 100_000_u64;
        assert!((0..draws).all(|_| random.below(10) < 10));
        assert_eq!(random.below(0), 0);
        let sum: u64 = (0..draws).map(|_| random.waiting(1_000_000)).sum();
        let mean = sum / draws;
        assert!((980_000..1_020_000).contains(&mean), "{mean}");
    }
}
