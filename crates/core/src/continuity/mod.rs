// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Going on when a machine dies: who may be primary, and what a standby is told. Sans I/O.
//!
//! ```text
//!  primary ── entries, beats ──► standby        Holder    the node's side of the lease
//!     │   ◄── acks, vouchers ──                 Promise   what a standby owes its primary
//!     └── asks ──► witness ◄── asks ──┘         Witness   the third vote, on disk before it speaks
//! ```
//!
//! Of three voters (primary, standby, witness) two make a primary. A primary stays one while the
//! witness or the standby has lately said so; a standby becomes one when the witness grants it a new
//! term and its own promise to the old primary has run out. Why: docs/adr/0015.

mod comparison;
mod holder;
pub mod message;
mod promise;
mod vote;
mod witness;

pub use comparison::{Comparison, Made, Mismatch};
pub use holder::{Holder, Standing};
pub use promise::Promise;
pub use vote::{Answer, Ask, AskKind, LeaseTimes, NodeName, Verdict, VoteError};
pub use witness::{BALLOT_BYTES, Ballot, Considered, Witness};
