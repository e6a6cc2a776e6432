// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Which field to name when the market says that parts of an order do not go together.
//! Source: docs/internals/market.md, 1.

use super::{Fault, Field};
use crate::events::RejectReason;
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PostOnly, Pricing, SizeCondition,
};

impl Fault {
    /// The market's refusal of a new order, with the field that it is about where there is one.
    #[must_use]
    pub fn of_order(reason: RejectReason, request: &OrderRequest) -> Self {
        match reason {
            RejectReason::FieldInvalid => Self { reason, field: misfit(request) },
            _ => Self::of(reason),
        }
    }
}

/// The part of an order that does not go with the others.
fn misfit(request: &OrderRequest) -> Field {
    let is_displayed = request.display == Display::Displayed;
    let is_hidden = request.display == Display::Hidden;
    let is_market = request.pricing == Pricing::Market;
    let is_peg = matches!(request.pricing, Pricing::Peg { .. });
    let is_auction = request.auction != Auction::None;
    let is_stop = request.stop.is_some();
    let is_immediate = matches!(request.life, Life::Ioc | Life::Fok);
    let has_size = request.size != SizeCondition::None;
    let is_too_big = match (request.display, request.size) {
        (Display::Reserve { displayed }, _) if displayed == 0 || displayed > request.qty => {
            return Field::MaxFloor;
        }
        (_, SizeCondition::Minimum(least)) => least == 0 || least > request.qty,
        _ => false,
    };
    let post_only_with = is_market || is_peg || is_stop || is_immediate || has_size || is_auction;
    let size_with = !is_market && !is_immediate && !is_hidden || is_stop || is_auction;
    let whole_market = is_market && request.size == SizeCondition::All;
    let life_with = match request.life {
        Life::Day => is_stop && is_auction,
        Life::Ioc => is_peg || is_auction,
        Life::Fok => is_peg || is_auction || is_market,
        Life::Gtc => is_auction || is_market,
        // Whatever else it is: an end may have come already.
        Life::Until(_) => true,
    };
    if is_too_big || has_size && size_with || whole_market {
        Field::MinimumQuantity
    } else if request.post_only != PostOnly::Off && post_only_with {
        Field::PostOnly
    } else if is_peg && is_auction {
        Field::Peg
    } else if is_peg && is_stop {
        Field::Stop
    } else if is_peg && !is_hidden || (is_stop || is_auction || is_market) && !is_displayed {
        Field::Display
    } else if life_with {
        Field::TimeInForce
    } else {
        Field::Any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::{Side, StpMode};
    use crate::exchange::market::{PegTo, SelfTrade, StpScope};

    const PLAIN: OrderRequest = OrderRequest {
        client: 0,
        owner: 1,
        instrument: 1,
        side: Side::Buy,
        qty: 100,
        pricing: Pricing::Limit(100),
        stop: None,
        display: Display::Displayed,
        size: SizeCondition::None,
        post_only: PostOnly::Off,
        life: Life::Day,
        auction: Auction::None,
        stp: SelfTrade { mode: StpMode::Off, scope: StpScope::Firm },
    };

    #[test]
    fn the_field_is_named_that_does_not_go_with_the_others() {
        let peg = Pricing::Peg { to: PegTo::Midpoint, offset: 0, limit: None };
        let hidden = Display::Hidden;
        let market = Pricing::Market;
        for (request, field) in [
            (PLAIN, Field::Any),
            (
                OrderRequest { display: Display::Reserve { displayed: 101 }, ..PLAIN },
                Field::MaxFloor,
            ),
            (OrderRequest { size: SizeCondition::Minimum(10), ..PLAIN }, Field::MinimumQuantity),
            (OrderRequest { size: SizeCondition::All, display: hidden, ..PLAIN }, Field::Any),
            (
                OrderRequest { post_only: PostOnly::Slide, life: Life::Ioc, ..PLAIN },
                Field::PostOnly,
            ),
            (OrderRequest { pricing: peg, ..PLAIN }, Field::Display),
            (
                OrderRequest { pricing: peg, display: hidden, life: Life::Fok, ..PLAIN },
                Field::TimeInForce,
            ),
            (OrderRequest { pricing: peg, display: hidden, stop: Some(9), ..PLAIN }, Field::Stop),
            (OrderRequest { pricing: market, life: Life::Gtc, ..PLAIN }, Field::TimeInForce),
            (OrderRequest { pricing: market, display: hidden, ..PLAIN }, Field::Display),
            (OrderRequest { stop: Some(9), display: hidden, ..PLAIN }, Field::Display),
            (OrderRequest { auction: Auction::Open, life: Life::Gtc, ..PLAIN }, Field::TimeInForce),
        ] {
            assert_eq!(misfit(&request), field, "{request:?}");
        }
    }
}
