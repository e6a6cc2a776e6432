// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Signed sets of limits in a live node, what is used of limits, and the full profile.

use onetape_core::events::{
    AccessSet, InstrumentAdmitted, Limit, LimitChanged, LimitProfile, LimitsTaken, RejectReason,
    RiskScope, ScopeLimitSet, StrategyBooked, TradingState,
};
use onetape_core::risk::{LimitView, Scope};

use super::{FIRM, assert_replays, refused, state};
use crate::kill::Rig;

/// The body of a set's entry.
fn set(version: u64, profile: LimitProfile, limits: &[(Limit, RiskScope, u32, i64)]) -> Vec<u8> {
    let event = LimitsTaken {
        version,
        hash: version * 1_000,
        valid_from_ns: 0,
        valid_to_ns: 0,
        entries: limits.len() as u32,
        file_bytes: 2,
        profile: profile.raw(),
        signers: 2,
        reserved1: 0,
        reserved2: 0,
    };
    let mut body = event.encode().to_vec();
    for &(limit, scope, id, value) in limits {
        let (limit, scope) = (u16::from(limit.raw()), scope.raw());
        body.extend(ScopeLimitSet { value, id, limit, scope, reserved: 0 }.encode());
    }
    body.extend(b"{}ann");
    body
}

fn view(rig: &Rig, limit: Limit, scope: Scope) -> Option<LimitView> {
    let found: Vec<LimitView> = rig.node.limits_at(scope).filter(|v| v.limit == limit).collect();
    found.first().copied()
}

#[test]
fn pt_28_pass_live_a_signed_set_comes_into_force_by_one_entry_and_the_next_replaces_it() {
    let mut rig = Rig::new();
    let qty = (Limit::OrderQtyMax, RiskScope::Instrument, 1, 5);
    let gross = (Limit::GrossExposureMax, RiskScope::Firm, 0, 1_000_000);
    rig.say(LimitsTaken::KIND, &set(3, LimitProfile::Basic, &[qty, gross]));
    assert_eq!(rig.node.desk().risk().in_force().version, 3);
    rig.enter(1, 1); // Ten lots.
    assert_eq!(refused(&rig), Some(RejectReason::OrderQty));
    let changed = LimitChanged::decode(&rig.last(LimitChanged::KIND).unwrap()).unwrap();
    assert_eq!((changed.version, changed.hash), (3, 3_000));
    let withdrawn = (Limit::OrderQtyMax, RiskScope::Instrument, 1, -1);
    rig.say(LimitsTaken::KIND, &set(4, LimitProfile::Basic, &[withdrawn, gross]));
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 1);
    assert_replays(&rig);
}

#[test]
fn pt_28_breach_live_an_older_set_or_half_of_one_changes_nothing() {
    let mut rig = Rig::new();
    let qty = |value| (Limit::OrderQtyMax, RiskScope::Instrument, 1, value);
    rig.say(LimitsTaken::KIND, &set(3, LimitProfile::Basic, &[qty(500)]));
    rig.say(LimitsTaken::KIND, &set(2, LimitProfile::Basic, &[qty(5)]));
    let whole = set(4, LimitProfile::Basic, &[qty(5)]);
    rig.say(LimitsTaken::KIND, &whole[..LimitsTaken::SIZE + ScopeLimitSet::SIZE - 1]);
    assert_eq!(rig.node.desk().risk().in_force().version, 3);
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!((rig.exchange_orders(), refused(&rig)), (1, None));
    assert_replays(&rig);
}

#[test]
fn pt_28_pass_live_what_is_used_and_what_remains_of_limits() {
    let mut rig = Rig::new();
    let limits = [
        (Limit::PositionMax, RiskScope::Strategy, 1, 100),
        (Limit::WorkingOrdersMax, RiskScope::Strategy, 0, 7),
        (Limit::MessageRateMax, RiskScope::Venue, 1, 50),
        (Limit::GrossExposureMax, RiskScope::Firm, 0, 1_000),
        (Limit::InputAgeUsMax, RiskScope::Firm, 0, 5_000),
    ];
    rig.say(LimitsTaken::KIND, &set(1, LimitProfile::Basic, &limits));
    rig.enter(1, 1);
    rig.enter(1, 2);
    rig.enter(2, 1);
    rig.carry_all();
    let strategy = |id| Scope::new(RiskScope::Strategy, id);
    let used = |limit, scope| view(&rig, limit, scope).map(|v| (v.value, v.used, v.is_own));
    assert_eq!(used(Limit::PositionMax, strategy(1)), Some((100, Some(10), true)));
    assert_eq!(used(Limit::PositionMax, strategy(2)), None);
    assert_eq!(used(Limit::WorkingOrdersMax, strategy(1)), Some((7, Some(2), false)));
    assert_eq!(used(Limit::WorkingOrdersMax, strategy(2)), Some((7, Some(1), false)));
    let venue = Scope::new(RiskScope::Venue, 1);
    assert_eq!(used(Limit::MessageRateMax, venue), Some((50, Some(3), true)));
    // Thirty lots at 9.01 dollars, rounded up.
    assert_eq!(used(Limit::GrossExposureMax, Scope::FIRM), Some((1_000, Some(271), true)));
    assert_eq!(used(Limit::InputAgeUsMax, Scope::FIRM), Some((5_000, None, true)));
    assert_eq!(used(Limit::OrderRateMax, Scope::FIRM), Some((100_000, Some(3), true)));
    let each = view(&rig, Limit::PositionMax, Scope::new(RiskScope::Instrument, 1)).unwrap();
    assert_eq!((each.value, each.used, each.is_each), (2_000, Some(10), true));
}

/// Everything that the full profile asks for.
const FULL: [(Limit, RiskScope, u32, i64); 16] = [
    (Limit::OrderQtyMax, RiskScope::Strategy, 0, 100),
    (Limit::PositionMax, RiskScope::Strategy, 0, 1_000),
    (Limit::MessageRateMax, RiskScope::Strategy, 0, 100),
    (Limit::WorkingOrdersMax, RiskScope::Strategy, 0, 100),
    (Limit::LossMax, RiskScope::Strategy, 0, 1_000),
    (Limit::InstrumentsMax, RiskScope::Strategy, 0, 3),
    (Limit::VenuesMax, RiskScope::Strategy, 0, 2),
    (Limit::DayOrdersMax, RiskScope::Strategy, 0, 1_000),
    (Limit::ReferenceAgeMsMax, RiskScope::Instrument, 0, 5_000),
    (Limit::MessageRateMax, RiskScope::Venue, 0, 100),
    (Limit::PositionMax, RiskScope::Account, 0, 1_000),
    (Limit::OrderValueMax, RiskScope::Account, 0, 10_000),
    (Limit::GrossExposureMax, RiskScope::Account, 0, 100_000),
    (Limit::GrossExposureMax, RiskScope::Firm, 0, 100_000),
    (Limit::LossMax, RiskScope::Firm, 0, 1_000),
    (Limit::InputAgeUsMax, RiskScope::Firm, 0, 5_000_000),
];

fn book(rig: &mut Rig) {
    for instrument_id in 1..=3 {
        let admitted = InstrumentAdmitted {
            ticklot_e12: 100_000_000,
            qty_min_lots: 1,
            qty_max_lots: 1_000_000,
            qty_step_lots: 1,
            price_min_ticks: 0,
            price_max_ticks: 1_000_000_000,
            instrument_id,
            product_id: instrument_id,
            venue_id: 1,
            order_types: u16::MAX,
            times_in_force: u16::MAX,
        };
        rig.say(InstrumentAdmitted::KIND, &admitted.encode());
    }
    for strategy_id in 1..=2 {
        let booked = StrategyBooked {
            generation: 7,
            strategy_id,
            account_id: 1,
            owner_id: 1,
            algo_id: 1,
            trader_id: 1,
            reserved: 0,
        };
        rig.say(StrategyBooked::KIND, &booked.encode());
    }
    let right = AccessSet { strategy_id: 1, instrument_id: 0, venue_id: 1, sides: 3 };
    rig.say(AccessSet::KIND, &right.encode());
}

#[test]
fn pt_28_pass_live_the_full_profile_trades_once_everything_is_said_and_a_person_resumes() {
    let mut rig = Rig::new();
    book(&mut rig);
    rig.enter(1, 1);
    rig.carry_all();
    rig.say(LimitsTaken::KIND, &set(1, LimitProfile::Full, &FULL));
    assert_eq!(state(&rig, FIRM), TradingState::Halted);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 0, "halted at start, with what rested before");
    rig.set(FIRM, TradingState::Active);
    rig.carry_all();
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 1);
    rig.enter(2, 1);
    assert_eq!(refused(&rig), Some(RejectReason::AccessDenied));
    assert_replays(&rig);
}

#[test]
fn pt_28_breach_live_the_full_profile_refuses_what_was_not_said() {
    for missing in 0..FULL.len() {
        let mut rig = Rig::new();
        book(&mut rig);
        let mut limits = FULL.to_vec();
        let (limit, ..) = limits.remove(missing);
        rig.say(LimitsTaken::KIND, &set(1, LimitProfile::Full, &limits));
        rig.set(FIRM, TradingState::Active);
        rig.enter(1, 1);
        assert_eq!(refused(&rig), Some(RejectReason::LimitMissing), "{limit:?}");
    }
    let mut unsaid = Rig::new();
    unsaid.say(LimitsTaken::KIND, &set(1, LimitProfile::Full, &FULL));
    unsaid.set(FIRM, TradingState::Active);
    unsaid.enter(1, 1);
    assert!(refused(&unsaid).is_some());
}
