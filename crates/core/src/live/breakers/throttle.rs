// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Strategies whose orders leave with a pause between them, because a breaker says so. Cancels and
//! reductions never wait, nor does what takes a quote back.

use super::BREAKERS;
use crate::component::{Snapshot, SnapshotError};
use crate::events::{RejectReason, RiskScope};
use crate::hash::StateHasher;
use crate::risk::{Refusal, Scope};
use crate::snapshot::{read_i64, read_u8, read_u32, write_i64, write_u8, write_u32};
use crate::types::{InstrumentId, StrategyId, TsNs};

/// Instruments, venues and the firm that may be throttled without taking more memory.
const SURROUNDINGS_MAX: usize = 256;
/// Quotes that may wait; further ones are refused.
const QUOTES_MAX: usize = 1_024;

/// What is throttled, and when each strategy's last order left.
#[derive(Clone, Debug)]
pub(in crate::live) struct Throttle {
    /// Scopes, and the pause in each.
    held: Vec<(Scope, i64)>,
    /// By strategy.
    passed_ns: Vec<TsNs>,
    /// Whose quotes wait for the end of a pause.
    quotes: Vec<(StrategyId, InstrumentId)>,
}

impl Throttle {
    pub(in crate::live) fn new(strategies_max: u32) -> Self {
        // Of surroundings only the firm is throttled unless somebody sets it so.
        Self {
            held: Vec::with_capacity(strategies_max as usize * BREAKERS + SURROUNDINGS_MAX),
            passed_ns: vec![TsNs::MIN; strategies_max as usize + 1],
            quotes: Vec::with_capacity(QUOTES_MAX),
        }
    }

    /// Whether nothing is throttled.
    #[inline]
    pub(in crate::live) const fn is_off(&self) -> bool {
        self.held.is_empty()
    }

    /// What is throttled from now on.
    pub(super) fn hold(&mut self, held: impl Iterator<Item = (Scope, i64)>) {
        let room = self.held.capacity();
        self.held.clear();
        self.held.extend(held.take(room));
    }

    /// An order of a strategy leaves.
    #[inline]
    pub(in crate::live) fn passed(&mut self, strategy: StrategyId, now: TsNs) {
        if !self.is_off()
            && let Some(place) = self.passed_ns.get_mut(strategy as usize)
        {
            *place = now;
        }
    }

    /// Why an order may not leave yet; `None` where it may.
    pub(in crate::live) fn refusal(
        &self,
        strategy: StrategyId,
        (venue, id): (u32, InstrumentId),
        now: TsNs,
    ) -> Option<Refusal> {
        let takes_in = |scope: Scope| match scope.kind {
            RiskScope::Strategy => scope.id == strategy,
            RiskScope::Venue => scope.id == venue,
            RiskScope::Instrument => scope.id == id,
            _ => true,
        };
        let delays = self.held.iter().filter(|&&(scope, _)| takes_in(scope));
        let delay_ns = delays.map(|&(_, delay_ns)| delay_ns).max()?;
        let passed_ns = self.passed_ns.get(strategy as usize).copied().unwrap_or(TsNs::MIN);
        let waited_ns = now.saturating_sub(passed_ns);
        let reason = RejectReason::Throttled;
        (waited_ns < delay_ns).then_some(Refusal {
            reason,
            value: waited_ns / 1_000,
            bound: delay_ns / 1_000,
        })
    }

    /// A quote waits for the end of a pause; false when too many do.
    pub(in crate::live) fn wait(&mut self, strategy: StrategyId, id: InstrumentId) -> bool {
        if self.quotes.contains(&(strategy, id)) {
            return true;
        }
        let has_room = self.quotes.len() < QUOTES_MAX;
        if has_room {
            self.quotes.push((strategy, id));
        }
        has_room
    }

    /// How many quotes wait.
    pub(super) const fn waiting(&self) -> usize {
        self.quotes.len()
    }

    /// The quote that has waited longest, which waits no more.
    pub(super) fn take_quote(&mut self) -> Option<(StrategyId, InstrumentId)> {
        (!self.quotes.is_empty()).then(|| self.quotes.remove(0))
    }

    pub(in crate::live) fn hash_into(&self, hasher: &mut StateHasher) {
        let mut bytes = Vec::new();
        self.save(&mut bytes);
        hasher.bytes(&bytes);
    }
}

impl Snapshot for Throttle {
    fn save(&self, out: &mut Vec<u8>) {
        write_u32(out, self.held.len() as u32);
        for (scope, delay_ns) in &self.held {
            write_u8(out, scope.kind.raw());
            write_u32(out, scope.id);
            write_i64(out, *delay_ns);
        }
        self.passed_ns.iter().for_each(|&passed_ns| write_i64(out, passed_ns));
        write_u32(out, self.quotes.len() as u32);
        for &(strategy, id) in &self.quotes {
            write_u32(out, strategy);
            write_u32(out, id);
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let wrong = SnapshotError::Invalid { what: "a throttled scope" };
        self.held.clear();
        for _ in 0..read_u32(bytes)? {
            let kind = RiskScope::from_raw(read_u8(bytes)?).ok_or(wrong)?;
            let scope = Scope::new(kind, read_u32(bytes)?);
            self.held.push((scope, read_i64(bytes)?));
        }
        for place in &mut self.passed_ns {
            *place = read_i64(bytes)?;
        }
        self.quotes.clear();
        for _ in 0..read_u32(bytes)? {
            self.quotes.push((read_u32(bytes)?, read_u32(bytes)?));
        }
        Ok(())
    }
}
