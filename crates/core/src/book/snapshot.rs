// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The books written down in the order in which they are read: instruments by id, bids then asks,
//! best level first, each queue from its front. So equal books give equal bytes and equal hashes,
//! whatever happened before, and reading is adding.
//!
//! ```text
//! instruments u32, then each:  id u32, step u32, bids u32, asks u32 (orders), then each order:
//!   order_ref u64, price i64, qty u64, owner u32
//! ```

use super::{Books, Handle};
use crate::component::{Snapshot, SnapshotError};
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u32, read_u64};
use crate::types::{InstrumentId, Side, Ticks};

const SIDES: [Side; 2] = [Side::Buy, Side::Sell];

impl Books {
    /// Digest of the contents: instruments, orders and their queues.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        for instrument in self.instruments() {
            hasher.word(u64::from(instrument));
            hasher.signed(self.step(instrument).unwrap_or(0));
            for side in SIDES {
                let mut count = 0;
                for handle in self.handles(instrument, side) {
                    let order = self.view(Handle(handle));
                    hasher.word(order.order_ref);
                    hasher.signed(order.price);
                    hasher.word(order.qty);
                    hasher.word(u64::from(order.owner));
                    count += 1;
                }
                hasher.word(count);
            }
        }
        hasher.finish()
    }

    /// Ids of the instruments that are defined.
    pub fn instruments(&self) -> impl Iterator<Item = InstrumentId> + '_ {
        (1..=self.config.instruments_max).filter(|&id| self.step(id).is_some())
    }

    /// Handles of a side, best first, by priority.
    fn handles(&self, instrument: InstrumentId, side: Side) -> impl Iterator<Item = u32> + '_ {
        self.level_ids(instrument, side).flat_map(|level| self.queue(level))
    }
}

impl Snapshot for Books {
    fn save(&self, out: &mut Vec<u8>) {
        out.extend((self.instruments().count() as u32).to_le_bytes());
        for instrument in self.instruments() {
            out.extend(instrument.to_le_bytes());
            out.extend(self.ladders.step(instrument * 2).to_le_bytes());
            for side in SIDES {
                let count: u32 = self.levels(instrument, side).map(|level| level.orders).sum();
                out.extend(count.to_le_bytes());
            }
            for handle in SIDES.iter().flat_map(|&side| self.handles(instrument, side)) {
                let order = self.view(Handle(handle));
                out.extend(order.order_ref.to_le_bytes());
                out.extend(order.price.to_le_bytes());
                out.extend(order.qty.to_le_bytes());
                out.extend(order.owner.to_le_bytes());
            }
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.orders.clear();
        self.refs.clear();
        self.ladders.clear();
        let instruments = read_u32(bytes)?;
        for _ in 0..instruments {
            let instrument = read_u32(bytes)?;
            let step = read_u32(bytes)?;
            let counts = [read_u32(bytes)?, read_u32(bytes)?];
            self.define(instrument, Ticks::from(step))
                .map_err(|_| SnapshotError::Invalid { what: "instrument" })?;
            for (side, count) in SIDES.into_iter().zip(counts) {
                for _ in 0..count {
                    self.restore_order(bytes, instrument, side)?;
                }
            }
        }
        Ok(())
    }
}

impl Books {
    fn restore_order(
        &mut self,
        bytes: &mut &[u8],
        instrument: InstrumentId,
        side: Side,
    ) -> Result<(), SnapshotError> {
        let order_ref = read_u64(bytes)?;
        let price = read_i64(bytes)?;
        let qty = read_u64(bytes)?;
        let owner = read_u32(bytes)?;
        self.add(instrument, order_ref, side, price, qty, owner)
            .map_err(|_| SnapshotError::Invalid { what: "order" })?;
        Ok(())
    }
}
