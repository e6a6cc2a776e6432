// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A matcher made of sorted maps: the oracle of the long differential run. Exchange commands only;
//! `tests/models/plain_matcher.py` is the oracle of the replayed market.

use std::collections::{BTreeMap, VecDeque};

use onetape_core::events::{
    CancelReason, OrderType, RejectReason, Side, StpMode, TimeInForce, TradingStatus,
};
use onetape_core::exchange::{
    Accepted, Canceled, Command, Fill, NewOrder, Party, Prevented, Rejected, Replaced, Report,
    Rested,
};
use onetape_core::types::TickTable;

#[derive(Clone, Copy)]
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) ask: NewOrder,
    pub(crate) leaves: u64,
    pub(crate) executed: u64,
    pub(crate) arrival_mid2: i64,
}

impl Order {
    fn party(&self) -> Party {
        Party {
            order_id: self.id,
            client: self.ask.client,
            leaves: self.leaves,
            arrival_mid2: self.arrival_mid2,
            owner: self.ask.owner,
        }
    }
}

/// Price to queue of order ids; bids are keyed by the negative price, so that the best comes first.
type Ladder = BTreeMap<i64, VecDeque<u64>>;

#[derive(Default)]
pub(crate) struct Plain {
    orders: BTreeMap<u64, Order>,
    ladders: BTreeMap<(u32, u8), Ladder>,
    tables: BTreeMap<u32, (TickTable, TradingStatus)>,
    order_id_last: u64,
    match_id_last: u64,
    pub(crate) out: Vec<Report>,
}

fn key(side: Side, price: i64) -> i64 {
    if side == Side::Buy { -price } else { price }
}

impl Plain {
    pub(crate) fn define(&mut self, instrument: u32, table: TickTable) {
        self.tables.insert(instrument, (table, TradingStatus::Unknown));
    }

    /// Live orders of one side, first to trade first.
    pub(crate) fn queue(&self, instrument: u32, side: Side) -> impl Iterator<Item = Order> {
        let ladder = self.ladders.get(&(instrument, side.raw()));
        ladder.into_iter().flat_map(BTreeMap::values).flatten().map(|id| self.orders[id])
    }

    pub(crate) fn apply(&mut self, command: &Command) {
        match *command {
            Command::Enter(ask) => self.enter(&ask),
            Command::Cancel { order_id, reason } => {
                let Some(order) = self.known(order_id, 21, 0) else { return };
                self.cut(order, order.leaves, reason);
            }
            Command::Reduce { order_id, qty } => {
                let Some(order) = self.known(order_id, 21, 0) else { return };
                let leaves = qty.saturating_sub(order.executed);
                if leaves < order.leaves {
                    self.cut(order, order.leaves - leaves, CancelReason::User);
                }
            }
            Command::Replace { order_id, client, price, qty } => {
                self.replace(order_id, client, price, qty);
            }
            Command::CancelOwner { owner, instrument, reason } => {
                let all: Vec<u32> = self.tables.keys().copied().collect();
                for each in all.into_iter().filter(|&id| instrument == 0 || id == instrument) {
                    for side in [Side::Buy, Side::Sell] {
                        for order in self.queue(each, side).collect::<Vec<_>>() {
                            if order.ask.owner == owner {
                                self.cut(order, order.leaves, reason);
                            }
                        }
                    }
                }
            }
            Command::SetStatus { instrument, status } => {
                if let Some(entry) = self.tables.get_mut(&instrument) {
                    entry.1 = status;
                }
            }
        }
    }

    fn known(&mut self, order_id: u64, command: u16, client: u64) -> Option<Order> {
        let order = self.orders.get(&order_id).copied();
        if order.is_none() {
            let value = order_id.cast_signed();
            self.reject(command, 0, 0, client, (RejectReason::OrderUnknown, value, 0));
        }
        order
    }

    fn best(&self, instrument: u32, side: Side) -> Option<i64> {
        let ladder = self.ladders.get(&(instrument, side.raw()))?;
        ladder.keys().next().map(|price| price.abs())
    }

    fn mid2(&self, instrument: u32) -> i64 {
        let sides = (self.best(instrument, Side::Buy), self.best(instrument, Side::Sell));
        if let (Some(bid), Some(ask)) = sides { bid + ask } else { 0 }
    }

    fn status_fault(&self, instrument: u32) -> Option<(RejectReason, i64, i64)> {
        let status = self.tables[&instrument].1;
        let open = matches!(status, TradingStatus::Unknown | TradingStatus::Trading);
        (!open).then_some((RejectReason::NotTrading, i64::from(status.raw()), 1))
    }

    fn post_fault(&self, ask: &NewOrder, price: i64) -> Option<(RejectReason, i64, i64)> {
        let best = self.best(ask.instrument, ask.side.opposite())?;
        let takes = ask.post_only && ask.side.reaches(price, best);
        takes.then_some((RejectReason::PostOnlyWouldTake, price, best))
    }

    fn fault(&self, ask: &NewOrder) -> Option<(RejectReason, i64, i64)> {
        let Some((table, _)) = self.tables.get(&ask.instrument) else {
            return Some((RejectReason::InstrumentUnknown, i64::from(ask.instrument), 0));
        };
        let day_limit = (OrderType::Limit, TimeInForce::Day);
        let market = ask.order_type == OrderType::Market;
        if ask.owner == 0 {
            return Some((RejectReason::FieldInvalid, 0, 1));
        }
        if ask.post_only && (ask.order_type, ask.time_in_force) != day_limit {
            return Some((RejectReason::FieldInvalid, i64::from(ask.time_in_force.raw()), 1));
        }
        let ioc = ask.time_in_force == TimeInForce::Ioc;
        if ask.min_qty > 0 && (!ioc || ask.min_qty > ask.qty) {
            return Some((RejectReason::FieldInvalid, ask.min_qty.cast_signed(), 0));
        }
        if ask.qty == 0 || ask.qty > 1 << 40 {
            let bound = if ask.qty == 0 { 1 } else { 1 << 40 };
            return Some((RejectReason::QtyInvalid, ask.qty.cast_signed(), bound));
        }
        if (market && ask.price != 0) || (!market && !table.allows(ask.price)) {
            return Some((RejectReason::PriceInvalid, ask.price, 0));
        }
        self.status_fault(ask.instrument).or_else(|| self.post_fault(ask, ask.price))
    }

    fn enter(&mut self, ask: &NewOrder) {
        if let Some(fault) = self.fault(ask) {
            self.reject(20, ask.instrument, ask.owner, ask.client, fault);
            return;
        }
        self.order_id_last += 1;
        let arrival_mid2 = self.mid2(ask.instrument);
        let mut order =
            Order { id: self.order_id_last, ask: *ask, leaves: ask.qty, executed: 0, arrival_mid2 };
        self.out.push(Report::Accepted(Accepted {
            order_id: order.id,
            client: ask.client,
            price: ask.price,
            qty: ask.qty,
            owner: ask.owner,
            instrument: ask.instrument,
            side: ask.side,
            order_type: ask.order_type,
            time_in_force: ask.time_in_force,
            post_only: ask.post_only,
        }));
        let fok = ask.time_in_force == TimeInForce::Fok;
        let needed = if fok { ask.qty } else { ask.min_qty };
        let within: u64 = self.plan(&order).iter().map(|&(_, qty)| qty).sum();
        if within < needed {
            let reason = if fok { CancelReason::Fok } else { CancelReason::Ioc };
            self.cut(order, ask.qty, reason);
            return;
        }
        self.take(&mut order);
        let rests = ask.order_type == OrderType::Limit && ask.time_in_force == TimeInForce::Day;
        if order.leaves > 0 && !rests {
            self.cut(order, order.leaves, CancelReason::Ioc);
        } else {
            self.rest(order);
        }
    }

    fn replace(&mut self, order_id: u64, client: u64, price: i64, qty: u64) {
        let Some(old) = self.known(order_id, 22, client) else { return };
        let (instrument, owner) = (old.ask.instrument, old.ask.owner);
        if let Some(fault) = self.status_fault(instrument) {
            self.reject(22, instrument, owner, client, fault);
            return;
        }
        let allowed = self.tables[&instrument].0.allows(price) && qty <= 1 << 40;
        if !allowed || qty <= old.executed {
            self.cut(old, old.leaves, CancelReason::Replace);
            return;
        }
        if let Some(fault) = self.post_fault(&old.ask, price) {
            self.reject(22, instrument, owner, client, fault);
            return;
        }
        let arrival_mid2 = self.mid2(instrument);
        self.remove(old.id);
        self.order_id_last += 1;
        let ask = NewOrder { client, price, ..old.ask };
        let id = self.order_id_last;
        let mut new = Order { id, ask, leaves: qty - old.executed, arrival_mid2, ..old };
        self.out.push(Report::Replaced(Replaced {
            old_order_id: order_id,
            order_id: id,
            client,
            price,
            qty: new.leaves,
            owner,
            instrument,
            side: ask.side,
        }));
        self.take(&mut new);
        self.rest(new);
    }

    fn plan(&self, taker: &Order) -> Vec<(Order, u64)> {
        let (mut left, mut plan) = (taker.leaves, Vec::new());
        for maker in self.queue(taker.ask.instrument, taker.ask.side.opposite()) {
            if left == 0 || !reaches(taker, &maker) || prevented(taker, &maker) {
                break;
            }
            let qty = left.min(maker.leaves);
            plan.push((maker, qty));
            left -= qty;
        }
        plan
    }

    fn take(&mut self, taker: &mut Order) {
        for (mut maker, qty) in self.plan(taker) {
            maker.leaves -= qty;
            maker.executed += qty;
            taker.leaves -= qty;
            taker.executed += qty;
            self.match_id_last += 1;
            self.out.push(Report::Filled(Fill {
                match_id: self.match_id_last,
                price: maker.ask.price,
                qty,
                instrument: maker.ask.instrument,
                maker_side: maker.ask.side,
                maker_hidden: false,
                maker: maker.party(),
                taker: taker.party(),
            }));
            if maker.leaves == 0 {
                self.remove(maker.id);
            } else {
                self.orders.insert(maker.id, maker);
            }
        }
        let side = taker.ask.side.opposite();
        let front = self.queue(taker.ask.instrument, side).next();
        let own = front.filter(|maker| reaches(taker, maker) && prevented(taker, maker));
        if taker.leaves > 0
            && let Some(maker) = own
        {
            self.out.push(Report::Prevented(Prevented {
                order_id: taker.id,
                client: taker.ask.client,
                qty: taker.leaves.min(maker.leaves),
                price: maker.ask.price,
                by_order_id: maker.id,
                by_owner: maker.ask.owner,
                owner: taker.ask.owner,
                instrument: taker.ask.instrument,
            }));
            self.cut(*taker, taker.leaves, CancelReason::SelfTrade);
            taker.leaves = 0;
        }
    }

    fn rest(&mut self, order: Order) {
        if order.leaves == 0 {
            return;
        }
        let NewOrder { instrument, side, price, .. } = order.ask;
        let ladder = self.ladders.entry((instrument, side.raw())).or_default();
        ladder.entry(key(side, price)).or_default().push_back(order.id);
        self.orders.insert(order.id, order);
        let (order_id, client, leaves) = (order.id, order.ask.client, order.leaves);
        let rested = Rested { order_id, client, price, leaves, instrument, side };
        self.out.push(Report::Rested(rested));
    }

    fn remove(&mut self, id: u64) {
        let order = self.orders.remove(&id).expect("removed once");
        let ladder = self.ladders.get_mut(&(order.ask.instrument, order.ask.side.raw())).unwrap();
        let price = key(order.ask.side, order.ask.price);
        let queue = ladder.get_mut(&price).unwrap();
        queue.retain(|&each| each != id);
        if queue.is_empty() {
            ladder.remove(&price);
        }
    }

    fn cut(&mut self, mut order: Order, qty: u64, reason: CancelReason) {
        let rested = self.orders.contains_key(&order.id);
        order.leaves -= qty;
        self.out.push(Report::Canceled(Canceled {
            order_id: order.id,
            client: order.ask.client,
            qty,
            leaves: order.leaves,
            displayed: if rested { qty } else { 0 },
            owner: order.ask.owner,
            instrument: order.ask.instrument,
            reason,
            rested,
        }));
        if rested && order.leaves == 0 {
            self.remove(order.id);
        } else if rested {
            self.orders.insert(order.id, order);
        }
    }

    fn reject(
        &mut self,
        command: u16,
        instrument: u32,
        owner: u32,
        client: u64,
        (reason, value, bound): (RejectReason, i64, i64),
    ) {
        let refused = Rejected { client, value, bound, owner, instrument, reason, command };
        self.out.push(Report::Rejected(refused));
    }
}

fn reaches(taker: &Order, maker: &Order) -> bool {
    taker.ask.order_type == OrderType::Market
        || taker.ask.side.reaches(taker.ask.price, maker.ask.price)
}

fn prevented(taker: &Order, maker: &Order) -> bool {
    taker.ask.stp == StpMode::CancelNewest && taker.ask.owner == maker.ask.owner
}
