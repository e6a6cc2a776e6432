// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Two sides of a ring; and a side that breaks the rules.

use super::*;

fn place(name: &str) -> std::path::PathBuf {
    std::env::temp_dir().join(format!("onetape-inlet-{name}-{}", std::process::id()))
}

#[test]
fn what_is_put_is_taken_in_order_round_and_round() {
    let path = place("order");
    let mut reader = InletReader::create(&path, 1 << 14, 0x101).unwrap();
    let mut writer = InletWriter::open(&path).unwrap();
    assert_eq!((writer.source(), reader.process()), (0x101, std::process::id()));
    assert_eq!(reader.take().unwrap(), None);
    let body: Vec<u8> = (0..=255).cycle().take(BODY_BYTES_MAX).collect();
    let (mut put, mut taken) = (0_usize, 0_usize);
    while taken < 20_000 {
        let length = put * 131 % 1_000;
        match writer.put(put as u16, 1, put as u64, &body[..length / 3], &body[length / 3..length])
        {
            Ok(()) => put += 1,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
                for _ in 0..=taken % 5 {
                    let Some(record) = reader.take().unwrap() else { break };
                    assert_eq!((record.kind, record.cause_seq), (taken as u16, taken as u64));
                    assert_eq!(record.body, &body[..taken * 131 % 1_000]);
                    taken += 1;
                }
            }
        }
    }
    while reader.take().unwrap().is_some() {
        taken += 1;
    }
    assert!(put == taken && writer.is_empty() && !reader.has_next());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn two_threads_lose_nothing() {
    let path = place("threads");
    let mut reader = InletReader::create(&path, 1 << 14, 1).unwrap();
    let mut writer = InletWriter::open(&path).unwrap();
    let count = 200_000_u64;
    let producer = std::thread::spawn(move || {
        for number in 0..count {
            let body = number.to_le_bytes().repeat(1 + number as usize % 9);
            while writer.put(7, 2, number, &body, &[]).is_err() {
                std::thread::yield_now();
            }
            writer.live(number);
        }
    });
    let mut next = 0_u64;
    while next < count {
        match reader.take().unwrap() {
            Some(record) => {
                let body = next.to_le_bytes().repeat(1 + next as usize % 9);
                assert_eq!((record.kind, record.version, record.body), (7, 2, &body[..]));
                next += 1;
            }
            None => std::thread::yield_now(),
        }
    }
    producer.join().unwrap();
    assert_eq!((reader.followed(), reader.alive()), (count - 1, count));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_producer_that_breaks_the_rules_harms_only_its_inlet() {
    let path = place("broken");
    for (at, word) in [
        (AT_PUT, 3_u64),
        (AT_PUT, 1 << 40),
        (RING, 5_000),
        (RING, u64::from(u32::MAX)),
        (RING, 8 | 1 << 63),
    ] {
        let mut reader = InletReader::create(&path, 1 << 14, 1).unwrap();
        let mut writer = InletWriter::open(&path).unwrap();
        writer.put(7, 2, 0, &[1; 16], &[]).unwrap();
        if at == AT_PUT {
            writer.shared.word(at).store(word, Ordering::Release);
        } else {
            writer.shared.write(at - RING, &word.to_le_bytes());
        }
        match reader.take() {
            Ok(Some(record)) => assert_eq!(record.body.len(), 8),
            other => assert_eq!(other.unwrap_err().kind(), ErrorKind::InvalidData, "{at} {word}"),
        }
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn what_is_no_inlet_is_refused() {
    let path = place("none");
    assert!(InletReader::create(&path, 1_000, 1).is_err());
    std::fs::write(&path, [0; 100]).unwrap();
    assert_eq!(InletWriter::open(&path).unwrap_err().kind(), ErrorKind::InvalidData);
    std::fs::write(&path, vec![0; RING + (1 << 14)]).unwrap();
    assert_eq!(InletWriter::open(&path).unwrap_err().kind(), ErrorKind::InvalidData);
    let mut reader = InletReader::create(&path, 1 << 14, 1).unwrap();
    let mut writer = InletWriter::open(&path).unwrap();
    assert!(writer.put(1, 1, 0, &[0; BODY_BYTES_MAX], &[0]).is_err());
    assert_eq!(reader.take().unwrap(), None);
    std::fs::remove_file(path).unwrap();
}
