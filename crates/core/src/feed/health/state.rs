// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The states: what begins with a message or a feed's word, lasts, and ends.

use super::{
    BookState, BookStateChanged, CROSSED, Entry, FEEDS_MAX, FeedRule, FeedState, Health,
    InstrumentId, Judged, LOCKED, NEVER, Outbox, Rule, RuleAction, SILENT, Ticks, TradingStatus,
    TsNs, Watched,
};
use crate::hash::StateHasher;

/// The rules that a book's own time breaks, by their place in it.
const LASTING: [FeedRule; 3] = [FeedRule::Crossed, FeedRule::Locked, FeedRule::Silence];

impl Watched {
    /// What is to be said of it: the worst, and the rule for which it is.
    fn own(&self) -> (BookState, u8) {
        if self.halted_by != 0 {
            return (BookState::Stale, self.halted_by);
        }
        if self.torn_by != 0 {
            return (BookState::Stale, self.torn_by);
        }
        match self.is_over {
            [true, ..] => (BookState::Crossed, FeedRule::Crossed.raw()),
            [_, true, _] => (BookState::Crossed, FeedRule::Locked.raw()),
            [.., true] => (BookState::Stale, FeedRule::Silence.raw()),
            _ => (BookState::Live, 0),
        }
    }

    /// When what a rule forbids began.
    fn since_ns(&self, rule: u8, ts_ns: TsNs) -> TsNs {
        match FeedRule::from_raw(rule) {
            Some(FeedRule::Crossed) if self.since_ns[CROSSED] != NEVER => self.since_ns[CROSSED],
            Some(FeedRule::Locked) if self.since_ns[LOCKED] != NEVER => self.since_ns[LOCKED],
            Some(FeedRule::Silence) if self.heard_ns != NEVER => self.heard_ns,
            _ => ts_ns,
        }
    }

    /// Whether prices are to keep their order: not while orders only gather.
    fn trades(&self) -> bool {
        matches!(
            TradingStatus::from_raw(self.status),
            Some(TradingStatus::Unknown | TradingStatus::Trading)
        )
    }
}

impl Health {
    /// Says so if a book's own state changed.
    pub(super) fn settle(
        &mut self,
        instrument: InstrumentId,
        ts_ns: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let Some(book) = self.books.get_mut(instrument as usize) else { return };
        let (state, rule) = book.own();
        if book.feed == 0 || (state, rule) == (book.told, book.told_rule) {
            return;
        }
        // What ended began when it was last said to.
        let since_ns = book.since_ns(rule, ts_ns);
        (book.told, book.told_rule) = (state, rule);
        let feed_id = book.feed - 1;
        say(out, cause, since_ns, (instrument, feed_id), (state, rule));
    }

    /// A feed came to a state. A new session or snapshot makes its books whole.
    pub fn on_feed(
        &mut self,
        feed_id: u16,
        state: FeedState,
        entry: &Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let Some(feed) = self.feeds.get_mut(usize::from(feed_id)) else { return };
        feed.state = state;
        if matches!(state, FeedState::Waiting | FeedState::Snapshot) {
            feed.venue_ts_ns = NEVER;
            feed.is_late = false;
            self.begin_again(feed_id, entry, out);
        }
        let is_broken = matches!(state, FeedState::Gap | FeedState::Recovering | FeedState::Lost);
        if is_broken && let Some(rule) = self.rules.get(FeedRule::Sequence) {
            self.count_one(FeedRule::Sequence, rule.action);
            if rule.action == RuleAction::Halted {
                self.feeds[usize::from(feed_id)].is_halted = true;
            }
        }
    }

    /// The books of a feed are empty: what was wrong with them is over.
    fn begin_again(&mut self, feed_id: u16, entry: &Entry<'_>, out: &mut dyn Outbox) {
        for instrument in 0..self.books.len() {
            let book = &mut self.books[instrument];
            if book.feed != feed_id + 1 {
                continue;
            }
            book.torn_by = 0;
            book.is_over = [false; 3];
            book.since_ns = [NEVER; 2];
            book.heard_ns = entry.ts_ns;
            self.settle(instrument as InstrumentId, entry.ts_ns, entry.seq, out);
        }
        self.watch_silence(entry.ts_ns);
    }

    /// The best prices of a book after a message was applied.
    #[inline]
    pub fn on_best(
        &mut self,
        instrument: InstrumentId,
        (bid, ask): (Option<Ticks>, Option<Ticks>),
        entry: &Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let is_wrong = matches!((bid, ask), (Some(bid), Some(ask)) if bid >= ask);
        let Some(book) = self.books.get(instrument as usize) else { return };
        let was_wrong = book.since_ns != [NEVER; 2];
        if is_wrong || was_wrong {
            let is_crossed = is_wrong && bid > ask;
            self.note_prices(instrument, [is_crossed, is_wrong && !is_crossed], entry, out);
        }
    }

    #[cold]
    fn note_prices(
        &mut self,
        instrument: InstrumentId,
        is_now: [bool; 2],
        entry: &Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let book = &mut self.books[instrument as usize];
        let counts = book.trades();
        for at in [CROSSED, LOCKED] {
            let Some(rule) = self.rules.get(LASTING[at]) else { continue };
            if !is_now[at] || !counts {
                book.since_ns[at] = NEVER;
                book.is_over[at] = false;
            } else if book.since_ns[at] == NEVER {
                book.since_ns[at] = entry.ts_ns;
                let deadline_ns = entry.ts_ns.saturating_add(rule.limit);
                self.deadline_ns = self.deadline_ns.min(deadline_ns);
            }
        }
        self.settle(instrument, entry.ts_ns, entry.seq, out);
    }

    /// Time has passed: to be called with every entry, before it is applied.
    #[inline]
    pub fn on_time(&mut self, entry: &Entry<'_>, out: &mut dyn Outbox) {
        if entry.ts_ns > self.deadline_ns {
            self.look_at_all(entry, out);
        }
    }

    /// Looks which limits of time are over, and when the next one may be.
    #[cold]
    fn look_at_all(&mut self, entry: &Entry<'_>, out: &mut dyn Outbox) {
        let now_ns = entry.ts_ns;
        let mut next_ns = TsNs::MAX;
        for instrument in 0..self.books.len() {
            let book = &mut self.books[instrument];
            if book.feed == 0 {
                continue;
            }
            let since_ns = [book.since_ns[CROSSED], book.since_ns[LOCKED], book.heard_ns];
            let mut broken = [None; 3];
            for at in [CROSSED, LOCKED, SILENT] {
                let Some(rule) = self.rules.get(LASTING[at]) else { continue };
                if since_ns[at] == NEVER || book.is_over[at] || (at == SILENT && !book.trades()) {
                    continue;
                }
                let deadline_ns = since_ns[at].saturating_add(rule.limit);
                if now_ns > deadline_ns {
                    book.is_over[at] = true;
                    broken[at] = Some(rule.action);
                } else {
                    next_ns = next_ns.min(deadline_ns);
                }
            }
            for (at, action) in broken.into_iter().enumerate() {
                let Some(action) = action else { continue };
                if action == RuleAction::Halted {
                    self.books[instrument].halted_by = LASTING[at].raw();
                }
                self.count_one(LASTING[at], action);
            }
            self.settle(instrument as InstrumentId, now_ns, entry.seq, out);
        }
        self.deadline_ns = next_ns;
    }

    /// From now on an instrument may be silent for too long.
    pub(super) fn watch_silence(&mut self, ts_ns: TsNs) {
        if let Some(rule) = self.rules.get(FeedRule::Silence) {
            self.deadline_ns = self.deadline_ns.min(ts_ns.saturating_add(rule.limit));
        }
    }

    /// A book was heard.
    pub(super) fn end_silence(&mut self, judged: &Judged<'_>, out: &mut dyn Outbox) {
        let instrument = judged.update.instrument_id;
        self.books[instrument as usize].is_over[SILENT] = false;
        self.watch_silence(judged.ts_ns);
        self.settle(instrument, judged.ts_ns, judged.cause, out);
    }

    /// A feed's messages became too old, or young again.
    #[cold]
    pub(super) fn note_age(
        &mut self,
        judged: &Judged<'_>,
        is_late: bool,
        rule: Rule,
        out: &mut dyn Outbox,
    ) {
        let feed = &mut self.feeds[usize::from(judged.feed_id)];
        if feed.is_late == is_late {
            return;
        }
        feed.is_late = is_late;
        let mut said = (BookState::Live, 0);
        if is_late {
            feed.is_halted |= rule.action == RuleAction::Halted;
            said = (BookState::Stale, FeedRule::TimeOld.raw());
            self.count_one(FeedRule::TimeOld, rule.action);
        }
        say(out, judged.cause, judged.ts_ns, (0, judged.feed_id), said);
    }

    /// A person says that a book is as it should be.
    pub fn resume(&mut self, instrument: InstrumentId, entry: &Entry<'_>, out: &mut dyn Outbox) {
        if let Some(book) = self.books.get_mut(instrument as usize) {
            (book.halted_by, book.torn_by) = (0, 0);
        }
        self.settle(instrument, entry.ts_ns, entry.seq, out);
    }

    /// A person says that a feed is as it should be, with all of its books.
    pub fn resume_feed(&mut self, feed_id: u16, entry: &Entry<'_>, out: &mut dyn Outbox) {
        if let Some(feed) = self.feeds.get_mut(usize::from(feed_id)) {
            feed.is_halted = false;
        }
        for instrument in 0..self.books.len() {
            if self.books[instrument].feed == feed_id + 1 {
                self.resume(instrument as InstrumentId, entry, out);
            }
        }
    }

    /// Adds its state to a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        for (feed_id, feed) in self.feeds.iter().enumerate().take(FEEDS_MAX) {
            if feed.state != FeedState::Waiting || feed.venue_ts_ns != NEVER {
                let flags = u64::from(feed.is_late) | u64::from(feed.is_halted) << 1;
                hasher.word((feed_id as u64) << 16 | u64::from(feed.state.raw()) << 8 | flags);
                hasher.signed(feed.venue_ts_ns);
            }
        }
        for (instrument, book) in self.books.iter().enumerate().filter(|(_, book)| book.feed != 0) {
            let over = book.is_over.iter().fold(0, |bits, &is| bits << 1 | u64::from(is));
            let rules =
                [book.status, book.told.raw(), book.told_rule, book.halted_by, book.torn_by];
            hasher.word((instrument as u64) << 32 | u64::from(book.feed) << 8 | over);
            hasher.word(rules.iter().fold(0, |bits, &one| bits << 8 | u64::from(one)));
            for ts_ns in [book.since_ns[CROSSED], book.since_ns[LOCKED], book.heard_ns] {
                hasher.signed(ts_ns);
            }
            hasher.signed(book.reference);
        }
        hasher.signed(self.deadline_ns);
        self.counts.iter().flatten().for_each(|&count| hasher.word(count));
    }
}

fn say(
    out: &mut dyn Outbox,
    cause_seq: u64,
    since_ts_ns: TsNs,
    (instrument_id, feed_id): (InstrumentId, u16),
    (state, rule): (BookState, u8),
) {
    let state = state.raw();
    let event = BookStateChanged { cause_seq, since_ts_ns, instrument_id, feed_id, state, rule };
    out.emit(BookStateChanged::KIND, BookStateChanged::VERSION, &event.encode());
}
