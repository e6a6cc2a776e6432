// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A plain full book tells and shows; what comes out must show the same, told to another plain book.

use super::*;
use crate::hash::mix;

const VISIBLE_MAX: usize = 3;

/// Seeded draws.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 += 1;
        mix(self.0)
    }

    fn below(&mut self, bound: u32) -> u32 {
        (self.bits() % u64::from(bound)) as u32
    }
}

/// A book of orders, and nothing else.
#[derive(Default)]
struct Plain {
    orders: BTreeMap<u64, (Side, Ticks, Lots)>,
}

impl Plain {
    fn levels(&self, side: Side) -> Vec<VisibleLevel> {
        let mut totals = BTreeMap::<i64, Lots>::new();
        for &(at, price, qty) in self.orders.values() {
            if at == side {
                *totals.entry(key(side, price)).or_default() += qty;
            }
        }
        let level = |(&at, &qty_lots): (&i64, &Lots)| VisibleLevel {
            price_ticks: price_at(side, at),
            qty_lots,
        };
        totals.iter().map(level).collect()
    }

    fn visible(&self, side: Side) -> (Vec<VisibleLevel>, bool) {
        let mut levels = self.levels(side);
        let has_more = levels.len() >= VISIBLE_MAX;
        levels.truncate(VISIBLE_MAX);
        (levels, has_more)
    }

    /// Panics at anything a book could not do.
    fn apply(&mut self, update: &MarketUpdated) {
        let side = Side::from_raw(update.side).unwrap_or(Side::Buy);
        match MarketAction::from_raw(update.action).unwrap() {
            MarketAction::Add => {
                assert!(update.qty_lots > 0);
                let order = (side, update.price_ticks, update.qty_lots);
                assert_eq!(self.orders.insert(update.order_ref, order), None, "known already");
            }
            MarketAction::Execute | MarketAction::Reduce => {
                let left = &mut self.orders.get_mut(&update.order_ref).expect("a live order").2;
                *left = left.checked_sub(update.qty_lots).expect("no more than it has");
                if *left == 0 {
                    self.orders.remove(&update.order_ref);
                }
            }
            MarketAction::Delete => {
                self.orders.remove(&update.order_ref).expect("a live order");
            }
            MarketAction::Replace => {
                let (side, ..) = self.orders.remove(&update.order_ref).expect("a live order");
                let order = (side, update.price_ticks, update.qty_lots);
                assert_eq!(self.orders.insert(update.other_ref, order), None, "known already");
            }
            MarketAction::Trade => {}
            other => panic!("not expected: {other:?}"),
        }
    }
}

fn told(action: MarketAction, order_ref: u64, side: Side, price: Ticks, qty: Lots) -> Told {
    let update = MarketUpdated {
        venue_ts_ns: 5,
        order_ref,
        other_ref: 0,
        price_ticks: price,
        qty_lots: qty,
        instrument_id: 1,
        action: action.raw(),
        side: side.raw(),
        flags: 0,
    };
    Told { update, resting_price_ticks: price }
}

/// One random step of the market: what it tells, after it happened.
fn step(market: &mut Plain, random: &mut Random, next_ref: &mut u64) -> Told {
    let pick = random.below(market.orders.len().max(1) as u32) as usize;
    let live = market.orders.iter().nth(pick).map(|(&order_ref, &order)| (order_ref, order));
    let draw = random.below(10);
    let Some((order_ref, (side, price, qty))) = live.filter(|_| draw >= 4) else {
        let side = if random.bits() >> 63 == 0 { Side::Buy } else { Side::Sell };
        let behind = i64::from(random.below(8));
        let price = if side == Side::Buy { 100 - behind } else { 101 + behind };
        *next_ref += 1;
        let message =
            told(MarketAction::Add, *next_ref, side, price, 1 + u64::from(random.below(9)));
        market.apply(&message.update);
        return message;
    };
    let part = 1 + u64::from(random.below(qty as u32));
    let mut message = match draw {
        4 | 5 => told(MarketAction::Execute, order_ref, side, price, part),
        6 => told(MarketAction::Reduce, order_ref, side, price, part.min(qty)),
        7 | 8 => told(MarketAction::Delete, order_ref, side, price, qty),
        _ => told(MarketAction::Replace, order_ref, side, price - 1, part),
    };
    if message.update.action == MarketAction::Replace.raw() {
        *next_ref += 1;
        let price_ticks = if side == Side::Buy { price - 1 } else { price + 1 };
        message.update.other_ref = *next_ref;
        message.update.price_ticks = price_ticks;
        message.resting_price_ticks = price;
    }
    market.apply(&message.update);
    message
}

/// Runs a market of which only some levels, and messages about those, are seen.
fn run(seed: u64, steps: usize) -> WindowCounts {
    let mut random = Random(seed << 32);
    let (mut market, mut shown) = (Plain::default(), Plain::default());
    let mut window = WindowedBook::new();
    let (mut next_ref, mut out) = (0, Vec::new());
    for index in 0..steps {
        let before = [market.visible(Side::Buy), market.visible(Side::Sell)];
        let message = step(&mut market, &mut random, &mut next_ref);
        let after = [market.visible(Side::Buy), market.visible(Side::Sell)];
        // The first half of the day is not seen at all; then only what shows in the levels.
        if index < steps / 2 || before == after {
            continue;
        }
        let visible =
            after.each_ref().map(|(levels, has_more)| VisibleSide { levels, has_more: *has_more });
        out.clear();
        window.apply(&message, Some(visible), &mut out);
        for update in &out {
            shown.apply(update);
            let touch = [Side::Buy, Side::Sell].map(|side| shown.levels(side).first().copied());
            if let [Some(bid), Some(ask)] = touch {
                assert!(bid.price_ticks < ask.price_ticks, "crossed within a message");
            }
        }
        for (side, (levels, has_more)) in [Side::Buy, Side::Sell].into_iter().zip(after) {
            let mut found = shown.levels(side);
            if has_more {
                found.truncate(VISIBLE_MAX);
            }
            assert_eq!(found, levels, "seed {seed}, step {index}, {side:?}");
        }
    }
    window.counts()
}

#[test]
fn after_every_message_the_visible_levels_are_exact() {
    let mut all = WindowCounts::default();
    for seed in 0..60 {
        let counts = run(seed, 600);
        all.seeded += counts.seeded;
        all.vanished += counts.vanished;
        all.unknown += counts.unknown;
    }
    assert!(all.seeded > 0 && all.vanished > 0 && all.unknown > 0, "{all:?}");
}

#[test]
fn a_message_about_an_order_from_before_is_told_of_ours_at_its_price() {
    let mut window = WindowedBook::new();
    let mut out = Vec::new();
    let bids = [VisibleLevel { price_ticks: 100, qty_lots: 30 }];
    let side = |levels| VisibleSide { levels, has_more: true };
    let first = told(MarketAction::Trade, 0, Side::Buy, 100, 1);
    window.apply(&first, Some([side(&bids), side(&[])]), &mut out);
    assert_eq!(out.len(), 2);
    assert_eq!((out[1].order_ref, out[1].qty_lots), (MADE_REF | 1, 30));
    out.clear();
    let bids = [VisibleLevel { price_ticks: 100, qty_lots: 20 }];
    let execution = told(MarketAction::Execute, 77, Side::Buy, 100, 10);
    window.apply(&execution, Some([side(&bids), side(&[])]), &mut out);
    assert_eq!(out.len(), 1);
    assert_eq!((out[0].order_ref, out[0].qty_lots, out[0].action), (MADE_REF | 1, 10, 2));
    assert_eq!(window.counts().unknown, 1);
}

#[test]
fn without_a_visible_book_messages_pass_as_they_are() {
    let mut window = WindowedBook::new();
    let mut out = Vec::new();
    let execution = told(MarketAction::Execute, 77, Side::Buy, 100, 10);
    window.apply(&execution, None, &mut out);
    assert_eq!(out, [execution.update]);
    out.clear();
    window.apply(&told(MarketAction::Delete, 78, Side::Sell, 101, 5), None, &mut out);
    assert_eq!((out[0].order_ref, out[0].price_ticks, out[0].qty_lots), (78, 0, 0));
    assert_eq!(window.counts(), WindowCounts { unknown: 2, ..WindowCounts::default() });
}
