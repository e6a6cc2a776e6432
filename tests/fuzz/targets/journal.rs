// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as what stands in a journal: frames, a header page, an index, a snapshot. What is read
//! is written the same; nothing is read past the end. Checksums are taken as good, or the fuzzer
//! would never come past them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::journal::crc32c::checksum;
use onetape_core::journal::frame::{self, Frame, Header, Word};
use onetape_core::journal::index::Index;
use onetape_core::journal::segment::{SEGMENT_HEADER_BYTES, Seal, SegmentHeader, stray_byte};
use onetape_core::journal::snapshot::SnapshotHeader;

/// Walks frames; each entry, written again, is the same bytes (but for its padding).
fn frames(mut bytes: &[u8]) {
    while let Some(word) = bytes.first_chunk() {
        let word = Word::unpack(u64::from_le_bytes(*word));
        let Ok(Frame::Entry(entry, size)) = frame::parse_trusted(word, bytes) else { return };
        let length = word.length as usize;
        assert!(size >= length && size - length < 8 && length <= bytes.len());
        let header = Header {
            seq: entry.seq,
            ts_ns: entry.ts_ns,
            kind: entry.kind,
            version: entry.version,
            source: entry.source,
        };
        let mut again = vec![0; length - 8];
        let _word = frame::fill(&mut again, &header, entry.body, &[], checksum);
        assert_eq!(again, bytes[8..length]);
        bytes = bytes.get(size..).unwrap_or_default();
    }
}

/// Puts the checksum that a block should have at its end.
fn repaired(block: &[u8]) -> Vec<u8> {
    let mut block = block.to_vec();
    if let Some(at) = block.len().checked_sub(4) {
        let crc = checksum(&block[..at]);
        block[at..].copy_from_slice(&crc.to_le_bytes());
    }
    block
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else { return };
    match choice % 4 {
        0 => frames(data),
        1 => {
            let _ = stray_byte(data);
            let _ = Seal::decode(data);
            let head = repaired(&data[..data.len().min(SEGMENT_HEADER_BYTES)]);
            if let Ok(Some(header)) = SegmentHeader::decode(&head) {
                assert_eq!(SegmentHeader::decode(&header.encode()), Ok(Some(header)));
            }
        }
        2 => {
            let file = repaired(data);
            let segment = u64::from(choice / 4);
            if let Some(index) = Index::decode(&file, segment, &[0; 32]) {
                assert_eq!(index.encode(segment, &[0; 32]), file);
                let _ = (index.before_seq(9), index.before_ts(9));
            }
        }
        _ => {
            if let Ok((header, body)) = SnapshotHeader::decode(data) {
                let head = header.encode(body.len());
                assert_eq!(data[..head.len()], head);
                assert_eq!(data[head.len()..data.len() - 32], *body);
            }
        }
    }
});
