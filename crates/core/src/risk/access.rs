// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Who may trade what (PT-02), and what nobody may (PT-03, PT-22).

use super::RiskGate;
use super::terms::{Proposal, Refusal};
use crate::component::SnapshotError;
use crate::events::{AccessSet, LimitProfile, RejectReason, RestrictionSet};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_u32, read_u64, write_u32, write_u64};
use crate::types::{InstrumentId, StrategyId};

/// Entries of each of the two lists; one more is refused, and counted.
const ENTRIES_MAX: usize = 1 << 16;

/// Both sides.
pub(super) const BOTH: u32 = 3;

/// What a strategy may trade, and the restricted list of single accounts.
#[derive(Clone, Debug, Default)]
pub(super) struct Access {
    /// Strategy, instrument, venue (0: all), and the sides; sorted.
    granted: Vec<([u32; 3], u32)>,
    /// Instrument, account (0: all), bars and located lots; sorted.
    restricted: Vec<([u32; 2], u32, u64)>,
}

impl Access {
    /// Takes in what a strategy may trade; false when the list is full.
    pub(super) fn grant(&mut self, event: &AccessSet) -> bool {
        let key = [event.strategy_id, event.instrument_id, event.venue_id];
        match self.granted.binary_search_by_key(&key, |&(key, _)| key) {
            Ok(at) => self.granted[at].1 = event.sides,
            Err(_) if self.granted.len() >= ENTRIES_MAX => return false,
            Err(at) => self.granted.insert(at, (key, event.sides)),
        }
        true
    }

    /// The sides that a strategy may trade an instrument on: by the entry that names it closest.
    ///
    /// Where nothing was ever said of anybody, everybody may trade, but under [`LimitProfile::Full`].
    pub(super) fn sides(
        &self,
        strategy: u32,
        instrument: u32,
        venue: u32,
        profile: LimitProfile,
    ) -> u32 {
        if self.granted.is_empty() && profile == LimitProfile::Basic {
            return BOTH;
        }
        let keys = [[strategy, instrument, venue], [strategy, instrument, 0], [strategy, 0, venue]];
        let find = |key: &[u32; 3]| self.granted.binary_search_by_key(key, |&(key, _)| key).ok();
        let found = keys.iter().chain([&[strategy, 0, 0]]).find_map(find);
        found.map_or(0, |at| self.granted[at].1)
    }

    /// Takes in an entry of the restricted list; false when the list is full.
    pub(super) fn restrict(&mut self, event: &RestrictionSet) -> bool {
        let key = [event.instrument_id, event.account_id];
        let entry = (key, event.bars, event.located_lots);
        match self.restricted.binary_search_by_key(&key, |&(key, ..)| key) {
            Ok(at) if event.bars == 0 => drop(self.restricted.remove(at)),
            Ok(at) => self.restricted[at] = entry,
            Err(_) if event.bars == 0 => {}
            Err(_) if self.restricted.len() >= ENTRIES_MAX => return false,
            Err(at) => self.restricted.insert(at, entry),
        }
        true
    }

    /// The bars on an instrument for an account, and the lots located for it: its own entry's and
    /// that of all accounts together.
    pub(super) fn bars(&self, instrument: u32, account: u32) -> (u32, i64) {
        let entry = |account| {
            let key = [instrument, account];
            let at = self.restricted.binary_search_by_key(&key, |&(key, ..)| key).ok()?;
            let (_, bars, located) = self.restricted[at];
            Some((bars, i64::try_from(located).unwrap_or(i64::MAX)))
        };
        match (entry(account), entry(0)) {
            (Some((own, located)), Some((all, _))) => (own | all, located),
            (Some(found), None) | (None, Some(found)) => found,
            (None, None) => (0, 0),
        }
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        let mut bytes = Vec::new();
        self.save(&mut bytes);
        hasher.bytes(&bytes);
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.granted.len() as u32);
        for (key, sides) in &self.granted {
            key.iter().chain([sides]).for_each(|&value| write_u32(out, value));
        }
        write_u32(out, self.restricted.len() as u32);
        for (key, bars, located) in &self.restricted {
            key.iter().chain([bars]).for_each(|&value| write_u32(out, value));
            write_u64(out, *located);
        }
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let word = |bytes: &mut &[u8]| read_array(bytes).map(u32::from_le_bytes);
        self.granted.clear();
        for _ in 0..read_u32(bytes)? {
            let key = [word(bytes)?, word(bytes)?, word(bytes)?];
            self.granted.push((key, word(bytes)?));
        }
        self.restricted.clear();
        for _ in 0..read_u32(bytes)? {
            let key = [word(bytes)?, word(bytes)?];
            self.restricted.push((key, word(bytes)?, read_u64(bytes)?));
        }
        Ok(())
    }
}

impl RiskGate {
    /// The row of a strategy in an instrument that it never traded.
    #[cold]
    pub(super) fn first_pair(&mut self, order: &Proposal) -> Result<u32, Refusal> {
        let unknown = Refusal::new(RejectReason::InstrumentUnknown, i64::from(order.instrument), 0);
        self.ledger.listing(order.instrument).ok_or(unknown)?;
        let pair = self.pair(order.strategy, order.instrument);
        pair.ok_or(Refusal::new(RejectReason::Capacity, 0, 0))
    }

    /// The row of a strategy in an instrument, with what it may trade found out when it is made.
    #[inline]
    pub(super) fn pair(&mut self, strategy: StrategyId, instrument: InstrumentId) -> Option<u32> {
        let pairs = self.ledger.pairs.len();
        let row = self.ledger.pair(strategy, instrument)?;
        if self.ledger.pairs.len() != pairs {
            self.flows.cover(self.ledger.pairs.len(), self.ledger.listings.len());
            self.refresh_pair(row as usize);
        }
        Some(row)
    }

    /// Finds anew what strategies may trade, after a list or the profile has changed.
    pub(super) fn refresh_access(&mut self) {
        for row in 0..self.ledger.pairs.len() {
            self.refresh_pair(row);
        }
    }

    pub(super) fn refresh_pair(&mut self, row: usize) {
        let pair = &mut self.ledger.pairs[row];
        let listing = &self.ledger.listings[pair.listing as usize];
        let (id, venue) = (listing.id, listing.rules.venue);
        pair.sides = self.access.sides(pair.strategy, id, venue, self.profile) & BOTH;
        (pair.bars, pair.located) = self.access.bars(id, pair.account);
    }
}
