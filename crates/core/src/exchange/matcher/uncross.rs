// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Everybody who takes part trades at one price: the end of an auction. Which price that is, is the
//! caller's to say.

use super::seat::{Cursor, Seat};
use super::{Aside, Crossed, Matcher, Party, Policy, Reports, Standing};
use crate::events::Side;
use crate::types::{InstrumentId, Lots, Ticks};

/// Where an order that takes part stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    Book(Seat),
    /// Index of the caller's.
    Aside(usize),
}

/// The order that is next on a side, and how far it has come.
#[derive(Clone, Copy, Debug)]
struct Trader {
    place: Place,
    party: Party,
    displayed: Lots,
    taken: Lots,
}

/// One side of an auction.
struct Line<'a> {
    side: Side,
    price: Ticks,
    cursor: Cursor,
    asides: &'a mut [Aside],
    aside_next: usize,
    trader: Option<Trader>,
}

impl<P: Policy> Matcher<P> {
    /// What takes part in an auction on one side, best price first: prices, and the quantity at each,
    /// reserves and hidden orders with all they have; orders with a size condition and pegs left out.
    pub fn auction_levels(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = (Ticks, Lots)> + '_ {
        let mut cursor = self.cursor(instrument, side);
        let mut waiting: Option<(Ticks, Lots)> = None;
        std::iter::from_fn(move || {
            while let Some(seat) = self.advance(&mut cursor) {
                let order = self.standing_at(seat);
                if !order.joins_auctions() {
                    continue;
                }
                match &mut waiting {
                    Some((price, qty)) if *price == order.price => *qty += order.leaves,
                    waiting => {
                        let done = waiting.replace((order.price, order.leaves));
                        if done.is_some() {
                            return done;
                        }
                    }
                }
            }
            waiting.take()
        })
    }

    /// Pairs off, at `price`, the orders of both sides that take part and reach it; gives how much
    /// traded. `buys` and `sells` are the caller's orders outside the book, in the order in which they
    /// trade: market orders, then better price, then lower id; what trades is taken off them.
    ///
    /// On each side market orders first, then better price, displayed before hidden (those outside the
    /// book count as hidden), lower id. Each pair is one match. A reserve takes part with all it has;
    /// where its slice is used up and something is left, the next one is displayed afterwards.
    pub fn uncross(
        &mut self,
        instrument: InstrumentId,
        price: Ticks,
        buys: &mut [Aside],
        sells: &mut [Aside],
        out: &mut impl Reports,
    ) -> Lots {
        let mut total = 0;
        let mut bids = self.line(instrument, Side::Buy, price, buys);
        let mut asks = self.line(instrument, Side::Sell, price, sells);
        while let (Some(buyer), Some(seller)) = (&mut bids.trader, &mut asks.trader) {
            let qty = buyer.party.leaves.min(seller.party.leaves);
            self.match_id_last += 1;
            let (buy_displayed, sell_displayed) = (buyer.trade(qty), seller.trade(qty));
            out.crossed(&Crossed {
                match_id: self.match_id_last,
                price,
                qty,
                instrument,
                buy: buyer.party,
                sell: seller.party,
                buy_displayed,
                sell_displayed,
            });
            total += qty;
            for line in [&mut bids, &mut asks] {
                if line.trader.is_some_and(|trader| trader.party.leaves == 0) {
                    self.settle(line, out);
                    line.trader = self.next_trader(line);
                }
            }
        }
        self.settle(&mut bids, out);
        self.settle(&mut asks, out);
        total
    }

    fn line<'a>(
        &self,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
        asides: &'a mut [Aside],
    ) -> Line<'a> {
        let cursor = self.cursor(instrument, side);
        let mut line = Line { side, price, cursor, asides, aside_next: 0, trader: None };
        line.trader = self.next_trader(&mut line);
        line
    }

    /// The next order of a side that takes part and reaches the price.
    fn next_trader(&self, line: &mut Line<'_>) -> Option<Trader> {
        let aside = line.next_aside();
        let (mut cursor, mut after) = (line.cursor, line.cursor);
        let mut found = None;
        while let Some(seat) = self.advance(&mut after) {
            let order = self.standing_at(seat);
            if !line.side.reaches(order.price, line.price) {
                break;
            }
            if order.joins_auctions() {
                found = Some((seat, order));
                break;
            }
            cursor = after;
        }
        let is_aside = match (&found, aside) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some((_, order)), Some(index)) => line.asides[index].is_before(order),
        };
        if is_aside {
            line.cursor = cursor;
            line.aside_next += 1;
            return aside.map(|index| Trader::aside(index, &line.asides[index]));
        }
        line.cursor = after;
        found.map(|(seat, order)| Trader::resting(seat, &order))
    }

    /// What an order traded is taken off it.
    fn settle(&mut self, line: &mut Line<'_>, out: &mut impl Reports) {
        let Some(Trader { place, party, displayed, taken }) = line.trader.take() else { return };
        let seat = match place {
            Place::Aside(index) => {
                line.asides[index].leaves = party.leaves;
                return;
            }
            Place::Book(seat) => seat,
        };
        if taken == 0 {
            return;
        }
        self.record_at(seat).executed += taken;
        match seat {
            _ if party.leaves == 0 => self.vacate(seat),
            Seat::Hidden(handle) => {
                self.hidden.books.fill(handle, taken);
            }
            Seat::Displayed(handle) if displayed != 0 => {
                self.books.fill(handle, taken);
            }
            Seat::Displayed(handle) => {
                let slice = self.books.terms(handle).qty;
                self.reserves.kept[handle.index()] -= taken - slice;
                self.refill(handle, out);
            }
        }
    }
}

impl Trader {
    fn aside(index: usize, order: &Aside) -> Self {
        let Aside { order_id, client, leaves, arrival_mid2, owner, .. } = *order;
        let party = Party { order_id, client, leaves, arrival_mid2, owner };
        Self { place: Place::Aside(index), party, displayed: 0, taken: 0 }
    }

    fn resting(seat: Seat, order: &Standing) -> Self {
        let Standing { order_id, client, leaves, arrival_mid2, owner, displayed, .. } = *order;
        let party = Party { order_id, client, leaves, arrival_mid2, owner };
        Self { place: Place::Book(seat), party, displayed, taken: 0 }
    }

    /// Trades; gives how much of it was displayed, which goes first.
    fn trade(&mut self, qty: Lots) -> Lots {
        let shown = qty.min(self.displayed);
        self.displayed -= shown;
        self.party.leaves -= qty;
        self.taken += qty;
        shown
    }
}

impl Line<'_> {
    /// The caller's next order, if it reaches the price and has anything left.
    fn next_aside(&mut self) -> Option<usize> {
        while let Some(order) = self.asides.get(self.aside_next) {
            let is_reached = order.limit.is_none_or(|limit| self.side.reaches(limit, self.price));
            if is_reached && order.leaves != 0 {
                return Some(self.aside_next);
            }
            self.aside_next += 1;
        }
        None
    }
}

impl Aside {
    /// Whether it trades before an order in the book.
    fn is_before(&self, order: &Standing) -> bool {
        match self.limit {
            None => true,
            Some(limit) if limit != order.price => order.side.betters(limit, order.price),
            Some(_) => order.displayed == 0 && self.order_id < order.order_id,
        }
    }
}

impl Standing {
    /// Whether it takes part in auctions.
    const fn joins_auctions(&self) -> bool {
        self.minimum == 0 && !self.is_peg()
    }
}
