// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is measured of the surroundings: feeds and books that cannot be traded on, the clock, and how
//! long market data waits.

use super::board::NEVER;
use crate::component::SnapshotError;
use crate::events::{BookState, BookStateChanged, Breaker, ClockMeasured, FeedState, RiskScope};
use crate::risk::{Extremes, Scope};
use crate::snapshot::{read_i64, read_u8, read_u32, write_i64, write_u8, write_u32};
use crate::types::{InstrumentId, MILLISECOND_NS, TsNs};

/// A venue's feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Feed {
    /// Its id and one; 0 where it is not known yet.
    number: u32,
    /// It has been live: from then on it is expected to be.
    was_live: bool,
    /// Since when it is not; [`NEVER`] when it is.
    down_since_ns: TsNs,
    /// Since when its messages are too old; [`NEVER`] when they are not.
    late_since_ns: TsNs,
}

const QUIET: Feed = Feed { number: 0, was_live: false, down_since_ns: NEVER, late_since_ns: NEVER };

/// Feeds, books, clock and delays.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    /// By venue.
    feeds: Vec<Feed>,
    /// Instruments whose book is not fit to trade on, and since when.
    pub(super) books: Vec<(InstrumentId, TsNs)>,
    /// When the clock was last measured, and how far off it may be, in microseconds.
    clock: (TsNs, i64),
    /// When the first entry came that would have had to know.
    clock_since_ns: TsNs,
    /// Delays of market data, in microseconds.
    delays: Extremes,
}

/// Milliseconds since a time; 0 for one that never was.
const fn ms_since(since_ns: TsNs, now: TsNs) -> i64 {
    if since_ns == NEVER { 0 } else { now.saturating_sub(since_ns) / MILLISECOND_NS }
}

impl Surroundings {
    pub(super) fn new(venues_max: u32, instruments_max: u32) -> Self {
        Self {
            feeds: vec![QUIET; venues_max as usize + 1],
            books: Vec::with_capacity(instruments_max as usize + 1),
            clock: (NEVER, 0),
            clock_since_ns: NEVER,
            delays: Extremes::default(),
        }
    }

    /// How a venue's feed stands.
    pub(super) fn feed(&mut self, (venue, feed_id): (u32, u16), state: FeedState, now: TsNs) {
        let Some(feed) = self.feeds.get_mut(venue as usize) else { return };
        feed.number = u32::from(feed_id) + 1;
        match state {
            FeedState::Live => (feed.was_live, feed.down_since_ns) = (true, NEVER),
            // A session that is over is not expected to go on.
            FeedState::Ended => *feed = Feed { number: feed.number, ..QUIET },
            _ if feed.was_live && feed.down_since_ns == NEVER => feed.down_since_ns = now,
            _ => {}
        }
    }

    /// The state of a book changed, or that of all books of a feed.
    pub(super) fn book(&mut self, event: &BookStateChanged) {
        let is_live = event.state == BookState::Live.raw();
        let id = event.instrument_id;
        if id == 0 {
            let number = u32::from(event.feed_id) + 1;
            if let Some(feed) = self.feeds.iter_mut().find(|feed| feed.number == number) {
                feed.late_since_ns = if is_live { NEVER } else { event.since_ts_ns };
            }
            return;
        }
        let at = self.books.iter().position(|&(known, _)| known == id);
        match at {
            Some(at) if is_live => drop(self.books.swap_remove(at)),
            None if !is_live && self.books.len() < self.books.capacity() => {
                self.books.push((id, event.since_ts_ns));
            }
            _ => {}
        }
    }

    /// The clock was measured.
    pub(super) fn clock(&mut self, event: &ClockMeasured, now: TsNs) {
        let off_ns = event.offset_ns.saturating_abs().saturating_add(event.uncertainty_ns.max(0));
        let known = event.is_synchronised != 0;
        self.clock = (now, if known { off_ns / 1_000 } else { i64::MAX });
    }

    /// Time passes, also where nobody measures the clock.
    pub(super) const fn pass(&mut self, now: TsNs) {
        if self.clock_since_ns == NEVER {
            self.clock_since_ns = now;
        }
    }

    /// Market data had waited for so long when it was taken in.
    pub(super) fn delayed(&mut self, delay_ns: i64, now: TsNs, window_ns: i64) {
        self.delays.add(now, window_ns, delay_ns / 1_000);
    }

    pub(super) fn measure(
        &mut self,
        breaker: Breaker,
        scope: Scope,
        now: TsNs,
        window_ns: i64,
    ) -> i64 {
        match (breaker, scope.kind) {
            (Breaker::MarketData, RiskScope::Venue) => {
                let feed = self.feeds.get(scope.id as usize).copied().unwrap_or(QUIET);
                ms_since(feed.down_since_ns, now).max(ms_since(feed.late_since_ns, now))
            }
            (Breaker::MarketData, _) => {
                let found = self.books.iter().find(|&&(id, _)| id == scope.id);
                found.map_or(0, |&(_, since_ns)| ms_since(since_ns, now))
            }
            (Breaker::Clock, _) => {
                let (at, off_us) = self.clock;
                let heard_ns = if at == NEVER { self.clock_since_ns } else { at };
                let is_old = heard_ns != NEVER && now.saturating_sub(heard_ns) > window_ns;
                if is_old { i64::MAX } else { off_us }
            }
            (Breaker::InputAge, _) => self.delays.range(now, window_ns).1.max(0),
            _ => 0,
        }
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        for feed in &self.feeds {
            write_u32(out, feed.number);
            write_u8(out, u8::from(feed.was_live));
            write_i64(out, feed.down_since_ns);
            write_i64(out, feed.late_since_ns);
        }
        write_u32(out, self.books.len() as u32);
        for &(id, since_ns) in &self.books {
            write_u32(out, id);
            write_i64(out, since_ns);
        }
        for value in [self.clock.0, self.clock.1, self.clock_since_ns] {
            write_i64(out, value);
        }
        self.delays.save(out);
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        for feed in &mut self.feeds {
            let (number, was_live) = (read_u32(bytes)?, read_u8(bytes)? != 0);
            let (down_since_ns, late_since_ns) = (read_i64(bytes)?, read_i64(bytes)?);
            *feed = Feed { number, was_live, down_since_ns, late_since_ns };
        }
        self.books.clear();
        for _ in 0..read_u32(bytes)? {
            let id = read_u32(bytes)?;
            self.books.push((id, read_i64(bytes)?));
        }
        self.clock = (read_i64(bytes)?, read_i64(bytes)?);
        self.clock_since_ns = read_i64(bytes)?;
        self.delays = Extremes::restore(bytes)?;
        Ok(())
    }
}
