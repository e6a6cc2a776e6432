// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Our orders at one venue: the numbers they have there, and what the venue says of them.
//!
//! A port knows two ways to speak. To a venue of OUCH 5.0 the engine itself sends bytes; to any other
//! an adapter does, in a process of its own, and what it is to send are events of the journal. What
//! comes back is one thing for both: a [`Report`].

mod adapter;
mod doubts;
mod entry;
mod ouch;
mod past;
mod report;
mod snapshot;

use super::shown::Shown;
use crate::book::Books;
use crate::component::Outbox;
use crate::events::{CancelReason, OrderType, RejectReason, TimeInForce};
use crate::hash::StateHasher;
use crate::numbers::NumberTable;
use crate::trading::{
    CLIENT_ID_MAX, Desk, NewOrder, OrderKey, QUOTE_ID_FIRST, VenueCommand, VenueFill,
};
use crate::types::{InstrumentId, Lots, SECOND_NS, Side, StrategyId, TsNs};
use entry::EntryWish;
use past::Past;

pub(super) use adapter::report_of as adapter_report;
pub use ouch::Outgoing;
pub(super) use ouch::report_of as ouch_report;

/// What a venue says of an order, whatever its protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Report {
    Accepted {
        number: u64,
        order_id: u64,
    },
    Rejected {
        number: u64,
        reason: RejectReason,
    },
    Filled {
        number: u64,
        /// What is left is order management's to say.
        fill: VenueFill,
        /// Where it traded, and on which side, if the venue says so.
        place: Option<(InstrumentId, Side)>,
    },
    Canceled {
        number: u64,
        qty: Lots,
        /// What is left, where the venue says so.
        leaves: Option<Lots>,
        reason: CancelReason,
    },
    Replaced {
        number: u64,
        order_id: u64,
        leaves: Lots,
    },
    /// The venue gave the order a new reference.
    Renamed {
        number: u64,
        order_id: u64,
    },
    CancelRejected {
        number: u64,
    },
    /// The venue has told everything that it said before this.
    Told,
    /// The lowest number that the venue has not seen.
    Next {
        number: u64,
    },
    /// The venue has answered, or refused, a request that is not about an order.
    Answered {
        number: u64,
    },
    /// An answer to a question: the order lives, with this left, and this traded over the chain.
    Open {
        number: u64,
        order_id: u64,
        leaves: Lots,
        executed: Lots,
    },
    /// An answer to a question: the order is dead, and this traded over the chain.
    Gone {
        number: u64,
        executed: Lots,
    },
    /// An answer to a question: the venue never had it.
    NotFound {
        number: u64,
    },
}

/// How a port speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    Ouch,
    Adapter,
}

/// An order that left, and lives as far as we know. What is left of it is order management's to say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) number: u64,
    /// `order_id` is 0 until the venue took it.
    pub(super) key: OrderKey,
    pub(super) order: NewOrder,
    /// Number of the order that it shall replace; 0 for none.
    pub(super) replaces: u64,
    /// A cancel of all of it has left.
    pub(super) canceling: Option<CancelReason>,
    /// Time of the last tick before something left that the venue is to answer.
    pub(super) asked_ns: TsNs,
}

impl Sent {
    pub(super) const fn is_on_its_way(&self) -> bool {
        self.key.order_id == 0 || self.canceling.is_some()
    }
}

/// Takes the venue's words to order management.
pub(super) struct Answers<'a> {
    pub(super) desk: &'a mut Desk,
    pub(super) books: &'a Books,
    pub(super) out: &'a mut dyn Outbox,
    /// The input that all this follows from.
    pub(super) cause: u64,
}

/// Our orders at one venue.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) venue: u32,
    speech: Speech,
    slots: Vec<Option<Sent>>,
    free: Vec<u32>,
    by_number: NumberTable,
    by_client: NumberTable,
    number_last: u64,
    /// Number of the last question for everything that the venue was asked; 0 for none.
    question: u64,
    /// The last of them that needs no answer any more.
    answered: u64,
    /// Orders that are dead: the venue may speak of them still.
    past: Past,
    /// Orders whose cancel left without order management having asked for it.
    canceled: Vec<OrderKey>,
    /// Time of the last tick of the clock.
    tick_ns: TsNs,
    /// Time that an answer may take.
    answer_ns: TsNs,
    /// Nothing is late before this time.
    due_ns: TsNs,
    /// Order entry is connected: something may leave.
    is_up: bool,
    /// The venue has told everything and says which number comes next: orders may leave.
    is_ready: bool,
    /// Replacements on their way.
    heirs: u32,
    /// Whether the venue takes new orders of the firm.
    entry: EntryWish,
    /// The session is to be dropped, so that the venue cancels what it holds.
    pub(super) wants_drop: bool,
    pub(super) shown: Shown,
    pub(super) outgoing: Vec<Outgoing>,
}

/// Time that an answer may take where nobody says otherwise.
const ANSWER_NS: TsNs = SECOND_NS;

/// The key of a strategy's order among all of them. The three kinds of numbers that orders have (a
/// strategy's own, a quote's, those of groups) keep apart.
const fn client_key(strategy: StrategyId, client_id: u64) -> u64 {
    let kind = if client_id >= QUOTE_ID_FIRST { 2 } else { (client_id > CLIENT_ID_MAX) as u64 };
    (strategy as u64) << 48 | kind << 46 | client_id & ((1 << 46) - 1)
}

impl Port {
    pub(super) fn new(venue: u32, speech: Speech, instruments_max: u32, orders_max: u32) -> Self {
        Self {
            venue,
            speech,
            slots: vec![None; orders_max as usize],
            free: (0..orders_max).rev().collect(),
            by_number: NumberTable::new(orders_max),
            by_client: NumberTable::new(orders_max),
            number_last: 0,
            question: 0,
            answered: 0,
            past: Past::new(),
            canceled: Vec::with_capacity(orders_max as usize),
            tick_ns: 0,
            answer_ns: ANSWER_NS,
            due_ns: TsNs::MAX,
            is_up: false,
            is_ready: false,
            heirs: 0,
            entry: EntryWish { is_open: true, is_due: false },
            wants_drop: false,
            shown: Shown::new(instruments_max, orders_max),
            outgoing: Vec::with_capacity(64),
        }
    }

    /// What the venue has no orders for, by type and life; OUCH as it is spoken here has no others.
    pub(super) const fn lacks(&self, order_type: OrderType, life: TimeInForce) -> Option<u8> {
        let is_peg = matches!(
            order_type,
            OrderType::PegPrimary | OrderType::PegMarket | OrderType::PegMidpoint
        );
        if matches!(self.speech, Speech::Adapter) {
            // OrderSent has no place for what a peg goes by.
            return if is_peg { Some(order_type.raw()) } else { None };
        }
        if !matches!(order_type, OrderType::Limit | OrderType::Market) {
            return Some(order_type.raw());
        }
        if !matches!(life, TimeInForce::Day | TimeInForce::Ioc | TimeInForce::Fok) {
            return Some(life.raw());
        }
        None
    }

    /// Whether terms beyond price, quantity and life can be said to the venue.
    pub(super) const fn takes_special(&self) -> bool {
        matches!(self.speech, Speech::Adapter)
    }

    /// Whether orders may leave: the venue has told everything, and their numbers are known.
    pub(super) const fn is_ready(&self) -> bool {
        self.is_ready
    }

    /// Live orders and those on their way, in no particular order.
    pub(super) fn sent(&self) -> impl Iterator<Item = &Sent> {
        self.slots.iter().flatten()
    }

    /// How many orders live or are on their way.
    pub(super) fn live(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether another order fits.
    pub(super) fn has_room(&self) -> bool {
        !self.free.is_empty()
    }

    /// Whether a strategy's order is on its way.
    pub(super) fn is_on_its_way(&self, strategy: StrategyId, client_id: u64) -> bool {
        self.by_client(strategy, client_id).is_some_and(|slot| self.at(slot).is_on_its_way())
    }

    fn by_client(&self, strategy: StrategyId, client_id: u64) -> Option<u32> {
        self.by_client.find(client_key(strategy, client_id))
    }

    /// Whose the order of a number is, while it is known.
    pub(super) fn strategy_of(&self, number: u64) -> Option<StrategyId> {
        self.by_number(number).map(|slot| self.at(slot).key.strategy)
    }

    fn by_number(&self, number: u64) -> Option<u32> {
        self.by_number.find(number)
    }

    fn at(&self, slot: u32) -> &Sent {
        self.slots[slot as usize].as_ref().expect("a slot that is named holds an order")
    }

    fn at_mut(&mut self, slot: u32) -> &mut Sent {
        self.slots[slot as usize].as_mut().expect("a slot that is named holds an order")
    }

    fn insert(&mut self, sent: Sent) {
        let Some(slot) = self.free.pop() else { return };
        self.heirs += u32::from(sent.replaces != 0);
        self.by_number.insert(sent.number, slot);
        self.by_client.insert(client_key(sent.key.strategy, sent.key.client_id), slot);
        self.slots[slot as usize] = Some(sent);
    }

    fn remove(&mut self, slot: u32) -> Sent {
        let sent = *self.at(slot);
        self.by_number.remove(sent.number);
        self.by_client.remove(client_key(sent.key.strategy, sent.key.client_id));
        self.heirs -= u32::from(sent.replaces != 0);
        self.slots[slot as usize] = None;
        self.free.push(slot);
        sent
    }

    /// The order of ours that what a venue tells of an order may be about: by our number for it, else
    /// by the venue's. One that the venue has not named to us yet may be any of its instrument.
    pub(super) fn explains(
        &self,
        number: u64,
        order_id: u64,
        instrument: InstrumentId,
    ) -> Option<OrderKey> {
        if let Some(slot) = self.by_number(number) {
            return Some(self.at(slot).key).filter(|key| key.instrument == instrument);
        }
        let keys = || self.sent().map(|sent| sent.key).filter(|k| k.instrument == instrument);
        let named = keys().find(|key| key.order_id == order_id);
        named.or_else(|| keys().find(|key| number == 0 && key.order_id == 0))
    }

    /// Has the venue do what the desk decided.
    pub(super) fn execute(
        &mut self,
        command: &VenueCommand,
        symbol: &[u8],
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        match *command {
            VenueCommand::Enter(order) => {
                self.number_last += 1;
                let NewOrder { strategy, instrument, client_id, .. } = order;
                let sent = Sent {
                    number: self.number_last,
                    key: OrderKey { strategy, instrument, client_id, order_id: 0 },
                    order,
                    replaces: 0,
                    canceling: None,
                    asked_ns: self.awaited(),
                };
                self.insert(sent);
                self.say_enter(&sent, symbol, cause, out);
            }
            VenueCommand::Cancel { key, reason } => {
                if let Some(slot) = self.by_client(key.strategy, key.client_id) {
                    self.cancel(slot, reason, cause, out);
                }
            }
            VenueCommand::Reduce { key, qty, .. } => {
                if let Some(slot) = self.by_client(key.strategy, key.client_id) {
                    let sent = *self.at(slot);
                    self.say_cancel(&sent, qty, cause, out);
                }
            }
            VenueCommand::Replace { key, client_id, price, qty } => {
                let Some(slot) = self.by_client(key.strategy, key.client_id) else { return };
                let old = *self.at(slot);
                self.number_last += 1;
                let sent = Sent {
                    number: self.number_last,
                    key: OrderKey { client_id, order_id: 0, ..key },
                    order: NewOrder { client_id, price, qty, ..old.order },
                    replaces: old.number,
                    canceling: None,
                    asked_ns: self.awaited(),
                };
                self.insert(sent);
                self.say_replace(&old, &sent, cause, out);
            }
        }
    }

    fn cancel(&mut self, slot: u32, reason: CancelReason, cause: u64, out: &mut dyn Outbox) {
        let asked_ns = self.awaited();
        let sent = self.at_mut(slot);
        (sent.canceling, sent.asked_ns) = (Some(reason), asked_ns);
        let sent = *sent;
        // Without a connection the wish stands, and leaves as soon as the venue has told everything.
        if self.is_up {
            self.say_cancel(&sent, 0, cause, out);
        }
    }

    /// Cancels all orders that a choice takes, one by one, those on their way too; gives how many.
    /// Order management is told by [`Self::tell_canceled`].
    pub(super) fn cancel_all(
        &mut self,
        wanted: impl Fn(&OrderKey) -> bool,
        reason: CancelReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> u32 {
        let mut count = 0;
        for slot in 0..self.slots.len() as u32 {
            if let Some(sent) = self.slots[slot as usize].filter(|sent| wanted(&sent.key)) {
                self.cancel(slot, reason, cause, out);
                self.canceled.push(sent.key);
                count += 1;
            }
        }
        count
    }

    /// Tells order management which cancels have left that it did not ask for.
    pub(super) fn tell_canceled(&mut self, desk: &mut Desk) {
        for key in self.canceled.drain(..) {
            desk.on_cancel_sent(key);
        }
    }

    fn say_enter(&mut self, sent: &Sent, symbol: &[u8], cause: u64, out: &mut dyn Outbox) {
        match self.speech {
            Speech::Ouch => self.ouch_enter(sent, symbol, cause, out),
            Speech::Adapter => self.adapter_enter(sent, cause, out),
        }
    }

    fn say_cancel(&mut self, sent: &Sent, qty: Lots, cause: u64, out: &mut dyn Outbox) {
        match self.speech {
            Speech::Ouch => self.ouch_cancel(sent, qty, cause, out),
            Speech::Adapter => self.adapter_cancel(sent, qty, cause, out),
        }
    }

    fn say_replace(&mut self, old: &Sent, new: &Sent, cause: u64, out: &mut dyn Outbox) {
        match self.speech {
            Speech::Ouch => self.ouch_replace(old, new, cause, out),
            Speech::Adapter => self.adapter_replace(old, new, cause, out),
        }
    }

    /// Asks the venue to cancel everything of ours at once.
    pub(super) fn mass_cancel(&mut self, cause: u64, out: &mut dyn Outbox) {
        if !self.is_up {
            return;
        }
        match self.speech {
            Speech::Ouch => self.ouch_mass_cancel(cause, out),
            Speech::Adapter => self.adapter_mass_cancel(cause, out),
        }
    }

    /// Asks the venue to tell everything that it holds.
    fn ask(&mut self, cause: u64, out: &mut dyn Outbox) {
        match self.speech {
            Speech::Ouch => self.ouch_ask(cause, out),
            Speech::Adapter => self.adapter_ask(cause, out),
        }
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.word(self.number_last << 2 | u64::from(self.is_up) << 1 | u64::from(self.is_ready));
        let EntryWish { is_open, is_due } = self.entry;
        hasher.word(u64::from(is_open) << 1 | u64::from(is_due));
        hasher.word(self.question);
        hasher.word(self.answered);
        for sent in self.sent() {
            hasher.word(sent.number << 1 | u64::from(sent.canceling.is_some()));
            hasher.word(sent.key.order_id);
            hasher.signed(sent.asked_ns);
        }
    }
}

/// The side and instrument of an order, for [`Shown`].
const fn place(sent: &Sent) -> (InstrumentId, Side) {
    (sent.key.instrument, sent.order.side)
}
