// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Fixed-point numbers, ids, time. Arithmetic here cannot overflow unseen.

mod decimal;
mod instrument;
mod time;

pub use decimal::{Decimal, DecimalError};
pub use instrument::{Instrument, Rung, TickTable, TickTableError};
pub use time::{
    MILLISECOND_NS, SECOND_NS, TimeError, civil_from_days, days_from_civil, format_ts_ns,
    parse_ts_ns,
};

/// A price in the instrument's ticks.
pub type Ticks = i64;
/// A quantity in the instrument's lots.
pub type Lots = u64;
/// Nanoseconds since the Unix epoch, UTC.
pub type TsNs = i64;
/// An instrument of this journal, from 1; 0 is "none" or "all".
pub type InstrumentId = u32;
/// A strategy of this run, from 1.
pub type StrategyId = u32;

pub use crate::events::Side;

impl Side {
    /// The other side.
    #[inline]
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// 0 for buy, 1 for sell: an index.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Buy => 0,
            Self::Sell => 1,
        }
    }

    /// Whether `price` is at least as aggressive as `than` on this side (higher for a buy).
    #[inline]
    #[must_use]
    pub const fn reaches(self, price: Ticks, than: Ticks) -> bool {
        match self {
            Self::Buy => price >= than,
            Self::Sell => price <= than,
        }
    }

    /// Whether `price` is more aggressive than `than` on this side.
    #[inline]
    #[must_use]
    pub const fn betters(self, price: Ticks, than: Ticks) -> bool {
        match self {
            Self::Buy => price > than,
            Self::Sell => price < than,
        }
    }
}

/// Price times quantity in tick-lots; `None` when it does not fit in 64 bits.
#[inline]
#[must_use]
pub const fn notional(price: Ticks, qty: Lots) -> Option<i64> {
    if qty > i64::MAX as u64 {
        return None;
    }
    price.checked_mul(qty.cast_signed())
}
