// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Where the desk meets the simulated venue: its commands in, the venue's reports back.

use crate::component::Outbox;
use crate::events::{EnterOrder, Liquidity, OrderType, RejectReason, TimeInForce};
use crate::exchange::{
    Accepted, Canceled, Fill, MARKET, Matcher, NewOrder, Party, Policy, Rejected, Replaced, Reports,
};
use crate::risk::Refusal;
use crate::trading::{self, Desk, OrderKey, VenueCancel, VenueCommand, VenueFill, submit_flags};
use crate::types::{InstrumentId, StrategyId};

/// Hands the venue's reports to the desk.
pub(super) struct Answers<'a> {
    /// Who is told.
    pub(super) desk: &'a mut Desk,
    /// Where its events go.
    pub(super) out: &'a mut dyn Outbox,
    /// The input that all this follows from.
    pub(super) cause: u64,
}

/// Has the venue do what the desk decided.
pub(super) fn execute<P: Policy>(
    venue: &mut Matcher<P>,
    command: &VenueCommand,
    answers: &mut Answers<'_>,
) {
    match *command {
        VenueCommand::Enter(order) => match lacking(&order) {
            Some(refusal) => {
                let key = key(order.strategy, order.instrument, order.client_id, 0);
                let (command, cause) = (EnterOrder::KIND, answers.cause);
                answers.desk.on_rejected(key, command, refusal, cause, answers.out);
            }
            None => {
                venue.enter(&entered(&order), answers);
            }
        },
        VenueCommand::Cancel { key, reason } => {
            venue.cancel(key.order_id, reason, answers);
        }
        VenueCommand::Reduce { key, qty, .. } => venue.reduce(key.order_id, qty, answers),
        VenueCommand::Replace { key, client_id, price, qty } => {
            if venue.replace(key.order_id, client_id, price, qty, answers).is_none() {
                answers.desk.release(key.strategy, key.instrument, client_id);
            }
        }
    }
}

/// What this venue has no orders for: it takes limit and market orders, DAY, IOC and FOK, and
/// minimum quantities of immediate ones.
fn lacking(order: &trading::NewOrder) -> Option<Refusal> {
    let lacks = |what: u8| {
        let (reason, value) = (RejectReason::VenueLacks, i64::from(what));
        Some(Refusal { reason, value, bound: 0 })
    };
    if !matches!(order.order_type, OrderType::Limit | OrderType::Market) {
        return lacks(order.order_type.raw());
    }
    if !matches!(order.time_in_force, TimeInForce::Day | TimeInForce::Ioc | TimeInForce::Fok) {
        return lacks(order.time_in_force.raw());
    }
    if order.special.hidden || order.special.display != 0 {
        return lacks(submit_flags::HIDDEN);
    }
    None
}

const fn entered(order: &trading::NewOrder) -> NewOrder {
    NewOrder {
        client: order.client_id,
        price: order.price,
        qty: order.qty,
        min_qty: order.special.min_qty,
        owner: order.strategy,
        instrument: order.instrument,
        side: order.side,
        order_type: order.order_type,
        time_in_force: order.time_in_force,
        post_only: order.post_only,
        stp: order.stp_mode,
    }
}

const fn key(
    strategy: StrategyId,
    instrument: InstrumentId,
    client_id: u64,
    order_id: u64,
) -> OrderKey {
    OrderKey { strategy, instrument, client_id, order_id }
}

impl Answers<'_> {
    fn party(&mut self, party: &Party, fill: &Fill, liquidity: Liquidity) {
        if party.owner == MARKET {
            return;
        }
        let key = key(party.owner, fill.instrument, party.client, party.order_id);
        let fill = VenueFill {
            match_id: fill.match_id,
            price: fill.price,
            qty: fill.qty,
            leaves: party.leaves,
            liquidity,
            fee_e9: None,
        };
        self.desk.on_filled(key, &fill, self.cause, self.out);
    }
}

impl Reports for Answers<'_> {
    fn accepted(&mut self, r: &Accepted) {
        let key = key(r.owner, r.instrument, r.client, r.order_id);
        let order = trading::NewOrder {
            strategy: r.owner,
            instrument: r.instrument,
            client_id: r.client,
            side: r.side,
            order_type: r.order_type,
            time_in_force: r.time_in_force,
            post_only: r.post_only,
            stp_mode: crate::events::StpMode::Off,
            price: r.price,
            qty: r.qty,
            special: trading::SpecialTerms::NONE,
        };
        self.desk.on_accepted(key, &order, self.cause, self.out);
    }

    fn filled(&mut self, fill: &Fill) {
        self.party(&fill.maker, fill, Liquidity::Added);
        self.party(&fill.taker, fill, Liquidity::Removed);
    }

    fn canceled(&mut self, r: &Canceled) {
        if r.owner == MARKET {
            return;
        }
        let key = key(r.owner, r.instrument, r.client, r.order_id);
        let Canceled { qty, leaves, reason, .. } = *r;
        let cancel = VenueCancel { qty, leaves, reason, is_once: true };
        self.desk.on_canceled(key, cancel, self.cause, self.out);
    }

    fn replaced(&mut self, r: &Replaced) {
        let key = key(r.owner, r.instrument, r.client, r.order_id);
        self.desk.on_replaced(r.old_order_id, key, r.price, r.qty, self.cause, self.out);
    }

    fn rejected(&mut self, r: &Rejected) {
        let key = key(r.owner, r.instrument, r.client, 0);
        let refusal = Refusal { reason: r.reason, value: r.value, bound: r.bound };
        self.desk.on_rejected(key, r.command, refusal, self.cause, self.out);
    }
}
