// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What history says is left of orders that have less, because ours traded with them; and what it
//! asked for that could not be done as it said.

use super::ghosts::Ghost;
use super::{Matcher, Policy, Record};
use crate::book::{BookError, Handle, OrderView};
use crate::types::{InstrumentId, Lots};

/// What history asked for that could not be done as it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct MarketCounters {
    /// Messages about an order that is not there.
    pub missing: u64,
    /// Messages that took more off an order than history had left it.
    pub capped: u64,
    /// Messages that found less of an order than history had left it, because ours traded first.
    pub displaced: u64,
    /// Messages that were refused: a reference in use or reserved, a value out of range, no room.
    pub refused: u64,
    /// Of the refused, those for want of room.
    pub full: u64,
    /// Historical orders that ours took whole and that there was no room to remember.
    pub ghosts_lost: u64,
}

impl<P: Policy> Matcher<P> {
    /// What history asked for that could not be done as it said.
    #[must_use]
    pub const fn market_counters(&self) -> MarketCounters {
        self.counters
    }

    /// What history says is left of a resting historical order.
    pub(super) fn history(&self, handle: Handle, order: &OrderView) -> Lots {
        let record = self.record(handle);
        let is_touched = record.flags & Record::TOUCHED != 0 && record.client == order.order_ref;
        if is_touched { record.executed } else { order.qty }
    }

    /// Notes that a historical order has less left than history says.
    pub(super) fn touch(
        &mut self,
        handle: Handle,
        order_ref: u64,
        instrument: InstrumentId,
        history: Lots,
    ) {
        let flags = Record::TOUCHED;
        let record = Record { client: order_ref, executed: history, flags, ..Record::EMPTY };
        self.set_record(handle, record);
        self.markets[instrument as usize].watched += 1;
    }

    /// Forgets that it has, and gives what history says is left.
    pub(super) fn untouch(&mut self, handle: Handle, order: &OrderView) -> Lots {
        let history = self.history(handle, order);
        let record = self.record(handle);
        if record.flags & Record::TOUCHED != 0 && record.client == order.order_ref {
            self.set_record(handle, Record::EMPTY);
            self.markets[order.instrument as usize].watched -= 1;
        }
        history
    }

    /// Remembers a historical order that ours took whole.
    pub(super) fn bury(&mut self, ghost: Ghost) {
        if self.ghosts.insert(ghost) {
            self.markets[ghost.instrument as usize].watched += 1;
        } else {
            self.counters.ghosts_lost += 1;
        }
    }
}

impl MarketCounters {
    #[inline]
    pub(super) const fn note(&mut self, done: Result<(), BookError>) {
        match done {
            Ok(()) => {}
            Err(BookError::Unknown { .. }) => self.missing += 1,
            Err(err) => {
                self.refused += 1;
                self.full += matches!(err, BookError::Full { .. }) as u64;
            }
        }
    }
}
