// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A venue with its adapter, as plain as can be: commands in one queue, reports in another. What is
//! under way when the adapter dies is lost. A new adapter tells of open orders alone, unless asked.

use std::collections::{BTreeMap, VecDeque};

use onetape_core::events::{CancelReason, Liquidity, ReportKind, Side, VenueReported};

/// What an adapter is to do; orders are named by our numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    Enter {
        number: u64,
        side: Side,
        price: i64,
        qty: u64,
    },
    /// All of it where the size is 0.
    Cancel {
        number: u64,
        size: u64,
    },
    Replace {
        number: u64,
        new_number: u64,
        price: i64,
        qty: u64,
    },
    /// What became of an order, or of all where the number is 0.
    Query(u64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) number: u64,
    pub(crate) side: Side,
    pub(crate) price: i64,
    pub(crate) leaves: u64,
    /// Over the chain.
    pub(crate) executed: u64,
}

#[derive(Default)]
pub(crate) struct Venue {
    pub(crate) orders: BTreeMap<u64, Order>,
    pub(crate) inbox: VecDeque<Asked>,
    pub(crate) outbox: VecDeque<VenueReported>,
    fills: Vec<VenueReported>,
    /// Lots that were bought and sold.
    pub(crate) traded: [u64; 2],
}

const NOTHING: VenueReported = VenueReported {
    number: 0,
    order_id: 0,
    exec_id: 0,
    price_ticks: 0,
    qty_lots: 0,
    leaves_lots: 0,
    executed_lots: 0,
    fee_e9: 0,
    venue_ts_ns: 0,
    venue_id: 1,
    instrument_id: 1,
    report: 0,
    side: 0,
    liquidity: 0,
    cancel_reason: 0,
    is_drop_copy: 0,
    reserved: [0; 3],
};

/// A report of an order, or of one that the venue never had.
fn said(kind: ReportKind, number: u64, order: Option<&Order>) -> VenueReported {
    let report = VenueReported { number, report: kind.raw(), ..NOTHING };
    let Some(order) = order else { return report };
    VenueReported {
        order_id: number + 1_000,
        price_ticks: order.price,
        leaves_lots: order.leaves,
        executed_lots: order.executed,
        side: order.side.raw(),
        ..report
    }
}

impl Venue {
    pub(crate) fn live(&self) -> Vec<Order> {
        self.orders.values().filter(|order| order.leaves > 0).copied().collect()
    }

    /// Lots that a side may still hold, or has traded.
    pub(crate) fn exposure(&self, side: Side) -> u64 {
        let mine = self.orders.values().filter(|order| order.side == side);
        mine.map(|order| order.leaves).sum::<u64>() + self.traded[side.index()]
    }

    /// A live order trades.
    pub(crate) fn fill(&mut self, number: u64, qty: u64) {
        let order = self.orders.get_mut(&number).unwrap();
        let qty = qty.min(order.leaves);
        order.leaves -= qty;
        order.executed += qty;
        self.traded[order.side.index()] += qty;
        let report = VenueReported {
            exec_id: self.fills.len() as u64 + 1,
            qty_lots: qty,
            liquidity: Liquidity::Added.raw(),
            ..said(ReportKind::Filled, number, Some(order))
        };
        self.fills.push(report);
        self.outbox.push_back(report);
    }

    /// An order, or a part of it, is cancelled.
    pub(crate) fn cancel(&mut self, number: u64, qty: u64) {
        let order = self.orders.get_mut(&number).unwrap();
        let qty = qty.min(order.leaves);
        order.leaves -= qty;
        let report = said(ReportKind::Canceled, number, Some(order));
        let cancel_reason = CancelReason::User.raw();
        self.outbox.push_back(VenueReported { qty_lots: qty, cancel_reason, ..report });
    }

    /// Does the first thing in its queue; `refuse` has it refuse what is new.
    pub(crate) fn work(&mut self, refuse: bool) {
        match self.inbox.pop_front() {
            Some(Asked::Enter { number, .. }) if refuse => {
                self.outbox.push_back(said(ReportKind::Rejected, number, None));
            }
            Some(Asked::Enter { number, side, price, qty }) => {
                let order = Order { number, side, price, leaves: qty, executed: 0 };
                self.orders.insert(number, order);
                self.outbox.push_back(said(ReportKind::Accepted, number, Some(&order)));
            }
            Some(Asked::Cancel { number, size }) => {
                let order = self.orders.get(&number).filter(|order| order.leaves > 0);
                match order.map(|o| o.leaves.saturating_sub(size.saturating_sub(o.executed))) {
                    Some(less) if less > 0 => self.cancel(number, less),
                    _ => self.outbox.push_back(said(ReportKind::CancelRejected, number, None)),
                }
            }
            Some(Asked::Replace { number, new_number, price, qty }) => {
                self.replace(number, new_number, price, if refuse { 0 } else { qty });
            }
            Some(Asked::Query(0)) => {
                self.live().iter().for_each(|order| self.answer(order.number));
                self.outbox.push_back(said(ReportKind::AllTold, 0, None));
            }
            Some(Asked::Query(number)) => self.answer(number),
            None => {}
        }
    }

    fn replace(&mut self, number: u64, new_number: u64, price: i64, qty: u64) {
        let old = self.orders.get_mut(&number);
        let Some(old) = old.filter(|old| old.leaves > 0 && qty > old.executed) else {
            self.outbox.push_back(said(ReportKind::ReplaceRejected, new_number, None));
            return;
        };
        let leaves = qty - old.executed;
        let new = Order { number: new_number, price, leaves, ..*old };
        old.leaves = 0;
        self.orders.insert(new_number, new);
        self.outbox.push_back(said(ReportKind::Replaced, new_number, Some(&new)));
    }

    /// Tells all fills of an order again, and then what it is.
    fn answer(&mut self, number: u64) {
        let fills = self.fills.iter().filter(|fill| fill.number == number);
        self.outbox.extend(fills.copied());
        let order = self.orders.get(&number);
        let kind = match order {
            None => ReportKind::NotFound,
            Some(Order { leaves: 0, .. }) => ReportKind::Gone,
            Some(_) => ReportKind::Open,
        };
        let report = said(kind, number, order);
        self.outbox.push_back(report);
    }
}
