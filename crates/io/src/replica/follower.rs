// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A follower: its journal grows as the primary's does, its component runs along with outputs held,
//! and when the primary is gone and the witness agrees, it becomes the primary.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use onetape_core::component::{Component, Snapshot};
use onetape_core::continuity::{Comparison, LeaseTimes, NodeName};

use super::error::ReplicaError;
use super::keeper::LeaseKeeper;
use super::pace::Pace;
use super::pursuit::{Ending, Granted, Pursuit};
use super::recovery::{begin, complete};
use super::secret::Secret;
use super::snapshots::{SnapshotPolicy, SnapshotTaker};
use crate::journal_file::{JournalReader, JournalWriter, Options};

/// The longest nap of the applying thread.
const NAP: Duration = Duration::from_micros(500);
/// Notices that are kept until somebody reads them.
const NOTICES_MAX: usize = 64;

/// How a node follows.
#[derive(Clone, Debug)]
pub struct FollowerOptions {
    /// Its own journal.
    pub folder: PathBuf,
    /// How that is written. For segments like the primary's give its `segment_bytes` and `run_id`.
    pub journal: Options,
    /// Where the primary serves followers, `host:port`.
    pub primary: String,
    /// The node's name.
    pub node: NodeName,
    /// The cluster's name.
    pub cluster: NodeName,
    /// The cluster's secret.
    pub secret: Secret,
    /// Where the witness listens; `None`: this node is a copy and never takes over.
    pub witness: Option<String>,
    /// The same as the witness's.
    pub times: LeaseTimes,
    /// Take over by itself when the primary is gone; else only on command.
    pub automatic: bool,
    /// A primary that says nothing for so long is gone.
    pub silence: Duration,
    /// After taking over, release without a standby.
    pub alone_afterwards: bool,
    /// When snapshots are taken.
    pub snapshots: SnapshotPolicy,
}

/// How a follower stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerStatus {
    /// It has a connection with the primary.
    pub connected: bool,
    /// The primary's term; 0: it has not met one.
    pub term: u64,
    /// It has caught up with the primary in that term, and may take over.
    pub in_step: bool,
    /// Last entry in its journal.
    pub received: u64,
    /// Last entry that its component agreed with.
    pub applied: u64,
    /// The primary's last entry, as last heard.
    pub primary_seq: u64,
    /// When the primary last said something, by [`super::steady_ns`]; 0: never.
    pub heard_ns: i64,
}

/// Speaks to a follower at work, from any thread.
#[derive(Debug, Default)]
pub struct Control {
    pub(crate) stop: AtomicBool,
    pub(crate) take_over: AtomicBool,
    pub(crate) force: AtomicBool,
    pub(crate) connected: AtomicBool,
    pub(crate) in_step: AtomicBool,
    pub(crate) term: AtomicU64,
    pub(crate) received: AtomicU64,
    pub(crate) applied: AtomicU64,
    pub(crate) primary_seq: AtomicU64,
    pub(crate) heard_ns: AtomicI64,
    pub(crate) pace: Pace,
    notices: Mutex<VecDeque<String>>,
}

impl Control {
    /// Ends the follower; its journal is closed.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    /// Has it take over: a primary that lives is asked to hand over.
    pub fn take_over(&self) {
        self.take_over.store(true, Ordering::Release);
    }

    /// Has it take over even if the last primary released entries that it does not have. Still not
    /// while another holds the lease.
    pub fn force(&self) {
        self.force.store(true, Ordering::Release);
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> FollowerStatus {
        FollowerStatus {
            connected: self.connected.load(Ordering::Acquire),
            term: self.term.load(Ordering::Acquire),
            in_step: self.in_step.load(Ordering::Acquire),
            received: self.received.load(Ordering::Acquire),
            applied: self.applied.load(Ordering::Acquire),
            primary_seq: self.primary_seq.load(Ordering::Acquire),
            heard_ns: self.heard_ns.load(Ordering::Acquire),
        }
    }

    /// What happened since the last call, for people; the oldest are dropped when nobody asks.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    /// Says something, unless it was said just before.
    pub(crate) fn notice(&self, text: String) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.back() == Some(&text) {
            return;
        }
        if notices.len() == NOTICES_MAX {
            notices.pop_front();
        }
        notices.push_back(text);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// A follower that is the primary now.
#[derive(Debug)]
pub struct Promoted<C> {
    /// Its journal, complete, to go on with.
    pub journal: JournalWriter,
    /// Its component, with all that the journal says.
    pub component: C,
    /// Its term.
    pub term: u64,
    /// Keeps the lease, which is held.
    pub keeper: LeaseKeeper,
    /// Outputs of the last input that the dead primary did not come to append, and were appended.
    pub completed: u64,
    /// From the moment the primary was given up to this.
    pub took: Duration,
}

/// How following ended.
#[derive(Debug)]
pub enum Outcome<C> {
    /// It is the primary.
    Promoted(Box<Promoted<C>>),
    /// It was told to stop.
    Stopped,
}

/// Follows until it is told to stop or becomes the primary. `make` makes a component with nothing
/// in it; what it puts out is held and compared.
///
/// # Errors
/// [`ReplicaError::Differs`] at the first entry that the component makes otherwise,
/// [`ReplicaError::Refused`] when the primary will not have this journal, `Secret`, `Journal`, `Io`.
pub fn follow<C: Component + Snapshot>(
    options: &FollowerOptions,
    control: &Arc<Control>,
    make: impl FnMut() -> Result<C, ReplicaError>,
) -> Result<Outcome<C>, ReplicaError> {
    let journal = JournalWriter::open(&options.folder, &options.journal)?;
    let (comparison, replayed) =
        begin(&options.folder, journal.last_seq(), &options.snapshots, make)?;
    for passed_over in replayed.passed_over {
        control.notice(passed_over);
    }
    control.received.store(journal.last_seq(), Ordering::Release);
    let taker =
        SnapshotTaker::start(options.folder.clone(), options.snapshots, replayed.snapshot_seq)?;
    let mut runner = Runner { comparison, taker, control: Arc::clone(control) };
    let over = AtomicBool::new(false);
    let (ended, applied) = thread::scope(|scope| {
        let pursuit = Pursuit::new(options, control, journal);
        let pursuing = thread::Builder::new().name("standby-link".to_owned());
        let pursuing = pursuing.spawn_scoped(scope, || {
            let ending = pursuit.run();
            over.store(true, Ordering::Release);
            control.pace.wake();
            ending
        });
        let applied = runner.run(options, &over);
        if applied.is_err() {
            control.stop();
        }
        (pursuing.map(thread::ScopedJoinHandle::join), applied)
    });
    let ended = ended.map_err(|err| ReplicaError::io("start the standby's thread", err))?;
    applied?;
    let ended = ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let Ending::Granted(granted) = ended else {
        return runner.taker.finish().map(|()| Outcome::Stopped);
    };
    let Granted { mut journal, keeper, term, since } = *granted;
    let completed = complete(&mut runner.comparison, &mut journal)?;
    let component = runner.comparison.into_component();
    let took = since.elapsed();
    let promoted = Promoted { journal, component, term, keeper, completed, took };
    Ok(Outcome::Promoted(Box::new(promoted)))
}

/// Runs the component along the follower's own journal.
struct Runner<C> {
    comparison: Comparison<C>,
    taker: SnapshotTaker,
    control: Arc<Control>,
}

impl<C: Component + Snapshot> Runner<C> {
    /// Applies until the link is over and everything it received is in.
    fn run(&mut self, options: &FollowerOptions, over: &AtomicBool) -> Result<(), ReplicaError> {
        let mut reader = JournalReader::open(&options.folder)?;
        if self.comparison.last_seq() > 0 {
            reader.seek_seq(self.comparison.last_seq() + 1)?;
        }
        self.control.pace.enter();
        loop {
            // Looked at first: what came before the end is in the journal then.
            let is_last_round = over.load(Ordering::Acquire);
            self.apply_all(&mut reader)?;
            if is_last_round {
                return Ok(());
            }
            let control = Arc::clone(&self.control);
            control.pace.wait(NAP, || reader.has_next())?;
        }
    }

    fn apply_all(&mut self, reader: &mut JournalReader) -> Result<(), ReplicaError> {
        while let Some(entry) = reader.next_entry()? {
            let (seq, ts_ns) = (entry.seq, entry.ts_ns);
            let applied = self.comparison.apply(entry);
            applied.map_err(|mismatch| ReplicaError::Differs { mismatch: Box::new(mismatch) })?;
            self.control.applied.store(seq, Ordering::Release);
            if self.taker.is_due(seq) && self.comparison.outstanding() == 0 {
                self.taker.take(self.comparison.component(), seq, ts_ns);
            }
            if seq.is_multiple_of(1024) && self.control.is_stopped() {
                return Ok(());
            }
        }
        Ok(())
    }
}
