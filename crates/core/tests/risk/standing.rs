// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PT-01, PT-02, PT-03, PT-22, PT-25, PT-26, PT-27, PT-28, PT-29, PT-30.

use onetape_core::events::{
    AccessSet, Limit, LimitChanged, LimitProfile, LimitsLoaded, OverrideGranted, OverrideUsed,
    RejectReason, Restriction, RestrictionSet, RiskScope, ScopeLimitSet, StrategyBooked,
    TradingState, TradingStateChanged, TradingStateSet,
};
use onetape_core::risk::{Alert, ParentLedger, Proposal, Refusal, Scope};
use onetape_core::types::{SECOND_NS, Side};

use super::{Bench, T0};

fn state(kind: RiskScope, id: u32, state: TradingState, is_manual: bool) -> [u8; 8] {
    let (scope, state) = (kind.raw(), state.raw());
    TradingStateSet { id, scope, state, cancels: 0, is_manual: is_manual.into() }.encode()
}

#[test]
fn pt_01_breach_a_halted_scope_takes_nothing_and_a_reducing_one_only_what_reduces() {
    let scopes = [
        (RiskScope::Strategy, 1),
        (RiskScope::Instrument, 1),
        (RiskScope::Venue, 1),
        (RiskScope::Account, 1),
        (RiskScope::Product, 1),
        (RiskScope::Firm, 0),
    ];
    for (kind, id) in scopes {
        let mut bench = Bench::new();
        bench.gate.set_position(1, 1, 10, 1_000);
        bench.say(TradingStateSet::KIND, &state(kind, id, TradingState::Halted, true));
        assert_eq!(bench.out.0.last(), Some(&TradingStateChanged::KIND));
        let sell = bench.sell(1);
        let reason = (RejectReason::TradingState, kind.raw().into(), 1);
        assert_eq!(bench.refused(sell), reason, "{kind:?}");
        bench.say(TradingStateSet::KIND, &state(kind, id, TradingState::Reducing, true));
        let (buy, much) = (bench.buy(1), bench.sell(11));
        assert_eq!(bench.refused(buy).0, RejectReason::TradingState, "{kind:?}");
        assert_eq!(bench.refused(much).0, RejectReason::TradingState, "through zero: {kind:?}");
    }
}

#[test]
fn pt_01_pass_reducing_orders_and_other_scopes_go_on() {
    let mut bench = Bench::new();
    bench.gate.set_position(1, 1, 10, 1_000);
    bench.say(TradingStateSet::KIND, &state(RiskScope::Account, 1, TradingState::Reducing, false));
    let (first, second, third) = (bench.sell(6), bench.sell(4), bench.sell(1));
    bench.pass(first);
    bench.pass(second);
    assert_eq!(bench.refused(third).0, RejectReason::TradingState, "the open ones close it");
    let other = Proposal { strategy: 2, ..bench.buy(5) };
    bench.pass(other);
    // Only a person loosens a state.
    let active = |by| state(RiskScope::Account, 1, TradingState::Active, by);
    bench.say(TradingStateSet::KIND, &active(false));
    assert_eq!(bench.gate.state(Scope::new(RiskScope::Account, 1)), TradingState::Reducing);
    bench.say(TradingStateSet::KIND, &active(true));
    let buy = bench.buy(5);
    bench.pass(buy);
}

fn access(strategy_id: u32, instrument_id: u32, venue_id: u32, sides: u32) -> [u8; 16] {
    AccessSet { strategy_id, instrument_id, venue_id, sides }.encode()
}

#[test]
fn pt_02_breach_what_was_not_granted_is_refused() {
    let mut bench = Bench::new();
    bench.say(AccessSet::KIND, &access(1, 1, 0, 2));
    let (buy, sell) = (bench.buy(1), bench.sell(1));
    assert_eq!(bench.refused(buy), (RejectReason::AccessDenied, 2, 1));
    bench.pass(sell);
    let elsewhere = Proposal { instrument: 3, ..bench.sell(1) };
    assert_eq!(bench.refused(elsewhere).0, RejectReason::AccessDenied);
    let other = Proposal { strategy: 2, ..bench.sell(1) };
    assert_eq!(bench.refused(other).0, RejectReason::AccessDenied, "nothing was said of it");
    bench.say(AccessSet::KIND, &access(1, 1, 0, 0));
    let sell = bench.sell(1);
    assert_eq!(bench.refused(sell).0, RejectReason::AccessDenied, "the right was taken away");
}

#[test]
fn pt_02_pass_the_entry_that_names_an_instrument_closest_counts() {
    let mut bench = Bench::new();
    bench.say(AccessSet::KIND, &access(1, 0, 0, 0));
    bench.say(AccessSet::KIND, &access(1, 0, 1, 3));
    let (here, there) = (bench.buy(1), Proposal { instrument: 2, ..bench.buy(1) });
    bench.pass(here);
    assert_eq!(bench.refused(there).0, RejectReason::AccessDenied, "another venue");
    bench.say(AccessSet::KIND, &access(1, 2, 2, 3));
    bench.pass(there);
}

fn restrict(bars: &[Restriction], account_id: u32, located_lots: u64) -> [u8; 24] {
    let bars = bars.iter().map(|bar| u32::from(bar.raw())).sum();
    RestrictionSet { located_lots, instrument_id: 1, account_id, bars, reserved: 0 }.encode()
}

#[test]
fn pt_03_breach_a_restricted_instrument_is_not_traded_or_not_opened() {
    let mut bench = Bench::new();
    bench.gate.set_position(1, 1, 5, 1_000);
    bench.say(RestrictionSet::KIND, &restrict(&[Restriction::NoTrade], 0, 0));
    let sell = bench.sell(1);
    assert_eq!(bench.refused(sell), (RejectReason::Restricted, 1, 0));
    bench.say(RestrictionSet::KIND, &restrict(&[Restriction::NoOpen], 0, 0));
    let (buy, through) = (bench.buy(1), bench.sell(6));
    assert_eq!(bench.refused(buy).0, RejectReason::Restricted);
    assert_eq!(bench.refused(through).0, RejectReason::Restricted);
}

#[test]
fn pt_03_pass_closing_other_accounts_and_what_was_lifted() {
    let mut bench = Bench::new();
    bench.gate.set_position(1, 1, 5, 1_000);
    bench.say(RestrictionSet::KIND, &restrict(&[Restriction::NoOpen], 1, 0));
    let (close, other) = (bench.sell(5), Proposal { strategy: 2, ..bench.buy(1) });
    bench.pass(close);
    bench.pass(other);
    bench.say(RestrictionSet::KIND, &restrict(&[], 1, 0));
    let buy = bench.buy(1);
    bench.pass(buy);
}

#[test]
fn pt_22_breach_a_short_sale_is_barred_or_not_located() {
    let mut bench = Bench::new();
    bench.gate.set_position(1, 1, 5, 1_000);
    bench.say(RestrictionSet::KIND, &restrict(&[Restriction::NoShort], 0, 0));
    let sell = bench.sell(6);
    assert_eq!(bench.refused(sell), (RejectReason::ShortSale, 1, 0));
    bench.say(RestrictionSet::KIND, &restrict(&[Restriction::Locate], 0, 3));
    let sell = bench.sell(9);
    assert_eq!(bench.refused(sell), (RejectReason::ShortSale, 4, 3));
}

#[test]
fn pt_22_pass_what_is_held_or_located_is_sold() {
    let mut bench = Bench::new();
    bench.gate.set_position(1, 1, 5, 1_000);
    bench.say(RestrictionSet::KIND, &restrict(&[Restriction::NoShort], 0, 0));
    let sell = bench.sell(5);
    bench.pass(sell);
    bench.cancel(&sell);
    bench.say(RestrictionSet::KIND, &restrict(&[Restriction::Locate], 0, 3));
    let sell = bench.sell(8);
    bench.pass(sell);
}

fn granted(limit: Limit, ceiling: i64, lasts_ns: i64, principals: [u32; 2]) -> [u8; 40] {
    let [first_principal, second_principal] = principals;
    OverrideGranted {
        ceiling,
        expires_ts_ns: T0 + lasts_ns,
        strategy_id: 1,
        instrument_id: 1,
        first_principal,
        second_principal,
        limit: limit.raw().into(),
        orders: 1,
        reserved: 0,
    }
    .encode()
}

fn manual(bench: &mut Bench, qty: u64) -> Proposal {
    Proposal { is_manual: true, ..bench.buy(qty) }
}

#[test]
fn pt_25_breach_no_override_for_algorithms_hard_limits_one_person_or_too_long() {
    let mut bench = Bench::new();
    bench.say(OverrideGranted::KIND, &granted(Limit::OrderQtyMax, 2_000, SECOND_NS, [4, 4]));
    bench.say(OverrideGranted::KIND, &granted(Limit::OrderQtyMax, 2_000, 901 * SECOND_NS, [4, 5]));
    bench.say(OverrideGranted::KIND, &granted(Limit::PositionMax, 20_000, SECOND_NS, [4, 5]));
    assert_eq!(bench.gate.limits_refused(), 3);
    let order = manual(&mut bench, 1_500);
    assert_eq!(bench.refused(order), (RejectReason::OrderQty, 1_500, 1_000));
    bench.say(OverrideGranted::KIND, &granted(Limit::OrderQtyMax, 2_000, SECOND_NS, [4, 5]));
    let (automatic, larger) = (bench.buy(1_500), manual(&mut bench, 2_001));
    assert_eq!(bench.refused(automatic).0, RejectReason::OrderQty);
    assert_eq!(bench.refused(larger).0, RejectReason::OrderQty, "over the ceiling");
    bench.now += SECOND_NS;
    let late = manual(&mut bench, 1_500);
    assert_eq!(bench.refused(late).0, RejectReason::OrderQty, "it has expired");
}

#[test]
fn pt_25_pass_one_manual_order_by_two_principals_and_no_second_one() {
    let mut bench = Bench::new();
    bench.say(OverrideGranted::KIND, &granted(Limit::OrderQtyMax, 2_000, SECOND_NS, [4, 5]));
    let (first, second) = (manual(&mut bench, 1_500), manual(&mut bench, 1_500));
    bench.pass(first);
    let alert = bench.alerts()[0];
    assert!(matches!(alert, Alert::Overridden { value: 1_500, bound: 1_000, orders_left: 0, .. }));
    alert.emit(1, &mut bench.out);
    assert_eq!(bench.out.0.last(), Some(&OverrideUsed::KIND));
    assert_eq!(bench.refused(second).0, RejectReason::OrderQty);
}

#[test]
fn pt_26_breach_a_strategy_stays_within_what_it_was_deployed_for() {
    let mut bench = Bench::new();
    bench.limit(Limit::InstrumentsMax, RiskScope::Strategy, 1, 1);
    let (first, other) = (bench.buy(1), Proposal { instrument: 3, ..bench.buy(1) });
    bench.pass(first);
    assert_eq!(bench.refused(other), (RejectReason::Envelope, 2, 1));
    bench.limit(Limit::InstrumentsMax, RiskScope::Strategy, 1, 3);
    bench.limit(Limit::VenuesMax, RiskScope::Strategy, 1, 1);
    let away = Proposal { instrument: 2, ..bench.buy(1) };
    assert_eq!(bench.refused(away), (RejectReason::Envelope, 2, 1));
    bench.limit(Limit::DayOrdersMax, RiskScope::Strategy, 1, 1);
    let more = bench.buy(1);
    assert_eq!(bench.refused(more), (RejectReason::Envelope, 2, 1));
}

#[test]
fn pt_26_pass_up_to_the_envelope() {
    let mut bench = Bench::new();
    for limit in [Limit::InstrumentsMax, Limit::VenuesMax, Limit::DayOrdersMax] {
        bench.limit(limit, RiskScope::Strategy, 1, 2);
    }
    let (first, away) = (bench.buy(1), Proposal { instrument: 2, ..bench.buy(1) });
    bench.pass(first);
    bench.pass(away);
}

#[test]
fn pt_27_breach_children_never_exceed_their_parent_nor_outlive_it() {
    let mut ledger = ParentLedger::new(4, 2);
    ledger.begin(1, 10).unwrap();
    ledger.reserve(1, 6).unwrap();
    let over = |value, bound| Refusal { reason: RejectReason::ParentExceeded, value, bound };
    assert_eq!(ledger.reserve(1, 5), Err(over(5, 4)));
    assert_eq!(ledger.replace(1, 6, 11), Err(over(5, 4)));
    assert!(ledger.fill(1, 6));
    ledger.reserve(1, 4).unwrap();
    assert_eq!(ledger.reserve(1, 0), Err(over(2, 2)), "as many children as it may have");
    assert!(!ledger.fill(1, 5), "an over-fill is said");
    ledger.finish(1);
    assert_eq!(ledger.reserve(1, 1), Err(over(1, 0)), "after its end");
    assert_eq!(ledger.reserve(9, 1), Err(over(1, 0)), "an orphan");
}

#[test]
fn pt_27_pass_a_parent_is_worked_to_its_last_lot() {
    let mut ledger = ParentLedger::new(4, 3);
    ledger.begin(1, 10).unwrap();
    ledger.reserve(1, 6).unwrap();
    ledger.replace(1, 6, 10).unwrap();
    assert!(ledger.fill(1, 7));
    ledger.release(1, 3);
    ledger.reserve(1, 3).unwrap();
    assert!(ledger.fill(1, 3));
    assert_eq!(ledger.get(1).unwrap().left(), 0);
}

fn loaded(version: u64, profile: LimitProfile, valid_to_ns: i64) -> [u8; 40] {
    LimitsLoaded {
        version,
        hash: 99,
        valid_from_ns: T0 - SECOND_NS,
        valid_to_ns,
        profile: profile.raw(),
        reserved1: 0,
        reserved2: 0,
        reserved3: 0,
    }
    .encode()
}

#[test]
fn pt_28_breach_limits_past_their_time_or_missing_and_older_versions() {
    let mut bench = Bench::new();
    bench.gate.set_position(1, 1, 5, 1_000);
    bench.say(LimitsLoaded::KIND, &loaded(3, LimitProfile::Basic, T0 + SECOND_NS));
    bench.say(LimitsLoaded::KIND, &loaded(2, LimitProfile::Basic, 0));
    assert_eq!((bench.gate.limits_refused(), bench.gate.in_force().version), (1, 3));
    bench.now += SECOND_NS;
    let (buy, sell) = (bench.buy(1), bench.sell(1));
    assert_eq!(bench.refused(buy), (RejectReason::LimitsNotInForce, 3, 0));
    bench.pass(sell);
    bench.say(LimitsLoaded::KIND, &loaded(4, LimitProfile::Full, 0));
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy).0, RejectReason::AccessDenied, "nobody was let in yet");
    bench.say(AccessSet::KIND, &access(1, 0, 0, 3));
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy).0, RejectReason::LimitMissing);
}

#[test]
fn pt_28_pass_a_valid_set_and_its_changes_carry_version_and_hash() {
    let mut bench = Bench::new();
    bench.say(LimitsLoaded::KIND, &loaded(3, LimitProfile::Basic, T0 + SECOND_NS));
    let event = ScopeLimitSet {
        value: 5,
        id: 1,
        limit: Limit::WorkingOrdersMax.raw().into(),
        scope: RiskScope::Strategy.raw(),
        reserved: 0,
    };
    bench.say(ScopeLimitSet::KIND, &event.encode());
    assert_eq!(bench.out.0.last(), Some(&LimitChanged::KIND));
    let buy = bench.buy(1);
    bench.pass(buy);
    assert_eq!((bench.gate.in_force().version, bench.gate.in_force().hash), (3, 99));
}

#[test]
fn pt_29_breach_an_order_without_its_flags_is_refused() {
    let mut bench = Bench::new();
    bench.limit(Limit::FlagsRequired, RiskScope::Firm, 0, 0b1_1111);
    let mut unknown = Bench::new();
    unknown.limit(Limit::FlagsRequired, RiskScope::Firm, 0, 0b1_1111);
    let anonymous = Proposal { client_id: 0, ..bench.buy(1) };
    assert_eq!(bench.refused(anonymous), (RejectReason::FlagsMissing, 16, 31));
    let unbooked = Proposal { strategy: 2, ..unknown.buy(1) };
    let event = StrategyBooked {
        generation: 0,
        strategy_id: 2,
        account_id: 2,
        owner_id: 1,
        algo_id: 0,
        trader_id: 0,
        reserved: 0,
    };
    unknown.say(StrategyBooked::KIND, &event.encode());
    assert_eq!(unknown.refused(unbooked), (RejectReason::FlagsMissing, 14, 31));
}

#[test]
fn pt_29_pass_an_order_with_all_of_them() {
    let mut bench = Bench::new();
    bench.limit(Limit::FlagsRequired, RiskScope::Firm, 0, 0b1_1111);
    let buy = bench.buy(1);
    bench.pass(buy);
}

#[test]
fn pt_30_breach_an_order_on_old_input_is_refused() {
    let mut bench = Bench::new();
    bench.limit(Limit::InputAgeUsMax, RiskScope::Firm, 0, 5_000);
    bench.now = T0 + 5_001_000;
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy), (RejectReason::InputAge, 5_001, 5_000));
    bench.market.input_ns = 0;
    let buy = bench.buy(1);
    assert_eq!(bench.refused(buy).0, RejectReason::InputAge, "nobody says: it fails closed");
}

#[test]
fn pt_30_pass_fresh_input_and_what_reduces() {
    let mut bench = Bench::new();
    bench.limit(Limit::InputAgeUsMax, RiskScope::Firm, 0, 5_000);
    bench.now = T0 + 5_000_000;
    let buy = bench.buy(5);
    bench.pass(buy);
    bench.fill(&buy, 999, 5);
    bench.now += SECOND_NS;
    let sell = Proposal { side: Side::Sell, ..bench.sell(5) };
    bench.pass(sell);
}
