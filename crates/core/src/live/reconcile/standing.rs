// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders at one venue by two accounts: what is left of each, ours and by the venue's second account.

use crate::component::SnapshotError;
use crate::events::DifferenceStep;
use crate::hash::StateHasher;
use crate::live::kept::{Kept, keep_all, take_all};
use crate::numbers::NumberTable;
use crate::types::{InstrumentId, Lots, StrategyId, TsNs};

/// An order that lives by one account at least.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    pub(super) order_id: u64,
    /// Our number for it, as the venue tells it; 0 where it does not.
    pub(super) number: u64,
    pub(super) instrument: InstrumentId,
    pub(super) strategy: StrategyId,
    /// What is left by our account at the last look, and by theirs; 0 where it does not live.
    pub(super) ours: Lots,
    pub(super) theirs: Lots,
    /// Since when both have differed just so.
    pub(super) since_ns: TsNs,
    pub(super) step: Option<DifferenceStep>,
    /// Ours spoke of it in this look.
    pub(super) is_seen: bool,
}

impl Standing {
    pub(super) const fn differs(&self) -> bool {
        self.ours != self.theirs
    }
}

/// All orders of a venue that live by either account.
#[derive(Debug)]
pub(super) struct Standings {
    all: Vec<Standing>,
    index: NumberTable,
    by_number: NumberTable,
    orders_max: usize,
    /// Orders that there was no room for.
    pub(super) forgotten: u64,
}

impl Standings {
    /// None yet; takes all its memory now.
    pub(super) fn new(orders_max: u32) -> Self {
        Self {
            all: Vec::with_capacity(orders_max as usize),
            index: NumberTable::new(orders_max),
            by_number: NumberTable::new(orders_max),
            orders_max: orders_max as usize,
            forgotten: 0,
        }
    }

    fn place(
        &mut self,
        order_id: u64,
        instrument: InstrumentId,
        now: TsNs,
    ) -> Option<&mut Standing> {
        let place = match self.index.find(order_id) {
            Some(place) => place as usize,
            None if self.all.len() == self.orders_max => {
                self.forgotten += 1;
                return None;
            }
            None => {
                let since_ns = now;
                self.all.push(Standing { order_id, instrument, since_ns, ..Standing::default() });
                self.index.insert(order_id, self.all.len() as u32 - 1);
                self.all.len() - 1
            }
        };
        self.all.get_mut(place)
    }

    /// The venue tells what is left of an order; `number` is ours for it, 0 where it says none. One
    /// that it knew by this number under another of its own is no more.
    pub(super) fn told(
        &mut self,
        (order_id, number): (u64, u64),
        instrument: InstrumentId,
        left: Lots,
        now: TsNs,
    ) {
        if self.by_number.find(number).is_some_and(|at| self.all[at as usize].order_id != order_id)
        {
            self.gone(number, now);
        }
        if left == 0 && self.index.find(order_id).is_none() {
            return;
        }
        let Some(standing) = self.place(order_id, instrument, now) else { return };
        if standing.theirs != left {
            (standing.theirs, standing.since_ns) = (left, now);
        }
        if standing.number == 0 && number != 0 {
            standing.number = number;
            if let Some(place) = self.index.find(order_id) {
                self.by_number.insert(number, place);
            }
        }
    }

    /// The venue tells that an order of this number of ours is no more.
    pub(super) fn gone(&mut self, number: u64, now: TsNs) {
        let Some(place) = self.by_number.find(number) else { return };
        self.by_number.remove(number);
        let standing = &mut self.all[place as usize];
        standing.number = 0;
        if standing.theirs != 0 {
            (standing.theirs, standing.since_ns) = (0, now);
        }
    }

    /// Begins a look: what [`Self::ours`] does not speak of until [`Self::end`] does not live here.
    pub(super) fn begin(&mut self) {
        self.all.iter_mut().for_each(|standing| standing.is_seen = false);
    }

    /// Ends a look.
    pub(super) fn end(&mut self, now: TsNs) {
        for standing in self.all.iter_mut().filter(|s| !s.is_seen && s.ours != 0) {
            (standing.ours, standing.since_ns) = (0, now);
        }
    }

    /// What is left of an order by our account.
    pub(super) fn ours(
        &mut self,
        order_id: u64,
        (strategy, instrument): (StrategyId, InstrumentId),
        left: Lots,
        now: TsNs,
    ) {
        if let Some(standing) = self.place(order_id, instrument, now) {
            (standing.strategy, standing.is_seen) = (strategy, true);
            if standing.ours != left {
                (standing.ours, standing.since_ns) = (left, now);
            }
        }
    }

    /// The order at a place; `None` beyond the last.
    pub(super) fn at_mut(&mut self, place: usize) -> Option<&mut Standing> {
        self.all.get_mut(place)
    }

    /// The order at a place; `None` beyond the last.
    pub(super) fn at(&self, place: usize) -> Option<&Standing> {
        self.all.get(place)
    }

    /// Forgets the order at a place; another comes to stand there.
    pub(super) fn remove(&mut self, place: usize) {
        let gone = self.all.swap_remove(place);
        self.index.remove(gone.order_id);
        if gone.number != 0 {
            self.by_number.remove(gone.number);
        }
        let Some(moved) = self.all.get(place) else { return };
        self.index.remove(moved.order_id);
        self.index.insert(moved.order_id, place as u32);
        if moved.number != 0 {
            self.by_number.remove(moved.number);
            self.by_number.insert(moved.number, place as u32);
        }
    }

    /// Orders on which both do not agree.
    pub(super) fn differing(&self) -> usize {
        self.all.iter().filter(|standing| standing.differs()).count()
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let Self { all, index: _, by_number: _, orders_max: _, forgotten } = self;
        keep_all(all, out);
        forgotten.keep(out);
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { all, index, by_number, orders_max, forgotten } = self;
        take_all(all, *orders_max, bytes)?;
        *forgotten = Kept::take(bytes)?;
        (*index, *by_number) =
            (NumberTable::new(*orders_max as u32), NumberTable::new(*orders_max as u32));
        for (place, standing) in all.iter().enumerate() {
            index.insert(standing.order_id, place as u32);
            if standing.number != 0 {
                by_number.insert(standing.number, place as u32);
            }
        }
        Ok(())
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for standing in &self.all {
            hasher.word(standing.order_id);
            hasher.word(standing.ours);
            hasher.word(standing.theirs);
            hasher.signed(standing.since_ns);
        }
    }
}
