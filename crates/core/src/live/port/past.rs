// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders that are dead, within bounds: a venue may speak of one once more, and a fill of it counts.

use super::Sent;
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

    /// Takes out a dead order that the venue speaks of.
    pub(super) fn take(&mut self, number: u64) -> Option<Sent> {
        let place = self.by_number.find(number)?;
        self.by_number.remove(number);
        Some(self.ring[place as usize])
    }
}
