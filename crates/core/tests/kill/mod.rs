// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A live node and an exchange, with what is on its way between them held until it is let go.

use std::collections::VecDeque;

use onetape_core::book::BooksConfig;
use onetape_core::component::{Component, Entry, Outbox, sources};
use onetape_core::events::{
    CancelOrder, ClockTicked, EnterOrder, FeedState, FeedStateChanged, FlattenRequested,
    InstrumentDefined, InstrumentListed, KillProgressed, KillStep, Limit, LimitSet, MarketAction,
    MarketUpdated, OrderFormat, OrderType, PacketFormat, PacketReceived, ReplaceOrder, RiskScope,
    SetQuote, Side, StpMode, StrategyStarted, TimeInForce, TradingState, TradingStateSet,
    VenueDefined, VenueLink, VenueLinkChanged, VenueMessageReceived, VenueMessageSent,
};
use onetape_core::feed::Rules;
use onetape_core::live::{Node, NodeConfig};

use crate::exchange::{Market, SYMBOLS, enter};

pub(crate) const SECOND_NS: i64 = 1_000_000_000;
const OUR_PORT: u32 = 1;

#[derive(Default)]
struct Outputs(Vec<(u16, Vec<u8>)>);

impl Outbox for Outputs {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        self.0.push((kind, body.to_vec()));
    }
}

pub(crate) fn node() -> Node {
    Node::new(NodeConfig {
        books: BooksConfig { orders_max: 1 << 10, instruments_max: 4, window_levels: 256 },
        venues_max: 2,
        strategies_max: 2,
        own_orders_max: 64,
        midnight_ns: 0,
        rules: Rules::usual(),
    })
}

/// A node with two strategies, connected to an exchange on which others have bid and offered.
pub(crate) struct Rig {
    pub(crate) market: Market,
    pub(crate) node: Node,
    pub(crate) outputs: Vec<(u16, Vec<u8>)>,
    /// On its way to the exchange.
    pub(crate) sent: VecDeque<Vec<u8>>,
    /// Venues whose sessions were to be dropped.
    pub(crate) dropped: Vec<u32>,
    inputs: Vec<(i64, u16, u32, Vec<u8>)>,
    heard: usize,
    client_id: u64,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::on(Market::open())
    }

    pub(crate) fn on(mut market: Market) -> Self {
        for (at, symbol) in SYMBOLS.iter().enumerate() {
            for (more, side, price) in [(1, b'B', 90_000), (2, b'S', 110_000)] {
                let number = 2 * at as u32 + more;
                let message = enter(number, side, 1, symbol, price, [b'0', b'Y'], &[]);
                market.send(3, &message);
            }
        }
        let mut rig = Self {
            market,
            node: node(),
            outputs: Vec::new(),
            sent: VecDeque::new(),
            dropped: Vec::new(),
            inputs: Vec::new(),
            heard: 0,
            client_id: 0,
        };
        rig.define();
        rig.connect(true);
        rig.carry_all();
        rig
    }

    fn define(&mut self) {
        for venue_id in 1..=2 {
            let feed_id = venue_id as u8;
            let event = VenueDefined { venue_id, is_adapter: 0, feed_id, reserved: 0 };
            self.input(VenueDefined::KIND, sources::CONFIG, &event.encode());
        }
        for (at, symbol) in SYMBOLS.iter().enumerate() {
            let instrument_id = at as u32 + 1;
            let mut padded = [0; 16];
            padded[..symbol.len()].copy_from_slice(symbol);
            let event = InstrumentDefined {
                symbol: padded,
                currency: *b"USD\0\0\0\0\0",
                tick_e9: 100_000,
                lot_e9: 1_000_000_000,
                multiplier_e9: 1_000_000_000,
                instrument_id,
                venue_code: 0,
            };
            self.input(InstrumentDefined::KIND, sources::CONFIG, &event.encode());
            let (product_id, venue_id, reserved) = (instrument_id, 1, 0);
            let event = InstrumentListed { instrument_id, venue_id, product_id, reserved };
            self.input(InstrumentListed::KIND, sources::CONFIG, &event.encode());
        }
        for (limit, value) in [
            (Limit::OrderQtyMax, 1_000),
            (Limit::OrderNotionalMax, 1 << 50),
            (Limit::PositionMax, 2_000),
            (Limit::PriceCollarTicks, 100_000),
            (Limit::OrderRateMax, 100_000),
        ] {
            let limit = u16::from(limit.raw());
            let event = LimitSet { value, instrument_id: 0, limit, reserved: 0 };
            self.input(LimitSet::KIND, sources::CONFIG, &event.encode());
        }
        for strategy_id in 1..=2 {
            let event = StrategyStarted { strategy_id, reserved: 0, code_hash: 0 };
            self.input(StrategyStarted::KIND, sources::CONFIG, &event.encode());
        }
        self.go_live();
    }

    /// Any other input.
    pub(crate) fn say(&mut self, kind: u16, body: &[u8]) {
        self.input(kind, sources::CONFIG, body);
    }

    /// The feed is whole: orders need a reference price.
    fn go_live(&mut self) {
        self.feed(FeedState::Live);
        self.give_prices();
    }

    /// The feed comes to a state.
    pub(crate) fn feed(&mut self, state: FeedState) {
        let change = FeedStateChanged {
            next_number: 1,
            missing: 0,
            midnight_ts_ns: 0,
            session: [0; 10],
            feed_id: 1,
            state: state.raw(),
            reserved: [0; 3],
        };
        self.input(FeedStateChanged::KIND, sources::FEED, &change.encode());
    }

    /// The feed tells of a bid that is higher than the offer: the book is crossed.
    pub(crate) fn cross(&mut self, instrument_id: u32) {
        let update = MarketUpdated {
            venue_ts_ns: self.market.now(),
            order_ref: 1 << 40,
            other_ref: 0,
            price_ticks: 120_000,
            qty_lots: 1,
            instrument_id,
            action: MarketAction::Add.raw(),
            side: Side::Buy.raw(),
            flags: 0,
        };
        self.input(MarketUpdated::KIND, sources::VENUE + 1, &update.encode());
    }

    /// A strategy bids by a quote.
    pub(crate) fn quote(&mut self, strategy_id: u32, instrument_id: u32, bid: i64) {
        let event = SetQuote {
            bid_price_ticks: bid,
            ask_price_ticks: 0,
            bid_qty_lots: 1,
            ask_qty_lots: 0,
            strategy_id,
            instrument_id,
        };
        self.input(SetQuote::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    /// The node hears the market data so far.
    pub(crate) fn give_prices(&mut self) {
        for message in std::mem::take(&mut self.market.tape.itch) {
            let format = u16::from(PacketFormat::Itch50.raw());
            let head = PacketReceived { feed_id: 1, format, reserved: 0 };
            let body = [&head.encode()[..], &message].concat();
            self.input(PacketReceived::KIND, sources::FEED, &body);
        }
    }

    pub(crate) fn input(&mut self, kind: u16, source: u32, body: &[u8]) {
        let ts_ns = self.market.now();
        self.inputs.push((ts_ns, kind, source, body.to_vec()));
        let seq = self.inputs.len() as u64;
        let mut outputs = Outputs::default();
        let entry = Entry { seq, ts_ns, kind, version: 1, source, body };
        self.node.apply(entry, &mut outputs);
        self.outputs.extend(outputs.0);
        let Self { node, sent, dropped, .. } = self;
        node.take_outgoing(|_, message| sent.push_back(message.to_vec()));
        node.take_drops(|venue| dropped.push(venue));
    }

    /// The connection comes, or goes.
    pub(crate) fn connect(&mut self, is_up: bool) {
        let (venue_id, link, is_up) = (1, VenueLink::Orders.raw(), u8::from(is_up));
        let (next_message, session, reserved) = (0, [0; 16], 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.input(VenueLinkChanged::KIND, sources::VENUE + 1, &event.encode());
    }

    /// Everything arrives everywhere.
    pub(crate) fn carry_all(&mut self) {
        loop {
            while let Some(message) = self.sent.pop_front() {
                self.market.send(OUR_PORT, &message);
            }
            let stream = self.market.tape.ports.get(&OUR_PORT);
            let Some(message) = stream.and_then(|stream| stream.get(self.heard)).cloned() else {
                return;
            };
            self.heard += 1;
            self.hear(&message);
        }
    }

    /// A message of the venue arrives.
    pub(crate) fn hear(&mut self, message: &[u8]) {
        let format = u16::from(OrderFormat::Ouch50.raw());
        let head = VenueMessageReceived { venue_id: 1, format, reserved: 0 };
        let body = [&head.encode()[..], message].concat();
        self.input(VenueMessageReceived::KIND, sources::VENUE + 1, &body);
    }

    /// A strategy enters an order that rests.
    pub(crate) fn enter(&mut self, strategy_id: u32, instrument_id: u32) {
        self.order(strategy_id, instrument_id, 90_100, 10);
    }

    /// A strategy bids for so many lots.
    pub(crate) fn order(&mut self, strategy_id: u32, instrument_id: u32, price: i64, qty: u64) {
        self.client_id += 1;
        let event = EnterOrder {
            client_id: self.client_id,
            price_ticks: price,
            qty_lots: qty,
            strategy_id,
            instrument_id,
            side: Side::Buy.raw(),
            order_type: OrderType::Limit.raw(),
            time_in_force: TimeInForce::Day.raw(),
            post_only: 0,
            stp_mode: StpMode::Off.raw(),
            reserved: [0; 3],
        };
        self.input(EnterOrder::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    /// A strategy cancels an order.
    pub(crate) fn cancel(&mut self, strategy_id: u32, instrument_id: u32, client_id: u64) {
        let event = CancelOrder { client_id, qty_lots: 0, strategy_id, instrument_id };
        self.input(CancelOrder::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    /// A strategy replaces an order of its by another, at a price and in a size.
    pub(crate) fn replace(
        &mut self,
        strategy_id: u32,
        instrument_id: u32,
        (client_id, new_client_id): (u64, u64),
        (price_ticks, qty_lots): (i64, u64),
    ) {
        let event = ReplaceOrder {
            client_id,
            new_client_id,
            price_ticks,
            qty_lots,
            strategy_id,
            instrument_id,
        };
        self.client_id = self.client_id.max(new_client_id);
        self.input(ReplaceOrder::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    /// A strategy quotes a bid.
    pub(crate) fn bid(&mut self, strategy_id: u32, instrument_id: u32, price: i64, qty: u64) {
        let event = SetQuote {
            bid_price_ticks: price,
            ask_price_ticks: 0,
            bid_qty_lots: qty,
            ask_qty_lots: 0,
            strategy_id,
            instrument_id,
        };
        self.input(SetQuote::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    /// A person wants positions closed.
    pub(crate) fn flatten(&mut self, (scope, id): (RiskScope, u32)) {
        let event = FlattenRequested { id, scope: scope.raw(), reserved: [0; 3] };
        self.input(FlattenRequested::KIND, sources::OPERATOR, &event.encode());
    }

    /// Somebody else sells.
    pub(crate) fn other_sells(&mut self, number: u32, instrument: u32, price: u64, qty: u32) {
        let symbol = SYMBOLS[instrument as usize - 1];
        self.market.send(3, &enter(number, b'S', qty, symbol, price, [b'0', b'Y'], &[]));
        self.give_prices();
    }

    pub(crate) fn position(&self, strategy: u32, instrument: u32) -> i64 {
        self.node.desk().portfolio().position(strategy, instrument).lots
    }

    /// A person sets what a scope may do.
    pub(crate) fn set(&mut self, scope: (RiskScope, u32), state: TradingState) {
        self.set_by(scope, state, true);
    }

    pub(crate) fn set_by(
        &mut self,
        (scope, id): (RiskScope, u32),
        state: TradingState,
        is_manual: bool,
    ) {
        let event = TradingStateSet {
            id,
            scope: scope.raw(),
            state: state.raw(),
            cancels: u8::from(state == TradingState::Halted),
            is_manual: u8::from(is_manual),
        };
        self.input(TradingStateSet::KIND, sources::OPERATOR, &event.encode());
    }

    pub(crate) const fn wait(&mut self, ns: i64) {
        self.market.wait(ns);
    }

    pub(crate) fn tick(&mut self) {
        self.input(ClockTicked::KIND, sources::CONFIG, &ClockTicked { tick: 1 }.encode());
    }

    /// The last output of a kind.
    pub(crate) fn last(&self, kind: u16) -> Option<Vec<u8>> {
        self.outputs.iter().rev().find(|(found, _)| *found == kind).map(|(_, body)| body.clone())
    }

    /// The type letters of the messages that left, from this output on.
    pub(crate) fn letters_sent(&self, from: usize) -> String {
        let sent = self.outputs[from..].iter().filter(|(kind, _)| *kind == VenueMessageSent::KIND);
        sent.map(|(_, body)| char::from(body[VenueMessageSent::SIZE])).collect()
    }

    /// What was said of the course of kills.
    pub(crate) fn steps(&self) -> Vec<KillStep> {
        let all = self.outputs.iter().filter(|(kind, _)| *kind == KillProgressed::KIND);
        let step = |body: &Vec<u8>| KillProgressed::decode(body).map(|event| event.step);
        all.map(|(_, body)| KillStep::from_raw(step(body).unwrap()).unwrap()).collect()
    }

    /// How many orders of ours the exchange holds.
    pub(crate) fn exchange_orders(&self) -> usize {
        let matcher = self.market.exchange.market().matcher();
        let places = (1..=SYMBOLS.len() as u32).flat_map(|id| [(id, Side::Buy), (id, Side::Sell)]);
        let all = places.flat_map(|(id, side)| matcher.orders(id, side).collect::<Vec<_>>());
        all.filter(|order| order.owner == OUR_PORT).count()
    }

    /// A node that is given the same inputs, and what it put out.
    pub(crate) fn replay(&self) -> (Node, Vec<(u16, Vec<u8>)>) {
        let (mut again, mut outputs) = (node(), Outputs::default());
        for (at, (ts_ns, kind, source, body)) in self.inputs.iter().enumerate() {
            let (seq, ts_ns, kind, source) = (at as u64 + 1, *ts_ns, *kind, *source);
            again.apply(Entry { seq, ts_ns, kind, version: 1, source, body }, &mut outputs);
            again.take_outgoing(|_, _| {});
            again.take_drops(|_| {});
        }
        (again, outputs.0)
    }
}
