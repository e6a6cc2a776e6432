// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the market showed where an order of ours was about to go: the queue that it joined, and what
//! it could have taken.

use super::{At, Market, TapeSink};
use crate::component::Entry;
use crate::events::{
    EnterOrder, OrderAccepted, OrderReplaced, OrderSent, OrderType, ReplaceOrder, ReplaceSent,
    SetQuote, SubmitOrder,
};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// What was shown at a price, and on the way to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// The price; `i64::MAX` where any price would do.
    pub price: Ticks,
    /// Lots of the bids at the price.
    pub bid_lots: Lots,
    /// Lots of the asks at the price.
    pub ask_lots: Lots,
    /// Lots that a buy at the price could take: asks at the price or below.
    pub takeable_buy_lots: Lots,
    /// Lots that a sale at the price could take: bids at the price or above.
    pub takeable_sell_lots: Lots,
}

/// Stands for the price of an order that has none.
const ANY_PRICE: Ticks = Ticks::MAX;

impl Market {
    /// Tells what was shown where an entry of ours puts an order.
    pub(super) fn asked<S: TapeSink>(&mut self, entry: Entry<'_>, sink: &mut S) {
        let body = entry.body;
        let mut tell = |id, price| self.tell(entry, id, price, sink);
        match entry.kind {
            EnterOrder::KIND => super::with(EnterOrder::decode(body), |order| {
                tell(order.instrument_id, priced(order.order_type, order.price_ticks));
            }),
            SubmitOrder::KIND => super::with(SubmitOrder::decode(body), |order| {
                tell(order.instrument_id, priced(order.order_type, order.price_ticks));
            }),
            OrderSent::KIND => super::with(OrderSent::decode(body), |order| {
                tell(order.instrument_id, priced(order.order_type, order.price_ticks));
            }),
            OrderAccepted::KIND => super::with(OrderAccepted::decode(body), |order| {
                tell(order.instrument_id, priced(order.order_type, order.price_ticks));
            }),
            ReplaceOrder::KIND => super::with(ReplaceOrder::decode(body), |order| {
                tell(order.instrument_id, order.price_ticks);
            }),
            ReplaceSent::KIND => super::with(ReplaceSent::decode(body), |order| {
                tell(order.instrument_id, order.price_ticks);
            }),
            OrderReplaced::KIND => super::with(OrderReplaced::decode(body), |order| {
                tell(order.instrument_id, order.price_ticks);
            }),
            SetQuote::KIND => super::with(SetQuote::decode(body), |quote| {
                if quote.bid_qty_lots != 0 {
                    tell(quote.instrument_id, quote.bid_price_ticks);
                }
                if quote.ask_qty_lots != 0 {
                    tell(quote.instrument_id, quote.ask_price_ticks);
                }
            }),
            _ => {}
        }
    }

    fn tell<S: TapeSink>(&self, entry: Entry<'_>, id: InstrumentId, price: Ticks, sink: &mut S) {
        if let Some(depth) = self.depth(id, price) {
            sink.depth(At::of(entry, id), &depth);
        }
    }

    /// What is shown at a price now; `None` for an instrument that nothing was said of.
    fn depth(&self, id: InstrumentId, price: Ticks) -> Option<Depth> {
        let books = self.open_books(id)?;
        let at = |side| books.level(id, side, price).map_or(0, |level| level.qty);
        let takeable = |side: Side| {
            let reached = books
                .levels(id, side.opposite())
                .take_while(|level| price == ANY_PRICE || side.reaches(price, level.price));
            reached.fold(0, |sum: Lots, level| sum.saturating_add(level.qty))
        };
        Some(Depth {
            price,
            bid_lots: at(Side::Buy),
            ask_lots: at(Side::Sell),
            takeable_buy_lots: takeable(Side::Buy),
            takeable_sell_lots: takeable(Side::Sell),
        })
    }
}

fn priced(order_type: u8, price: Ticks) -> Ticks {
    if order_type == OrderType::Market.raw() { ANY_PRICE } else { price }
}
