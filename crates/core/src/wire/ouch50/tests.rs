// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Cases for the codecs that Python cannot see: borrowing, room, the table itself.

use super::*;
use crate::wire::ouch::OuchError;

/// One element of each tag, and one that nobody knows.
fn all_tags() -> Vec<u8> {
    let mut out = Vec::new();
    for tag in TAGS {
        out.extend([1 + tag.length as u8, tag.number]);
        out.extend((0..tag.length as u8).map(|place| place + tag.number));
    }
    out.extend([4, 200, 1, 2, 3]);
    out
}

/// The fixed part of a message, its bytes rising from 1 after the type byte.
fn rising(layout: &AppendedLayout) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..layout.message.length as u8).collect();
    bytes[0] = layout.message.message_type;
    bytes
}

/// The message with an appendage behind it.
fn appended(layout: &AppendedLayout, elements: &[u8]) -> Vec<u8> {
    let mut bytes = rising(layout);
    bytes.extend((elements.len() as u16).to_be_bytes());
    bytes.extend(elements);
    bytes
}

/// What a direction decodes and encodes again.
macro_rules! again {
    ($direction:ident, $bytes:expr) => {{
        let bytes: &[u8] = $bytes;
        $direction::Message::decode(bytes).map(|message| {
            let mut values = Vec::new();
            message.each_value(&mut |_, value| values.push(value));
            let mut values = values.into_iter();
            let mut out = [0; 512];
            let mut next = |_: &'static _| Ok::<_, ()>(values.next().unwrap());
            let mut writer =
                $direction::begin_values(bytes[0], &mut next, &mut out).unwrap().unwrap();
            writer.appendage(message.appendage());
            let length = writer.finish().unwrap();
            out[..length].to_vec()
        })
    }};
}

#[test]
fn fields_cover_each_message_without_gap_or_overlap() {
    assert_eq!((inbound::LAYOUTS.len(), outbound::LAYOUTS.len(), TAGS.len()), (8, 17, 26));
    for AppendedLayout { message, .. } in inbound::LAYOUTS.iter().chain(outbound::LAYOUTS) {
        let mut at = 1;
        for field in message.fields {
            assert_eq!(field.offset, at, "{}.{}", message.name, field.name);
            at += field.length;
        }
        assert_eq!(at, message.length, "{}", message.name);
    }
}

#[test]
fn every_message_encodes_to_what_it_was_decoded_from_in_every_form_it_may_have() {
    let tags = all_tags();
    for layout in inbound::LAYOUTS {
        for bytes in [rising(layout), appended(layout, &[]), appended(layout, &tags)] {
            let is_refused =
                layout.appendage == AppendageRule::Required && bytes.len() == layout.message.length;
            let expected = if is_refused {
                let (found, message_type) = (bytes.len(), bytes[0]);
                Err(OuchError::Length { message_type, expected: found + 2, found })
            } else {
                Ok(bytes.clone())
            };
            assert_eq!(again!(inbound, &bytes), expected, "{}", layout.message.name);
        }
    }
    for layout in outbound::LAYOUTS {
        assert_eq!(again!(outbound, &rising(layout)), Ok(rising(layout)));
        for elements in [&[][..], &tags] {
            let bytes = appended(layout, elements);
            let expected = if layout.appendage == AppendageRule::None {
                let (expected, message_type) = (layout.message.length, bytes[0]);
                Err(OuchError::Length { message_type, expected, found: bytes.len() })
            } else {
                Ok(bytes.clone())
            };
            assert_eq!(again!(outbound, &bytes), expected, "{}", layout.message.name);
        }
    }
}

#[test]
fn a_tag_is_found_by_its_name_and_an_unknown_one_is_kept() {
    let tags = all_tags();
    let bytes = appended(&inbound::LAYOUTS[0], &tags);
    let message = inbound::Message::decode(&bytes).unwrap();
    let appendage = message.appendage();
    assert_eq!(appendage.minimum_quantity(), Some(0x0304_0506));
    assert_eq!(appendage.firm(), Some([2, 3, 4, 5]));
    assert_eq!(appendage.peg_offset_e4(), Some(0x0708_090a));
    assert_eq!(appendage.user_ref_index(), Some(28));
    assert_eq!(appendage.tags().count(), TAGS.len() + 1);
    assert_eq!(appendage.tags().last(), Some(Tag::Unknown { number: 200, value: &[1, 2, 3] }));
    for (tag, layout) in appendage.tags().zip(TAGS) {
        assert_eq!(tag.number(), layout.number);
        assert_eq!(Tag::from_value(layout.number, tag.value().unwrap()), Some(tag));
    }
    let plain = appended(&inbound::LAYOUTS[0], &[]);
    let message = inbound::Message::decode(&plain).unwrap();
    assert_eq!(message.appendage().minimum_quantity(), None);
    assert!(!message.appendage().is_omitted());
}

#[test]
fn a_peg_offset_may_be_negative() {
    let mut out = [0; 16];
    let mut writer = Writer::new(&mut out, &AccountQueryRequest {});
    writer.tag(Tag::PegOffset(-2));
    assert_eq!(writer.finish(), Ok(9));
    assert_eq!(out[..9], *b"Q\0\x06\x05\x07\xff\xff\xff\xfe");
    let message = inbound::Message::decode(&out[..9]).unwrap();
    assert_eq!(message.appendage().peg_offset_e4(), Some(-2));
}

#[test]
fn elements_that_are_not_whole_are_refused_and_say_where() {
    let cancel = |tail: &[u8]| {
        let mut bytes = b"X\0\0\0\x07\0\0\0\0".to_vec();
        bytes.extend(tail);
        inbound::Message::decode(&bytes).map(|_| ()).unwrap_err()
    };
    let message_type = b'X';
    assert_eq!(cancel(&[0]), OuchError::Length { message_type, expected: 9, found: 10 });
    for (tail, expected, found) in [(&[0, 1][..], 1, 0), (&[0, 0, 1], 0, 1), (&[0, 3, 2, 28], 3, 2)]
    {
        let error = OuchError::AppendageLength { message_type, offset: 9, expected, found };
        assert_eq!(cancel(tail), error, "{tail:?}");
    }
    for (tail, offset, expected, found) in
        [(&[0, 1, 0][..], 11, 0, 0), (&[0, 2, 2, 28], 11, 2, 1), (&[0, 4, 2, 28, 1, 1], 14, 1, 0)]
    {
        let error = OuchError::Element { message_type, offset, expected, found };
        assert_eq!(cancel(tail), error, "{tail:?}");
    }
    let error = OuchError::TagLength { message_type, offset: 14, tag: 3, expected: 4, found: 1 };
    assert_eq!(cancel(&[0, 6, 2, 28, 1, 2, 3, 9]), error);
}

#[test]
fn wrong_lengths_are_refused_and_unknown_types_kept() {
    assert_eq!(inbound::Message::decode(b""), Err(OuchError::Empty));
    assert_eq!(outbound::Message::decode(b""), Err(OuchError::Empty));
    assert_eq!(inbound::Message::decode(b"zebra"), Ok(inbound::Message::Unknown(b"zebra")));
    assert_eq!(outbound::Message::decode(b"z"), Ok(outbound::Message::Unknown(b"z")));
    for layout in outbound::LAYOUTS {
        let bytes = rising(layout);
        let (message_type, expected) = (bytes[0], layout.message.length);
        let found = expected - 1;
        let error = OuchError::Length { message_type, expected, found };
        assert_eq!(outbound::Message::decode(&bytes[..found]), Err(error));
    }
}

#[test]
fn a_message_that_does_not_fit_is_not_written_beyond_the_buffer() {
    let asked = MassCancelRequest { user_ref_num: 1, firm: *b"FIRM", symbol: [b' '; 8] };
    for room in 0..40 {
        let mut out = [0xee; 40];
        let mut writer = Writer::new(&mut out[..room], &asked);
        writer.tag(Tag::Side(b'B')).tag(Tag::GroupId(9));
        let whole = MassCancelRequest::LENGTH + 2 + 3 + 4;
        let expected = if room < whole {
            Err(OuchError::NoRoom { expected: whole, found: room })
        } else {
            Ok(whole)
        };
        assert_eq!(writer.finish(), expected);
        assert!(out[room..].iter().all(|&byte| byte == 0xee), "{room}");
    }
}
