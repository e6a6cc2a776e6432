// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a strategy may look at, wherever it runs: in a backtest, on the live engine's thread, or in a
//! process that follows the engine's journal.

use super::host::StrategyHost;
use super::oms::OrderTable;
use crate::book::{LevelView, QueuePosition};
use crate::types::{Instrument, InstrumentId, Lots, Side, StrategyId, Ticks, TsNs};

/// The best prices of others in an instrument; our own orders are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// Best bid price in ticks; 0 when there is none.
    pub bid: Ticks,
    /// Quantity there, in lots.
    pub bid_qty: Lots,
    /// Best ask price in ticks; 0 when there is none.
    pub ask: Ticks,
    /// Quantity there, in lots.
    pub ask_qty: Lots,
}

impl Touch {
    /// Whether both sides have a price.
    #[must_use]
    pub const fn is_two_sided(&self) -> bool {
        self.bid_qty != 0 && self.ask_qty != 0
    }

    /// Whether both sides have a price, and the bid is below the ask: neither locked nor crossed.
    #[must_use]
    pub const fn is_orderly(&self) -> bool {
        self.is_two_sided() && self.bid < self.ask
    }
}

/// The market and the strategies' own orders, as of the last entry applied.
///
/// It shows every strategy's orders and positions: whoever calls a strategy passes its own id.
pub trait StrategyView {
    /// Journal time: that of the last entry; 0 before the first.
    fn now(&self) -> TsNs;

    /// An instrument, once it was named.
    fn instrument(&self, id: InstrumentId) -> Option<&Instrument>;

    /// The instrument of a symbol, once it was named; the first of several.
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId>;

    /// The best prices of others.
    fn touch(&self, id: InstrumentId) -> Touch;

    /// Shows `see` the levels of one side without our own orders, best first, until it gives false.
    fn each_level(&self, id: InstrumentId, side: Side, see: &mut dyn FnMut(LevelView) -> bool);

    /// Price of the last trade; `None` before the first.
    fn last_trade(&self, id: InstrumentId) -> Option<Ticks>;

    /// A strategy's signed position, lots.
    fn position(&self, strategy: StrategyId, id: InstrumentId) -> i64;

    /// A strategy's live orders; `None` when there is no such strategy.
    fn orders(&self, strategy: StrategyId) -> Option<&OrderTable>;

    /// Where a live order stands in its queue; `None` when it does not rest or nobody can say.
    fn queue_position(
        &self,
        strategy: StrategyId,
        id: InstrumentId,
        client_id: u64,
    ) -> Option<QueuePosition>;

    /// Step between allowed prices at the best bid (at the best ask if there is no bid), ticks; 1
    /// before the instrument was named.
    fn increment(&self, id: InstrumentId) -> Ticks {
        let touch = self.touch(id);
        let price = if touch.bid_qty == 0 { touch.ask } else { touch.bid };
        self.instrument(id).map_or(1, |instrument| instrument.tick_table.increment_at(price))
    }
}

/// A run of one strategy: what it may look at, and where it puts what it asks for.
pub trait StrategyRun {
    /// Whose run it is.
    fn strategy(&self) -> StrategyId;

    /// What the strategy may look at.
    fn view(&self) -> &dyn StrategyView;

    /// The same, with the strategy's side of the border.
    fn parts(&mut self) -> (&dyn StrategyView, &mut StrategyHost);
}
