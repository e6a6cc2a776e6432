// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A venue as plain as can be: orders in a map by client id, commands in one queue, reports in
//! another. What is under way when the connection goes is lost, or not: the venue does not know.

use std::collections::{BTreeMap, VecDeque};

use onetape_core::events::Side;
use onetape_core::trading::{NewOrder, VenueCommand, VenueStatus};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    Command(VenueCommand),
    Query(u64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Report {
    Accepted(NewOrder),
    Rejected(u64),
    Filled { client: u64, exec: u64, price: i64, qty: u64 },
    Canceled { client: u64, qty: u64, leaves: u64 },
    Replaced { old: u64, new: u64, price: i64, leaves: u64 },
    CancelRejected(u64),
    ReplaceRejected(u64),
    Status(u64, VenueStatus),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) side: Side,
    pub(crate) price: i64,
    pub(crate) leaves: u64,
    /// Over the chain.
    pub(crate) executed: u64,
}

#[derive(Default)]
pub(crate) struct Venue {
    pub(crate) orders: BTreeMap<u64, Order>,
    /// Every fill there was, by order.
    pub(crate) fills: Vec<(u64, Report)>,
    pub(crate) inbox: VecDeque<Asked>,
    pub(crate) outbox: VecDeque<Report>,
    execs: u64,
    pub(crate) bought: u64,
    pub(crate) sold: u64,
}

impl Venue {
    /// Lots that a side could still hold or has traded: what the desk must have reserved.
    pub(crate) fn exposure(&self, side: Side) -> u64 {
        let mine = self.orders.values().filter(|order| order.side == side);
        let open: u64 = mine.map(|order| order.leaves).sum();
        open + if side == Side::Buy { self.bought } else { self.sold }
    }

    pub(crate) fn live(&self) -> Vec<u64> {
        self.orders.iter().filter(|(_, o)| o.leaves > 0).map(|(&client, _)| client).collect()
    }

    /// One fill of a live order; the exposure does not change by it.
    pub(crate) fn fill(&mut self, client: u64, qty: u64) {
        let order = self.orders.get_mut(&client).unwrap();
        let qty = qty.min(order.leaves);
        order.leaves -= qty;
        order.executed += qty;
        match order.side {
            Side::Buy => self.bought += qty,
            Side::Sell => self.sold += qty,
        }
        self.execs += 1;
        let report = Report::Filled { client, exec: self.execs, price: order.price, qty };
        self.fills.push((client, report));
        self.outbox.push_back(report);
    }

    /// The venue cancels an order, or part of it, on its own.
    pub(crate) fn cancel(&mut self, client: u64, qty: u64) {
        let order = self.orders.get_mut(&client).unwrap();
        let qty = qty.min(order.leaves);
        order.leaves -= qty;
        self.outbox.push_back(Report::Canceled { client, qty, leaves: order.leaves });
    }

    /// Does the first thing in its queue; `refuse` makes it refuse a new order.
    pub(crate) fn work(&mut self, refuse: bool) {
        match self.inbox.pop_front() {
            Some(Asked::Command(VenueCommand::Enter(order))) => self.enter(order, refuse),
            Some(Asked::Command(VenueCommand::Cancel { key, .. })) => {
                match self.orders.get(&key.client_id).filter(|order| order.leaves > 0) {
                    Some(order) => self.cancel(key.client_id, order.leaves),
                    None => self.outbox.push_back(Report::CancelRejected(key.client_id)),
                }
            }
            Some(Asked::Command(VenueCommand::Reduce { key, qty, .. })) => {
                if let Some(order) = self.orders.get(&key.client_id).filter(|o| o.leaves > 0) {
                    let left = qty.saturating_sub(order.executed);
                    let less = order.leaves.saturating_sub(left);
                    if less != 0 {
                        self.cancel(key.client_id, less);
                    }
                }
            }
            Some(Asked::Command(VenueCommand::Replace { key, client_id, price, qty })) => {
                self.replace(key.client_id, client_id, price, qty);
            }
            Some(Asked::Query(client)) => self.answer(client),
            None => {}
        }
    }

    fn enter(&mut self, order: NewOrder, refuse: bool) {
        let client = order.client_id;
        if refuse {
            self.outbox.push_back(Report::Rejected(client));
            return;
        }
        let NewOrder { side, price, qty, .. } = order;
        self.orders.insert(client, Order { side, price, leaves: qty, executed: 0 });
        self.outbox.push_back(Report::Accepted(order));
    }

    fn replace(&mut self, old: u64, new: u64, price: i64, qty: u64) {
        let Some(order) = self.orders.get_mut(&old).filter(|order| order.leaves > 0) else {
            self.outbox.push_back(Report::ReplaceRejected(new));
            return;
        };
        if qty <= order.executed {
            let leaves = order.leaves;
            self.cancel(old, leaves);
            self.outbox.push_back(Report::ReplaceRejected(new));
            return;
        }
        let leaves = qty - order.executed;
        let next = Order { price, leaves, ..*order };
        order.leaves = 0;
        self.orders.insert(new, next);
        self.outbox.push_back(Report::Replaced { old, new, price, leaves });
    }

    /// Tells all fills of an order again, and then what it is.
    fn answer(&mut self, client: u64) {
        let fills = self.fills.iter().filter(|(whose, _)| *whose == client);
        self.outbox.extend(fills.map(|(_, report)| *report));
        let status = match self.orders.get(&client) {
            None => VenueStatus::NotFound,
            Some(&Order { leaves: 0, executed, .. }) => VenueStatus::Gone { executed },
            Some(&Order { leaves, executed, .. }) => VenueStatus::Open { leaves, executed },
        };
        self.outbox.push_back(Report::Status(client, status));
    }
}
