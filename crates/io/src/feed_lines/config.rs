// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a feed's lines are set up with.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use onetape_core::types::{MILLISECOND_NS, SECOND_NS, TsNs};
use onetape_core::wire::mold::Session;

use crate::exchange::Secret;

/// Where snapshots are had: GLIMPSE 5.0 over `SoupBinTCP`.
#[derive(Clone, Debug)]
pub struct SnapshotConfig {
    /// The server.
    pub address: SocketAddr,
    /// Who logs in: at most 6 characters.
    pub username: String,
    /// With what: at most 10 characters.
    pub password: Secret,
}

impl SnapshotConfig {
    /// Whether a login has no room for its words.
    pub(super) fn is_too_long(&self) -> bool {
        self.username.len() > 6 || self.password.word().len() > 10
    }
}

/// The lines of one feed, and what recovers them.
#[derive(Clone, Debug)]
pub struct FeedConfig {
    /// Which feed: the `feed_id` of its entries.
    pub feed_id: u16,
    /// Lines that carry the same stream: multicast groups, or addresses of our own.
    pub lines: Vec<SocketAddrV4>,
    /// The interface that multicast comes in by.
    pub interface: Ipv4Addr,
    /// Servers of re-requests, asked in turn.
    pub rerequest: Vec<SocketAddr>,
    /// Where snapshots are had, if anywhere.
    pub snapshot: Option<SnapshotConfig>,
    /// The session and the number to go on from; `None` joins whatever is on the lines, from its
    /// first message.
    pub resume: Option<(Session, u64)>,
    /// Midnights of the venue's days to come, rising, in ns since the Unix epoch: a session's times
    /// count from the last that is not after its first packet.
    pub midnights_ns: Vec<TsNs>,
    /// Bytes asked of the system for each line's buffer.
    pub receive_bytes: usize,
    /// How long the system busy-polls the device in a receive, in microseconds; 0 does not ask for it.
    pub busy_poll_us: u32,
    /// Packets taken in one call of the system: 1 to 64.
    pub batch_packets: usize,
    /// Longest packet, in bytes; a longer one is cut by the system, and so refused.
    pub packet_bytes_max: usize,
    /// Packets held while those before them are missing.
    pub held_packets_max: u32,
    /// Missing messages above which a snapshot is asked for at once, where one can be had.
    pub gap_messages_max: u64,
    /// A packet further ahead than this is refused, unless several in a row are.
    pub leap_messages_max: u64,
    /// How long the other line is waited for before a message is asked for again, unless all lines
    /// have passed it.
    pub skew_ns: i64,
    /// Messages asked for at once.
    pub request_messages_max: u16,
    /// Least time between two requests.
    pub request_gap_ns: i64,
    /// Time without an answer before the first repetition of a request; doubled at each.
    pub retry_ns: i64,
    /// The most that it is doubled to.
    pub retry_ns_max: i64,
    /// Requests without an answer before a snapshot is asked for.
    pub requests_max: u32,
    /// Silence of every line after which the feed is dead; of one, after which that one is.
    pub silence_ns: i64,
    /// Silence of the present session after which another one that is heard takes its place.
    pub session_silence_ns: i64,
    /// How long a snapshot's server may be silent.
    pub snapshot_silence_ns: i64,
    /// Time between two attempts at a snapshot.
    pub snapshot_retry_ns: i64,
    /// Time between two reports of what came on each line.
    pub report_ns: i64,
}

impl Default for FeedConfig {
    /// No line yet; limits for a feed of some million messages a second.
    fn default() -> Self {
        Self {
            feed_id: 0,
            lines: Vec::new(),
            interface: Ipv4Addr::UNSPECIFIED,
            rerequest: Vec::new(),
            snapshot: None,
            resume: None,
            midnights_ns: Vec::new(),
            receive_bytes: 16 << 20,
            busy_poll_us: 0,
            batch_packets: 32,
            packet_bytes_max: 2_048,
            held_packets_max: 1 << 14,
            gap_messages_max: 10_000,
            leap_messages_max: 50_000_000,
            skew_ns: MILLISECOND_NS,
            request_messages_max: 1_000,
            request_gap_ns: 20_000,
            retry_ns: 2 * MILLISECOND_NS,
            retry_ns_max: 250 * MILLISECOND_NS,
            requests_max: 8,
            silence_ns: 3 * SECOND_NS,
            session_silence_ns: 10 * SECOND_NS,
            snapshot_silence_ns: 5 * SECOND_NS,
            snapshot_retry_ns: 500 * MILLISECOND_NS,
            report_ns: SECOND_NS,
        }
    }
}

impl FeedConfig {
    /// Midnight of the day that `ts_ns` belongs to; 0 where none is known.
    #[must_use]
    pub fn midnight_ns(&self, ts_ns: TsNs) -> TsNs {
        let after = self.midnights_ns.partition_point(|&midnight| midnight <= ts_ns);
        after.checked_sub(1).map_or(0, |at| self.midnights_ns[at])
    }
}
