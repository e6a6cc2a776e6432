// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors

use super::*;

fn all(text: &str) -> Vec<Message<'_>> {
    let node = NodeName::new("alpha").unwrap();
    let tail = TailMark { last_seq: 9, entries: 3, hash: [5; 32] };
    vec![
        Message::Hello {
            version: 1,
            role: Role::Copy,
            node,
            cluster: NodeName::new("market").unwrap(),
            nonce: [1; 16],
        },
        Message::Challenge { version: 2, node, nonce: [3; 16], proof: [4; 32] },
        Message::Proof { proof: [6; 32], term: 7, tail },
        Message::Welcome {
            term: 1,
            last_seq: 2,
            segment_bytes: 3,
            schema_version: 4,
            run_id: [5; 16],
        },
        Message::Refused { retry: true, text },
        Message::Entries(b"12345678"),
        Message::Ack { received: 1, durable: 2, applied: 3 },
        Message::Beat { term: 1, asked_ns: -2, last_seq: 3 },
        Message::Vouch { term: 1, asked_ns: i64::MIN },
        Message::HandOver { term: 1, last_seq: 2 },
        Message::AskHandOver,
    ]
}

#[test]
fn messages_read_back() {
    let mut out = Vec::new();
    for message in all("no") {
        out.clear();
        message.encode(&mut out);
        let (length, rest) = out.split_first_chunk::<LENGTH_BYTES>().unwrap();
        assert_eq!(u32::from_le_bytes(*length) as usize, rest.len());
        assert_eq!(Message::decode(rest), Ok(message));
    }
}

#[test]
fn cut_and_lengthened_messages_are_refused() {
    let mut out = Vec::new();
    for message in all("no") {
        out.clear();
        message.encode(&mut out);
        let free = matches!(message, Message::Entries(_) | Message::Refused { .. });
        for length in LENGTH_BYTES..out.len() {
            let decoded = Message::decode(&out[LENGTH_BYTES..length]);
            assert!(decoded.is_err() || free && decoded != Ok(message), "{message:?} {length}");
        }
        out.push(0);
        assert!(free || Message::decode(&out[LENGTH_BYTES..]) == Err(MessageError::Length));
    }
}

#[test]
fn any_bytes_are_a_message_or_an_error() {
    let mut random = crate::hash::mix(1);
    for _ in 0..50_000 {
        random = crate::hash::mix(random);
        let bytes: Vec<u8> =
            (0..random % 90).map(|at| crate::hash::mix(random ^ at) as u8).collect();
        let mut framed = vec![(random >> 32) as u8 % 15];
        framed.extend_from_slice(&bytes);
        let _must_not_panic = Message::decode(&framed);
    }
    assert_eq!(Message::decode(&[]), Err(MessageError::Length));
    assert_eq!(Message::decode(&[99]), Err(MessageError::Kind { found: 99 }));
    assert_eq!(Message::decode(&[5, 0, 0xff]), Err(MessageError::Field { what: "text" }));
}

#[test]
fn a_long_refusal_is_cut_between_characters() {
    let text = "é".repeat(300);
    let mut out = Vec::new();
    Message::Refused { retry: false, text: &text }.encode(&mut out);
    assert!(out.len() <= LENGTH_BYTES + 2 + TEXT_BYTES_MAX && out.len() <= STRANGER_BYTES_MAX);
    assert!(matches!(Message::decode(&out[LENGTH_BYTES..]), Ok(Message::Refused { .. })));
}
