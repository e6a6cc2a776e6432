// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the ledger keeps for each strategy in an instrument, and over every wider scope.

use crate::risk::rules::Rules;
use crate::risk::study::Volatility;
use crate::types::{InstrumentId, Side, StrategyId, Ticks};

use super::orders::{Measure, NONE};
use super::room::Room;

/// Most lots that are counted; beyond it an order is refused as an overflow.
pub(crate) const LOTS_MAX: i64 = i64::MAX / 8;

/// A position and what is open beside it, in lots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holding {
    /// Signed position.
    pub(crate) position: i64,
    /// Reserved lots, by side.
    pub(crate) open: [i64; 2],
}

impl Holding {
    /// The position towards `side` if everything open there and `more` traded.
    #[inline]
    pub(crate) fn worst(&self, side: Side, more: i64) -> Option<i64> {
        let held = if side == Side::Buy { self.position } else { self.position.checked_neg()? };
        held.checked_add(self.open[side.index()])?.checked_add(more)
    }

    /// The largest absolute position that the open orders can lead to.
    #[inline]
    pub(crate) fn worst_lots(&self) -> i64 {
        let of = |towards: Side| self.worst(towards, 0).unwrap_or(i64::MAX);
        of(Side::Buy).max(of(Side::Sell)).max(0)
    }

    /// How much larger that is with `more` on a side.
    #[inline]
    pub(crate) fn more_worst(&self, side: Side, more: i64) -> i64 {
        let before = self.worst(side, 0).unwrap_or(i64::MAX);
        let after = self.worst(side, more).unwrap_or(i64::MAX);
        let other = self.worst(side.opposite(), 0).unwrap_or(i64::MAX).max(0);
        after.max(other) - before.max(other)
    }

    /// Whether `more` on a side makes the position smaller even if all that is open there trades.
    #[inline]
    pub(crate) fn reduces(&self, side: Side, more: i64) -> bool {
        self.worst(side, more).is_some_and(|worst| worst <= 0) && self.position != 0
    }
}

/// Holdings by two numbers, with a row for those alone that were ever used.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// Row and one; 0 where there is none yet.
    index: Vec<u32>,
    width: usize,
    rows_max: usize,
    pub(crate) rows: Vec<Holding>,
}

impl Grid {
    pub(crate) fn new(height: u32, width: u32, rows_max: u32) -> Self {
        let width = width as usize + 1;
        let cells = (height as usize + 1) * width;
        Self {
            index: vec![0; cells],
            width,
            rows_max: (rows_max as usize).min(cells),
            rows: Vec::with_capacity((rows_max as usize).min(cells)),
        }
    }

    /// The row of two numbers, made if need be; `None` when a number is too large or all are used.
    pub(crate) fn row(&mut self, first: u32, second: u32) -> Option<u32> {
        if second as usize >= self.width {
            return None;
        }
        let cell = self.index.get_mut(first as usize * self.width + second as usize)?;
        if *cell == 0 {
            if self.rows.len() == self.rows_max {
                return None;
            }
            self.rows.push(Holding::default());
            *cell = self.rows.len() as u32;
        }
        Some(*cell - 1)
    }

    /// The row of two numbers, if there is one.
    pub(crate) fn known(&self, first: u32, second: u32) -> Option<u32> {
        let cell = self.index.get(first as usize * self.width + second as usize)?;
        cell.checked_sub(1).filter(|_| (second as usize) < self.width)
    }

    pub(crate) fn clear(&mut self) {
        self.index.fill(0);
        self.rows.clear();
    }
}

/// One strategy in one instrument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) strategy: StrategyId,
    pub(crate) account: u32,
    /// Row of its instrument.
    pub(crate) listing: u32,
    pub(crate) holding: Holding,
    /// Live chains of orders.
    pub(crate) orders: i64,
    /// What is open, by side, in tick-lots.
    pub(crate) open_worth: [i128; 2],
    /// Sales less purchases, in tick-lots.
    pub(crate) cash: i128,
    /// Fees paid, in 10^-12 account currency.
    pub(crate) fees_e12: i128,
    /// Profit with the position closed at once, as the wider scopes have it, in 10^-12 currency.
    pub(crate) equity: i128,
    /// Worth of the position, signed, as the wider scopes have it, in 10^-12 currency.
    pub(crate) worth: i128,
    /// Rows of the wider scopes.
    pub(crate) by_strategy: u32,
    pub(crate) by_account: u32,
    pub(crate) product: u32,
    /// Sides the strategy may trade it on, as bits.
    pub(crate) sides: u32,
    /// Restriction bits, and the lots located for short sales.
    pub(crate) bars: u32,
    pub(crate) located: i64,
    /// The next pair of the same instrument.
    pub(crate) next: u32,
}

/// One instrument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listing {
    pub(crate) id: InstrumentId,
    pub(crate) rules: Rules,
    pub(crate) holding: Holding,
    pub(crate) orders: i64,
    /// Lots executed today, by side.
    pub(crate) day_lots: [i64; 2],
    /// Last known best bid and ask.
    pub(crate) mark: [Option<Ticks>; 2],
    /// How much their middle moves, while a collar goes by it.
    pub(crate) volatility: Volatility,
    /// First of its pairs.
    pub(crate) pairs: u32,
    /// Newest of the own orders, by side.
    pub(crate) own: [u32; 2],
    /// A price that none of them betters.
    pub(crate) own_best: [Option<Ticks>; 2],
}

impl Listing {
    /// The middle of its market, doubled, when both sides were heard of.
    #[inline]
    pub(crate) fn mid2(&self) -> Option<i64> {
        self.mark[0]?.checked_add(self.mark[1]?)
    }

    pub(crate) fn new(id: InstrumentId) -> Self {
        Self {
            id,
            rules: Rules { product: id, ..Rules::default() },
            holding: Holding::default(),
            orders: 0,
            day_lots: [0; 2],
            mark: [None; 2],
            volatility: Volatility::default(),
            pairs: NONE,
            own: [NONE; 2],
            own_best: [None; 2],
        }
    }
}

/// Money over a strategy, an account or the firm, in 10^-12 account currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Money {
    /// Worth of all positions, unsigned.
    pub(crate) gross: i128,
    /// Worth of all positions, signed.
    pub(crate) net: i128,
    /// Worth of what is open, by side.
    pub(crate) open: [i128; 2],
    /// Worth of what was executed today, by side.
    pub(crate) day: [i128; 2],
    /// Profit of today and before, with all positions closed at once.
    pub(crate) equity: i128,
    /// Margin that is bound (accounts alone).
    pub(crate) margin: i128,
    /// Live chains of orders.
    pub(crate) orders: i64,
    /// Lots in them.
    pub(crate) lots: i64,
    /// How far all that is from the next bound.
    pub(crate) room: Room,
}

/// How a chain's reservation changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) side: Side,
    pub(crate) lots: i64,
    pub(crate) worth: i128,
    pub(crate) orders: i64,
}

/// What a change is worth: in 10^-12 account currency, and as margin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worth {
    pub(crate) money: i128,
    /// The same in the units of [`Room`], rounded up.
    pub(crate) units: i64,
    pub(crate) margin: i128,
}

/// Tick-lots times the worth of one. Most fit in 64 bits, where that is quick.
#[inline]
pub(crate) fn times(ticklots: i128, ticklot_e12: i64) -> i128 {
    match i64::try_from(ticklots) {
        Ok(ticklots) => i128::from(ticklots) * i128::from(ticklot_e12),
        Err(_) => ticklots * i128::from(ticklot_e12),
    }
}

impl Change {
    #[inline]
    pub(crate) fn between(side: Side, before: Measure, after: Measure) -> Self {
        Self {
            side,
            lots: after.lots - before.lots,
            worth: after.worth - before.worth,
            orders: after.orders - before.orders,
        }
    }
}
