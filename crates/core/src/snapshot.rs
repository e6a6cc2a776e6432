// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Little-endian reading and writing for [`crate::component::Snapshot`] bodies.

use crate::component::SnapshotError;

/// Takes `N` bytes from the front.
///
/// # Errors
/// [`SnapshotError::Truncated`] when there are fewer.
pub fn read_array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], SnapshotError> {
    let Some((head, rest)) = bytes.split_first_chunk::<N>() else {
        return Err(SnapshotError::Truncated { needed: N - bytes.len() });
    };
    *bytes = rest;
    Ok(*head)
}

/// Takes a `u8`.
///
/// # Errors
/// As [`read_array`].
pub fn read_u8(bytes: &mut &[u8]) -> Result<u8, SnapshotError> {
    read_array::<1>(bytes).map(|[byte]| byte)
}

/// Takes a `u32`.
///
/// # Errors
/// As [`read_array`].
pub fn read_u32(bytes: &mut &[u8]) -> Result<u32, SnapshotError> {
    read_array(bytes).map(u32::from_le_bytes)
}

/// Takes a `u64`.
///
/// # Errors
/// As [`read_array`].
pub fn read_u64(bytes: &mut &[u8]) -> Result<u64, SnapshotError> {
    read_array(bytes).map(u64::from_le_bytes)
}

/// Takes an `i64`.
///
/// # Errors
/// As [`read_array`].
pub fn read_i64(bytes: &mut &[u8]) -> Result<i64, SnapshotError> {
    read_array(bytes).map(i64::from_le_bytes)
}

/// Appends a `u8`.
pub fn write_u8(out: &mut Vec<u8>, value: u8) {
    out.push(value);
}

/// Appends a `u32`.
pub fn write_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a `u64`.
pub fn write_u64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends an `i64`.
pub fn write_i64(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(&value.to_le_bytes());
}
