// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PT-10, PT-11, PT-12, PT-14, PT-21, PT-23.

use onetape_core::events::{Limit, RejectReason, RiskDayStarted, RiskScope, TradingState};
use onetape_core::risk::{Alert, Proposal, Scope};
use onetape_core::types::{SECOND_NS, Side};

use super::{Bench, MS};

#[test]
fn pt_10_breach_too_many_messages_of_any_scope_in_one_second() {
    for kind in [RiskScope::Strategy, RiskScope::Instrument, RiskScope::Venue] {
        let mut bench = Bench::new();
        bench.limit(Limit::MessageRateMax, kind, 1, 2);
        for _ in 0..2 {
            let buy = bench.buy(1);
            bench.pass(buy);
        }
        bench.now += SECOND_NS - 1;
        let buy = bench.buy(1);
        assert_eq!(bench.refused(buy), (RejectReason::MessageRate, 3, 2), "{kind:?}");
    }
}

#[test]
fn pt_10_pass_after_a_second_and_cancels_always() {
    let mut bench = Bench::new();
    bench.limit(Limit::MessageRateMax, RiskScope::Strategy, 1, 2);
    bench.limit(Limit::CancelRateMax, RiskScope::Strategy, 1, 3);
    let orders = [bench.buy(1), bench.buy(1)];
    for order in orders {
        bench.pass(order);
    }
    bench.gate.advance(bench.now);
    for _ in 0..5 {
        bench.gate.on_cancel(1, 1);
    }
    for order in &orders {
        bench.cancel(order);
    }
    let warned = Alert::Warned {
        scope: Scope::new(RiskScope::Strategy, 1),
        reason: RejectReason::CancelRate,
        value: 3,
        bound: 3,
        percent: 100,
    };
    let mut alerts = bench.alerts();
    alerts.retain(|alert| !matches!(alert, Alert::Warned { percent: 70, .. }));
    assert_eq!(alerts, [warned], "they are counted, and it is said once");
    // The window is kept in sixteenths: it is free after one of them more at the latest.
    bench.now += SECOND_NS + SECOND_NS / 16;
    let buy = bench.buy(1);
    bench.pass(buy);
}

#[test]
fn pt_11_breach_executions_in_a_row_halt_until_a_person_allows_them() {
    let mut bench = Bench::new();
    bench.limit(Limit::ExecutionsMax, RiskScope::Strategy, 1, 3);
    let order = bench.buy(10);
    bench.pass(order);
    for _ in 0..3 {
        bench.fill(&order, 999, 1);
    }
    assert_eq!(bench.alerts(), []);
    bench.fill(&order, 999, 1);
    let strategy = Scope::new(RiskScope::Strategy, 1);
    assert_eq!(bench.alerts()[0].halts(), Some(strategy));
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy), (RejectReason::RepeatedExecutions, 1, 1));
    assert!(bench.gate.set_state(strategy, TradingState::Active, 0));
    let buy = bench.buy(1);
    bench.pass(buy);
}

#[test]
fn pt_11_pass_executions_with_others_against_them_or_over_time() {
    let mut bench = Bench::new();
    bench.limit(Limit::ExecutionsMax, RiskScope::Strategy, 1, 2);
    bench.limit(Limit::ExecutionsMs, RiskScope::Strategy, 1, 1_000);
    for _ in 0..5 {
        let (buy, sell) = (bench.buy(1), bench.sell(1));
        bench.trade(buy);
        bench.trade(sell);
    }
    for _ in 0..5 {
        bench.now += 600 * MS;
        let buy = bench.buy(1);
        bench.trade(buy);
    }
    assert_eq!(bench.alerts(), []);
}

#[test]
fn pt_12_breach_the_same_order_again() {
    let mut bench = Bench::new();
    bench.limit(Limit::DuplicatesMax, RiskScope::Strategy, 1, 2);
    for _ in 0..2 {
        let buy = bench.buy(5);
        bench.pass(buy);
    }
    bench.now += 49 * MS;
    let buy = bench.buy(5);
    assert_eq!(bench.refused(buy), (RejectReason::DuplicateOrder, 3, 2));
}

#[test]
fn pt_12_pass_other_terms_later_or_after_the_first_is_done() {
    let mut bench = Bench::new();
    bench.limit(Limit::DuplicatesMax, RiskScope::Strategy, 1, 1);
    let first = bench.buy(5);
    bench.pass(first);
    let different = [
        bench.buy(6),
        Proposal { price: Some(998), ..bench.buy(5) },
        Proposal { side: Side::Sell, ..bench.buy(5) },
        Proposal { instrument: 3, ..bench.buy(5) },
    ];
    for order in different {
        bench.pass(order);
    }
    bench.cancel(&first);
    let again = bench.buy(5);
    bench.pass(again);
    bench.now += 50 * MS;
    let later = bench.buy(5);
    bench.pass(later);
}

#[test]
fn pt_14_breach_too_many_live_orders_or_lots_in_them() {
    for kind in [RiskScope::Strategy, RiskScope::Instrument, RiskScope::Account] {
        let mut bench = Bench::new();
        bench.limit(Limit::WorkingOrdersMax, kind, 1, 2);
        bench.limit(Limit::WorkingQtyMax, kind, 1, 10);
        let (first, large) = (bench.buy(6), bench.sell(5));
        bench.pass(first);
        assert_eq!(bench.refused(large), (RejectReason::WorkingQty, 11, 10), "{kind:?}");
        let (second, third) = (bench.sell(1), bench.buy(1));
        bench.pass(second);
        assert_eq!(bench.refused(third), (RejectReason::WorkingOrders, 3, 2), "{kind:?}");
    }
}

#[test]
fn pt_14_pass_replacements_and_after_one_is_done() {
    let mut bench = Bench::new();
    bench.limit(Limit::WorkingOrdersMax, RiskScope::Strategy, 1, 1);
    bench.limit(Limit::WorkingQtyMax, RiskScope::Strategy, 1, 10);
    let first = bench.buy(6);
    bench.pass(first);
    let second = Proposal { replaces: Some(first.client_id), ..bench.buy(10) };
    bench.pass(second);
    bench.gate.on_replaced(1, first.client_id, second.client_id, 10);
    bench.fill(&second, 999, 10);
    let third = bench.buy(10);
    bench.pass(third);
}

#[test]
fn pt_21_breach_too_large_a_share_of_the_markets_volume() {
    let mut bench = Bench::new();
    bench.limit(Limit::ParticipationBpsMax, RiskScope::Instrument, 1, 1_000);
    let buy = bench.buy(101);
    bench.trade(buy);
    bench.gate.on_market_trade(1, 1_000);
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy), (RejectReason::Participation, 1_010, 1_000));
}

#[test]
fn pt_21_pass_at_the_share_after_the_window_and_what_reduces() {
    let mut bench = Bench::new();
    bench.limit(Limit::ParticipationBpsMax, RiskScope::Instrument, 1, 1_000);
    bench.limit(Limit::ParticipationMs, RiskScope::Instrument, 1, 1_000);
    let buy = bench.buy(100);
    bench.trade(buy);
    bench.gate.on_market_trade(1, 1_000);
    let buy = bench.buy(1);
    bench.pass(buy);
    bench.fill(&buy, 999, 1);
    let (more, sell) = (bench.buy(1), bench.sell(1));
    assert_eq!(bench.refused(more).0, RejectReason::Participation);
    bench.pass(sell);
    bench.now += 1_100 * MS;
    let later = bench.buy(1);
    bench.pass(later);
}

#[test]
fn pt_23_breach_too_many_orders_for_the_trades() {
    let mut bench = Bench::new();
    bench.limit(Limit::OrderToTradeMax, RiskScope::Instrument, 1, 4);
    // Without a trade five orders are a ratio of four: an entry, a cancel, an entry, its replacement.
    let (first, second) = (bench.buy(1), bench.buy(1));
    bench.pass(first);
    bench.gate.advance(bench.now);
    bench.gate.on_cancel(1, 1);
    bench.cancel(&first);
    bench.pass(second);
    let replacement = Proposal { replaces: Some(second.client_id), ..bench.buy(1) };
    bench.pass(replacement);
    assert!(matches!(bench.alerts()[0], Alert::Warned { percent: 70, .. }));
    let more = bench.buy(1);
    assert_eq!(bench.refused(more), (RejectReason::OrderToTrade, 6, 4));
    let mut volume = Bench::new();
    volume.limit(Limit::OrderToTradeVolumeMax, RiskScope::Instrument, 1, 9);
    let (first, second) = (volume.buy(10), volume.buy(1));
    volume.pass(first);
    assert_eq!(volume.refused(second), (RejectReason::OrderToTrade, 11, 9));
}

#[test]
fn pt_23_pass_with_trades_reducing_orders_and_on_a_new_day() {
    let mut bench = Bench::new();
    bench.limit(Limit::OrderToTradeMax, RiskScope::Instrument, 1, 1);
    let (first, second) = (bench.buy(1), bench.buy(1));
    bench.trade(first);
    bench.trade(second);
    let orders = [bench.buy(1), bench.buy(1)];
    for order in orders {
        bench.pass(order);
    }
    let (more, sell) = (bench.buy(1), bench.sell(1));
    assert_eq!(bench.refused(more).0, RejectReason::OrderToTrade);
    bench.pass(sell);
    bench.say(RiskDayStarted::KIND, &RiskDayStarted { day: 2 }.encode());
    let more = bench.buy(1);
    bench.pass(more);
}
