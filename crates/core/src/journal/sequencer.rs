// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Gives each entry its place and its time. Sequence numbers rise by one; times never fall.

/// Who is next, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequencer {
    last_seq: u64,
    last_ts_ns: i64,
    times_raised: u64,
}

impl Default for Sequencer {
    fn default() -> Self {
        Self::new()
    }
}

impl Sequencer {
    /// A sequencer that has given out nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self::resume(0, i64::MIN)
    }

    /// A sequencer that goes on after entry `last_seq` of time `last_ts_ns`.
    #[must_use]
    pub const fn resume(last_seq: u64, last_ts_ns: i64) -> Self {
        Self { last_seq, last_ts_ns, times_raised: 0 }
    }

    /// The place and time that [`Self::take`] would give an entry of time `ts_ns`.
    #[inline]
    #[must_use]
    pub const fn peek(&self, ts_ns: i64) -> (u64, i64) {
        let ts_ns = if ts_ns < self.last_ts_ns { self.last_ts_ns } else { ts_ns };
        (self.last_seq + 1, ts_ns)
    }

    /// Gives out the next place. A time before the last one is raised to it, and counted.
    #[inline]
    pub const fn take(&mut self, ts_ns: i64) -> (u64, i64) {
        let (seq, raised) = self.peek(ts_ns);
        self.times_raised += (raised != ts_ns) as u64;
        self.last_seq = seq;
        self.last_ts_ns = raised;
        (seq, raised)
    }

    /// Sequence number last given out; 0 before the first.
    #[inline]
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Time last given out; `i64::MIN` before the first.
    #[inline]
    #[must_use]
    pub const fn last_ts_ns(&self) -> i64 {
        self.last_ts_ns
    }

    /// How many times were before the one before them.
    #[must_use]
    pub const fn times_raised(&self) -> u64 {
        self.times_raised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_rise_by_one_and_times_never_fall() {
        let mut sequencer = Sequencer::new();
        assert_eq!(sequencer.take(-5), (1, -5));
        assert_eq!(sequencer.take(100), (2, 100));
        assert_eq!(sequencer.take(99), (3, 100));
        assert_eq!(sequencer.take(100), (4, 100));
        assert_eq!(sequencer.times_raised(), 1);
        let mut resumed = Sequencer::resume(4, 100);
        assert_eq!(resumed.take(0), (5, 100));
    }
}
