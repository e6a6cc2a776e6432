// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The shell of a live node: feeds and venues on sockets, strategies and adapters at inlets, one
//! journal. The engine's thread reads, journals, has the node act, and sends; it holds no rule of
//! trading itself.

mod audience;
mod breakers_shown;
mod config;
mod days;
mod engine;
mod errands;
mod faults;
mod follower;
mod inline;
mod limits_shown;
mod links;
mod operate;
mod ouch_link;
mod parameters;
mod processes;
mod pulse;
mod recover;
mod snapshots;
mod standing;
mod stopwatch;
mod surroundings;
mod triggers;

pub use config::{LiveConfig, StrategyConfig, VenueWire};
pub use engine::{Engine, Judge, Stop};
pub use errands::{Errand, Errands};
pub use faults::Faults;
pub use follower::{FollowError, Followed, Follower};
pub use ouch_link::OuchConfig;
pub use pulse::{Pulse, PulseReader};
pub use triggers::TriggerConfig;
