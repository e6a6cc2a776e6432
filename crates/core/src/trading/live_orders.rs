// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The orders of a strategy that live, but for its quotes': found by client id, gone through in the
//! order of client ids, and taken out, each at a cost that does not grow with their number.

use super::oms::OwnOrder;
use crate::numbers::{NO_SLOT, NumberTable};
use crate::types::{InstrumentId, Side};

/// An order, and its neighbours: by client id, and on its side of its instrument.
#[derive(Clone, Copy, Debug)]
struct Slot {
    order: OwnOrder,
    before: u32,
    after: u32,
    side_before: u32,
    side_after: u32,
}

/// Live orders, by client id.
#[derive(Clone, Debug)]
pub(super) struct LiveOrders {
    slots: Vec<Slot>,
    /// Slots that nothing uses, below `slots.len()`.
    free: Vec<u32>,
    by_client: NumberTable,
    first: u32,
    last: u32,
    /// The newest order of a side of an instrument.
    sides: Vec<[u32; 2]>,
    orders_max: u32,
}

impl LiveOrders {
    /// Room for so many orders, in instruments up to the highest number.
    pub(super) fn new(orders_max: u32, instruments_max: u32) -> Self {
        Self {
            slots: Vec::with_capacity(orders_max as usize),
            free: Vec::with_capacity(orders_max as usize),
            by_client: NumberTable::new(orders_max),
            first: NO_SLOT,
            last: NO_SLOT,
            sides: vec![[NO_SLOT; 2]; instruments_max as usize + 1],
            orders_max,
        }
    }

    /// Whether another order fits.
    #[inline]
    pub(super) const fn has_room(&self) -> bool {
        self.slots.len() - self.free.len() < self.orders_max as usize
    }

    /// An order.
    #[inline]
    pub(super) fn get(&self, client_id: u64) -> Option<&OwnOrder> {
        self.by_client.find(client_id).map(|slot| &self.slots[slot as usize].order)
    }

    /// Changes an order's state and quantities; its names, instrument and side stay.
    #[inline]
    pub(super) fn get_mut(&mut self, client_id: u64) -> Option<&mut OwnOrder> {
        let slot = self.by_client.find(client_id)?;
        Some(&mut self.slots[slot as usize].order)
    }

    /// Takes an order in.
    ///
    /// # Panics
    /// When there is no room, one of this client id lives, or its instrument is beyond the maximum:
    /// the caller checked.
    pub(super) fn insert(&mut self, order: OwnOrder) {
        assert!(self.has_room() && self.get(order.client_id).is_none(), "the caller has checked");
        // A strategy counts up: but for what is taken up again, the new one is the last.
        let mut before = self.last;
        while before != NO_SLOT && self.slots[before as usize].order.client_id > order.client_id {
            before = self.slots[before as usize].before;
        }
        let after = match before {
            NO_SLOT => self.first,
            before => self.slots[before as usize].after,
        };
        let newest = &mut self.sides[order.instrument as usize][order.side.index()];
        let side_before = *newest;
        let slot = Slot { order, before, after, side_before, side_after: NO_SLOT };
        let at = if let Some(at) = self.free.pop() {
            self.slots[at as usize] = slot;
            at
        } else {
            self.slots.push(slot);
            self.slots.len() as u32 - 1
        };
        *newest = at;
        self.by_client.insert(order.client_id, at);
        self.join(before, at);
        self.join(at, after);
        if side_before != NO_SLOT {
            self.slots[side_before as usize].side_after = at;
        }
    }

    /// Takes an order out, if it is there.
    pub(super) fn remove(&mut self, client_id: u64) {
        let Some(at) = self.by_client.find(client_id) else { return };
        let Slot { order, before, after, side_before, side_after } = self.slots[at as usize];
        self.join(before, after);
        match side_after {
            NO_SLOT => {
                self.sides[order.instrument as usize][order.side.index()] = side_before;
            }
            next => self.slots[next as usize].side_before = side_before,
        }
        if side_before != NO_SLOT {
            self.slots[side_before as usize].side_after = side_after;
        }
        self.by_client.remove(client_id);
        self.free.push(at);
    }

    /// Takes all orders out.
    pub(super) fn clear(&mut self) {
        while self.first != NO_SLOT {
            self.remove(self.slots[self.first as usize].order.client_id);
        }
    }

    /// Makes two slots neighbours by client id; `NO_SLOT` is the end.
    const fn join(&mut self, before: u32, after: u32) {
        match before {
            NO_SLOT => self.first = after,
            before => self.slots.as_mut_slice()[before as usize].after = after,
        }
        match after {
            NO_SLOT => self.last = before,
            after => self.slots.as_mut_slice()[after as usize].before = before,
        }
    }

    /// All orders, by client id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &OwnOrder> {
        self.from(self.first)
    }

    /// Orders with a higher client id, by client id.
    pub(super) fn after(&self, client_id: u64) -> impl Iterator<Item = &OwnOrder> {
        let mut from = NO_SLOT;
        let mut at = self.last;
        while at != NO_SLOT && self.slots[at as usize].order.client_id > client_id {
            (from, at) = (at, self.slots[at as usize].before);
        }
        self.from(from)
    }

    /// Orders of one side of an instrument, the newest first.
    pub(super) fn on(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = &OwnOrder> {
        let newest = self.sides.get(instrument as usize).map_or(NO_SLOT, |s| s[side.index()]);
        self.chain(newest, |slot| slot.side_before)
    }

    fn from(&self, slot: u32) -> impl Iterator<Item = &OwnOrder> {
        self.chain(slot, |slot| slot.after)
    }

    fn chain(&self, slot: u32, next: fn(&Slot) -> u32) -> impl Iterator<Item = &OwnOrder> {
        let known = |slot: u32| (slot != NO_SLOT).then_some(slot);
        let slots = std::iter::successors(known(slot), move |&slot| {
            known(next(&self.slots[slot as usize]))
        });
        slots.map(|slot| &self.slots[slot as usize].order)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::hash::mix;

    #[test]
    fn it_is_what_a_sorted_map_is_whatever_comes_and_goes() {
        let (mut live, mut model) = (LiveOrders::new(32, 3), BTreeMap::new());
        let mut random = 3;
        for step in 0..20_000_u64 {
            random = mix(random);
            // Mostly counting up, now and then an older one.
            let client_id = step.saturating_sub(random % 7) + 1;
            let instrument = (random >> 8) as u32 % 3 + 1;
            let side = if random >> 16 & 1 == 0 { Side::Buy } else { Side::Sell };
            if random >> 20 & 1 == 0 && model.len() < 32 && !model.contains_key(&client_id) {
                let order = OwnOrder::leaving(client_id, instrument, side, 10, 5);
                live.insert(order);
                model.insert(client_id, order);
            } else if let Some(&gone) = model.keys().nth(random as usize >> 24 & 31) {
                live.get_mut(gone).unwrap().leaves -= 1;
                assert_eq!(live.get(gone).unwrap().leaves, 4);
                live.remove(gone);
                model.remove(&gone);
                assert_eq!(live.get(gone), None);
            }
            assert!(live.iter().eq(model.values()), "step {step}");
            assert!(live.after(client_id).eq(model.range(client_id + 1..).map(|(_, o)| o)));
            assert_eq!(live.has_room(), model.len() < 32);
            let mut on: Vec<u64> = live.on(instrument, side).map(|o| o.client_id).collect();
            on.sort_unstable();
            let is_on = |o: &&OwnOrder| o.instrument == instrument && o.side == side;
            assert!(on.into_iter().eq(model.values().filter(is_on).map(|o| o.client_id)));
        }
        live.clear();
        assert!(live.iter().next().is_none() && live.on(1, Side::Buy).next().is_none());
    }
}
