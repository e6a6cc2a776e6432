// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the shell asks of an exchange's deterministic core.

use onetape_core::component::{Component, Entry, Outbox, Snapshot};
use onetape_core::exchange::Wires;
use onetape_core::exchange::node::Exchange;

/// A deterministic exchange: entries in, events and numbered messages out.
pub trait Core: Snapshot {
    /// Version of the layout of its snapshots.
    const SNAPSHOT_VERSION: u32;

    /// Takes one event in, and says what follows from it. Never fails.
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox, wires: &mut impl Wires);

    /// Digest of the whole state.
    fn state_hash(&self) -> u64;

    /// Appends the state, and gives its digest.
    fn save_hashed(&self, out: &mut Vec<u8>) -> u64 {
        self.save(out);
        self.state_hash()
    }
}

impl Core for Exchange {
    const SNAPSHOT_VERSION: u32 = 2;

    #[inline]
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox, wires: &mut impl Wires) {
        self.apply_to(entry, out, wires);
    }

    fn state_hash(&self) -> u64 {
        Component::state_hash(self)
    }

    fn save_hashed(&self, out: &mut Vec<u8>) -> u64 {
        Self::save_hashed(self, out)
    }
}
