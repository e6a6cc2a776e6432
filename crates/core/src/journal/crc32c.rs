// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! CRC-32C (Castagnoli) by table: the portable form, eight bytes a step.
//!
//! `crates/io` uses the processor's instruction instead; both give the same number. Also finds the
//! one bit whose flip explains a wrong checksum, so that `verify` can name it.
//! Source: RFC 3720, appendix B.4 (polynomial 0x1EDC6F41, reflected).

const POLYNOMIAL: u32 = 0x82f6_3b78;

const TABLES: [[u32; 256]; 8] = tables();

const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut step = 1;
    while step < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[step - 1][byte];
            tables[step][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        step += 1;
    }
    tables
}

/// CRC-32C of `bytes`.
#[must_use]
pub fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let word = u64::from_le_bytes(*chunk) ^ u64::from(crc);
        crc = 0;
        for (step, byte) in word.to_le_bytes().into_iter().enumerate() {
            crc ^= TABLES[7 - step][usize::from(byte)];
        }
    }
    for &byte in rest {
        crc = (crc >> 8) ^ TABLES[0][usize::from((crc as u8) ^ byte)];
    }
    !crc
}

/// Where one flipped bit would explain that `bytes` has not the checksum `stored`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flip {
    /// In the bytes: this offset, this bit (0 is the lowest).
    Bytes {
        /// Offset in the bytes.
        offset: usize,
        /// Bit, from 0, the lowest.
        bit: u8,
    },
    /// In the stored checksum: this bit.
    Checksum {
        /// Bit, from 0, the lowest.
        bit: u8,
    },
}

/// The one bit whose flip explains the difference between `computed` (over `length` bytes) and
/// `stored`; `None` when more than one bit differs. Slow: for reports only.
#[must_use]
pub fn locate_flip(length: usize, computed: u32, stored: u32) -> Option<Flip> {
    let difference = computed ^ stored;
    if difference.is_power_of_two() {
        return Some(Flip::Checksum { bit: difference.trailing_zeros() as u8 });
    }
    // The checksum is linear: a flip's mark depends only on its distance from the end.
    let mut marks: [u32; 8] = std::array::from_fn(|bit| TABLES[0][1 << bit]);
    for offset in (0..length).rev() {
        if let Some(bit) = marks.iter().position(|&mark| mark == difference) {
            return Some(Flip::Bytes { offset, bit: bit as u8 });
        }
        marks = marks.map(|mark| (mark >> 8) ^ TABLES[0][(mark & 0xff) as usize]);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Source: RFC 3720, appendix B.4.
        assert_eq!(checksum(&[0; 32]), 0x8a91_36aa);
        assert_eq!(checksum(&[0xff; 32]), 0x62a8_ab43);
        let rising: Vec<u8> = (0..32).collect();
        assert_eq!(checksum(&rising), 0x46dd_794e);
        assert_eq!(checksum(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn a_flip_is_located() {
        let bytes: Vec<u8> = (0..100).map(|n: u8| n.wrapping_mul(37)).collect();
        let stored = checksum(&bytes);
        for offset in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[offset] ^= 1 << bit;
                let found = locate_flip(bytes.len(), checksum(&flipped), stored);
                assert_eq!(found, Some(Flip::Bytes { offset, bit }));
            }
        }
        assert_eq!(locate_flip(100, stored, stored ^ 16), Some(Flip::Checksum { bit: 4 }));
        assert_eq!(locate_flip(100, stored, stored), None);
    }
}
