// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nasdaq OUCH 5.0, both directions: 8 messages from the client, 17 to it, 26 tags.
//!
//! Letters overlap, so each direction has its own `Message`. Decoding borrows: it looks at the type,
//! the lengths and the elements of the appendage; a [`View`] reads fields when asked, and
//! [`Appendage`] tags, among them those we do not know. A [`Writer`] writes into the caller's
//! buffer. From the client a length that must be there must be there; to it both forms are read.
//! Source: Nasdaq OUCH 5.0, revision 1.05 of 2025-10-07.

mod appendage;
pub mod inbound;
mod layout;
pub mod outbound;
mod tags;
mod writer;

#[cfg(test)]
mod tests;

pub use appendage::{Appendage, AppendageRule, Tags};
pub use inbound::{
    AccountQueryRequest, CancelOrderRequest, DisableOrderEntryRequest, EnableOrderEntryRequest,
    EnterOrderRequest, MassCancelRequest, ModifyOrderRequest, ReplaceOrderRequest,
};
pub use layout::{Appended, AppendedLayout, View};
pub use outbound::{
    AccountQueryResponse, AiqCanceled, BrokenTrade, CancelPending, CancelReject,
    DisableOrderEntryResponse, EnableOrderEntryResponse, MassCancelResponse, OrderAccepted,
    OrderCanceled, OrderExecuted, OrderModified, OrderPriorityUpdate, OrderReplaced, OrderRestated,
    Rejected, SystemEvent,
};
pub use tags::{TAGS, Tag, TagLayout};
pub use writer::Writer;

/// Price that means "market".
pub const MARKET_PRICE_E4: u64 = 0x7fff_ffff;
/// The other price that means "market".
pub const MARKET_PRICE_ALSO_E4: u64 = 2_000_000_000;
/// Highest limit price.
pub const PRICE_E4_MAX: u64 = 1_999_999_900;
/// Largest quantity of an order.
pub const QUANTITY_MAX: u32 = 999_999;
/// Least seconds that an order cannot live.
pub const EXPIRE_TIME_S_END: u32 = 86_400;
