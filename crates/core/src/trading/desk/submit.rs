// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders with every term an order can have.

use super::asks::{halted, key_of, refuse};
use super::terms::SpecialTerms;
use super::{Desk, NewOrder, Reference, VenueCommand, emit_rejected};
use crate::component::Outbox;
use crate::events::{EnterOrder, OrderType, RejectReason, StpMode, SubmitOrder, TimeInForce};
use crate::risk::Refusal;
use crate::trading::CLIENT_ID_MAX;
use crate::types::{Lots, Side, TsNs};

/// Bits of `SubmitOrder.flags`.
pub mod submit_flags {
    /// Reject rather than take.
    pub const POST_ONLY: u8 = 1;
    /// Not displayed.
    pub const HIDDEN: u8 = 2;
    /// It may only make the position smaller.
    pub const REDUCE_ONLY: u8 = 4;
    /// A stop that is kept by us.
    pub const HELD: u8 = 8;
    /// All that are defined.
    pub const ALL: u8 = 15;
}

impl Desk {
    /// A new order with every term it can have: a command for the venue, or a refusal that is put
    /// out, or nothing: it is held.
    pub fn submit_order(
        &mut self,
        order: &SubmitOrder,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        match self.try_submit(order, market, now) {
            Ok(command) => Some(command),
            Err(refusal) => {
                let key = key_of(order.strategy_id, order.instrument_id, order.client_id);
                emit_rejected(out, cause, key, SubmitOrder::KIND, refusal);
                None
            }
        }
    }

    fn try_submit(
        &mut self,
        order: &SubmitOrder,
        market: &Reference,
        now: TsNs,
    ) -> Result<VenueCommand, Refusal> {
        let decoded = decode(order, now)?;
        self.use_client_id(order.strategy_id, order.client_id)?;
        if order.flags & submit_flags::REDUCE_ONLY != 0 {
            self.check_reducing(&decoded)?;
        }
        self.submit(&decoded, market, now, None)?;
        Ok(VenueCommand::Enter(decoded))
    }

    /// Takes a strategy's number for an order: each is used once, and they rise.
    pub(super) fn use_client_id(&mut self, strategy: u32, client_id: u64) -> Result<(), Refusal> {
        let state = self.state_mut(strategy).ok_or(halted())?;
        let last = state.orders.last_client_id();
        if client_id <= last || client_id > CLIENT_ID_MAX {
            return Err(refuse(RejectReason::ClientIdUsed, client_id, last));
        }
        state.orders.use_client_id(client_id);
        Ok(())
    }

    /// A reduce-only order closes no more than is held, other orders of its side counted.
    fn check_reducing(&self, order: &NewOrder) -> Result<(), Refusal> {
        let held = self.portfolio.position(order.strategy, order.instrument).lots;
        let closable = if order.side == Side::Sell { held } else { held.saturating_neg() };
        let closable = Lots::try_from(closable).unwrap_or(0);
        let open = self.orders(order.strategy).map_or(0, |t| t.open(order.instrument, order.side));
        let left = closable.saturating_sub(open);
        if order.qty > left {
            return Err(refuse(RejectReason::NotReducing, order.qty, left));
        }
        Ok(())
    }
}

fn bad(value: u64) -> Refusal {
    refuse(RejectReason::FieldInvalid, value, 0)
}

/// Reads a simple order.
pub(super) fn decode_enter(order: &EnterOrder) -> Result<NewOrder, Refusal> {
    let bad = |value: u8| bad(u64::from(value));
    if order.qty_lots == 0 {
        return Err(refuse(RejectReason::QtyInvalid, 0, 1));
    }
    Ok(NewOrder {
        strategy: order.strategy_id,
        instrument: order.instrument_id,
        client_id: order.client_id,
        side: Side::from_raw(order.side).ok_or(bad(order.side))?,
        order_type: OrderType::from_raw(order.order_type).ok_or(bad(order.order_type))?,
        time_in_force: TimeInForce::from_raw(order.time_in_force)
            .ok_or(bad(order.time_in_force))?,
        post_only: order.post_only != 0,
        stp_mode: StpMode::from_raw(order.stp_mode).ok_or(bad(order.stp_mode))?,
        price: order.price_ticks,
        qty: order.qty_lots,
        special: SpecialTerms::default(),
    })
}

/// Reads an order and checks that its terms go together; whether the venue has them is its own word.
fn decode(order: &SubmitOrder, now: TsNs) -> Result<NewOrder, Refusal> {
    let simple = EnterOrder {
        client_id: order.client_id,
        price_ticks: order.price_ticks,
        qty_lots: order.qty_lots,
        strategy_id: order.strategy_id,
        instrument_id: order.instrument_id,
        side: order.side,
        order_type: order.order_type,
        time_in_force: order.time_in_force,
        post_only: order.flags & submit_flags::POST_ONLY,
        stp_mode: order.stp_mode,
        reserved: [0; 3],
    };
    let decoded = decode_enter(&simple)?;
    if order.flags & !submit_flags::ALL != 0 {
        return Err(bad(u64::from(order.flags)));
    }
    // Fields for orders that are held here, which nothing holds yet: never sent as something else.
    if order.after_id | order.group_id != 0 || order.flags & submit_flags::HELD != 0 {
        let flags = u64::from(submit_flags::HELD);
        return Err(refuse(RejectReason::VenueLacks, flags, 0));
    }
    let is_hidden = order.flags & submit_flags::HIDDEN != 0;
    let is_iceberg = order.display_lots != 0;
    if order.display_lots > order.qty_lots || (is_hidden && is_iceberg) {
        return Err(refuse(RejectReason::FieldInvalid, order.display_lots, order.qty_lots));
    }
    if order.min_qty_lots > order.qty_lots {
        return Err(refuse(RejectReason::FieldInvalid, order.min_qty_lots, order.qty_lots));
    }
    let is_stop = matches!(decoded.order_type, OrderType::Stop | OrderType::StopLimit);
    if is_stop != (order.stop_price_ticks > 0) {
        return Err(bad(order.stop_price_ticks.unsigned_abs()));
    }
    let is_until = decoded.time_in_force == TimeInForce::Until;
    if is_until != (order.expire_ts_ns != 0) || (is_until && order.expire_ts_ns <= now) {
        return Err(bad(order.expire_ts_ns.unsigned_abs()));
    }
    let is_peg = matches!(
        decoded.order_type,
        OrderType::PegPrimary | OrderType::PegMarket | OrderType::PegMidpoint
    );
    if !is_peg && order.peg_offset_ticks != 0 {
        return Err(bad(order.peg_offset_ticks.unsigned_abs()));
    }
    Ok(NewOrder {
        special: SpecialTerms {
            display: order.display_lots,
            min_qty: order.min_qty_lots,
            stop_price: order.stop_price_ticks,
            peg_offset: order.peg_offset_ticks,
            expire_ts_ns: order.expire_ts_ns,
            hidden: is_hidden,
            reduce_only: order.flags & submit_flags::REDUCE_ONLY != 0,
            parent_id: order.parent_id,
            leg_id: 0,
        },
        ..decoded
    })
}
