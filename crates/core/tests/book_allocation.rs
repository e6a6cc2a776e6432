// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The books take all their memory at start: after that, no call allocates, whatever comes.
//!
//! Counted by the allocator itself, of the test's own thread.

mod counting;

use counting::allocations;
use onetape_core::book::{BookError, Books, BooksConfig};
use onetape_core::events::MarketUpdated;
use onetape_core::hash::mix;
use onetape_core::types::Side;
use std::hint::black_box;

/// Messages of every kind: near prices and far, references in a ring and anywhere.
fn update(call: u64) -> MarketUpdated {
    let draw = |salt: u64| mix(call * 8 + salt);
    let far = draw(1).is_multiple_of(16);
    let near_price = 10_000 + draw(2).cast_signed() % 200;
    let action = [1, 1, 1, 1, 1, 2, 3, 4, 4, 5, 6, 11][draw(6) as usize % 12];
    let order_ref = if action == 1 { call } else { call - 1 - draw(3) % 6_000 };
    MarketUpdated {
        venue_ts_ns: 0,
        order_ref: order_ref << if order_ref.is_multiple_of(16) { 44 } else { 0 },
        other_ref: call | (1 << 40),
        price_ticks: if far { draw(2).cast_signed() >> 8 } else { near_price * 100 },
        qty_lots: 1 + draw(4) % 100,
        instrument_id: 1 + (draw(5) % 3) as u32,
        action,
        side: 1 + (draw(7) % 2) as u8,
        flags: 0,
    }
}

#[test]
fn nothing_is_allocated_after_start() {
    let config = BooksConfig { orders_max: 3_000, instruments_max: 3, window_levels: 256 };
    let mut books = Books::new(config);
    (1..=3).for_each(|instrument| books.define(instrument, 100).unwrap());
    let (mut applied, mut full) = (0_u32, 0_u32);
    let mut digest = 0;
    let calls = allocations(|| {
        for call in 10_000..400_000 {
            let update = update(call);
            books.warm(&[update]);
            match books.apply_market(&update) {
                Ok(_) => applied += 1,
                Err(BookError::Full { .. }) => full += 1,
                Err(_) => {}
            }
            if call.is_multiple_of(64) {
                let levels = books.levels(2, Side::Buy).count();
                black_box((books.bbo(1), books.queue_position(call - 3), levels));
            }
            if call % (1 << 16) == 0 {
                books.clear(1);
            }
        }
        digest = books.state_hash();
    });
    assert_eq!(calls, 0, "calls to the allocator");
    assert!(applied > 30_000 && full > 0 && digest != 0, "{applied} {full}");
}
