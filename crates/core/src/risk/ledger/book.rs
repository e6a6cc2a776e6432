// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Our own orders of each side of an instrument, best first: what an order of ours could meet.

use super::orders::NONE;
use super::{Ledger, Reserved};
use crate::types::{Side, Ticks};

impl Ledger {
    /// Starts, or ends, keeping own orders in order of price.
    pub(in crate::risk) fn keep_books(&mut self, wanted: bool) {
        if wanted == self.has_books {
            return;
        }
        self.has_books = wanted;
        self.listings.iter_mut().for_each(|listing| listing.best = [NONE; 2]);
        let slots = self.orders.all().map(|(slot, _)| slot).collect::<Vec<_>>();
        for slot in slots {
            if let Some(order) = self.orders.get_mut(slot) {
                (order.ahead, order.behind) = (NONE, NONE);
            }
            if wanted {
                self.enter_book(slot);
            }
        }
    }

    fn best_mut(&mut self, order: &Reserved) -> &mut u32 {
        let listing = self.pairs[order.pair as usize].listing;
        &mut self.listings[listing as usize].best[order.side.index()]
    }

    /// Puts an order among those of its side: behind the better ones, ties by strategy and client id.
    pub(super) fn enter_book(&mut self, slot: u32) {
        let Some(order) = self.orders.get(slot).copied() else { return };
        let key = |other: &Reserved| (other.strategy, other.client_id);
        let (mut ahead, mut behind) = (NONE, *self.best_mut(&order));
        while let Some(other) = self.orders.get(behind)
            && (order.side.betters(other.price, order.price)
                || (other.price == order.price && key(other) < key(&order)))
        {
            (ahead, behind) = (behind, other.behind);
        }
        match self.orders.get_mut(ahead) {
            Some(other) => other.behind = slot,
            None => *self.best_mut(&order) = slot,
        }
        if let Some(other) = self.orders.get_mut(behind) {
            other.ahead = slot;
        }
        if let Some(order) = self.orders.get_mut(slot) {
            (order.ahead, order.behind) = (ahead, behind);
        }
    }

    /// Takes an order out of those of its side.
    pub(super) fn leave_book(&mut self, slot: u32) {
        let Some(order) = self.orders.get(slot).copied().filter(|_| self.has_books) else { return };
        match self.orders.get_mut(order.ahead) {
            Some(other) => other.behind = order.behind,
            None => *self.best_mut(&order) = order.behind,
        }
        if let Some(other) = self.orders.get_mut(order.behind) {
            other.ahead = order.ahead;
        }
    }

    /// The best order of the same owner on the other side that an order at `price` would meet.
    pub(in crate::risk) fn meets(
        &self,
        listing: u32,
        owner: u32,
        side: Side,
        price: Ticks,
    ) -> Option<&Reserved> {
        let opposite = side.opposite();
        let mut at = self.listings[listing as usize].best[opposite.index()];
        while let Some(other) = self.orders.get(at) {
            if !side.reaches(price, other.price) {
                return None;
            }
            if self.bookings[other.strategy as usize].owner == owner {
                return Some(other);
            }
            at = other.behind;
        }
        None
    }
}
