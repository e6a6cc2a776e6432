// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A node, written down and taken up again: by an engine that starts again, and by a strategy's process
//! that comes late. Both then read the journal from there.
//!
//! What was given to callbacks and sockets is not kept: a snapshot is taken between two entries, when
//! everything has been taken out.

use super::breakers::Breakers;
use super::kept::{Kept, keep_all, kept, take_each};
use super::venue::Venue;
use super::{Core, Market, Node};
use crate::component::{Snapshot, SnapshotError};
use crate::events::{Counters, VenueDefined};
use crate::snapshot::{read_u64, write_u64};
use crate::trading::Touch;

/// Version of the layout: raised when what is kept changes, so that an older snapshot is passed over.
pub const NODE_SNAPSHOT_VERSION: u32 = 3;

kept!(Touch { bid, bid_qty, ask, ask_qty });
kept!(Market {
    instrument,
    venue,
    product,
    in_book,
    last_trade,
    heard_ns,
    touch,
    best,
    is_covered
});

impl Snapshot for Node {
    fn save(&self, out: &mut Vec<u8>) {
        let Self { config: _, venues, core, kills, flatten, parameters, breakers, reconcile } =
            self;
        self.save_configured(out);
        write_u64(out, venues.len() as u64);
        for venue in venues {
            venue.save(out);
        }
        core.save(out);
        kills.save(out);
        flatten.save(out);
        parameters.save(out);
        breakers.is_some().keep(out);
        if let Some(breakers) = breakers {
            breakers.save(out);
        }
        reconcile.save(out);
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.restore_configured(bytes)?;
        let Self { config, venues, core, kills, flatten, parameters, breakers, reconcile } = self;
        let count = read_u64(bytes)?;
        if count > u64::from(config.venues_max) {
            return Err(SnapshotError::Invalid { what: "node: venues_max is lower" });
        }
        venues.clear();
        for _ in 0..count {
            let mut venue = Venue::new(Venue::definition(bytes)?, config);
            venue.restore(bytes)?;
            venues.push(venue);
        }
        core.restore(bytes)?;
        kills.restore(bytes)?;
        flatten.restore(bytes)?;
        parameters.restore(bytes)?;
        *breakers = None;
        if bool::take(bytes)? {
            let mut found = Box::new(Breakers::new(config));
            found.restore(bytes)?;
            *breakers = Some(found);
        }
        reconcile.restore(bytes)
    }
}

impl Venue {
    fn save(&self, out: &mut Vec<u8>) {
        let Self { feed_id, reader, books, port } = self;
        port.venue.keep(out);
        port.is_adapter().keep(out);
        feed_id.keep(out);
        reader.save(out);
        books.save(out);
        port.save(out);
    }

    /// How a venue was defined that stands at the front.
    fn definition(bytes: &mut &[u8]) -> Result<VenueDefined, SnapshotError> {
        let (venue_id, is_adapter) = (u32::take(bytes)?, bool::take(bytes)?);
        let feed_id = u8::try_from(u16::take(bytes)?);
        let feed_id = feed_id.map_err(|_| SnapshotError::Invalid { what: "a feed's id" })?;
        Ok(VenueDefined { venue_id, is_adapter: u8::from(is_adapter), feed_id, reserved: 0 })
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { feed_id: _, reader, books, port } = self;
        reader.restore(bytes)?;
        books.restore(bytes)?;
        port.restore(bytes)
    }
}

impl Core {
    fn save(&self, out: &mut Vec<u8>) {
        let Self {
            desk,
            markets,
            waiting,
            health,
            counters,
            callbacks,
            has_listener: _,
            sent: _,
            has_breakers,
            throttle,
            delays_ns,
            input_ns,
            now,
            held,
        } = self;
        debug_assert!(callbacks.is_empty(), "a snapshot is taken when everything was told");
        desk.save(out);
        keep_all(markets, out);
        keep_all(held, out);
        let waits = waiting.iter().enumerate().filter(|(_, quote)| quote.is_some());
        write_u64(out, waits.clone().count() as u64);
        for (at, quote) in waits {
            write_u64(out, at as u64);
            quote.keep(out);
        }
        health.save(out);
        counters.values().iter().for_each(|&value| write_u64(out, value));
        has_breakers.keep(out);
        throttle.save(out);
        keep_all(delays_ns, out);
        input_ns.keep(out);
        now.keep(out);
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self {
            desk,
            markets,
            waiting,
            health,
            counters,
            callbacks,
            has_listener: _,
            sent: _,
            has_breakers,
            throttle,
            delays_ns,
            input_ns,
            now,
            held,
        } = self;
        desk.restore(bytes)?;
        take_each(markets, bytes)?;
        take_each(held, bytes)?;
        waiting.fill(None);
        for _ in 0..read_u64(bytes)? {
            let place = waiting.get_mut(read_u64(bytes)? as usize);
            let place = place.ok_or(SnapshotError::Invalid { what: "node: strategies_max" })?;
            *place = Kept::take(bytes)?;
        }
        health.restore(bytes)?;
        let mut values = [0; Counters::NAMES.len()];
        for value in &mut values {
            *value = read_u64(bytes)?;
        }
        *counters = Counters::from_values(values);
        callbacks.clear();
        *has_breakers = Kept::take(bytes)?;
        throttle.restore(bytes)?;
        take_each(delays_ns, bytes)?;
        *input_ns = Kept::take(bytes)?;
        *now = Kept::take(bytes)?;
        Ok(())
    }
}
