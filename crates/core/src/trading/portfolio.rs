// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Positions and profit: exact, in tick-lots (price in ticks times quantity in lots).

use crate::component::SnapshotError;
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_i64, read_u32, read_u64, write_i64, write_u32, write_u64};
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks};

/// What a strategy holds and has done in one instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Signed position in lots; positive is long.
    pub lots: i64,
    /// Sales less purchases, in tick-lots.
    pub cash: i128,
    /// What the open position cost, at average price, in tick-lots; signed as the position.
    pub cost: i128,
    /// Profit of what was closed, at average cost, in tick-lots. What rounding leaves stays in
    /// `cost`, so that `cash == realised - cost` always.
    pub realised: i128,
    /// Lots bought.
    pub bought: Lots,
    /// Lots sold.
    pub sold: Lots,
    /// Number of fills.
    pub fills: u64,
    /// Lots filled while resting (maker).
    pub added: Lots,
    /// Sum over fills of (trade price - arrival mid) times quantity, signed so that positive is a
    /// cost, in half tick-lots.
    pub slippage_half: i128,
    /// Lots that the slippage was measured over.
    pub slippage_lots: Lots,
}

/// One fill, as the portfolio needs it.
#[derive(Clone, Copy, Debug)]
pub struct FillFacts {
    /// Our side.
    pub side: Side,
    /// Trade price.
    pub price: Ticks,
    /// Traded quantity.
    pub qty: Lots,
    /// Whether our order was resting.
    pub maker: bool,
    /// Best bid plus best ask when the order arrived; 0 when there were no two sides.
    pub arrival_mid2: i64,
}

impl Position {
    /// Takes in a fill.
    ///
    /// # Panics
    /// When the position leaves 64 bits: the risk gate's position limit makes that a bug.
    pub fn fill(&mut self, fill: &FillFacts) {
        let signed = self.trade(fill.side, fill.price, fill.qty);
        match fill.side {
            Side::Buy => self.bought += fill.qty,
            Side::Sell => self.sold += fill.qty,
        }
        self.fills += 1;
        self.added += if fill.maker { fill.qty } else { 0 };
        if fill.arrival_mid2 != 0 {
            let price = i128::from(fill.price);
            self.slippage_half += signed * (2 * price - i128::from(fill.arrival_mid2));
            self.slippage_lots += fill.qty;
        }
    }

    /// Position and money after a trade; gives its signed quantity.
    fn trade(&mut self, side: Side, price: Ticks, qty: Lots) -> i128 {
        let (qty, price) = (i128::from(qty), i128::from(price));
        let signed = if side == Side::Buy { qty } else { -qty };
        let held = i128::from(self.lots);
        self.cash -= signed * price;
        if held != 0 && (held > 0) != (signed > 0) {
            let closed = qty.min(held.abs());
            let cost_closed = self.cost * closed / held.abs();
            let proceeds = if held > 0 { closed * price } else { -closed * price };
            self.cost -= cost_closed;
            self.realised += proceeds - cost_closed;
            let opened = qty - closed;
            self.cost += signed.signum() * opened * price;
        } else {
            self.cost += signed * price;
        }
        // Risk keeps positions far inside 64 bits; a breach of that is a bug and stops the run.
        self.lots = i64::try_from(held + signed).expect("risk bounds the position to 64 bits");
        signed
    }

    /// Profit if the open position were closed at `mark`, in tick-lots.
    #[must_use]
    pub fn profit_at(&self, mark: Ticks) -> i128 {
        self.cash + i128::from(self.lots) * i128::from(mark)
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Positions of all strategies in all instruments.
#[derive(Clone, Debug)]
pub struct Portfolio {
    positions: Vec<Position>,
    instruments_max: u32,
}

impl Portfolio {
    /// An empty portfolio for strategies and instruments numbered from 1 to their maximum. Strategy
    /// 0 holds what nobody asked for: fills of orders that are not ours.
    #[must_use]
    pub fn new(strategies_max: u32, instruments_max: u32) -> Self {
        let count = (strategies_max as usize + 1) * (instruments_max as usize + 1);
        Self { positions: vec![Position::default(); count], instruments_max }
    }

    fn index(&self, strategy: StrategyId, instrument: InstrumentId) -> Option<usize> {
        let row = strategy as usize;
        (instrument <= self.instruments_max)
            .then(|| row * (self.instruments_max as usize + 1) + instrument as usize)
    }

    /// A position; flat when nothing was ever traded, or the ids are unknown.
    #[inline]
    #[must_use]
    pub fn position(&self, strategy: StrategyId, instrument: InstrumentId) -> Position {
        let at = self.index(strategy, instrument);
        at.and_then(|at| self.positions.get(at)).copied().unwrap_or_default()
    }

    /// Takes in a fill and gives the position after it; `None` when the ids are unknown.
    pub fn fill(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        fill: &FillFacts,
    ) -> Option<Position> {
        let at = self.index(strategy, instrument)?;
        let position = self.positions.get_mut(at)?;
        position.fill(fill);
        Some(*position)
    }

    /// Takes lots away at a price, for a fee that is paid in them: no fill, and not counted as one.
    /// Gives the position after it; `None` when the ids are unknown.
    pub fn pay(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        price: Ticks,
        qty: Lots,
    ) -> Option<Position> {
        let at = self.index(strategy, instrument)?;
        let position = self.positions.get_mut(at)?;
        position.trade(Side::Sell, price, qty);
        Some(*position)
    }

    /// Positions that were ever traded, with strategy and instrument, in order.
    pub fn traded(&self) -> impl Iterator<Item = (StrategyId, InstrumentId, &Position)> {
        let width = self.instruments_max as usize + 1;
        let used = self.positions.iter().enumerate().filter(|(_, p)| !p.is_empty());
        used.map(move |(at, p)| ((at / width) as u32, (at % width) as u32, p))
    }

    /// Mixes the whole state into a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        for (strategy, instrument, position) in self.traded() {
            hasher.word(u64::from(strategy) << 32 | u64::from(instrument));
            let mut bytes = Vec::with_capacity(128);
            position.save(&mut bytes);
            hasher.bytes(&bytes);
        }
    }

    /// Appends the whole state.
    pub fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.traded().count() as u32);
        for (strategy, instrument, position) in self.traded() {
            write_u32(out, strategy);
            write_u32(out, instrument);
            position.save(out);
        }
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a portfolio, or name ids beyond the maximum.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.positions.fill(Position::default());
        for _ in 0..read_u32(bytes)? {
            let (strategy, instrument) = (read_u32(bytes)?, read_u32(bytes)?);
            let at = self.index(strategy, instrument);
            let slot = at.and_then(|at| self.positions.get_mut(at));
            *slot.ok_or(SnapshotError::Invalid { what: "portfolio: ids beyond the maximum" })? =
                Position::restore(bytes)?;
        }
        Ok(())
    }
}

impl Position {
    fn save(&self, out: &mut Vec<u8>) {
        write_i64(out, self.lots);
        for value in [self.cash, self.cost, self.realised, self.slippage_half] {
            out.extend_from_slice(&value.to_le_bytes());
        }
        for value in [self.bought, self.sold, self.fills, self.added, self.slippage_lots] {
            write_u64(out, value);
        }
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let wide = |bytes: &mut &[u8]| read_array(bytes).map(i128::from_le_bytes);
        let lots = read_i64(bytes)?;
        let (cash, cost, realised) = (wide(bytes)?, wide(bytes)?, wide(bytes)?);
        let slippage_half = wide(bytes)?;
        let (bought, sold, fills) = (read_u64(bytes)?, read_u64(bytes)?, read_u64(bytes)?);
        let (added, slippage_lots) = (read_u64(bytes)?, read_u64(bytes)?);
        Ok(Self {
            lots,
            cash,
            cost,
            realised,
            bought,
            sold,
            fills,
            added,
            slippage_half,
            slippage_lots,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(side: Side, price: Ticks, qty: Lots) -> FillFacts {
        FillFacts { side, price, qty, maker: true, arrival_mid2: 2_000 }
    }

    #[test]
    fn profit_is_exact_through_zero() {
        let mut position = Position::default();
        position.fill(&fill(Side::Buy, 1_000, 3));
        position.fill(&fill(Side::Buy, 1_001, 3));
        position.fill(&fill(Side::Sell, 1_010, 4));
        assert_eq!((position.lots, position.realised), (2, 4 * 1_010 - 6_003 * 4 / 6));
        assert_eq!(position.cash, position.realised - position.cost);
        position.fill(&fill(Side::Sell, 990, 5));
        assert_eq!((position.lots, position.cost), (-3, -3 * 990));
        assert_eq!(position.cash, position.realised - position.cost);
        assert_eq!(position.profit_at(980), position.realised + 3 * 10);
        assert_eq!((position.bought, position.sold, position.fills), (6, 9, 4));
        // Bought 3 at the mid and 3 one tick over; sold 4 ten over and 5 ten under: in half ticks.
        assert_eq!(position.slippage_half, 3 * 2 - 4 * 20 + 5 * 20);
    }

    #[test]
    fn a_fee_in_kind_takes_lots_away_and_is_no_fill() {
        let mut portfolio = Portfolio::new(1, 1);
        portfolio.fill(1, 1, &fill(Side::Buy, 1_000, 50));
        let before = portfolio.position(1, 1);
        let after = portfolio.pay(1, 1, 1_000, 3).unwrap();
        assert_eq!((after.lots, after.cash, after.realised), (47, -47 * 1_000, 0));
        assert_eq!((after.fills, after.bought, after.sold), (1, before.bought, 0));
        // Worth nothing that is known: what it had cost is lost.
        let lost = portfolio.pay(1, 1, 0, 7).unwrap();
        assert_eq!((lost.lots, lost.realised), (40, -7 * 1_000));
        assert_eq!(lost.cash, lost.realised - lost.cost);
        assert_eq!(portfolio.pay(2, 1, 1_000, 3), None);
    }

    #[test]
    fn a_snapshot_brings_it_back() {
        let mut portfolio = Portfolio::new(2, 3);
        portfolio.fill(2, 3, &fill(Side::Sell, 5, 7));
        assert_eq!(portfolio.fill(3, 1, &fill(Side::Sell, 5, 7)), None);
        assert!(portfolio.fill(0, 1, &fill(Side::Sell, 5, 7)).is_some(), "nobody's");
        assert_eq!(portfolio.fill(1, 4, &fill(Side::Sell, 5, 7)), None);
        let mut bytes = Vec::new();
        portfolio.save(&mut bytes);
        let mut copy = Portfolio::new(2, 3);
        copy.restore(&mut bytes.as_slice()).unwrap();
        assert_eq!(copy.position(2, 3), portfolio.position(2, 3));
        assert!(Portfolio::new(1, 3).restore(&mut bytes.as_slice()).is_err());
    }
}
