// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is not known: connections that go, answers that do not come, and what must not have happened.
//!
//! Nothing is guessed. What was on its way is unknown, its exposure stays reserved, and the venue is
//! asked. What contradicts what is known halts the account that it concerns.

use super::{Core, Node};
use crate::component::{Entry, Outbox};
use crate::events::{RejectReason, RiskScope, SetQuote, TradingState};
use crate::risk::{Refusal, Scope};
use crate::trading::{Alarm, OrderKey, Telling};
use crate::types::InstrumentId;

impl Node {
    /// Order entry at a venue went: what lives there is unknown, and quotes that wait are given up.
    pub(super) fn orders_lost(&mut self, venue: u32, entry: Entry<'_>, out: &mut dyn Outbox) {
        let Self { venues, core, .. } = self;
        if let Some(venue) = venues.get_mut((venue as usize).wrapping_sub(1)) {
            venue.port.disconnected();
        }
        let Core { desk, markets, waiting, callbacks, .. } = core;
        let is_there =
            |id: InstrumentId| markets.get(id as usize).is_some_and(|market| market.venue == venue);
        let mut telling = Telling { out, callbacks };
        for place in waiting {
            if let Some(quote) = place.take_if(|quote| is_there(quote.instrument_id)) {
                let key = key_of(&quote);
                let (reason, value) = (RejectReason::VenueDown, i64::from(venue));
                let refusal = Refusal { reason, value, bound: 0 };
                desk.refuse(key, SetQuote::KIND, refusal, entry.seq, &mut telling);
            }
        }
        desk.on_link_down(is_there, entry.seq, &mut telling);
    }

    /// Order entry at a venue came: it is asked for everything.
    pub(super) fn orders_found(&mut self, venue: u32, entry: Entry<'_>, out: &mut dyn Outbox) {
        if let Some(venue) = self.venues.get_mut((venue as usize).wrapping_sub(1)) {
            venue.port.connected(entry.seq, out);
        }
    }

    /// The clock ticks: what was not answered in time is unknown, and its venue is asked.
    pub(super) fn look_for_late(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        self.core.desk.try_stalled();
        for venue in 1..=self.venues.len() as u32 {
            self.with_port(venue, entry.seq, out, |port, answers| port.tick(entry.ts_ns, answers));
        }
    }

    /// A venue has told all that it had to say: quotes that waited for it go on.
    pub(super) fn go_on_at(&mut self, venue: u32, entry: Entry<'_>, out: &mut dyn Outbox) {
        for at in 0..self.core.waiting.len() {
            let Some(quote) = self.core.waiting[at] else { continue };
            if self.venue_of(quote.instrument_id) == venue {
                self.go_on(key_of(&quote), entry, out);
            }
        }
    }

    /// What must not have happened halts the account of the strategy that it concerns, or everything
    /// where it concerns nobody that is known; their orders are cancelled.
    #[cold]
    pub(super) fn answer_alarms(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        while let Some(Alarm { strategy, .. }) = self.core.desk.next_alarm() {
            let scope = match strategy {
                0 => Scope::FIRM,
                strategy => {
                    let account = self.core.desk.risk().account_of(strategy);
                    Scope::new(RiskScope::Account, account)
                }
            };
            if self.core.desk.risk().state(scope) != TradingState::Halted {
                let reason = RejectReason::OrderUnknown.raw();
                self.set_scope_for(reason, scope, TradingState::Halted, entry, out);
                self.kill(scope, entry, out);
            }
        }
    }
}

const fn key_of(quote: &SetQuote) -> OrderKey {
    let SetQuote { strategy_id: strategy, instrument_id: instrument, .. } = *quote;
    OrderKey { strategy, instrument, client_id: 0, order_id: 0 }
}
