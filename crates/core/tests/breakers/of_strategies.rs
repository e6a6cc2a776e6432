// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Breakers on what a strategy does, and their ladder.

use onetape_core::events::{
    Breaker, BreakerAction, BreakerSet, CancelOrder, OrderCanceled, RejectReason, RiskScope,
    TradingState,
};

use super::{FIRM, MS, STRATEGY, assert_replays, moves, pass, refused, rig_with, set, state};
use crate::kill::Rig;

/// An order that the gate refuses for what it is: too large.
fn refuse_one(rig: &mut Rig) {
    rig.order(1, 1, 90_100, 5_000);
}

/// Every order lands.
fn land(rig: &mut Rig, orders: u32) {
    for _ in 0..orders {
        rig.enter(1, 1);
        rig.carry_all();
    }
}

#[test]
fn ks_07_breach_a_strategy_whose_orders_are_refused_is_halted_and_its_orders_cancelled() {
    let event = BreakerSet { least: 10, ..set(Breaker::RejectRate, 20, BreakerAction::Halt) };
    let mut rig = rig_with(event);
    land(&mut rig, 8);
    refuse_one(&mut rig);
    assert!(moves(&rig, Breaker::RejectRate).is_empty(), "too few to judge");
    refuse_one(&mut rig);
    assert_eq!(moves(&rig, Breaker::RejectRate), [BreakerAction::Halt]);
    assert_eq!(state(&rig, STRATEGY), TradingState::Halted);
    rig.carry_all();
    assert_eq!((rig.node.live_orders(1), rig.exchange_orders()), (0, 0));
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::Breaker));
    rig.enter(2, 1);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), 1, "the other strategy goes on");
    pass(&mut rig, 5_000 * MS);
    assert_eq!(state(&rig, STRATEGY), TradingState::Halted, "only a person resumes");
    rig.set(STRATEGY, TradingState::Active);
    land(&mut rig, 1);
    assert_eq!(rig.node.live_orders(1), 2, "what was before is forgotten");
    assert_replays(&rig);
}

#[test]
fn ks_07_pass_a_few_refused_orders_and_any_for_the_surroundings() {
    let event = BreakerSet { least: 10, ..set(Breaker::RejectRate, 20, BreakerAction::Halt) };
    let mut rig = rig_with(event);
    land(&mut rig, 19);
    refuse_one(&mut rig);
    pass(&mut rig, 1_100 * MS);
    rig.set((RiskScope::Venue, 1), TradingState::Halted);
    rig.carry_all();
    for _ in 0..50 {
        rig.enter(1, 1); // The venue is stopped: that is none of the strategy's faults.
    }
    assert_eq!(state(&rig, STRATEGY), TradingState::Active);
    assert!(moves(&rig, Breaker::RejectRate).is_empty());
    assert_replays(&rig);
}

#[test]
fn ks_07_pass_what_is_reduced_is_not_halted_for_being_refused() {
    let mut rig = rig_with(set(Breaker::RejectRun, 5, BreakerAction::Halt));
    rig.set(STRATEGY, TradingState::Reducing);
    for _ in 0..20 {
        rig.enter(1, 1);
    }
    assert_eq!(state(&rig, STRATEGY), TradingState::Reducing);
    assert!(moves(&rig, Breaker::RejectRun).is_empty());
}

#[test]
fn ks_07_breach_the_same_reason_again_and_again() {
    let mut rig = rig_with(set(Breaker::RejectRun, 20, BreakerAction::Halt));
    for _ in 0..19 {
        refuse_one(&mut rig);
        rig.wait(200 * MS); // However slowly: past every pause.
    }
    let ladder = [BreakerAction::Warn, BreakerAction::Throttle];
    assert_eq!(moves(&rig, Breaker::RejectRun), ladder);
    refuse_one(&mut rig);
    assert_eq!(moves(&rig, Breaker::RejectRun).last(), Some(&BreakerAction::Halt));
    assert_eq!(state(&rig, STRATEGY), TradingState::Halted);
}

#[test]
fn ks_07_pass_an_order_that_is_taken_ends_the_row() {
    let mut rig = rig_with(set(Breaker::RejectRun, 5, BreakerAction::Halt));
    for _ in 0..10 {
        for _ in 0..3 {
            refuse_one(&mut rig);
        }
        land(&mut rig, 1);
    }
    assert!(moves(&rig, Breaker::RejectRun).is_empty());
}

#[test]
fn ks_05_breach_too_many_messages_are_warned_of_then_throttled_then_halted() {
    let mut rig = rig_with(set(Breaker::MessageRate, 20, BreakerAction::Halt));
    land(&mut rig, 13);
    assert!(moves(&rig, Breaker::MessageRate).is_empty());
    land(&mut rig, 4);
    let ladder = [BreakerAction::Warn, BreakerAction::Throttle];
    assert_eq!(moves(&rig, Breaker::MessageRate), ladder);
    let live = rig.node.live_orders(1);
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), live + 1, "the first one after it");
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::Throttled));
    rig.enter(2, 1);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), live + 2, "the other strategy has no pause");
    rig.wait(100 * MS);
    land(&mut rig, 1);
    assert_eq!(rig.node.live_orders(1), live + 3, "the pause is over");
    // Cancels leave at once, and count.
    let cancel = CancelOrder { client_id: 1, qty_lots: 0, strategy_id: 1, instrument_id: 1 };
    rig.say(CancelOrder::KIND, &cancel.encode());
    rig.carry_all();
    assert!(rig.last(OrderCanceled::KIND).is_some());
    assert_eq!(moves(&rig, Breaker::MessageRate).last(), Some(&BreakerAction::Halt));
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 1, "the other strategy's");
    assert_replays(&rig);
}

#[test]
fn ks_08_pass_a_throttle_ends_when_it_has_been_calm_for_a_window() {
    let mut rig = rig_with(set(Breaker::MessageRate, 20, BreakerAction::Halt));
    land(&mut rig, 17);
    rig.enter(1, 1);
    rig.carry_all();
    pass(&mut rig, 1_900 * MS);
    assert_eq!(moves(&rig, Breaker::MessageRate).len(), 2);
    pass(&mut rig, 300 * MS);
    assert_eq!(moves(&rig, Breaker::MessageRate).last(), Some(&BreakerAction::Release));
    land(&mut rig, 5);
    assert_eq!(rig.node.live_orders(1), 23);
    assert_eq!(state(&rig, STRATEGY), TradingState::Active);
    assert_replays(&rig);
}

#[test]
fn ks_05_pass_a_quote_that_is_throttled_waits_and_only_the_last_one_counts() {
    let mut rig = rig_with(set(Breaker::MessageRate, 20, BreakerAction::Halt));
    land(&mut rig, 17);
    rig.enter(1, 1);
    rig.quote(1, 2, 90_200);
    rig.quote(1, 2, 90_300);
    rig.carry_all();
    let live = rig.node.live_orders(1);
    pass(&mut rig, 90 * MS);
    assert_eq!(rig.node.live_orders(1), live);
    pass(&mut rig, 20 * MS);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), live + 1);
    let orders = rig.node.desk().orders(1).unwrap();
    assert!(orders.live().any(|order| order.instrument == 2 && order.price == 90_300));
    assert_replays(&rig);
}

#[test]
fn ks_08_breach_a_burst_by_the_strategys_own_measure() {
    let event = BreakerSet { least: 20, ..set(Breaker::MessageBurst, 8, BreakerAction::Halt) };
    let mut rig = rig_with(event);
    for _ in 0..25 {
        land(&mut rig, 1);
        rig.wait(1_000 * MS);
    }
    assert!(moves(&rig, Breaker::MessageBurst).is_empty(), "ks_08_pass: as always");
    land(&mut rig, 12);
    assert_eq!(moves(&rig, Breaker::MessageBurst).last(), Some(&BreakerAction::Halt));
    assert_eq!(state(&rig, STRATEGY), TradingState::Halted);
    assert_replays(&rig);
}

#[test]
fn ks_08_pass_a_burst_of_a_strategy_that_nothing_is_known_of() {
    let event = BreakerSet { least: 20, ..set(Breaker::MessageBurst, 8, BreakerAction::Halt) };
    let mut rig = rig_with(event);
    land(&mut rig, 30);
    assert!(moves(&rig, Breaker::MessageBurst).is_empty());
}

/// Somebody offers, and the strategy takes so many lots.
fn take(rig: &mut Rig, number: u32, lots: u32) {
    rig.other_sells(number, 1, 100_000, lots);
    rig.order(1, 1, 100_000, u64::from(lots));
    rig.carry_all();
    rig.give_prices();
}

#[test]
fn ks_09_breach_a_position_that_jumps_reduces_its_strategy_until_a_person_resumes() {
    // The limit is 2,000 lots.
    let mut rig = rig_with(set(Breaker::PositionJump, 50, BreakerAction::Reduce));
    take(&mut rig, 50, 500);
    take(&mut rig, 51, 499);
    assert_eq!(state(&rig, STRATEGY), TradingState::Active);
    take(&mut rig, 52, 1);
    assert_eq!(rig.position(1, 1), 1_000);
    assert_eq!(moves(&rig, Breaker::PositionJump).last(), Some(&BreakerAction::Reduce));
    assert_eq!(state(&rig, STRATEGY), TradingState::Reducing);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::Breaker));
    pass(&mut rig, 3_000 * MS);
    assert_eq!(state(&rig, STRATEGY), TradingState::Reducing);
    rig.set(STRATEGY, TradingState::Active);
    rig.enter(1, 1);
    rig.carry_all();
    assert_eq!(rig.node.live_orders(1), 1);
    assert_replays(&rig);
}

#[test]
fn ks_09_pass_a_position_that_grows_slowly() {
    let mut rig = rig_with(set(Breaker::PositionJump, 50, BreakerAction::Reduce));
    for number in 50..58 {
        take(&mut rig, number, 249);
        rig.wait(600 * MS);
    }
    assert_eq!(rig.position(1, 1), 8 * 249);
    assert_eq!(state(&rig, STRATEGY), TradingState::Active);
}

#[test]
fn ks_13_breach_fills_worse_than_the_middle_at_their_arrival() {
    // 90,000 is bid and 110,000 asked: an order that takes pays a tenth, 1,000 basis points.
    let mut rig = rig_with(set(Breaker::Slippage, 900, BreakerAction::Halt));
    rig.order(1, 1, 110_000, 1);
    rig.carry_all();
    assert_eq!(rig.position(1, 1), 1);
    assert_eq!(moves(&rig, Breaker::Slippage), [BreakerAction::Halt]);
    assert_eq!(state(&rig, STRATEGY), TradingState::Halted);
    assert_replays(&rig);
}

#[test]
fn ks_13_pass_fills_within_the_bound() {
    let mut rig = rig_with(set(Breaker::Slippage, 1_500, BreakerAction::Halt));
    rig.order(1, 1, 110_000, 1);
    rig.carry_all();
    assert_eq!(rig.position(1, 1), 1);
    assert!(moves(&rig, Breaker::Slippage).is_empty());
}

#[test]
fn ks_05_pass_a_breaker_that_is_taken_away_lets_go_of_what_throttles_and_not_of_what_halts() {
    let mut rig = rig_with(set(Breaker::MessageRate, 20, BreakerAction::Halt));
    land(&mut rig, 17);
    let off = BreakerSet { bound: 0, ..set(Breaker::MessageRate, 0, BreakerAction::Halt) };
    rig.say(BreakerSet::KIND, &off.encode());
    land(&mut rig, 40);
    assert_eq!(rig.node.live_orders(1), 57);
    rig.say(BreakerSet::KIND, &set(Breaker::MessageRate, 20, BreakerAction::Halt).encode());
    rig.enter(1, 1);
    assert_eq!(state(&rig, STRATEGY), TradingState::Halted);
    rig.say(BreakerSet::KIND, &off.encode());
    assert_eq!(state(&rig, STRATEGY), TradingState::Halted);
    assert_eq!(state(&rig, FIRM), TradingState::Active);
    assert_replays(&rig);
}
