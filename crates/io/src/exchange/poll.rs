// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Waiting for many sockets at once, with Linux's epoll; and being woken by another thread.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

/// Most events taken at once; the rest is there at the next wait.
const EVENTS_MAX: u16 = 256;

/// Something that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ready {
    /// What it was registered with.
    pub(crate) token: u64,
    /// There is something to read, or the peer is gone.
    pub(crate) readable: bool,
    /// There is room to write.
    pub(crate) writable: bool,
}

/// The sockets waited for.
pub(crate) struct Poll {
    epoll: OwnedFd,
    events: Vec<libc::epoll_event>,
}

impl Poll {
    /// Waits for nothing yet.
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: no memory is passed.
        let epoll = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if epoll < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a new descriptor that nobody else owns.
        let epoll = unsafe { OwnedFd::from_raw_fd(epoll) };
        Ok(Self {
            epoll,
            events: vec![libc::epoll_event { events: 0, u64: 0 }; usize::from(EVENTS_MAX)],
        })
    }

    fn control(&self, operation: i32, socket: RawFd, token: u64, writes: bool) -> io::Result<()> {
        let mut events = (libc::EPOLLIN | libc::EPOLLRDHUP).cast_unsigned();
        if writes {
            events |= libc::EPOLLOUT.cast_unsigned();
        }
        let mut event = libc::epoll_event { events, u64: token };
        // SAFETY: both descriptors are open and the event outlives the call.
        let done =
            unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), operation, socket, &raw mut event) };
        if done < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Waits for a socket from now on, until it is closed.
    pub(crate) fn add(&self, socket: &impl AsRawFd, token: u64) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_ADD, socket.as_raw_fd(), token, false)
    }

    /// Whether to wait for room to write, too.
    pub(crate) fn want_writes(
        &self,
        socket: &impl AsRawFd,
        token: u64,
        writes: bool,
    ) -> io::Result<()> {
        self.control(libc::EPOLL_CTL_MOD, socket.as_raw_fd(), token, writes)
    }

    /// Waits at most so long; zero only looks. What is ready is then in [`Self::ready`].
    pub(crate) fn wait(&mut self, timeout: Duration) -> io::Result<usize> {
        let wanted_ms = timeout.as_micros().div_ceil(1_000).min(60_000) as i32;
        let room = i32::from(EVENTS_MAX);
        // SAFETY: the buffer has room for so many events.
        let found = unsafe {
            libc::epoll_wait(self.epoll.as_raw_fd(), self.events.as_mut_ptr(), room, wanted_ms)
        };
        match usize::try_from(found) {
            Ok(found) => Ok(found),
            Err(_) => match io::Error::last_os_error() {
                err if err.kind() == io::ErrorKind::Interrupted => Ok(0),
                err => Err(err),
            },
        }
    }

    /// Event `at` of the last wait.
    pub(crate) fn ready(&self, at: usize) -> Ready {
        let event = self.events[at];
        let (events, token) = (event.events.cast_signed(), event.u64);
        let gone = libc::EPOLLERR | libc::EPOLLHUP | libc::EPOLLRDHUP;
        Ready {
            token,
            readable: events & (libc::EPOLLIN | gone) != 0,
            writable: events & libc::EPOLLOUT != 0,
        }
    }
}

impl std::fmt::Debug for Poll {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poll").field("epoll", &self.epoll).finish_non_exhaustive()
    }
}

/// Ends a wait, from any thread.
#[derive(Debug)]
pub(crate) struct Waker(File);

impl Waker {
    /// A waker to be registered with a [`Poll`].
    pub(crate) fn new() -> io::Result<Self> {
        // SAFETY: no memory is passed.
        let event = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if event < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a new descriptor that nobody else owns.
        Ok(Self(unsafe { File::from_raw_fd(event) }))
    }

    /// Ends the wait. Safe to call from a signal handler: it is one `write`.
    pub(crate) fn wake(&self) {
        let _a_full_counter_wakes_as_well = (&self.0).write(&1_u64.to_ne_bytes());
    }

    /// Takes note of it: the next wait waits again.
    pub(crate) fn clear(&self) {
        let _nothing_there_is_as_well = (&self.0).read(&mut [0; 8]);
    }
}

impl AsRawFd for Waker {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}
