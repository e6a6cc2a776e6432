// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A venue on the other end of a wire: commands become OUCH 5.0 messages, its messages answers.
//!
//! While an order of an instrument is on its way, quotes of it wait; the last one counts.

use std::collections::VecDeque;

use super::venue::Answers;
use crate::book::Books;
use crate::component::Outbox;
use crate::events::{
    CancelReason, EnterOrder, Liquidity, OrderFormat, OrderType, RejectReason, ReplaceOrder,
    SetQuote, Side, TimeInForce, VenueMessageSent,
};
use crate::hash::StateHasher;
use crate::risk::Refusal;
use crate::trading::{NewOrder, OrderKey, VenueCancel, VenueCommand, VenueFill};
use crate::types::{InstrumentId, Lots, Ticks};
use crate::wire::ouch50::{
    Appended, CancelOrderRequest, EnterOrderRequest, MARKET_PRICE_E4, ReplaceOrderRequest, Tag,
    Writer, outbound,
};

pub(super) const VENUE: u32 = 1;
const MESSAGE_BYTES_MAX: usize = 96;

/// A message on its way out.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing {
    bytes: [u8; MESSAGE_BYTES_MAX],
    length: usize,
}

impl Outgoing {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// An order that left, and lives as far as we know.
#[derive(Clone, Copy, Debug)]
struct Sent {
    number: u32,
    /// `order_id` is 0 until the venue took it.
    key: OrderKey,
    order: NewOrder,
    leaves: Lots,
    executed: Lots,
    /// Number of the order that it shall replace.
    replaces: Option<u32>,
    canceling: Option<CancelReason>,
}

impl Sent {
    const fn is_on_its_way(&self) -> bool {
        self.key.order_id == 0 || self.canceling.is_some()
    }
}

/// Our orders at the venue.
#[derive(Debug)]
pub(super) struct Remote {
    /// By number.
    orders: Vec<Sent>,
    number_last: u32,
    /// The venue said which number comes next.
    is_ready: bool,
    outgoing: VecDeque<Outgoing>,
    /// The last quote that waits, by instrument.
    waiting: Vec<Option<SetQuote>>,
    /// References of ours that the feed's book shows, or soon will, or has not yet dropped.
    shown: Vec<Shown>,
}

/// A reference of ours on the feed.
#[derive(Clone, Copy, Debug)]
struct Shown {
    order_id: u64,
    instrument: InstrumentId,
    side: Side,
}

impl Remote {
    pub(super) fn new(instruments_max: u32, orders_max: u32) -> Self {
        Self {
            orders: Vec::with_capacity(orders_max as usize * 2),
            number_last: 0,
            is_ready: false,
            outgoing: VecDeque::with_capacity(1_024),
            waiting: vec![None; instruments_max as usize + 1],
            shown: Vec::with_capacity(orders_max as usize * 2),
        }
    }

    /// The next message that is to leave.
    pub(super) fn next_outgoing(&mut self) -> Option<Outgoing> {
        self.outgoing.pop_front()
    }

    /// Whether the book of an instrument may hold orders of ours.
    pub(super) fn has_shown(&self, instrument: InstrumentId) -> bool {
        self.shown.iter().any(|shown| shown.instrument == instrument)
    }

    /// Quantity and number of our orders that the feed's book holds at a price. Answers come before
    /// market data: what counts is what the book says, not what we know already.
    pub(super) fn own_at(
        &self,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
        books: &Books,
    ) -> (Lots, u32) {
        let mine = self.shown.iter().filter(|s| s.instrument == instrument && s.side == side);
        let here = mine.filter_map(|shown| books.order(shown.order_id));
        let here = here.filter(|order| order.price == price);
        here.fold((0, 0), |(qty, count), order| (qty + order.qty, count + 1))
    }

    /// Forgets references that are dead and that the book no longer holds.
    pub(super) fn prune(&mut self, books: &Books) {
        let Self { shown, orders, .. } = self;
        shown.retain(|shown| {
            let lives = orders.iter().any(|sent| sent.key.order_id == shown.order_id);
            lives || books.order(shown.order_id).is_some()
        });
    }

    fn show(&mut self, order_id: u64, instrument: InstrumentId, side: Side) {
        self.shown.push(Shown { order_id, instrument, side });
    }

    /// Whether orders may leave: their numbers are known.
    pub(super) const fn is_ready(&self) -> bool {
        self.is_ready
    }

    /// Whether no order is on its way and none lives.
    pub(super) fn is_flat(&self) -> bool {
        self.orders.is_empty()
    }

    /// Puts a quote by while an order of its instrument is on its way; whether it did.
    pub(super) fn puts_by(&mut self, quote: &SetQuote) -> bool {
        let instrument = quote.instrument_id;
        let mine = |sent: &&Sent| sent.key.instrument == instrument;
        if !self.orders.iter().filter(mine).any(Sent::is_on_its_way) {
            return false;
        }
        if let Some(place) = self.waiting.get_mut(instrument as usize) {
            *place = Some(*quote);
        }
        true
    }

    /// The quote that waited, once nothing of its instrument is on its way.
    pub(super) fn take_waiting(&mut self, instrument: InstrumentId) -> Option<SetQuote> {
        let mine = |sent: &&Sent| sent.key.instrument == instrument;
        if self.orders.iter().filter(mine).any(Sent::is_on_its_way) {
            return None;
        }
        self.waiting.get_mut(instrument as usize)?.take()
    }

    fn find(&self, number: u32) -> Option<usize> {
        self.orders.binary_search_by_key(&number, |sent| sent.number).ok()
    }

    fn find_id(&self, order_id: u64) -> Option<usize> {
        self.orders.iter().position(|sent| sent.key.order_id == order_id)
    }

    /// Has a message leave, and journals that it does.
    fn put<M: Appended>(
        &mut self,
        message: &M,
        tag: Option<Tag<'_>>,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let mut outgoing = Outgoing { bytes: [0; MESSAGE_BYTES_MAX], length: 0 };
        let mut writer = Writer::new(&mut outgoing.bytes, message);
        if let Some(tag) = tag {
            writer.tag(tag);
        }
        outgoing.length = writer.finish().expect("room for the longest message");
        let head = VenueMessageSent {
            cause_seq: cause,
            venue_id: VENUE,
            format: u16::from(OrderFormat::Ouch50.raw()),
            reserved: 0,
        };
        let mut body = [0; VenueMessageSent::SIZE + MESSAGE_BYTES_MAX];
        let length = VenueMessageSent::SIZE + outgoing.length;
        body[..VenueMessageSent::SIZE].copy_from_slice(&head.encode());
        body[VenueMessageSent::SIZE..length].copy_from_slice(outgoing.bytes());
        out.emit(VenueMessageSent::KIND, VenueMessageSent::VERSION, &body[..length]);
        self.outgoing.push_back(outgoing);
    }

    /// Has the venue do what the desk decided.
    pub(super) fn execute(
        &mut self,
        command: &VenueCommand,
        symbol: [u8; 8],
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        match *command {
            VenueCommand::Enter(order) => self.enter(&order, symbol, cause, out),
            VenueCommand::Cancel { key, reason } => {
                let Some(at) = self.find_id(key.order_id).filter(|_| key.order_id != 0) else {
                    return;
                };
                self.cancel_at(at, reason, cause, out);
            }
            VenueCommand::Reduce { key, qty, .. } => {
                let Some(at) = self.find_id(key.order_id).filter(|_| key.order_id != 0) else {
                    return;
                };
                let (user_ref_num, quantity) = (self.orders[at].number, qty as u32);
                self.put(&CancelOrderRequest { user_ref_num, quantity }, None, cause, out);
            }
            VenueCommand::Replace { key, client_id, price, qty } => {
                let Some(at) = self.find_id(key.order_id) else { return };
                let old = self.orders[at];
                self.number_last += 1;
                let number = self.number_last;
                let message = ReplaceOrderRequest {
                    original_user_ref_num: old.number,
                    user_ref_num: number,
                    quantity: qty as u32,
                    price_e4: price.unsigned_abs(),
                    time_in_force: b'0',
                    display: b'Y',
                    sweep_eligibility: b'N',
                    cl_ord_id: [b' '; 14],
                };
                let post_only = old.order.post_only.then_some(Tag::PostOnly(b'P'));
                self.put(&message, post_only, cause, out);
                self.orders.push(Sent {
                    number,
                    key: OrderKey { client_id, order_id: 0, ..key },
                    order: NewOrder { client_id, price, qty, ..old.order },
                    leaves: qty.saturating_sub(old.executed),
                    executed: old.executed,
                    replaces: Some(old.number),
                    canceling: None,
                });
            }
        }
    }

    fn enter(&mut self, order: &NewOrder, symbol: [u8; 8], cause: u64, out: &mut dyn Outbox) {
        self.number_last += 1;
        let number = self.number_last;
        let message = EnterOrderRequest {
            user_ref_num: number,
            side: if order.side == Side::Buy { b'B' } else { b'S' },
            quantity: order.qty as u32,
            symbol,
            price_e4: match order.order_type {
                OrderType::Market => MARKET_PRICE_E4,
                _ => order.price.unsigned_abs(),
            },
            time_in_force: if order.time_in_force == TimeInForce::Day { b'0' } else { b'3' },
            display: b'Y',
            capacity: b'P',
            sweep_eligibility: b'N',
            cross_type: b'N',
            cl_ord_id: [b' '; 14],
        };
        let tag = match (order.post_only, order.time_in_force) {
            (true, _) => Some(Tag::PostOnly(b'P')),
            (false, TimeInForce::Fok) => Some(Tag::MinimumQuantity(order.qty as u32)),
            _ => None,
        };
        self.put(&message, tag, cause, out);
        let NewOrder { strategy, instrument, client_id, .. } = *order;
        self.orders.push(Sent {
            number,
            key: OrderKey { strategy, instrument, client_id, order_id: 0 },
            order: *order,
            leaves: order.qty,
            executed: 0,
            replaces: None,
            canceling: None,
        });
    }

    fn cancel_at(&mut self, at: usize, reason: CancelReason, cause: u64, out: &mut dyn Outbox) {
        let sent = &mut self.orders[at];
        sent.canceling = Some(reason);
        let user_ref_num = sent.number;
        self.put(&CancelOrderRequest { user_ref_num, quantity: 0 }, None, cause, out);
    }

    /// Cancels all orders of a strategy, in one instrument or (0) in all; also those on their way:
    /// an order that the venue took knows its number by then.
    pub(super) fn cancel_all(
        &mut self,
        strategy: u32,
        instrument: InstrumentId,
        reason: CancelReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        for at in 0..self.orders.len() {
            let key = self.orders[at].key;
            if key.strategy == strategy && (instrument == 0 || key.instrument == instrument) {
                self.cancel_at(at, reason, cause, out);
            }
        }
        match self.waiting.get_mut(instrument as usize) {
            Some(place) if instrument != 0 => *place = None,
            _ => self.waiting.fill(None),
        }
    }

    /// Takes a message of the venue in; gives the instrument it was about, 0 for none.
    pub(super) fn message(&mut self, bytes: &[u8], answers: &mut Answers<'_>) -> InstrumentId {
        use outbound::Message;
        let Ok(message) = Message::decode(bytes) else { return 0 };
        match message {
            Message::OrderAccepted(view) => {
                let m = view.read();
                self.accepted(m.user_ref_num, m.order_ref, answers)
            }
            Message::OrderReplaced(view) => {
                let m = view.read();
                self.replaced(m.user_ref_num, m.order_ref, Lots::from(m.quantity), answers)
            }
            Message::OrderExecuted(view) => {
                let m = view.read();
                let liquidity = match m.liquidity_flag {
                    b'R' | b'm' => Liquidity::Removed,
                    _ => Liquidity::Added,
                };
                let fill = VenueFill {
                    match_id: m.match_number,
                    price: m.price_e4.cast_signed(),
                    qty: Lots::from(m.quantity),
                    leaves: 0,
                    liquidity,
                    fee_e9: None,
                };
                self.executed(m.user_ref_num, fill, answers)
            }
            Message::OrderCanceled(view) => {
                let m = view.read();
                let reason = reason_of(m.reason);
                self.canceled(m.user_ref_num, Lots::from(m.quantity), reason, answers)
            }
            Message::AiqCanceled(view) => {
                let m = view.read();
                let qty = Lots::from(m.decrement_shares);
                self.canceled(m.user_ref_num, qty, CancelReason::SelfTrade, answers)
            }
            Message::AccountQueryResponse(view) => {
                self.number_last = view.read().next_user_ref_num.saturating_sub(1);
                self.is_ready = true;
                0
            }
            Message::Rejected(view) => self.rejected(view.read().user_ref_num, answers),
            _ => 0,
        }
    }

    fn accepted(&mut self, number: u32, order_ref: u64, answers: &mut Answers<'_>) -> InstrumentId {
        let Some(at) = self.find(number) else { return 0 };
        let sent = &mut self.orders[at];
        sent.key.order_id = order_ref;
        let (key, order) = (sent.key, sent.order);
        self.show(order_ref, key.instrument, order.side);
        answers.desk.on_accepted(key, &order, answers.cause, answers.out);
        key.instrument
    }

    fn replaced(
        &mut self,
        number: u32,
        order_ref: u64,
        leaves: Lots,
        answers: &mut Answers<'_>,
    ) -> InstrumentId {
        let Some(at) = self.find(number) else { return 0 };
        self.orders[at].key.order_id = order_ref;
        self.orders[at].leaves = leaves;
        let Sent { key, order, replaces, .. } = self.orders[at];
        self.show(order_ref, key.instrument, order.side);
        let old = replaces.and_then(|old| self.find(old)).map(|old| self.orders.remove(old));
        let old_order_id = old.map_or(0, |old| old.key.order_id);
        if let Some(at) = self.find(number) {
            self.orders[at].executed = old.map_or(0, |old| old.executed);
            self.orders[at].replaces = None;
        }
        let (cause, price) = (answers.cause, order.price);
        answers.desk.on_replaced(old_order_id, key, price, leaves, cause, answers.out);
        key.instrument
    }

    fn executed(
        &mut self,
        number: u32,
        fill: VenueFill,
        answers: &mut Answers<'_>,
    ) -> InstrumentId {
        let Some(at) = self.find(number) else { return 0 };
        let sent = &mut self.orders[at];
        sent.executed += fill.qty;
        sent.leaves = sent.leaves.saturating_sub(fill.qty);
        let (key, leaves) = (sent.key, sent.leaves);
        let fill = VenueFill { leaves, ..fill };
        answers.desk.on_filled(key, &fill, answers.cause, answers.out);
        if leaves == 0 {
            self.gone(at, answers);
        }
        key.instrument
    }

    fn canceled(
        &mut self,
        number: u32,
        qty: Lots,
        reason: CancelReason,
        answers: &mut Answers<'_>,
    ) -> InstrumentId {
        let Some(at) = self.find(number) else { return 0 };
        let sent = &mut self.orders[at];
        sent.leaves = sent.leaves.saturating_sub(qty);
        let (key, leaves) = (sent.key, sent.leaves);
        let reason = match (reason, sent.canceling) {
            (CancelReason::User, Some(asked)) => asked,
            _ => reason,
        };
        let cancel = VenueCancel { qty, leaves, reason, is_once: true };
        answers.desk.on_canceled(key, cancel, answers.cause, answers.out);
        if leaves == 0 {
            self.gone(at, answers);
        }
        key.instrument
    }

    /// An order is dead: what should have replaced it never will.
    fn gone(&mut self, at: usize, answers: &mut Answers<'_>) {
        let number = self.orders.remove(at).number;
        while let Some(at) = self.orders.iter().position(|sent| sent.replaces == Some(number)) {
            let OrderKey { strategy, instrument, client_id, .. } = self.orders.remove(at).key;
            answers.desk.release(strategy, instrument, client_id);
        }
    }

    fn rejected(&mut self, number: u32, answers: &mut Answers<'_>) -> InstrumentId {
        let Some(at) = self.find(number) else { return 0 };
        let Sent { key, replaces, .. } = self.orders.remove(at);
        let command = if replaces.is_some() { ReplaceOrder::KIND } else { EnterOrder::KIND };
        let refusal = Refusal { reason: RejectReason::VenueRefused, value: 0, bound: 0 };
        answers.desk.on_rejected(key, command, refusal, answers.cause, answers.out);
        if let Some(old) = replaces.and_then(|old| self.find(old)) {
            // The venue refused to move it: no quote is better than a stale one.
            self.cancel_at(old, CancelReason::Quote, answers.cause, answers.out);
        }
        key.instrument
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.word(u64::from(self.number_last));
        for sent in &self.orders {
            hasher.word(u64::from(sent.number) << 1 | u64::from(sent.canceling.is_some()));
            hasher.word(sent.key.order_id);
            hasher.word(sent.leaves);
            hasher.word(sent.executed);
        }
        for shown in &self.shown {
            hasher.word(shown.order_id);
        }
        for quote in self.waiting.iter().flatten() {
            hasher.bytes(&quote.encode());
        }
    }
}

/// Why the venue cancelled. Source: OUCH 5.0, appendix B.
const fn reason_of(letter: u8) -> CancelReason {
    match letter {
        b'I' => CancelReason::Ioc,
        b'K' => CancelReason::Collar,
        b'T' => CancelReason::Expired,
        b'Q' => CancelReason::SelfTrade,
        b'S' => CancelReason::Operator,
        b'C' => CancelReason::Auction,
        b'E' => CancelReason::DayEnded,
        b'H' => CancelReason::Halted,
        b'Z' => CancelReason::Disconnected,
        _ => CancelReason::User,
    }
}
