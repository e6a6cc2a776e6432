// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The primary's side of replication: takes followers in, sends them the journal from where theirs
//! ends, hears what they have. Reads the journal like any reader; the writer never waits for it.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use onetape_core::continuity::NodeName;

use super::acceptor::Acceptor;
use super::attendance::Glance;
use super::error::ReplicaError;
use super::gate::{Chaperon, CommitMode, Company, Gate, Standby};
use super::keeper::Lease;
use super::link::Identity;
use super::pace::Pace;
use super::secret::Secret;
use super::session;

/// How a primary serves followers.
#[derive(Clone, Debug)]
pub struct PrimaryOptions {
    /// Where followers call; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The journal.
    pub folder: PathBuf,
    /// The node's name.
    pub node: NodeName,
    /// The cluster's name.
    pub cluster: NodeName,
    /// The cluster's secret.
    pub secret: Secret,
    /// As the journal's options say: a follower's segments are to be the same.
    pub segment_bytes: usize,
    /// As the journal's options say.
    pub schema_version: u32,
    /// As the journal's options say.
    pub run_id: [u8; 16],
    /// When an entry counts as committed.
    pub mode: CommitMode,
    /// What happens without a standby.
    pub company: Company,
    /// How often a follower hears that the primary lives.
    pub beat: Duration,
    /// A follower that says nothing for so long is let go.
    pub silence: Duration,
    /// The most followers, the standby among them.
    pub followers_max: usize,
}

/// How the standby stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandbyStatus {
    /// There is one.
    pub connected: bool,
    /// The last that came: its name, and where it calls from.
    pub who: Option<(NodeName, SocketAddr)>,
    /// When it came or left, by [`super::steady_ns`]; 0: none came.
    pub changed_ns: i64,
    /// When the oldest of what it has not confirmed was sent to it, by [`super::steady_ns`].
    pub oldest_ns: Option<i64>,
    /// Nothing leaves that it has not confirmed.
    pub strict: bool,
    /// The witness knows that it has everything: would the primary die now, it would take over.
    pub may_take_over: bool,
    /// Last entry in its journal.
    pub received: u64,
    /// Last entry on its disk, in its journal's mode.
    pub durable: u64,
    /// Last entry that its own component agreed with.
    pub applied: u64,
}

/// What the threads share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: PrimaryOptions,
    pub(crate) identity: Identity,
    pub(crate) lease: Arc<Lease>,
    pub(crate) standby: Arc<Standby>,
    pub(crate) pace: Pace,
    /// Counts the standby's connections: the newest counts.
    pub(crate) session: AtomicU64,
    /// The last entry, when the primary hands over; `u64::MAX`: it does not.
    pub(crate) hand_over: AtomicU64,
    /// The term it hands over.
    pub(crate) hand_over_term: AtomicU64,
    pub(crate) hand_over_asked: AtomicBool,
}

/// A primary at work.
#[derive(Debug)]
pub struct Primary {
    shared: Arc<Shared>,
    acceptor: Acceptor,
}

impl Primary {
    /// Starts to take followers in. `lease` is what the node's keeper keeps, or
    /// [`Lease::unwatched`].
    ///
    /// # Errors
    /// [`ReplicaError::Io`] when the address or a thread cannot be had.
    pub fn start(options: PrimaryOptions, lease: Arc<Lease>) -> Result<Self, ReplicaError> {
        let PrimaryOptions { listen, node, cluster, mode, company, followers_max, .. } = options;
        let identity = Identity { node, cluster, secret: options.secret.clone() };
        let standby = Arc::new(Standby::default());
        let mut chaperon = Chaperon::new(Arc::clone(&lease), Arc::clone(&standby), mode, company);
        let shared = Arc::new(Shared {
            options,
            identity,
            lease,
            standby,
            pace: Pace::default(),
            session: AtomicU64::new(0),
            hand_over: AtomicU64::new(u64::MAX),
            hand_over_term: AtomicU64::new(0),
            hand_over_asked: AtomicBool::new(false),
        });
        let theirs = Arc::clone(&shared);
        let serve = move |stream: TcpStream, peer: SocketAddr, stop: &AtomicBool| {
            // However it ended: the follower was told, and calls again.
            let _ended = session::serve(stream, peer, &theirs, stop);
        };
        let acceptor =
            Acceptor::start("replica", listen, followers_max, Arc::new(serve), move || {
                chaperon.tick();
            })?;
        Ok(Self { shared, acceptor })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.acceptor.address()
    }

    /// What it was started with.
    #[must_use]
    pub fn options(&self) -> &PrimaryOptions {
        &self.shared.options
    }

    /// The engine's gate.
    #[must_use]
    pub fn gate(&self) -> Gate {
        let Shared { lease, standby, options, .. } = &*self.shared;
        Gate::new(Arc::clone(lease), Arc::clone(standby), options.mode)
    }

    /// An entry was appended: a standby that waits for it is told at once. One load.
    #[inline]
    pub fn notify(&self) {
        self.shared.pace.wake();
    }

    /// How the standby stands.
    #[must_use]
    pub fn standby(&self) -> StandbyStatus {
        let standby = &self.shared.standby;
        let Glance { who, changed_ns, oldest_ns } = standby.attendance.glance();
        StandbyStatus {
            connected: standby.connected.load(Ordering::Acquire),
            who,
            changed_ns,
            oldest_ns,
            strict: standby.strict.load(Ordering::Acquire),
            may_take_over: self.shared.lease.is_covered(),
            received: standby.received.load(Ordering::Acquire),
            durable: standby.durable.load(Ordering::Acquire),
            applied: standby.applied.load(Ordering::Acquire),
        }
    }

    /// Whether the standby was told to take over, and asks for that. Says it once.
    #[must_use]
    pub fn was_asked_to_hand_over(&self) -> bool {
        self.shared.hand_over_asked.swap(false, Ordering::AcqRel)
    }

    /// Gives the term up and has the standby take over. The engine has stopped after entry
    /// `last_seq`. Says whether a standby with all entries went to take it; if not, this node is
    /// still the last primary and may ask for a new term.
    #[must_use]
    pub fn hand_over(&self, last_seq: u64, patience: Duration) -> bool {
        let standby = &self.shared.standby;
        let until = std::time::Instant::now() + patience;
        let waits = |done: &dyn Fn() -> bool| {
            while !done() {
                if std::time::Instant::now() >= until {
                    return false;
                }
                std::thread::sleep(Duration::from_millis(1));
            }
            true
        };
        let has_all = || {
            standby.connected.load(Ordering::Acquire)
                && standby.received.load(Ordering::Acquire) >= last_seq
                && !self.shared.lease.is_alone()
        };
        if !waits(&has_all) {
            return false;
        }
        self.shared.hand_over_term.store(self.shared.lease.term(), Ordering::Release);
        self.shared.lease.give_up();
        self.shared.hand_over.store(last_seq, Ordering::Release);
        waits(&|| !standby.connected.load(Ordering::Acquire))
    }

    /// Ends it; followers lose their connection.
    pub fn stop(mut self) {
        self.acceptor.stop();
    }
}
