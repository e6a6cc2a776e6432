// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How far a scope is from its next bound in money, in 64 bits.
//!
//! It is counted in units of 2^20 times 10^-12 account currency, about a millionth, and rounded against
//! the order with every change: it is never more than what there really is, and is measured anew when
//! an order takes the long way.

use crate::types::Side;

const UNIT_BITS: u32 = 20;
/// Changes from here on are not counted: the room is taken as none until it is measured anew.
const UNITS_MAX: i64 = 1 << 60;

/// What is left over a strategy, an account or the firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) gross: i64,
    pub(crate) net: [i64; 2],
    pub(crate) day: [i64; 2],
}

/// Money in units, rounded up.
#[inline]
pub(crate) const fn units(money_e12: i128) -> i64 {
    let units = (money_e12 + ((1 << UNIT_BITS) - 1)) >> UNIT_BITS;
    if units > UNITS_MAX as i128 || units < -(UNITS_MAX as i128) {
        return i64::MAX;
    }
    units as i64
}

/// Money that is left, in units, rounded down; much more than any order has where there is no bound.
pub(crate) const fn left(money_e12: i128) -> i64 {
    let units = money_e12 >> UNIT_BITS;
    if units > UNITS_MAX as i128 {
        UNITS_MAX
    } else if units < -(UNITS_MAX as i128) {
        i64::MIN
    } else {
        units as i64
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::NONE
    }
}

impl Room {
    /// No room at all, whatever is given back.
    pub(crate) const NONE: Self = Self { gross: i64::MIN, net: [i64::MIN; 2], day: [i64::MIN; 2] };

    /// What is open on a side has changed by so many units.
    #[inline]
    pub(crate) fn open(&mut self, side: Side, units: i64) {
        let at = side.index();
        self.gross = self.gross.saturating_sub(units);
        self.net[at] = self.net[at].saturating_sub(units);
        self.day[at] = self.day[at].saturating_sub(units);
        self.settle(units, self.gross.min(self.net[at]).min(self.day[at]));
    }

    /// Positions are worth so much more, unsigned and signed, in 10^-12 account currency.
    #[inline]
    pub(crate) fn worth(&mut self, gross_e12: i128, net_e12: i128) {
        let (gross, bought, sold) = (units(gross_e12), units(net_e12), units(-net_e12));
        self.gross = self.gross.saturating_sub(gross);
        self.net[0] = self.net[0].saturating_sub(bought);
        self.net[1] = self.net[1].saturating_sub(sold);
        let least = self.gross.min(self.net[0]).min(self.net[1]);
        self.settle(gross.max(bought).max(sold), least);
    }

    /// So much was executed on a side.
    #[inline]
    pub(crate) fn executed(&mut self, side: Side, units: i64) {
        let day = &mut self.day[side.index()];
        *day = day.saturating_sub(units);
        let least = *day;
        self.settle(units, least);
    }

    /// What cannot be counted any more is no room, whatever is given back.
    #[inline]
    fn settle(&mut self, units: i64, least: i64) {
        if units == i64::MAX || least < -UNITS_MAX {
            *self = Self::NONE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_never_more_than_there_is_and_stays_none_once_it_cannot_be_counted() {
        let mut room = Room { gross: 9, net: [9, 9], day: [9, 9] };
        room.open(Side::Buy, units(1));
        assert_eq!(room, Room { gross: 8, net: [8, 9], day: [8, 9] });
        room.open(Side::Buy, units(-1));
        assert_eq!(room.gross, 8, "what was rounded up is not given back");
        room.worth(3 << 20, -(2 << 20));
        assert_eq!(room, Room { gross: 5, net: [10, 7], day: [8, 9] });
        room.executed(Side::Sell, 4);
        assert_eq!(room.day, [8, 5]);
        room.open(Side::Sell, units(1 << 90));
        assert_eq!(room, Room::NONE);
        room.open(Side::Sell, units(-(1 << 50)));
        assert_eq!(room, Room::NONE);
        assert_eq!([left(i128::MAX), left(-1), left(i128::MIN)], [UNITS_MAX, -1, i64::MIN]);
    }
}
