// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A component run along a journal that another made: inputs are applied, outputs are held and must
//! be the journal's. For a standby, and for a node that comes up again.

use std::collections::VecDeque;

use crate::component::{Component, Entry, Outbox};
use crate::events::{SnapshotTaken, StateHashed};
use crate::journal::{Sink, SinkError};

/// Source of outputs.
const ENGINE: u32 = 0;

/// The first entry where a component and a journal differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Sequence number of the journal's entry.
    pub seq: u64,
    /// Kind and body that the component made; `None` when it made nothing here.
    pub made: Option<(u16, Vec<u8>)>,
    /// Kind and body that the journal has; `None` when it has the next input here.
    pub found: Option<(u16, Vec<u8>)>,
}

/// Outputs that were made and not yet seen in the journal.
#[derive(Debug, Default)]
pub struct Made {
    bytes: Vec<u8>,
    /// Kind, version, and where the body ends in `bytes`.
    outputs: VecDeque<(u16, u8, usize)>,
    /// Where the body of the first one begins.
    start: usize,
}

impl Outbox for Made {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.bytes.extend_from_slice(body);
        self.outputs.push_back((kind, version, self.bytes.len()));
    }
}

impl Made {
    fn pop(&mut self) -> Option<(u16, u8, &[u8])> {
        let (kind, version, end) = self.outputs.pop_front()?;
        let start = std::mem::replace(&mut self.start, end);
        Some((kind, version, &self.bytes[start..end]))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.start = 0;
    }
}

/// A component that follows a journal.
#[derive(Debug)]
pub struct Comparison<C> {
    component: C,
    made: Made,
    last_ts_ns: i64,
    last_seq: u64,
    inputs: u64,
    outputs: u64,
    hashes: u64,
}

impl<C: Component> Comparison<C> {
    /// `component` has all up to entry `last_seq`, and nothing is outstanding.
    #[must_use]
    pub fn new(component: C, last_seq: u64) -> Self {
        Self {
            component,
            made: Made::default(),
            last_ts_ns: i64::MIN,
            last_seq,
            inputs: 0,
            outputs: 0,
            hashes: 0,
        }
    }

    /// Takes in the journal's next entry.
    ///
    /// # Errors
    /// [`Mismatch`] when the journal does not hold what the component made.
    ///
    /// # Panics
    /// When an entry was left out.
    #[inline]
    pub fn apply(&mut self, entry: Entry<'_>) -> Result<(), Mismatch> {
        assert!(entry.seq == self.last_seq + 1, "an entry was left out");
        self.last_seq = entry.seq;
        if entry.source == ENGINE {
            return self.compare(&entry);
        }
        if !self.made.outputs.is_empty() {
            return Err(self.mismatch(entry.seq, None));
        }
        self.made.clear();
        self.inputs += 1;
        self.last_ts_ns = entry.ts_ns;
        self.component.apply(entry, &mut self.made);
        Ok(())
    }

    #[inline]
    fn compare(&mut self, entry: &Entry<'_>) -> Result<(), Mismatch> {
        if matches!(entry.kind, StateHashed::KIND | SnapshotTaken::KIND) {
            if !self.made.outputs.is_empty() {
                return Err(self.mismatch(entry.seq, Some((entry.kind, entry.body.to_vec()))));
            }
            self.hashes += 1;
            let body = StateHashed { state_hash: self.component.state_hash() }.encode();
            if body[..] == *entry.body {
                return Ok(());
            }
            let found = Some((entry.kind, entry.body.to_vec()));
            return Err(Mismatch { seq: entry.seq, made: Some((entry.kind, body.into())), found });
        }
        self.outputs += 1;
        let start = self.made.start;
        match self.made.pop() {
            Some((kind, version, body))
                if (kind, version, body) == (entry.kind, entry.version, entry.body) =>
            {
                Ok(())
            }
            Some((kind, version, body)) => {
                let end = start + body.len();
                self.made.outputs.push_front((kind, version, end));
                self.made.start = start;
                Err(self.mismatch(entry.seq, Some((entry.kind, entry.body.to_vec()))))
            }
            None => Err(self.mismatch(entry.seq, Some((entry.kind, entry.body.to_vec())))),
        }
    }

    #[cold]
    fn mismatch(&mut self, seq: u64, found: Option<(u16, Vec<u8>)>) -> Mismatch {
        let made = self.made.pop().map(|(kind, _, body)| (kind, body.to_vec()));
        Mismatch { seq, made, found }
    }

    /// Appends the outputs that the journal does not hold: its writer died within an input. Says how
    /// many.
    ///
    /// # Errors
    /// [`SinkError`] when the journal takes no more; the rest can be appended by calling again.
    pub fn complete(&mut self, sink: &mut impl Sink) -> Result<u64, SinkError> {
        let mut count = 0;
        while let Some(&(kind, version, end)) = self.made.outputs.front() {
            let body = &self.made.bytes[self.made.start..end];
            self.last_seq = sink.append(self.last_ts_ns, kind, version, ENGINE, body, &[])?;
            self.made.pop();
            count += 1;
        }
        Ok(count)
    }

    /// Outputs that were made and that the journal has not shown yet.
    #[must_use]
    pub fn outstanding(&self) -> usize {
        self.made.outputs.len()
    }

    /// The last entry that was taken in.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// Time of the last input, in nanoseconds since the Unix epoch; `i64::MIN` before the first.
    #[must_use]
    pub const fn last_ts_ns(&self) -> i64 {
        self.last_ts_ns
    }

    /// Inputs applied, outputs compared, state hashes compared.
    #[must_use]
    pub const fn counts(&self) -> (u64, u64, u64) {
        (self.inputs, self.outputs, self.hashes)
    }

    /// The component, to look at.
    #[must_use]
    pub const fn component(&self) -> &C {
        &self.component
    }

    /// The component, to have.
    #[must_use]
    pub fn into_component(self) -> C {
        self.component
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{MemoryJournal, Source};

    /// Says back each input of n bytes n times.
    #[derive(Debug, Default)]
    struct Echo(u64);

    impl Component for Echo {
        fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
            self.0 += entry.seq;
            for _ in 0..entry.body.len() {
                out.emit(entry.kind + 1, 1, entry.body);
            }
        }

        fn state_hash(&self) -> u64 {
            self.0
        }
    }

    struct Writing<'a>(&'a mut MemoryJournal, i64);

    impl Outbox for Writing<'_> {
        fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
            self.0.append(self.1, kind, version, 0, body, &[]).unwrap();
        }
    }

    fn journal(inputs: u64) -> MemoryJournal {
        let mut journal = MemoryJournal::default();
        let mut echo = Echo::default();
        for number in 0..inputs {
            let (ts_ns, body) = (number.cast_signed(), vec![7; (number % 3) as usize]);
            let seq = journal.append(ts_ns, 100, 1, 5, &body, &[]).unwrap();
            let entry = Entry { seq, ts_ns, kind: 100, version: 1, source: 5, body: &body };
            echo.apply(entry, &mut Writing(&mut journal, ts_ns));
            let hash = StateHashed { state_hash: echo.state_hash() }.encode();
            journal.append(ts_ns, StateHashed::KIND, 1, 0, &hash, &[]).unwrap();
        }
        journal
    }

    fn run(
        journal: &MemoryJournal,
        count: u64,
        change: impl Fn(&mut Vec<u8>, u64),
    ) -> Result<Comparison<Echo>, Mismatch> {
        let mut compared = Comparison::new(Echo::default(), 0);
        let mut reader = journal.reader();
        while let Some(entry) = reader.next_entry().unwrap().filter(|entry| entry.seq <= count) {
            let mut body = entry.body.to_vec();
            change(&mut body, entry.seq);
            compared.apply(Entry { body: &body, ..entry })?;
        }
        Ok(compared)
    }

    #[test]
    fn a_journal_agrees_with_itself_and_cut_anywhere_is_completed() {
        let whole = journal(9);
        let all = run(&whole, u64::MAX, |_, _| ()).unwrap();
        assert_eq!((all.counts(), all.outstanding()), ((9, 9, 9), 0));
        for cut in 0..whole.last_seq() {
            let mut short = run(&whole, cut, |_, _| ()).unwrap();
            let (missing, before) = (short.outstanding() as u64, short.last_seq());
            let mut rest = MemoryJournal::default();
            assert_eq!(short.complete(&mut rest), Ok(missing));
            assert!(missing <= 2 && before + missing <= whole.last_seq());
            assert_eq!(short.outstanding(), 0);
        }
    }

    #[test]
    fn the_first_difference_is_named() {
        let whole = journal(9);
        for seq in 1..=whole.last_seq() {
            let spoil = |body: &mut Vec<u8>, at: u64| {
                if at == seq {
                    body.push(1);
                }
            };
            let mismatch = run(&whole, u64::MAX, spoil).unwrap_err();
            assert!((seq..=seq + 1).contains(&mismatch.seq), "{seq}: {mismatch:?}");
        }
    }

    #[test]
    fn an_output_too_few_is_seen_at_the_next_input() {
        let mut compared = Comparison::new(Echo::default(), 0);
        let input = Entry { seq: 1, ts_ns: 0, kind: 100, version: 1, source: 5, body: &[7] };
        compared.apply(input).unwrap();
        let mismatch = compared.apply(Entry { seq: 2, ..input }).unwrap_err();
        assert_eq!(mismatch, Mismatch { seq: 2, made: Some((101, vec![7])), found: None });
    }
}
