// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Parent orders: what their children have open and have traded is never more than the parent.

use crate::component::SnapshotError;
use crate::events::ParentState;
use crate::hash::StateHasher;
use crate::snapshot::{read_u8, read_u32, read_u64, write_u8, write_u32, write_u64};
use crate::types::{InstrumentId, Lots, Side};

/// Parents that one strategy may have at a time.
const PARENTS_MAX: usize = 256;

/// A parent order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The strategy's number for it.
    pub id: u64,
    /// Quantity.
    pub qty: Lots,
    /// What its children traded.
    pub executed: Lots,
    /// Instrument of its children.
    pub instrument: InstrumentId,
    /// Side of its children.
    pub side: Side,
    /// Children so far.
    pub children: u32,
    /// Most children over its life.
    pub children_max: u32,
    /// Where it stands.
    pub state: ParentState,
}

/// The parents of one strategy, by id, which rises.
#[derive(Clone, Debug)]
pub(super) struct Parents(Vec<Parent>);

impl Parents {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(PARENTS_MAX))
    }

    /// Takes in a parent; false when there are too many that still work.
    pub(super) fn open(&mut self, parent: Parent) -> bool {
        if self.0.len() == PARENTS_MAX {
            let oldest = self.0.iter().position(|parent| parent.state != ParentState::Working);
            let Some(oldest) = oldest else { return false };
            self.0.remove(oldest);
        }
        self.0.push(parent);
        true
    }

    pub(super) fn get(&self, id: u64) -> Option<&Parent> {
        let at = self.0.binary_search_by_key(&id, |parent| parent.id).ok()?;
        Some(&self.0[at])
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Parent> {
        let at = self.0.binary_search_by_key(&id, |parent| parent.id).ok()?;
        Some(&mut self.0[at])
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for parent in &self.0 {
            for word in [parent.id, parent.qty, parent.executed, u64::from(parent.children)] {
                hasher.word(word);
            }
            hasher.word(u64::from(parent.state.raw()));
        }
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.0.len() as u32);
        for parent in &self.0 {
            write_u64(out, parent.id);
            write_u64(out, parent.qty);
            write_u64(out, parent.executed);
            write_u32(out, parent.instrument);
            write_u32(out, parent.children);
            write_u32(out, parent.children_max);
            write_u8(out, parent.side.raw());
            write_u8(out, parent.state.raw());
        }
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.0.clear();
        let invalid = SnapshotError::Invalid { what: "parents: a parent" };
        for _ in 0..read_u32(bytes)? {
            let (id, qty, executed) = (read_u64(bytes)?, read_u64(bytes)?, read_u64(bytes)?);
            let (instrument, children) = (read_u32(bytes)?, read_u32(bytes)?);
            let parent = Parent {
                id,
                qty,
                executed,
                instrument,
                children,
                children_max: read_u32(bytes)?,
                side: Side::from_raw(read_u8(bytes)?).ok_or(invalid)?,
                state: ParentState::from_raw(read_u8(bytes)?).ok_or(invalid)?,
            };
            if !self.open(parent) {
                return Err(SnapshotError::Invalid { what: "parents: too many" });
            }
        }
        Ok(())
    }
}
