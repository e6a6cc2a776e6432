// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The risk gate: the last thing before the venue, on every new and replaced order.
//!
//! It fails closed. A missing limit, a missing reference price, an unknown instrument and an
//! arithmetic overflow all refuse. Cancels never come here. There is no way around it.

mod rate;

use crate::component::SnapshotError;
use crate::events::{Limit, RejectReason};
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u32, write_i64, write_u32};
use crate::types::{InstrumentId, Lots, Side, Ticks, TsNs, notional};

pub use rate::RateWindow;

/// Number of kinds of limit; the schema's values run from 1 to this.
const LIMITS: usize = 5;
/// Stands for a limit that is not set; limits are never negative.
const MISSING: i64 = -1;

/// Why the gate refused, with what was found and what was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason code.
    pub reason: RejectReason,
    /// What was found, in the unit the reason defines.
    pub value: i64,
    /// What was allowed.
    pub bound: i64,
}

impl Refusal {
    const fn new(reason: RejectReason, value: i64, bound: i64) -> Self {
        Self { reason, value, bound }
    }
}

/// What the gate needs to know of an order.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Limit price in ticks; `None` for a market order, which is checked at the reference price.
    pub price: Option<Ticks>,
    /// Quantity in lots that would be open after it.
    pub qty: Lots,
    /// Price the collar is measured from: the opposite best, else the last trade.
    pub reference: Option<Ticks>,
    /// Signed position in lots.
    pub position: i64,
    /// Quantity of this side already open, without the order this one replaces.
    pub open_same_side: Lots,
}

/// Limits by instrument, and the order rate.
#[derive(Clone, Debug)]
pub struct RiskGate {
    /// Row 0 holds what counts for instruments without a limit of their own.
    limits: Vec<[i64; LIMITS]>,
    rate: RateWindow,
}

impl RiskGate {
    /// A gate without a single limit: it refuses everything.
    #[must_use]
    pub fn new(instruments_max: u32) -> Self {
        Self {
            limits: vec![[MISSING; LIMITS]; instruments_max as usize + 1],
            rate: RateWindow::new(),
        }
    }

    /// Sets a limit; a negative value withdraws it. `instrument` 0 is the default of all.
    ///
    /// Returns false, and changes nothing, when the instrument is unknown.
    pub fn set(&mut self, limit: Limit, instrument: InstrumentId, value: i64) -> bool {
        let Some(row) = self.limits.get_mut(instrument as usize) else { return false };
        row[limit.raw() as usize - 1] = value.max(MISSING);
        if limit == Limit::OrderRateMax && instrument == 0 {
            self.rate.resize(value);
        }
        true
    }

    /// The limit in force, or a refusal that names the missing one.
    #[inline]
    fn limit(&self, limit: Limit, instrument: InstrumentId) -> Result<i64, Refusal> {
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

    /// Checks an order and, when it passes, counts it against the order rate.
    ///
    /// # Errors
    /// The first limit it breaks, in the order size, notional, collar, position, rate.
    pub fn check(&mut self, order: &Proposal, now: TsNs) -> Result<(), Refusal> {
        let qty = i64::try_from(order.qty)
            .map_err(|_| Refusal::new(RejectReason::Overflow, i64::MAX, 0))?;
        let qty_max = self.limit(Limit::OrderQtyMax, order.instrument)?;
        if qty > qty_max {
            return Err(Refusal::new(RejectReason::OrderQty, qty, qty_max));
        }
        let reference =
            order.reference.ok_or(Refusal::new(RejectReason::ReferencePriceMissing, 0, 0))?;
        let price = order.price.unwrap_or(reference);
        let worth =
            notional(price, order.qty).ok_or(Refusal::new(RejectReason::Overflow, price, qty))?;
        let worth_max = self.limit(Limit::OrderNotionalMax, order.instrument)?;
        if worth > worth_max {
            return Err(Refusal::new(RejectReason::OrderNotional, worth, worth_max));
        }
        self.check_collar(order.instrument, order.side, price, reference)?;
        self.check_position(order, qty)?;
        let rate_max = self.limit(Limit::OrderRateMax, 0)?;
        if !self.rate.admit(now) {
            return Err(Refusal::new(
                RejectReason::OrderRate,
                rate_max.saturating_add(1),
                rate_max,
            ));
        }
        Ok(())
    }

    fn check_collar(
        &self,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
        reference: Ticks,
    ) -> Result<(), Refusal> {
        let collar = self.limit(Limit::PriceCollarTicks, instrument)?;
        let bound = match side {
            Side::Buy => reference.saturating_add(collar),
            Side::Sell => reference.saturating_sub(collar),
        };
        if side.betters(price, bound) {
            return Err(Refusal::new(RejectReason::PriceCollar, price, bound));
        }
        Ok(())
    }

    fn check_position(&self, order: &Proposal, qty: i64) -> Result<(), Refusal> {
        let position_max = self.limit(Limit::PositionMax, order.instrument)?;
        let overflow = Refusal::new(RejectReason::Overflow, order.position, qty);
        let held = match order.side {
            Side::Buy => order.position,
            Side::Sell => order.position.checked_neg().ok_or(overflow)?,
        };
        let open = i64::try_from(order.open_same_side).map_err(|_| overflow)?;
        let worst = held.checked_add(open).and_then(|sum| sum.checked_add(qty)).ok_or(overflow)?;
        if worst > position_max {
            return Err(Refusal::new(RejectReason::Position, worst, position_max));
        }
        Ok(())
    }

    /// Mixes the whole state into a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
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

    /// Appends the whole state.
    pub fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.limits.len() as u32);
        self.limits.iter().flatten().for_each(|&value| write_i64(out, value));
        self.rate.save(out);
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not such a state, or hold more instruments than this gate.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        if read_u32(bytes)? as usize != self.limits.len() {
            return Err(SnapshotError::Invalid { what: "risk: instruments_max differs" });
        }
        for value in self.limits.iter_mut().flatten() {
            *value = read_i64(bytes)?;
        }
        self.rate.restore(bytes)
    }
}

#[cfg(test)]
mod tests;
