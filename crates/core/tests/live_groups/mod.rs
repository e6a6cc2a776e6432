// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Groups of orders on a live node: which are asked for, and what must be so of them in the end.

use onetape_core::events::{GroupKind, Side};
use onetape_core::trading::{Desk, Group};

use crate::asks::{Asks, limit, stop};

/// Orders that depend on each other, by the dice.
pub(crate) fn legs(mut dice: impl FnMut(u64) -> u64) -> (GroupKind, Vec<Asks>) {
    let qty = 1 + dice(200);
    let price = |drawn: u64| 99_000 + 100 * drawn.cast_signed();
    let (low, high, entry) = (price(dice(11)), price(11 + dice(10)), price(dice(21)));
    let kept = Asks { trail: 300 * dice(2).cast_signed(), ..stop(Side::Sell, qty, low) };
    let (entry, exit) = (limit(Side::Buy, qty, entry), limit(Side::Sell, qty, high));
    match dice(5) {
        0 => (GroupKind::Alone, vec![kept]),
        1 => (GroupKind::OneCancelsOther, vec![exit, limit(Side::Buy, qty, low)]),
        2 => (GroupKind::OneTriggersOther, vec![entry, exit]),
        _ => (GroupKind::Bracket, vec![entry, exit, kept]),
    }
}

/// No order of a group outlives it, none of its legs is beyond what it may do, and what is kept here
/// is not at the exchange as well.
pub(crate) fn assert_no_orphans(desk: &Desk, strategies: u32, seed: u64) {
    for strategy in 1..=strategies {
        for leg in desk.groups(strategy).flat_map(Group::legs) {
            let live = desk.orders(strategy).unwrap().live();
            let open: u64 = live.filter(|o| o.leg_id == leg.client_id).map(|o| o.leaves).sum();
            assert!(leg.end.is_none() || open == 0, "seed {seed}: an orphan of {leg:?}");
            assert!(leg.executed + open <= leg.terms.qty, "seed {seed}: {open} open of {leg:?}");
            let is_kept = leg.terms.is_held && !leg.is_triggered;
            assert!(!is_kept || open == 0, "seed {seed}: {open} open of {leg:?}");
        }
    }
}
