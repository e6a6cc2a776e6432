// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors

use super::*;

const T0: TsNs = 1_000 * 1_000_000_000;

fn gate() -> RiskGate {
    let mut gate = RiskGate::new(4);
    gate.set(Limit::OrderQtyMax, 0, 100);
    gate.set(Limit::OrderNotionalMax, 0, 1_000_000);
    gate.set(Limit::PositionMax, 0, 300);
    gate.set(Limit::PriceCollarTicks, 0, 50);
    gate.set(Limit::OrderRateMax, 0, 3);
    gate
}

fn order() -> Proposal {
    Proposal {
        instrument: 1,
        side: Side::Buy,
        price: Some(1_000),
        qty: 100,
        reference: Some(1_000),
        position: 0,
        open_same_side: 0,
    }
}

fn reason(gate: &mut RiskGate, order: Proposal) -> RejectReason {
    gate.check(&order, T0).unwrap_err().reason
}

#[test]
fn each_limit_refuses_just_past_its_bound() {
    let mut gate = gate();
    assert_eq!(gate.check(&order(), T0), Ok(()));
    assert_eq!(reason(&mut gate, Proposal { qty: 101, ..order() }), RejectReason::OrderQty);
    let rich = Proposal { price: Some(10_001), reference: Some(10_001), ..order() };
    assert_eq!(reason(&mut gate, rich), RejectReason::OrderNotional);
    assert_eq!(gate.check(&Proposal { price: Some(1_050), ..order() }, T0), Ok(()));
    let through = Proposal { price: Some(1_051), ..order() };
    assert_eq!(reason(&mut gate, through), RejectReason::PriceCollar);
    let sell = Proposal { side: Side::Sell, price: Some(949), ..order() };
    assert_eq!(reason(&mut gate, sell), RejectReason::PriceCollar);
    let long = Proposal { position: 150, open_same_side: 51, ..order() };
    assert_eq!(gate.check(&long, T0).unwrap_err(), Refusal::new(RejectReason::Position, 301, 300));
}

#[test]
fn a_sell_that_reduces_a_long_position_passes() {
    let sell = Proposal { side: Side::Sell, position: 300, ..order() };
    assert_eq!(gate().check(&sell, T0), Ok(()));
}

#[test]
fn missing_limits_and_prices_refuse() {
    for limit in 1..=LIMITS as u8 {
        let mut gate = gate();
        gate.set(Limit::from_raw(limit).unwrap(), 0, -5);
        let refusal = gate.check(&order(), T0).unwrap_err();
        assert_eq!(refusal, Refusal::new(RejectReason::LimitMissing, i64::from(limit), 0));
    }
    let blind = Proposal { reference: None, ..order() };
    assert_eq!(reason(&mut gate(), blind), RejectReason::ReferencePriceMissing);
    let stranger = Proposal { instrument: 5, ..order() };
    assert_eq!(reason(&mut gate(), stranger), RejectReason::InstrumentUnknown);
}

#[test]
fn overflow_refuses() {
    let mut gate = gate();
    gate.set(Limit::OrderQtyMax, 0, i64::MAX);
    let huge = Proposal { qty: u64::MAX, ..order() };
    assert_eq!(reason(&mut gate, huge), RejectReason::Overflow);
    let product = Proposal { qty: 1 << 62, ..order() };
    assert_eq!(reason(&mut gate, product), RejectReason::Overflow);
    let position = Proposal { side: Side::Sell, position: i64::MIN, ..order() };
    assert_eq!(reason(&mut gate, position), RejectReason::Overflow);
}

#[test]
fn the_rate_is_exact_in_any_window() {
    let mut gate = gate();
    for at in [0, 10, 20] {
        assert_eq!(gate.check(&order(), T0 + at), Ok(()));
    }
    let late = |gate: &mut RiskGate, at| gate.check(&order(), T0 + at).map_err(|r| r.reason);
    assert_eq!(late(&mut gate, SECOND - 1), Err(RejectReason::OrderRate));
    assert_eq!(late(&mut gate, SECOND), Ok(()));
    assert_eq!(late(&mut gate, SECOND + 9), Err(RejectReason::OrderRate));
    assert_eq!(late(&mut gate, SECOND + 10), Ok(()));
}
const SECOND: TsNs = crate::types::SECOND_NS;

#[test]
fn an_own_limit_beats_the_default_and_a_snapshot_brings_it_back() {
    let mut gate = gate();
    gate.set(Limit::OrderQtyMax, 1, 10);
    assert_eq!(reason(&mut gate, order()), RejectReason::OrderQty);
    assert_eq!(gate.check(&Proposal { instrument: 2, ..order() }, T0), Ok(()));
    let mut bytes = Vec::new();
    gate.save(&mut bytes);
    let mut copy = RiskGate::new(4);
    copy.restore(&mut bytes.as_slice()).unwrap();
    let digest = |gate: &RiskGate| {
        let mut hasher = StateHasher::new();
        gate.hash_into(&mut hasher);
        hasher.finish()
    };
    assert_eq!(digest(&gate), digest(&copy));
    assert!(copy.restore(&mut &bytes[..bytes.len() - 1]).is_err());
}
