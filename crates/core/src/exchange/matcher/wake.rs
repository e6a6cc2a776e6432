// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Resting orders with a size condition try again.

use super::matching::Incoming;
use super::seat::Seat;
use super::{Matcher, Policy, Reports, Standing};
use crate::book::Handle;
use crate::events::Side;
use crate::types::{InstrumentId, Lots, Ticks};

/// A resting order with a size condition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sleeper {
    handle: Handle,
    needed: Lots,
    limit: Ticks,
    is_hopeless: bool,
}

impl<P: Policy> Matcher<P> {
    /// How many resting orders of an instrument have a size condition.
    #[must_use]
    pub fn conditioned(&self, instrument: InstrumentId) -> u32 {
        self.market(instrument).map_or(0, |market| market.conditioned)
    }

    /// Each resting order with a size condition tries as an incoming one, bids before asks, by
    /// priority, until a pass trades nothing. One that trades nothing keeps id and place, and so does
    /// what is left of one that does. True when anything traded.
    pub fn wake(&mut self, instrument: InstrumentId, out: &mut impl Reports) -> bool {
        let mut is_any = false;
        while self.wake_once(instrument, out) {
            is_any = true;
        }
        is_any
    }

    fn wake_once(&mut self, instrument: InstrumentId, out: &mut impl Reports) -> bool {
        let mut is_any = false;
        for side in [Side::Buy, Side::Sell] {
            let market = self.market(instrument);
            if !market.is_some_and(|market| market.conditioned != 0 && market.matches()) {
                return is_any;
            }
            let mut sleepers = std::mem::take(&mut self.sleepers);
            self.find_sleepers(instrument, side, &mut sleepers);
            for &Sleeper { handle, is_hopeless, .. } in &sleepers {
                is_any |= !is_hopeless && self.wake_order(handle, out);
            }
            self.sleepers = sleepers;
        }
        is_any
    }

    /// The orders of a side that have a size condition, by priority, and which of them ask for more than
    /// stands opposite within their limit, whatever it is. One walk for all of them: without it a crowd
    /// of hopeless orders would each walk the whole book after every command.
    fn find_sleepers(&self, instrument: InstrumentId, side: Side, sleepers: &mut Vec<Sleeper>) {
        sleepers.clear();
        let mut next = self.hidden.front(instrument, side);
        while let Some(handle) = next {
            next = self.hidden.books.next_by_priority(handle);
            let minimum = self.hidden.minimums[handle.index()];
            if minimum != 0 {
                let terms = self.hidden.books.terms(handle);
                let (needed, limit) = (minimum.min(terms.qty), terms.price);
                sleepers.push(Sleeper { handle, needed, limit, is_hopeless: true });
            }
        }
        // The last reaches least far: what it reaches, those before it reach, too.
        let mut opposite = self.standings(instrument, side.opposite()).peekable();
        let mut there: Lots = 0;
        for sleeper in sleepers.iter_mut().rev() {
            while there < sleeper.needed
                && let Some(order) =
                    opposite.next_if(|order| side.reaches(sleeper.limit, order.price))
            {
                there = there.saturating_add(order.leaves);
            }
            sleeper.is_hopeless = there < sleeper.needed;
        }
    }

    fn wake_order(&mut self, handle: Handle, out: &mut impl Reports) -> bool {
        let order = self.standing_at(Seat::Hidden(handle));
        let mut incoming = Incoming::again(&order);
        if !self.trade_special(&mut incoming, order.minimum.min(order.leaves), out) {
            return false;
        }
        if incoming.leaves == 0 {
            self.vacate(Seat::Hidden(handle));
        } else {
            self.hidden.books.fill(handle, order.leaves - incoming.leaves);
            self.hidden.records[handle.index()].executed = incoming.executed;
        }
        true
    }
}

impl Incoming {
    /// A resting order that comes in again, as it is.
    pub(super) const fn again(order: &Standing) -> Self {
        Self {
            order_id: order.order_id,
            client: order.client,
            price: order.price,
            limit: order.price,
            leaves: order.leaves,
            executed: order.executed,
            arrival_mid2: order.arrival_mid2,
            owner: order.owner,
            instrument: order.instrument,
            side: order.side,
            flags: order.flags,
        }
    }
}
