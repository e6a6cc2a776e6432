// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The orders that exposure is reserved for, found by strategy and client id.
//!
//! An order and the replacements that are on their way to take its place form a chain: at most one
//! of them can trade what is left, so a chain reserves the most that any of its links does.

use crate::hash::mix;
use crate::types::{Side, StrategyId, Ticks};

/// Stands for no slot.
pub(crate) const NONE: u32 = u32::MAX;

/// One order that may live at a venue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reserved {
    pub(crate) client_id: u64,
    pub(crate) strategy: StrategyId,
    /// Row of its strategy in its instrument.
    pub(crate) pair: u32,
    /// Lots that may still trade.
    pub(crate) leaves: i64,
    /// Price by which it meets other orders.
    pub(crate) price: Ticks,
    /// Price at which its worth is reserved: the worst it can trade at.
    pub(crate) worst_price: Ticks,
    /// Digest of its terms, by which duplicates are known.
    pub(crate) terms: u64,
    pub(crate) side: Side,
    /// It trades at once or not at all.
    pub(crate) is_immediate: bool,
    pub(crate) older: u32,
    pub(crate) newer: u32,
    /// Neighbours among the own orders of its side of the instrument; newest first.
    pub(crate) ahead: u32,
    pub(crate) behind: u32,
}

impl Reserved {
    /// Nobody's order, for struct update.
    pub(crate) const NOBODY: Self = Self {
        client_id: 0,
        strategy: 0,
        pair: 0,
        leaves: 0,
        price: 0,
        worst_price: 0,
        terms: 0,
        side: Side::Buy,
        is_immediate: false,
        older: NONE,
        newer: NONE,
        ahead: NONE,
        behind: NONE,
    };
}

/// What a chain reserves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    /// Lots.
    pub(crate) lots: i64,
    /// Price times lots, in tick-lots.
    pub(crate) worth: i128,
    /// Whether there is any order at all.
    pub(crate) orders: i64,
}

impl Measure {
    /// With one more link.
    pub(crate) fn with(self, leaves: i64, worst_price: Ticks) -> Self {
        Self {
            lots: self.lots.max(leaves),
            worth: self.worth.max(i128::from(leaves) * i128::from(worst_price)),
            orders: 1,
        }
    }
}

/// All reserved orders.
#[derive(Clone, Debug)]
pub(crate) struct OrderStore {
    slots: Vec<Option<Reserved>>,
    free: Vec<u32>,
    /// Slot and one, by digest of strategy and client id; 0 where nothing is.
    table: Vec<u32>,
    orders_max: usize,
}

impl OrderStore {
    pub(crate) fn new(orders_max: u32) -> Self {
        let orders_max = orders_max as usize;
        Self {
            slots: Vec::with_capacity(orders_max),
            free: Vec::with_capacity(orders_max),
            table: vec![0; (orders_max * 2).next_power_of_two().max(2)],
            orders_max,
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub(crate) const fn has_room(&self) -> bool {
        self.len() < self.orders_max
    }

    /// A slot that is in use.
    #[inline]
    pub(crate) fn get(&self, slot: u32) -> Option<&Reserved> {
        self.slots.get(slot as usize)?.as_ref()
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Reserved> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    #[inline]
    fn home(&self, strategy: StrategyId, client_id: u64) -> usize {
        let digest = mix(client_id ^ u64::from(strategy) << 40);
        digest as usize & (self.table.len() - 1)
    }

    /// Where in the table an order is named; `Err` with the empty place where it would be.
    #[inline]
    fn find_entry(&self, strategy: StrategyId, client_id: u64) -> Result<usize, usize> {
        let mut at = self.home(strategy, client_id);
        loop {
            let entry = self.table[at];
            if entry == 0 {
                return Err(at);
            }
            let is_it = |o: &Reserved| o.client_id == client_id && o.strategy == strategy;
            if self.get(entry - 1).is_some_and(is_it) {
                return Ok(at);
            }
            at = (at + 1) & (self.table.len() - 1);
        }
    }

    /// The slot of an order.
    #[inline]
    pub(crate) fn find(&self, strategy: StrategyId, client_id: u64) -> Option<u32> {
        let at = self.find_entry(strategy, client_id).ok()?;
        Some(self.table[at] - 1)
    }

    /// Takes in an order behind the youngest of the chain of `replaced`; `None` when there is no room or
    /// the client id is in use.
    pub(crate) fn insert(&mut self, order: Reserved, replaced: Option<u32>) -> Option<u32> {
        let entry = self.find_entry(order.strategy, order.client_id).err()?;
        self.has_room().then(|| self.insert_at(entry, order, replaced))
    }

    /// The place in the table for an order that is not there.
    #[inline]
    pub(crate) fn free_entry(&self, strategy: StrategyId, client_id: u64) -> Option<usize> {
        self.find_entry(strategy, client_id).err()
    }

    /// Takes in an order at its place in the table, where there is room.
    #[inline]
    pub(crate) fn insert_at(
        &mut self,
        entry: usize,
        order: Reserved,
        replaced: Option<u32>,
    ) -> u32 {
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        let youngest = replaced.and_then(|slot| self.chain(slot).last()).unwrap_or(NONE);
        let order = Reserved { older: youngest, newer: NONE, ahead: NONE, behind: NONE, ..order };
        match self.slots.get_mut(slot as usize) {
            Some(place) => *place = Some(order),
            None => self.slots.push(Some(order)),
        }
        if let Some(link) = self.get_mut(youngest) {
            link.newer = slot;
        }
        self.table[entry] = slot + 1;
        slot
    }

    /// Forgets an order; its chain closes up.
    pub(crate) fn remove(&mut self, slot: u32) -> Option<Reserved> {
        let order = *self.get(slot)?;
        let entry = self.find_entry(order.strategy, order.client_id).ok()?;
        if let Some(older) = self.get_mut(order.older) {
            older.newer = order.newer;
        }
        if let Some(newer) = self.get_mut(order.newer) {
            newer.older = order.older;
        }
        self.slots[slot as usize] = None;
        self.free.push(slot);
        self.vacate(entry);
        Some(order)
    }

    /// Empties a place of the table; those behind it that would not be found any more move up.
    fn vacate(&mut self, entry: usize) {
        let mask = self.table.len() - 1;
        let (mut hole, mut at) = (entry, entry);
        self.table[hole] = 0;
        loop {
            at = (at + 1) & mask;
            let Some(order) = self.table[at].checked_sub(1).and_then(|slot| self.get(slot)) else {
                return;
            };
            let wanted = self.home(order.strategy, order.client_id);
            if (at.wrapping_sub(wanted) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.table[hole] = self.table[at];
                self.table[at] = 0;
                hole = at;
            }
        }
    }

    /// The slots of a chain, oldest first.
    pub(crate) fn chain(&self, slot: u32) -> impl Iterator<Item = u32> {
        let mut oldest = slot;
        while let Some(order) = self.get(oldest)
            && order.older != NONE
        {
            oldest = order.older;
        }
        std::iter::successors(self.get(oldest).map(|_| oldest), |&slot| self.newer(slot))
    }

    /// What the chain of an order reserves.
    #[inline]
    pub(crate) fn measure(&self, slot: u32) -> Measure {
        let links = self.chain(slot).filter_map(|slot| self.get(slot));
        links.fold(Measure::default(), |sum, link| sum.with(link.leaves, link.worst_price))
    }

    /// Another link of the chain of an order.
    pub(crate) fn relative(&self, slot: u32) -> Option<u32> {
        let order = self.get(slot)?;
        [order.older, order.newer].into_iter().find(|&link| link != NONE)
    }

    /// The link that is to take the place of an order.
    pub(crate) fn newer(&self, slot: u32) -> Option<u32> {
        self.get(slot).map(|order| order.newer).filter(|&newer| newer != NONE)
    }

    /// The order that a link is to take the place of.
    pub(crate) fn older(&self, slot: u32) -> Option<u32> {
        self.get(slot).map(|order| order.older).filter(|&older| older != NONE)
    }

    /// All orders, by slot.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, &Reserved)> {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(slot, order)| Some((slot as u32, order.as_ref()?)))
    }

    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
        self.table.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn order(strategy: u32, client_id: u64, leaves: i64) -> Reserved {
        Reserved { client_id, strategy, leaves, price: 10, worst_price: 10, ..Reserved::NOBODY }
    }

    #[test]
    fn orders_are_found_whatever_came_and_went() {
        let (mut store, mut model) = (OrderStore::new(50), BTreeMap::new());
        for step in 0..20_000_u64 {
            let (strategy, client_id) = ((mix(step) % 3) as u32, mix(step ^ 1) % 60);
            let key = (strategy, client_id);
            if mix(step ^ 2).is_multiple_of(2) {
                let fits = model.len() < 50 && !model.contains_key(&key);
                let slot = store.insert(order(strategy, client_id, 1), None);
                assert_eq!(slot.is_some(), fits);
                if let Some(slot) = slot {
                    model.insert(key, slot);
                }
            } else {
                let slot = model.remove(&key);
                assert_eq!(store.find(strategy, client_id), slot);
                assert_eq!(slot.and_then(|slot| store.remove(slot)).is_some(), slot.is_some());
            }
            assert_eq!(store.len(), model.len());
            assert!(model.iter().all(|(&(s, c), &slot)| store.find(s, c) == Some(slot)));
        }
    }

    #[test]
    fn a_chain_reserves_its_largest_link() {
        let mut store = OrderStore::new(8);
        let first = store.insert(order(1, 1, 5), None).unwrap();
        let second = store.insert(order(1, 2, 9), Some(first)).unwrap();
        let third = store.insert(order(1, 3, 7), Some(first)).unwrap();
        assert_eq!(store.measure(first), Measure { lots: 9, worth: 90, orders: 1 });
        assert!(store.chain(third).eq([first, second, third]));
        store.remove(second);
        assert_eq!(store.measure(third).lots, 7);
        assert!(store.chain(first).eq([first, third]));
        assert_eq!((store.relative(third), store.older(first)), (Some(first), None));
        store.remove(third);
        assert_eq!(store.measure(first).lots, 5);
    }
}
