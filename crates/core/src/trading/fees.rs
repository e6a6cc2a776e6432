// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What fills cost: the venue's own word where it says it, else the rates that are set. The same
//! arithmetic as the exchange's clearing, so that both come to the same, fill by fill.

use crate::component::SnapshotError;
use crate::events::{FeesSet, InstrumentDefined, Liquidity};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_u32, write_u32};
use crate::types::{InstrumentId, Lots, StrategyId, Ticks};

/// Thousandths of a basis point in the whole value, times 10^-27 in 10^-9 currency.
const VALUE_UNIT: i128 = 10_000_000 * 1_000_000_000_000_000_000;

/// What a fill of one role costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rate {
    /// By the lot, in 10^-9 currency.
    by_lot: i128,
    /// By the tick-lot, in 10^-9 currency: a fraction in its lowest terms.
    by_value: i128,
    unit: i128,
}

/// Rates of one instrument.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// Its own rates; those of instrument 0 where it has none.
    own: Option<FeesSet>,
    /// Worth of a tick-lot, in 10^-27 currency; 0 before it is defined.
    ticklot_e27: i128,
    /// Worked out of both, by role; `None` where they do not say what a fill costs.
    rates: [Option<Rate>; 3],
}

impl Row {
    fn work_out(&mut self, general: Option<FeesSet>) {
        let rates = self.own.or(general);
        let of = |by_lot, by_value| Rate::of(by_lot, by_value, self.ticklot_e27);
        self.rates = rates.map_or([None; 3], |rates| {
            [
                of(rates.maker_lot_e9, rates.maker_bps_e3),
                of(rates.taker_lot_e9, rates.taker_bps_e3),
                of(rates.auction_lot_e9, rates.auction_bps_e3),
            ]
        });
    }
}

impl Rate {
    fn of(by_lot: i64, by_value: i64, ticklot_e27: i128) -> Option<Self> {
        let by_lot = i128::from(by_lot);
        if by_value == 0 {
            return Some(Self { by_lot, by_value: 0, unit: 1 });
        }
        let rate = ticklot_e27.checked_mul(i128::from(by_value)).filter(|&rate| rate != 0)?;
        let common = greatest_common(rate.unsigned_abs(), VALUE_UNIT.unsigned_abs());
        Some(Self { by_lot, by_value: rate / common, unit: VALUE_UNIT / common })
    }

    fn charge(self, price: Ticks, qty: Lots) -> Option<i64> {
        let by_lot = self.by_lot.checked_mul(i128::from(qty))?;
        let ticklots = i128::from(price).checked_mul(i128::from(qty))?;
        let by_value = half_even(ticklots.checked_mul(self.by_value)?, self.unit);
        i64::try_from(by_lot.checked_add(by_value)?).ok()
    }
}

/// Rates and what was paid by them, of all strategies in all instruments.
#[derive(Clone, Debug)]
pub struct Fees {
    rows: Vec<Row>,
    /// What each strategy paid in each instrument, in 10^-9 currency.
    paid: Vec<i128>,
    is_used: bool,
}

impl Fees {
    /// No rates: nothing is charged but what venues say. Takes all its memory now.
    #[must_use]
    pub fn new(strategies_max: u32, instruments_max: u32) -> Self {
        let width = instruments_max as usize + 1;
        Self {
            rows: vec![Row::default(); width],
            paid: vec![0; width * (strategies_max as usize + 1)],
            is_used: false,
        }
    }

    /// Rates are set, for one instrument or for all that have none of their own.
    pub fn set(&mut self, rates: &FeesSet) {
        let Some(row) = self.rows.get_mut(rates.instrument_id as usize) else { return };
        row.own = Some(*rates);
        let general = self.rows[0].own;
        self.rows.iter_mut().for_each(|row| row.work_out(general));
    }

    /// An instrument is defined: what its tick-lot is worth.
    pub fn define(&mut self, definition: &InstrumentDefined) {
        let InstrumentDefined { tick_e9, lot_e9, multiplier_e9, .. } = *definition;
        let worth = i128::from(tick_e9)
            .checked_mul(i128::from(lot_e9))
            .and_then(|worth| worth.checked_mul(i128::from(multiplier_e9)));
        let general = self.rows[0].own;
        if let Some(row) = self.rows.get_mut(definition.instrument_id as usize) {
            row.ticklot_e27 = worth.unwrap_or(0);
            row.work_out(general);
        }
    }

    /// What a fill costs by the rates, in 10^-9 currency; `None` where none are set, or it cannot
    /// be said in 64 bits.
    #[must_use]
    pub fn of(
        &self,
        instrument: InstrumentId,
        liquidity: Liquidity,
        price: Ticks,
        qty: Lots,
    ) -> Option<i64> {
        let [maker, taker, auction] = self.rows.get(instrument as usize)?.rates;
        let rate = match liquidity {
            Liquidity::Added => maker,
            Liquidity::Removed => taker,
            Liquidity::Auction => auction,
        };
        rate?.charge(price, qty)
    }

    /// Books what a fill cost; gives all that the strategy paid in the instrument so far.
    pub fn pay(&mut self, strategy: StrategyId, instrument: InstrumentId, fee_e9: i64) -> i128 {
        self.is_used = true;
        let width = self.rows.len();
        let known = (instrument as usize) < width;
        let at = known.then(|| strategy as usize * width + instrument as usize);
        let Some(paid) = at.and_then(|at| self.paid.get_mut(at)) else { return 0 };
        *paid += i128::from(fee_e9);
        *paid
    }

    /// What a strategy has paid in an instrument, in 10^-9 currency; negative for rebates.
    #[must_use]
    pub fn paid(&self, strategy: StrategyId, instrument: InstrumentId) -> i128 {
        let width = self.rows.len();
        let known = (instrument as usize) < width;
        let at = known.then(|| strategy as usize * width + instrument as usize);
        at.and_then(|at| self.paid.get(at)).copied().unwrap_or(0)
    }

    /// What was paid, with its place; nothing where nothing was ever charged.
    fn entries(&self) -> impl Iterator<Item = (usize, i128)> + Clone {
        let all = self.is_used.then(|| self.paid.iter().copied().enumerate());
        all.into_iter().flatten().filter(|(_, paid)| *paid != 0)
    }

    /// Mixes the state into a digest; what was set is an input, and is not part of it.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        for (at, paid) in self.entries() {
            hasher.word(at as u64);
            hasher.bytes(&paid.to_le_bytes());
        }
    }

    /// Appends rates and what was paid.
    pub fn save(&self, out: &mut Vec<u8>) {
        let rates = self.rows.iter().filter_map(|row| row.own);
        write_u32(out, rates.clone().count() as u32);
        rates.for_each(|rates| out.extend_from_slice(&rates.encode()));
        write_u32(out, self.rows.iter().filter(|row| row.ticklot_e27 != 0).count() as u32);
        for (at, row) in self.rows.iter().enumerate().filter(|(_, row)| row.ticklot_e27 != 0) {
            write_u32(out, at as u32);
            out.extend_from_slice(&row.ticklot_e27.to_le_bytes());
        }
        write_u32(out, self.entries().count() as u32);
        for (at, paid) in self.entries() {
            write_u32(out, at as u32);
            out.extend_from_slice(&paid.to_le_bytes());
        }
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not fees, or name ids beyond the maximum.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let wrong = SnapshotError::Invalid { what: "fees: ids beyond the maximum" };
        self.rows.fill(Row::default());
        self.paid.fill(0);
        for _ in 0..read_u32(bytes)? {
            let rates: [u8; FeesSet::SIZE] = read_array(bytes)?;
            let rates = FeesSet::decode(&rates).ok_or(wrong)?;
            self.rows.get_mut(rates.instrument_id as usize).ok_or(wrong)?.own = Some(rates);
        }
        for _ in 0..read_u32(bytes)? {
            let row = self.rows.get_mut(read_u32(bytes)? as usize).ok_or(wrong)?;
            row.ticklot_e27 = i128::from_le_bytes(read_array(bytes)?);
        }
        for _ in 0..read_u32(bytes)? {
            let paid = self.paid.get_mut(read_u32(bytes)? as usize).ok_or(wrong)?;
            *paid = i128::from_le_bytes(read_array(bytes)?);
            self.is_used = true;
        }
        let general = self.rows[0].own;
        self.rows.iter_mut().for_each(|row| row.work_out(general));
        Ok(())
    }
}

/// The nearest whole quotient; half goes to the even one. As the clearing rounds.
const fn half_even(numerator: i128, denominator: i128) -> i128 {
    let (quotient, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let is_up = rest > denominator - rest || (rest == denominator - rest && quotient % 2 != 0);
    quotient + is_up as i128
}

const fn greatest_common(mut a: u128, mut b: u128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: FeesSet = FeesSet {
        maker_lot_e9: 0,
        maker_bps_e3: 0,
        taker_lot_e9: 0,
        taker_bps_e3: 0,
        auction_lot_e9: 0,
        auction_bps_e3: 0,
        instrument_id: 0,
        reserved: 0,
    };

    fn shares(instrument_id: InstrumentId) -> InstrumentDefined {
        InstrumentDefined {
            symbol: *b"ONE\0\0\0\0\0\0\0\0\0\0\0\0\0",
            currency: *b"USD\0\0\0\0\0",
            tick_e9: 100_000,
            lot_e9: 1_000_000_000,
            multiplier_e9: 1_000_000_000,
            instrument_id,
            venue_code: 0,
        }
    }

    #[test]
    fn a_side_pays_by_the_lot_and_by_value() {
        let mut fees = Fees::new(1, 2);
        assert_eq!(fees.of(1, Liquidity::Added, 100, 1), None, "no rates, no fee");
        fees.define(&shares(1));
        fees.set(&FeesSet { maker_lot_e9: -2_000_000, taker_bps_e3: 3_000, ..ZERO });
        fees.set(&FeesSet { instrument_id: 2, taker_lot_e9: 7, taker_bps_e3: 1, ..ZERO });
        // 300 lots at 100.0000: a rebate of 0.002 each.
        assert_eq!(fees.of(1, Liquidity::Added, 1_000_000, 300), Some(-600_000_000));
        // Three basis points of 30,000 are 9.
        assert_eq!(fees.of(1, Liquidity::Removed, 1_000_000, 300), Some(9_000_000_000));
        assert_eq!(fees.of(1, Liquidity::Auction, 1_000_000, 300), Some(0));
        assert_eq!(fees.of(2, Liquidity::Removed, 1_000_000, 3), None, "nobody said its worth");
        fees.define(&shares(2));
        assert_eq!(fees.of(2, Liquidity::Removed, 1_000_000, 3), Some(21 + 30_000));
        assert_eq!(fees.of(2, Liquidity::Removed, i64::MAX, u64::MAX), None);
        assert_eq!(fees.of(3, Liquidity::Removed, 1, 1), None);
    }

    #[test]
    fn halves_go_to_the_even() {
        let found = [14, 15, 25, -15, -16, -25].map(|n| half_even(n, 10));
        assert_eq!(found, [1, 2, 2, -2, -2, -2]);
    }

    #[test]
    fn a_snapshot_brings_back_rates_and_what_was_paid() {
        let mut fees = Fees::new(1, 2);
        fees.define(&shares(1));
        fees.set(&FeesSet { instrument_id: 1, taker_bps_e3: 3_000, ..ZERO });
        assert_eq!((fees.pay(1, 1, 5), fees.pay(1, 1, -7), fees.pay(1, 9, 1)), (5, -2, 0));
        let mut bytes = Vec::new();
        fees.save(&mut bytes);
        let mut copy = Fees::new(1, 2);
        copy.restore(&mut bytes.as_slice()).unwrap();
        let price = 1_000_000;
        assert_eq!(
            (copy.paid(1, 1), copy.of(1, Liquidity::Removed, price, 300)),
            (-2, fees.of(1, Liquidity::Removed, price, 300))
        );
        let digest = |fees: &Fees| {
            let mut hasher = StateHasher::new();
            fees.hash_into(&mut hasher);
            hasher.finish()
        };
        assert_eq!(digest(&copy), digest(&fees));
        assert_ne!(digest(&Fees::new(1, 2)), digest(&fees));
        assert!(Fees::new(0, 1).restore(&mut bytes.as_slice()).is_err());
    }
}
