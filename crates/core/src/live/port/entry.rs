// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a kill asks of a port: which orders it holds, cancels for those nobody asked for yet, and
//! whether the venue is to take new orders of the firm at all.

use super::{Port, Speech};
use crate::component::Outbox;
use crate::events::CancelReason;
use crate::trading::OrderKey;

/// Whether a venue takes new orders of the firm: as we want it, and as it was told last.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryWish {
    pub(super) is_open: bool,
    pub(super) is_due: bool,
}

impl Port {
    /// Whether something may be sent.
    pub(in crate::live) const fn is_up(&self) -> bool {
        self.is_up
    }

    /// How many orders of a choice live or are on their way.
    pub(in crate::live) fn count(&self, is_wanted: impl Fn(&OrderKey) -> bool) -> u32 {
        self.sent().filter(|sent| is_wanted(&sent.key)).count() as u32
    }

    /// Whether any order of a choice lives or is on its way.
    pub(in crate::live) fn holds(&self, is_wanted: impl Fn(&OrderKey) -> bool) -> bool {
        self.live() != 0 && self.sent().any(|sent| is_wanted(&sent.key))
    }

    /// Cancels those orders of a choice whose cancel has not left, or was refused.
    pub(in crate::live) fn cancel_rest(
        &mut self,
        is_wanted: impl Fn(&OrderKey) -> bool,
        reason: CancelReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        for slot in 0..self.slots.len() as u32 {
            let sent = self.slots[slot as usize];
            let sent = sent.filter(|sent| sent.canceling.is_none() && is_wanted(&sent.key));
            if let Some(sent) = sent {
                self.cancel(slot, reason, cause, out);
                self.canceled.push(sent.key);
            }
        }
    }

    /// Has the venue take new orders of the firm, or none; it is told even if it was told before.
    /// An adapter's venue has no such word: its sessions are dropped instead.
    pub(in crate::live) fn want_entry(&mut self, is_open: bool) {
        self.entry = EntryWish { is_open, is_due: self.speech == Speech::Ouch };
    }

    /// Whether the venue is yet to be told.
    pub(in crate::live) const fn has_entry_due(&self) -> bool {
        self.entry.is_due
    }

    /// Tells the venue if it is to be told and can hear; what it was told.
    pub(in crate::live) fn settle_entry(
        &mut self,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<bool> {
        if !self.entry.is_due || !self.is_ready {
            return None;
        }
        self.entry.is_due = false;
        self.ouch_set_entry(self.entry.is_open, cause, out);
        Some(self.entry.is_open)
    }
}
