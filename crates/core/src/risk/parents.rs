// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Parents and their child orders, PT-27: what children have open and have traded is never more than
//! their parent, whoever slices it.

use super::terms::Refusal;
use crate::component::SnapshotError;
use crate::events::RejectReason;
use crate::hash::StateHasher;
use crate::snapshot::{read_u8, read_u32, read_u64, write_u8, write_u32, write_u64};
use crate::types::Lots;

/// Children of one parent unless `CHILDREN_MAX` is set.
pub const CHILDREN_MAX: u32 = 10_000;

/// One parent order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Its number; numbers rise.
    pub id: u64,
    /// How much it may trade in all, in lots.
    pub qty: Lots,
    /// What its children have open, the larger of both while one replaces another.
    pub open: Lots,
    /// What its children have traded.
    pub filled: Lots,
    /// How many children it ever had.
    pub children: u32,
    /// It takes no more children.
    pub is_done: bool,
}

impl Parent {
    /// What a further child may be at most.
    #[must_use]
    pub const fn left(&self) -> Lots {
        self.qty.saturating_sub(self.open).saturating_sub(self.filled)
    }
}

/// All parents that may still trade.
#[derive(Clone, Debug)]
pub struct ParentLedger {
    parents: Vec<Parent>,
    parents_max: usize,
    children_max: u32,
}

fn refuse(value: u64, bound: u64) -> Refusal {
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    Refusal::new(RejectReason::ParentExceeded, signed(value), signed(bound))
}

impl ParentLedger {
    /// An empty ledger; it takes all its memory now.
    #[must_use]
    pub fn new(parents_max: u32, children_max: u32) -> Self {
        let parents_max = parents_max as usize;
        Self { parents: Vec::with_capacity(parents_max), parents_max, children_max }
    }

    /// A parent that is known.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<&Parent> {
        let at = self.parents.binary_search_by_key(&id, |parent| parent.id).ok()?;
        Some(&self.parents[at])
    }

    fn get_mut(&mut self, id: u64) -> Option<&mut Parent> {
        let at = self.parents.binary_search_by_key(&id, |parent| parent.id).ok()?;
        Some(&mut self.parents[at])
    }

    /// A parent begins. Its number must be above all others' that are known.
    ///
    /// # Errors
    /// When the number is not, or there are as many parents as there may be.
    pub fn begin(&mut self, id: u64, qty: Lots) -> Result<(), Refusal> {
        let last = self.parents.last().map_or(0, |parent| parent.id);
        if id <= last {
            return Err(refuse(id, last));
        }
        if self.parents.len() == self.parents_max {
            return Err(refuse(self.parents.len() as u64, self.parents_max as u64));
        }
        self.parents.push(Parent { id, qty, open: 0, filled: 0, children: 0, is_done: false });
        Ok(())
    }

    /// A child is about to leave: its quantity is reserved.
    ///
    /// # Errors
    /// When the parent is unknown or done (an orphan: whoever sent it is to be halted), has had as
    /// many children as it may, or would be exceeded.
    pub fn reserve(&mut self, id: u64, qty: Lots) -> Result<(), Refusal> {
        let children_max = self.children_max;
        let parent = self.get_mut(id).filter(|parent| !parent.is_done).ok_or(refuse(qty, 0))?;
        if parent.children >= children_max {
            return Err(refuse(parent.children.into(), children_max.into()));
        }
        let left = parent.left();
        if qty > left {
            return Err(refuse(qty, left));
        }
        parent.open += qty;
        parent.children += 1;
        Ok(())
    }

    /// A child of which `leaves` are open is to be replaced by one of `qty`: the larger is reserved.
    ///
    /// # Errors
    /// As [`Self::reserve`].
    pub fn replace(&mut self, id: u64, leaves: Lots, qty: Lots) -> Result<(), Refusal> {
        let parent = self.get_mut(id).filter(|parent| !parent.is_done).ok_or(refuse(qty, 0))?;
        let more = qty.saturating_sub(leaves);
        if more > parent.left() {
            return Err(refuse(more, parent.left()));
        }
        parent.open += more;
        Ok(())
    }

    /// What a child had reserved and will not trade, because the venue said so, is given back.
    pub fn release(&mut self, id: u64, qty: Lots) {
        if let Some(parent) = self.get_mut(id) {
            parent.open = parent.open.saturating_sub(qty);
        }
        self.forget();
    }

    /// A child traded. False when that is more than the parent: an over-fill, to be halted on.
    pub fn fill(&mut self, id: u64, qty: Lots) -> bool {
        let Some(parent) = self.get_mut(id) else { return false };
        parent.open = parent.open.saturating_sub(qty);
        parent.filled = parent.filled.saturating_add(qty);
        let is_within = parent.filled <= parent.qty;
        self.forget();
        is_within
    }

    /// A parent takes no more children. It is kept until nothing of it is open.
    pub fn finish(&mut self, id: u64) {
        if let Some(parent) = self.get_mut(id) {
            parent.is_done = true;
        }
        self.forget();
    }

    /// Drops the parents at the front that are done: those behind them wait their turn.
    fn forget(&mut self) {
        let done = self.parents.iter().take_while(|parent| parent.is_done && parent.open == 0);
        let count = done.count();
        // The last one stays: new numbers have to be above it.
        self.parents.drain(..count.min(self.parents.len().saturating_sub(1)));
    }

    /// All parents that are known, by number.
    pub fn all(&self) -> impl Iterator<Item = &Parent> {
        self.parents.iter()
    }

    /// Mixes the whole state into a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        for parent in &self.parents {
            for value in [parent.id, parent.qty, parent.open, parent.filled] {
                hasher.word(value);
            }
            hasher.word(u64::from(parent.children) << 1 | u64::from(parent.is_done));
        }
    }

    /// Appends the whole state.
    pub fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.parents.len() as u32);
        for parent in &self.parents {
            for value in [parent.id, parent.qty, parent.open, parent.filled] {
                write_u64(out, value);
            }
            write_u32(out, parent.children);
            write_u8(out, u8::from(parent.is_done));
        }
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not such a ledger, or hold more parents than this one may.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.parents.clear();
        for _ in 0..read_u32(bytes)? {
            if self.parents.len() == self.parents_max {
                return Err(SnapshotError::Invalid { what: "risk: parents_max" });
            }
            self.parents.push(Parent {
                id: read_u64(bytes)?,
                qty: read_u64(bytes)?,
                open: read_u64(bytes)?,
                filled: read_u64(bytes)?,
                children: read_u32(bytes)?,
                is_done: read_u8(bytes)? != 0,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_brings_it_back_and_what_is_done_is_forgotten() {
        let mut ledger = ParentLedger::new(2, 3);
        ledger.begin(1, 10).unwrap();
        ledger.reserve(1, 10).unwrap();
        ledger.begin(2, 10).unwrap();
        assert!(ledger.begin(3, 1).is_err(), "there is room for two");
        let mut bytes = Vec::new();
        ledger.save(&mut bytes);
        let mut copy = ParentLedger::new(2, 3);
        copy.restore(&mut bytes.as_slice()).unwrap();
        assert!(copy.all().eq(ledger.all()));
        assert!(ParentLedger::new(1, 3).restore(&mut bytes.as_slice()).is_err());
        assert!(ledger.fill(1, 10));
        ledger.finish(1);
        assert_eq!(ledger.get(1), None);
        assert!(ledger.begin(2, 1).is_err(), "the number was used");
        assert_eq!(ledger.begin(3, 1), Ok(()));
    }
}
