// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The gate allocates nothing once it is made and its limits are set. Counted by the allocator itself.

mod counting;

use counting::allocations;
use onetape_core::events::{Limit, RiskScope};
use onetape_core::hash::mix;
use onetape_core::risk::{Fill, Proposal, Reference, RiskConfig, RiskGate, Scope, may_stand};
use onetape_core::types::{SECOND_NS, Side, TickTable};

/// Every limit at every scope where it may stand, wide.
fn gate() -> RiskGate {
    let mut gate = RiskGate::new(RiskConfig::new(2, 8, 512));
    for instrument in 1..=8 {
        gate.define(instrument, 1_000_000_000, TickTable::flat(1));
    }
    for limit in (1..).map_while(Limit::from_raw) {
        gate.set(limit, 0, if limit == Limit::OrderRateMax { 1 << 20 } else { 1 << 40 });
        let kinds = (1..).map_while(RiskScope::from_raw).filter(|&kind| may_stand(limit, kind));
        let value = if limit == Limit::FlagsRequired { 0 } else { 1 << 40 };
        for kind in kinds.filter(|_| limit != Limit::OrderRateMax) {
            assert!(gate.set_limit(limit, Scope::new(kind, 0), value), "{limit:?}");
        }
    }
    gate
}

#[test]
fn orders_and_answers_allocate_nothing() {
    let mut gate = gate();
    let market = Reference {
        bid: Some(9_999),
        ask: Some(10_001),
        last: Some(10_000),
        is_whole: true,
        ..Reference::default()
    };
    let (mut passed, mut refused) = (0, 0);
    let found = allocations(|| {
        for step in 0..20_000_u64 {
            let now = (1_000 + step.cast_signed()) * SECOND_NS / 100;
            let side = if mix(step).is_multiple_of(2) { Side::Buy } else { Side::Sell };
            let (strategy, instrument) = (1 + (step % 2) as u32, 1 + (mix(step ^ 1) % 8) as u32);
            let away = (mix(step ^ 2) % 100).cast_signed();
            let price = if side == Side::Buy { 9_990 - away } else { 9_990 + away };
            let order = Proposal::limit(strategy, instrument, step + 1, side, price, 1 + step % 9);
            match gate.check_and_reserve(&order, &market, now) {
                Ok(()) => passed += 1,
                Err(_) => refused += 1,
            }
            gate.mark(instrument, Some(price), Some(price + 2));
            gate.on_market_trade(instrument, 5);
            gate.on_cancel(strategy, instrument);
            let done = (step + 1).saturating_sub(50);
            if step % 3 == 0 {
                let Proposal { strategy, instrument, side, qty, .. } = order;
                gate.on_fill(&Fill {
                    strategy,
                    instrument,
                    client_id: order.client_id,
                    side,
                    price,
                    qty,
                    leaves: 0,
                    fee_e9: 100,
                    is_manual: false,
                });
            }
            gate.on_canceled(2 - (done % 2) as u32, done, 0);
            while gate.next_alert().is_some() {}
        }
    });
    assert!(passed > 5_000 && refused > 100, "{passed} passed, {refused} refused");
    assert_eq!(found, 0);
}
