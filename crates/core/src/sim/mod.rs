// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Runs on data with virtual time: one thread, seeded, the same on every machine.

pub mod flow;
pub mod random;
pub mod source;
