// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Takes connections, a thread each and no more than so many, until it is told to stop.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::error::ReplicaError;

/// How long a stop may take to be seen, in milliseconds.
const LOOK_MS: libc::c_int = 10;

/// The thread that takes connections, and those that serve them.
#[derive(Debug)]
pub(crate) struct Acceptor {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What is done with each connection; the flag says when to stop.
pub(crate) type Serve = Arc<dyn Fn(TcpStream, SocketAddr, &AtomicBool) + Send + Sync>;

impl Acceptor {
    /// Listens. `tick` is called a hundred times a second at least, the first time at once, on the
    /// accepting thread.
    pub(crate) fn start(
        name: &str,
        listen: SocketAddr,
        connections_max: usize,
        serve: Serve,
        mut tick: impl FnMut() + Send + 'static,
    ) -> Result<Self, ReplicaError> {
        let failed = |err| ReplicaError::io(format!("listen at {listen}"), err);
        let listener = TcpListener::bind(listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let work = move || {
            let served = Arc::new(AtomicUsize::new(0));
            while !flag.load(Ordering::Acquire) {
                tick();
                if !take(&listener, connections_max, &served, &serve, &flag) {
                    wait(&listener);
                }
            }
            while served.load(Ordering::Acquire) > 0 {
                thread::sleep(Duration::from_millis(1));
            }
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(work).map_err(failed)?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn stop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _a_panic_was_printed = thread.join();
        }
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Counts down when a connection's thread ends, however it ends.
struct Served(Arc<AtomicUsize>);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Waits until somebody calls, or it is time to look.
fn wait(listener: &TcpListener) {
    let mut call = libc::pollfd { fd: listener.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: `call` is one descriptor, open, and outlives the call.
    let _looks_again_however_it_ended = unsafe { libc::poll(&raw mut call, 1, LOOK_MS) };
}

/// Takes one connection, if there is one and room for it.
fn take(
    listener: &TcpListener,
    connections_max: usize,
    served: &Arc<AtomicUsize>,
    serve: &Serve,
    stop: &Arc<AtomicBool>,
) -> bool {
    let Ok((stream, peer)) = listener.accept() else { return false };
    if served.fetch_add(1, Ordering::AcqRel) >= connections_max {
        served.fetch_sub(1, Ordering::AcqRel);
        return true; // Dropped: it is closed.
    }
    let count = Served(Arc::clone(served));
    let (serve, stop) = (Arc::clone(serve), Arc::clone(stop));
    let work = move || {
        let _count = count;
        if stream.set_nonblocking(false).is_ok() {
            serve(stream, peer, &stop);
        }
    };
    let _no_thread_no_service = thread::Builder::new().name("replica-link".to_owned()).spawn(work);
    true
}
