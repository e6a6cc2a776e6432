// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The matcher and the replayed market allocate nothing once they are made. Counted by the allocator
//! itself.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use onetape_core::book::BooksConfig;
use onetape_core::events::{CancelReason, Side, StpMode, TimeInForce};
use onetape_core::exchange::{
    Command, Matcher, MatcherConfig, NewOrder, Policy, PriceTime, Replayed, Report,
};
use onetape_core::hash::mix;
use onetape_core::types::TickTable;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: passes everything on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that is ending has no counter any more; what it allocates is not ours.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise.
        unsafe { System.realloc(pointer, layout, bytes) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

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

fn allocations(work: impl FnOnce()) -> u64 {
    let before = COUNT.get();
    work();
    COUNT.get() - before
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

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(vec![1, 2, 3]))), 1);
}
