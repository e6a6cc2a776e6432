// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PT-04 to PT-09, PT-19, PT-20, PT-24.

use onetape_core::events::{
    InstrumentAdmitted, Limit, OrderType, RejectReason, RiskScope, TimeInForce,
};
use onetape_core::risk::{DepthLevel, Proposal};
use onetape_core::types::{Side, TickTable};

use super::{Bench, MS, T0};

fn strict(bench: &mut Bench) {
    let event = InstrumentAdmitted {
        ticklot_e12: 1_000_000_000_000,
        qty_min_lots: 10,
        qty_max_lots: 100,
        qty_step_lots: 10,
        price_min_ticks: 900,
        price_max_ticks: 1_100,
        instrument_id: 1,
        product_id: 1,
        venue_id: 1,
        order_types: 1 << OrderType::Limit.raw(),
        times_in_force: 1 << TimeInForce::Day.raw(),
    };
    bench.say(InstrumentAdmitted::KIND, &event.encode());
    bench.gate.define(1, 0, TickTable::flat(5));
}

#[test]
fn pt_04_breach_off_tick_off_lot_out_of_bounds_and_barred_kinds() {
    let mut bench = Bench::new();
    strict(&mut bench);
    let mut why = |change: fn(Proposal) -> Proposal| {
        let order = Proposal { price: Some(995), ..bench.buy(20) };
        bench.refused(change(order))
    };
    let off_tick = RejectReason::PriceOffTick;
    assert_eq!(why(|order| Proposal { price: Some(996), ..order }), (off_tick, 996, 5));
    assert_eq!(why(|order| Proposal { price: Some(895), ..order }), (off_tick, 895, 900));
    assert_eq!(why(|order| Proposal { price: Some(1_105), ..order }), (off_tick, 1_105, 1_100));
    let off_lot = RejectReason::QtyOffLot;
    assert_eq!(why(|order| Proposal { qty: 5, ..order }), (off_lot, 5, 10));
    assert_eq!(why(|order| Proposal { qty: 25, ..order }), (off_lot, 25, 10));
    assert_eq!(why(|order| Proposal { qty: 110, ..order }), (off_lot, 110, 100));
    let barred = RejectReason::OrderKindBarred;
    let market = |order| Proposal { price: None, order_type: OrderType::Market, ..order };
    assert_eq!(why(market), (barred, 2 * 256 + 1, 0));
    assert_eq!(why(|order| Proposal { time_in_force: TimeInForce::Ioc, ..order }).0, barred);
}

#[test]
fn pt_04_pass_on_tick_on_lot_at_the_bounds() {
    let mut bench = Bench::new();
    strict(&mut bench);
    for (price, qty) in [(900, 10), (1_100, 100), (995, 50)] {
        let order = Proposal { price: Some(price), ..bench.buy(qty) };
        bench.pass(order);
    }
}

#[test]
fn pt_05_breach_the_quantity_is_over_the_limit_of_any_scope() {
    let scopes = [
        (RiskScope::Strategy, 1),
        (RiskScope::Instrument, 1),
        (RiskScope::Account, 1),
        (RiskScope::Firm, 0),
    ];
    for (kind, id) in scopes {
        let mut bench = Bench::new();
        bench.limit(Limit::OrderQtyMax, kind, id, 100);
        let buy = bench.buy(101);
        assert_eq!(bench.refused(buy), (RejectReason::OrderQty, 101, 100), "{kind:?}");
    }
    let mut bench = Bench::new();
    let buy = bench.buy(1_001);
    assert_eq!(bench.refused(buy), (RejectReason::OrderQty, 1_001, 1_000));
}

#[test]
fn pt_05_pass_the_quantity_at_the_limit() {
    let mut bench = Bench::new();
    bench.limit(Limit::OrderQtyMax, RiskScope::Strategy, 1, 100);
    let (buy, other) = (bench.buy(100), Proposal { strategy: 2, ..bench.buy(101) });
    bench.pass(buy);
    bench.pass(other);
}

#[test]
fn pt_06_breach_the_worth_is_over_the_limit_and_a_market_order_is_priced_at_its_collar() {
    for (kind, id) in [(RiskScope::Strategy, 1), (RiskScope::Account, 1), (RiskScope::Firm, 0)] {
        let mut bench = Bench::new();
        bench.limit(Limit::OrderValueMax, kind, id, 99_900);
        let buy = bench.buy(101);
        assert_eq!(bench.refused(buy), (RejectReason::OrderValue, 100_899, 99_900), "{kind:?}");
        // 1,001 asked and a collar of 500.
        let market = Proposal { price: None, order_type: OrderType::Market, ..bench.buy(100) };
        assert_eq!(bench.refused(market), (RejectReason::OrderValue, 150_100, 99_900));
    }
    let mut unknown = Bench::new();
    unknown.limit(Limit::OrderValueMax, RiskScope::Firm, 0, i64::MAX);
    let unweighed = Proposal { instrument: 4, ..unknown.buy(1) };
    assert_eq!(unknown.refused(unweighed).0, RejectReason::NotAdmitted);
    let mut basic = Bench::new();
    basic.gate.set(Limit::OrderNotionalMax, 0, 99_900);
    let buy = basic.buy(101);
    assert_eq!(basic.refused(buy), (RejectReason::OrderNotional, 100_899, 99_900));
}

#[test]
fn pt_06_pass_the_worth_at_the_limit() {
    let mut bench = Bench::new();
    bench.limit(Limit::OrderValueMax, RiskScope::Account, 1, 99_900);
    let buy = bench.buy(100);
    bench.pass(buy);
}

#[test]
fn pt_07_breach_too_far_through_or_behind_the_market() {
    let mut bench = Bench::new();
    bench.limit(Limit::PriceCollarBps, RiskScope::Instrument, 1, 100);
    bench.limit(Limit::PassiveCollarTicks, RiskScope::Instrument, 1, 50);
    let mut at = |side, price| {
        let order = Proposal { side, price: Some(price), ..bench.buy(1) };
        bench.refused(order)
    };
    assert_eq!(at(Side::Buy, 1_011), (RejectReason::PriceCollar, 1_011, 1_010));
    assert_eq!(at(Side::Sell, 989), (RejectReason::PriceCollar, 989, 990));
    assert_eq!(at(Side::Buy, 949), (RejectReason::PassiveCollar, 949, 950));
    assert_eq!(at(Side::Sell, 1_051), (RejectReason::PassiveCollar, 1_051, 1_050));
    assert_eq!(at(Side::Buy, 1_502).0, RejectReason::PriceCollar, "the ticks of every run");
    bench.limit(Limit::PassiveCollarBps, RiskScope::Instrument, 1, 100);
    let far = Proposal { price: Some(989), ..bench.buy(1) };
    assert_eq!(bench.refused(far), (RejectReason::PassiveCollar, 989, 990));
    (bench.market.bid, bench.market.last) = (None, None);
    let blind = bench.buy(1);
    assert_eq!(bench.refused(blind).0, RejectReason::ReferencePriceMissing);
}

#[test]
fn pt_07_pass_at_the_collars() {
    let mut bench = Bench::new();
    bench.limit(Limit::PriceCollarBps, RiskScope::Instrument, 1, 100);
    bench.limit(Limit::PassiveCollarTicks, RiskScope::Instrument, 1, 50);
    let prices = [(Side::Buy, 1_010), (Side::Sell, 990), (Side::Buy, 950), (Side::Sell, 1_050)];
    for (side, price) in prices {
        let order = Proposal { side, price: Some(price), ..bench.buy(1) };
        bench.pass(order);
    }
}

#[test]
fn pt_08_breach_prices_of_a_short_time_lie_too_far_apart() {
    let mut bench = Bench::new();
    bench.limit(Limit::PeriodCollarTicks, RiskScope::Instrument, 1, 20);
    bench.limit(Limit::PeriodCollarMs, RiskScope::Instrument, 1, 1_000);
    let first = Proposal { price: Some(990), ..bench.buy(1) };
    bench.pass(first);
    bench.now += 900 * MS;
    let second = Proposal { price: Some(1_011), ..bench.buy(1) };
    assert_eq!(bench.refused(second), (RejectReason::PeriodCollar, 21, 20));
}

#[test]
fn pt_08_pass_within_the_range_or_after_the_period() {
    let mut bench = Bench::new();
    bench.limit(Limit::PeriodCollarTicks, RiskScope::Instrument, 1, 20);
    bench.limit(Limit::PeriodCollarMs, RiskScope::Instrument, 1, 1_000);
    for (after, price) in [(0, 990), (0, 1_010), (1_100, 1_030)] {
        bench.now += after * MS;
        let order = Proposal { price: Some(price), ..bench.buy(1) };
        bench.pass(order);
    }
}

#[test]
fn pt_09_breach_the_reference_is_old_broken_or_crossed() {
    let mut bench = Bench::new();
    bench.limit(Limit::ReferenceAgeMsMax, RiskScope::Instrument, 1, 500);
    bench.now = T0 + 501 * MS;
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy), (RejectReason::ReferenceStale, 501, 500));
    bench.market.heard_ns = bench.now;
    bench.market.is_whole = false;
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy), (RejectReason::ReferenceStale, 0, 500));
    bench.market.is_whole = true;
    bench.market.bid = Some(1_002);
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy).0, RejectReason::ReferenceStale, "crossed");
}

#[test]
fn pt_09_pass_a_fresh_reference_and_what_reduces() {
    let mut bench = Bench::new();
    bench.limit(Limit::ReferenceAgeMsMax, RiskScope::Instrument, 1, 500);
    bench.now = T0 + 500 * MS;
    let buy = bench.buy(5);
    bench.trade(buy);
    bench.market.is_whole = false;
    let sell = bench.sell(5);
    bench.pass(sell);
}

#[test]
fn pt_19_breach_an_order_that_would_meet_its_owners() {
    let mut bench = Bench::new();
    bench.limit(Limit::SelfTradeBarred, RiskScope::Firm, 0, 1);
    let resting = Proposal { price: Some(1_000), ..bench.sell(5) };
    bench.pass(resting);
    let met = Proposal { strategy: 2, price: Some(1_000), ..bench.buy(1) };
    assert_eq!(bench.refused(met), (RejectReason::SelfTrade, 1_000, 1_000));
    // While it is replaced by one behind, the order itself may still be there.
    let behind = Proposal { replaces: Some(resting.client_id), ..bench.sell(5) };
    bench.pass(behind);
    let met = Proposal { price: Some(1_000), ..bench.buy(1) };
    assert_eq!(bench.refused(met).0, RejectReason::SelfTrade);
}

#[test]
fn pt_19_pass_other_owners_prices_and_instruments_and_what_has_gone() {
    let mut bench = Bench::new();
    bench.limit(Limit::SelfTradeBarred, RiskScope::Firm, 0, 1);
    let (first, better) =
        (bench.sell(5), Proposal { price: Some(1_000), strategy: 2, ..bench.sell(5) });
    bench.pass(first);
    bench.pass(better);
    bench.cancel(&better);
    let below = Proposal { price: Some(1_000), ..bench.buy(1) };
    bench.pass(below);
    let elsewhere = Proposal { instrument: 2, price: Some(1_001), ..bench.buy(1) };
    bench.pass(elsewhere);
    bench.book(2, 2, 2);
    let stranger = Proposal { strategy: 2, price: Some(1_001), ..bench.buy(1) };
    bench.pass(stranger);
}

fn depth(levels: &[(i64, u64)]) -> [DepthLevel; 5] {
    let mut depth = [DepthLevel::default(); 5];
    for (place, &(price, qty)) in depth.iter_mut().zip(levels) {
        *place = DepthLevel { price, qty };
    }
    depth
}

#[test]
fn pt_20_breach_a_sweep_that_costs_too_much_or_finds_too_little() {
    let mut bench = Bench::new();
    bench.limit(Limit::SlippageBpsMax, RiskScope::Instrument, 1, 20);
    assert!(bench.gate.wants_depth(1) && !bench.gate.wants_depth(2));
    bench.market.depth = Some(depth(&[(1_001, 10), (1_005, 90)]));
    let market = |qty, bench: &mut Bench| {
        let order_type = OrderType::Market;
        Proposal { price: None, order_type, time_in_force: TimeInForce::Ioc, ..bench.buy(qty) }
    };
    // 10 at 1,001 and 20 at 1,005: 1,003.67 on average, 36 basis points over 1,000.
    let order = market(30, &mut bench);
    assert_eq!(bench.refused(order), (RejectReason::Slippage, 36, 20));
    let order = market(101, &mut bench);
    assert_eq!(bench.refused(order), (RejectReason::Slippage, 1, 0), "one lot is not shown");
    bench.market.depth = None;
    let order = market(1, &mut bench);
    assert_eq!(bench.refused(order).0, RejectReason::Slippage, "nobody says: it fails closed");
}

#[test]
fn pt_20_pass_a_cheap_sweep_and_what_does_not_take() {
    let mut bench = Bench::new();
    bench.limit(Limit::SlippageBpsMax, RiskScope::Instrument, 1, 20);
    bench.market.depth = Some(depth(&[(1_001, 10), (1_005, 90)]));
    let order = bench.ioc(Side::Buy, 30);
    bench.pass(order);
    let rests = bench.buy(1_000);
    bench.pass(rests);
    let post_only = Proposal { post_only: true, price: Some(1_400), ..bench.buy(1_000) };
    bench.pass(post_only);
}

#[test]
fn pt_24_breach_a_replacement_reserves_the_larger_until_it_is_acknowledged() {
    let mut bench = Bench::new();
    bench.limit(Limit::PositionMax, RiskScope::Strategy, 1, 100);
    let order = bench.buy(80);
    bench.pass(order);
    let smaller = Proposal { replaces: Some(order.client_id), ..bench.buy(20) };
    bench.pass(smaller);
    assert_eq!(bench.gate.open(1, 1, Side::Buy), 80);
    let other = bench.buy(21);
    assert_eq!(bench.refused(other), (RejectReason::PositionTotal, 101, 100));
    let larger = Proposal { replaces: Some(smaller.client_id), ..bench.buy(101) };
    assert_eq!(bench.refused(larger), (RejectReason::PositionTotal, 101, 100));
    let priced = Proposal { price: Some(1_600), ..larger };
    assert_eq!(bench.refused(priced).0, RejectReason::PriceCollar, "all else is checked");
}

#[test]
fn pt_24_pass_a_smaller_quantity_over_every_size_limit() {
    let mut bench = Bench::new();
    let order = bench.buy(80);
    bench.pass(order);
    for (limit, kind) in [
        (Limit::OrderQtyMax, RiskScope::Strategy),
        (Limit::PositionMax, RiskScope::Strategy),
        (Limit::WorkingQtyMax, RiskScope::Strategy),
        (Limit::WorkingOrdersMax, RiskScope::Strategy),
        (Limit::GrossExposureMax, RiskScope::Strategy),
    ] {
        bench.limit(limit, kind, 1, 1);
    }
    let smaller = Proposal { replaces: Some(order.client_id), ..bench.buy(79) };
    bench.pass(smaller);
    bench.gate.on_replaced(1, order.client_id, smaller.client_id, 79);
    assert_eq!((bench.gate.open(1, 1, Side::Buy), bench.gate.orders()), (79, 1));
    let smallest = Proposal { replaces: Some(smaller.client_id), ..bench.buy(10) };
    bench.pass(smallest);
    assert!(bench.gate.on_rejected(1, smallest.client_id));
    assert_eq!(bench.gate.open(1, 1, Side::Buy), 79, "it was refused: the old one stands");
}
