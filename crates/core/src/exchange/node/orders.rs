// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The live orders of all ports: what a gateway must know to speak of them, and the clients' names.
//!
//! A slot is the `client` of the market's reports: from a report to its order is one index. The
//! orders of a port hang together, oldest first, so that a mass cancel looks at nothing else.

use super::names::{NO_SLOT, TextName, TextNames, number_key};
use crate::exchange::gateway::{OpenOrder, OrderName};
use crate::numbers::NumberTable;
use crate::types::Lots;

/// A live order.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) open: OpenOrder,
    /// Whose.
    pub(super) port: u32,
    /// The port's number for it, as the journal's events have it.
    pub(super) number: u64,
    /// What the displayed book shows of it.
    pub(super) shown: Lots,
    before: u32,
    after: u32,
}

impl Slot {
    /// The channel that the client named it on, if its protocol has channels.
    pub(super) const fn channel(&self) -> Option<u8> {
        match self.open.name {
            OrderName::UserRef { index, .. } => Some(index),
            OrderName::Text(_) => None,
        }
    }
}

/// Where a port's orders begin and end.
#[derive(Clone, Copy, Debug)]
struct Ends {
    first: u32,
    last: u32,
}

/// All live orders.
#[derive(Clone, Debug)]
pub(super) struct Orders {
    slots: Vec<Option<Slot>>,
    free: Vec<u32>,
    slots_max: u32,
    numbers: NumberTable,
    texts: TextNames,
    ends: Vec<Ends>,
}

/// What a client's new name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Nobody used it.
    Fresh,
    /// It was used: the message came before.
    Used,
    /// There is no room to remember it.
    Full,
}

impl Orders {
    /// Room for `orders_max` live orders, `names_max` text names a day and ports up to `ports_max`.
    pub(super) fn new(orders_max: u32, names_max: u32, ports_max: u32) -> Self {
        Self {
            slots: Vec::with_capacity(orders_max as usize),
            free: Vec::with_capacity(orders_max as usize),
            slots_max: orders_max,
            numbers: NumberTable::new(orders_max),
            texts: TextNames::new(names_max),
            ends: vec![Ends { first: NO_SLOT, last: NO_SLOT }; ports_max as usize + 1],
        }
    }

    /// Takes a place for a new order, last of its port's; `None` when there is none.
    #[inline]
    pub(super) fn insert(&mut self, port: u32, number: u64, open: OpenOrder) -> Option<u32> {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None if self.slots.len() < self.slots_max as usize => {
                self.slots.push(None);
                self.slots.len() as u32 - 1
            }
            None => return None,
        };
        self.link(slot, port, number, open);
        Some(slot)
    }

    /// Puts an order into a slot, last of its port's.
    #[inline]
    fn link(&mut self, slot: u32, port: u32, number: u64, open: OpenOrder) {
        let ends = &mut self.ends[port as usize];
        let before = ends.last;
        ends.last = slot;
        if before == NO_SLOT {
            ends.first = slot;
        } else {
            self.at(before).after = slot;
        }
        self.set_name(port, open.name, slot);
        self.slots[slot as usize] =
            Some(Slot { open, port, number, shown: 0, before, after: NO_SLOT });
    }

    /// An order is dead: its place is free, its text stays used.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32) {
        let Some(gone) = self.slots[slot as usize].take() else { return };
        self.free.push(slot);
        self.drop_name(gone.port, gone.open.name);
        match gone.before {
            NO_SLOT => self.ends[gone.port as usize].first = gone.after,
            before => self.at(before).after = gone.after,
        }
        match gone.after {
            NO_SLOT => self.ends[gone.port as usize].last = gone.before,
            after => self.at(after).before = gone.before,
        }
    }

    /// A replacement's name takes the place of the one before it.
    pub(super) fn rename(&mut self, slot: u32, name: OrderName) {
        let order = self.at(slot);
        let (port, old) = (order.port, order.open.name);
        order.open.name = name;
        self.drop_name(port, old);
        self.set_name(port, name, slot);
    }

    /// A live order, by slot.
    #[inline]
    pub(super) fn get(&self, slot: u32) -> Option<&Slot> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// A live order, by slot.
    #[inline]
    pub(super) fn get_mut(&mut self, slot: u32) -> Option<&mut Slot> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    fn at(&mut self, slot: u32) -> &mut Slot {
        self.slots[slot as usize].as_mut().expect("a port's list links live orders")
    }

    /// The slot of a client's live order.
    #[inline]
    pub(super) fn find(&self, port: u32, name: OrderName) -> Option<u32> {
        match name {
            OrderName::UserRef { index, number } => {
                self.numbers.find(number_key(port, index, number))
            }
            OrderName::Text(text) => match self.texts.find(port, &text) {
                TextName::Live(slot) => Some(slot),
                TextName::Fresh | TextName::Gone => None,
            },
        }
    }

    /// Uses up a text name.
    pub(super) fn use_text(&mut self, port: u32, text: &[u8; 20]) -> Freshness {
        match self.texts.find(port, text) {
            TextName::Fresh if self.texts.set(port, text, NO_SLOT) => Freshness::Fresh,
            TextName::Fresh => Freshness::Full,
            TextName::Gone | TextName::Live(_) => Freshness::Used,
        }
    }

    /// A live order has this name from here on. There is room: a number for each live order, a text
    /// because it was used before.
    fn set_name(&mut self, port: u32, name: OrderName, slot: u32) {
        match name {
            OrderName::UserRef { index, number } => {
                self.numbers.insert(number_key(port, index, number), slot);
            }
            OrderName::Text(text) => {
                self.texts.set(port, &text, slot);
            }
        }
    }

    fn drop_name(&mut self, port: u32, name: OrderName) {
        match name {
            OrderName::UserRef { index, number } => {
                self.numbers.remove(number_key(port, index, number));
            }
            OrderName::Text(text) => {
                self.texts.set(port, &text, NO_SLOT);
            }
        }
    }

    /// The first order of a port.
    pub(super) fn first(&self, port: u32) -> Option<u32> {
        let first = self.ends.get(port as usize)?.first;
        (first != NO_SLOT).then_some(first)
    }

    /// The order after this one, of the same port.
    pub(super) fn next(&self, slot: u32) -> Option<u32> {
        let after = self.get(slot)?.after;
        (after != NO_SLOT).then_some(after)
    }

    /// How many orders live.
    pub(super) fn live(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// All live orders with their slots, port by port, oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &Slot)> + '_ {
        let ports = 0..self.ends.len() as u32;
        ports.flat_map(|port| {
            std::iter::successors(self.first(port), |&slot| self.next(slot))
                .filter_map(|slot| self.get(slot).map(|order| (slot, order)))
        })
    }

    /// Free slots; the last is the next to be taken.
    pub(super) fn free(&self) -> &[u32] {
        &self.free
    }

    /// Takes up an order that was saved, last of its port's, in the slot that it had; false when
    /// that is beyond the limit or taken.
    pub(super) fn restore(
        &mut self,
        slot: u32,
        port: u32,
        number: u64,
        shown: Lots,
        open: OpenOrder,
    ) -> bool {
        if slot >= self.slots_max || port as usize >= self.ends.len() || self.get(slot).is_some() {
            return false;
        }
        let size = self.slots.len().max(slot as usize + 1);
        self.slots.resize(size, None);
        if let OrderName::Text(text) = open.name {
            self.use_text(port, &text);
        }
        self.link(slot, port, number, open);
        self.slots[slot as usize].as_mut().expect("linked just now").shown = shown;
        true
    }

    /// Takes up a free slot, in the order in which they were saved.
    pub(super) fn restore_free(&mut self, slot: u32) {
        let size = self.slots.len().max(slot as usize + 1).min(self.slots_max as usize);
        self.slots.resize(size, None);
        self.free.push(slot);
    }

    /// Text names that were used and whose orders are gone, and those of live orders.
    pub(super) fn texts(&self) -> Vec<([u8; 20], u32, u32)> {
        self.texts.sorted()
    }

    /// A day began: names that name nothing are free again.
    pub(super) fn start_day(&mut self) {
        let live: Vec<_> = self.texts.sorted().into_iter().filter(|e| e.2 != NO_SLOT).collect();
        self.texts.clear();
        for (text, port, slot) in live {
            self.texts.set(port, &text, slot);
        }
    }
}
