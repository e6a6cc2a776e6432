// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Whether a book can be traded on: the state of its feed, and what its own messages are like.
//!
//! Every message is judged before it touches the book, and the best prices after it; time passes
//! with the entries. A book is usable when its feed is live and no rule holds it. What is kept is a
//! function of the calls; nothing is allocated after construction.

mod rules;
mod snapshot;
mod state;

use crate::component::{Entry, Outbox};
use crate::events::{
    BookState, BookStateChanged, FeedRule, FeedRuleBroken, FeedState, MarketAction, MarketUpdated,
    RuleAction, TradingStatus,
};
use crate::types::{InstrumentId, Ticks, TsNs};
use rules::{RULES, is_needed, without_price, without_quantity};
pub use rules::{Rule, Rules, Verdict};

/// Feeds there can be: their ids are below.
pub const FEEDS_MAX: usize = 256;
/// No time: nothing has begun.
const NEVER: TsNs = TsNs::MIN;

/// What is kept of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Feed {
    state: FeedState,
    /// The venue's time in its last message.
    venue_ts_ns: TsNs,
    /// Its messages are older than the rule allows.
    is_late: bool,
    /// Not before a person says so.
    is_halted: bool,
}

impl Feed {
    const NEW: Self =
        Self { state: FeedState::Waiting, venue_ts_ns: NEVER, is_late: false, is_halted: false };
}

/// What is kept of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Watched {
    /// 0 when it is not listed; else its feed's id and one.
    feed: u16,
    status: u8,
    /// What was last said of it.
    told: BookState,
    /// The rule for which it was; 0 for none.
    told_rule: u8,
    /// The rule for which a person must say when it goes on; 0 for none.
    halted_by: u8,
    /// The rule for which a message that the book needs was left out; 0 for none.
    torn_by: u8,
    /// Crossed (or locked) for longer than allowed, or silent.
    is_over: [bool; 3],
    /// Since when it is crossed, and locked; [`NEVER`] if it is not.
    since_ns: [TsNs; 2],
    heard_ns: TsNs,
    reference: Ticks,
    /// Prices that are believed, both included.
    band: (Ticks, Ticks),
}

impl Watched {
    const NEW: Self = Self {
        feed: 0,
        status: TradingStatus::Unknown.raw(),
        told: BookState::Live,
        told_rule: 0,
        halted_by: 0,
        torn_by: 0,
        is_over: [false; 3],
        since_ns: [NEVER; 2],
        heard_ns: NEVER,
        reference: 0,
        band: (Ticks::MIN, Ticks::MAX),
    };
}

impl Watched {
    fn set_reference(&mut self, price: Ticks, band_bps: i64) {
        let width = i128::from(price) * i128::from(band_bps) / 10_000;
        let width = Ticks::try_from(width).unwrap_or(Ticks::MAX);
        self.reference = price;
        self.band = (price.saturating_sub(width), price.saturating_add(width));
    }
}

/// The rules as a message is compared with them: what keeps within all of these needs no closer look.
#[derive(Clone, Copy, Debug)]
struct Quick {
    old_ns: i64,
    /// Below zero.
    ahead_ns: i64,
    back_ns: i64,
    size_max: u64,
    is_silence_watched: bool,
}

impl Quick {
    fn new(rules: &Rules) -> Self {
        let limit = |rule| rules.get(rule).map_or(i64::MAX, |set| set.limit);
        Self {
            old_ns: limit(FeedRule::TimeOld),
            ahead_ns: limit(FeedRule::TimeAhead).saturating_neg(),
            back_ns: limit(FeedRule::TimeBack),
            size_max: limit(FeedRule::SizeMax).unsigned_abs(),
            is_silence_watched: rules.get(FeedRule::Silence).is_some(),
        }
    }
}

/// What is looked at in a message, by its action.
const TRAITS: [u8; 16] = [
    LOOK,
    SIZED | PRICED,             // ADD
    SIZED | PRICED | OWN_PRICE, // EXECUTE
    SIZED,                      // REDUCE
    0,                          // DELETE
    SIZED | PRICED,             // REPLACE
    SIZED | PRICED,             // TRADE
    LOOK,                       // CROSS
    0,                          // BREAK
    LOOK,                       // CLEAR
    LOOK,                       // STATUS
    LOOK,                       // SET
    LOOK,
    LOOK,
    LOOK,
    LOOK,
];
/// Its quantity is.
const SIZED: u8 = 1;
/// Its price is.
const PRICED: u8 = 2;
/// A price of zero stands for the order's own.
const OWN_PRICE: u8 = 4;
/// It is always looked at closely.
const LOOK: u8 = 8;

/// Places in `is_over` and `since_ns`.
const CROSSED: usize = 0;
const LOCKED: usize = 1;
const SILENT: usize = 2;

/// The health of all books.
#[derive(Clone, Debug)]
pub struct Health {
    rules: Rules,
    quick: Quick,
    feeds: Box<[Feed]>,
    books: Box<[Watched]>,
    /// When the time alone may change something.
    deadline_ns: TsNs,
    /// How often each rule was broken, and what was done.
    counts: [[u64; 4]; RULES],
}

/// A message, and where it came from.
struct Judged<'a> {
    update: &'a MarketUpdated,
    feed_id: u16,
    ts_ns: TsNs,
    cause: u64,
}

impl Health {
    /// Health of instruments up to `instruments_max`, by these rules.
    ///
    /// # Panics
    /// When a rule is [`Rules::unsound`]: whoever reads a configuration says so before.
    #[must_use]
    pub fn new(instruments_max: u32, rules: Rules) -> Self {
        assert_eq!(rules.unsound(), None, "a rule that can be kept");
        Self {
            quick: Quick::new(&rules),
            rules,
            feeds: vec![Feed::NEW; FEEDS_MAX].into_boxed_slice(),
            books: vec![Watched::NEW; instruments_max as usize + 1].into_boxed_slice(),
            deadline_ns: TsNs::MAX,
            counts: [[0; 4]; RULES],
        }
    }

    /// An instrument is told of by this feed. Ids out of range are left out.
    pub fn list(&mut self, instrument: InstrumentId, feed_id: u16) {
        if usize::from(feed_id) < FEEDS_MAX
            && let Some(book) = self.books.get_mut(instrument as usize)
        {
            book.feed = feed_id + 1;
        }
    }

    /// Sets the price that bands are around, until the next trade.
    pub fn set_reference(&mut self, instrument: InstrumentId, price: Ticks) {
        let Some(rule) = self.rules.get(FeedRule::PriceBand) else { return };
        if let Some(book) = self.books.get_mut(instrument as usize)
            && price > 0
            && book.reference != price
        {
            book.set_reference(price, rule.limit);
        }
    }

    /// How often a rule was broken, with this done about it.
    #[must_use]
    pub fn count(&self, rule: FeedRule, action: RuleAction) -> u64 {
        self.counts[usize::from(rule.raw())][usize::from(action.raw())]
    }

    /// Whether a book can be traded on: its own state and its feed's.
    #[inline]
    #[must_use]
    pub fn state(&self, instrument: InstrumentId) -> BookState {
        let Some(book) = self.books.get(instrument as usize) else { return BookState::Stale };
        let Some(at) = book.feed.checked_sub(1) else { return BookState::Stale };
        let feed = &self.feeds[usize::from(at)];
        match feed.state {
            FeedState::Live if !feed.is_late && !feed.is_halted => book.told,
            FeedState::Gap | FeedState::Recovering | FeedState::Snapshot => BookState::Gap,
            _ => BookState::Stale,
        }
    }

    /// Whether a book is live.
    #[inline]
    #[must_use]
    pub fn is_usable(&self, instrument: InstrumentId) -> bool {
        self.state(instrument) == BookState::Live
    }

    /// How a feed stands.
    #[must_use]
    pub fn feed_state(&self, feed_id: u16) -> Option<FeedState> {
        self.feeds.get(usize::from(feed_id)).map(|feed| feed.state)
    }

    /// Judges a message of a feed before it is applied.
    #[inline]
    pub fn judge(
        &mut self,
        feed_id: u16,
        update: &MarketUpdated,
        entry: &Entry<'_>,
        out: &mut dyn Outbox,
    ) -> Verdict {
        let Some(feed) = self.feeds.get_mut(usize::from(feed_id)) else { return Verdict::Apply };
        let (last_ns, quick) = (feed.venue_ts_ns, &self.quick);
        feed.venue_ts_ns = last_ns.max(update.venue_ts_ns);
        let age_ns = entry.ts_ns.saturating_sub(update.venue_ts_ns);
        let is_in_time = age_ns <= quick.old_ns
            && age_ns >= quick.ahead_ns
            && last_ns.saturating_sub(update.venue_ts_ns) <= quick.back_ns
            && !feed.is_late;
        let traits = TRAITS[usize::from(update.action) % TRAITS.len()];
        let is_sized = traits & SIZED == 0 || (1..=quick.size_max).contains(&update.qty_lots);
        let mut is_priced = true;
        if let Some(book) = self.books.get_mut(update.instrument_id as usize) {
            let (low, high) = book.band;
            is_priced = traits & PRICED == 0
                || (low <= update.price_ticks && update.price_ticks <= high)
                || (traits & OWN_PRICE != 0 && update.price_ticks == 0);
            if quick.is_silence_watched {
                is_priced &= book.heard_ns != NEVER && !book.is_over[SILENT];
                book.heard_ns = book.heard_ns.max(entry.ts_ns);
            }
        }
        if is_in_time && is_sized && is_priced && traits & LOOK == 0 {
            return Verdict::Apply;
        }
        self.judge_slowly(feed_id, update, last_ns, entry, out)
    }

    /// A message of which something may be wrong, or that changes more than a book.
    #[cold]
    fn judge_slowly(
        &mut self,
        feed_id: u16,
        update: &MarketUpdated,
        last_ns: TsNs,
        entry: &Entry<'_>,
        out: &mut dyn Outbox,
    ) -> Verdict {
        let judged = Judged { update, feed_id, ts_ns: entry.ts_ns, cause: entry.seq };
        if let Some(book) = self.books.get_mut(update.instrument_id as usize) {
            book.heard_ns = entry.ts_ns;
            self.end_silence(&judged, out);
        }
        // A snapshot tells of orders by the times at which they came.
        let is_snapshot = self.feeds[usize::from(feed_id)].state == FeedState::Snapshot;
        if !is_snapshot
            && update.venue_ts_ns != 0
            && let Some(verdict) = self.judge_time(&judged, last_ns, out)
        {
            let Verdict::Instead(update) = verdict else { return verdict };
            // What has its time put right is judged like any other.
            let judged = Judged { update: &update, ..judged };
            return match self.judge_content(&judged, out) {
                Verdict::Apply => Verdict::Instead(update),
                other => other,
            };
        }
        self.judge_content(&judged, out)
    }

    /// The rules of time; `None` when they are kept.
    fn judge_time(
        &mut self,
        judged: &Judged<'_>,
        last_ns: TsNs,
        out: &mut dyn Outbox,
    ) -> Option<Verdict> {
        let venue_ts_ns = judged.update.venue_ts_ns;
        let age_ns = judged.ts_ns.saturating_sub(venue_ts_ns);
        if let Some(rule) = self.rules.get(FeedRule::TimeOld) {
            let feed = &self.feeds[usize::from(judged.feed_id)];
            // It is over when it is well over: else every second message would change it.
            if age_ns > rule.limit || (feed.is_late && age_ns <= rule.limit / 2) {
                self.note_age(judged, age_ns > rule.limit, rule, out);
            }
        }
        if let Some(rule) = self.rules.get(FeedRule::TimeBack)
            && last_ns.saturating_sub(venue_ts_ns) > rule.limit
            && last_ns != NEVER
        {
            let instead = MarketUpdated { venue_ts_ns: last_ns, ..*judged.update };
            return Some(self.punish(judged, FeedRule::TimeBack, rule, Some(instead), out));
        }
        if let Some(rule) = self.rules.get(FeedRule::TimeAhead)
            && age_ns < -rule.limit
        {
            // The time of one that was wrong is none to measure the next ones by.
            self.feeds[usize::from(judged.feed_id)].venue_ts_ns = last_ns;
            let instead = MarketUpdated { venue_ts_ns: judged.ts_ns, ..*judged.update };
            return Some(self.punish(judged, FeedRule::TimeAhead, rule, Some(instead), out));
        }
        None
    }

    /// The rules of price and quantity.
    fn judge_content(&mut self, judged: &Judged<'_>, out: &mut dyn Outbox) -> Verdict {
        use MarketAction::{Add, Cross, Execute, Reduce, Replace, Set, Status, Trade};
        let update = judged.update;
        let (has_price, has_quantity) = match MarketAction::from_raw(update.action) {
            Some(Add | Replace | Trade | Cross) => (true, true),
            Some(Execute) => (update.price_ticks != 0, true),
            Some(Set) => (true, false),
            Some(Reduce) => (false, true),
            Some(Status) => {
                self.note_status(judged);
                return Verdict::Apply;
            }
            _ => return Verdict::Apply,
        };
        if has_quantity && update.qty_lots == 0 {
            // An auction in which nothing traded says so.
            let is_usual = update.action == Cross.raw();
            if !is_usual && let Some(rule) = self.rules.get(FeedRule::SizeZero) {
                return self.refuse_nothing(judged, rule, out);
            }
        }
        if let Some(rule) = self.rules.get(FeedRule::SizeMax)
            && update.qty_lots > rule.limit.unsigned_abs()
        {
            return self.punish(judged, FeedRule::SizeMax, rule, None, out);
        }
        if has_price && let Some(book) = self.books.get(update.instrument_id as usize) {
            let (low, high) = book.band;
            let is_cross = update.action == Cross.raw() && update.price_ticks == 0;
            if (update.price_ticks < low || update.price_ticks > high)
                && !is_cross
                && let Some(rule) = self.rules.get(FeedRule::PriceBand)
            {
                return self.refuse_price(judged, rule, out);
            }
        }
        Verdict::Apply
    }

    #[cold]
    fn refuse_nothing(&mut self, judged: &Judged<'_>, rule: Rule, out: &mut dyn Outbox) -> Verdict {
        let verdict = self.punish(judged, FeedRule::SizeZero, rule, Some(*judged.update), out);
        match verdict {
            Verdict::Instead(_) => without_quantity(judged.update),
            other => other,
        }
    }

    /// An execution at a price that nobody believes still takes from its order.
    #[cold]
    fn refuse_price(&mut self, judged: &Judged<'_>, rule: Rule, out: &mut dyn Outbox) -> Verdict {
        if judged.update.action != MarketAction::Execute.raw() {
            return self.punish(judged, FeedRule::PriceBand, rule, None, out);
        }
        self.tell(judged, FeedRule::PriceBand, rule, out);
        if rule.action == RuleAction::Halted {
            self.halt(judged, FeedRule::PriceBand, out);
        }
        Verdict::Instead(without_price(judged.update))
    }

    /// A rule was broken: counts it, says so, and does what is to be done. `corrected` is the message
    /// put right, where that can be.
    #[cold]
    fn punish(
        &mut self,
        judged: &Judged<'_>,
        rule: FeedRule,
        set: Rule,
        corrected: Option<MarketUpdated>,
        out: &mut dyn Outbox,
    ) -> Verdict {
        self.tell(judged, rule, set, out);
        if set.action == RuleAction::Corrected
            && let Some(corrected) = corrected
        {
            return Verdict::Instead(corrected);
        }
        let instrument = judged.update.instrument_id;
        if let Some(book) = self.books.get_mut(instrument as usize)
            && is_needed(judged.update.action)
        {
            book.torn_by = rule.raw();
        }
        if set.action == RuleAction::Halted {
            self.halt(judged, rule, out);
        } else {
            self.settle(instrument, judged.ts_ns, judged.cause, out);
        }
        Verdict::Drop
    }

    fn halt(&mut self, judged: &Judged<'_>, rule: FeedRule, out: &mut dyn Outbox) {
        let instrument = judged.update.instrument_id;
        if let Some(book) = self.books.get_mut(instrument as usize) {
            book.halted_by = rule.raw();
        }
        self.settle(instrument, judged.ts_ns, judged.cause, out);
    }

    fn tell(&mut self, judged: &Judged<'_>, rule: FeedRule, set: Rule, out: &mut dyn Outbox) {
        self.count_one(rule, set.action);
        let update = judged.update;
        let reference = self.books.get(update.instrument_id as usize).map_or(0, |b| b.reference);
        let broken = FeedRuleBroken {
            cause_seq: judged.cause,
            venue_ts_ns: update.venue_ts_ns,
            order_ref: update.order_ref,
            price_ticks: update.price_ticks,
            qty_lots: update.qty_lots,
            limit: if rule == FeedRule::PriceBand { reference } else { set.limit },
            instrument_id: update.instrument_id,
            feed_id: judged.feed_id,
            rule: rule.raw(),
            action: set.action.raw(),
            market_action: update.action,
            side: update.side,
            reserved: [0; 6],
        };
        out.emit(FeedRuleBroken::KIND, FeedRuleBroken::VERSION, &broken.encode());
    }

    fn count_one(&mut self, rule: FeedRule, action: RuleAction) {
        self.counts[usize::from(rule.raw())][usize::from(action.raw())] += 1;
    }

    /// The book refused a message: it names an order that is not there, or one that is.
    #[cold]
    pub fn refused(
        &mut self,
        feed_id: u16,
        update: &MarketUpdated,
        entry: &Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        if let Some(rule) = self.rules.get(FeedRule::Book) {
            let judged = Judged { update, feed_id, ts_ns: entry.ts_ns, cause: entry.seq };
            self.tell(&judged, FeedRule::Book, rule, out);
            if rule.action == RuleAction::Halted {
                self.halt(&judged, FeedRule::Book, out);
            }
        }
    }

    #[cold]
    fn note_status(&mut self, judged: &Judged<'_>) {
        if let Some(book) = self.books.get_mut(judged.update.instrument_id as usize) {
            book.status = judged.update.flags as u8;
        }
        self.watch_silence(judged.ts_ns);
    }
}

#[cfg(test)]
mod tests;
