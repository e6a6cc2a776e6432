// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What may leave: up to which entry outputs are committed, in the mode that was chosen and while
//! the lease holds. The engine asks once a turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::attendance::Attendance;
use super::keeper::Lease;

/// When an entry counts as committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitMode {
    /// When it is in the page cache: it survives the process.
    Async,
    /// When it is on disk: it survives the machine going down.
    Fsync,
    /// When the standby has it as well: it survives the machine.
    Standby,
}

/// What a primary does without its standby.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// It releases nothing until the standby is back.
    Required,
    /// After this long it goes on alone, once the witness knows; the standby may not take over then
    /// until it has caught up.
    Optional(Duration),
}

/// What the threads of a primary know of its standby.
#[derive(Debug, Default)]
pub(crate) struct Standby {
    pub(crate) connected: AtomicBool,
    /// Entries in its journal, on its disk, and agreed with by its component.
    pub(crate) received: AtomicU64,
    pub(crate) durable: AtomicU64,
    pub(crate) applied: AtomicU64,
    /// The last entry that was sent to it.
    pub(crate) sent: AtomicU64,
    /// Nothing leaves that it has not confirmed.
    pub(crate) strict: AtomicBool,
    /// The last entry that may have left without it.
    pub(crate) released: AtomicU64,
    pub(crate) attendance: Attendance,
}

/// The engine's side.
#[derive(Clone, Debug)]
pub struct Gate {
    lease: Arc<Lease>,
    standby: Arc<Standby>,
    mode: CommitMode,
    /// What the engine was last told; its alone to write.
    limit: Arc<AtomicU64>,
}

impl Gate {
    pub(crate) fn new(lease: Arc<Lease>, standby: Arc<Standby>, mode: CommitMode) -> Self {
        Self { lease, standby, mode, limit: Arc::default() }
    }

    /// A gate without standby or witness.
    #[must_use]
    pub fn open(mode: CommitMode) -> Self {
        Self::new(Lease::unwatched(), Arc::default(), mode)
    }

    /// The last entry whose outputs may leave at `now_ns` by [`super::steady_ns`], when the journal
    /// has committed all up to `committed` by itself. Never falls; while the lease is not held it
    /// does not rise, and nothing that has not left yet may leave: see [`Self::is_held`].
    #[inline]
    #[must_use]
    pub fn limit(&self, now_ns: i64, committed: u64) -> u64 {
        let mut last = self.limit.load(Ordering::Relaxed);
        if self.lease.is_held(now_ns) {
            let limit = match self.mode {
                CommitMode::Async | CommitMode::Fsync => committed,
                CommitMode::Standby => self.with_standby(committed),
            };
            last = last.max(limit);
            self.limit.store(last, Ordering::Relaxed);
        }
        last
    }

    fn with_standby(&self, committed: u64) -> u64 {
        let standby = &self.standby;
        if !standby.strict.load(Ordering::Acquire) {
            // Said before `strict` is looked at again: whoever sets it then sees what may have left.
            standby.released.store(committed, Ordering::SeqCst);
            if !standby.strict.load(Ordering::SeqCst) {
                return committed;
            }
        }
        committed.min(standby.received.load(Ordering::Acquire))
    }

    /// Whether anything may leave at all.
    #[inline]
    #[must_use]
    pub fn is_held(&self, now_ns: i64) -> bool {
        self.lease.is_held(now_ns)
    }

    /// The lease behind it.
    #[must_use]
    pub const fn lease(&self) -> &Arc<Lease> {
        &self.lease
    }

    /// The mode it was made for.
    #[must_use]
    pub const fn mode(&self) -> CommitMode {
        self.mode
    }
}

/// Sees to it that a primary with a standby waits for it, and one without goes on.
#[derive(Debug)]
pub(crate) struct Chaperon {
    lease: Arc<Lease>,
    standby: Arc<Standby>,
    mode: CommitMode,
    company: Company,
    /// Since when there is no standby.
    missing_since: Option<Instant>,
    /// What the standby must have before the witness may be told that it has everything.
    joining: Option<u64>,
}

impl Chaperon {
    pub(crate) fn new(
        lease: Arc<Lease>,
        standby: Arc<Standby>,
        mode: CommitMode,
        company: Company,
    ) -> Self {
        standby.strict.store(mode == CommitMode::Standby, Ordering::SeqCst);
        Self { lease, standby, mode, company, missing_since: None, joining: None }
    }

    /// Looks how things stand.
    pub(crate) fn tick(&mut self) {
        if self.standby.connected.load(Ordering::Acquire) {
            self.missing_since = None;
            self.welcome();
        } else {
            self.joining = None;
            let since = *self.missing_since.get_or_insert_with(Instant::now);
            self.miss(since);
        }
    }

    /// The standby is there: from now on nothing leaves without it, and once it has what left
    /// before, the witness is told that it may take over.
    fn welcome(&mut self) {
        let standby = &self.standby;
        let strict = self.mode == CommitMode::Standby;
        let needed = *self.joining.get_or_insert_with(|| {
            if strict {
                standby.strict.store(true, Ordering::SeqCst);
                standby.released.load(Ordering::SeqCst)
            } else {
                standby.sent.load(Ordering::Acquire)
            }
        });
        if standby.received.load(Ordering::Acquire) >= needed {
            self.lease.want_alone(false);
        }
    }

    fn miss(&self, since: Instant) {
        let strict = self.standby.strict.load(Ordering::Acquire);
        // It was alone before the standby came and went, or has no witness to tell: nothing changed.
        if strict && self.lease.is_alone() && self.company != Company::Required {
            self.standby.strict.store(false, Ordering::SeqCst);
        }
        if let Company::Optional(patience) = self.company
            && since.elapsed() >= patience
        {
            self.lease.want_alone(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_a_standby_nothing_leaves_that_it_has_not_confirmed() {
        let standby = Arc::new(Standby::default());
        let lease = Lease::unwatched();
        let gate = Gate::new(Arc::clone(&lease), Arc::clone(&standby), CommitMode::Standby);
        let company = Company::Optional(Duration::ZERO);
        let mut chaperon = Chaperon::new(lease, Arc::clone(&standby), CommitMode::Standby, company);
        assert_eq!(gate.limit(0, 5), 0);
        chaperon.tick(); // Nobody there.
        assert_eq!(gate.limit(0, 5), 5);
        standby.connected.store(true, Ordering::Release);
        chaperon.tick();
        assert_eq!(gate.limit(0, 9), 5);
        standby.received.store(7, Ordering::Release);
        assert_eq!((gate.limit(0, 9), gate.limit(0, 6)), (7, 7));
    }

    #[test]
    fn a_required_standby_is_waited_for() {
        let standby = Arc::new(Standby::default());
        let lease = Lease::unwatched();
        let gate = Gate::new(Arc::clone(&lease), Arc::clone(&standby), CommitMode::Standby);
        let mut chaperon = Chaperon::new(lease, standby, CommitMode::Standby, Company::Required);
        chaperon.tick();
        assert_eq!(gate.limit(0, 5), 0);
        assert_eq!(Gate::open(CommitMode::Fsync).limit(0, 5), 5);
    }
}
