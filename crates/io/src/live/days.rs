// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The midnights that a node lives over: each begins a day for the gate's losses, values and counts.

use onetape_core::component::sources;
use onetape_core::events::RiskDayStarted;
use onetape_core::types::{SECOND_NS, TsNs};

use super::engine::{Engine, Input};
use crate::exchange::ServerError;

/// Seconds of a day, for its number.
const DAY_NS: i64 = 86_400 * SECOND_NS;

/// Midnights to come.
#[derive(Debug)]
pub(super) struct Days {
    midnights_ns: Vec<TsNs>,
    /// The next of them.
    next: usize,
    /// One has passed while the node was away.
    is_due: bool,
}

impl Days {
    /// `midnights_ns` rise; `last_ns` is the time of the journal's last entry, 0 for none.
    pub(super) fn new(midnights_ns: &[TsNs], now_ns: TsNs, last_ns: TsNs) -> Self {
        let passed = |ts_ns| midnights_ns.partition_point(|&midnight| midnight <= ts_ns);
        let next = passed(now_ns);
        let is_due = last_ns != 0 && next > passed(last_ns);
        Self { midnights_ns: midnights_ns.to_vec(), next, is_due }
    }

    /// The midnight that has come, once; of several that have, the last.
    fn come(&mut self, now_ns: TsNs) -> Option<TsNs> {
        let before = self.next;
        while self.midnights_ns.get(self.next).is_some_and(|&midnight| midnight <= now_ns) {
            self.next += 1;
        }
        let has_come = std::mem::take(&mut self.is_due) || self.next > before;
        has_come.then(|| self.midnights_ns.get(self.next.wrapping_sub(1)).copied()).flatten()
    }
}

impl Engine {
    /// At midnight the gate begins a day, where it counts by days.
    pub(super) fn begin_day(&mut self, ts_ns: TsNs) -> Result<(), ServerError> {
        let Some(midnight_ns) = self.days.come(ts_ns) else { return Ok(()) };
        if !self.path.node.desk().risk().counts_days() {
            return Ok(());
        }
        // The date is that of the day's noon, whatever the zone.
        let day = (midnight_ns + DAY_NS / 2).div_euclid(DAY_NS).unsigned_abs();
        let input = Input {
            kind: RiskDayStarted::KIND,
            version: RiskDayStarted::VERSION,
            source: sources::CONFIG,
            fixed: &RiskDayStarted { day }.encode(),
            tail: &[],
        };
        self.path.input(ts_ns, &input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_midnight_comes_once_and_those_that_were_slept_over_as_one() {
        let mut days = Days::new(&[100, 200, 300, 400], 150, 0);
        assert_eq!(days.come(199), None);
        assert_eq!((days.come(200), days.come(250)), (Some(200), None));
        assert_eq!((days.come(450), days.come(500)), (Some(400), None));
        // Away over a midnight: it is made good at the start.
        let mut days = Days::new(&[100, 200, 300], 210, 150);
        assert_eq!((days.come(210), days.come(220)), (Some(200), None));
        // Away for a minute of one day: nothing.
        assert_eq!(Days::new(&[100, 200, 300], 210, 205).come(211), None);
    }
}
