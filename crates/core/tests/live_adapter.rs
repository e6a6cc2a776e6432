// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A live node and a venue behind an adapter that dies: whatever is lost, told late or told twice,
//! what is reserved covers what is real, and in the end both agree.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod told;

use onetape_core::book::BooksConfig;
use onetape_core::component::{Component, Entry, Outbox, Snapshot, sources};
use onetape_core::events::{
    CancelOrder, CancelSent, ClockTicked, EnterOrder, FillUnexpected, InstrumentDefined,
    InstrumentListed, Limit, LimitSet, Liquidity, MarketAction, MarketUpdated, OrderSent,
    OrderState, OrderStateChanged, OrderType, QuerySent, ReplaceOrder, ReplaceSent, ReportKind,
    Side, StateReason, StpMode, StrategyStarted, TimeInForce, TradingState, UnexpectedFill,
    VenueDefined, VenueLink, VenueLinkChanged, VenueReported,
};
use onetape_core::feed::Rules;
use onetape_core::hash::mix;
use onetape_core::live::{Node, NodeConfig};
use onetape_core::risk::Scope;
use told::{Asked, Venue};

/// Three thousand were tried when it was written.
const SEEDS: u64 = 100;
const MILLISECOND_NS: i64 = 1_000_000;
const ADAPTER: u32 = sources::VENUE + 1;

#[derive(Default)]
struct Outputs(Vec<(u16, Vec<u8>)>);

impl Outbox for Outputs {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        self.0.push((kind, body.to_vec()));
    }
}

fn node() -> Node {
    Node::new(NodeConfig {
        books: BooksConfig { orders_max: 64, instruments_max: 1, window_levels: 256 },
        venues_max: 1,
        strategies_max: 1,
        own_orders_max: 64,
        midnight_ns: 0,
        rules: Rules::usual(),
    })
}

struct World {
    random: u64,
    node: Node,
    venue: Venue,
    now_ns: i64,
    seq: u64,
    is_up: bool,
    client_id: u64,
    outputs: Vec<(u16, Vec<u8>)>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            random: mix(seed),
            node: node(),
            venue: Venue::default(),
            now_ns: MILLISECOND_NS,
            seq: 0,
            is_up: false,
            client_id: 0,
            outputs: Vec::new(),
        };
        world.define();
        world.link(VenueLink::Data, true);
        world.link(VenueLink::Orders, true);
        for (order_ref, side, price_ticks) in [(1, Side::Buy, 99), (2, Side::Sell, 101)] {
            world.quote_of_others(order_ref, side, price_ticks);
        }
        world
    }

    fn define(&mut self) {
        let venue = VenueDefined { venue_id: 1, is_adapter: 1, feed_id: 0, reserved: 0 };
        self.input(VenueDefined::KIND, sources::CONFIG, &venue.encode());
        let event = InstrumentDefined {
            symbol: *b"ONE\0\0\0\0\0\0\0\0\0\0\0\0\0",
            currency: *b"USD\0\0\0\0\0",
            tick_e9: 100_000,
            lot_e9: 1_000_000_000,
            multiplier_e9: 1_000_000_000,
            instrument_id: 1,
            venue_code: 0,
        };
        self.input(InstrumentDefined::KIND, sources::CONFIG, &event.encode());
        let listed = InstrumentListed { instrument_id: 1, venue_id: 1, product_id: 1, reserved: 0 };
        self.input(InstrumentListed::KIND, sources::CONFIG, &listed.encode());
        for limit in [
            Limit::OrderQtyMax,
            Limit::OrderNotionalMax,
            Limit::PositionMax,
            Limit::PriceCollarTicks,
            Limit::OrderRateMax,
        ] {
            let limit = u16::from(limit.raw());
            let event = LimitSet { value: 1 << 20, instrument_id: 0, limit, reserved: 0 };
            self.input(LimitSet::KIND, sources::CONFIG, &event.encode());
        }
        let event = StrategyStarted { strategy_id: 1, reserved: 0, code_hash: 0 };
        self.input(StrategyStarted::KIND, sources::CONFIG, &event.encode());
    }

    fn quote_of_others(&mut self, order_ref: u64, side: Side, price_ticks: i64) {
        let update = MarketUpdated {
            venue_ts_ns: self.now_ns,
            order_ref,
            other_ref: 0,
            price_ticks,
            qty_lots: 1,
            instrument_id: 1,
            action: MarketAction::Add.raw(),
            side: side.raw(),
            flags: 0,
        };
        self.input(MarketUpdated::KIND, ADAPTER, &update.encode());
    }

    fn dice(&mut self, sides: u64) -> u64 {
        self.random = mix(self.random.wrapping_add(1));
        (self.random >> 20) % sides
    }

    fn input(&mut self, kind: u16, source: u32, body: &[u8]) {
        self.now_ns += 1_000;
        self.seq += 1;
        let entry = Entry { seq: self.seq, ts_ns: self.now_ns, kind, version: 1, source, body };
        let mut outputs = Outputs::default();
        self.node.apply(entry, &mut outputs);
        for (kind, body) in &outputs.0 {
            self.venue.inbox.extend(read(*kind, body).filter(|_| self.is_up));
        }
        self.outputs.extend(outputs.0);
    }

    fn link(&mut self, link: VenueLink, is_up: bool) {
        if link == VenueLink::Orders {
            self.is_up = is_up;
        }
        let (venue_id, link, is_up) = (1, link.raw(), u8::from(is_up));
        let (next_message, session, reserved) = (0, [0; 16], 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.input(VenueLinkChanged::KIND, ADAPTER, &event.encode());
    }

    fn tick(&mut self) {
        self.input(ClockTicked::KIND, sources::CONFIG, &ClockTicked { tick: 1 }.encode());
    }

    /// The adapter hands in one report.
    fn hear(&mut self) -> bool {
        let Some(report) = self.venue.outbox.pop_front() else { return false };
        self.say(&report);
        true
    }

    fn say(&mut self, report: &VenueReported) {
        self.input(VenueReported::KIND, ADAPTER, &report.encode());
    }

    fn enter(&mut self, side: u8, price_ticks: i64, qty_lots: u64) {
        self.client_id += 1;
        let event = EnterOrder {
            client_id: self.client_id,
            price_ticks,
            qty_lots,
            strategy_id: 1,
            instrument_id: 1,
            side,
            order_type: OrderType::Limit.raw(),
            time_in_force: TimeInForce::Day.raw(),
            post_only: 0,
            stp_mode: StpMode::Off.raw(),
            reserved: [0; 3],
        };
        self.input(EnterOrder::KIND, sources::STRATEGY + 1, &event.encode());
    }

    /// The strategy does something.
    fn intend(&mut self) {
        let (strategy_id, instrument_id) = (1, 1);
        let client_id = self.client_id.saturating_sub(self.dice(6)).max(1);
        let (price, qty) = (95 + self.dice(11).cast_signed(), 1 + self.dice(20));
        match self.dice(5) {
            0 => {
                let qty_lots = self.dice(2) * qty;
                let event = CancelOrder { client_id, qty_lots, strategy_id, instrument_id };
                self.input(CancelOrder::KIND, sources::STRATEGY + 1, &event.encode());
            }
            1 => {
                self.client_id += 1;
                let event = ReplaceOrder {
                    client_id,
                    new_client_id: self.client_id,
                    price_ticks: price,
                    qty_lots: qty,
                    strategy_id,
                    instrument_id,
                };
                self.input(ReplaceOrder::KIND, sources::STRATEGY + 1, &event.encode());
            }
            _ => {
                let side = 1 + self.dice(2) as u8;
                self.enter(side, price, qty);
            }
        }
    }

    /// The adapter dies: what was under way arrived as far as it did, in both directions.
    fn die(&mut self) {
        for _ in 0..self.dice(self.venue.inbox.len() as u64 + 1) {
            self.venue.work(false);
        }
        for _ in 0..self.dice(self.venue.outbox.len() as u64 + 1) {
            self.hear();
        }
        self.venue.inbox.clear();
        self.venue.outbox.clear();
        self.link(VenueLink::Orders, false);
    }

    fn step(&mut self) {
        match self.dice(40) {
            0..10 => self.intend(),
            10..20 => {
                let refuse = self.dice(8) == 0;
                self.venue.work(refuse);
            }
            20..25 => {
                let live = self.venue.live();
                if !live.is_empty() {
                    let order = live[self.dice(live.len() as u64) as usize];
                    let qty = 1 + self.dice(10);
                    if self.dice(5) == 0 {
                        self.venue.cancel(order.number, qty);
                    } else {
                        self.venue.fill(order.number, qty);
                    }
                }
            }
            25..36 => {
                self.hear();
            }
            36 => {
                // The same is told twice.
                if let Some(report) = self.venue.outbox.front().copied() {
                    self.say(&report);
                }
            }
            37 => {
                self.now_ns += self.dice(700).cast_signed() * MILLISECOND_NS;
                self.tick();
            }
            38 if self.is_up && self.dice(2) == 0 => self.die(),
            38 if !self.is_up => self.link(VenueLink::Orders, true),
            39 if self.dice(40) == 0 => self.restart(),
            _ => self.tick(),
        }
    }

    /// The node starts again from a snapshot.
    fn restart(&mut self) {
        let mut bytes = Vec::new();
        self.node.save(&mut bytes);
        let mut again = node();
        again.restore(&mut bytes.as_slice()).unwrap();
        assert_eq!(again.state_hash(), self.node.state_hash());
        self.node = again;
    }

    fn check(&self, place: (u64, usize)) {
        let desk = self.node.desk();
        let position = desk.portfolio().position(1, 1);
        for (side, traded) in [(Side::Buy, position.bought), (Side::Sell, position.sold)] {
            let (reserved, real) =
                (traded + desk.risk().open(1, 1, side), self.venue.exposure(side));
            assert!(reserved >= real, "{place:?} {side:?}: reserved {reserved}, real {real}");
        }
    }

    /// Everything arrives, and late answers are asked for.
    fn settle(&mut self) {
        if !self.is_up {
            self.link(VenueLink::Orders, true);
        }
        for _ in 0..20 {
            while !self.venue.inbox.is_empty() || !self.venue.outbox.is_empty() {
                self.venue.work(false);
                self.hear();
            }
            self.now_ns += 1_001 * MILLISECOND_NS;
            self.tick();
        }
    }

    fn last<T>(&self, kind: u16, read: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
        self.outputs.iter().rev().find(|(found, _)| *found == kind).and_then(|(_, b)| read(b))
    }
}

/// What an adapter reads in the journal that it is to do.
fn read(kind: u16, body: &[u8]) -> Option<Asked> {
    Some(match kind {
        OrderSent::KIND => {
            let OrderSent { number, side, price_ticks: price, qty_lots: qty, .. } =
                OrderSent::decode(body)?;
            Asked::Enter { number, side: Side::from_raw(side)?, price, qty }
        }
        CancelSent::KIND => {
            let CancelSent { number, qty_lots: size, .. } = CancelSent::decode(body)?;
            Asked::Cancel { number, size }
        }
        ReplaceSent::KIND => {
            let ReplaceSent { number, new_number, price_ticks: price, qty_lots: qty, .. } =
                ReplaceSent::decode(body)?;
            Asked::Replace { number, new_number, price, qty }
        }
        QuerySent::KIND => Asked::Query(QuerySent::decode(body)?.number),
        _ => return None,
    })
}

#[test]
fn a_venue_behind_an_adapter_that_dies_is_agreed_with_in_the_end() {
    let mut late = 0;
    for seed in 0..SEEDS {
        let mut world = World::new(seed);
        for at in 0..600 {
            world.step();
            world.check((seed, at));
        }
        world.settle();
        world.check((seed, usize::MAX));
        let desk = world.node.desk();
        assert_eq!(desk.risk().state(Scope::FIRM), TradingState::Active, "seed {seed}");
        assert_eq!(desk.unknown().count(), 0, "seed {seed}");
        let live = desk.orders(1).unwrap().live();
        let ours: Vec<_> = live.map(|o| (o.order_id, o.leaves, o.executed, o.price)).collect();
        let theirs = world.venue.live();
        let theirs = theirs.iter().map(|o| (o.number + 1_000, o.leaves, o.executed, o.price));
        let mut ours = ours;
        ours.sort_unstable();
        assert_eq!(ours, theirs.collect::<Vec<_>>(), "seed {seed}");
        assert_eq!(world.node.live_orders(1), ours.len(), "seed {seed}");
        let position = desk.portfolio().position(1, 1);
        assert_eq!([position.bought, position.sold], world.venue.traded, "seed {seed}");
        late += world
            .outputs
            .iter()
            .filter(|(kind, body)| {
                *kind == OrderStateChanged::KIND
                    && OrderStateChanged::decode(body).unwrap().reason == StateReason::Timeout.raw()
            })
            .count();
    }
    assert!(late > SEEDS as usize, "{late} late answers: hardly tried");
}

#[test]
fn an_answer_that_is_late_is_asked_for_every_second() {
    let mut world = World::new(1);
    world.settle();
    world.enter(Side::Buy.raw(), 99, 5);
    world.venue.inbox.clear();
    for asked in 1..=3 {
        world.now_ns += 1_001 * MILLISECOND_NS;
        world.tick();
        let query = world.last(QuerySent::KIND, QuerySent::decode).unwrap();
        assert_eq!((query.number, query.instrument_id), (1, 1));
        assert_eq!(world.venue.inbox.len(), asked);
        assert_eq!(world.node.desk().unknown().count(), 1);
        assert_eq!(world.node.desk().risk().open(1, 1, Side::Buy), 5, "reserved all the while");
    }
    world.settle();
    let rejected = world.node.desk().orders(1).unwrap().live().count();
    assert_eq!((rejected, world.node.desk().risk().open(1, 1, Side::Buy)), (0, 0));
    assert_eq!(
        world.last(OrderStateChanged::KIND, OrderStateChanged::decode).unwrap().state,
        OrderState::Unknown.raw(),
        "what follows is said by OrderRejected"
    );
}

#[test]
fn a_fill_that_nobody_asked_for_is_held_under_nobody_and_halts_everything() {
    let mut world = World::new(1);
    world.settle();
    let stray = VenueReported {
        number: 0,
        order_id: 77,
        exec_id: 9,
        price_ticks: 100,
        qty_lots: 4,
        leaves_lots: 0,
        executed_lots: 4,
        fee_e9: 0,
        venue_ts_ns: 0,
        venue_id: 1,
        instrument_id: 1,
        report: ReportKind::Filled.raw(),
        side: Side::Sell.raw(),
        liquidity: Liquidity::Removed.raw(),
        cancel_reason: 0,
        is_drop_copy: 0,
        reserved: [0; 3],
    };
    world.say(&VenueReported { is_drop_copy: 1, ..stray });
    assert!(world.last(FillUnexpected::KIND, FillUnexpected::decode).is_none(), "a copy");
    world.say(&stray);
    world.say(&stray);
    let said = world.last(FillUnexpected::KIND, FillUnexpected::decode).unwrap();
    assert_eq!(said.what, UnexpectedFill::Repeated.raw());
    let desk = world.node.desk();
    assert_eq!(desk.portfolio().position(0, 1).lots, -4, "counted once");
    assert_eq!(desk.risk().state(Scope::FIRM), TradingState::Halted);
}
