// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Who the standby is, since when, and how long what was sent to it has been under way: for people.
//! Touched once a batch, never by the engine.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use onetape_core::continuity::NodeName;

/// Batches that are told apart; with more under way the newest count as one.
const BATCHES_MAX: usize = 1_024;

/// What is known of the standby.
#[derive(Debug, Default)]
pub(crate) struct Attendance(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    who: Option<(NodeName, SocketAddr)>,
    changed_ns: i64,
    /// Last entry of each batch that is not confirmed, and when it was sent, oldest first.
    under_way: VecDeque<(u64, i64)>,
}

/// One look at it; times by [`super::steady_ns`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Glance {
    /// The last that came: its name, and where it calls from.
    pub(crate) who: Option<(NodeName, SocketAddr)>,
    /// When it came, or left.
    pub(crate) changed_ns: i64,
    /// When the oldest of what it has not confirmed was sent.
    pub(crate) oldest_ns: Option<i64>,
}

impl Attendance {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A standby came.
    pub(crate) fn came(&self, node: NodeName, address: SocketAddr, now_ns: i64) {
        let mut seen = self.lock();
        (seen.who, seen.changed_ns) = (Some((node, address)), now_ns);
        seen.under_way.clear();
    }

    /// It left.
    pub(crate) fn left(&self, now_ns: i64) {
        let mut seen = self.lock();
        seen.changed_ns = now_ns;
        seen.under_way.clear();
    }

    /// All up to `last_seq` is sent to it.
    pub(crate) fn sent(&self, last_seq: u64, now_ns: i64) {
        let under_way = &mut self.lock().under_way;
        if under_way.len() == BATCHES_MAX
            && let Some(newest) = under_way.back_mut()
        {
            newest.0 = last_seq;
        } else {
            under_way.push_back((last_seq, now_ns));
        }
    }

    /// It has all up to `received`.
    pub(crate) fn confirmed(&self, received: u64) {
        let under_way = &mut self.lock().under_way;
        while under_way.front().is_some_and(|&(last_seq, _)| last_seq <= received) {
            under_way.pop_front();
        }
    }

    /// How it stands.
    pub(crate) fn glance(&self) -> Glance {
        let seen = self.lock();
        let oldest_ns = seen.under_way.front().map(|&(_, sent_ns)| sent_ns);
        Glance { who: seen.who, changed_ns: seen.changed_ns, oldest_ns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_batch_that_is_not_confirmed_says_how_long_it_takes() {
        let attendance = Attendance::default();
        assert_eq!(attendance.glance(), Glance::default());
        let (node, address) = (NodeName::new("beta").unwrap(), ([127, 0, 0, 1], 9).into());
        attendance.came(node, address, 100);
        attendance.sent(10, 110);
        attendance.sent(20, 120);
        attendance.confirmed(9);
        assert_eq!(attendance.glance().oldest_ns, Some(110));
        attendance.confirmed(10);
        assert_eq!(attendance.glance().oldest_ns, Some(120));
        attendance.confirmed(25);
        assert_eq!(attendance.glance().oldest_ns, None);
        attendance.sent(30, 130);
        attendance.left(140);
        let left = Glance { who: Some((node, address)), changed_ns: 140, oldest_ns: None };
        assert_eq!(attendance.glance(), left);
    }

    #[test]
    fn a_standby_that_confirms_nothing_fills_no_memory() {
        let attendance = Attendance::default();
        for batch in 0..5_000 {
            attendance.sent(batch, batch.cast_signed());
        }
        assert_eq!(attendance.lock().under_way.len(), BATCHES_MAX);
        attendance.confirmed(4_998);
        assert_eq!(attendance.glance().oldest_ns, Some(1_023));
        attendance.confirmed(4_999);
        assert_eq!(attendance.glance().oldest_ns, None);
    }
}
