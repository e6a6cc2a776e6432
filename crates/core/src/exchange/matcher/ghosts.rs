// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Historical orders that ours took whole. History goes on to speak of them, and they take no more
//! part in the book; what history says is left of each is kept here, by reference.

use crate::types::{InstrumentId, Lots, Side, Ticks};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ghost {
    pub(super) order_ref: u64,
    pub(super) price: Ticks,
    /// What history says is left, at least 1.
    pub(super) history: Lots,
    pub(super) instrument: InstrumentId,
    pub(super) side: Side,
}

/// All of them, sorted by reference; few.
#[derive(Debug)]
pub(super) struct Ghosts {
    items: Vec<Ghost>,
    max: usize,
}

impl Ghosts {
    pub(super) fn new(max: u32) -> Self {
        Self { items: Vec::with_capacity(max as usize), max: max as usize }
    }

    pub(super) fn clear(&mut self) {
        self.items.clear();
    }

    pub(super) fn items(&self) -> &[Ghost] {
        &self.items
    }

    /// Keeps a ghost; false when there is no room.
    pub(super) fn insert(&mut self, ghost: Ghost) -> bool {
        if self.items.len() == self.max {
            return false;
        }
        let place = self.items.partition_point(|each| each.order_ref < ghost.order_ref);
        self.items.insert(place, ghost);
        true
    }

    #[inline]
    pub(super) fn get(&self, order_ref: u64) -> Option<Ghost> {
        if self.items.is_empty() {
            return None;
        }
        self.place(order_ref).map(|place| self.items[place])
    }

    /// Says how much history has left of a ghost; it goes at zero. True when it went.
    pub(super) fn set_history(&mut self, order_ref: u64, history: Lots) -> bool {
        let Some(place) = self.place(order_ref) else { return false };
        self.items[place].history = history;
        if history == 0 {
            self.items.remove(place);
        }
        history == 0
    }

    /// Forgets those of one instrument.
    pub(super) fn clear_instrument(&mut self, instrument: InstrumentId) {
        self.items.retain(|ghost| ghost.instrument != instrument);
    }

    fn place(&self, order_ref: u64) -> Option<usize> {
        self.items.binary_search_by_key(&order_ref, |ghost| ghost.order_ref).ok()
    }
}
