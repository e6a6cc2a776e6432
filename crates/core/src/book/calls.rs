// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The calls that change the books. A refused call changes nothing.

use super::ladder::PRICE_MAX;
use super::orders::{Level, Order, Place, side_of};
use super::slab::NONE;
use super::{BookError, Books, Change, Handle};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// An order that joined.
pub(super) struct Joined {
    pub(super) handle: u32,
    pub(super) is_at_best: bool,
}

impl Books {
    /// An order joins the back of its price level.
    ///
    /// # Errors
    /// [`BookError`] when the instrument is not defined, price or quantity is out of range, the
    /// reference is in use, or the book is full.
    #[inline]
    pub fn add(
        &mut self,
        instrument: InstrumentId,
        order_ref: u64,
        side: Side,
        price: Ticks,
        qty: Lots,
        owner: u32,
    ) -> Result<Handle, BookError> {
        self.check_instrument(instrument)?;
        let ladder = instrument * 2 + side.index() as u32;
        Ok(Handle(self.join(ladder, order_ref, price, qty, owner)?.handle))
    }

    /// As [`Self::add`], on a ladder that is defined.
    #[inline]
    pub(super) fn join(
        &mut self,
        ladder: u32,
        order_ref: u64,
        price: Ticks,
        qty: Lots,
        owner: u32,
    ) -> Result<Joined, BookError> {
        Self::check_terms(price, qty)?;
        let level = self.ladders.find_or_make(ladder, price).expect("a level for each order");
        let queue = self.ladders.levels.at(level);
        let (last, sum) = (queue.tail, queue.qty.checked_add(qty));
        let taken = self.orders.take(Place { prev: last, level }, order_ref, qty, owner);
        let (Some(handle), Some(sum)) = (taken, sum) else {
            return Err(self.refuse(level, taken, order_ref, qty));
        };
        if self.refs.insert(order_ref, handle, &self.orders).is_err() {
            return Err(self.refuse(level, taken, order_ref, qty));
        }
        self.append(handle, level, last, sum);
        Ok(Joined { handle, is_at_best: self.ladders.best(ladder) == level })
    }

    /// Undoes what [`Self::join`] began, and says why it could not end.
    #[cold]
    fn refuse(&mut self, level: u32, taken: Option<u32>, order_ref: u64, qty: Lots) -> BookError {
        if self.ladders.levels.at(level).orders == 0 {
            self.ladders.retire(level);
        }
        let Some(handle) = taken else {
            return BookError::Full { orders_max: self.config.orders_max };
        };
        self.orders.give_back(handle);
        match self.refs.find(order_ref, &self.orders) {
            Some(_) => BookError::Duplicate { order_ref },
            None => BookError::Qty { qty },
        }
    }

    /// Puts an order that knows its place at the back of a level, whose quantity is then `sum`.
    #[inline]
    fn append(&mut self, handle: u32, level: u32, last: u32, sum: Lots) {
        let queue = self.ladders.levels.at_mut(level);
        queue.qty = sum;
        queue.orders += 1;
        queue.tail = handle;
        if last == NONE {
            queue.head = handle;
        } else {
            self.orders.at_mut(last).next = handle;
        }
    }

    /// Takes an order out of the queue of its level; says whether it was the last.
    #[inline]
    fn unlink(&mut self, order: &Order, qty: Lots) -> bool {
        if order.prev != NONE {
            self.orders.at_mut(order.prev).next = order.next;
        }
        if order.next != NONE {
            self.orders.at_mut(order.next).prev = order.prev;
        }
        let level = self.ladders.levels.at_mut(order.level);
        level.qty -= qty;
        level.orders -= 1;
        if order.prev == NONE {
            level.head = order.next;
        }
        if order.next == NONE {
            level.tail = order.prev;
        }
        level.orders == 0
    }

    /// As [`Self::unlink`], and takes the level away when it was the last.
    #[inline]
    pub(super) fn dequeue(&mut self, order: &Order, qty: Lots) {
        if self.unlink(order, qty) {
            self.ladders.retire(order.level);
        }
    }

    /// A resting order traded `qty`: it shrinks in place and dies at zero.
    ///
    /// # Errors
    /// [`BookError::Unknown`] when no such order rests.
    #[inline]
    pub fn execute(&mut self, order_ref: u64, qty: Lots) -> Result<Change, BookError> {
        self.reduce(order_ref, qty)
    }

    /// A resting order shrank by `qty` and kept its place; it dies at zero.
    ///
    /// # Errors
    /// [`BookError::Unknown`] when no such order rests.
    #[inline]
    pub fn reduce(&mut self, order_ref: u64, qty: Lots) -> Result<Change, BookError> {
        let unknown = BookError::Unknown { order_ref };
        let handle = self.refs.find(order_ref, &self.orders).ok_or(unknown)?;
        let order = *self.orders.at(handle);
        let had = self.orders.qty(handle, &order);
        let qty_taken = qty.min(had);
        let leaves = had - qty_taken;
        let change = Change { leaves, overfilled: qty > had, ..self.change(&order, qty_taken) };
        if leaves == 0 {
            self.leave(handle);
        } else {
            self.shrink(handle, &order, leaves, qty_taken);
        }
        Ok(change)
    }

    /// A resting order left the book.
    ///
    /// # Errors
    /// [`BookError::Unknown`] when no such order rests.
    #[inline]
    pub fn delete(&mut self, order_ref: u64) -> Result<Change, BookError> {
        let unknown = BookError::Unknown { order_ref };
        let handle = self.refs.remove(order_ref, &self.orders).ok_or(unknown)?;
        let order = *self.orders.at(handle);
        let qty = self.orders.qty(handle, &order);
        let change = self.change(&order, qty);
        self.dequeue(&order, qty);
        self.orders.give_back(handle);
        Ok(change)
    }

    /// `old_ref` dies and `new_ref` joins the back of the queue at its price, with the old one's
    /// side and owner. The two references may be the same.
    ///
    /// # Errors
    /// [`BookError::Unknown`], [`BookError::Duplicate`], [`BookError::Price`], [`BookError::Qty`].
    #[inline]
    pub fn replace(
        &mut self,
        old_ref: u64,
        new_ref: u64,
        price: Ticks,
        qty: Lots,
    ) -> Result<Change, BookError> {
        Self::check_terms(price, qty)?;
        let unknown = BookError::Unknown { order_ref: old_ref };
        let handle = self.refs.remove(old_ref, &self.orders).ok_or(unknown)?;
        self.rename(handle, old_ref, new_ref)?;
        let changed = self.requeue(handle, price, qty);
        if changed.is_err() {
            self.refs.remove(new_ref, &self.orders);
            self.put_back(old_ref, handle);
        }
        changed
    }

    #[inline]
    pub(super) fn check_terms(price: Ticks, qty: Lots) -> Result<(), BookError> {
        if !(-PRICE_MAX..=PRICE_MAX).contains(&price) {
            return Err(BookError::Price { price });
        }
        if qty == 0 {
            return Err(BookError::Qty { qty });
        }
        Ok(())
    }

    /// Gives an order whose reference has been taken out another one, or its own back.
    #[inline]
    pub(super) fn rename(
        &mut self,
        handle: u32,
        old_ref: u64,
        new_ref: u64,
    ) -> Result<(), BookError> {
        if self.refs.insert(new_ref, handle, &self.orders).is_err() {
            self.put_back(old_ref, handle);
            return Err(BookError::Duplicate { order_ref: new_ref });
        }
        self.orders.set_order_ref(handle, new_ref);
        Ok(())
    }

    #[cold]
    pub(super) fn put_back(&mut self, order_ref: u64, handle: u32) {
        self.orders.set_order_ref(handle, order_ref);
        let put = self.refs.insert(order_ref, handle, &self.orders);
        debug_assert!(put.is_ok(), "it was there before the call");
    }

    /// Takes an order to the back of the queue of another price, or of its own.
    #[inline]
    fn requeue(&mut self, handle: u32, price: Ticks, qty: Lots) -> Result<Change, BookError> {
        let old = *self.orders.at(handle);
        let ladder = self.ladders.levels.at(old.level).ladder;
        let change = self.change(&old, self.orders.qty(handle, &old));
        let before = self.best_terms(ladder);
        self.relocate(handle, price, qty)?;
        let bbo_changed = before != self.best_terms(ladder);
        Ok(Change { leaves: qty, bbo_changed, ..change })
    }

    /// As [`Self::requeue`], without a word on what it did.
    #[inline]
    pub(super) fn relocate(
        &mut self,
        handle: u32,
        price: Ticks,
        qty: Lots,
    ) -> Result<(), BookError> {
        let old = *self.orders.at(handle);
        let had = self.orders.qty(handle, &old);
        let ladder = self.ladders.levels.at(old.level).ladder;
        let level = self.ladders.find_or_make(ladder, price).expect("a level for each order");
        let own = if level == old.level { had } else { 0 };
        if (self.ladders.levels.at(level).qty - own).checked_add(qty).is_none() {
            return Err(BookError::Qty { qty });
        }
        let is_last = self.unlink(&old, had);
        let queue = self.ladders.levels.at(level);
        let (last, sum) = (queue.tail, queue.qty + qty);
        self.orders.put(handle, Place { prev: last, level }, qty);
        self.append(handle, level, last, sum);
        if is_last && level != old.level {
            self.ladders.retire(old.level);
        }
        Ok(())
    }

    /// The order's quantity becomes `qty` at `price`: in place when the price is unchanged and the
    /// quantity no larger, else at the back of the queue; 0 deletes it.
    ///
    /// # Errors
    /// [`BookError::Unknown`], [`BookError::Price`], [`BookError::Qty`].
    pub fn set(&mut self, order_ref: u64, price: Ticks, qty: Lots) -> Result<Change, BookError> {
        let order = self.order(order_ref).ok_or(BookError::Unknown { order_ref })?;
        if price == order.price && qty <= order.qty {
            return self.reduce(order_ref, order.qty - qty);
        }
        if qty == 0 {
            return self.delete(order_ref);
        }
        self.replace(order_ref, order_ref, price, qty)
    }

    /// Empties an instrument's book; gives how many orders left. An instrument that is not defined
    /// has none.
    pub fn clear(&mut self, instrument: InstrumentId) -> u32 {
        let mut count = 0;
        for side in [Side::Buy, Side::Sell] {
            while let Some(handle) = self.front(instrument, side) {
                self.remove(handle);
                count += 1;
            }
        }
        count
    }

    /// What taking `qty_taken` and all the rest off an order means, before it is done.
    #[inline]
    fn change(&self, order: &Order, qty_taken: Lots) -> Change {
        let level = self.ladders.levels.at(order.level);
        Change {
            instrument: level.ladder / 2,
            side: side_of(level.ladder),
            price: level.price,
            qty_taken,
            leaves: 0,
            overfilled: false,
            bbo_changed: qty_taken != 0 && self.ladders.best(level.ladder) == order.level,
        }
    }

    /// Price and quantity of a ladder's best level.
    #[inline]
    fn best_terms(&self, ladder: u32) -> Option<(Ticks, Lots)> {
        let best = self.ladders.best(ladder);
        let Level { price, qty, .. } = *self.ladders.levels.at(best);
        (best != NONE).then_some((price, qty))
    }

    /// Takes `qty_taken` off an order, which leaves `leaves`, not zero.
    #[inline]
    pub(super) fn shrink(&mut self, handle: u32, order: &Order, leaves: Lots, qty_taken: Lots) {
        self.orders.set_qty(handle, leaves);
        self.ladders.levels.at_mut(order.level).qty -= qty_taken;
    }

    /// Takes an order out of everything.
    #[inline]
    pub(super) fn leave(&mut self, handle: u32) {
        let order = *self.orders.at(handle);
        let qty = self.orders.qty(handle, &order);
        self.refs.remove(self.orders.order_ref(handle), &self.orders);
        self.dequeue(&order, qty);
        self.orders.give_back(handle);
    }
}
