// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The five limits that every run has: each strategy, in each instrument. A missing one refuses.

use super::RateWindow;
use super::terms::Refusal;
use crate::component::SnapshotError;
use crate::events::{Limit, RejectReason};
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u32, write_i64, write_u32};
use crate::types::{InstrumentId, Side, Ticks, TsNs};

/// Number of these limits: the first ones of the schema.
pub(super) const LIMITS: usize = 5;
/// Stands for a limit that is not set; limits are never negative.
const MISSING: i64 = -1;

/// Limits by instrument, and the order rate.
#[derive(Clone, Debug)]
pub(super) struct Basic {
    /// Row 0 holds what counts for instruments without a limit of their own.
    limits: Vec<[i64; LIMITS]>,
    rate: RateWindow,
}

impl Basic {
    pub(super) fn new(instruments_max: u32) -> Self {
        Self {
            limits: vec![[MISSING; LIMITS]; instruments_max as usize + 1],
            rate: RateWindow::new(),
        }
    }

    /// Whether this is one of the five.
    pub(super) const fn has(limit: Limit) -> bool {
        limit.raw() as usize <= LIMITS
    }

    /// Sets one of the five; false, with nothing changed, for an unknown instrument.
    pub(super) fn set(&mut self, limit: Limit, instrument: InstrumentId, value: i64) -> bool {
        let Some(row) = self.limits.get_mut(instrument as usize) else { return false };
        row[limit.raw() as usize - 1] = value.max(MISSING);
        if limit == Limit::OrderRateMax && instrument == 0 {
            self.rate.resize(value);
        }
        true
    }

    /// The limit in force, or a refusal that names the missing one.
    #[inline]
    pub(super) fn limit(&self, limit: Limit, instrument: InstrumentId) -> Result<i64, Refusal> {
        let index = limit.raw() as usize - 1;
        let missing = Refusal::new(RejectReason::LimitMissing, i64::from(limit.raw()), 0);
        let row = self.limits.get(instrument as usize).ok_or(Refusal::new(
            RejectReason::InstrumentUnknown,
            i64::from(instrument),
            0,
        ))?;
        let own = row[index];
        let value = if own == MISSING { self.limits[0][index] } else { own };
        if value == MISSING { Err(missing) } else { Ok(value) }
    }

    /// Whether a limit is the instrument's own, and not that of all.
    pub(super) fn is_own(&self, limit: Limit, instrument: InstrumentId) -> bool {
        let row = self.limits.get(instrument as usize);
        instrument != 0 && row.is_some_and(|row| row[limit.raw() as usize - 1] != MISSING)
    }

    /// Orders counted within the second that ends now.
    pub(super) fn rate_used(&self, now: TsNs) -> i64 {
        self.rate.count(now)
    }

    /// The farthest price through the reference that an order of `side` may have.
    #[inline]
    pub(super) fn collar(
        &self,
        instrument: InstrumentId,
        side: Side,
        reference: Ticks,
    ) -> Result<Ticks, Refusal> {
        let collar = self.limit(Limit::PriceCollarTicks, instrument)?;
        Ok(match side {
            Side::Buy => reference.saturating_add(collar),
            Side::Sell => reference.saturating_sub(collar),
        })
    }

    /// Whether the order rate has room for one more.
    #[inline]
    pub(super) fn has_room(&self, now: TsNs) -> bool {
        self.rate.has_room(now)
    }

    /// Counts an order against the order rate, which has room for it.
    #[inline]
    pub(super) fn count(&mut self, now: TsNs) {
        self.rate.admit(now);
    }

    /// Counts an order against the order rate, if it has room.
    #[inline]
    pub(super) fn admit(&mut self, now: TsNs) -> Result<(), Refusal> {
        let rate_max = self.limit(Limit::OrderRateMax, 0)?;
        if self.rate.admit(now) {
            return Ok(());
        }
        Err(Refusal::new(RejectReason::OrderRate, rate_max.saturating_add(1), rate_max))
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for (index, row) in self.limits.iter().enumerate() {
            if row.iter().any(|&value| value != MISSING) {
                hasher.word(index as u64);
                for &value in row {
                    hasher.signed(value);
                }
            }
        }
        self.rate.hash_into(hasher);
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.limits.len() as u32);
        self.limits.iter().flatten().for_each(|&value| write_i64(out, value));
        self.rate.save(out);
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        if read_u32(bytes)? as usize != self.limits.len() {
            return Err(SnapshotError::Invalid { what: "risk: instruments_max differs" });
        }
        for value in self.limits.iter_mut().flatten() {
            *value = read_i64(bytes)?;
        }
        self.rate.restore(bytes)
    }
}
