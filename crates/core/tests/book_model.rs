// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The books against a plain model, call by call: a million random calls, and price and reference
//! patterns chosen to leave every direct place (window, table) for its overflow.

#![expect(clippy::unwrap_used, reason = "a test: a panic is its way to fail")]

use onetape_core::book::{BookError, Books, BooksConfig, Change, LevelView};
use onetape_core::component::Snapshot;
use onetape_core::events::MarketUpdated;
use onetape_core::hash::mix;
use onetape_core::types::{Lots, Side, Ticks};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Resting {
    order_ref: u64,
    qty: Lots,
    owner: u32,
}

type Place = (u32, Side, Ticks);

/// Queues in sorted maps, and nothing clever.
#[derive(Default)]
struct Model {
    queues: BTreeMap<(u32, u8), BTreeMap<i64, Vec<Resting>>>,
    places: BTreeMap<u64, Place>,
    orders_max: usize,
}

fn key(side: Side, price: Ticks) -> i64 {
    if side == Side::Buy { -price } else { price }
}

impl Model {
    fn queue(&mut self, (instrument, side, price): Place) -> &mut Vec<Resting> {
        let side_queues = self.queues.entry((instrument, side.raw())).or_default();
        side_queues.entry(key(side, price)).or_default()
    }

    fn levels(&self, instrument: u32, side: Side) -> Vec<LevelView> {
        let Some(queues) = self.queues.get(&(instrument, side.raw())) else { return vec![] };
        let view = |(&key, queue): (&i64, &Vec<Resting>)| LevelView {
            price: if side == Side::Buy { -key } else { key },
            qty: queue.iter().map(|order| order.qty).sum(),
            orders: queue.len() as u32,
        };
        queues.iter().map(view).collect()
    }

    fn terms(&self, instrument: u32, side: Side) -> Option<(Ticks, Lots)> {
        let queues = self.queues.get(&(instrument, side.raw()))?;
        let (&key, queue) = queues.iter().next()?;
        let price = if side == Side::Buy { -key } else { key };
        Some((price, queue.iter().map(|order| order.qty).sum()))
    }

    fn add(&mut self, place: Place, order: Resting) -> Result<(), BookError> {
        if order.qty == 0 {
            return Err(BookError::Qty { qty: 0 });
        }
        if self.places.len() == self.orders_max {
            return Err(BookError::Full { orders_max: self.orders_max as u32 });
        }
        if self.places.contains_key(&order.order_ref) {
            return Err(BookError::Duplicate { order_ref: order.order_ref });
        }
        self.places.insert(order.order_ref, place);
        self.queue(place).push(order);
        Ok(())
    }

    fn take(&mut self, order_ref: u64, qty: Lots) -> Result<(Change, Resting), BookError> {
        let &place = self.places.get(&order_ref).ok_or(BookError::Unknown { order_ref })?;
        let (instrument, side, price) = place;
        let before = self.terms(instrument, side);
        let queue = self.queue(place);
        let at = queue.iter().position(|order| order.order_ref == order_ref).unwrap();
        let old = queue[at];
        let qty_taken = qty.min(old.qty);
        queue[at].qty -= qty_taken;
        if queue[at].qty == 0 {
            queue.remove(at);
            self.places.remove(&order_ref);
        }
        if self.queue(place).is_empty() {
            self.queues.get_mut(&(instrument, side.raw())).unwrap().remove(&key(side, price));
        }
        let (leaves, overfilled) = (old.qty - qty_taken, qty > old.qty);
        let bbo_changed = before != self.terms(instrument, side);
        Ok((Change { instrument, side, price, qty_taken, leaves, overfilled, bbo_changed }, old))
    }

    fn replace(
        &mut self,
        old_ref: u64,
        order_ref: u64,
        price: Ticks,
        qty: Lots,
    ) -> Result<Change, BookError> {
        if qty == 0 {
            return Err(BookError::Qty { qty });
        }
        let &(instrument, side, _) =
            self.places.get(&old_ref).ok_or(BookError::Unknown { order_ref: old_ref })?;
        if order_ref != old_ref && self.places.contains_key(&order_ref) {
            return Err(BookError::Duplicate { order_ref });
        }
        let before = self.terms(instrument, side);
        let (mut change, old) = self.take(old_ref, Lots::MAX).unwrap();
        self.add((instrument, side, price), Resting { order_ref, qty, owner: old.owner })?;
        change.leaves = qty;
        change.overfilled = false;
        change.bbo_changed = before != self.terms(instrument, side);
        Ok(change)
    }
}

/// Everything that can be read is equal.
fn assert_equal(books: &Books, model: &Model, instruments: u32) {
    assert_eq!(books.live_orders() as usize, model.places.len());
    for instrument in 1..=instruments {
        for side in [Side::Buy, Side::Sell] {
            let levels = model.levels(instrument, side);
            assert_eq!(books.levels(instrument, side).collect::<Vec<_>>(), levels);
            assert_eq!(books.best(instrument, side), levels.first().copied());
            for level in levels {
                assert_eq!(books.level(instrument, side, level.price), Some(level));
                let queue = &model.queues[&(instrument, side.raw())][&key(side, level.price)];
                let (mut orders_ahead, mut qty_ahead) = (0, 0);
                let mut orders = books.orders(instrument, side, level.price);
                for order in queue {
                    let view = orders.next().unwrap();
                    assert_eq!((view.order_ref, view.qty), (order.order_ref, order.qty));
                    assert_eq!((view.owner, view.price), (order.owner, level.price));
                    assert_eq!((view.instrument, view.side), (instrument, side));
                    let position = books.queue_position(order.order_ref).unwrap();
                    assert_eq!(
                        (position.orders_ahead, position.qty_ahead),
                        (orders_ahead, qty_ahead)
                    );
                    orders_ahead += 1;
                    qty_ahead += order.qty;
                }
                assert_eq!(orders.next(), None);
            }
        }
    }
}

/// How the references and prices of a test are drawn.
struct Flow {
    instruments: u32,
    orders_max: u32,
    calls: u64,
    check_every: u64,
    new_ref: fn(u64) -> u64,
    price: fn(u64, u64) -> Ticks,
    qty: fn(u64) -> Lots,
}

fn run(flow: &Flow) {
    let Flow { instruments, orders_max, .. } = *flow;
    let config = BooksConfig { orders_max, instruments_max: instruments, window_levels: 256 };
    let mut books = Books::new(config);
    let mut model = Model { orders_max: orders_max as usize, ..Model::default() };
    for instrument in 1..=instruments {
        books.define(instrument, [1, 100, 7][instrument as usize % 3]).unwrap();
    }
    let mut refs: Vec<u64> = vec![];
    for call in 0..flow.calls {
        let draw = |salt: u64| mix(call.wrapping_mul(64) + salt);
        let known = |salt| {
            if refs.is_empty() { 999 } else { refs[draw(salt) as usize % refs.len()] }
        };
        let (qty, price) = ((flow.qty)(draw(1)), (flow.price)(call, draw(2)));
        let order_ref = if draw(3).is_multiple_of(50) { known(4) } else { (flow.new_ref)(call) };
        // Adds outweigh until the books are full, then the other way, in long waves.
        let adds = if (call / u64::from(orders_max * 3)).is_multiple_of(2) { 60 } else { 35 };
        match draw(5) % 100 {
            kind if kind < adds => {
                let instrument = 1 + (draw(6) % u64::from(instruments)) as u32;
                let side = if draw(7).is_multiple_of(2) { Side::Buy } else { Side::Sell };
                let owner = (draw(8) % 5) as u32;
                let ours = books.add(instrument, order_ref, side, price, qty, owner);
                let order = Resting { order_ref, qty, owner };
                let theirs = model.add((instrument, side, price), order);
                assert_eq!(ours.map(|_| ()), theirs);
                if let Ok(handle) = ours {
                    assert_eq!(books.view(handle).order_ref, order_ref);
                    refs.push(order_ref);
                }
            }
            kind if kind < 80 => {
                let order_ref = known(9);
                let theirs = model
                    .take(order_ref, Lots::MAX)
                    .map(|(change, _)| Change { overfilled: false, ..change });
                assert_eq!(books.delete(order_ref), theirs);
                refs.retain(|&other| other != order_ref);
            }
            kind if kind < 90 => {
                let (old_ref, new_ref) = (known(10), order_ref);
                let theirs = model.replace(old_ref, new_ref, price, qty);
                assert_eq!(books.replace(old_ref, new_ref, price, qty), theirs);
                if theirs.is_ok() {
                    refs.retain(|&other| other != old_ref);
                    refs.push(new_ref);
                }
            }
            _ => {
                let order_ref = known(11);
                let theirs = model.take(order_ref, qty).map(|(change, _)| change);
                assert_eq!(books.reduce(order_ref, qty), theirs);
                if theirs.is_ok_and(|change| change.leaves == 0) {
                    refs.retain(|&other| other != order_ref);
                }
            }
        }
        if call % flow.check_every == 0 {
            assert_equal(&books, &model, instruments);
        }
    }
    assert_equal(&books, &model, instruments);
    assert_restored(&books, &model, instruments, config);
}

/// A snapshot restores to equal books with an equal hash, into books with another past.
fn assert_restored(books: &Books, model: &Model, instruments: u32, config: BooksConfig) {
    let mut bytes = vec![];
    books.save(&mut bytes);
    let mut other = Books::new(config);
    other.define(1, 100).unwrap();
    other.add(1, 5, Side::Sell, 12, 3, 1).unwrap();
    other.restore(&mut bytes.as_slice()).unwrap();
    assert_equal(&other, model, instruments);
    assert_eq!(other.state_hash(), books.state_hash());
    let mut again = vec![];
    other.save(&mut again);
    assert_eq!(again, bytes);
}

#[test]
fn a_million_calls_on_prices_around_a_drifting_touch() {
    run(&Flow {
        instruments: 5,
        orders_max: 400,
        calls: 1_000_000,
        check_every: 997,
        qty: |draw| draw % 20,
        new_ref: |call| call + 1_000,
        price: |call, draw| {
            let touch = 10_000 + (call / 40).cast_signed() % 3_000;
            (touch + (draw % 60).cast_signed() - 30) * if draw >> 60 == 0 { 99 } else { 100 }
        },
    });
}

#[test]
fn prices_that_leave_the_window() {
    run(&Flow {
        instruments: 3,
        orders_max: 300,
        calls: 150_000,
        check_every: 211,
        qty: |draw| draw % 20,
        new_ref: |call| call,
        price: |_, draw| match draw % 5 {
            0 => 1,
            1 => 1_999_999_900,
            2 => (draw >> 8).cast_signed() % 100_000 * 700,
            3 => -((draw >> 8).cast_signed() % 1_000),
            _ => ((draw >> 8).cast_signed() % 400) * 700 + 35_000_000,
        },
    });
}

#[test]
fn extreme_prices() {
    run(&Flow {
        instruments: 2,
        orders_max: 100,
        calls: 50_000,
        check_every: 53,
        qty: |draw| draw % 20,
        new_ref: |call| call,
        price: |_, draw| {
            let far = 1_i64 << 61;
            [far, -far, far - 1, 0, 1 << 32, (1 << 32) - 1, -(1 << 32), 7][draw as usize % 8]
        },
    });
}

#[test]
fn references_that_all_share_one_home() {
    // 2,048 entries for 1,000 orders: home is 2 * low + high * odd, which cancel out here.
    run(&Flow {
        instruments: 1,
        orders_max: 1_000,
        calls: 60_000,
        check_every: 501,
        qty: |draw| draw % 20,
        new_ref: |call| {
            let high = call % 5_000 * 2;
            let low = 0_u64.wrapping_sub(high.wrapping_mul(0x9e37_79b9_7f4a_7c15)) % 2_048 / 2;
            high * 1_024 + low
        },
        price: |_, draw| (draw % 300).cast_signed() + 1,
    });
}

#[test]
fn references_of_any_64_bits() {
    run(&Flow {
        instruments: 2,
        orders_max: 1_000,
        calls: 100_000,
        check_every: 997,
        // Around what a record holds itself.
        qty: |draw| u64::from(u32::MAX) * (draw % 3) + draw % 7,
        new_ref: |call| match call % 4 {
            0 => mix(call),
            1 => call << 11,
            2 => u64::MAX - call,
            _ => call << 40,
        },
        price: |_, draw| (draw % 300).cast_signed() * 100,
    });
}

#[test]
fn looking_ahead_takes_any_message() {
    let mut books = Books::new(BooksConfig { orders_max: 9, instruments_max: 2, window_levels: 1 });
    books.define(1, 100).unwrap();
    let mut changes = 0;
    for call in 0..10_000_u64 {
        let draw = |salt: u64| mix(call * 64 + salt);
        let update = MarketUpdated {
            venue_ts_ns: 0,
            order_ref: draw(1) >> (draw(2) % 64),
            other_ref: draw(3),
            price_ticks: [draw(4).cast_signed(), i64::MIN, 100][draw(5) as usize % 3],
            qty_lots: draw(6) >> (draw(7) % 64),
            instrument_id: [draw(8) as u32, 1, u32::MAX, 2][draw(9) as usize % 4],
            action: (draw(10) % 14) as u8,
            side: (draw(11) % 4) as u8,
            flags: 0,
        };
        let before = books.state_hash();
        books.warm(&[update; 40]);
        assert_eq!(books.state_hash(), before);
        // Nor does it matter to a call that no number is one that a venue would send.
        match books.apply_market(&update) {
            Ok(outcome) => changes += u32::from(outcome.bbo_changed()),
            Err(_) => assert_eq!(books.state_hash(), before),
        }
    }
    assert!(changes > 10, "{changes}");
}

#[test]
fn a_refused_call_changes_nothing() {
    let config = BooksConfig { orders_max: 2, instruments_max: 3, window_levels: 256 };
    let mut books = Books::new(config);
    assert_eq!(books.define(0, 1), Err(BookError::Instrument { instrument: 0 }));
    assert_eq!(books.define(4, 1), Err(BookError::Instrument { instrument: 4 }));
    assert_eq!(books.define(1, 0), Err(BookError::Step { step: 0 }));
    assert_eq!(books.define(1, 1 << 31), Err(BookError::Step { step: 1 << 31 }));
    assert_eq!((books.define(1, 100), books.define(1, 100)), (Ok(()), Ok(())));
    assert_eq!(books.define(1, 10), Err(BookError::Step { step: 10 }));
    let empty = books.state_hash();
    assert_eq!(books.add(2, 1, Side::Buy, 1, 1, 0), Err(BookError::Instrument { instrument: 2 }));
    assert!(books.add(u32::MAX, 1, Side::Buy, 1, 1, 0).is_err());
    let price = (1 << 61) + 1;
    assert_eq!(books.add(1, 1, Side::Buy, price, 1, 0), Err(BookError::Price { price }));
    assert_eq!(books.add(1, 1, Side::Buy, 100, 0, 0), Err(BookError::Qty { qty: 0 }));
    assert_eq!(books.state_hash(), empty);
    books.add(1, 1, Side::Buy, 100, Lots::MAX, 0).unwrap();
    let one = books.state_hash();
    assert_eq!(books.add(1, 2, Side::Buy, 100, 1, 0), Err(BookError::Qty { qty: 1 }));
    assert_eq!(books.add(1, 1, Side::Sell, 200, 1, 0), Err(BookError::Duplicate { order_ref: 1 }));
    assert_eq!(books.replace(1, 2, price, 1), Err(BookError::Price { price }));
    assert_eq!(books.replace(1, 2, 100, 0), Err(BookError::Qty { qty: 0 }));
    assert_eq!(books.replace(7, 2, 100, 1), Err(BookError::Unknown { order_ref: 7 }));
    assert_eq!(books.set(7, 100, 1), Err(BookError::Unknown { order_ref: 7 }));
    assert_eq!((books.state_hash(), books.live_orders()), (one, 1));
    books.add(1, 2, Side::Sell, 200, 5, 0).unwrap();
    assert_eq!(books.add(1, 3, Side::Sell, 300, 1, 0), Err(BookError::Full { orders_max: 2 }));
    // A full book still replaces.
    assert!(books.replace(2, 3, 300, 7).unwrap().bbo_changed);
    assert_eq!(books.clear(1), 2);
    assert_eq!(books.state_hash(), empty);
}
