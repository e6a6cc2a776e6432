// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the market knows of an instrument beside its book and its orders.

use super::recent::Recent;
use super::rules::InstrumentRules;
use crate::events::Phase;
use crate::exchange::PRICE_MAX;
use crate::types::{Side, TickTable, Ticks, TsNs};

/// The bands of an instrument, and whether it stands at one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bands {
    /// 0: there are none now.
    pub(super) reference: Ticks,
    pub(super) lower: Ticks,
    pub(super) upper: Ticks,
    /// When the reference was last looked at.
    pub(super) updated_ns: TsNs,
    /// The side whose best price stands at its band, and since when.
    pub(super) limit: Option<(Side, TsNs)>,
}

impl Bands {
    /// The worst price an order of a side may have.
    pub(super) fn worst(&self, side: Side) -> Option<Ticks> {
        (self.reference != 0).then_some(match side {
            Side::Buy => self.upper,
            Side::Sell => self.lower,
        })
    }
}

/// One instrument.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) rules: InstrumentRules,
    pub(super) tick_table: TickTable,
    pub(super) is_defined: bool,
    pub(super) phase: Phase,
    /// What auctions are held against: the last trade price, else what was said; 0 for none.
    pub(super) reference: Ticks,
    /// 0 before the first trade.
    pub(super) last_price: Ticks,
    /// The day's first; 0 before it.
    pub(super) first_price: Ticks,
    /// Lowest and highest price of the trades that stops have not seen yet.
    pub(super) span: Option<(Ticks, Ticks)>,
    /// Whether something has rested since orders with a size condition last tried.
    pub(super) has_rested: bool,
    /// Displayed best prices when pegs were last priced; [`Listing::UNSEEN`]: they must be again.
    pub(super) best_seen: [Option<Ticks>; 2],
    pub(super) bands: Bands,
    /// When the volatility auction ends; 0: when it is ended.
    pub(super) pause_ends_ns: TsNs,
    /// The trades that the bands' reference is made of; where there are bands.
    pub(super) recent: Option<Box<Recent>>,
}

impl Listing {
    /// Equal to no book's best prices, not even to those of an empty one.
    pub(super) const UNSEEN: [Option<Ticks>; 2] = [Some(0); 2];
    pub(super) const UNDEFINED: Self = Self {
        rules: InstrumentRules {
            reference: 0,
            collar: 0,
            band_bps: 0,
            pause_ms: 0,
            auction_collar_bps: 0,
            pro_rata: false,
        },
        tick_table: TickTable::flat(1),
        is_defined: false,
        phase: Phase::Closed,
        reference: 0,
        last_price: 0,
        first_price: 0,
        span: None,
        has_rested: false,
        best_seen: [None; 2],
        bands: Bands { reference: 0, lower: 0, upper: 0, updated_ns: 0, limit: None },
        pause_ends_ns: 0,
        recent: None,
    };

    /// Whether an order may have this limit.
    pub(super) fn allows(&self, price: Ticks) -> bool {
        price <= PRICE_MAX && self.tick_table.allows(price)
    }

    /// Takes note of a trade.
    #[inline]
    pub(super) fn traded(&mut self, ts_ns: TsNs, price: Ticks) {
        (self.last_price, self.reference) = (price, price);
        if self.first_price == 0 {
            self.first_price = price;
        }
        let (low, high) = self.span.unwrap_or((price, price));
        self.span = Some((low.min(price), high.max(price)));
        if let Some(recent) = &mut self.recent {
            recent.add(ts_ns, price);
        }
    }

    /// Whether a plain order can go straight to the matcher.
    #[inline]
    pub(super) const fn is_plain(&self) -> bool {
        matches!(self.phase, Phase::Continuous)
            && self.rules.band_bps == 0
            && self.rules.collar == 0
    }

    /// Whether orders gather for an auction.
    pub(super) const fn is_auction(&self) -> bool {
        matches!(
            self.phase,
            Phase::OpeningAuction | Phase::VolatilityAuction | Phase::ClosingAuction
        )
    }
}
