// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The match between an incoming order and a book that has more than plain orders: at each price the
//! displayed ones, shared by size where the instrument says so, then the hidden ones.

use super::hidden::Reach;
use super::matching::Incoming;
use super::seat::Seat;
use super::{Fill, Market, Matcher, Party, Policy, Record, Reports, Restated, Standing};
use crate::book::Handle;
use crate::events::{RestateReason, StpMode};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// Whether an order may trade on after self-trade prevention would have acted, for a count.
enum Own {
    No,
    Skipped,
    Stops,
}

impl<P: Policy> Matcher<P> {
    /// As [`Self::take`], for every kind of order.
    pub(super) fn take_special(&mut self, incoming: &mut Incoming, out: &mut impl Reports) {
        let Incoming { instrument, side, limit, .. } = *incoming;
        let opposite = side.opposite();
        let is_shared = self.markets[instrument as usize].rules & Market::PRO_RATA != 0;
        let mut hidden = self.hidden.front(instrument, opposite);
        while incoming.leaves != 0 {
            hidden = self.hidden.first_willing(hidden, Reach { side, limit }, incoming.leaves);
            let displayed = self.books.best_price(instrument, opposite);
            let displayed = displayed.filter(|&price| side.reaches(limit, price));
            match (displayed, hidden) {
                (None, None) => return,
                (Some(price), next) if !self.is_better(next, opposite, price) => {
                    if is_shared {
                        self.share_level(price, incoming, out);
                    } else if let Some(handle) = self.books.front(instrument, opposite) {
                        self.meet(Seat::Displayed(handle), incoming, out);
                    }
                }
                (_, Some(handle)) => {
                    hidden = self.hidden.books.next_by_priority(handle);
                    self.meet(Seat::Hidden(handle), incoming, out);
                }
                (Some(_), None) => unreachable!("no order betters a price"),
            }
        }
    }

    /// Whether a hidden order stands before those displayed at `price`.
    fn is_better(&self, hidden: Option<Handle>, side: Side, price: Ticks) -> bool {
        hidden.is_some_and(|handle| side.betters(self.hidden.books.terms(handle).price, price))
    }

    /// The incoming order and a resting one that it reaches.
    fn meet(&mut self, seat: Seat, incoming: &mut Incoming, out: &mut impl Reports) {
        let maker = self.standing_at(seat);
        if self.keeps_apart(seat, &maker, incoming, out) {
            return;
        }
        let there = if maker.displayed != 0 { maker.displayed } else { maker.leaves };
        self.fill_seat(seat, &maker, there.min(incoming.leaves), incoming, out);
    }

    /// One match: `qty` is at most what the order displays, or all of it where it is hidden.
    fn fill_seat(
        &mut self,
        seat: Seat,
        maker: &Standing,
        qty: Lots,
        incoming: &mut Incoming,
        out: &mut impl Reports,
    ) {
        incoming.leaves -= qty;
        incoming.executed += qty;
        self.match_id_last += 1;
        let Standing { order_id, client, arrival_mid2, owner, .. } = *maker;
        let leaves = maker.leaves - qty;
        out.filled(&Fill {
            match_id: self.match_id_last,
            price: maker.price,
            qty,
            instrument: maker.instrument,
            maker_side: maker.side,
            maker_hidden: matches!(seat, Seat::Hidden(_)),
            maker: Party { order_id, client, leaves, arrival_mid2, owner },
            taker: incoming.party(),
        });
        self.record_at(seat).executed += qty;
        match seat {
            _ if leaves == 0 => self.vacate(seat),
            Seat::Displayed(handle) if qty == maker.displayed => self.refill(handle, out),
            Seat::Displayed(handle) => {
                self.books.fill(handle, qty);
            }
            Seat::Hidden(handle) => {
                self.hidden.books.fill(handle, qty);
            }
        }
    }

    /// A reserve order's slice is used up: the next one joins the back of the queue, under a new id.
    pub(super) fn refill(&mut self, handle: Handle, out: &mut impl Reports) {
        let index = handle.index();
        let kept = self.reserves.kept[index];
        let slice = self.reserves.slices[index].min(kept);
        let old = self.books.view(handle);
        let order_id = self.next_order_id();
        let located = self.books.locate(old.order_ref).expect("an order that rests is found");
        let moved = self.books.replace_located(located, order_id, old.price, slice);
        moved.expect("a level that held this order has room for it");
        self.reserves.kept[index] = kept - slice;
        out.restated(&Restated {
            old_order_id: old.order_ref,
            order_id,
            client: self.records[index].client,
            price: old.price,
            leaves: kept,
            displayed: slice,
            owner: old.owner,
            instrument: old.instrument,
            side: old.side,
            reason: RestateReason::Refill,
        });
    }

    /// The displayed orders of a price trade with the incoming one in proportion to their size.
    fn share_level(&mut self, price: Ticks, incoming: &mut Incoming, out: &mut impl Reports) {
        let (instrument, side) = (incoming.instrument, incoming.side.opposite());
        self.prevent_level(price, incoming, out);
        let Some(level) = self.books.best(instrument, side) else { return };
        if level.price != price || incoming.leaves == 0 {
            return;
        }
        let (total, coming) = (level.qty, incoming.leaves.min(level.qty));
        let share = |size: Lots| (u128::from(coming) * u128::from(size) / u128::from(total)) as u64;
        let mut rest = coming;
        let mut next = self.books.front(instrument, side);
        for _ in 0..level.orders {
            let Some(handle) = next else { break };
            rest -= share(self.books.terms(handle).qty);
            next = self.books.next_in_queue(handle);
        }
        // Only those that were there at the start: a slice that joins now has its turn next time.
        let mut next = self.books.front(instrument, side);
        for _ in 0..level.orders {
            let Some(handle) = next else { break };
            next = self.books.next_in_queue(handle);
            let maker = self.standing_at(Seat::Displayed(handle));
            let even = share(maker.displayed);
            let more = rest.min(maker.displayed - even);
            rest -= more;
            if even + more != 0 {
                self.fill_seat(Seat::Displayed(handle), &maker, even + more, incoming, out);
            }
        }
    }

    /// Self-trade prevention on a whole price level, in time order.
    fn prevent_level(&mut self, price: Ticks, incoming: &mut Incoming, out: &mut impl Reports) {
        let (instrument, side) = (incoming.instrument, incoming.side.opposite());
        let mut next = self.books.front(instrument, side);
        while let Some(handle) = next
            && incoming.leaves != 0
            && self.books.terms(handle).price == price
        {
            next = self.books.next_by_priority(handle);
            let seat = Seat::Displayed(handle);
            self.keeps_apart(seat, &self.standing_at(seat), incoming, out);
        }
    }

    /// Whether at least `needed` would trade at once, by the same walk as [`Self::take_special`].
    pub(super) fn can_trade(&self, incoming: &Incoming, needed: Lots) -> bool {
        let Incoming { instrument, side, limit, .. } = *incoming;
        let opposite = side.opposite();
        let mut found: Lots = 0;
        let mut hidden = self.hidden.front(instrument, opposite);
        let mut displayed = self.books.front(instrument, opposite);
        while found < needed {
            let left = incoming.leaves - found;
            hidden = self.hidden.first_willing(hidden, Reach { side, limit }, left);
            displayed = displayed.filter(|&each| side.reaches(limit, self.books.terms(each).price));
            let stops = match (displayed, hidden) {
                (None, None) => return false,
                (Some(front), next)
                    if !self.is_better(next, opposite, self.books.terms(front).price) =>
                {
                    displayed = self.count_level(front, incoming, &mut found);
                    displayed == Some(front)
                }
                (_, Some(handle)) => {
                    let order = self.hidden.books.view(handle);
                    let own = self.own_in_count(incoming, order.owner);
                    found += if matches!(own, Own::No) { order.qty.min(left) } else { 0 };
                    hidden = self.hidden.books.next_by_priority(handle);
                    matches!(own, Own::Stops)
                }
                (Some(_), None) => unreachable!("no order betters a price"),
            };
            if stops {
                break;
            }
        }
        found >= needed
    }

    fn own_in_count(&self, incoming: &Incoming, owner: u32) -> Own {
        match self.stp_with(incoming, owner) {
            StpMode::Off => Own::No,
            StpMode::CancelOldest => Own::Skipped,
            StpMode::CancelNewest | StpMode::CancelBoth | StpMode::Decrement => Own::Stops,
        }
    }

    /// Adds what the displayed orders from `front`, the first of a price, would trade. Gives the first
    /// of the next price; `front` itself where the count stops here.
    fn count_level(&self, front: Handle, incoming: &Incoming, found: &mut Lots) -> Option<Handle> {
        let is_shared = self.markets[incoming.instrument as usize].rules & Market::PRO_RATA != 0;
        let (mut slices, mut kept) = (0, 0);
        let mut next = Some(front);
        while let Some(handle) = next {
            let order = self.standing_at(Seat::Displayed(handle));
            match self.own_in_count(incoming, order.owner) {
                Own::No => {
                    slices += order.displayed;
                    kept += order.leaves - order.displayed;
                }
                Own::Skipped => {}
                Own::Stops => {
                    // What is kept back would come after the own order; a shared level ends whole.
                    let before = if is_shared { 0 } else { slices };
                    *found = found.saturating_add(before).min(incoming.leaves);
                    return Some(front);
                }
            }
            next = self.books.next_in_queue(handle);
            if next.is_none() {
                next = self.books.next_by_priority(handle);
                break;
            }
        }
        *found = found.saturating_add(slices).saturating_add(kept).min(incoming.leaves);
        next
    }

    /// The price at which an order would trade first, if it would trade at once.
    pub(super) fn first_price(
        &self,
        instrument: InstrumentId,
        side: Side,
        limit: Ticks,
        qty: Lots,
    ) -> Option<Ticks> {
        let opposite = side.opposite();
        let displayed = self.books.best_price(instrument, opposite);
        let displayed = displayed.filter(|&price| side.reaches(limit, price));
        let front = self.hidden.front(instrument, opposite);
        let hidden = self.hidden.first_willing(front, Reach { side, limit }, qty);
        let hidden = hidden.map(|handle| self.hidden.books.terms(handle).price);
        match (displayed, hidden) {
            (Some(displayed), Some(hidden)) if opposite.betters(hidden, displayed) => Some(hidden),
            (None, hidden) => hidden,
            (displayed, _) => displayed,
        }
    }
}

impl Market {
    pub(super) const fn matches(&self) -> bool {
        self.rules & Self::NO_MATCH == 0
    }
}

impl Standing {
    pub(super) const fn is_reserve(&self) -> bool {
        self.flags & Record::RESERVE != 0
    }
}
