// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is learned of a market while it is heard: how much its middle moves (PT-07), and how far own
//! fills have drifted from where it was (PT-08). Whole numbers alone.

use super::RiskGate;
use super::flow::MS_NS;
use super::prices::PERIOD_MS;
use super::terms::{Alert, Scope};
use crate::component::SnapshotError;
use crate::events::{Limit, RejectReason, RiskScope};
use crate::snapshot::{read_array, read_i64, read_u8, write_i64, write_u8};
use crate::types::{Ticks, TsNs};

/// Time between two looks at a market's middle unless set.
const VOLATILITY_MS: i64 = 1_000;
/// A step's share in the mean is one over two to this: 1/32.
const WEIGHT_BITS: u32 = 5;
/// Binary digits of the variance behind its point.
const POINT_BITS: u32 = 16;
/// Largest step that is counted, in half ticks: squares stay far inside 128 bits.
const STEP_MAX: i64 = 1 << 50;

/// Exponentially weighted mean of the squared steps of a market's middle, each over one horizon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Volatility {
    /// The middle doubled, when it was last looked at.
    mid2: i64,
    /// When that was; 0 before the first time.
    at: TsNs,
    /// In squared half ticks, with [`POINT_BITS`] digits behind the point; `None` before a step.
    variance: Option<i128>,
}

impl Volatility {
    /// Takes in the middle, doubled. Between two looks at it lies a horizon at least; a longer time counts
    /// as so many equal steps.
    #[inline]
    pub(super) fn hear(&mut self, mid2: i64, now: TsNs, horizon_ns: i64) {
        if self.at == 0 {
            (self.mid2, self.at) = (mid2, now);
        } else if now.saturating_sub(self.at) >= horizon_ns {
            self.step(mid2, now, horizon_ns.max(1));
        }
    }

    fn step(&mut self, mid2: i64, now: TsNs, horizon_ns: i64) {
        let steps = (now.saturating_sub(self.at) / horizon_ns).clamp(1, 1 << 10);
        let moved = mid2.saturating_sub(self.mid2).clamp(-STEP_MAX, STEP_MAX);
        let square = ((i128::from(moved) * i128::from(moved)) << POINT_BITS) / i128::from(steps);
        let mut variance = self.variance.unwrap_or(square);
        // After so many equal steps the rest of what was before is less than a thousandth.
        for _ in 0..steps.min(256) {
            variance += (square - variance) >> WEIGHT_BITS;
        }
        *self = Self { mid2, at: now, variance: Some(variance) };
    }

    /// Whether a distance, in half ticks, is more than so many hundredths of the standard deviation.
    #[inline]
    pub(super) fn is_beyond(&self, distance: i64, hundredths: i64) -> bool {
        let wide = |value: i64| i128::from(value.clamp(-STEP_MAX, STEP_MAX));
        let Some(variance) = self.variance else { return true };
        // Compared as squares; the root is for the refusal alone.
        let bound = (wide(hundredths) * wide(hundredths)).checked_mul(variance);
        let square = (wide(distance) * wide(distance)).checked_mul(10_000 << POINT_BITS);
        distance > 0 && square.is_none_or(|square| bound.is_some_and(|bound| square > bound))
    }

    /// So many hundredths of the standard deviation, in half ticks, rounded down.
    #[cold]
    pub(super) fn distance(&self, hundredths: i64) -> i64 {
        let variance = self.variance.unwrap_or(0).max(0).unsigned_abs();
        let root = u64::try_from(variance.isqrt() >> (POINT_BITS / 2)).unwrap_or(u64::MAX);
        let share = u128::from(root) * u128::from(hundredths.max(0).unsigned_abs()) / 100;
        i64::try_from(share).unwrap_or(i64::MAX)
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_i64(out, self.mid2);
        write_i64(out, self.at);
        write_u8(out, u8::from(self.variance.is_some()));
        out.extend_from_slice(&self.variance.unwrap_or(0).to_le_bytes());
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let (mid2, at, is_known) = (read_i64(bytes)?, read_i64(bytes)?, read_u8(bytes)? != 0);
        let variance = i128::from_le_bytes(read_array(bytes)?);
        Ok(Self { mid2, at, variance: is_known.then_some(variance) })
    }
}

/// Own fills of one period against the middle of the market at its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Drift {
    /// When the period began: with the first fill after the one before had ended.
    since: TsNs,
    /// Lots filled in it; 0 before the first.
    lots: i64,
    /// Sum over its fills of price less that middle, times lots, in half tick-lots.
    sum2: i128,
    /// The middle at its beginning, doubled.
    mid2: i64,
    /// The drift is over its bound.
    pub(super) is_over: bool,
}

impl Drift {
    #[inline]
    const fn has_ended(&self, now: TsNs, period_ns: i64) -> bool {
        self.lots == 0 || now.saturating_sub(self.since) >= period_ns
    }

    /// How far the fills' average is off, in ticks, rounded up; 0 once the period has ended.
    pub(super) fn ticks(&self, now: TsNs, period_ns: i64) -> i64 {
        if self.has_ended(now, period_ns) {
            return 0;
        }
        let ticks = self.sum2.unsigned_abs().div_ceil(u128::from(self.lots.unsigned_abs()) * 2);
        i64::try_from(ticks).unwrap_or(i64::MAX)
    }

    /// Takes in a fill, with the middle of the market then, doubled. True when it went over its bound.
    pub(super) fn fill(
        &mut self,
        fill: (Ticks, i64),
        mid2: i64,
        now: TsNs,
        (period_ns, bound): (i64, i64),
    ) -> bool {
        if self.has_ended(now, period_ns) {
            *self = Self { since: now, mid2, ..Self::default() };
        }
        let (price, lots) = fill;
        self.sum2 = self
            .sum2
            .saturating_add((i128::from(price) * 2 - i128::from(self.mid2)) * i128::from(lots));
        self.lots = self.lots.saturating_add(lots);
        let was_over = self.is_over;
        self.is_over = self.ticks(now, period_ns) > bound;
        self.is_over && !was_over
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        for value in [self.since, self.lots, self.mid2] {
            write_i64(out, value);
        }
        out.extend_from_slice(&self.sum2.to_le_bytes());
        write_u8(out, u8::from(self.is_over));
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let (since, lots, mid2) = (read_i64(bytes)?, read_i64(bytes)?, read_i64(bytes)?);
        let sum2 = i128::from_le_bytes(read_array(bytes)?);
        Ok(Self { since, lots, sum2, mid2, is_over: read_u8(bytes)? != 0 })
    }
}

/// Which of these the gate keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Studies {
    /// A limit was set that goes by them.
    pub(super) is_used: bool,
    /// It was said that the limits in force are kept beyond their end.
    pub(super) is_kept_warned: bool,
}

impl RiskGate {
    /// A limit was set: from now on what it goes by is kept.
    pub(super) const fn study(&mut self, limit: Limit) {
        let is_one = matches!(
            limit,
            Limit::VolatilityCollarE2 | Limit::FillDriftTicks | Limit::LimitsKeptMs
        );
        self.studies.is_used |= is_one;
    }

    /// Learns of a market's middle.
    #[inline]
    pub(super) fn hear_middle(&mut self, listing: u32, now: TsNs) {
        if self.studies.is_used {
            let listing = &mut self.ledger.listings[listing as usize];
            let row = self.limits.row(RiskScope::Instrument, listing.id);
            if row.get(Limit::VolatilityCollarE2).is_some()
                && let Some(mid2) = listing.mid2()
            {
                let horizon_ns = row.or(Limit::VolatilityMs, VOLATILITY_MS).saturating_mul(MS_NS);
                listing.volatility.hear(mid2, now, horizon_ns);
            }
        }
    }

    /// PT-08: an own fill, against where the market was when the period began.
    pub(super) fn count_drift(&mut self, pair: u32, price: Ticks, lots: i64) {
        let row = &self.ledger.pairs[pair as usize];
        let (strategy, listing) = (row.strategy, &self.ledger.listings[row.listing as usize]);
        let limits = self.limits.row(RiskScope::Instrument, listing.id);
        let Some(bound) = limits.get(Limit::FillDriftTicks) else { return };
        let period_ns = limits.or(Limit::PeriodCollarMs, PERIOD_MS).saturating_mul(MS_NS);
        let mid2 = listing.mid2().unwrap_or(price.saturating_mul(2));
        let (now, drift) = (self.now, &mut self.flows.pairs[pair as usize].drift);
        if drift.fill((price, lots), mid2, now, (period_ns, bound)) {
            let value = drift.ticks(now, period_ns);
            let (scope, reason) =
                (Scope::new(RiskScope::Strategy, strategy), RejectReason::FillDrift);
            self.alert(Alert::Warned { scope, reason, value, bound, percent: 100 });
        }
    }

    pub(super) fn save_studies(&self, out: &mut Vec<u8>) {
        write_u8(out, u8::from(self.studies.is_kept_warned));
        self.ledger.listings.iter().for_each(|listing| listing.volatility.save(out));
        self.flows.pairs.iter().for_each(|pair| pair.drift.save(out));
    }

    pub(super) fn restore_studies(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.studies.is_kept_warned = read_u8(bytes)? != 0;
        for listing in &mut self.ledger.listings {
            listing.volatility = Volatility::restore(bytes)?;
        }
        for pair in &mut self.flows.pairs {
            pair.drift = Drift::restore(bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_market_that_steps_by_two_ticks_has_that_deviation_and_a_quiet_one_forgets_it() {
        let mut volatility = Volatility::default();
        assert!(volatility.is_beyond(1, 100), "nothing is known: nothing is near");
        for step in 1..=400 {
            volatility.hear(2_000 + step % 2 * 4, step * 1_000, 1_000);
            volatility.hear(1, step * 1_000 + 999, 1_000);
        }
        assert_eq!(volatility.distance(100), 4, "half ticks");
        assert_eq!([12, 13].map(|distance| volatility.is_beyond(distance, 300)), [false, true]);
        volatility.hear(2_000, 1_000_000, 1_000);
        assert_eq!(volatility.distance(100), 0);
        let mut bytes = Vec::new();
        volatility.save(&mut bytes);
        assert_eq!(Volatility::restore(&mut bytes.as_slice()), Ok(volatility));
    }
}
