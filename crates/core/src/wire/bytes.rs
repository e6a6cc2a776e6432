// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Big-endian numbers at fixed places of fixed arrays: what every codec here is made of.
//!
//! `at` is a constant wherever these are called, so each compiles to one load or store.

/// `LEN` bytes at `at`.
#[inline]
pub(crate) const fn text<const N: usize, const LEN: usize>(
    bytes: &[u8; N],
    at: usize,
) -> [u8; LEN] {
    let mut out = [0; LEN];
    let mut index = 0;
    while index < LEN {
        out[index] = bytes[at + index];
        index += 1;
    }
    out
}

/// A 16-bit number at `at`.
#[inline]
pub(crate) const fn get_u16<const N: usize>(bytes: &[u8; N], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// A 32-bit number at `at`.
#[inline]
pub(crate) const fn get_u32<const N: usize>(bytes: &[u8; N], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// A 48-bit number at `at`: read as the 64 bits that end where it does, less the upper 16.
///
/// Every message has at least two bytes before its timestamp, so the read stays inside.
#[inline]
pub(crate) const fn get_u48<const N: usize>(bytes: &[u8; N], at: usize) -> u64 {
    get_u64(bytes, at - 2) & 0x0000_ffff_ffff_ffff
}

/// A 64-bit number at `at`.
#[inline]
pub(crate) const fn get_u64<const N: usize>(bytes: &[u8; N], at: usize) -> u64 {
    u64::from_be_bytes([
        bytes[at],
        bytes[at + 1],
        bytes[at + 2],
        bytes[at + 3],
        bytes[at + 4],
        bytes[at + 5],
        bytes[at + 6],
        bytes[at + 7],
    ])
}

/// Writes `value` at `at`.
#[inline]
pub(crate) fn put<const N: usize, const LEN: usize>(
    bytes: &mut [u8; N],
    at: usize,
    value: [u8; LEN],
) {
    bytes[at..at + LEN].copy_from_slice(&value);
}

/// Writes the lower 48 bits of `value` at `at`. The caller has checked that no more are set.
#[inline]
pub(crate) fn put_u48<const N: usize>(bytes: &mut [u8; N], at: usize, value: u64) {
    let [_, _, low @ ..] = value.to_be_bytes();
    put(bytes, at, low);
}
