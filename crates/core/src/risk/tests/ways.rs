// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The short way through the gate against the long one: the same verdicts, alerts and states, whatever
//! the limits are. A failure names its seed.

use super::super::*;
use crate::events::{Limit, RiskScope};
use crate::hash::mix;
use crate::types::{SECOND_NS, Side, TickTable};

const T0: TsNs = 1_000 * SECOND_NS;
const SEEDS: u64 = 60;
const ORDERS: u64 = 300;

struct Dice(u64);

impl Dice {
    /// A draw from 0 to below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = mix(self.0 ^ 0x9e37_79b9_7f4a_7c15);
        self.0 % sides
    }
}

/// A bound that some orders of these tests meet and most do not.
fn typical(limit: Limit) -> i64 {
    match limit {
        Limit::PriceCollarBps | Limit::PassiveCollarBps => 90,
        Limit::PassiveCollarTicks | Limit::PeriodCollarTicks => 12,
        Limit::DuplicatesMax | Limit::ExecutionsMax => 4,
        Limit::OrderQtyMax => 8,
        Limit::VolatilityCollarE2 => 100,
        Limit::VolatilityFloorTicks | Limit::FillDriftTicks | Limit::SelfTradeBarred => 1,
        Limit::VolatilityMs => 50,
        Limit::PositionMax => 60,
        Limit::MessageRateMax => 45,
        Limit::WorkingOrdersMax => 14,
        Limit::WorkingQtyMax => 80,
        Limit::OrderToTradeMax => 9,
        Limit::OrderToTradeVolumeMax => 61,
        Limit::SlippageBpsMax => 15,
        Limit::OrderValueMax => 8_500,
        Limit::GrossExposureMax | Limit::Capital => 70_000,
        Limit::NetExposureMax => 60_000,
        Limit::DayValueMax => 400_000,
        Limit::MarginPerLotE6 => 900_000_000,
        Limit::FlagsRequired => 0b1_0001,
        _ => 5_000,
    }
}

/// A gate with limits of all kinds at all scopes, each of them missing at some seeds.
fn drawn_gate(seed: u64) -> RiskGate {
    let dice = &mut Dice(seed);
    let mut gate = RiskGate::new(RiskConfig::new(2, 4, 16));
    for (limit, value) in (1..).zip([9, 20_000, 70, 40, 60]) {
        gate.set(Limit::from_raw(limit).unwrap(), 0, value);
    }
    for instrument in 1..=3 {
        gate.define(instrument, 1_000_000_000_000, TickTable::flat(1));
        gate.list(instrument, 1 + instrument % 2, 1 + instrument / 3);
    }
    for limit in (6..).map_while(Limit::from_raw) {
        for kind in (1..).map_while(RiskScope::from_raw).filter(|&kind| may_stand(limit, kind)) {
            if dice.roll(3) == 0 {
                let value = typical(limit) * (1 + dice.roll(4).cast_signed());
                assert!(gate.set_limit(limit, Scope::new(kind, 0), value));
            }
        }
    }
    gate
}

fn drawn_order(dice: &mut Dice, client_id: u64) -> Proposal {
    let side = if dice.roll(2) == 0 { Side::Buy } else { Side::Sell };
    let behind = dice.roll(12).cast_signed() - 2;
    let price = if side == Side::Buy { 999 - behind } else { 1_001 + behind };
    let (strategy, instrument) = (1 + dice.roll(2) as u32, 1 + dice.roll(3) as u32);
    let order = Proposal::limit(strategy, instrument, client_id, side, price, 1 + dice.roll(9));
    let replaces = (dice.roll(4) == 0 && client_id > 1).then(|| client_id - 1);
    Proposal { replaces, price: order.price.filter(|_| dice.roll(20) != 0), ..order }
}

fn digest(gate: &RiskGate) -> u64 {
    let mut hasher = StateHasher::new();
    gate.hash_into(&mut hasher);
    hasher.finish()
}

/// What the venue and the market say next: fills, cancels, quotes, trades, a new day.
fn answer(gate: &mut RiskGate, mut dice: Dice, live: &[Proposal]) {
    let one = &live[dice.roll(live.len() as u64) as usize];
    let (strategy, instrument, client_id) = (one.strategy, one.instrument, one.client_id);
    let price = one.price.unwrap_or(1_000);
    match dice.roll(12) {
        0..=3 => {
            gate.on_canceled(strategy, client_id, 0);
            gate.on_cancel(strategy, instrument);
        }
        4..=7 => {
            let (side, is_manual) = (one.side, dice.roll(4) == 0);
            let (qty, leaves, fee_e9) = (1, dice.roll(2), 1_000_000);
            let fill = Fill {
                strategy,
                instrument,
                client_id,
                side,
                price,
                qty,
                leaves,
                fee_e9,
                is_manual,
            };
            gate.on_fill(&fill);
        }
        8 | 9 => {
            let bid = 990 + dice.roll(20).cast_signed();
            gate.mark(instrument, Some(bid), Some(bid + 2));
        }
        10 => gate.on_market_trade(instrument, 5 + dice.roll(400)),
        _ if dice.roll(9) == 0 => gate.start_day(),
        _ => {}
    }
}

fn trial(seed: u64) -> [usize; 3] {
    let (mut short, mut long) = (drawn_gate(seed), drawn_gate(seed));
    let (mut dice, mut now, mut counts) = (Dice(seed ^ 0xace), T0, [0; 3]);
    let mut live = vec![drawn_order(&mut dice, 1)];
    for client_id in 2..ORDERS {
        now += dice.roll(40_000_000).cast_signed();
        let order = drawn_order(&mut dice, client_id);
        let price = if order.side == Side::Buy { 1_001 } else { 999 };
        let market = Reference {
            bid: Some(999),
            ask: Some(1_001),
            last: Some(1_000),
            heard_ns: now - dice.roll(3).cast_signed() * SECOND_NS,
            is_whole: dice.roll(50) != 0,
            input_ns: now - 1_000,
            depth: Some([DepthLevel { price, qty: 5 }; DEPTH_LEVELS]),
        };
        let facts = long.gather(&order, &market, 0);
        let is_plain = facts.is_ok_and(|facts| short.plain(&order, &market, &facts, now).is_some());
        counts[2] += usize::from(is_plain);
        let found = long.check_long(&order, &market, facts, now);
        assert_eq!(short.check_and_reserve(&order, &market, now), found, "{seed}: {order:?}");
        if found.is_ok() {
            live.push(order);
            counts[0] += 1;
        } else {
            counts[1] += 1;
        }
        let heard = dice.roll(u64::MAX);
        for gate in [&mut short, &mut long] {
            gate.advance(now);
            answer(gate, Dice(heard), &live);
        }
        assert_eq!(digest(&short), digest(&long), "{seed}: after {order:?}");
        while let Some(alert) = short.next_alert() {
            assert_eq!(Some(alert), long.next_alert(), "{seed}");
        }
        assert!(!long.has_alerts());
        for gate in [&mut short, &mut long] {
            if dice.0.is_multiple_of(10) {
                for kind in (1..).map_while(RiskScope::from_raw) {
                    for id in 0..=3 {
                        gate.set_state(Scope::new(kind, id), TradingState::Active, 0);
                    }
                }
            }
        }
    }
    counts
}

#[test]
fn the_short_way_and_the_long_way_give_the_same_verdicts_alerts_and_state() {
    let mut counts = [0; 3];
    for seed in 1..=SEEDS {
        counts.iter_mut().zip(trial(seed)).for_each(|(sum, count)| *sum += count);
    }
    assert!(counts.iter().all(|&count| count > 900), "passed, refused, plain: {counts:?}");
}
