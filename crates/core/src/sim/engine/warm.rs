// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Reading ahead: the books fetch what the next messages will touch while these are worked on.
//! Changes nothing: a run with it and one without are equal.

use super::Engine;
use crate::book::Books;
use crate::events::{MarketAction, MarketUpdated, Side};
use crate::feed::ItchFeed;
use crate::wire::itch::{FileFrames, Frame, Message};

impl Engine {
    /// Messages that [`Self::warm`] looks at.
    pub const WARM_MAX: usize = Books::WARM_MAX;

    /// Reads what the first messages of these length-prefixed ITCH bytes will touch.
    #[inline]
    pub fn warm(&self, upcoming: &[u8]) {
        if upcoming.is_empty() {
            return;
        }
        let mut updates = [NOTHING; Self::WARM_MAX];
        let mut count = 0;
        for frame in FileFrames::block(upcoming, 0).take(Self::WARM_MAX) {
            let Ok(Frame::Message(message)) = frame else { break };
            if let Some(update) = glance(&self.feed, message) {
                updates[count] = update;
                count += 1;
            }
        }
        self.core.venue.books().warm(&updates[..count]);
    }
}

const NOTHING: MarketUpdated = MarketUpdated {
    venue_ts_ns: 0,
    order_ref: 0,
    other_ref: 0,
    price_ticks: 0,
    qty_lots: 0,
    instrument_id: 0,
    action: MarketAction::Delete.raw(),
    side: 0,
    flags: 0,
};

/// What a message will touch, as far as that is plain from it alone.
#[inline]
fn glance(feed: &ItchFeed, message: &[u8]) -> Option<MarketUpdated> {
    let order_ref = match Message::decode(message).ok()? {
        Message::AddOrder(view) => {
            let add = view.read();
            return Some(MarketUpdated {
                order_ref: add.order_ref,
                price_ticks: i64::from(add.price_e4),
                instrument_id: feed.instrument_at(add.stock_locate),
                action: MarketAction::Add.raw(),
                side: if add.side == b'S' { Side::Sell.raw() } else { Side::Buy.raw() },
                ..NOTHING
            });
        }
        Message::OrderExecuted(view) => view.read().order_ref,
        Message::OrderExecutedWithPrice(view) => view.read().order_ref,
        Message::OrderCancel(view) => view.read().order_ref,
        Message::OrderDelete(view) => view.read().order_ref,
        Message::OrderReplace(view) => view.read().order_ref,
        _ => return None,
    };
    Some(MarketUpdated { order_ref, ..NOTHING })
}
