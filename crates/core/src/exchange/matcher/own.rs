// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Our orders among historical ones: per instrument and side a list, first to trade first.
//!
//! The lists are short (a strategy's orders), so a place is found by walking. An exchange, where all
//! orders are "ours", has none.

use crate::book::{Books, Handle};
use crate::types::{InstrumentId, Side};

#[derive(Clone, Copy, Debug, Default)]
struct Link {
    next: Option<Handle>,
    prev: Option<Handle>,
}

/// The lists.
#[derive(Debug)]
pub(super) struct OwnLists {
    /// By handle.
    links: Vec<Link>,
    /// By instrument times two, plus the side's index.
    fronts: Vec<Option<Handle>>,
    live: u32,
}

const fn list_of(instrument: InstrumentId, side: Side) -> usize {
    instrument as usize * 2 + side.index()
}

impl OwnLists {
    pub(super) fn new(orders_max: u32, instruments_max: u32) -> Self {
        Self {
            links: Vec::with_capacity(orders_max as usize + 1),
            fronts: vec![None; (instruments_max as usize + 1) * 2],
            live: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.links.clear();
        self.fronts.fill(None);
        self.live = 0;
    }

    pub(super) const fn live(&self) -> u32 {
        self.live
    }

    pub(super) fn front(&self, instrument: InstrumentId, side: Side) -> Option<Handle> {
        self.fronts.get(list_of(instrument, side)).copied().flatten()
    }

    pub(super) fn next(&self, handle: Handle) -> Option<Handle> {
        self.links[handle.index()].next
    }

    /// An order of ours has just joined the back of its price level.
    pub(super) fn insert(&mut self, handle: Handle, books: &Books) {
        let order = books.view(handle);
        let mut prev = None;
        let mut next = self.front(order.instrument, order.side);
        while let Some(each) = next {
            if order.side.betters(order.price, books.view(each).price) {
                break;
            }
            prev = next;
            next = self.next(each);
        }
        if handle.index() >= self.links.len() {
            self.links.resize(handle.index() + 1, Link::default());
        }
        self.links[handle.index()] = Link { next, prev };
        self.join(prev, Some(handle), list_of(order.instrument, order.side));
        if let Some(next) = next {
            self.links[next.index()].prev = Some(handle);
        }
        self.live += 1;
    }

    /// An order of ours leaves, or has left, the book.
    pub(super) fn remove(&mut self, handle: Handle, instrument: InstrumentId, side: Side) {
        let Link { next, prev } = self.links[handle.index()];
        self.join(prev, next, list_of(instrument, side));
        if let Some(next) = next {
            self.links[next.index()].prev = prev;
        }
        self.live -= 1;
    }

    /// Makes `next` follow `prev`, or stand first.
    fn join(&mut self, prev: Option<Handle>, next: Option<Handle>, list: usize) {
        match prev {
            Some(prev) => self.links[prev.index()].next = next,
            None => self.fronts[list] = next,
        }
    }
}
