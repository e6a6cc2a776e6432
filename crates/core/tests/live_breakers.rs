// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Circuit breakers of a live node: what breaches each of them and what does not, numbered as in the
//! requirements, and what it comes to. And that losses, repeated executions and slippage that the gate
//! finds reach a halt with its cancels.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "breakers/mod.rs"]
mod breakers;
#[expect(dead_code, reason = "the rig of the exchange's own tests has more than is needed here")]
mod exchange;
#[expect(dead_code, reason = "the rig of kills has more than is needed here")]
mod kill;
