// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The matcher written down: ids, markets, books, then a record for each order in the book's order,
//! then the ghosts. Equal states give equal bytes, whatever happened before.

use super::entry::Steps;
use super::ghosts::Ghost;
use super::{MARKET, Market, Matcher, Policy, Record};
use crate::book::Handle;
use crate::component::{Snapshot, SnapshotError};
use crate::events::{Side, TradingStatus};
use crate::hash::StateHasher;
use crate::snapshot::{read_u64, write_u64};
use crate::types::{InstrumentId, Rung, TickTable};

const SIDES: [Side; 2] = [Side::Buy, Side::Sell];

impl<P: Policy> Matcher<P> {
    /// Digest of the whole state: equal on every replica and in every replay.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        hasher.word(self.books.state_hash());
        for word in self.numbers() {
            hasher.word(word);
        }
        for instrument in self.defined() {
            let market = &self.markets[instrument as usize];
            hasher.word(u64::from(market.status.raw()));
            for rung in self.tick_tables[instrument as usize].rungs() {
                hasher.signed(rung.from);
                hasher.signed(rung.increment);
            }
            for handle in SIDES.iter().flat_map(|&side| self.handles(instrument, side)) {
                for word in self.record_words(handle) {
                    hasher.word(word);
                }
            }
        }
        for ghost in self.ghosts.items() {
            for word in ghost_words(ghost) {
                hasher.word(word);
            }
        }
        if !P::REPLAYED {
            self.hash_special(&mut hasher);
        }
        hasher.finish()
    }

    /// What a market has that is not replayed: rules, hidden orders, what reserves keep back, firms.
    fn hash_special(&self, hasher: &mut StateHasher) {
        hasher.word(self.hidden.books.state_hash());
        for instrument in self.defined() {
            hasher.word(u64::from(self.markets[instrument as usize].rules));
            for words in SIDES.iter().flat_map(|&side| self.special_words(instrument, side)) {
                for word in words {
                    hasher.word(word);
                }
            }
        }
        for (owner, firm) in self.firms_set() {
            hasher.word(owner);
            hasher.word(firm);
        }
    }

    fn firms_set(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let all = (0..).zip(&self.firms);
        all.filter(|&(_, &firm)| firm != 0).map(|(owner, &firm)| (owner, u64::from(firm)))
    }

    /// Of each hidden order of a side what is kept beside its book, then of each reserve order what it
    /// keeps back and its slice, all first to trade first.
    fn special_words(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = [u64; 5]> + '_ {
        let hidden = std::iter::successors(self.hidden.front(instrument, side), |&handle| {
            self.hidden.books.next_by_priority(handle)
        });
        let hidden = hidden.map(|handle| {
            let Record { client, executed, arrival_mid2, flags, .. } =
                self.hidden.records[handle.index()];
            let minimum = self.hidden.minimums[handle.index()];
            [client, executed, arrival_mid2.cast_unsigned(), u64::from(flags), minimum]
        });
        let reserves = self.handles(instrument, side).filter(|&handle| self.is_reserve(handle));
        hidden.chain(reserves.map(|handle| {
            let index = handle.index();
            [self.reserves.kept[index], self.reserves.slices[index], 0, 0, 0]
        }))
    }

    fn is_reserve(&self, handle: Handle) -> bool {
        self.record(handle).flags & Record::RESERVE != 0
    }

    /// Takes up what [`Self::special_words`] gave.
    fn restore_special(
        &mut self,
        instrument: InstrumentId,
        side: Side,
        bytes: &mut &[u8],
    ) -> Result<(), SnapshotError> {
        let mut next = self.hidden.front(instrument, side);
        while let Some(handle) = next {
            let [client, executed, arrival_mid2, flags, minimum] = take_words(bytes)?;
            let owner = self.hidden.books.view(handle).owner;
            let (arrival_mid2, flags) = (arrival_mid2.cast_signed(), flags as u32);
            let record = Record { client, executed, arrival_mid2, owner, flags };
            self.hidden.set(handle, record, minimum);
            let market = &mut self.markets[instrument as usize];
            market.special_orders += 1;
            market.conditioned += u32::from(minimum != 0);
            next = self.hidden.books.next_by_priority(handle);
        }
        let mut next = self.books.front(instrument, side);
        while let Some(handle) = next {
            if self.is_reserve(handle) {
                let index = handle.index();
                let [kept, slice, ..]: [u64; 5] = take_words(bytes)?;
                (self.reserves.kept[index], self.reserves.slices[index]) = (kept, slice);
                self.markets[instrument as usize].special_orders += 1;
            }
            next = self.books.next_by_priority(handle);
        }
        Ok(())
    }

    fn save_specials(&self, out: &mut Vec<u8>) {
        self.hidden.books.save(out);
        for instrument in self.defined() {
            put_words(out, [u64::from(self.markets[instrument as usize].rules)]);
            for words in SIDES.iter().flat_map(|&side| self.special_words(instrument, side)) {
                put_words(out, words);
            }
        }
        put_words(out, [self.firms_set().count() as u64]);
        for (owner, firm) in self.firms_set() {
            put_words(out, [owner, firm]);
        }
    }

    fn restore_specials(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.hidden.clear();
        self.firms.fill(0);
        self.hidden.books.restore(bytes)?;
        for instrument in 1..=self.config.books.instruments_max {
            if self.market(instrument).is_some() {
                let [rules] = take_words(bytes)?;
                if rules & !u64::from(Market::PRO_RATA | Market::NO_MATCH) != 0 {
                    return Err(SnapshotError::Invalid { what: "rules" });
                }
                self.markets[instrument as usize].rules = rules as u32;
                for side in SIDES {
                    self.restore_special(instrument, side, bytes)?;
                }
            }
        }
        let [count] = take_words(bytes)?;
        for _ in 0..count {
            let [owner, firm] = take_words(bytes)?;
            let place = usize::try_from(owner).ok().and_then(|owner| self.firms.get_mut(owner));
            let invalid = SnapshotError::Invalid { what: "firm" };
            *place.ok_or(invalid)? = u32::try_from(firm).map_err(|_| invalid)?;
        }
        Ok(())
    }

    const fn numbers(&self) -> [u64; 7] {
        let counters = &self.counters;
        [
            self.order_id_last,
            self.match_id_last,
            counters.missing,
            counters.capped,
            counters.displaced,
            counters.refused,
            counters.ghosts_lost,
        ]
    }

    fn defined(&self) -> impl Iterator<Item = InstrumentId> + '_ {
        (1..=self.config.books.instruments_max).filter(|&id| self.market(id).is_some())
    }

    /// All orders of a side, first to trade first.
    fn handles(&self, instrument: InstrumentId, side: Side) -> impl Iterator<Item = Handle> + '_ {
        std::iter::successors(self.books.front(instrument, side), |&handle| {
            self.books.next_by_priority(handle)
        })
    }

    /// What is kept of an order beside the book; all zero for an untouched historical one.
    fn record_words(&self, handle: Handle) -> [u64; 4] {
        let view = self.books.view(handle);
        let record = self.record(handle);
        let is_stale = view.owner == MARKET
            && (record.flags & Record::TOUCHED == 0 || record.client != view.order_ref);
        let Record { client, executed, arrival_mid2, flags, .. } =
            if is_stale { Record::EMPTY } else { record };
        [client, executed, arrival_mid2.cast_unsigned(), u64::from(flags)]
    }

    /// Takes up the records of one side, in the order in which they were saved.
    fn restore_records(
        &mut self,
        instrument: InstrumentId,
        side: Side,
        bytes: &mut &[u8],
    ) -> Result<(), SnapshotError> {
        let mut next = self.books.front(instrument, side);
        while let Some(handle) = next {
            let [client, executed, arrival_mid2, flags] = take_words(bytes)?;
            let owner = self.books.view(handle).owner;
            let (arrival_mid2, flags) = (arrival_mid2.cast_signed(), flags as u32);
            let record = Record { client, executed, arrival_mid2, owner, flags };
            self.set_record(handle, record);
            if P::REPLAYED && owner != MARKET {
                self.own.insert(handle, &self.books);
                self.markets[instrument as usize].own_live += 1;
            }
            self.markets[instrument as usize].watched +=
                u32::from(record.flags & Record::TOUCHED != 0);
            next = self.books.next_by_priority(handle);
        }
        Ok(())
    }

    fn restore_ghosts(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let [count] = take_words(bytes)?;
        for _ in 0..count {
            let [order_ref, price, history, instrument, side] = take_words(bytes)?;
            let invalid = SnapshotError::Invalid { what: "ghost" };
            let instrument = u32::try_from(instrument).map_err(|_| invalid)?;
            let raw = u8::try_from(side).map_err(|_| invalid)?;
            let side = Side::from_raw(raw).ok_or(invalid)?;
            let price = price.cast_signed();
            let ghost = Ghost { order_ref, price, history, instrument, side };
            if self.market(instrument).is_none() || !self.ghosts.insert(ghost) {
                return Err(invalid);
            }
            self.markets[instrument as usize].watched += 1;
        }
        Ok(())
    }

    fn restore_market(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let invalid = SnapshotError::Invalid { what: "market" };
        let [instrument, status, count] = take_words(bytes)?;
        let mut rungs = [Rung::default(); TickTable::RUNGS_MAX];
        let rungs = rungs.get_mut(..count as usize).ok_or(invalid)?;
        for rung in rungs.iter_mut() {
            let [from, increment] = take_words(bytes)?;
            *rung = Rung { from: from.cast_signed(), increment: increment.cast_signed() };
        }
        let raw = u8::try_from(status).map_err(|_| invalid)?;
        let market = self.markets.get_mut(instrument as usize).ok_or(invalid)?;
        market.status = TradingStatus::from_raw(raw).ok_or(invalid)?;
        let table = TickTable::from_rungs(rungs).map_err(|_| invalid)?;
        market.steps = Steps::new(&table);
        market.defined = true;
        self.tick_tables[instrument as usize] = table;
        Ok(())
    }
}

impl<P: Policy> Snapshot for Matcher<P> {
    fn save(&self, out: &mut Vec<u8>) {
        put_words(out, self.numbers());
        put_words(out, [self.counters.full]);
        put_words(out, [self.defined().count() as u64]);
        for instrument in self.defined() {
            let Some(market) = self.market(instrument) else { continue };
            let rungs = self.tick_tables[instrument as usize].rungs();
            let status = u64::from(market.status.raw());
            put_words(out, [u64::from(instrument), status, rungs.len() as u64]);
            for rung in rungs {
                put_words(out, [rung.from.cast_unsigned(), rung.increment.cast_unsigned()]);
            }
        }
        self.books.save(out);
        for instrument in self.defined() {
            for handle in SIDES.iter().flat_map(|&side| self.handles(instrument, side)) {
                put_words(out, self.record_words(handle));
            }
        }
        put_words(out, [self.ghosts.items().len() as u64]);
        for ghost in self.ghosts.items() {
            put_words(out, ghost_words(ghost));
        }
        if !P::REPLAYED {
            self.save_specials(out);
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        for market in &mut self.markets {
            (market.defined, market.own_live, market.watched) = (false, 0, 0);
            (market.special_orders, market.conditioned, market.rules) = (0, 0, 0);
            market.status = TradingStatus::Unknown;
        }
        self.own.clear();
        self.ghosts.clear();
        self.records.clear();
        let [order_id_last, match_id_last, missing, capped, displaced, refused, ghosts_lost] =
            take_words(bytes)?;
        let [full] = take_words(bytes)?;
        (self.order_id_last, self.match_id_last) = (order_id_last, match_id_last);
        self.counters =
            super::MarketCounters { missing, capped, displaced, refused, full, ghosts_lost };
        let [count] = take_words(bytes)?;
        for _ in 0..count {
            self.restore_market(bytes)?;
        }
        self.books.restore(bytes)?;
        for instrument in 1..=self.config.books.instruments_max {
            if self.market(instrument).is_some() {
                for side in SIDES {
                    self.restore_records(instrument, side, bytes)?;
                }
            }
        }
        self.restore_ghosts(bytes)?;
        if P::REPLAYED { Ok(()) } else { self.restore_specials(bytes) }
    }
}

fn ghost_words(ghost: &Ghost) -> [u64; 5] {
    let (instrument, side) = (u64::from(ghost.instrument), u64::from(ghost.side.raw()));
    [ghost.order_ref, ghost.price.cast_unsigned(), ghost.history, instrument, side]
}

fn put_words<const N: usize>(out: &mut Vec<u8>, words: [u64; N]) {
    for word in words {
        write_u64(out, word);
    }
}

fn take_words<const N: usize>(bytes: &mut &[u8]) -> Result<[u64; N], SnapshotError> {
    let mut words = [0; N];
    for word in &mut words {
        *word = read_u64(bytes)?;
    }
    Ok(words)
}
