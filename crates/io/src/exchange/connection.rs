// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! One client's connection: its socket, its session, what waits to be written.
//!
//! What a client is to get lies in its port's stream, not here: the buffer holds what the socket is
//! being offered, a few messages at a time, however long the replay is.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

use onetape_core::events::CloseReason;
use onetape_core::events::OrderFormat;
use onetape_core::types::TsNs;

use super::session::Session;
use super::store::Stream;

/// Bytes of messages that are made ready at once.
const FILL_BYTES: usize = 64 << 10;
/// Rounds of filling and writing for one connection before the next one's turn.
const ROUNDS_MAX: usize = 16;
/// Room of a buffer: a fill and the longest packet after it.
const BUFFER_BYTES: usize = FILL_BYTES + (64 << 10);

/// A client's connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) socket: TcpStream,
    /// What it is registered with.
    pub(crate) token: u64,
    /// Which listener took it.
    pub(crate) listener: usize,
    pub(crate) session: Session,
    /// Whose it is, once logged in.
    pub(crate) port: Option<u32>,
    /// Since when it has been nobody's; `None` once there was a login.
    pub(crate) stranger_since_ns: Option<TsNs>,
    /// To be closed, for this reason, once what waits is written.
    pub(crate) closing: Option<CloseReason>,
    /// It is told to wait for room to write.
    pub(crate) waits_for_room: bool,
    /// It is in the list of connections with something to send.
    pub(crate) is_dirty: bool,
    out: Vec<u8>,
    written: usize,
    /// When the socket last took something, or nothing waited.
    progress_ns: TsNs,
    /// It has had all that there was, once.
    caught_up: bool,
}

/// How writing went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// All that there is.
    All,
    /// As much as the socket takes; or as much as is this connection's turn.
    Some,
    /// The peer is gone.
    Gone,
}

impl Connection {
    /// A connection made just now.
    pub(crate) fn new(
        socket: TcpStream,
        token: u64,
        (listener, format): (usize, OrderFormat),
        now_ns: TsNs,
    ) -> Self {
        Self {
            socket,
            token,
            listener,
            session: Session::new(format, now_ns),
            port: None,
            stranger_since_ns: Some(now_ns),
            closing: None,
            waits_for_room: false,
            is_dirty: false,
            out: Vec::with_capacity(BUFFER_BYTES),
            written: 0,
            progress_ns: now_ns,
            caught_up: false,
        }
    }

    /// Reads what is there, as much as `buffer` takes; `None` when there is nothing, 0 at the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Option<usize> {
        loop {
            return match self.socket.read(buffer) {
                Ok(count) => Some(count),
                Err(err) if err.kind() == ErrorKind::WouldBlock => None,
                Err(err) if err.kind() == ErrorKind::Interrupted => continue,
                Err(_) => Some(0),
            };
        }
    }

    /// The session, and room for what it says of itself.
    pub(crate) const fn session_and_out(&mut self) -> (&mut Session, &mut Vec<u8>) {
        (&mut self.session, &mut self.out)
    }

    /// Whether something waits to be written.
    pub(crate) const fn has_output(&self) -> bool {
        self.written < self.out.len()
    }

    /// Writes what waits, and the messages of `stream` that it has not had.
    pub(crate) fn write(&mut self, now_ns: TsNs, stream: Option<&Stream>) -> Written {
        for _ in 0..ROUNDS_MAX {
            let more = stream.is_some_and(|stream| self.fill(now_ns, stream));
            match self.flush(now_ns) {
                Written::All if more => {}
                Written::All => {
                    self.caught_up |= self.port.is_some();
                    return Written::All;
                }
                other => return other,
            }
        }
        Written::Some
    }

    /// Makes messages ready; whether there are more.
    fn fill(&mut self, now_ns: TsNs, stream: &Stream) -> bool {
        if self.written > 0 {
            self.out.drain(..self.written);
            self.written = 0;
        }
        self.session.fill(now_ns, stream, &mut self.out, FILL_BYTES)
    }

    fn flush(&mut self, now_ns: TsNs) -> Written {
        while self.written < self.out.len() {
            match self.socket.write(&self.out[self.written..]) {
                Ok(0) => return Written::Gone,
                Ok(count) => {
                    self.written += count;
                    self.progress_ns = now_ns;
                }
                Err(err) if err.kind() == ErrorKind::WouldBlock => return Written::Some,
                Err(err) if err.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Written::Gone,
            }
        }
        self.out.clear();
        self.written = 0;
        self.progress_ns = now_ns;
        Written::All
    }

    /// Whether the client does not take what it is offered: nothing at all for `stalled_ns`, or, once
    /// it has had everything, more than `output_bytes_max` behind.
    pub(crate) fn is_slow(
        &self,
        now_ns: TsNs,
        stream: Option<&Stream>,
        output_bytes_max: usize,
        stalled_ns: i64,
    ) -> bool {
        if !self.has_output() {
            return false;
        }
        if now_ns.saturating_sub(self.progress_ns) >= stalled_ns {
            return true;
        }
        let position = self.session.position().max(1);
        let behind = stream.map_or(0, |stream| stream.bytes_between(position, stream.released()));
        let waiting = (self.out.len() - self.written) as u64;
        self.caught_up && behind.saturating_add(waiting) > output_bytes_max as u64
    }

    /// Sets up a socket that was accepted: no waiting, neither ours nor the system's.
    pub(crate) fn prepare(socket: &TcpStream, send_buffer_bytes: usize) -> io::Result<()> {
        socket.set_nonblocking(true)?;
        socket.set_nodelay(true)?;
        if send_buffer_bytes > 0 {
            socket2::SockRef::from(socket).set_send_buffer_size(send_buffer_bytes)?;
        }
        Ok(())
    }
}
