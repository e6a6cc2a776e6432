// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The server's end of one client's session: takes the login, counts what it sends, keeps alive.
//!
//! Whether to accept a login is the owner's decision, on [`ServerEvent::Login`]. The owner keeps
//! the messages; [`Server::position`] is the number of the next one to send, from the replay on.

use super::client::check_length;
use super::progress::{self, Progress as _};
use super::{
    Decoder, LOGIN_TIMEOUT_NS, Link, LoginRequest, Packet, REJECT_NO_SESSION, Session,
    SessionError, State, TIMEOUT_NS, Version,
};
use crate::types::{MILLISECOND_NS, TsNs};

/// What happened on a server's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerEvent<'a> {
    /// Somebody wants a session: answer with [`Server::accept`] or [`Server::reject`].
    Login(LoginRequest),
    /// A message from the client.
    Unsequenced(&'a [u8]),
    /// The client leaves: close the connection.
    Logout,
    /// A packet that changes nothing: free text, or a type we do not know.
    Ignored {
        /// Its type.
        packet_type: u8,
        /// Its payload.
        payload: &'a [u8],
    },
}

/// Where a session's replay starts for a login: the number asked for, the last message for 0, the
/// next for a number not yet reached. `next_sequence` is that of the next message to be made.
///
/// # Errors
/// The reason to reject with: the login asks for another session.
pub fn start_of_replay(
    login: &LoginRequest,
    session: &Session,
    next_sequence: u64,
) -> Result<u64, u8> {
    if login.session != Session::default() && login.session != *session {
        return Err(REJECT_NO_SESSION);
    }
    let last = next_sequence.saturating_sub(1).max(1);
    Ok(if login.sequence == 0 { last } else { login.sequence.min(next_sequence) })
}

/// A server's end of one session.
#[derive(Clone, Debug)]
pub struct Server {
    decoder: Decoder,
    progress: Progress,
}

/// All of a server but its buffer.
#[derive(Clone, Copy, Debug)]
struct Progress {
    version: Version,
    state: State,
    link: Link,
    sequence: u64,
}

impl Server {
    /// A server on a connection made just now.
    #[must_use]
    pub fn new(version: Version, now_ns: TsNs) -> Self {
        let link = Link::new(now_ns, LOGIN_TIMEOUT_NS);
        let progress = Progress { version, state: State::Connected, link, sequence: 0 };
        Self { decoder: Decoder::new(), progress }
    }

    /// Where the session stands.
    #[must_use]
    pub const fn state(&self) -> State {
        self.progress.state
    }

    /// Number of the next message to send.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.progress.sequence
    }

    /// Place in the stream of bytes where the decoder stands: where an error happened.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.decoder.offset()
    }

    /// When [`Self::poll`] has something to do next; the end of time once the session is closed.
    #[must_use]
    pub fn deadline_ns(&self) -> TsNs {
        self.progress.link.deadline_ns(self.progress.state)
    }

    /// Opens the session; the next message to send has number `sequence`.
    ///
    /// # Errors
    /// [`SessionError::State`] when there is no login to answer.
    pub fn accept(
        &mut self,
        now_ns: TsNs,
        session: Session,
        sequence: u64,
        out: &mut Vec<u8>,
    ) -> Result<(), SessionError> {
        self.progress.need(State::LoginSent)?;
        self.progress.state = State::Active;
        self.progress.sequence = sequence;
        self.progress.send(now_ns, Packet::LoginAccepted { session, sequence }, out);
        Ok(())
    }

    /// Refuses the login; close the connection once the bytes are out.
    ///
    /// # Errors
    /// [`SessionError::State`] when there is no login to answer.
    pub fn reject(
        &mut self,
        now_ns: TsNs,
        reason: u8,
        out: &mut Vec<u8>,
    ) -> Result<(), SessionError> {
        self.progress.need(State::LoginSent)?;
        self.progress.state = State::Closed;
        self.progress.send(now_ns, Packet::LoginRejected { reason }, out);
        Ok(())
    }

    /// Sends the message that has number [`Self::position`], and moves on.
    ///
    /// # Errors
    /// [`SessionError`] when nobody is logged in or the message is too long.
    pub fn send_sequenced(
        &mut self,
        now_ns: TsNs,
        message: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SessionError> {
        self.progress.need(State::Active)?;
        check_length(message)?;
        let next = self.progress.sequence.checked_add(1).ok_or(SessionError::SequenceRange)?;
        self.progress.sequence = next;
        self.progress.send(now_ns, Packet::Sequenced(message), out);
        Ok(())
    }

    /// Sends a message without a number (from 4.00).
    ///
    /// # Errors
    /// [`SessionError`] when nobody is logged in, the revision has no such packet, or it is too long.
    pub fn send_unsequenced(
        &mut self,
        now_ns: TsNs,
        message: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SessionError> {
        self.progress.need(State::Active)?;
        if self.progress.version < Version::V400 {
            return Err(SessionError::State { state: self.progress.state });
        }
        check_length(message)?;
        self.progress.send(now_ns, Packet::Unsequenced(message), out);
        Ok(())
    }

    /// Ends the session for good; close the connection once the bytes are out.
    ///
    /// # Errors
    /// [`SessionError::State`] when nobody is logged in.
    pub fn end_session(&mut self, now_ns: TsNs, out: &mut Vec<u8>) -> Result<(), SessionError> {
        self.progress.need(State::Active)?;
        self.progress.state = State::Closed;
        self.progress.send(now_ns, Packet::EndOfSession, out);
        Ok(())
    }

    /// Does what is due by now: a heartbeat, or giving the client up.
    ///
    /// # Errors
    /// [`SessionError::PeerSilent`], also when it did not log in in time; the session is closed then.
    pub fn poll(&mut self, now_ns: TsNs, out: &mut Vec<u8>) -> Result<(), SessionError> {
        self.progress.poll(now_ns, out)
    }

    /// Takes in bytes from the client, as they came, and shows what they say in order. It stops at
    /// a login, which must be answered first: call again with the bytes not yet consumed.
    ///
    /// # Errors
    /// [`SessionError`] when they break the rules; the session is closed then.
    pub fn receive(
        &mut self,
        now_ns: TsNs,
        bytes: &mut &[u8],
        on_event: &mut impl FnMut(ServerEvent<'_>),
    ) -> Result<(), SessionError> {
        self.progress.receive(&mut self.decoder, now_ns, bytes, on_event)
    }
}

impl progress::Progress for Progress {
    type Event<'p> = ServerEvent<'p>;
    const HEARTBEAT: Packet<'static> = Packet::ServerHeartbeat;

    fn state(&self) -> State {
        self.state
    }

    fn set_state(&mut self, state: State) {
        self.state = state;
    }

    fn link(&mut self) -> &mut Link {
        &mut self.link
    }

    fn reads(&self) -> bool {
        !matches!(self.state, State::LoginSent | State::Closed)
    }

    fn apply<'p>(
        &mut self,
        now_ns: TsNs,
        packet: &Packet<'p>,
    ) -> Result<Option<ServerEvent<'p>>, SessionError> {
        let event = match (self.state, *packet) {
            (State::Connected, Packet::LoginRequest(login)) => {
                self.state = State::LoginSent;
                self.link.timeout_ns = match login.timeout_ms {
                    None | Some(0) => TIMEOUT_NS,
                    Some(timeout_ms) => i64::from(timeout_ms) * MILLISECOND_NS,
                };
                ServerEvent::Login(login)
            }
            (State::Connected | State::Active, Packet::Debug(payload)) => {
                ServerEvent::Ignored { packet_type: b'+', payload }
            }
            (State::Active, Packet::Unknown { packet_type, payload }) => {
                ServerEvent::Ignored { packet_type, payload }
            }
            (State::Active, Packet::Unsequenced(message)) => ServerEvent::Unsequenced(message),
            (State::Active, Packet::ClientHeartbeat) => {
                self.link.received_ts_ns = now_ns;
                return Ok(None);
            }
            (State::Active, Packet::LogoutRequest) => {
                self.state = State::Closed;
                ServerEvent::Logout
            }
            (state, packet) => {
                return Err(SessionError::Unexpected { packet_type: packet.packet_type(), state });
            }
        };
        if self.state != State::Connected {
            self.link.received_ts_ns = now_ns;
        }
        Ok(Some(event))
    }
}
