// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How long orders take inside the node: from a packet in our memory to the bytes of the order that
//! it led to, ready to be sent. An order of another process names the packet it answers to.

use hdrhistogram::Histogram;
use serde_json::{Value, json};

/// Entries whose receipt is remembered, a power of two: what answers to an older one is not measured.
const RECEIPTS: usize = 1 << 14;
/// Longest time that is told apart from longer ones.
const LATENCY_NS_MAX: u64 = 60_000_000_000;

/// Receipts, and what became of them.
#[derive(Debug)]
pub(super) struct Stopwatch {
    receipts: Box<[(u64, i64)]>,
    histogram: Histogram<u64>,
    /// When what is being worked on came; `None` when it is no market data.
    origin_ns: Option<i64>,
}

impl Stopwatch {
    pub(super) fn new() -> Self {
        let histogram = Histogram::new_with_bounds(1, LATENCY_NS_MAX, 3)
            .expect("1 ns to 60 s with 3 digits is a valid range");
        let receipts = vec![(0, 0); RECEIPTS].into_boxed_slice();
        Self { receipts, histogram, origin_ns: None }
    }

    /// Entry `seq` is market data that came at `now_ns`.
    #[inline]
    pub(super) fn received(&mut self, seq: u64, now_ns: i64) {
        self.receipts[seq as usize & (RECEIPTS - 1)] = (seq, now_ns);
        self.origin_ns = Some(now_ns);
    }

    /// What comes next answers to entry `cause_seq`.
    #[inline]
    pub(super) fn answers(&mut self, cause_seq: u64) {
        let (seq, ns) = self.receipts[cause_seq as usize & (RECEIPTS - 1)];
        self.origin_ns = (seq == cause_seq && seq != 0).then_some(ns);
    }

    /// What comes next answers to nothing that is measured.
    #[inline]
    pub(super) const fn nothing(&mut self) {
        self.origin_ns = None;
    }

    /// Whether the time of an order that is ready now is to be taken.
    #[inline]
    pub(super) const fn is_due(&self) -> bool {
        self.origin_ns.is_some()
    }

    /// An order is ready.
    #[inline]
    pub(super) fn ready(&mut self, now_ns: i64) {
        if let Some(origin_ns) = self.origin_ns.take() {
            let took_ns = now_ns.saturating_sub(origin_ns).max(1).unsigned_abs();
            self.histogram.saturating_record(took_ns);
        }
    }

    /// The distribution so far, in nanoseconds.
    pub(super) fn summary(&self) -> Value {
        let at = |quantile| self.histogram.value_at_quantile(quantile);
        json!({
            "count": self.histogram.len(),
            "p50": at(0.5),
            "p99": at(0.99),
            "p99_9": at(0.999),
            "max": self.histogram.max(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_measured_from_the_packet_it_answers_to_once() {
        let mut watch = Stopwatch::new();
        watch.received(7, 1_000);
        watch.ready(1_300);
        watch.ready(9_000);
        watch.received(8, 2_000);
        watch.received(9, 3_000);
        watch.answers(8);
        watch.ready(2_500);
        watch.answers(3);
        assert!(!watch.is_due());
        watch.ready(99_000);
        assert_eq!(watch.summary()["count"], 2);
        assert_eq!((watch.summary()["p50"].clone(), watch.histogram.max()), (json!(300), 500));
    }
}
