// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What follows from a command, in its order: pegs, size conditions, one stop, and again.
//! Source: docs/internals/market.md, 10.

use super::{Market, MarketReports};
use crate::events::Phase;
use crate::types::{InstrumentId, TsNs};

impl Market {
    /// Does what follows from a command in an instrument.
    #[inline]
    pub(super) fn settle(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) {
        let is_quiet = self.specials.counts(instrument).all == 0
            && self.matcher.conditioned(instrument) == 0
            && self.listings[instrument as usize].rules.band_bps == 0;
        if !is_quiet {
            self.follow(ts_ns, instrument, out);
        }
    }

    fn follow(&mut self, ts_ns: TsNs, instrument: InstrumentId, out: &mut impl MarketReports) {
        self.reach_stops(instrument);
        while self.listings[instrument as usize].phase == Phase::Continuous {
            let mut has_changed = self.reprice_pegs(ts_ns, instrument, out);
            has_changed |= self.wake(ts_ns, instrument, out);
            self.reach_stops(instrument);
            has_changed |= self.trigger_stop(ts_ns, instrument, out);
            self.reach_stops(instrument);
            if !has_changed && !self.watch_bands(ts_ns, instrument, out) {
                return;
            }
        }
        self.watch_bands(ts_ns, instrument, out);
    }

    /// Lets the orders with a size condition try again, if something has rested; gives whether one
    /// traded.
    fn wake(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) -> bool {
        if !std::mem::take(&mut self.listings[instrument as usize].has_rested) {
            return false;
        }
        let (matcher, mut watch) = self.hear(ts_ns, instrument, out);
        matcher.wake(instrument, &mut watch)
    }
}
