// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The ledger's state in digests and snapshots. Sums are not written: they are made again from what
//! they are sums of.

use super::{Booking, Ledger, Money, Reserved};
use crate::component::SnapshotError;
use crate::hash::StateHasher;
use crate::risk::rules::Rules;
use crate::snapshot::{
    read_array, read_i64, read_u8, read_u32, read_u64, write_i64, write_u8, write_u32, write_u64,
};
use crate::types::{Rung, Side, TickTable};

fn write_wide(out: &mut Vec<u8>, value: i128) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn read_wide(bytes: &mut &[u8]) -> Result<i128, SnapshotError> {
    read_array(bytes).map(i128::from_le_bytes)
}

fn wrong(what: &'static str) -> SnapshotError {
    SnapshotError::Invalid { what }
}

impl Rules {
    fn save(&self, out: &mut Vec<u8>) {
        write_u8(out, u8::from(self.is_admitted));
        write_u32(out, self.product);
        write_u32(out, self.venue);
        write_u32(out, self.bars);
        write_u32(out, u32::from(self.order_types) << 16 | u32::from(self.times_in_force));
        let bounds = [self.qty_min, self.qty_max, self.qty_step, self.price_min, self.price_max];
        for value in [self.ticklot_e12, self.located].into_iter().chain(bounds) {
            write_i64(out, value);
        }
        write_u32(out, self.tick_table.rungs().len() as u32);
        for rung in self.tick_table.rungs() {
            write_i64(out, rung.from);
            write_i64(out, rung.increment);
        }
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let is_admitted = read_u8(bytes)? != 0;
        let (product, venue, bars) = (read_u32(bytes)?, read_u32(bytes)?, read_u32(bytes)?);
        let kinds = read_u32(bytes)?;
        let mut rules = Self {
            is_admitted,
            product,
            venue,
            bars,
            order_types: (kinds >> 16) as u16,
            times_in_force: kinds as u16,
            ticklot_e12: read_i64(bytes)?,
            located: read_i64(bytes)?,
            qty_min: read_i64(bytes)?,
            qty_max: read_i64(bytes)?,
            qty_step: read_i64(bytes)?,
            price_min: read_i64(bytes)?,
            price_max: read_i64(bytes)?,
            tick_table: TickTable::flat(1),
        };
        let mut rungs = [Rung::default(); TickTable::RUNGS_MAX];
        let count = read_u32(bytes)? as usize;
        for rung in rungs.get_mut(..count).ok_or(wrong("risk: tick table"))? {
            *rung = Rung { from: read_i64(bytes)?, increment: read_i64(bytes)? };
        }
        rules.tick_table =
            TickTable::from_rungs(&rungs[..count]).map_err(|_| wrong("risk: tick table"))?;
        Ok(rules)
    }
}

impl Reserved {
    fn save(&self, out: &mut Vec<u8>, older: u64) {
        write_u64(out, self.client_id);
        write_u64(out, older);
        write_u32(out, self.pair);
        for value in [self.leaves, self.price, self.worst_price] {
            write_i64(out, value);
        }
        write_u64(out, self.terms);
        write_u8(out, self.side.raw());
        write_u8(out, u8::from(self.is_immediate));
    }
}

impl Ledger {
    /// Mixes all of it into a digest: what there is, not where it is kept.
    pub(in crate::risk) fn hash_into(&self, hasher: &mut StateHasher) {
        let mut orders = 0_u64;
        for (slot, order) in self.orders.all() {
            let mut bytes = Vec::with_capacity(64);
            order.save(&mut bytes, self.older_client(slot));
            let mut one = StateHasher::new();
            one.bytes(&bytes);
            // Slots depend on what was freed when: a sum does not.
            orders = orders.wrapping_add(one.finish());
        }
        hasher.word(orders);
        for pair in &self.pairs {
            let listing = &self.listings[pair.listing as usize];
            hasher.word(u64::from(pair.strategy) << 32 | u64::from(listing.id));
            hasher.signed(pair.holding.position);
            for wide in [pair.cash, pair.fees_e12] {
                hasher.bytes(&wide.to_le_bytes());
            }
        }
        let mut bytes = Vec::new();
        self.save_listings(&mut bytes);
        for booking in &self.bookings {
            booking.save(&mut bytes);
        }
        for money in self.all_money() {
            money.day.iter().for_each(|&wide| write_wide(&mut bytes, wide));
        }
        hasher.bytes(&bytes);
    }

    fn all_money(&self) -> impl Iterator<Item = &Money> {
        self.strategies.iter().chain(&self.accounts).chain([&self.firm])
    }

    fn older_client(&self, slot: u32) -> u64 {
        let older = self.orders.older(slot).and_then(|older| self.orders.get(older));
        older.map_or(0, |order| order.client_id)
    }

    fn save_listings(&self, out: &mut Vec<u8>) {
        write_u32(out, self.listings.len() as u32);
        for listing in &self.listings {
            write_u32(out, listing.id);
            listing.rules.save(out);
            listing.day_lots.iter().for_each(|&lots| write_i64(out, lots));
            for mark in listing.mark {
                write_u8(out, u8::from(mark.is_some()));
                write_i64(out, mark.unwrap_or(0));
            }
        }
    }

    /// Appends the whole state.
    pub(in crate::risk) fn save(&self, out: &mut Vec<u8>) {
        self.save_listings(out);
        write_u32(out, self.bookings.len() as u32);
        self.bookings.iter().for_each(|booking| booking.save(out));
        write_u32(out, self.accounts.len() as u32);
        self.all_money().flat_map(|money| money.day).for_each(|wide| write_wide(out, wide));
        self.margins.iter().for_each(|&margin| write_i64(out, margin));
        write_u32(out, self.pairs.len() as u32);
        for pair in &self.pairs {
            write_u32(out, pair.strategy);
            write_u32(out, self.listings[pair.listing as usize].id);
            write_i64(out, pair.holding.position);
            write_wide(out, pair.cash);
            write_wide(out, pair.fees_e12);
        }
        write_u8(out, u8::from(self.has_books));
        write_u32(out, self.orders.len() as u32);
        // Chains whole, oldest first: a link finds the one before it.
        let oldest = self.orders.all().filter(|&(slot, _)| self.orders.older(slot).is_none());
        for slot in oldest.flat_map(|(slot, _)| self.orders.chain(slot)) {
            if let Some(order) = self.orders.get(slot) {
                order.save(out, self.older_client(slot));
            }
        }
    }

    /// Takes up what [`Self::save`] wrote.
    pub(in crate::risk) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.clear();
        for _ in 0..read_u32(bytes)? {
            let row = self.listing(read_u32(bytes)?).ok_or(wrong("risk: instruments_max"))?;
            let listing = &mut self.listings[row as usize];
            listing.rules = Rules::restore(bytes)?;
            for lots in &mut listing.day_lots {
                *lots = read_i64(bytes)?;
            }
            for mark in &mut listing.mark {
                *mark = (read_u8(bytes)? != 0).then_some(read_i64(bytes)?);
            }
        }
        if read_u32(bytes)? as usize != self.bookings.len() {
            return Err(wrong("risk: strategies_max differs"));
        }
        for booking in &mut self.bookings {
            *booking = Booking::restore(bytes)?;
        }
        if read_u32(bytes)? as usize != self.accounts.len() {
            return Err(wrong("risk: accounts_max differs"));
        }
        for money in self.strategies.iter_mut().chain(&mut self.accounts).chain([&mut self.firm]) {
            money.day = [read_wide(bytes)?, read_wide(bytes)?];
        }
        for margin in &mut self.margins {
            *margin = read_i64(bytes)?;
        }
        self.restore_pairs(bytes)?;
        self.has_books = read_u8(bytes)? != 0;
        (0..read_u32(bytes)?).try_for_each(|_| self.restore_order(bytes))
    }

    fn restore_pairs(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        for _ in 0..read_u32(bytes)? {
            let (strategy, instrument) = (read_u32(bytes)?, read_u32(bytes)?);
            let row = self.pair(strategy, instrument).ok_or(wrong("risk: pairs_max"))?;
            let position = read_i64(bytes)?;
            self.shift(row, position);
            let pair = &mut self.pairs[row as usize];
            (pair.cash, pair.fees_e12) = (read_wide(bytes)?, read_wide(bytes)?);
            self.revalue(row);
        }
        Ok(())
    }

    fn restore_order(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let (client_id, replaced) = (read_u64(bytes)?, read_u64(bytes)?);
        let pair = read_u32(bytes)?;
        let row = self.pairs.get(pair as usize).ok_or(wrong("risk: an order's pair"))?;
        let strategy = row.strategy;
        let order = Reserved {
            client_id,
            strategy,
            pair,
            leaves: read_i64(bytes)?,
            price: read_i64(bytes)?,
            worst_price: read_i64(bytes)?,
            terms: read_u64(bytes)?,
            side: Side::from_raw(read_u8(bytes)?).ok_or(wrong("risk: an order's side"))?,
            is_immediate: read_u8(bytes)? != 0,
            ..Reserved::NOBODY
        };
        let replaced = (replaced != 0).then(|| self.orders.find(strategy, replaced)).flatten();
        self.reserve(order, replaced).map(|_| ()).ok_or(wrong("risk: orders_max"))
    }

    fn clear(&mut self) {
        self.orders.clear();
        self.pairs.clear();
        self.pair_index.fill(0);
        self.listings.clear();
        self.listing_index.fill(0);
        for grid in [&mut self.by_strategy, &mut self.by_account, &mut self.products] {
            grid.clear();
        }
        self.strategies.fill(Money::default());
        self.accounts.fill(Money::default());
        self.firm = Money::default();
        self.has_books = false;
    }
}

impl Booking {
    fn save(&self, out: &mut Vec<u8>) {
        for value in [self.account, self.owner, self.algo, self.trader] {
            write_u32(out, value);
        }
        write_u64(out, self.generation);
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            account: read_u32(bytes)?,
            owner: read_u32(bytes)?,
            algo: read_u32(bytes)?,
            trader: read_u32(bytes)?,
            generation: read_u64(bytes)?,
        })
    }
}
