// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Parents and their children: the check that is made of every child, and what its fills do.

use super::asks::{key_of, refuse};
use super::{Desk, NewOrder, emit_rejected};
use crate::component::Outbox;
use crate::events::{CloseParent, OpenParent, ParentChanged, ParentState, RejectReason};
use crate::risk::Refusal;
use crate::trading::oms::OwnOrder;
use crate::trading::parents::Parent;
use crate::types::{Lots, Side, StrategyId};

impl Desk {
    /// A strategy begins a parent order.
    pub fn open_parent(&mut self, asked: &OpenParent, cause: u64, out: &mut dyn Outbox) {
        if let Err(refusal) = self.try_open_parent(asked) {
            let key = key_of(asked.strategy_id, asked.instrument_id, asked.parent_id);
            emit_rejected(out, cause, key, OpenParent::KIND, refusal);
            return;
        }
        self.tell_parent(asked.strategy_id, asked.parent_id, cause, out);
    }

    fn try_open_parent(&mut self, asked: &OpenParent) -> Result<(), Refusal> {
        self.use_client_id(asked.strategy_id, asked.parent_id)?;
        let side = Side::from_raw(asked.side).ok_or(refuse(
            RejectReason::FieldInvalid,
            u64::from(asked.side),
            0,
        ))?;
        if asked.qty_lots == 0 {
            return Err(refuse(RejectReason::QtyInvalid, 0, 1));
        }
        let parent = Parent {
            id: asked.parent_id,
            qty: asked.qty_lots,
            executed: 0,
            instrument: asked.instrument_id,
            side,
            children: 0,
            children_max: asked.children_max,
            state: ParentState::Working,
        };
        let is_open = self.state_mut(asked.strategy_id).is_some_and(|s| s.parents.open(parent));
        if is_open { Ok(()) } else { Err(refuse(RejectReason::Capacity, 0, 0)) }
    }

    /// A strategy ends a parent order: no child follows.
    pub fn close_parent(&mut self, asked: &CloseParent, cause: u64, out: &mut dyn Outbox) {
        let state = self.state_mut(asked.strategy_id);
        let parent = state.and_then(|state| state.parents.get_mut(asked.parent_id));
        let Some(parent) = parent.filter(|parent| parent.state == ParentState::Working) else {
            let key = key_of(asked.strategy_id, 0, asked.parent_id);
            let refusal = refuse(RejectReason::ParentUnknown, asked.parent_id, 0);
            emit_rejected(out, cause, key, CloseParent::KIND, refusal);
            return;
        };
        parent.state = ParentState::Closed;
        self.tell_parent(asked.strategy_id, asked.parent_id, cause, out);
    }

    /// A parent order that is remembered.
    #[must_use]
    pub fn parent(&self, strategy: StrategyId, id: u64) -> Option<&Parent> {
        self.state(strategy)?.parents.get(id)
    }

    /// What a parent's children have open; of an order and its replacement, the larger.
    fn open_of(&self, strategy: StrategyId, id: u64) -> Lots {
        let Some(table) = self.orders(strategy) else { return 0 };
        let children = table.live().filter(|order| order.parent_id == id);
        children.fold(0, |open, order| {
            let old = (order.replaces != 0)
                .then(|| table.get(order.instrument, order.replaces).map_or(0, |old| old.leaves));
            open + order.leaves.saturating_sub(old.unwrap_or(0))
        })
    }

    /// Whether a child may be sent, `replaced` being the order whose place it takes. One of a parent
    /// that takes no more is an orphan: its strategy is to be halted.
    pub(super) fn check_child(
        &mut self,
        order: &NewOrder,
        leaves: Lots,
        replaced: Option<&OwnOrder>,
    ) -> Result<(), Refusal> {
        let id = order.special.parent_id;
        if id == 0 {
            return Ok(());
        }
        let is_mine = |parent: &&Parent| {
            parent.state == ParentState::Working
                && parent.instrument == order.instrument
                && parent.side == order.side
        };
        let Some(parent) = self.parent(order.strategy, id).filter(is_mine).copied() else {
            self.alarm(key_of(order.strategy, order.instrument, order.client_id));
            return Err(refuse(RejectReason::ParentUnknown, id, 0));
        };
        if parent.children >= parent.children_max {
            return Err(refuse(RejectReason::ParentChildren, parent.children_max.into(), 0));
        }
        let others = self.open_of(order.strategy, id) - replaced.map_or(0, |old| old.leaves);
        let left = parent.qty.saturating_sub(parent.executed).saturating_sub(others);
        if leaves > left {
            return Err(refuse(RejectReason::ParentQty, leaves, left));
        }
        Ok(())
    }

    /// A child leaves.
    pub(super) fn count_child(&mut self, order: &NewOrder) {
        let state = self.state_mut(order.strategy);
        if let Some(parent) = state.and_then(|s| s.parents.get_mut(order.special.parent_id)) {
            parent.children += 1;
        }
    }

    /// A child traded.
    pub(super) fn child_filled(
        &mut self,
        strategy: StrategyId,
        order: &OwnOrder,
        qty: Lots,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let state = self.state_mut(strategy);
        let Some(parent) = state.and_then(|s| s.parents.get_mut(order.parent_id)) else { return };
        parent.executed += qty;
        let is_over = parent.executed > parent.qty;
        if is_over {
            parent.state = ParentState::Broken;
        } else if parent.executed == parent.qty {
            parent.state = ParentState::Filled;
        }
        if is_over {
            self.alarm(order.key(strategy));
        }
        self.tell_parent(strategy, order.parent_id, cause, out);
    }

    fn tell_parent(&self, strategy: StrategyId, id: u64, cause: u64, out: &mut dyn Outbox) {
        let Some(parent) = self.parent(strategy, id) else { return };
        let event = ParentChanged {
            cause_seq: cause,
            parent_id: id,
            qty_lots: parent.qty,
            executed_lots: parent.executed,
            open_lots: self.open_of(strategy, id),
            strategy_id: strategy,
            instrument_id: parent.instrument,
            children: parent.children,
            side: parent.side.raw(),
            state: parent.state.raw(),
            reserved: 0,
        };
        out.emit(ParentChanged::KIND, ParentChanged::VERSION, &event.encode());
    }
}
