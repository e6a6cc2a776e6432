// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What clients ask for: names resolved, rights and limits checked, then put to the market.

use super::desk::numbered;
use super::hearing::{Asking, BLANK, Hearing};
use super::orders::{Freshness, Slot};
use super::ports::{Manner, Proposed};
use crate::events::{
    CancelOrder, CancelReason, EnterOrder, OrderFormat, OrderMessageReceived, Phase, RejectReason,
    ReplaceOrder,
};
use crate::exchange::gateway::{
    Answer, Ask, Cancelling, Entering, Fault, Modifying, NameText, OpenOrder, OrderName, Refusal,
    Replacing, Setting, ouch42, ouch50,
};
use crate::exchange::market::{Auction, Market, OrderRequest, Pricing, Replacement};
use crate::exchange::publisher::{WIRE_PRICE_MAX, WIRE_QTY_MAX};
use crate::exchange::wires::Wires;
use crate::risk;
use crate::types::{Lots, Ticks};

impl<W: Wires> Hearing<'_, W> {
    /// A message from a client.
    pub(super) fn message(
        &mut self,
        market: &mut Market,
        head: OrderMessageReceived,
        bytes: &[u8],
    ) {
        let port = head.port_id;
        let said = OrderFormat::from_raw(head.format as u8);
        let known = self.desk.manner(port).filter(|manner| said == Some(manner.format));
        let Some(Manner { format, stp, post_only }) = known else {
            self.desk.counters.inputs_unknown += 1;
            return;
        };
        self.desk.counters.messages += 1;
        let setting = Setting {
            ts_ns: self.ts_ns,
            midnight_ts_ns: self.desk.publisher.midnight_ns(),
            stp,
            post_only,
            symbols: &self.desk.publisher,
        };
        let read = match format {
            OrderFormat::Ouch50 => ouch50::read(bytes, &setting),
            OrderFormat::Ouch42 => ouch42::read(bytes, &setting),
            OrderFormat::Fix44 | OrderFormat::Fix50sp2 => {
                let fix = self.desk.ports[port as usize].as_mut().and_then(|p| p.fix.as_mut());
                let Some(fix) = fix else { return };
                let Some(read) = fix.message(port, bytes, &setting, self.wires) else { return };
                read
            }
        };
        match read {
            Ok(ask) => self.ask(market, port, &ask),
            Err(refusal) => self.refuse(market, port, &refusal),
        }
    }

    fn ask(&mut self, market: &mut Market, port: u32, ask: &Ask) {
        if let Some(name) = ask.new_name()
            && !self.uses_name(port, name, ask)
        {
            return;
        }
        match ask {
            Ask::Enter(asked) => self.enter(market, port, asked),
            Ask::Replace(asked) => self.replace(market, port, asked),
            Ask::Cancel(asked) => self.cancel(market, port, asked),
            Ask::Modify(asked) => self.modify(market, port, asked),
            Ask::MassCancel(asked) => self.mass_cancel(market, port, asked),
            Ask::SetEntry(asked) => self.set_entry(port, asked),
            Ask::Query { index } => {
                let last = self.desk.port(port).map_or(0, |p| p.numbers[usize::from(*index)]);
                self.say(port, &Answer::Queried { index: *index, next: last.saturating_add(1) });
            }
            Ask::Status { name, request } => {
                let live = self.live(port, *name);
                let order = live.as_ref().map(|(_, slot)| &slot.open);
                self.say(port, &Answer::Status { name: *name, request: *request, order });
            }
            Ask::Nothing => {}
        }
    }

    /// Uses up the name of a request; false when it must go no further: it came before, or there is
    /// no room to remember that it came.
    fn uses_name(&mut self, port: u32, name: OrderName, ask: &Ask) -> bool {
        let cl_ord_id = match ask {
            Ask::Enter(asked) => asked.cl_ord_id,
            Ask::Replace(asked) => asked.cl_ord_id,
            _ => BLANK,
        };
        let reason = match self.desk.use_name(port, name) {
            Freshness::Fresh => return true,
            Freshness::Used if self.desk.speaks_fix(port) => RejectReason::ClientIdUsed,
            Freshness::Used => {
                self.desk.counters.messages_ignored += 1;
                return false;
            }
            Freshness::Full => RejectReason::Capacity,
        };
        self.reject(port, name, cl_ord_id, refusal(reason));
        false
    }

    /// A message that asks for nothing that can be done.
    fn refuse(&mut self, market: &mut Market, port: u32, refused: &Refusal) {
        match *refused {
            Refusal::Unreadable => self.desk.counters.messages_malformed += 1,
            Refusal::Request { name, cl_ord_id, fault } => {
                let is_fresh = self.desk.use_name(port, name) == Freshness::Fresh;
                if is_fresh || self.desk.speaks_fix(port) {
                    self.reject_for(port, name, cl_ord_id, fault);
                }
            }
            Refusal::Replace { original, name, cl_ord_id, keeps_original, fault } => {
                let is_fresh = self.desk.use_name(port, name) == Freshness::Fresh;
                if keeps_original {
                    match self.live(port, original) {
                        Some((_, slot)) => self.refuse_change(&slot, name, cl_ord_id, fault),
                        None => self.refuse_unknown(port, original, name, true),
                    }
                } else if is_fresh && let Some(slot) = self.desk.orders.find(port, original) {
                    self.cancel_slot(market, slot, CancelReason::Replace);
                }
            }
        }
    }

    /// A new order.
    fn enter(&mut self, market: &mut Market, port: u32, asked: &Entering) {
        let Entering { name, cl_ord_id, request, .. } = *asked;
        let proposed = self.proposed(market, &request, limit_of(&request), false);
        let admitted = self
            .check_entry(port, asked.firm)
            .and_then(|()| check_wire(furthest_of(&request), request.qty))
            .and_then(|()| self.admit(port, &proposed));
        if let Err(why) = admitted {
            return self.reject(port, name, cl_ord_id, why);
        }
        let number = self.desk.number_for(port, name);
        let request = OrderRequest { owner: port, ..request };
        let firm = match asked.firm {
            [b' ' | 0, ..] => self.desk.port(port).map_or(*b"    ", |port| port.mpid),
            named => named,
        };
        let open = OpenOrder {
            order_id: 0,
            name,
            cl_ord_id,
            firm,
            side: asked.side,
            is_attributed: asked.is_attributed,
            group: asked.group,
            echo: asked.echo,
            request,
            price: 0,
            leaves: request.qty,
            executed: 0,
            executed_notional: 0,
        };
        let Some(slot) = self.desk.orders.insert(port, number, open) else {
            let why = refusal(RejectReason::Capacity);
            return self.reject(port, name, cl_ord_id, why);
        };
        if let Some(port) = self.desk.port_mut(port) {
            port.live += 1;
        }
        self.asking = Asking::Enter;
        let request = OrderRequest { client: u64::from(slot), ..request };
        market.enter(self.ts_ns, &request, self);
        self.asking = Asking::Nothing;
    }

    /// An order in place of another.
    fn replace(&mut self, market: &mut Market, port: u32, asked: &Replacing) {
        let Replacing { name, cl_ord_id, echo, side, change, keeps_original, .. } = *asked;
        let Some((slot_id, slot)) = self.live(port, asked.original) else {
            return self.refuse_unknown(port, asked.original, name, true);
        };
        let request = slot.open.request;
        if let Err(fault) = asked.fits(&request) {
            return self.refuse_change(&slot, name, cl_ord_id, fault);
        }
        let leaves = change.qty.saturating_sub(slot.open.executed);
        let price = change.price.or(limit_of(&request));
        let becomes = OrderRequest { qty: leaves, stop: change.stop.or(request.stop), ..request };
        let proposed = self.proposed(market, &becomes, price, true);
        let admitted = self
            .check_entry(port, *b"    ")
            .and_then(|()| check_wire(price.max(change.stop), change.qty))
            .and_then(|()| self.admit(port, &proposed));
        if let Err(why) = admitted {
            return self.refuse_change(&slot, name, cl_ord_id, Fault::of(why.reason));
        }
        let replacement = Replacement {
            client: u64::from(slot_id),
            qty: change.qty,
            price: price.unwrap_or(0),
            life: change.life,
            stop: change.stop,
            keeps_original,
        };
        self.asking = Asking::Replace { name, cl_ord_id, echo, side };
        market.replace(self.ts_ns, slot.open.order_id, &replacement, self);
        self.asking = Asking::Nothing;
        if let Some(slot) = self.desk.orders.get_mut(slot_id)
            && slot.open.name == name
        {
            slot.open.request.life = change.life.unwrap_or(slot.open.request.life);
            slot.open.request.stop = change.stop.or(slot.open.request.stop);
        }
    }

    /// A replacement that its original does not allow: the original stays.
    fn refuse_change(&mut self, slot: &Slot, name: OrderName, cl_ord_id: NameText, fault: Fault) {
        self.desk.counters.rejects += 1;
        let (client_id, instrument) = (slot.number, slot.open.request.instrument);
        let why = refusal(fault.reason);
        self.emit_rejected(slot.port, client_id, instrument, why, ReplaceOrder::KIND);
        self.refuse_replacement(slot, name, cl_ord_id, fault);
    }

    /// Less of an order, or none.
    fn cancel(&mut self, market: &mut Market, port: u32, asked: &Cancelling) {
        let Cancelling { name, request, .. } = *asked;
        let Some((slot_id, slot)) = self.live(port, name) else {
            return self.refuse_unknown(port, name, OrderName::Text(request), false);
        };
        self.asking = Asking::Cancel { request: asked.request };
        if asked.qty <= slot.open.executed {
            self.cancel_slot(market, slot_id, CancelReason::User);
        } else if self.admits_cancel(port, name, OrderName::Text(request), false) {
            market.reduce(self.ts_ns, slot.open.order_id, asked.qty, self);
        }
        self.asking = Asking::Nothing;
    }

    /// Another mark on a sale, and perhaps less of it.
    fn modify(&mut self, market: &mut Market, port: u32, asked: &Modifying) {
        let nameless = OrderName::Text(BLANK);
        let Some((slot_id, slot)) = self.live(port, asked.name) else {
            return self.refuse_unknown(port, asked.name, nameless, false);
        };
        let is_sale = |side: u8| matches!(side, b'S' | b'T' | b'E');
        let marks = asked.side == slot.open.side || is_sale(asked.side) && is_sale(slot.open.side);
        if !marks || asked.qty > slot.open.executed + slot.open.leaves {
            self.desk.counters.messages_ignored += 1;
            return;
        }
        let is_whole = asked.qty <= slot.open.executed;
        if !is_whole && !self.admits_cancel(port, asked.name, nameless, false) {
            return;
        }
        if let Some(slot) = self.desk.orders.get_mut(slot_id) {
            slot.open.side = asked.side;
        }
        self.asking = Asking::Modify;
        market.reduce(self.ts_ns, slot.open.order_id, asked.qty, self);
        self.asking = Asking::Nothing;
        let Some(slot) = self.desk.orders.get(slot_id).cloned() else {
            let order = OpenOrder { leaves: 0, ..slot.open };
            let (qty, reason) = (slot.open.leaves, CancelReason::User);
            let answer = Answer::Canceled { order: &order, qty, reason, request: BLANK };
            return self.say(port, &answer);
        };
        self.say(port, &Answer::Modified { order: &slot.open });
    }

    /// Cancels what is left of an order.
    pub(super) fn cancel_slot(&mut self, market: &mut Market, slot: u32, reason: CancelReason) {
        if let Some(order_id) = self.desk.orders.get(slot).map(|slot| slot.open.order_id) {
            market.cancel(self.ts_ns, order_id, reason, self);
        }
    }

    /// A live order of a port.
    fn live(&self, port: u32, name: OrderName) -> Option<(u32, Slot)> {
        let slot_id = self.desk.orders.find(port, name)?;
        Some((slot_id, self.desk.orders.get(slot_id)?.clone()))
    }

    /// A cancel or replacement of an order that does not live: answered where the protocol does, and
    /// wherever the port asks for too many of them.
    fn refuse_unknown(&mut self, port: u32, name: OrderName, request: OrderName, replace: bool) {
        if self.admits_cancel(port, name, request, replace) {
            self.desk.counters.messages_ignored += 1;
            if self.desk.speaks_fix(port) {
                let fault = Fault::of(RejectReason::OrderUnknown);
                self.say_cancel_rejected(port, name, request, replace, fault);
            }
        }
    }

    /// Whether a port may still ask this much in this second; if not, it is told so. `request` is
    /// the name of the request where it has one.
    fn admits_cancel(
        &mut self,
        port: u32,
        name: OrderName,
        request: OrderName,
        is_replace: bool,
    ) -> bool {
        let now = self.ts_ns;
        let Some(known) = self.desk.port_mut(port) else { return false };
        let Err(why) = known.admit_cancel(now) else { return true };
        self.desk.counters.rejects += 1;
        let live = self.live(port, name).map(|(_, slot)| slot);
        let (number, instrument) = live.map_or((numbered(name).unwrap_or(0), 0), |slot| {
            (slot.number, slot.open.request.instrument)
        });
        let command = if is_replace { ReplaceOrder::KIND } else { CancelOrder::KIND };
        self.emit_rejected(port, number, instrument, why, command);
        let fault = Fault::of(why.reason);
        if is_replace && !self.desk.speaks_fix(port) {
            // It has used up its name: that is what OUCH refuses.
            self.say(port, &Answer::Rejected { name: request, cl_ord_id: BLANK, fault });
        } else {
            self.say_cancel_rejected(port, name, request, is_replace, fault);
        }
        false
    }

    /// Says that a cancel or replacement could not be done.
    fn say_cancel_rejected(
        &mut self,
        port: u32,
        name: OrderName,
        request: OrderName,
        is_replace: bool,
        fault: Fault,
    ) {
        let OrderName::Text(request) = request else { return };
        let live = self.live(port, name);
        let order = live.as_ref().map(|(_, slot)| &slot.open);
        self.say(port, &Answer::CancelRejected { name, request, is_replace, order, fault });
    }

    /// Whether a port may enter orders at all, and for this firm.
    fn check_entry(&self, port: u32, firm: [u8; 4]) -> Result<(), risk::Refusal> {
        let Some(known) = self.desk.port(port) else {
            return Err(refusal(RejectReason::NotEntitled));
        };
        let names_other = !matches!(firm, [b' ' | 0, ..]) && firm != known.mpid;
        if !known.enters() || names_other {
            return Err(refusal(RejectReason::NotEntitled));
        }
        let firm_blocked = self.desk.firm(port).is_none_or(|firm| firm.blocked || firm.closed);
        if known.blocked || firm_blocked || self.desk.cancel_only {
            return Err(refusal(RejectReason::PortBlocked));
        }
        Ok(())
    }

    fn admit(&mut self, port: u32, proposed: &Proposed) -> Result<(), risk::Refusal> {
        let now = self.ts_ns;
        let unknown = refusal(RejectReason::NotEntitled);
        self.desk.port_mut(port).ok_or(unknown)?.admit(proposed, now)
    }

    /// An order as the controls see it.
    fn proposed(
        &self,
        market: &Market,
        request: &OrderRequest,
        price: Option<Ticks>,
        replaces: bool,
    ) -> Proposed {
        let OrderRequest { instrument, side, qty, .. } = *request;
        let reference = self.desk.reference(instrument);
        let mut proposed = Proposed {
            instrument,
            side,
            price,
            qty,
            reference,
            opposite: None,
            stop: None,
            takes: false,
            replaces,
        };
        if price.is_none() {
            proposed.opposite = market.matcher().best_price(instrument, side.opposite());
            proposed.stop = request.stop;
            let is_at_once = request.stop.is_none() && request.auction == Auction::None;
            let is_market = request.pricing == Pricing::Market;
            proposed.takes =
                is_market && is_at_once && self.desk.phase(instrument) == Phase::Continuous;
        }
        proposed
    }

    /// Refuses a new order for what the node found.
    fn reject(&mut self, port: u32, name: OrderName, cl_ord_id: NameText, why: risk::Refusal) {
        let number = numbered(name).unwrap_or(0);
        self.say_rejected(port, number, name, cl_ord_id, why, Fault::of(why.reason));
    }

    /// As [`Self::reject`], for what the gateway found.
    fn reject_for(&mut self, port: u32, name: OrderName, cl_ord_id: NameText, fault: Fault) {
        self.say_rejected(port, 0, name, cl_ord_id, refusal(fault.reason), fault);
    }

    fn say_rejected(
        &mut self,
        port: u32,
        client_id: u64,
        name: OrderName,
        cl_ord_id: NameText,
        why: risk::Refusal,
        fault: Fault,
    ) {
        self.desk.counters.rejects += 1;
        self.emit_rejected(port, client_id, 0, why, EnterOrder::KIND);
        self.say(port, &Answer::Rejected { name, cl_ord_id, fault });
    }
}

const fn refusal(reason: RejectReason) -> risk::Refusal {
    risk::Refusal { reason, value: 0, bound: 0 }
}

/// The limit price of a request, if it has one.
const fn limit_of(request: &OrderRequest) -> Option<Ticks> {
    match request.pricing {
        Pricing::Limit(price) => Some(price),
        Pricing::Market => None,
        Pricing::Peg { limit, .. } => limit,
    }
}

/// The furthest of the prices that a request names; a peg's offset is one, for it may take the peg so
/// far from the reference.
fn furthest_of(request: &OrderRequest) -> Option<Ticks> {
    let offset = match request.pricing {
        Pricing::Peg { offset, .. } => Some(offset.saturating_abs()),
        Pricing::Limit(_) | Pricing::Market => None,
    };
    limit_of(request).max(request.stop).max(offset)
}

/// Refuses what the market-data wire cannot say.
fn check_wire(price: Option<Ticks>, qty: Lots) -> Result<(), risk::Refusal> {
    if let Some(price) = price.filter(|&price| price > WIRE_PRICE_MAX) {
        let reason = RejectReason::PriceInvalid;
        return Err(risk::Refusal { reason, value: price, bound: WIRE_PRICE_MAX });
    }
    if qty > WIRE_QTY_MAX {
        let (reason, bound) = (RejectReason::QtyInvalid, WIRE_QTY_MAX.cast_signed());
        return Err(risk::Refusal { reason, value: i64::try_from(qty).unwrap_or(i64::MAX), bound });
    }
    Ok(())
}
