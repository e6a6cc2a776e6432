// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What venues do to order management, one case each.

use onetape_core::events::{
    FillUnexpected, Liquidity, OrderCanceled, OrderFilled, OrderRejected, OrderState,
    OrderStateChanged, OrderUnknown, PositionChanged, RejectReason, ReportKind, Side, StateReason,
    UnexpectedFill,
};
use onetape_core::trading::{FeeInKind, OrderKey, VenueCommand, VenueFill, VenueStatus};

use crate::node::{INSTRUMENT, Node, STRATEGY, entered, key};
use crate::venue::Report;

/// A node with one buy order of ten that the venue took: its client id is 1.
fn working() -> Node {
    let mut node = Node::new();
    let order = entered(node.enter(Side::Buy, 100, 10));
    node.hear(Report::Accepted(order));
    assert_eq!(state(&node, 1), Some(OrderState::Working));
    node
}

fn state(node: &Node, client: u64) -> Option<OrderState> {
    node.desk.order_state(key(client))
}

fn fill(client: u64, exec: u64, qty: u64) -> Report {
    Report::Filled { client, exec, price: 100, qty }
}

fn held(node: &Node) -> i64 {
    node.desk.portfolio().position(STRATEGY, INSTRUMENT).lots
}

fn last_change(node: &Node) -> OrderStateChanged {
    let bodies = node.out.0.iter().rev();
    let mut changes = bodies.filter(|(kind, _)| *kind == OrderStateChanged::KIND);
    OrderStateChanged::decode(&changes.next().unwrap().1).unwrap()
}

fn last_unexpected(node: &Node) -> FillUnexpected {
    let bodies = node.out.0.iter().rev();
    let mut fills = bodies.filter(|(kind, _)| *kind == FillUnexpected::KIND);
    FillUnexpected::decode(&fills.next().unwrap().1).unwrap()
}

#[test]
fn a_fill_after_the_cancel_counts_and_is_flagged() {
    let mut node = working();
    assert!(matches!(node.cancel(1, 0), Some(VenueCommand::Cancel { .. })));
    assert_eq!(state(&node, 1), Some(OrderState::PendingCancel));
    node.hear(Report::Canceled { client: 1, qty: 10, leaves: 0 });
    assert_eq!(node.desk.next_alarm(), None);
    node.hear(fill(1, 1, 4));
    assert_eq!(held(&node), 4);
    let found = last_unexpected(&node);
    let what = (found.what, found.excess_lots, found.strategy_id);
    assert_eq!(what, (UnexpectedFill::AfterDeath.raw(), 4, STRATEGY));
    assert!(node.desk.next_alarm().is_some());
    assert_eq!(node.out.count(PositionChanged::KIND), 1);
}

#[test]
fn a_fill_while_the_cancel_is_under_way_is_as_it_should_be() {
    let mut node = working();
    node.cancel(1, 0);
    node.hear(fill(1, 1, 4));
    assert_eq!(state(&node, 1), Some(OrderState::PendingCancel));
    node.hear(Report::Canceled { client: 1, qty: 6, leaves: 0 });
    assert_eq!((state(&node, 1), held(&node)), (Some(OrderState::Canceled), 4));
    assert_eq!(node.desk.next_alarm(), None);
}

#[test]
fn a_refused_cancel_gives_the_order_back_and_asks() {
    let mut node = working();
    node.cancel(1, 0);
    assert!(node.hear(Report::CancelRejected(1)).is_some(), "it is asked for");
    assert_eq!(state(&node, 1), Some(OrderState::Working));
    node.hear(fill(1, 1, 10));
    assert!(node.hear(Report::CancelRejected(1)).is_none(), "nothing is left to ask for");
    assert_eq!(node.out.count(OrderRejected::KIND), 2);
    assert_eq!(node.desk.next_alarm(), None);
}

#[test]
fn an_order_cancelled_before_it_was_taken_goes_when_the_venue_refused_it_for_being_early() {
    let mut node = Node::new();
    let order = entered(node.enter(Side::Buy, 100, 10));
    node.cancel(1, 0);
    assert_eq!(state(&node, 1), Some(OrderState::PendingNew));
    node.hear(Report::CancelRejected(1));
    assert!(node.hear(Report::Accepted(order)).is_some(), "the cancel leaves again");
    assert_eq!(state(&node, 1), Some(OrderState::PendingCancel));
}

#[test]
fn a_fill_of_the_old_order_after_its_replacement_left() {
    let mut node = working();
    node.replace(1, 99, 10);
    assert_eq!(state(&node, 1), Some(OrderState::PendingReplace));
    node.hear(fill(1, 1, 3));
    node.hear(Report::Replaced { old: 1, new: 2, price: 99, leaves: 7 });
    assert_eq!(state(&node, 1), Some(OrderState::Replaced));
    let order = *node.desk.orders(STRATEGY).unwrap().get(INSTRUMENT, 2).unwrap();
    assert_eq!((order.leaves, order.executed, order.price), (7, 3, 99));
    assert_eq!(node.exposure(Side::Buy), 10);
    assert_eq!((held(&node), node.desk.next_alarm()), (3, None));
}

#[test]
fn a_fill_that_the_replacement_counted_already_is_told_late() {
    let mut node = working();
    node.replace(1, 99, 10);
    node.hear(Report::Replaced { old: 1, new: 2, price: 99, leaves: 7 });
    node.hear(fill(1, 1, 3));
    assert_eq!((held(&node), node.desk.next_alarm()), (3, None));
    assert_eq!(node.exposure(Side::Buy), 10);
    node.hear(fill(1, 2, 1));
    assert_eq!(held(&node), 4);
    assert_eq!(last_unexpected(&node).what, UnexpectedFill::AfterDeath.raw());
}

#[test]
fn a_replacement_refused_because_the_order_filled() {
    let mut node = working();
    node.replace(1, 99, 20);
    node.hear(fill(1, 1, 10));
    assert_eq!(state(&node, 1), Some(OrderState::Filled));
    assert!(node.hear(Report::ReplaceRejected(2)).is_none());
    assert_eq!(state(&node, 2), Some(OrderState::Rejected));
    assert_eq!((node.exposure(Side::Buy), held(&node)), (10, 10));
    assert_eq!(node.desk.next_alarm(), None);
}

#[test]
fn a_cancel_of_either_cancels_the_chain() {
    for client in [1, 2] {
        let mut node = working();
        node.replace(1, 99, 10);
        let Some(VenueCommand::Cancel { key, .. }) = node.cancel(client, 0) else { panic!() };
        assert_eq!(key.client_id, 2, "the newest is named");
        let again = node.hear(Report::ReplaceRejected(2));
        assert!(again.is_some(), "the old one lives, and is cancelled by its own name");
        assert_eq!(state(&node, 1), Some(OrderState::PendingCancel));
    }
}

#[test]
fn what_waits_for_an_answer_is_not_replaced() {
    let mut node = working();
    node.cancel(1, 0);
    assert_eq!(node.replace(1, 99, 10), None);
    let (_, body) = node.out.0.last().unwrap();
    let rejected = OrderRejected::decode(body).unwrap();
    assert_eq!(rejected.reason, RejectReason::OrderBusy.raw());
}

#[test]
fn an_overfill_counts_whole_and_is_flagged() {
    let mut node = working();
    node.hear(fill(1, 1, 12));
    assert_eq!((held(&node), state(&node, 1)), (12, Some(OrderState::Filled)));
    let found = last_unexpected(&node);
    assert_eq!((found.what, found.excess_lots), (UnexpectedFill::Overfill.raw(), 2));
    assert!(node.desk.next_alarm().is_some());
}

#[test]
fn a_fill_at_a_worse_price_counts_and_is_flagged() {
    let mut node = working();
    node.hear(Report::Filled { client: 1, exec: 1, price: 101, qty: 1 });
    assert_eq!(held(&node), 1);
    assert_eq!(last_unexpected(&node).what, UnexpectedFill::Price.raw());
}

#[test]
fn a_repeated_fill_changes_nothing() {
    let mut node = working();
    node.hear(fill(1, 7, 4));
    node.hear(fill(1, 7, 4));
    assert_eq!((held(&node), node.out.count(OrderFilled::KIND)), (4, 1));
    assert_eq!(last_unexpected(&node).what, UnexpectedFill::Repeated.raw());
    assert_eq!(node.desk.next_alarm(), None, "venues repeat themselves");
}

#[test]
fn a_fill_of_an_order_that_is_not_ours_is_kept_under_nobody() {
    let mut node = working();
    let fill = VenueFill {
        match_id: 5,
        price: 100,
        qty: 3,
        leaves: 0,
        liquidity: Liquidity::Removed,
        fee_e9: None,
    };
    let stray = OrderKey { order_id: 77, ..key(0) };
    node.desk.on_stray_fill(stray, Side::Sell, &fill, 1, &mut node.out);
    node.desk.on_stray_fill(stray, Side::Sell, &fill, 1, &mut node.out);
    assert_eq!(node.desk.portfolio().position(0, INSTRUMENT).lots, -3);
    assert_eq!(held(&node), 0);
    assert!(node.desk.next_alarm().is_some());
}

#[test]
fn silence_is_unknown_and_reserved_until_the_venue_says() {
    let silent = || {
        let mut node = Node::new();
        let order = entered(node.enter(Side::Buy, 100, 10));
        assert!(node.desk.on_timeout(key(1), 1, &mut node.out));
        assert_eq!((state(&node, 1), node.exposure(Side::Buy)), (Some(OrderState::Unknown), 10));
        assert_eq!(last_change(&node).reason, StateReason::Timeout.raw());
        (node, order)
    };
    let (mut node, order) = silent();
    node.hear(Report::Accepted(order));
    assert_eq!(state(&node, 1), Some(OrderState::Working), "a late answer is an answer");
    let (mut node, _) = silent();
    node.hear(Report::Rejected(1));
    assert_eq!((state(&node, 1), node.exposure(Side::Buy)), (Some(OrderState::Rejected), 0));
    let (mut node, _) = silent();
    node.hear(Report::Status(1, VenueStatus::Open { leaves: 10, executed: 0 }));
    assert_eq!(state(&node, 1), Some(OrderState::Working));
    let (mut node, order) = silent();
    node.hear(Report::Status(1, VenueStatus::NotFound));
    assert_eq!((state(&node, 1), node.exposure(Side::Buy)), (Some(OrderState::Rejected), 0));
    assert_eq!(node.desk.next_alarm(), None);
    node.hear(Report::Accepted(order));
    assert_eq!((state(&node, 1), node.exposure(Side::Buy)), (Some(OrderState::Unknown), 10));
    assert!(node.desk.next_alarm().is_some(), "the venue never had it, and now it has");
}

#[test]
fn a_dead_order_with_fills_that_were_not_told_waits_for_them() {
    let mut node = working();
    node.desk.on_link_down(|_| true, 1, &mut node.out);
    node.hear(Report::Status(1, VenueStatus::Gone { executed: 4 }));
    assert_eq!((state(&node, 1), node.exposure(Side::Buy)), (Some(OrderState::Unknown), 4));
    assert_eq!(last_change(&node).reason, StateReason::LinkDown.raw(), "its state is the same");
    node.hear(fill(1, 1, 1));
    node.hear(fill(1, 2, 3));
    assert_eq!((state(&node, 1), held(&node)), (Some(OrderState::Filled), 4));
    assert_eq!((node.exposure(Side::Buy), node.desk.next_alarm()), (4, None));
}

#[test]
fn an_answer_older_than_what_was_told_is_no_answer() {
    let mut node = working();
    node.hear(fill(1, 1, 10));
    node.hear(Report::Status(1, VenueStatus::Open { leaves: 10, executed: 0 }));
    assert_eq!((state(&node, 1), node.desk.next_alarm()), (Some(OrderState::Filled), None));
}

#[test]
fn an_order_that_lives_there_and_is_dead_here_is_taken_up_and_flagged() {
    let mut node = working();
    node.hear(Report::Canceled { client: 1, qty: 10, leaves: 0 });
    node.hear(Report::Status(1, VenueStatus::Open { leaves: 10, executed: 0 }));
    assert_eq!((state(&node, 1), node.exposure(Side::Buy)), (Some(OrderState::Unknown), 10));
    assert_eq!(last_change(&node).is_flagged, 1);
    assert!(node.desk.next_alarm().is_some());
    assert!(node.cancel(1, 0).is_some(), "and can be cancelled");
}

#[test]
fn a_cancel_lost_with_the_connection_leaves_again() {
    let mut node = working();
    node.cancel(1, 0);
    node.desk.on_link_down(|_| true, 1, &mut node.out);
    let again = node.hear(Report::Status(1, VenueStatus::Open { leaves: 10, executed: 0 }));
    assert!(again.is_some());
    assert_eq!(state(&node, 1), Some(OrderState::PendingCancel));
}

#[test]
fn reports_of_orders_that_never_were_are_said_and_flagged() {
    let mut node = working();
    node.hear(Report::Canceled { client: 9, qty: 1, leaves: 0 });
    assert_eq!(node.out.count(OrderUnknown::KIND), 1);
    assert_eq!(node.out.count(OrderCanceled::KIND), 0);
    let (_, body) = node.out.0.last().unwrap();
    assert_eq!(OrderUnknown::decode(body).unwrap().report, ReportKind::Canceled.raw());
    assert!(node.desk.next_alarm().is_some());
    node.hear(Report::Status(9, VenueStatus::NotFound));
    assert_eq!(node.desk.next_alarm(), None, "that is as it should be");
}

#[test]
fn a_fee_in_kind_makes_the_position_smaller_here_and_at_the_gate() {
    let mut node = working();
    node.hear(fill(1, 1, 10));
    let fills = node.out.count(OrderFilled::KIND);
    let fee = FeeInKind { price: 100, qty: 3 };
    node.desk.on_fee_in_kind(STRATEGY, INSTRUMENT, fee, 1, &mut node.out);
    let position = node.desk.portfolio().position(STRATEGY, INSTRUMENT);
    assert_eq!((position.lots, position.fills), (7, 1));
    assert_eq!(node.desk.risk().position(STRATEGY, INSTRUMENT), 7);
    assert_eq!(node.out.count(OrderFilled::KIND), fills);
    let (kind, body) = node.out.0.last().unwrap();
    assert_eq!(*kind, PositionChanged::KIND);
    assert_eq!(PositionChanged::decode(body).unwrap().position_lots, 7);
    let told = node.out.0.len();
    let nothing = FeeInKind { price: 100, qty: 0 };
    node.desk.on_fee_in_kind(STRATEGY, INSTRUMENT, nothing, 1, &mut node.out);
    assert_eq!(node.out.0.len(), told, "less than a lot is not told");
}
