// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The light book behind the synthetic flow: which orders are live, and who is first at the touch.
//!
//! It exists so that every message the flow makes is valid; it is not the platform's book. It keeps
//! one invariant: in no symbol does the best bid reach the best ask.

use crate::types::Side;

/// Price levels of a symbol, one cent apart.
pub(super) const LEVELS: usize = 1024;
const WORDS: usize = LEVELS / 64;
/// Where an order link ends.
const NONE: u32 = u32::MAX;

/// A live order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) reference: u64,
    pub(super) qty: u32,
    previous: u32,
    next: u32,
    live_index: u32,
    pub(super) symbol: u16,
    pub(super) level: u16,
    pub(super) side: Side,
}

#[derive(Clone, Copy, Debug)]
struct Queue {
    head: u32,
    tail: u32,
}

/// Which levels of one side of one symbol hold orders.
#[derive(Clone, Copy, Debug)]
struct Occupied([u64; WORDS]);

impl Occupied {
    const fn set(&mut self, level: usize, occupied: bool) {
        let bit = 1 << (level % 64);
        if occupied {
            self.0[level / 64] |= bit;
        } else {
            self.0[level / 64] &= !bit;
        }
    }

    fn highest(&self) -> Option<usize> {
        let word = (0..WORDS).rev().find(|&word| self.0[word] != 0)?;
        Some(word * 64 + 63 - self.0[word].leading_zeros() as usize)
    }

    fn lowest(&self) -> Option<usize> {
        let word = (0..WORDS).find(|&word| self.0[word] != 0)?;
        Some(word * 64 + self.0[word].trailing_zeros() as usize)
    }
}

/// All symbols' live orders, in memory taken once.
#[derive(Debug)]
pub(super) struct Market {
    orders: Vec<Order>,
    free: Vec<u32>,
    queues: Vec<Queue>,
    occupied: Vec<[Occupied; 2]>,
    /// Live orders of each symbol in no order, `per_symbol_max` slots each.
    live: Vec<u32>,
    live_count: Vec<u32>,
    per_symbol_max: u32,
}

impl Market {
    /// Room for `per_symbol_max` live orders in each of `symbols`.
    pub(super) fn new(symbols: u16, per_symbol_max: u32) -> Self {
        let symbols = usize::from(symbols);
        let capacity = symbols * per_symbol_max as usize;
        let empty = Queue { head: NONE, tail: NONE };
        Self {
            orders: Vec::with_capacity(capacity),
            free: Vec::with_capacity(capacity),
            queues: vec![empty; symbols * LEVELS],
            occupied: vec![[Occupied([0; WORDS]); 2]; symbols],
            live: vec![NONE; capacity],
            live_count: vec![0; symbols],
            per_symbol_max,
        }
    }

    pub(super) fn live_count(&self, symbol: u16) -> u32 {
        self.live_count[usize::from(symbol)]
    }

    pub(super) fn has_room(&self, symbol: u16) -> bool {
        self.live_count(symbol) < self.per_symbol_max
    }

    /// The best level of a side, if it has orders.
    pub(super) fn best(&self, symbol: u16, side: Side) -> Option<u16> {
        let occupied = &self.occupied[usize::from(symbol)][side.index()];
        let level = match side {
            Side::Buy => occupied.highest(),
            Side::Sell => occupied.lowest(),
        };
        level.map(|level| level as u16)
    }

    pub(super) fn order(&self, handle: u32) -> &Order {
        &self.orders[handle as usize]
    }

    /// The first order at a level that holds orders.
    pub(super) fn front(&self, symbol: u16, level: u16) -> u32 {
        self.queues[Self::queue_index(symbol, level)].head
    }

    /// The last order at a level that holds orders.
    pub(super) fn back(&self, symbol: u16, level: u16) -> u32 {
        self.queues[Self::queue_index(symbol, level)].tail
    }

    /// The `index`-th live order of a symbol, in no particular order.
    pub(super) fn live_at(&self, symbol: u16, index: u32) -> u32 {
        self.live[self.live_slot(symbol, index)]
    }

    /// Puts an order at the back of its level. The caller keeps the sides apart and leaves room.
    pub(super) fn add(&mut self, symbol: u16, side: Side, level: u16, reference: u64, qty: u32) {
        assert!(self.has_room(symbol), "the flow adds only where there is room");
        let live_index = self.live_count(symbol);
        let queue_index = Self::queue_index(symbol, level);
        let previous = self.queues[queue_index].tail;
        let order = Order { reference, qty, previous, next: NONE, live_index, symbol, level, side };
        let handle = if let Some(handle) = self.free.pop() {
            self.orders[handle as usize] = order;
            handle
        } else {
            self.orders.push(order);
            (self.orders.len() - 1) as u32
        };
        if previous == NONE {
            self.queues[queue_index].head = handle;
            self.occupied[usize::from(symbol)][side.index()].set(usize::from(level), true);
        } else {
            self.orders[previous as usize].next = handle;
        }
        self.queues[queue_index].tail = handle;
        let slot = self.live_slot(symbol, live_index);
        self.live[slot] = handle;
        self.live_count[usize::from(symbol)] += 1;
    }

    /// Takes `qty` off an order; it leaves the book when nothing is left.
    pub(super) fn reduce(&mut self, handle: u32, qty: u32) {
        let order = &mut self.orders[handle as usize];
        order.qty -= qty;
        if order.qty == 0 {
            self.remove(handle);
        }
    }

    /// Takes an order out of the book.
    pub(super) fn remove(&mut self, handle: u32) {
        let order = self.orders[handle as usize];
        let queue_index = Self::queue_index(order.symbol, order.level);
        match order.previous {
            NONE => self.queues[queue_index].head = order.next,
            previous => self.orders[previous as usize].next = order.next,
        }
        match order.next {
            NONE => self.queues[queue_index].tail = order.previous,
            next => self.orders[next as usize].previous = order.previous,
        }
        if self.queues[queue_index].head == NONE {
            let occupied = &mut self.occupied[usize::from(order.symbol)][order.side.index()];
            occupied.set(usize::from(order.level), false);
        }
        self.forget(order);
        self.free.push(handle);
    }

    /// Closes the gap that `order` leaves among its symbol's live orders.
    fn forget(&mut self, order: Order) {
        let count = &mut self.live_count[usize::from(order.symbol)];
        *count -= 1;
        let last = *count;
        let moved = self.live_at(order.symbol, last);
        let slot = self.live_slot(order.symbol, order.live_index);
        self.live[slot] = moved;
        self.orders[moved as usize].live_index = order.live_index;
    }

    fn live_slot(&self, symbol: u16, index: u32) -> usize {
        usize::from(symbol) * self.per_symbol_max as usize + index as usize
    }

    fn queue_index(symbol: u16, level: u16) -> usize {
        usize::from(symbol) * LEVELS + usize::from(level)
    }
}
