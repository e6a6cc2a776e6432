// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Groups under any sequence of trades, answers, timeouts, lost connections and restarts.

use std::collections::BTreeMap;

use onetape_core::events::{GroupKind, Side};
use onetape_core::hash::mix;
use onetape_core::trading::{Group, VenueCommand};

use crate::asks::{Asks, limit, stop};
use crate::node::{INSTRUMENT, Node, STRATEGY, market};
use crate::random::{Draws, check, step};
use crate::venue::{Asked, Report, Venue};

/// Sequences that are tried.
const SEEDS: u64 = 300;

/// What the venue's side of the story says of legs.
#[derive(Default)]
struct Legs {
    /// Leg of every order that left for one.
    of: BTreeMap<u64, u64>,
}

impl Legs {
    /// As [`Node::work`], taking down which orders stand for which legs.
    fn work(&mut self, node: &mut Node, venue: &mut Venue) {
        while let Some(due) = node.desk.next_due(1, &mut node.out) {
            let command = node.desk.carry_out(&due, None, &market(), 0, 1, &mut node.out);
            match command {
                Some(VenueCommand::Enter(order)) => {
                    self.of.insert(order.client_id, order.special.leg_id);
                }
                Some(VenueCommand::Replace { key, client_id, .. }) => {
                    let leg = self.of[&key.client_id];
                    self.of.insert(client_id, leg);
                }
                _ => {}
            }
            venue.inbox.extend(command.map(Asked::Command));
        }
    }

    /// What a leg traded and has open, at the venue.
    fn truth(&self, venue: &Venue, leg: u64) -> (u64, u64) {
        let mine = |client: &u64| self.of.get(client) == Some(&leg);
        let fills = venue.fills.iter().filter(|(client, _)| mine(client));
        let traded = fills.map(|(_, report)| match report {
            Report::Filled { qty, .. } => qty,
            other => panic!("no fill: {other:?}"),
        });
        let open = venue.orders.iter().filter(|(client, _)| mine(client));
        (traded.sum(), open.map(|(_, order)| order.leaves).sum())
    }

    /// What must be so whatever is on its way, judged by what the venue did.
    fn check(&self, node: &Node, venue: &Venue, place: (u64, usize)) {
        for group in node.desk.groups(STRATEGY) {
            let truths: Vec<_> = group.legs().map(|leg| self.truth(venue, leg.client_id)).collect();
            for (leg, (traded, open)) in group.legs().zip(&truths) {
                let most = leg.terms.qty;
                assert!(traded + open <= most, "{place:?}: {traded} and {open} of {leg:?}");
            }
            let Some(armed) = armed(group, &truths) else { continue };
            let sharers = &truths[truths.len().min(opens(group.kind))..];
            let traded: u64 = sharers.iter().map(|(traded, _)| traded).sum();
            let held = group.legs().skip(opens(group.kind)).filter(|leg| leg.terms.is_held).count();
            if held + 1 >= sharers.len() {
                // At most one of them is ever at the venue: then nothing can be beyond.
                assert!(traded <= armed, "{place:?}: {traded} of {armed} in {group:?}");
            }
        }
    }

    /// With everything told: what the desk counts is the venue's, and nothing is left over.
    fn check_end(&self, node: &Node, venue: &Venue, seed: u64) {
        for group in node.desk.groups(STRATEGY) {
            for leg in group.legs() {
                let (traded, open) = self.truth(venue, leg.client_id);
                assert_eq!(leg.executed, traded, "seed {seed}: {leg:?}");
                assert!(leg.end.is_none() || open == 0, "seed {seed}: an orphan of {leg:?}");
                let told = node.told(leg.client_id);
                assert_eq!(told.executed_lots, traded, "seed {seed}");
                let may = told.qty_lots.saturating_sub(traded);
                let is_kept = leg.terms.is_held && !leg.is_triggered;
                let wanted = if is_kept { 0 } else { may };
                assert!(open <= wanted, "seed {seed}: {open} open of {wanted}: {group:?}");
            }
        }
    }
}

const fn opens(kind: GroupKind) -> usize {
    matches!(kind, GroupKind::OneTriggersOther | GroupKind::Bracket) as usize
}

/// What the sharers of a group may trade between them, by what the venue did.
fn armed(group: &Group, truths: &[(u64, u64)]) -> Option<u64> {
    let wanted = group.legs().last()?.terms.qty;
    Some(if opens(group.kind) == 1 { wanted.min(truths[0].0) } else { wanted })
}

fn ask(node: &mut Node, draws: &mut Draws) {
    let qty = 1 + draws.below(20) as u64;
    let price = |draws: &mut Draws, from: i64| from + (draws.below(6) as u64).cast_signed();
    let (low, high) = (price(draws, 93), price(draws, 102));
    let trail = (draws.below(3) as u64).cast_signed();
    let kept = Asks { trail, ..stop(Side::Sell, qty, low) };
    let entry = if draws.below(3) == 0 {
        stop(Side::Buy, qty, high)
    } else {
        limit(Side::Buy, qty, price(draws, 96))
    };
    let (kind, legs) = match draws.below(5) {
        0 => (GroupKind::Alone, vec![kept]),
        1 => (GroupKind::OneCancelsOther, vec![limit(Side::Sell, qty, high), kept]),
        2 => (
            GroupKind::OneCancelsOther,
            vec![limit(Side::Buy, qty, low), limit(Side::Sell, qty, high)],
        ),
        3 => (GroupKind::OneTriggersOther, vec![entry, limit(Side::Sell, qty.div_ceil(2), high)]),
        _ => (GroupKind::Bracket, vec![entry, limit(Side::Sell, qty, high), kept]),
    };
    node.group(kind, &legs);
}

fn own_step(node: &mut Node, draws: &mut Draws) {
    let groups: Vec<_> = node.desk.groups(STRATEGY).map(|group| group.id).collect();
    match (draws.below(12), draws.pick(&groups)) {
        (0..4, _) => ask(node, draws),
        (4, Some(group)) => {
            let number = group + draws.below(4) as u64;
            node.cancel(number, 0);
        }
        (5, Some(group)) => {
            let number = group + 1 + draws.below(3) as u64;
            let price = 92 + (draws.below(16) as u64).cast_signed();
            node.replace(number, price, 1 + draws.below(20) as u64);
        }
        _ => node.desk.on_trade(INSTRUMENT, 92 + (draws.below(16) as u64).cast_signed()),
    }
}

#[test]
fn no_interleaving_trades_more_than_a_race_forces_or_orphans_a_leg() {
    let (mut kinds, mut raced) = ([0_usize; 5], 0);
    for seed in 0..SEEDS {
        let (mut node, mut venue, mut legs) = (Node::new(), Venue::default(), Legs::default());
        let mut draws = Draws(mix(seed + 1_000_000));
        for at in 0..400 {
            if draws.below(6) == 0 {
                own_step(&mut node, &mut draws);
            } else {
                step(&mut node, &mut venue, &mut draws);
            }
            legs.work(&mut node, &mut venue);
            check(&node, &venue, (seed, at));
            legs.check(&node, &venue, (seed, at));
            assert_eq!(node.desk.next_alarm(), None, "{:?}", (seed, at));
        }
        for _ in 0..50 {
            node.settle(&mut venue);
            legs.work(&mut node, &mut venue);
        }
        assert!(venue.inbox.is_empty() && !node.desk.has_due(), "seed {seed}: it settles");
        legs.check_end(&node, &venue, seed);
        for group in node.desk.groups(STRATEGY) {
            kinds[usize::from(group.kind.raw())] += 1;
            raced += group.legs().filter(|leg| node.told(leg.client_id).over_lots != 0).count();
        }
    }
    assert!(kinds[1..].iter().all(|&count| count > 500), "{kinds:?}");
    assert!(raced > 10, "races came about: {raced}");
}
