// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a strategy may look at, wherever it runs: in a backtest, on the live engine's thread, or in a
//! process that follows the engine's journal.

use super::callback::MarketTrade;
use super::host::StrategyHost;
use super::oms::OrderTable;
use crate::book::{Bbo, Books, LevelView, QueuePosition};
use crate::events::{MarketAction, MarketUpdated};
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
    /// The best of two sides.
    #[inline]
    #[must_use]
    pub fn of(best: Bbo) -> Self {
        let side =
            |level: Option<LevelView>| level.map_or((0, 0), |level| (level.price, level.qty));
        let ((bid, bid_qty), (ask, ask_qty)) = (side(best.bid), side(best.ask));
        Self { bid, bid_qty, ask, ask_qty }
    }

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

/// A level without our own quantity and orders there; `None` when nothing else is left.
#[inline]
pub(crate) fn without(level: LevelView, (own, orders): (Lots, u32)) -> Option<LevelView> {
    let qty = level.qty.saturating_sub(own);
    (qty != 0).then_some(LevelView { qty, orders: level.orders.saturating_sub(orders), ..level })
}

/// The trade that a message speaks of, as the books stand before it is applied.
#[inline]
pub(crate) fn trade_of(update: &MarketUpdated, books: &Books) -> Option<MarketTrade> {
    let instrument = update.instrument_id;
    match MarketAction::from_raw(update.action)? {
        MarketAction::Execute => {
            let order = books.order(update.order_ref)?;
            Some(MarketTrade {
                instrument,
                price: if update.price_ticks == 0 { order.price } else { update.price_ticks },
                qty: update.qty_lots.min(order.qty),
                aggressor: Some(order.side.opposite()),
            })
        }
        MarketAction::Trade | MarketAction::Cross if update.qty_lots > 0 => {
            let aggressor = Side::from_raw(update.side).map(Side::opposite);
            let (price, qty) = (update.price_ticks, update.qty_lots);
            Some(MarketTrade { instrument, price, qty, aggressor })
        }
        _ => None,
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
