// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Cases for the codecs that Python cannot see: borrowing, two lengths, the table itself.

use super::{MESSAGE_BYTES_MAX, inbound, outbound};
use crate::wire::layout::MessageLayout;
use crate::wire::ouch::OuchError;

/// A message of the type, its bytes rising from 1 after the type byte.
fn rising(layout: &MessageLayout) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..layout.length as u8).collect();
    bytes[0] = layout.message_type;
    bytes
}

/// What a direction decodes and encodes again, and the name it found.
macro_rules! again {
    ($direction:ident, $bytes:expr) => {{
        let bytes: &[u8] = $bytes;
        let message = $direction::Message::decode(bytes).unwrap();
        let mut values = Vec::new();
        message.each_value(&mut |_, value| values.push(value));
        let mut values = values.into_iter();
        let mut next = |_: &'static _| Ok::<_, ()>(values.next().unwrap());
        let mut out = [0; MESSAGE_BYTES_MAX];
        let length = $direction::encode_values(message.name(), &mut next, &mut out);
        (message.name(), out[..length.unwrap().unwrap()].to_vec())
    }};
}

#[test]
fn fields_cover_each_message_without_gap_or_overlap() {
    assert_eq!((inbound::LAYOUTS.len(), outbound::LAYOUTS.len()), (4, 14));
    for layout in inbound::LAYOUTS.iter().chain(outbound::LAYOUTS) {
        let mut at = 1;
        for field in layout.fields {
            assert_eq!(field.offset, at, "{}.{}", layout.name, field.name);
            at += field.length;
        }
        assert_eq!(at, layout.length, "{}", layout.name);
        assert!(at <= MESSAGE_BYTES_MAX);
    }
}

#[test]
fn every_message_encodes_to_what_it_was_decoded_from() {
    for layout in inbound::LAYOUTS {
        let bytes = rising(layout);
        assert_eq!(again!(inbound, &bytes), (layout.name, bytes));
    }
    for layout in outbound::LAYOUTS {
        let bytes = rising(layout);
        assert_eq!(again!(outbound, &bytes), (layout.name, bytes));
    }
}

#[test]
fn an_aiq_canceled_has_one_of_two_lengths() {
    let names: Vec<_> = outbound::LAYOUTS
        .iter()
        .filter(|layout| layout.message_type == b'D')
        .map(|layout| (layout.name, layout.length))
        .collect();
    assert_eq!(names, [("AiqCanceled", 38), ("AiqCanceledBefore2025", 37)]);
    for found in [36, 39] {
        let error = OuchError::Length { message_type: b'D', expected: 38, found };
        assert_eq!(outbound::Message::decode(&[b'D'; 40][..found]), Err(error));
    }
}

#[test]
fn wrong_lengths_are_refused_and_unknown_types_kept() {
    assert_eq!(inbound::Message::decode(b""), Err(OuchError::Empty));
    assert_eq!(outbound::Message::decode(b""), Err(OuchError::Empty));
    assert_eq!(inbound::Message::decode(b"zebra"), Ok(inbound::Message::Unknown(b"zebra")));
    for layout in inbound::LAYOUTS {
        let mut bytes = rising(layout);
        let (message_type, expected) = (layout.message_type, layout.length);
        for found in [1, expected - 1, expected + 1] {
            bytes.resize(found, 0);
            let error = OuchError::Length { message_type, expected, found };
            assert_eq!(inbound::Message::decode(&bytes), Err(error));
        }
    }
}
