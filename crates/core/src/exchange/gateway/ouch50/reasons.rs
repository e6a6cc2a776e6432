// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Numbers of the reasons for which OUCH 5.0 refuses.

use super::super::{Fault, Field};
use crate::events::RejectReason;

const DESTINATION_CLOSED: u16 = 0x02;
const INVALID_DISPLAY: u16 = 0x03;
const INVALID_MAX_FLOOR: u16 = 0x04;
const INVALID_PEG_TYPE: u16 = 0x05;
const FAT_FINGER: u16 = 0x06;
const HALTED: u16 = 0x07;
const SWEEP_NOT_ALLOWED: u16 = 0x08;
const INVALID_SIDE: u16 = 0x09;
const PROCESSING_ERROR: u16 = 0x0a;
const FIRM_NOT_AUTHORIZED: u16 = 0x0c;
const INVALID_MINIMUM_QUANTITY: u16 = 0x0d;
const OTHER: u16 = 0x0f;
const CANCEL_NOT_ALLOWED: u16 = 0x10;
const INVALID_QUANTITY: u16 = 0x13;
const INVALID_CROSS_ORDER: u16 = 0x14;
const INVALID_SYMBOL: u16 = 0x17;
const INVALID_PRICE: u16 = 0x1d;
const SHARES_EXCEED_THRESHOLD: u16 = 0x1e;
const RISK_AGGREGATE_EXPOSURE: u16 = 0x20;
const RISK_FAT_FINGER: u16 = 0x26;
const RISK_PORT_RATE: u16 = 0x29;
const RISK_DUPLICATE_RATE: u16 = 0x2a;
const RISK_ORDER_NOTIONAL: u16 = 0x30;
const RISK_QUANTITY: u16 = 0x31;
const INVALID_AIQ: u16 = 0x40;

/// The number of a fault: its field says more than its reason where both say something.
pub(super) const fn number_of(fault: Fault) -> u16 {
    match fault.field {
        Field::Side => INVALID_SIDE,
        Field::Quantity => INVALID_QUANTITY,
        Field::Symbol => INVALID_SYMBOL,
        Field::Price => INVALID_PRICE,
        Field::Display => INVALID_DISPLAY,
        Field::MaxFloor => INVALID_MAX_FLOOR,
        Field::MinimumQuantity => INVALID_MINIMUM_QUANTITY,
        Field::Peg => INVALID_PEG_TYPE,
        Field::CrossType => INVALID_CROSS_ORDER,
        Field::SelfTrade => INVALID_AIQ,
        Field::Sweep => SWEEP_NOT_ALLOWED,
        Field::Firm => FIRM_NOT_AUTHORIZED,
        Field::Any => number_of_reason(fault.reason),
        _ => OTHER,
    }
}

/// The number of a reason without a field: the node's or the market's.
const fn number_of_reason(reason: RejectReason) -> u16 {
    match reason {
        RejectReason::InstrumentUnknown => INVALID_SYMBOL,
        RejectReason::QtyInvalid => INVALID_QUANTITY,
        RejectReason::PriceInvalid => INVALID_PRICE,
        RejectReason::NotTrading => HALTED,
        RejectReason::StrategyHalted => DESTINATION_CLOSED,
        RejectReason::PortBlocked | RejectReason::NotEntitled => FIRM_NOT_AUTHORIZED,
        RejectReason::PortOrderQty => RISK_QUANTITY,
        RejectReason::PortOrderNotional | RejectReason::OrderNotional => RISK_ORDER_NOTIONAL,
        RejectReason::PortOpenOrders | RejectReason::Position => RISK_AGGREGATE_EXPOSURE,
        RejectReason::PortThrottled | RejectReason::OrderRate => RISK_PORT_RATE,
        RejectReason::Duplicate => RISK_DUPLICATE_RATE,
        RejectReason::ReferenceCollar => RISK_FAT_FINGER,
        RejectReason::PriceCollar => FAT_FINGER,
        RejectReason::OrderQty => SHARES_EXCEED_THRESHOLD,
        RejectReason::Capacity | RejectReason::Overflow => PROCESSING_ERROR,
        RejectReason::OrderUnknown => CANCEL_NOT_ALLOWED,
        // The others have no number of their own, or are never a market's.
        _ => OTHER,
    }
}
