// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What both ends of a session do the same way: take bytes in, keep the link alive, give it up.

use super::{Decoder, Link, Packet, SessionError, State};
use crate::types::TsNs;

/// One end of a session without its buffer.
pub(super) trait Progress {
    /// What this end shows to its owner.
    type Event<'p>;
    /// What this end sends to say that it is alive.
    const HEARTBEAT: Packet<'static>;

    /// Where the session stands.
    fn state(&self) -> State;

    /// Puts the session elsewhere.
    fn set_state(&mut self, state: State);

    /// When each end last spoke.
    fn link(&mut self) -> &mut Link;

    /// Whether this end goes on reading where the session stands now.
    fn reads(&self) -> bool;

    /// Takes a packet in.
    fn apply<'p>(
        &mut self,
        now_ns: TsNs,
        packet: &Packet<'p>,
    ) -> Result<Option<Self::Event<'p>>, SessionError>;

    /// The error when the session does not stand where it must.
    fn need(&self, state: State) -> Result<(), SessionError> {
        if self.state() == state {
            Ok(())
        } else {
            Err(SessionError::State { state: self.state() })
        }
    }

    /// Appends a packet and notes when.
    fn send(&mut self, now_ns: TsNs, packet: Packet<'_>, out: &mut Vec<u8>) {
        packet.encode(out);
        self.link().sent_ts_ns = now_ns;
    }

    /// Does what is due by now: a heartbeat, or giving the peer up.
    fn poll(&mut self, now_ns: TsNs, out: &mut Vec<u8>) -> Result<(), SessionError> {
        if self.state() == State::Closed {
            return Ok(());
        }
        if let Err(error) = self.link().check(now_ns) {
            self.set_state(State::Closed);
            return Err(error);
        }
        if self.state() == State::Active && self.link().wants_heartbeat(now_ns) {
            self.send(now_ns, Self::HEARTBEAT, out);
        }
        Ok(())
    }

    /// Takes bytes in, and shows what they say in order, as long as this end reads.
    #[inline]
    fn receive(
        &mut self,
        decoder: &mut Decoder,
        now_ns: TsNs,
        bytes: &mut &[u8],
        on_event: &mut impl FnMut(Self::Event<'_>),
    ) -> Result<(), SessionError> {
        while self.reads() {
            let applied = match decoder.next(bytes) {
                Ok(None) => return Ok(()),
                Ok(Some((_, packet))) => self.apply(now_ns, &packet),
                Err(error) => Err(error.into()),
            };
            match applied {
                Ok(Some(event)) => on_event(event),
                Ok(None) => {}
                Err(error) => {
                    self.set_state(State::Closed);
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}
