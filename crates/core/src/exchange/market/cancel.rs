// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Taking orders off: one, part of one, many. Wherever they are, and in every phase.

use super::special::{Place, Special};
use super::watch::Leaving;
use super::{Market, MarketReports, Which};
use crate::events::CancelReason;
use crate::exchange::Canceled;
use crate::types::{InstrumentId, Lots, Side, TsNs};

impl Market {
    /// Cancels what is left of an order; false when it is not live.
    pub fn cancel(
        &mut self,
        ts_ns: TsNs,
        order_id: u64,
        reason: CancelReason,
        out: &mut impl MarketReports,
    ) -> bool {
        self.expire(ts_ns, out);
        if let Some(special) = self.outside(order_id) {
            let instrument = special.request.instrument;
            self.cancel_outside(order_id, reason, out);
            self.settle(ts_ns, instrument, out);
            return true;
        }
        let mut leaving = Leaving { out, specials: &mut self.specials, instrument: 0 };
        let is_canceled = self.matcher.cancel(order_id, reason, &mut leaving);
        let instrument = leaving.instrument;
        if is_canceled {
            self.settle(ts_ns, instrument, out);
        }
        is_canceled
    }

    /// An order outside of the book.
    #[inline]
    fn outside(&self, order_id: u64) -> Option<&Special> {
        if self.specials.outside() == 0 {
            return None;
        }
        self.specials.get(order_id).filter(|special| special.place != Place::Book)
    }

    /// Cancels an order wherever it is; gives its instrument, `None` when it is not live.
    pub(super) fn cancel_live(
        &mut self,
        ts_ns: TsNs,
        order_id: u64,
        reason: CancelReason,
        out: &mut impl MarketReports,
    ) -> Option<InstrumentId> {
        if let Some(order) = self.matcher.standing(order_id) {
            self.cancel_resting(ts_ns, order_id, order.instrument, reason, out);
            return Some(order.instrument);
        }
        let instrument = self.specials.get(order_id)?.request.instrument;
        self.cancel_outside(order_id, reason, out);
        Some(instrument)
    }

    /// Shrinks an order to `qty`, the new intended size, the executed part included; 0 cancels all.
    /// Ignored where it would not shrink. It keeps its place in time.
    pub fn reduce(&mut self, ts_ns: TsNs, order_id: u64, qty: Lots, out: &mut impl MarketReports) {
        self.expire(ts_ns, out);
        let Some(&Special { request, executed, .. }) = self.outside(order_id) else {
            let mut leaving = Leaving { out, specials: &mut self.specials, instrument: 0 };
            self.matcher.reduce(order_id, qty, &mut leaving);
            let instrument = leaving.instrument;
            if instrument != 0 {
                self.settle(ts_ns, instrument, out);
            }
            return;
        };
        let leaves = qty.saturating_sub(executed);
        if leaves == 0 {
            self.cancel_outside(order_id, CancelReason::User, out);
        } else if leaves < request.qty {
            self.specials.change(order_id, |special| special.request.qty = leaves);
            out.canceled(&Canceled {
                order_id,
                client: request.client,
                qty: request.qty - leaves,
                leaves,
                displayed: 0,
                owner: request.owner,
                instrument: request.instrument,
                reason: CancelReason::User,
                rested: false,
            });
        }
    }

    /// Cancels all orders of an owner, in the book and outside of it; gives how many. Lowest id first.
    pub fn cancel_owner(
        &mut self,
        ts_ns: TsNs,
        owner: u32,
        reason: CancelReason,
        out: &mut impl MarketReports,
    ) -> u32 {
        self.cancel_all(ts_ns, &Which { owner: Some(owner), ..Which::default() }, reason, out)
    }

    /// Cancels all of these orders, in the book and outside of it, lowest id first; gives how many.
    /// What follows from it is done afterwards, instrument by instrument.
    pub fn cancel_all(
        &mut self,
        ts_ns: TsNs,
        which: &Which,
        reason: CancelReason,
        out: &mut impl MarketReports,
    ) -> u32 {
        self.expire(ts_ns, out);
        self.collect(which);
        self.cancel_collected(ts_ns, reason, out)
    }

    /// Puts the ids of these orders into `ids`.
    fn collect(&mut self, which: &Which) {
        self.ids.clear();
        let instruments = match which.instrument {
            Some(instrument) => instrument..=instrument,
            None => 1..=self.instrument_last,
        };
        for instrument in instruments {
            for side in [Side::Buy, Side::Sell] {
                if which.side.is_some_and(|wanted| wanted != side) {
                    continue;
                }
                let orders = self.matcher.standings(instrument, side);
                let hit = orders.filter(|order| which.has_owner(order.owner, &self.firms));
                self.ids.extend(hit.map(|order| order.order_id));
            }
        }
        if self.specials.outside() == 0 {
            return;
        }
        let hit = self.specials.iter().filter(|special| {
            let request = &special.request;
            special.place != Place::Book
                && which.instrument.is_none_or(|wanted| wanted == request.instrument)
                && which.side.is_none_or(|wanted| wanted == request.side)
                && which.has_owner(request.owner, &self.firms)
        });
        self.ids.extend(hit.map(|special| special.order_id));
    }

    /// Cancels the orders in `ids`, lowest first, and does what follows from it; gives how many.
    pub(super) fn cancel_collected(
        &mut self,
        ts_ns: TsNs,
        reason: CancelReason,
        out: &mut impl MarketReports,
    ) -> u32 {
        self.ids.sort_unstable();
        self.touched.clear();
        let count = self.ids.len() as u32;
        for index in 0..self.ids.len() {
            if let Some(instrument) = self.cancel_live(ts_ns, self.ids[index], reason, out)
                && self.touched.last() != Some(&instrument)
            {
                self.touched.push(instrument);
            }
        }
        self.touched.sort_unstable();
        self.touched.dedup();
        for index in 0..self.touched.len() {
            self.settle(ts_ns, self.touched[index], out);
        }
        count
    }
}

impl Which {
    fn has_owner(&self, owner: u32, firms: &[u32]) -> bool {
        let firm = || firms.get(owner as usize).copied().unwrap_or(0);
        self.owner.is_none_or(|wanted| wanted == owner)
            && self.firm.is_none_or(|wanted| wanted == firm())
    }
}
