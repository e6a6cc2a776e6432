// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The replayed market: history passes through the book, and our orders stand among it.
//!
//! What it assumes. History happened and goes on happening: our orders do not change what others
//! sent. What ours took from a historical order is gone: it never trades again, and history removes
//! only what is then still there. A historical trade fills ours first where ours had priority.
//! Historical orders never match each other here (real books are crossed while halted or opening).
//! Nothing history says stops the run: what does not fit is counted.
//!
//! Invariant: where nothing of ours rests or has traded, the book equals the feed's book.

use super::ghosts::Ghost;
use super::{MARKET, Matcher, Party, Replayed, Reports};
use crate::book::{BookError, Books, Change, Handle, OrderView};
use crate::events::{CancelReason, MarketAction, MarketUpdated, TradingStatus};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// How [`Matcher`] names a historical order that is being changed.
enum Found {
    Resting(Handle, OrderView),
    Ghost(Ghost),
}

impl Matcher<Replayed> {
    /// Applies one message of the historical market.
    #[inline]
    pub fn market_update(&mut self, update: &MarketUpdated, out: &mut impl Reports) {
        let MarketUpdated { order_ref, other_ref, qty_lots: qty, instrument_id, .. } = *update;
        let (instrument, price) = (instrument_id, update.price_ticks);
        let side = Side::from_raw(update.side);
        match (MarketAction::from_raw(update.action), side) {
            (Some(MarketAction::Add), Some(side)) => {
                self.market_add(instrument, order_ref, side, price, qty, out);
            }
            (Some(MarketAction::Execute), _) => {
                self.market_execute(instrument, order_ref, qty, out);
            }
            (Some(MarketAction::Reduce), _) => self.market_reduce(instrument, order_ref, qty),
            (Some(MarketAction::Delete), _) => self.market_delete(instrument, order_ref),
            (Some(MarketAction::Replace), _) => {
                self.market_replace(instrument, order_ref, other_ref, price, qty, out);
            }
            (Some(MarketAction::Set), _) => {
                self.market_set(instrument, order_ref, price, qty, out);
            }
            (Some(MarketAction::Clear), _) => self.market_clear(instrument, out),
            (Some(MarketAction::Trade), side) => {
                self.market_trade(instrument, side, price, qty, out);
            }
            (Some(MarketAction::Status), _) => self.market_status(instrument, update.flags),
            (Some(MarketAction::Cross | MarketAction::Break), _) => {}
            (Some(MarketAction::Add), None) | (None, _) => self.counters.refused += 1,
        }
    }

    fn market_status(&mut self, instrument: InstrumentId, flags: u16) {
        match u8::try_from(flags).ok().and_then(TradingStatus::from_raw) {
            Some(status) => self.set_status(instrument, status),
            None => self.counters.refused += 1,
        }
    }

    /// A historical order joins the book. Where it crosses resting orders of ours, those trade first,
    /// at their own prices; only what is left rests. Not while the instrument is halted.
    #[inline]
    pub fn market_add(
        &mut self,
        instrument: InstrumentId,
        order_ref: u64,
        side: Side,
        price: Ticks,
        qty: Lots,
        out: &mut impl Reports,
    ) {
        if self.is_reserved(order_ref) {
            self.counters.refused += 1;
        } else if self.is_plain(instrument) {
            let added = self.books.add(instrument, order_ref, side, price, qty, MARKET);
            self.counters.note(added.map(drop));
        } else if self.books.handle(order_ref).is_some() || qty == 0 {
            self.counters.refused += 1;
        } else {
            self.join_market(instrument, order_ref, side, price, qty, out);
        }
    }

    /// Resting order `order_ref` traded `qty`. Orders of ours with priority over it trade first, up to
    /// that, at their own prices; then it has what history says.
    #[inline]
    pub fn market_execute(
        &mut self,
        instrument: InstrumentId,
        order_ref: u64,
        qty: Lots,
        out: &mut impl Reports,
    ) {
        if self.is_plain(instrument) {
            self.plain(order_ref, |books| books.execute(order_ref, qty));
            return;
        }
        match self.locate(order_ref) {
            Some(Found::Resting(handle, order)) => {
                let history = self.history(handle, &order);
                let done = self.capped(qty, history);
                self.hit_ahead(&order, Some(order_ref), done, out);
                self.shrink_to(handle, &order, history - done, done);
            }
            Some(Found::Ghost(ghost)) => {
                let Ghost { order_ref, instrument, side, price, history } = ghost;
                let order = OrderView { order_ref, instrument, side, price, qty: 0, owner: MARKET };
                let done = self.capped(qty, history);
                self.hit_ahead(&order, None, done, out);
                self.shrink_ghost(&ghost, history - done);
            }
            None => self.counters.missing += 1,
        }
    }

    /// Resting order `order_ref` shrank by `qty` in place.
    #[inline]
    pub fn market_reduce(&mut self, instrument: InstrumentId, order_ref: u64, qty: Lots) {
        if self.is_plain(instrument) {
            self.plain(order_ref, |books| books.reduce(order_ref, qty));
            return;
        }
        match self.locate(order_ref) {
            Some(Found::Resting(handle, order)) => {
                let history = self.history(handle, &order);
                let done = self.capped(qty, history);
                self.shrink_to(handle, &order, history - done, done);
            }
            Some(Found::Ghost(ghost)) => {
                let done = self.capped(qty, ghost.history);
                self.shrink_ghost(&ghost, ghost.history - done);
            }
            None => self.counters.missing += 1,
        }
    }

    /// Resting order `order_ref` left the book.
    #[inline]
    pub fn market_delete(&mut self, instrument: InstrumentId, order_ref: u64) {
        if self.is_plain(instrument) {
            self.plain(order_ref, |books| books.delete(order_ref));
            return;
        }
        match self.locate(order_ref) {
            Some(found) => self.drop_found(&found),
            None => self.counters.missing += 1,
        }
    }

    /// `order_ref` left and `new_ref` joined at the back, as [`Self::market_add`] does.
    #[inline]
    pub fn market_replace(
        &mut self,
        instrument: InstrumentId,
        order_ref: u64,
        new_ref: u64,
        price: Ticks,
        qty: Lots,
        out: &mut impl Reports,
    ) {
        if self.is_reserved(new_ref) && new_ref != order_ref {
            self.counters.refused += 1;
            return;
        }
        if self.is_plain(instrument) {
            self.plain(order_ref, |books| books.replace(order_ref, new_ref, price, qty));
            return;
        }
        let Some(found) = self.locate(order_ref) else {
            self.counters.missing += 1;
            return;
        };
        if qty == 0 || (new_ref != order_ref && self.books.handle(new_ref).is_some()) {
            self.counters.refused += 1;
            return;
        }
        let (instrument, side) = found.place();
        self.drop_found(&found);
        self.join_market(instrument, new_ref, side, price, qty, out);
    }

    /// `order_ref` has `qty` at `price` now: in place when the price is the same and the quantity no
    /// larger than history said, else at the back; 0 deletes it.
    pub fn market_set(
        &mut self,
        instrument: InstrumentId,
        order_ref: u64,
        price: Ticks,
        qty: Lots,
        out: &mut impl Reports,
    ) {
        if self.is_plain(instrument) {
            self.plain(order_ref, |books| books.set(order_ref, price, qty));
            return;
        }
        match self.locate(order_ref) {
            Some(found) if qty == 0 => self.drop_found(&found),
            Some(Found::Resting(handle, order)) => {
                let history = self.history(handle, &order);
                if price == order.price && qty <= history {
                    self.shrink_to(handle, &order, qty, history - qty);
                } else {
                    self.market_replace(order.instrument, order_ref, order_ref, price, qty, out);
                }
            }
            Some(Found::Ghost(ghost)) if price == ghost.price && qty <= ghost.history => {
                self.shrink_ghost(&ghost, qty);
            }
            Some(Found::Ghost(ghost)) => {
                self.market_replace(ghost.instrument, order_ref, order_ref, price, qty, out);
            }
            None => self.counters.missing += 1,
        }
    }

    /// The venue emptied an instrument's book: ours are cancelled, the rest is gone.
    pub fn market_clear(&mut self, instrument: InstrumentId, out: &mut impl Reports) {
        if !self.is_plain(instrument) {
            for side in [Side::Buy, Side::Sell] {
                while let Some(handle) = self.own.front(instrument, side) {
                    self.cancel_resting(handle, CancelReason::BookCleared, out);
                }
                let mut next = self.books.front(instrument, side);
                while let Some(handle) = next {
                    let order = self.books.view(handle);
                    self.untouch(handle, &order);
                    next = self.books.next_by_priority(handle);
                }
            }
            self.ghosts.clear_instrument(instrument);
            if let Some(market) = self.markets.get_mut(instrument as usize) {
                market.watched = 0;
            }
        }
        self.books.clear(instrument);
    }

    /// A trade of hidden interest printed at `price`: orders of ours strictly better than that would
    /// have traded first. `side` is the resting side, where it is known.
    pub fn market_trade(
        &mut self,
        instrument: InstrumentId,
        side: Option<Side>,
        price: Ticks,
        qty: Lots,
        out: &mut impl Reports,
    ) {
        let mut left = qty;
        for each in [Side::Buy, Side::Sell] {
            if side.is_none_or(|side| side == each) {
                left =
                    self.hit_own(instrument, each, left, out, |own| each.betters(own.price, price));
            }
        }
    }

    /// Whether nothing of ours rests in an instrument, nor has left its mark on the historical orders:
    /// then a message is a plain call of the book.
    #[inline]
    fn is_plain(&self, instrument: InstrumentId) -> bool {
        match self.markets.get(instrument as usize) {
            Some(market) => market.defined && market.own_live | market.watched == 0,
            None => false,
        }
    }

    #[inline]
    fn plain(
        &mut self,
        order_ref: u64,
        call: impl FnOnce(&mut Books) -> Result<Change, BookError>,
    ) {
        if order_ref & Self::OWN_BIT != 0 {
            self.counters.missing += 1;
            return;
        }
        let done = call(&mut self.books);
        self.counters.capped += u64::from(done.is_ok_and(|change| change.overfilled));
        self.counters.note(done.map(drop));
    }

    /// Whether a new historical order must not have this reference: it looks like ours, or it is one
    /// that ours took whole.
    #[inline]
    fn is_reserved(&self, order_ref: u64) -> bool {
        order_ref & Self::OWN_BIT != 0 || self.ghosts.get(order_ref).is_some()
    }

    fn locate(&self, order_ref: u64) -> Option<Found> {
        if order_ref & Self::OWN_BIT != 0 {
            return None;
        }
        match self.books.handle(order_ref) {
            Some(handle) => Some(Found::Resting(handle, self.books.view(handle))),
            None => self.ghosts.get(order_ref).map(Found::Ghost),
        }
    }

    /// A historical order comes in: ours that it crosses trade first.
    fn join_market(
        &mut self,
        instrument: InstrumentId,
        order_ref: u64,
        side: Side,
        price: Ticks,
        qty: Lots,
        out: &mut impl Reports,
    ) {
        let mut left = qty;
        if self.market(instrument).is_some_and(super::Market::is_matching) {
            left = self.hit_own(instrument, side.opposite(), qty, out, |own| {
                side.reaches(price, own.price)
            });
        }
        if left == 0 {
            self.bury(Ghost { order_ref, price, history: qty, instrument, side });
            return;
        }
        match self.books.add(instrument, order_ref, side, price, left, MARKET) {
            Ok(handle) if left < qty => self.touch(handle, order_ref, instrument, qty),
            added => self.counters.note(added.map(drop)),
        }
    }

    /// Fills orders of ours that had priority over a historical order that traded `qty`. `order_ref`
    /// is that order while it rests; one that ours took whole has no place in its queue any more.
    fn hit_ahead(
        &mut self,
        order: &OrderView,
        order_ref: Option<u64>,
        qty: Lots,
        out: &mut impl Reports,
    ) {
        let OrderView { instrument, side, price, .. } = *order;
        let left = self.hit_own(instrument, side, qty, out, |own| side.betters(own.price, price));
        let (Some(order_ref), true) = (order_ref, left != 0) else { return };
        let mut left = left;
        while left != 0
            && let Some(handle) = self.own.front(instrument, side)
            && let own = self.books.view(handle)
            && own.price == price
            && self.is_ahead(&own, order_ref)
        {
            let done = left.min(own.qty);
            self.fill_own(handle, &own, done, Party::default(), out);
            left -= done;
        }
    }

    /// Whether an order of ours stands before `order_ref`, at the same price.
    fn is_ahead(&self, own: &OrderView, order_ref: u64) -> bool {
        self.books
            .orders(own.instrument, own.side, own.price)
            .find(|each| each.order_ref == order_ref || each.order_ref == own.order_ref)
            .is_some_and(|first| first.order_ref == own.order_ref)
    }

    /// Fills orders of ours on one side, best first, while `is_hit` says so; gives what is left.
    fn hit_own(
        &mut self,
        instrument: InstrumentId,
        side: Side,
        qty: Lots,
        out: &mut impl Reports,
        is_hit: impl Fn(&OrderView) -> bool,
    ) -> Lots {
        let mut left = qty;
        while left != 0
            && let Some(handle) = self.own.front(instrument, side)
            && let own = self.books.view(handle)
            && is_hit(&own)
        {
            let done = left.min(own.qty);
            self.fill_own(handle, &own, done, Party::default(), out);
            left -= done;
        }
        left
    }

    /// What can come off an order that has `history` left, where history takes off `qty`.
    fn capped(&mut self, qty: Lots, history: Lots) -> Lots {
        self.counters.capped += u64::from(qty > history);
        qty.min(history)
    }

    /// A historical order has `history` left, by history; in the book no more than that.
    fn shrink_to(&mut self, handle: Handle, order: &OrderView, history: Lots, asked: Lots) {
        self.untouch(handle, order);
        self.counters.displaced += u64::from(asked > order.qty);
        let leaves = order.qty.min(history);
        self.books.fill(handle, order.qty - leaves);
        if leaves != 0 && leaves < history {
            self.touch(handle, order.order_ref, order.instrument, history);
        }
    }

    fn shrink_ghost(&mut self, ghost: &Ghost, history: Lots) {
        self.counters.displaced += 1;
        if self.ghosts.set_history(ghost.order_ref, history) {
            self.markets[ghost.instrument as usize].watched -= 1;
        }
    }

    /// History has done with an order.
    fn drop_found(&mut self, found: &Found) {
        match found {
            Found::Resting(handle, order) => {
                self.untouch(*handle, order);
                self.books.remove(*handle);
            }
            Found::Ghost(ghost) => self.shrink_ghost(ghost, 0),
        }
    }
}

impl Found {
    const fn place(&self) -> (InstrumentId, Side) {
        match self {
            Self::Resting(_, order) => (order.instrument, order.side),
            Self::Ghost(ghost) => (ghost.instrument, ghost.side),
        }
    }
}
