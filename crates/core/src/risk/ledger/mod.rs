// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The ledger of reservations: what is held, what may still trade, and what that is worth, for each
//! strategy in each instrument and over every wider scope.
//!
//! Exposure is reserved before a command leaves and given back only when the venue has said that it
//! cannot trade any more. Every sum is kept as things change; nothing is searched for.

mod book;
mod orders;
mod room;
mod rows;
mod save;

pub(super) use orders::{Measure, NONE, OrderStore, Reserved};
pub(super) use room::{Room, left, units};
pub(super) use rows::{Change, Grid, Holding, LOTS_MAX, Listing, Money, Pair, Worth, times};

use super::RiskConfig;
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks};

/// Worth of one position that is counted, in 10^-12 account currency: the sums of all stay inside
/// 128 bits, whatever a feed says of prices.
const MONEY_MAX: i128 = 1_000_000_000_000_000_000_000_000_000_000_000;

/// On whose behalf a strategy trades, and how its orders are flagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Booking {
    pub(super) account: u32,
    pub(super) owner: u32,
    pub(super) algo: u32,
    pub(super) trader: u32,
    pub(super) generation: u64,
}

impl Default for Booking {
    fn default() -> Self {
        Self { account: 1, owner: 1, algo: 0, trader: 0, generation: 0 }
    }
}

/// The ledger.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    pub(super) orders: OrderStore,
    pub(super) pairs: Vec<Pair>,
    pairs_max: usize,
    /// Pair and one, by strategy and instrument.
    pair_index: Vec<u32>,
    instruments_max: u32,
    pub(super) listings: Vec<Listing>,
    listing_index: Vec<u32>,
    pub(super) bookings: Vec<Booking>,
    pub(super) by_strategy: Grid,
    pub(super) by_account: Grid,
    pub(super) products: Grid,
    pub(super) strategies: Vec<Money>,
    pub(super) accounts: Vec<Money>,
    pub(super) firm: Money,
    /// Margin per lot by product, in 10^-12 account currency; kept here because it moves sums.
    margins: Vec<i64>,
    /// Own orders are kept by side of an instrument, for self-trade prevention.
    pub(super) has_books: bool,
}

impl Ledger {
    pub(super) fn new(config: &RiskConfig) -> Self {
        let (strategies, instruments) = (config.strategies_max, config.instruments_max);
        let row = instruments as usize + 1;
        Self {
            orders: OrderStore::new(config.orders_max),
            pairs: Vec::with_capacity(config.pairs_max as usize),
            pairs_max: config.pairs_max as usize,
            pair_index: vec![0; (strategies as usize + 1) * row],
            instruments_max: instruments,
            listings: Vec::with_capacity(instruments as usize),
            listing_index: vec![0; row],
            bookings: vec![Booking::default(); strategies as usize + 1],
            by_strategy: Grid::new(strategies, instruments, config.pairs_max),
            by_account: Grid::new(config.accounts_max, instruments, config.pairs_max),
            products: Grid::new(0, instruments, instruments),
            strategies: vec![Money::default(); strategies as usize + 1],
            accounts: vec![Money::default(); config.accounts_max as usize + 1],
            firm: Money::default(),
            margins: vec![0; row],
            has_books: false,
        }
    }

    /// The row of an instrument, made if need be; `None` when its number is not one.
    #[inline]
    pub(super) fn listing(&mut self, id: InstrumentId) -> Option<u32> {
        let cell = self.listing_index.get_mut(id as usize).filter(|_| id != 0)?;
        if *cell == 0 {
            self.listings.push(Listing::new(id));
            *cell = self.listings.len() as u32;
        }
        Some(*cell - 1)
    }

    /// The row of a strategy in an instrument, made if need be.
    #[inline]
    pub(super) fn pair(&mut self, strategy: StrategyId, id: InstrumentId) -> Option<u32> {
        match *self.pair_cell(strategy, id)? {
            0 => self.new_pair(strategy, id),
            row => Some(row - 1),
        }
    }

    /// The row of a strategy in an instrument, if it was ever used.
    pub(super) fn known_pair(&self, strategy: StrategyId, id: InstrumentId) -> Option<u32> {
        let width = self.instruments_max as usize + 1;
        let cell = self.pair_index.get(strategy as usize * width + id as usize)?;
        cell.checked_sub(1).filter(|_| id <= self.instruments_max)
    }

    #[inline]
    fn pair_cell(&mut self, strategy: StrategyId, id: InstrumentId) -> Option<&mut u32> {
        if strategy == 0 || id == 0 || id > self.instruments_max {
            return None;
        }
        let width = self.instruments_max as usize + 1;
        self.pair_index.get_mut(strategy as usize * width + id as usize)
    }

    #[cold]
    fn new_pair(&mut self, strategy: StrategyId, id: InstrumentId) -> Option<u32> {
        if self.pairs.len() == self.pairs_max {
            return None;
        }
        let listing = self.listing(id)?;
        let product = self.listings[listing as usize].rules.product;
        let account = self.bookings.get(strategy as usize)?.account;
        let row = self.pairs.len() as u32;
        let pair = Pair {
            strategy,
            account,
            listing,
            holding: Holding::default(),
            orders: 0,
            open_worth: [0; 2],
            cash: 0,
            fees_e12: 0,
            equity: 0,
            worth: 0,
            by_strategy: self.by_strategy.row(strategy, product)?,
            by_account: self.by_account.row(account, product)?,
            product: self.products.row(0, product)?,
            sides: u32::MAX,
            bars: 0,
            located: 0,
            next: self.listings[listing as usize].pairs,
        };
        self.listings[listing as usize].pairs = row;
        *self.pair_cell(strategy, id)? = row + 1;
        self.pairs.push(pair);
        Some(row)
    }

    /// Applies how what is reserved changes, to all scopes.
    fn apply(&mut self, row: u32, change: Change) {
        let pair = &self.pairs[row as usize];
        let rules = &self.listings[pair.listing as usize].rules;
        let account = &self.by_account.rows[pair.by_account as usize];
        let money = times(change.worth, rules.ticklot_e12);
        let worth = Worth {
            money,
            units: units(money),
            margin: match self.margins[rules.product as usize] {
                0 => 0,
                margin => {
                    i128::from(account.more_worst(change.side, change.lots)) * i128::from(margin)
                }
            },
        };
        self.move_open(row, change, worth);
    }

    /// Moves what is open by a change whose worth is known.
    #[inline]
    fn move_open(&mut self, row: u32, change: Change, worth: Worth) {
        let pair = &mut self.pairs[row as usize];
        let listing = &mut self.listings[pair.listing as usize];
        let at = change.side.index();
        pair.orders += change.orders;
        pair.open_worth[at] += change.worth;
        listing.orders += change.orders;
        let account = &mut self.accounts[pair.account as usize];
        account.margin += worth.margin;
        for scope in [&mut self.strategies[pair.strategy as usize], account, &mut self.firm] {
            scope.open[at] += worth.money;
            scope.room.open(change.side, worth.units);
            scope.orders += change.orders;
            scope.lots += change.lots;
        }
        let of_account = &mut self.by_account.rows[pair.by_account as usize];
        let product = &mut self.products.rows[pair.product as usize];
        let of_strategy = &mut self.by_strategy.rows[pair.by_strategy as usize];
        for holding in [&mut pair.holding, &mut listing.holding, of_strategy, of_account, product] {
            holding.open[at] = holding.open[at].saturating_add(change.lots);
        }
    }

    /// Moves a position over all scopes, and the margin with it.
    fn shift(&mut self, row: u32, position: i64) {
        let pair = &mut self.pairs[row as usize];
        let listing = &mut self.listings[pair.listing as usize];
        let (margin, account) = (self.margins[listing.rules.product as usize], pair.account);
        let of_account = &mut self.by_account.rows[pair.by_account as usize];
        let before = of_account.worst_lots();
        let product = &mut self.products.rows[pair.product as usize];
        let of_strategy = &mut self.by_strategy.rows[pair.by_strategy as usize];
        for holding in [&mut pair.holding, &mut listing.holding, of_strategy, of_account, product] {
            holding.position = holding.position.saturating_add(position);
        }
        if margin != 0 {
            let after = self.by_account.rows[pair.by_account as usize].worst_lots();
            let more = i128::from(after - before);
            self.accounts[account as usize].margin += more * i128::from(margin);
        }
    }

    /// Reserves an order that passed, as one that is to take the place of `replaced` if given.
    /// `None`, with nothing changed, when there is no room.
    pub(super) fn reserve(&mut self, order: Reserved, replaced: Option<u32>) -> Option<u32> {
        let before = replaced.map_or(Measure::default(), |slot| self.orders.measure(slot));
        let slot = self.orders.insert(order, replaced)?;
        let after = before.with(order.leaves, order.worst_price);
        self.apply(order.pair, Change::between(order.side, before, after));
        if self.has_books {
            self.enter_book(slot);
        }
        Some(slot)
    }

    /// Reserves an order whose place and worth were found when it was checked.
    #[inline]
    pub(super) fn reserve_at(
        &mut self,
        entry: usize,
        order: Reserved,
        replaced: Option<u32>,
        change: Change,
        worth: Worth,
    ) {
        let slot = self.orders.insert_at(entry, order, replaced);
        self.move_open(order.pair, change, worth);
        if self.has_books {
            self.enter_book(slot);
        }
    }

    /// Sets what is left of an order; with nothing left, it is forgotten.
    pub(super) fn set_leaves(&mut self, slot: u32, leaves: i64) {
        let Some(order) = self.orders.get(slot).copied() else { return };
        let before = self.orders.measure(slot);
        let rest = if leaves <= 0 {
            let relative = self.orders.relative(slot);
            self.leave_book(slot);
            self.orders.remove(slot);
            relative
        } else {
            if let Some(order) = self.orders.get_mut(slot) {
                order.leaves = leaves;
            }
            Some(slot)
        };
        let after = rest.map_or(Measure::default(), |slot| self.orders.measure(slot));
        self.apply(order.pair, Change::between(order.side, before, after));
    }

    /// Part of a chain traded: every link has that much less to trade.
    pub(super) fn consume(&mut self, slot: u32, qty: i64) {
        let Some(order) = self.orders.get(slot).copied() else { return };
        let before = self.orders.measure(slot);
        let mut link = self.orders.chain(slot).next();
        while let Some(at) = link {
            link = self.orders.newer(at);
            if let Some(order) = self.orders.get_mut(at) {
                order.leaves = order.leaves.saturating_sub(qty).max(0);
            }
        }
        let after = self.orders.measure(slot);
        self.apply(order.pair, Change::between(order.side, before, after));
    }

    /// A position moved by a trade.
    pub(super) fn trade(&mut self, row: u32, side: Side, qty: i64, price: Ticks, fee_e12: i128) {
        let signed = if side == Side::Buy { qty } else { -qty };
        self.shift(row, signed);
        let pair = &mut self.pairs[row as usize];
        pair.cash -= i128::from(signed) * i128::from(price);
        pair.fees_e12 += fee_e12;
        let listing = &mut self.listings[pair.listing as usize];
        listing.day_lots[side.index()] = listing.day_lots[side.index()].saturating_add(qty);
        for mark in &mut listing.mark {
            mark.get_or_insert(price);
        }
        let worth =
            i128::from(qty) * i128::from(price.abs()) * i128::from(listing.rules.ticklot_e12);
        let (strategy, account) = (pair.strategy as usize, pair.account as usize);
        for scope in [&mut self.strategies[strategy], &mut self.accounts[account], &mut self.firm] {
            scope.day[side.index()] += worth;
            scope.room.executed(side, units(worth));
        }
        self.revalue(row);
    }

    /// Values a position anew, at the price it could be closed at.
    pub(super) fn revalue(&mut self, row: u32) {
        let pair = &mut self.pairs[row as usize];
        let listing = &self.listings[pair.listing as usize];
        let weight = i128::from(listing.rules.ticklot_e12);
        let position = i128::from(pair.holding.position);
        let exit = listing.mark[usize::from(position < 0)].map_or(0, i128::from);
        let worth = (position * exit).saturating_mul(weight).clamp(-MONEY_MAX, MONEY_MAX);
        let cash = pair.cash.saturating_mul(weight).clamp(-MONEY_MAX, MONEY_MAX);
        let equity = worth + cash - pair.fees_e12;
        let (more, gross) = (equity - pair.equity, worth.abs() - pair.worth.abs());
        let net = worth - pair.worth;
        (pair.equity, pair.worth) = (equity, worth);
        let (strategy, account) = (pair.strategy as usize, pair.account as usize);
        for scope in [&mut self.strategies[strategy], &mut self.accounts[account], &mut self.firm] {
            scope.equity += more;
            scope.gross += gross;
            scope.net += net;
            scope.room.worth(gross, net);
        }
    }

    /// Sets a position that was held before, bought or sold at `price`.
    pub(super) fn set_position(&mut self, row: u32, lots: i64, price: Ticks) {
        let held = self.pairs[row as usize].holding.position;
        self.shift(row, lots.saturating_sub(held));
        let pair = &mut self.pairs[row as usize];
        pair.cash -= (i128::from(lots) - i128::from(held)) * i128::from(price);
        for mark in &mut self.listings[pair.listing as usize].mark {
            mark.get_or_insert(price);
        }
        self.revalue(row);
    }

    /// The row of an instrument, if it was ever spoken of.
    #[inline]
    pub(super) fn known_listing(&self, id: InstrumentId) -> Option<u32> {
        self.listing_index.get(id as usize)?.checked_sub(1)
    }

    /// Takes in the best prices of an instrument; the last ones stand where there are none now.
    /// Gives whether a position is worth something else now.
    #[inline]
    pub(super) fn mark(&mut self, row: u32, bid: Option<Ticks>, ask: Option<Ticks>) -> bool {
        let listing = &mut self.listings[row as usize];
        let before = listing.mark;
        listing.mark = [bid.or(before[0]), ask.or(before[1])];
        let mut next = if listing.mark == before { NONE } else { listing.pairs };
        let mut moved = false;
        while next != NONE {
            if self.pairs[next as usize].holding.position != 0 {
                self.revalue(next);
                moved = true;
            }
            next = self.pairs[next as usize].next;
        }
        moved
    }

    /// Sets what a tick-lot of an instrument is worth; all sums follow.
    pub(super) fn weigh(&mut self, listing: u32, ticklot_e12: i64) {
        let rules = &mut self.listings[listing as usize].rules;
        let more = i128::from(ticklot_e12) - i128::from(rules.ticklot_e12);
        rules.ticklot_e12 = ticklot_e12;
        let mut next = self.listings[listing as usize].pairs;
        while next != NONE {
            let Pair { strategy, account, open_worth, next: after, .. } = self.pairs[next as usize];
            let (strategy, account) = (strategy as usize, account as usize);
            let scopes =
                [&mut self.strategies[strategy], &mut self.accounts[account], &mut self.firm];
            for scope in scopes {
                for (open, worth) in scope.open.iter_mut().zip(open_worth) {
                    *open = open.saturating_add(worth.saturating_mul(more));
                }
            }
            self.revalue(next);
            next = after;
        }
    }

    /// Sets the margin for one lot of a product, in 10^-12 account currency; all sums follow.
    pub(super) fn set_margin(&mut self, product: u32, margin_e12: i64) {
        let Some(margin) = self.margins.get_mut(product as usize) else { return };
        let more = i128::from(margin_e12) - i128::from(*margin);
        *margin = margin_e12;
        for account in 1..self.accounts.len() {
            if let Some(row) = self.by_account.known(account as u32, product) {
                let lots = self.by_account.rows[row as usize].worst_lots();
                self.accounts[account].margin += i128::from(lots) * more;
            }
        }
    }

    /// Margin for one lot of a product, in 10^-12 account currency.
    pub(super) fn margin(&self, product: u32) -> i64 {
        self.margins.get(product as usize).copied().unwrap_or(0)
    }

    /// Reserved quantity on a side, of one strategy in one instrument.
    pub(super) fn open(&self, strategy: StrategyId, id: InstrumentId, side: Side) -> Lots {
        let row = self.known_pair(strategy, id);
        row.map_or(0, |row| self.pairs[row as usize].holding.open[side.index()].unsigned_abs())
    }
}
