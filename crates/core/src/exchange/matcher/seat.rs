// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders that rest, wherever they do: looking at them, shrinking them, taking them out.

use super::{Canceled, Matcher, Policy, Record, Reports, Standing};
use crate::book::Handle;
use crate::events::{CancelReason, Side};
use crate::types::{InstrumentId, Lots, Ticks};

/// Where an order rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    /// In the displayed book.
    Displayed(Handle),
    /// In the hidden one.
    Hidden(Handle),
}

/// A way through all orders of a side, first to trade first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    displayed: Option<Handle>,
    hidden: Option<Handle>,
    side: Side,
}

impl<P: Policy> Matcher<P> {
    /// A resting order, displayed or not.
    #[must_use]
    pub fn standing(&self, order_id: u64) -> Option<Standing> {
        self.seat(order_id).map(|seat| self.standing_at(seat))
    }

    /// All resting orders of a side, displayed or not, first to trade first.
    pub fn standings(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = Standing> + '_ {
        let mut cursor = self.cursor(instrument, side);
        std::iter::from_fn(move || self.advance(&mut cursor).map(|seat| self.standing_at(seat)))
    }

    /// Best price of a side over displayed orders and hidden ones without a size condition.
    #[must_use]
    pub fn best_price(&self, instrument: InstrumentId, side: Side) -> Option<Ticks> {
        let displayed = self.books.best_price(instrument, side);
        let hidden = self.hidden.best_price(instrument, side);
        match (displayed, hidden) {
            (Some(displayed), Some(hidden)) if side.betters(hidden, displayed) => Some(hidden),
            (None, hidden) => hidden,
            (displayed, _) => displayed,
        }
    }

    pub(super) fn seat(&self, order_id: u64) -> Option<Seat> {
        match self.find(order_id) {
            Some(located) => Some(Seat::Displayed(located.handle())),
            None => self.hidden.books.handle(order_id).map(Seat::Hidden),
        }
    }

    pub(super) fn standing_at(&self, seat: Seat) -> Standing {
        let (view, record, kept, minimum) = match seat {
            Seat::Displayed(handle) => {
                let record = self.record(handle);
                let is_reserve = record.flags & Record::RESERVE != 0;
                let kept = if is_reserve { self.reserves.kept[handle.index()] } else { 0 };
                (self.books.view(handle), record, kept, 0)
            }
            Seat::Hidden(handle) => {
                let index = handle.index();
                let record = self.hidden.records[index];
                (self.hidden.books.view(handle), record, 0, self.hidden.minimums[index])
            }
        };
        let displayed = if matches!(seat, Seat::Displayed(_)) { view.qty } else { 0 };
        Standing {
            order_id: view.order_ref & !Self::OWN_BIT,
            client: record.client,
            price: view.price,
            leaves: view.qty + kept,
            displayed,
            executed: record.executed,
            arrival_mid2: record.arrival_mid2,
            minimum,
            owner: view.owner,
            instrument: view.instrument,
            side: view.side,
            flags: record.flags,
        }
    }

    pub(super) fn record_at(&mut self, seat: Seat) -> &mut Record {
        match seat {
            Seat::Displayed(handle) => &mut self.records[handle.index()],
            Seat::Hidden(handle) => &mut self.hidden.records[handle.index()],
        }
    }

    pub(super) fn cursor(&self, instrument: InstrumentId, side: Side) -> Cursor {
        let displayed = self.books.front(instrument, side);
        Cursor { displayed, hidden: self.hidden.front(instrument, side), side }
    }

    /// The order that a cursor stands at; the cursor goes on to the next, so that this one may go.
    pub(super) fn advance(&self, cursor: &mut Cursor) -> Option<Seat> {
        let is_hidden = match (cursor.displayed, cursor.hidden) {
            (None, None) => return None,
            (Some(_), None) => false,
            (None, Some(_)) => true,
            (Some(displayed), Some(hidden)) => {
                let displayed = self.books.terms(displayed).price;
                cursor.side.betters(self.hidden.books.terms(hidden).price, displayed)
            }
        };
        if is_hidden {
            let handle = cursor.hidden?;
            cursor.hidden = self.hidden.books.next_by_priority(handle);
            return Some(Seat::Hidden(handle));
        }
        let handle = cursor.displayed?;
        cursor.displayed = self.books.next_by_priority(handle);
        Some(Seat::Displayed(handle))
    }

    /// Takes `qty` off an order, what it does not display first, and says so.
    pub(super) fn cut(
        &mut self,
        seat: Seat,
        qty: Lots,
        reason: CancelReason,
        out: &mut impl Reports,
    ) {
        let order = self.standing_at(seat);
        let kept = order.leaves - order.displayed;
        let is_displayed = matches!(seat, Seat::Displayed(_));
        let displayed = if is_displayed { qty.saturating_sub(kept) } else { 0 };
        out.canceled(&Canceled {
            order_id: order.order_id,
            client: order.client,
            qty,
            leaves: order.leaves - qty,
            displayed,
            owner: order.owner,
            instrument: order.instrument,
            reason,
            rested: true,
        });
        if qty == order.leaves {
            self.vacate(seat);
            return;
        }
        match seat {
            Seat::Displayed(handle) => {
                if qty != displayed {
                    self.reserves.kept[handle.index()] -= qty - displayed;
                }
                self.books.fill(handle, displayed);
            }
            Seat::Hidden(handle) => {
                self.hidden.books.fill(handle, qty);
            }
        }
    }

    /// Takes an order out, without a word.
    pub(super) fn vacate(&mut self, seat: Seat) {
        match seat {
            Seat::Displayed(handle) => {
                let order = self.books.terms(handle);
                self.books.remove(handle);
                self.forget_own(handle, order.instrument, order.side);
                if !P::REPLAYED && self.records[handle.index()].flags & Record::RESERVE != 0 {
                    self.markets[order.instrument as usize].special_orders -= 1;
                }
            }
            Seat::Hidden(handle) => {
                let instrument = self.hidden.books.terms(handle).instrument;
                self.hidden.books.remove(handle);
                self.note_hidden_gone(handle, instrument);
            }
        }
    }

    /// A hidden order has left its book.
    pub(super) fn note_hidden_gone(&mut self, handle: Handle, instrument: InstrumentId) {
        let market = &mut self.markets[instrument as usize];
        market.special_orders -= 1;
        market.conditioned -= u32::from(self.hidden.minimums[handle.index()] != 0);
    }
}
