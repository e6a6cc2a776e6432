// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Closing a position for a strategy that does not run: one order, at the opposite best price, gone at
//! once where it does not trade. It passes the gate as any other.

use super::{Desk, NewOrder, Reference, VenueCommand};
use crate::events::{OrderType, RejectReason, TimeInForce};
use crate::risk::Refusal;
use crate::types::{InstrumentId, Side, StrategyId, TsNs};

impl Desk {
    /// An order that closes a strategy's position in an instrument, or as much of it as one order may
    /// be. Its number is one of order management's own, so that it is none of the strategy's; `None`
    /// where there is nothing to close, or no price to close it at.
    ///
    /// # Errors
    /// Why the gate refuses it, however small.
    pub fn close(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        market: &Reference,
        now: TsNs,
    ) -> Result<Option<NewOrder>, Refusal> {
        let held = self.portfolio.position(strategy, instrument).lots;
        let (side, best) =
            if held > 0 { (Side::Sell, market.bid) } else { (Side::Buy, market.ask) };
        let Some(price) = best.filter(|_| held != 0) else { return Ok(None) };
        let Some(state) = self.state_mut(strategy) else { return Ok(None) };
        let was_running = std::mem::replace(&mut state.running, true);
        let mut qty = held.unsigned_abs();
        let closed = loop {
            let client_id = self.state_mut(strategy).map_or(0, |s| s.orders.next_quote_id());
            let order = NewOrder {
                client_id,
                price,
                qty,
                order_type: OrderType::Limit,
                time_in_force: TimeInForce::Ioc,
                post_only: false,
                ..super::asks::resting_quote(strategy, instrument, side)
            };
            match self.submit(&order, market, now, None) {
                Ok(()) => break Ok(Some(order)),
                // Too much for one order: then in parts.
                Err(Refusal {
                    reason: RejectReason::OrderQty | RejectReason::OrderNotional,
                    ..
                }) if qty > 1 => qty /= 2,
                Err(refusal) => break Err(refusal),
            }
        };
        if let Some(state) = self.state_mut(strategy) {
            state.running = was_running;
        }
        closed
    }
}

impl From<NewOrder> for VenueCommand {
    fn from(order: NewOrder) -> Self {
        Self::Enter(order)
    }
}
