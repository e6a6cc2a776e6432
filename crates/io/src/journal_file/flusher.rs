// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Group commit, a thread of its own: while one fdatasync runs, appends gather for the next.
//!
//! Invariant: `committed` is a sequence number whose entry, and all before it, are on disk.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::prepare::Segment;

/// How long the thread sleeps at most; a wake-up that was missed costs no more than this.
const NAP: Duration = Duration::from_millis(1);
/// Segments that may wait for the disk before the list grows.
const SEGMENTS_CAPACITY: usize = 64;

#[derive(Debug, Default)]
struct Files {
    /// Segments with entries that are not on disk yet; the last is the present one.
    segments: Vec<Arc<Segment>>,
    stop: bool,
}

#[derive(Debug, Default)]
struct Shared {
    published: AtomicU64,
    committed: AtomicU64,
    napping: AtomicBool,
    /// Error number of the sync that failed; 0 while all is well. Never cleared: after a failed
    /// sync the kernel may have dropped the pages.
    errno: AtomicI32,
    files: Mutex<Files>,
    moved: Condvar,
    /// While set, nothing is synced: as on a disk that takes its time.
    #[cfg(test)]
    held: Arc<AtomicBool>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer's side.
#[derive(Debug)]
pub(crate) struct Flusher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Flusher {
    /// Starts the thread; all up to `last_seq` is on disk already.
    pub(crate) fn start(last_seq: u64) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        shared.published.store(last_seq, Ordering::Relaxed);
        shared.committed.store(last_seq, Ordering::Relaxed);
        shared.lock().segments.reserve(SEGMENTS_CAPACITY);
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("journal-flusher".to_owned())
            .spawn(move || run(&theirs))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Entries go to this segment from now on.
    pub(crate) fn begin(&self, segment: Arc<Segment>) {
        self.shared.lock().segments.push(segment);
    }

    /// Entry `seq` has been written.
    #[inline]
    pub(crate) fn publish(&self, seq: u64) {
        self.shared.published.store(seq, Ordering::Release);
        if self.shared.napping.load(Ordering::Relaxed) {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// The last entry that is on disk with all before it.
    pub(crate) fn committed(&self) -> u64 {
        self.shared.committed.load(Ordering::Acquire)
    }

    /// Error number of the sync that failed; 0 while all is well.
    #[inline]
    pub(crate) fn errno(&self) -> i32 {
        self.shared.errno.load(Ordering::Relaxed)
    }

    /// Waits until entry `seq` is on disk; the error number when it never will be.
    pub(crate) fn wait(&self, seq: u64) -> Result<(), i32> {
        self.wake();
        let mut files = self.shared.lock();
        while self.committed() < seq {
            match self.errno() {
                0 => {}
                errno => return Err(errno),
            }
            let waited = self.shared.moved.wait_timeout(files, NAP);
            files = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    /// What holds the syncs back while it is set.
    #[cfg(test)]
    pub(crate) fn hold(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.shared.held)
    }

    /// Ends the thread after a last sync.
    pub(crate) fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.shared.lock().stop = true;
        thread.thread().unpark();
        thread.join().expect("the flusher does not panic");
    }
}

fn run(shared: &Shared) {
    loop {
        #[cfg(test)]
        while shared.held.load(Ordering::SeqCst) {
            thread::park_timeout(NAP);
        }
        let target = shared.published.load(Ordering::Acquire);
        if target > shared.committed.load(Ordering::Relaxed) {
            if let Err(err) = sync(shared) {
                shared.errno.store(err.raw_os_error().unwrap_or(libc::EIO), Ordering::Release);
                shared.moved.notify_all();
                return;
            }
            let files = shared.lock();
            shared.committed.store(target, Ordering::Release);
            drop(files);
            shared.moved.notify_all();
        } else if shared.lock().stop {
            return;
        } else {
            shared.napping.store(true, Ordering::SeqCst);
            if shared.published.load(Ordering::SeqCst) == target {
                thread::park_timeout(NAP);
            }
            shared.napping.store(false, Ordering::Relaxed);
        }
    }
}

/// Syncs every segment that has entries, oldest first, and forgets those that have ended.
fn sync(shared: &Shared) -> std::io::Result<()> {
    let segments = shared.lock().segments.clone();
    for segment in &segments {
        segment.file.sync_data()?;
    }
    let ended = segments.len().saturating_sub(1);
    shared.lock().segments.drain(..ended);
    Ok(())
}
