// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The client's end of a session: logs in, counts sequenced messages, keeps the link alive.
//!
//! After a break, a new client with the accepted session and [`Client::next_sequence`] takes up
//! where this one stopped: nothing is lost or repeated.

use super::progress::{self, Progress as _};
use super::{
    Decoder, Link, LoginRequest, Packet, SENT_BYTES_MAX, Session, SessionError, State, TIMEOUT_NS,
    Version,
};
use crate::types::{MILLISECOND_NS, TsNs};

/// How a client logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientConfig {
    /// The revision to speak.
    pub version: Version,
    /// The login; its `timeout_ms` is sent only in 4.10.
    pub login: LoginRequest,
}

/// What happened on a client's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientEvent<'a> {
    /// The session is open.
    Accepted {
        /// Its id: keep it for the next login.
        session: Session,
        /// Number of the next message.
        sequence: u64,
    },
    /// The login was refused: close the connection.
    Rejected {
        /// `A` not authorised, `S` no such session.
        reason: u8,
    },
    /// A numbered message.
    Sequenced {
        /// Its number.
        sequence: u64,
        /// Its bytes.
        message: &'a [u8],
    },
    /// A message without a number (from 4.00).
    Unsequenced(&'a [u8]),
    /// The session is over for good.
    Ended,
    /// A packet that changes nothing: free text, or a type we do not know.
    Ignored {
        /// Its type.
        packet_type: u8,
        /// Its payload.
        payload: &'a [u8],
    },
}

/// A client's end of a session.
#[derive(Clone, Debug)]
pub struct Client {
    config: ClientConfig,
    decoder: Decoder,
    progress: Progress,
}

/// All of a client but its buffer.
#[derive(Clone, Copy, Debug)]
struct Progress {
    version: Version,
    state: State,
    link: Link,
    session: Session,
    sequence: u64,
}

impl Client {
    /// A client on a connection made just now.
    #[must_use]
    pub fn new(config: ClientConfig, now_ns: TsNs) -> Self {
        let progress = Progress {
            version: config.version,
            state: State::Connected,
            link: Link::new(now_ns, TIMEOUT_NS),
            session: config.login.session,
            sequence: config.login.sequence,
        };
        Self { config, decoder: Decoder::new(), progress }
    }

    /// Where the session stands.
    #[must_use]
    pub const fn state(&self) -> State {
        self.progress.state
    }

    /// The session's id: as asked for until the server has said it.
    #[must_use]
    pub const fn session(&self) -> Session {
        self.progress.session
    }

    /// Number of the next sequenced message: to be asked for at the next login.
    #[must_use]
    pub const fn next_sequence(&self) -> u64 {
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

    /// Sends the login.
    ///
    /// # Errors
    /// [`SessionError::State`] when it was sent already.
    pub fn login(&mut self, now_ns: TsNs, out: &mut Vec<u8>) -> Result<(), SessionError> {
        self.progress.need(State::Connected)?;
        let mut login = self.config.login;
        login.timeout_ms = match self.config.version {
            Version::V410 => Some(login.timeout_ms.unwrap_or((TIMEOUT_NS / MILLISECOND_NS) as u32)),
            _ => None,
        };
        self.progress.state = State::LoginSent;
        self.progress.send(now_ns, Packet::LoginRequest(login), out);
        Ok(())
    }

    /// Sends a message without a number.
    ///
    /// # Errors
    /// [`SessionError`] when nobody is logged in or the message is too long.
    pub fn send_unsequenced(
        &mut self,
        now_ns: TsNs,
        message: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SessionError> {
        self.progress.need(State::Active)?;
        check_length(message)?;
        self.progress.send(now_ns, Packet::Unsequenced(message), out);
        Ok(())
    }

    /// Leaves: the server will close the connection.
    ///
    /// # Errors
    /// [`SessionError::State`] when nobody is logged in.
    pub fn logout(&mut self, now_ns: TsNs, out: &mut Vec<u8>) -> Result<(), SessionError> {
        self.progress.need(State::Active)?;
        self.progress.send(now_ns, Packet::LogoutRequest, out);
        self.progress.state = State::Closed;
        Ok(())
    }

    /// Does what is due by now: a heartbeat, or giving the server up.
    ///
    /// # Errors
    /// [`SessionError::PeerSilent`]; the session is closed then.
    pub fn poll(&mut self, now_ns: TsNs, out: &mut Vec<u8>) -> Result<(), SessionError> {
        self.progress.poll(now_ns, out)
    }

    /// Takes in bytes from the server, as they came, and shows what they say in order. Bytes after
    /// the end of the session are not looked at.
    ///
    /// # Errors
    /// [`SessionError`] when they break the rules; the session is closed then.
    pub fn receive(
        &mut self,
        now_ns: TsNs,
        mut bytes: &[u8],
        on_event: &mut impl FnMut(ClientEvent<'_>),
    ) -> Result<(), SessionError> {
        self.progress.receive(&mut self.decoder, now_ns, &mut bytes, on_event)
    }
}

impl progress::Progress for Progress {
    type Event<'p> = ClientEvent<'p>;
    const HEARTBEAT: Packet<'static> = Packet::ClientHeartbeat;

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
        self.state != State::Closed
    }

    fn apply<'p>(
        &mut self,
        now_ns: TsNs,
        packet: &Packet<'p>,
    ) -> Result<Option<ClientEvent<'p>>, SessionError> {
        self.link.received_ts_ns = now_ns;
        let event = match (self.state, *packet) {
            (State::LoginSent | State::Active, Packet::Debug(payload)) => {
                ClientEvent::Ignored { packet_type: b'+', payload }
            }
            (State::LoginSent | State::Active, Packet::Unknown { packet_type, payload }) => {
                ClientEvent::Ignored { packet_type, payload }
            }
            (State::LoginSent, Packet::LoginAccepted { session, sequence }) => {
                self.state = State::Active;
                self.session = session;
                self.sequence = sequence;
                ClientEvent::Accepted { session, sequence }
            }
            (State::LoginSent, Packet::LoginRejected { reason }) => {
                self.state = State::Closed;
                ClientEvent::Rejected { reason }
            }
            (State::Active, Packet::Sequenced(message)) => {
                let sequence = self.sequence;
                self.sequence = sequence.checked_add(1).ok_or(SessionError::SequenceRange)?;
                ClientEvent::Sequenced { sequence, message }
            }
            (State::Active, Packet::Unsequenced(message)) if self.version >= Version::V400 => {
                ClientEvent::Unsequenced(message)
            }
            (State::Active, Packet::ServerHeartbeat) => return Ok(None),
            (State::Active, Packet::EndOfSession) => {
                self.state = State::Closed;
                ClientEvent::Ended
            }
            (state, packet) => {
                return Err(SessionError::Unexpected { packet_type: packet.packet_type(), state });
            }
        };
        Ok(Some(event))
    }
}

/// The error when a message is longer than we send.
pub(super) const fn check_length(message: &[u8]) -> Result<(), SessionError> {
    if message.len() <= SENT_BYTES_MAX {
        return Ok(());
    }
    Err(SessionError::Oversized { expected: SENT_BYTES_MAX, found: message.len() })
}
