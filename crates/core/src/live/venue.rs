// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! One venue: its feed, its books, and our port there.

use super::NodeConfig;
use super::port::{Port, Speech};
use crate::book::Books;
use crate::events::VenueDefined;
use crate::feed::ItchFeed;
use crate::hash::StateHasher;
use crate::types::InstrumentId;
use crate::wire::mold::SequenceTracker;

/// One venue.
pub(super) struct Venue {
    pub(super) feed_id: u16,
    pub(super) feed: ItchFeed,
    pub(super) stream: SequenceTracker,
    /// The node's id of each instrument that the feed has named, by the feed's own id; 0 for those
    /// that are not listed.
    pub(super) listed: Vec<InstrumentId>,
    pub(super) books: Books,
    pub(super) port: Port,
    /// Market data is whole and in step.
    pub(super) is_live: bool,
}

impl Venue {
    pub(super) fn new(definition: VenueDefined, config: &NodeConfig) -> Self {
        let speech = if definition.is_adapter == 0 { Speech::Ouch } else { Speech::Adapter };
        let instruments_max = config.books.instruments_max;
        let port = Port::new(definition.venue_id, speech, instruments_max, config.own_orders_max);
        Self {
            feed_id: u16::from(definition.feed_id),
            feed: ItchFeed::new(config.midnight_ns),
            stream: SequenceTracker::joining(),
            listed: Vec::with_capacity(ItchFeed::INSTRUMENTS_MAX + 1),
            books: Books::new(config.books),
            port,
            is_live: speech == Speech::Ouch,
        }
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.word(self.feed.state_hash());
        hasher.bytes(&self.stream.session().unwrap_or_default());
        hasher.word(self.stream.next().unwrap_or(0));
        hasher.word(self.books.state_hash());
        hasher.word(u64::from(self.is_live));
        self.port.hash_into(hasher);
    }
}
