// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a port's message asks for, and how it is answered: one protocol a file, one set of words.
//!
//! A protocol is two pure functions. `read(message, setting)` turns bytes into an [`Ask`] or a
//! [`Refusal`]; `say(out, setting, answer)` turns an [`Answer`] into bytes, or into nothing where
//! the protocol has no such message. Neither knows an order book, a firm's rights or a limit: names
//! are resolved, duplicates left out and rights checked by the node.
//!
//! On these wires a price has four decimals and is our tick; a share is our lot. Which field means
//! what is in docs/internals/ouch.md.

mod answer;
mod ask;
mod buffer;
pub mod fix;
mod misfit;
mod ouch;
pub mod ouch42;
pub mod ouch50;

#[cfg(test)]
mod tests;

pub use answer::{Answer, BreakReason, OpenOrder, TradeRole};
pub use ask::{
    Ask, Cancelling, Change, Echo, Entering, EntrySetting, Fault, Field, MassCancelling, Modifying,
    NAME_BYTES, NameText, OrderName, Refusal, Replacing,
};
pub use buffer::{Buffer, MESSAGE_BYTES_MAX};

use crate::exchange::market::{PostOnly, SelfTrade};
use crate::types::{InstrumentId, TsNs};

/// Text by which instruments are known on order-entry wires.
pub trait Symbols {
    /// The instrument of this name, which is without padding; `None` when there is none.
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId>;
    /// The name of an instrument without padding; empty when there is none.
    fn symbol(&self, instrument: InstrumentId) -> &[u8];
}

/// What a gateway knows besides the message it reads or the answer it says.
#[derive(Debug)]
pub struct Setting<'a, S> {
    /// Time of the input.
    pub ts_ns: TsNs,
    /// The midnight from which wire times count.
    pub midnight_ts_ns: TsNs,
    /// Self-trade prevention of orders of this port that do not say.
    pub stp: SelfTrade,
    /// What becomes of a post-only order of this port that would take, where its protocol cannot say.
    pub post_only: PostOnly,
    /// The instruments' names.
    pub symbols: &'a S,
}

impl<S> Setting<'_, S> {
    /// Nanoseconds since midnight, as wire times are; 0 before it.
    #[must_use]
    pub fn since_midnight_ns(&self) -> u64 {
        u64::try_from(self.ts_ns.saturating_sub(self.midnight_ts_ns)).unwrap_or(0)
    }
}
