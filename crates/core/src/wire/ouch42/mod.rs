// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nasdaq OUCH 4.2, both directions: 4 messages from the client, 13 to it, all of fixed length.
//!
//! Letters overlap, so each direction has its own `Message`. Decoding borrows; a `View` reads fields
//! when asked. An AIQ Canceled is read also without its last byte, as it was until 2025.
//! Source: Nasdaq OUCH 4.2, revisions 2019-07-08 to 2025-10.

pub mod inbound;
mod layout;
pub mod outbound;

#[cfg(test)]
mod tests;

/// Bytes of the longest message.
pub const MESSAGE_BYTES_MAX: usize = 80;
/// Price that means "market", in an auction.
pub const MARKET_PRICE_E4: u32 = 0x7fff_ffff;
/// Highest limit price.
pub const PRICE_E4_MAX: u32 = 1_999_999_900;
/// Largest quantity of an order.
pub const SHARES_MAX: u32 = 999_999;
/// Time in force: until the end of extended trading.
pub const TIME_EXTENDED_CLOSE: u32 = 99_996;
/// Time in force: market hours.
pub const TIME_MARKET_HOURS: u32 = 99_998;
/// Time in force: system hours.
pub const TIME_SYSTEM_HOURS: u32 = 99_999;
