// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! One venue: its feed, its books, and our port there.

use super::NodeConfig;
use super::port::{Port, Speech};
use crate::book::Books;
use crate::events::VenueDefined;
use crate::feed::FeedReader;
use crate::hash::StateHasher;

/// One venue.
pub(super) struct Venue {
    pub(super) feed_id: u16,
    pub(super) reader: FeedReader,
    pub(super) books: Books,
    pub(super) port: Port,
}

impl Venue {
    pub(super) fn new(definition: VenueDefined, config: &NodeConfig) -> Self {
        let speech = if definition.is_adapter == 0 { Speech::Ouch } else { Speech::Adapter };
        let instruments_max = config.books.instruments_max;
        let port = Port::new(definition.venue_id, speech, instruments_max, config.own_orders_max);
        Self {
            feed_id: u16::from(definition.feed_id),
            reader: FeedReader::new(config.midnight_ns),
            books: Books::new(config.books),
            port,
        }
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        self.reader.hash_into(hasher);
        hasher.word(self.books.state_hash());
        self.port.hash_into(hasher);
    }
}
