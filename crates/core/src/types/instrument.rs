// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What an instrument is: its units and the prices it may have.

use super::{InstrumentId, Ticks};
use crate::events::{InstrumentDefined, TickRungDefined};

/// An instrument and its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Definition as it stands in the journal.
    pub definition: InstrumentDefined,
    /// Prices it may have.
    pub tick_table: TickTable,
}

impl Instrument {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> InstrumentId {
        self.definition.instrument_id
    }

    /// Its symbol, without padding.
    #[must_use]
    pub fn symbol(&self) -> &[u8] {
        let bytes = &self.definition.symbol;
        let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
        &bytes[..end]
    }
}

impl Instrument {
    /// Takes in one rung of the tick table, and drops those above it; false, with nothing changed,
    /// when it does not fit the table.
    #[must_use]
    pub fn define_rung(&mut self, rung: &TickRungDefined) -> bool {
        let mut rungs = self.tick_table.rungs().to_vec();
        rungs.truncate(rung.rung as usize);
        rungs.push(Rung { from: rung.from_price_ticks, increment: rung.increment_ticks });
        let table = TickTable::from_rungs(&rungs);
        table.map(|table| self.tick_table = table).is_ok()
    }
}

/// One rung: from `from` up, prices are multiples of `increment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Rung {
    /// Lowest price, inclusive.
    pub from: Ticks,
    /// Step between allowed prices, at least 1.
    pub increment: Ticks,
}

/// The prices an instrument may have, lowest rung first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TickTable {
    rungs: [Rung; Self::RUNGS_MAX],
    rungs_count: u8,
}

/// Why a rung was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TickTableError {
    /// More rungs than a table holds.
    Full,
    /// The increment is below 1.
    Increment,
    /// Rungs must rise.
    Order,
}

impl Default for TickTable {
    fn default() -> Self {
        Self::flat(1)
    }
}

impl TickTable {
    /// Most rungs in a table.
    pub const RUNGS_MAX: usize = 8;

    /// A table with one step for all prices; `increment` below 1 counts as 1.
    #[must_use]
    pub const fn flat(increment: Ticks) -> Self {
        let mut rungs = [Rung { from: 0, increment: 1 }; Self::RUNGS_MAX];
        rungs[0] = Rung { from: Ticks::MIN, increment: if increment < 1 { 1 } else { increment } };
        Self { rungs, rungs_count: 1 }
    }

    /// The table of US equities priced in 1/10,000 dollar: a cent from one dollar up, else 1/10,000.
    ///
    /// Source: SEC Regulation NMS, Rule 612.
    #[must_use]
    pub const fn us_equity_price4() -> Self {
        let mut table = Self::flat(1);
        table.rungs[1] = Rung { from: 10_000, increment: 100 };
        table.rungs_count = 2;
        table
    }

    /// A table made of rungs.
    ///
    /// # Errors
    /// [`TickTableError`] when there are too many, they do not rise, or an increment is below 1.
    pub fn from_rungs(rungs: &[Rung]) -> Result<Self, TickTableError> {
        let mut table = Self::flat(1);
        if rungs.len() > Self::RUNGS_MAX {
            return Err(TickTableError::Full);
        }
        for (index, rung) in rungs.iter().enumerate() {
            if rung.increment < 1 {
                return Err(TickTableError::Increment);
            }
            if index > 0 && rung.from <= rungs[index - 1].from {
                return Err(TickTableError::Order);
            }
            table.rungs[index] = *rung;
        }
        table.rungs_count = rungs.len().max(1) as u8;
        Ok(table)
    }

    /// The rungs, lowest first.
    #[must_use]
    pub fn rungs(&self) -> &[Rung] {
        &self.rungs[..usize::from(self.rungs_count)]
    }

    /// Step between allowed prices at `price`.
    #[inline]
    #[must_use]
    pub fn increment_at(&self, price: Ticks) -> Ticks {
        let mut increment = self.rungs[0].increment;
        for rung in self.rungs().iter().skip(1) {
            if price < rung.from {
                break;
            }
            increment = rung.increment;
        }
        increment
    }

    /// Step of the highest rung: the one that most prices keep to, in ticks.
    #[must_use]
    pub fn usual_increment(&self) -> Ticks {
        self.rungs().last().map_or(1, |rung| rung.increment)
    }

    /// Whether `price` is one the instrument may have: above zero and on its step.
    #[inline]
    #[must_use]
    pub fn allows(&self, price: Ticks) -> bool {
        price > 0 && price % self.increment_at(price) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn us_equities_step_by_the_cent_from_one_dollar() {
        let table = TickTable::us_equity_price4();
        assert!(table.allows(9_999) && table.allows(10_000) && table.allows(1_633_400));
        assert!(!table.allows(10_001) && !table.allows(0) && !table.allows(-100));
    }

    #[test]
    fn bad_tables_are_refused() {
        let rung = |from, increment| Rung { from, increment };
        assert_eq!(TickTable::from_rungs(&[rung(0, 0)]), Err(TickTableError::Increment));
        assert_eq!(TickTable::from_rungs(&[rung(5, 1), rung(5, 2)]), Err(TickTableError::Order));
        assert_eq!(TickTable::from_rungs(&[rung(0, 1); 9]), Err(TickTableError::Full));
        let table = TickTable::from_rungs(&[rung(0, 1), rung(10, 5), rung(100, 10)]).unwrap();
        assert_eq!([9, 10, 99, 100].map(|p| table.increment_at(p)), [1, 5, 5, 10]);
    }
}
