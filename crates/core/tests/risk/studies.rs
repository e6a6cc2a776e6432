// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PT-07 by volatility, PT-08 by own fills, PT-10 warned, PT-16 once executed, PT-28 kept for a time.

use onetape_core::events::{
    Limit, LimitsLoaded, RejectReason, RiskDayStarted, RiskScope, TradingState, TradingStateChanged,
};
use onetape_core::risk::{Alert, Proposal, RiskConfig, RiskGate, Scope};
use onetape_core::types::SECOND_NS;

use super::Bench;

/// A market whose middle steps by so many ticks each second, back and forth.
fn rocked(ticks: i64) -> Bench {
    let mut bench = Bench::new();
    bench.limit(Limit::VolatilityCollarE2, RiskScope::Instrument, 1, 300);
    bench.limit(Limit::VolatilityFloorTicks, RiskScope::Instrument, 1, 4);
    for step in 0..=200 {
        bench.now += SECOND_NS;
        bench.gate.advance(bench.now);
        let up = step % 2 * ticks;
        bench.gate.mark(1, Some(999 + up), Some(1_001 + up));
    }
    (bench.market.heard_ns, bench.market.input_ns) = (bench.now, bench.now);
    bench
}

#[test]
fn pt_07_breach_by_volatility_beyond_so_many_deviations_or_the_floor() {
    let mut bench = rocked(7);
    let far = Proposal { price: Some(1_022), ..bench.buy(1) };
    assert_eq!(bench.refused(far), (RejectReason::PriceCollar, 1_022, 1_021), "3 times 7 ticks");
    let low = Proposal { price: Some(978), ..bench.sell(1) };
    assert_eq!(bench.refused(low), (RejectReason::PriceCollar, 978, 979));
    let mut quiet = rocked(0);
    let through = Proposal { price: Some(1_005), ..quiet.buy(1) };
    assert_eq!(quiet.refused(through), (RejectReason::PriceCollar, 1_005, 1_004), "the floor");
    let mut unheard = Bench::new();
    unheard.limit(Limit::VolatilityCollarE2, RiskScope::Instrument, 1, 300);
    let blind = Proposal { price: Some(1_011), ..unheard.buy(1) };
    assert_eq!(unheard.refused(blind), (RejectReason::PriceCollar, 1_011, 1_010), "ten ticks");
}

#[test]
fn pt_07_pass_by_volatility_up_to_so_many_deviations() {
    let mut bench = rocked(7);
    let orders = [
        Proposal { price: Some(1_021), ..bench.buy(1) },
        Proposal { price: Some(979), ..bench.sell(1) },
        Proposal { price: Some(900), ..bench.buy(1) },
    ];
    for order in orders {
        bench.pass(order);
    }
    let mut bytes = Vec::new();
    bench.gate.save(&mut bytes);
    let mut copy = RiskGate::new(RiskConfig::new(2, 4, 64));
    copy.restore(&mut bytes.as_slice()).unwrap();
    bench.gate = copy;
    let order = Proposal { price: Some(1_021), ..bench.buy(1) };
    bench.pass(order);
}

#[test]
fn pt_08_breach_own_fills_drift_from_where_the_market_began() {
    let mut bench = Bench::new();
    bench.limit(Limit::FillDriftTicks, RiskScope::Instrument, 1, 5);
    bench.gate.mark(1, Some(999), Some(1_001));
    let first = Proposal { price: Some(1_000), ..bench.buy(2) };
    bench.trade(first);
    let second = Proposal { price: Some(1_011), ..bench.buy(2) };
    bench.trade(second);
    let warned = Alert::Warned {
        scope: Scope::new(RiskScope::Strategy, 1),
        reason: RejectReason::FillDrift,
        value: 6,
        bound: 5,
        percent: 100,
    };
    assert_eq!(bench.alerts(), [warned], "5.5 ticks on average");
    let more = bench.buy(1);
    assert_eq!(bench.refused(more), (RejectReason::FillDrift, 6, 5));
    let close = bench.sell(4);
    bench.pass(close);
}

#[test]
fn pt_08_pass_small_drifts_other_instruments_and_the_next_period() {
    let mut bench = Bench::new();
    bench.limit(Limit::FillDriftTicks, RiskScope::Instrument, 1, 5);
    bench.gate.mark(1, Some(999), Some(1_001));
    let first = Proposal { price: Some(1_005), ..bench.buy(2) };
    bench.trade(first);
    let second = bench.buy(1);
    bench.pass(second);
    let third = Proposal { price: Some(1_020), ..bench.buy(2) };
    bench.trade(third);
    let other = Proposal { instrument: 3, ..bench.buy(1) };
    bench.pass(other);
    let barred = bench.buy(1);
    assert_eq!(bench.refused(barred).0, RejectReason::FillDrift);
    bench.now += 60 * SECOND_NS;
    let later = bench.buy(1);
    bench.pass(later);
}

#[test]
fn pt_10_breach_seven_tenths_of_a_rate_are_warned_of() {
    for kind in [RiskScope::Strategy, RiskScope::Instrument, RiskScope::Venue] {
        let mut bench = Bench::new();
        bench.limit(Limit::MessageRateMax, kind, 1, 9);
        for _ in 0..6 {
            let buy = bench.buy(1);
            bench.pass(buy);
        }
        assert_eq!(bench.alerts(), [], "{kind:?}");
        let buy = bench.buy(1);
        bench.pass(buy);
        let (scope, reason) = (Scope::new(kind, 1), RejectReason::MessageRate);
        let warned = Alert::Warned { scope, reason, value: 7, bound: 9, percent: 70 };
        assert_eq!(bench.alerts(), [warned], "6.3 are 70 %: {kind:?}");
        let buy = bench.buy(1);
        bench.pass(buy);
        assert_eq!(bench.alerts(), [], "it is said once");
    }
}

#[test]
fn pt_16_breach_what_was_executed_lets_its_scope_only_reduce() {
    let scopes = [(RiskScope::Strategy, 1), (RiskScope::Account, 1), (RiskScope::Firm, 0)];
    for (kind, id) in scopes {
        let mut bench = Bench::new();
        bench.limit(Limit::DayValueMax, kind, id, 4_995);
        let order = bench.buy(5);
        bench.trade(order);
        let scope = Scope::new(kind, id);
        assert_eq!(bench.gate.state(scope), TradingState::Reducing, "{kind:?}");
        let (buy, sell) = (bench.buy(1), bench.sell(5));
        assert_eq!(bench.refused(buy).0, RejectReason::DayValue);
        bench.pass(sell);
    }
    let mut bench = Bench::new();
    bench.limit(Limit::DayQtyMax, RiskScope::Instrument, 1, 5);
    let order = bench.buy(5);
    bench.trade(order);
    let alerts = bench.alerts();
    let breached = Alert::Breached {
        scope: Scope::new(RiskScope::Instrument, 1),
        reason: RejectReason::DayQty,
        value: 5,
        bound: 5,
        state: TradingState::Reducing,
    };
    assert_eq!(alerts, [breached]);
}

#[test]
fn pt_16_pass_below_it_and_a_new_day_lifts_what_the_last_one_set() {
    let mut bench = Bench::new();
    bench.limit(Limit::DayQtyMax, RiskScope::Instrument, 1, 5);
    let order = bench.buy(4);
    bench.trade(order);
    let scope = Scope::new(RiskScope::Instrument, 1);
    assert_eq!(bench.gate.state(scope), TradingState::Active);
    let order = bench.buy(1);
    bench.trade(order);
    assert_eq!(bench.gate.state(scope), TradingState::Reducing);
    bench.gate.set_state(Scope::new(RiskScope::Instrument, 3), TradingState::Reducing, 0);
    bench.say(RiskDayStarted::KIND, &RiskDayStarted { day: 20_000 }.encode());
    assert_eq!(bench.gate.state(scope), TradingState::Active);
    assert_eq!(bench.out.0.last(), Some(&TradingStateChanged::KIND));
    let by_a_person = bench.gate.state(Scope::new(RiskScope::Instrument, 3));
    assert_eq!(by_a_person, TradingState::Reducing, "a person's stays");
    let order = bench.buy(5);
    bench.pass(order);
}

fn ending(bench: &mut Bench, version: u64, valid_to_ns: i64) {
    let event = LimitsLoaded {
        version,
        hash: 1,
        valid_from_ns: 0,
        valid_to_ns,
        profile: 0,
        reserved1: 0,
        reserved2: 0,
        reserved3: 0,
    };
    bench.say(LimitsLoaded::KIND, &event.encode());
}

#[test]
fn pt_28_breach_limits_are_kept_for_a_time_and_then_only_reduce() {
    let mut bench = Bench::new();
    bench.gate.set_position(1, 1, 3, 1_000);
    bench.limit(Limit::LimitsKeptMs, RiskScope::Firm, 0, 60_000);
    let end = bench.now + SECOND_NS;
    ending(&mut bench, 7, end);
    bench.now = end + 60 * SECOND_NS;
    let (buy, sell) = (bench.buy(1), bench.sell(1));
    assert_eq!(bench.refused(buy), (RejectReason::LimitsNotInForce, 7, 0));
    bench.pass(sell);
}

#[test]
fn pt_28_pass_within_that_time_with_one_warning_for_each_set() {
    let mut bench = Bench::new();
    bench.limit(Limit::LimitsKeptMs, RiskScope::Firm, 0, 60_000);
    for version in [7, 8] {
        let end = bench.now + SECOND_NS;
        ending(&mut bench, version, end);
        let before = bench.buy(1);
        bench.pass(before);
        assert_eq!(bench.alerts(), []);
        bench.now = end + 60 * SECOND_NS - 1;
        let (first, second) = (bench.buy(1), bench.buy(1));
        bench.pass(first);
        bench.pass(second);
        let value = i64::try_from(version).unwrap();
        let (scope, reason) = (Scope::FIRM, RejectReason::LimitsNotInForce);
        let warned = Alert::Warned { scope, reason, value, bound: 60_000, percent: 100 };
        assert_eq!(bench.alerts(), [warned]);
    }
}
