// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a side thread waits for the next entry without holding up who writes it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

/// Looks before the thread lies down.
const LOOKS: u32 = 200;

/// One thread that naps, and others that wake it.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    napping: AtomicBool,
    sleeper: Mutex<Option<Thread>>,
}

impl Pace {
    /// The calling thread is the one that naps from now on. Its naps end on time.
    pub(crate) fn enter(&self) {
        // SAFETY: a plain system call about this thread alone. Without it a nap of 50 µs takes 100.
        let _best_effort = unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1_000_u64) };
        let mut sleeper = self.sleeper.lock().unwrap_or_else(PoisonError::into_inner);
        *sleeper = Some(thread::current());
    }

    /// There is something new. One load while nobody naps.
    #[inline]
    pub(crate) fn wake(&self) {
        if self.napping.load(Ordering::Relaxed) {
            self.wake_up();
        }
    }

    #[cold]
    fn wake_up(&self) {
        let sleeper = self.sleeper.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sleeper) = sleeper.as_ref() {
            sleeper.unpark();
        }
    }

    /// Waits until `is_there` says so, at most `nap`. A wake-up that was missed costs no more.
    pub(crate) fn wait<E>(
        &self,
        nap: Duration,
        mut is_there: impl FnMut() -> Result<bool, E>,
    ) -> Result<bool, E> {
        for _ in 0..LOOKS {
            if is_there()? {
                return Ok(true);
            }
            std::hint::spin_loop();
        }
        self.napping.store(true, Ordering::SeqCst);
        let there = is_there();
        if matches!(there, Ok(false)) {
            thread::park_timeout(nap);
        }
        self.napping.store(false, Ordering::Relaxed);
        there
    }
}
