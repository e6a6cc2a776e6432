// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The third vote. Gives out terms, each to one node and after the lease of the one before is out.
//!
//! Invariant: what was answered stands in the ballot that was on disk before. So a witness that is
//! killed at any moment and started again cannot give one term to two, nor forget that a primary
//! releases without its standby.

use super::vote::{Answer, Ask, AskKind, LeaseTimes, NodeName, Verdict};

/// What the witness keeps on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ballot {
    /// The last term that was given out; 0: none yet.
    pub term: u64,
    /// To whom.
    pub holder: NodeName,
    /// To which of its processes.
    pub nonce: u64,
    /// Whether the holder releases without its standby.
    pub alone: bool,
    /// How often that changed in this term.
    pub change: u32,
}

/// Bytes of a ballot.
pub const BALLOT_BYTES: usize = 40;

impl Ballot {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; BALLOT_BYTES] {
        let mut out = [0; BALLOT_BYTES];
        out[..8].copy_from_slice(&self.term.to_le_bytes());
        out[8..24].copy_from_slice(&self.holder.bytes());
        out[24..32].copy_from_slice(&self.nonce.to_le_bytes());
        out[32..36].copy_from_slice(&self.change.to_le_bytes());
        out[36] = u8::from(self.alone);
        out
    }

    /// Reads it; `None` when the bytes are no ballot.
    #[must_use]
    pub fn decode(bytes: &[u8; BALLOT_BYTES]) -> Option<Self> {
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(word)
        };
        let mut holder = [0; 16];
        holder.copy_from_slice(&bytes[8..24]);
        let last = word(32);
        (last >> 33 == 0).then(|| Self {
            term: word(0),
            holder: NodeName::from_bytes(holder),
            nonce: word(24),
            alone: last >> 32 == 1,
            change: last as u32,
        })
    }
}

/// What was decided. [`Witness::answer`] makes the answer of it, once the ballot is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Considered {
    ask: Ask,
    verdict: Verdict,
    wait_ns: i64,
    /// The ballot changed: it must be on disk before the answer is made.
    pub must_keep: bool,
}

/// The witness's state.
#[derive(Clone, Debug)]
pub struct Witness {
    ballot: Ballot,
    nodes: [NodeName; 2],
    lease_ns: i64,
    /// Until when a grant binds, by the witness's clock.
    until_ns: i64,
    released: bool,
}

impl Witness {
    /// A witness with the ballot it left on disk. It may have granted just before it died, so it
    /// waits one lease.
    #[must_use]
    pub const fn new(
        ballot: Ballot,
        nodes: [NodeName; 2],
        times: &LeaseTimes,
        now_ns: i64,
    ) -> Self {
        let lease_ns = times.lease_ns;
        Self { ballot, nodes, lease_ns, until_ns: now_ns + lease_ns, released: false }
    }

    /// What must be on disk.
    #[must_use]
    pub const fn ballot(&self) -> &Ballot {
        &self.ballot
    }

    /// Decides. Keep [`Self::ballot`] on disk if it says so, then call [`Self::answer`].
    pub fn consider(&mut self, now_ns: i64, ask: &Ask) -> Considered {
        let before = self.ballot;
        let (verdict, wait_ns) = if self.nodes.contains(&ask.node) {
            match ask.kind {
                AskKind::Acquire => self.acquire(now_ns, ask),
                AskKind::Renew => (self.renew(ask), 0),
                AskKind::Release => (self.release(now_ns, ask), 0),
            }
        } else {
            (Verdict::Stranger, self.lease_ns)
        };
        Considered { ask: *ask, verdict, wait_ns, must_keep: before != self.ballot }
    }

    fn is_holders(&self, ask: &Ask) -> bool {
        ask.node == self.ballot.holder && ask.nonce == self.ballot.nonce && !self.released
    }

    fn acquire(&mut self, now_ns: i64, ask: &Ask) -> (Verdict, i64) {
        if self.ballot.term > 0 && self.is_holders(ask) {
            self.note_alone(ask); // The answer was lost, or comes late: the same again.
            return (Verdict::Granted, 0);
        }
        if now_ns < self.until_ns {
            return (Verdict::Held, self.until_ns - now_ns);
        }
        let another = self.ballot.term > 0 && ask.node != self.ballot.holder;
        if another && !ask.force && ask.term != self.ballot.term {
            return (Verdict::Stale, self.lease_ns);
        }
        if another && !ask.force && self.ballot.alone {
            return (Verdict::Alone, self.lease_ns);
        }
        self.ballot = Ballot {
            term: self.ballot.term + 1,
            holder: ask.node,
            nonce: ask.nonce,
            alone: ask.alone,
            change: ask.change,
        };
        self.released = false;
        (Verdict::Granted, 0)
    }

    fn renew(&mut self, ask: &Ask) -> Verdict {
        if !self.is_holders(ask) || ask.term != self.ballot.term {
            return Verdict::Deposed;
        }
        self.note_alone(ask);
        Verdict::Granted
    }

    const fn note_alone(&mut self, ask: &Ask) {
        if ask.change > self.ballot.change {
            self.ballot.change = ask.change;
            self.ballot.alone = ask.alone;
        }
    }

    fn release(&mut self, now_ns: i64, ask: &Ask) -> Verdict {
        if self.is_holders(ask) && ask.term == self.ballot.term {
            self.note_alone(ask);
            self.released = true;
            self.until_ns = now_ns;
        }
        Verdict::Deposed
    }

    /// The answer; a grant binds from now on.
    pub const fn answer(&mut self, now_ns: i64, considered: Considered) -> Answer {
        let Considered { ask, verdict, wait_ns, .. } = considered;
        if matches!(verdict, Verdict::Granted) && now_ns + self.lease_ns > self.until_ns {
            self.until_ns = now_ns + self.lease_ns;
        }
        Answer {
            kind: ask.kind,
            verdict,
            alone: self.ballot.alone,
            term: self.ballot.term,
            holder: self.ballot.holder,
            nonce: ask.nonce,
            asked_ns: ask.asked_ns,
            change: self.ballot.change,
            wait_ns,
        }
    }
}
