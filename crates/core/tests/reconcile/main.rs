// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! PO-01 on the exchange of this repository, in memory: its drop copy against what the node booked.
//! Each kind of difference is found and acted on; without one nothing is said but that all agrees.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[expect(dead_code, reason = "the rig of the exchange's own tests has more than is needed here")]
#[path = "../exchange/mod.rs"]
mod exchange;
#[expect(dead_code, reason = "the rig of kills has more than is needed here")]
#[path = "../kill/mod.rs"]
mod kill;

use std::fmt::Write;

use exchange::{Market, SYMBOLS, enter, port};
use kill::{Rig, SECOND_NS};
use onetape_core::component::{Component, Snapshot, sources};
use onetape_core::events::{
    Difference, DifferenceChanged, DifferenceStep, OrderFilled, OrderFormat, OrderRejected,
    PortDefined, PortKind, ReconciliationSet, RejectReason, RiskScope, TradingState, VenueLink,
    VenueLinkChanged, VenueMessageReceived,
};
use onetape_core::risk::Scope;
use onetape_core::wire::fix::Message;

const COPY_PORT: u32 = 4;

/// A world with a drop copy: what it was sent, and how far the node has heard it.
struct World {
    rig: Rig,
    copied: usize,
}

/// The exchange, with a drop copy for the firm of our port.
fn market() -> Market {
    let mut market = Market::open();
    let (kind, format) = (PortKind::DropCopy.raw(), OrderFormat::Fix44.raw());
    let copy = PortDefined { kind, format, ..port(COPY_PORT, 1) };
    market.input(PortDefined::KIND, &[&copy.encode()[..], b"COPY"].concat());
    market
}

impl World {
    fn new() -> Self {
        let mut world = Self { rig: Rig::on(market()), copied: 0 };
        let rules = ReconciliationSet {
            warn_ns: 5 * SECOND_NS,
            reduce_ns: 30 * SECOND_NS,
            sweep_ns: 60 * SECOND_NS,
            venue_id: 1,
            has_drop_copy: 1,
            reserved: [0; 3],
        };
        world.rig.input(ReconciliationSet::KIND, sources::CONFIG, &rules.encode());
        world.link(true, sources::DROP_COPY + 1);
        world
    }

    fn link(&mut self, is_up: bool, source: u32) {
        let (venue_id, link, is_up) = (1, VenueLink::DropCopy.raw(), u8::from(is_up));
        let (next_message, session, reserved) = (0, [0; 16], 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.rig.input(VenueLinkChanged::KIND, source, &event.encode());
    }

    /// What the drop copy was sent, and the node has not heard.
    fn copies(&mut self) -> Vec<Vec<u8>> {
        let stream = self.rig.market.tape.ports.get(&COPY_PORT).cloned().unwrap_or_default();
        let news = stream[self.copied.min(stream.len())..].to_vec();
        self.copied = stream.len();
        news
    }

    fn hear_copy(&mut self, message: &[u8]) {
        let format = u16::from(OrderFormat::Fix44.raw());
        let head = VenueMessageReceived { venue_id: 1, format, reserved: 0 };
        let body = [&head.encode()[..], message].concat();
        self.rig.input(VenueMessageReceived::KIND, sources::DROP_COPY + 1, &body);
    }

    fn hear_copies(&mut self) {
        for message in self.copies() {
            self.hear_copy(&message);
        }
    }

    fn wait(&mut self, ns: i64) {
        self.rig.wait(ns);
        self.rig.tick();
    }

    /// Somebody else sells to us.
    fn sell(&mut self, number: u32, qty: u32) {
        self.rig.other_sells(number, 1, 90_100, qty);
    }

    fn changes(&self) -> Vec<(Difference, DifferenceStep)> {
        let all = self.rig.outputs.iter().filter(|(kind, _)| *kind == DifferenceChanged::KIND);
        all.map(|(_, body)| {
            let event = DifferenceChanged::decode(body).unwrap();
            let what = Difference::from_raw(event.what).unwrap();
            (what, DifferenceStep::from_raw(event.step).unwrap())
        })
        .collect()
    }

    fn last(&self) -> DifferenceChanged {
        DifferenceChanged::decode(&self.rig.last(DifferenceChanged::KIND).unwrap()).unwrap()
    }

    fn state(&self, scope: RiskScope, id: u32) -> TradingState {
        self.rig.node.desk().risk().state(Scope::new(scope, id))
    }

    /// What the account of the first strategy may do.
    fn account(&self) -> TradingState {
        self.state(RiskScope::Account, self.rig.node.desk().risk().account_of(1))
    }

    fn is_unrestricted(&self) -> bool {
        self.state(RiskScope::Firm, 0) == TradingState::Active
            && self.account() == TradingState::Active
            && self.state(RiskScope::Venue, 1) == TradingState::Active
    }

    fn assert_replays(&self) {
        let (again, outputs) = self.rig.replay();
        assert_eq!(again.state_hash(), self.rig.node.state_hash());
        assert_eq!(outputs, self.rig.outputs);
        let (mut bytes, mut again) = (Vec::new(), Vec::new());
        self.rig.node.save(&mut bytes);
        let mut restored = kill::node();
        restored.restore(&mut bytes.as_slice()).unwrap();
        assert_eq!(restored.state_hash(), self.rig.node.state_hash(), "from a snapshot");
        restored.save(&mut again);
        assert_eq!(again, bytes);
    }
}

/// A message with one field's value changed.
fn changed(message: &[u8], tag: u32, value: &str) -> Vec<u8> {
    let parsed = Message::parse(message).unwrap();
    let mut body = format!("35={}\u{1}", String::from_utf8_lossy(parsed.msg_type()));
    for field in parsed.fields().map_while(Result::ok) {
        let text = String::from_utf8_lossy(field.value);
        let text = if field.tag == tag { value } else { &text };
        write!(body, "{}={text}\u{1}", field.tag).unwrap();
    }
    let mut out = format!("8=FIX.4.4\u{1}9={}\u{1}{body}", body.len());
    let sum: u32 = out.bytes().map(u32::from).sum();
    write!(out, "10={:03}\u{1}", sum % 256).unwrap();
    out.into_bytes()
}

/// A message as it comes when it is asked for again.
fn again(message: &[u8]) -> Vec<u8> {
    changed(message, 34, &{
        let number = Message::parse(message).unwrap().find(34).unwrap();
        format!("{}\u{1}43=Y", String::from_utf8_lossy(number))
    })
}

#[test]
fn po_01_pass_both_accounts_agree_and_nothing_is_said_but_that() {
    for copy_first in [false, true] {
        let mut world = World::new();
        world.rig.enter(1, 1);
        world.rig.enter(2, 2);
        world.rig.carry_all();
        world.hear_copies();
        world.sell(21, 4);
        world.sell(22, 3);
        if copy_first {
            world.hear_copies();
            world.wait(SECOND_NS);
            world.rig.carry_all();
        } else {
            world.rig.carry_all();
            world.wait(SECOND_NS);
            world.hear_copies();
        }
        for _ in 0..90 {
            world.wait(SECOND_NS);
        }
        let compared = (Difference::Totals, DifferenceStep::Compared);
        assert_eq!(world.changes(), [compared], "copy first: {copy_first}");
        let last = world.last();
        assert_eq!((last.ours, last.theirs, last.count_here, last.count_there), (7, 7, 2, 2));
        assert!(world.is_unrestricted());
        assert_eq!(world.rig.position(1, 1), 7);
        world.assert_replays();
    }
}

#[test]
fn po_01_breach_what_the_drop_copy_never_tells_reduces_the_account() {
    let mut world = World::new();
    world.rig.enter(1, 1);
    world.rig.carry_all();
    world.hear_copies();
    world.sell(21, 4);
    world.rig.carry_all();
    world.wait(5 * SECOND_NS - 1_000_000);
    assert_eq!(world.changes(), []);
    world.wait(SECOND_NS);
    let warned = (Difference::MissingThere, DifferenceStep::Warned);
    assert_eq!(world.changes()[0], warned);
    assert!(world.is_unrestricted());
    world.wait(25 * SECOND_NS);
    let reduced = (Difference::MissingThere, DifferenceStep::Reduced);
    assert!(world.changes().contains(&reduced));
    assert_eq!(world.account(), TradingState::Reducing);
    // It comes at last: both agree, and a person loosens what was tightened.
    world.hear_copies();
    assert!(world.changes().contains(&(Difference::Qty, DifferenceStep::Resolved)));
    assert_eq!(world.account(), TradingState::Reducing);
    world.assert_replays();
}

#[test]
fn po_01_breach_what_no_order_of_ours_explains_halts_at_once() {
    let mut world = World::new();
    world.rig.enter(1, 1);
    world.rig.carry_all();
    world.hear_copies();
    // Somebody trades on another port of the firm.
    let order = enter(1, b'B', 5, SYMBOLS[1], 110_000, [b'0', b'Y'], &[]);
    world.rig.market.send(2, &order);
    world.hear_copies();
    let halted = (Difference::MissingHere, DifferenceStep::Halted);
    assert_eq!(world.changes().first(), Some(&halted));
    assert_eq!(world.state(RiskScope::Firm, 0), TradingState::Halted);
    world.rig.carry_all();
    assert_eq!(world.rig.exchange_orders(), 0, "what was open is cancelled");
    world.assert_replays();
}

#[test]
fn po_01_breach_what_order_entry_never_tells_halts_its_account() {
    let mut world = World::new();
    world.rig.enter(1, 1);
    world.rig.carry_all();
    world.hear_copies();
    world.sell(21, 4);
    world.hear_copies();
    assert_eq!(world.changes(), [], "it may be on its way");
    // Order entry is connected and has told everything: after a while there is no excuse.
    world.wait(6 * SECOND_NS);
    let halted = (Difference::MissingHere, DifferenceStep::Halted);
    assert!(world.changes().contains(&halted), "{:?}", world.changes());
    assert_eq!(world.last().strategy_id, 1);
    assert_eq!(world.account(), TradingState::Halted);
}

#[test]
fn po_01_pass_without_order_entry_an_execution_may_be_late() {
    let mut world = World::new();
    world.rig.enter(1, 1);
    world.rig.carry_all();
    world.hear_copies();
    world.rig.connect(false);
    world.sell(21, 4);
    world.hear_copies();
    world.wait(6 * SECOND_NS);
    let warned = (Difference::MissingHere, DifferenceStep::Warned);
    assert!(world.changes().contains(&warned), "{:?}", world.changes());
    assert!(world.is_unrestricted());
    world.rig.connect(true);
    world.rig.carry_all();
    assert!(world.changes().iter().any(|(_, step)| *step == DifferenceStep::Resolved));
    assert!(world.is_unrestricted());
}

#[test]
fn po_01_breach_a_price_or_a_quantity_that_differs_reduces_later() {
    for (tag, value, what) in [(31, "9.02", Difference::Price), (32, "3", Difference::Qty)] {
        let mut world = World::new();
        world.rig.enter(1, 1);
        world.rig.carry_all();
        world.hear_copies();
        world.sell(21, 4);
        world.rig.carry_all();
        for message in world.copies() {
            world.hear_copy(&changed(&message, tag, value));
        }
        assert_eq!(world.changes(), [(what, DifferenceStep::Warned)], "{tag}");
        world.wait(29 * SECOND_NS);
        assert!(world.is_unrestricted());
        world.wait(2 * SECOND_NS);
        assert!(world.changes().contains(&(what, DifferenceStep::Reduced)));
        assert_eq!(world.account(), TradingState::Reducing);
        world.assert_replays();
    }
}

#[test]
fn po_01_breach_what_is_left_of_an_order_is_compared_too() {
    let mut world = World::new();
    world.rig.enter(1, 1);
    world.rig.carry_all();
    // The drop copy never tells of the order.
    world.copies();
    for _ in 0..8 {
        world.wait(SECOND_NS);
    }
    assert_eq!(world.changes(), [(Difference::State, DifferenceStep::Warned)]);
    assert_eq!((world.last().ours, world.last().theirs), (10, 0));
    for _ in 0..26 {
        world.wait(SECOND_NS);
    }
    assert!(world.changes().contains(&(Difference::State, DifferenceStep::Reduced)));
    assert_eq!(world.account(), TradingState::Reducing);
}

#[test]
fn po_01_pass_a_message_told_twice_counts_once() {
    let mut world = World::new();
    world.rig.enter(1, 1);
    world.rig.carry_all();
    world.sell(21, 10);
    world.rig.carry_all();
    let copies = world.copies();
    for message in &copies {
        world.hear_copy(message);
    }
    for message in &copies {
        world.hear_copy(&again(message));
    }
    let view = world.rig.node.reconciliation(1).unwrap();
    assert_eq!((view.count_here, view.count_there, view.executions_open), (1, 1, 0));
    assert_eq!(view.orders_differing, 0, "the order is no more, whatever was said before");
    assert_eq!((world.changes(), world.is_unrestricted()), (vec![], true));
}

#[test]
fn po_01_breach_no_order_leaves_before_the_drop_copy_was_heard() {
    let mut world = World::new();
    // The node starts again: it says so itself.
    world.link(false, sources::CONFIG);
    world.rig.enter(1, 1);
    let refused = OrderRejected::decode(&world.rig.last(OrderRejected::KIND).unwrap()).unwrap();
    assert_eq!(refused.reason, RejectReason::NotReconciled.raw());
    world.link(true, sources::DROP_COPY + 1);
    world.rig.enter(1, 1);
    world.rig.carry_all();
    assert_eq!(world.rig.exchange_orders(), 1);
    // One that goes while the node runs is a matter of age.
    world.link(false, sources::DROP_COPY + 1);
    world.rig.enter(1, 1);
    world.rig.carry_all();
    assert_eq!(world.rig.exchange_orders(), 2);
    assert!(world.rig.last(OrderFilled::KIND).is_none());
}
