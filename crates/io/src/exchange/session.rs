// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a connection speaks: what is asked of it whatever that is.

use onetape_core::events::OrderFormat;
use onetape_core::types::TsNs;
use onetape_core::wire::soup::{self, Packet, State};

use super::fix_link::FixLink;
use super::store::Stream;

/// What clients are told when the exchange stops: the session goes on when it is back.
const FAREWELL: &[u8] = b"the exchange stops; the session continues";

/// What a connection speaks.
#[derive(Debug)]
pub(crate) enum Session {
    /// `SoupBinTCP`.
    Soup(Box<soup::Server>),
    /// FIX.
    Fix(Box<FixLink>),
}

impl Session {
    /// A session of a connection made just now.
    pub(crate) fn new(format: OrderFormat, now_ns: TsNs) -> Self {
        match format {
            OrderFormat::Ouch50 | OrderFormat::Ouch42 => {
                Self::Soup(Box::new(soup::Server::new(soup::Version::V410, now_ns)))
            }
            OrderFormat::Fix44 | OrderFormat::Fix50sp2 => Self::Fix(Box::new(FixLink::new(now_ns))),
        }
    }

    /// Whether somebody has logged in and not left.
    pub(crate) fn is_active(&self) -> bool {
        match self {
            Self::Soup(server) => server.state() == State::Active,
            Self::Fix(link) => link.is_active(),
        }
    }

    /// Number of the next message to send.
    pub(crate) const fn position(&self) -> u64 {
        match self {
            Self::Soup(server) => server.position(),
            Self::Fix(link) => link.position(),
        }
    }

    /// Does what is due by now; whether the client was silent too long.
    pub(crate) fn is_silent(&mut self, now_ns: TsNs, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Soup(server) => server.poll(now_ns, out).is_err(),
            Self::Fix(link) => link.is_late(now_ns),
        }
    }

    /// Appends the next messages of its stream, until `out` has `bytes_max` bytes; whether there
    /// are more.
    pub(crate) fn fill(
        &mut self,
        now_ns: TsNs,
        stream: &Stream,
        out: &mut Vec<u8>,
        bytes_max: usize,
    ) -> bool {
        let server = match self {
            Self::Soup(server) => server,
            Self::Fix(link) => return link.fill(stream, out, bytes_max),
        };
        while server.state() == State::Active && out.len() < bytes_max {
            let Some(message) = stream.message(server.position()) else { return false };
            if server.send_sequenced(now_ns, message, out).is_err() {
                return false;
            }
        }
        server.state() == State::Active
    }

    /// Says that no message will follow, ever, where the protocol has a word for it.
    pub(crate) fn end(&mut self, now_ns: TsNs, out: &mut Vec<u8>) {
        if let Self::Soup(server) = self {
            let _nobody_is_logged_in_otherwise = server.end_session(now_ns, out);
        }
    }

    /// Says that the exchange stops, where the protocol has a word that takes no number.
    pub(crate) fn say_farewell(&self, out: &mut Vec<u8>) {
        if matches!(self, Self::Soup(_)) && self.is_active() {
            Packet::Debug(FAREWELL).encode(out);
        }
    }
}
