// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The lease as the node sees it that has it or wants it. Counts from before it asked, and less.
//!
//! A holder is used once: one that gave up or was deposed stays so, and the next has another nonce.

use super::vote::{Answer, Ask, AskKind, LeaseTimes, NodeName, Verdict};

/// Where a holder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It asks for a term.
    Seeking,
    /// It was given a term. Whether it may release right now is a question of time.
    Holding,
    /// The witness will not give it a term, and why.
    Refused(Verdict),
    /// Another has a later term, or nobody confirmed the lease for too long.
    Deposed,
    /// It gave the term up.
    GaveUp,
}

/// One process's hold of, or wish for, a term.
#[derive(Clone, Debug)]
pub struct Holder {
    node: NodeName,
    nonce: u64,
    times: LeaseTimes,
    standing: Standing,
    force: bool,
    followed_term: u64,
    term: u64,
    until_ns: i64,
    next_ask_ns: i64,
    alone_wanted: bool,
    alone_known: bool,
    change: u32,
    known_change: u32,
}

impl Holder {
    /// A node that wants a term, from `not_before_ns` on. `followed_term` is the term whose primary
    /// it followed to the last entry (0: none); `alone` says that it will release by itself.
    #[must_use]
    pub const fn new(
        node: NodeName,
        nonce: u64,
        times: LeaseTimes,
        followed_term: u64,
        alone: bool,
        not_before_ns: i64,
    ) -> Self {
        Self {
            node,
            nonce,
            times,
            standing: Standing::Seeking,
            force: false,
            followed_term,
            term: 0,
            until_ns: i64::MIN,
            next_ask_ns: not_before_ns,
            alone_wanted: alone,
            alone_known: false,
            change: 0,
            known_change: 0,
        }
    }

    /// The same, wanted by a person who knows that entries may be lost.
    #[must_use]
    pub const fn forced(mut self) -> Self {
        self.force = true;
        self
    }

    /// The question to ask now, if it is time for one.
    pub fn poll(&mut self, now_ns: i64) -> Option<Ask> {
        if now_ns < self.next_ask_ns {
            return None;
        }
        match self.standing {
            Standing::Seeking | Standing::Refused(_) => {
                self.next_ask_ns = now_ns + self.times.renew_ns;
                Some(self.ask(AskKind::Acquire, self.followed_term, now_ns))
            }
            Standing::Holding if now_ns > self.until_ns.saturating_add(self.times.patience_ns) => {
                self.depose();
                None
            }
            Standing::Holding => {
                self.next_ask_ns = now_ns + self.times.renew_ns;
                Some(self.ask(AskKind::Renew, self.term, now_ns))
            }
            Standing::Deposed | Standing::GaveUp => None,
        }
    }

    const fn ask(&self, kind: AskKind, term: u64, now_ns: i64) -> Ask {
        Ask {
            kind,
            force: self.force && matches!(kind, AskKind::Acquire),
            alone: self.alone_wanted,
            node: self.node,
            nonce: self.nonce,
            term,
            change: self.change,
            asked_ns: now_ns,
        }
    }

    /// When the next question is due.
    #[must_use]
    pub const fn next_ask_ns(&self) -> i64 {
        self.next_ask_ns
    }

    /// Takes in an answer, whenever it comes and however often.
    pub fn answered(&mut self, now_ns: i64, answer: &Answer) {
        if answer.nonce != self.nonce {
            return;
        }
        match (self.standing, answer.verdict) {
            (Standing::Seeking | Standing::Refused(_), Verdict::Granted) => {
                self.standing = Standing::Holding;
                self.term = answer.term;
                self.next_ask_ns = now_ns;
                self.confirm(answer);
            }
            (Standing::Seeking | Standing::Refused(_), Verdict::Held) => {
                self.standing = Standing::Seeking;
                self.next_ask_ns = now_ns + answer.wait_ns.clamp(0, self.times.lease_ns);
            }
            (Standing::Seeking | Standing::Refused(_), verdict) => {
                self.standing = Standing::Refused(verdict);
                self.next_ask_ns = now_ns + self.times.lease_ns;
            }
            (Standing::Holding, Verdict::Granted) if answer.term == self.term => {
                self.confirm(answer);
            }
            (Standing::Holding, Verdict::Deposed) if answer.kind == AskKind::Renew => self.depose(),
            _ => {}
        }
    }

    fn confirm(&mut self, answer: &Answer) {
        self.extend(answer.asked_ns);
        if answer.change >= self.known_change {
            self.known_change = answer.change;
            self.alone_known = answer.alone;
        }
    }

    fn extend(&mut self, asked_ns: i64) {
        self.until_ns = self.until_ns.max(asked_ns + self.times.lease_ns - self.times.guard_ns);
    }

    /// The standby answered a beat that was sent at `asked_ns` in `term`: its promise counts as the
    /// witness's word does.
    pub fn vouched(&mut self, term: u64, asked_ns: i64) {
        if self.standing == Standing::Holding && term == self.term {
            self.extend(asked_ns);
        }
    }

    /// Another primary with a later term was heard of.
    pub const fn depose(&mut self) {
        if matches!(self.standing, Standing::Seeking | Standing::Holding | Standing::Refused(_)) {
            self.standing = Standing::Deposed;
            self.until_ns = i64::MIN;
        }
    }

    /// Gives the term up; the question to send, if there is a term.
    pub const fn give_up(&mut self, now_ns: i64) -> Option<Ask> {
        let held = matches!(self.standing, Standing::Holding);
        self.standing = Standing::GaveUp;
        self.until_ns = i64::MIN;
        if held { Some(self.ask(AskKind::Release, self.term, now_ns)) } else { None }
    }

    /// Wants to release without the standby, or no longer. The first counts once the witness knows,
    /// the second at once; call it with `false` only when the standby has all that was released.
    pub const fn want_alone(&mut self, alone: bool, now_ns: i64) {
        if alone != self.alone_wanted {
            self.alone_wanted = alone;
            self.change += 1;
            self.next_ask_ns = now_ns;
        }
    }

    /// Whether the primary may release what its standby has not confirmed.
    #[must_use]
    pub const fn is_alone(&self) -> bool {
        self.alone_wanted && self.alone_known && self.known_change == self.change
    }

    /// Whether the witness knows that the standby has all that was released, and may take over.
    #[must_use]
    pub const fn is_covered(&self) -> bool {
        !self.alone_wanted && !self.alone_known && self.known_change == self.change
    }

    /// Until when, by the node's clock, it may release; `i64::MIN`: it may not.
    #[must_use]
    pub const fn until_ns(&self) -> i64 {
        self.until_ns
    }

    /// Its term; 0: none yet.
    #[must_use]
    pub const fn term(&self) -> u64 {
        self.term
    }

    /// Where it stands.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }
}
