// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Which of the standard's codes stands for which of our reasons, and what a person reads.

use super::super::{BreakReason, Fault, Field};
use crate::events::{CancelReason, RejectReason, StpMode};
use crate::wire::fix::Version;

/// Why an order is refused. Source: FIX field 103.
pub(super) const fn order_reason(reason: RejectReason) -> u64 {
    match reason {
        RejectReason::InstrumentUnknown => 1,
        RejectReason::NotTrading => 2,
        RejectReason::OrderQty
        | RejectReason::OrderNotional
        | RejectReason::PriceCollar
        | RejectReason::ReferenceCollar
        | RejectReason::PortOrderQty
        | RejectReason::PortOrderNotional
        | RejectReason::PortOpenOrders
        | RejectReason::PortThrottled => 3,
        RejectReason::OrderUnknown => 5,
        RejectReason::ClientIdUsed | RejectReason::Duplicate => 6,
        RejectReason::FieldInvalid => 11,
        RejectReason::QtyInvalid => 13,
        RejectReason::PriceInvalid => 99,
        _ => 0,
    }
}

/// Why a cancel or replacement is refused. Source: FIX field 102.
pub(super) const fn cancel_reason(reason: RejectReason) -> u64 {
    match reason {
        RejectReason::OrderUnknown => 1,
        RejectReason::ClientIdUsed => 6,
        RejectReason::FieldInvalid | RejectReason::PriceInvalid | RejectReason::QtyInvalid => 99,
        _ => 2,
    }
}

/// Why a mass cancel is refused. Source: FIX field 532.
pub(super) const fn mass_cancel_reason(reason: RejectReason) -> u64 {
    match reason {
        RejectReason::InstrumentUnknown => 1,
        RejectReason::FieldInvalid => 0,
        _ => 99,
    }
}

/// How a cancel is reported: `ExecType` and `OrdStatus`. Source: FIX fields 150 and 39.
pub(super) const fn cancel_type(reason: CancelReason) -> u8 {
    match reason {
        CancelReason::Expired | CancelReason::DayEnded => b'C',
        _ => b'4',
    }
}

/// Why the market cancelled by itself. Source: FIX field 378; none where the client asked.
pub(super) const fn restatement(reason: CancelReason) -> Option<u64> {
    match reason {
        CancelReason::User
        | CancelReason::MassCancel
        | CancelReason::Replace
        | CancelReason::Ioc
        | CancelReason::Fok
        | CancelReason::Expired
        | CancelReason::DayEnded => None,
        CancelReason::Halted => Some(6),
        CancelReason::Disconnected => Some(99),
        _ => Some(8),
    }
}

/// What a person reads of a cancel.
pub(super) const fn cancel_text(reason: CancelReason) -> &'static [u8] {
    match reason {
        CancelReason::User => b"",
        CancelReason::Ioc => b"immediate-or-cancel remainder",
        CancelReason::Fok => b"fill-or-kill not filled in whole",
        CancelReason::SelfTrade => b"self-trade prevention",
        CancelReason::Replace => b"its replacement was invalid or left nothing to do",
        CancelReason::Collar => b"stopped by the collar",
        CancelReason::Expired => b"its time came",
        CancelReason::DayEnded => b"the day ended",
        CancelReason::Auction => b"left over by its auction",
        CancelReason::Disconnected => b"its port was disconnected",
        CancelReason::Killed => b"its firm or port was stopped",
        CancelReason::MassCancel => b"mass cancel",
        CancelReason::Operator => b"by the market's operator",
        CancelReason::Halted => b"its instrument was halted",
        CancelReason::BookCleared => b"the book was emptied",
        CancelReason::StrategyStopped
        | CancelReason::RunEnded
        | CancelReason::Quote
        | CancelReason::Group => b"its owner stopped",
    }
}

/// What a person reads of the rule that kept a firm from trading with itself.
pub(super) const fn mode_text(mode: StpMode) -> &'static [u8] {
    match mode {
        StpMode::Off => b"self-trade prevention",
        StpMode::CancelNewest => b"self-trade prevention: newest cancelled",
        StpMode::CancelOldest => b"self-trade prevention: oldest cancelled",
        StpMode::CancelBoth => b"self-trade prevention: both cancelled",
        StpMode::Decrement => b"self-trade prevention: both reduced",
    }
}

/// What a person reads of a break.
pub(super) const fn break_text(reason: BreakReason) -> &'static [u8] {
    match reason {
        BreakReason::Erroneous => b"trade broken: erroneous",
        BreakReason::Consent => b"trade broken: by consent",
        BreakReason::Supervisory => b"trade broken: by the market's operator",
        BreakReason::External => b"trade broken: by a third party",
    }
}

/// What a person reads of a refusal: the reason, and the field it is about.
pub(super) const fn fault_texts(fault: Fault) -> (&'static [u8], &'static [u8]) {
    let field: &[u8] = match fault.field {
        Field::Any => b"",
        Field::Name => b": ClOrdID",
        Field::Side => b": Side (54)",
        Field::Quantity => b": OrderQty (38)",
        Field::Symbol => b": Symbol (55)",
        Field::Price => b": Price (44)",
        Field::Stop => b": StopPx (99)",
        Field::TimeInForce => b": TimeInForce (59)",
        Field::ExpireTime => b": ExpireTime (126) or ExpireDate (432)",
        Field::Display => b": DisplayMethod (1084)",
        Field::MaxFloor => b": MaxFloor (111) or DisplayQty (1138)",
        Field::MinimumQuantity => b": MinQty (110) or all-or-none",
        Field::Peg => b": what a peg follows (18, 1094) or its offset (211, 835, 836)",
        Field::PostOnly => b": post-only (18=6, 20002)",
        Field::CrossType => b": an auction's order cannot be replaced so",
        Field::SelfTrade => b": SelfMatchPreventionInstruction (2964) or its scope (20001)",
        Field::Capacity => b": OrderCapacity (528)",
        Field::Firm => b": Account (1)",
        Field::Handling => b": ExecInst (18)",
        _ => b": a field that our market does not take",
    };
    (fault.reason.text().as_bytes(), field)
}

/// How a report says that a stop was triggered: 4.4 has no word of its own.
pub(super) const fn trigger_type(version: Version) -> u8 {
    match version {
        Version::Fix44 => b'D',
        Version::Fix50Sp2 => b'L',
    }
}
