// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Cases for the codecs that Python cannot see: borrowing, blocks, the table itself.

use super::*;

/// A message of the type, its bytes rising from 1 after the type byte.
fn rising(layout: &MessageLayout) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..layout.length as u8).collect();
    bytes[0] = layout.message_type;
    bytes
}

#[test]
fn fields_cover_each_message_without_gap_or_overlap() {
    assert_eq!(LAYOUTS.len(), 23);
    for layout in LAYOUTS {
        let mut at = 1;
        for field in layout.fields {
            assert_eq!(field.offset, at, "{}.{}", layout.name, field.name);
            at += field.length;
        }
        assert_eq!(at, layout.length, "{}", layout.name);
        assert_eq!(length_of(layout.message_type), Some(layout.length));
    }
    assert_eq!(length_of(b'z'), None);
}

#[test]
fn every_message_encodes_to_what_it_was_decoded_from() {
    for layout in LAYOUTS {
        let bytes = rising(layout);
        let message = Message::decode(&bytes).unwrap();
        let mut values = Vec::new();
        message.each_value(&mut |_, value| values.push(value));
        let mut values = values.into_iter();
        let mut out = Vec::new();
        let known = encode_values(
            layout.message_type,
            &mut |_| Ok::<_, ()>(values.next().unwrap()),
            &mut out,
        );
        assert_eq!((known, out), (Ok(true), bytes), "{}", layout.name);
    }
}

#[test]
fn a_field_is_read_where_the_specification_puts_it() {
    let bytes = rising(&AddOrder::LAYOUT);
    let Message::AddOrder(view) = Message::decode(&bytes).unwrap() else { panic!("not an add") };
    let add = view.read();
    assert_eq!(add.stock_locate, 0x0102);
    assert_eq!(add.timestamp_ns, 0x0506_0708_090a);
    assert_eq!(add.order_ref, 0x0b0c_0d0e_0f10_1112);
    assert_eq!((add.side, add.shares, add.price_e4), (0x13, 0x1415_1617, 0x2021_2223));
    assert_eq!(add.stock, [0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f]);
}

#[test]
fn wrong_lengths_are_refused_and_unknown_types_kept() {
    assert_eq!(Message::decode(b""), Err(ItchError::Empty));
    for layout in LAYOUTS {
        let mut bytes = rising(layout);
        let error = |found| {
            Err(ItchError::Length {
                message_type: layout.message_type,
                expected: layout.length,
                found,
            })
        };
        assert_eq!(Message::decode(&bytes[..layout.length - 1]), error(layout.length - 1));
        assert_eq!(Message::decode(&bytes[..1]), error(1));
        bytes.push(0);
        assert_eq!(Message::decode(&bytes), error(layout.length + 1));
    }
    assert_eq!(Message::decode(b"zebra"), Ok(Message::Unknown(b"zebra")));
}

/// Three records: a delete, a type nobody knows, an end; then a delete with a zero prefix.
fn file() -> Vec<u8> {
    let mut file = vec![0, 19];
    file.extend(rising(&OrderDelete::LAYOUT));
    file.extend([0, 2, b'z', b'z', 0, 0, 0, 0]);
    file.extend(rising(&OrderDelete::LAYOUT));
    file
}

#[test]
fn a_file_reads_the_same_in_blocks_of_any_size() {
    let file = file();
    let delete = rising(&OrderDelete::LAYOUT);
    let whole: Vec<_> = FileFrames::last_block(&file, 0).map(Result::unwrap).collect();
    let expected = [
        Frame::Message(&delete),
        Frame::Message(b"zz"),
        Frame::EndOfSession,
        Frame::Message(&delete),
    ];
    assert_eq!(whole, expected);
    for size in 21..file.len() {
        let mut read = Vec::new();
        let mut at = 0;
        while at < file.len() {
            let end = (at + size).min(file.len());
            let mut frames = if end == file.len() {
                FileFrames::last_block(&file[at..end], at as u64)
            } else {
                FileFrames::block(&file[at..end], at as u64)
            };
            read.extend(frames.by_ref().map(Result::unwrap));
            assert!(frames.consumed() > 0);
            at += frames.consumed();
        }
        assert_eq!(read, expected, "blocks of {size}");
    }
}

#[test]
fn a_file_cut_short_says_where() {
    let file = file();
    let ends = [0, 21, 25, 27, 29, file.len()];
    for cut in 0..=file.len() {
        let mut frames = FileFrames::last_block(&file[..cut], 0);
        let last = frames.by_ref().last();
        let start = *ends.iter().rev().find(|&&end| end <= cut).unwrap();
        if ends.contains(&cut) {
            assert!(!matches!(last, Some(Err(_))), "cut at {cut}");
        } else if let Some(Err(FrameError::Truncated { offset, found, .. })) = last {
            assert_eq!((offset as usize + found, frames.consumed()), (cut, offset as usize));
        } else {
            panic!("cut at {cut} (record from {start}) gave {last:?}");
        }
    }
    let mut frames = FileFrames::last_block(b"\0\0z", 7);
    let error = FrameError::UnknownLength { offset: 7, found: b'z' };
    assert_eq!(frames.next(), Some(Err(error)));
    assert_eq!(frames.next(), None);
}
