// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Every control of `schema/risk.toml`, by its number: one test that breaches it, and one that comes
//! close and does not.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

mod risk;
