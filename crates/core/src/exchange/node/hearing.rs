// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the market said, told to everybody it concerns: the journal, the clients, the public.

use super::desk::Desk;
use super::news::{order_type, time_in_force};
use super::orders::Slot;
use super::trades::{TradeRecord, TradeSide};
use crate::component::Outbox;
use crate::events::{
    Liquidity, OrderAccepted, OrderCanceled, OrderFilled, OrderRejected, OrderReplaced,
    OrderRestated, Phase, Side, TradeExecuted,
};
use crate::exchange::gateway::{
    Answer, Echo, Fault, NAME_BYTES, NameText, OpenOrder, OrderName, TradeRole,
};
use crate::exchange::market::{PegTo, Pricing};
use crate::exchange::publisher::Shown;
use crate::exchange::wires::Wires;
use crate::exchange::{
    Accepted, Canceled, Crossed, Fill, Party, Prevented, Rejected, Replaced, Reports, Restated,
    Rested,
};
use crate::risk::Refusal;
use crate::types::{InstrumentId, Lots, TsNs};

/// No name.
pub(super) const BLANK: NameText = [b' '; NAME_BYTES];

/// What is being asked of the market, so that its reports can be answered by name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asking {
    /// Nothing by a client: time, an operator, a disconnection.
    Nothing,
    /// A new order.
    Enter,
    /// A replacement: the new names, and what the protocol wants back.
    Replace { name: OrderName, cl_ord_id: NameText, echo: Echo, side: u8 },
    /// A cancel, under this name of its own.
    Cancel { request: NameText },
    /// A smaller size and another mark: answered as one.
    Modify,
}

/// A replacement that the public does not know of yet.
#[derive(Clone, Copy, Debug)]
struct Unshown {
    old_order_id: u64,
    /// What the public saw of the old order.
    shown: Lots,
    slot: u32,
}

/// Hears the market during one entry.
pub(super) struct Hearing<'a, W> {
    pub(super) desk: &'a mut Desk,
    pub(super) out: &'a mut dyn Outbox,
    pub(super) wires: &'a mut W,
    pub(super) cause_seq: u64,
    pub(super) ts_ns: TsNs,
    pub(super) asking: Asking,
    /// The last `prevented`, which says how to answer the cancel after it.
    prevented: Option<Prevented>,
    unshown: Option<Unshown>,
}

/// Emits an event.
macro_rules! emit {
    ($hearing:expr, $event:expr, $kind:ty) => {
        $hearing.out.emit(<$kind>::KIND, <$kind>::VERSION, &$event.encode())
    };
}
pub(super) use emit;

impl<'a, W: Wires> Hearing<'a, W> {
    pub(super) fn new(
        desk: &'a mut Desk,
        out: &'a mut dyn Outbox,
        wires: &'a mut W,
        cause_seq: u64,
        ts_ns: TsNs,
    ) -> Self {
        let (asking, prevented, unshown) = (Asking::Nothing, None, None);
        Self { desk, out, wires, cause_seq, ts_ns, asking, prevented, unshown }
    }

    /// Tells a port.
    pub(super) fn say(&mut self, port: u32, answer: &Answer<'_>) {
        self.desk.say(port, self.ts_ns, answer, self.wires);
    }

    /// Tells an order's port, and the drop copies of its firm.
    pub(super) fn say_of<'s>(&mut self, slot: &'s Slot, answer: &Answer<'s>) {
        self.desk.say(slot.port, self.ts_ns, answer, self.wires);
        self.desk.copy(slot.port, self.ts_ns, answer, self.wires);
    }

    /// Journals that a request was refused.
    pub(super) fn emit_rejected(
        &mut self,
        port: u32,
        client_id: u64,
        instrument: InstrumentId,
        why: Refusal,
        command: u16,
    ) {
        let event = OrderRejected {
            cause_seq: self.cause_seq,
            client_id,
            value: why.value,
            bound: why.bound,
            strategy_id: port,
            instrument_id: instrument,
            reason: why.reason.raw(),
            command,
            reserved: 0,
        };
        emit!(self, event, OrderRejected);
    }

    /// A replaced order that did not simply move has left the book: tells the public.
    fn flush_unshown(&mut self) {
        if let Some(Unshown { old_order_id, shown, slot }) = self.unshown.take()
            && shown != 0
            && let Some(instrument) = self.desk.orders.get(slot).map(|s| s.open.request.instrument)
        {
            self.desk.publisher.deleted(instrument, old_order_id, self.wires);
        }
    }

    /// The entry is done.
    pub(super) fn finish(&mut self) {
        self.flush_unshown();
    }

    /// What was prevented just before an order was cancelled.
    pub(super) fn take_prevented(&mut self, order_id: u64) -> Option<Prevented> {
        self.prevented.take().filter(|prevented| prevented.order_id == order_id)
    }

    fn slot(&self, client: u64) -> Option<Slot> {
        self.desk.orders.get(client as u32).cloned()
    }

    /// One side of a trade: its order shrinks, its client is told, and it goes if it is done.
    fn fill(&mut self, party: &Party, filled: &Filled, role: TradeRole) {
        let slot_id = party.client as u32;
        let Some(slot) = self.desk.orders.get_mut(slot_id) else { return };
        let open = &mut slot.open;
        open.executed += filled.qty;
        open.leaves = party.leaves;
        open.executed_notional = open
            .executed_notional
            .saturating_add(filled.price.unsigned_abs().saturating_mul(filled.qty));
        slot.shown = slot.shown.saturating_sub(filled.displayed);
        let slot = slot.clone();
        let liquidity = match role {
            TradeRole::Removed | TradeRole::RemovedMidpoint => Liquidity::Removed,
            _ => Liquidity::Added,
        };
        let event = OrderFilled {
            cause_seq: self.cause_seq,
            order_id: slot.open.order_id,
            client_id: slot.number,
            match_id: filled.match_id,
            price_ticks: filled.price,
            qty_lots: filled.qty,
            leaves_lots: party.leaves,
            arrival_mid2_ticks: party.arrival_mid2,
            strategy_id: slot.port,
            instrument_id: slot.open.request.instrument,
            side: slot.open.request.side.raw(),
            liquidity: liquidity.raw(),
            reserved1: 0,
            reserved2: 0,
        };
        emit!(self, event, OrderFilled);
        let Filled { qty, price, match_id, .. } = *filled;
        self.say_of(&slot, &Answer::Executed { order: &slot.open, qty, price, match_id, role });
        if party.leaves == 0 {
            self.desk.retire(slot_id);
        }
    }

    /// A trade, for the journal and the day's list.
    fn trade(
        &mut self,
        [buyer, seller]: [&Party; 2],
        filled: &Filled,
        maker_side: u8,
        hidden: bool,
    ) {
        let side = |party: &Party| {
            let slot = self.desk.orders.get(party.client as u32)?;
            let OpenOrder { name, cl_ord_id, order_id, .. } = slot.open;
            let side = TradeSide { port: slot.port, name, cl_ord_id, order_id };
            Some((side, slot.open.request.instrument))
        };
        let (Some((bought, instrument)), Some((sold, _))) = (side(buyer), side(seller)) else {
            return;
        };
        let Filled { qty, price, match_id, .. } = *filled;
        let event = TradeExecuted {
            cause_seq: self.cause_seq,
            match_id,
            price_ticks: price,
            qty_lots: qty,
            buy_order_id: bought.order_id,
            sell_order_id: sold.order_id,
            buy_port_id: bought.port,
            sell_port_id: sold.port,
            instrument_id: instrument,
            maker_side,
            hidden: u8::from(hidden),
            phase: self.desk.phase(instrument).raw(),
            reserved: 0,
        };
        emit!(self, event, TradeExecuted);
        self.desk.note_trade(instrument, price);
        self.desk.trades.push(TradeRecord {
            match_id,
            price,
            qty,
            instrument,
            buy: bought,
            sell: sold,
            broken: false,
        });
    }
}

/// Whose order it is, where the client wants that known. Source: OUCH 5.0, Display `A`.
fn attribution(order: &OpenOrder) -> Option<[u8; 4]> {
    order.is_attributed.then_some(order.firm)
}

/// What both sides of a trade share.
struct Filled {
    match_id: u64,
    price: i64,
    qty: Lots,
    /// How much of it the displayed book showed of this side.
    displayed: Lots,
}

impl<W: Wires> Reports for Hearing<'_, W> {
    fn accepted(&mut self, report: &Accepted) {
        let slot_id = report.client as u32;
        let Some(slot) = self.desk.orders.get_mut(slot_id) else { return };
        slot.open.order_id = report.order_id;
        slot.open.price = report.price;
        slot.open.leaves = report.qty;
        let slot = slot.clone();
        let request = slot.open.request;
        let event = OrderAccepted {
            cause_seq: self.cause_seq,
            order_id: report.order_id,
            client_id: slot.number,
            price_ticks: report.price,
            qty_lots: report.qty,
            strategy_id: slot.port,
            instrument_id: request.instrument,
            side: request.side.raw(),
            order_type: order_type(&request).raw(),
            time_in_force: time_in_force(&request).raw(),
            post_only: u8::from(report.post_only),
            reserved: 0,
        };
        emit!(self, event, OrderAccepted);
        self.say_of(&slot, &Answer::Accepted { order: &slot.open, is_dead: false });
    }

    fn rested(&mut self, report: &Rested) {
        let slot_id = report.client as u32;
        let Some(slot) = self.desk.orders.get_mut(slot_id) else { return };
        slot.shown = report.leaves;
        let mpid = attribution(&slot.open);
        let Rested { order_id, price, leaves: qty, instrument, side, .. } = *report;
        let shown = Shown { order_id, qty, price, instrument, side, mpid };
        match self.unshown {
            Some(Unshown { old_order_id, shown: 1.., slot }) if qty != 0 && slot == slot_id => {
                self.unshown = None;
                self.desk.publisher.replaced(old_order_id, &shown, self.wires);
            }
            _ => {
                self.flush_unshown();
                if qty != 0 {
                    self.desk.publisher.add(&shown, self.wires);
                }
            }
        }
    }

    fn filled(&mut self, report: &Fill) {
        self.flush_unshown();
        let Fill { match_id, price, qty, instrument, maker_side, maker_hidden, .. } = *report;
        let displayed = if maker_hidden { 0 } else { qty };
        let filled = Filled { match_id, price, qty, displayed };
        let parties = match maker_side {
            Side::Buy => [&report.maker, &report.taker],
            Side::Sell => [&report.taker, &report.maker],
        };
        self.trade(parties, &filled, maker_side.raw(), maker_hidden);
        if maker_hidden {
            self.desk.publisher.trade(instrument, qty, price, match_id, self.wires);
        } else {
            let order_id = report.maker.order_id;
            self.desk.publisher.executed(instrument, order_id, qty, match_id, self.wires);
        }
        let is_midpoint = |party: &Party| {
            let slot = self.desk.orders.get(party.client as u32);
            slot.is_some_and(|slot| {
                matches!(slot.open.request.pricing, Pricing::Peg { to: PegTo::Midpoint, .. })
            })
        };
        let maker_role = match (maker_hidden, is_midpoint(&report.maker)) {
            (false, _) => TradeRole::Added,
            (true, false) => TradeRole::AddedHidden,
            (true, true) => TradeRole::AddedMidpoint,
        };
        let taker_role = if is_midpoint(&report.taker) {
            TradeRole::RemovedMidpoint
        } else {
            TradeRole::Removed
        };
        self.fill(&report.maker, &filled, maker_role);
        self.fill(&report.taker, &Filled { displayed: 0, ..filled }, taker_role);
    }

    fn crossed(&mut self, report: &Crossed) {
        let Crossed { match_id, price, qty, instrument, buy_displayed, sell_displayed, .. } =
            *report;
        let filled = Filled { match_id, price, qty, displayed: 0 };
        self.trade([&report.buy, &report.sell], &filled, 0, false);
        for (party, side, displayed) in
            [(&report.buy, Side::Buy, buy_displayed), (&report.sell, Side::Sell, sell_displayed)]
        {
            if displayed != 0 {
                let order_id = party.order_id;
                let shown = Shown { order_id, qty: displayed, price, instrument, side, mpid: None };
                self.desk.publisher.executed_in_auction(&shown, match_id, price, self.wires);
            }
        }
        let role = match self.desk.phase(instrument) {
            Phase::ClosingAuction => TradeRole::Closing,
            Phase::VolatilityAuction => TradeRole::Reopening,
            _ => TradeRole::Opening,
        };
        self.fill(&report.buy, &Filled { displayed: buy_displayed, ..filled }, role);
        self.fill(&report.sell, &Filled { displayed: sell_displayed, ..filled }, role);
    }

    fn canceled(&mut self, report: &Canceled) {
        self.flush_unshown();
        let slot_id = report.client as u32;
        let Some(slot) = self.desk.orders.get_mut(slot_id) else { return };
        let was_shown = slot.shown;
        slot.shown = slot.shown.saturating_sub(report.displayed);
        slot.open.leaves = report.leaves;
        let slot = slot.clone();
        let (instrument, qty) = (report.instrument, report.displayed);
        if qty != 0 && qty == was_shown {
            self.desk.publisher.deleted(instrument, report.order_id, self.wires);
        } else if qty != 0 {
            self.desk.publisher.reduced(instrument, report.order_id, qty, self.wires);
        }
        let event = OrderCanceled {
            cause_seq: self.cause_seq,
            order_id: report.order_id,
            client_id: slot.number,
            qty_lots: report.qty,
            leaves_lots: report.leaves,
            strategy_id: slot.port,
            instrument_id: instrument,
            reason: u16::from(report.reason.raw()),
            reserved1: 0,
            reserved2: 0,
        };
        emit!(self, event, OrderCanceled);
        self.say_canceled(&slot, report);
        if report.leaves == 0 {
            self.desk.retire(slot_id);
        }
    }

    fn replaced(&mut self, report: &Replaced) {
        self.flush_unshown();
        let slot_id = report.client as u32;
        let Asking::Replace { name, cl_ord_id, echo, side } = self.asking else { return };
        let Some(slot) = self.desk.orders.get_mut(slot_id) else { return };
        let original = slot.open.name;
        let shown = slot.shown;
        slot.shown = 0;
        self.desk.orders.rename(slot_id, name);
        let number = self.desk.number_of(slot_id, name);
        let Some(slot) = self.desk.orders.get_mut(slot_id) else { return };
        let open = &mut slot.open;
        open.order_id = report.order_id;
        open.cl_ord_id = cl_ord_id;
        open.echo = echo.or(&open.echo);
        open.side = if side == 0 { open.side } else { side };
        open.price = report.price;
        open.leaves = report.qty;
        open.request.qty = open.executed + report.qty;
        if let Pricing::Limit(price) = &mut open.request.pricing {
            *price = report.price;
        }
        slot.number = number;
        let slot = slot.clone();
        self.unshown = Some(Unshown { old_order_id: report.old_order_id, shown, slot: slot_id });
        let event = OrderReplaced {
            cause_seq: self.cause_seq,
            old_order_id: report.old_order_id,
            order_id: report.order_id,
            client_id: slot.number,
            price_ticks: report.price,
            qty_lots: report.qty,
            strategy_id: slot.port,
            instrument_id: report.instrument,
        };
        emit!(self, event, OrderReplaced);
        self.say_of(&slot, &Answer::Replaced { order: &slot.open, original, is_dead: false });
    }

    fn rejected(&mut self, report: &Rejected) {
        let Some(slot) = self.slot(report.client) else { return };
        let (name, request, client_id) = match self.asking {
            Asking::Replace { name, cl_ord_id, .. } => {
                (name, Some(cl_ord_id), self.desk.number_of(report.client as u32, name))
            }
            _ => (slot.open.name, None, slot.number),
        };
        let why = Refusal { reason: report.reason, value: report.value, bound: report.bound };
        let instrument = slot.open.request.instrument;
        self.emit_rejected(slot.port, client_id, instrument, why, report.command);
        match request {
            None => {
                let cl_ord_id = slot.open.cl_ord_id;
                let fault = Fault::of_order(report.reason, &slot.open.request);
                self.say(slot.port, &Answer::Rejected { name, cl_ord_id, fault });
                self.desk.retire(report.client as u32);
            }
            Some(cl_ord_id) => {
                self.refuse_replacement(&slot, name, cl_ord_id, Fault::of(report.reason));
            }
        }
    }

    fn restated(&mut self, report: &Restated) {
        self.flush_unshown();
        let Some(slot) = self.desk.orders.get_mut(report.client as u32) else { return };
        slot.open.order_id = report.order_id;
        slot.open.price = report.price;
        slot.open.leaves = report.leaves;
        slot.shown = report.displayed;
        let mpid = attribution(&slot.open);
        let slot = slot.clone();
        let Restated { order_id, price, displayed, instrument, side, .. } = *report;
        if displayed != 0 {
            let shown = Shown { order_id, qty: displayed, price, instrument, side, mpid };
            self.desk.publisher.add(&shown, self.wires);
        }
        let event = OrderRestated {
            cause_seq: self.cause_seq,
            old_order_id: report.old_order_id,
            order_id,
            client_id: slot.number,
            price_ticks: price,
            qty_lots: report.leaves,
            displayed_lots: displayed,
            strategy_id: slot.port,
            instrument_id: instrument,
            side: side.raw(),
            reason: report.reason.raw(),
            reserved1: 0,
            reserved2: 0,
        };
        emit!(self, event, OrderRestated);
        let reason = report.reason;
        self.say_of(&slot, &Answer::Restated { order: &slot.open, reason, displayed });
    }

    fn prevented(&mut self, report: &Prevented) {
        self.prevented = Some(*report);
    }
}
