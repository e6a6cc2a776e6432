// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Breakers on market data, the clock and delays.

use onetape_core::events::{
    Breaker, BreakerAction, BreakerSet, ClockMeasured, FeedDelayed, FeedState, RejectReason,
    RiskScope, TradingState,
};

use super::{FIRM, MS, STRATEGY, assert_replays, moves, pass, refused, rig_with, set, state};
use crate::kill::Rig;

const VENUE: (RiskScope, u32) = (RiskScope::Venue, 1);

fn clock(rig: &mut Rig, ahead_us: i64, unsure_us: i64, is_synchronised: u32) {
    let (offset_ns, uncertainty_ns) = (ahead_us * 1_000, unsure_us * 1_000);
    let event = ClockMeasured { offset_ns, uncertainty_ns, is_synchronised, reserved: 0 };
    rig.say(ClockMeasured::KIND, &event.encode());
}

#[test]
fn ks_10_breach_a_hole_that_stays_open_reduces_the_venue_and_cancels_what_rests_there() {
    let mut rig = rig_with(set(Breaker::MarketData, 50, BreakerAction::Reduce));
    rig.enter(1, 1);
    rig.carry_all();
    rig.tick();
    rig.feed(FeedState::Gap);
    rig.tick();
    pass(&mut rig, 40 * MS);
    assert_eq!((moves(&rig, Breaker::MarketData).len(), rig.exchange_orders()), (1, 1));
    pass(&mut rig, 10 * MS);
    let ladder = [BreakerAction::Warn, BreakerAction::Reduce];
    assert_eq!(moves(&rig, Breaker::MarketData), ladder);
    assert_eq!(state(&rig, VENUE), TradingState::Reducing);
    rig.carry_all();
    assert_eq!((rig.node.live_orders(1), rig.exchange_orders()), (0, 0));
    // Whole again: it goes on by itself after a window of calm.
    rig.feed(FeedState::Live);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::Breaker));
    pass(&mut rig, 900 * MS);
    assert_eq!(state(&rig, VENUE), TradingState::Reducing);
    pass(&mut rig, 200 * MS);
    assert_eq!(state(&rig, VENUE), TradingState::Active);
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 1);
    assert_replays(&rig);
}

#[test]
fn ks_10_pass_a_hole_that_is_filled_in_time_and_a_feed_that_never_came_or_ended() {
    let mut rig = rig_with(set(Breaker::MarketData, 50, BreakerAction::Reduce));
    rig.enter(1, 1);
    rig.carry_all();
    rig.tick();
    for _ in 0..5 {
        rig.feed(FeedState::Gap);
        rig.tick();
        pass(&mut rig, 20 * MS);
        rig.feed(FeedState::Live);
        pass(&mut rig, 20 * MS);
    }
    rig.feed(FeedState::Ended);
    pass(&mut rig, 5_000 * MS);
    assert!(moves(&rig, Breaker::MarketData).is_empty());
    assert_eq!(
        (rig.exchange_orders(), state(&rig, (RiskScope::Venue, 2))),
        (1, TradingState::Active)
    );
}

#[test]
fn ks_10_breach_a_book_that_stays_crossed_reduces_its_instrument_alone() {
    let mut rig = rig_with(set(Breaker::MarketData, 50, BreakerAction::Reduce));
    rig.enter(1, 1);
    rig.enter(1, 2);
    rig.carry_all();
    rig.cross(1);
    // The rule of market data allows a second; the breaker counts from where it began.
    pass(&mut rig, 1_100 * MS);
    assert_eq!(state(&rig, (RiskScope::Instrument, 1)), TradingState::Reducing);
    assert_eq!(state(&rig, VENUE), TradingState::Active);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 1, "that of the other instrument");
    assert_replays(&rig);
}

#[test]
fn ks_11_breach_a_clock_that_may_be_off_reduces_the_firm_until_it_is_right_again() {
    let event = BreakerSet { warn_percent: 50, ..set(Breaker::Clock, 100, BreakerAction::Reduce) };
    let mut rig = rig_with(event);
    clock(&mut rig, -40, 5, 1);
    assert!(moves(&rig, Breaker::Clock).is_empty(), "ks_11_pass");
    clock(&mut rig, -40, 15, 1);
    assert_eq!(moves(&rig, Breaker::Clock), [BreakerAction::Warn]);
    clock(&mut rig, 70, 30, 1);
    assert_eq!(state(&rig, FIRM), TradingState::Reducing);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::Breaker));
    for _ in 0..12 {
        clock(&mut rig, 1, 1, 1);
        pass(&mut rig, 100 * MS);
    }
    assert_eq!(state(&rig, FIRM), TradingState::Active);
    assert_replays(&rig);
}

#[test]
fn ks_11_breach_a_clock_that_nobody_measures_or_disciplines() {
    let mut silent = rig_with(set(Breaker::Clock, 100, BreakerAction::Reduce));
    silent.tick();
    pass(&mut silent, 900 * MS);
    assert_eq!(state(&silent, FIRM), TradingState::Active);
    pass(&mut silent, 200 * MS);
    assert_eq!(state(&silent, FIRM), TradingState::Reducing);
    let mut free = rig_with(set(Breaker::Clock, 100, BreakerAction::Reduce));
    clock(&mut free, 0, 0, 0);
    assert_eq!(state(&free, FIRM), TradingState::Reducing);
}

#[test]
fn ks_11_pass_what_a_person_reduced_no_breaker_gives_back() {
    let mut rig = rig_with(set(Breaker::Clock, 100, BreakerAction::Reduce));
    clock(&mut rig, 500, 0, 1);
    rig.set(FIRM, TradingState::Reducing);
    for _ in 0..30 {
        clock(&mut rig, 1, 1, 1);
        pass(&mut rig, 100 * MS);
    }
    assert_eq!(state(&rig, FIRM), TradingState::Reducing);
}

fn delayed(rig: &mut Rig, waited_us: i64) {
    let delay_ns = waited_us * 1_000;
    let event = FeedDelayed { delay_ns, feed_id: 1, reserved1: 0, reserved2: 0 };
    rig.say(FeedDelayed::KIND, &event.encode());
}

#[test]
fn ks_12_pass_market_data_that_waits_for_a_short_time() {
    let mut rig = rig_with(set(Breaker::InputAge, 5_000, BreakerAction::Throttle));
    delayed(&mut rig, 3_000);
    delayed(&mut rig, 0);
    assert!(moves(&rig, Breaker::InputAge).is_empty());
}

#[test]
fn ks_12_breach_late_market_data_throttles_everybody_until_it_comes_in_time() {
    let mut rig = rig_with(set(Breaker::InputAge, 5_000, BreakerAction::Throttle));
    delayed(&mut rig, 5_000);
    assert_eq!(moves(&rig, Breaker::InputAge), [BreakerAction::Throttle]);
    rig.enter(1, 1);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::Throttled));
    delayed(&mut rig, 0);
    pass(&mut rig, 2_200 * MS);
    assert_eq!(moves(&rig, Breaker::InputAge).last(), Some(&BreakerAction::Release));
    assert_eq!(state(&rig, STRATEGY), TradingState::Active);
    assert_replays(&rig);
}
