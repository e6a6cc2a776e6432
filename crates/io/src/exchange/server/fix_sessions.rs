// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! FIX clients: who may log on. All else about a FIX session is the core's.

use onetape_core::events::CloseReason;
use onetape_core::events::{OrderFormat, OrderMessageReceived, SessionOpened};
use onetape_core::exchange::gateway::fix::COMP_ID;
use onetape_core::wire::fix::{
    Arrival, BUFFER_BYTES, Message, Version, Writer, tag, without_passwords,
};

use super::Server;
use super::sessions::{Heard, Hearing};
use crate::exchange::component::Core;
use crate::exchange::config::{PortConfig, Secret};
use crate::exchange::error::ServerError;
use crate::exchange::fix_link::FixLink;
use crate::exchange::session::Session;

/// Longest heartbeat interval that is journaled, in seconds.
const HEARTBEAT_S_MAX: u64 = 86_400;

impl<C: Core> Hearing<'_, C> {
    /// Takes in bytes of a FIX connection; each message becomes an input, without its passwords.
    pub(super) fn fix(
        &mut self,
        link: &mut FixLink,
        bytes: &mut &[u8],
    ) -> Result<Heard, ServerError> {
        let mut buffer = [0; BUFFER_BYTES];
        while let Some(arrival) = link.decoder.next(bytes) {
            match (arrival, self.port) {
                (Arrival::Message(message), Some(port)) => {
                    self.message(port, without_passwords(message, &mut buffer).bytes())?;
                }
                (Arrival::Message(message), None) if message.msg_type() == b"A" => {
                    return Ok(Heard::LogOn(message.bytes().to_vec()));
                }
                // Whoever has not logged on says nothing else, and nothing garbled.
                (_, None) => return Ok(Heard::Ends(CloseReason::Protocol)),
                (_, Some(_)) => self.counts.garbled += 1,
            }
        }
        Ok(Heard::Taken)
    }
}

impl<C: Core> Server<C> {
    /// Answers a logon: takes it in without its password, or closes the connection without a word,
    /// as the protocol wants it for a stranger. Whoever may come in is told that the day has ended.
    pub(super) fn log_on(&mut self, place: usize, logon: &[u8]) -> Result<(), ServerError> {
        let at = self.now();
        let known = Message::parse(logon).ok().and_then(|logon| {
            let (port_id, format) = self.know_fix(place, &logon)?;
            Some((logon, port_id, format))
        });
        let ledger = &self.engine.ledger;
        let is_open = ledger.day.is_some() && !ledger.ended;
        let is_free = |port_id: u32| self.by_port[port_id as usize].is_none();
        let admitted = known.filter(|&(_, port_id, _)| is_open && is_free(port_id));
        let Some((logon, port_id, format)) = admitted else {
            self.counts.logins_rejected += 1;
            if let Some((logon, port_id, _)) = known.filter(|_| !is_open) {
                self.say_day_ended(place, &logon, port_id);
            }
            return self.end(place, CloseReason::Protocol);
        };
        let next = self.engine.streams.count(port_id) + 1;
        let Some(connection) = &mut self.connections[place] else { return Ok(()) };
        if let Session::Fix(link) = &mut connection.session {
            link.log_on(next);
        }
        (connection.port, connection.stranger_since_ns) = (Some(port_id), None);
        self.by_port[port_id as usize] = Some(place);
        self.counts.logins += 1;
        let seconds = logon
            .find(tag::HEART_BT_INT)
            .and_then(|text| std::str::from_utf8(text).ok()?.parse::<u64>().ok());
        let heartbeat_ms = seconds.map_or(0, |seconds| seconds.min(HEARTBEAT_S_MAX) as u32 * 1_000);
        let opened = SessionOpened { port_id, heartbeat_ms, next_sequence: 0 };
        let kind = (SessionOpened::KIND, SessionOpened::VERSION);
        self.engine.input(at, kind, &opened.encode(), &[])?;
        let mut buffer = [0; BUFFER_BYTES];
        let kept = without_passwords(logon, &mut buffer);
        self.counts.messages += 1;
        let format = u16::from(format.raw());
        let event = OrderMessageReceived { port_id, format, reserved: 0 };
        let kind = (OrderMessageReceived::KIND, OrderMessageReceived::VERSION);
        self.engine.input(at, kind, &event.encode(), kept.bytes()).map(|_| ())
    }

    /// Tells a client whose logon is right that the day has ended. The message is no part of its
    /// stream, which has ended, too: it has the number after the last, and the next day begins anew.
    fn say_day_ended(&mut self, place: usize, logon: &Message<'_>, port_id: u32) {
        let next = self.engine.streams.count(port_id) + 1;
        let (ts_ns, _) = self.now();
        let Some(version) = Version::of(logon.begin_string()) else { return };
        let Some(connection) = &mut self.connections[place] else { return };
        let mut buffer = [0; BUFFER_BYTES];
        let mut writer = Writer::new(&mut buffer, version);
        writer.text(35, b"5");
        writer.number(tag::MSG_SEQ_NUM, next);
        writer.text(tag::SENDER_COMP_ID, COMP_ID);
        writer.text(tag::TARGET_COMP_ID, logon.find(tag::SENDER_COMP_ID).unwrap_or_default());
        writer.time(tag::SENDING_TIME, ts_ns, version.precision());
        writer.text(tag::TEXT, b"the day has ended");
        let (_, out) = connection.session_and_out();
        out.extend_from_slice(writer.finish());
    }

    /// The port that a logon is for, if its client may come in at this door.
    fn know_fix(&self, place: usize, logon: &Message<'_>) -> Option<(u32, OrderFormat)> {
        let connection = self.connections[place].as_ref()?;
        let door = self.listeners[connection.listener].door();
        let sender = logon.find(tag::SENDER_COMP_ID)?;
        let is_theirs = |port: &&PortConfig| {
            (port.address, port.format) == door && port.username.as_bytes() == sender
        };
        let found = self.config.ports.iter().find(is_theirs);
        // Some put the password into the raw data, as was done before there was a field for it.
        let said = logon.find(tag::PASSWORD).or_else(|| logon.find(tag::RAW_DATA))?;
        let nobody = Secret::new([0xff; 32]);
        let is_right = found.map_or(&nobody, |port| &port.password).is_exactly(said);
        let port = found.filter(|_| is_right)?;
        let version = match port.format {
            OrderFormat::Fix44 => Version::Fix44,
            OrderFormat::Fix50sp2 => Version::Fix50Sp2,
            OrderFormat::Ouch50 | OrderFormat::Ouch42 => return None,
        };
        let speaks_it = logon.begin_string() == version.begin_string();
        speaks_it.then_some((port.id, port.format))
    }
}
