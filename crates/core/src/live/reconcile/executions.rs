// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Executions at one venue by two accounts, ours and the venue's second one, matched by the venue's
//! numbers of order and trade. What matched is remembered for a while, so that nothing counts twice.

use crate::component::SnapshotError;
use crate::events::{Difference, DifferenceStep};
use crate::hash::{StateHasher, mix};
use crate::live::kept::{Kept, keep_all, take_all};
use crate::numbers::NumberTable;
use crate::types::{InstrumentId, StrategyId, Ticks, TsNs};

/// Executions that are remembered.
const EXECUTIONS_MAX: usize = 16_384;
/// An execution that is not among the open ones.
const CLOSED: u32 = u32::MAX;

/// Who tells of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Teller {
    Here,
    There,
}

/// An execution as somebody tells it.
#[derive(Clone, Copy, Debug)]
pub(in crate::live) struct Told {
    pub(super) order_id: u64,
    pub(super) exec_id: u64,
    pub(super) instrument: InstrumentId,
    /// 0 where it is not known.
    pub(super) strategy: StrategyId,
    pub(super) price: Ticks,
    /// Below zero for a sale.
    pub(super) lots: i64,
}

/// An execution, and who told of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Execution {
    pub(super) told: Told,
    /// What the other account says of it, once both have spoken.
    pub(super) other: Option<(Ticks, i64)>,
    pub(super) first: Teller,
    pub(super) since_ns: TsNs,
    /// The last step that was taken because it differs.
    pub(super) step: Option<DifferenceStep>,
    pub(super) open_at: u32,
}

impl Execution {
    /// What differs, with our account and theirs; `None` when nothing does.
    pub(super) fn difference(&self) -> Option<(Difference, i64, i64)> {
        let Told { price: first_price, lots: first_lots, .. } = self.told;
        let Some((price, lots)) = self.other else {
            return Some(match self.first {
                Teller::Here => (Difference::MissingThere, first_lots, 0),
                Teller::There => (Difference::MissingHere, 0, first_lots),
            });
        };
        let of = |first: i64, second: i64| match self.first {
            Teller::Here => (first, second),
            Teller::There => (second, first),
        };
        if lots != first_lots {
            let (ours, theirs) = of(first_lots, lots);
            return Some((Difference::Qty, ours, theirs));
        }
        let (ours, theirs) = of(first_price, price);
        (ours != theirs).then_some((Difference::Price, ours, theirs))
    }
}

/// What was told so far, by one teller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) count: u64,
    pub(super) lots: u128,
}

impl Totals {
    const fn of(lots: i64) -> Self {
        Self { count: 1, lots: lots.unsigned_abs() as u128 }
    }
}

/// What became of what somebody told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// The other account has not told of it yet.
    Open(u32),
    /// Both say the same.
    Agreed(u32),
    /// Both have told of it, and differ.
    Differs(u32),
    /// It was told before.
    Known,
}

/// All executions at one venue.
#[derive(Debug)]
pub(super) struct Executions {
    ring: Vec<Execution>,
    next: usize,
    index: NumberTable,
    /// Those on which both do not agree, in no order.
    open: Vec<u32>,
    here: Totals,
    there: Totals,
    /// Those that were forgotten before both agreed on them.
    pub(super) forgotten: u64,
}

fn key_of(told: &Told) -> u64 {
    mix(mix(told.order_id) ^ told.exec_id)
}

impl Executions {
    /// None yet; takes all its memory now.
    pub(super) fn new() -> Self {
        Self {
            ring: Vec::with_capacity(EXECUTIONS_MAX),
            next: 0,
            index: NumberTable::new(EXECUTIONS_MAX as u32),
            open: Vec::with_capacity(EXECUTIONS_MAX),
            here: Totals::default(),
            there: Totals::default(),
            forgotten: 0,
        }
    }

    pub(super) fn at(&self, place: u32) -> &Execution {
        &self.ring[place as usize]
    }

    pub(super) fn at_mut(&mut self, place: u32) -> &mut Execution {
        &mut self.ring[place as usize]
    }

    /// Those on which both do not agree.
    pub(super) fn open(&self) -> &[u32] {
        &self.open
    }

    /// What was told here and there, and what of it the other has not told yet.
    pub(super) fn totals(&self) -> [Totals; 2] {
        [self.here, self.there]
    }

    /// Whether the totals agree but for those that are open.
    pub(super) fn totals_agree(&self) -> bool {
        let (mut here, mut there) = (self.here, self.there);
        for execution in self.open.iter().map(|&place| self.at(place)) {
            let own = Totals::of(execution.told.lots);
            let other = execution.other.map(|(_, lots)| Totals::of(lots));
            let (first, second) = match execution.first {
                Teller::Here => (&mut here, &mut there),
                Teller::There => (&mut there, &mut here),
            };
            for (total, part) in [(first, Some(own)), (second, other)] {
                let part = part.unwrap_or_default();
                total.count -= part.count;
                total.lots -= part.lots;
            }
        }
        here == there
    }

    /// Somebody tells of an execution.
    pub(super) fn tell(&mut self, teller: Teller, told: &Told, now: TsNs) -> News {
        let known = self.index.find(key_of(told));
        let Some(place) = known.filter(|&place| {
            let other = &self.at(place).told;
            (other.order_id, other.exec_id) == (told.order_id, told.exec_id)
        }) else {
            self.count(teller, told);
            return News::Open(self.insert(teller, told, now));
        };
        let execution = &mut self.ring[place as usize];
        if execution.first == teller || execution.other.is_some() {
            return News::Known;
        }
        execution.other = Some((told.price, told.lots));
        if execution.told.strategy == 0 {
            execution.told.strategy = told.strategy;
        }
        let agrees = execution.difference().is_none();
        self.count(teller, told);
        if agrees {
            self.close(place);
            return News::Agreed(place);
        }
        News::Differs(place)
    }

    fn count(&mut self, teller: Teller, told: &Told) {
        let totals = match teller {
            Teller::Here => &mut self.here,
            Teller::There => &mut self.there,
        };
        totals.count += 1;
        totals.lots += u128::from(told.lots.unsigned_abs());
    }

    fn insert(&mut self, first: Teller, told: &Told, now: TsNs) -> u32 {
        let open_at = self.open.len() as u32;
        let (other, step, since_ns) = (None, None, now);
        let execution = Execution { told: *told, other, first, since_ns, step, open_at };
        let place = if self.ring.len() < EXECUTIONS_MAX {
            self.ring.push(execution);
            self.ring.len() - 1
        } else {
            let place = self.next;
            self.next = (self.next + 1) % EXECUTIONS_MAX;
            let old = self.ring[place];
            if old.open_at != CLOSED {
                self.close(place as u32);
                self.forgotten += 1;
            }
            self.index.remove(key_of(&old.told));
            let open_at = self.open.len() as u32;
            self.ring[place] = Execution { open_at, ..execution };
            place
        };
        self.open.push(place as u32);
        self.index.insert(key_of(told), place as u32);
        place as u32
    }

    /// Takes one from the open ones.
    fn close(&mut self, place: u32) {
        let at = std::mem::replace(&mut self.ring[place as usize].open_at, CLOSED);
        self.open.swap_remove(at as usize);
        if let Some(&moved) = self.open.get(at as usize) {
            self.ring[moved as usize].open_at = at;
        }
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let Self { ring, next, index: _, open, here, there, forgotten } = self;
        keep_all(ring, out);
        (*next as u64).keep(out);
        keep_all(open, out);
        here.keep(out);
        there.keep(out);
        forgotten.keep(out);
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { ring, next, index, open, here, there, forgotten } = self;
        take_all(ring, EXECUTIONS_MAX, bytes)?;
        *next = u64::take(bytes)? as usize % EXECUTIONS_MAX;
        take_all(open, EXECUTIONS_MAX, bytes)?;
        (*here, *there, *forgotten) = (Kept::take(bytes)?, Kept::take(bytes)?, Kept::take(bytes)?);
        *index = NumberTable::new(EXECUTIONS_MAX as u32);
        for (place, execution) in ring.iter().enumerate() {
            index.insert(key_of(&execution.told), place as u32);
        }
        let opened_at = |place: u32| ring.get(place as usize).map(|execution| execution.open_at);
        let is_whole = open.iter().zip(0..).all(|(&place, at)| opened_at(place) == Some(at));
        is_whole.then_some(()).ok_or(SnapshotError::Invalid { what: "open executions" })
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for Totals { count, lots } in self.totals() {
            hasher.word(count);
            hasher.bytes(&lots.to_le_bytes());
        }
        hasher.word(self.forgotten);
        for execution in self.open.iter().map(|&place| self.at(place)) {
            hasher.word(execution.told.order_id);
            hasher.word(execution.told.exec_id);
            hasher.signed(execution.since_ns);
            hasher.word(execution.step.map_or(0, |step| step.raw().into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(order_id: u64, exec_id: u64, price: Ticks, lots: i64) -> Told {
        Told { order_id, exec_id, instrument: 1, strategy: 1, price, lots }
    }

    #[test]
    fn what_both_tell_agrees_in_either_order_and_counts_once() {
        let mut all = Executions::new();
        assert_eq!(all.tell(Teller::Here, &told(1, 7, 100, 5), 1), News::Open(0));
        assert_eq!(all.tell(Teller::Here, &told(1, 7, 100, 5), 1), News::Known);
        assert_eq!(all.tell(Teller::There, &told(2, 7, 100, 5), 1), News::Open(1));
        assert!(all.totals_agree(), "but for what is open");
        assert_eq!(all.tell(Teller::There, &told(1, 7, 100, 5), 2), News::Agreed(0));
        assert_eq!(all.tell(Teller::Here, &told(2, 7, 100, 5), 2), News::Agreed(1));
        assert_eq!(all.tell(Teller::There, &told(1, 7, 100, 5), 3), News::Known);
        assert_eq!((all.open(), all.totals_agree()), (&[][..], true));
        assert_eq!(all.totals(), [Totals { count: 2, lots: 10 }; 2]);
    }

    #[test]
    fn a_price_or_a_quantity_that_differs_is_named() {
        let mut all = Executions::new();
        all.tell(Teller::There, &told(1, 7, 101, 5), 1);
        let place = 0;
        let missing = (Difference::MissingHere, 0, 5);
        assert_eq!(all.at(place).difference(), Some(missing));
        assert_eq!(all.tell(Teller::Here, &told(1, 7, 100, 5), 1), News::Differs(0));
        assert_eq!(all.at(place).difference(), Some((Difference::Price, 100, 101)));
        all.tell(Teller::Here, &told(1, 8, 100, 5), 1);
        assert_eq!(all.tell(Teller::There, &told(1, 8, 100, 6), 1), News::Differs(1));
        assert_eq!(all.at(1).difference(), Some((Difference::Qty, 5, 6)));
        assert_eq!(all.open(), [0, 1]);
        assert!(all.totals_agree(), "both are open");
    }

    #[test]
    fn what_is_forgotten_before_it_agreed_shows_in_the_totals() {
        let mut all = Executions::new();
        all.tell(Teller::Here, &told(1, 1, 100, 5), 1);
        for exec_id in 2..2 + EXECUTIONS_MAX as u64 {
            all.tell(Teller::Here, &told(1, exec_id, 100, 5), 1);
            all.tell(Teller::There, &told(1, exec_id, 100, 5), 1);
        }
        assert_eq!((all.forgotten, all.open().len()), (1, 0));
        assert!(!all.totals_agree());
    }
}
