// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The engine and order entry: what venues say, and that connections come and go.

use onetape_core::component::sources;
use onetape_core::events::{OrderFormat, VenueLink, VenueLinkChanged, VenueMessageReceived};
use onetape_core::types::TsNs;

use super::VenueWire;
use super::config::LiveConfig;
use super::engine::{Engine, Input};
use super::ouch_link::{LinkEvent, OuchLink};
use super::recover::Heard;
use crate::exchange::ServerError;

/// Longest message of a venue.
const MESSAGE_BYTES_MAX: usize = 1_024;

impl Engine {
    pub(super) fn hear_venues(&mut self, ts_ns: TsNs) -> Result<bool, ServerError> {
        let mut did = false;
        for at in 0..self.path.links.len() {
            let Some(link) = &mut self.path.links[at] else { continue };
            link.work(self.path.now_ns);
            did |= self.hear_link(at, ts_ns)?;
        }
        Ok(did)
    }

    /// Takes in what happened on a link.
    #[inline]
    fn hear_link(&mut self, at: usize, ts_ns: TsNs) -> Result<bool, ServerError> {
        let venue = at as u32 + 1;
        let mut message = [0; MESSAGE_BYTES_MAX];
        let mut did = false;
        loop {
            let Some(link) = &mut self.path.links[at] else { return Ok(did) };
            match link.next() {
                None => return Ok(did),
                Some(LinkEvent::Message(bytes)) => {
                    // Longer ones are not of this protocol; the node would not know them either.
                    let length = bytes.len().min(MESSAGE_BYTES_MAX);
                    message[..length].copy_from_slice(&bytes[..length]);
                    let format = u16::from(OrderFormat::Ouch50.raw());
                    let head = VenueMessageReceived { venue_id: venue, format, reserved: 0 };
                    let input = Input {
                        kind: VenueMessageReceived::KIND,
                        version: VenueMessageReceived::VERSION,
                        source: sources::VENUE + venue,
                        fixed: &head.encode(),
                        tail: &message[..length],
                    };
                    self.path.input(ts_ns, &input)?;
                }
                Some(LinkEvent::Up { session, next_message }) => {
                    let mut name = [0; 16];
                    name[..session.len()].copy_from_slice(&session);
                    self.link_changed(venue, true, name, next_message, "")?;
                }
                Some(LinkEvent::Down { why }) => {
                    let why = why.to_owned();
                    self.link_changed(venue, false, [0; 16], 0, &why)?;
                }
            }
            did = true;
        }
    }

    #[cold]
    pub(super) fn link_changed(
        &mut self,
        venue_id: u32,
        is_up: bool,
        session: [u8; 16],
        next_message: u64,
        why: &str,
    ) -> Result<(), ServerError> {
        let (link, is_up, reserved) = (VenueLink::Orders.raw(), u8::from(is_up), 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.link_said(&event, why)
    }

    /// The adapter of a venue is gone: orders and market data with it.
    #[cold]
    pub(super) fn adapter_gone(&mut self, venue_id: u32, why: &str) -> Result<(), ServerError> {
        for link in [VenueLink::Orders, VenueLink::Data, VenueLink::DropCopy] {
            let (link, next_message, session) = (link.raw(), 0, [0; 16]);
            let (is_up, reserved) = (0, 0);
            let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
            self.link_said(&event, why)?;
        }
        Ok(())
    }

    /// What hears the drop copy of a venue is gone, or is not there yet: then the node says so itself.
    #[cold]
    pub(super) fn copy_gone(
        &mut self,
        venue_id: u32,
        source: u32,
        why: &str,
    ) -> Result<(), ServerError> {
        let (link, next_message, session) = (VenueLink::DropCopy.raw(), 0, [0; 16]);
        let (is_up, reserved) = (0, 0);
        let event = VenueLinkChanged { next_message, session, venue_id, link, is_up, reserved };
        self.said_of_link(&event, source, why)
    }

    fn link_said(&mut self, event: &VenueLinkChanged, why: &str) -> Result<(), ServerError> {
        self.said_of_link(event, sources::VENUE + event.venue_id, why)
    }

    fn said_of_link(
        &mut self,
        event: &VenueLinkChanged,
        source: u32,
        why: &str,
    ) -> Result<(), ServerError> {
        let input = Input {
            kind: VenueLinkChanged::KIND,
            version: VenueLinkChanged::VERSION,
            source,
            fixed: &event.encode(),
            tail: why.as_bytes(),
        };
        self.path.input(self.now(), &input)
    }
}

/// The links of a node that comes to life: each goes on where its venue was heard last.
pub(super) fn links_of(config: &LiveConfig, heard: &[Heard]) -> Vec<Option<OuchLink>> {
    let wires = config.venues.iter().zip(heard);
    let link = |(wire, heard): (&VenueWire, &Heard)| {
        let orders = wire.orders.clone()?;
        Some(OuchLink::new(orders, heard.session, heard.next_message))
    };
    wires.map(link).collect()
}
