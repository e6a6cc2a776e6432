// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Health by hand, and against a plain model that looks at all that ever happened.

use super::*;
use crate::component::Snapshot;
use crate::hash::{StateHasher, mix};

mod model;

/// What was put out.
#[derive(Default)]
pub(super) struct Said {
    broken: Vec<FeedRuleBroken>,
    states: Vec<BookStateChanged>,
}

impl Outbox for Said {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        match kind {
            FeedRuleBroken::KIND => self.broken.push(FeedRuleBroken::decode(body).unwrap()),
            BookStateChanged::KIND => self.states.push(BookStateChanged::decode(body).unwrap()),
            _ => panic!("kind {kind}"),
        }
    }
}

pub(super) const fn at(ts_ns: TsNs) -> Entry<'static> {
    Entry { seq: 9, ts_ns, kind: 2, version: 1, source: 1, body: &[] }
}

pub(super) fn update(action: MarketAction, venue_ts_ns: TsNs) -> MarketUpdated {
    MarketUpdated {
        venue_ts_ns,
        order_ref: 77,
        other_ref: 78,
        price_ticks: 1_000,
        qty_lots: 10,
        instrument_id: 1,
        action: action.raw(),
        side: 1,
        flags: 0,
    }
}

/// Health of instruments 1 and 2 on feed 3, which is live, by this rule alone.
fn health(rule: FeedRule, limit: i64, action: RuleAction) -> Health {
    let mut health = Health::new(4, Rules::none().with(rule, limit, action));
    health.list(1, 3);
    health.list(2, 3);
    health.on_feed(3, FeedState::Live, &at(0), &mut Said::default());
    health
}

use FeedRule as R;
use MarketAction::{Add, Cross, Delete, Execute, Reduce, Replace, Status, Trade};
use RuleAction::{Corrected, Halted, Quarantined};

#[test]
fn a_book_is_usable_only_while_its_feed_is_live() {
    let mut health = Health::new(4, Rules::usual());
    let out = &mut Said::default();
    assert_eq!(health.state(1), BookState::Stale, "listed nowhere");
    health.list(1, 3);
    for (state, expected) in [
        (FeedState::Waiting, BookState::Stale),
        (FeedState::Live, BookState::Live),
        (FeedState::Gap, BookState::Gap),
        (FeedState::Recovering, BookState::Gap),
        (FeedState::Snapshot, BookState::Gap),
        (FeedState::Dead, BookState::Stale),
        (FeedState::Lost, BookState::Stale),
        (FeedState::Ended, BookState::Stale),
    ] {
        health.on_feed(3, state, &at(5), out);
        assert_eq!((health.state(1), health.is_usable(1)), (expected, state == FeedState::Live));
        assert_eq!(health.state(99), BookState::Stale);
    }
    assert!(out.states.is_empty(), "the feed's own event says it");
    assert_eq!(health.count(R::Sequence, Quarantined), 3);
}

#[test]
fn a_hole_halts_where_the_rule_says_so() {
    let mut health = health(R::Sequence, 0, Halted);
    let out = &mut Said::default();
    health.on_feed(3, FeedState::Gap, &at(5), out);
    health.on_feed(3, FeedState::Live, &at(6), out);
    assert!(!health.is_usable(1));
    health.resume_feed(3, &at(7), out);
    assert!(health.is_usable(1));
}

/// Judges one message that breaks a rule, and one that does not.
fn judged(
    rule: FeedRule,
    limit: i64,
    action: RuleAction,
    bad: &MarketUpdated,
) -> (Verdict, Health, Said) {
    let mut health = health(rule, limit, action);
    health.set_reference(1, 1_000);
    let mut out = Said::default();
    let good = MarketUpdated { order_ref: 1, ..update(Add, 50) };
    assert_eq!(health.judge(3, &good, &at(100), &mut out), Verdict::Apply);
    assert!(out.broken.is_empty());
    let verdict = health.judge(3, bad, &at(100), &mut out);
    assert_eq!(out.broken.len(), 1, "{rule:?}");
    let broken = &out.broken[0];
    let said = (broken.rule, broken.action, broken.order_ref, broken.cause_seq, broken.feed_id);
    assert_eq!(said, (rule.raw(), action.raw(), 77, 9, 3));
    assert_eq!(health.count(rule, action), 1);
    (verdict, health, out)
}

#[test]
fn wrong_times_are_put_right_or_left_out() {
    let back = update(Add, 39);
    let (verdict, ..) = judged(R::TimeBack, 10, Corrected, &back);
    assert_eq!(verdict, Verdict::Instead(MarketUpdated { venue_ts_ns: 50, ..back }));
    let (verdict, health, _) = judged(R::TimeBack, 10, Quarantined, &back);
    assert_eq!((verdict, health.state(1)), (Verdict::Drop, BookState::Live));
    // Without a message of its order the book is not the venue's.
    let (verdict, health, _) = judged(R::TimeBack, 10, Quarantined, &update(Delete, 39));
    assert_eq!((verdict, health.state(1)), (Verdict::Drop, BookState::Stale));
    let ahead = update(Add, 111);
    let (verdict, mut health, _) = judged(R::TimeAhead, 10, Corrected, &ahead);
    assert_eq!(verdict, Verdict::Instead(MarketUpdated { venue_ts_ns: 100, ..ahead }));
    let next = health.judge(3, &update(Add, 60), &at(100), &mut Said::default());
    assert_eq!(next, Verdict::Apply, "nothing is measured by a wrong time");
}

#[test]
fn what_has_its_time_put_right_is_judged_for_the_rest() {
    let rules = Rules::none().with(R::TimeAhead, 10, Corrected).with(R::SizeMax, 5, Quarantined);
    let mut health = Health::new(4, rules);
    let mut out = Said::default();
    assert_eq!(health.judge(3, &update(Add, 500), &at(100), &mut out), Verdict::Drop);
    assert_eq!(out.broken.len(), 2);
}

#[test]
fn the_times_of_a_snapshots_orders_are_old_by_right() {
    let rules = Rules::none().with(R::TimeBack, 0, Quarantined).with(R::TimeOld, 10, Quarantined);
    let mut health = Health::new(4, rules);
    let out = &mut Said::default();
    health.on_feed(3, FeedState::Snapshot, &at(100), out);
    for venue_ts_ns in [80, 20, 50] {
        let verdict = health.judge(3, &update(Add, venue_ts_ns), &at(100), out);
        assert_eq!(verdict, Verdict::Apply);
    }
    assert!(out.broken.is_empty() && out.states.is_empty());
}

#[test]
fn prices_outside_the_band_do_not_touch_the_book() {
    // Ten percent of 1,000.
    for price_ticks in [899, 1_101, 0, -5] {
        let bad = MarketUpdated { price_ticks, ..update(Add, 60) };
        let (verdict, health, out) = judged(R::PriceBand, 1_000, Quarantined, &bad);
        assert_eq!((verdict, health.state(1)), (Verdict::Drop, BookState::Live));
        assert_eq!((out.broken[0].limit, out.broken[0].price_ticks), (1_000, price_ticks));
    }
    let bad = MarketUpdated { price_ticks: 1_101, ..update(Trade, 60) };
    assert_eq!(judged(R::PriceBand, 1_000, Quarantined, &bad).0, Verdict::Drop);
    // An order that was executed is smaller whatever the price.
    let bad = MarketUpdated { price_ticks: 1_101, flags: 1, ..update(Execute, 60) };
    let (verdict, health, _) = judged(R::PriceBand, 1_000, Quarantined, &bad);
    let Verdict::Instead(instead) = verdict else { panic!("{verdict:?}") };
    assert_eq!((instead.action, instead.qty_lots, instead.order_ref), (Reduce.raw(), 10, 77));
    assert!(health.is_usable(1));
    let bad = MarketUpdated { price_ticks: 1_101, ..update(Replace, 60) };
    let (verdict, mut health, mut out) = judged(R::PriceBand, 1_000, Quarantined, &bad);
    assert_eq!((verdict, health.state(1)), (Verdict::Drop, BookState::Stale));
    assert_eq!(health.state(2), BookState::Live, "the other book has nothing to do with it");
    // A snapshot makes it whole.
    health.on_feed(3, FeedState::Snapshot, &at(200), &mut out);
    health.on_feed(3, FeedState::Live, &at(300), &mut out);
    assert!(health.is_usable(1));
    let states: Vec<_> = out.states.iter().map(|one| (one.state, one.rule)).collect();
    assert_eq!(states, [(BookState::Stale.raw(), R::PriceBand.raw()), (BookState::Live.raw(), 0)]);
}

#[test]
fn the_edges_of_the_band_are_inside() {
    let mut health = health(R::PriceBand, 1_000, Halted);
    let mut out = Said::default();
    let priced = |price_ticks| MarketUpdated { price_ticks, ..update(Add, 1) };
    // Nothing can be said before a reference is known.
    assert_eq!(health.judge(3, &priced(1 << 40), &at(1), &mut out), Verdict::Apply);
    health.set_reference(1, 1_000);
    for price in [900, 1_100] {
        assert_eq!(health.judge(3, &priced(price), &at(1), &mut out), Verdict::Apply);
    }
    let own_price = MarketUpdated { price_ticks: 0, ..update(Execute, 1) };
    let no_cross = MarketUpdated { price_ticks: 0, qty_lots: 0, ..update(Cross, 1) };
    for fine in [own_price, no_cross, update(Delete, 1), update(Reduce, 1)] {
        assert_eq!(health.judge(3, &fine, &at(1), &mut out), Verdict::Apply);
    }
    assert_eq!(health.judge(3, &priced(1_101), &at(1), &mut out), Verdict::Drop);
    assert_eq!(health.state(1), BookState::Stale);
    health.resume(1, &at(2), &mut out);
    assert_eq!(health.state(1), BookState::Live);
}

#[test]
fn absurd_quantities_do_not_touch_the_book() {
    let none = MarketUpdated { qty_lots: 0, ..update(Add, 60) };
    assert_eq!(judged(R::SizeZero, 0, Corrected, &none).0, Verdict::Drop);
    let replaced = MarketUpdated { qty_lots: 0, ..update(Replace, 60) };
    let (verdict, health, _) = judged(R::SizeZero, 0, Corrected, &replaced);
    let Verdict::Instead(instead) = verdict else { panic!("{verdict:?}") };
    assert_eq!((instead.action, instead.order_ref), (Delete.raw(), 77));
    assert!(health.is_usable(1));
    let many = MarketUpdated { qty_lots: 1_001, ..update(Add, 60) };
    assert_eq!(judged(R::SizeMax, 1_000, Quarantined, &many).0, Verdict::Drop);
    let (_, health, _) = judged(R::SizeMax, 1_000, Halted, &many);
    assert_eq!(health.state(1), BookState::Stale);
}

#[test]
fn a_book_that_stays_crossed_is_not_traded_on_until_it_is_not() {
    for (rule, bid) in [(R::Crossed, 11), (R::Locked, 10)] {
        let mut health = health(rule, 100, Quarantined);
        let out = &mut Said::default();
        let mut best = |health: &mut Health, bid, ts_ns| {
            health.on_time(&at(ts_ns), out);
            let state = health.state(1);
            health.on_best(1, (Some(bid), Some(10)), &at(ts_ns), out);
            state
        };
        assert_eq!(best(&mut health, bid, 1_000), BookState::Live);
        assert_eq!(best(&mut health, bid, 1_100), BookState::Live);
        assert_eq!(best(&mut health, 9, 1_101), BookState::Crossed, "too long, until now");
        assert_eq!(best(&mut health, bid, 2_000), BookState::Live);
        assert_eq!(best(&mut health, 9, 2_050), BookState::Live, "not long enough");
        assert_eq!(best(&mut health, bid, 3_000), BookState::Live);
        health.on_time(&at(3_101), out);
        assert_eq!(health.state(1), BookState::Crossed);
        assert_eq!(out.states.last().unwrap().since_ts_ns, 3_000);
        // While orders only gather prices may cross.
        let paused = MarketUpdated { flags: 3, ..update(Status, 3_102) };
        health.judge(3, &paused, &at(3_102), out);
        health.on_best(1, (Some(bid), Some(10)), &at(3_102), out);
        assert_eq!(health.state(1), BookState::Live);
        assert_eq!(health.count(rule, Quarantined), 2);
    }
}

#[test]
fn old_messages_make_a_feed_late_and_silence_a_book_stale() {
    let mut late = health(R::TimeOld, 100, Quarantined);
    let out = &mut Said::default();
    for (age, expected) in [(100, true), (101, false), (51, false), (50, true), (100, true)] {
        assert_eq!(late.judge(3, &update(Add, 1_000 - age), &at(1_000), out), Verdict::Apply);
        assert_eq!(late.is_usable(2), expected, "{age}");
    }
    assert_eq!((out.states.len(), out.states[0].instrument_id), (2, 0));

    let mut silent = health(R::Silence, 100, Quarantined);
    silent.on_time(&at(5_000), out);
    assert!(silent.is_usable(1), "it was never heard");
    silent.judge(3, &update(Add, 1), &at(5_000), out);
    silent.on_time(&at(5_100), out);
    assert!(silent.is_usable(1));
    silent.on_time(&at(5_101), out);
    assert_eq!((silent.state(1), silent.state(2)), (BookState::Stale, BookState::Live));
    silent.judge(3, &update(Add, 1), &at(6_000), out);
    assert!(silent.is_usable(1));
    silent.on_time(&at(6_101), out);
    assert!(!silent.is_usable(1), "watched again");
}

#[test]
fn what_the_book_refuses_is_said_and_may_halt() {
    let mut health = health(R::Book, 0, Halted);
    let mut out = Said::default();
    health.refused(3, &update(Delete, 5), &at(6), &mut out);
    assert_eq!((out.broken.len(), health.state(1)), (1, BookState::Stale));
}

#[test]
fn rules_that_cannot_be_kept_are_found() {
    assert_eq!(Rules::usual().unsound(), None);
    for rule in [R::Crossed, R::Locked, R::PriceBand, R::SizeMax, R::Silence, R::Sequence, R::Book]
    {
        assert_eq!(Rules::none().with(rule, 1, Corrected).unsound(), Some(rule));
        assert_eq!(Rules::none().with(rule, 1, Halted).unsound(), None);
        assert_eq!(Rules::none().with(rule, -1, Halted).unsound(), Some(rule));
        assert_eq!(Rules::none().with(rule, -1, Halted).without(rule).unsound(), None);
    }
}
