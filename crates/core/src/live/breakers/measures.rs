// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What circuit breakers measure, of a strategy and of one in an instrument. Windows are those of the
//! gate: never too low, and at most a sixteenth of their length too long.

use crate::component::SnapshotError;
use crate::events::RejectReason;
use crate::risk::{Extremes, Rolling};
use crate::snapshot::{read_array, read_i64, read_u8, read_u32, write_i64, write_u8, write_u32};
use crate::types::{InstrumentId, StrategyId, TsNs};

/// 10^-6 account currency in what sums of money are kept in.
const MONEY_E12: i128 = 1_000_000;
/// How slowly a profile forgets: one part in so many with each window.
const FORGETS: i64 = 16;
/// Parts of a message that a profile counts in.
const FINE: i64 = 256;

/// How many messages a strategy sends in a window, usually: mean and mean deviation, in 256ths of a
/// message, each forgetting a sixteenth with every window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Profile {
    /// Number of the window that is being filled.
    window: i64,
    count: i64,
    mean: i64,
    deviation: i64,
    /// Windows learned from.
    seen: i64,
}

impl Profile {
    /// Ends the windows that time has passed; a silence is forgotten quickly, not window by window.
    fn turn(&mut self, now: TsNs, window_ns: i64) {
        let window = now.div_euclid(window_ns.max(1));
        if window == self.window {
            return;
        }
        // What is learned of more than four times the memory's length is learned of all of it.
        let passed = window.saturating_sub(self.window).clamp(0, 4 * FORGETS);
        if self.seen > 0 || self.count > 0 {
            for at in 0..passed {
                self.learn(if at == 0 { self.count * FINE } else { 0 });
            }
        }
        (self.window, self.count) = (window, 0);
    }

    fn learn(&mut self, found: i64) {
        let off = found.saturating_sub(self.mean);
        if self.seen == 0 {
            (self.mean, self.deviation) = (found, found);
        } else {
            self.mean += off / FORGETS;
            self.deviation += (off.saturating_abs() - self.deviation) / FORGETS;
        }
        self.seen = self.seen.saturating_add(1);
    }

    fn add(&mut self, now: TsNs, window_ns: i64) {
        self.turn(now, window_ns);
        self.count = self.count.saturating_add(1);
    }

    /// How many usual deviations the present window lies above the mean; 0 while too few are known. A
    /// mean deviation is four fifths of a standard one; a strategy that never varied varies by one.
    pub(super) fn excess(&mut self, now: TsNs, window_ns: i64, least: i64) -> i64 {
        self.turn(now, window_ns);
        if self.seen < least {
            return 0;
        }
        let above = (self.count * FINE).saturating_sub(self.mean).max(0);
        above.saturating_mul(4) / (self.deviation.max(FINE) * 5)
    }

    fn save(&self, out: &mut Vec<u8>) {
        let Self { window, count, mean, deviation, seen } = *self;
        for value in [window, count, mean, deviation, seen] {
            write_i64(out, value);
        }
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            window: read_i64(bytes)?,
            count: read_i64(bytes)?,
            mean: read_i64(bytes)?,
            deviation: read_i64(bytes)?,
            seen: read_i64(bytes)?,
        })
    }
}

/// What is measured of one strategy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OfStrategy {
    answered: Rolling,
    refused: Rolling,
    run_reason: u16,
    run: u32,
    messages: Rolling,
    pub(super) profile: Profile,
    fills: Rolling,
    /// What fills cost more than the middle, and what they were worth, in 10^-6 currency.
    cost: Rolling,
    worth: Rolling,
    /// It is in the list of those to be judged.
    pub(super) is_touched: bool,
}

/// Refusals that say nothing of the order: a pause is asked for, the venue or its market is not there.
const fn is_of_the_order(reason: RejectReason) -> bool {
    !matches!(
        reason,
        RejectReason::Throttled
            | RejectReason::OrderRate
            | RejectReason::MessageRate
            | RejectReason::VenueDown
            | RejectReason::ReferencePriceMissing
            | RejectReason::ReferenceStale
            | RejectReason::InputAge
            | RejectReason::LimitsNotInForce
    )
}

impl OfStrategy {
    /// The venue took an order, or its replacement.
    pub(super) fn accepted(&mut self, now: TsNs, window_ns: i64) {
        self.answered.add(now, window_ns, 1);
        self.run = 0;
    }

    /// An order was refused, by us or by the venue. Whether that counts.
    pub(super) fn rejected(&mut self, now: TsNs, window_ns: i64, reason: u16) -> bool {
        if RejectReason::from_raw(reason).is_some_and(|reason| !is_of_the_order(reason)) {
            return false;
        }
        self.answered.add(now, window_ns, 1);
        self.refused.add(now, window_ns, 1);
        self.run = if reason == self.run_reason { self.run.saturating_add(1) } else { 1 };
        self.run_reason = reason;
        true
    }

    /// Something left for the venue.
    pub(super) fn sent(&mut self, now: TsNs, rate_ns: i64, burst_ns: i64) {
        self.messages.add(now, rate_ns, 1);
        if burst_ns > 0 {
            self.profile.add(now, burst_ns);
        }
    }

    /// A fill: what it cost against the middle at the order's arrival, and its worth, both doubled and
    /// in tick-lots, and the worth of a tick-lot.
    pub(super) fn filled(&mut self, now: TsNs, window_ns: i64, sums: (i128, i128), weight: i64) {
        let money = |ticklots2: i128| {
            let e6 = ticklots2.saturating_mul(i128::from(weight)) / (2 * MONEY_E12);
            i64::try_from(e6).unwrap_or(if e6 < 0 { i64::MIN / 2 } else { i64::MAX / 2 })
        };
        self.fills.add(now, window_ns, 1);
        self.cost.add(now, window_ns, money(sums.0));
        self.worth.add(now, window_ns, money(sums.1));
    }

    /// Refused orders in percent of the answered ones; 0 while there are too few.
    pub(super) fn reject_percent(&mut self, now: TsNs, window_ns: i64, least: i64) -> i64 {
        let (refused, answered) =
            (self.refused.sum(now, window_ns), self.answered.sum(now, window_ns));
        if answered < least.max(1) { 0 } else { refused.saturating_mul(100) / answered }
    }

    pub(super) const fn reject_run(&self) -> i64 {
        self.run as i64
    }

    pub(super) fn message_rate(&mut self, now: TsNs, window_ns: i64) -> i64 {
        self.messages.sum(now, window_ns)
    }

    /// Cost of the fills in basis points of their worth; 0 while there are too few.
    pub(super) fn slippage_bps(&mut self, now: TsNs, window_ns: i64, least: i64) -> i64 {
        let worth = i128::from(self.worth.sum(now, window_ns)).max(1);
        let cost = i128::from(self.cost.sum(now, window_ns));
        if self.fills.sum(now, window_ns) < least {
            return 0;
        }
        i64::try_from(cost * 10_000 / worth).unwrap_or(i64::MAX)
    }

    /// A person let it go on: what it did before is forgotten; what it usually does is not.
    pub(super) fn forget(&mut self) {
        let Self { profile, is_touched, .. } = *self;
        *self = Self { profile, is_touched, ..Self::default() };
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let windows =
            [&self.answered, &self.refused, &self.messages, &self.fills, &self.cost, &self.worth];
        for window in windows {
            window.save(out);
        }
        out.extend_from_slice(&self.run_reason.to_le_bytes());
        write_u32(out, self.run);
        self.profile.save(out);
        write_u8(out, u8::from(self.is_touched));
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            answered: Rolling::restore(bytes)?,
            refused: Rolling::restore(bytes)?,
            messages: Rolling::restore(bytes)?,
            fills: Rolling::restore(bytes)?,
            cost: Rolling::restore(bytes)?,
            worth: Rolling::restore(bytes)?,
            run_reason: u16::from_le_bytes(read_array(bytes)?),
            run: read_u32(bytes)?,
            profile: Profile::restore(bytes)?,
            is_touched: read_u8(bytes)? != 0,
        })
    }
}

/// What is measured of a strategy in one instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OfPair {
    pub(super) strategy: StrategyId,
    pub(super) instrument: InstrumentId,
    pub(super) positions: Extremes,
    position: i64,
}

impl OfPair {
    pub(super) fn new(strategy: StrategyId, instrument: InstrumentId) -> Self {
        Self { strategy, instrument, positions: Extremes::default(), position: 0 }
    }

    /// The position is this now; what it was until now counts, too.
    pub(super) fn moved(&mut self, now: TsNs, window_ns: i64, lots: i64) {
        self.positions.add(now, window_ns, self.position);
        self.positions.add(now, window_ns, lots);
        self.position = lots;
    }

    /// How far it moved within the window, in percent of a limit.
    pub(super) fn jump_percent(&mut self, now: TsNs, window_ns: i64, limit: i64) -> i64 {
        let (lowest, highest) = self.positions.range(now, window_ns);
        if lowest > highest || limit <= 0 {
            return 0;
        }
        let moved = i128::from(highest) - i128::from(lowest);
        i64::try_from(moved * 100 / i128::from(limit)).unwrap_or(i64::MAX)
    }

    pub(super) fn forget(&mut self) {
        self.positions = Extremes::default();
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.strategy);
        write_u32(out, self.instrument);
        self.positions.save(out);
        write_i64(out, self.position);
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            strategy: read_u32(bytes)?,
            instrument: read_u32(bytes)?,
            positions: Extremes::restore(bytes)?,
            position: read_i64(bytes)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::SECOND_NS;

    #[test]
    fn a_burst_is_measured_by_what_the_strategy_usually_does() {
        let mut profile = Profile::default();
        for second in 0..40 {
            for at in 0..10 + second % 3 {
                profile.add(second * SECOND_NS + at, SECOND_NS);
            }
        }
        let now = 40 * SECOND_NS;
        assert_eq!(profile.excess(now, SECOND_NS, 10), 0);
        for at in 0..12 {
            profile.add(now + at, SECOND_NS);
        }
        assert!(profile.excess(now, SECOND_NS, 10) <= 1, "as always");
        for at in 0..100 {
            profile.add(now + at, SECOND_NS);
        }
        assert!(profile.excess(now, SECOND_NS, 10) > 8);
        assert_eq!(profile.excess(now, SECOND_NS, 1_000), 0, "too few windows are known");
    }

    #[test]
    fn a_long_silence_is_learned_in_a_bounded_number_of_steps() {
        let mut profile = Profile::default();
        profile.add(0, SECOND_NS);
        profile.turn(1_000_000 * SECOND_NS, SECOND_NS);
        assert!(profile.seen <= 4 * FORGETS);
    }

    #[test]
    fn refusals_for_the_surroundings_are_none_of_the_strategys() {
        let mut strategy = OfStrategy::default();
        assert!(!strategy.rejected(1, SECOND_NS, RejectReason::VenueDown.raw()));
        assert!(strategy.rejected(1, SECOND_NS, RejectReason::OrderQty.raw()));
        assert!(strategy.rejected(1, SECOND_NS, RejectReason::OrderQty.raw()));
        assert_eq!((strategy.reject_run(), strategy.reject_percent(1, SECOND_NS, 1)), (2, 100));
        strategy.accepted(1, SECOND_NS);
        assert_eq!((strategy.reject_run(), strategy.reject_percent(1, SECOND_NS, 1)), (0, 66));
        assert_eq!(strategy.reject_percent(1, SECOND_NS, 4), 0, "too few");
    }

    #[test]
    fn slippage_is_the_cost_of_all_fills_in_their_worth() {
        let mut strategy = OfStrategy::default();
        // Ten lots bought at 101 with the middle at 100, then ten at 100: doubled, in tick-lots.
        strategy.filled(1, SECOND_NS, (20, 2_020), 100_000_000);
        strategy.filled(1, SECOND_NS, (0, 2_000), 100_000_000);
        assert_eq!(strategy.slippage_bps(1, SECOND_NS, 2), 49);
        assert_eq!(strategy.slippage_bps(1, SECOND_NS, 3), 0);
    }
}
