// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a strategy's `send` was given, made into the intent that asks for it.

use onetape_core::events::{EnterOrder, OrderType, StpMode, SubmitOrder, TimeInForce};
use onetape_core::trading::{StrategyHost, submit_flags};
use onetape_core::types::{InstrumentId, Lots, Side, Ticks, TsNs};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The keywords of one order.
pub(crate) struct OrderTerms {
    pub(crate) instrument: InstrumentId,
    pub(crate) side: u8,
    pub(crate) qty: Lots,
    pub(crate) price: Option<Ticks>,
    pub(crate) order_type: Option<u8>,
    pub(crate) time_in_force: Option<u8>,
    pub(crate) post_only: bool,
    pub(crate) stp_mode: u8,
    pub(crate) display: Lots,
    pub(crate) min_qty: Lots,
    pub(crate) stop: Option<Ticks>,
    pub(crate) peg_offset: Ticks,
    pub(crate) expire_ts_ns: TsNs,
    pub(crate) hidden: bool,
    pub(crate) reduce_only: bool,
    pub(crate) parent: u64,
}

impl OrderTerms {
    fn order_type(&self) -> Option<OrderType> {
        match (self.order_type, self.stop, self.price) {
            (Some(raw), ..) => OrderType::from_raw(raw),
            (None, Some(_), Some(_)) => Some(OrderType::StopLimit),
            (None, Some(_), None) => Some(OrderType::Stop),
            (None, None, Some(_)) => Some(OrderType::Limit),
            (None, None, None) => Some(OrderType::Market),
        }
    }

    fn time_in_force(&self) -> Option<TimeInForce> {
        match (self.time_in_force, self.expire_ts_ns) {
            (Some(raw), _) => TimeInForce::from_raw(raw),
            (None, 0) => Some(TimeInForce::Day),
            (None, _) => Some(TimeInForce::Until),
        }
    }

    const fn is_simple(&self) -> bool {
        self.display == 0
            && self.min_qty == 0
            && self.stop.is_none()
            && self.peg_offset == 0
            && self.expire_ts_ns == 0
            && !(self.hidden || self.reduce_only)
            && self.parent == 0
    }

    /// Asks for it and gives its client id.
    pub(crate) fn ask(&self, host: &mut StrategyHost) -> PyResult<u64> {
        let known =
            Side::from_raw(self.side).is_some() && StpMode::from_raw(self.stp_mode).is_some();
        let (Some(order_type), Some(time_in_force), true) =
            (self.order_type(), self.time_in_force(), known)
        else {
            let what = "side, order_type, time_in_force and stp_mode take values of onetape.Side, \
                        onetape.OrderType, onetape.TimeInForce and onetape.StpMode";
            return Err(PyValueError::new_err(what));
        };
        let (order_type, time_in_force) = (order_type.raw(), time_in_force.raw());
        if self.is_simple() {
            return Ok(host.enter(EnterOrder {
                client_id: 0,
                price_ticks: self.price.unwrap_or(0),
                qty_lots: self.qty,
                strategy_id: 0,
                instrument_id: self.instrument,
                side: self.side,
                order_type,
                time_in_force,
                post_only: u8::from(self.post_only),
                stp_mode: self.stp_mode,
                reserved: [0; 3],
            }));
        }
        let flag = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        Ok(host.submit(SubmitOrder {
            client_id: 0,
            price_ticks: self.price.unwrap_or(0),
            qty_lots: self.qty,
            display_lots: self.display,
            min_qty_lots: self.min_qty,
            stop_price_ticks: self.stop.unwrap_or(0),
            peg_offset_ticks: self.peg_offset,
            expire_ts_ns: self.expire_ts_ns,
            parent_id: self.parent,
            after_id: 0,
            group_id: 0,
            strategy_id: 0,
            instrument_id: self.instrument,
            side: self.side,
            order_type,
            time_in_force,
            stp_mode: self.stp_mode,
            flags: flag(self.post_only, submit_flags::POST_ONLY)
                | flag(self.hidden, submit_flags::HIDDEN)
                | flag(self.reduce_only, submit_flags::REDUCE_ONLY),
            reserved: [0; 3],
        }))
    }
}
