// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Everything of the exchange but its market: who is connected, whose orders are whose, who is told.

use super::orders::{Freshness, Orders};
use super::ports::{Firm, Manner, Port};
use super::trades::Trades;
use super::{ExchangeConfig, ExchangeCounters};
use crate::events::{OrderFormat, Phase, PortDefined, PortKind};
use crate::exchange::gateway::{Answer, Buffer, OrderName, Setting, Symbols, ouch42, ouch50};
use crate::exchange::publisher::Publisher;
use crate::exchange::wires::Wires;
use crate::types::{InstrumentId, Rung, TickTable, Ticks, TsNs};

/// What is known of an instrument beside its market.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing {
    pub(super) phase: Phase,
    /// Last trade, else the configured reference; 0 for neither.
    pub(super) reference: Ticks,
    pub(super) defined: bool,
    /// Its tick table, as far as it was said.
    pub(super) rungs: [Rung; TickTable::RUNGS_MAX],
    pub(super) rungs_count: u32,
}

impl Listing {
    const UNKNOWN: Self = Self {
        phase: Phase::Closed,
        reference: 0,
        defined: false,
        rungs: [Rung { from: 0, increment: 0 }; TickTable::RUNGS_MAX],
        rungs_count: 0,
    };
}

/// Everything of the exchange but its market.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) orders: Orders,
    pub(super) ports: Vec<Option<Port>>,
    pub(super) firms: Vec<Firm>,
    pub(super) listings: Vec<Listing>,
    pub(super) trades: Trades,
    pub(super) publisher: Publisher,
    pub(super) counters: ExchangeCounters,
    /// Nobody may enter orders.
    pub(super) cancel_only: bool,
    /// The day has ended, and the next has not begun.
    pub(super) has_day_ended: bool,
    /// Drop-copy ports, by firm.
    copies: Vec<Vec<u32>>,
    buffer: Buffer,
}

/// The number that a client's name is, in the journal's events; `None` for a text.
pub(super) fn numbered(name: OrderName) -> Option<u64> {
    match name {
        OrderName::UserRef { index, number } => Some(u64::from(index) << 32 | u64::from(number)),
        OrderName::Text(_) => None,
    }
}

impl Symbols for Publisher {
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        let mut padded = [b' '; 8];
        padded.get_mut(..symbol.len())?.copy_from_slice(symbol);
        Self::find(self, &padded)
    }

    fn symbol(&self, instrument: InstrumentId) -> &[u8] {
        self.symbol_text(instrument)
    }
}

impl Desk {
    pub(super) fn new(config: &ExchangeConfig) -> Self {
        let instruments_max = config.market.matcher.books.instruments_max;
        Self {
            orders: Orders::new(config.orders_max(), config.names_max, config.ports_max),
            ports: vec![None; config.ports_max as usize + 1],
            firms: vec![Firm::default(); config.firms_max as usize + 1],
            listings: vec![Listing::UNKNOWN; instruments_max as usize + 1],
            trades: Trades::new(config.trades_max),
            publisher: Publisher::new(instruments_max),
            counters: ExchangeCounters::default(),
            cancel_only: false,
            has_day_ended: false,
            copies: vec![Vec::new(); config.firms_max as usize + 1],
            buffer: Buffer::default(),
        }
    }

    pub(super) fn port(&self, port: u32) -> Option<&Port> {
        self.ports.get(port as usize)?.as_ref()
    }

    pub(super) fn port_mut(&mut self, port: u32) -> Option<&mut Port> {
        self.ports.get_mut(port as usize)?.as_mut()
    }

    pub(super) fn firm(&self, port: u32) -> Option<&Firm> {
        let firm = self.port(port)?.definition.firm_id;
        self.firms.get(firm as usize).filter(|firm| firm.defined)
    }

    pub(super) fn phase(&self, instrument: InstrumentId) -> Phase {
        self.listings.get(instrument as usize).map_or(Phase::Closed, |listing| listing.phase)
    }

    pub(super) fn set_phase(&mut self, instrument: InstrumentId, phase: Phase) {
        if let Some(listing) = self.listings.get_mut(instrument as usize) {
            listing.phase = phase;
        }
    }

    /// Something traded.
    pub(super) fn note_trade(&mut self, instrument: InstrumentId, price: Ticks) {
        if let Some(listing) = self.listings.get_mut(instrument as usize) {
            listing.reference = price;
        }
    }

    /// The price that controls are measured from.
    pub(super) fn reference(&self, instrument: InstrumentId) -> Option<Ticks> {
        let reference = self.listings.get(instrument as usize)?.reference;
        (reference > 0).then_some(reference)
    }

    /// How a port speaks.
    pub(super) fn manner(&self, port: u32) -> Option<Manner> {
        self.port(port)?.manner
    }

    /// Whether a port speaks FIX.
    pub(super) fn speaks_fix(&self, port: u32) -> bool {
        self.manner(port).is_some_and(Manner::is_fix)
    }

    /// An order is dead: its place is free.
    pub(super) fn retire(&mut self, slot: u32) {
        if let Some(port) = self.orders.get(slot).map(|slot| slot.port)
            && let Some(port) = self.port_mut(port)
        {
            port.live -= 1;
        }
        self.orders.remove(slot);
    }

    /// The number that the journal's events have for an order of this name: the client's own, or
    /// for a text a running one of the port.
    pub(super) fn number_for(&mut self, port: u32, name: OrderName) -> u64 {
        numbered(name).unwrap_or_else(|| {
            self.port_mut(port).map_or(0, |port| {
                port.texts += 1;
                port.texts
            })
        })
    }

    /// As [`Self::number_for`], for another name of a live order.
    pub(super) fn number_of(&mut self, slot: u32, name: OrderName) -> u64 {
        let Some(port) = self.orders.get(slot).map(|slot| slot.port) else { return 0 };
        self.number_for(port, name)
    }

    /// Uses up a new name of a port's.
    pub(super) fn use_name(&mut self, port: u32, name: OrderName) -> Freshness {
        match name {
            OrderName::UserRef { index, number } => {
                let is_new = self.port_mut(port).is_some_and(|p| p.takes_number(index, number));
                if is_new { Freshness::Fresh } else { Freshness::Used }
            }
            OrderName::Text(text) => self.orders.use_text(port, &text),
        }
    }

    /// Tells a port, in its own words; nothing where its protocol has none for this.
    pub(super) fn say(
        &mut self,
        port: u32,
        ts_ns: TsNs,
        answer: &Answer<'_>,
        wires: &mut impl Wires,
    ) {
        let Some(Manner { format, stp, post_only }) = self.manner(port) else { return };
        let midnight_ts_ns = self.publisher.midnight_ns();
        let setting = Setting { ts_ns, midnight_ts_ns, stp, post_only, symbols: &self.publisher };
        self.buffer.clear();
        let is_said = match format {
            OrderFormat::Ouch50 => ouch50::say(&mut self.buffer, &setting, answer),
            OrderFormat::Ouch42 => ouch42::say(&mut self.buffer, &setting, answer),
            OrderFormat::Fix44 | OrderFormat::Fix50sp2 => {
                let known = self.ports[port as usize].as_mut();
                if let Some(fix) = known.and_then(|port| port.fix.as_mut()) {
                    fix.say(port, &setting, answer, wires);
                }
                return;
            }
        };
        if is_said {
            wires.send(port, self.buffer.bytes());
        }
    }

    /// Looks up which ports get copies of which firm's orders.
    pub(super) fn list_copies(&mut self) {
        self.copies.iter_mut().for_each(Vec::clear);
        for port in self.ports.iter().flatten() {
            let PortDefined { firm_id, port_id, kind, .. } = port.definition;
            if kind == PortKind::DropCopy.raw()
                && let Some(ports) = self.copies.get_mut(firm_id as usize)
            {
                ports.push(port_id);
            }
        }
    }

    /// Tells the drop copies of a port's firm.
    pub(super) fn copy(
        &mut self,
        port: u32,
        ts_ns: TsNs,
        answer: &Answer<'_>,
        wires: &mut impl Wires,
    ) {
        let firm = self.port(port).map_or(0, |port| port.definition.firm_id) as usize;
        for at in 0..self.copies.get(firm).map_or(0, Vec::len) {
            let copy = self.copies[firm][at];
            self.say(copy, ts_ns, answer, wires);
        }
    }
}
