// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the matcher says: one call per outcome, in the order in which it happened.
//!
//! Not a wire format. The reports of one command are enough to derive every change of the book (so
//! that a publisher can make ITCH of them) and every event 40 to 44 of the schema.

use crate::events::{
    CancelReason, Liquidity, OrderAccepted, OrderCanceled, OrderFilled, OrderRejected,
    OrderReplaced, OrderType, RejectReason, RestateReason, Side, TimeInForce,
};
use crate::types::{InstrumentId, Lots, Ticks};

/// The owner of historical orders in a replayed market; nobody else's number.
pub const MARKET: u32 = 0;

/// An order was taken. Fills, cancels and [`Rested`] of the same command follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The order's id, rising by one.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// Limit price; 0 for a market order.
    pub price: Ticks,
    /// Quantity to do.
    pub qty: Lots,
    /// Whose.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Whether it may only add.
    pub post_only: bool,
}

/// An order, or what was left of it, joined the back of its price level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rested {
    /// The order.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// Its price.
    pub price: Ticks,
    /// Its displayed quantity; 0 for a hidden order, a slice for a reserve.
    pub leaves: Lots,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
}

/// One side of a [`Fill`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Party {
    /// The order; a venue's reference when the owner is [`MARKET`], 0 for an unseen one.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// What is left of the order; 0: it is dead.
    pub leaves: Lots,
    /// Best bid plus best ask when the order arrived; 0 if the book had no two sides.
    pub arrival_mid2: Ticks,
    /// Whose.
    pub owner: u32,
}

/// Two orders traded, at the maker's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Match number, rising by one; the same for both sides.
    pub match_id: u64,
    /// Trade price.
    pub price: Ticks,
    /// Traded quantity.
    pub qty: Lots,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side of the order that rested.
    pub maker_side: Side,
    /// Whether the order that rested was hidden; else all of `qty` left the displayed book.
    pub maker_hidden: bool,
    /// The order that rested.
    pub maker: Party,
    /// The order that came.
    pub taker: Party,
}

/// An order, or part of it, was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canceled {
    /// The order.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// How much was taken off.
    pub qty: Lots,
    /// How much is left; 0: the order is dead.
    pub leaves: Lots,
    /// How much left the displayed book.
    pub displayed: Lots,
    /// Whose.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Why.
    pub reason: CancelReason,
    /// Whether it stood in the book; false for the remainder of an incoming order.
    pub rested: bool,
}

/// A replacement took the place of a resting order. Fills, cancels and [`Rested`] follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The order that left the book.
    pub old_order_id: u64,
    /// The order that lives on.
    pub order_id: u64,
    /// The replacement's own client number.
    pub client: u64,
    /// New limit price.
    pub price: Ticks,
    /// Quantity still to do.
    pub qty: Lots,
    /// Whose.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
}

/// A command was refused; nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The client's own number in the command; 0 if it has none.
    pub client: u64,
    /// What was found, as the reason defines.
    pub value: i64,
    /// What was allowed, as the reason defines.
    pub bound: i64,
    /// Whose; 0 if not known.
    pub owner: u32,
    /// Instrument; 0 if not known.
    pub instrument: InstrumentId,
    /// Why.
    pub reason: RejectReason,
    /// Event id of the kind of command: 20 enter, 21 cancel or reduce, 22 replace.
    pub command: u16,
}

/// The market itself changed an order, which lives on under a new id, with a new place in time. A
/// reserve's next slice has joined the back of its level; any other order's fills, cancels and
/// [`Rested`] follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restated {
    /// What it was called.
    pub old_order_id: u64,
    /// What it is called now.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// Its price now; 0 for a market order.
    pub price: Ticks,
    /// Quantity still to do.
    pub leaves: Lots,
    /// How much of it has joined the displayed book with this.
    pub displayed: Lots,
    /// Whose.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Why.
    pub reason: RestateReason,
}

/// Self-trade prevention kept two orders apart. The [`Canceled`] of this one follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prevented {
    /// The order that pays for it.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// Quantity that would have traded.
    pub qty: Lots,
    /// Price at which it would have traded.
    pub price: Ticks,
    /// The order that it would have traded with.
    pub by_order_id: u64,
    /// Whose that is.
    pub by_owner: u32,
    /// Whose.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
}

/// Two orders traded in an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossed {
    /// Match number, rising by one; the same for both sides.
    pub match_id: u64,
    /// The auction's price.
    pub price: Ticks,
    /// Traded quantity.
    pub qty: Lots,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The buyer.
    pub buy: Party,
    /// The seller.
    pub sell: Party,
    /// How much of the buy order's displayed quantity it took.
    pub buy_displayed: Lots,
    /// How much of the sell order's displayed quantity it took.
    pub sell_displayed: Lots,
}

/// Who hears what the matcher did. Monomorphised: a report nobody reads costs nothing.
pub trait Reports {
    /// An order was taken.
    fn accepted(&mut self, report: &Accepted);
    /// What is left of an order joined the book.
    fn rested(&mut self, _report: &Rested) {}
    /// Two orders traded.
    fn filled(&mut self, report: &Fill);
    /// An order, or part of it, was cancelled.
    fn canceled(&mut self, report: &Canceled);
    /// An order was replaced.
    fn replaced(&mut self, report: &Replaced);
    /// A command was refused.
    fn rejected(&mut self, report: &Rejected);
    /// The market gave an order a new id.
    fn restated(&mut self, _report: &Restated) {}
    /// Self-trade prevention kept two orders apart.
    fn prevented(&mut self, _report: &Prevented) {}
    /// Two orders traded in an auction.
    fn crossed(&mut self, _report: &Crossed) {}
}

/// Any report, as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// An order was taken.
    Accepted(Accepted),
    /// What is left of an order joined the book.
    Rested(Rested),
    /// Two orders traded.
    Filled(Fill),
    /// An order, or part of it, was cancelled.
    Canceled(Canceled),
    /// An order was replaced.
    Replaced(Replaced),
    /// A command was refused.
    Rejected(Rejected),
    /// The market gave an order a new id.
    Restated(Restated),
    /// Self-trade prevention kept two orders apart.
    Prevented(Prevented),
    /// Two orders traded in an auction.
    Crossed(Crossed),
}

/// Keeps every report; the owner sees to its capacity.
impl Reports for Vec<Report> {
    #[inline]
    fn accepted(&mut self, report: &Accepted) {
        self.push(Report::Accepted(*report));
    }

    #[inline]
    fn rested(&mut self, report: &Rested) {
        self.push(Report::Rested(*report));
    }

    #[inline]
    fn filled(&mut self, report: &Fill) {
        self.push(Report::Filled(*report));
    }

    #[inline]
    fn canceled(&mut self, report: &Canceled) {
        self.push(Report::Canceled(*report));
    }

    #[inline]
    fn replaced(&mut self, report: &Replaced) {
        self.push(Report::Replaced(*report));
    }

    #[inline]
    fn rejected(&mut self, report: &Rejected) {
        self.push(Report::Rejected(*report));
    }

    fn restated(&mut self, report: &Restated) {
        self.push(Report::Restated(*report));
    }

    fn prevented(&mut self, report: &Prevented) {
        self.push(Report::Prevented(*report));
    }

    fn crossed(&mut self, report: &Crossed) {
        self.push(Report::Crossed(*report));
    }
}

impl Accepted {
    /// The event that stands in the journal.
    #[must_use]
    pub fn event(&self, cause_seq: u64) -> OrderAccepted {
        OrderAccepted {
            cause_seq,
            order_id: self.order_id,
            client_id: self.client,
            price_ticks: self.price,
            qty_lots: self.qty,
            strategy_id: self.owner,
            instrument_id: self.instrument,
            side: self.side.raw(),
            order_type: self.order_type.raw(),
            time_in_force: self.time_in_force.raw(),
            post_only: u8::from(self.post_only),
            reserved: 0,
        }
    }
}

impl Fill {
    /// The maker's event, or `None` when the maker is the market.
    #[must_use]
    pub fn maker_event(&self, cause_seq: u64) -> Option<OrderFilled> {
        self.event(cause_seq, &self.maker, self.maker_side, Liquidity::Added)
    }

    /// The taker's event, or `None` when the taker is the market.
    #[must_use]
    pub fn taker_event(&self, cause_seq: u64) -> Option<OrderFilled> {
        self.event(cause_seq, &self.taker, self.maker_side.opposite(), Liquidity::Removed)
    }

    fn event(
        &self,
        cause_seq: u64,
        party: &Party,
        side: Side,
        liquidity: Liquidity,
    ) -> Option<OrderFilled> {
        (party.owner != MARKET).then(|| OrderFilled {
            cause_seq,
            order_id: party.order_id,
            client_id: party.client,
            match_id: self.match_id,
            price_ticks: self.price,
            qty_lots: self.qty,
            leaves_lots: party.leaves,
            arrival_mid2_ticks: party.arrival_mid2,
            strategy_id: party.owner,
            instrument_id: self.instrument,
            side: side.raw(),
            liquidity: liquidity.raw(),
            reserved1: 0,
            reserved2: 0,
        })
    }
}

impl Canceled {
    /// The event that stands in the journal.
    #[must_use]
    pub fn event(&self, cause_seq: u64) -> OrderCanceled {
        OrderCanceled {
            cause_seq,
            order_id: self.order_id,
            client_id: self.client,
            qty_lots: self.qty,
            leaves_lots: self.leaves,
            strategy_id: self.owner,
            instrument_id: self.instrument,
            reason: u16::from(self.reason.raw()),
            reserved1: 0,
            reserved2: 0,
        }
    }
}

impl Replaced {
    /// The event that stands in the journal.
    #[must_use]
    pub fn event(&self, cause_seq: u64) -> OrderReplaced {
        OrderReplaced {
            cause_seq,
            old_order_id: self.old_order_id,
            order_id: self.order_id,
            client_id: self.client,
            price_ticks: self.price,
            qty_lots: self.qty,
            strategy_id: self.owner,
            instrument_id: self.instrument,
        }
    }
}

impl Rejected {
    /// The event that stands in the journal.
    #[must_use]
    pub fn event(&self, cause_seq: u64) -> OrderRejected {
        OrderRejected {
            cause_seq,
            client_id: self.client,
            value: self.value,
            bound: self.bound,
            strategy_id: self.owner,
            instrument_id: self.instrument,
            reason: self.reason.raw(),
            command: self.command,
            reserved: 0,
        }
    }
}
