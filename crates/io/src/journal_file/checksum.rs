// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! CRC-32C by the processor's instruction where there is one, else by table. Ours rather than a
//! library's because entries are short: see docs/adr/0011.

/// CRC-32C of `bytes`.
#[inline]
#[must_use]
pub fn crc32c(bytes: &[u8]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("sse4.2") {
        // SAFETY: the processor has the instruction.
        return unsafe { by_instruction(bytes) };
    }
    onetape_core::journal::crc32c::checksum(bytes)
}

/// Eight bytes an instruction; consecutive entries overlap in the pipeline.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse4.2")]
fn by_instruction(bytes: &[u8]) -> u32 {
    use std::arch::x86_64::{_mm_crc32_u8, _mm_crc32_u32, _mm_crc32_u64};
    let (words, mut rest) = bytes.as_chunks::<8>();
    let wide = words
        .iter()
        .fold(u64::from(u32::MAX), |crc, word| _mm_crc32_u64(crc, u64::from_le_bytes(*word)));
    let mut crc = wide as u32;
    if let Some((half, after)) = rest.split_first_chunk::<4>() {
        crc = _mm_crc32_u32(crc, u32::from_le_bytes(*half));
        rest = after;
    }
    !rest.iter().fold(crc, |crc, &byte| _mm_crc32_u8(crc, byte))
}

#[cfg(test)]
mod tests {
    use super::crc32c;
    use onetape_core::journal::crc32c::checksum;

    #[test]
    fn both_ways_agree_at_every_length() {
        let bytes: Vec<u8> = (0..300_u32).map(|n| (n * 167 + 13) as u8).collect();
        for length in 0..=bytes.len() {
            assert_eq!(crc32c(&bytes[..length]), checksum(&bytes[..length]), "{length}");
        }
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }
}
