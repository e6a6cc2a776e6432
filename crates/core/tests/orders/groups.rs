// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Groups: one cancels the other, one triggers the other, brackets, and stops that are kept here.

use onetape_core::events::{
    CancelReason, GroupKind, LegChanged, LegState, OrderRejected, RejectReason, Side,
};
use onetape_core::risk::Refusal;
use onetape_core::trading::{Desk, VenueCommand};

use crate::asks::{Asks, group_of, limit, stop};
use crate::node::{CONFIG, INSTRUMENT, Node, STRATEGY, market};
use crate::venue::{Asked, Report, Venue};

impl Node {
    /// A strategy asks for a group; gives its number.
    pub(crate) fn group(&mut self, kind: GroupKind, legs: &[Asks]) -> u64 {
        let id = self.last_client + 1;
        self.last_client = id + legs.len() as u64;
        self.desk.submit_group(
            &group_of((STRATEGY, INSTRUMENT), id, kind, legs),
            [100; 3],
            1,
            &mut self.out,
        );
        id
    }

    /// What groups need now goes to the venue.
    pub(crate) fn work(&mut self, venue: &mut Venue, refusal: Option<Refusal>) {
        while let Some(due) = self.desk.next_due(1, &mut self.out) {
            let command = self.desk.carry_out(&due, refusal, &market(), 0, 1, &mut self.out);
            venue.inbox.extend(command.map(Asked::Command));
        }
    }

    /// Everything arrives everywhere.
    pub(crate) fn carry(&mut self, venue: &mut Venue) {
        loop {
            self.work(venue, None);
            while !venue.inbox.is_empty() {
                venue.work(false);
            }
            if venue.outbox.is_empty() {
                return;
            }
            while let Some(report) = venue.outbox.pop_front() {
                let asked = self.hear(report);
                venue.inbox.extend(asked);
            }
        }
    }

    pub(crate) fn told(&self, leg: u64) -> LegChanged {
        let all = self.out.0.iter().rev().filter(|(kind, _)| *kind == LegChanged::KIND);
        let mut all = all.map(|(_, body)| LegChanged::decode(body).unwrap());
        all.find(|event| event.client_id == leg).expect("every leg is told of")
    }

    fn state(&self, leg: u64) -> LegState {
        LegState::from_raw(self.told(leg).state).unwrap()
    }

    fn refused(&self) -> u16 {
        let mut all = self.out.0.iter().rev().filter(|(kind, _)| *kind == OrderRejected::KIND);
        OrderRejected::decode(&all.next().unwrap().1).unwrap().reason
    }
}

/// Open lots at the venue, by client id.
fn open(venue: &Venue) -> Vec<(u64, u64)> {
    venue.live().into_iter().map(|client| (client, venue.orders[&client].leaves)).collect()
}

fn bracket(node: &mut Node, venue: &mut Venue) -> u64 {
    let legs = [limit(Side::Buy, 10, 100), limit(Side::Sell, 10, 110), stop(Side::Sell, 10, 90)];
    let id = node.group(GroupKind::Bracket, &legs);
    node.carry(venue);
    id
}

#[test]
fn a_brackets_children_follow_what_its_entry_trades() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let id = bracket(&mut node, &mut venue);
    assert_eq!(open(&venue), [(id + 1, 10)], "only the entry leaves");
    assert_eq!(node.state(id + 2), LegState::Waiting);
    venue.fill(id + 1, 4);
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 1, 6), (id + 2, 4)]);
    assert_eq!((node.state(id + 2), node.state(id + 3)), (LegState::Working, LegState::Watching));
    assert_eq!(node.told(id + 3).qty_lots, 4);
    venue.fill(id + 1, 6);
    node.carry(&mut venue);
    let profit = node.told(id + 2);
    assert_eq!(open(&venue), [(profit.order_client_id, 10)], "grown in one order");
    assert_ne!(profit.order_client_id, id + 2, "by a replacement");
    assert_eq!(node.state(id + 1), LegState::Filled);
    venue.fill(profit.order_client_id, 7);
    node.carry(&mut venue);
    assert_eq!(node.told(id + 3).qty_lots, 3, "the stop keeps what the profit left");
    venue.fill(profit.order_client_id, 3);
    node.carry(&mut venue);
    assert_eq!((node.state(id + 2), node.state(id + 3)), (LegState::Filled, LegState::Canceled));
    assert!(node.desk.groups(STRATEGY).next().unwrap().is_over());
    assert_eq!((venue.bought, venue.sold, venue.live().len()), (10, 10, 0));
}

#[test]
fn a_triggered_stop_leaves_when_the_profit_is_gone_from_the_venue() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let id = bracket(&mut node, &mut venue);
    venue.fill(id + 1, 6);
    node.carry(&mut venue);
    node.desk.on_trade(INSTRUMENT, 91);
    assert!(!node.desk.has_due(), "above it");
    node.desk.on_trade(INSTRUMENT, 90);
    node.work(&mut venue, None);
    let cancels = venue.inbox.iter().filter(|asked| {
        matches!(asked, Asked::Command(VenueCommand::Cancel { reason: CancelReason::User, .. }))
    });
    assert_eq!(cancels.count(), 2, "the profit and the rest of the entry, and nothing else yet");
    assert_eq!(venue.inbox.len(), 2);
    // Both trade once more before they are gone.
    venue.fill(id + 2, 2);
    venue.fill(id + 1, 1);
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 3, 5)], "what is held: 7 bought, 2 sold");
    venue.fill(id + 3, 5);
    node.carry(&mut venue);
    assert_eq!((venue.bought, venue.sold), (7, 7));
    assert_eq!(node.state(id + 3), LegState::Filled);
    assert_eq!(node.told(id + 3).over_lots, 0);
}

#[test]
fn one_cancels_the_other_and_a_race_is_told() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let legs = [limit(Side::Buy, 10, 95), limit(Side::Sell, 10, 105)];
    let id = node.group(GroupKind::OneCancelsOther, &legs);
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 1, 10), (id + 2, 10)]);
    venue.fill(id + 1, 3);
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 1, 7), (id + 2, 7)]);
    // Both are filled before either is told.
    venue.fill(id + 1, 7);
    venue.fill(id + 2, 4);
    node.carry(&mut venue);
    assert_eq!(open(&venue), []);
    assert_eq!(node.told(id + 1).over_lots, 4, "accounted for, and not hidden");
    assert_eq!((venue.bought, venue.sold), (10, 4));
    assert_eq!(node.state(id + 2), LegState::Canceled);
    assert_eq!(node.told(id + 2).executed_lots, 4);
    assert_eq!(node.desk.next_alarm(), None, "no rule was broken");
}

#[test]
fn one_triggers_the_other_by_what_it_trades() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let legs = [limit(Side::Buy, 10, 95), limit(Side::Sell, 6, 105)];
    let id = node.group(GroupKind::OneTriggersOther, &legs);
    node.carry(&mut venue);
    venue.fill(id + 1, 2);
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 1, 8), (id + 2, 2)]);
    let cancel = node.cancel(id + 1, 0);
    assert_eq!(cancel, None, "it leaves with what else its group needs");
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 2, 2)], "the first was cancelled; the other keeps its part");
    assert_eq!(node.state(id + 1), LegState::Canceled);
    node.cancel(id, 0);
    node.carry(&mut venue);
    assert_eq!((open(&venue), node.state(id + 2)), (vec![], LegState::Canceled));
    node.cancel(id, 0);
    assert_eq!(node.refused(), RejectReason::OrderUnknown.raw(), "it is over");
}

#[test]
fn a_trailing_stop_follows_the_best_trade_and_no_other() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let trailing = Asks { trail: 5, ..stop(Side::Sell, 3, 0) };
    let id = node.group(GroupKind::Alone, &[trailing]);
    node.carry(&mut venue);
    assert_eq!(node.told(id + 1).stop_price_ticks, 95, "from the last trade");
    for price in [98, 104, 100] {
        node.desk.on_trade(INSTRUMENT, price);
        node.carry(&mut venue);
        assert_eq!(open(&venue), []);
    }
    // Moved by hand; it still follows.
    assert_eq!(node.replace(id + 1, 101, 3), None);
    node.carry(&mut venue);
    assert_eq!(node.told(id + 1).stop_price_ticks, 101);
    assert_eq!(node.replace(id + 1, 99, 2), None);
    assert_eq!(node.refused(), RejectReason::GroupSized.raw());
    node.desk.on_trade(INSTRUMENT, 102);
    node.carry(&mut venue);
    assert_eq!(open(&venue), []);
    node.desk.on_trade(INSTRUMENT, 101);
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 1, 3)]);
    assert_eq!(node.told(id + 1).is_triggered, 1);
}

#[test]
fn what_the_venue_or_the_gate_refuses_ends_a_leg_and_never_orphans_one() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let id = bracket(&mut node, &mut venue);
    venue.fill(id + 1, 10);
    // The profit is refused by the venue: the stop stays, the strategy is told.
    while let Some(report) = venue.outbox.pop_front() {
        node.hear(report);
    }
    node.work(&mut venue, None);
    venue.work(true);
    node.carry(&mut venue);
    assert_eq!((node.state(id + 2), node.state(id + 3)), (LegState::Rejected, LegState::Watching));
    // An entry that is refused takes its group with it.
    let legs = [limit(Side::Buy, 1 << 21, 100), limit(Side::Sell, 1 << 21, 110)];
    let id = node.group(GroupKind::OneTriggersOther, &legs);
    node.carry(&mut venue);
    assert_eq!(node.refused(), RejectReason::OrderQty.raw());
    assert_eq!((node.state(id + 1), node.state(id + 2)), (LegState::Rejected, LegState::Canceled));
    // A venue's own cancel is not undone.
    let legs = [limit(Side::Buy, 5, 95), limit(Side::Sell, 5, 105)];
    let id = node.group(GroupKind::OneCancelsOther, &legs);
    node.carry(&mut venue);
    venue.cancel(id + 1, 5);
    node.carry(&mut venue);
    assert_eq!((node.state(id + 1), open(&venue)), (LegState::Canceled, vec![(id + 2, 5)]));
    assert_eq!(node.cancel(id + 2, 3), None);
    assert_eq!(node.refused(), RejectReason::GroupSized.raw(), "its group sizes it");
}

#[test]
fn a_refused_replacement_leaves_the_leg_with_an_order() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let id = bracket(&mut node, &mut venue);
    venue.fill(id + 1, 4);
    node.carry(&mut venue);
    venue.fill(id + 1, 4);
    while let Some(report) = venue.outbox.pop_front() {
        node.hear(report);
    }
    node.work(&mut venue, None);
    let Some(Asked::Command(VenueCommand::Replace { client_id, .. })) = venue.inbox.pop_front()
    else {
        panic!("the profit grows by a replacement");
    };
    node.hear(Report::ReplaceRejected(client_id));
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 1, 2), (id + 2, 4)], "the old order lives on");
    venue.fill(id + 1, 2);
    node.carry(&mut venue);
    let order = node.told(id + 2).order_client_id;
    assert_eq!(open(&venue), [(order, 10)], "asked again when more traded");
}

#[test]
fn a_leg_waits_for_a_venue_that_is_not_there() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let down = Refusal { reason: RejectReason::VenueDown, value: 1, bound: 0 };
    let id = node
        .group(GroupKind::OneCancelsOther, &[limit(Side::Sell, 5, 105), stop(Side::Sell, 5, 90)]);
    node.work(&mut venue, Some(down));
    assert_eq!((open(&venue), node.state(id + 1)), (vec![], LegState::Waiting));
    node.carry(&mut venue);
    assert_eq!(open(&venue), [], "nobody said that it is back");
    node.desk.try_stalled();
    node.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 1, 5)]);
}

#[test]
fn what_does_not_make_a_group_is_refused_whole() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let (buy, sell) = (limit(Side::Buy, 5, 95), limit(Side::Sell, 5, 105));
    let trailing_limit = Asks { trail: 3, ..stop(Side::Sell, 5, 90) };
    for (kind, legs) in [
        (GroupKind::Alone, vec![buy]),
        (GroupKind::OneCancelsOther, vec![buy]),
        (GroupKind::OneCancelsOther, vec![buy, limit(Side::Sell, 4, 105)]),
        (GroupKind::OneTriggersOther, vec![buy, limit(Side::Sell, 6, 105)]),
        (GroupKind::OneCancelsOther, vec![sell, Asks { price: 0, ..sell }]),
        (GroupKind::Bracket, vec![buy, sell]),
        (GroupKind::Bracket, vec![buy, sell, Asks { price: 0, ..sell }]),
        (GroupKind::Bracket, vec![buy, sell, limit(Side::Sell, 0, 90)]),
        (GroupKind::Alone, vec![Asks { price: 89, ..trailing_limit }]),
    ] {
        node.group(kind, &legs);
        assert_eq!(node.refused(), RejectReason::GroupInvalid.raw());
        node.carry(&mut venue);
        assert_eq!(open(&venue), []);
    }
    assert_eq!(node.desk.groups(STRATEGY).count(), 0);
    node.desk.set_running(STRATEGY, false);
    node.group(GroupKind::OneCancelsOther, &[buy, sell]);
    assert_eq!(node.refused(), RejectReason::StrategyHalted.raw());
}

#[test]
fn groups_come_back_from_a_snapshot_and_go_on() {
    let (mut node, mut venue) = (Node::new(), Venue::default());
    let id = bracket(&mut node, &mut venue);
    venue.fill(id + 1, 6);
    node.carry(&mut venue);
    let mut bytes = Vec::new();
    node.desk.save(&mut bytes);
    let mut again = Node { desk: Desk::new(CONFIG), ..Node::new() };
    again.desk.restore(&mut bytes.as_slice()).unwrap();
    assert!(again.desk.groups(STRATEGY).eq(node.desk.groups(STRATEGY)));
    again.desk.on_trade(INSTRUMENT, 90);
    assert!(again.desk.has_due(), "its stop still watches");
    again.carry(&mut venue);
    assert_eq!(open(&venue), [(id + 3, 6)]);
}
