// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! FIX 4.4 and 5.0 SP2: see docs/internals/fix.md for the tables of tags.

mod fields;
mod port;
mod read;
mod reasons;
mod report;
mod say;
mod terms;

#[cfg(test)]
mod tests;

pub use port::{COMP_ID, FixPort};
pub use read::{Problem, read};
pub use say::{Asked, Speaker, refuse_type, say};
