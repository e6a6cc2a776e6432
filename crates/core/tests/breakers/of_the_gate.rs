// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the gate itself finds, and has to come to a halt of a live node: losses, repeated executions.

use onetape_core::events::{
    FeedDelayed, KillDone, Limit, LimitBreached, RejectReason, RiskScope, ScopeLimitSet,
    TradingState,
};

use super::{MS, STRATEGY, assert_replays, refused, state};
use crate::kill::Rig;

fn limit(rig: &mut Rig, limit: Limit, scope: RiskScope, value: i64) {
    let event = ScopeLimitSet {
        value,
        id: 0,
        limit: u16::from(limit.raw()),
        scope: scope.raw(),
        reserved: 0,
    };
    rig.say(ScopeLimitSet::KIND, &event.encode());
}

fn breached(rig: &Rig) -> Option<RejectReason> {
    let event = LimitBreached::decode(&rig.last(LimitBreached::KIND)?)?;
    RejectReason::from_raw(event.reason)
}

/// What is live of the strategy is cancelled, and confirmed.
fn assert_killed(rig: &mut Rig) {
    assert_eq!(state(rig, STRATEGY), TradingState::Halted);
    rig.carry_all();
    assert_eq!((rig.node.live_orders(1), rig.exchange_orders()), (0, 0));
    assert!(KillDone::decode(&rig.last(KillDone::KIND).unwrap()).is_some());
    rig.enter(1, 1);
    assert!(refused(rig).is_some());
    assert_replays(rig);
}

#[test]
fn ks_06_breach_a_loss_halts_its_strategy_and_cancels_its_orders() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::LossMax, RiskScope::Strategy, 2);
    rig.enter(1, 2);
    // One lot at 11, which nobody buys back at more than 9.
    rig.order(1, 1, 110_000, 1);
    rig.carry_all();
    rig.give_prices();
    assert_eq!(breached(&rig), Some(RejectReason::Loss));
    assert_killed(&mut rig);
}

#[test]
fn ks_06_pass_a_smaller_loss() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::LossMax, RiskScope::Strategy, 5);
    rig.order(1, 1, 110_000, 1);
    rig.carry_all();
    rig.give_prices();
    assert_eq!((rig.position(1, 1), breached(&rig)), (1, None));
    assert_eq!(state(&rig, STRATEGY), TradingState::Active);
}

/// The strategy buys one lot after the other.
fn buy(rig: &mut Rig, count: u32) {
    for number in 0..count {
        rig.other_sells(60 + number, 1, 100_000, 1);
        rig.order(1, 1, 100_000, 1);
        rig.carry_all();
        rig.give_prices();
    }
}

#[test]
fn pt_11_breach_executions_in_a_row_halt_their_strategy_and_cancel_its_orders() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::ExecutionsMax, RiskScope::Strategy, 3);
    rig.enter(1, 2);
    buy(&mut rig, 4);
    assert_eq!(breached(&rig), Some(RejectReason::RepeatedExecutions));
    assert_killed(&mut rig);
}

#[test]
fn pt_11_pass_as_many_as_allowed() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::ExecutionsMax, RiskScope::Strategy, 3);
    buy(&mut rig, 3);
    assert_eq!((rig.position(1, 1), breached(&rig)), (3, None));
}

#[test]
fn pt_09_breach_live_a_reference_as_old_as_the_last_word_of_its_market() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::ReferenceAgeMsMax, RiskScope::Instrument, 500);
    rig.other_sells(50, 1, 120_000, 1);
    rig.wait(501 * MS);
    rig.other_sells(51, 2, 120_000, 1); // Another instrument's market is none of it.
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::ReferenceStale));
    rig.enter(1, 2);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 1);
    assert_replays(&rig);
}

#[test]
fn pt_09_pass_live_a_market_that_spoke_in_time() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::ReferenceAgeMsMax, RiskScope::Instrument, 500);
    rig.other_sells(50, 1, 120_000, 1);
    rig.wait(499 * MS);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), None);
}

/// Messages of the feed wait so long before they are taken in.
fn delayed(rig: &mut Rig, delay_ns: i64) {
    let event = FeedDelayed { delay_ns, feed_id: 1, reserved1: 0, reserved2: 0 };
    rig.say(FeedDelayed::KIND, &event.encode());
}

#[test]
fn pt_30_breach_live_an_order_on_market_data_that_waited() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::InputAgeUsMax, RiskScope::Firm, 5_000);
    delayed(&mut rig, 6 * MS);
    rig.other_sells(50, 1, 120_000, 1);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::InputAge));
    assert_replays(&rig);
}

#[test]
fn pt_30_pass_live_market_data_that_came_at_once_and_breach_when_long_ago() {
    let mut rig = Rig::new();
    limit(&mut rig, Limit::InputAgeUsMax, RiskScope::Firm, 5_000);
    delayed(&mut rig, 6 * MS);
    delayed(&mut rig, 0);
    rig.other_sells(50, 1, 120_000, 1);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), None);
    rig.carry_all();
    rig.wait(6 * MS);
    rig.enter(1, 1);
    assert_eq!(refused(&rig), Some(RejectReason::InputAge), "nothing came since");
}
