// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The mean price of the trades of the last five minutes, by whole seconds.

use crate::types::{Ticks, TsNs};

const SECONDS: i64 = 300;
const SECOND_NS: TsNs = 1_000_000_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Second {
    /// Which, since the Unix epoch.
    number: i64,
    sum: i128,
    count: u64,
}

/// The trades of each of the last 300 seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recent {
    seconds: [Second; SECONDS as usize],
}

impl Recent {
    pub(super) fn new() -> Self {
        Self { seconds: [Second::default(); SECONDS as usize] }
    }

    pub(super) fn clear(&mut self) {
        self.seconds = [Second::default(); SECONDS as usize];
    }

    pub(super) fn add(&mut self, ts_ns: TsNs, price: Ticks) {
        let second = ts_ns.div_euclid(SECOND_NS);
        let place = &mut self.seconds[second.rem_euclid(SECONDS) as usize];
        if place.number != second {
            *place = Second { number: second, sum: 0, count: 0 };
        }
        place.sum += i128::from(price);
        place.count += 1;
    }

    /// Mean price, rounded down; `None` when nothing traded.
    pub(super) fn mean(&self, ts_ns: TsNs) -> Option<Ticks> {
        let now = ts_ns.div_euclid(SECOND_NS);
        let is_recent = |each: &&Second| each.number > now - SECONDS && each.number <= now;
        let (sum, count) =
            self.seconds.iter().filter(is_recent).fold((0, 0), |(sum, count), each| {
                (sum + each.sum, count + i128::from(each.count))
            });
        if count == 0 {
            return None;
        }
        i64::try_from(i128::div_euclid(sum, count)).ok()
    }

    /// The seconds with a trade, for a snapshot: place, second, sum (low and high word), count.
    pub(super) fn words(&self) -> impl Iterator<Item = [u64; 5]> + '_ {
        self.seconds.iter().enumerate().filter(|(_, each)| each.count != 0).map(|(place, each)| {
            let sum = each.sum.cast_unsigned();
            let (low, high) = (sum as u64, (sum >> 64) as u64);
            [place as u64, each.number.cast_unsigned(), low, high, each.count]
        })
    }

    /// Takes up what [`Self::words`] gave; false when there is no such place.
    pub(super) fn set(&mut self, [place, second, low, high, count]: [u64; 5]) -> bool {
        let sum = (u128::from(high) << 64 | u128::from(low)).cast_signed();
        let found = usize::try_from(place).ok().and_then(|place| self.seconds.get_mut(place));
        let Some(found) = found else { return false };
        *found = Second { number: second.cast_signed(), sum, count };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_forgets_what_is_five_minutes_old() {
        let mut recent = Recent::new();
        let at = |seconds: i64| seconds * SECOND_NS;
        assert_eq!(recent.mean(at(1_000)), None);
        recent.add(at(1_000), 100);
        recent.add(at(1_000) + 5, 103);
        recent.add(at(1_299), 110);
        assert_eq!(recent.mean(at(1_299)), Some(104));
        assert_eq!(recent.mean(at(1_300)), Some(110));
        recent.add(at(1_300), 90);
        assert_eq!(recent.mean(at(1_598)), Some(100));
        assert_eq!(recent.mean(at(2_000)), None);
    }
}
