// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A client that speaks FIX 4.4 to the small exchange.

use onetape_core::events::{OrderFormat, OrderMessageReceived, PortDefined, SessionOpened};
use onetape_core::wire::fix::{Version, Writer};

use super::{Market, port};

/// The client's port.
pub(crate) const FIX_PORT: u32 = 4;

/// A client of the second firm.
pub(crate) struct Client {
    sequence: u64,
}

impl Client {
    /// Defines its port, and logs on.
    pub(crate) fn log_on(market: &mut Market) -> Self {
        let format = OrderFormat::Fix44.raw();
        Self::log_on_as(market, &PortDefined { format, ..port(FIX_PORT, 2) })
    }

    /// Defines its port so, and logs on.
    pub(crate) fn log_on_as(market: &mut Market, definition: &PortDefined) -> Self {
        let body = [&definition.encode()[..], b"CLIENT"].concat();
        market.input(PortDefined::KIND, &body);
        Self::log_on_again(market)
    }

    /// Logs on to a session that begins anew.
    pub(crate) fn log_on_again(market: &mut Market) -> Self {
        let opened = SessionOpened { port_id: FIX_PORT, heartbeat_ms: 0, next_sequence: 1 };
        market.input(SessionOpened::KIND, &opened.encode());
        market.heard(FIX_PORT);
        let mut client = Self { sequence: 0 };
        assert!(client.ask(market, "A", "98=0|108=0")[0].contains("|35=A|"));
        client
    }

    /// Asks, and gives what is said to it.
    pub(crate) fn ask(&mut self, market: &mut Market, msg_type: &str, fields: &str) -> Vec<String> {
        self.sequence += 1;
        let mut buffer = [0; 1_024];
        let mut writer = Writer::new(&mut buffer, Version::Fix44);
        writer.text(35, msg_type.as_bytes());
        writer.text(49, b"CLIENT");
        writer.text(56, b"ONETAPE");
        writer.number(34, self.sequence);
        writer.time(52, market.now(), Version::Fix44.precision());
        for field in fields.split('|') {
            let (tag, value) = field.split_once('=').expect("a field");
            writer.text(tag.parse().expect("a tag"), value.as_bytes());
        }
        let format = u16::from(OrderFormat::Fix44.raw());
        let head = OrderMessageReceived { port_id: FIX_PORT, format, reserved: 0 };
        let body = [&head.encode()[..], writer.finish()].concat();
        market.input(OrderMessageReceived::KIND, &body);
        said(market, FIX_PORT)
    }
}

/// What a port that speaks FIX was sent since it was last asked, with `|` between fields.
pub(crate) fn said(market: &mut Market, port: u32) -> Vec<String> {
    let said = market.heard(port);
    said.iter().map(|text| String::from_utf8_lossy(text).replace('\u{1}', "|")).collect()
}
