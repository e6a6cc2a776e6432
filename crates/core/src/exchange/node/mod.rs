// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange as a component: one journaled input in, everything that follows from it out.
//!
//! Inputs are the raw messages of clients, logins, time and operators. What follows are typed
//! events for the journal, numbered messages for ports, and market data. It never fails: what a
//! client may not do is answered, what cannot be read is counted.

mod asks;
mod connections;
mod desk;
mod fix;
mod hearing;
mod names;
mod news;
mod operate;
mod orders;
mod ports;
mod snapshot;
mod trades;
mod words;

use crate::component::{Component, Entry, Outbox};
use crate::events::{
    ClockTicked, DayStarted, FirmDefined, InstrumentDefined, InstrumentRuled, OperatorCommanded,
    OrderMessageReceived, PortDefined, SessionClosed, SessionOpened, TickRungDefined,
};
use crate::exchange::market::{Market, MarketConfig};
use crate::exchange::wires::{NoWires, Wires};
use crate::types::{Rung, TickTable};
pub use connections::RECONNECT_GRACE_NS;
use desk::Desk;
use hearing::Hearing;

/// The limits of an [`Exchange`]. Address space is taken for all of it at start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeConfig {
    /// Those of its market.
    pub market: MarketConfig,
    /// Highest port id.
    pub ports_max: u32,
    /// Highest firm id.
    pub firms_max: u32,
    /// Most text names (OUCH 4.2 tokens, FIX `ClOrdID`) used in a day.
    pub names_max: u32,
    /// Most trades of a day that are kept so that one can be broken.
    pub trades_max: u32,
}

impl Default for ExchangeConfig {
    fn default() -> Self {
        Self {
            market: MarketConfig::default(),
            ports_max: 1_024,
            firms_max: 256,
            names_max: 1 << 20,
            trades_max: 1 << 20,
        }
    }
}

impl ExchangeConfig {
    /// Most live orders.
    const fn orders_max(&self) -> u32 {
        self.market.matcher.books.orders_max + self.market.specials_max
    }
}

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ExchangeCounters {
    /// Messages from clients.
    pub messages: u64,
    /// Messages that are none of their protocol's.
    pub messages_malformed: u64,
    /// Messages that came before: a name used up, a replacement of an order that is gone.
    pub messages_ignored: u64,
    /// Requests refused.
    pub rejects: u64,
    /// Inputs that the exchange does not know, or that name what it does not know.
    pub inputs_unknown: u64,
}

/// The exchange: a deterministic function of its journal's inputs.
#[derive(Debug)]
pub struct Exchange {
    market: Market,
    desk: Desk,
    config: ExchangeConfig,
}

impl Exchange {
    /// An exchange without instruments, firms or ports: definition events bring them.
    ///
    /// # Panics
    /// When the memory cannot be had, or a limit is 2^30 or more.
    #[must_use]
    pub fn new(config: ExchangeConfig) -> Self {
        Self { market: Market::new(config.market), desk: Desk::new(&config), config }
    }

    /// The market.
    #[must_use]
    pub const fn market(&self) -> &Market {
        &self.market
    }

    /// What was counted so far.
    #[must_use]
    pub const fn counters(&self) -> ExchangeCounters {
        self.desk.counters
    }

    /// The limits it was made with.
    #[must_use]
    pub const fn config(&self) -> ExchangeConfig {
        self.config
    }

    /// How many orders live: in the book, beside it, and waiting.
    #[must_use]
    pub fn live_orders(&self) -> usize {
        self.desk.orders.live()
    }

    /// Whether a port has a connection, and whether its own or its firm's entry is blocked; `None`
    /// when there is no such port.
    #[must_use]
    pub fn port_state(&self, port: u32) -> Option<(bool, bool)> {
        let known = self.desk.port(port)?;
        let blocked = known.blocked || self.desk.firm(port).is_none_or(|firm| firm.blocked);
        Some((known.connected, blocked))
    }

    /// Takes one input in. Outputs and messages are put in the order in which they follow from it.
    pub fn apply_to(&mut self, entry: Entry<'_>, out: &mut dyn Outbox, wires: &mut impl Wires) {
        self.desk.publisher.set_now(entry.ts_ns);
        let Self { market, desk, .. } = self;
        let mut hearing = Hearing::new(desk, out, wires, entry.seq, entry.ts_ns);
        if hearing.hear(market, entry.kind, entry.body).is_none() {
            self.define(entry.kind, entry.body);
        }
    }

    /// Takes a definition in: an instrument, its tick table or rules, a firm, a port.
    fn define(&mut self, kind: u16, body: &[u8]) {
        let known = match kind {
            InstrumentDefined::KIND => self.define_instrument(body),
            TickRungDefined::KIND => self.define_rung(body),
            InstrumentRuled::KIND => self.define_rules(body),
            FirmDefined::KIND => self.define_firm(body),
            PortDefined::KIND => self.define_port(body),
            _ => None,
        };
        if known.is_none() {
            self.desk.counters.inputs_unknown += 1;
        }
    }

    /// Names an instrument. It is traded once its rules are known, too.
    fn define_instrument(&mut self, body: &[u8]) -> Option<()> {
        let event = InstrumentDefined::decode(body)?;
        let instrument = event.instrument_id;
        self.desk.listings.get_mut(instrument as usize)?.rungs_count = 0;
        let symbol = event.symbol.split(|&byte| byte == 0).next().unwrap_or_default();
        self.desk.publisher.name(instrument, symbol);
        Some(())
    }

    fn define_rung(&mut self, body: &[u8]) -> Option<()> {
        let event = TickRungDefined::decode(body)?;
        let listing = self.desk.listings.get_mut(event.instrument_id as usize)?;
        let rung = Rung { from: event.from_price_ticks, increment: event.increment_ticks };
        *listing.rungs.get_mut(event.rung as usize)? = rung;
        listing.rungs_count = event.rung + 1;
        Some(())
    }

    fn define_rules(&mut self, body: &[u8]) -> Option<()> {
        let event = InstrumentRuled::decode(body)?;
        let listing = self.desk.listings.get_mut(event.instrument_id as usize)?;
        let rungs = &listing.rungs[..listing.rungs_count as usize];
        let table = TickTable::from_rungs(rungs).ok()?;
        self.market.define_instrument(event.instrument_id, table, (&event).into()).ok()?;
        listing.defined = true;
        if listing.reference == 0 {
            listing.reference = event.reference_ticks;
        }
        Some(())
    }

    fn define_firm(&mut self, body: &[u8]) -> Option<()> {
        let event = FirmDefined::decode(body)?;
        let place = self.desk.firms.get_mut(event.firm_id as usize)?;
        let ports::Firm { blocked, closed, .. } = *place;
        *place = ports::Firm { blocked, closed, ..ports::Firm::new(&event) };
        Some(())
    }

    fn define_port(&mut self, body: &[u8]) -> Option<()> {
        let event = PortDefined::decode(body)?;
        let mpid = self.desk.firms.get(event.firm_id as usize).filter(|firm| firm.defined)?.mpid;
        let username = body.get(PortDefined::SIZE..)?;
        let place = self.desk.ports.get_mut(event.port_id as usize)?;
        match place {
            Some(port) => port.redefine(event),
            None => *place = Some(ports::Port::new(event, username, mpid)),
        }
        self.desk.list_copies();
        self.market.set_firm(event.port_id, event.firm_id);
        Some(())
    }
}

impl<W: Wires> Hearing<'_, W> {
    /// Does what an input asks for; `None` when it is a definition, or nothing that is known.
    #[inline]
    fn hear(&mut self, market: &mut Market, kind: u16, body: &[u8]) -> Option<()> {
        match kind {
            OrderMessageReceived::KIND => {
                let head = OrderMessageReceived::decode(body)?;
                self.message(market, head, &body[OrderMessageReceived::SIZE..]);
            }
            ClockTicked::KIND => {
                market.tick(self.ts_ns, self);
                self.give_up_waiting(market);
                self.desk.tick_sessions(self.ts_ns, self.wires);
            }
            SessionOpened::KIND => self.session_opened(&SessionOpened::decode(body)?),
            SessionClosed::KIND => self.session_closed(market, SessionClosed::decode(body)?),
            OperatorCommanded::KIND => self.operator(market, &OperatorCommanded::decode(body)?),
            DayStarted::KIND => {
                let event = DayStarted::decode(body)?;
                self.desk.publisher.set_midnight(event.midnight_ts_ns);
                self.desk.publisher.set_now(self.ts_ns);
                self.day_started(market);
            }
            _ => return None,
        }
        self.finish();
        Some(())
    }
}

impl Component for Exchange {
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        self.apply_to(entry, out, &mut NoWires);
    }

    fn state_hash(&self) -> u64 {
        self.hash()
    }
}
