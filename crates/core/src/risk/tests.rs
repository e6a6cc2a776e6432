// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors

mod ways;

use super::*;
use crate::events::{Limit, RejectReason};
use crate::types::{SECOND_NS, Side};

const T0: TsNs = 1_000 * SECOND_NS;

fn gate() -> RiskGate {
    let mut gate = RiskGate::new(RiskConfig::new(2, 4, 64));
    gate.set(Limit::OrderQtyMax, 0, 100);
    gate.set(Limit::OrderNotionalMax, 0, 1_000_000);
    gate.set(Limit::PositionMax, 0, 300);
    gate.set(Limit::PriceCollarTicks, 0, 50);
    gate.set(Limit::OrderRateMax, 0, 3);
    gate
}

fn order() -> Proposal {
    Proposal::limit(1, 1, 1, Side::Buy, 1_000, 100)
}

fn market(price: i64) -> Reference {
    Reference { bid: Some(price), ask: Some(price), ..Reference::default() }
}

fn check(gate: &mut RiskGate, order: Proposal) -> Result<(), Refusal> {
    gate.check_and_reserve(&order, &market(1_000), T0)
}

fn reason(gate: &mut RiskGate, order: Proposal) -> RejectReason {
    check(gate, order).unwrap_err().reason
}

#[test]
fn each_limit_refuses_just_past_its_bound() {
    assert_eq!(check(&mut gate(), order()), Ok(()));
    assert_eq!(reason(&mut gate(), Proposal { qty: 101, ..order() }), RejectReason::OrderQty);
    let rich = Proposal { price: Some(10_001), ..order() };
    let found = gate().check_and_reserve(&rich, &market(10_001), T0).unwrap_err();
    assert_eq!(found, Refusal::new(RejectReason::OrderNotional, 1_000_100, 1_000_000));
    assert_eq!(check(&mut gate(), Proposal { price: Some(1_050), ..order() }), Ok(()));
    let through = Proposal { price: Some(1_051), ..order() };
    assert_eq!(reason(&mut gate(), through), RejectReason::PriceCollar);
    let sell = Proposal { side: Side::Sell, price: Some(949), ..order() };
    assert_eq!(reason(&mut gate(), sell), RejectReason::PriceCollar);
    let mut long = gate();
    long.set_position(1, 1, 150, 1_000);
    assert_eq!(check(&mut long, Proposal { client_id: 2, qty: 51, ..order() }), Ok(()));
    let refusal = check(&mut long, order()).unwrap_err();
    assert_eq!(refusal, Refusal::new(RejectReason::Position, 301, 300));
}

#[test]
fn a_sell_that_reduces_a_long_position_passes() {
    let mut gate = gate();
    gate.set_position(1, 1, 300, 1_000);
    assert_eq!(check(&mut gate, Proposal { side: Side::Sell, ..order() }), Ok(()));
}

#[test]
fn an_order_that_lives_after_all_is_reserved_once() {
    let mut gate = gate();
    assert!(gate.adopt(1, 1, 9, Side::Buy, 1_000, 250));
    assert!(!gate.adopt(1, 1, 9, Side::Buy, 1_000, 250), "it is known");
    assert!(!gate.adopt(1, 1, 10, Side::Buy, 1_000, 0), "nothing of it is left");
    assert_eq!((gate.open(1, 1, Side::Buy), gate.orders()), (250, 1));
    let refusal = check(&mut gate, order()).unwrap_err();
    assert_eq!(refusal, Refusal::new(RejectReason::Position, 350, 300));
    assert!(gate.on_canceled(1, 9, 0));
    assert_eq!(check(&mut gate, order()), Ok(()));
}

#[test]
fn missing_limits_and_prices_refuse() {
    for limit in 1..=basic::LIMITS as u8 {
        let mut gate = gate();
        gate.set(Limit::from_raw(limit).unwrap(), 0, -5);
        let refusal = check(&mut gate, order()).unwrap_err();
        assert_eq!(refusal, Refusal::new(RejectReason::LimitMissing, i64::from(limit), 0));
    }
    let blind = gate().check_and_reserve(&order(), &Reference::default(), T0);
    assert_eq!(blind.unwrap_err().reason, RejectReason::ReferencePriceMissing);
    let stranger = Proposal { instrument: 5, ..order() };
    assert_eq!(reason(&mut gate(), stranger), RejectReason::InstrumentUnknown);
}

#[test]
fn overflow_refuses() {
    let mut gate = gate();
    gate.set(Limit::OrderQtyMax, 0, i64::MAX);
    let huge = Proposal { qty: u64::MAX, ..order() };
    assert_eq!(reason(&mut gate, huge), RejectReason::Overflow);
    let product = Proposal { qty: 1 << 59, ..order() };
    assert_eq!(reason(&mut gate, product), RejectReason::Overflow);
}

#[test]
fn the_rate_is_exact_in_any_window() {
    let mut gate = gate();
    let mut at = |at, client_id| {
        let order = Proposal { client_id, qty: 1, ..order() };
        gate.check_and_reserve(&order, &market(1_000), T0 + at).map_err(|why| why.reason)
    };
    for (client_id, time) in [(1, 0), (2, 10), (3, 20)] {
        assert_eq!(at(time, client_id), Ok(()));
    }
    assert_eq!(at(SECOND_NS - 1, 4), Err(RejectReason::OrderRate));
    assert_eq!(at(SECOND_NS, 4), Ok(()));
    assert_eq!(at(SECOND_NS + 9, 5), Err(RejectReason::OrderRate));
    assert_eq!(at(SECOND_NS + 10, 5), Ok(()));
}

#[test]
fn an_own_limit_beats_the_default_and_a_snapshot_brings_it_back() {
    let mut gate = gate();
    gate.set(Limit::OrderQtyMax, 1, 10);
    assert_eq!(reason(&mut gate, order()), RejectReason::OrderQty);
    assert_eq!(check(&mut gate, Proposal { instrument: 2, ..order() }), Ok(()));
    let mut bytes = Vec::new();
    gate.save(&mut bytes);
    let mut copy = RiskGate::new(RiskConfig::new(2, 4, 64));
    copy.restore(&mut bytes.as_slice()).unwrap();
    let digest = |gate: &RiskGate| {
        let mut hasher = StateHasher::new();
        gate.hash_into(&mut hasher);
        hasher.finish()
    };
    assert_eq!(digest(&gate), digest(&copy));
    assert_eq!((copy.open(1, 2, Side::Buy), copy.orders()), (100, 1));
    assert!(copy.restore(&mut &bytes[..bytes.len() - 1]).is_err());
}
