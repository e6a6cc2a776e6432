// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market: what stands above matching. Every kind of order, phases, auctions, bands.
//!
//! Commands in, reports out, as the matcher below it; the rules are in docs/internals/market.md.
//!
//! ```text
//! enter, replace ─► check ─┬─► matcher (the book)
//!                          └─► specials: stops, parked pegs, on-open, on-close ─► matcher
//! each command ─► its consequences: pegs, size conditions, stops, limit state
//! ```
//!
//! Invariants: the reports of a command say all that it did, `accepted` before what follows from it;
//! a refused command changes nothing; nothing is allocated after [`Market::new`] and the definition
//! of instruments.

mod auction;
mod bands;
mod cancel;
mod change;
mod check;
mod consequence;
mod entry;
mod life;
mod listing;
mod pegs;
mod phases;
mod price;
mod recent;
mod report;
mod request;
mod rules;
mod snapshot;
mod sorted;
mod special;
mod stops;
#[cfg(test)]
mod tests;
mod watch;

pub use report::{
    BandsReport, Cross, Indicative, MarketReport, MarketReports, PhaseReport, ReportList,
};
pub use request::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition,
    StpScope,
};
pub use rules::{InstrumentRules, MarketConfig, Replacement, Which};

use crate::book::BookError;
use crate::events::{Phase, RejectReason};
use crate::exchange::{Aside, Matcher, PriceTime, Rejected, Reports};
use crate::types::{InstrumentId, Lots, Side, TickTable, Ticks, TsNs};
use check::Fault;
use listing::Listing;
use price::Point;
use recent::Recent;
use special::{Place, Specials};
use watch::Watch;

/// An order of the market, wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveOrder {
    /// Its id.
    pub order_id: u64,
    /// The caller's own handle.
    pub client: u64,
    /// Whose.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Price it stands at, in ticks; its limit where it waits, 0 without one.
    pub price: Ticks,
    /// What is left of it, in lots.
    pub leaves: Lots,
    /// Executed over the chain of replacements, in lots.
    pub executed: Lots,
    /// How much of it is displayed, in lots.
    pub displayed: Lots,
    /// Whether it stands in the book (a stop, a parked peg, an auction order does not).
    pub is_in_book: bool,
}

/// All instruments of an exchange.
#[derive(Debug)]
pub struct Market {
    matcher: Matcher<PriceTime>,
    listings: Vec<Listing>,
    /// Highest instrument that is defined.
    instrument_last: InstrumentId,
    specials: Specials,
    /// By owner; 0 for none.
    firms: Vec<u32>,
    /// Orders that a command has yet to go through.
    ids: Vec<u64>,
    /// Instruments that a command has touched.
    touched: Vec<InstrumentId>,
    /// Prices of an auction.
    points: Vec<Point>,
    /// On-open and on-close orders of an auction, by side.
    asides: [Vec<Aside>; 2],
    config: MarketConfig,
}

impl Market {
    /// A market without instruments or orders.
    ///
    /// # Panics
    /// When the memory cannot be had, or a limit is 2^30 or more.
    #[must_use]
    pub fn new(config: MarketConfig) -> Self {
        let MarketConfig { matcher, specials_max, owners_max } = config;
        assert!(specials_max < 1 << 30, "limits below 2^30");
        let instruments_max = matcher.books.instruments_max;
        let orders_max = matcher.books.orders_max as usize
            + matcher.hidden_orders_max as usize
            + specials_max as usize;
        let mut listings = Vec::new();
        listings.resize_with(instruments_max as usize + 1, || Listing::UNDEFINED);
        Self {
            matcher: Matcher::new(matcher),
            listings,
            instrument_last: 0,
            specials: Specials::new(specials_max, instruments_max),
            firms: vec![0; owners_max as usize + 1],
            ids: Vec::with_capacity(orders_max),
            touched: Vec::with_capacity(orders_max),
            points: Vec::with_capacity(orders_max + 1),
            asides: [
                Vec::with_capacity(specials_max as usize),
                Vec::with_capacity(specials_max as usize),
            ],
            config,
        }
    }

    /// Defines an instrument, closed at first; or gives it another tick table with the same top step,
    /// and other rules.
    ///
    /// # Errors
    /// [`BookError`] when the id is out of range, or the step is or changes.
    pub fn define_instrument(
        &mut self,
        instrument: InstrumentId,
        tick_table: TickTable,
        rules: InstrumentRules,
    ) -> Result<(), BookError> {
        self.matcher.define_instrument(instrument, tick_table)?;
        self.matcher.set_pro_rata(instrument, rules.pro_rata);
        self.instrument_last = self.instrument_last.max(instrument);
        let listing = &mut self.listings[instrument as usize];
        listing.rules = rules;
        if listing.last_price == 0 {
            listing.reference = rules.reference.max(0);
        }
        listing.tick_table = tick_table;
        if rules.band_bps == 0 {
            listing.recent = None;
        } else if listing.recent.is_none() {
            listing.recent = Some(Box::new(Recent::new()));
        }
        if !listing.is_defined {
            listing.is_defined = true;
            self.matcher.set_matching(instrument, false);
        }
        Ok(())
    }

    /// Says which firm a port belongs to; 0 for none. False when the port is above `owners_max`.
    pub fn set_firm(&mut self, owner: u32, firm: u32) -> bool {
        let Some(place) = self.firms.get_mut(owner as usize) else { return false };
        *place = firm;
        self.matcher.set_firm(owner, firm)
    }

    /// Phase of an instrument; `None` when it is not defined.
    #[must_use]
    pub fn phase(&self, instrument: InstrumentId) -> Option<Phase> {
        self.listing(instrument).map(|listing| listing.phase)
    }

    /// Rules of an instrument; `None` when it is not defined.
    #[must_use]
    pub fn rules(&self, instrument: InstrumentId) -> Option<InstrumentRules> {
        self.listing(instrument).map(|listing| listing.rules)
    }

    /// Price of the last trade of an instrument, in ticks; `None` before the first.
    #[must_use]
    pub fn last_price(&self, instrument: InstrumentId) -> Option<Ticks> {
        self.listing(instrument).map(|listing| listing.last_price).filter(|&price| price != 0)
    }

    /// The bands of an instrument as they stand; reference 0: it has none now.
    #[must_use]
    pub fn bands(&self, instrument: InstrumentId) -> Option<BandsReport> {
        self.listing(instrument).map(|listing| listing.bands.report(instrument))
    }

    /// The matcher: books, best prices, resting orders.
    #[must_use]
    pub const fn matcher(&self) -> &Matcher<PriceTime> {
        &self.matcher
    }

    /// The limits it was made with.
    #[must_use]
    pub const fn config(&self) -> MarketConfig {
        self.config
    }

    /// How many orders are live, in the book or outside of it.
    #[must_use]
    pub fn live_orders(&self) -> u32 {
        self.matcher.live_orders() + self.specials.outside()
    }

    /// A live order, in the book or outside of it.
    #[must_use]
    pub fn order(&self, order_id: u64) -> Option<LiveOrder> {
        if let Some(order) = self.matcher.standing(order_id) {
            return Some(LiveOrder {
                order_id,
                client: order.client,
                owner: order.owner,
                instrument: order.instrument,
                side: order.side,
                price: order.price,
                leaves: order.leaves,
                executed: order.executed,
                displayed: order.displayed,
                is_in_book: true,
            });
        }
        let special = self.specials.get(order_id)?;
        let request = &special.request;
        Some(LiveOrder {
            order_id,
            client: request.client,
            owner: request.owner,
            instrument: request.instrument,
            side: request.side,
            price: request.limit_price().unwrap_or(0),
            leaves: request.qty,
            executed: special.executed,
            displayed: 0,
            is_in_book: false,
        })
    }

    /// Ids of the orders outside of the book, in no order that means anything.
    pub fn orders_outside(&self) -> impl Iterator<Item = u64> + '_ {
        let outside = self.specials.iter().filter(|special| special.place != Place::Book);
        outside.map(|special| special.order_id)
    }

    #[inline]
    fn listing(&self, instrument: InstrumentId) -> Option<&Listing> {
        self.listings.get(instrument as usize).filter(|listing| listing.is_defined)
    }

    fn defined(&self) -> impl Iterator<Item = InstrumentId> + use<> {
        1..=self.instrument_last
    }

    /// The matcher, and who hears it while it works on an instrument.
    #[inline]
    fn hear<'a, R>(
        &'a mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &'a mut R,
    ) -> (&'a mut Matcher<PriceTime>, Watch<'a, R>) {
        let has_specials = self.specials.counts(instrument).all != 0;
        let watch = Watch {
            out,
            listing: &mut self.listings[instrument as usize],
            specials: &mut self.specials,
            has_specials,
            ts_ns,
        };
        (&mut self.matcher, watch)
    }
}

/// Says that a command is refused.
#[cold]
fn reject(
    Fault { reason, value, bound }: Fault,
    command: u16,
    instrument: InstrumentId,
    owner: u32,
    client: u64,
    out: &mut impl Reports,
) {
    out.rejected(&Rejected { client, value, bound, owner, instrument, reason, command });
}

/// Says that there is no such order.
#[cold]
fn reject_unknown(order_id: u64, command: u16, client: u64, out: &mut impl Reports) {
    let fault = Fault::new(RejectReason::OrderUnknown, order_id.cast_signed(), 0);
    reject(fault, command, 0, 0, client, out);
}
