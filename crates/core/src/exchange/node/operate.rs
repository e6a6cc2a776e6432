// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Operators and days: what happens to the market from outside of any one order.

use super::hearing::{Asking, Hearing, emit};
use super::orders::Slot;
use crate::events::{
    BlockScope, CancelReason, EntryBlocked, Operation, OperatorCommanded, Phase, Side, TradeBroken,
};
use crate::exchange::gateway::{Answer, BreakReason, EntrySetting, MassCancelling};
use crate::exchange::market::Market;
use crate::exchange::publisher::DayEvent;
use crate::exchange::wires::Wires;
use crate::types::InstrumentId;

impl<W: Wires> Hearing<'_, W> {
    /// A client cancels many of its firm's orders.
    pub(super) fn mass_cancel(&mut self, market: &mut Market, port: u32, asked: &MassCancelling) {
        let Some(mine) = self.desk.port(port) else { return };
        let (firm, mpid) = (mine.definition.firm_id, mine.mpid);
        let names_other = !matches!(asked.firm, [b' ' | 0, ..]) && asked.firm != mpid;
        let wanted = |slot: &Slot| {
            let request = &slot.open.request;
            !names_other
                && asked.instrument.is_none_or(|instrument| instrument == request.instrument)
                && asked.side.is_none_or(|side| side == slot.open.side)
                && asked.group.is_none_or(|group| group == slot.open.group)
                && asked.channel.is_none_or(|channel| slot.channel() == Some(channel))
        };
        let orders = self.count_firm(firm, &wanted);
        self.say(port, &Answer::MassCanceled { asked, orders });
        self.cancel_firm(market, firm, CancelReason::MassCancel, &wanted);
    }

    /// A client closes its firm's entry, or opens it again. What an operator closed stays closed.
    pub(super) fn set_entry(&mut self, port: u32, asked: &EntrySetting) {
        let Some(firm_id) = self.desk.port(port).map(|port| port.definition.firm_id) else {
            return;
        };
        let Some(firm) = self.desk.firms.get_mut(firm_id as usize) else { return };
        if matches!(asked.firm, [b' ' | 0, ..]) || asked.firm == firm.mpid {
            firm.closed = !asked.enabled;
            self.blocked(BlockScope::Firm, firm_id, !asked.enabled);
        }
        self.say(port, &Answer::EntrySet { asked });
    }

    fn blocked(&mut self, scope: BlockScope, id: u32, blocked: bool) {
        let event = EntryBlocked {
            cause_seq: self.cause_seq,
            id,
            scope: scope.raw(),
            blocked: u8::from(blocked),
            reserved: 0,
        };
        emit!(self, event, EntryBlocked);
    }

    /// Ports of a firm, lowest first.
    fn ports_of(&self, firm: u32) -> impl Iterator<Item = u32> + use<W> {
        let ids: Vec<u32> = (self.desk.ports.iter().flatten())
            .filter(|port| port.definition.firm_id == firm)
            .map(|port| port.definition.port_id)
            .collect();
        ids.into_iter()
    }

    fn count_firm(&self, firm: u32, wanted: &impl Fn(&Slot) -> bool) -> u32 {
        let orders = &self.desk.orders;
        let count = self.ports_of(firm).map(|port| {
            std::iter::successors(orders.first(port), |&slot| orders.next(slot))
                .filter_map(|slot| orders.get(slot))
                .filter(|slot| wanted(slot))
                .count()
        });
        count.sum::<usize>() as u32
    }

    fn cancel_firm(
        &mut self,
        market: &mut Market,
        firm: u32,
        reason: CancelReason,
        wanted: &impl Fn(&Slot) -> bool,
    ) {
        for port in self.ports_of(firm) {
            self.cancel_some(market, port, reason, wanted);
        }
    }

    pub(super) fn cancel_port(&mut self, market: &mut Market, port: u32, reason: CancelReason) {
        self.cancel_some(market, port, reason, &|_| true);
    }

    /// Cancels those orders of a port that are wanted, oldest first. A cancel may have consequences
    /// for other orders of the port (a peg moves), so each next order is looked up before it.
    fn cancel_some(
        &mut self,
        market: &mut Market,
        port: u32,
        reason: CancelReason,
        wanted: &impl Fn(&Slot) -> bool,
    ) {
        let mut after_id = 0;
        let mut next = self.desk.orders.first(port);
        while let Some(slot_id) = next {
            let Some(slot) = self.desk.orders.get(slot_id) else { break };
            let (is_wanted, order_id) = (wanted(slot), slot.open.order_id);
            let following = self.desk.orders.next(slot_id);
            if is_wanted && order_id != after_id {
                market.cancel(self.ts_ns, order_id, reason, self);
                after_id = order_id;
            }
            // What followed may have died of the cancel; then begin again with what is left.
            next = match following {
                Some(slot) if self.desk.orders.get(slot).is_none_or(|s| s.port != port) => {
                    self.desk.orders.first(port)
                }
                other => other,
            };
        }
    }

    /// What an operator, or the schedule, does.
    pub(super) fn operator(&mut self, market: &mut Market, event: &OperatorCommanded) {
        let OperatorCommanded { value, instrument_id, firm_id, port_id, .. } = *event;
        let Some(operation) = Operation::from_raw(event.operation as u8) else {
            self.desk.counters.inputs_unknown += 1;
            return;
        };
        self.asking = Asking::Nothing;
        match operation {
            Operation::SetPhase => self.set_phases(market, instrument_id, value),
            Operation::CancelFirm => {
                self.cancel_firm(market, firm_id, CancelReason::Operator, &|_| true);
            }
            Operation::CancelPort => self.cancel_port(market, port_id, CancelReason::Operator),
            Operation::CancelInstrument => {
                let wanted = |slot: &Slot| {
                    instrument_id == 0 || slot.open.request.instrument == instrument_id
                };
                for port in 0..self.desk.ports.len() as u32 {
                    self.cancel_some(market, port, CancelReason::Operator, &wanted);
                }
            }
            Operation::KillFirm | Operation::AllowFirm => {
                let blocked = operation == Operation::KillFirm;
                let Some(firm) = self.desk.firms.get_mut(firm_id as usize) else { return };
                firm.blocked = blocked;
                self.blocked(BlockScope::Firm, firm_id, blocked);
                if blocked {
                    self.cancel_firm(market, firm_id, CancelReason::Killed, &|_| true);
                }
            }
            Operation::KillPort | Operation::AllowPort => {
                let blocked = operation == Operation::KillPort;
                let Some(port) = self.desk.port_mut(port_id) else { return };
                port.blocked = blocked;
                self.blocked(BlockScope::Port, port_id, blocked);
                if blocked {
                    self.cancel_port(market, port_id, CancelReason::Killed);
                }
            }
            Operation::BreakTrade => self.break_trade(value),
            Operation::EndDay => self.end_day(market),
            Operation::SetReference => self.set_reference(market, instrument_id, value),
            Operation::CancelOnly => {
                self.desk.cancel_only = value != 0;
                self.blocked(BlockScope::Market, 0, value != 0);
            }
        }
    }

    fn set_phases(&mut self, market: &mut Market, instrument: InstrumentId, value: i64) {
        let Some(phase) = u8::try_from(value).ok().and_then(Phase::from_raw) else {
            self.desk.counters.inputs_unknown += 1;
            return;
        };
        let opened = self.is_open();
        for listed in self.listed(instrument) {
            market.set_phase(self.ts_ns, listed, phase, self);
        }
        match (opened, self.is_open()) {
            (false, true) => {
                self.desk.publisher.day_event(DayEvent::StartOfMarketHours, self.wires);
            }
            (true, false) if matches!(phase, Phase::Closed | Phase::ClosingAuction) => {
                self.desk.publisher.day_event(DayEvent::EndOfMarketHours, self.wires);
            }
            _ => {}
        }
    }

    /// Whether any instrument trades continuously.
    fn is_open(&self) -> bool {
        self.desk.listings.iter().any(|listing| listing.phase == Phase::Continuous)
    }

    /// The instruments that are meant: one, or (0) all.
    fn listed(&self, instrument: InstrumentId) -> Vec<InstrumentId> {
        let all = self.desk.listings.iter().enumerate().filter(|(_, listing)| listing.defined);
        let all = all.map(|(id, _)| id as InstrumentId);
        all.filter(|&id| instrument == 0 || id == instrument).collect()
    }

    fn set_reference(&mut self, market: &mut Market, instrument: InstrumentId, value: i64) {
        if let Some(listing) = self.desk.listings.get_mut(instrument as usize)
            && value > 0
        {
            listing.reference = value;
            market.set_reference(self.ts_ns, instrument, value, self);
        }
    }

    /// Breaks a trade: both sides and the public are told, the book is unchanged.
    fn break_trade(&mut self, value: i64) {
        let record = u64::try_from(value).ok().and_then(|id| self.desk.trades.take_for_break(id));
        let Some(record) = record else {
            self.desk.counters.inputs_unknown += 1;
            return;
        };
        let event = TradeBroken {
            cause_seq: self.cause_seq,
            match_id: record.match_id,
            price_ticks: record.price,
            qty_lots: record.qty,
            buy_port_id: record.buy.port,
            sell_port_id: record.sell.port,
            instrument_id: record.instrument,
            reserved: 0,
        };
        emit!(self, event, TradeBroken);
        for (of, side) in [(record.buy, Side::Buy), (record.sell, Side::Sell)] {
            let answer = Answer::Broken {
                name: of.name,
                cl_ord_id: of.cl_ord_id,
                order_id: of.order_id,
                instrument: record.instrument,
                side,
                match_id: record.match_id,
                price: record.price,
                qty: record.qty,
                reason: BreakReason::Supervisory,
            };
            self.say(of.port, &answer);
            self.desk.copy(of.port, self.ts_ns, &answer, self.wires);
        }
        self.desk.publisher.broken(record.instrument, record.match_id, self.wires);
    }

    /// The day ends: every instrument is closed, day orders go, everybody is told.
    fn end_day(&mut self, market: &mut Market) {
        self.set_phases(market, 0, i64::from(Phase::Closed.raw()));
        self.forget_awaited(true);
        market.day_ended(self.ts_ns, self);
        self.desk.publisher.day_event(DayEvent::EndOfSystemHours, self.wires);
        for port in self.defined_ports() {
            self.say(port, &Answer::DayEnded);
        }
        self.desk.publisher.day_event(DayEvent::EndOfMessages, self.wires);
    }

    /// A day begins: instruments and what is left of yesterday's orders are announced.
    pub(super) fn day_started(&mut self, market: &mut Market) {
        self.desk.orders.start_day();
        self.forget_awaited(false);
        self.desk.trades.clear();
        for port in self.desk.ports.iter_mut().flatten() {
            port.start_day();
            let port_id = port.definition.port_id;
            if let Some(fix) = &mut port.fix {
                fix.day_started(port_id, self.wires);
            }
        }
        self.desk.publisher.day_event(DayEvent::StartOfMessages, self.wires);
        for instrument in self.listed(0) {
            self.desk.publisher.directory(instrument, self.wires);
        }
        for instrument in self.listed(0) {
            self.desk.publisher.short_sale(instrument, self.wires);
        }
        for instrument in self.listed(0) {
            let phase = self.desk.phase(instrument);
            self.desk.publisher.phase(instrument, phase, self.wires);
        }
        self.desk.publisher.day_event(DayEvent::StartOfSystemHours, self.wires);
        for port in self.defined_ports() {
            self.say(port, &Answer::DayStarted);
        }
        market.day_started(self.ts_ns, self);
    }

    fn defined_ports(&self) -> Vec<u32> {
        self.desk.ports.iter().flatten().map(|port| port.definition.port_id).collect()
    }
}
