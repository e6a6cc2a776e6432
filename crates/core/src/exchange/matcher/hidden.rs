// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What rests and is not displayed: hidden orders, in books of their own, and what reserve orders keep
//! back. Touched only where an instrument has such orders.

use super::Record;
use crate::book::{Books, BooksConfig, Handle};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// Hidden orders of all instruments. A price has one queue, by time, whatever condition an order has.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) books: Books,
    /// By handle.
    pub(super) records: Vec<Record>,
    /// Least quantity an order trades, by handle: 0 for none, all bits for all of it.
    pub(super) minimums: Vec<Lots>,
}

/// What is taken off, and may be put on, a side of the hidden book.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Side of the incoming order.
    pub(super) side: Side,
    /// The worst price it takes.
    pub(super) limit: Ticks,
}

impl Hidden {
    pub(super) fn new(orders_max: u32, instruments_max: u32) -> Self {
        let count = orders_max as usize + 1;
        let config = BooksConfig { orders_max, instruments_max, window_levels: 256 };
        Self {
            books: Books::new(config),
            records: Vec::with_capacity(count),
            minimums: vec![0; count],
        }
    }

    pub(super) fn clear(&mut self) {
        self.records.clear();
    }

    pub(super) fn set(&mut self, handle: Handle, record: Record, minimum: Lots) {
        let index = handle.index();
        if index >= self.records.len() {
            self.records.resize(index + 1, Record::EMPTY);
        }
        self.records[index] = record;
        self.minimums[index] = minimum;
    }

    #[inline]
    pub(super) fn front(&self, instrument: InstrumentId, side: Side) -> Option<Handle> {
        self.books.front(instrument, side)
    }

    /// From `next` on, the first order that is reached and that trades with an order that has `leaves`.
    pub(super) fn first_willing(
        &self,
        mut next: Option<Handle>,
        reach: Reach,
        leaves: Lots,
    ) -> Option<Handle> {
        while let Some(handle) = next {
            let terms = self.books.terms(handle);
            if !reach.side.reaches(reach.limit, terms.price) {
                return None;
            }
            if leaves >= self.minimums[handle.index()].min(terms.qty) {
                return Some(handle);
            }
            next = self.books.next_by_priority(handle);
        }
        None
    }

    /// Best price of the orders without a size condition.
    pub(super) fn best_price(&self, instrument: InstrumentId, side: Side) -> Option<Ticks> {
        let mut next = self.front(instrument, side);
        while let Some(handle) = next {
            if self.minimums[handle.index()] == 0 {
                return Some(self.books.terms(handle).price);
            }
            next = self.books.next_by_priority(handle);
        }
        None
    }
}

/// What reserve orders keep back, by the handle of their displayed slice.
#[derive(Debug)]
pub(super) struct Reserves {
    /// Not displayed now.
    pub(super) kept: Vec<Lots>,
    /// Quantity of a slice.
    pub(super) slices: Vec<Lots>,
}

impl Reserves {
    pub(super) fn new(orders_max: u32) -> Self {
        let count = orders_max as usize + 1;
        Self { kept: vec![0; count], slices: vec![0; count] }
    }
}
