// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The match between an incoming order and the book: by price and then time, at the maker's price;
//! and how orders join and leave the book.

use super::ghosts::Ghost;
use super::{Canceled, Fill, MARKET, Matcher, Party, Policy, Record, Reports, Rested};
use crate::book::{Handle, Located, OrderView, Terms};
use crate::events::CancelReason;
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// An order on its way into the book.
pub(super) struct Incoming {
    pub(super) order_id: u64,
    pub(super) client: u64,
    pub(super) price: Ticks,
    /// The worst price it takes.
    pub(super) limit: Ticks,
    pub(super) leaves: Lots,
    pub(super) executed: Lots,
    pub(super) arrival_mid2: Ticks,
    pub(super) owner: u32,
    pub(super) instrument: InstrumentId,
    pub(super) side: Side,
    pub(super) flags: u32,
}

impl Incoming {
    #[inline]
    pub(super) const fn party(&self) -> Party {
        Party {
            order_id: self.order_id,
            client: self.client,
            leaves: self.leaves,
            arrival_mid2: self.arrival_mid2,
            owner: self.owner,
        }
    }

    /// What is kept of it when it rests.
    #[inline]
    pub(super) const fn record(&self) -> Record {
        Record {
            client: self.client,
            executed: self.executed,
            arrival_mid2: self.arrival_mid2,
            owner: self.owner,
            flags: self.flags,
        }
    }

    /// Whether it must not trade with an order of `owner`.
    #[inline]
    const fn avoids(&self, owner: u32) -> bool {
        self.flags & Record::STP != 0 && owner == self.owner
    }
}

impl<P: Policy> Matcher<P> {
    /// Matches an incoming order with the book as far as its price goes.
    #[inline]
    pub(super) fn take(&mut self, incoming: &mut Incoming, out: &mut impl Reports) {
        let Incoming { instrument, side, limit, .. } = *incoming;
        while incoming.leaves != 0 {
            match self.books.best_price(instrument, side.opposite()) {
                Some(best) if side.reaches(limit, best) => {}
                _ => return,
            }
            let Some(handle) = self.books.front(instrument, side.opposite()) else { return };
            let maker = self.books.view(handle);
            if incoming.avoids(maker.owner) {
                Self::prevent_newest(incoming, &maker, out);
                return;
            }
            self.trade(handle, &maker, incoming, out);
        }
    }

    /// One match, as large as both sides allow.
    #[inline]
    fn trade(
        &mut self,
        handle: Handle,
        maker: &OrderView,
        taker: &mut Incoming,
        out: &mut impl Reports,
    ) {
        let qty = maker.qty.min(taker.leaves);
        taker.leaves -= qty;
        taker.executed += qty;
        if P::REPLAYED && maker.owner == MARKET {
            self.take_from_market(handle, maker, qty, taker, out);
        } else {
            self.fill_own(handle, maker, qty, taker.party(), out);
        }
    }

    /// A resting order of ours trades with `taker`.
    #[inline]
    pub(super) fn fill_own(
        &mut self,
        handle: Handle,
        maker: &OrderView,
        qty: Lots,
        taker: Party,
        out: &mut impl Reports,
    ) {
        let record = &mut self.records[handle.index()];
        record.executed += qty;
        self.match_id_last += 1;
        out.filled(&Fill {
            match_id: self.match_id_last,
            price: maker.price,
            qty,
            instrument: maker.instrument,
            maker_side: maker.side,
            maker_hidden: false,
            maker: Party {
                order_id: maker.order_ref & !Self::OWN_BIT,
                client: record.client,
                leaves: maker.qty - qty,
                arrival_mid2: record.arrival_mid2,
                owner: maker.owner,
            },
            taker,
        });
        if self.books.fill(handle, qty) == 0 {
            self.forget_own(handle, maker.instrument, maker.side);
        }
    }

    /// An order of ours takes from a historical one, which then has less left than history says.
    fn take_from_market(
        &mut self,
        handle: Handle,
        maker: &OrderView,
        qty: Lots,
        taker: &Incoming,
        out: &mut impl Reports,
    ) {
        self.match_id_last += 1;
        let leaves = maker.qty - qty;
        let order_id = maker.order_ref;
        out.filled(&Fill {
            match_id: self.match_id_last,
            price: maker.price,
            qty,
            instrument: maker.instrument,
            maker_side: maker.side,
            maker_hidden: false,
            maker: Party { order_id, leaves, ..Party::default() },
            taker: taker.party(),
        });
        let history = self.untouch(handle, maker);
        self.books.fill(handle, qty);
        if leaves != 0 {
            self.touch(handle, maker.order_ref, maker.instrument, history);
            return;
        }
        let OrderView { order_ref, instrument, side, price, .. } = *maker;
        self.bury(Ghost { order_ref, price, history, instrument, side });
    }

    /// Whether at least `needed` would trade at once, leaving out what self-trade prevention would
    /// keep it from.
    pub(super) fn can_fill(&self, incoming: &Incoming, needed: Lots) -> bool {
        let Incoming { instrument, side, limit, .. } = *incoming;
        let mut found: Lots = 0;
        if incoming.flags & Record::STP == 0 {
            for level in self.books.levels(instrument, side.opposite()) {
                if found >= needed || !side.reaches(limit, level.price) {
                    break;
                }
                found = found.saturating_add(level.qty);
            }
            return found >= needed;
        }
        let mut next = self.books.front(instrument, side.opposite());
        while let Some(handle) = next {
            let maker = self.books.view(handle);
            let is_out = !side.reaches(limit, maker.price) || incoming.avoids(maker.owner);
            if found >= needed || is_out {
                break;
            }
            found = found.saturating_add(maker.qty);
            next = self.books.next_by_priority(handle);
        }
        found >= needed
    }

    /// What is left of an incoming order joins the book.
    #[inline]
    pub(super) fn rest(&mut self, incoming: &mut Incoming, out: &mut impl Reports) {
        let Incoming { order_id, instrument, side, price, leaves, owner, .. } = *incoming;
        let order_ref = order_id | Self::OWN_BIT;
        let Ok(handle) = self.books.add(instrument, order_ref, side, price, leaves, owner) else {
            // A level whose sum would not fit in 64 bits: only absurd historical quantities do that.
            drop_remainder(incoming, CancelReason::Ioc, out);
            return;
        };
        self.set_record(handle, incoming.record());
        self.note_own(handle, instrument);
        let client = incoming.client;
        out.rested(&Rested { order_id, client, price, leaves, instrument, side });
    }

    /// As [`Self::rest`], in the place that the order it replaces has in memory.
    #[inline]
    pub(super) fn rest_instead(
        &mut self,
        located: Located,
        old: &Terms,
        incoming: &mut Incoming,
        out: &mut impl Reports,
    ) {
        let Incoming { order_id, instrument, side, price, leaves, .. } = *incoming;
        let handle = located.handle();
        self.forget_own(handle, instrument, side);
        let order_ref = order_id | Self::OWN_BIT;
        if self.books.replace_located(located, order_ref, price, leaves).is_err() {
            // As in `rest`: a sum that does not fit. The order is where it was, and must not be.
            self.books.remove(handle);
            drop_remainder(incoming, CancelReason::Ioc, out);
            return;
        }
        debug_assert_eq!((old.instrument, old.side), (instrument, side));
        let record = &mut self.records[handle.index()];
        record.client = incoming.client;
        record.arrival_mid2 = incoming.arrival_mid2;
        self.note_own(handle, instrument);
        let client = incoming.client;
        out.rested(&Rested { order_id, client, price, leaves, instrument, side });
    }

    /// Cancels what is left of a resting order of ours.
    #[inline]
    pub(super) fn cancel_located(
        &mut self,
        located: Located,
        order_id: u64,
        reason: CancelReason,
        out: &mut impl Reports,
    ) {
        let order = self.books.terms(located.handle());
        let Record { client, owner, .. } = self.records[located.handle().index()];
        out.canceled(&Canceled {
            order_id,
            client,
            qty: order.qty,
            leaves: 0,
            displayed: order.qty,
            owner,
            instrument: order.instrument,
            reason,
            rested: true,
        });
        self.leave(located, &order);
    }

    /// As [`Self::cancel_located`], by handle.
    pub(super) fn cancel_resting(
        &mut self,
        handle: Handle,
        reason: CancelReason,
        out: &mut impl Reports,
    ) {
        let order_ref = self.books.view(handle).order_ref;
        let located = self.books.locate(order_ref).expect("an order that rests has its reference");
        self.cancel_located(located, order_ref & !Self::OWN_BIT, reason, out);
    }

    /// A resting order of ours leaves the book.
    #[inline]
    pub(super) fn leave(&mut self, located: Located, order: &Terms) {
        self.books.remove_located(located);
        self.forget_own(located.handle(), order.instrument, order.side);
    }

    /// An order of ours has joined the book.
    #[inline]
    fn note_own(&mut self, handle: Handle, instrument: InstrumentId) {
        if P::REPLAYED {
            self.own.insert(handle, &self.books);
            self.markets[instrument as usize].own_live += 1;
        }
    }

    /// An order of ours leaves, or has left, the book.
    #[inline]
    pub(super) fn forget_own(&mut self, handle: Handle, instrument: InstrumentId, side: Side) {
        if P::REPLAYED {
            self.own.remove(handle, instrument, side);
            self.markets[instrument as usize].own_live -= 1;
        }
    }
}

/// Cancels what is left of an order that never reached the book.
pub(super) fn drop_remainder(
    incoming: &mut Incoming,
    reason: CancelReason,
    out: &mut impl Reports,
) {
    out.canceled(&Canceled {
        order_id: incoming.order_id,
        client: incoming.client,
        qty: incoming.leaves,
        leaves: 0,
        displayed: 0,
        owner: incoming.owner,
        instrument: incoming.instrument,
        reason,
        rested: false,
    });
    incoming.leaves = 0;
}
