// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What strategies ask for, through order management and risk, to the ports; and what venues answer.

use super::port::{Answers, Port, adapter_report, ouch_report};
use super::reconcile::Heard;
use super::{Core, Node};
use crate::component::{Entry, Outbox};
use crate::events::{
    CancelAll, CancelOrder, CancelReason, EnterOrder, FeeTakenInKind, OrderFormat, OrderType,
    RejectReason, ReplaceOrder, SetQuote, SubmitOrder, TimeInForce, VenueMessageReceived,
    VenueReported,
};
use crate::risk::Refusal;
use crate::trading::{FeeInKind, OrderKey, Reference, Telling, VenueCommand, submit_flags};
use crate::types::{InstrumentId, Side, StrategyId};

impl Node {
    /// Has the venue do what order management decided.
    pub(super) fn send(
        &mut self,
        id: InstrumentId,
        command: &VenueCommand,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let VenueCommand::Cancel { key, .. } | VenueCommand::Reduce { key, .. } = command {
            self.core.desk.risk_mut().on_cancel(key.strategy, key.instrument);
        }
        if self.core.has_breakers {
            self.core.count_sent(command);
        }
        let Some(market) = self.core.markets.get(id as usize) else { return };
        let Some(venue) = self.venues.get_mut((market.venue as usize).wrapping_sub(1)) else {
            return;
        };
        let symbol = market.instrument.as_ref().map_or(&[][..], |i| i.symbol());
        venue.port.execute(command, symbol, cause, out);
    }

    /// Why an instrument takes no new order; `None` when it does.
    pub(super) fn refusal(&self, id: InstrumentId) -> Option<Refusal> {
        let refuse = |reason, value| Some(Refusal { reason, value, bound: 0 });
        let venue = self.venue_of(id);
        let Some(venue) = self.venues.get((venue as usize).wrapping_sub(1)) else {
            return refuse(RejectReason::InstrumentUnknown, i64::from(id));
        };
        if !venue.port.is_ready() {
            return refuse(RejectReason::VenueDown, i64::from(venue.port.venue));
        }
        if let Some(refusal) = self.unreconciled(venue.port.venue) {
            return Some(refusal);
        }
        if !venue.port.has_room() {
            return refuse(
                RejectReason::Capacity,
                i64::try_from(venue.port.live()).unwrap_or(i64::MAX),
            );
        }
        None
    }

    /// What the gate is told of a market, for an order of this side.
    pub(super) fn reference_for(&self, id: InstrumentId, side: u8) -> Reference {
        let mut market = self.reference(id);
        if let Some(side) = Side::from_raw(side)
            && self.core.desk.risk().wants_depth(id)
            && let Some(books) = self.books(self.venue_of(id))
        {
            let levels = books.levels(id, side.opposite());
            market.set_depth(levels.map(|level| (level.price, level.qty)));
        }
        market
    }

    /// Why the venue of an instrument cannot be told such an order; a field that is not defined is
    /// order management's to refuse.
    pub(super) fn lacking(
        &self,
        id: InstrumentId,
        kind: u8,
        life: u8,
        is_special: bool,
    ) -> Option<Refusal> {
        let venue = self.venues.get((self.venue_of(id) as usize).wrapping_sub(1))?;
        let kind = OrderType::from_raw(kind)?;
        let missing = venue.port.lacks(kind, TimeInForce::from_raw(life)?);
        let special = is_special && !venue.port.takes_special();
        let what = missing.or(special.then_some(submit_flags::HIDDEN))?;
        Some(lacks(what))
    }

    pub(super) fn enter(&mut self, order: &EnterOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let id = order.instrument_id;
        let market = self.reference_for(id, order.side);
        let lacking = || self.lacking(id, order.order_type, order.time_in_force, false);
        let held_back = || self.held_back(order.strategy_id, id, entry.ts_ns);
        let refusal = self.refusal(id).or_else(lacking).or_else(held_back);
        let (desk, mut telling) = self.core.telling(out);
        if let Some(refusal) = refusal {
            let key = key_of(order.strategy_id, id, order.client_id);
            desk.refuse(key, EnterOrder::KIND, refusal, entry.seq, &mut telling);
            return;
        }
        let command = desk.enter(order, &market, entry.ts_ns, entry.seq, &mut telling);
        if let Some(command) = command {
            self.send(id, &command, entry.seq, out);
        }
    }

    pub(super) fn submit_order(
        &mut self,
        order: &SubmitOrder,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let id = order.instrument_id;
        let market = self.reference_for(id, order.side);
        let is_special = order.display_lots | order.min_qty_lots != 0;
        let is_hidden = order.flags & submit_flags::HIDDEN != 0;
        // Neither kind of venue is told of hidden orders yet: never shown instead.
        let hidden = is_hidden.then(|| lacks(submit_flags::HIDDEN));
        let lacking =
            || hidden.or(self.lacking(id, order.order_type, order.time_in_force, is_special));
        let held_back = || self.held_back(order.strategy_id, id, entry.ts_ns);
        let refusal = self.refusal(id).or_else(lacking).or_else(held_back);
        let (desk, mut telling) = self.core.telling(out);
        if let Some(refusal) = refusal {
            let key = key_of(order.strategy_id, id, order.client_id);
            desk.refuse(key, SubmitOrder::KIND, refusal, entry.seq, &mut telling);
            return;
        }
        let command = desk.submit_order(order, &market, entry.ts_ns, entry.seq, &mut telling);
        if let Some(command) = command {
            self.send(id, &command, entry.seq, out);
        }
    }

    /// A cancel is never refused while the order is there: without a connection it leaves as soon as
    /// there is one again. A reduction is, then: nobody knows what it would find.
    pub(super) fn cancel(&mut self, cancel: &CancelOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let refusal = self
            .refusal(cancel.instrument_id)
            .filter(|why| cancel.qty_lots != 0 && why.reason == RejectReason::VenueDown);
        let (desk, mut telling) = self.core.telling(out);
        if let Some(refusal) = refusal {
            let key = key_of(cancel.strategy_id, cancel.instrument_id, cancel.client_id);
            desk.refuse(key, CancelOrder::KIND, refusal, entry.seq, &mut telling);
            return;
        }
        if let Some(command) = desk.cancel(cancel, entry.seq, &mut telling) {
            self.send(cancel.instrument_id, &command, entry.seq, out);
        }
    }

    pub(super) fn replace(
        &mut self,
        replace: &ReplaceOrder,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let (id, market) = (replace.instrument_id, self.reference(replace.instrument_id));
        let held_back = || self.held_back(replace.strategy_id, id, entry.ts_ns);
        let refusal = self.refusal(id).or_else(held_back);
        let (desk, mut telling) = self.core.telling(out);
        if let Some(refusal) = refusal {
            let key = key_of(replace.strategy_id, id, replace.new_client_id);
            desk.refuse(key, ReplaceOrder::KIND, refusal, entry.seq, &mut telling);
            return;
        }
        let command = desk.replace(replace, &market, entry.ts_ns, entry.seq, &mut telling);
        if let Some(command) = command {
            self.send(id, &command, entry.seq, out);
        }
    }

    /// A quote. While one of its orders is on its way it waits, and only the last one counts.
    pub(super) fn quote(&mut self, quote: &SetQuote, entry: Entry<'_>, out: &mut dyn Outbox) {
        let SetQuote { strategy_id, instrument_id: id, .. } = *quote;
        if self.is_quote_on_its_way(strategy_id, id) {
            if let Some(at) = self.core.waiting_index(strategy_id, id) {
                self.core.waiting[at] = Some(*quote);
            }
            return;
        }
        let mut quote = *quote;
        let withdraws = quote.bid_qty_lots == 0 && quote.ask_qty_lots == 0;
        let is_held_back = !withdraws && self.held_back(strategy_id, id, entry.ts_ns).is_some();
        if is_held_back && self.core.throttle.wait(strategy_id, id) {
            // What stands stays until the pause is over; only the last quote counts then.
            if let Some(at) = self.core.waiting_index(strategy_id, id) {
                self.core.waiting[at] = Some(quote);
            }
            return;
        }
        if let Some(refusal) = self.refusal(id).filter(|_| !withdraws) {
            let key = key_of(strategy_id, id, 0);
            let (desk, mut telling) = self.core.telling(out);
            desk.refuse(key, SetQuote::KIND, refusal, entry.seq, &mut telling);
            // What cannot be moved is withdrawn: no quote is better than a stale one.
            (quote.bid_qty_lots, quote.ask_qty_lots) = (0, 0);
        }
        let quote = &quote;
        for side in self.core.desk.quote_order(quote) {
            let market = self.reference(id);
            let (now, cause) = (entry.ts_ns, entry.seq);
            let (desk, mut telling) = self.core.telling(out);
            let command = desk.quote_side(quote, side, &market, now, cause, &mut telling);
            if let Some(command) = command {
                self.send(id, &command, cause, out);
            }
        }
    }

    fn is_quote_on_its_way(&self, strategy: StrategyId, id: InstrumentId) -> bool {
        let Some(orders) = self.core.desk.orders(strategy) else { return false };
        let venue = self.venue_of(id);
        let Some(venue) = self.venues.get((venue as usize).wrapping_sub(1)) else { return false };
        let quotes = [Side::Buy, Side::Sell].into_iter().flat_map(|side| orders.quotes(id, side));
        quotes.into_iter().any(|order| {
            !order.state.is_settled() || venue.port.is_on_its_way(strategy, order.client_id)
        })
    }

    pub(super) fn cancel_all(&mut self, all: CancelAll, entry: Entry<'_>, out: &mut dyn Outbox) {
        let (strategy, id) = (all.strategy_id, all.instrument_id);
        let wanted = |key: &OrderKey| key.strategy == strategy && (id == 0 || key.instrument == id);
        self.cancel_where(wanted, CancelReason::User, entry.seq, out);
    }

    /// Cancels all orders that a choice takes, at all venues, and forgets the quotes that wait.
    pub(super) fn cancel_where(
        &mut self,
        wanted: impl Fn(&OrderKey) -> bool,
        reason: CancelReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> u32 {
        let of = |quote: &SetQuote| key_of(quote.strategy_id, quote.instrument_id, 0);
        for place in &mut self.core.waiting {
            if place.as_ref().is_some_and(|quote| wanted(&of(quote))) {
                *place = None;
            }
        }
        self.core.desk.drop_legs(|_, key| wanted(key));
        let ports = self.venues.iter_mut().map(|venue| &mut venue.port);
        let count = ports.map(|port| port.cancel_all(&wanted, reason, cause, out)).sum();
        self.tell_canceled();
        count
    }

    /// Order management hears which cancels have left that it did not ask for.
    pub(super) fn tell_canceled(&mut self) {
        let Self { venues, core, .. } = self;
        for venue in venues {
            venue.port.tell_canceled(&mut core.desk);
        }
    }

    /// A message of a venue that the engine itself speaks with.
    pub(super) fn venue_message(&mut self, entry: Entry<'_>, bytes: &[u8], out: &mut dyn Outbox) {
        let Some(head) = VenueMessageReceived::decode(entry.body) else { return };
        if head.format != u16::from(OrderFormat::Ouch50.raw()) {
            return self.copy_message(head.venue_id, bytes, entry, out);
        }
        if let Some(report) = ouch_report(bytes) {
            self.reported_compared(head.venue_id, &report, entry, out);
        }
    }

    /// What an adapter says of an order.
    pub(super) fn venue_reported(
        &mut self,
        event: &VenueReported,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        if event.is_drop_copy != 0 {
            self.copy_reported(event, entry, out);
        } else if let Some(report) = adapter_report(event) {
            self.reported_compared(event.venue_id, &report, entry, out);
        }
    }

    /// What a venue says is taken in; where it has a second account, what follows is compared.
    fn reported_compared(
        &mut self,
        venue: u32,
        report: &super::port::Report,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        if !self.reconcile.is_on() {
            return self.reported(venue, report, entry, out);
        }
        let mut heard = std::mem::take(&mut self.reconcile.heard);
        self.reported(venue, report, entry, &mut Heard { out: &mut *out, heard: &mut heard });
        self.reconcile.heard = heard;
        self.compare_heard(entry, out);
    }

    /// A venue took a fee out of a position. It is said before the fill, while the order is known.
    pub(super) fn fee_taken(
        &mut self,
        event: &FeeTakenInKind,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let Self { venues, core, .. } = self;
        let Some(venue) = venues.get((event.venue_id as usize).wrapping_sub(1)) else { return };
        // Of an order that nobody remembers it is nobody's, as its fill is.
        let strategy = venue.port.strategy_of(event.number).unwrap_or(0);
        let (desk, mut telling) = core.telling(out);
        let fee = FeeInKind { price: event.price_ticks, qty: event.qty_lots };
        desk.on_fee_in_kind(strategy, event.instrument_id, fee, entry.seq, &mut telling);
    }

    fn reported(
        &mut self,
        venue: u32,
        report: &super::port::Report,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let about =
            self.with_port(venue, entry.seq, out, |port, answers| port.report(report, answers));
        self.core.desk.try_stalled();
        let Some(Some(key)) = about else {
            // It was about no order, and so may have been about all.
            return self.go_on_at(venue, entry, out);
        };
        self.look_again(key.instrument);
        self.go_on(key, entry, out);
    }

    /// Lets a venue's port speak to order management.
    pub(super) fn with_port<T>(
        &mut self,
        venue: u32,
        cause: u64,
        out: &mut dyn Outbox,
        act: impl FnOnce(&mut Port, &mut Answers<'_>) -> T,
    ) -> Option<T> {
        let Self { venues, core, .. } = self;
        let venue = venues.get_mut((venue as usize).wrapping_sub(1))?;
        let Core { desk, callbacks, .. } = core;
        let mut telling = Telling { out, callbacks };
        let mut answers = Answers { desk, books: &venue.books, out: &mut telling, cause };
        Some(act(&mut venue.port, &mut answers))
    }

    /// A quote that waited for an answer goes on.
    pub(super) fn go_on(&mut self, key: OrderKey, entry: Entry<'_>, out: &mut dyn Outbox) {
        let Some(at) = self.core.waiting_index(key.strategy, key.instrument) else { return };
        if self.core.waiting[at].is_none() || self.is_quote_on_its_way(key.strategy, key.instrument)
        {
            return;
        }
        if let Some(quote) = self.core.waiting[at].take() {
            self.quote(&quote, entry, out);
        }
    }
}

fn lacks(what: u8) -> Refusal {
    Refusal { reason: RejectReason::VenueLacks, value: i64::from(what), bound: 0 }
}

pub(super) const fn key_of(
    strategy: StrategyId,
    instrument: InstrumentId,
    client_id: u64,
) -> OrderKey {
    OrderKey { strategy, instrument, client_id, order_id: 0 }
}
