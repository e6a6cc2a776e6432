// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a snapshot file looks: header, the component's own bytes, and a BLAKE3 hash of both.
//!
//! ```text
//! 0 magic   8 u32 format  12 u32 schema  16 u64 seq  24 i64 ts_ns  32 u64 state_hash
//! 40 u32 component version  44 u32 reserved (0)  48 u64 body bytes  56 u64 reserved (0)
//! 64 body…  then 32 bytes: BLAKE3 of all before
//! ```

use super::segment::HASH_BYTES;

/// Bytes before the body.
pub const SNAPSHOT_HEADER_BYTES: usize = 64;
/// Version of the format that this code writes.
pub const SNAPSHOT_FORMAT_VERSION: u32 = 1;

const MAGIC: [u8; 8] = *b"ONETAPEP";

/// What a snapshot says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotHeader {
    /// Last entry whose effect is in the state.
    pub seq: u64,
    /// Time of that entry.
    pub ts_ns: i64,
    /// Digest of the state.
    pub state_hash: u64,
    /// Version of the schema.
    pub schema_version: u32,
    /// Version of the layout of the body, the component's own.
    pub component_version: u32,
}

/// Why bytes are not a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnapshotFileError {
    /// Too short, or its length is not what it says.
    Length,
    /// The magic is not a snapshot's, or a reserved field is not zero.
    Magic,
    /// Written by a version that this code does not know.
    Version {
        /// Its version.
        found: u32,
    },
}

impl SnapshotHeader {
    /// Its bytes, for a body of `body_bytes`.
    #[must_use]
    pub fn encode(&self, body_bytes: usize) -> [u8; SNAPSHOT_HEADER_BYTES] {
        let mut out = [0; SNAPSHOT_HEADER_BYTES];
        out[..8].copy_from_slice(&MAGIC);
        out[8..12].copy_from_slice(&SNAPSHOT_FORMAT_VERSION.to_le_bytes());
        out[12..16].copy_from_slice(&self.schema_version.to_le_bytes());
        out[16..24].copy_from_slice(&self.seq.to_le_bytes());
        out[24..32].copy_from_slice(&self.ts_ns.to_le_bytes());
        out[32..40].copy_from_slice(&self.state_hash.to_le_bytes());
        out[40..44].copy_from_slice(&self.component_version.to_le_bytes());
        out[48..56].copy_from_slice(&(body_bytes as u64).to_le_bytes());
        out
    }

    /// Reads a file whose hash was checked: its header and where its body ends.
    ///
    /// # Errors
    /// [`SnapshotFileError`] when it is not a snapshot of this format.
    pub fn decode(file: &[u8]) -> Result<(Self, &[u8]), SnapshotFileError> {
        let rest = file.len().checked_sub(HASH_BYTES).ok_or(SnapshotFileError::Length)?;
        let (head, body) = file[..rest]
            .split_first_chunk::<SNAPSHOT_HEADER_BYTES>()
            .ok_or(SnapshotFileError::Length)?;
        let word = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&head[at..at + 8]);
            u64::from_le_bytes(bytes)
        };
        if head[..8] != MAGIC || word(40) >> 32 != 0 || word(56) != 0 {
            return Err(SnapshotFileError::Magic);
        }
        let version = word(8) as u32;
        if version != SNAPSHOT_FORMAT_VERSION {
            return Err(SnapshotFileError::Version { found: version });
        }
        if word(48) != body.len() as u64 {
            return Err(SnapshotFileError::Length);
        }
        let header = Self {
            seq: word(16),
            ts_ns: word(24).cast_signed(),
            state_hash: word(32),
            schema_version: (word(8) >> 32) as u32,
            component_version: word(40) as u32,
        };
        Ok((header, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_back_and_a_cut_file_does_not() {
        let header = SnapshotHeader {
            seq: 9,
            ts_ns: -1,
            state_hash: u64::MAX,
            schema_version: 4,
            component_version: 6,
        };
        let mut file = header.encode(3).to_vec();
        file.extend_from_slice(b"abc");
        file.extend_from_slice(&[0; HASH_BYTES]);
        assert_eq!(SnapshotHeader::decode(&file), Ok((header, &b"abc"[..])));
        for length in 0..file.len() {
            assert!(SnapshotHeader::decode(&file[..length]).is_err(), "{length}");
        }
        file[8] = 2;
        assert_eq!(SnapshotHeader::decode(&file), Err(SnapshotFileError::Version { found: 2 }));
    }
}
