// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Messages that are only whole together with the book beside them, made into updates that are whole
//! by themselves.
//!
//! Some recordings (LOBSTER, decoded ITCH events) start from a book nobody saw and tell only what
//! happened within the best few levels; a second table holds those levels after each message. From
//! both together this makes updates from which any book shows exactly those levels after each of
//! them: what appears unexplained becomes an order of our own (its reference has bit 62 set),
//! what vanished unseen is deleted, and a message about an order from before the start is told of
//! ours at its price. Nothing is taken from a later row than the message's own.

use std::collections::BTreeMap;

use crate::events::{MarketAction, MarketUpdated, Side};
use crate::types::{Lots, Ticks};

/// Bit that marks references of orders made here. No venue's reference has it.
pub const MADE_REF: u64 = 1 << 62;

/// A message as a recording tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The update it is of a known order. Side, price and quantity are filled in whatever the
    /// action; a deletion's are those of its order.
    pub update: MarketUpdated,
    /// Where its order rested; for an add and a trade, the update's price.
    pub resting_price_ticks: Ticks,
}

/// One level of the visible book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibleLevel {
    /// Its price.
    pub price_ticks: Ticks,
    /// What rests there, above 0.
    pub qty_lots: Lots,
}

/// The visible levels of one side, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibleSide<'a> {
    /// The levels.
    pub levels: &'a [VisibleLevel],
    /// Whether the side may hold more, worse levels than these.
    pub has_more: bool,
}

/// What was made up or mended, for the summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowCounts {
    /// Orders added because the visible book held more than was known.
    pub seeded: u64,
    /// Orders deleted or shrunk because the visible book held less.
    pub vanished: u64,
    /// Messages about orders from before the start.
    pub unknown: u64,
    /// Messages that did not fit their order: a second add, more than it had left.
    pub misfits: u64,
}

#[derive(Clone, Copy, Debug)]
struct Resting {
    order_ref: u64,
    qty: Lots,
}

#[derive(Clone, Debug, Default)]
struct Level {
    total: Lots,
    queue: Vec<Resting>,
}

/// The book as far as it was seen.
#[derive(Clone, Debug, Default)]
pub struct WindowedBook {
    /// By [`key`], so best first.
    sides: [BTreeMap<i64, Level>; 2],
    /// Where each order rests.
    places: BTreeMap<u64, (Side, Ticks)>,
    made: u64,
    counts: WindowCounts,
    /// Levels to be dropped: kept to be used again.
    gone: Vec<Ticks>,
}

impl WindowedBook {
    /// An empty book.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was made up so far.
    #[must_use]
    pub const fn counts(&self) -> WindowCounts {
        self.counts
    }

    /// Takes in a message and the visible book after it. Appends the updates.
    ///
    /// Without a visible book (`None`) only the message's own update comes out.
    pub fn apply(
        &mut self,
        told: &Told,
        visible: Option<[VisibleSide<'_>; 2]>,
        out: &mut Vec<MarketUpdated>,
    ) {
        if let Some(sides) = visible {
            // First what vanished elsewhere: else an add could seem to cross it.
            for (side, seen) in [Side::Buy, Side::Sell].into_iter().zip(sides) {
                self.drop_vanished(side, seen, told, out);
            }
        }
        self.take(told, visible.is_some(), out);
        if let Some(sides) = visible {
            for (side, seen) in [Side::Buy, Side::Sell].into_iter().zip(sides) {
                self.reconcile(side, seen, &told.update, out);
            }
        }
    }

    /// The message itself.
    fn take(&mut self, told: &Told, is_windowed: bool, out: &mut Vec<MarketUpdated>) {
        let message = &told.update;
        let side = Side::from_raw(message.side);
        match (MarketAction::from_raw(message.action), side) {
            (Some(MarketAction::Add), Some(side)) => {
                self.join(message.order_ref, side, message.price_ticks, message.qty_lots);
                out.push(*message);
            }
            (Some(MarketAction::Execute | MarketAction::Reduce), Some(side)) => {
                self.shrink(told, side, is_windowed, out);
            }
            (Some(MarketAction::Delete), Some(side)) => {
                self.delete(message, side, is_windowed, out);
            }
            (Some(MarketAction::Replace), Some(side)) => self.replace(message, side, out),
            _ => out.push(*message),
        }
    }

    fn join(&mut self, order_ref: u64, side: Side, price: Ticks, qty: Lots) {
        if self.places.insert(order_ref, (side, price)).is_some() {
            self.counts.misfits += 1;
        }
        let level = self.sides[side.index()].entry(key(side, price)).or_default();
        level.total += qty;
        level.queue.push(Resting { order_ref, qty });
    }

    /// Takes up to `qty` off an order; gives what was taken.
    fn take_off(&mut self, order_ref: u64, qty: Lots) -> Lots {
        let Some(&(side, price)) = self.places.get(&order_ref) else { return 0 };
        let levels = &mut self.sides[side.index()];
        let Some(level) = levels.get_mut(&key(side, price)) else { return 0 };
        let Some(index) = level.queue.iter().position(|order| order.order_ref == order_ref) else {
            return 0;
        };
        let order = &mut level.queue[index];
        let taken = qty.min(order.qty);
        order.qty -= taken;
        level.total -= taken;
        if order.qty == 0 {
            level.queue.remove(index);
            self.places.remove(&order_ref);
        }
        if level.queue.is_empty() {
            levels.remove(&key(side, price));
        }
        taken
    }

    fn qty_of(&self, order_ref: u64) -> Option<Lots> {
        let &(side, price) = self.places.get(&order_ref)?;
        let queue = &self.sides[side.index()].get(&key(side, price))?.queue;
        queue.iter().find(|order| order.order_ref == order_ref).map(|order| order.qty)
    }

    /// An execution or a partial cancel.
    fn shrink(&mut self, told: &Told, side: Side, is_windowed: bool, out: &mut Vec<MarketUpdated>) {
        let (message, qty) = (&told.update, told.update.qty_lots);
        let is_reduce = message.action == MarketAction::Reduce.raw();
        let price_ticks = if is_reduce { 0 } else { message.price_ticks };
        if self.places.contains_key(&message.order_ref) {
            let taken = self.take_off(message.order_ref, qty);
            self.counts.misfits += u64::from(taken != qty);
            out.push(MarketUpdated { price_ticks, qty_lots: taken, ..*message });
            return;
        }
        self.counts.unknown += 1;
        if !is_windowed {
            out.push(MarketUpdated { price_ticks, ..*message });
            return;
        }
        let price = told.resting_price_ticks;
        let taken = self.take_from_made(message, side, price, qty, out);
        if taken < qty && !is_reduce {
            // The trade is told even if nothing is known to have rested there.
            let action = MarketAction::Trade.raw();
            out.push(MarketUpdated { action, order_ref: 0, qty_lots: qty - taken, ..*message });
        }
    }

    /// Takes `qty` off the orders made here that rest at `price`, first ones first.
    fn take_from_made(
        &mut self,
        message: &MarketUpdated,
        side: Side,
        price: Ticks,
        qty: Lots,
        out: &mut Vec<MarketUpdated>,
    ) -> Lots {
        let mut left = qty;
        while left > 0 {
            let level = self.sides[side.index()].get(&key(side, price));
            let made = level.and_then(|level| {
                level.queue.iter().map(|order| order.order_ref).find(|&at| at & MADE_REF != 0)
            });
            let Some(order_ref) = made else { break };
            let taken = self.take_off(order_ref, left);
            left -= taken;
            let is_execute = message.action == MarketAction::Execute.raw();
            let action = if is_execute { MarketAction::Execute } else { MarketAction::Reduce };
            out.push(MarketUpdated {
                order_ref,
                action: action.raw(),
                price_ticks: if is_execute { message.price_ticks } else { 0 },
                qty_lots: taken,
                ..*message
            });
        }
        qty - left
    }

    fn delete(
        &mut self,
        message: &MarketUpdated,
        side: Side,
        is_windowed: bool,
        out: &mut Vec<MarketUpdated>,
    ) {
        if let Some(qty) = self.qty_of(message.order_ref) {
            self.take_off(message.order_ref, qty);
            out.push(MarketUpdated { price_ticks: 0, qty_lots: 0, ..*message });
            return;
        }
        self.counts.unknown += 1;
        if is_windowed {
            self.take_from_made(message, side, message.price_ticks, message.qty_lots, out);
        } else {
            out.push(MarketUpdated { price_ticks: 0, qty_lots: 0, ..*message });
        }
    }

    /// A replacement; of an unknown order it is the new one's add.
    fn replace(&mut self, message: &MarketUpdated, side: Side, out: &mut Vec<MarketUpdated>) {
        let (price, qty) = (message.price_ticks, message.qty_lots);
        if let Some(old_qty) = self.qty_of(message.order_ref) {
            self.take_off(message.order_ref, old_qty);
            out.push(*message);
        } else {
            self.counts.unknown += 1;
            let (action, order_ref) = (MarketAction::Add.raw(), message.other_ref);
            out.push(MarketUpdated { action, order_ref, other_ref: 0, ..*message });
        }
        self.join(message.other_ref, side, price, qty);
    }

    /// Deletes the levels that the visible book should show and does not, but for those that the
    /// message itself is about.
    fn drop_vanished(
        &mut self,
        side: Side,
        seen: VisibleSide<'_>,
        told: &Told,
        out: &mut Vec<MarketUpdated>,
    ) {
        let message = &told.update;
        let own = self.places.get(&message.order_ref).copied();
        let own_price = own.filter(|place| place.0 == side).map(|place| place.1);
        let mut gone = std::mem::take(&mut self.gone);
        gone.clear();
        let mut levels = seen.levels.iter().map(|level| level.price_ticks).peekable();
        let reaches = |price| match seen.levels.last() {
            _ if !seen.has_more => true,
            Some(worst) => side.reaches(price, worst.price_ticks),
            None => false,
        };
        let prices = self.sides[side.index()].keys().map(|&key| price_at(side, key));
        for price in prices.take_while(|&price| reaches(price)) {
            while levels.next_if(|&level| side.betters(level, price)).is_some() {}
            let is_own = Some(price) == own_price
                || (message.side == side.raw()
                    && [message.price_ticks, told.resting_price_ticks].contains(&price));
            if levels.peek() != Some(&price) && !is_own {
                gone.push(price);
            }
        }
        for &price in &gone {
            self.shrink_level(side, price, 0, message, out);
        }
        self.gone = gone;
    }

    /// Makes the levels of a side what is visible.
    fn reconcile(
        &mut self,
        side: Side,
        seen: VisibleSide<'_>,
        message: &MarketUpdated,
        out: &mut Vec<MarketUpdated>,
    ) {
        let update = MarketUpdated { order_ref: 0, side: 0, ..*message };
        self.drop_vanished(side, seen, &Told { update, resting_price_ticks: 0 }, out);
        for level in seen.levels {
            let (price, wanted) = (level.price_ticks, level.qty_lots);
            let total =
                self.sides[side.index()].get(&key(side, price)).map_or(0, |level| level.total);
            if total < wanted {
                self.seed(side, price, wanted - total, message, out);
            } else if total > wanted {
                self.shrink_level(side, price, wanted, message, out);
            }
        }
    }

    /// Adds an order of our own.
    fn seed(
        &mut self,
        side: Side,
        price_ticks: Ticks,
        qty_lots: Lots,
        message: &MarketUpdated,
        out: &mut Vec<MarketUpdated>,
    ) {
        self.made += 1;
        self.counts.seeded += 1;
        let order_ref = MADE_REF | self.made;
        self.join(order_ref, side, price_ticks, qty_lots);
        let (action, side) = (MarketAction::Add.raw(), side.raw());
        let own = MarketUpdated { order_ref, other_ref: 0, flags: 0, ..*message };
        out.push(MarketUpdated { price_ticks, qty_lots, action, side, ..own });
    }

    /// Shrinks a level to `wanted`: our own orders first, then the newest.
    fn shrink_level(
        &mut self,
        side: Side,
        price: Ticks,
        wanted: Lots,
        message: &MarketUpdated,
        out: &mut Vec<MarketUpdated>,
    ) {
        while let Some(level) = self.sides[side.index()].get(&key(side, price))
            && level.total > wanted
        {
            let excess = level.total - wanted;
            let made = level.queue.iter().rev().find(|order| order.order_ref & MADE_REF != 0);
            let Some(&order) = made.or(level.queue.last()) else { break };
            let taken = self.take_off(order.order_ref, excess);
            self.counts.vanished += 1;
            let is_whole = taken == order.qty;
            let action = if is_whole { MarketAction::Delete } else { MarketAction::Reduce };
            out.push(MarketUpdated {
                order_ref: order.order_ref,
                other_ref: 0,
                price_ticks: 0,
                qty_lots: if is_whole { 0 } else { taken },
                action: action.raw(),
                side: side.raw(),
                flags: 0,
                ..*message
            });
        }
    }
}

/// Where a price stands on its side: the better, the lower.
const fn key(side: Side, price: Ticks) -> i64 {
    match side {
        Side::Buy => price.saturating_neg(),
        Side::Sell => price,
    }
}

/// The price that stands at a key.
const fn price_at(side: Side, key: i64) -> Ticks {
    self::key(side, key)
}

#[cfg(test)]
mod tests;
