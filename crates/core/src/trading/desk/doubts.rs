// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What happens when the venue does not answer, and when it does, having been asked.

use super::{Desk, OrderKey, VenueCommand};
use crate::component::Outbox;
use crate::events::{OrderState, ReportKind, StateReason};
use crate::trading::oms::OwnOrder;
use crate::trading::states::Word;
use crate::types::{InstrumentId, Lots, StrategyId};

/// What a venue says of an order when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VenueStatus {
    /// It lives.
    Open {
        /// What is left.
        leaves: Lots,
        /// What traded, over the chain of replacements.
        executed: Lots,
    },
    /// It is dead.
    Gone {
        /// What traded, over the chain of replacements.
        executed: Lots,
    },
    /// The venue never had it.
    NotFound,
}

impl Desk {
    /// The venue did not answer in time what left for an order. Gives whether it is to be asked.
    pub fn on_timeout(&mut self, key: OrderKey, cause: u64, out: &mut dyn Outbox) -> bool {
        let Some(heard) = self.hear(key, Word::Timeout, |_| {}) else { return false };
        Self::tell_state(key, &heard, StateReason::Timeout, cause, out);
        heard.after.state == OrderState::Unknown
    }

    /// The connection to a venue went: what lives at its instruments is unknown until it was asked.
    pub fn on_link_down(
        &mut self,
        is_there: impl Fn(InstrumentId) -> bool,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        for strategy in 1..=self.strategies.len() as StrategyId {
            let mut after = 0;
            // Client ids rise, and quotes' are above all others: one pass, without a list.
            while let Some(key) = self.next_there(strategy, after, &is_there) {
                after = key.client_id;
                if let Some(heard) = self.hear(key, Word::LinkDown, |_| {}) {
                    Self::tell_state(key, &heard, StateReason::LinkDown, cause, out);
                }
            }
        }
    }

    /// The live order with the lowest client id above `after` in the instruments meant.
    fn next_there(
        &self,
        strategy: StrategyId,
        after: u64,
        is_there: &impl Fn(InstrumentId) -> bool,
    ) -> Option<OrderKey> {
        let live = self.state(strategy)?.orders.live_after(after);
        let there = live.filter(|order| is_there(order.instrument));
        there.min_by_key(|order| order.client_id).map(|order| order.key(strategy))
    }

    /// Orders that are unknown: whoever speaks with their venue asks for each.
    pub fn unknown(&self) -> impl Iterator<Item = OrderKey> {
        let all = self.strategies.iter().zip(1..);
        all.flat_map(|(state, strategy)| {
            let unknown = state.orders.live().filter(|o| o.state == OrderState::Unknown);
            unknown.map(move |order| order.key(strategy))
        })
    }

    /// The venue was asked for an order, and says this. Gives the order's cancel, where it lives and
    /// is no longer wanted.
    ///
    /// An answer that counts less than was told is older than what was told, and is no answer.
    pub fn on_status(
        &mut self,
        key: OrderKey,
        status: VenueStatus,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let Some(order) = self.find(key).copied() else {
            if status != VenueStatus::NotFound {
                self.on_unknown_order(key, report_of(status), cause, out);
            }
            return None;
        };
        let (word, leaves, reason) = read(&order, status)?;
        let is_there = matches!(word, Word::ToldOpen | Word::ToldGone);
        if order.replaces != 0 && (is_there || word == Word::ToldNever) {
            // Whether the venue has the replacement says what became of the order it replaces.
            let old = OrderKey { client_id: order.replaces, order_id: 0, ..key };
            let word = if is_there { Word::Replaced } else { Word::ReplaceRejected };
            self.hear(old, word, |old| old.is_replacing &= is_there);
        }
        let heard = self.hear(key, word, |order| {
            if let Some(leaves) = leaves {
                order.leaves = leaves;
            }
            order.is_gone = matches!(status, VenueStatus::Gone { .. });
            if key.order_id != 0 && order.order_id == 0 {
                order.order_id = key.order_id;
            }
            order.is_accepted |= !matches!(word, Word::ToldNever | Word::ToldNeverLate);
            if is_there {
                order.replaces = 0;
            }
            // A cancel that may have been lost with the connection goes again.
            order.cancel_sent &= order.state != OrderState::Unknown;
        })?;
        Self::tell_state(key, &heard, reason, cause, out);
        self.cancel_if_wanted(key)
    }
}

const fn report_of(status: VenueStatus) -> ReportKind {
    match status {
        VenueStatus::Open { .. } => ReportKind::Open,
        VenueStatus::Gone { .. } => ReportKind::Gone,
        VenueStatus::NotFound => ReportKind::NotFound,
    }
}

/// What an answer says, given what is known: the word, what is left where it says so, and why.
fn read(order: &OwnOrder, status: VenueStatus) -> Option<(Word, Option<Lots>, StateReason)> {
    let known = order.executed;
    Some(match status {
        VenueStatus::Open { executed, .. } if executed < known => return None,
        VenueStatus::Open { leaves, executed } if executed > known => {
            let missing = executed - known;
            let reserved = leaves.saturating_add(missing).max(order.leaves);
            (Word::ToldOwing, Some(reserved), StateReason::FillsMissing)
        }
        VenueStatus::Open { leaves, .. } => (Word::ToldOpen, Some(leaves), StateReason::ToldOpen),
        VenueStatus::Gone { executed } if executed > known => {
            (Word::ToldOwing, Some(executed - known), StateReason::FillsMissing)
        }
        VenueStatus::Gone { executed } if executed < known => {
            (Word::ToldLess, None, StateReason::Contradiction)
        }
        VenueStatus::Gone { .. } => (Word::ToldGone, None, StateReason::ToldGone),
        VenueStatus::NotFound if order.is_accepted => {
            (Word::ToldNeverLate, None, StateReason::ToldNever)
        }
        VenueStatus::NotFound => (Word::ToldNever, None, StateReason::ToldNever),
    })
}
