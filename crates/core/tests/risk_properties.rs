// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The gate against any sequence of orders, replacements and answers: a plain venue knows what really
//! lives and trades, and the gate must never have reserved less, nor let pass what could lead over a
//! limit. Steps are drawn from a seed; a failure names it.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

use onetape_core::events::{InstrumentAdmitted, Limit, RiskScope, TradingState};
use onetape_core::hash::{StateHasher, mix};
use onetape_core::risk::{Fill, Proposal, Reference, RiskConfig, RiskGate, Scope};
use onetape_core::types::{SECOND_NS, Side};

const STEPS: u64 = 400;
const SEEDS: u64 = 60;
const POSITION_MAX: i64 = 60;
const GROSS_MAX: i64 = 90_000;

struct Ignored;

impl onetape_core::component::Outbox for Ignored {
    fn emit(&mut self, _kind: u16, _version: u8, _body: &[u8]) {}
}

/// An order as the venue has it, or as it is on its way there.
#[derive(Clone, Copy, Debug)]
struct Live {
    order: Proposal,
    leaves: u64,
    /// The order it is to replace, while the venue has not said so.
    pending: Option<u64>,
    is_accepted: bool,
}

/// What really is: orders and positions.
#[derive(Clone, Debug, Default)]
struct Venue {
    live: Vec<Live>,
    positions: [[i64; 3]; 3],
}

impl Venue {
    /// The most lots that can still trade on a side: of an order and its replacements, one.
    fn real(&self, strategy: u32, instrument: u32, side: Side) -> u64 {
        let of = |live: &&Live| {
            let o = &live.order;
            (o.strategy, o.instrument, o.side) == (strategy, instrument, side)
        };
        let chains = self.live.iter().filter(of).filter(|live| live.pending.is_none());
        chains.map(|live| self.largest(live)).sum()
    }

    fn largest(&self, live: &Live) -> u64 {
        let id = live.order.client_id;
        let strategy = live.order.strategy;
        let next =
            self.live.iter().filter(|l| l.pending == Some(id) && l.order.strategy == strategy);
        next.map(|next| self.largest(next)).max().unwrap_or(0).max(live.leaves)
    }
}

struct Trial {
    gate: RiskGate,
    venue: Venue,
    seed: u64,
    step: u64,
    draws: u64,
    now: i64,
    next_id: u64,
}

fn gate(position_max: i64) -> RiskGate {
    let mut gate = RiskGate::new(RiskConfig::new(2, 2, 32));
    let basic = [1_000, 1_000_000_000, 1_000_000, 500, 1 << 20];
    for (raw, value) in (1..).zip(basic) {
        gate.set(Limit::from_raw(raw).unwrap(), 0, value);
    }
    for instrument_id in [1, 2] {
        let event = InstrumentAdmitted {
            ticklot_e12: 1_000_000_000_000,
            qty_min_lots: 1,
            qty_max_lots: 1_000,
            qty_step_lots: 1,
            price_min_ticks: 1,
            price_max_ticks: 100_000,
            instrument_id,
            product_id: 1,
            venue_id: instrument_id,
            order_types: u16::MAX,
            times_in_force: u16::MAX,
        };
        gate.apply(InstrumentAdmitted::KIND, &event.encode(), 1, 1, &mut Ignored);
    }
    for (limit, kind, value) in [
        (Limit::PositionMax, RiskScope::Strategy, position_max),
        (Limit::PositionMax, RiskScope::Firm, position_max * 3 / 2),
        (Limit::GrossExposureMax, RiskScope::Firm, GROSS_MAX),
        (Limit::WorkingOrdersMax, RiskScope::Strategy, 9),
        (Limit::MessageRateMax, RiskScope::Strategy, 200),
        (Limit::DuplicatesMax, RiskScope::Strategy, 5),
        (Limit::SelfTradeBarred, RiskScope::Firm, 1),
    ] {
        assert!(gate.set_limit(limit, Scope::new(kind, 0), value));
    }
    gate
}

fn market() -> Reference {
    let (bid, ask, last) = (Some(999), Some(1_001), Some(1_000));
    Reference { bid, ask, last, is_whole: true, ..Reference::default() }
}

fn digest(gate: &RiskGate) -> u64 {
    let mut hasher = StateHasher::new();
    gate.hash_into(&mut hasher);
    hasher.finish()
}

impl Trial {
    fn new(seed: u64) -> Self {
        let (venue, now) = (Venue::default(), 1_000 * SECOND_NS);
        Self { gate: gate(POSITION_MAX), venue, seed, step: 0, draws: 0, now, next_id: 0 }
    }

    fn draw(&mut self, sides: u64) -> u64 {
        self.draws += 1;
        mix(mix(self.seed) ^ self.draws) % sides
    }

    fn pick(&mut self) -> Option<usize> {
        let count = self.venue.live.len() as u64;
        (count > 0).then(|| self.draw(count) as usize)
    }

    fn proposal(&mut self) -> Proposal {
        self.next_id += 1;
        let (strategy, instrument) = (1 + self.draw(2) as u32, 1 + self.draw(2) as u32);
        let side = if self.draw(2) == 0 { Side::Buy } else { Side::Sell };
        let (price, qty) = (980 + self.draw(40).cast_signed(), 1 + self.draw(25));
        Proposal::limit(strategy, instrument, self.next_id, side, price, qty)
    }

    fn send(&mut self) {
        let mut order = self.proposal();
        let replaced = if self.draw(3) == 0 { self.pick() } else { None };
        if let Some(at) = replaced {
            let old = self.venue.live[at].order;
            let Proposal { client_id, price, qty, .. } = order;
            order = Proposal { client_id, price, qty, replaces: Some(old.client_id), ..old };
        }
        if self.gate.check_and_reserve(&order, &market(), self.now).is_ok() {
            let pending = order.replaces;
            self.venue.live.push(Live { order, leaves: order.qty, pending, is_accepted: false });
        }
    }

    /// The venue trades part of an order that it has, replaced or not.
    fn fill(&mut self) {
        let Some(at) = self.pick() else { return };
        let live = self.venue.live[at];
        if live.pending.is_some() || live.leaves == 0 {
            return;
        }
        let qty = 1 + self.draw(live.leaves);
        let leaves = live.leaves - qty;
        let Proposal { strategy, instrument, client_id, side, price, .. } = live.order;
        let signed = if side == Side::Buy { qty.cast_signed() } else { -qty.cast_signed() };
        self.venue.positions[strategy as usize][instrument as usize] += signed;
        self.gate.advance(self.now);
        let (price, fee_e9) = (price.unwrap(), 0);
        let is_manual = false;
        self.gate.on_fill(&Fill {
            strategy,
            instrument,
            client_id,
            side,
            price,
            qty,
            leaves,
            fee_e9,
            is_manual,
        });
        self.consume(strategy, client_id, qty);
        self.venue.live[at].leaves = leaves;
        if leaves == 0 {
            self.done(at);
        }
    }

    /// Replacements on their way have that much less to trade: their quantity is of the chain.
    fn consume(&mut self, strategy: u32, client_id: u64, qty: u64) {
        let next: Vec<usize> = (0..self.venue.live.len())
            .filter(|&at| {
                let live = &self.venue.live[at];
                live.pending == Some(client_id) && live.order.strategy == strategy
            })
            .collect();
        for at in next {
            let live = &mut self.venue.live[at];
            live.leaves = live.leaves.saturating_sub(qty);
            let id = live.order.client_id;
            self.consume(strategy, id, qty);
        }
    }

    /// An order is done: the venue refuses, one by one, what was to replace it.
    fn done(&mut self, at: usize) {
        let gone = self.venue.live.remove(at);
        let next = |live: &Live| {
            live.pending == Some(gone.order.client_id) && live.order.strategy == gone.order.strategy
        };
        while let Some(at) = self.venue.live.iter().position(next) {
            let Proposal { strategy, client_id, .. } = self.venue.live[at].order;
            assert!(self.gate.on_rejected(strategy, client_id));
            self.done(at);
        }
    }

    fn cancel(&mut self) {
        let Some(at) = self.pick() else { return };
        let live = self.venue.live[at];
        let Proposal { strategy, instrument, client_id, .. } = live.order;
        self.gate.advance(self.now);
        self.gate.on_cancel(strategy, instrument);
        if live.pending.is_some() {
            return;
        }
        let keeps = self.draw(2) * (live.leaves / 2);
        assert!(self.gate.on_canceled(strategy, client_id, keeps));
        self.venue.live[at].leaves = keeps;
        if keeps == 0 {
            self.done(at);
        }
    }

    /// The venue takes a replacement of an order that it has, or refuses it.
    fn settle(&mut self) {
        let Some(at) = self.pick() else { return };
        let live = self.venue.live[at];
        let Proposal { strategy, client_id, .. } = live.order;
        let Some(old) = live.pending else {
            self.venue.live[at].is_accepted = true;
            return;
        };
        let key = |l: &Live| (l.order.strategy, l.order.client_id) == (strategy, old);
        let old_at = self.venue.live.iter().position(key);
        let may_take = old_at.is_some_and(|at| self.venue.live[at].pending.is_none());
        if !may_take {
            return;
        }
        if self.draw(3) == 0 {
            assert!(self.gate.on_rejected(strategy, client_id));
            self.done(at);
        } else {
            self.gate.on_replaced(strategy, old, client_id, live.leaves);
            self.venue.live[at].pending = None;
            // What else was to replace the old order is refused.
            if live.leaves == 0 {
                self.done(at);
            }
            if let Some(old_at) = self.venue.live.iter().position(key) {
                self.done(old_at);
            }
        }
    }

    fn turn(&mut self) {
        self.step += 1;
        self.now += self.draw(20_000_000).cast_signed();
        match self.draw(10) {
            0..4 => self.send(),
            4..6 => self.fill(),
            6..8 => self.settle(),
            _ => self.cancel(),
        }
        self.compare();
    }

    /// Reserved is never below real; no fill that is possible leads over a limit.
    fn compare(&self) {
        let at = format!("seed {}, step {}", self.seed, self.step);
        let mut worst = [[0_i64; 2]; 3];
        for strategy in 1..=2_u32 {
            for instrument in 1..=2_u32 {
                let held = self.venue.positions[strategy as usize][instrument as usize];
                assert_eq!(self.gate.position(strategy, instrument), held, "{at}");
                for side in [Side::Buy, Side::Sell] {
                    let reserved = self.gate.open(strategy, instrument, side);
                    let real = self.venue.real(strategy, instrument, side);
                    assert!(reserved >= real, "{at}: {reserved} reserved, {real} real");
                    let towards = if side == Side::Buy { held } else { -held };
                    worst[strategy as usize][side.index()] += towards + real.cast_signed();
                }
            }
        }
        for (first, second) in worst[1].into_iter().zip(worst[2]) {
            assert!(first <= POSITION_MAX && second <= POSITION_MAX, "{at}");
            assert!(first + second <= POSITION_MAX * 3 / 2, "{at}");
        }
    }
}

#[test]
fn what_is_reserved_is_never_less_than_what_can_trade() {
    let mut passed = 0;
    for seed in 0..SEEDS {
        let mut trial = Trial::new(seed);
        for _ in 0..STEPS {
            trial.turn();
        }
        passed += trial.next_id;
        // Once everything is settled, nothing stays reserved.
        while let Some(at) = trial.venue.live.iter().position(|live| live.pending.is_none()) {
            let Proposal { strategy, client_id, .. } = trial.venue.live[at].order;
            assert!(trial.gate.on_canceled(strategy, client_id, 0));
            trial.done(at);
        }
        assert_eq!(trial.gate.orders(), 0, "seed {seed}");
        for (strategy, instrument) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            for side in [Side::Buy, Side::Sell] {
                assert_eq!(trial.gate.open(strategy, instrument, side), 0, "seed {seed}");
            }
        }
    }
    assert!(passed > SEEDS * 50, "the steps tried something: {passed}");
}

#[test]
fn a_snapshot_at_any_step_goes_on_as_the_original_does() {
    for seed in 0..15 {
        let mut trial = Trial::new(seed);
        for _ in 0..mix(seed) % STEPS {
            trial.turn();
        }
        let mut bytes = Vec::new();
        trial.gate.save(&mut bytes);
        let mut copy = gate(1);
        copy.restore(&mut bytes.as_slice()).unwrap();
        assert_eq!(digest(&copy), digest(&trial.gate), "seed {seed}");
        let (venue, step, draws) = (trial.venue.clone(), trial.step, trial.draws);
        let (now, next_id) = (trial.now, trial.next_id);
        let mut twin = Trial { gate: copy, venue, seed, step, draws, now, next_id };
        for _ in 0..100 {
            trial.turn();
            twin.turn();
            assert_eq!(digest(&twin.gate), digest(&trial.gate), "seed {seed}, {}", trial.step);
        }
    }
}

#[test]
fn a_tighter_limit_never_lets_more_pass() {
    let tighter = [
        (Limit::PositionMax, RiskScope::Strategy, POSITION_MAX / 2),
        (Limit::GrossExposureMax, RiskScope::Firm, GROSS_MAX / 4),
        (Limit::WorkingOrdersMax, RiskScope::Strategy, 3),
        (Limit::OrderQtyMax, RiskScope::Strategy, 10),
        (Limit::OrderValueMax, RiskScope::Account, 12_000),
        (Limit::PassiveCollarTicks, RiskScope::Instrument, 5),
        (Limit::DayValueMax, RiskScope::Firm, 20_000),
        (Limit::DuplicatesMax, RiskScope::Strategy, 1),
        (Limit::MessageRateMax, RiskScope::Strategy, 5),
    ];
    let mut refused_more = 0;
    for seed in 0..SEEDS {
        let mut trial = Trial::new(seed);
        for _ in 0..STEPS / 4 {
            trial.turn();
        }
        let order = trial.proposal();
        let passes =
            |gate: &RiskGate| gate.clone().check_and_reserve(&order, &market(), trial.now).is_ok();
        let is_free = passes(&trial.gate);
        for (limit, kind, value) in tighter {
            let mut gate = trial.gate.clone();
            assert!(gate.set_limit(limit, Scope::new(kind, 0), value));
            assert!(is_free || !passes(&gate), "seed {seed}: {limit:?}");
            refused_more += u32::from(is_free && !passes(&gate));
        }
        for state in [TradingState::Reducing, TradingState::Halted] {
            let mut gate = trial.gate.clone();
            gate.set_state(Scope::FIRM, state, 0);
            assert!(is_free || !passes(&gate), "seed {seed}: {state:?}");
        }
    }
    assert!(refused_more > 40, "the limits were near: {refused_more}");
}
