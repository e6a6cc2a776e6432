// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a client is told, whatever protocol it speaks.

use super::{Echo, EntrySetting, Fault, MassCancelling, NameText, OrderName};
use crate::events::{CancelReason, RestateReason, Side, StpMode};
use crate::exchange::market::OrderRequest;
use crate::types::{InstrumentId, Lots, Ticks};

/// What a gateway needs to know to speak of an order. The node keeps one for each live order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenOrder {
    /// Its id: the public reference, and its time priority.
    pub order_id: u64,
    /// The client's name for it.
    pub name: OrderName,
    /// `ClOrdID`, echoed; blank for none.
    pub cl_ord_id: NameText,
    /// The firm it named, padded with spaces; blank for the port's own.
    pub firm: [u8; 4],
    /// Side as the wire says it: `B`, `S`, `T` or `E`.
    pub side: u8,
    /// Whether market data says whose it is.
    pub is_attributed: bool,
    /// The client's group; 0 for none.
    pub group: u16,
    /// What the protocol wants back.
    pub echo: Echo,
    /// The order as asked; `owner` is the port.
    pub request: OrderRequest,
    /// Its price as it stands; 0 for a market order or a peg without a reference.
    pub price: Ticks,
    /// Still to do; 0: it is dead.
    pub leaves: Lots,
    /// Executed over the whole chain of replacements.
    pub executed: Lots,
    /// Price times quantity of what was executed over the whole chain, in tick-lots.
    pub executed_notional: u64,
}

/// How an order took part in a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeRole {
    /// It stood in the book, displayed.
    Added,
    /// It stood in the book, hidden.
    AddedHidden,
    /// It stood in the book, hidden, pegged to the middle.
    AddedMidpoint,
    /// It took.
    Removed,
    /// It took, pegged to the middle.
    RemovedMidpoint,
    /// In the opening auction.
    Opening,
    /// In the closing auction.
    Closing,
    /// In an auction after a halt or for volatility.
    Reopening,
}

/// Why a trade was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakReason {
    /// Erroneous.
    Erroneous,
    /// By consent of both sides.
    Consent,
    /// By the market's operator.
    Supervisory,
    /// By somebody outside.
    External,
}

/// What a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// A new order was taken.
    Accepted {
        /// The order, nothing of it executed yet.
        order: &'a OpenOrder,
        /// Whether this is all that will be said of it.
        is_dead: bool,
    },
    /// An order took the place of another.
    Replaced {
        /// The new order; `leaves` is what is outstanding.
        order: &'a OpenOrder,
        /// The name of the one it replaced.
        original: OrderName,
        /// Whether this is all that will be said of it.
        is_dead: bool,
    },
    /// An order, or part of it, was cancelled.
    Canceled {
        /// The order after it.
        order: &'a OpenOrder,
        /// How much was taken off.
        qty: Lots,
        /// Why.
        reason: CancelReason,
        /// Name of the request that asked for it (FIX); else blank.
        request: NameText,
    },
    /// Self-trade prevention took (part of) an order off.
    Prevented {
        /// The order after it.
        order: &'a OpenOrder,
        /// How much was taken off.
        qty: Lots,
        /// How much would have traded.
        prevented_qty: Lots,
        /// At which price.
        price: Ticks,
        /// How it would have traded.
        role: TradeRole,
        /// By which rule.
        mode: StpMode,
    },
    /// An order traded.
    Executed {
        /// The order after it.
        order: &'a OpenOrder,
        /// Quantity of this trade.
        qty: Lots,
        /// Its price.
        price: Ticks,
        /// Its number, the same for both sides and on market data.
        match_id: u64,
        /// How.
        role: TradeRole,
    },
    /// A trade was broken.
    Broken {
        /// Name of the order that traded.
        name: OrderName,
        /// `ClOrdID` of the order.
        cl_ord_id: NameText,
        /// The order's id when it traded.
        order_id: u64,
        /// Instrument.
        instrument: InstrumentId,
        /// Side of the order.
        side: Side,
        /// The trade.
        match_id: u64,
        /// Its price.
        price: Ticks,
        /// Its quantity.
        qty: Lots,
        /// Why.
        reason: BreakReason,
    },
    /// A request was refused.
    Rejected {
        /// The request's own name.
        name: OrderName,
        /// `ClOrdID` of the request.
        cl_ord_id: NameText,
        /// Why.
        fault: Fault,
    },
    /// A cancel or replacement could not be done (FIX).
    CancelRejected {
        /// The order it was about.
        name: OrderName,
        /// The request's own name (FIX); else blank.
        request: NameText,
        /// Whether it was a replacement.
        is_replace: bool,
        /// The order as it stands, if there is one.
        order: Option<&'a OpenOrder>,
        /// Why.
        fault: Fault,
    },
    /// The market gave an order a new place in time, or a new price.
    Restated {
        /// The order after it.
        order: &'a OpenOrder,
        /// Why.
        reason: RestateReason,
        /// Quantity that others see; 0 for none.
        displayed: Lots,
    },
    /// An order has another mark or a smaller size.
    Modified {
        /// The order after it.
        order: &'a OpenOrder,
    },
    /// A mass cancel is done, or begun: the orders' own answers follow.
    MassCanceled {
        /// What was asked.
        asked: &'a MassCancelling,
        /// How many orders it found.
        orders: u32,
    },
    /// Entry is closed or open now.
    EntrySet {
        /// What was asked.
        asked: &'a EntrySetting,
    },
    /// The next name that a channel may use.
    Queried {
        /// The channel.
        index: u8,
        /// The number, from 1.
        next: u32,
    },
    /// How an order stands (FIX).
    Status {
        /// Its name.
        name: OrderName,
        /// The request's own name; blank for none.
        request: NameText,
        /// The order; `None` when there is no such.
        order: Option<&'a OpenOrder>,
    },
    /// The day began.
    DayStarted,
    /// The day ended.
    DayEnded,
}
