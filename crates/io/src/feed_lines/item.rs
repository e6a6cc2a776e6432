// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a feed's lines give: packets in order, parts of snapshots, and how it stands.

use onetape_core::events::{FeedStateChanged, LineReported, PacketFormat, PacketReceived};
use onetape_core::sim::source::packet_header;
use onetape_core::types::TsNs;

/// Something to journal, and then to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// The next packet of `MoldUDP64`. Messages at its front may have been in the packet before it.
    Packet {
        /// When the kernel had it, in nanoseconds since the Unix epoch.
        ts_ns: TsNs,
        /// Its bytes, unchanged.
        bytes: &'a [u8],
    },
    /// A part of a snapshot.
    Snapshot {
        /// When it was read, in nanoseconds since the Unix epoch.
        ts_ns: TsNs,
        /// Messages, each behind its length in two bytes, big-endian.
        bytes: &'a [u8],
    },
    /// The feed came to another state.
    State {
        /// When, in nanoseconds since the Unix epoch.
        ts_ns: TsNs,
        /// The state, and where the stream is.
        change: FeedStateChanged,
        /// Why, for people; may be empty.
        why: &'static str,
    },
    /// What came on a line so far.
    Report {
        /// When, in nanoseconds since the Unix epoch.
        ts_ns: TsNs,
        /// The counts.
        report: LineReported,
    },
}

impl Item<'_> {
    /// Its time, in nanoseconds since the Unix epoch.
    #[must_use]
    pub const fn ts_ns(&self) -> TsNs {
        match *self {
            Self::Packet { ts_ns, .. }
            | Self::Snapshot { ts_ns, .. }
            | Self::State { ts_ns, .. }
            | Self::Report { ts_ns, .. } => ts_ns,
        }
    }

    /// Shows it as an entry of the journal from feed `feed_id`: kind, version, fixed part, tail.
    #[inline]
    pub fn entry<R>(&self, feed_id: u16, put: impl FnOnce(u16, u8, &[u8], &[u8]) -> R) -> R {
        match self {
            Self::Packet { bytes, .. } => {
                let fixed = packet_header(feed_id, PacketFormat::Moldudp64Itch50);
                put(PacketReceived::KIND, PacketReceived::VERSION, &fixed, bytes)
            }
            Self::Snapshot { bytes, .. } => {
                let fixed = packet_header(feed_id, PacketFormat::Glimpse50Itch50);
                put(PacketReceived::KIND, PacketReceived::VERSION, &fixed, bytes)
            }
            Self::State { change, why, .. } => put(
                FeedStateChanged::KIND,
                FeedStateChanged::VERSION,
                &change.encode(),
                why.as_bytes(),
            ),
            Self::Report { report, .. } => {
                put(LineReported::KIND, LineReported::VERSION, &report.encode(), &[])
            }
        }
    }
}
