// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the gate knows of instruments and strategies: units, venues, permissions, restrictions.

use crate::events::{InstrumentAdmitted, InstrumentDefined};
use crate::types::{TickTable, Ticks};

/// What the gate knows of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Worth of one tick-lot in 10^-12 account currency; 0 until it is known.
    pub(crate) ticklot_e12: i64,
    pub(crate) product: u32,
    pub(crate) venue: u32,
    /// An `InstrumentAdmitted` spoke of it.
    pub(crate) is_admitted: bool,
    pub(crate) tick_table: TickTable,
    pub(crate) qty_min: i64,
    pub(crate) qty_max: i64,
    pub(crate) qty_step: i64,
    pub(crate) price_min: Ticks,
    pub(crate) price_max: Ticks,
    pub(crate) order_types: u16,
    pub(crate) times_in_force: u16,
    /// Restriction bits for all accounts.
    pub(crate) bars: u32,
    /// Lots located for short sales.
    pub(crate) located: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ticklot_e12: 0,
            product: 0,
            venue: 0,
            is_admitted: false,
            tick_table: TickTable::flat(1),
            qty_min: 1,
            qty_max: i64::MAX,
            qty_step: 1,
            price_min: Ticks::MIN,
            price_max: Ticks::MAX,
            order_types: u16::MAX,
            times_in_force: u16::MAX,
            bars: 0,
            located: 0,
        }
    }
}

impl Rules {
    /// Takes in what an event says.
    pub(crate) fn admit(&mut self, event: &InstrumentAdmitted) {
        let lots = |lots: u64| i64::try_from(lots).unwrap_or(i64::MAX);
        *self = Self {
            ticklot_e12: event.ticklot_e12.max(0),
            product: if event.product_id == 0 { event.instrument_id } else { event.product_id },
            venue: event.venue_id,
            is_admitted: true,
            qty_min: lots(event.qty_min_lots).max(1),
            qty_max: lots(event.qty_max_lots),
            qty_step: lots(event.qty_step_lots).max(1),
            price_min: event.price_min_ticks,
            price_max: event.price_max_ticks,
            order_types: event.order_types,
            times_in_force: event.times_in_force,
            ..*self
        };
    }
}

/// Worth of one tick-lot in 10^-12 of the instrument's own currency, rounded up; 0 when it does not
/// fit in 64 bits.
#[must_use]
pub fn ticklot_e12(definition: &InstrumentDefined) -> i64 {
    let [tick, lot, multiplier] =
        [definition.tick_e9, definition.lot_e9, definition.multiplier_e9].map(u128::from);
    // A lot of one unit and a multiplier of one are the rule: only their product can be large.
    let worth = (tick * lot).div_ceil(1_000_000).checked_mul(multiplier);
    worth.and_then(|worth| i64::try_from(worth.div_ceil(1_000_000_000)).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(tick_e9: u64, lot_e9: u64, multiplier_e9: u64) -> i64 {
        let (symbol, currency) = ([0; 16], [0; 8]);
        let venue_code = 0;
        ticklot_e12(&InstrumentDefined {
            symbol,
            currency,
            tick_e9,
            lot_e9,
            multiplier_e9,
            instrument_id: 1,
            venue_code,
        })
    }

    #[test]
    fn a_tick_lot_is_worth_tick_times_lot_times_multiplier() {
        const ONE: u64 = 1_000_000_000;
        assert_eq!(worth(10_000_000, ONE, ONE), 10_000_000_000, "a share, a cent");
        assert_eq!(worth(250_000_000, ONE, 50 * ONE), 12_500_000_000_000, "an index future");
        assert_eq!(worth(10_000_000, 10_000, ONE), 100_000, "a hundred-thousandth of a coin");
        assert_eq!(worth(u64::MAX, u64::MAX, u64::MAX), 0, "unknown, and so refused");
    }
}
