// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a strategy, an account and the firm stand after each trade and price: profit, exposure, use of
//! capital (PO-02 to PO-05, PO-08). What is over its limit may only reduce.

use super::exposure::{currency, gross, net};
use super::ledger::LOTS_MAX;
use super::terms::Scope;
use super::{CURRENCY_E12, RiskGate};
use crate::events::{Limit, RejectReason, RiskScope, TradingState};
use crate::types::{InstrumentId, Side, StrategyId};

/// How a strategy, an account or the firm stands; money in 10^-12 account currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Profit since the day's start with all positions closed at once, less fees.
    pub profit: i128,
    /// Fall from the day's highest profit.
    pub drawdown: i128,
    /// Fees paid, less rebates.
    pub fees: i128,
    /// Worth of all positions, unsigned.
    pub held_gross: i128,
    /// Worth of all positions, signed.
    pub held_net: i128,
    /// Worth of what is open and on its way, by side.
    pub open: [i128; 2],
    /// Worth of what was executed today, by side.
    pub executed: [i128; 2],
    /// Margin of the worst case (accounts alone).
    pub margin: i128,
    /// The position that is worth most, unsigned.
    pub largest: i128,
    /// Live orders.
    pub orders: i64,
    /// Lots in them.
    pub lots: i64,
}

impl RiskGate {
    /// How a scope stands; nothing of a scope that has no money, or is unknown.
    ///
    /// It goes through all positions: for people, not for every event.
    #[must_use]
    pub fn standing(&self, scope: Scope) -> Standing {
        let ledger = &self.ledger;
        let id = scope.id as usize;
        let money = match scope.kind {
            RiskScope::Strategy => ledger.strategies.get(id),
            RiskScope::Account => ledger.accounts.get(id),
            RiskScope::Firm => Some(&ledger.firm),
            _ => None,
        };
        let Some(money) = money else { return Standing::default() };
        let own = ledger.pairs.iter().filter(|pair| match scope.kind {
            RiskScope::Strategy => pair.strategy == scope.id,
            RiskScope::Account => pair.account == scope.id,
            _ => true,
        });
        let (mut fees, mut largest) = (0, 0);
        for pair in own {
            fees += pair.fees_e12;
            largest = pair.worth.abs().max(largest);
        }
        let profit = self.profit_e12(scope);
        Standing {
            profit,
            drawdown: self.watches.peak(scope).max(profit) - profit,
            fees,
            held_gross: money.gross,
            held_net: money.net,
            open: money.open,
            executed: money.day,
            margin: money.margin,
            largest,
            orders: money.orders,
            lots: money.lots,
        }
    }

    /// Worth of one tick-lot of an instrument, in 10^-12 account currency; 0 while it is unknown.
    #[must_use]
    pub fn ticklot_e12(&self, instrument: InstrumentId) -> i64 {
        let listing = self.ledger.known_listing(instrument);
        listing.map_or(0, |row| self.ledger.listings[row as usize].rules.ticklot_e12)
    }

    /// Fees that a strategy has paid in an instrument, less rebates, in 10^-12 account currency.
    #[must_use]
    pub fn fees_e12(&self, strategy: StrategyId, instrument: InstrumentId) -> i128 {
        let row = self.ledger.known_pair(strategy, instrument);
        row.map_or(0, |row| self.ledger.pairs[row as usize].fees_e12)
    }

    /// PO-04, PO-08: exposure and use of capital, as prices and fills move them. What an order adds was
    /// refused before; this is for what moves by itself.
    pub(super) fn judge_credit(&mut self, scope: Scope) {
        let limits = self.limits.row(scope.kind, scope.id);
        let [gross_max, net_max, capital] =
            [Limit::GrossExposureMax, Limit::NetExposureMax, Limit::Capital]
                .map(|limit| limits.get(limit));
        let money = self.money(scope);
        let net = net(money, Side::Buy).max(net(money, Side::Sell));
        let used = money.margin - money.equity.min(0);
        let found = [
            (RejectReason::GrossExposure, gross(money), gross_max),
            (RejectReason::NetExposure, net, net_max),
            (RejectReason::BuyingPower, used, capital),
        ];
        for (reason, found, bound) in found {
            if let Some(bound) = bound
                && found > i128::from(bound) * CURRENCY_E12
            {
                self.breach(scope, reason, currency(found), bound, TradingState::Reducing);
            }
        }
        self.warn_exposure(scope);
    }

    /// PO-05: positions of every scope that a fill touches, whatever brought them there.
    pub(super) fn judge_positions(&mut self, pair: u32) {
        let row = &self.ledger.pairs[pair as usize];
        let listing = &self.ledger.listings[row.listing as usize];
        let product = self.ledger.products.rows[row.product as usize].position;
        let of_strategy = self.ledger.by_strategy.rows[row.by_strategy as usize].position;
        let of_account = self.ledger.by_account.rows[row.by_account as usize].position;
        let scopes = [
            (Scope::new(RiskScope::Strategy, row.strategy), of_strategy),
            (Scope::new(RiskScope::Instrument, listing.id), listing.holding.position),
            (Scope::new(RiskScope::Product, listing.rules.product), product),
            (Scope::new(RiskScope::Account, row.account), of_account),
            (Scope::FIRM, product),
        ];
        for (scope, position) in scopes {
            let limits = self.limits.row(scope.kind, scope.id);
            let position = position.clamp(-LOTS_MAX, LOTS_MAX).abs();
            if let Some(bound) = limits.get(Limit::PositionMax)
                && position > bound
            {
                let (reason, state) = (RejectReason::PositionTotal, TradingState::Reducing);
                self.breach(scope, reason, position, bound, state);
            }
        }
    }
}
