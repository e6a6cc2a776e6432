// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as a file of ITCH 5.0: what is read encodes to the same bytes, blocks change nothing,
//! and the bytes of the records and of the error add up to the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::wire::itch::{FileFrames, Frame, FrameError, Message, encode_values};

fn check_message(bytes: &[u8]) {
    let Ok(message) = Message::decode(bytes) else { return };
    let mut values = Vec::new();
    message.each_value(&mut |_, value| values.push(value));
    let mut values = values.into_iter();
    let mut out = Vec::new();
    let known = encode_values(bytes[0], &mut |_| values.next().ok_or(()), &mut out);
    assert_eq!(known == Ok(true), !matches!(message, Message::Unknown(_)));
    assert!(known == Ok(false) || out == bytes);
}

fn all<'a>(frames: &mut FileFrames<'a>) -> (Vec<Frame<'a>>, Option<FrameError>) {
    let mut seen = Vec::new();
    for frame in frames.by_ref() {
        match frame {
            Ok(frame) => seen.push(frame),
            Err(error) => return (seen, Some(error)),
        }
    }
    (seen, None)
}

fuzz_target!(|data: &[u8]| {
    let Some((&cut, data)) = data.split_first() else { return };
    let mut frames = FileFrames::last_block(data, 0);
    let (whole, error) = all(&mut frames);
    assert!(error.is_some() || frames.consumed() == data.len());
    for frame in &whole {
        if let Frame::Message(bytes) = frame {
            check_message(bytes);
        }
    }
    let cut = usize::from(cut).min(data.len());
    let mut first = FileFrames::block(&data[..cut], 0);
    let (mut parts, failed) = all(&mut first);
    let at = first.consumed();
    if failed.is_none() {
        let (rest, failed) = all(&mut FileFrames::last_block(&data[at..], at as u64));
        parts.extend(rest);
        assert_eq!(failed, error);
    } else {
        assert_eq!(failed, error);
    }
    assert_eq!(parts, whole);
});
