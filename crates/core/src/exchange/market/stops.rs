// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Stops: they wait for a trade, outside of the book. Source: docs/internals/market.md, 7.

use super::special::{List, Place, Special};
use super::{Market, MarketReports, OrderRequest};
use crate::events::RestateReason;
use crate::exchange::Restated;
use crate::types::{InstrumentId, Side, TsNs};

impl Market {
    /// Takes a stop. One that the last trade reaches triggers among the consequences.
    pub(super) fn enter_stop(
        &mut self,
        request: &OrderRequest,
        out: &mut impl MarketReports,
    ) -> u64 {
        let place = self.stop_place(request);
        self.set_aside(request, place, 0, out)
    }

    /// Where a stop stands after a look at the last trade.
    pub(super) fn stop_place(&mut self, request: &OrderRequest) -> Place {
        let OrderRequest { instrument, side, stop, .. } = *request;
        let listing = &mut self.listings[instrument as usize];
        if self.specials.counts(instrument).waiting == 0 {
            // Nobody has looked at these trades, and they came before this stop.
            listing.span = None;
        }
        let last = listing.last_price;
        let is_reached = last != 0 && stop.is_some_and(|stop| side.reaches(last, stop));
        if is_reached { Place::Reached } else { Place::Waiting }
    }

    /// Marks the stops that the trades so far have reached.
    pub(super) fn reach_stops(&mut self, instrument: InstrumentId) {
        let Some((low, high)) = self.listings[instrument as usize].span.take() else { return };
        if self.specials.counts(instrument).waiting == 0 {
            return;
        }
        for (side, price) in [(Side::Buy, high), (Side::Sell, low)] {
            while let Some(order_id) = self.specials.first_reached(instrument, side, price) {
                self.specials.change(order_id, |special| special.place = Place::Reached);
            }
        }
    }

    /// Triggers the reached stop with the lowest id; false when there is none.
    pub(super) fn trigger_stop(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) -> bool {
        if self.specials.counts(instrument).reached == 0 {
            return false;
        }
        let Some(old_order_id) = self.specials.next_in(List::Reached(instrument), [0, 0]) else {
            return false;
        };
        let Some(stop) = self.specials.remove(old_order_id) else { return false };
        let order_id = self.matcher.next_order_id();
        let request = OrderRequest { stop: None, ..stop.request };
        let price = self.priced(&request);
        out.restated(&Restated {
            old_order_id,
            order_id,
            client: request.client,
            price,
            leaves: request.qty,
            displayed: 0,
            owner: request.owner,
            instrument,
            side: request.side,
            reason: RestateReason::Trigger,
        });
        let special = Special { order_id, request, executed: stop.executed, place: Place::Book };
        let rests = self.enter_known(ts_ns, &special, price, out);
        if rests && request.outlives_the_day() {
            self.specials.insert(special);
        }
        true
    }
}
