// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How inputs and outputs of a run get into its journal.

use super::backtest::RunError;
use super::engine::{Engine, sources};
use super::probe::{Probe, Stage};
use super::source::SourceItem;
use crate::component::{Entry, Outbox};
use crate::journal::{Sink, SinkError};
use crate::types::TsNs;

/// Appends outputs to the journal and remembers the first refusal.
pub(super) struct Outputs<'a, S> {
    pub(super) sink: &'a mut S,
    pub(super) source: u32,
    pub(super) ts_ns: TsNs,
    pub(super) failed: Option<SinkError>,
}

impl<S: Sink> Outbox for Outputs<'_, S> {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        if self.failed.is_none() {
            let done = self.sink.append(self.ts_ns, kind, version, self.source, body, &[]);
            self.failed = done.err();
        }
    }
}

/// An item of the source that waits until timers have fired.
pub(super) struct PutBy {
    pub(super) ts_ns: TsNs,
    pub(super) kind: u16,
    pub(super) version: u8,
    pub(super) fixed: Vec<u8>,
    pub(super) tail: Vec<u8>,
}

impl PutBy {
    pub(super) fn new(item: &SourceItem<'_>) -> Self {
        let SourceItem { ts_ns, kind, version, fixed, tail } = *item;
        Self { ts_ns, kind, version, fixed: fixed.to_vec(), tail: tail.to_vec() }
    }

    pub(super) fn item(&self) -> SourceItem<'_> {
        let Self { ts_ns, kind, version, .. } = *self;
        SourceItem { ts_ns, kind, version, fixed: &self.fixed, tail: &self.tail }
    }
}

/// Journals an item of the source and has the engine apply it.
#[inline]
pub(super) fn take_item<S: Sink, P: Probe>(
    engine: &mut Engine,
    sink: &mut S,
    item: &SourceItem<'_>,
    probe: &mut P,
) -> Result<(), RunError> {
    let last = sink.last_ts_ns();
    let ts_ns = item.ts_ns.max(last);
    engine.count_time(item.ts_ns < last);
    let (kind, version, source) = (item.kind, item.version, sources::FEED);
    let seq = sink.append(ts_ns, kind, version, source, item.fixed, item.tail)?;
    probe.stop(Stage::Journal);
    let mut out = Outputs { sink, source: sources::ENGINE, ts_ns, failed: None };
    let entry = Entry { seq, ts_ns, kind, version, source, body: item.fixed };
    engine.apply_parts(entry, item.tail, &mut out);
    checked(out.failed)?;
    probe.stop(Stage::Book);
    Ok(())
}

pub(super) fn checked(failed: Option<SinkError>) -> Result<(), RunError> {
    failed.map_or(Ok(()), |err| Err(RunError::from(err)))
}

/// Room for the body of any intent.
pub(super) struct IntentBody {
    pub(super) kind: u16,
    pub(super) version: u8,
    pub(super) length: usize,
    pub(super) bytes: [u8; 192],
}

impl Outbox for IntentBody {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        (self.kind, self.version, self.length) = (kind, version, body.len());
        self.bytes[..body.len()].copy_from_slice(body);
    }
}
