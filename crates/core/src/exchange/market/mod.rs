// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market: what stands above matching. Every kind of order, phases, auctions, bands.

mod request;

pub use request::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition,
    StpScope,
};
