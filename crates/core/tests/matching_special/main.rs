// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The matcher beyond plain orders: every kind of order, self-trade prevention, sharing by size,
//! auctions; one rule of docs/internals/market.md a test, and long random runs.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

mod kinds;
mod place;
mod random;
mod self_trade;
mod shadow;
mod uncross;
