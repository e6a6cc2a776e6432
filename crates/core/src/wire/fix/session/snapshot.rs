// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A session's state, written down and digested. How it was set up is not part of it.

use super::{Gap, SEQUENCE_MAX, Session, SessionState};
use crate::component::{Snapshot, SnapshotError};
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u8, read_u64, write_i64, write_u8, write_u64};
use crate::types::SECOND_NS;

impl Session {
    /// The state as numbers, always in this order.
    fn words(&self) -> [i64; 8] {
        let gap = self.gap.unwrap_or(Gap { from: 0, ts_ns: 0 });
        [
            self.heartbeat_ns,
            self.since_ns,
            self.sent_ns,
            self.received_ns,
            i64::from(self.tested_ns.is_some()),
            self.tested_ns.unwrap_or(0),
            gap.from.cast_signed(),
            gap.ts_ns,
        ]
    }

    /// Digest of the state.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        hasher.word(self.state as u64);
        for word in [self.next_in, self.next_out, self.stored_count] {
            hasher.word(word);
        }
        for word in self.words() {
            hasher.signed(word);
        }
        hasher.finish()
    }
}

impl Snapshot for Session {
    fn save(&self, out: &mut Vec<u8>) {
        write_u8(out, self.state as u8);
        for word in [self.next_in, self.next_out, self.stored_count] {
            write_u64(out, word);
        }
        for word in self.words() {
            write_i64(out, word);
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.state = match read_u8(bytes)? {
            0 => SessionState::Closed,
            1 => SessionState::Opened,
            2 => SessionState::LogonSent,
            3 => SessionState::Active,
            4 => SessionState::LogoutSent,
            _ => return Err(SnapshotError::Invalid { what: "state of a FIX session" }),
        };
        self.next_in = read_u64(bytes)?;
        self.next_out = read_u64(bytes)?;
        self.stored_count = read_u64(bytes)?;
        if self.next_in == 0
            || self.next_in > SEQUENCE_MAX + 1
            || self.next_out == 0
            || self.next_out - 1 > self.stored_count
        {
            return Err(SnapshotError::Invalid { what: "numbers of a FIX session" });
        }
        self.heartbeat_ns = read_i64(bytes)?;
        if !(0..=i64::from(u32::MAX) * SECOND_NS).contains(&self.heartbeat_ns) {
            return Err(SnapshotError::Invalid { what: "heartbeat of a FIX session" });
        }
        self.since_ns = read_i64(bytes)?;
        self.sent_ns = read_i64(bytes)?;
        self.received_ns = read_i64(bytes)?;
        let is_tested = read_i64(bytes)? != 0;
        let tested_ns = read_i64(bytes)?;
        self.tested_ns = is_tested.then_some(tested_ns);
        let from = read_i64(bytes)?.cast_unsigned();
        let ts_ns = read_i64(bytes)?;
        self.gap = (from != 0).then_some(Gap { from, ts_ns });
        Ok(())
    }
}
