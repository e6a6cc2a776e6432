// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as ITCH 5.0 into the feed: instruments are numbered without a hole, each is defined
//! before its first update, a snapshot restores the same feed, and its bytes are not trusted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::component::Snapshot;
use onetape_core::events::{InstrumentDefined, MarketUpdated};
use onetape_core::feed::{ItchFeed, MarketSink};
use onetape_core::wire::itch::{FileFrames, Frame};

#[derive(Default)]
struct Check {
    defined: u32,
    updates: u32,
}

impl MarketSink for Check {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.defined += 1;
        assert_eq!(definition.instrument_id, self.defined);
    }

    fn update(&mut self, update: &MarketUpdated) {
        self.updates += 1;
        assert!(update.instrument_id <= self.defined);
    }
}

fuzz_target!(|data: &[u8]| {
    let mut feed = ItchFeed::new(ItchFeed::MIDNIGHT_NS_MAX);
    let mut check = Check::default();
    for frame in FileFrames::last_block(data, 0) {
        if let Ok(Frame::Message(message)) = frame {
            let before = (feed.instruments_count(), check.updates);
            if feed.decode(message, &mut check).is_err() {
                assert_eq!((feed.instruments_count(), check.updates), before);
            }
        }
    }
    // A snapshot looks at every locate there can be: in one input of eight, for speed.
    if data.last().is_none_or(|last| last % 8 != 0) {
        return;
    }
    let mut saved = Vec::new();
    feed.save(&mut saved);
    let mut other = ItchFeed::new(0);
    other.restore(&mut &saved[..]).expect("it was saved just now");
    assert_eq!(other.state_hash(), feed.state_hash());
    let _ = other.restore(&mut &data[..]);
});
