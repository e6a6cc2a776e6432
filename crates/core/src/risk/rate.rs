// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An exact sliding window: at most N orders in any one second of journal time.

use crate::component::SnapshotError;
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u32, write_i64, write_u32};
use crate::types::{SECOND_NS, TsNs};

/// When an order came that never did.
const LONG_AGO: TsNs = TsNs::MIN / 2;

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
        let mut ordered = self.times[self.oldest..].to_vec();
        ordered.extend_from_slice(&self.times[..self.oldest]);
        let kept = ordered.len().min(size);
        let mut times = vec![LONG_AGO; size - kept];
        times.extend_from_slice(&ordered[ordered.len() - kept..]);
        self.times = times;
        self.oldest = 0;
    }

    /// Whether an order at `now` would be counted.
    #[inline]
    #[must_use]
    pub fn has_room(&self, now: TsNs) -> bool {
        self.times.get(self.oldest).is_some_and(|&oldest| now - oldest >= SECOND_NS)
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

    /// Orders counted within the second that ends at `now`.
    #[must_use]
    pub fn count(&self, now: TsNs) -> i64 {
        let counts = |time: &&TsNs| **time != LONG_AGO && now - **time < SECOND_NS;
        i64::try_from(self.times.iter().filter(counts).count()).unwrap_or(i64::MAX)
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

    /// Appends the times that can still count, those within a second of the newest: as few as came in
    /// that second, however much the limit allows.
    pub fn save_recent(&self, out: &mut Vec<u8>) {
        let (newer, older) = self.times.split_at(self.oldest);
        let newest_first = || newer.iter().rev().chain(older.iter().rev()).copied();
        let newest = newest_first().next().unwrap_or(LONG_AGO);
        let counts = |&time: &TsNs| newest != LONG_AGO && newest - time < SECOND_NS;
        let count = newest_first().take_while(counts).count();
        write_u32(out, count as u32);
        newest_first().take(count).for_each(|time| write_i64(out, time));
    }

    /// Takes up what [`Self::save_recent`] wrote, in a window of the same limit.
    ///
    /// # Errors
    /// When the bytes are not such a window's.
    pub fn restore_recent(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let count = read_u32(bytes)? as usize;
        if count > self.times.len() {
            return Err(SnapshotError::Invalid { what: "risk: order rate window" });
        }
        self.times.fill(LONG_AGO);
        self.oldest = 0;
        for place in self.times.iter_mut().rev().take(count) {
            *place = read_i64(bytes)?;
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_a_window_admits_the_same_orders_and_is_no_longer_than_it_must_be() {
        let mut state = 0x9e37_79b9_u64;
        let mut dice = |sides: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % sides).cast_signed()
        };
        for limit in [0, 1, 2, 7] {
            let (mut window, mut now) = (RateWindow::new(), 0);
            window.resize(limit);
            for _ in 0..500 {
                now += dice(3) * SECOND_NS / 4 + dice(2);
                window.admit(now);
                let (mut saved, mut again) = (Vec::new(), Vec::new());
                window.save_recent(&mut saved);
                assert!(saved.len() <= 4 + 8 * usize::try_from(limit).unwrap());
                let mut restored = RateWindow::new();
                restored.resize(limit);
                restored.restore_recent(&mut saved.as_slice()).unwrap();
                restored.save_recent(&mut again);
                assert_eq!(saved, again);
                let mut original = window.clone();
                for step in [0, 1, SECOND_NS / 2, 1, SECOND_NS, 0, 0, 0] {
                    now += step;
                    assert_eq!(original.admit(now), restored.admit(now), "limit {limit}, {now}");
                }
            }
        }
    }

    #[test]
    fn an_unused_window_takes_four_bytes_and_a_longer_one_is_refused() {
        let (mut window, mut saved) = (RateWindow::new(), Vec::new());
        window.resize(RateWindow::RATE_MAX);
        window.save_recent(&mut saved);
        assert_eq!(saved, [0; 4]);
        assert!(window.admit(1));
        saved.clear();
        window.save_recent(&mut saved);
        window.resize(0);
        assert!(window.restore_recent(&mut saved.as_slice()).is_err());
    }
}
