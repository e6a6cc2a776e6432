// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a live node's shell is told.

use std::path::PathBuf;

use onetape_core::live::NodeConfig;

use super::ouch_link::OuchConfig;
use super::triggers::TriggerConfig;
use crate::exchange::{ControlConfig, Definition};
use crate::feed_lines::FeedConfig;
use crate::journal_file::Options;

/// How one venue is reached.
#[derive(Clone, Debug)]
pub struct VenueWire {
    /// Its id, from 1, in the order of the venues.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Order entry by OUCH; `None` where an adapter speaks with it.
    pub orders: Option<OuchConfig>,
    /// Its ITCH lines; `None` where an adapter hands its market data in.
    pub feed: Option<FeedConfig>,
    /// A process hears its drop copy, and hands in what it says.
    pub has_drop_copy: bool,
}

/// One strategy.
#[derive(Clone, Debug)]
pub struct StrategyConfig {
    /// Its id, from 1, in the order of the strategies.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// First 8 bytes of the digest of its source text.
    pub code_hash: u64,
    /// Symbols whose market it hears of; empty for all. Only for a strategy on the engine's thread.
    pub symbols: Vec<String>,
    /// It is called on the engine's own thread.
    pub is_inline: bool,
    /// Longest that it may give no sign of life, in nanoseconds.
    pub silence_ns_max: i64,
}

/// A live node.
#[derive(Clone, Debug)]
pub struct LiveConfig {
    /// The journal's folder.
    pub journal: PathBuf,
    /// How the journal is written.
    pub journal_options: Options,
    /// Folder of inlets and the pulse, in memory where it can be.
    pub shared: PathBuf,
    /// Bytes of each inlet's ring.
    pub inlet_bytes: usize,
    /// The configuration in force, as JSON text: the first entry of a journal.
    pub config_json: String,
    /// What is defined at the start of a journal: venues, instruments, limits.
    pub definitions: Vec<Definition>,
    /// Midnights of the trading day and of those after it, rising, in ns since the Unix epoch.
    pub midnights_ns: Vec<i64>,
    /// Entries from one snapshot of the node to the next.
    pub snapshot_entries: u64,
    /// The node's limits.
    pub node: NodeConfig,
    /// The venues.
    pub venues: Vec<VenueWire>,
    /// The strategies.
    pub strategies: Vec<StrategyConfig>,
    /// The operators' socket.
    pub control: ControlConfig,
    /// What kills the firm without an operator's command.
    pub triggers: TriggerConfig,
    /// Never sleep: the engine has a core for itself.
    pub busy_poll: bool,
}
