// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How long orders live. Source: docs/internals/market.md, 14.

use super::special::Place;
use super::{Market, MarketReports};
use crate::events::{CancelReason, Phase};
use crate::exchange::Rested;
use crate::types::{Side, TsNs};

impl Market {
    /// Cancels the orders whose time has come, before the input of this time acts.
    #[inline]
    pub(super) fn expire(&mut self, ts_ns: TsNs, out: &mut impl MarketReports) {
        if self.specials.len() != 0 && self.specials.has_expired(ts_ns) {
            self.cancel_expired(ts_ns, out);
        }
    }

    fn cancel_expired(&mut self, ts_ns: TsNs, out: &mut impl MarketReports) {
        self.ids.clear();
        let mut from = [0, 0];
        while let Some([by, order_id]) = self.specials.next_expired(from, ts_ns) {
            self.ids.push(order_id);
            from = [by, order_id + 1];
        }
        self.cancel_collected(ts_ns, CancelReason::Expired, out);
    }

    /// The day ends: every instrument closes, and day orders are cancelled, lowest id first.
    pub fn day_ended(&mut self, ts_ns: TsNs, out: &mut impl MarketReports) {
        self.expire(ts_ns, out);
        for instrument in self.defined() {
            if self.listing(instrument).is_some() {
                self.change_phase(ts_ns, instrument, Phase::Closed, out);
                self.clear_bands(instrument, out);
            }
        }
        self.ids.clear();
        for instrument in self.defined() {
            for side in [Side::Buy, Side::Sell] {
                let ids = self.matcher.standings(instrument, side).map(|order| order.order_id);
                self.ids.extend(ids.filter(|&order_id| {
                    let special = self.specials.get(order_id);
                    !special.is_some_and(|special| special.request.outlives_the_day())
                }));
            }
        }
        let outside = self
            .specials
            .iter()
            .filter(|special| special.place != Place::Book && !special.request.outlives_the_day());
        self.ids.extend(outside.map(|special| special.order_id));
        self.cancel_collected(ts_ns, CancelReason::DayEnded, out);
    }

    /// A day starts: the displayed orders that lived on are said again, in priority, with their ids.
    pub fn day_started(&mut self, ts_ns: TsNs, out: &mut impl MarketReports) {
        self.expire(ts_ns, out);
        for instrument in self.defined() {
            for side in [Side::Buy, Side::Sell] {
                for order in self.matcher.standings(instrument, side) {
                    if order.displayed != 0 {
                        let (order_id, price) = (order.order_id, order.price);
                        let leaves = order.displayed;
                        let client = order.client;
                        out.rested(&Rested { order_id, client, price, leaves, instrument, side });
                    }
                }
            }
        }
    }
}
