// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The flows' state in digests and snapshots.

use super::flow::{Flows, ListingFlow, PairFlow, SourceFlow};
use super::window::{Extremes, Rolling};
use crate::component::SnapshotError;
use crate::hash::StateHasher;
use crate::snapshot::{
    read_i64, read_u8, read_u32, read_u64, write_i64, write_u8, write_u32, write_u64,
};

impl PairFlow {
    fn save(&self, out: &mut Vec<u8>) {
        self.executions.iter().for_each(|executions| executions.save(out));
        self.prices.save(out);
        for (terms, at) in self.recent {
            write_u64(out, terms);
            write_i64(out, at);
        }
        write_u8(out, self.newest);
        write_u8(out, u8::from(self.is_used));
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let executions = [Rolling::restore(bytes)?, Rolling::restore(bytes)?];
        let mut flow = Self { executions, prices: Extremes::restore(bytes)?, ..Self::default() };
        for slot in &mut flow.recent {
            *slot = (read_u64(bytes)?, read_i64(bytes)?);
        }
        flow.newest = read_u8(bytes)? % flow.recent.len() as u8;
        flow.is_used = read_u8(bytes)? != 0;
        flow.mark();
        Ok(flow)
    }
}

impl ListingFlow {
    fn save(&self, out: &mut Vec<u8>) {
        for rolling in [&self.messages, &self.cancels, &self.own, &self.market] {
            rolling.save(out);
        }
        self.orders.iter().chain(&self.trades).for_each(|&value| write_i64(out, value));
        write_u8(out, u8::from(self.is_warned));
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            messages: Rolling::restore(bytes)?,
            cancels: Rolling::restore(bytes)?,
            own: Rolling::restore(bytes)?,
            market: Rolling::restore(bytes)?,
            orders: [read_i64(bytes)?, read_i64(bytes)?],
            trades: [read_i64(bytes)?, read_i64(bytes)?],
            is_warned: read_u8(bytes)? != 0,
        })
    }
}

impl SourceFlow {
    fn save(&self, out: &mut Vec<u8>) {
        self.messages.save(out);
        self.cancels.save(out);
        write_i64(out, self.today);
        write_i64(out, self.instruments);
        write_u64(out, self.venues);
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        Ok(Self {
            messages: Rolling::restore(bytes)?,
            cancels: Rolling::restore(bytes)?,
            today: read_i64(bytes)?,
            instruments: read_i64(bytes)?,
            venues: read_u64(bytes)?,
        })
    }
}

impl Flows {
    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        let mut bytes = Vec::new();
        self.save(&mut bytes);
        hasher.bytes(&bytes);
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.pairs.len() as u32);
        self.pairs.iter().for_each(|pair| pair.save(out));
        write_u32(out, self.listings.len() as u32);
        self.listings.iter().for_each(|listing| listing.save(out));
        self.strategies.iter().chain(&self.venues).for_each(|source| source.save(out));
    }

    /// Takes up what [`Self::save`] wrote, where as many strategies and venues are known.
    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.pairs.clear();
        for _ in 0..read_u32(bytes)? {
            self.pairs.push(PairFlow::restore(bytes)?);
        }
        self.listings.clear();
        for _ in 0..read_u32(bytes)? {
            self.listings.push(ListingFlow::restore(bytes)?);
        }
        for source in self.strategies.iter_mut().chain(&mut self.venues) {
            *source = SourceFlow::restore(bytes)?;
        }
        Ok(())
    }
}
