// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders that are dead, within bounds: a venue may speak of one once more, and a fill of it counts.

use super::Sent;
use crate::component::SnapshotError;
use crate::live::kept::{Kept, keep_all, take_all};
use crate::numbers::NumberTable;

/// Dead orders of a venue that are remembered: as many as order management remembers of a strategy.
const PAST_MAX: usize = 1_024;

/// The last orders that died.
#[derive(Debug)]
pub(super) struct Past {
    /// A ring: the oldest stands at `next` once it is full. What was taken out again stays, unnamed.
    ring: Vec<Sent>,
    next: usize,
    by_number: NumberTable,
}

impl Past {
    pub(super) fn new() -> Self {
        let by_number = NumberTable::new(PAST_MAX as u32);
        Self { ring: Vec::with_capacity(PAST_MAX), next: 0, by_number }
    }

    /// Remembers an order, and forgets the oldest.
    pub(super) fn bury(&mut self, sent: Sent) {
        let sent = Sent { replaces: 0, canceling: None, ..sent };
        let place = if self.ring.len() < PAST_MAX {
            self.ring.push(sent);
            self.ring.len() - 1
        } else {
            let place = self.next;
            let oldest = self.ring[place].number;
            if self.by_number.find(oldest) == Some(place as u32) {
                self.by_number.remove(oldest);
            }
            self.ring[place] = sent;
            self.next = (place + 1) % PAST_MAX;
            place
        };
        self.by_number.insert(sent.number, place as u32);
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let Self { ring, next, by_number } = self;
        keep_all(ring, out);
        (*next as u32).keep(out);
        for (place, sent) in ring.iter().enumerate() {
            (by_number.find(sent.number) == Some(place as u32)).keep(out);
        }
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { ring, next, by_number } = self;
        take_all(ring, PAST_MAX, bytes)?;
        *next = u32::take(bytes)? as usize % PAST_MAX;
        for (place, sent) in ring.iter().enumerate() {
            let is_named = bool::take(bytes)?;
            if is_named && !by_number.insert(sent.number, place as u32) {
                return Err(SnapshotError::Invalid { what: "port: more dead orders than fit" });
            }
        }
        Ok(())
    }

    /// Takes out a dead order that the venue speaks of.
    pub(super) fn take(&mut self, number: u64) -> Option<Sent> {
        let place = self.by_number.find(number)?;
        self.by_number.remove(number);
        Some(self.ring[place as usize])
    }
}
