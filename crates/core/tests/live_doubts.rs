// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a live node does when it does not know: connections lost, answers late, fills of nobody.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[expect(dead_code, reason = "the rig of the exchange's own tests has more than is needed here")]
mod exchange;
#[expect(dead_code, reason = "the rig has more than is needed here")]
mod kill;

use kill::{Rig, SECOND_NS};
use onetape_core::events::{
    FillUnexpected, OrderRejected, OrderState, OrderStateChanged, OrderUnknown, PortDefined,
    RejectReason, ReplaceOrder, RiskScope, Side, StateReason, TradingState, TradingStateChanged,
    UnexpectedFill,
};
use onetape_core::risk::Scope;
use onetape_core::trading::OrderKey;

const fn key(client_id: u64) -> OrderKey {
    OrderKey { strategy: 1, instrument: 1, client_id, order_id: 0 }
}

fn state(rig: &Rig, client_id: u64) -> Option<OrderState> {
    rig.node.desk().order_state(key(client_id))
}

/// Lots that the gate holds reserved for the first strategy's bids.
fn reserved(rig: &Rig) -> u64 {
    rig.node.desk().risk().open(1, 1, Side::Buy)
}

fn last_change(rig: &Rig) -> (Option<OrderState>, Option<StateReason>) {
    let event = OrderStateChanged::decode(&rig.last(OrderStateChanged::KIND).unwrap()).unwrap();
    (OrderState::from_raw(event.state), StateReason::from_raw(event.reason))
}

/// An Order Executed of OUCH 5.0.
fn executed(number: u32, qty: u32, match_number: u64) -> Vec<u8> {
    let mut out = vec![b'E'];
    out.extend_from_slice(&1_u64.to_be_bytes());
    out.extend_from_slice(&number.to_be_bytes());
    out.extend_from_slice(&qty.to_be_bytes());
    out.extend_from_slice(&90_100_u64.to_be_bytes());
    out.push(b'A');
    out.extend_from_slice(&match_number.to_be_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

#[test]
fn what_lives_where_the_connection_went_is_unknown_until_it_was_asked_for() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.enter(1, 1);
    rig.sent.clear();
    rig.connect(false);
    assert_eq!(
        (state(&rig, 1), state(&rig, 2)),
        (Some(OrderState::Unknown), Some(OrderState::Unknown))
    );
    assert_eq!(last_change(&rig), (Some(OrderState::Unknown), Some(StateReason::LinkDown)));
    assert_eq!(reserved(&rig), 20, "reserved while it is not known");
    rig.enter(1, 1);
    let refused = OrderRejected::decode(&rig.last(OrderRejected::KIND).unwrap()).unwrap();
    assert_eq!(refused.reason, RejectReason::VenueDown.raw());
    rig.connect(true);
    assert_eq!((state(&rig, 1), reserved(&rig)), (Some(OrderState::Unknown), 20), "not asked yet");
    rig.carry_all();
    assert_eq!(state(&rig, 1), Some(OrderState::Working));
    assert_eq!(last_change(&rig), (Some(OrderState::Working), Some(StateReason::ToldOpen)));
    assert_eq!(state(&rig, 2), Some(OrderState::Rejected), "it never arrived");
    assert_eq!((reserved(&rig), rig.exchange_orders()), (10, 1));
}

#[test]
fn an_engine_that_was_not_there_to_see_the_connection_go_asks_all_the_same() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.sent.clear();
    rig.connect(true); // It starts again: nobody said that the connection went.
    assert_eq!(state(&rig, 1), Some(OrderState::Unknown));
    rig.carry_all();
    assert_eq!((state(&rig, 1), reserved(&rig)), (Some(OrderState::Rejected), 0));
}

#[test]
fn what_is_not_answered_in_time_is_unknown_and_the_venue_is_asked() {
    let mut rig = Rig::new();
    rig.tick();
    rig.enter(1, 1);
    let from = rig.outputs.len();
    rig.wait(SECOND_NS - 1);
    rig.tick();
    assert_eq!(state(&rig, 1), Some(OrderState::PendingNew));
    rig.wait(1);
    rig.tick();
    assert_eq!(last_change(&rig), (Some(OrderState::Unknown), Some(StateReason::Timeout)));
    assert_eq!((reserved(&rig), rig.letters_sent(from)), (10, "C".to_owned()));
    rig.wait(SECOND_NS);
    rig.tick();
    assert_eq!(rig.letters_sent(from), "C", "one question at a time");
    // It had arrived after all: its answer comes before that of the question.
    rig.carry_all();
    assert_eq!((state(&rig, 1), reserved(&rig)), (Some(OrderState::Working), 10));

    // A cancel that the venue does not answer: it is asked, and the cancel goes again.
    rig.cancel(1, 1, 1);
    rig.sent.clear();
    let from = rig.outputs.len();
    rig.wait(SECOND_NS);
    rig.tick();
    assert_eq!((state(&rig, 1), reserved(&rig)), (Some(OrderState::Unknown), 10));
    rig.carry_all();
    assert_eq!(rig.letters_sent(from), "CX");
    assert_eq!((state(&rig, 1), reserved(&rig)), (Some(OrderState::Canceled), 0));
    assert_eq!(rig.exchange_orders(), 0);

    // One that the venue never had.
    rig.enter(1, 1);
    rig.sent.clear();
    rig.wait(SECOND_NS);
    rig.tick();
    assert_eq!((state(&rig, 2), reserved(&rig)), (Some(OrderState::Unknown), 10));
    rig.carry_all();
    assert_eq!((state(&rig, 2), reserved(&rig)), (Some(OrderState::Rejected), 0));
    assert!(!rig.node.desk().has_alarms());
    assert!(rig.last(TradingStateChanged::KIND).is_none(), "no answer is no contradiction");
}

#[test]
fn a_fill_of_no_order_is_kept_and_halts_everything() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.hear(&executed(4_711, 3, 99));
    let said = FillUnexpected::decode(&rig.last(FillUnexpected::KIND).unwrap()).unwrap();
    assert_eq!((said.qty_lots, said.match_id, said.strategy_id), (3, 99, 0));
    assert_eq!(said.what, UnexpectedFill::OrderUnknown.raw());
    assert_eq!(rig.node.desk().risk().state(Scope::FIRM), TradingState::Halted);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 0, "orders of whoever is halted are cancelled");
}

#[test]
fn a_fill_of_a_dead_order_counts_and_halts_its_account() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.cancel(1, 1, 1);
    rig.carry_all();
    assert_eq!(state(&rig, 1), Some(OrderState::Canceled));
    rig.hear(&executed(1, 3, 99));
    let said = FillUnexpected::decode(&rig.last(FillUnexpected::KIND).unwrap()).unwrap();
    assert_eq!(said.what, UnexpectedFill::AfterDeath.raw());
    assert_eq!(rig.position(1, 1), 3);
    let account = Scope::new(RiskScope::Account, rig.node.desk().risk().account_of(1));
    assert_eq!(rig.node.desk().risk().state(account), TradingState::Halted);
    rig.hear(&executed(1, 3, 99));
    assert_eq!(rig.position(1, 1), 3, "counted once");
}

#[test]
fn an_order_that_nobody_sent_halts_everything() {
    let mut rig = Rig::new();
    let accepted = |message: &&Vec<u8>| message[0] == b'A';
    let mut stranger = rig.market.tape.ports[&3].iter().find(accepted).unwrap().clone();
    stranger[9..13].copy_from_slice(&4_711_u32.to_be_bytes());
    rig.hear(&stranger);
    assert!(OrderUnknown::decode(&rig.last(OrderUnknown::KIND).unwrap()).is_some());
    assert_eq!(rig.node.desk().risk().state(Scope::FIRM), TradingState::Halted);
}

/// Has the exchange take no order of ours above this size.
fn shrink(rig: &mut Rig, order_qty_max: u64) {
    let event = PortDefined { order_qty_max, ..exchange::port(1, 1) };
    rig.market.input(PortDefined::KIND, &event.encode());
}

fn last_refusal(rig: &Rig) -> (u64, u16) {
    let event = OrderRejected::decode(&rig.last(OrderRejected::KIND).unwrap()).unwrap();
    (event.client_id, event.command)
}

#[test]
fn an_order_lives_on_when_its_venue_refuses_to_replace_it() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    shrink(&mut rig, 50);
    rig.replace(1, 1, (1, 2), (90_200, 60));
    assert_eq!((state(&rig, 1), reserved(&rig)), (Some(OrderState::PendingReplace), 60));
    rig.carry_all();
    assert_eq!(last_refusal(&rig), (2, ReplaceOrder::KIND));
    assert_eq!(
        (state(&rig, 1), state(&rig, 2)),
        (Some(OrderState::Working), Some(OrderState::Rejected))
    );
    assert_eq!((reserved(&rig), rig.exchange_orders(), rig.node.live_orders(1)), (10, 1, 1));
    // It can be replaced again, by what the venue takes.
    rig.replace(1, 1, (1, 3), (90_200, 20));
    rig.carry_all();
    assert_eq!(
        (state(&rig, 1), state(&rig, 3)),
        (Some(OrderState::Replaced), Some(OrderState::Working))
    );
    assert_eq!((reserved(&rig), rig.exchange_orders(), rig.node.live_orders(1)), (20, 1, 1));
}

/// OUCH 5.0: a replacement with invalid details cancels its original; the venue says so.
#[test]
fn an_order_dies_when_its_replacement_makes_no_sense_to_its_venue() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.replace(1, 1, (1, 2), (90_250, 10)); // Off the exchange's ticks.
    rig.carry_all();
    assert_eq!(state(&rig, 1), Some(OrderState::Canceled));
    assert_eq!(state(&rig, 2), Some(OrderState::Rejected));
    assert_eq!((reserved(&rig), rig.exchange_orders(), rig.node.live_orders(1)), (0, 0, 0));
}

#[test]
fn a_replacement_that_races_a_fill_is_buried_with_its_original() {
    let mut rig = Rig::new();
    rig.enter(1, 1);
    rig.carry_all();
    rig.other_sells(50, 1, 90_000, 11); // One lot meets the better bid of another.
    rig.replace(1, 1, (1, 2), (90_200, 60));
    assert_eq!(reserved(&rig), 60);
    rig.carry_all();
    assert_eq!((state(&rig, 1), rig.position(1, 1)), (Some(OrderState::Filled), 10));
    assert_eq!(state(&rig, 2), Some(OrderState::Rejected), "no venue says so");
    assert_eq!(last_refusal(&rig), (2, ReplaceOrder::KIND));
    assert_eq!((reserved(&rig), rig.exchange_orders(), rig.node.live_orders(1)), (0, 0, 0));
}

#[test]
fn a_quote_goes_when_its_venue_refuses_to_move_it() {
    let mut rig = Rig::new();
    rig.bid(1, 1, 90_100, 10);
    rig.carry_all();
    assert_eq!(rig.exchange_orders(), 1);
    shrink(&mut rig, 50);
    rig.bid(1, 1, 90_200, 60);
    rig.carry_all();
    assert_eq!(
        (rig.exchange_orders(), rig.node.live_orders(1)),
        (0, 0),
        "none rather than a stale one"
    );
    assert_eq!(reserved(&rig), 0);
}
