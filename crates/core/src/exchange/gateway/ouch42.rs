// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! OUCH 4.2: see docs/internals/ouch.md for the table of fields.

mod read;
mod say;

#[cfg(test)]
mod tests;

pub use read::read;
pub use say::say;
