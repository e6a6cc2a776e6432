// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as what a primary, a standby and a witness say to one another: what is read is written
//! the same. What a witness is asked it answers, and its ballot is one that it can read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::continuity::message::{LENGTH_BYTES, Message};
use onetape_core::continuity::{Ballot, LeaseTimes, NodeName, Witness};

/// One message: written again, it is the same bytes, unless what it leaves open was not zero, or
/// a text is longer than we would write it.
fn check(bytes: &[u8]) -> Option<Message<'_>> {
    let message = Message::decode(bytes).ok()?;
    let mut out = Vec::new();
    message.encode(&mut out);
    let (length, again) = out.split_first_chunk::<LENGTH_BYTES>().expect("a length");
    assert_eq!(u32::from_le_bytes(*length) as usize, again.len());
    match message {
        Message::Refused { .. } => assert!(again.len() <= bytes.len()),
        Message::Ask(_) | Message::Answer(_) => assert_eq!(Message::decode(again), Ok(message)),
        _ => assert_eq!(again, bytes),
    }
    Some(message)
}

fuzz_target!(|data: &[u8]| {
    let nodes = ["alpha", "beta"].map(|name| NodeName::new(name).expect("a name"));
    let times = LeaseTimes::default();
    let mut witness = Witness::new(Ballot::default(), nodes, &times, 0);
    let (mut rest, mut now_ns, mut term) = (data, times.lease_ns + 1, 0);
    while let Some((length, after)) = rest.split_first_chunk::<LENGTH_BYTES>() {
        let length = (u32::from_le_bytes(*length) as usize).min(after.len());
        let (bytes, after) = after.split_at(length);
        rest = after;
        let Some(Message::Ask(ask)) = check(bytes) else { continue };
        now_ns += i64::from(ask.change % 16) * times.renew_ns;
        let considered = witness.consider(now_ns, &ask);
        let ballot = *witness.ballot();
        assert_eq!(Ballot::decode(&ballot.encode()), Some(ballot));
        assert!(ballot.term >= term, "terms rise");
        term = ballot.term;
        let answer = witness.answer(now_ns, considered);
        let mut out = Vec::new();
        Message::Answer(answer).encode(&mut out);
        assert_eq!(Message::decode(&out[LENGTH_BYTES..]), Ok(Message::Answer(answer)));
    }
});
