// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A desk with its limits, and the few lines that carry words between it and the modelled venue.

use onetape_core::component::Outbox;
use onetape_core::events::{
    CancelOrder, CancelReason, EnterOrder, Limit, Liquidity, OrderType, RejectReason, ReplaceOrder,
    Side, StpMode, TimeInForce,
};
use onetape_core::risk::Refusal;
use onetape_core::trading::{
    Desk, DeskConfig, NewOrder, OrderKey, Reference, VenueCancel, VenueCommand, VenueFill,
};

use crate::venue::{Asked, Report, Venue};

pub(crate) const INSTRUMENT: u32 = 1;
pub(crate) const STRATEGY: u32 = 1;

/// The kinds and bodies that were put out.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Vec<(u16, Vec<u8>)>);

impl Outbox for Heard {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        self.0.push((kind, body.to_vec()));
    }
}

impl Heard {
    pub(crate) fn count(&self, kind: u16) -> usize {
        self.0.iter().filter(|(found, _)| *found == kind).count()
    }
}

pub(crate) const CONFIG: DeskConfig =
    DeskConfig { strategies_max: 1, instruments_max: 1, orders_max: 64 };

pub(crate) struct Node {
    pub(crate) desk: Desk,
    pub(crate) out: Heard,
    pub(crate) last_client: u64,
}

pub(crate) const fn key(client_id: u64) -> OrderKey {
    OrderKey { strategy: STRATEGY, instrument: INSTRUMENT, client_id, order_id: 0 }
}

/// The venue's name for an order.
const fn named(client_id: u64) -> OrderKey {
    OrderKey { order_id: client_id + 1_000, ..key(client_id) }
}

pub(crate) fn market() -> Reference {
    Reference { bid: Some(99), ask: Some(101), last: Some(100), ..Reference::default() }
}

const REFUSED: Refusal = Refusal { reason: RejectReason::VenueRefused, value: 0, bound: 0 };

impl Node {
    pub(crate) fn new() -> Self {
        let mut desk = Desk::new(CONFIG);
        for limit in [
            Limit::OrderQtyMax,
            Limit::OrderNotionalMax,
            Limit::PositionMax,
            Limit::PriceCollarTicks,
        ] {
            desk.risk_mut().set(limit, 0, 1 << 20);
        }
        // The window keeps this many times: no more than a test sends.
        desk.risk_mut().set(Limit::OrderRateMax, 0, 1_000);
        desk.set_running(STRATEGY, true);
        Self { desk, out: Heard::default(), last_client: 0 }
    }

    pub(crate) fn enter(&mut self, side: Side, price: i64, qty: u64) -> Option<VenueCommand> {
        self.last_client += 1;
        let order = EnterOrder {
            client_id: self.last_client,
            price_ticks: price,
            qty_lots: qty,
            strategy_id: STRATEGY,
            instrument_id: INSTRUMENT,
            side: side.raw(),
            order_type: OrderType::Limit.raw(),
            time_in_force: TimeInForce::Day.raw(),
            post_only: 0,
            stp_mode: StpMode::Off.raw(),
            reserved: [0; 3],
        };
        self.desk.enter(&order, &market(), 0, 1, &mut self.out)
    }

    pub(crate) fn cancel(&mut self, client_id: u64, qty_lots: u64) -> Option<VenueCommand> {
        let (strategy_id, instrument_id) = (STRATEGY, INSTRUMENT);
        let cancel = CancelOrder { client_id, qty_lots, strategy_id, instrument_id };
        self.desk.cancel(&cancel, 1, &mut self.out)
    }

    pub(crate) fn replace(&mut self, client_id: u64, price: i64, qty: u64) -> Option<VenueCommand> {
        self.last_client += 1;
        let replace = ReplaceOrder {
            client_id,
            new_client_id: self.last_client,
            price_ticks: price,
            qty_lots: qty,
            strategy_id: STRATEGY,
            instrument_id: INSTRUMENT,
        };
        self.desk.replace(&replace, &market(), 0, 1, &mut self.out)
    }

    /// Takes in what the venue said; gives what is to be asked of it.
    pub(crate) fn hear(&mut self, report: Report) -> Option<Asked> {
        let out = &mut self.out;
        let desk = &mut self.desk;
        let command = match report {
            Report::Accepted(order) => desk.on_accepted(named(order.client_id), &order, 1, out),
            Report::Rejected(client) => {
                desk.on_rejected(named(client), EnterOrder::KIND, REFUSED, 1, out)
            }
            Report::ReplaceRejected(client) => {
                desk.on_rejected(named(client), ReplaceOrder::KIND, REFUSED, 1, out)
            }
            Report::Filled { client, exec, price, qty } => {
                let liquidity = Liquidity::Added;
                let fill =
                    VenueFill { match_id: exec, price, qty, leaves: 0, liquidity, fee_e9: None };
                desk.on_filled(named(client), &fill, 1, out);
                None
            }
            Report::Canceled { client, qty, leaves } => {
                let reason = CancelReason::User;
                let cancel = VenueCancel { qty, leaves, reason, is_once: false };
                desk.on_canceled(named(client), cancel, 1, out);
                None
            }
            Report::Replaced { old, new, price, leaves } => {
                desk.on_replaced(old + 1_000, named(new), price, leaves, 1, out);
                None
            }
            Report::CancelRejected(client) => {
                let ask = desk.on_cancel_rejected(named(client), REFUSED, 1, out);
                return ask.then_some(Asked::Query(client));
            }
            Report::Status(client, status) => desk.on_status(named(client), status, 1, out),
        };
        command.map(Asked::Command)
    }

    /// Lots of a side that are reserved or have traded, as order management counts.
    pub(crate) fn exposure(&self, side: Side) -> u64 {
        self.traded(side) + self.desk.orders(STRATEGY).unwrap().open(INSTRUMENT, side)
    }

    /// Lots of a side that are reserved or have traded, as the gate counts: of an order and its
    /// replacement, the larger.
    pub(crate) fn reserved(&self, side: Side) -> u64 {
        self.traded(side) + self.desk.risk().open(STRATEGY, INSTRUMENT, side)
    }

    fn traded(&self, side: Side) -> u64 {
        let position = self.desk.portfolio().position(STRATEGY, INSTRUMENT);
        if side == Side::Buy { position.bought } else { position.sold }
    }

    /// Has everything that is under way arrive, and the venue asked until nothing is unknown.
    pub(crate) fn settle(&mut self, venue: &mut Venue) {
        for _ in 0..1_000 {
            while !venue.inbox.is_empty() {
                venue.work(false);
            }
            while let Some(report) = venue.outbox.pop_front() {
                venue.inbox.extend(self.hear(report));
            }
            let asked: Vec<_> = self.desk.unknown().map(|key| key.client_id).collect();
            if asked.is_empty() && venue.inbox.is_empty() {
                return;
            }
            venue.inbox.extend(asked.into_iter().map(Asked::Query));
        }
        panic!("it never settles: {:?}", self.desk.orders(STRATEGY));
    }
}

/// A plain order as the venue hears it.
pub(crate) fn entered(command: Option<VenueCommand>) -> NewOrder {
    match command {
        Some(VenueCommand::Enter(order)) => order,
        other => panic!("expected a new order, found {other:?}"),
    }
}
