// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The matcher and the replayed market allocate nothing once they are made. Counted by the allocator
//! itself.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

mod counting;

use counting::allocations;
use onetape_core::book::BooksConfig;
use onetape_core::events::{CancelReason, Side, StpMode, TimeInForce};
use onetape_core::exchange::market::{Display, SizeCondition, StpScope};
use onetape_core::exchange::{
    Aside, Command, Extras, Matcher, MatcherConfig, NewOrder, Policy, PriceTime, Replayed, Report,
};
use onetape_core::hash::mix;
use onetape_core::types::TickTable;

/// A number below `bound` for each step and use.
fn draw(step: u64, salt: u64, bound: u64) -> u64 {
    mix(step * 16 + salt) % bound
}

fn side(step: u64) -> Side {
    if draw(step, 1, 2) == 0 { Side::Buy } else { Side::Sell }
}

fn command(step: u64, order_id_last: u64) -> Command {
    let order_id = order_id_last.saturating_sub(draw(step, 2, 200));
    let (price, qty) = (100 * (100 + draw(step, 3, 40).cast_signed()), 1 + draw(step, 4, 20));
    match draw(step, 5, 10) {
        0..6 => {
            let owner = 1 + draw(step, 6, 5) as u32;
            let mut order = NewOrder::limit(1, owner, side(step), price, qty);
            order.stp = if step.is_multiple_of(2) { StpMode::Off } else { StpMode::CancelNewest };
            if step.is_multiple_of(7) {
                order.time_in_force = TimeInForce::Fok;
            }
            Command::Enter(order)
        }
        6 => Command::Cancel { order_id, reason: CancelReason::User },
        7 => Command::Reduce { order_id, qty: 5 },
        8 => Command::Replace { order_id, client: step, price, qty },
        _ => Command::CancelOwner { owner: 5, instrument: 0, reason: CancelReason::User },
    }
}

fn matcher<P: Policy>() -> Matcher<P> {
    let books = BooksConfig { orders_max: 20_000, instruments_max: 1, ..BooksConfig::default() };
    let mut matcher = Matcher::new(MatcherConfig { books, ..MatcherConfig::default() });
    matcher.define_instrument(1, TickTable::us_equity_price4()).unwrap();
    matcher
}

#[test]
fn matching_allocates_nothing() {
    let mut matcher: Matcher<PriceTime> = matcher();
    let mut reports: Vec<Report> = Vec::with_capacity(50_000);
    let found = allocations(|| {
        for step in 0..100_000 {
            matcher.apply(&command(step, matcher.order_id_last()), &mut reports);
            reports.clear();
        }
    });
    assert_eq!(found, 0);
    assert!(matcher.match_id_last() > 10_000, "there was something to do");
}

/// What one of each kind of order says beyond a plain one.
fn extras(step: u64, qty: u64) -> Extras {
    let mut extras = Extras { stp_scope: StpScope::Firm, ..Extras::PLAIN };
    match draw(step, 12, 6) {
        0 => extras.display = Display::Hidden,
        1 => extras.display = Display::Reserve { displayed: 1 + qty / 4 },
        2 => extras.size = SizeCondition::Minimum(1 + qty / 2),
        3 => extras.size = SizeCondition::All,
        4 => extras.slide = true,
        _ => {}
    }
    extras
}

fn special(matcher: &mut Matcher, step: u64, reports: &mut Vec<Report>) {
    let order_id = matcher.order_id_last().saturating_sub(draw(step, 2, 200));
    let price = 100 * (100 + draw(step, 3, 40).cast_signed());
    match draw(step, 13, 20) {
        0..14 => {
            let (owner, qty) = (1 + draw(step, 6, 5) as u32, 1 + draw(step, 4, 20));
            let mut order = NewOrder::limit(1, owner, side(step), price, qty);
            order.stp = StpMode::from_raw(draw(step, 14, 5) as u8).unwrap();
            matcher.enter_with(&order, &extras(step, qty), reports);
        }
        14 => _ = matcher.reprice(order_id, price, reports),
        15 => _ = matcher.replace(order_id, step, price, 30, reports),
        16 => matcher.reduce(order_id, 5, reports),
        17 => _ = matcher.cancel_owner(5, 0, CancelReason::User, reports),
        18 => {
            matcher.set_matching(1, false);
            let count = matcher.auction_levels(1, side(step)).count();
            assert!(count < 100);
        }
        _ => {
            let limit = Some(price);
            let aside = Aside { order_id, client: 0, limit, leaves: 50, arrival_mid2: 0, owner: 1 };
            matcher.uncross(1, price, &mut [aside], &mut [], reports);
            matcher.set_matching(1, true);
        }
    }
    matcher.wake(1, reports);
}

#[test]
fn orders_of_every_kind_allocate_nothing() {
    let mut matcher: Matcher<PriceTime> = matcher();
    let mut reports: Vec<Report> = Vec::with_capacity(50_000);
    let found = allocations(|| {
        for step in 0..40_000 {
            matcher.set_pro_rata(1, step > 20_000);
            special(&mut matcher, step, &mut reports);
            reports.clear();
        }
    });
    assert_eq!(found, 0);
    assert!(matcher.match_id_last() > 5_000, "there was something to do");
}

#[test]
fn a_replayed_market_allocates_nothing() {
    let mut venue: Matcher<Replayed> = matcher();
    let mut reports: Vec<Report> = Vec::with_capacity(50_000);
    let found = allocations(|| {
        for step in 0..200_000 {
            let (order_ref, qty) = (1 + draw(step, 8, 3_000), 1 + draw(step, 9, 20));
            let price = 100 * (100 + draw(step, 10, 40).cast_signed());
            match draw(step, 11, 8) {
                0..3 => venue.market_add(1, order_ref, side(step), price, qty, &mut reports),
                3 | 4 => venue.market_execute(1, order_ref, qty, &mut reports),
                5 => venue.market_delete(1, order_ref),
                6 => venue.market_replace(1, order_ref, order_ref + 1, price, qty, &mut reports),
                _ => venue.apply(&command(step, venue.order_id_last()), &mut reports),
            }
            reports.clear();
        }
    });
    assert_eq!(found, 0);
    assert!(venue.match_id_last() > 1_000, "there was something to do");
}
