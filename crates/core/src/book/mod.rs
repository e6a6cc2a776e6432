// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Order books by order, of all instruments of a run: the feed's book and the exchange's are this one.
//!
//! It keeps queues and best prices; it does not match, and it takes a crossed book as it comes.
//! Invariants: a level lives exactly while it has orders; its quantity and count are the sums over
//! them; a refused call changes nothing; nothing is allocated after [`Books::new`].
//!
//! ```text
//! order_ref ─► refs ─► Order ─► Level ─► Ladder (one per instrument and side) ─► best level
//!                        └ next, prev: the queue of its level
//! ```

mod calls;
mod handles;
mod ladder;
mod market;
mod orders;
mod read;
mod refs;
mod slab;
mod snapshot;
mod tree;
mod view;
mod warm;

pub use orders::{Handle, Located};
pub use view::{Bbo, BookError, Change, LevelView, OrderView, Outcome, QueuePosition, Terms};

use crate::types::{InstrumentId, Ticks};
use ladder::Ladders;
use orders::Orders;
use refs::Refs;

/// The limits of [`Books`]. Address space is taken for all of it at start; memory as it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BooksConfig {
    /// Most orders that rest at one time, in all instruments.
    pub orders_max: u32,
    /// Highest instrument id.
    pub instruments_max: u32,
    /// Price levels that have a direct place, per side: 256 to 4,096, made a power of two.
    pub window_levels: u32,
}

impl Default for BooksConfig {
    /// Room for a whole day of one US exchange.
    fn default() -> Self {
        Self { orders_max: 1 << 21, instruments_max: 16_384, window_levels: 1_024 }
    }
}

/// The books of all instruments.
#[derive(Debug)]
pub struct Books {
    orders: Orders,
    refs: Refs,
    ladders: Ladders,
    config: BooksConfig,
}

impl Books {
    /// Empty books with these limits.
    ///
    /// # Panics
    /// When the memory cannot be had, or a limit is 2^30 or more.
    #[must_use]
    pub fn new(config: BooksConfig) -> Self {
        let BooksConfig { orders_max, instruments_max, window_levels } = config;
        assert!(orders_max < 1 << 30 && instruments_max < 1 << 30, "limits below 2^30");
        Self {
            orders: Orders::new(orders_max),
            refs: Refs::new(orders_max),
            ladders: Ladders::new(orders_max, instruments_max, window_levels),
            config,
        }
    }

    /// The limits it was made with.
    #[must_use]
    pub const fn config(&self) -> BooksConfig {
        self.config
    }

    /// How many orders rest.
    #[must_use]
    pub fn live_orders(&self) -> u32 {
        self.orders.used()
    }

    /// Defines an instrument, or says again what it is. `step` is the price step that most of its
    /// orders keep to, in ticks; prices off the step work too, more slowly.
    ///
    /// # Errors
    /// [`BookError::Instrument`] when the id is 0 or above `instruments_max`; [`BookError::Step`]
    /// when the step is out of range or not the one it was defined with.
    pub fn define(&mut self, instrument: InstrumentId, step: Ticks) -> Result<(), BookError> {
        if instrument == 0 || instrument > self.ladders.instruments_max() {
            return Err(BookError::Instrument { instrument });
        }
        let ticks = u32::try_from(step).unwrap_or(0);
        let ladder = instrument * 2;
        let defined = self.ladders.step(ladder);
        if ticks == 0 || ticks > i32::MAX.cast_unsigned() || (defined != 0 && defined != ticks) {
            return Err(BookError::Step { step });
        }
        if defined == 0 {
            self.ladders.define(ladder, ticks);
            self.ladders.define(ladder + 1, ticks);
        }
        Ok(())
    }

    /// Price step of an instrument, in ticks; `None` when it is not defined.
    #[must_use]
    pub fn step(&self, instrument: InstrumentId) -> Option<Ticks> {
        self.check_instrument(instrument).ok()?;
        Some(Ticks::from(self.ladders.step(instrument * 2)))
    }

    #[inline]
    fn check_instrument(&self, instrument: InstrumentId) -> Result<(), BookError> {
        if instrument > self.config.instruments_max || self.ladders.step(instrument * 2) == 0 {
            return Err(BookError::Instrument { instrument });
        }
        Ok(())
    }
}
