// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Somebody who knows the reports alone, and what must follow from them.

use std::collections::BTreeMap;

use super::super::{Market, MarketReport};
use crate::events::{Phase, Side};
use crate::exchange::{Report, Restated};
use crate::types::{InstrumentId, Lots, Ticks};

#[derive(Clone, Copy, Debug)]
struct Known {
    instrument: InstrumentId,
    side: Side,
    leaves: Lots,
    price: Ticks,
    displayed: Lots,
}

/// Derives from reports where each order stands and what is displayed.
#[derive(Debug, Default)]
pub(super) struct Reader {
    orders: BTreeMap<u64, Known>,
    order_id_last: u64,
    match_id_last: u64,
    pub(super) asked: u128,
    pub(super) traded: u128,
    pub(super) canceled: u128,
}

impl Reader {
    pub(super) fn read(&mut self, report: &MarketReport) {
        if let MarketReport::Order(report) = report {
            self.read_order(report);
        }
    }

    fn new_id(&mut self, order_id: u64) {
        assert_eq!(order_id, self.order_id_last + 1, "ids rise by one");
        self.order_id_last = order_id;
    }

    fn new_match(&mut self, match_id: u64, qty: Lots) {
        assert_eq!(match_id, self.match_id_last + 1, "match ids rise by one");
        self.match_id_last = match_id;
        self.traded += 2 * u128::from(qty);
    }

    /// An order has this much left, and this much less displayed.
    fn shrink(&mut self, order_id: u64, leaves: Lots, displayed: Lots) {
        let known = self.orders.get_mut(&order_id).expect("an order that was accepted");
        known.displayed -= displayed;
        known.leaves = leaves;
        assert!(known.displayed <= leaves);
        if leaves == 0 {
            self.orders.remove(&order_id);
        }
    }

    fn restated(&mut self, report: &Restated) {
        let old = self.orders.remove(&report.old_order_id).expect("it lived under its old id");
        assert_eq!((old.leaves, old.displayed), (report.leaves, 0));
        assert_eq!((old.instrument, old.side), (report.instrument, report.side));
        self.new_id(report.order_id);
        let (price, displayed) = (report.price, report.displayed);
        self.orders.insert(report.order_id, Known { price, displayed, ..old });
    }

    fn read_order(&mut self, report: &Report) {
        match *report {
            Report::Accepted(ref order) => {
                self.new_id(order.order_id);
                self.asked += u128::from(order.qty);
                let (instrument, side, price) = (order.instrument, order.side, order.price);
                let known = Known { instrument, side, leaves: order.qty, price, displayed: 0 };
                self.orders.insert(order.order_id, known);
            }
            Report::Rested(ref order) => {
                let known = self.orders.get_mut(&order.order_id).expect("it lives");
                assert!(known.displayed == 0 && order.leaves <= known.leaves);
                (known.price, known.displayed) = (order.price, order.leaves);
            }
            Report::Filled(ref fill) => {
                self.new_match(fill.match_id, fill.qty);
                let displayed = if fill.maker_hidden { 0 } else { fill.qty };
                self.shrink(fill.maker.order_id, fill.maker.leaves, displayed);
                self.shrink(fill.taker.order_id, fill.taker.leaves, 0);
            }
            Report::Crossed(ref pair) => {
                self.new_match(pair.match_id, pair.qty);
                self.shrink(pair.buy.order_id, pair.buy.leaves, pair.buy_displayed);
                self.shrink(pair.sell.order_id, pair.sell.leaves, pair.sell_displayed);
            }
            Report::Canceled(ref order) => {
                self.canceled += u128::from(order.qty);
                self.shrink(order.order_id, order.leaves, order.displayed);
            }
            Report::Replaced(ref order) => {
                let old = self.orders.remove(&order.old_order_id).expect("it lived");
                self.new_id(order.order_id);
                self.asked += u128::from(order.qty);
                self.canceled += u128::from(old.leaves);
                let (price, leaves) = (order.price, order.qty);
                self.orders.insert(order.order_id, Known { price, leaves, displayed: 0, ..old });
            }
            Report::Restated(ref order) => self.restated(order),
            Report::Prevented(ref order) => assert!(self.orders.contains_key(&order.order_id)),
            Report::Rejected(_) => {}
        }
    }

    /// What was read is what the market has, and the market is as a market must be.
    pub(super) fn check(&self, market: &Market, instruments: &[InstrumentId]) {
        let left: u128 = self.orders.values().map(|known| u128::from(known.leaves)).sum();
        assert_eq!(self.asked, self.traded + self.canceled + left, "nothing is lost");
        assert_eq!(self.orders.len(), market.live_orders() as usize);
        for (&order_id, known) in &self.orders {
            let order = market.order(order_id).expect("what lives for the reader lives");
            assert_eq!((known.leaves, known.displayed), (order.leaves, order.displayed));
            assert_eq!((known.instrument, known.side), (order.instrument, order.side));
            assert!(!order.is_in_book || known.price == order.price, "{order:?} {known:?}");
        }
        for &instrument in instruments {
            self.check_book(market, instrument);
        }
    }

    fn check_book(&self, market: &Market, instrument: InstrumentId) {
        let matcher = market.matcher();
        for side in [Side::Buy, Side::Sell] {
            let mut levels: BTreeMap<Ticks, (Lots, u32)> = BTreeMap::new();
            for known in self.orders.values() {
                if known.displayed != 0 && (known.instrument, known.side) == (instrument, side) {
                    let level = levels.entry(known.price).or_default();
                    *level = (level.0 + known.displayed, level.1 + 1);
                }
            }
            let theirs = matcher.books().levels(instrument, side);
            let theirs: BTreeMap<_, _> =
                theirs.map(|level| (level.price, (level.qty, level.orders))).collect();
            assert_eq!(levels, theirs);
        }
        if market.phase(instrument) != Some(Phase::Continuous) {
            return;
        }
        let [bid, ask] = [Side::Buy, Side::Sell].map(|side| matcher.best_price(instrument, side));
        if let (Some(bid), Some(ask)) = (bid, ask) {
            assert!(bid < ask, "crossed: {bid} to {ask}");
        }
        let bands = market.bands(instrument).expect("it is defined");
        if bands.reference != 0 {
            let worst = |side| matcher.standings(instrument, side).next().map(|best| best.price);
            assert!(worst(Side::Buy).is_none_or(|price| price <= bands.upper), "{bands:?}");
            assert!(worst(Side::Sell).is_none_or(|price| price >= bands.lower), "{bands:?}");
        }
    }
}
