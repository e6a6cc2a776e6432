// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is remembered of the past, within bounds: orders that died, and fills that were counted.
//!
//! A venue may speak of an order after its death, and may say the same thing twice. Both memories
//! follow from outputs that the journal holds, and so are no part of the state's digest.

use super::oms::OwnOrder;
use crate::component::SnapshotError;
use crate::hash::mix;
use crate::snapshot::{read_u32, read_u64, write_u32, write_u64};
use crate::types::{InstrumentId, StrategyId};

/// Dead orders that are remembered of one strategy.
const DEAD_MAX: usize = 1_024;
/// Fills that are remembered, of all strategies.
const FILLS_MAX: usize = 16_384;

/// The last orders of a strategy that died.
#[derive(Clone, Debug)]
pub(super) struct DeadOrders {
    /// A ring: the oldest stands at `next` once it is full.
    orders: Vec<OwnOrder>,
    next: usize,
}

impl DeadOrders {
    pub(super) fn new() -> Self {
        Self { orders: Vec::with_capacity(DEAD_MAX), next: 0 }
    }

    /// Remembers an order, and forgets the oldest.
    #[inline]
    pub(super) fn bury(&mut self, order: &OwnOrder) {
        if self.orders.len() < DEAD_MAX {
            self.orders.push(*order);
        } else {
            self.orders[self.next] = *order;
            self.next = (self.next + 1) % DEAD_MAX;
        }
    }

    /// A dead order that is still remembered.
    pub(super) fn get_mut(
        &mut self,
        instrument: InstrumentId,
        client_id: u64,
    ) -> Option<&mut OwnOrder> {
        let is_it = |o: &&mut OwnOrder| o.client_id == client_id && o.instrument == instrument;
        // An order that was taken up again and died once more stands here twice: the later counts.
        let (late, early) = self.orders.split_at_mut(self.next);
        late.iter_mut().rev().chain(early.iter_mut().rev()).find(is_it)
    }

    /// A dead order that is still remembered.
    pub(super) fn get(&self, instrument: InstrumentId, client_id: u64) -> Option<&OwnOrder> {
        let is_it = |o: &&OwnOrder| o.client_id == client_id && o.instrument == instrument;
        let (late, early) = self.orders.split_at(self.next);
        late.iter().rev().chain(early.iter().rev()).find(is_it)
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.orders.len() as u32);
        let (late, early) = self.orders.split_at(self.next);
        early.iter().chain(late).for_each(|order| order.save(out));
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.orders.clear();
        self.next = 0;
        for _ in 0..read_u32(bytes)? {
            let order = OwnOrder::restore(bytes)?;
            self.bury(&order);
        }
        Ok(())
    }
}

/// What names a fill: the venue's number, and the order it belongs to (two orders of ours may trade
/// with each other).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FillName {
    match_id: u64,
    client_id: u64,
    strategy: StrategyId,
    instrument: InstrumentId,
}

impl FillName {
    fn home(&self, mask: usize) -> usize {
        let owner = u64::from(self.strategy) << 32 | u64::from(self.instrument);
        mix(mix(mix(self.match_id) ^ self.client_id) ^ owner) as usize & mask
    }
}

/// The last fills that were counted: a ring, and an open-addressed index of it.
#[derive(Clone, Debug)]
pub(super) struct SeenFills {
    ring: Vec<FillName>,
    next: usize,
    /// Place in the ring, plus one; 0 for none.
    index: Vec<u32>,
}

impl SeenFills {
    pub(super) fn new() -> Self {
        Self { ring: Vec::with_capacity(FILLS_MAX), next: 0, index: vec![0; FILLS_MAX * 2] }
    }

    const fn mask(&self) -> usize {
        self.index.len() - 1
    }

    /// Remembers a fill; false when it is remembered already. A fill without a number is always new.
    pub(super) fn take(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        client_id: u64,
        match_id: u64,
    ) -> bool {
        let name = FillName { match_id, client_id, strategy, instrument };
        match_id == 0 || self.insert(name)
    }

    fn insert(&mut self, name: FillName) -> bool {
        if self.slot_of(&name).is_ok() {
            return false;
        }
        let place = if self.ring.len() < FILLS_MAX {
            self.ring.push(name);
            self.ring.len() - 1
        } else {
            let place = self.next;
            let oldest = self.ring[place];
            self.forget(&oldest);
            self.ring[place] = name;
            self.next = (self.next + 1) % FILLS_MAX;
            place
        };
        if let Err(free) = self.slot_of(&name) {
            self.index[free] = place as u32 + 1;
        }
        true
    }

    /// The slot that holds a name, or the one where it would stand.
    fn slot_of(&self, name: &FillName) -> Result<usize, usize> {
        let mask = self.mask();
        let mut slot = name.home(mask);
        loop {
            match self.index[slot] {
                0 => return Err(slot),
                place if self.ring[place as usize - 1] == *name => return Ok(slot),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Takes a name out of the index; those behind it move up, so that no search stops short.
    fn forget(&mut self, name: &FillName) {
        let mask = self.mask();
        let Ok(mut hole) = self.slot_of(name) else { return };
        let mut slot = (hole + 1) & mask;
        while self.index[slot] != 0 {
            let first = self.ring[self.index[slot] as usize - 1].home(mask);
            if slot.wrapping_sub(first) & mask >= slot.wrapping_sub(hole) & mask {
                self.index[hole] = self.index[slot];
                hole = slot;
            }
            slot = (slot + 1) & mask;
        }
        self.index[hole] = 0;
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.ring.len() as u32);
        let (late, early) = self.ring.split_at(self.next);
        for name in early.iter().chain(late) {
            write_u64(out, name.match_id);
            write_u64(out, name.client_id);
            write_u32(out, name.strategy);
            write_u32(out, name.instrument);
        }
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.ring.clear();
        self.next = 0;
        self.index.fill(0);
        for _ in 0..read_u32(bytes)? {
            let (match_id, client_id) = (read_u64(bytes)?, read_u64(bytes)?);
            let (strategy, instrument) = (read_u32(bytes)?, read_u32(bytes)?);
            self.insert(FillName { match_id, client_id, strategy, instrument });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fill_is_new_once_while_it_is_remembered() {
        let mut seen = SeenFills::new();
        assert!(seen.take(1, 1, 7, 5) && !seen.take(1, 1, 7, 5));
        assert!(seen.take(1, 1, 8, 5) && seen.take(2, 1, 7, 5) && seen.take(1, 2, 7, 5));
        assert!(seen.take(1, 1, 7, 0) && seen.take(1, 1, 7, 0), "without a number: always new");
        let others = 3 * FILLS_MAX as u64;
        assert!((0..others).all(|id| seen.take(1, 1, 9, 10 + id)));
        let last = 10 + others;
        let window = last - FILLS_MAX as u64..last;
        assert!(window.clone().all(|id| !seen.take(1, 1, 9, id)), "the last ones are remembered");
        let mut bytes = Vec::new();
        seen.save(&mut bytes);
        let mut copy = SeenFills::new();
        copy.restore(&mut bytes.as_slice()).unwrap();
        assert!(window.clone().all(|id| !copy.take(1, 1, 9, id)));
        assert!(copy.take(1, 1, 9, window.start - 1) && copy.take(1, 1, 9, window.start));
    }
}
