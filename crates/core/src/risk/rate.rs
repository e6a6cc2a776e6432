// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An exact sliding window: at most N orders in any one second of journal time.

use crate::component::SnapshotError;
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u32, write_i64, write_u32};
use crate::types::{SECOND_NS, TsNs};

/// Times of the last N admitted orders, in a ring.
#[derive(Clone, Debug)]
pub struct RateWindow {
    times: Vec<TsNs>,
    oldest: usize,
}

impl RateWindow {
    /// Most orders a second that a limit can allow: the ring is kept in memory.
    pub const RATE_MAX: i64 = 1 << 20;

    /// A window that admits nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { times: Vec::new(), oldest: 0 }
    }

    /// Starts a window of `limit` orders, 0 to [`Self::RATE_MAX`]; what was counted so far stays
    /// counted as far as it fits, newest first.
    pub fn resize(&mut self, limit: i64) {
        let size = limit.clamp(0, Self::RATE_MAX).cast_unsigned() as usize;
        let long_ago = TsNs::MIN / 2;
        let mut ordered = self.times[self.oldest..].to_vec();
        ordered.extend_from_slice(&self.times[..self.oldest]);
        let kept = ordered.len().min(size);
        let mut times = vec![long_ago; size - kept];
        times.extend_from_slice(&ordered[ordered.len() - kept..]);
        self.times = times;
        self.oldest = 0;
    }

    /// Counts an order at `now` if the window has room.
    #[inline]
    pub fn admit(&mut self, now: TsNs) -> bool {
        let Some(oldest) = self.times.get_mut(self.oldest) else { return false };
        if now - *oldest < SECOND_NS {
            return false;
        }
        *oldest = now;
        self.oldest = if self.oldest + 1 == self.times.len() { 0 } else { self.oldest + 1 };
        true
    }

    /// Mixes the window into a digest, oldest first.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        let (newer, older) = self.times.split_at(self.oldest);
        older.iter().chain(newer).for_each(|&time| hasher.signed(time));
    }

    /// Appends the window.
    pub fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.times.len() as u32);
        let (newer, older) = self.times.split_at(self.oldest);
        older.iter().chain(newer).for_each(|&time| write_i64(out, time));
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a window.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let size = read_u32(bytes)? as usize;
        if size > Self::RATE_MAX as usize || bytes.len() < size * 8 {
            return Err(SnapshotError::Invalid { what: "risk: order rate window" });
        }
        self.times.clear();
        for _ in 0..size {
            self.times.push(read_i64(bytes)?);
        }
        self.oldest = 0;
        Ok(())
    }
}

impl Default for RateWindow {
    fn default() -> Self {
        Self::new()
    }
}
