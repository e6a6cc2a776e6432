// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Which parts of an order go together. Source: docs/internals/market.md, 1.

use super::request::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SizeCondition,
};
use crate::events::{OrderType, Phase, RejectReason, TimeInForce};
use crate::exchange::QTY_MAX;
use crate::types::{Lots, Ticks, TsNs};

/// Why a command is refused, what was found, and what was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) reason: RejectReason,
    pub(super) value: i64,
    pub(super) bound: i64,
}

impl Fault {
    #[cold]
    pub(super) const fn new(reason: RejectReason, value: i64, bound: i64) -> Self {
        Self { reason, value, bound }
    }
}

/// Refuses an end that has come already.
pub(super) const fn check_until(ts_ns: TsNs, life: Life) -> Result<(), Fault> {
    match life {
        Life::Until(end) if end <= ts_ns => Err(Fault::new(RejectReason::FieldInvalid, end, ts_ns)),
        _ => Ok(()),
    }
}

impl SizeCondition {
    /// What is left of it in an order that has `qty` left.
    pub(super) fn capped(self, qty: Lots) -> Self {
        match self {
            Self::Minimum(least) => Self::Minimum(least.min(qty)),
            Self::None | Self::All => self,
        }
    }
}

impl OrderRequest {
    pub(super) const fn is_peg(&self) -> bool {
        matches!(self.pricing, Pricing::Peg { .. })
    }

    /// Its limit price; `None` for a market order, and for a peg without one.
    pub(super) const fn limit_price(&self) -> Option<Ticks> {
        match self.pricing {
            Pricing::Limit(price) => Some(price),
            Pricing::Market => None,
            Pricing::Peg { limit, .. } => limit,
        }
    }

    /// Whether what is left of it joins the book.
    pub(super) const fn rests(&self) -> bool {
        !matches!(self.pricing, Pricing::Market) && !matches!(self.life, Life::Ioc | Life::Fok)
    }

    /// Whether it lives on after the day.
    pub(super) const fn outlives_the_day(&self) -> bool {
        matches!(self.life, Life::Gtc | Life::Until(_))
    }

    /// Whether the market keeps something of it even while it is in the book.
    pub(super) const fn is_special(&self) -> bool {
        self.is_peg()
            || self.stop.is_some()
            || self.outlives_the_day()
            || !matches!(self.auction, Auction::None)
    }

    /// Whether the matcher can do all of it.
    pub(super) const fn is_plain(&self) -> bool {
        !self.is_special()
            && matches!(self.display, Display::Displayed)
            && matches!(self.size, SizeCondition::None)
            && !matches!(self.post_only, PostOnly::Slide)
    }

    pub(super) const fn has_size_condition(&self) -> bool {
        !matches!(self.size, SizeCondition::None)
    }

    /// Its type, as reports and events have it.
    pub(super) const fn order_type(&self) -> OrderType {
        match (self.stop, self.pricing) {
            (None, Pricing::Limit(_)) => OrderType::Limit,
            (None, Pricing::Market) => OrderType::Market,
            (Some(_), Pricing::Limit(_)) => OrderType::StopLimit,
            (Some(_), Pricing::Market) => OrderType::Stop,
            (_, Pricing::Peg { to: PegTo::Primary, .. }) => OrderType::PegPrimary,
            (_, Pricing::Peg { to: PegTo::Market, .. }) => OrderType::PegMarket,
            (_, Pricing::Peg { to: PegTo::Midpoint, .. }) => OrderType::PegMidpoint,
        }
    }

    /// Its life, as reports and events have it.
    pub(super) const fn time_in_force(&self) -> TimeInForce {
        match (self.auction, self.life) {
            (Auction::Open, _) => TimeInForce::Open,
            (Auction::Close, _) => TimeInForce::Close,
            (_, Life::Day) => TimeInForce::Day,
            (_, Life::Ioc) => TimeInForce::Ioc,
            (_, Life::Fok) => TimeInForce::Fok,
            (_, Life::Gtc) => TimeInForce::Gtc,
            (_, Life::Until(_)) => TimeInForce::Until,
        }
    }

    const fn is_immediate(&self) -> bool {
        matches!(self.life, Life::Ioc | Life::Fok)
    }

    /// Refuses parts that do not go together, prices aside.
    pub(super) fn check_fields(&self) -> Result<(), Fault> {
        let is_displayed = matches!(self.display, Display::Displayed);
        let is_auction = self.auction != Auction::None;
        let has_size = self.has_size_condition();
        let is_market = self.pricing == Pricing::Market;
        let too_big = match (self.display, self.size) {
            (Display::Reserve { displayed }, _) if displayed == 0 || displayed > self.qty => true,
            (_, SizeCondition::Minimum(least)) => least == 0 || least > self.qty,
            _ => false,
        };
        let post_only_with = is_market
            || self.is_peg()
            || self.stop.is_some()
            || self.is_immediate()
            || has_size
            || is_auction;
        let peg_with =
            self.display != Display::Hidden || self.stop.is_some() || self.is_immediate();
        let is_refused = self.owner == 0
            || too_big
            || (has_size && self.rests() && self.display != Display::Hidden)
            || (self.post_only != PostOnly::Off && post_only_with)
            || (self.is_peg() && peg_with)
            || (self.stop.is_some() && (is_auction || !is_displayed || has_size))
            || (is_auction
                && (!is_displayed || has_size || self.is_peg() || self.life != Life::Day))
            || (is_market && !self.is_market_whole(is_displayed));
        if is_refused {
            return Err(Fault::new(RejectReason::FieldInvalid, 0, 0));
        }
        Ok(())
    }

    /// Whether a market order has the life, display and size condition that one may have.
    const fn is_market_whole(&self, is_displayed: bool) -> bool {
        matches!(self.life, Life::Day | Life::Ioc)
            && is_displayed
            && !matches!(self.size, SizeCondition::All)
    }

    /// Refuses a quantity that no order has.
    pub(super) fn check_qty(&self) -> Result<(), Fault> {
        if self.qty.wrapping_sub(1) < QTY_MAX {
            return Ok(());
        }
        let bound = if self.qty == 0 { 1 } else { QTY_MAX.cast_signed() };
        Err(Fault::new(RejectReason::QtyInvalid, self.qty.cast_signed(), bound))
    }

    /// Refuses an order that the phase does not take.
    pub(super) fn check_phase(&self, phase: Phase) -> Result<(), Fault> {
        let waits = self.stop.is_some()
            || self.auction != Auction::None
            || (self.rests() && self.post_only == PostOnly::Off);
        let is_taken = match phase {
            Phase::Closed | Phase::Halted => false,
            Phase::Continuous => self.auction != Auction::Open,
            Phase::PreOpen | Phase::OpeningAuction => waits,
            Phase::VolatilityAuction | Phase::ClosingAuction => {
                waits && self.auction != Auction::Open
            }
        };
        if is_taken {
            return Ok(());
        }
        let (found, wanted) = (phase.raw(), Phase::Continuous.raw());
        Err(Fault::new(RejectReason::NotTrading, i64::from(found), i64::from(wanted)))
    }
}
