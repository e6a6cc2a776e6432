// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Where an instrument's day stands, and what a change of it does. Source: docs/internals/market.md,
//! 11.

use super::{Auction, Market, MarketReports, PhaseReport};
use crate::events::{CancelReason, Phase};
use crate::types::{InstrumentId, TsNs};

/// Whether an instrument may go from one phase to another. Steps of the day may be left out.
const fn may_follow(was: Phase, phase: Phase) -> bool {
    match phase {
        Phase::Closed => !matches!(was, Phase::Closed),
        Phase::PreOpen => matches!(was, Phase::Closed),
        Phase::OpeningAuction => matches!(was, Phase::Closed | Phase::PreOpen | Phase::Halted),
        Phase::Continuous => !matches!(was, Phase::Continuous),
        Phase::VolatilityAuction => matches!(was, Phase::Continuous | Phase::Halted),
        Phase::ClosingAuction => matches!(was, Phase::Continuous | Phase::Halted),
        Phase::Halted => !matches!(was, Phase::Closed | Phase::Halted),
    }
}

impl Market {
    /// Changes the phase of an instrument (0: of all), with the uncross that the change has. False
    /// when none may change to it now, and nothing is done.
    pub fn set_phase(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        phase: Phase,
        out: &mut impl MarketReports,
    ) -> bool {
        self.expire(ts_ns, out);
        if instrument != 0 {
            return self.change_phase(ts_ns, instrument, phase, out);
        }
        let mut has_changed = false;
        for each in self.defined() {
            has_changed |= self.change_phase(ts_ns, each, phase, out);
        }
        has_changed
    }

    pub(super) fn change_phase(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        phase: Phase,
        out: &mut impl MarketReports,
    ) -> bool {
        let Some(was) = self.phase(instrument).filter(|&was| may_follow(was, phase)) else {
            return false;
        };
        if was == Phase::Continuous {
            self.park_pegs(instrument, out);
        }
        let price = match (was, phase) {
            (_, Phase::Continuous) => self.uncross(ts_ns, instrument, Auction::Open, out),
            (Phase::ClosingAuction, Phase::Closed) => {
                self.uncross(ts_ns, instrument, Auction::Close, out)
            }
            _ => 0,
        };
        if phase == Phase::Closed {
            self.cancel_asides(instrument, Auction::Open, out);
            self.cancel_asides(instrument, Auction::Close, out);
        }
        let listing = &mut self.listings[instrument as usize];
        listing.phase = phase;
        listing.pause_ends_ns = match (phase, listing.rules.pause_ms) {
            (Phase::VolatilityAuction, 1..) => {
                ts_ns.saturating_add(i64::from(listing.rules.pause_ms) * 1_000_000)
            }
            _ => 0,
        };
        self.matcher.set_matching(instrument, phase == Phase::Continuous);
        out.phase_changed(&PhaseReport { instrument, phase, was });
        if phase == Phase::Continuous && price != 0 {
            self.set_bands(ts_ns, instrument, price, out);
        } else {
            self.enforce_bands(ts_ns, instrument, out);
        }
        self.settle(ts_ns, instrument, out);
        true
    }

    /// The clock ticked: orders expire, auctions and limit states that are over end, bands follow the
    /// trades, and each auction says what it would come to.
    pub fn tick(&mut self, ts_ns: TsNs, out: &mut impl MarketReports) {
        self.expire(ts_ns, out);
        for instrument in self.defined() {
            let Some(listing) = self.listing(instrument) else { continue };
            if listing.pause_ends_ns != 0 && ts_ns >= listing.pause_ends_ns {
                self.change_phase(ts_ns, instrument, Phase::Continuous, out);
            }
            self.tick_bands(ts_ns, instrument, out);
            if self.listings[instrument as usize].is_auction() {
                let indicative = self.indicative(instrument);
                out.indicative(&indicative);
            }
        }
    }

    /// Cancels an order in the book.
    pub(super) fn cancel_resting(
        &mut self,
        ts_ns: TsNs,
        order_id: u64,
        instrument: InstrumentId,
        reason: CancelReason,
        out: &mut impl MarketReports,
    ) {
        let (matcher, mut watch) = self.hear(ts_ns, instrument, out);
        matcher.cancel(order_id, reason, &mut watch);
    }
}
