// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The books of the venues, and what changed in them.

use super::{At, Market, Print, TapeSink, Top, VENUES_MAX, Venue};
use crate::book::{Bbo, Books};
use crate::component::Entry;
use crate::events::{MarketAction, MarketUpdated, TickRungDefined};
use crate::feed::FLAG_NOT_PRINTABLE;
use crate::types::{InstrumentId, Rung, Side, TickTable};

impl Market {
    /// An instrument, its symbol and its prices.
    pub(super) fn define(&mut self, id: InstrumentId, symbol: [u8; 16], ticks: TickTable) {
        let Some(listing) = self.listings.get_mut(id as usize) else { return };
        // A feed's own table stands: the definition that follows it in the journal has none.
        if !listing.is_defined {
            listing.ticks = ticks;
        }
        listing.symbol = symbol;
        listing.is_defined = true;
    }

    /// One rung of a tick table.
    pub(super) fn rung(&mut self, rung: &TickRungDefined) {
        let Some(listing) = self.listings.get_mut(rung.instrument_id as usize) else { return };
        let mut rungs = listing.ticks.rungs().to_vec();
        rungs.truncate(rung.rung as usize);
        rungs.push(Rung { from: rung.from_price_ticks, increment: rung.increment_ticks });
        if let Ok(table) = TickTable::from_rungs(&rungs) {
            listing.ticks = table;
        }
    }

    /// Place of a venue's books; `None` when there are too many venues.
    pub(super) fn venue(&mut self, id: u32, feed: Option<u16>) -> Option<usize> {
        let found = self.venues.iter().position(|venue| venue.id == id);
        let at = found.unwrap_or(self.venues.len());
        if at == VENUES_MAX {
            return None;
        }
        if found.is_none() {
            self.venues.push(Venue { id, feed: None, books: None });
        }
        self.venues[at].feed = feed.or(self.venues[at].feed);
        Some(at)
    }

    /// Whether the journal says which feed is which venue's.
    pub(super) fn has_feeds(&self) -> bool {
        self.venues.iter().any(|venue| venue.feed.is_some())
    }

    /// The books that an instrument stands in, made at its first update: its ticks are known by then.
    fn books_of(&mut self, id: InstrumentId) -> Option<&mut Books> {
        let listing = *self.listings.get(id as usize)?;
        if let Some(at) = listing.books {
            return self.venues[usize::from(at)].books.as_mut();
        }
        if id == 0 || !listing.is_defined {
            return None;
        }
        let at = self.venue(listing.venue_id, None)?;
        let books = self.venues[at].books.get_or_insert_with(|| Books::new(self.config));
        let step = listing.ticks.rungs().last().map_or(1, |rung| rung.increment);
        books.define(id, step).ok()?;
        self.listings[id as usize].books = Some(at as u8);
        Some(books)
    }

    /// One thing that happened in the market.
    #[inline]
    pub(super) fn update<S: TapeSink>(
        &mut self,
        update: &MarketUpdated,
        entry: Entry<'_>,
        sink: &mut S,
    ) {
        let at = At::of(entry, update.instrument_id);
        let Some(books) = self.books_of(at.instrument) else {
            self.counts.unplaced += 1;
            return;
        };
        if let Some(print) = print_of(books, update) {
            sink.print(at, &print);
        }
        let outcome = books.apply_market(update);
        match outcome {
            Ok(outcome) if outcome.bbo_changed() => {
                let top = top_of(books.bbo(at.instrument));
                self.look(at, top, sink);
            }
            Ok(_) => {}
            Err(_) => self.counts.unplaced += 1,
        }
    }

    /// Tells of the best prices if they are others than before.
    fn look<S: TapeSink>(&mut self, at: At, top: Top, sink: &mut S) {
        let listing = &mut self.listings[at.instrument as usize];
        if listing.top == top {
            return;
        }
        listing.top = top;
        let is_crossed = top.bid_qty != 0 && top.ask_qty != 0 && top.bid > top.ask;
        self.counts.crossed += u64::from(is_crossed && !listing.is_crossed);
        listing.is_crossed = is_crossed;
        sink.top(at, &top);
    }

    /// The books that hold an instrument, if any do.
    pub(super) fn open_books(&self, id: InstrumentId) -> Option<&Books> {
        let at = self.listings.get(id as usize)?.books?;
        self.venues[usize::from(at)].books.as_ref()
    }
}

/// The trade that a message speaks of, before it is applied.
#[inline]
fn print_of(books: &Books, update: &MarketUpdated) -> Option<Print> {
    let MarketUpdated { price_ticks, qty_lots, other_ref, flags, .. } = *update;
    let print = Print {
        price: price_ticks,
        qty: qty_lots,
        match_id: other_ref,
        aggressor: Side::from_raw(update.side).map(Side::opposite),
        is_volume: flags & FLAG_NOT_PRINTABLE == 0,
        is_break: false,
    };
    match MarketAction::from_raw(update.action)? {
        MarketAction::Execute => {
            let order = books.order(update.order_ref)?;
            let price = if price_ticks == 0 { order.price } else { price_ticks };
            let (qty, aggressor) = (qty_lots.min(order.qty), Some(order.side.opposite()));
            Some(Print { price, qty, aggressor, ..print })
        }
        MarketAction::Trade | MarketAction::Cross if qty_lots > 0 => Some(print),
        MarketAction::Break => Some(Print { price: 0, qty: 0, is_break: true, ..print }),
        _ => None,
    }
}

#[inline]
fn top_of(Bbo { bid, ask }: Bbo) -> Top {
    let (bid, bid_qty) = bid.map_or((0, 0), |level| (level.price, level.qty));
    let (ask, ask_qty) = ask.map_or((0, 0), |level| (level.price, level.qty));
    Top { bid, bid_qty, ask, ask_qty }
}
