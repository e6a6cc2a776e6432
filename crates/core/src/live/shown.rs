// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Which orders of a venue's book are ours, and how much they are at each price.
//!
//! What counts is what the feed's book holds, not what the venue has answered: the two come by
//! different wires, in either order. Each message that touches a reference of ours brings the sums up
//! to date; nothing is ever searched for among all orders.

use super::kept::{keep_all, kept, take_all};
use crate::book::Books;
use crate::component::SnapshotError;
use crate::numbers::{NO_SLOT, NumberTable};
use crate::snapshot::{read_u32, write_u32};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// A reference of ours.
#[derive(Clone, Copy, Debug)]
struct Own {
    order_ref: u64,
    instrument: InstrumentId,
    side: Side,
    /// As the book had it last; a quantity of 0 is not in the book.
    price: Ticks,
    qty: Lots,
    /// The venue may still have it.
    lives: bool,
}

/// Ours at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OwnLevel {
    price: Ticks,
    qty: Lots,
    orders: u32,
}

kept!(Own { order_ref, instrument, side, price, qty, lives });
kept!(OwnLevel { price, qty, orders });

/// Our orders as a venue's feed shows them.
#[derive(Debug)]
pub(super) struct Shown {
    by_ref: NumberTable,
    own: Vec<Own>,
    free: Vec<u32>,
    /// By instrument and side; few prices each.
    levels: Vec<[Vec<OwnLevel>; 2]>,
}

impl Shown {
    pub(super) fn new(instruments_max: u32, orders_max: u32) -> Self {
        Self {
            by_ref: NumberTable::new(orders_max),
            own: Vec::with_capacity(orders_max as usize),
            free: (0..orders_max).rev().collect(),
            levels: vec![[Vec::new(), Vec::new()]; instruments_max as usize + 1],
        }
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let Self { by_ref, own, free, levels } = self;
        keep_all(own, out);
        keep_all(free, out);
        for (slot, own) in own.iter().enumerate() {
            let found = by_ref.find(own.order_ref).filter(|&found| found == slot as u32);
            write_u32(out, found.unwrap_or(NO_SLOT));
        }
        levels.iter().flatten().for_each(|side| keep_all(side, out));
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { by_ref, own, free, levels } = self;
        let orders_max = own.capacity().max(free.capacity());
        take_all(own, orders_max, bytes)?;
        take_all(free, orders_max, bytes)?;
        for own in own.iter() {
            match read_u32(bytes)? {
                NO_SLOT => {}
                slot => drop(by_ref.insert(own.order_ref, slot)),
            }
        }
        levels.iter_mut().flatten().try_for_each(|side| take_all(side, orders_max, bytes))
    }

    /// Whether the book of an instrument holds orders of ours.
    #[inline]
    pub(super) fn has(&self, instrument: InstrumentId) -> bool {
        self.levels.get(instrument as usize).is_some_and(|sides| {
            let [bids, asks] = sides;
            !bids.is_empty() || !asks.is_empty()
        })
    }

    /// Quantity and number of our orders at a price.
    pub(super) fn at(&self, instrument: InstrumentId, side: Side, price: Ticks) -> (Lots, u32) {
        let sides = self.levels.get(instrument as usize);
        let level = sides.and_then(|s| s[side.index()].iter().find(|level| level.price == price));
        level.map_or((0, 0), |level| (level.qty, level.orders))
    }

    /// The venue took an order of ours: the book may hold it already, or will.
    pub(super) fn add(
        &mut self,
        order_ref: u64,
        instrument: InstrumentId,
        side: Side,
        books: &Books,
    ) {
        if self.by_ref.find(order_ref).is_some() {
            return;
        }
        let own = Own { order_ref, instrument, side, price: 0, qty: 0, lives: true };
        let Some(slot) = self.free.pop() else { return };
        match self.own.get_mut(slot as usize) {
            Some(place) => *place = own,
            None => self.own.resize(slot as usize + 1, own),
        }
        self.by_ref.insert(order_ref, slot);
        self.refresh(order_ref, books);
    }

    /// An order of ours died: it is ours until the book drops it.
    pub(super) fn gone(&mut self, order_ref: u64, books: &Books) {
        if let Some(slot) = self.by_ref.find(order_ref) {
            self.own[slot as usize].lives = false;
            self.refresh(order_ref, books);
        }
    }

    /// The book may have changed what it holds of a reference.
    #[inline]
    pub(super) fn refresh(&mut self, order_ref: u64, books: &Books) {
        if let Some(slot) = self.by_ref.find(order_ref) {
            self.update(slot, books);
        }
    }

    /// The book of an instrument was emptied.
    pub(super) fn cleared(&mut self, instrument: InstrumentId, books: &Books) {
        for slot in 0..self.own.len() as u32 {
            let own = self.own[slot as usize];
            if own.instrument == instrument && self.by_ref.find(own.order_ref) == Some(slot) {
                self.update(slot, books);
            }
        }
    }

    fn update(&mut self, slot: u32, books: &Books) {
        let own = self.own[slot as usize];
        let (price, qty) =
            books.order(own.order_ref).map_or((own.price, 0), |order| (order.price, order.qty));
        if own.qty != 0 {
            self.sum(own.instrument, own.side, own.price, own.qty, false);
        }
        if qty != 0 {
            self.sum(own.instrument, own.side, price, qty, true);
        }
        self.own[slot as usize] = Own { price, qty, ..own };
        if qty == 0 && !own.lives {
            self.by_ref.remove(own.order_ref);
            self.free.push(slot);
        }
    }

    fn sum(&mut self, instrument: InstrumentId, side: Side, price: Ticks, qty: Lots, more: bool) {
        let Some(sides) = self.levels.get_mut(instrument as usize) else { return };
        let levels = &mut sides[side.index()];
        let at = levels.iter().position(|level| level.price == price);
        match (at, more) {
            (Some(at), true) => {
                levels[at].qty += qty;
                levels[at].orders += 1;
            }
            (None, true) => levels.push(OwnLevel { price, qty, orders: 1 }),
            (Some(at), false) => {
                levels[at].qty -= qty;
                levels[at].orders -= 1;
                if levels[at].orders == 0 {
                    levels.swap_remove(at);
                }
            }
            (None, false) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::BooksConfig;

    fn books() -> Books {
        let mut books =
            Books::new(BooksConfig { orders_max: 64, instruments_max: 2, window_levels: 256 });
        books.define(1, 1).unwrap();
        books
    }

    #[test]
    fn ours_counts_while_the_book_holds_it_whichever_wire_was_first() {
        let (mut books, mut shown) = (books(), Shown::new(2, 8));
        // The answer first, then the feed.
        shown.add(7, 1, Side::Buy, &books);
        assert_eq!((shown.has(1), shown.at(1, Side::Buy, 100)), (false, (0, 0)));
        books.add(1, 7, Side::Buy, 100, 5, 0).unwrap();
        shown.refresh(7, &books);
        assert_eq!(shown.at(1, Side::Buy, 100), (5, 1));
        // The feed first, then the answer.
        books.add(1, 8, Side::Buy, 100, 3, 0).unwrap();
        shown.refresh(8, &books);
        shown.add(8, 1, Side::Buy, &books);
        assert_eq!(shown.at(1, Side::Buy, 100), (8, 2));
        // Dead, and still in the book; then not.
        shown.gone(7, &books);
        assert_eq!(shown.at(1, Side::Buy, 100), (8, 2));
        books.delete(7).unwrap();
        shown.refresh(7, &books);
        assert_eq!(shown.at(1, Side::Buy, 100), (3, 1));
        books.execute(8, 2).unwrap();
        shown.refresh(8, &books);
        assert_eq!(shown.at(1, Side::Buy, 100), (1, 1));
        books.clear(1);
        shown.cleared(1, &books);
        assert!(!shown.has(1));
        shown.gone(8, &books);
        assert_eq!(shown.free.len(), 8);
    }
}
