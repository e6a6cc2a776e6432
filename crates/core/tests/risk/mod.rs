// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A gate to try things on, with wide limits, one strategy on each of two accounts.

mod flow;
mod losses;
mod money;
mod orders;
mod standing;
mod studies;

use onetape_core::component::Outbox;
use onetape_core::events::{
    InstrumentAdmitted, Limit, RejectReason, RiskScope, StrategyBooked, TimeInForce,
};
use onetape_core::risk::{Alert, Fill, Proposal, Reference, Refusal, RiskConfig, RiskGate, Scope};
use onetape_core::types::{SECOND_NS, Side, TsNs};

pub(crate) const T0: TsNs = 1_000 * SECOND_NS;
pub(crate) const MS: TsNs = 1_000_000;

/// Keeps the kinds of what is put out.
#[derive(Default)]
pub(crate) struct Kinds(pub(crate) Vec<u16>);

impl Outbox for Kinds {
    fn emit(&mut self, kind: u16, _version: u8, _body: &[u8]) {
        self.0.push(kind);
    }
}

/// A gate, the market it sees, and the time.
pub(crate) struct Bench {
    pub(crate) gate: RiskGate,
    pub(crate) market: Reference,
    pub(crate) now: TsNs,
    pub(crate) out: Kinds,
    next_id: u64,
}

impl Bench {
    /// Instruments 1 and 2 are one product at two venues, 3 is another at the first; a tick-lot is
    /// worth one of account currency; 999 is bid, 1,001 asked.
    pub(crate) fn new() -> Self {
        let mut bench = Self {
            gate: RiskGate::new(RiskConfig::new(2, 4, 64)),
            market: Reference {
                bid: Some(999),
                ask: Some(1_001),
                last: Some(1_000),
                heard_ns: T0,
                is_whole: true,
                input_ns: T0,
                depth: None,
            },
            now: T0,
            out: Kinds::default(),
            next_id: 0,
        };
        for (limit, value) in [
            (Limit::OrderQtyMax, 1_000),
            (Limit::OrderNotionalMax, 10_000_000),
            (Limit::PositionMax, 10_000),
            (Limit::PriceCollarTicks, 500),
            (Limit::OrderRateMax, 1_000),
        ] {
            assert!(bench.gate.set(limit, 0, value));
        }
        for (instrument_id, venue_id, product_id) in [(1, 1, 1), (2, 2, 1), (3, 1, 3)] {
            bench.admit(instrument_id, venue_id, product_id);
        }
        for strategy_id in [1, 2] {
            bench.book(strategy_id, strategy_id, 1);
        }
        bench
    }

    pub(crate) fn admit(&mut self, instrument_id: u32, venue_id: u32, product_id: u32) {
        let event = InstrumentAdmitted {
            ticklot_e12: 1_000_000_000_000,
            qty_min_lots: 1,
            qty_max_lots: 1_000_000,
            qty_step_lots: 1,
            price_min_ticks: 1,
            price_max_ticks: 1_000_000,
            instrument_id,
            product_id,
            venue_id,
            order_types: u16::MAX,
            times_in_force: u16::MAX,
        };
        self.say(InstrumentAdmitted::KIND, &event.encode());
    }

    pub(crate) fn book(&mut self, strategy_id: u32, account_id: u32, owner_id: u32) {
        let event = StrategyBooked {
            generation: 7,
            strategy_id,
            account_id,
            owner_id,
            algo_id: 1,
            trader_id: 1,
            reserved: 0,
        };
        self.say(StrategyBooked::KIND, &event.encode());
    }

    /// Hands in an event that speaks to the gate.
    pub(crate) fn say(&mut self, kind: u16, body: &[u8]) {
        assert!(self.gate.apply(kind, body, self.now, 1, &mut self.out), "kind {kind}");
    }

    pub(crate) fn limit(&mut self, limit: Limit, kind: RiskScope, id: u32, value: i64) {
        assert!(self.gate.set_limit(limit, Scope::new(kind, id), value), "{limit:?}");
    }

    /// A buy of the first strategy in the first instrument, at the bid.
    pub(crate) fn buy(&mut self, qty: u64) -> Proposal {
        self.next_id += 1;
        Proposal::limit(1, 1, self.next_id, Side::Buy, 999, qty)
    }

    pub(crate) fn sell(&mut self, qty: u64) -> Proposal {
        self.next_id += 1;
        Proposal::limit(1, 1, self.next_id, Side::Sell, 1_001, qty)
    }

    pub(crate) fn ioc(&mut self, side: Side, qty: u64) -> Proposal {
        let price = Some(if side == Side::Buy { 1_001 } else { 999 });
        let time_in_force = TimeInForce::Ioc;
        Proposal { side, price, time_in_force, ..self.buy(qty) }
    }

    pub(crate) fn check(&mut self, order: Proposal) -> Result<(), Refusal> {
        self.gate.check_and_reserve(&order, &self.market, self.now)
    }

    /// Sends an order that has to pass, and gives its client id.
    pub(crate) fn pass(&mut self, order: Proposal) -> u64 {
        assert_eq!(self.check(order), Ok(()), "{order:?}");
        order.client_id
    }

    /// Sends an order that has to be refused: its reason, what was found, what was allowed.
    pub(crate) fn refused(&mut self, order: Proposal) -> (RejectReason, i64, i64) {
        let why = self.check(order).unwrap_err();
        (why.reason, why.value, why.bound)
    }

    pub(crate) fn fill(&mut self, order: &Proposal, price: i64, qty: u64) {
        self.gate.advance(self.now);
        self.gate.on_fill(&Fill {
            strategy: order.strategy,
            instrument: order.instrument,
            client_id: order.client_id,
            side: order.side,
            price,
            qty,
            leaves: order.qty.saturating_sub(qty),
            fee_e9: 0,
            is_manual: false,
        });
    }

    /// Sends an order and has it filled whole at its price.
    pub(crate) fn trade(&mut self, order: Proposal) {
        self.pass(order);
        self.fill(&order, order.price.unwrap(), order.qty);
    }

    pub(crate) fn cancel(&mut self, order: &Proposal) {
        assert!(self.gate.on_canceled(order.strategy, order.client_id, 0));
    }

    pub(crate) fn alerts(&mut self) -> Vec<Alert> {
        std::iter::from_fn(|| self.gate.next_alert()).collect()
    }
}
