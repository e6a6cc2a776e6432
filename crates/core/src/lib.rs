// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The deterministic part of onetape: state machines and codecs.
//!
//! No clock, socket, file, thread, float state or hash order lives here (`clippy.toml` beside this
//! crate says so to the compiler). What comes from outside becomes an event first.
#![forbid(unsafe_code)]
#![deny(clippy::float_arithmetic)]

pub mod book;
pub mod component;
pub mod continuity;
pub mod events;
pub mod exchange;
pub mod feed;
pub mod hash;
pub mod journal;
pub mod live;
pub mod numbers;
pub mod queue;
pub mod risk;
pub mod sim;
pub mod snapshot;
pub mod tape;
pub mod trading;
pub mod types;
pub mod wire;
