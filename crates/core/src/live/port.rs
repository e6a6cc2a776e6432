// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Our orders at one venue: the numbers they have there, and what the venue says of them.
//!
//! A port knows two ways to speak. To a venue of OUCH 5.0 the engine itself sends bytes; to any other
//! an adapter does, in a process of its own, and what it is to send are events of the journal. What
//! comes back is one thing for both: a [`Report`].

mod adapter;
mod entry;
mod ouch;
mod report;

use super::shown::Shown;
use crate::book::Books;
use crate::component::Outbox;
use crate::events::{CancelReason, OrderType, RejectReason, TimeInForce};
use crate::hash::StateHasher;
use crate::numbers::NumberTable;
use crate::trading::{Desk, NewOrder, OrderKey, QUOTE_ID_FIRST, VenueCommand, VenueFill};
use crate::types::{InstrumentId, Lots, Side, StrategyId};
use entry::EntryWish;

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
        /// What is left is the port's to say.
        fill: VenueFill,
    },
    Canceled {
        number: u64,
        qty: Lots,
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
    /// An answer to a question: the order lives, with this left.
    Open {
        number: u64,
        order_id: u64,
        leaves: Lots,
    },
    /// An answer to a question: the order is dead, or the venue never had it.
    Gone {
        number: u64,
        was_there: bool,
    },
}

/// How a port speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    Ouch,
    Adapter,
}

/// An order that left, and lives as far as we know.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) number: u64,
    /// `order_id` is 0 until the venue took it.
    pub(super) key: OrderKey,
    pub(super) order: NewOrder,
    pub(super) leaves: Lots,
    pub(super) executed: Lots,
    /// Number of the order that it shall replace; 0 for none.
    pub(super) replaces: u64,
    /// A cancel of all of it has left.
    pub(super) canceling: Option<CancelReason>,
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
    /// Number of the question that the venue was asked when it was last connected; 0 for none.
    question: u64,
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

/// The key of a strategy's order among all of them.
const fn client_key(strategy: StrategyId, client_id: u64) -> u64 {
    let is_quote = (client_id >= QUOTE_ID_FIRST) as u64;
    (strategy as u64) << 48 | is_quote << 47 | client_id & ((1 << 47) - 1)
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
                let NewOrder { strategy, instrument, client_id, qty, .. } = order;
                let sent = Sent {
                    number: self.number_last,
                    key: OrderKey { strategy, instrument, client_id, order_id: 0 },
                    order,
                    leaves: qty,
                    executed: 0,
                    replaces: 0,
                    canceling: None,
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
                    leaves: qty.saturating_sub(old.executed),
                    executed: old.executed,
                    replaces: old.number,
                    canceling: None,
                };
                self.insert(sent);
                self.say_replace(&old, &sent, cause, out);
            }
        }
    }

    fn cancel(&mut self, slot: u32, reason: CancelReason, cause: u64, out: &mut dyn Outbox) {
        let sent = self.at_mut(slot);
        sent.canceling = Some(reason);
        let sent = *sent;
        // Without a connection the wish stands, and leaves as soon as the venue has told everything.
        if self.is_up {
            self.say_cancel(&sent, 0, cause, out);
        }
    }

    /// Cancels all orders that a choice takes, one by one, those on their way too; gives how many.
    pub(super) fn cancel_all(
        &mut self,
        wanted: impl Fn(&OrderKey) -> bool,
        reason: CancelReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> u32 {
        let mut count = 0;
        for slot in 0..self.slots.len() as u32 {
            if self.slots[slot as usize].is_some_and(|sent| wanted(&sent.key)) {
                self.cancel(slot, reason, cause, out);
                count += 1;
            }
        }
        count
    }

    /// The connection came: the venue is asked for everything that it has to tell.
    pub(super) fn connected(&mut self, cause: u64, out: &mut dyn Outbox) {
        self.is_up = true;
        self.ask(cause, out);
    }

    /// The connection went: nothing more leaves, and what is on its way is unknown until told.
    pub(super) fn disconnected(&mut self) {
        (self.is_up, self.is_ready) = (false, false);
        self.outgoing.clear();
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
        for sent in self.sent() {
            hasher.word(sent.number << 1 | u64::from(sent.canceling.is_some()));
            hasher.word(sent.key.order_id);
            hasher.word(sent.leaves);
            hasher.word(sent.executed);
        }
    }
}

/// The side and instrument of an order, for [`Shown`].
const fn place(sent: &Sent) -> (InstrumentId, Side) {
    (sent.key.instrument, sent.order.side)
}
