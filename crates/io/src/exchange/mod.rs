// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The shell around our exchange: sockets, sessions, streams of messages, market data, operators.
//! What the market does is the core's; here is only how bytes come in and go out.
//!
//! ```text
//! clients ─► server ─► engine: journal ─► core ─► streams ─► (committed) ─► sessions, lines
//! operators ─► control ─┘                            └─ rerequest, glimpse: threads that only read
//! ```

mod clock;
mod component;
mod config;
mod connection;
mod continuity;
pub(crate) mod control;
mod doors;
pub(crate) mod engine;
mod error;
mod fix_link;
mod glimpse;
mod growing;
mod latency;
mod ledger;
mod lines;
pub(crate) mod poll;
mod recover;
mod replay;
mod rerequest;
#[cfg(test)]
mod scratch;
pub(crate) mod server;
mod session;
mod shadow;
mod snapshots;
mod standing;
mod store;
mod stored;
mod streams;
#[cfg(test)]
mod tests;

pub use clock::{Clock, Notices, WallClock, system_clock};
pub use component::Core;
pub use config::{
    Commit, ControlConfig, Day, Definition, GlimpseConfig, LineConfig, PORT_ID_MAX, PortConfig,
    Secret, ServerConfig,
};
pub use continuity::{Continuity, ContinuityConfig, TakenOver};
pub use control::phase_named;
pub use engine::{Engine, SOURCE};
pub use error::ServerError;
pub use glimpse::Glimpse;
pub use latency::Latency;
pub use ledger::Ledger;
pub use lines::Lines;
pub use recover::Recovered;
pub use replay::{Difference, Differs, Replayed, ReplayedDay, ReplayedStream, replay};
pub use rerequest::Rerequest;
pub use server::{Counts, Server, Stop};
pub use shadow::Shadow;
pub use store::{Mark, Store, Stream, Verified};
pub use streams::{Asked, Board, PUBLIC, Streams, Today};
