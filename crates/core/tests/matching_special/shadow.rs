// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What somebody knows who hears the reports and nothing else: every order, what of it is displayed,
//! and who should have traded next. A list without order, searched whole each time.

use onetape_core::events::{CancelReason, Side, StpMode, TimeInForce};
use onetape_core::exchange::market::{Display, SizeCondition, StpScope};
use onetape_core::exchange::{Extras, Matcher, NewOrder, Party, Report, Standing};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Order {
    id: u64,
    /// As it was asked for; price as it is now.
    ask: NewOrder,
    extras: Extras,
    leaves: u64,
    displayed: u64,
    executed: u64,
    rests: bool,
}

impl Order {
    fn minimum(&self) -> u64 {
        match self.extras.size {
            SizeCondition::None => self.ask.min_qty,
            SizeCondition::Minimum(qty) => qty,
            SizeCondition::All => u64::MAX,
        }
    }

    fn is_owned_by_the_same(&self, other: &Self) -> bool {
        let is_firm = other.extras.stp_scope == StpScope::Firm;
        self.ask.owner == other.ask.owner
            || is_firm && firm(self.ask.owner) != 0 && firm(self.ask.owner) == firm(other.ask.owner)
    }

    /// Price, displayed, time: the least trades first.
    fn rank(&self) -> (i64, bool, u64) {
        let price = if self.ask.side == Side::Buy { -self.ask.price } else { self.ask.price };
        (price, self.displayed == 0, self.id)
    }
}

/// Owners 1 and 2 are one firm, 3 is another, all others have none.
pub(crate) const fn firm(owner: u32) -> u32 {
    match owner {
        1 | 2 => 9,
        3 => 8,
        _ => 0,
    }
}

#[derive(Clone, Default)]
pub(crate) struct Shadow {
    orders: Vec<Order>,
    /// Instrument 1 and 2: whether orders match; whether they are shared by size.
    pub(crate) is_matching: [bool; 2],
    is_shared: [bool; 2],
    pub(crate) fills: u64,
    pub(crate) crosses: u64,
    pub(crate) refills: u64,
    pub(crate) prevented: u64,
    /// Size conditions and fill-or-kill that were met, and that were not.
    pub(crate) conditions: [u64; 2],
}

impl Shadow {
    pub(crate) fn new(is_shared: [bool; 2]) -> Self {
        Self { is_matching: [true; 2], is_shared, ..Self::default() }
    }

    fn place(&self, id: u64) -> usize {
        self.orders.iter().position(|order| order.id == id).expect("an order that lives")
    }

    fn take(&mut self, id: u64) -> Order {
        let place = self.place(id);
        self.orders.swap_remove(place)
    }

    /// What the market would give an order: each in turn is asked whether it is next.
    fn next_maker(orders: &[Order], taker: &Order, left: u64) -> Option<usize> {
        let market = taker.ask.price == 0;
        let reaches =
            |order: &Order| market || taker.ask.side.reaches(taker.ask.price, order.ask.price);
        let all = orders.iter().enumerate().filter(|(_, order)| {
            let is_there = order.rests && order.ask.instrument == taker.ask.instrument;
            is_there
                && order.ask.side != taker.ask.side
                && reaches(order)
                && left >= order.minimum().min(order.leaves)
        });
        all.min_by_key(|(_, order)| order.rank()).map(|(place, _)| place)
    }

    /// How much would trade at once, tried on a copy.
    fn would_trade(&self, taker: &Order) -> u64 {
        let (mut orders, mut left) = (self.orders.clone(), taker.leaves);
        let mut id = u64::MAX / 2;
        while left > 0
            && let Some(place) = Self::next_maker(&orders, taker, left)
        {
            let maker = &mut orders[place];
            let is_own = taker.ask.stp != StpMode::Off && maker.is_owned_by_the_same(taker);
            if is_own && taker.ask.stp != StpMode::CancelOldest {
                break;
            }
            let there = if maker.displayed > 0 { maker.displayed } else { maker.leaves };
            let qty = if is_own { maker.leaves } else { there.min(left) };
            left -= if is_own { 0 } else { qty };
            maker.leaves -= qty;
            if maker.displayed == qty && maker.leaves > 0 {
                id += 1;
                maker.id = id;
                maker.displayed = slice(maker);
            } else {
                maker.displayed = maker.displayed.saturating_sub(qty);
            }
            if maker.leaves == 0 {
                orders.swap_remove(place);
            }
        }
        taker.leaves - left
    }

    /// Hears the reports of one command, with what was asked for, if anything was.
    pub(crate) fn hear(&mut self, said: &[Report], asked: Option<(NewOrder, Extras)>) {
        let mut life = TimeInForce::Day;
        for (index, report) in said.iter().enumerate() {
            match *report {
                Report::Accepted(said_of) => {
                    let (mut ask, extras) = asked.expect("somebody asked");
                    assert_eq!(said_of.qty, ask.qty);
                    (ask.price, life) = (said_of.price, ask.time_in_force);
                    let (leaves, displayed, executed) = (ask.qty, 0, 0);
                    let id = said_of.order_id;
                    let order =
                        Order { id, ask, extras, leaves, displayed, executed, rests: false };
                    self.orders.push(order);
                    self.check_condition(&order, life, said.get(index + 1));
                }
                Report::Replaced(said_of) => {
                    let mut order = self.take(said_of.old_order_id);
                    order.id = said_of.order_id;
                    (order.ask.price, order.ask.client) = (said_of.price, said_of.client);
                    (order.leaves, order.displayed, order.rests) = (said_of.qty, 0, false);
                    order.cap();
                    self.orders.push(order);
                    self.check_condition(&order, TimeInForce::Day, said.get(index + 1));
                }
                Report::Restated(said_of) => {
                    let mut order = self.take(said_of.old_order_id);
                    let is_refill = said_of.displayed > 0;
                    assert_eq!((order.leaves, order.displayed), (said_of.leaves, 0));
                    (order.id, order.ask.price) = (said_of.order_id, said_of.price);
                    (order.displayed, order.rests) = (said_of.displayed, is_refill);
                    assert!(!is_refill || said_of.displayed == slice(&order));
                    self.refills += u64::from(is_refill);
                    self.orders.push(order);
                }
                Report::Rested(said_of) => {
                    let place = self.place(said_of.order_id);
                    let order = &mut self.orders[place];
                    (order.displayed, order.rests) = (said_of.leaves, true);
                    let expected = if order.is_hidden() { 0 } else { slice(order) };
                    assert_eq!(said_of.leaves, expected);
                }
                _ => self.hear_change(report, life),
            }
        }
    }

    fn hear_change(&mut self, report: &Report, life: TimeInForce) {
        match *report {
            Report::Filled(said) => {
                let place = self.place(said.taker.order_id);
                let taker = self.orders[place];
                let market = (taker.ask.instrument - 1) as usize;
                assert!(self.is_matching[market]);
                if !self.is_shared[market] {
                    let next = Self::next_maker(&self.orders, &taker, taker.leaves);
                    assert_eq!(next.map(|place| self.orders[place].id), Some(said.maker.order_id));
                }
                self.shrink(said.maker, said.qty, if said.maker_hidden { 0 } else { said.qty });
                self.shrink(said.taker, said.qty, 0);
                self.fills += 1;
            }
            Report::Crossed(said) => {
                self.shrink(said.buy, said.qty, said.buy_displayed);
                self.shrink(said.sell, said.qty, said.sell_displayed);
                self.crosses += 1;
            }
            Report::Canceled(said) => {
                let place = self.place(said.order_id);
                let order = &mut self.orders[place];
                order.leaves -= said.qty;
                order.displayed -= said.displayed;
                assert_eq!(order.leaves, said.leaves);
                let is_killed = said.reason == CancelReason::Fok;
                assert_eq!(is_killed, is_killed && life == TimeInForce::Fok);
                if order.leaves == 0 {
                    self.orders.swap_remove(place);
                }
            }
            Report::Prevented(said) => {
                let order = self.orders[self.place(said.order_id)];
                let is_port = said.owner == said.by_owner;
                assert!(
                    is_port || firm(said.owner) == firm(said.by_owner) && firm(said.owner) != 0
                );
                assert!(said.qty <= order.leaves && said.owner == order.ask.owner);
                self.prevented += 1;
            }
            _ => {}
        }
    }

    fn shrink(&mut self, party: Party, qty: u64, displayed: u64) {
        let Some(place) = self.orders.iter().position(|order| order.id == party.order_id) else {
            return; // It stood aside.
        };
        let order = &mut self.orders[place];
        order.leaves -= qty;
        order.displayed -= displayed;
        order.executed += qty;
        assert_eq!((order.leaves, order.ask.client), (party.leaves, party.client));
        if order.leaves == 0 {
            self.orders.swap_remove(place);
        }
    }

    /// Whether an order that wants a least quantity traded exactly when it could.
    fn check_condition(&mut self, order: &Order, life: TimeInForce, next: Option<&Report>) {
        let market = (order.ask.instrument - 1) as usize;
        let is_fok = life == TimeInForce::Fok;
        let needed = if is_fok { order.leaves } else { order.minimum().min(order.leaves) };
        if needed == 0 || !self.is_matching[market] || self.is_shared[market] {
            return;
        }
        let could = self.would_trade(order) >= needed;
        let did = matches!(next, Some(Report::Filled(_) | Report::Prevented(_)));
        assert_eq!(did, could, "{order:?}");
        self.conditions[usize::from(could)] += 1;
    }

    /// The matcher stands as the reports say.
    pub(crate) fn compare(&self, matcher: &Matcher) {
        let mut count = 0;
        for (instrument, side) in [(1, Side::Buy), (1, Side::Sell), (2, Side::Buy), (2, Side::Sell)]
        {
            let mut last = None;
            for standing in matcher.standings(instrument, side) {
                let order = self.orders[self.place(standing.order_id)];
                let Standing { price, leaves, displayed, executed, owner, .. } = standing;
                assert_eq!((price, leaves), (order.ask.price, order.leaves));
                assert_eq!((displayed, executed), (order.displayed, order.executed));
                assert_eq!((owner, side), (order.ask.owner, order.ask.side));
                assert!(order.rests && last < Some(order.rank()), "by priority, ids rising");
                last = Some(order.rank());
                count += 1;
            }
            for level in matcher.books().levels(instrument, side) {
                let there = self.orders.iter().filter(|order| {
                    let ask = order.ask;
                    let is_there = (ask.instrument, ask.side) == (instrument, side);
                    is_there && ask.price == level.price && order.displayed > 0
                });
                let (qty, orders) =
                    there.fold((0, 0), |(qty, orders), order| (qty + order.displayed, orders + 1));
                assert_eq!((qty, orders), (level.qty, level.orders));
            }
        }
        assert_eq!((count, self.orders.len()), (matcher.live_orders() as usize, count));
    }

    /// Where orders match, nobody who rests without a condition could trade with another.
    pub(crate) fn check_uncrossed(&self, matcher: &Matcher) {
        for instrument in [1, 2] {
            let best = [Side::Buy, Side::Sell].map(|side| matcher.best_price(instrument, side));
            if let ([Some(bid), Some(ask)], true) =
                (best, self.is_matching[instrument as usize - 1])
            {
                assert!(bid < ask, "{bid} {ask}");
            }
        }
    }
}

impl Order {
    fn is_hidden(&self) -> bool {
        use onetape_core::events::OrderType::{PegMarket, PegMidpoint, PegPrimary};
        let is_peg = matches!(self.ask.order_type, PegPrimary | PegMarket | PegMidpoint);
        is_peg || self.minimum() > 0 || self.extras.display == Display::Hidden
    }

    /// A replaced order's displayed size and minimum are at most what it has.
    fn cap(&mut self) {
        if let Display::Reserve { displayed } = &mut self.extras.display {
            *displayed = (*displayed).min(self.leaves);
        }
        if let SizeCondition::Minimum(qty) = &mut self.extras.size {
            *qty = (*qty).min(self.leaves);
        }
    }
}

/// What a displayed order shows when it joins.
fn slice(order: &Order) -> u64 {
    match order.extras.display {
        Display::Reserve { displayed } => displayed.min(order.leaves),
        Display::Displayed | Display::Hidden => order.leaves,
    }
}
