// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Between the matcher and the caller: passes each report on, and keeps what the market must know.

use super::listing::Listing;
use super::special::Specials;
use crate::exchange::{
    Accepted, Canceled, Crossed, Fill, Prevented, Rejected, Replaced, Reports, Restated, Rested,
};
use crate::types::{InstrumentId, TsNs};

/// Hears what the matcher says of one order that shrinks or leaves, and so in which instrument it was.
pub(super) struct Leaving<'a, R> {
    pub(super) out: &'a mut R,
    pub(super) specials: &'a mut Specials,
    /// 0: nothing has changed.
    pub(super) instrument: InstrumentId,
}

impl<R: Reports> Reports for Leaving<'_, R> {
    fn accepted(&mut self, report: &Accepted) {
        self.out.accepted(report);
    }

    fn filled(&mut self, report: &Fill) {
        self.out.filled(report);
    }

    #[inline]
    fn canceled(&mut self, report: &Canceled) {
        self.instrument = report.instrument;
        self.out.canceled(report);
        if report.leaves == 0 && self.specials.counts(report.instrument).all != 0 {
            self.specials.remove(report.order_id);
        }
    }

    fn replaced(&mut self, report: &Replaced) {
        self.out.replaced(report);
    }

    fn rejected(&mut self, report: &Rejected) {
        self.out.rejected(report);
    }
}

/// Hears the matcher's reports of one instrument.
pub(super) struct Watch<'a, R> {
    pub(super) out: &'a mut R,
    pub(super) listing: &'a mut Listing,
    pub(super) specials: &'a mut Specials,
    /// Whether the instrument has orders among the specials.
    pub(super) has_specials: bool,
    pub(super) ts_ns: TsNs,
}

impl<R> Watch<'_, R> {
    /// An order is dead.
    #[inline]
    fn forget(&mut self, order_id: u64) {
        if self.has_specials {
            self.specials.remove(order_id);
        }
    }
}

impl<R: Reports> Reports for Watch<'_, R> {
    #[inline]
    fn accepted(&mut self, report: &Accepted) {
        self.out.accepted(report);
    }

    #[inline]
    fn rested(&mut self, report: &Rested) {
        self.listing.has_rested = true;
        self.out.rested(report);
    }

    #[inline]
    fn filled(&mut self, report: &Fill) {
        self.listing.traded(self.ts_ns, report.price);
        self.out.filled(report);
        if report.maker.leaves == 0 {
            self.forget(report.maker.order_id);
        }
        if report.taker.leaves == 0 {
            self.forget(report.taker.order_id);
        }
    }

    #[inline]
    fn canceled(&mut self, report: &Canceled) {
        self.out.canceled(report);
        if report.leaves == 0 {
            self.forget(report.order_id);
        }
    }

    #[inline]
    fn replaced(&mut self, report: &Replaced) {
        self.out.replaced(report);
        if self.has_specials {
            self.specials.change(report.old_order_id, |special| {
                special.order_id = report.order_id;
                special.request.client = report.client;
            });
        }
    }

    fn rejected(&mut self, report: &Rejected) {
        self.out.rejected(report);
    }

    fn restated(&mut self, report: &Restated) {
        self.out.restated(report);
        if self.has_specials {
            self.specials.change(report.old_order_id, |special| special.order_id = report.order_id);
        }
    }

    fn prevented(&mut self, report: &Prevented) {
        self.out.prevented(report);
    }

    fn crossed(&mut self, report: &Crossed) {
        self.listing.traded(self.ts_ns, report.price);
        self.out.crossed(report);
        for party in [report.buy, report.sell] {
            if party.leaves == 0 {
                self.forget(party.order_id);
            }
        }
    }
}
