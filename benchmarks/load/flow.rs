// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The orders: both sides, around one price, so that the book stays small and half of them trade.

use onetape_core::hash::mix;

/// One order of the flow.
pub(crate) struct Order {
    /// `B` or `S`.
    pub(crate) side: u8,
    /// Shares.
    pub(crate) shares: u32,
    /// Price, in 1/10,000 dollar.
    pub price_e4: u64,
    /// Symbol, padded.
    pub(crate) symbol: [u8; 8],
}

/// A seeded flow of orders.
pub(crate) struct Flow {
    state: u64,
}

const SYMBOLS: [([u8; 8], u64); 2] = [(*b"ONE     ", 1_000_000), (*b"TAPE    ", 250_000)];

impl Flow {
    /// A flow of this seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next order.
    pub(crate) fn next(&mut self) -> Order {
        self.state = mix(self.state.wrapping_add(0x9e37_79b9_7f4a_7c15));
        let random = self.state;
        let (symbol, middle) = SYMBOLS[(random % 2) as usize];
        let is_buy = random >> 8 & 1 == 0;
        // Up to ten cents behind the middle, up to three through it.
        let cents = (random >> 16) % 14;
        let price = if is_buy { middle + 300 - cents * 100 } else { middle - 300 + cents * 100 };
        let shares = 100 * (1 + (random >> 32) as u32 % 5);
        Order { side: if is_buy { b'B' } else { b'S' }, shares, price_e4: price, symbol }
    }
}
