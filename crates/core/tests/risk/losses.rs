// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PT-18, PO-02 to PO-05, PO-07, PO-08.

use onetape_core::events::{
    Limit, LimitBreached, RejectReason, RiskDayStarted, RiskScope, RiskWarned, TradingState,
    TradingStateChanged,
};
use onetape_core::risk::{Alert, Fill, Proposal, Scope};
use onetape_core::types::Side;

use super::{Bench, MS};

const E12: i128 = 1_000_000_000_000;

/// What an alert says: the step, or the state.
fn steps(bench: &mut Bench) -> Vec<(RejectReason, u8)> {
    let alerts = bench.alerts();
    let of = |alert: &Alert| match *alert {
        Alert::Warned { reason, percent, .. } => (reason, percent),
        Alert::Breached { reason, state, .. } => (reason, state.raw()),
        Alert::Overridden { .. } => panic!("no override was granted"),
    };
    alerts.iter().map(of).collect()
}

fn long(qty: u64) -> Bench {
    let mut bench = Bench::new();
    let buy = bench.buy(qty);
    bench.trade(buy);
    bench
}

#[test]
fn pt_18_breach_a_loss_warns_reduces_and_halts_every_scope() {
    for (kind, id) in [(RiskScope::Strategy, 1), (RiskScope::Account, 1), (RiskScope::Firm, 0)] {
        let mut bench = long(10);
        bench.limit(Limit::LossMax, kind, id, 100);
        bench.gate.mark(1, Some(994), Some(1_001));
        assert_eq!(steps(&mut bench), [(RejectReason::Loss, 50)], "{kind:?}");
        bench.gate.mark(1, Some(991), Some(1_001));
        assert_eq!(steps(&mut bench), [(RejectReason::Loss, TradingState::Reducing.raw())]);
        let (buy, sell) = (bench.buy(1), bench.sell(1));
        assert_eq!(bench.refused(buy).0, RejectReason::Loss, "{kind:?}");
        bench.pass(sell);
        bench.gate.mark(1, Some(989), Some(1_001));
        let alerts = bench.alerts();
        assert_eq!(alerts[0].halts(), Some(Scope::new(kind, id)));
        alerts[0].emit(7, &mut bench.out);
        let kinds = [LimitBreached::KIND, TradingStateChanged::KIND];
        assert!(bench.out.0.ends_with(&kinds));
        let sell = bench.sell(1);
        assert_eq!(bench.refused(sell).0, RejectReason::Loss);
        // Allowed again, but still over the limit: the next event halts it again.
        assert!(bench.gate.set_state(Scope::new(kind, id), TradingState::Active, 0));
        bench.gate.mark(1, Some(988), Some(1_001));
        assert_eq!(bench.gate.state(Scope::new(kind, id)), TradingState::Halted);
    }
}

#[test]
fn pt_18_pass_a_loss_below_each_step_and_a_new_day() {
    let mut bench = long(10);
    bench.limit(Limit::LossMax, RiskScope::Strategy, 1, 102);
    bench.gate.mark(1, Some(994), Some(1_001));
    assert_eq!(steps(&mut bench), []);
    bench.gate.mark(1, Some(991), Some(1_001));
    assert_eq!(steps(&mut bench), [(RejectReason::Loss, 50)], "78 %");
    Alert::Warned {
        scope: Scope::FIRM,
        reason: RejectReason::Loss,
        value: 1,
        bound: 2,
        percent: 50,
    }
    .emit(7, &mut bench.out);
    assert_eq!(bench.out.0.last(), Some(&RiskWarned::KIND));
    bench.say(RiskDayStarted::KIND, &RiskDayStarted { day: 2 }.encode());
    bench.gate.mark(1, Some(986), Some(1_001));
    assert_eq!(steps(&mut bench), [], "yesterday's loss was yesterday's");
    let buy = bench.buy(1);
    bench.pass(buy);
}

#[test]
fn po_02_breach_a_long_position_is_worth_its_bid_and_a_short_one_its_ask() {
    let mut bench = long(10);
    bench.gate.mark(1, Some(990), Some(1_010));
    let strategy = Scope::new(RiskScope::Strategy, 1);
    assert_eq!(bench.gate.profit_e12(strategy), -90 * E12);
    let sell = bench.sell(15);
    bench.trade(sell);
    // Ten sold two above, and five short, to be bought back at 1,010.
    assert_eq!(bench.gate.profit_e12(strategy), (20 - 45) * E12);
    assert_eq!(bench.gate.profit_e12(Scope::FIRM), -25 * E12);
    bench.gate.mark(1, None, Some(1_000));
    assert_eq!(bench.gate.profit_e12(strategy), (20 + 5) * E12);
}

#[test]
fn po_02_pass_fees_are_paid_and_rebates_earned() {
    let mut bench = Bench::new();
    let strategy = Scope::new(RiskScope::Strategy, 1);
    for (fee_e9, profit_e12) in [(2_000_000_000, -2 * E12), (-500_000_000, -3 * E12 / 2)] {
        bench.gate.on_fill(&Fill {
            strategy: 1,
            instrument: 1,
            client_id: 77,
            side: Side::Buy,
            price: 1_000,
            qty: 1,
            leaves: 0,
            fee_e9,
            is_manual: false,
        });
        assert_eq!(bench.gate.profit_e12(strategy), profit_e12);
    }
    assert_eq!(bench.gate.position(1, 1), 2, "a fill counts whether or not its order is known");
}

#[test]
fn po_07_breach_a_fall_from_the_top_or_within_a_short_time() {
    let mut bench = long(10);
    bench.limit(Limit::DrawdownMax, RiskScope::Account, 1, 100);
    bench.gate.mark(1, Some(1_019), Some(1_021));
    bench.gate.mark(1, Some(1_010), Some(1_021));
    assert_eq!(steps(&mut bench), [(RejectReason::Drawdown, TradingState::Reducing.raw())]);
    bench.gate.mark(1, Some(1_009), Some(1_021));
    assert_eq!(steps(&mut bench), [(RejectReason::Drawdown, TradingState::Halted.raw())]);
    let mut fast = long(10);
    fast.limit(Limit::LossVelocityMax, RiskScope::Firm, 0, 50);
    fast.limit(Limit::LossVelocityMs, RiskScope::Firm, 0, 1_000);
    fast.gate.advance(fast.now);
    fast.gate.mark(1, Some(1_000), Some(1_001));
    fast.gate.advance(fast.now + 900 * MS);
    fast.gate.mark(1, Some(995), Some(1_001));
    assert_eq!(steps(&mut fast), [(RejectReason::LossVelocity, TradingState::Halted.raw())]);
}

#[test]
fn po_07_pass_a_small_or_a_slow_fall() {
    let mut bench = long(10);
    bench.limit(Limit::DrawdownMax, RiskScope::Account, 1, 1_000);
    bench.limit(Limit::LossVelocityMax, RiskScope::Firm, 0, 50);
    bench.limit(Limit::LossVelocityMs, RiskScope::Firm, 0, 1_000);
    for step in 0..10 {
        bench.gate.advance(bench.now + step * 1_100 * MS);
        bench.gate.mark(1, Some(999 - 4 * step), Some(1_001));
    }
    assert_eq!(steps(&mut bench), []);
}

#[test]
fn po_03_breach_an_exposure_that_grows_by_prices_is_warned_of() {
    let mut bench = long(10);
    bench.limit(Limit::GrossExposureMax, RiskScope::Account, 1, 14_000);
    bench.gate.mark(1, Some(1_100), Some(1_102));
    assert_eq!(steps(&mut bench), [(RejectReason::GrossExposure, 70)]);
    assert_eq!(bench.gate.standing(Scope::new(RiskScope::Account, 1)).held_gross, 11_000 * E12);
}

#[test]
fn po_03_pass_positions_open_orders_and_those_on_their_way_are_shown() {
    let mut bench = long(10);
    bench.gate.mark(1, Some(999), Some(1_001));
    let (buy, sell) = (bench.buy(2), bench.sell(3));
    bench.pass(buy);
    bench.pass(sell);
    for scope in
        [Scope::new(RiskScope::Strategy, 1), Scope::new(RiskScope::Account, 1), Scope::FIRM]
    {
        let found = bench.gate.standing(scope);
        assert_eq!((found.held_gross, found.held_net), (9_990 * E12, 9_990 * E12));
        assert_eq!(found.open, [1_998 * E12, 3_003 * E12]);
        assert_eq!(found.executed, [9_990 * E12, 0]);
        assert_eq!((found.orders, found.lots, found.largest), (2, 5, 9_990 * E12));
    }
    let other = bench.gate.standing(Scope::new(RiskScope::Strategy, 2));
    assert_eq!(other, onetape_core::risk::Standing::default());
    assert_eq!(steps(&mut bench), []);
}

#[test]
fn po_04_breach_prices_carry_exposure_or_margin_over_its_limit() {
    let limits = [(Limit::GrossExposureMax, 10_000), (Limit::NetExposureMax, 10_000)];
    for (limit, value) in limits {
        let mut bench = long(10);
        bench.limit(limit, RiskScope::Account, 1, value);
        bench.gate.mark(1, Some(1_001), Some(1_003));
        let account = Scope::new(RiskScope::Account, 1);
        assert_eq!(bench.gate.state(account), TradingState::Reducing, "{limit:?}");
        let (buy, sell) = (bench.buy(1), bench.sell(10));
        assert!(bench.check(buy).is_err());
        bench.pass(sell);
    }
    let mut bench = long(10);
    bench.limit(Limit::MarginPerLotE6, RiskScope::Product, 1, 100_000_000);
    bench.limit(Limit::Capital, RiskScope::Account, 1, 1_050);
    bench.gate.mark(1, Some(994), Some(996));
    assert_eq!(bench.gate.state(Scope::new(RiskScope::Account, 1)), TradingState::Active);
    bench.gate.mark(1, Some(993), Some(995));
    assert_eq!(steps(&mut bench), [(RejectReason::BuyingPower, TradingState::Reducing.raw())]);
}

#[test]
fn po_04_pass_exposure_up_to_its_limit() {
    let mut bench = long(10);
    bench.limit(Limit::GrossExposureMax, RiskScope::Account, 1, 10_000);
    bench.gate.mark(1, Some(1_000), Some(1_002));
    assert_eq!(bench.gate.state(Scope::new(RiskScope::Account, 1)), TradingState::Active);
}

fn stray(bench: &mut Bench, qty: u64) {
    let (strategy, instrument, client_id) = (1, 1, 9_999);
    let (side, price, leaves, fee_e9, is_manual) = (Side::Buy, 999, 0, 0, false);
    let fill =
        Fill { strategy, instrument, client_id, side, price, qty, leaves, fee_e9, is_manual };
    bench.gate.on_fill(&fill);
}

#[test]
fn po_05_breach_a_position_beyond_its_cap_only_reduces_however_it_came() {
    let scopes = [
        (RiskScope::Strategy, 1),
        (RiskScope::Instrument, 1),
        (RiskScope::Product, 1),
        (RiskScope::Account, 1),
        (RiskScope::Firm, 0),
    ];
    for (kind, id) in scopes {
        let mut bench = Bench::new();
        bench.limit(Limit::PositionMax, kind, id, 10);
        stray(&mut bench, 11);
        let reducing = TradingState::Reducing.raw();
        assert_eq!(steps(&mut bench), [(RejectReason::PositionTotal, reducing)], "{kind:?}");
        let (buy, sell) = (bench.buy(1), bench.sell(2));
        assert_eq!(bench.refused(buy).0, RejectReason::PositionTotal);
        bench.pass(sell);
    }
}

#[test]
fn po_05_pass_a_position_at_its_cap() {
    let mut bench = Bench::new();
    bench.limit(Limit::PositionMax, RiskScope::Product, 1, 10);
    stray(&mut bench, 10);
    assert_eq!(steps(&mut bench), []);
    assert_eq!(bench.gate.state(Scope::new(RiskScope::Product, 1)), TradingState::Active);
}

#[test]
fn po_08_breach_the_whole_portfolio_is_over_the_firms_credit() {
    let mut bench = long(10);
    let other = Proposal { strategy: 2, instrument: 3, ..bench.buy(10) };
    bench.trade(other);
    bench.limit(Limit::GrossExposureMax, RiskScope::Firm, 0, 20_000);
    bench.gate.mark(3, Some(1_002), Some(1_004));
    assert_eq!(bench.gate.state(Scope::FIRM), TradingState::Reducing);
}

#[test]
fn po_08_pass_within_the_firms_credit() {
    let mut bench = long(10);
    let other = Proposal { strategy: 2, instrument: 3, ..bench.buy(10) };
    bench.trade(other);
    bench.limit(Limit::GrossExposureMax, RiskScope::Firm, 0, 20_000);
    bench.gate.mark(3, Some(1_001), Some(1_003));
    assert_eq!(bench.gate.state(Scope::FIRM), TradingState::Active);
}
