// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nanoseconds per order through the risk gate, with every control on; prints JSON.
//!
//! 64 instruments, two strategies, 512 orders live: entries and replacements, each reserved, checked
//! against every limit at every scope. Answers of the venue are given between the timed batches. The
//! mean is over a whole batch, and of the batches the median: what another program took from a batch
//! is not the gate's; the quantiles are of single orders, with the clock's own cost in them
//! (`timer_ns` beside it is two readings of the clock with nothing between).
#![expect(clippy::print_stdout, reason = "its result is what it prints")]
#![expect(clippy::float_arithmetic, reason = "statistics of the result")]
#![expect(clippy::cast_precision_loss, reason = "nanoseconds and counts below 2^53")]
#![expect(clippy::unwrap_used, reason = "it stops when anything is wrong")]

use std::hint::black_box;
use std::time::Instant;

use onetape_core::component::Outbox;
use onetape_core::events::{AccessSet, InstrumentAdmitted, Limit, LimitsLoaded, RiskScope};
use onetape_core::hash::mix;
use onetape_core::risk::{DepthLevel, Proposal, Reference, RiskConfig, RiskGate, Scope, may_stand};
use onetape_core::types::{SECOND_NS, Side};

const INSTRUMENTS: u32 = 64;
const BATCH: usize = 512;
const BATCHES: usize = 2_000;
const RUNS: usize = 5;
const T0: i64 = 1_000 * SECOND_NS;

struct Ignored;

impl Outbox for Ignored {
    fn emit(&mut self, _kind: u16, _version: u8, _body: &[u8]) {}
}

/// Every limit at every scope where it may stand, and the full profile.
fn gate() -> RiskGate {
    let mut gate = RiskGate::new(RiskConfig::new(2, INSTRUMENTS, 2_048));
    let mut say = |kind: u16, body: &[u8]| {
        assert!(gate.apply(kind, body, T0, 1, &mut Ignored));
    };
    let loaded = LimitsLoaded {
        version: 1,
        hash: 1,
        valid_from_ns: 0,
        valid_to_ns: i64::MAX,
        profile: 1,
        reserved1: 0,
        reserved2: 0,
        reserved3: 0,
    };
    say(LimitsLoaded::KIND, &loaded.encode());
    for instrument_id in 1..=INSTRUMENTS {
        let event = InstrumentAdmitted {
            ticklot_e12: 1_000_000_000,
            qty_min_lots: 1,
            qty_max_lots: 1 << 20,
            qty_step_lots: 1,
            price_min_ticks: 1,
            price_max_ticks: 1 << 40,
            instrument_id,
            product_id: 0,
            venue_id: 1 + instrument_id % 2,
            order_types: u16::MAX,
            times_in_force: u16::MAX,
        };
        say(InstrumentAdmitted::KIND, &event.encode());
    }
    for strategy_id in [1, 2] {
        let event = AccessSet { strategy_id, instrument_id: 0, venue_id: 0, sides: 3 };
        say(AccessSet::KIND, &event.encode());
    }
    for limit in (1..).map_while(Limit::from_raw) {
        let wide = if limit == Limit::OrderRateMax { 1 << 20 } else { 1 << 40 };
        gate.set(limit, 0, wide);
        for kind in (1..).map_while(RiskScope::from_raw).filter(|&kind| may_stand(limit, kind)) {
            let value = match limit {
                Limit::FlagsRequired => 0b1_0001,
                Limit::OrderRateMax => 1 << 20,
                Limit::CapitalBufferBps => 0,
                Limit::MarginPerLotE6 => 1,
                _ => 1 << 40,
            };
            assert!(gate.set_limit(limit, Scope::new(kind, 0), value), "{limit:?}");
        }
    }
    gate.set_state(Scope::FIRM, onetape_core::events::TradingState::Active, 0);
    gate
}

fn market(now: i64) -> Reference {
    Reference {
        bid: Some(9_999),
        ask: Some(10_001),
        last: Some(10_000),
        heard_ns: now,
        is_whole: true,
        input_ns: now,
        depth: Some([DepthLevel { price: 10_001, qty: 1 << 20 }; 5]),
    }
}

/// The orders of one batch: two thirds new, a third replacing one of the batch; one in eight takes.
fn orders(batch: u64) -> Vec<Proposal> {
    let mut orders: Vec<Proposal> = Vec::with_capacity(BATCH);
    for at in 0..BATCH {
        let draw = mix(batch << 16 | at as u64);
        let client_id = batch * BATCH as u64 + at as u64 + 1;
        let side = if draw & 1 == 0 { Side::Buy } else { Side::Sell };
        let takes = (draw >> 1).is_multiple_of(8);
        let behind = (draw >> 4 & 15).cast_signed();
        let price = match side {
            Side::Buy => {
                if takes {
                    10_001
                } else {
                    9_990 - behind
                }
            }
            Side::Sell => {
                if takes {
                    10_002
                } else {
                    10_010 + behind
                }
            }
        };
        let (strategy, instrument) = (1 + (draw >> 8 & 1) as u32, 1 + (draw >> 9 & 63) as u32);
        let fresh =
            Proposal::limit(strategy, instrument, client_id, side, price, 1 + (draw >> 16 & 7));
        let replaced = (at > 8 && at % 3 == 0).then(|| orders[at - 8]);
        orders.push(match replaced {
            Some(old) => {
                Proposal { client_id, replaces: Some(old.client_id), qty: fresh.qty, ..old }
            }
            None => fresh,
        });
    }
    orders
}

fn cancel(gate: &mut RiskGate, orders: &[Proposal]) {
    for order in orders {
        gate.on_canceled(order.strategy, order.client_id, 0);
    }
    while gate.next_alert().is_some() {}
    assert_eq!(gate.orders(), 0);
}

fn main() {
    let (mut means, mut singles, mut timer) = (Vec::new(), Vec::new(), Vec::new());
    let mut refused = 0_u64;
    for run in 0..RUNS as u64 {
        let mut gate = gate();
        let mut spent = Vec::with_capacity(BATCHES);
        for batch in 0..BATCHES as u64 {
            let orders = orders(run * BATCHES as u64 + batch);
            let now = T0 + (batch * SECOND_NS.unsigned_abs() / 1_000).cast_signed();
            let market = market(now);
            let is_single = batch % 4 == 3;
            let begin = Instant::now();
            if is_single {
                for order in &orders {
                    let begin = Instant::now();
                    refused +=
                        u64::from(gate.check_and_reserve(black_box(order), &market, now).is_err());
                    singles.push(begin.elapsed().as_nanos() as u64);
                }
            } else {
                for order in &orders {
                    refused +=
                        u64::from(gate.check_and_reserve(black_box(order), &market, now).is_err());
                }
                spent.push(begin.elapsed().as_nanos() as f64 / BATCH as f64);
            }
            let begin = Instant::now();
            timer.push(black_box(begin).elapsed().as_nanos() as u64);
            cancel(&mut gate, &orders);
        }
        spent.sort_by(f64::total_cmp);
        means.push(spent[spent.len() / 2]);
    }
    means.sort_by(f64::total_cmp);
    singles.sort_unstable();
    timer.sort_unstable();
    let at = |sorted: &[u64], share: usize| sorted[sorted.len() * share / 1_000];
    println!(
        "{{\"name\": \"risk\", \"mean_ns\": {:.1}, \"mean_best_ns\": {:.1}, \"p50_ns\": {}, \
         \"p99_ns\": {}, \"p999_ns\": {}, \"timer_ns\": {}, \"orders\": {}, \"refused\": {refused}}}",
        means[RUNS / 2],
        means[0],
        at(&singles, 500),
        at(&singles, 990),
        at(&singles, 999),
        at(&timer, 500),
        RUNS * BATCHES * BATCH,
    );
    assert_eq!(refused, 0, "the workload must pass: {:?}", means.first().unwrap());
}
