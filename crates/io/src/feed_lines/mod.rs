// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The lines of one ITCH feed: the same numbered stream on several sockets, made whole.
//!
//! The first copy of a packet wins. One that comes before its turn is held, in a bounded place, until
//! what is missing has come: from the other line, from a server of re-requests, or, when that is too
//! much, by a snapshot (GLIMPSE), onto which the held packets are spliced at its number. What it gives
//! is to be journaled and then acted on: packets in order and without a hole, parts of snapshots,
//! and every change of state, so that whoever keeps the books knows when they are whole.
//!
//! It never waits, and has no thread: [`FeedLines::next`] is called until nothing is there, in a loop
//! that busy-polls, or after [`FeedLines::wait`]. No queue grows.

mod asking;
mod config;
mod item;
mod recovery;
mod snapshot;
mod socket;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, RawFd};
use std::time::Duration;

use onetape_core::events::{FeedState, FeedStateChanged, LineReported};
use onetape_core::feed::{Arbiter, Arrived, Held, HeldPackets, Holding};
use onetape_core::types::TsNs;
use onetape_core::wire::mold::Session;

use crate::exchange::system_clock;
use asking::Asking;
pub use config::{FeedConfig, SnapshotConfig};
pub use item::Item;
use snapshot::SnapshotClient;
pub use socket::Granted;
use socket::{BATCH_MAX, Batch, LineSocket};

/// Most sockets that one feed has.
pub const SOCKETS_MAX: usize = 32;
/// Least time between two looks at what is due.
const DUE_NS: i64 = 10_000;
/// Time after which whoever waits is to look again while something is being recovered.
const RECOVERING_NS: i64 = 200_000;

/// How the stream comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// By the lines, and by asking again.
    Stream,
    /// A snapshot is wanted, and asked for when its time has come.
    Wanting,
    /// A snapshot is on its way.
    Loading,
}

/// What a feed counted, beside what came on each line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedCounts {
    /// Packets given.
    pub packets: u64,
    /// Packets that had to be held.
    pub held: u64,
    /// The most that were held at one time.
    pub held_most: u64,
    /// Packets given up because there was no room to hold them.
    pub held_dropped: u64,
    /// Holes found.
    pub gaps: u64,
    /// Requests sent.
    pub requests: u64,
    /// Snapshots begun.
    pub snapshots: u64,
    /// Snapshots that came to nothing.
    pub snapshots_failed: u64,
    /// Messages lost for good.
    pub lost: u64,
}

/// Another session than the present one, that is heard.
#[derive(Clone, Copy, Debug, Default)]
struct Other {
    session: Session,
    packets: u32,
}

/// What there is to give, and where it lies.
enum Found {
    Batch(usize),
    Held(Held),
    Part,
    Change(TsNs, FeedStateChanged, &'static str),
    Report(usize),
}

/// The lines of one feed.
#[derive(Debug)]
pub struct FeedLines {
    config: FeedConfig,
    /// The lines, then the servers of re-requests.
    sockets: Vec<LineSocket>,
    /// When each was last heard.
    heard_ns: Vec<i64>,
    batch: Batch,
    batch_at: usize,
    turn: usize,
    arbiter: Arbiter,
    held: HeldPackets,
    asking: Asking,
    snapshot: Option<SnapshotClient>,
    snapshot_from_ns: i64,
    phase: Phase,
    /// Something of the present session was heard.
    is_heard: bool,
    is_dead: bool,
    is_lossy: bool,
    state: FeedState,
    midnight_ns: TsNs,
    other: Other,
    changes: VecDeque<(FeedStateChanged, &'static str)>,
    now_ns: i64,
    due_ns: i64,
    report_from_ns: i64,
    report_at: usize,
    counts: FeedCounts,
}

impl FeedLines {
    /// Joins the lines. `now_ns` is any monotonic clock's, as at every later call.
    ///
    /// # Errors
    /// What the operating system says; [`io::ErrorKind::InvalidInput`] for a configuration without a
    /// line, or with too many sockets or too long a name.
    pub fn open(config: FeedConfig, now_ns: i64) -> io::Result<Self> {
        check(&config)?;
        let mut sockets = Vec::with_capacity(config.lines.len() + config.rerequest.len());
        for line in &config.lines {
            sockets.push(LineSocket::join(*line, config.interface)?);
        }
        for server in &config.rerequest {
            sockets.push(LineSocket::ask(*server)?);
        }
        for socket in &mut sockets {
            socket.arrange(config.receive_bytes, config.busy_poll_us);
        }
        let mut arbiter = Arbiter::new(sockets.len(), config.leap_messages_max);
        if let Some((session, next)) = config.resume {
            arbiter.begin(session, next);
        }
        let snapshot = config.snapshot.clone();
        let mut lines = Self {
            heard_ns: vec![now_ns; sockets.len()],
            batch: Batch::new(config.batch_packets, config.packet_bytes_max),
            batch_at: 0,
            turn: 0,
            arbiter,
            held: HeldPackets::new(config.held_packets_max, config.packet_bytes_max),
            asking: Asking::new(&config),
            snapshot: snapshot.map(|it| SnapshotClient::new(it, config.snapshot_silence_ns)),
            snapshot_from_ns: now_ns,
            phase: Phase::Stream,
            is_heard: false,
            is_dead: false,
            is_lossy: false,
            state: FeedState::Waiting,
            midnight_ns: 0,
            other: Other::default(),
            changes: VecDeque::with_capacity(8),
            now_ns,
            due_ns: now_ns,
            report_from_ns: now_ns,
            report_at: sockets.len(),
            counts: FeedCounts::default(),
            sockets,
            config,
        };
        // Whatever stands in the journal from before: nothing is heard yet.
        lines.say(FeedState::Waiting, "the lines are joined");
        Ok(lines)
    }

    /// The next thing to journal; `None` when there is nothing for now.
    #[inline]
    pub fn next(&mut self, now_ns: i64) -> Option<Item<'_>> {
        self.now_ns = now_ns;
        let item = match self.advance()? {
            Found::Batch(at) => {
                Item::Packet { ts_ns: self.stamp(at), bytes: self.batch.packet(at) }
            }
            Found::Held(held) => Item::Packet { ts_ns: held.ts_ns, bytes: self.held.bytes(&held) },
            Found::Part => {
                let part = self.snapshot.as_ref().map_or(&[][..], SnapshotClient::part);
                Item::Snapshot { ts_ns: system_clock(), bytes: part }
            }
            Found::Change(ts_ns, change, why) => Item::State { ts_ns, change, why },
            Found::Report(socket) => {
                Item::Report { ts_ns: system_clock(), report: self.report(socket) }
            }
        };
        Some(item)
    }

    /// How the feed stands.
    #[must_use]
    pub const fn state(&self) -> FeedState {
        self.state
    }

    /// What was counted.
    #[must_use]
    pub const fn counts(&self) -> FeedCounts {
        self.counts
    }

    /// The session and the number of the next message: what to resume with.
    #[must_use]
    pub fn position(&self) -> Option<(Session, u64)> {
        Some((self.arbiter.session()?, self.arbiter.next()))
    }

    /// What the system granted each line, and each server's socket after them.
    pub fn granted(&self) -> impl Iterator<Item = Granted> {
        self.sockets.iter().map(LineSocket::granted)
    }

    /// The address of each line on this machine: where ports were left to the system.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        self.sockets[..self.config.lines.len()].iter().map(LineSocket::address).collect()
    }

    /// What came on a line so far; servers of re-requests follow the lines.
    #[must_use]
    pub fn report(&self, socket: usize) -> LineReported {
        let counts = self.arbiter.counts(socket);
        let silence_ns = self.now_ns - self.heard_ns[socket];
        LineReported {
            packets: counts.packets,
            packet_bytes: counts.bytes,
            firsts: counts.firsts,
            duplicates: counts.duplicates,
            refused: counts.refused,
            kernel_drops: self.sockets[socket].drops(),
            lag_ns_sum: counts.lag_ns_sum,
            lag_ns_max: counts.lag_ns_max,
            lag_count: counts.lag_count,
            feed_id: self.config.feed_id,
            line: socket as u16,
            is_alive: u8::from(silence_ns < self.config.silence_ns),
            reserved: [0; 3],
        }
    }

    /// The sockets to wait for.
    pub fn descriptors(&self) -> impl Iterator<Item = RawFd> {
        let lines = self.sockets.iter().map(AsRawFd::as_raw_fd);
        lines.chain(self.snapshot.as_ref().and_then(SnapshotClient::descriptor))
    }

    /// When [`Self::next`] is to be called again though nothing came, on the clock that it is given.
    #[must_use]
    pub fn deadline_ns(&self) -> i64 {
        if self.phase != Phase::Stream || self.arbiter.missing() > 0 {
            return self.now_ns + RECOVERING_NS;
        }
        self.report_from_ns + self.config.report_ns.min(self.config.silence_ns)
    }

    /// Waits until something comes, or for `most` at most, or until something is due.
    pub fn wait(&self, most: Duration) {
        let mut all = [libc::pollfd { fd: -1, events: libc::POLLIN, revents: 0 }; SOCKETS_MAX + 1];
        let mut count = 0;
        for (place, descriptor) in all.iter_mut().zip(self.descriptors()) {
            place.fd = descriptor;
            count += 1;
        }
        let due_ns = (self.deadline_ns() - self.now_ns).max(0).unsigned_abs();
        let most = most.min(Duration::from_nanos(due_ns));
        let timeout = libc::timespec {
            tv_sec: most.as_secs().cast_signed(),
            tv_nsec: most.subsec_nanos().into(),
        };
        // SAFETY: `all` has room for `count` descriptors, which stay open for the whole call; the
        // time outlives it and no signals are masked.
        let _found =
            unsafe { libc::ppoll(all.as_mut_ptr(), count, &raw const timeout, std::ptr::null()) };
    }

    /// What there is to give.
    #[inline]
    fn advance(&mut self) -> Option<Found> {
        loop {
            if let Some((change, why)) = self.changes.pop_front() {
                return Some(Found::Change(system_clock(), change, why));
            }
            if self.phase == Phase::Loading {
                if self.load() {
                    return Some(Found::Part);
                }
                if !self.changes.is_empty() {
                    continue;
                }
            }
            if self.held.count() > 0
                && let Some(held) = self.take_held()
            {
                return Some(Found::Held(held));
            }
            if self.batch_at < self.batch.count() {
                let at = self.batch_at;
                self.batch_at += 1;
                if self.take(at) {
                    self.counts.packets += 1;
                    return Some(Found::Batch(at));
                }
                continue;
            }
            if self.report_at < self.sockets.len() {
                self.report_at += 1;
                return Some(Found::Report(self.report_at - 1));
            }
            let is_due = self.now_ns >= self.due_ns;
            if is_due {
                self.due_ns = self.now_ns + DUE_NS;
                self.do_what_is_due();
            }
            let has_news = !self.changes.is_empty() || self.report_at < self.sockets.len();
            if !self.receive() && !has_news {
                return None;
            }
        }
    }

    /// Takes the next packets from the first socket, after the last one's turn, that has any.
    #[inline]
    fn receive(&mut self) -> bool {
        self.batch_at = 0;
        for _ in 0..self.sockets.len() {
            self.turn = if self.turn + 1 == self.sockets.len() { 0 } else { self.turn + 1 };
            if self.sockets[self.turn].receive(&mut self.batch) > 0 {
                return true;
            }
        }
        false
    }

    /// When the kernel had a packet of the batch.
    #[inline]
    fn stamp(&self, at: usize) -> TsNs {
        self.batch.ts_ns(at).unwrap_or_else(system_clock)
    }

    /// Takes a packet of the batch in; whether it is to be given.
    #[inline]
    fn take(&mut self, at: usize) -> bool {
        if !self.is_heard && self.is_first(at) {
            // Whose it is must be known before it is given: it comes again.
            self.batch_at = at;
            return false;
        }
        let ts_ns = self.stamp(at);
        match self.arbiter.observe(self.turn, ts_ns, self.batch.packet(at)) {
            Arrived::Next => {
                self.heard();
                self.settle("");
                true
            }
            Arrived::Known | Arrived::Ended => {
                self.heard();
                self.settle("");
                false
            }
            Arrived::Ahead { sequence, end } => {
                self.heard();
                self.hold(at, sequence, end, ts_ns);
                self.settle("");
                false
            }
            Arrived::OtherSession(session) => {
                if self.changes_to(session, ts_ns) {
                    self.batch_at = at;
                }
                false
            }
            Arrived::Refused => false,
        }
    }

    /// Something of the session was heard on the line whose turn it is.
    #[inline]
    fn heard(&mut self) {
        self.heard_ns[self.turn] = self.now_ns;
        self.is_dead = false;
    }

    /// Holds a packet of the batch.
    fn hold(&mut self, at: usize, sequence: u64, end: u64, ts_ns: TsNs) {
        let bytes = self.batch.packet(at);
        let mut holding = self.held.hold(sequence, end, ts_ns, bytes);
        if holding == Holding::Full && bytes.len() <= self.config.packet_bytes_max {
            holding = self.make_room(at, sequence, end, ts_ns);
        }
        match holding {
            Holding::Held => {
                self.arbiter.count_first(self.turn);
                self.counts.held += 1;
                self.counts.held_most = self.counts.held_most.max(self.held.count() as u64);
            }
            Holding::Known => self.arbiter.count_copy(self.turn, ts_ns, sequence),
            Holding::Full => self.counts.held_dropped += 1,
        }
    }

    /// The held packet that goes on where the last one ended.
    fn take_held(&mut self) -> Option<Held> {
        let held = self.held.take(self.arbiter.next())?;
        self.arbiter.pass(held.end);
        self.counts.packets += 1;
        self.settle("");
        Some(held)
    }
}

/// Whether a configuration can be had.
fn check(config: &FeedConfig) -> io::Result<()> {
    let sockets = config.lines.len() + config.rerequest.len();
    let fault = if config.lines.is_empty() {
        "expected at least one line of market data, found none"
    } else if sockets > SOCKETS_MAX {
        "expected at most 32 lines and servers of re-requests together"
    } else if !(1..=BATCH_MAX).contains(&config.batch_packets) {
        "expected a batch of 1 to 64 packets"
    } else if !(64..=65_507).contains(&config.packet_bytes_max) {
        "expected a longest packet of 64 to 65,507 bytes"
    } else if config.held_packets_max == 0 {
        "expected room to hold at least one packet"
    } else if config.snapshot.as_ref().is_some_and(SnapshotConfig::is_too_long) {
        "expected a username of at most 6 and a password of at most 10 characters"
    } else {
        return Ok(());
    };
    Err(io::Error::new(io::ErrorKind::InvalidInput, fault))
}
