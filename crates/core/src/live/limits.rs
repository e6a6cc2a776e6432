// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A signed set of limits comes into force: all of it, by one entry of the journal. Who reads the file has
//! verified it.

use super::Node;
use crate::component::{Entry, Outbox};
use crate::events::{LimitsLoaded, LimitsTaken, ScopeLimitSet, TradingState, TradingStateChanged};
use crate::risk::{LimitView, Scope};

impl Node {
    /// The limits in force at a scope, and what is used of them.
    pub fn limits_at(&self, scope: Scope) -> impl Iterator<Item = LimitView> + '_ {
        self.core.desk.risk().limits_at(scope)
    }

    /// A set of limits in place of the one before. An older one, or one that is not whole, changes nothing.
    pub(super) fn take_limits(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        let Some(event) = LimitsTaken::decode(entry.body) else { return };
        let length = (event.entries as usize).saturating_mul(ScopeLimitSet::SIZE);
        let Some(limits) = tail.get(..length) else {
            self.core.counters.messages_malformed += 1;
            return;
        };
        let loaded = LimitsLoaded {
            version: event.version,
            hash: event.hash,
            valid_from_ns: event.valid_from_ns,
            valid_to_ns: event.valid_to_ns,
            profile: event.profile,
            reserved1: 0,
            reserved2: 0,
            reserved3: 0,
        };
        let risk = self.core.desk.risk_mut();
        let before = risk.state(Scope::FIRM);
        risk.apply(LimitsLoaded::KIND, &loaded.encode(), entry.ts_ns, entry.seq, out);
        if risk.in_force().hash != event.hash {
            return;
        }
        for limit in limits.chunks_exact(ScopeLimitSet::SIZE) {
            risk.apply(ScopeLimitSet::KIND, limit, entry.ts_ns, entry.seq, out);
        }
        // The first set of the full profile halts the firm until somebody resumes it.
        let state = risk.state(Scope::FIRM);
        if state == TradingState::Halted && before != state {
            let (id, scope) = (0, Scope::FIRM.kind.raw());
            let state = state.raw();
            let changed = TradingStateChanged { cause_seq: entry.seq, id, scope, state, reason: 0 };
            out.emit(TradingStateChanged::KIND, TradingStateChanged::VERSION, &changed.encode());
            self.kill(Scope::FIRM, entry, out);
        }
    }
}
