// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
use super::super::crc32c::checksum;
use super::*;

const HEADER: Header = Header { seq: 7, ts_ns: -3, kind: 44, version: 2, source: 0xdead_beef };

fn framed(fixed: &[u8], tail: &[u8]) -> Vec<u8> {
    let length = HEADER_BYTES + fixed.len() + tail.len();
    let mut out = vec![0; padded(length)];
    let word = fill(&mut out[8..length], &HEADER, fixed, tail, checksum);
    out[..8].copy_from_slice(&word.pack().to_le_bytes());
    out
}

fn read(bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    let word = u64::from_le_bytes(*bytes.first_chunk().unwrap());
    parse(Word::unpack(word), bytes, checksum)
}

#[test]
fn an_entry_reads_back() {
    for size in 0..40 {
        let body: Vec<u8> = (0..size).collect();
        let bytes = framed(&body[..body.len() / 2], &body[body.len() / 2..]);
        assert_eq!(bytes.len() % ALIGN, 0);
        assert_eq!(read(&bytes), Ok(Frame::Entry(HEADER.entry(&body), bytes.len())));
    }
}

#[test]
fn the_layout_is_the_published_one() {
    let bytes = framed(&[0xaa, 0xbb], &[0xcc]);
    assert_eq!(bytes[..4], [35, 0, 0, 0]);
    assert_eq!(bytes[8..16], [7, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(bytes[16..24], (-3_i64).to_le_bytes());
    assert_eq!(bytes[24..32], [44, 0, 2, 0, 0xef, 0xbe, 0xad, 0xde]);
    assert_eq!(bytes[32..], [0xaa, 0xbb, 0xcc, 0, 0, 0, 0, 0]);
    assert_eq!(bytes[4..8], checksum(&bytes[8..35]).to_le_bytes());
}

#[test]
fn every_flipped_bit_of_an_entry_is_found() {
    let good = framed(&[1, 2, 3, 4, 5, 6, 7, 8], &[9]);
    let length = HEADER_BYTES + 9;
    for bit in 0..length * 8 {
        let mut bytes = good.clone();
        bytes.resize(256, 0);
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&bytes).is_err(), "bit {bit}");
    }
}

#[test]
fn marker_and_nothing_are_told_apart() {
    let bytes = marker(9, 5, EndReason::Closed);
    let expected = Frame::Marker { next_seq: 10, reason: EndReason::Closed };
    assert_eq!(read(&bytes), Ok(expected));
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes;
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&flipped).is_err(), "bit {bit}");
    }
    assert_eq!(read(&[0; 32]), Ok(Frame::Unwritten));
}

#[test]
fn impossible_lengths_are_refused() {
    for length in [1_u32, 31, 65, 0xffff_fffe] {
        let mut bytes = [0; 64];
        bytes[..4].copy_from_slice(&length.to_le_bytes());
        assert_eq!(read(&bytes), Err(FrameError::Length { found: length, length_max: 64 }));
    }
}
