// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The shell around our exchange: sockets, sessions, streams of messages, market data, operators.
//! What the market does is the core's; here is only how bytes come in and go out.

mod error;
mod growing;
#[cfg(test)]
mod scratch;
mod store;

pub use error::ServerError;
pub use store::{Mark, Store, Stream, Verified};
