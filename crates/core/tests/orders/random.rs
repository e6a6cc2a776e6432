// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any sequence of sends, answers, timeouts, lost connections and restarts.

use onetape_core::events::Side;
use onetape_core::hash::mix;
use onetape_core::trading::Desk;

use crate::node::{CONFIG, INSTRUMENT, Node, STRATEGY, key};
use crate::venue::{Asked, Venue};

/// Twenty thousand were tried when it was written, and took 16 s.
const SEEDS: u64 = 300;

pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 += 1;
        (mix(self.0) % bound as u64) as usize
    }

    pub(crate) fn pick(&mut self, from: &[u64]) -> Option<u64> {
        (!from.is_empty()).then(|| from[self.below(from.len())])
    }
}

fn live(node: &Node) -> Vec<u64> {
    node.desk.orders(STRATEGY).unwrap().live().map(|order| order.client_id).collect()
}

/// Something the strategy does.
fn ask(node: &mut Node, venue: &mut Venue, draws: &mut Draws) {
    let side = if draws.below(2) == 0 { Side::Buy } else { Side::Sell };
    let (price, qty) = (95 + (draws.below(11) as u64).cast_signed(), 1 + draws.below(20) as u64);
    let own = live(node);
    let one = draws.pick(&own);
    let command = match (draws.below(6), one) {
        (0, Some(client)) => node.cancel(client, 0),
        (1, Some(client)) => node.cancel(client, qty),
        (2 | 3, Some(client)) => node.replace(client, price, qty),
        _ => node.enter(side, price, qty),
    };
    venue.inbox.extend(command.map(Asked::Command));
}

/// The connection goes: what was under way arrived as far as it did, in both directions.
fn disconnect(node: &mut Node, venue: &mut Venue, draws: &mut Draws) {
    let arrived = draws.below(venue.inbox.len() + 1);
    for _ in 0..arrived {
        venue.work(false);
    }
    venue.inbox.clear();
    let heard = draws.below(venue.outbox.len() + 1);
    for report in venue.outbox.drain(..heard).collect::<Vec<_>>() {
        // What would be asked now cannot be.
        node.hear(report);
    }
    venue.outbox.clear();
    node.desk.on_link_down(|instrument| instrument == INSTRUMENT, 1, &mut node.out);
}

/// The process starts again from a snapshot: as far as it knows, nothing was lost but the connection.
fn restart(node: &mut Node, venue: &mut Venue, draws: &mut Draws) {
    disconnect(node, venue, draws);
    let mut bytes = Vec::new();
    node.desk.save(&mut bytes);
    let mut desk = Desk::new(CONFIG);
    desk.restore(&mut bytes.as_slice()).unwrap();
    assert_eq!(digest(&desk), digest(&node.desk));
    node.desk = desk;
}

fn digest(desk: &Desk) -> u64 {
    let mut hasher = onetape_core::hash::StateHasher::new();
    desk.hash_into(&mut hasher);
    hasher.finish()
}

pub(crate) fn step(node: &mut Node, venue: &mut Venue, draws: &mut Draws) {
    match draws.below(40) {
        0..10 => ask(node, venue, draws),
        10..20 => venue.work(draws.below(8) == 0),
        20..25 => {
            if let Some(client) = draws.pick(&venue.live()) {
                venue.fill(client, 1 + draws.below(6) as u64);
            }
        }
        25 => {
            if let Some(client) = draws.pick(&venue.live()) {
                venue.cancel(client, 1 + draws.below(30) as u64);
            }
        }
        26..36 => {
            if let Some(report) = venue.outbox.pop_front() {
                venue.inbox.extend(node.hear(report));
            }
        }
        36 => {
            // A fill is told twice.
            if let Some(report) = venue.outbox.front().copied() {
                venue.inbox.extend(node.hear(report));
            }
        }
        37 => {
            if let Some(client) = draws.pick(&live(node)) {
                let ask = node.desk.on_timeout(key(client), 1, &mut node.out);
                venue.inbox.extend(ask.then_some(Asked::Query(client)));
            }
        }
        38 => {
            if draws.below(3) == 0 {
                restart(node, venue, draws);
            } else {
                disconnect(node, venue, draws);
            }
        }
        // Asking without end would fill the queues with answers.
        _ if venue.outbox.len() > 20 => {}
        _ => venue.inbox.extend(node.desk.unknown().map(|key| Asked::Query(key.client_id))),
    }
}

pub(crate) fn check(node: &Node, venue: &Venue, place: (u64, usize)) {
    for side in [Side::Buy, Side::Sell] {
        let (ours, theirs) = (node.exposure(side), venue.exposure(side));
        assert!(ours >= theirs, "{place:?} {side:?}: open {ours}, real {theirs}");
        let gate = node.reserved(side);
        assert!(gate >= theirs, "{place:?} {side:?}: the gate has {gate}, real {theirs}");
    }
}

/// With an honest venue: what is reserved covers what is real at every step; nothing is ever flagged;
/// and once everything is known, orders and position are the venue's.
#[test]
fn exposure_is_covered_and_the_end_is_the_venues_truth() {
    for seed in 0..SEEDS {
        let (mut node, mut venue) = (Node::new(), Venue::default());
        let mut draws = Draws(mix(seed));
        for at in 0..400 {
            step(&mut node, &mut venue, &mut draws);
            check(&node, &venue, (seed, at));
            assert_eq!(node.desk.next_alarm(), None, "{:?}", (seed, at));
        }
        node.settle(&mut venue);
        assert_eq!(node.desk.next_alarm(), None, "seed {seed}");
        assert_eq!(node.desk.risk().orders(), live(&node).len(), "seed {seed}");
        let position = node.desk.portfolio().position(STRATEGY, INSTRUMENT);
        assert_eq!((position.bought, position.sold), (venue.bought, venue.sold), "seed {seed}");
        assert_eq!(live(&node), venue.live(), "seed {seed}");
        for order in node.desk.orders(STRATEGY).unwrap().live() {
            let theirs = venue.orders[&order.client_id];
            let found = (order.leaves, order.executed, order.price);
            assert_eq!(found, (theirs.leaves, theirs.executed, theirs.price), "seed {seed}");
        }
    }
}
