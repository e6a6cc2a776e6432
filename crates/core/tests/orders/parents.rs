// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Parents: their children never trade more than they may, whatever is asked.

use onetape_core::events::{
    CloseParent, OpenParent, OrderRejected, OrderType, ParentChanged, ParentState, RejectReason,
    Side, StpMode, SubmitOrder, TimeInForce,
};
use onetape_core::trading::{Desk, VenueCommand};

use crate::node::{CONFIG, INSTRUMENT, Node, STRATEGY, entered, market};
use crate::venue::Report;

fn open(node: &mut Node, qty: u64, children_max: u32) -> u64 {
    node.last_client += 1;
    let parent = OpenParent {
        parent_id: node.last_client,
        qty_lots: qty,
        strategy_id: STRATEGY,
        instrument_id: INSTRUMENT,
        children_max,
        side: Side::Buy.raw(),
        reserved: [0; 3],
    };
    node.desk.open_parent(&parent, 1, &mut node.out);
    node.last_client
}

fn child(node: &mut Node, parent_id: u64, qty: u64) -> Option<VenueCommand> {
    node.last_client += 1;
    let order = SubmitOrder {
        client_id: node.last_client,
        price_ticks: 100,
        qty_lots: qty,
        display_lots: 0,
        min_qty_lots: 0,
        stop_price_ticks: 0,
        peg_offset_ticks: 0,
        expire_ts_ns: 0,
        parent_id,
        after_id: 0,
        group_id: 0,
        strategy_id: STRATEGY,
        instrument_id: INSTRUMENT,
        side: Side::Buy.raw(),
        order_type: OrderType::Limit.raw(),
        time_in_force: TimeInForce::Day.raw(),
        stp_mode: StpMode::Off.raw(),
        flags: 0,
        reserved: [0; 3],
    };
    node.desk.submit_order(&order, &market(), 0, 1, &mut node.out)
}

fn refused(node: &Node) -> u16 {
    let (kind, body) = node.out.0.last().unwrap();
    assert_eq!(*kind, OrderRejected::KIND);
    OrderRejected::decode(body).unwrap().reason
}

fn told(node: &Node) -> ParentChanged {
    let mut all = node.out.0.iter().rev().filter(|(kind, _)| *kind == ParentChanged::KIND);
    ParentChanged::decode(&all.next().unwrap().1).unwrap()
}

#[test]
fn children_never_have_more_open_and_traded_than_their_parent() {
    let mut node = Node::new();
    let parent = open(&mut node, 10, 10);
    let first = entered(child(&mut node, parent, 6));
    assert_eq!(child(&mut node, parent, 5), None);
    assert_eq!(refused(&node), RejectReason::ParentQty.raw());
    node.hear(Report::Accepted(first));
    let client = first.client_id;
    // A replacement counts by what is more than before: two of the other four.
    assert!(node.replace(client, 99, 8).is_some());
    assert_eq!(child(&mut node, parent, 3), None);
    let new = node.last_client - 1;
    node.hear(Report::Replaced { old: client, new, price: 99, leaves: 8 });
    node.hear(Report::Filled { client: new, exec: 1, price: 99, qty: 8 });
    let now = told(&node);
    assert_eq!((now.executed_lots, now.open_lots, now.state), (8, 0, ParentState::Working.raw()));
    let last = entered(child(&mut node, parent, 2));
    node.hear(Report::Accepted(last));
    node.hear(Report::Filled { client: last.client_id, exec: 2, price: 100, qty: 2 });
    assert_eq!(told(&node).state, ParentState::Filled.raw());
    assert_eq!(node.desk.next_alarm(), None);
    assert_eq!(child(&mut node, parent, 1), None, "an orphan");
    assert_eq!(refused(&node), RejectReason::ParentUnknown.raw());
    assert!(node.desk.next_alarm().is_some(), "its strategy is to be halted");
}

#[test]
fn an_overfilled_parent_is_broken_and_flagged() {
    let mut node = Node::new();
    let parent = open(&mut node, 5, 10);
    let order = entered(child(&mut node, parent, 5));
    node.hear(Report::Accepted(order));
    node.hear(Report::Filled { client: order.client_id, exec: 1, price: 100, qty: 7 });
    let now = told(&node);
    assert_eq!((now.executed_lots, now.state), (7, ParentState::Broken.raw()));
    assert!(node.desk.next_alarm().is_some());
}

#[test]
fn a_closed_parent_and_one_with_all_its_children_take_no_more() {
    let mut node = Node::new();
    let parent = open(&mut node, 5, 1);
    assert!(child(&mut node, parent, 1).is_some());
    assert_eq!(child(&mut node, parent, 1), None);
    assert_eq!(refused(&node), RejectReason::ParentChildren.raw());
    let close = CloseParent { parent_id: parent, strategy_id: STRATEGY, reserved: 0 };
    node.desk.close_parent(&close, 1, &mut node.out);
    assert_eq!(told(&node).state, ParentState::Closed.raw());
    node.desk.close_parent(&close, 1, &mut node.out);
    assert_eq!(refused(&node), RejectReason::ParentUnknown.raw(), "once");
}

#[test]
fn parents_come_back_from_a_snapshot() {
    let mut node = Node::new();
    let parent = open(&mut node, 5, 9);
    child(&mut node, parent, 2);
    let mut bytes = Vec::new();
    node.desk.save(&mut bytes);
    let mut desk = Desk::new(CONFIG);
    desk.restore(&mut bytes.as_slice()).unwrap();
    assert_eq!(desk.parent(STRATEGY, parent), node.desk.parent(STRATEGY, parent));
    assert_eq!(desk.parent(STRATEGY, parent).unwrap().children, 1);
}
