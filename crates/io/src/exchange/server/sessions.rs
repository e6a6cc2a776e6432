// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Clients come, log in, say something, and go.

use std::io::ErrorKind;

use onetape_core::events::{
    CloseReason, OrderFormat, OrderMessageReceived, SessionClosed, SessionOpened,
};
use onetape_core::types::TsNs;
use onetape_core::wire::soup::{
    self, LoginRequest, REJECT_NO_SESSION, REJECT_NOT_AUTHORISED, ServerEvent, name_of,
    start_of_replay,
};

use super::{Counts, Server};
use crate::exchange::component::Core;
use crate::exchange::config::{PortConfig, Secret};
use crate::exchange::connection::Connection;
use crate::exchange::engine::Engine;
use crate::exchange::error::ServerError;
use crate::exchange::poll::Ready;
use crate::exchange::session::Session;

/// Bytes read at once while the disk is nearly full: few enough for what room there is.
const INPUT_BYTES_NEARLY_FULL: usize = 4 << 10;

/// What became of bytes from a client.
pub(super) enum Heard {
    /// They were taken in.
    Taken,
    /// A login, to be answered before the rest is read.
    Login(LoginRequest),
    /// A FIX logon, likewise.
    LogOn(Vec<u8>),
    /// The connection ends.
    Ends(CloseReason),
}

impl<C: Core> Server<C> {
    /// Takes everybody in who waits at a door.
    pub(super) fn accept(&mut self, listener: usize) {
        loop {
            let socket = match self.listeners[listener].socket.accept() {
                Ok((socket, _)) => socket,
                Err(err) if err.kind() == ErrorKind::Interrupted => continue,
                // Nobody waits; or there are no descriptors, and the next turn tries again.
                Err(_) => return,
            };
            let Some(place) = self.make_place() else {
                self.counts.refused += 1;
                continue;
            };
            self.generations[place] = self.generations[place].wrapping_add(1) & (u32::MAX >> 1);
            let token = u64::from(self.generations[place]) << 32 | place as u64;
            let prepared = Connection::prepare(&socket, self.config.send_buffer_bytes);
            if prepared.and_then(|()| self.poll.add(&socket, token)).is_err() {
                self.counts.refused += 1;
                continue;
            }
            self.counts.connections += 1;
            let now_ns = self.clock.elapsed_ns();
            let door = (listener, self.listeners[listener].format);
            self.connections[place] = Some(Connection::new(socket, token, door, now_ns));
        }
    }

    /// A place for one more connection: a free one, or that of whoever has been there longest without
    /// a login, who is sent away. Nobody can keep members out by connecting and saying nothing.
    fn make_place(&mut self) -> Option<usize> {
        if let Some(free) = self.connections.iter().position(Option::is_none) {
            return Some(free);
        }
        let strangers = self
            .connections
            .iter()
            .enumerate()
            .filter_map(|(place, open)| Some((open.as_ref()?.stranger_since_ns?, place)));
        let (_, place) = strangers.min()?;
        self.connections[place] = None;
        self.counts.displaced += 1;
        Some(place)
    }

    /// Does what a connection is ready for.
    pub(super) fn serve(&mut self, ready: Ready) -> Result<(), ServerError> {
        let place = (ready.token & u64::from(u32::MAX)) as usize;
        let Some(Some(connection)) = self.connections.get_mut(place) else { return Ok(()) };
        if connection.token != ready.token {
            return Ok(());
        }
        if ready.writable {
            self.mark_dirty(place);
        }
        if ready.readable && self.has_room() && self.read(place)? {
            self.hot.spoke(place);
        }
        Ok(())
    }

    /// Whether clients are listened to at all.
    pub(super) fn has_room(&self) -> bool {
        self.engine.streams.waiting() < self.config.pending_max && !self.is_paused
    }

    /// Reads once from a connection, and acts on what it says; whether there was anything.
    pub(super) fn read(&mut self, place: usize) -> Result<bool, ServerError> {
        let Some(connection) = &mut self.connections[place] else { return Ok(false) };
        let most = if self.is_nearly_full { INPUT_BYTES_NEARLY_FULL } else { self.input.len() };
        let Some(count) = connection.read(&mut self.input[..most]) else { return Ok(false) };
        if connection.closing.is_some() {
            // Whoever is being sent away is not listened to any more.
            if count == 0 {
                self.drop_connection(place, CloseReason::Disconnected)?;
            }
            return Ok(true);
        }
        if count == 0 {
            self.drop_connection(place, CloseReason::Disconnected)?;
            return Ok(true);
        }
        let input = std::mem::take(&mut self.input);
        let heard = self.hear(place, &input[..count]);
        self.input = input;
        heard.map(|()| true)
    }

    /// Acts on bytes from a client.
    fn hear(&mut self, place: usize, mut bytes: &[u8]) -> Result<(), ServerError> {
        loop {
            let at = self.now();
            let Some(connection) = &mut self.connections[place] else { return Ok(()) };
            let mut hearing = Hearing {
                engine: &mut self.engine,
                counts: &mut self.counts,
                at,
                port: connection.port,
                format: self.listeners[connection.listener].format,
            };
            let heard = match &mut connection.session {
                Session::Soup(server) => hearing.soup(server, &mut bytes)?,
                Session::Fix(link) => hearing.fix(link, &mut bytes)?,
            };
            match heard {
                Heard::Taken => return Ok(()),
                Heard::Ends(reason) => {
                    self.counts.protocol += u64::from(reason == CloseReason::Protocol);
                    return self.end(place, reason);
                }
                Heard::Login(login) => self.log_in(place, &login)?,
                Heard::LogOn(logon) => {
                    self.log_on(place, &logon)?;
                    let is_refused = |open: &Connection| open.closing.is_some();
                    if self.connections[place].as_ref().is_none_or(is_refused) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Answers a login.
    fn log_in(&mut self, place: usize, login: &LoginRequest) -> Result<(), ServerError> {
        let at = self.now();
        let answer = self.admit(place, login);
        let Some(connection) = &mut self.connections[place] else { return Ok(()) };
        let (Session::Soup(server), out) = connection.session_and_out() else { return Ok(()) };
        let (port, start) = match answer {
            Ok(admitted) => admitted,
            Err(reason) => {
                self.counts.logins_rejected += 1;
                let _a_login_is_there_to_be_answered = server.reject(at.1, reason, out);
                connection.closing = Some(CloseReason::Protocol);
                self.mark_dirty(place);
                return Ok(());
            }
        };
        let session = self.engine.ledger.day.map_or([0; 10], |day| name_of(&day.session));
        let _a_login_is_there_to_be_answered = server.accept(at.1, session, start, out);
        (connection.port, connection.stranger_since_ns) = (Some(port), None);
        self.counts.logins += 1;
        self.by_port[port as usize] = Some(place);
        self.mark_dirty(place);
        let heartbeat_ms = login.timeout_ms.unwrap_or(0);
        let opened = SessionOpened { port_id: port, heartbeat_ms, next_sequence: login.sequence };
        let kind = (SessionOpened::KIND, SessionOpened::VERSION);
        self.engine.input(at, kind, &opened.encode(), &[]).map(|_| ())
    }

    /// Whether somebody may come in: as which port, from which message on; or why not.
    fn admit(&self, place: usize, login: &LoginRequest) -> Result<(u32, u64), u8> {
        let Some(connection) = &self.connections[place] else { return Err(REJECT_NO_SESSION) };
        let door = self.listeners[connection.listener].door();
        let wanted = name_of::<6>(&login.username);
        let is_theirs = |port: &&PortConfig| {
            (port.address, port.format) == door
                && name_of::<6>(port.username.as_bytes()).eq_ignore_ascii_case(&wanted)
        };
        let found = self.config.ports.iter().find(is_theirs);
        // A name that nobody has takes as long as a wrong password.
        let nobody = Secret::new([0xff; 10]);
        let is_right = found.map_or(&nobody, |port| &port.password).is(&login.password);
        let Some(port) = found.filter(|_| is_right) else { return Err(REJECT_NOT_AUTHORISED) };
        let ledger = &self.engine.ledger;
        let (Some(day), Some(stream)) = (ledger.day, self.engine.streams.stream(port.id)) else {
            return Err(REJECT_NO_SESSION);
        };
        if ledger.ended || self.by_port[port.id as usize].is_some() {
            return Err(REJECT_NO_SESSION);
        }
        let start = start_of_replay(login, &name_of(&day.session), stream.released() + 1)?;
        Ok((port.id, start.max(1)))
    }

    /// Ends a connection once what waits is written; of its stream, what the socket takes now.
    pub(super) fn end(&mut self, place: usize, reason: CloseReason) -> Result<(), ServerError> {
        let now_ns = self.clock.elapsed_ns();
        let Some(connection) = &mut self.connections[place] else { return Ok(()) };
        if connection.closing.is_none() {
            let stream = connection.port.and_then(|port| self.engine.streams.stream(port));
            let _gone_is_noticed_when_it_is_sent =
                connection.write(now_ns, stream.map(AsRef::as_ref));
            connection.closing = Some(reason);
            self.close_session(place, reason)?;
        }
        self.mark_dirty(place);
        Ok(())
    }

    /// Ends a connection at once.
    pub(super) fn drop_connection(
        &mut self,
        place: usize,
        reason: CloseReason,
    ) -> Result<(), ServerError> {
        self.close_session(place, reason)?;
        self.connections[place] = None;
        Ok(())
    }

    /// Journals that a session ended, if there was one: its port is free again.
    fn close_session(&mut self, place: usize, reason: CloseReason) -> Result<(), ServerError> {
        let at = self.now();
        let Some(connection) = &mut self.connections[place] else { return Ok(()) };
        let Some(port_id) = connection.port.take() else { return Ok(()) };
        self.by_port[port_id as usize] = None;
        let reason = u16::from(reason.raw());
        let closed = SessionClosed { port_id, reason, reserved: 0 };
        let kind = (SessionClosed::KIND, SessionClosed::VERSION);
        self.engine.input(at, kind, &closed.encode(), &[]).map(|_| ())
    }

    /// Notes that a connection has something to send.
    pub(super) fn mark_dirty(&mut self, place: usize) {
        if let Some(connection) = &mut self.connections[place]
            && !connection.is_dirty
        {
            connection.is_dirty = true;
            self.dirty.push(place);
        }
    }
}

/// What is needed to take a client's messages in.
pub(super) struct Hearing<'a, C> {
    pub(super) engine: &'a mut Engine<C>,
    pub(super) counts: &'a mut Counts,
    /// Time, and what the stopwatch shows.
    at: (TsNs, i64),
    pub(super) port: Option<u32>,
    format: OrderFormat,
}

impl<C: Core> Hearing<'_, C> {
    /// A message of a client's: an input.
    pub(super) fn message(&mut self, port_id: u32, message: &[u8]) -> Result<(), ServerError> {
        self.counts.messages += 1;
        let format = u16::from(self.format.raw());
        let event = OrderMessageReceived { port_id, format, reserved: 0 };
        let kind = (OrderMessageReceived::KIND, OrderMessageReceived::VERSION);
        self.engine.input(self.at, kind, &event.encode(), message).map(|_| ())
    }

    /// Takes in bytes of a `SoupBinTCP` session; each message becomes an input.
    fn soup(&mut self, server: &mut soup::Server, bytes: &mut &[u8]) -> Result<Heard, ServerError> {
        let (mut heard, mut failed) = (Heard::Taken, None);
        let received = server.receive(self.at.1, bytes, &mut |event| match event {
            ServerEvent::Login(login) => heard = Heard::Login(login),
            ServerEvent::Logout => heard = Heard::Ends(CloseReason::Logout),
            ServerEvent::Unsequenced(message) => {
                if let Some(port) = self.port
                    && failed.is_none()
                {
                    failed = self.message(port, message).err();
                }
            }
            _ => {}
        });
        match (failed, received) {
            (Some(error), _) => Err(error),
            (None, Err(_)) => Ok(Heard::Ends(CloseReason::Protocol)),
            (None, Ok(())) => Ok(heard),
        }
    }
}
