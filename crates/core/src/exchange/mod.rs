// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange: a complete market, from the bytes a client sends to the bytes everybody gets.
//!
//! ```text
//! node ─► gateway   what a port asks for, and how it is answered
//!      ─► market    phases, auctions, stops, pegs, bands ─► matcher   books, price and time
//!      ─► publisher market data
//! ```
//!
//! All of it is a function of the journal's inputs. The rules are in docs/internals/market.md.

pub mod gateway;
pub mod market;
mod matcher;
pub mod node;
pub mod publisher;
mod wires;

pub use matcher::*;
pub use wires::{NoWires, Wires};
