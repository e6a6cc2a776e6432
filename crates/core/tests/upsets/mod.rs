// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any sequence of sends, answers, timeouts, refusals, lost connections and restarts: at every step
//! what is reserved covers what is real at the exchange, what is real stays within the limit, and in
//! the end both sides agree.

use onetape_core::component::{Component, sources};
use onetape_core::events::{
    ClockTicked, CloseReason, FillUnexpected, Limit, OrderFilled, OrderRejected, OrderStateChanged,
    OrderUnknown, PortDefined, RejectReason, ReplaceOrder, RiskScope, ScopeLimitSet, SessionClosed,
    Side, StateReason, TradingStateChanged, VenueLink, VenueLinkChanged,
};
use onetape_core::trading::{OwnOrder, QUOTE_ID_FIRST};

use super::exchange::{SYMBOLS, port};
use super::{OUR_PORT, STRATEGIES, World, seeds};

/// Lots that may be held in one instrument, by both strategies together, every open order filled.
const POSITION_MAX: i64 = 300;
/// The exchange takes no larger order; the node does.
const EXCHANGE_QTY_MAX: u64 = 150;
const MILLISECOND_NS: i64 = 1_000_000;

/// A world in which more goes wrong.
pub(crate) struct Upset {
    pub(crate) world: World,
    /// Events of the exchange that were counted.
    counted: usize,
    /// Lots that our port traded at the exchange, by instrument and side.
    traded: [[u64; 2]; SYMBOLS.len() + 1],
}

impl Upset {
    pub(crate) fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let ours = PortDefined {
            order_qty_max: EXCHANGE_QTY_MAX,
            cancel_on_disconnect: (seed % 2) as u8,
            ..port(OUR_PORT, 1)
        };
        world.market.input(PortDefined::KIND, &ours.encode());
        for id in 1..=SYMBOLS.len() as u32 {
            let (limit, scope) = (Limit::PositionMax.raw().into(), RiskScope::Instrument.raw());
            let event = ScopeLimitSet { value: POSITION_MAX, id, limit, scope, reserved: 0 };
            world.config(ScopeLimitSet::KIND, &event.encode());
        }
        Self { world, counted: 0, traded: Default::default() }
    }

    pub(crate) fn step(&mut self) {
        let world = &mut self.world;
        match world.dice(60) {
            0..=1 => {
                let ns = world.dice(400).cast_signed() * MILLISECOND_NS;
                world.market.wait(ns);
                self.tick();
            }
            2..=5 => self.tick(),
            6..=9 => self.replace_oddly(),
            10 if world.dice(8) == 0 => self.restart(),
            11 if !world.is_connected => self.notice(),
            12..=15 if !world.is_connected => world.connect(),
            16..=17 => world.intent(),
            _ => world.step(),
        }
    }

    fn tick(&mut self) {
        let event = ClockTicked { tick: 1 };
        self.world.config(ClockTicked::KIND, &event.encode());
    }

    /// A replacement that the exchange may refuse: too large for it, off its ticks, or late.
    fn replace_oddly(&mut self) {
        let world = &mut self.world;
        let strategy_id = 1 + world.dice(u64::from(STRATEGIES)) as u32;
        let live = world.node.desk().orders(strategy_id).unwrap().live();
        let is_own =
            |order: &&OwnOrder| order.client_id < QUOTE_ID_FIRST && order.state.is_settled();
        let own: Vec<_> = live.filter(is_own).copied().collect();
        if own.is_empty() {
            return;
        }
        let order = own[world.dice(own.len() as u64) as usize];
        let last = &mut world.client_ids[strategy_id as usize - 1];
        *last += 1;
        let new_client_id = *last;
        let off_tick = [0, 0, 50][world.dice(3) as usize];
        let event = ReplaceOrder {
            client_id: order.client_id,
            new_client_id,
            price_ticks: world.price() + off_tick,
            qty_lots: 1 + world.dice(2 * EXCHANGE_QTY_MAX),
            strategy_id,
            instrument_id: order.instrument,
        };
        world.input(ReplaceOrder::KIND, sources::STRATEGY + strategy_id, &event.encode());
    }

    /// The node's process ends, and another one takes up its journal. The engine says that it is not
    /// connected: whether it was when it ended, nobody said.
    fn restart(&mut self) {
        let world = &mut self.world;
        let arrived = world.dice(world.sent.len() as u64 + 1);
        for _ in 0..arrived {
            world.carry();
        }
        world.sent.clear();
        let again = world.replay();
        assert_eq!(again.state_hash(), world.node.state_hash());
        world.node = again;
        world.is_connected = false;
        let (venue_id, link, is_up) = (1, VenueLink::Orders.raw(), 0);
        let (next_message, session, reserved) = (0, [0; 16], 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        world.input(VenueLinkChanged::KIND, sources::VENUE + 1, &event.encode());
    }

    /// The exchange notices that the connection went, and may cancel what is ours.
    fn notice(&mut self) {
        let reason = u16::from(CloseReason::Disconnected.raw());
        let event = SessionClosed { port_id: OUR_PORT, reason, reserved: 0 };
        self.world.market.input(SessionClosed::KIND, &event.encode());
    }

    fn count_trades(&mut self) {
        let events = &self.world.market.tape.events;
        for (kind, body) in &events[self.counted..] {
            if *kind != OrderFilled::KIND {
                continue;
            }
            let fill = OrderFilled::decode(body).unwrap();
            if fill.strategy_id == OUR_PORT {
                let side = Side::from_raw(fill.side).unwrap();
                self.traded[fill.instrument_id as usize][side.index()] += fill.qty_lots;
            }
        }
        self.counted = events.len();
    }

    /// Lots of ours that are open at the exchange.
    fn open_there(&self, instrument: u32, side: Side) -> u64 {
        let matcher = self.world.market.exchange.market().matcher();
        let ours = matcher.orders(instrument, side).filter(|order| order.owner == OUR_PORT);
        ours.map(|order| order.qty).sum()
    }

    /// Lots that strategies have traded or may trade, as the gate counts.
    fn reserved_here(&self, instrument: u32, side: Side) -> u64 {
        let desk = self.world.node.desk();
        let of = |strategy| {
            let position = desk.portfolio().position(strategy, instrument);
            let traded = if side == Side::Buy { position.bought } else { position.sold };
            traded + desk.risk().open(strategy, instrument, side)
        };
        (1..=STRATEGIES).map(of).sum()
    }

    pub(crate) fn check(&mut self, place: (u64, usize)) {
        self.count_trades();
        for instrument in 1..=SYMBOLS.len() as u32 {
            let [bought, sold] = self.traded[instrument as usize];
            let held = bought.cast_signed() - sold.cast_signed();
            for (side, held) in [(Side::Buy, held), (Side::Sell, -held)] {
                let open = self.open_there(instrument, side);
                let real = self.traded[instrument as usize][side.index()] + open;
                let reserved = self.reserved_here(instrument, side);
                let what = (place, instrument, side);
                assert!(reserved >= real, "{what:?}: reserved {reserved}, real {real}");
                let worst = held + open.cast_signed();
                assert!(worst <= POSITION_MAX, "{what:?}: {worst} lots could be held");
            }
        }
    }

    /// Counts what went wrong; an honest venue gives no cause for an alarm.
    pub(crate) fn tell(&self, seen: &mut Seen) {
        for (kind, body) in &self.world.outputs.0 {
            match *kind {
                TradingStateChanged::KIND | OrderUnknown::KIND | FillUnexpected::KIND => {
                    panic!("an alarm: {kind} {body:?}");
                }
                OrderStateChanged::KIND => {
                    let event = OrderStateChanged::decode(body).unwrap();
                    assert_eq!(event.is_flagged, 0, "{event:?}");
                    seen.states[event.reason as usize] += 1;
                }
                OrderRejected::KIND => {
                    let event = OrderRejected::decode(body).unwrap();
                    let is_replacement = event.command == ReplaceOrder::KIND;
                    let is_by_venue = event.reason == RejectReason::VenueRefused.raw();
                    seen.replacements_refused += u32::from(is_replacement && is_by_venue);
                    seen.at_limit += u32::from(event.reason == RejectReason::PositionTotal.raw());
                }
                _ => {}
            }
        }
    }

    /// Everything arrives, and nothing is unknown any more.
    pub(crate) fn settle(&mut self) {
        self.world.settle();
        self.tick();
        self.world.settle();
    }
}

/// How often things went wrong.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// By reason of a changed state.
    states: [u32; 10],
    replacements_refused: u32,
    at_limit: u32,
}

#[test]
fn what_is_reserved_covers_what_is_real_whatever_goes_wrong() {
    let seeds = seeds(100);
    let mut seen = Seen::default();
    for seed in 0..seeds {
        let mut upset = Upset::new(seed * 7_919 + 1);
        for at in 0..3_000 {
            upset.step();
            upset.check((seed, at));
        }
        upset.settle();
        upset.check((seed, usize::MAX));
        upset.tell(&mut seen);
        let Upset { world, .. } = upset;
        assert_eq!(world.node.desk().unknown().count(), 0, "seed {seed}");
        world.assert_equals_exchange(&format!("seed {seed}"));
        let (ours, theirs) = (world.our_orders(), world.exchange_orders());
        let differ: Vec<_> = ours.symmetric_difference(&theirs).collect();
        assert!(differ.is_empty(), "seed {seed}: orders {differ:?}");
        assert_eq!(world.node.desk().risk().orders(), ours.len(), "seed {seed}");
    }
    let often = [StateReason::Timeout, StateReason::LinkDown, StateReason::ToldOpen];
    let often = often.map(|reason| seen.states[reason.raw() as usize]);
    let counts = often.into_iter().chain([seen.replacements_refused, seen.at_limit]);
    let is_enough = counts.min().is_some_and(|least| u64::from(least) > seeds / 4);
    assert!(is_enough, "something was hardly tried: {seen:?}");
}
