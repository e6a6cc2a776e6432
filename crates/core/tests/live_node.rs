// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A live node on the exchange of this repository, both in memory: messages are on their way for a
//! while, connections go, and in the end both say the same of orders and positions.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[expect(dead_code, reason = "the rig of the exchange's own tests has more than is needed here")]
mod exchange;
mod fees;
mod upsets;

mod asks;
mod live_groups;

use std::collections::{BTreeSet, VecDeque};

use asks::group_of;
use exchange::{Market, SYMBOLS, enter};
use live_groups::{assert_no_orphans, legs};
use onetape_core::book::BooksConfig;
use onetape_core::component::{Component, Entry, Outbox, Snapshot, sources};
use onetape_core::events::RiskScope;
use onetape_core::events::{
    CancelAll, CancelOrder, EnterOrder, FeedState, FeedStateChanged, FeesSet, InstrumentDefined,
    InstrumentListed, Limit, LimitSet, OrderFilled, OrderFormat, OrderType, PacketFormat,
    PacketReceived, ReplaceOrder, SetQuote, Side, StpMode, StrategyStarted, SubmitGroup,
    TimeInForce, TradingState, TradingStateSet, VenueDefined, VenueLink, VenueLinkChanged,
    VenueMessageReceived,
};
use onetape_core::feed::Rules;
use onetape_core::hash::mix;
use onetape_core::live::{Node, NodeConfig};
use onetape_core::trading::Group;

const OUR_PORT: u32 = 1;
const OTHER_PORT: u32 = 3;
const STRATEGIES: u32 = 2;

#[derive(Default)]
struct Outputs(Vec<(u16, Vec<u8>)>);

impl Outbox for Outputs {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        self.0.push((kind, body.to_vec()));
    }
}

/// An input as it was given.
#[derive(Clone)]
struct Given {
    ts_ns: i64,
    kind: u16,
    source: u32,
    body: Vec<u8>,
}

fn node() -> Node {
    Node::new(NodeConfig {
        books: BooksConfig { orders_max: 1 << 12, instruments_max: 4, window_levels: 256 },
        venues_max: 2,
        strategies_max: STRATEGIES,
        own_orders_max: 256,
        midnight_ns: 0,
        rules: Rules::usual(),
    })
}

struct World {
    random: u64,
    market: Market,
    node: Node,
    inputs: Vec<Given>,
    outputs: Outputs,
    /// From the node to the exchange.
    sent: VecDeque<Vec<u8>>,
    /// Messages of the exchange to our port that the node has heard, and of its market data.
    heard: usize,
    seen: usize,
    is_connected: bool,
    client_ids: [u64; STRATEGIES as usize],
    other_number: u32,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            random: seed,
            market: Market::open(),
            node: node(),
            inputs: Vec::new(),
            outputs: Outputs::default(),
            sent: VecDeque::new(),
            heard: 0,
            seen: 0,
            is_connected: false,
            client_ids: [0; STRATEGIES as usize],
            other_number: 0,
        };
        world.define();
        world
    }

    fn dice(&mut self, sides: u64) -> u64 {
        self.random = mix(self.random.wrapping_add(1));
        (self.random >> 20) % sides
    }

    fn define(&mut self) {
        let venue = VenueDefined { venue_id: 1, is_adapter: 0, feed_id: 0, reserved: 0 };
        self.config(VenueDefined::KIND, &venue.encode());
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
            self.config(InstrumentDefined::KIND, &event.encode());
            let (product_id, venue_id, reserved) = (instrument_id, 1, 0);
            let event = InstrumentListed { instrument_id, venue_id, product_id, reserved };
            self.config(InstrumentListed::KIND, &event.encode());
        }
        let live = FeedStateChanged {
            next_number: 1,
            missing: 0,
            midnight_ts_ns: 0,
            session: [0; 10],
            feed_id: 0,
            state: FeedState::Live.raw(),
            reserved: [0; 3],
        };
        self.input(FeedStateChanged::KIND, sources::FEED, &live.encode());
        for (limit, value) in [
            (Limit::OrderQtyMax, 1_000),
            (Limit::OrderNotionalMax, 1 << 50),
            (Limit::PositionMax, 2_000),
            (Limit::PriceCollarTicks, 100_000),
            (Limit::OrderRateMax, 100_000),
        ] {
            let limit = u16::from(limit.raw());
            let event = LimitSet { value, instrument_id: 0, limit, reserved: 0 };
            self.config(LimitSet::KIND, &event.encode());
        }
        self.config(FeesSet::KIND, &fees::RATES.encode());
        for strategy_id in 1..=STRATEGIES {
            let event = StrategyStarted { strategy_id, reserved: 0, code_hash: 0 };
            self.config(StrategyStarted::KIND, &event.encode());
        }
    }

    fn config(&mut self, kind: u16, body: &[u8]) {
        self.input(kind, sources::CONFIG, body);
    }

    fn input(&mut self, kind: u16, source: u32, body: &[u8]) {
        let ts_ns = self.market.now();
        self.inputs.push(Given { ts_ns, kind, source, body: body.to_vec() });
        let seq = self.inputs.len() as u64;
        let entry = Entry { seq, ts_ns, kind, version: 1, source, body };
        self.node.apply(entry, &mut self.outputs);
        let Self { node, sent, is_connected, .. } = self;
        node.take_outgoing(|_, message| {
            assert!(*is_connected, "nothing leaves without a connection");
            sent.push_back(message.to_vec());
        });
    }

    fn connect(&mut self) {
        self.is_connected = true;
        let (venue_id, link, is_up) = (1, VenueLink::Orders.raw(), 1);
        let (next_message, session, reserved) = (0, [0; 16], 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.input(VenueLinkChanged::KIND, sources::VENUE + 1, &event.encode());
    }

    /// The connection goes: what was on its way to the exchange is lost from some point on.
    fn disconnect(&mut self) {
        let arrived = self.dice(self.sent.len() as u64 + 1);
        for _ in 0..arrived {
            self.carry();
        }
        self.sent.clear();
        self.is_connected = false;
        let (venue_id, link, is_up) = (1, VenueLink::Orders.raw(), 0);
        let (next_message, session, reserved) = (0, [0; 16], 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.input(VenueLinkChanged::KIND, sources::VENUE + 1, &event.encode());
    }

    /// One message arrives at the exchange.
    fn carry(&mut self) {
        if let Some(message) = self.sent.pop_front() {
            self.market.send(OUR_PORT, &message);
        }
    }

    /// One message of the exchange arrives at the node.
    fn hear(&mut self) -> bool {
        let stream = self.market.tape.ports.get(&OUR_PORT);
        let Some(message) = stream.and_then(|stream| stream.get(self.heard)).cloned() else {
            return false;
        };
        self.heard += 1;
        let format = u16::from(OrderFormat::Ouch50.raw());
        let head = VenueMessageReceived { venue_id: 1, format, reserved: 0 };
        let body = [&head.encode()[..], &message].concat();
        self.input(VenueMessageReceived::KIND, sources::VENUE + 1, &body);
        true
    }

    /// One message of market data arrives at the node.
    fn see(&mut self) -> bool {
        let Some(message) = self.market.tape.itch.get(self.seen).cloned() else { return false };
        self.seen += 1;
        let format = u16::from(PacketFormat::Itch50.raw());
        let head = PacketReceived { feed_id: 0, format, reserved: 0 };
        let body = [&head.encode()[..], &message].concat();
        self.input(PacketReceived::KIND, sources::FEED, &body);
        true
    }

    fn price(&mut self) -> i64 {
        99_000 + 100 * self.dice(21).cast_signed()
    }

    /// Somebody else does something.
    fn other(&mut self) {
        self.other_number += 1;
        let side = if self.dice(2) == 0 { b'B' } else { b'S' };
        let symbol = SYMBOLS[self.dice(3) as usize];
        let price = self.price().cast_unsigned();
        let qty = 1 + self.dice(300) as u32;
        let message = enter(self.other_number, side, qty, symbol, price, [b'0', b'Y'], &[]);
        self.market.send(OTHER_PORT, &message);
    }

    /// A strategy asks for something.
    fn intent(&mut self) {
        let strategy_id = 1 + self.dice(u64::from(STRATEGIES)) as u32;
        let instrument_id = 1 + self.dice(3) as u32;
        let source = sources::STRATEGY + strategy_id;
        let last = self.client_ids[strategy_id as usize - 1];
        let client_id = last.saturating_sub(self.dice(12)).max(1);
        match self.dice(12) {
            10..=11 => self.group(strategy_id, instrument_id),
            0..=3 => {
                let bid_price_ticks = self.price();
                let ask_price_ticks = bid_price_ticks + 100 + 100 * self.dice(5).cast_signed();
                let (bid_qty_lots, ask_qty_lots) = (self.dice(3) * 50, self.dice(3) * 50);
                let event = SetQuote {
                    bid_price_ticks,
                    ask_price_ticks,
                    bid_qty_lots,
                    ask_qty_lots,
                    strategy_id,
                    instrument_id,
                };
                self.input(SetQuote::KIND, source, &event.encode());
            }
            4..=6 => self.order(strategy_id, instrument_id),
            7 => {
                let qty_lots = self.dice(2) * 20;
                let event = CancelOrder { client_id, qty_lots, strategy_id, instrument_id };
                self.input(CancelOrder::KIND, source, &event.encode());
            }
            8 => {
                self.client_ids[strategy_id as usize - 1] += 1;
                let event = ReplaceOrder {
                    client_id,
                    new_client_id: last + 1,
                    price_ticks: self.price(),
                    qty_lots: 1 + self.dice(200),
                    strategy_id,
                    instrument_id,
                };
                self.input(ReplaceOrder::KIND, source, &event.encode());
            }
            _ => {
                let event = CancelAll { strategy_id, instrument_id };
                self.input(CancelAll::KIND, source, &event.encode());
            }
        }
    }

    fn order(&mut self, strategy_id: u32, instrument_id: u32) {
        self.client_ids[strategy_id as usize - 1] += 1;
        let (order_type, time_in_force) = match self.dice(4) {
            0 => (OrderType::Limit, TimeInForce::Ioc),
            1 => (OrderType::Limit, TimeInForce::Fok),
            _ => (OrderType::Limit, TimeInForce::Day),
        };
        let event = EnterOrder {
            client_id: self.client_ids[strategy_id as usize - 1],
            price_ticks: self.price(),
            qty_lots: 1 + self.dice(200),
            strategy_id,
            instrument_id,
            side: 1 + self.dice(2) as u8,
            order_type: order_type.raw(),
            time_in_force: time_in_force.raw(),
            post_only: u8::from(self.dice(4) == 0 && time_in_force == TimeInForce::Day),
            stp_mode: StpMode::Off.raw(),
            reserved: [0; 3],
        };
        self.input(EnterOrder::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    /// The node dies and comes back from a snapshot: nobody can tell.
    fn reload(&mut self, what: &str) {
        let (mut saved, mut again) = (Vec::new(), Vec::new());
        self.node.save(&mut saved);
        let (mut bytes, mut restored) = (&saved[..], node());
        restored.restore(&mut bytes).unwrap();
        assert!(bytes.is_empty(), "{what}: {} bytes are left", bytes.len());
        assert_eq!(restored.state_hash(), self.node.state_hash(), "{what}");
        restored.save(&mut again);
        assert_eq!(again, saved, "{what}");
        self.node = restored;
    }

    /// Orders that depend on each other; the next step may cancel or move them by their numbers.
    fn group(&mut self, strategy_id: u32, instrument_id: u32) {
        let (kind, legs) = legs(|sides| self.dice(sides));
        let id = self.client_ids[strategy_id as usize - 1] + 1;
        self.client_ids[strategy_id as usize - 1] = id + legs.len() as u64;
        let event = group_of((strategy_id, instrument_id), id, kind, &legs);
        self.input(SubmitGroup::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    fn step(&mut self) {
        match self.dice(100) {
            0..=19 => self.other(),
            20..=39 => self.intent(),
            40..=59 => self.carry(),
            60..=77 => {
                if self.is_connected {
                    self.hear();
                }
            }
            78..=97 => {
                self.see();
            }
            _ if self.is_connected => self.disconnect(),
            _ => self.connect(),
        }
    }

    /// A node that was given the same, and put out the same.
    fn replay(&self) -> Node {
        let (mut again, mut outputs) = (node(), Outputs::default());
        for (at, given) in self.inputs.iter().enumerate() {
            let Given { ts_ns, kind, source, body } = given;
            let (seq, ts_ns, kind, source) = (at as u64 + 1, *ts_ns, *kind, *source);
            again.apply(Entry { seq, ts_ns, kind, version: 1, source, body }, &mut outputs);
            again.take_outgoing(|_, _| {});
        }
        assert!(outputs.0 == self.outputs.0, "what was put out differs");
        again
    }

    /// Everything arrives everywhere.
    fn settle(&mut self) {
        if !self.is_connected {
            self.connect();
        }
        loop {
            while !self.sent.is_empty() {
                self.carry();
            }
            let heard = self.hear();
            let seen = self.see();
            if !heard && !seen && self.sent.is_empty() {
                return;
            }
        }
    }

    /// Live orders by the node's account: the venue's number, and what is left.
    fn our_orders(&self) -> BTreeSet<(u64, u64)> {
        let tables = (1..=STRATEGIES).filter_map(|strategy| self.node.desk().orders(strategy));
        tables
            .flat_map(|table| table.live().map(|o| (o.order_id, o.leaves)).collect::<Vec<_>>())
            .collect()
    }

    /// The same by the exchange's.
    fn exchange_orders(&self) -> BTreeSet<(u64, u64)> {
        let matcher = self.market.exchange.market().matcher();
        let places = (1..=SYMBOLS.len() as u32).flat_map(|id| [(id, Side::Buy), (id, Side::Sell)]);
        let all = places.flat_map(|(id, side)| matcher.orders(id, side).collect::<Vec<_>>());
        all.filter(|o| o.owner == OUR_PORT).map(|o| (o.order_ref, o.qty)).collect()
    }

    fn assert_equals_exchange(&self, what: &str) {
        let theirs = fills(&self.market.tape.events, Some(OUR_PORT));
        let ours = fills(&self.outputs.0, None);
        let differ: Vec<_> = ours.symmetric_difference(&theirs).collect();
        assert!(differ.is_empty(), "{what}: fills {differ:?}");
        for instrument in 1..=SYMBOLS.len() as u32 {
            let of = |strategy| self.node.desk().portfolio().position(strategy, instrument).lots;
            let held: i64 = (1..=STRATEGIES).map(of).sum();
            let mine = theirs.iter().filter(|fill| fill.instrument == instrument);
            assert_eq!(held, mine.map(|fill| fill.signed).sum(), "{what}: {instrument}");
        }
        let (charged, sum) = fees::charged(self.outputs.0.iter().cloned());
        assert_eq!(charged, ours.len() as u64, "{what}: each fill costs what it costs, once");
        let desk = self.node.desk();
        let all = desk.portfolio().traded();
        let paid: i128 = all.map(|(strategy, id, _)| desk.fees().paid(strategy, id)).sum();
        assert_eq!(paid, sum, "{what}");
    }
}

/// A fill, as both sides must tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fill {
    match_id: u64,
    instrument: u32,
    order_id: u64,
    price: i64,
    signed: i64,
}

/// The fills among the events of one side: all, or those of a port.
fn fills(events: &[(u16, Vec<u8>)], port: Option<u32>) -> BTreeSet<Fill> {
    let all = events.iter().filter(|(kind, _)| *kind == OrderFilled::KIND);
    let all = all.map(|(_, body)| OrderFilled::decode(body).unwrap());
    all.filter(|fill| port.is_none_or(|port| fill.strategy_id == port))
        .map(|fill| Fill {
            match_id: fill.match_id,
            instrument: fill.instrument_id,
            order_id: fill.order_id,
            price: fill.price_ticks,
            signed: match Side::from_raw(fill.side).unwrap() {
                Side::Buy => fill.qty_lots.cast_signed(),
                Side::Sell => -fill.qty_lots.cast_signed(),
            },
        })
        .collect()
}

/// How many worlds to try: more, where somebody asks for them.
#[expect(clippy::disallowed_methods, reason = "how long a test runs is nothing that it tests")]
fn seeds(usual: u64) -> u64 {
    std::env::var("ONETAPE_SEEDS").map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn node_and_exchange_agree_whatever_is_lost_on_the_way() {
    for seed in 0..seeds(300) {
        let mut world = World::new(seed * 7_919);
        for at in 0..3_000 {
            world.step();
            // The replay below never saw a snapshot: it has to come to the same all the same.
            if seed % 2 == 0 && mix(seed ^ at).is_multiple_of(400) {
                world.reload(&format!("seed {seed}, step {at}"));
            }
        }
        world.settle();
        world.assert_equals_exchange(&format!("seed {seed}"));
        let (ours, theirs) = (world.our_orders(), world.exchange_orders());
        let differ: Vec<_> = ours.symmetric_difference(&theirs).collect();
        assert!(differ.is_empty(), "seed {seed}: orders {differ:?}");
        assert_no_orphans(world.node.desk(), STRATEGIES, seed);

        // Killed: nothing is left anywhere.
        let state = TradingState::Halted.raw();
        let scope = RiskScope::Firm.raw();
        let kill = TradingStateSet { id: 0, scope, state, cancels: 1, is_manual: 1 };
        world.input(TradingStateSet::KIND, sources::OPERATOR, &kill.encode());
        world.settle();
        assert_eq!(world.node.live_orders(1), 0, "seed {seed}");
        world.assert_equals_exchange(&format!("seed {seed}, killed"));
        let mut groups = (1..=STRATEGIES).flat_map(|id| world.node.desk().groups(id));
        assert!(groups.all(Group::is_over), "seed {seed}: nothing is kept, either");

        let again = world.replay();
        assert_eq!(again.state_hash(), world.node.state_hash(), "seed {seed}");
    }
}

#[test]
fn a_snapshot_that_is_cut_or_of_other_limits_is_refused() {
    let mut world = World::new(7);
    (0..800).for_each(|_| world.step());
    let mut saved = Vec::new();
    world.node.save(&mut saved);
    for length in (0..saved.len()).step_by(saved.len() / 97) {
        assert!(node().restore(&mut &saved[..length]).is_err(), "{length} bytes");
    }
    let smaller = NodeConfig { strategies_max: 1, ..node().config() };
    assert!(Node::new(smaller).restore(&mut &saved[..]).is_err());
}
