// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the venue says, as far as the ledger of reservations is concerned. What nobody knows of is
//! taken as it is said: a fill moves the position whether or not its order is known.

use super::RiskGate;
use super::check::MONEY_MAX;
use super::ledger::{LOTS_MAX, Reserved};
use super::terms::Scope;
use crate::events::{RejectReason, RiskScope, TradingState};
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks};

/// A trade of ours.
#[derive(Clone, Copy, Debug)]
pub struct Fill {
    /// Whose.
    pub strategy: StrategyId,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The strategy's number for the order; it need not be known.
    pub client_id: u64,
    /// Our side.
    pub side: Side,
    /// Trade price.
    pub price: Ticks,
    /// Traded quantity.
    pub qty: Lots,
    /// What is left of the order, as the venue says.
    pub leaves: Lots,
    /// The fee, in 10^-9 account currency; negative for a rebate.
    pub fee_e9: i64,
    /// The order was a person's: it does not count as an automated execution.
    pub is_manual: bool,
}

fn lots(lots: Lots) -> i64 {
    i64::try_from(lots).unwrap_or(LOTS_MAX).min(LOTS_MAX)
}

impl RiskGate {
    /// An order traded, or somebody says so: the position moves, the reservation shrinks.
    pub fn on_fill(&mut self, fill: &Fill) {
        let now = self.now;
        let Some(row) = self.pair(fill.strategy, fill.instrument) else { return };
        if let Some(slot) = self.ledger.orders.find(fill.strategy, fill.client_id) {
            self.ledger.consume(slot, lots(fill.qty));
            self.set_leaves(slot, lots(fill.leaves), true);
        }
        let fee_e12 = i128::from(fill.fee_e9) * 1_000;
        let worth = i128::from(lots(fill.qty)) * i128::from(fill.price);
        let weight = self.ledger.pairs[row as usize].listing;
        let weight = i128::from(self.ledger.listings[weight as usize].rules.ticklot_e12).max(1);
        let is_sane = worth.abs() <= MONEY_MAX / weight;
        let price = if is_sane { fill.price } else { 0 };
        self.ledger.trade(row, fill.side, lots(fill.qty), price, fee_e12);
        if !is_sane {
            // Nobody can have traded that: the position moves, and everything stops.
            self.extend();
            let (reason, value) = (RejectReason::Overflow, fill.price);
            self.breach(Scope::FIRM, reason, value, 0, TradingState::Halted);
        }
        if self.is_extended {
            self.count_fill(row, fill.side, lots(fill.qty), fill.is_manual);
            self.count_drift(row, price, lots(fill.qty));
            self.reduce_accumulated(row, fill.side);
            self.judge_positions(row);
            self.judge_pair(row, now);
            self.judge(Scope::FIRM, now);
            self.warn_exposures(fill.strategy, self.ledger.pairs[row as usize].account);
        }
    }

    /// An order, or part of it, was cancelled, or expired; `leaves` of it are left. What was
    /// reserved for the rest is given back. False when no such order is known.
    pub fn on_canceled(&mut self, strategy: StrategyId, client_id: u64, leaves: Lots) -> bool {
        let slot = self.ledger.orders.find(strategy, client_id);
        slot.is_some_and(|slot| {
            self.set_leaves(slot, lots(leaves), false);
            true
        })
    }

    /// Sets what is left of an order; what is kept of one that is done is forgotten.
    fn set_leaves(&mut self, slot: u32, leaves: i64, is_filled: bool) {
        if let Some(&order) =
            self.ledger.orders.get(slot).filter(|_| leaves == 0 && self.is_extended)
        {
            if order.terms != 0 {
                self.forget_terms(order.pair, order.terms);
            }
            if order.is_immediate && !is_filled {
                self.weigh_unfilled(order.pair);
            }
        }
        self.ledger.set_leaves(slot, leaves);
    }

    /// The venue refused a new order or a replacement, or never had it: what was reserved for it is
    /// given back. False when no such order is known.
    pub fn on_rejected(&mut self, strategy: StrategyId, client_id: u64) -> bool {
        self.on_canceled(strategy, client_id, 0)
    }

    /// An order lives that nothing is reserved for: the venue says so after all. It is reserved
    /// unchecked, since it is there. False when it is known already, or cannot be kept.
    pub fn adopt(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        client_id: u64,
        side: Side,
        price: Ticks,
        leaves: Lots,
    ) -> bool {
        let Some(pair) = self.pair(strategy, instrument).filter(|_| leaves > 0) else {
            return false;
        };
        let reserved = Reserved {
            client_id,
            strategy,
            pair,
            leaves: lots(leaves),
            price,
            worst_price: price,
            side,
            ..Reserved::NOBODY
        };
        self.ledger.reserve(reserved, None).is_some()
    }

    /// A replacement took an order's place, with `leaves` of it open.
    pub fn on_replaced(&mut self, strategy: StrategyId, old: u64, new: u64, leaves: Lots) {
        self.on_canceled(strategy, old, 0);
        self.on_canceled(strategy, new, leaves);
    }

    /// What is reserved on a side for a strategy in an instrument, in lots.
    #[must_use]
    pub fn open(&self, strategy: StrategyId, instrument: InstrumentId, side: Side) -> Lots {
        self.ledger.open(strategy, instrument, side)
    }

    /// The position of a strategy in an instrument, in lots.
    #[must_use]
    pub fn position(&self, strategy: StrategyId, instrument: InstrumentId) -> i64 {
        let row = self.ledger.known_pair(strategy, instrument);
        row.map_or(0, |row| self.ledger.pairs[row as usize].holding.position)
    }

    /// The account that a strategy is booked to.
    #[must_use]
    pub fn account_of(&self, strategy: StrategyId) -> u32 {
        self.ledger.bookings.get(strategy as usize).map_or(0, |booking| booking.account)
    }

    /// Whether a scope takes in a strategy's orders in an instrument.
    #[must_use]
    pub fn takes_in(&self, scope: Scope, strategy: StrategyId, instrument: InstrumentId) -> bool {
        let listing = self.ledger.known_listing(instrument);
        let rules = listing.map(|row| &self.ledger.listings[row as usize].rules);
        match scope.kind {
            RiskScope::Strategy => strategy == scope.id,
            RiskScope::Instrument => instrument == scope.id,
            RiskScope::Venue => rules.is_some_and(|rules| rules.venue == scope.id),
            RiskScope::Product => rules.is_some_and(|rules| rules.product == scope.id),
            RiskScope::Account => self.account_of(strategy) == scope.id,
            RiskScope::Firm => true,
        }
    }

    /// Live orders that something is reserved for, replacements on their way among them.
    #[must_use]
    pub const fn orders(&self) -> usize {
        self.ledger.orders.len()
    }

    /// A position was held before, or is reconciled: it is `position` lots now, the difference
    /// taken as traded at `price`. False when the ids are unknown.
    pub fn set_position(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        position: i64,
        price: Ticks,
    ) -> bool {
        let row = self.pair(strategy, instrument);
        row.is_some_and(|row| {
            self.ledger.set_position(row, position.clamp(-LOTS_MAX, LOTS_MAX), price);
            true
        })
    }

    /// The best prices of an instrument: positions are valued at them.
    #[inline]
    pub fn mark(&mut self, instrument: InstrumentId, bid: Option<Ticks>, ask: Option<Ticks>) {
        let Some(listing) = self.ledger.known_listing(instrument) else { return };
        let is_moved = self.ledger.mark(listing, bid, ask);
        self.hear_middle(listing, self.now);
        if is_moved && self.is_extended {
            self.judge_listing(listing, self.now);
        }
    }
}
