// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Circuit breakers, KS-05 and KS-07 to KS-13: what strategies do and how their surroundings are,
//! measured over windows, and a ladder of what follows: a warning, a pause between orders, only what
//! reduces, nothing.
//!
//! They are data: a [`BreakerSet`] each. They listen to what the node puts out, and so measure what the
//! journal says, whichever way it came about. Without one, nothing is listened to.

mod board;
mod measures;
mod save;
mod surroundings;
mod throttle;

use super::kill::Ground;
use super::{Core, Node};
use crate::component::{Entry, Outbox};
use crate::events::{
    BookStateChanged, Breaker, BreakerAction, BreakerSet, CancelOrder, CancelReason, ClockMeasured,
    ClockTicked, FeedDelayed, InstrumentDefined, OrderAccepted, OrderFilled, OrderRejected,
    OrderReplaced, PositionChanged, RiskScope, Side, TradingState, TradingStateChanged,
};
use crate::risk::{Refusal, RiskGate, Scope, ticklot_e12};
use crate::trading::{OrderKey, VenueCommand};
use crate::types::{InstrumentId, StrategyId, TsNs};

pub(super) use board::Breakers;
use board::{BREAKERS, REFUSALS_MAX};
pub(super) use throttle::Throttle;

/// Breakers on what a strategy does.
const OF_STRATEGIES: [Breaker; 6] = [
    Breaker::RejectRate,
    Breaker::RejectRun,
    Breaker::MessageRate,
    Breaker::MessageBurst,
    Breaker::PositionJump,
    Breaker::Slippage,
];

/// How a breaker is set, and what it does at a scope; for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerView {
    /// Which.
    pub breaker: Breaker,
    /// Where it acts, in the breaker's unit.
    pub bound: i64,
    /// What it does there.
    pub action: BreakerAction,
    /// The scope at which it does something now, what it does, and what was measured when it began.
    pub standing: Option<(Scope, BreakerAction, i64)>,
}

/// Passes outputs on, and has the breakers hear them.
pub(super) struct Watch<'a> {
    pub(super) breakers: &'a mut Breakers,
    pub(super) out: &'a mut dyn Outbox,
    pub(super) now: TsNs,
}

impl Outbox for Watch<'_> {
    #[inline]
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.out.emit(kind, version, body);
        self.breakers.hear(kind, body, self.now);
    }
}

impl Breakers {
    /// Takes in what the node says.
    #[inline]
    fn hear(&mut self, kind: u16, body: &[u8], now: TsNs) {
        match kind {
            OrderAccepted::KIND => {
                if let Some(event) = OrderAccepted::decode(body) {
                    self.answered(event.strategy_id, now);
                }
            }
            OrderReplaced::KIND => {
                if let Some(event) = OrderReplaced::decode(body) {
                    self.answered(event.strategy_id, now);
                }
            }
            OrderRejected::KIND => {
                if let Some(event) = OrderRejected::decode(body)
                    && event.command != CancelOrder::KIND
                    && self.refusals.len() < REFUSALS_MAX
                {
                    let (strategy, id) = (event.strategy_id, event.instrument_id);
                    self.refusals.push((strategy, id, event.reason));
                }
            }
            OrderFilled::KIND => self.filled(body, now),
            PositionChanged::KIND => {
                if let Some(event) = PositionChanged::decode(body) {
                    let window_ns = self.window_ns(Breaker::PositionJump);
                    let (strategy, id) = (event.strategy_id, event.instrument_id);
                    if let Some(pair) = self.pair(strategy, id) {
                        pair.moved(now, window_ns, event.position_lots);
                    }
                    self.touch(strategy);
                }
            }
            BookStateChanged::KIND => {
                if let Some(event) = BookStateChanged::decode(body) {
                    self.surroundings.book(&event);
                }
            }
            TradingStateChanged::KIND => {
                if let Some(event) = TradingStateChanged::decode(body)
                    && event.reason == 0
                    && event.state != TradingState::Halted.raw()
                    && let Some(kind) = RiskScope::from_raw(event.scope)
                {
                    self.forget(Scope::new(kind, event.id));
                }
            }
            _ => {}
        }
    }

    fn answered(&mut self, strategy: StrategyId, now: TsNs) {
        let window_ns = self.window_ns(Breaker::RejectRate);
        if let Some(of) = self.strategies.get_mut(strategy as usize) {
            of.accepted(now, window_ns);
        }
    }

    /// Counts the refusals of this entry, but where the strategy or what it trades is held anyhow: what
    /// is stopped is not to be stopped for that.
    fn count_refusals(&mut self, now: TsNs, risk: &RiskGate) {
        let window_ns = self.window_ns(Breaker::RejectRate);
        while let Some((strategy, id, reason)) = self.refusals.pop() {
            let Some(of) = self.strategies.get_mut(strategy as usize) else { continue };
            if !risk.restricts(strategy, id) && of.rejected(now, window_ns, reason) {
                self.touch(strategy);
            }
        }
    }

    fn filled(&mut self, body: &[u8], now: TsNs) {
        let Some(event) = OrderFilled::decode(body) else { return };
        let mid2 = i128::from(event.arrival_mid2_ticks);
        let weight = self.weights.get(event.instrument_id as usize).copied().unwrap_or(0);
        if mid2 == 0 || weight == 0 {
            return;
        }
        let lots = i128::from(event.qty_lots);
        let worse2 = 2 * i128::from(event.price_ticks) - mid2;
        let worse2 = if event.side == Side::Sell.raw() { -worse2 } else { worse2 };
        let window_ns = self.window_ns(Breaker::Slippage);
        if let Some(of) = self.strategies.get_mut(event.strategy_id as usize) {
            of.filled(now, window_ns, (worse2 * lots, mid2.abs() * lots), weight);
            self.touch(event.strategy_id);
        }
    }

    /// A command of a strategy left for a venue.
    fn sent(&mut self, strategy: StrategyId, now: TsNs) {
        let rate_ns = self.window_ns(Breaker::MessageRate);
        let burst_ns = self.get(Breaker::MessageBurst).map_or(0, |set| set.window_ns);
        if let Some(of) = self.strategies.get_mut(strategy as usize) {
            of.sent(now, rate_ns, burst_ns);
            self.touch(strategy);
        }
    }

    /// A strategy is to be judged.
    fn touch(&mut self, strategy: StrategyId) {
        if let Some(of) = self.strategies.get_mut(strategy as usize)
            && !of.is_touched
        {
            of.is_touched = true;
            self.touched.push(strategy);
        }
    }
}

impl Core {
    /// A command leaves for a venue; what a kill cancels does not come here.
    pub(super) fn count_sent(&mut self, command: &VenueCommand) {
        let (strategy, is_order) = match command {
            VenueCommand::Enter(order) => (order.strategy, true),
            VenueCommand::Replace { key, .. } => (key.strategy, true),
            VenueCommand::Cancel { key, .. } | VenueCommand::Reduce { key, .. } => {
                (key.strategy, false)
            }
        };
        if is_order {
            self.throttle.passed(strategy, self.now);
        }
        if self.sent.len() < self.sent.capacity() {
            self.sent.push(strategy);
        }
    }
}

impl Node {
    /// How the breakers are set, and what they do now: one for each scope, or one without any.
    pub fn breakers(&self) -> impl Iterator<Item = BreakerView> + '_ {
        let all = self.breakers.iter().flat_map(|breakers| {
            let set = (1..).map_while(Breaker::from_raw);
            set.filter_map(move |breaker| Some((breakers, breaker, breakers.get(breaker)?)))
        });
        all.flat_map(|(breakers, breaker, set)| {
            let view =
                BreakerView { breaker, bound: set.bound, action: set.action, standing: None };
            let here = breakers.standing.iter().filter(move |it| it.breaker == breaker);
            let standing = here.map(move |it| Some((it.scope, it.action, it.value)));
            let is_quiet = !breakers.standing.iter().any(|it| it.breaker == breaker);
            let none = is_quiet.then_some(None);
            standing.chain(none).map(move |standing| BreakerView { standing, ..view })
        })
    }

    /// The first breaker is set: from here on they listen.
    #[cold]
    pub(super) fn make_breakers(&mut self) {
        let mut breakers = Box::new(Breakers::new(&self.config));
        for instrument in self.core.markets.iter().filter_map(|market| market.instrument) {
            breakers.weigh(&instrument.definition);
        }
        self.breakers = Some(breakers);
        self.core.has_breakers = true;
    }

    /// After an entry: what it led to is judged.
    pub(super) fn judge_breakers(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let Some(mut breakers) = self.breakers.take() else { return };
        let Core { sent, desk, .. } = &mut self.core;
        breakers.count_refusals(entry.ts_ns, desk.risk());
        for strategy in sent.drain(..) {
            breakers.sent(strategy, entry.ts_ns);
        }
        while let Some(strategy) = breakers.touched.pop() {
            breakers.strategies[strategy as usize].is_touched = false;
            let scope = Scope::new(RiskScope::Strategy, strategy);
            for breaker in OF_STRATEGIES {
                if breakers.get(breaker).is_some() {
                    breakers.judge((breaker, scope), entry.ts_ns, entry.seq, desk.risk_mut(), out);
                }
            }
        }
        match entry.kind {
            ClockTicked::KIND => self.tick_breakers(&mut breakers, entry, out),
            BreakerSet::KIND
            | ClockMeasured::KIND
            | FeedDelayed::KIND
            | InstrumentDefined::KIND => {
                breakers.told(entry, self.core.desk.risk_mut(), out);
            }
            _ => {}
        }
        while let Some(scope) = breakers.cancels.pop() {
            self.cancel_scope(scope, entry.seq, out);
        }
        if breakers.has_throttles || !self.core.throttle.is_off() {
            breakers.has_throttles = false;
            self.core.throttle.hold(breakers.throttles());
        }
        self.breakers = Some(breakers);
    }

    /// Time passed: what lasts is measured, what stands is looked at again, quotes that waited go on.
    fn tick_breakers(&mut self, breakers: &mut Breakers, entry: Entry<'_>, out: &mut dyn Outbox) {
        let (now, cause) = (entry.ts_ns, entry.seq);
        breakers.surroundings.pass(now);
        for venue in &self.venues {
            if let Some(state) = self.core.health.feed_state(venue.feed_id) {
                breakers.surroundings.feed((venue.port.venue, venue.feed_id), state, now);
            }
        }
        let risk = self.core.desk.risk_mut();
        for venue in &self.venues {
            let scope = Scope::new(RiskScope::Venue, venue.port.venue);
            breakers.judge((Breaker::MarketData, scope), now, cause, risk, out);
        }
        for at in 0..breakers.surroundings.books.len() {
            let scope = Scope::new(RiskScope::Instrument, breakers.surroundings.books[at].0);
            breakers.judge((Breaker::MarketData, scope), now, cause, risk, out);
        }
        breakers.judge((Breaker::Clock, Scope::FIRM), now, cause, risk, out);
        let mut at = breakers.standing.len();
        while let Some(before) = at.checked_sub(1) {
            at = before;
            if let Some(standing) = breakers.standing.get(at) {
                let of = (standing.breaker, standing.scope);
                breakers.judge(of, now, cause, risk, out);
            }
        }
        for _ in 0..self.core.throttle.waiting() {
            let Some((strategy, id)) = self.core.throttle.take_quote() else { break };
            let mut watch = Watch { breakers: &mut *breakers, out: &mut *out, now };
            self.go_on(super::intents::key_of(strategy, id, 0), entry, &mut watch);
        }
    }

    /// Cancels what lives at a scope; nobody waits for it as for a kill.
    fn cancel_scope(&mut self, scope: Scope, cause: u64, out: &mut dyn Outbox) {
        let Self { venues, core, .. } = self;
        let Core { waiting, markets, desk, .. } = core;
        desk.drop_legs(|risk, key| Ground { markets, risk }.covers(scope, key));
        let ground = Ground { markets, risk: desk.risk() };
        for place in waiting.iter_mut() {
            let of = |quote: &crate::events::SetQuote| {
                super::intents::key_of(quote.strategy_id, quote.instrument_id, 0)
            };
            if place.as_ref().is_some_and(|quote| ground.covers(scope, &of(quote))) {
                *place = None;
            }
        }
        let is_wanted = |key: &OrderKey| ground.covers(scope, key);
        for venue in venues {
            venue.port.cancel_all(is_wanted, CancelReason::Killed, cause, out);
        }
    }

    /// Why an order of a strategy may not leave yet, by a breaker.
    pub(super) fn held_back(
        &self,
        strategy: StrategyId,
        id: InstrumentId,
        now: TsNs,
    ) -> Option<Refusal> {
        if self.core.throttle.is_off() {
            return None;
        }
        self.core.throttle.refusal(strategy, (self.venue_of(id), id), now)
    }
}

impl Breakers {
    /// An entry that is for the breakers alone.
    #[cold]
    fn told(&mut self, entry: Entry<'_>, risk: &mut RiskGate, out: &mut dyn Outbox) {
        let (now, cause) = (entry.ts_ns, entry.seq);
        match entry.kind {
            BreakerSet::KIND => {
                if let Some(event) = BreakerSet::decode(entry.body) {
                    self.set(&event);
                    for at in (0..self.standing.len()).rev() {
                        let of = (self.standing[at].breaker, self.standing[at].scope);
                        self.judge(of, now, cause, risk, out);
                    }
                }
            }
            ClockMeasured::KIND => {
                if let Some(event) = ClockMeasured::decode(entry.body) {
                    self.surroundings.clock(&event, now);
                    self.judge((Breaker::Clock, Scope::FIRM), now, cause, risk, out);
                }
            }
            FeedDelayed::KIND => {
                if let Some(event) = FeedDelayed::decode(entry.body) {
                    let window_ns = self.window_ns(Breaker::InputAge);
                    self.surroundings.delayed(event.delay_ns, now, window_ns);
                    self.judge((Breaker::InputAge, Scope::FIRM), now, cause, risk, out);
                }
            }
            _ => {
                if let Some(definition) = InstrumentDefined::decode(entry.body) {
                    self.weigh(&definition);
                }
            }
        }
    }

    /// What a tick-lot of an instrument is worth.
    fn weigh(&mut self, definition: &InstrumentDefined) {
        if let Some(place) = self.weights.get_mut(definition.instrument_id as usize) {
            *place = ticklot_e12(definition);
        }
    }
}
