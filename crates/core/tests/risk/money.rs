// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PT-13, PT-15, PT-16, PT-17.

use onetape_core::events::{Limit, RejectReason, RiskDayStarted, RiskScope};
use onetape_core::risk::{Alert, Proposal};
use onetape_core::types::Side;

use super::Bench;

#[test]
fn pt_13_breach_the_worst_case_position_of_any_scope() {
    let scopes = [
        (RiskScope::Strategy, 1),
        (RiskScope::Instrument, 1),
        (RiskScope::Product, 1),
        (RiskScope::Account, 1),
        (RiskScope::Firm, 0),
    ];
    for (kind, id) in scopes {
        let mut bench = Bench::new();
        bench.limit(Limit::PositionMax, kind, id, 100);
        let (first, second) = (bench.buy(60), bench.buy(30));
        bench.trade(first);
        bench.pass(second);
        let third = bench.buy(11);
        assert_eq!(bench.refused(third), (RejectReason::PositionTotal, 101, 100), "{kind:?}");
        let mut short = Bench::new();
        short.limit(Limit::PositionMax, kind, id, 100);
        let (first, second) = (short.sell(90), short.sell(11));
        short.pass(first);
        assert_eq!(short.refused(second), (RejectReason::PositionTotal, 101, 100), "{kind:?}");
    }
    let mut bench = Bench::new();
    bench.limit(Limit::PositionMax, RiskScope::Firm, 0, 100);
    let (here, there) = (bench.buy(60), Proposal { instrument: 2, strategy: 2, ..bench.buy(41) });
    bench.trade(here);
    assert_eq!(bench.refused(there).0, RejectReason::PositionTotal, "one product, two venues");
    bench.gate.set(Limit::PositionMax, 0, 60);
    let more = bench.buy(1);
    assert_eq!(bench.refused(more).0, RejectReason::Position, "each strategy, each instrument");
}

#[test]
fn pt_13_pass_to_the_limit_on_both_sides_and_in_other_products() {
    let mut bench = Bench::new();
    for (kind, id) in [(RiskScope::Account, 1), (RiskScope::Product, 1), (RiskScope::Firm, 0)] {
        bench.limit(Limit::PositionMax, kind, id, 100);
    }
    let (first, sell) = (bench.buy(100), bench.sell(200));
    bench.trade(first);
    bench.pass(sell);
    let other = Proposal { instrument: 3, ..bench.buy(100) };
    bench.pass(other);
}

#[test]
fn pt_15_breach_gross_or_net_exposure_of_any_scope() {
    for (kind, id) in [(RiskScope::Strategy, 1), (RiskScope::Account, 1), (RiskScope::Firm, 0)] {
        let mut bench = Bench::new();
        bench.limit(Limit::GrossExposureMax, kind, id, 200_000);
        let (buy, sell) = (bench.buy(100), bench.sell(101));
        bench.pass(buy);
        assert_eq!(bench.refused(sell), (RejectReason::GrossExposure, 201_001, 200_000));
        let mut bench = Bench::new();
        bench.limit(Limit::NetExposureMax, kind, id, 150_000);
        let (buy, more) = (bench.buy(100), bench.buy(51));
        bench.trade(buy);
        // Bought at 999 and marked at the trade: 99,900, and 50,949 open.
        assert_eq!(bench.refused(more), (RejectReason::NetExposure, 150_849, 150_000));
    }
}

#[test]
fn pt_15_pass_up_to_the_limit_with_warnings_on_the_way() {
    let mut bench = Bench::new();
    bench.limit(Limit::GrossExposureMax, RiskScope::Account, 1, 99_900);
    bench.limit(Limit::NetExposureMax, RiskScope::Firm, 0, 100_000);
    for (qty, percent) in [(69, 0), (1, 70), (15, 85), (10, 95), (5, 0)] {
        let buy = bench.buy(qty);
        bench.pass(buy);
        let gross = bench.alerts().into_iter().find_map(|alert| match alert {
            Alert::Warned { reason: RejectReason::GrossExposure, percent, .. } => Some(percent),
            _ => None,
        });
        assert_eq!(gross.unwrap_or(0), percent, "{qty}");
    }
    let other = Proposal { strategy: 2, side: Side::Sell, ..bench.buy(100) };
    bench.pass(other);
}

#[test]
fn pt_16_breach_what_was_executed_and_is_open_today() {
    for (kind, id) in [(RiskScope::Strategy, 1), (RiskScope::Account, 1), (RiskScope::Firm, 0)] {
        let mut bench = Bench::new();
        bench.limit(Limit::DayValueMax, kind, id, 99_900);
        for _ in 0..3 {
            let (buy, sell) = (bench.buy(30), bench.sell(30));
            bench.trade(buy);
            bench.trade(sell);
        }
        let (open, more) = (bench.buy(10), bench.buy(1));
        bench.pass(open);
        assert_eq!(bench.refused(more), (RejectReason::DayValue, 100_899, 99_900), "{kind:?}");
    }
    let mut bench = Bench::new();
    bench.limit(Limit::DayQtyMax, RiskScope::Instrument, 1, 10);
    let (first, second) = (bench.buy(6), bench.buy(5));
    bench.trade(first);
    assert_eq!(bench.refused(second), (RejectReason::DayQty, 11, 10));
}

#[test]
fn pt_16_pass_the_other_side_what_reduces_and_a_new_day() {
    let mut bench = Bench::new();
    bench.limit(Limit::DayValueMax, RiskScope::Strategy, 1, 99_900);
    bench.limit(Limit::DayQtyMax, RiskScope::Instrument, 1, 100);
    let (buy, sell) = (bench.buy(100), bench.sell(99));
    bench.trade(buy);
    bench.trade(sell);
    let (last, more) = (bench.sell(1), bench.buy(1));
    bench.pass(last);
    assert!(bench.check(more).is_err());
    bench.say(RiskDayStarted::KIND, &RiskDayStarted { day: 2 }.encode());
    let more = bench.buy(99);
    bench.pass(more);
}

fn margined(bench: &mut Bench) {
    bench.limit(Limit::Capital, RiskScope::Account, 1, 1_000);
    bench.limit(Limit::CapitalBufferBps, RiskScope::Account, 1, 1_000);
    bench.limit(Limit::MarginPerLotE6, RiskScope::Product, 0, 9_000_000);
}

#[test]
fn pt_17_breach_the_margin_of_the_worst_case_is_more_than_what_is_free() {
    let mut bench = Bench::new();
    margined(&mut bench);
    let (first, second) = (bench.buy(60), bench.buy(41));
    bench.trade(first);
    assert_eq!(bench.refused(second), (RejectReason::BuyingPower, 909, 900));
    // A loss of 100 leaves 900, of which a tenth is kept back.
    bench.gate.mark(1, Some(997), Some(998));
    let more = bench.buy(35);
    assert_eq!(bench.refused(more), (RejectReason::BuyingPower, 855, 792));
    let mut unknown = Bench::new();
    unknown.limit(Limit::Capital, RiskScope::Account, 1, 1_000);
    let buy = unknown.buy(1);
    assert_eq!(unknown.refused(buy).0, RejectReason::LimitMissing, "no margin is known");
}

#[test]
fn pt_17_pass_to_the_last_lot_and_against_the_position() {
    let mut bench = Bench::new();
    margined(&mut bench);
    let (first, second) = (bench.buy(60), bench.buy(40));
    bench.trade(first);
    bench.pass(second);
    let against = bench.sell(160);
    bench.pass(against);
    bench.cancel(&second);
    bench.cancel(&against);
    let again = bench.buy(40);
    bench.pass(again);
}
