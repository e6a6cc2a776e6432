// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The digest behind `state_hash`: equal input in equal order gives an equal number, on any machine.
//!
//! Not cryptographic: it finds divergence, not forgery. The journal's BLAKE3 chain does that.

/// Mixes 64-bit words into a digest.
#[derive(Clone, Copy, Debug)]
pub struct StateHasher {
    state: u64,
}

impl Default for StateHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl StateHasher {
    /// A fresh digest.
    #[must_use]
    pub const fn new() -> Self {
        Self { state: 0x6f6e_6574_6170_6531 }
    }

    /// Takes in one word. Order matters.
    #[inline]
    pub const fn word(&mut self, value: u64) {
        self.state = mix(self.state ^ value);
    }

    /// Takes in a signed word.
    #[inline]
    pub const fn signed(&mut self, value: i64) {
        self.word(value.cast_unsigned());
    }

    /// Takes in bytes, with their length.
    pub fn bytes(&mut self, value: &[u8]) {
        self.word(value.len() as u64);
        let mut chunks = value.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        let mut last = [0; 8];
        last[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
        self.word(u64::from_le_bytes(last));
    }

    /// The digest so far.
    #[must_use]
    pub const fn finish(&self) -> u64 {
        mix(self.state)
    }
}

/// A 64-bit finaliser with full avalanche. Source: Steele et al., "Fast splittable pseudorandom
/// number generators", OOPSLA 2014 (the `SplitMix64` mixer).
#[inline]
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_length_matter() {
        let digest = |words: &[u64]| {
            let mut hasher = StateHasher::new();
            for &word in words {
                hasher.word(word);
            }
            hasher.finish()
        };
        assert_ne!(digest(&[1, 2]), digest(&[2, 1]));
        assert_ne!(digest(&[0]), digest(&[0, 0]));
        let bytes = |value: &[u8]| {
            let mut hasher = StateHasher::new();
            hasher.bytes(value);
            hasher.finish()
        };
        assert_ne!(bytes(b"a"), bytes(b"a\0"));
    }
}
