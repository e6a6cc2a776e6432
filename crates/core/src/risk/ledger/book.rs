// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Our own orders of each side of an instrument: what an order of ours could meet.
//!
//! They are in no order, so that one more costs the same however many there are. Of each side a price
//! is kept that none of them betters; only an order that reaches it has them looked through.

use super::orders::NONE;
use super::{Ledger, Reserved};
use crate::types::{Side, Ticks};

impl Ledger {
    /// Starts, or ends, keeping own orders by side of an instrument.
    pub(in crate::risk) fn keep_books(&mut self, wanted: bool) {
        if wanted == self.has_books {
            return;
        }
        self.has_books = wanted;
        for listing in &mut self.listings {
            (listing.own, listing.own_best) = ([NONE; 2], [None; 2]);
        }
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

    fn book_mut(&mut self, order: &Reserved) -> (&mut u32, &mut Option<Ticks>) {
        let listing = &mut self.listings[self.pairs[order.pair as usize].listing as usize];
        let at = order.side.index();
        (&mut listing.own[at], &mut listing.own_best[at])
    }

    /// Puts an order in front of those of its side.
    pub(super) fn enter_book(&mut self, slot: u32) {
        let Some(order) = self.orders.get(slot).copied() else { return };
        let (first, best) = self.book_mut(&order);
        let behind = std::mem::replace(first, slot);
        if best.is_none_or(|best| order.side.betters(order.price, best)) {
            *best = Some(order.price);
        }
        if let Some(other) = self.orders.get_mut(behind) {
            other.ahead = slot;
        }
        if let Some(order) = self.orders.get_mut(slot) {
            (order.ahead, order.behind) = (NONE, behind);
        }
    }

    /// Takes an order out of those of its side.
    pub(super) fn leave_book(&mut self, slot: u32) {
        let Some(order) = self.orders.get(slot).copied().filter(|_| self.has_books) else { return };
        if let Some(other) = self.orders.get_mut(order.ahead) {
            other.behind = order.behind;
        } else {
            let (first, best) = self.book_mut(&order);
            *first = order.behind;
            if order.behind == NONE {
                *best = None;
            }
        }
        if let Some(other) = self.orders.get_mut(order.behind) {
            other.ahead = order.ahead;
        }
    }

    /// Whether an order at `price` could meet one of ours, as far as is known without looking: the best
    /// price of a side may be one that has gone.
    #[inline]
    pub(in crate::risk) fn may_meet(&self, listing: u32, side: Side, price: Ticks) -> bool {
        let best = self.listings[listing as usize].own_best[side.opposite().index()];
        best.is_some_and(|best| side.reaches(price, best))
    }

    /// Finds anew the best price of our orders of a side.
    #[cold]
    pub(in crate::risk) fn find_best(&mut self, listing: u32, side: Side) {
        let prices = self.own(listing, side).map(|order| order.price);
        let best =
            prices.reduce(|best, price| if side.betters(price, best) { price } else { best });
        self.listings[listing as usize].own_best[side.index()] = best;
    }

    /// Our orders of a side of an instrument, newest first.
    fn own(&self, listing: u32, side: Side) -> impl Iterator<Item = &Reserved> {
        let first = self.listings[listing as usize].own[side.index()];
        std::iter::successors(self.orders.get(first), |order| self.orders.get(order.behind))
    }

    /// The best order of the same owner on the other side that an order at `price` would meet; ties by
    /// strategy and client id.
    #[inline]
    pub(in crate::risk) fn meets(
        &self,
        listing: u32,
        owner: u32,
        side: Side,
        price: Ticks,
    ) -> Option<&Reserved> {
        if !self.may_meet(listing, side, price) {
            return None;
        }
        self.first_met(listing, owner, side, price)
    }

    #[cold]
    fn first_met(&self, listing: u32, owner: u32, side: Side, price: Ticks) -> Option<&Reserved> {
        let opposite = side.opposite();
        let key = |order: &Reserved| (order.strategy, order.client_id);
        let met = self.own(listing, opposite).filter(|other| {
            side.reaches(price, other.price)
                && self.bookings[other.strategy as usize].owner == owner
        });
        met.reduce(|first, other| {
            let is_first = opposite.betters(other.price, first.price)
                || (other.price == first.price && key(other) < key(first));
            if is_first { other } else { first }
        })
    }
}
